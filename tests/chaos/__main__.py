"""`make chaos`: 200 proposals with the real process killed at random and both sides failing.

Prints how much it survived. What does not agree in the end is named, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections import Counter

from tests.chaos.runs import Options, Report, run
from tests.chaos.weather import Climate

PROPOSALS, FAULTS, SECONDS, APPS = 200, 300, 1_800.0, 6
MOST_NAMED = 60


def main() -> int:
    words = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    words.add_argument("--proposals", type=int, default=PROPOSALS)
    words.add_argument("--faults", type=int, default=FAULTS, help="at least so many")
    words.add_argument("--seed", type=int, default=None, help="the seed of a run to repeat")
    words.add_argument("--seconds", type=float, default=SECONDS, help="it fails after so long")
    asked = words.parse_args()
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    options = Options(
        proposals=asked.proposals,
        apps=APPS,
        climate=Climate(
            beat=0.5,
            troubles=asked.faults,
            life=5.0,
            kills=max(1, asked.faults // 30),
            time_outs=max(1, asked.faults // 100),
            gone=0.05,
        ),
        seconds=asked.seconds,
        seed=seed,
        say=lambda line: print(line, flush=True),
    )
    print(f"{asked.proposals} proposals, at least {asked.faults} faults, seed {seed}", flush=True)
    report = asyncio.run(run(options))
    show(report)
    return 1 if report.problems else 0


def show(report: Report) -> None:
    """Print the figures, and what does not agree."""
    _table("What struck", report.struck)
    _table("What became of the proposals", report.ends)
    _table("What people did once more", report.again)
    record = report.record
    print(
        f"\n{report.struck.total()} faults, {report.restarts} restarts, {report.items} texts,"
        f" {report.requests} requests to Apple, {report.seconds:.0f} s, seed {report.seed}"
    )
    if record is not None:
        print(f"The record: {record.entries} entries; {record.bytes} changed bytes tried.")
    if report.problems:
        print(f"\n{len(report.problems)} things do not agree:")
        for problem in report.problems[:MOST_NAMED]:
            print(f"  {problem}")
        print("The process said last:", *report.tail[-30:], sep="\n  ")
    else:
        print("Store, Slack and Apple agree.")


def _table(title: str, counts: Counter[str]) -> None:
    print(f"\n{title}")
    for name, count in sorted(counts.items()):
        print(f"  {count:>5}  {name}")


if __name__ == "__main__":
    sys.exit(main())
