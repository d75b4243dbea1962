"""A while after a version was withdrawn: Apple is not done with it, and says so.

It knows which version a record belongs to; how long it takes is a condition.
"""

from __future__ import annotations

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import refusal
from bot.sandbox.appstore.schema import SUBMISSIONS, VERSIONS

NOT_YET = "Version is not ready to be submitted yet, please try again later."


def must_be_settled(records: Records, record: Record, now: float) -> None:
    """Refuse a write to a version, or to what hangs on one, that is not settled yet."""
    version: Record | None = record
    if record.type != VERSIONS:
        name = "appStoreVersionForReview" if record.type == SUBMISSIONS else "appStoreVersion"
        version = records.get(VERSIONS, record.one.get(name, ""))
    if version is not None and now < version.notes.get("settled_at", now):
        raise refusal("STATE_ERROR", NOT_YET)
