from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.appstore.gate import LONGEST_LINE, Gate, Pass
from bot.errors import Unavailable
from tests.clock import START, HandClock, breathe


class Crowd:
    """People before a gate, each with one request; `inside` holds those let through."""

    def __init__(self, gate: Gate, clock: HandClock) -> None:
        self.gate = gate
        self.clock = clock
        self.inside: list[Pass] = []
        self.moments: list[datetime] = []
        self.turned_away: list[Unavailable] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def arrive(self, many: int) -> None:
        self.tasks += [asyncio.create_task(self._enter()) for _ in range(many)]
        await breathe(many + 20)

    async def _enter(self) -> None:
        try:
            self.inside.append(await self.gate.enter())
        except Unavailable as error:
            self.turned_away.append(error)
        self.moments.append(self.clock.now())

    async def answer(self, many: int = 1, *, status: int = 200, after: float | None = None) -> None:
        for ticket in self.inside[:many]:
            if status == 429:
                self.gate.refused(ticket, {}, after)
            else:
                self.gate.answered(ticket, {})
            self.gate.leave(ticket)
        del self.inside[:many]
        await breathe(many + 20)

    async def go_home(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
def gate(clock: HandClock) -> Gate:
    return Gate(clock, Random(3))


@pytest.fixture
async def crowd(gate: Gate, clock: HandClock) -> AsyncIterator[Crowd]:
    people = Crowd(gate, clock)
    yield people
    await people.go_home()


async def test_at_most_twenty_are_out_and_the_next_follows_when_one_is_back(crowd: Crowd) -> None:
    await crowd.arrive(25)
    assert len(crowd.inside) == 20
    await crowd.answer()
    assert len(crowd.inside) == 20


async def test_a_429_holds_everybody_back_until_the_pause_is_over(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(1)
    await crowd.answer(status=429, after=3)
    await crowd.arrive(5)
    await clock.travel(2.9)
    assert not crowd.inside
    await clock.travel(0.3)
    assert crowd.inside


async def test_one_scout_goes_first_and_the_others_follow_when_it_is_let_through(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(20)
    await crowd.answer(20, status=429, after=3)
    await crowd.arrive(20)
    await clock.travel(3.2)
    assert len(crowd.inside) == 1
    await crowd.answer()
    assert len(crowd.inside) == 10


async def test_the_cap_halves_once_for_all_refusals_of_one_pause(crowd: Crowd) -> None:
    await crowd.arrive(20)
    await crowd.answer(20, status=429, after=3)
    assert crowd.gate.cap == 10


async def test_a_refused_scout_prolongs_the_pause_without_halving_again(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(1)
    await crowd.answer(status=429, after=3)
    await crowd.arrive(4)
    await clock.travel(3.2)
    await crowd.answer(status=429, after=5)
    assert crowd.gate.cap == 10
    await clock.travel(4.9)
    assert not crowd.inside
    await clock.travel(0.3)
    assert len(crowd.inside) == 1


async def test_a_second_pause_halves_again_down_to_one(crowd: Crowd, clock: HandClock) -> None:
    caps = []
    for _ in range(6):
        await crowd.arrive(2)
        await clock.travel(1.2)
        await crowd.answer()
        await crowd.answer(status=429, after=1)
        caps.append(crowd.gate.cap)
    assert caps == [10, 5, 2, 1, 1, 1]


async def test_the_cap_grows_by_one_for_four_answers_back_to_twenty(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(1)
    await crowd.answer(status=429, after=1)
    await clock.travel(1.2)
    caps = []
    for _ in range(44):
        await crowd.arrive(1)
        await crowd.answer()
        caps.append(crowd.gate.cap)
    assert caps[2:5] == [10, 11, 11]
    assert caps[39:] == [20] * 5


async def test_a_late_refusal_of_the_same_burst_only_prolongs_the_pause(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(2)
    await crowd.answer(status=429, after=1)
    await crowd.answer(status=429, after=9)
    await crowd.arrive(1)
    await clock.travel(8.9)
    assert not crowd.inside
    assert crowd.gate.cap == 10


async def test_a_late_success_of_before_the_pause_does_not_end_it(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(2)
    await crowd.answer(status=429, after=2)
    await crowd.answer()
    await crowd.arrive(5)
    await clock.travel(2.2)
    assert len(crowd.inside) == 1


async def test_without_a_wish_of_apples_pauses_grow_with_each_refusal_and_have_an_end(
    crowd: Crowd, clock: HandClock
) -> None:
    pauses = []
    for _ in range(30):
        await crowd.arrive(1)
        await clock.travel(61)
        await crowd.answer(status=429)
        until = crowd.gate.budget.paused_until or clock.now()
        pauses.append((until - clock.now()).total_seconds())
    assert max(pauses[:3]) < 2
    assert 5 < max(pauses) <= 60


async def test_the_end_of_a_pause_is_part_of_the_budget_people_see(
    crowd: Crowd, clock: HandClock
) -> None:
    await crowd.arrive(1)
    await crowd.answer(status=429, after=30)
    until = crowd.gate.budget.paused_until
    assert until is not None
    assert 30 <= (until - START).total_seconds() <= 30.1
    clock.advance(31)
    assert crowd.gate.budget.paused_until is None


async def test_setting_the_clock_neither_shortens_a_pause_nor_prolongs_it(
    crowd: Crowd, clock: HandClock
) -> None:
    clock.set(clock.now() + timedelta(days=3))
    await crowd.arrive(1)
    await crowd.answer(status=429, after=30)
    for days in (-3, +6):
        clock.set(clock.now() + timedelta(days=days))
        await crowd.arrive(1)
        assert not crowd.inside
    await clock.travel(31)
    assert len(crowd.inside) == 1
    assert not crowd.turned_away


async def test_a_clock_that_was_ahead_slows_down_no_key_that_is_nearly_used_up(
    gate: Gate, clock: HandClock
) -> None:
    clock.set(clock.now() + timedelta(days=3))
    ticket = await gate.enter()
    gate.answered(ticket, {"user-hour-lim": 3600, "user-hour-rem": 300})
    gate.leave(ticket)
    clock.set(clock.now() - timedelta(days=3))
    coming = asyncio.create_task(gate.enter())
    await clock.travel(3)
    assert coming.done()


async def test_a_pause_too_long_to_wait_for_is_said_at_once(crowd: Crowd, clock: HandClock) -> None:
    await crowd.arrive(25)
    await crowd.answer(1, status=429, after=1800)
    assert len(crowd.turned_away) == 5
    assert crowd.turned_away[0].retry_after == pytest.approx(1800, abs=1)


async def test_a_low_budget_lets_them_through_one_by_one_at_its_pace(
    crowd: Crowd, gate: Gate, clock: HandClock
) -> None:
    await crowd.arrive(1)
    gate.answered(crowd.inside[0], {"user-hour-lim": 3600, "user-hour-rem": 300})
    gate.leave(crowd.inside.pop())
    await crowd.arrive(3)
    assert not crowd.inside
    for _ in range(3):
        await clock.travel(2.1)
        await crowd.answer()
    gaps = [(later - first).total_seconds() for first, later in _pairs(crowd.moments)]
    assert all(gap == pytest.approx(2, abs=0.2) for gap in gaps)


async def test_a_line_that_would_take_ten_minutes_is_not_joined(crowd: Crowd, gate: Gate) -> None:
    await crowd.arrive(1)
    gate.answered(crowd.inside[0], {"user-hour-lim": 3600, "user-hour-rem": 5})
    gate.leave(crowd.inside.pop())
    await crowd.arrive(20)
    assert crowd.turned_away
    assert "nearly used up" in str(crowd.turned_away[0])


async def test_the_line_has_an_end(crowd: Crowd) -> None:
    await crowd.arrive(20 + LONGEST_LINE)
    assert not crowd.turned_away
    await crowd.arrive(1)
    assert len(crowd.turned_away) == 1


async def test_who_stops_waiting_holds_nobody_up(crowd: Crowd) -> None:
    await crowd.arrive(23)
    crowd.tasks[20].cancel()
    crowd.tasks[21].cancel()
    await crowd.answer(2)
    assert len(crowd.inside) == 19


async def test_a_low_minute_narrows_the_gate_until_it_is_over(
    crowd: Crowd, gate: Gate, clock: HandClock
) -> None:
    await crowd.arrive(1)
    gate.answered(crowd.inside[0], {"user-minute-lim": 250, "user-minute-rem": 12})
    gate.leave(crowd.inside.pop())
    await crowd.arrive(30)
    assert len(crowd.inside) == 4
    clock.advance(60)
    await crowd.answer()
    assert len(crowd.inside) == 20


def _pairs(moments: list[datetime]) -> list[tuple[datetime, datetime]]:
    return list(pairwise(moments))[1:]
