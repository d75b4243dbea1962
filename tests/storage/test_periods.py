"""Periods are taken once, and a clock that was set back leaves nothing to wait for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.listing import Version
from bot.storage.outbox import NewNotice
from bot.storage.store import Store
from tests.clock import START
from tests.storage.proposals import a_new_proposal, a_new_revision

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(key: str) -> NewNotice:
    return NewNotice(key=key, kind="direct", channel="C0ASO", body={})


async def test_a_period_is_taken_once_with_what_it_says(store: Store) -> None:
    first, second = await asyncio.gather(
        *(store.periods.take("ask", ["a", "b"], now=START, notices=[said(f"n{n}")]) for n in (1, 2))
    )

    assert [first, second].count(True) == 1
    assert await store.outbox.begin(now=START) is not None
    assert await store.outbox.begin(now=START, busy=["C0ASO"]) is None
    assert await store.periods.taken("ask") == {"a", "b"}


async def test_names_are_found_by_how_they_begin_and_by_job(store: Store) -> None:
    for name in ("1:1:x", "1:10:x", "11:1:x"):
        await store.periods.take("ask", [name], now=START)
    await store.periods.take("other", ["1:1:y"], now=START)

    assert await store.periods.taken("ask", "1:1:") == {"1:1:x"}


async def test_a_clock_that_is_behind_for_a_moment_is_let_be(store: Store) -> None:
    await store.periods.take("ask", ["a"], now=START)
    behind = START - DAY

    assert not await store.periods.behind(now=behind)
    assert not await store.periods.behind(now=behind + 0.9 * HOUR)
    assert not await store.periods.behind(now=START)
    # It began anew meanwhile, so that an hour counts from here.
    assert not await store.periods.behind(now=behind + 2 * HOUR)
    assert await store.periods.behind(now=behind + 3 * HOUR)


async def test_a_clock_that_was_never_ahead_is_right(store: Store) -> None:
    await store.periods.take("ask", ["a"], now=START)

    assert not await store.periods.behind(now=START)
    assert not await store.periods.behind(now=START + DAY)


@pytest.mark.parametrize(("ahead", "kept"), [(35 * HOUR, True), (37 * HOUR, False)])
async def test_what_was_said_far_ahead_is_due_again_and_what_was_said_a_moment_ago_is_not(
    store: Store, ahead: timedelta, kept: bool
) -> None:
    await store.periods.take("ask", ["a"], now=START + ahead)
    await store.periods.set_back(now=START)

    assert (await store.periods.taken("ask") == {"a"}) == kept
    assert not await store.periods.behind(now=START)


async def test_a_state_that_seems_to_begin_in_the_future_begins_now(store: Store) -> None:
    version = Version(id="v", app_id="1", platform="IOS", number="1.0", state="REJECTED")
    await store.watchlog.see([(version, None, [])], now=START + 300 * DAY)
    await store.periods.set_back(now=START)

    (seen,) = await store.watchlog.versions()
    assert seen.since == START


async def test_a_proposal_that_seems_to_end_in_the_future_has_ended_by_now(store: Store) -> None:
    number = await store.proposals.create(a_new_proposal(), a_new_revision(), now=START)
    assert number is not None
    await store.proposals.move(number, "reject", now=START + 300 * DAY)
    await store.periods.set_back(now=START)

    (told,) = await store.weeks.ended(since=START - DAY, until=START + HOUR)
    assert told.proposal_id == number


async def test_what_is_to_be_said_does_not_wait_for_a_day_that_was_none(store: Store) -> None:
    await store.outbox.add([said("late")], now=START + 300 * DAY)
    await store.outbox.add([said("soon")], now=START)
    notice = await store.outbox.begin(now=START + 400 * DAY)
    assert notice is not None
    await store.outbox.later(notice.id, due=START + 0.5 * HOUR)
    await store.periods.set_back(now=START)

    # A pause that Slack asked for is kept, and the other one waits behind it.
    assert await store.outbox.next_due() == START + 0.5 * HOUR
    assert await store.outbox.begin(now=START) is None
    first = await store.outbox.begin(now=START + 0.5 * HOUR)
    assert first is not None
    assert first.key == "late"


@pytest.mark.parametrize(("ahead", "again"), [(35 * HOUR, 0), (37 * HOUR, 1)])
async def test_what_was_said_far_ahead_is_written_down_again_when_its_time_comes(
    store: Store, ahead: timedelta, again: int
) -> None:
    await store.outbox.add([said("k")], now=START + ahead)
    await store.periods.set_back(now=START)

    assert await store.outbox.add([said("k")], now=START + DAY) == again
    assert await store.outbox.add([said("k")], now=START + DAY) == 0


async def test_what_may_have_been_said_far_ahead_is_looked_for_by_the_key_it_carries(
    store: Store,
) -> None:
    ahead = START + 3 * DAY
    await store.outbox.add([said("k")], now=ahead)
    cut_off = await store.outbox.begin(now=ahead)
    assert cut_off is not None
    await store.periods.set_back(now=START)

    again = await store.outbox.begin(now=START)
    assert again is not None
    assert (again.id, again.key, again.unsure) == (cut_off.id, "k", True)


async def test_what_was_said_while_the_clock_was_ahead_is_forgotten_in_its_time(
    store: Store,
) -> None:
    await store.outbox.add([said("k")], now=START + 300 * DAY)
    await store.periods.set_back(now=START)
    notice = await store.outbox.begin(now=START)
    assert notice is not None
    await store.outbox.done(notice.id, ts="1", now=START)
    await store.outbox.forget(now=START + 31 * DAY, age=30 * DAY)

    assert await store.outbox.said_of("k", kind="direct", most=1) == ()


async def test_what_was_said_a_moment_ago_was_said_when_the_clock_was_first_seen_behind(
    store: Store,
) -> None:
    await store.periods.take("failures", ["a"], now=START + 20 * HOUR)
    await store.periods.behind(now=START)
    assert await store.periods.behind(now=START + HOUR)
    await store.periods.set_back(now=START + HOUR)

    last = await store.watchlog.last("failures")
    assert last is not None
    assert (last.period, last.at) == ("a", START)
