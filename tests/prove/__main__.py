"""`make prove`: 2,000 examples of the rules without a counterexample, and each break found.

`python -m tests.prove [EXAMPLES] [SEED]` tries so many; a counterexample is printed and ends it.
The last chunk is another one each time: its seed is printed, and can be given to try it again.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.prove.breaks import BREAKS
from tests.prove.planting import hunt
from tests.prove.runs import Found, run

EXAMPLES = 2_000
CHUNK = 100
PROCESSES = 2
# Seeds below it are tried every time.
FIRST_DRAWN = 1_000_000
# Most are found within a few dozen; this bounds the time of one that is not.
MOST_FOR_A_BREAK = 2_000


def chunk(start: int) -> tuple[Counter[str], str]:
    """Try one chunk of examples; return what happened, and the counterexample or ""."""
    logging.disable(logging.CRITICAL)
    found: Found = run(CHUNK, start=start)
    said = "".join(traceback.format_exception(found.problem)) if found.problem else ""
    return found.counts, said


def prove(examples: int, drawn: int) -> bool:
    """Try so many examples, the last ones by the seed `drawn`; print the first counterexample."""
    began, counts = time.monotonic(), Counter[str]()
    starts = [*range(max(1, examples // CHUNK) - 1), drawn]
    print(f"the last {CHUNK} examples are those of seed {drawn}", flush=True)
    with ProcessPoolExecutor(PROCESSES) as processes:
        for place, (more, problem) in enumerate(processes.map(chunk, starts)):
            counts += more
            if problem:
                print(f"seed {starts[place]}:\n{problem}")
                processes.shutdown(cancel_futures=True)
                return False
            done = (place + 1) * CHUNK
            print(f"{done:,} examples, {time.monotonic() - began:.0f} s", flush=True)
    print(", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())))
    return True


def find_breaks() -> bool:
    """Plant each break; print after how many examples it was found."""
    with ProcessPoolExecutor(PROCESSES) as processes:
        hunts = processes.map(hunt, BREAKS, [MOST_FOR_A_BREAK] * len(BREAKS))
        found = []
        for planted, came in zip(BREAKS, hunts, strict=True):
            found.append(bool(came.problem))
            how = f"found after {came.examples}: {came.problem[:70]}" if came.problem else "MISSED"
            print(f"{planted.name}: {how}", flush=True)
    return all(found)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    wanted = given[0] if given else EXAMPLES
    seed = given[1] if len(given) > 1 else FIRST_DRAWN + secrets.randbelow(FIRST_DRAWN)
    sys.exit(0 if prove(wanted, seed) and find_breaks() else 1)
