"""What a look saw of an app, and what was known of it before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.appstore.resources import AppState
from bot.domain.listing import Version
from bot.domain.releases import Release, Submission
from bot.storage.standings import Standing
from bot.storage.transitions import SeenVersion
from bot.workflow.watch.telling import Audience, Moved

# What Apple calls a version after the one that came in its place.
REPLACED = "REPLACED_WITH_NEW_VERSION"
# Where the look before is longer ago, what was seen since may have happened at any time in it.
LONG_AGO = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What was known before a look: versions by id, everything else by kind and id."""

    versions: Mapping[str, SeenVersion]
    standings: Mapping[tuple[str, str], Standing]
    apps: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """An app as a look saw it, who is told, and when it was.

    `last` is when all of the app was last seen before, None where nobody knows.
    `releases` is None where the app was not read closely. `submissions` are those that were
    read to learn what they carry, by id. `begun` are the ids of versions
    that were seen to become public, by this look or an earlier one.
    """

    state: AppState
    to: Audience
    now: datetime
    last: datetime | None = None
    releases: tuple[Release, ...] | None = None
    submissions: Mapping[str, Submission] = field(default_factory=dict)
    begun: frozenset[str] = field(default_factory=frozenset)

    @property
    def prompt(self) -> bool:
        """Whether the look before was so short ago that what is seen now has just happened."""
        return self.last is not None and self.now - self.last <= LONG_AGO

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions, as the closer reading has them where there was one; newest first."""
        closer = {one.version.id: one.version for one in self.releases or ()}
        known = {one.id for one in self.state.versions}
        more = [version for id_, version in closer.items() if id_ not in known]
        return (*more, *(closer.get(one.id, one) for one in self.state.versions))


def moved(sight: Sight, old: str, *, since: datetime, exact: bool) -> Moved:
    """Return how something came from its state `old`, in which it was `since` then."""
    last = None if sight.prompt else max(since, sight.last or since)
    return Moved(old=old, since=since, now=sight.now, exact=exact, last=last)


def stood(version: Version, memory: Memory) -> str | None:
    """Return the state in which a version was known, None where it was not."""
    before = memory.versions.get(version.id)
    return before.version.state if before else None
