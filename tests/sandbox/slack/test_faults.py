"""Troubles on demand: answers that are lost or late, events that go astray, each one counted."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.cast import ASO, BEN
from bot.sandbox.slack.faults import Fault
from tests.sandbox.slack.conftest import BareApp, World


def named(world: World, text: str) -> list[Any]:
    return [one for one in world.slack.messages(ASO) if one["text"] == text]


async def test_a_message_is_there_although_the_answer_was_lost(world: World) -> None:
    fault = Fault(method="chat.postMessage", kind="lost")
    world.slack.api.faults.append(fault)
    with pytest.raises(aiohttp.ClientError):
        await world.post("Hello")
    assert (len(named(world, "Hello")), fault.struck) == (1, 1)
    assert (world.slack.log[-1]["method"], world.slack.log[-1]["status"]) == (
        "chat.postMessage",
        499,
    )


async def test_a_connection_that_breaks_before_leaves_nothing_behind(world: World) -> None:
    world.slack.api.faults.append(Fault(method="*", kind="broken"))
    with pytest.raises(aiohttp.ClientError):
        await world.post("Hello")
    assert named(world, "Hello") == []
    await world.post("Hello")
    assert len(named(world, "Hello")) == 1


async def test_a_slow_answer_is_one_that_a_patient_client_gets(world: World) -> None:
    world.slack.api.faults.append(Fault(method="chat.postMessage", kind="slow", seconds=0.01))
    await world.post("Hello")
    assert len(named(world, "Hello")) == 1


async def test_a_rate_limit_says_when_to_come_again(world: World) -> None:
    limit = Fault(method="auth.test", error="ratelimited", status=429, retry_after=7)
    world.slack.api.faults.append(limit)
    assert (await world.call("auth.test")).headers["Retry-After"] == "7"


def test_a_fault_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match="No fault is called 'odd'"):
        Fault(method="auth.test", kind="odd")


async def test_an_event_can_be_lost_on_the_way(world: World, app: BareApp) -> None:
    ts = await world.post()
    world.slack.events.trouble.gone = 1.0
    await world.slack.react(BEN, ASO, ts, "x")
    world.slack.events.trouble.calm()
    await world.slack.react(BEN, ASO, ts, "eyes")

    assert [one.payload["event"]["reaction"] for one in app.received] == ["eyes"]
    assert world.slack.events.trouble.struck == {"gone": 1}


async def test_an_event_can_come_twice_under_one_id(world: World, app: BareApp) -> None:
    ts = await world.post()
    world.slack.events.trouble.twice = 1.0
    await world.slack.react(BEN, ASO, ts, "x")
    async with asyncio.timeout(5):
        while len(app.received) < 2:
            await app.next()

    assert len({one.payload["event_id"] for one in app.received}) == 1
    assert world.slack.events.trouble.struck == {"twice": 1}


async def test_a_late_event_is_overtaken_by_the_next(world: World, app: BareApp) -> None:
    ts = await world.post()
    world.slack.events.trouble.late = 1.0
    world.slack.events.trouble.seconds = 0.2
    world.slack.events.trouble.chance.seed(4)
    await world.slack.react(BEN, ASO, ts, "x")
    world.slack.events.trouble.calm()
    await world.slack.unreact(BEN, ASO, ts, "x")
    async with asyncio.timeout(5):
        while len(app.received) < 2:
            await app.next()

    kinds = [one.payload["event"]["type"] for one in app.received]
    assert kinds == ["reaction_removed", "reaction_added"]
