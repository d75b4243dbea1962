"""What should be said and what was said, as the edge that says it sees the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.items import Item
from bot.domain.listing import App
from bot.domain.parts import covered
from bot.domain.proposals import Proposal, Status
from bot.domain.releases import PhasedRelease
from bot.storage.outbox import NewNotice, Notice
from bot.workflow.desk import DEFAULT_ACCOUNT, Desk

__all__ = ["NewNotice", "Notice"]


async def next_notice(desk: Desk, *, busy: Iterable[str]) -> Notice | None:
    """Take the next notice that is due in a channel that is not busy."""
    return await desk.store.outbox.begin(now=desk.clock.now(), busy=busy)


async def next_due(desk: Desk, *, busy: Iterable[str]) -> datetime | None:
    """Return when the next notice can be due in a channel that is not busy, None without one."""
    return await desk.store.outbox.next_due(busy=busy)


async def posted(desk: Desk, notice: Notice, *, ts: str) -> None:
    """Keep a notice's message before anything else is done about it."""
    await desk.store.outbox.posted(notice.id, ts=ts)


async def learned(desk: Desk, notice: Notice, **more: object) -> None:
    """Keep what was made on the way to saying a notice, so that the next try finds it."""
    await desk.store.outbox.rewrite(notice.id, {**notice.body, **more})


async def said(
    desk: Desk, notice: Notice, *, ts: str | None, then: Iterable[NewNotice] = ()
) -> None:
    """Keep that a notice was said, as which message, and what is to be said `then`."""
    await desk.store.outbox.done(notice.id, ts=ts, then=then, now=desk.clock.now())


async def not_yet(desk: Desk, notice: Notice, *, due: datetime) -> None:
    """Put a notice back that was not said now; what may have been said before stays in doubt."""
    if notice.unsure:
        await in_doubt(desk, notice, due=due)
    else:
        await desk.store.outbox.later(notice.id, due=due)


async def in_doubt(desk: Desk, notice: Notice, *, due: datetime) -> None:
    """Put a notice back that may have been said; it is looked for first."""
    await desk.store.outbox.doubt(notice.id, due=due)


async def never(desk: Desk, notice: Notice) -> None:
    """End a notice that can never be said."""
    await desk.store.outbox.give_up(notice.id)


async def proposal_posted(desk: Desk, proposal: int, revision: int, *, ts: str) -> None:
    """Keep the message that people vote on."""
    await desk.store.posts.posted(proposal, revision, ts=ts)


async def thread_posted(
    desk: Desk, proposal: int, revision: int, locale: str, *, address: str
) -> None:
    """Keep where a locale's long texts stand in a proposal's thread."""
    await desk.store.posts.thread_posted(proposal, revision, locale, ts=address)


async def thread_links(desk: Desk, proposal: Proposal) -> Mapping[str, str]:
    """Return locale -> address of its message in the thread."""
    return await desk.store.posts.threads(proposal.id, proposal.revision)


async def message_of(desk: Desk, proposal: int, revision: int) -> str | None:
    """Return the message of a revision, None before it was posted."""
    return await desk.store.posts.message_ts(proposal, revision)


async def status(desk: Desk, number: int) -> Status | None:
    """Return where a proposal stands, None when there is no such proposal."""
    return await desk.store.proposals.status(number)


async def proposal(desk: Desk, number: int, revision: int | None = None) -> Proposal | None:
    """Return a proposal at its current revision, or as an earlier one had it."""
    return await desk.store.proposals.get(number, revision)


async def part(desk: Desk, body: Mapping[str, Any]) -> tuple[Item, ...]:
    """Return the items of the part that a notice tells of, as they stand by now."""
    found = await desk.store.proposals.get(body["proposal"], body["revision"])
    return covered(found, tuple(body["part"])).items if found else ()


async def open_proposal(
    desk: Desk, body: Mapping[str, Any], *, waits: bool = False
) -> Proposal | None:
    """Return a notice's proposal while it is voted on, or `waits`, at the revision it names."""
    found = await desk.store.proposals.get(body["proposal"])
    if found is None or found.revision != body["revision"]:
        return None
    waiting = waits and found.status in (Status.PARKED, Status.APPROVED)
    return found if found.votable or waiting else None


async def thread_of(desk: Desk, proposal: Proposal) -> str | None:
    """Return the message whose thread tells of a proposal, None before it was posted.

    One that brings texts back stands in the thread of the proposal whose time is over; once
    it was rewritten it has a message of its own.
    """
    if proposal.returns is None or not proposal.brings_back:
        return proposal.message_ts
    original = await desk.store.proposals.get(proposal.returns)
    return original.message_ts if original else proposal.message_ts


async def app(desk: Desk, app_id: str) -> App | None:
    """Return an app that was seen, also one that is no longer served."""
    return next((one for one in await desk.store.watchlog.apps() if one.id == app_id), None)


async def apps_of(desk: Desk, account: str) -> tuple[App, ...]:
    """Return the apps of an account that this bot serves."""
    return tuple(
        one
        for one in await desk.store.watchlog.apps()
        if desk.rules.serves(one.bundle_id) and (one.account or DEFAULT_ACCOUNT) == account
    )


async def version_thread(desk: Desk, version_id: str, channel: str) -> str | None:
    """Return the message in a channel that a version's story is told under, None before it."""
    return await desk.store.transitions.thread(version_id, channel)


async def version_thread_begun(desk: Desk, version_id: str, channel: str, *, ts: str) -> None:
    """Keep the message that a version's story is told under from now on."""
    await desk.store.transitions.keep_thread(version_id, channel, ts=ts)


async def phased_release(desk: Desk, version_id: str) -> PhasedRelease | None:
    """Return a version's phased release as last seen, None without one."""
    seen = await desk.store.standings.phased_of(version_id)
    if seen is None:
        return None
    return PhasedRelease(
        id=seen.id,
        version_id=version_id,
        state=seen.state,
        day=int(seen.detail.get("day", 0)),
        paused_days=int(seen.detail.get("paused_days", 0)),
    )
