"""Who wants to hear what: channels that follow an app, people who want a direct message."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.listing import App
from bot.storage.outbox import NewNotice, Notice
from bot.workflow.catalogue import apps
from bot.workflow.desk import Desk

# What a person can wish for; "asked" is wished for by everybody who never chose.
WISHES = ("releases", "results", "asked", "daily", "weekly")


async def follow(desk: Desk, app: App, channel: str, *, user: str) -> bool:
    """Let a channel hear of an app; False when it did already."""
    if desk.rules.channel_of(app.bundle_id) == channel:
        return False
    now = desk.clock.now()
    return await desk.store.subscriptions.follow(app.id, channel, user=user, now=now)


async def leave(desk: Desk, app: App, channel: str) -> bool:
    """Let a channel hear of an app no longer; False when it did not follow it."""
    return await desk.store.subscriptions.leave(app.id, channel)


async def heard_of(desk: Desk, channel: str) -> tuple[tuple[App, ...], tuple[App, ...]]:
    """Return the apps that a channel follows, and those whose own channel it is; by name."""
    by_app = await desk.store.subscriptions.channels()
    known = sorted(await apps(desk), key=lambda one: (one.name.casefold(), one.bundle_id))
    own = tuple(one for one in known if desk.rules.channel_of(one.bundle_id) == channel)
    followed = tuple(one for one in known if channel in by_app.get(one.id, ()) and one not in own)
    return followed, own


async def chosen(desk: Desk, user: str) -> frozenset[str]:
    """Return what a person wants as a direct message."""
    return await desk.store.subscriptions.chosen(user)


async def choose(desk: Desk, user: str, wishes: Iterable[str]) -> None:
    """Keep what a person wants as a direct message; what nobody knows is left out."""
    known = [one for one in wishes if one in WISHES]
    await desk.store.subscriptions.choose(user, known)


async def copy_for(desk: Desk, notice: Notice, user: str) -> tuple[NewNotice, ...]:
    """Return the result of a proposal once more for its proposer, if they chose to get it."""
    if not await desk.store.subscriptions.wants(user, "results"):
        return ()
    key = f"{notice.key}:{user}"
    return (NewNotice(key=key, kind=notice.kind, channel=user, body=notice.body),)
