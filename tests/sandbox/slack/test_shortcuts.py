"""Message shortcuts: what the app is told, and which are not there."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import ASO, MIA
from tests.sandbox.slack.conftest import BareApp, World, a_modal


async def test_a_shortcut_brings_the_whole_message_and_a_trigger(
    world: World, app: BareApp
) -> None:
    await world.slack.say(MIA, ASO, "Ebbe & Flut" * 400)
    message = world.slack.messages(ASO)[-1]

    ack = await world.slack.shortcut(MIA, ASO, message["ts"], "use_text")

    assert ack.ok
    told = app.received[-1].payload
    assert (told["type"], told["callback_id"]) == ("message_action", "use_text")
    assert told["message"]["text"].startswith("Ebbe &amp; Flut")
    assert told["message_ts"] == message["ts"]
    reply = await world.call("views.open", trigger_id=told["trigger_id"], view=a_modal())
    assert reply.body["ok"]


@pytest.mark.parametrize(("ts", "callback_id"), [("1.0", "use_text"), ("", "no_such")])
async def test_a_shortcut_that_is_not_there_reaches_nobody(
    world: World, app: BareApp, ts: str, callback_id: str
) -> None:
    await world.slack.say(MIA, ASO, "Hello")
    told = len(app.received)

    ack = await world.slack.shortcut(
        MIA, ASO, ts or world.slack.messages(ASO)[-1]["ts"], callback_id
    )

    assert ack.error == "no_such_shortcut"
    assert len(app.received) == told
