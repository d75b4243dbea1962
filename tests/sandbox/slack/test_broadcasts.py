"""Replies that are sent to the channel too."""

from __future__ import annotations

from bot.sandbox.cast import ASO, MIA
from tests.sandbox.slack.conftest import World


async def told_twice(world: World) -> tuple[str, str]:
    first = await world.post("Version 2.4")
    return first, await world.post("Rejected", thread_ts=first, reply_broadcast=True)


async def test_a_broadcast_reply_shows_in_the_channel_and_once_in_its_thread(world: World) -> None:
    first, _ = await told_twice(world)
    assert [m["text"] for m in world.slack.messages(ASO)] == ["Version 2.4", "Rejected"]
    assert [m["text"] for m in world.slack.thread(ASO, first)] == ["Version 2.4", "Rejected"]
    assert [m["broadcast"] for m in world.slack.messages(ASO)] == [False, True]
    assert [m["reply_count"] for m in world.slack.messages(ASO)] == [1, 0]


async def test_the_history_names_a_broadcast_with_its_thread_and_root(world: World) -> None:
    first, reply = await told_twice(world)
    body = (await world.call("conversations.history", channel=ASO)).body
    newest = body["messages"][0]
    assert (newest["ts"], newest["subtype"], newest["thread_ts"]) == (
        reply,
        "thread_broadcast",
        first,
    )
    assert newest["root"]["text"] == "Version 2.4"
    thread = (await world.call("conversations.replies", channel=ASO, ts=first)).body["messages"]
    assert [m["ts"] for m in thread] == [first, reply]


async def test_outside_a_thread_there_is_nothing_to_broadcast(world: World) -> None:
    await world.post("alone", reply_broadcast=True)
    body = (await world.call("conversations.history", channel=ASO)).body
    assert "subtype" not in body["messages"][0]
    assert world.slack.messages(ASO)[0]["broadcast"] is False


async def test_a_reply_can_be_sent_to_the_channel_later(world: World) -> None:
    first = await world.post("first")
    reply = await world.post("reply", thread_ts=first)
    await world.call("chat.update", channel=ASO, ts=reply, text="reply", reply_broadcast=True)
    assert [m["ts"] for m in world.slack.messages(ASO)] == [first, reply]


async def test_a_broadcast_takes_reactions_and_goes_from_both_places(world: World) -> None:
    first, reply = await told_twice(world)
    await world.slack.react(MIA, ASO, reply, "eyes")
    assert (
        world.slack.messages(ASO)[1]["reactions"] == world.slack.thread(ASO, first)[1]["reactions"]
    )
    await world.call("chat.delete", channel=ASO, ts=reply)
    assert len(world.slack.messages(ASO)) == len(world.slack.thread(ASO, first)) == 1
