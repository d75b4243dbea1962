"""Which command for pipelines does what; each room is loaded when it is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TextIO

from bot.pipeline import reports, terminal
from bot.pipeline.call import Call, chosen, reading
from bot.pipeline.rhythm import Rhythm
from bot.pipeline.validate import report


async def run(
    options: argparse.Namespace,
    *,
    environ: Mapping[str, str],
    stdout: TextIO,
    stderr: TextIO,
    rhythm: Rhythm | None = None,
) -> int:
    """Run the command that `options.deed` names; returns the exit status. Raises a BotError."""
    call = Call(
        options,
        environ,
        terminal.of(stdout, environ),
        terminal.of(stderr, environ),
        rhythm or Rhythm(),
    )
    if options.deed == "validate":
        return _validate(call)
    # Only what asks a bot needs the library that does.
    from bot.pipeline import asking

    return await asking.DEEDS[options.deed](call)


def _validate(call: Call) -> int:
    found = report(map(reading(call), call.options.paths), chosen(call))
    reports.tell(found, call.options.format, call.out, call.environ)
    return 0 if found.ok else 1
