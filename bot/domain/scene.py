"""Where an app stands when something is about to act on a version, and what follows from it.

Facts: App Store Connect API, "App store version", "Review submissions"; App Store Connect
Help, "App and submission statuses".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.acts import Act
from bot.domain.editing import Phase, is_live, phase, state_words
from bot.domain.items import ItemState
from bot.domain.listing import Reading, Version
from bot.domain.proposals import Target
from bot.domain.releases import Release, ReleaseType, Standing
from bot.domain.returning import Brought

SUBMITTED, CANCELED, RELEASED = "submitted", "canceled", "released"
PENDING = "PENDING_DEVELOPER_RELEASE"
# What Apple approved and has not released.
APPROVED = frozenset({PENDING, "PENDING_APPLE_RELEASE"})
# From here on a version was handed in and not given back.
HANDED_IN = frozenset(
    {
        "WAITING_FOR_REVIEW",
        "IN_REVIEW",
        "WAITING_FOR_EXPORT_COMPLIANCE",
        "ACCEPTED",
        "PENDING_DEVELOPER_RELEASE",
        "PENDING_APPLE_RELEASE",
        "PROCESSING_FOR_DISTRIBUTION",
        "READY_FOR_DISTRIBUTION",
    }
)
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a proposal is about and where it stands at Apple now.

    `number` is the version's; `reading` holds the platform's texts, None where nobody asked;
    `brought` the promotional texts that proposals brought there, some of them for a time.
    """

    target: Target
    number: str
    standing: Standing
    reading: Reading | None = field(default=None, repr=False)
    brought: tuple[Brought, ...] = field(default=(), repr=False)

    @property
    def release(self) -> Release | None:
        """The version, None while it is still to be made or when it is gone."""
        return self.standing.release(self.target.version_id, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is left to do about an item: `waiting` without `acts` waits for Apple.

    A stale one says in `live_now` what Apple holds instead of the baseline.
    """

    state: ItemState
    acts: tuple[Act, ...] = ()
    problem: str = ""
    live_now: str | None = None


DONE = Verdict(state=ItemState.DONE)
WAITS = Verdict(state=ItemState.WAITING)


def why_no_new_version(standing: Standing) -> str | None:
    """Return why Apple would not take a new version now, None when it would."""
    for release in standing.releases:
        version = release.version
        if phase(version) is not Phase.LIVE:
            words = state_words(version.state)
            return f"Version {version.number} is in the state {words}; Apple takes one at a time."
    return None


def why_not_number(number: str, versions: Iterable[Version]) -> str | None:
    """Return what is wrong with the number of a new version, None when nothing is.

    `versions` are those of its platform.
    """
    if not is_number(number):
        return f"“{number}” is no version number; write one to three numbers, such as 2.5.0."
    live = [version for version in versions if is_live(version)]
    for version in live:
        if is_number(version.number) and _parts(number) <= _parts(version.number):
            return f"{number} is not higher than {version.number}, which is on the App Store."
    return None


def is_number(text: str) -> bool:
    """Return whether Apple takes a text as a version's number."""
    return bool(_NUMBER.fullmatch(text))


def same_number(one: str, other: str) -> bool:
    """Return whether Apple takes two numbers as the same, as 3.2 and 3.2.0."""
    return is_number(one) and is_number(other) and _parts(one) == _parts(other)


def release_text(version: Version) -> str:
    """Return when a version is released, as items hold it: the type, and a moment in UTC."""
    if version.release_type == ReleaseType.SCHEDULED and version.earliest_release:
        return scheduled(version.earliest_release)
    return version.release_type


def scheduled(moment: datetime) -> str:
    """Return the text of a scheduled release: "SCHEDULED 2026-12-01T09:00:00+00:00"."""
    return f"{ReleaseType.SCHEDULED} {moment.astimezone(UTC).isoformat(timespec='seconds')}"


def moment_of(text: str) -> datetime | None:
    """Return the moment in the text of a scheduled release, None for the other types."""
    _, _, moment = text.partition(" ")
    return datetime.fromisoformat(moment) if moment else None


def _parts(number: str) -> tuple[int, ...]:
    found = tuple(int(part) for part in number.split("."))
    return found + (0,) * (3 - len(found))
