"""Tries the bot that is imported, and says what came of it: `python -m tests.prove.hunt 100 0`.

Short runs of one seed after the other: days of one run are alike, and what a rule needs to show
that it is broken comes sooner among days that are not.
"""

from __future__ import annotations

import json
import logging
import sys
from itertools import count

from tests.prove.runs import run

ONE_RUN = 24


def tried(examples: int, start: int) -> tuple[int, str]:
    """Return after how many examples, at least so many if possible, what did not hold, or ""."""
    done = 0
    for seed in count(start):
        found = run(min(ONE_RUN, examples - done), start=seed, shrink=False)
        done += found.examples
        if found.problem is not None:
            return done, f"{type(found.problem).__name__}: {found.problem}"
        if done >= examples:
            return done, ""
    raise AssertionError("there is always another seed")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    after, problem = tried(int(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"examples": after, "problem": problem[:300]}))
