"""What the app writes to one person: opened, posted, read again, and kept from everybody else."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import BEN, FORMER, MIA, OTHER_BOT
from tests.sandbox.slack.conftest import BareApp, World, a_button, refused


async def opened(world: World, who: str = BEN) -> str:
    body = (await world.call("conversations.open", users=who)).body
    assert body["ok"], body
    return str(body["channel"]["id"])


async def test_opening_twice_gives_the_same_conversation_and_says_so(world: World) -> None:
    first = (await world.call("conversations.open", users=BEN)).body
    again = (await world.call("conversations.open", users=BEN, return_im=True)).body
    assert first["channel"]["id"].startswith("D")
    assert "already_open" not in first
    assert again["already_open"]
    assert again["channel"] == {
        "id": first["channel"]["id"],
        "is_im": True,
        "user": BEN,
        "is_org_shared": False,
    }


async def test_a_message_goes_to_the_person_by_either_id(world: World) -> None:
    channel = await opened(world)
    by_user = (await world.call("chat.postMessage", channel=BEN, text="one")).body
    by_channel = (await world.call("chat.postMessage", channel=channel, text="two")).body
    assert by_user["channel"] == by_channel["channel"] == channel
    assert [m["text"] for m in world.slack.direct(BEN)] == ["one", "two"]


async def test_nobody_else_sees_it(world: World) -> None:
    channel = await opened(world)
    ts = await world.post("psst", channel=channel)
    assert world.slack.messages(channel, BEN) == world.slack.direct(BEN)
    assert world.slack.messages(channel, MIA) == world.slack.direct(MIA) == []
    assert world.slack.thread(channel, ts, MIA) == []
    assert channel not in {c["id"] for c in world.slack.channels()}


async def test_somebody_else_cannot_press_or_react_there(world: World, app: BareApp) -> None:
    channel = await opened(world)
    ts = await world.post("psst", channel=channel, blocks=[a_button()])
    ack = await world.slack.click(MIA, block_id="row", action_id="go", channel=channel, ts=ts)
    assert refused(ack) == "no_such_element"
    assert refused(await world.slack.react(MIA, channel, ts, "eyes")) == "channel_not_found"
    assert app.received == []


async def test_the_person_can_press_and_react_there(world: World, app: BareApp) -> None:
    channel = await opened(world)
    ts = await world.post("psst", channel=channel, blocks=[a_button()])
    await world.slack.click(BEN, block_id="row", action_id="go", channel=channel, ts=ts)
    pressed = app.received[-1].payload
    assert pressed["channel"] == {"id": channel, "name": "directmessage"}
    await world.slack.react(BEN, channel, ts, "eyes")
    assert app.received[-1].payload["event"]["item"]["channel"] == channel


async def test_messages_there_are_read_changed_and_reacted_to_by_the_conversations_id(
    world: World,
) -> None:
    channel = await opened(world)
    ts = await world.post("one", channel=channel)
    await world.post("reply", channel=channel, thread_ts=ts)
    assert (await world.call("chat.update", channel=channel, ts=ts, text="two")).body["ok"]
    assert (await world.call("chat.update", channel=BEN, ts=ts, text="x")).error == (
        "channel_not_found"
    )
    await world.call("reactions.add", channel=channel, timestamp=ts, name="eyes")
    body = (await world.call("conversations.history", channel=channel)).body
    assert [(m["text"], m["reactions"][0]["name"]) for m in body["messages"]] == [("two", "eyes")]


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("conversations.history", "im:history"),
        ("conversations.replies", "im:history"),
        ("conversations.info", "im:read"),
    ],
)
async def test_reading_there_needs_the_scopes_of_direct_messages(
    world: World, method: str, scope: str
) -> None:
    channel = await opened(world)
    world.slack.api.granted.discard(scope)
    reply = await world.call(method, channel=channel)
    assert (reply.error, reply.body["needed"]) == ("missing_scope", scope)


async def test_opening_needs_a_scope_and_posting_to_a_person_does_not(world: World) -> None:
    world.slack.api.granted.discard("im:write")
    reply = await world.call("conversations.open", users=BEN)
    assert (reply.error, reply.body["needed"]) == ("missing_scope", "im:write")
    assert (await world.call("chat.postMessage", channel=BEN, text="x")).body["ok"]


@pytest.mark.parametrize(
    ("who", "error"),
    [(FORMER, "user_disabled"), (OTHER_BOT, "cannot_dm_bot"), ("U0NOBODY", "channel_not_found")],
)
async def test_a_message_to_somebody_who_cannot_read_it_is_refused(
    world: World, who: str, error: str
) -> None:
    assert (await world.call("chat.postMessage", channel=who, text="x")).error == error


async def test_bots_have_no_direct_messages_with_the_app(world: World) -> None:
    assert (await world.call("conversations.open", users=OTHER_BOT)).error == "cannot_dm_bot"


async def test_without_the_messages_tab_nothing_can_be_written(world: World) -> None:
    channel = await opened(world)
    world.slack.workspace.messages_tab = "off"
    reply = await world.call("chat.postMessage", channel=channel, text="x")
    assert reply.error == "messages_tab_disabled"


async def test_people_write_back_only_where_the_messages_tab_is_open(
    world: World, app: BareApp
) -> None:
    channel = await opened(world)
    world.slack.events.subscribed.add("message.im")
    ack = await world.slack.say(BEN, channel, "hello?")
    assert refused(ack) == "restricted_action_read_only_channel"
    world.slack.workspace.messages_tab = "open"
    await world.slack.say(BEN, channel, "hello!")
    assert [m["text"] for m in world.slack.direct(BEN)] == ["hello!"]
    assert app.received[-1].payload["event"]["channel_type"] == "im"


async def test_a_person_has_one_bucket_of_messages_under_either_id(world: World) -> None:
    channel = await opened(world)
    refs = [BEN, channel] * 6
    replies = [await world.call("chat.postMessage", channel=ref, text="x") for ref in refs]
    assert [reply.status for reply in replies] == [200] * 10 + [429] * 2
