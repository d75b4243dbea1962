"""What stands beside an app's versions, held against what was known: the differences.

App infos, submissions and phased releases, with what is said of each. Pure but for its types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.appstore.resources import AppState
from bot.domain.listing import AppInfo, Version
from bot.domain.news import carried, info_tells, phased_tells, submission_tells
from bot.domain.releases import PhasedRelease, Submission
from bot.storage.outbox import NewNotice
from bot.storage.standings import INFO, LOOK, PHASED, SUBMISSION, Standing, StandingSight
from bot.storage.transitions import Transition
from bot.workflow.watch.sight import REPLACED, Memory, Sight, moved, stood
from bot.workflow.watch.telling import info_notices, phased_notices, submission_notices

# A version in neither of these is the one that an app info goes along with.
_ENDED = frozenset({"READY_FOR_DISTRIBUTION", REPLACED})


def standing_sights(sight: Sight, memory: Memory) -> Iterator[StandingSight]:
    """Return everything else that is new or stands otherwise."""
    yield from _infos(sight, memory)
    yield from _submissions(sight, memory)
    if sight.releases is not None:
        for release in sight.releases:
            if release.phased is not None:
                yield from _phased(sight, release.version, release.phased, memory)
        yield _look(sight, memory)


def _infos(sight: Sight, memory: Memory) -> Iterable[StandingSight]:
    for info in sight.state.app_infos:
        before = memory.standings.get((INFO, info.id))
        now = Standing(
            kind=INFO,
            id=info.id,
            app_id=info.app_id,
            state=info.state,
            detail={"exact": sight.prompt and before is not None},
            since=sight.now,
        )
        if before is None or before.state != info.state:
            if before is not None and not _whole(sight):
                # The version that it goes along with may be among those that are not shown.
                continue
            yield StandingSight(
                now=now,
                before=before,
                notices=_info_notices(sight, info, before),
                happened=_happened(now, before, ""),
            )


def _whole(sight: Sight) -> bool:
    return sight.state.complete or sight.releases is not None


def _info_notices(sight: Sight, info: AppInfo, before: Standing | None) -> tuple[NewNotice, ...]:
    if before is None or not info_tells(info.state, sight.versions):
        return ()
    version = next((one for one in sight.versions if one.state not in _ENDED), None)
    change = moved(sight, before.state, since=before.since, exact=_exact(before))
    return info_notices(sight.to, info, version, change)


def unread(state: AppState, memory: Memory) -> tuple[Submission, ...]:
    """Return the submissions that are new or changed and do not say what they carry.

    None of an app that was never seen: nothing is told of it.
    """
    if state.app.id not in memory.apps:
        return ()
    return tuple(one for one in state.submissions if not _says_what(one) and _is_news(one, memory))


def _is_news(submission: Submission, memory: Memory) -> bool:
    before = memory.standings.get((SUBMISSION, submission.id))
    return submission.open if before is None else before.state != submission.state


def _says_what(submission: Submission) -> bool:
    return bool(submission.version_ids or submission.others)


def _submissions(sight: Sight, memory: Memory) -> Iterator[StandingSight]:
    missing = {one.id for one in unread(sight.state, memory)} - sight.submissions.keys()
    for listed in sight.state.submissions:
        submission = sight.submissions.get(listed.id, listed)
        if listed.id not in missing and _is_news(submission, memory):
            yield _submission(sight, submission, memory)


def _submission(sight: Sight, submission: Submission, memory: Memory) -> StandingSight:
    before = memory.standings.get((SUBMISSION, submission.id))
    carries = _carries(submission, before)
    version = _known(sight, memory, carries.get("version", ""))
    guess = None if carries else carried(sight.versions, submission.platform)
    now = Standing(
        kind=SUBMISSION,
        id=submission.id,
        app_id=submission.app_id,
        platform=submission.platform,
        version_id=held.id if (held := version or guess) else "",
        state=submission.state,
        detail=carries,
        since=sight.now,
    )
    notices: tuple[NewNotice, ...] = ()
    others = int(carries.get("others", 0))
    if before is not None and submission_tells(submission.state, version, others=others):
        change = moved(sight, before.state, since=before.since, exact=False)
        notices = submission_notices(sight.to, submission, version, change)
    happened = _happened(now, before, version.number if version else "")
    return StandingSight(now=now, before=before, notices=notices, happened=happened)


def _carries(submission: Submission, before: Standing | None) -> Mapping[str, Any]:
    """Return the `version` and how many `others` a submission carries, {} where nobody knows.

    One that lost its items, because it was taken back, still is about what it carried.
    """
    if _says_what(submission):
        version = next(iter(submission.version_ids), "")
        return {"version": version, "others": submission.others}
    return before.detail if before else {}


def _known(sight: Sight, memory: Memory, id_: str) -> Version | None:
    found = next((one for one in sight.versions if one.id == id_), None)
    seen = memory.versions.get(id_)
    return found or (seen.version if seen else None)


def _phased(
    sight: Sight, version: Version, phased: PhasedRelease, memory: Memory
) -> Iterable[StandingSight]:
    before = memory.standings.get((PHASED, phased.id))
    closer = _closer(sight, version, memory)
    now = _phased_standing(closer, version, phased, before)
    if before is not None and (before.state, before.detail) == (now.state, now.detail):
        return
    notices: tuple[NewNotice, ...] = ()
    happened: tuple[Transition, ...] = ()
    if _tells(sight, version, phased, before):
        was = before or now
        old = was.state if before else ""
        change = moved(closer, old, since=was.since, exact=_exact(was))
        notices = phased_notices(sight.to, version, phased, change)
        happened = _phased_happened(now, before, version.number, sight.now)
    yield StandingSight(now=now, before=before, notices=notices, happened=happened)


def _closer(sight: Sight, version: Version, memory: Memory) -> Sight:
    """Return the sight as one of what is read closely alone, which is not done at each look.

    What goes with a version that was seen to change was seen to change with it.
    """
    if version.id in memory.versions and stood(version, memory) != version.state:
        return sight
    look = memory.standings.get((LOOK, sight.state.app.id))
    return replace(sight, last=look.since if look else None)


def _phased_standing(
    sight: Sight, version: Version, phased: PhasedRelease, before: Standing | None
) -> Standing:
    if before is not None and before.state == phased.state:
        since, exact = before.since, _exact(before)
    else:
        begun = before is not None or version.id in sight.begun
        since, exact = sight.now, sight.prompt and begun
    return Standing(
        kind=PHASED,
        id=phased.id,
        app_id=version.app_id,
        platform=version.platform,
        version_id=version.id,
        state=phased.state,
        detail={
            "day": phased.day,
            "percent": phased.percent,
            "paused_days": phased.paused_days,
            "started_at": phased.started_at.isoformat() if phased.started_at else None,
            "exact": exact,
        },
        since=since,
    )


def _exact(standing: Standing) -> bool:
    """Return whether something was seen to come into its state."""
    return bool(standing.detail.get("exact"))


def _tells(sight: Sight, version: Version, phased: PhasedRelease, before: Standing | None) -> bool:
    if before is None:
        return phased.state == "ACTIVE" and version.id in sight.begun
    return phased_tells(before.state, int(before.detail.get("day", 0)), phased)


def _phased_happened(
    now: Standing, before: Standing | None, number: str, at: datetime
) -> tuple[Transition, ...]:
    same = before is not None and before.state == now.state
    old = (f"day {before.detail.get('day', 0)}" if same else before.state) if before else ""
    new = f"day {now.detail['day']}" if same else now.state
    return (_transition(now, old, new, number, before.since if before else at, at),)


def _happened(now: Standing, before: Standing | None, number: str) -> tuple[Transition, ...]:
    if before is None:
        return ()
    return (_transition(now, before.state, now.state, number, before.since, now.since),)


def _transition(
    now: Standing, old: str, new: str, number: str, since: datetime, at: datetime
) -> Transition:
    return Transition(
        kind=now.kind,
        app_id=now.app_id,
        version_id=now.version_id,
        platform=now.platform,
        number=number,
        old=old,
        new=new,
        old_since=since,
        at=at,
    )


def _look(sight: Sight, memory: Memory) -> StandingSight:
    id_ = sight.state.app.id
    now = Standing(kind=LOOK, id=id_, app_id=id_, state="", since=sight.now)
    return StandingSight(now=now, before=memory.standings.get((LOOK, id_)))
