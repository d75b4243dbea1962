"""Events: what is told, and how it is told again when nobody acknowledged it."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.sandbox.cast import ASO, BEN, GENERAL, MIA, STRANGER
from tests.sandbox.slack.conftest import SECRET, BareApp, World, a_section, refused


def failing(_: object) -> web.Response:
    return web.Response(status=500)


async def test_a_reaction_is_told_with_its_message_and_author(world: World, app: BareApp) -> None:
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, "thumbsup")
    received = app.received[-1]
    assert received.signed_with(SECRET)
    payload = received.payload
    event = payload["event"]
    assert (event["type"], event["user"], event["reaction"]) == ("reaction_added", BEN, "+1")
    assert event["item"] == {"type": "message", "channel": ASO, "ts": ts}
    assert event["item_user"] == "U0MARQUEE"
    assert (payload["type"], payload["team_id"]) == ("event_callback", "T0TIDEWELL")
    assert payload["api_app_id"] == "A0MARQUEE"
    assert payload["authorizations"][0]["user_id"] == "U0MARQUEE"


async def test_a_reaction_taken_back_is_told(world: World, app: BareApp) -> None:
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, "x")
    await world.slack.unreact(BEN, ASO, ts, "x")
    kinds = [received.payload["event"]["type"] for received in app.received]
    assert kinds == ["reaction_added", "reaction_removed"]


async def test_each_event_has_an_id_of_its_own(world: World, app: BareApp) -> None:
    ts = await world.post()
    for name in ("x", "eyes"):
        await world.slack.react(BEN, ASO, ts, name)
    assert len({received.payload["event_id"] for received in app.received}) == 2


async def test_the_apps_own_reactions_are_told_too(world: World, app: BareApp) -> None:
    ts = await world.post()
    await world.call("reactions.add", channel=ASO, timestamp=ts, name="x")
    assert (await app.next()).payload["event"]["user"] == "U0MARQUEE"


async def test_a_strangers_reaction_is_told_like_any_other(world: World, app: BareApp) -> None:
    ts = await world.post()
    world.slack.workspace.channels[ASO].is_ext_shared = True
    await world.slack.react(STRANGER, ASO, ts, "white_check_mark")
    assert app.received[-1].payload["event"]["user"] == STRANGER
    assert app.received[-1].payload["is_ext_shared_channel"] is True


@pytest.mark.parametrize("channel", [GENERAL, "C0NOWHERE"])
async def test_nobody_reacts_to_what_they_cannot_see(
    world: World, app: BareApp, channel: str
) -> None:
    ack = await world.slack.react(STRANGER, channel, "1.1", "x")
    assert (refused(ack), app.received) == ("channel_not_found", [])


async def test_where_the_app_is_not_it_hears_nothing(world: World, app: BareApp) -> None:
    await world.slack.say(MIA, GENERAL, "hello")
    ts = world.slack.messages(GENERAL)[0]["ts"]
    assert await world.slack.react(BEN, GENERAL, ts, "x") is None
    assert app.received == []


async def test_messages_are_told_only_to_those_who_subscribed(world: World, app: BareApp) -> None:
    assert await world.slack.say(MIA, ASO, "one") is None
    world.slack.events.subscribed.add("message.channels")
    await world.slack.say(MIA, ASO, "two")
    event = app.received[-1].payload["event"]
    assert (event["type"], event["text"], event["channel_type"]) == ("message", "two", "channel")


async def test_opening_the_home_tab_is_told_with_the_view_that_is_there(
    world: World, app: BareApp
) -> None:
    await world.slack.open_home(MIA)
    assert "view" not in app.received[-1].payload["event"]
    home = {"type": "home", "blocks": [a_section()]}
    await world.call("views.publish", user_id=MIA, view=home)
    await world.slack.open_home(MIA)
    event = app.received[-1].payload["event"]
    assert (event["type"], event["tab"], event["view"]["type"]) == (
        "app_home_opened",
        "home",
        "home",
    )


async def test_an_event_is_repeated_three_times_under_the_same_id(
    world: World, app: BareApp
) -> None:
    world.slack.events.retry_seconds = (600.0, 600.0, 600.0)
    app.answer = failing
    ts = await world.post()
    assert refused(await world.slack.react(BEN, ASO, ts, "x")) == "dispatch_failed"
    for _ in range(4):
        await world.slack.redeliver()
    numbers = [received.headers.get("X-Slack-Retry-Num") for received in app.received]
    assert numbers == [None, "1", "2", "3"]
    assert app.received[-1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({received.payload["event_id"] for received in app.received}) == 1
    assert world.refused() == ["event_lost"]


async def test_the_first_repetition_comes_at_once(world: World, app: BareApp) -> None:
    app.answer = lambda received: (
        None if "X-Slack-Retry-Num" in received.headers else web.Response(status=500)
    )
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, "x")
    app.arrived.clear()
    again = await app.next()
    assert again.headers["X-Slack-Retry-Num"] == "1"


async def test_a_late_acknowledgement_counts_as_none(world: World, app: BareApp) -> None:
    world.slack.events.retry_seconds = (600.0,)
    world.slack.delivery.seconds = 0.05
    app.silent = True
    ts = await world.post()
    assert refused(await world.slack.react(BEN, ASO, ts, "x")) == "operation_timeout"
    app.silent = False
    world.slack.delivery.seconds = 5
    await world.slack.redeliver()
    assert app.received[-1].headers["X-Slack-Retry-Reason"] == "http_timeout"
    assert world.slack.events.waiting == 0


async def test_an_app_may_ask_not_to_be_told_again(world: World, app: BareApp) -> None:
    app.answer = lambda _: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
    await world.slack.react(BEN, ASO, await world.post(), "x")
    assert world.slack.events.waiting == 0


async def test_an_event_may_come_twice_though_it_was_acknowledged(
    world: World, app: BareApp
) -> None:
    assert await world.slack.events.repeat_last() is None
    await world.slack.react(BEN, ASO, await world.post(), "x")
    await world.slack.events.repeat_last()
    assert len({received.payload["event_id"] for received in app.received}) == 1
    assert len(app.received) == 2


async def test_nobody_reacts_twice_with_the_same_emoji(world: World, app: BareApp) -> None:
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, "x")
    assert refused(await world.slack.react(BEN, ASO, ts, "x")) == "already_reacted"
    assert refused(await world.slack.unreact(MIA, ASO, ts, "x")) == "no_reaction"
    assert len(app.received) == 1


async def test_the_outbox_is_bounded(world: World, app: BareApp) -> None:
    world.slack.deliver_to(None)
    ts = await world.post()
    for _ in range(251):
        await world.slack.react(BEN, ASO, ts, "x")
        await world.slack.unreact(BEN, ASO, ts, "x")
    assert world.slack.events.waiting == 500
    assert world.refused() == ["event_lost"] * 2
