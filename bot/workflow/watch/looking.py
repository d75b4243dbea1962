"""Looks at all apps and tells each transition once, however the news came.

One request an account tells of every version; only what changed, or what that request does
not show, is read closely, so that fifty apps use less than a tenth of the hour's requests.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from bot.appstore import AgreementsMissing, AppState, NotAllowed, NotAuthorized
from bot.appstore.resources import MOVING_STATES
from bot.domain.releases import Release
from bot.errors import BotError
from bot.storage.standings import (
    ACCOUNT,
    INFO,
    LOOK,
    PHASED,
    REST,
    SEEN,
    SUBMISSION,
    Standing,
    StandingSight,
)
from bot.workflow import catalogue
from bot.workflow.awaiting import find_awaited
from bot.workflow.desk import Desk
from bot.workflow.watch.seeing import changed, glance, gone, last_look, version_sights
from bot.workflow.watch.sharing import cost, pages, share, turns
from bot.workflow.watch.sight import REPLACED, Memory, Sight
from bot.workflow.watch.standing import standing_sights
from bot.workflow.watch.submitted import read_submissions
from bot.workflow.watch.telling import account_notice, audiences
from bot.workflow.watch.waking import wake

log = logging.getLogger(__name__)

LIVE = frozenset({"READY_FOR_DISTRIBUTION", "PROCESSING_FOR_DISTRIBUTION"})
RUNNING = frozenset({"ACTIVE", "PAUSED"})
# What a phased release is called before it begins, which may be a while after its version
# went live. One that has not begun after so long is not expected to.
WAITING = "INACTIVE"
BEGINS_WITHIN = timedelta(days=14)
WELL, KEY, AGREEMENTS = "OK", "KEY", "AGREEMENTS"

# An app of those in which nothing is on its way is read to the end at least so often.
REST_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an account's overview showed, and what was known before it was asked for.

    `rests` are the apps whose rest was asked for. Those in `closely` are read closer, as are
    those that changed and, in turn, others: `turns` apps in all, and one of them if any may be.
    """

    account: str
    states: Collection[AppState]
    memory: Memory
    rests: frozenset[str] = frozenset()
    closely: frozenset[str] = frozenset()
    turns: int = 0


async def watch(desk: Desk) -> None:
    """Look at every account in one request each and tell every transition once.

    What is seen for the first time is kept and not told. Each account is looked at by itself:
    one that Apple does not let in is told of once, one that breaks or does not answer is
    logged, and one that has to wait is left to the look that waits.
    """
    waits = [one for one in desk.accounts.names if one not in desk.looking]
    desk.looking.update(waits)
    found = await asyncio.gather(*(_watch(desk, one) for one in waits), return_exceptions=True)
    for account, error in zip(waits, found, strict=True):
        if error is not None:
            log.error("watch.broken account=%s", account, exc_info=error)


async def _watch(desk: Desk, account: str) -> None:
    try:
        await _look_at(desk, account)
    finally:
        desk.looking.discard(account)


async def _look_at(desk: Desk, account: str) -> None:
    # Known before Apple is asked: what another look finds out meanwhile is newer than this.
    memory = await _memory(desk, account)
    rests = await _rests(desk, account, memory)
    answer = await desk.accounts.overview_of(account, more_for=rests)
    await _account(desk, account, answer)
    if not isinstance(answer, BotError):
        room = turns(desk, account, memory, rests)
        look = Look(account=account, states=answer, memory=memory, rests=rests, turns=room)
        await see(desk, look)
    await _supersede(desk)


async def look_again(desk: Desk, account: str, app_ids: Collection[str]) -> None:
    """Read again where apps of an account stand, because Apple sent word; raises BotError."""
    memory = await _memory(desk, account)
    states = await desk.accounts.named(account).overview(more_for=())
    own = tuple(one for one in states if desk.accounts.account_of(one.app.id) == account)
    closely = frozenset(app_ids)
    desk.spending.add(account, pages(memory), now=desk.clock.now())
    await see(desk, Look(account=account, states=own, memory=memory, closely=closely))
    await _supersede(desk)


