"""Channels the app is not in: what arrives from there, what may be said, and how it gets in."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import ASO, BEN, GENERAL, LEADS, MARQUEE, MIA, STRANGER
from tests.sandbox.slack.conftest import BareApp, World, refused


async def is_member(world: World, channel: str) -> bool:
    body = (await world.call("conversations.info", channel=channel)).body
    return bool(body["channel"]["is_member"])


async def test_a_channel_says_whether_the_app_is_in_it(world: World) -> None:
    assert [await is_member(world, channel) for channel in (ASO, GENERAL)] == [True, False]


async def test_a_command_arrives_from_where_the_app_is_not_and_is_answered_there(
    world: World, app: BareApp
) -> None:
    assert (await world.slack.command(MIA, "/aso watch", GENERAL)).ok
    form = app.received[-1].form
    assert (form["channel_id"], form["text"]) == (GENERAL, "watch")
    reply = await world.call("chat.postMessage", channel=form["channel_id"], text="x")
    assert reply.error == "not_in_channel"
    async with world.session.post(form["response_url"], json={"text": "Invite me"}) as response:
        assert response.status == 200
    assert [m["text"] for m in world.slack.messages(GENERAL, MIA)] == ["Invite me"]


async def test_an_invited_app_may_speak(world: World) -> None:
    assert (await world.slack.invite(MIA, GENERAL)).ok
    assert await is_member(world, GENERAL)
    await world.post("Thanks", channel=GENERAL)


async def test_people_invite_the_app_by_slacks_own_command(world: World, app: BareApp) -> None:
    assert (await world.slack.command(MIA, "/invite @Marquee", GENERAL)).ok
    assert await is_member(world, GENERAL)
    assert app.received == []


@pytest.mark.parametrize(
    ("who", "channel", "error"),
    [
        (MIA, ASO, "already_in_channel"),
        (STRANGER, GENERAL, "channel_not_found"),
        (MIA, "C0NOWHERE", "channel_not_found"),
    ],
)
async def test_an_invitation_that_makes_no_sense_is_refused(
    world: World, who: str, channel: str, error: str
) -> None:
    assert refused(await world.slack.invite(who, channel)) == error


async def test_nobody_is_invited_to_an_archived_channel(world: World) -> None:
    world.slack.workspace.channels[GENERAL].is_archived = True
    assert refused(await world.slack.invite(MIA, GENERAL)) == "is_archived"


async def test_a_button_of_a_private_channel_is_out_of_reach_for_others(world: World) -> None:
    await world.post("x", channel=LEADS)
    world.slack.workspace.channels[LEADS].members.remove(MARQUEE)
    assert (await world.call("chat.postMessage", channel=LEADS, text="x")).error == (
        "channel_not_found"
    )
    assert (await world.slack.invite(BEN, LEADS)).ok
    await world.post("y", channel=LEADS)
