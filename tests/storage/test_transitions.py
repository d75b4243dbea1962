"""Versions and standings change from what was seen before, once, with what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.listing import Version
from bot.storage.outbox import NewNotice
from bot.storage.standings import PHASED, Standing, StandingSight
from bot.storage.store import Store
from bot.storage.transitions import VersionSight
from tests.clock import START

VERSION = Version(id="V1", app_id="A1", platform="IOS", number="2.4.0", state="IN_REVIEW")
REJECTED = replace(VERSION, state="REJECTED")
PHASE = Standing(
    kind=PHASED,
    id="P1",
    app_id="A1",
    version_id="V1",
    state="ACTIVE",
    since=START,
    detail={"day": 1},
)


def said(key: str) -> tuple[NewNotice, ...]:
    return (NewNotice(key=key, kind="release", channel="C1", body={}),)


async def see(store: Store, version: Version, before: str | None, key: str = "") -> None:
    notices = said(key) if key else ()
    sight = VersionSight(version=version, before=before, notices=notices)
    await store.standings.see([sight], [], now=START + timedelta(hours=1))


async def notices(store: Store) -> list[str]:
    found = []
    while (notice := await store.outbox.begin(now=START + timedelta(days=1))) is not None:
        found.append(notice.key)
        await store.outbox.done(notice.id, ts="1.0", now=START)
    return found


async def test_a_first_sight_is_no_transition(store: Store) -> None:
    await see(store, VERSION, None)
    assert await store.transitions.of_version("V1") == ()


async def test_a_transition_keeps_both_states_and_since_when_the_old_one_was(store: Store) -> None:
    await store.watchlog.see([(VERSION, None, ())], now=START)
    await see(store, REJECTED, "IN_REVIEW", "rejected")

    (one,) = await store.transitions.of_version("V1")
    assert (one.old, one.new, one.number) == ("IN_REVIEW", "REJECTED", "2.4.0")
    assert (one.old_since, one.at) == (START, START + timedelta(hours=1))
    assert await notices(store) == ["rejected"]


async def test_who_comes_second_changes_nothing_and_says_nothing(store: Store) -> None:
    await see(store, VERSION, None)
    await see(store, REJECTED, "IN_REVIEW", "first")
    await see(store, replace(VERSION, state="ACCEPTED"), "IN_REVIEW", "second")

    (known,) = await store.watchlog.versions()
    assert known.version.state == "REJECTED"
    assert await notices(store) == ["first"]
    assert len(await store.transitions.of_version("V1")) == 1


async def test_a_look_that_took_long_does_not_write_back_what_came_and_went_meanwhile(
    store: Store,
) -> None:
    hours = [START + timedelta(hours=number) for number in range(4)]
    there = VersionSight(version=VERSION, before=None)
    slow = VersionSight(version=REJECTED, before="IN_REVIEW", since=hours[0], notices=said("slow"))
    await store.standings.see([there], [], now=hours[0])
    await store.standings.see([replace(slow, notices=())], [], now=hours[1])
    back = VersionSight(version=VERSION, before="REJECTED", since=hours[1])
    await store.standings.see([back], [], now=hours[2])
    await store.standings.see([slow], [], now=hours[3])

    (known,) = await store.watchlog.versions()
    assert (known.version.state, known.since) == ("IN_REVIEW", hours[2])
    assert len(await store.transitions.of_version("V1")) == 2
    assert await notices(store) == []


async def test_a_standing_that_came_back_meanwhile_is_not_written_back(store: Store) -> None:
    hours = [START + timedelta(hours=number) for number in range(3)]
    stood = [replace(PHASE, since=hours[0])]
    stood += [replace(PHASE, state="PAUSED", since=hours[1]), replace(PHASE, since=hours[2])]
    before = [None, *stood]
    for was, now in zip(before, stood, strict=False):
        await store.standings.see([], [StandingSight(now=now, before=was)], now=now.since)
    await store.standings.see(
        [], [StandingSight(now=stood[1], before=stood[0], notices=said("slow"))], now=hours[2]
    )

    assert await store.standings.get(PHASED, "P1") == stood[2]
    assert await notices(store) == []


async def test_a_new_number_is_kept_and_is_no_transition(store: Store) -> None:
    await store.watchlog.see([(VERSION, None, ())], now=START)
    await see(store, replace(VERSION, number="2.5.0"), "IN_REVIEW")

    (known,) = await store.watchlog.versions()
    assert (known.version.number, known.since) == ("2.5.0", START)
    assert await store.transitions.of_version("V1") == ()


async def test_a_standing_changes_only_from_what_was_seen_in_every_detail(store: Store) -> None:
    second = replace(PHASE, detail={"day": 2})
    third = replace(PHASE, detail={"day": 3})
    await store.standings.see([], [StandingSight(now=PHASE, before=None)], now=START)
    await store.standings.see(
        [], [StandingSight(now=second, before=PHASE, notices=said("two"))], now=START
    )
    await store.standings.see(
        [], [StandingSight(now=third, before=PHASE, notices=said("late"))], now=START
    )

    assert await store.standings.get(PHASED, "P1") == second
    assert await store.standings.phased_of("V1") == second
    assert await notices(store) == ["two"]


async def test_transitions_are_told_by_time_and_app(store: Store) -> None:
    await see(store, VERSION, None)
    await see(store, REJECTED, "IN_REVIEW")
    hour = timedelta(hours=1)

    assert len(await store.transitions.between(START, START + 2 * hour)) == 1
    assert len(await store.transitions.between(START, START + 2 * hour, app_id="A1")) == 1
    assert await store.transitions.between(START, START + 2 * hour, app_id="A2") == ()
    assert await store.transitions.between(START, START + hour) == ()


async def test_a_thread_is_known_for_each_channel_and_may_begin_anew(store: Store) -> None:
    await store.transitions.keep_thread("V1", "C1", ts="1.0")
    await store.transitions.keep_thread("V1", "C2", ts="2.0")
    await store.transitions.keep_thread("V1", "C1", ts="3.0")

    assert await store.transitions.thread("V1", "C1") == "3.0"
    assert await store.transitions.thread("V1", "C2") == "2.0"
    assert await store.transitions.thread("V2", "C1") is None
