"""Reactions through the Web API: names, skin tones, who and how many."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, GENERAL, MIA
from tests.sandbox.slack.conftest import World


async def add(world: World, ts: str, name: str) -> str | None:
    return (await world.call("reactions.add", channel=ASO, timestamp=ts, name=name)).error


async def test_a_reaction_is_counted_once_for_each_person(world: World) -> None:
    ts = await world.post()
    assert await add(world, ts, "white_check_mark") is None
    await world.slack.react(BEN, ASO, ts, "white_check_mark")
    assert world.slack.messages(ASO)[0]["reactions"] == [
        {"name": "white_check_mark", "users": ["U0MARQUEE", BEN], "count": 2}
    ]


async def test_the_same_reaction_twice_is_refused(world: World) -> None:
    ts = await world.post()
    assert [await add(world, ts, "x"), await add(world, ts, "x")] == [None, "already_reacted"]


async def test_an_emoji_that_nobody_has_is_an_invalid_name(world: World) -> None:
    assert await add(world, await world.post(), "no_such_emoji") == "invalid_name"


async def test_a_reaction_that_is_not_there_cannot_be_removed(world: World) -> None:
    ts = await world.post()
    reply = await world.call("reactions.remove", channel=ASO, timestamp=ts, name="x")
    assert reply.error == "no_reaction"


async def test_a_removed_reaction_is_gone(world: World) -> None:
    ts = await world.post()
    await add(world, ts, "x")
    await world.call("reactions.remove", channel=ASO, timestamp=ts, name="x")
    assert world.slack.messages(ASO)[0]["reactions"] == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": ASO, "timestamp": "1.1", "name": "x"}, "message_not_found"),
        ({"channel": "C0NOWHERE", "timestamp": "1.1", "name": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "timestamp": "1.1", "name": "x"}, "not_in_channel"),
        ({"name": "x"}, "no_item_specified"),
    ],
)
@pytest.mark.parametrize("method", ["reactions.add", "reactions.remove", "reactions.get"])
async def test_a_reaction_needs_a_message_the_app_can_see(
    world: World, method: str, args: dict[str, Any], error: str
) -> None:
    assert (await world.call(method, **args)).error == error


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("thumbsup", "+1"),
        (":thumbsup:", "+1"),
        ("+1::skin-tone-3", "+1::skin-tone-3"),
        ("white_check_mark_button", "white_check_mark_button"),
    ],
)
async def test_names_are_told_as_the_api_tells_them(world: World, typed: str, told: str) -> None:
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, typed)
    reply = await world.call("reactions.get", channel=ASO, timestamp=ts, full=True)
    assert [r["name"] for r in reply.body["message"]["reactions"]] == [told]


async def test_without_full_the_list_of_users_may_be_shorter_than_the_count(world: World) -> None:
    ts = await world.post()
    for who in (BEN, MIA, AIKO):
        await world.slack.react(who, ASO, ts, "x")
    world.slack.workspace.short_reaction_lists = True
    short, full = [
        (await world.call("reactions.get", channel=ASO, timestamp=ts, full=full)).body
        for full in (False, True)
    ]
    assert short["message"]["reactions"] == [{"name": "x", "users": [BEN], "count": 3}]
    assert full["message"]["reactions"][0]["users"] == [BEN, MIA, AIKO]


async def test_a_message_takes_fifty_emoji(world: World) -> None:
    ts = await world.post()
    for number in range(50):
        await world.slack.react(BEN, ASO, ts, f"custom_{number}")
    assert await add(world, ts, "x") == "too_many_emoji"


async def test_the_messages_somebody_reacted_to_are_listed(world: World) -> None:
    first, _ = await world.post("one"), await world.post("two")
    await world.slack.react(BEN, ASO, first, "x")
    items = (await world.call("reactions.list", user=BEN)).body["items"]
    assert [item["message"]["ts"] for item in items] == [first]
