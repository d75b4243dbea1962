"""Slack's patience: turns in a minute, and waiting for whichever comes first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.slack.voice.pacing import Pace, woken
from tests.clock import HandClock, breathe


async def test_no_more_turns_are_given_in_a_minute_than_slack_takes() -> None:
    clock = HandClock()
    pace = Pace(clock, most=3, seconds=60)
    assert [pace.try_take() for _ in range(4)] == [True, True, True, False]
    assert pace.wait() == 60


async def test_a_turn_is_free_again_a_minute_after_it_was_taken() -> None:
    clock = HandClock()
    pace = Pace(clock, most=2, seconds=60)
    pace.try_take()
    clock.advance(20)
    pace.try_take()
    clock.advance(40)
    assert pace.try_take()
    assert pace.wait() == 20


async def test_setting_the_clock_neither_gives_nor_takes_a_turn() -> None:
    clock = HandClock()
    clock.set(clock.now() + timedelta(days=3))
    pace = Pace(clock, most=1, seconds=60)
    pace.try_take()
    clock.advance(20)
    for days in (-3, +6):
        clock.set(clock.now() + timedelta(days=days))
        assert pace.wait() == 40
    clock.advance(40)
    assert pace.try_take()


async def test_a_wait_ends_with_its_event_or_with_its_time() -> None:
    clock = HandClock()
    event = asyncio.Event()
    waiting = asyncio.create_task(woken(event, clock, 5))
    await breathe()
    event.set()
    await waiting
    assert not event.is_set()
    waiting = asyncio.create_task(woken(event, clock, 5))
    await clock.travel(5)
    await waiting
