"""What a look saw, held against what was known: the differences, with what is said of them.

Pure but for its types; whoever looked, by polling or because Apple sent word, comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.appstore.resources import AppState
from bot.domain.listing import Version
from bot.storage.outbox import NewNotice
from bot.storage.standings import REST, SEEN, Standing, StandingSight
from bot.storage.transitions import SeenVersion, VersionSight
from bot.workflow.watch.sight import REPLACED, Memory, Sight, moved, stood
from bot.workflow.watch.telling import Moved, release_notices

# What was seen for so long is no longer only late in Apple's lists.
SETTLED = timedelta(hours=1)
# What was made so long ago counts as new where nobody knows when its app was last looked at.
NEW_FOR = timedelta(days=2)


def changed(state: AppState, memory: Memory) -> bool:
    """Return whether any version of an app that was known is new or stands otherwise."""
    return state.app.id in memory.apps and any(
        stood(one, memory) != one.state for one in state.versions
    )


def version_sights(sight: Sight, memory: Memory) -> Iterator[VersionSight]:
    """Return the versions that are new or stand otherwise; what is seen first is not told."""
    for version in sight.versions:
        before = memory.versions.get(version.id)
        if before is None:
            yield VersionSight(
                version=version,
                before=None,
                exact=sight.prompt and _made_since(sight, version, memory),
                notices=_first(sight, version, memory),
            )
            continue
        old = before.version
        if old.state != version.state:
            change = moved(sight, old.state, since=before.since, exact=before.exact)
            yield VersionSight(
                version=version,
                before=old.state,
                since=before.since,
                exact=sight.prompt,
                notices=release_notices(sight.to, version, change),
            )
        elif old.number != version.number:
            yield VersionSight(version=version, before=old.state, since=before.since)


def gone(sight: Sight, memory: Memory) -> Iterator[SeenVersion]:
    """Return the versions that somebody deleted, of an app that was seen whole.

    One that is new is spared: Apple's reads may lag behind what it told before.
    """
    there = {one.id for one in sight.versions}
    for known in memory.versions.values() if sight.state.complete else ():
        version = known.version
        if version.app_id != sight.state.app.id or version.id in there:
            continue
        if version.state != REPLACED and sight.now - known.since > SETTLED:
            yield known


def last_look(memory: Memory, seen: Standing | None, app_id: str) -> datetime | None:
    """Return when all of an app was last seen, None where nobody knows.

    `seen` is when all of its account's apps were, but for what Apple does not send at once.
    """
    rest = memory.standings.get((REST, app_id))
    if seen is None:
        return None
    return min(seen.since, rest.since) if rest is not None else seen.since


def glance(account: str, before: Standing | None, now: datetime) -> StandingSight:
    """Return that an account's apps were looked at, as they were `before`."""
    seen = Standing(kind=SEEN, id=account, state="", since=now)
    return StandingSight(now=seen, before=before)


def _first(sight: Sight, version: Version, memory: Memory) -> tuple[NewNotice, ...]:
    if not _made_since(sight, version, memory):
        return ()
    return release_notices(sight.to, version, Moved(old="", since=sight.now, now=sight.now))


def _made_since(sight: Sight, version: Version, memory: Memory) -> bool:
    """Return whether a version is new; another one was only not sent before."""
    made = version.created_at
    if version.app_id not in memory.apps or made is None:
        return False
    return made > (sight.last - SETTLED if sight.last else sight.now - NEW_FOR)
