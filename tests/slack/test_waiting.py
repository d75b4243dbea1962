"""At a start Slack is waited for however long it is away; a refusal ends that at once."""

from __future__ import annotations

import pytest

from bot.errors import Unavailable
from bot.slack.checks import SlackRefused
from bot.slack.waiting import until_answered
from tests.clock import HandClock


async def test_slack_is_asked_until_it_answers_and_at_most_once_a_minute() -> None:
    clock = HandClock(auto=True)

    async def ask() -> str:
        # An hour and a half later.
        if clock.steady() < 5400:
            raise Unavailable("away")
        return "here"

    assert await until_answered(ask, clock) == "here"
    assert clock.naps == sorted(clock.naps)
    assert max(clock.naps) == 60


async def test_slack_is_left_alone_for_as_long_as_it_asks() -> None:
    clock = HandClock(auto=True)
    answers = iter([Unavailable("busy", retry_after=90.0), None])

    async def ask() -> None:
        if error := next(answers):
            raise error

    await until_answered(ask, clock)
    assert clock.naps == [90]


async def test_what_slack_refuses_is_not_asked_again() -> None:
    clock = HandClock(auto=True)

    async def ask() -> None:
        raise SlackRefused("invalid_auth")

    with pytest.raises(SlackRefused):
        await until_answered(ask, clock)
    assert clock.naps == []
