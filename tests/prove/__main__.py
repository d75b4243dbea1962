"""`make prove`: 2,000 examples of the rules without a counterexample, and each break found.

`python -m tests.prove [EXAMPLES]` tries so many; a counterexample is printed and ends it.
"""

from __future__ import annotations

import logging
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
# Most are found within a few dozen; this bounds the time of one that is not.
MOST_FOR_A_BREAK = 600


def chunk(start: int) -> tuple[Counter[str], str]:
    """Try one chunk of examples; return what happened, and the counterexample or ""."""
    logging.disable(logging.CRITICAL)
    found: Found = run(CHUNK, start=start)
    said = "".join(traceback.format_exception(found.problem)) if found.problem else ""
    return found.counts, said


def prove(examples: int) -> bool:
    """Try so many examples; print progress, and the first counterexample there is."""
    began, counts = time.monotonic(), Counter[str]()
    with ProcessPoolExecutor(PROCESSES) as processes:
        for start, (more, problem) in enumerate(processes.map(chunk, range(examples // CHUNK))):
            counts += more
            if problem:
                print(f"start {start}:\n{problem}")
                processes.shutdown(cancel_futures=True)
                return False
            done = (start + 1) * CHUNK
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
    held = prove(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
    sys.exit(0 if held and find_breaks() else 1)
