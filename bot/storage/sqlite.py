"""sqlite-utils, loaded without NumPy, which it takes where it is installed.

It is here for the chart alone and is loaded when one is drawn; no array is ever stored. Without
this a bot that draws nothing would hold ten megabytes for it.
"""

from __future__ import annotations

import sys

__all__ = ["Database", "Migrations"]

_HIDES = "numpy" not in sys.modules
if _HIDES:
    # What is None here cannot be imported (The Python Language Reference, "The module cache").
    sys.modules["numpy"] = None  # type: ignore[assignment]
try:
    from sqlite_utils import Database, Migrations
finally:
    if _HIDES:
        del sys.modules["numpy"]
