"""Who follows what, and events of two sources that do not mix."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.storage.hooks import Hook
from bot.storage.inbox import APPLE
from bot.storage.store import Store
from tests.clock import START

HOOK = Hook(app_id="A1", hook_id="H1", generation=1, url="https://a.example", rotated_at=START)


async def test_channels_follow_apps_each_once(store: Store) -> None:
    subscriptions = store.subscriptions
    assert await subscriptions.follow("A1", "C1", user="U1", now=START)
    assert await subscriptions.follow("A1", "C2", user="U1", now=START + timedelta(seconds=1))
    assert not await subscriptions.follow("A1", "C1", user="U2", now=START)

    assert await subscriptions.channels() == {"A1": ("C1", "C2")}
    assert await subscriptions.leave("A1", "C1")
    assert not await subscriptions.leave("A1", "C1")
    assert await subscriptions.channels() == {"A1": ("C2",)}


async def test_who_never_chose_has_the_defaults_and_who_chose_nothing_has_nothing(
    store: Store,
) -> None:
    subscriptions = store.subscriptions
    assert await subscriptions.wants("U1", "asked")
    assert not await subscriptions.wants("U1", "daily")
    await subscriptions.choose("U1", [])
    assert await subscriptions.chosen("U1") == frozenset()
    await subscriptions.choose("U1", ["daily", "weekly"])
    await subscriptions.choose("U2", ["daily"])
    assert await subscriptions.who_want("daily") == ("U1", "U2")
    assert await subscriptions.who_want("asked") == ()


async def test_what_arrived_outlives_a_rotation(store: Store) -> None:
    await store.hooks.keep(HOOK)
    await store.hooks.heard("A1", ping=False, now=START)
    await store.hooks.heard("A1", ping=True, now=START + timedelta(hours=1))
    await store.hooks.keep(replace(HOOK, generation=2))

    kept = await store.hooks.get("A1")
    assert kept == replace(
        HOOK, generation=2, last_event_at=START, last_ping_at=START + timedelta(hours=1)
    )
    assert await store.hooks.all() == (kept,)
    assert await store.hooks.get("A2") is None


async def test_events_of_apple_are_not_slacks(store: Store) -> None:
    await store.inbox.put("e1", {"from": "apple"}, now=START, source=APPLE)
    assert await store.inbox.take(now=START) is None
    assert await store.inbox.next_due() is None
    assert await store.inbox.next_due(source=APPLE) == START

    taken = await store.inbox.take(now=START, source=APPLE)
    assert taken is not None
    assert taken.body == {"from": "apple"}
