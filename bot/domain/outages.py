"""What at Apple's side stops every push alike, and when it is worth another try. Pure.

What is written down is the name of one of our errors, as in `bot.domain.causes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.proposals import Outage

SILENT, LIMIT, KEY, AGREEMENT = "silent", "limit", "key", "agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What people read while it lasts, and the longest pause between two tries.

    `mended` when a person has to mend it at Apple.
    """

    words: str
    remedy: str
    longest: timedelta
    mended: bool = False


KINDS: Mapping[str, Kind] = {
    SILENT: Kind(
        words="Apple does not answer",
        remedy="this goes on by itself once it does.",
        longest=timedelta(minutes=10),
    ),
    LIMIT: Kind(
        words="Apple's request limit is reached",
        remedy="this goes on by itself once Apple takes requests again.",
        longest=timedelta(minutes=10),
    ),
    KEY: Kind(
        words="Apple does not accept the API key",
        remedy="mend it under Users and Access, Integrations, and this goes on by itself.",
        longest=timedelta(hours=1),
        mended=True,
    ),
    AGREEMENT: Kind(
        words="an agreement with Apple waits for the Account Holder",
        remedy="once it is accepted under Business in App Store Connect, this goes on by itself.",
        longest=timedelta(hours=1),
        mended=True,
    ),
}
_OF: Mapping[str, str] = {
    "Unavailable": SILENT,
    "Unsure": SILENT,
    "Limited": LIMIT,
    "NotAuthorized": KEY,
    "AgreementsMissing": AGREEMENT,
}
# The first pause; later ones grow with the time it has lasted.
SHORTEST = timedelta(minutes=2)


def kind_of(cause: str) -> str | None:
    """Return what kind of outage an error's name stands for, None for any other problem."""
    return _OF.get(cause)


def outage_of(kind: str, before: Outage | None, *, since: datetime, now: datetime) -> Outage:
    """Return an outage with its next try; one that lasts keeps its beginning."""
    begun = before.since if before is not None and before.kind == kind else since
    pause = min(max((now - begun) / 2, SHORTEST), KINDS[kind].longest)
    return Outage(kind=kind, since=begun, try_at=now + pause)


def outage_sentence(outage: Outage) -> str:
    """Return what a proposal waits for, and what makes it go on."""
    kind = KINDS[outage.kind]
    return f"Parked: {kind.words}; {kind.remedy}"


def lasts(outage: Outage, before: Outage | None) -> bool:
    """Return whether it is the outage that was met before."""
    return before is not None and (before.kind, before.since) == (outage.kind, outage.since)


def pace_words(outage: Outage) -> str:
    """Return how long nothing is tried at most, as in "10 minutes"."""
    minutes = int(KINDS[outage.kind].longest / timedelta(minutes=1))
    return "hour" if minutes == 60 else f"{minutes} minutes"