async def see(desk: Desk, look: Look) -> None:
    """Keep what a look shows and tell what changed, whatever its source."""
    states, memory = look.states, look.memory
    await catalogue.keep_apps(desk, look.account, (one.app for one in states))
    chosen = _chosen(desk, look)
    # What changed at once, and what word of Apple's makes read, is beyond a look's share.
    desk.spending.add(look.account, len(chosen) - look.turns, now=desk.clock.now())
    releases = await _read_closely(desk, chosen)
    submissions = await read_submissions(desk, states, memory)
    seen = await desk.store.standings.get(SEEN, look.account)
    told = await audiences(desk, (one.app for one in states))
    now = desk.clock.now()
    sights = [
        Sight(
            state=state,
            to=told[state.app.id],
            now=now,
            last=last_look(memory, seen, state.app.id),
            releases=releases.get(state.app.id),
            submissions=submissions,
            begun=await _begun(desk, releases.get(state.app.id), memory),
        )
        for state in states
    ]
    versions = [one for sight in sights for one in version_sights(sight, memory)]
    standings = [one for sight in sights for one in standing_sights(sight, memory)]
    standings += [*_rest_sights(look, now), glance(look.account, seen, now)]
    left = [one for sight in sights for one in gone(sight, memory)]
    await desk.store.standings.see(versions, standings, gone=left, now=now)
    desk.notifier.notices_waiting()
    await find_awaited(desk, (one for sight in sights for one in sight.versions))
    await wake(desk)


async def _memory(desk: Desk, account: str) -> Memory:
    """Return what is known of an account's apps."""
    seen = await desk.store.watchlog.versions()
    of = desk.accounts.account_of
    versions = {one.version.id: one for one in seen if of(one.version.app_id) == account}
    standings = [
        one
        for kind in (SUBMISSION, INFO, PHASED, LOOK, REST)
        for one in await desk.store.standings.all(kind)
        if of(one.app_id) == account
    ]
    return Memory(
        versions=versions,
        standings={(one.kind, one.id): one for one in standings},
        apps=frozenset(one.version.app_id for one in versions.values()),
    )


def _chosen(desk: Desk, look: Look) -> list[str]:
    """Return the apps to read closer: all that changed, and some in turn."""
    memory = look.memory
    served = [one for one in look.states if desk.rules.serves(one.app.bundle_id)]
    now = {
        one.app.id
        for one in served
        if one.app.id in look.closely or changed(one, memory) or _behind(one, memory)
    }
    others = [
        one.app.id for one in served if one.app.id not in now and _may_show_more(desk, one, memory)
    ]
    read = {id_: memory.standings.get((LOOK, id_)) for id_ in others}
    others.sort(key=lambda id_: (last.since.timestamp() if (last := read[id_]) else 0.0, id_))
    # What changed is read whatever it costs; the others make up for it.
    room = max(look.turns - len(now), min(look.turns, 1))
    return [*sorted(now), *others[:room]]


def _behind(state: AppState, memory: Memory) -> bool:
    """Return whether an app changed since it was last read closer, which failed then."""
    look = memory.standings.get((LOOK, state.app.id))
    known = [memory.versions[one.id].since for one in state.versions if one.id in memory.versions]
    return look is not None and max(known, default=look.since) > look.since


def _may_show_more(desk: Desk, state: AppState, memory: Memory) -> bool:
    """Return whether an app may have a phased release that goes on, or has one.

    When a version was made says nothing of it, so each app with a live one is read once.
    """
    if state.app.id not in memory.apps:
        return False
    live = {one.id for one in state.versions if one.state in LIVE}
    if (LOOK, state.app.id) not in memory.standings:
        return bool(live)
    return any(
        one.version_id in live and _goes_on(desk, one, memory)
        for (kind, _), one in memory.standings.items()
        if kind == PHASED
    )


def _goes_on(desk: Desk, phased: Standing, memory: Memory) -> bool:
    """Return whether a phased release of a live version may change by itself or by somebody."""
    version = memory.versions.get(phased.version_id)
    begins = version is not None and desk.clock.now() - version.since < BEGINS_WITHIN
    return phased.state in RUNNING or (phased.state == WAITING and begins)


async def _read_closely(desk: Desk, apps: Iterable[str]) -> dict[str, tuple[Release, ...]]:
    chosen = list(apps)
    found = await asyncio.gather(*(_releases(desk, app_id) for app_id in chosen))
    return {app_id: one for app_id, one in zip(chosen, found, strict=True) if one is not None}


async def _releases(desk: Desk, app_id: str) -> tuple[Release, ...] | None:
    try:
        # How a build is called is asked for by who shows it.
        return await desk.store_of(app_id).releases(app_id, trains=False)
    except BotError as error:
        # What changed is told without it; the next look tries again.
        log.warning("watch.not_read_closely app=%s error=%s", app_id, error)
        return None


