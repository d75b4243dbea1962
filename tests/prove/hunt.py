"""Tries the bot that is imported, and says what came of it: `python -m tests.prove.hunt 100 0`."""

from __future__ import annotations

import json
import logging
import sys

from tests.prove.runs import run

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    found = run(int(sys.argv[1]), start=int(sys.argv[2]), shrink=False)
    said = f"{type(found.problem).__name__}: {found.problem}" if found.problem else ""
    print(json.dumps({"examples": found.examples, "problem": said[:300]}))
