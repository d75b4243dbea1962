"""The command: what to measure and how often; the last line it prints is JSON."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence

import uvloop

from tests.bench.bulk import bulk
from tests.bench.figures import Figures, missed
from tests.bench.listing import CODES
from tests.bench.restart import years
from tests.bench.rounds import MEASUREMENTS as OTHERS
from tests.bench.rounds import Bench
from tests.bench.stage import a_stage
from tests.bench.world import LATENCY

ROUNDS = 5
MEASUREMENTS = {**OTHERS, "bulk": bulk, "years": years}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what `arguments` ask for (the process's own when None).

    Return the exit status, 1 where a target is missed.
    """
    options = _parser().parse_args(arguments)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return report(runner.run(_measure(options.only, options.rounds)))


def report(figures: Figures) -> int:
    """Print which figures miss their targets, then all of them; return the exit status."""
    sentences = missed(figures)
    for sentence in sentences:
        _say(f"missed: {sentence}")
    _say(figures.line())
    return 1 if sentences else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=ROUNDS, metavar="N")
    parser.add_argument(
        "--only",
        type=_names,
        default=tuple(MEASUREMENTS),
        metavar="NAMES",
        help=f"some of {','.join(MEASUREMENTS)}",
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of rounds")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}")
    return names


async def _measure(names: Sequence[str], rounds: int) -> Figures:
    began = time.monotonic()
    _say(
        f"{len(CODES)} locales with 5 fields each, Apple at {LATENCY * 1000:.0f} ms, "
        f"{os.cpu_count()} processors, {rounds} rounds; medians, with extremes in brackets."
    )
    _say(
        "Proposals are opened, submitted and voted on in Slack; what 40 forms would be typed "
        "into is saved into their draft in the store."
    )
    figures = Figures()
    async with a_stage() as stage:
        for name in names:
            await MEASUREMENTS[name](Bench(stage=stage, rounds=rounds, figures=figures, say=_say))
    _say(f"{time.monotonic() - began:.0f} s in all")
    return figures


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
