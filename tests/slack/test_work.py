"""What goes on after an acknowledgement: answered when it breaks, begun anew when it must go on."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.errors import Refused
from bot.slack.faces.messages import Message
from bot.slack.work import MOST_AT_ONCE, Work
from tests.clock import HandClock


async def test_a_loop_that_breaks_begins_anew_after_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = HandClock(auto=True)
    begun: list[int] = []
    again = asyncio.Event()

    async def loop() -> None:
        begun.append(len(begun))
        if len(begun) == 1:
            raise OSError("the disk is full")
        again.set()
        await asyncio.Event().wait()

    async with asyncio.TaskGroup() as tasks:
        work = Work(tasks)
        work.keep(loop, clock)
        await asyncio.wait_for(again.wait(), 5)
        work.stop()
    assert begun == [0, 1]
    assert "the disk is full" in caplog.text


async def test_who_waits_hears_why_a_deed_was_refused_and_of_a_defect(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    told: list[str] = []

    async def answer(message: Message) -> None:
        told.append(message.text)

    async def refused() -> None:
        raise Refused("Not today.", remedy="Come tomorrow.")

    async def broken() -> None:
        raise ValueError("a defect")

    async with asyncio.TaskGroup() as tasks:
        work = Work(tasks)
        work.start(refused(), answer=answer)
        work.start(broken(), answer=answer)
    assert told[0] == "Not today. Come tomorrow."
    assert "a defect" not in told[1]


async def test_who_finds_no_room_is_told_to_try_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    told: list[str] = []
    done: list[int] = []
    go_on = asyncio.Event()

    async def answer(message: Message) -> None:
        told.append(message.text)
        go_on.set()

    async def deed(number: int) -> None:
        await go_on.wait()
        done.append(number)

    async with asyncio.TaskGroup() as tasks:
        work = Work(tasks)
        for number in range(MOST_AT_ONCE + 1):
            work.start(deed(number), answer=answer)
    assert done == list(range(MOST_AT_ONCE))
    assert len(told) == 1
    assert "Try again in a moment." in told[0]