async def _begun(
    desk: Desk, releases: tuple[Release, ...] | None, memory: Memory
) -> frozenset[str]:
    """Return the versions with a new phased release that were seen to become public."""
    unseen = [
        one.version
        for one in releases or ()
        if one.phased and (PHASED, one.phased.id) not in memory.standings
    ]
    begun = set()
    for version in unseen:
        known = memory.versions.get(version.id)
        moves_now = known is not None and known.version.state not in LIVE
        earlier = await desk.store.transitions.of_version(version.id)
        if (moves_now and version.state in LIVE) or any(one.new in LIVE for one in earlier):
            begun.add(version.id)
    return frozenset(begun)


# -- what Apple does not send at once ---------------------------------------------------------


async def _rests(desk: Desk, account: str, memory: Memory) -> frozenset[str]:
    """Return the apps whose rest is asked for this time, the one asked longest ago first.

    Those in which a version is on its way, or was when last seen, come before the others, of
    which one is asked for where nothing else is.
    """
    known = [one for (kind, _), one in memory.standings.items() if kind == REST]
    if not known:
        return frozenset()
    moving = await _moving(desk, account) | {
        one.version.app_id for one in memory.versions.values() if one.version.state in MOVING_STATES
    }
    old = desk.clock.now() - REST_AFTER
    waiting = sorted(known, key=lambda one: one.since)
    due = [one for one in waiting if one.id in moving or one.since <= old]
    # One request is left for those that are read closer in turn.
    room = share(desk, account, memory) - 1
    fits = [one.id for one, spent in zip(due, _spent(due), strict=True) if spent <= room]
    return frozenset(fits or [(due or waiting)[0].id])


async def _moving(desk: Desk, account: str) -> frozenset[str]:
    try:
        return await desk.accounts.named(account).moving()
    except BotError:
        # The overview, which is asked for next, tells what is wrong with the account.
        return frozenset()


def _spent(rests: Iterable[Standing]) -> Iterator[int]:
    """Return what it takes to ask for each and all before it."""
    return accumulate(cost(one) for one in rests)


def _rest_sights(look: Look, now: datetime) -> Iterator[StandingSight]:
    for state in look.states:
        id_ = state.app.id
        before = look.memory.standings.get((REST, id_))
        if (before is None and not state.complete) or (before is not None and id_ in look.rests):
            detail = {"requests": state.more}
            rest = Standing(kind=REST, id=id_, app_id=id_, state="", since=now, detail=detail)
            yield StandingSight(now=rest, before=before)


# -- accounts ---------------------------------------------------------------------------------


async def _account(desk: Desk, account: str, answer: Collection[AppState] | BotError) -> None:
    """Tell once that Apple lets an account in no longer, and once that it does again."""
    state = _state_of(answer)
    before = await desk.store.standings.get(ACCOUNT, account)
    old = before.state if before else WELL
    if state is None or state == old:
        return
    now = Standing(
        kind=ACCOUNT, id=account, state=state, since=desk.clock.now(), detail=_words(answer)
    )
    notice = account_notice(desk, now, old)
    sight = StandingSight(now=now, before=before, notices=(notice,))
    await desk.store.standings.see([], [sight], now=now.since)
    desk.notifier.notices_waiting()


def _words(answer: Collection[AppState] | BotError) -> dict[str, str]:
    if isinstance(answer, BotError):
        return {"message": answer.message, "remedy": answer.remedy}
    return {}


def _state_of(answer: Collection[AppState] | BotError) -> str | None:
    """Return how an account stands, None where its answer says nothing about it."""
    if isinstance(answer, AgreementsMissing):
        return AGREEMENTS
    if isinstance(answer, NotAuthorized | NotAllowed):
        return KEY
    return None if isinstance(answer, BotError) else WELL


# -- proposals --------------------------------------------------------------------------------


async def _supersede(desk: Desk) -> None:
    """End proposals for versions that were replaced: their text can never be sent."""
    replaced = {
        one.version.id
        for one in await desk.store.watchlog.versions()
        if one.version.state == REPLACED
    }
    for number in await desk.store.proposals.undecided(versions=replaced):
        if await desk.store.proposals.move(number, "supersede", now=desk.clock.now()):
            log.info("proposal.superseded proposal=%s", number)
            desk.notifier.proposal_changed(number)
