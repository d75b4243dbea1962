"""A checklist that cannot be looked up is tried once, and its thread hears of it."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

import pytest

from bot.slack.faces.messages import Message
from bot.slack.voice.of_checklists import Checklists
from bot.slack.work import MOST_AT_ONCE, Work
from bot.workflow.desk import Desk
from tests.builders import a_proposal
from tests.slack.limits import violations

# Whatever is asked of it breaks, as a defect of the bot's own would.
NO_DESK = cast("Desk", None)


async def taken(checklists: Checklists) -> Message | None:
    """Ask for a checklist until it is there, a few times."""
    for _ in range(10):
        if (message := checklists.take(NO_DESK, a_proposal())) is not None:
            return message
        await asyncio.sleep(0)
    return None


async def test_a_defect_is_logged_once_and_told_with_what_finds_it_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR)
    checklists = Checklists()
    async with asyncio.TaskGroup() as tasks:
        checklists.begin(Work(tasks))
        message = await taken(checklists)
    assert message is not None
    assert violations({"text": message.text, "blocks": message.blocks}) == []
    (record,) = caplog.records
    assert record.exc_info is not None
    reference = record.getMessage().split("reference=")[1]
    assert message.text.startswith("The checklist of proposal 12 could not be made. ")
    assert f"tell whoever runs the bot: {reference}." in message.text


async def test_where_too_much_goes_on_it_is_looked_up_once_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    checklists, go_on = Checklists(), asyncio.Event()

    async def other() -> None:
        await go_on.wait()

    async with asyncio.TaskGroup() as tasks:
        work = Work(tasks)
        checklists.begin(work)
        for _ in range(MOST_AT_ONCE):
            work.start(other())
        assert await taken(checklists) is None
        go_on.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await taken(checklists) is not None
