"""Which command for pipelines does what; each is loaded when it is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TextIO

from bot.pipeline import reports, terminal
from bot.pipeline.validate import Strictness, examine


def run(options: argparse.Namespace, *, environ: Mapping[str, str], stdout: TextIO) -> int:
    """Run the command that `options.deed` names; returns the exit status. Raises a BotError."""
    return _validate(options, environ, terminal.of(stdout, environ))


def _validate(
    options: argparse.Namespace, environ: Mapping[str, str], shown: terminal.Terminal
) -> int:
    report = examine(options.paths, strictness(options, strict=options.strict))
    reports.tell(report, options.format, shown, environ)
    return 0 if report.ok else 1


def strictness(options: argparse.Namespace, *, strict: bool) -> Strictness:
    """Return what the options say about how files are read and judged."""
    return Strictness(
        empty_clears=options.empty_clears,
        first_version=options.first_version,
        base=options.base,
        strict=strict,
    )
