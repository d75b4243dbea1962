"""Rate limits: each method's minute, and the bucket of each channel."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import ASO, BEN, NOTES
from bot.sandbox.slack.rates import Rates
from tests.sandbox.slack.conftest import World

LIMITS = {
    "chat.update": 50,
    "reactions.add": 50,
    "reactions.get": 50,
    "reactions.remove": 50,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "chat.postEphemeral": 100,
    "files.delete": 50,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "usergroups.users.list": 20,
    "users.list": 20,
}


@pytest.mark.parametrize(("method", "limit"), LIMITS.items())
async def test_the_call_after_the_last_of_a_minute_is_refused(
    world: World, method: str, limit: int
) -> None:
    replies = [await world.call(method) for _ in range(limit + 1)]
    assert "ratelimited" not in {reply.error for reply in replies[:-1]}
    last = replies[-1]
    assert (last.status, last.error) == (429, "ratelimited")
    assert last.headers["Retry-After"] == "60"


async def test_after_the_time_that_retry_after_names_the_call_passes(world: World) -> None:
    for _ in range(20):
        await world.call("users.list")
        world.pass_time(1)
    refused = await world.call("users.list")
    world.pass_time(int(refused.headers["Retry-After"]))
    assert (await world.call("users.list")).body["ok"]


async def test_methods_are_counted_apart(world: World) -> None:
    for _ in range(21):
        await world.call("users.list")
    assert (await world.call("users.info", user=BEN)).body["ok"]


async def test_a_channel_takes_a_burst_and_then_one_message_a_second(world: World) -> None:
    replies = [await world.call("chat.postMessage", channel=ASO, text="x") for _ in range(11)]
    assert [reply.status for reply in replies] == [200] * 10 + [429]
    assert replies[-1].headers["Retry-After"] == "1"
    assert (await world.call("chat.postMessage", channel=NOTES, text="x")).body["ok"]
    world.pass_time(1)
    assert (await world.call("chat.postMessage", channel=ASO, text="x")).body["ok"]


async def test_rates_can_be_switched_off(world: World) -> None:
    world.slack.api.rates.enabled = False
    assert {(await world.call("users.list")).status for _ in range(25)} == {200}


async def test_one_channel_can_be_closed_for_a_while(world: World) -> None:
    world.slack.api.rates.enabled = False
    world.slack.limit_channel(ASO, 600)
    refused = await world.call("chat.postMessage", channel=ASO, text="x")
    assert (refused.status, refused.error) == (429, "ratelimited")
    assert refused.headers["Retry-After"] == "600"
    assert (await world.call("chat.postMessage", channel=NOTES, text="x")).body["ok"]
    assert (await world.call("conversations.history", channel=ASO)).body["ok"]
    world.pass_time(599)
    again = await world.call("chat.postMessage", channel=ASO, text="x")
    assert again.headers["Retry-After"] == "1"
    world.pass_time(1)
    assert (await world.call("chat.postMessage", channel=ASO, text="x")).body["ok"]


async def test_a_closed_channel_may_ask_to_come_again_sooner_than_it_opens(world: World) -> None:
    world.slack.limit_channel(ASO, 600, retry_after=30)
    world.pass_time(30)
    refused = await world.call("chat.postMessage", channel=ASO, text="x")
    assert refused.headers["Retry-After"] == "30"
    world.slack.limit_channel(ASO, 0)
    assert (await world.call("chat.postMessage", channel=ASO, text="x")).body["ok"]


async def test_a_person_can_be_closed_by_the_id_of_the_direct_messages(world: World) -> None:
    channel = world.slack.direct_channel(BEN)["id"]
    world.slack.limit_channel(channel, 10)
    assert (await world.call("chat.postMessage", channel=BEN, text="x")).status == 429


def test_a_method_that_may_not_be_called_at_all_waits_a_minute() -> None:
    rates = Rates(lambda: 0.0)
    rates.limits["chat.update"] = 0
    assert rates.wait("chat.update") == 60
