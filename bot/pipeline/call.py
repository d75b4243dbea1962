"""One call of the command line for pipelines, with the world around it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.pipeline.rhythm import Rhythm
from bot.pipeline.sources import Source, read
from bot.pipeline.terminal import Terminal
from bot.pipeline.validate import Strictness


@dataclass(frozen=True, slots=True)
class Call:
    """The options, the environment, both outputs, and the clock."""

    options: argparse.Namespace
    environ: Mapping[str, str]
    out: Terminal
    err: Terminal
    rhythm: Rhythm


def chosen(call: Call) -> Strictness:
    """Return how the caller wants texts judged."""
    return Strictness(
        first_version=call.options.first_version,
        base=call.options.base,
        strict=call.options.strict,
    )


def reading(call: Call) -> Callable[[Path], Source]:
    """Return what reads a path as the caller wants it read."""
    return lambda path: read(path, empty_clears=call.options.empty_clears)
