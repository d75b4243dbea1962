"""Slash commands and signed HTTP: what is sent, what is answered, what fails and how it looks."""

from __future__ import annotations

import time

import pytest
from aiohttp import web

from bot.sandbox.cast import ASO, BEN, FORMER, MIA, STRANGER
from tests.sandbox.slack.conftest import (
    SECRET,
    BareApp,
    World,
    a_button,
    a_modal,
    a_section,
)


async def test_a_command_is_a_signed_form(world: World, app: BareApp) -> None:
    ack = await world.slack.command(MIA, "/aso show  Q&A <b>", channel=ASO)
    assert ack.ok
    received = app.received[-1]
    assert received.signed_with(SECRET)
    assert not received.signed_with("other")
    assert abs(int(received.headers["X-Slack-Request-Timestamp"]) - time.time()) < 60
    form = received.form
    assert (form["command"], form["text"]) == ("/aso", "show  Q&amp;A &lt;b&gt;")
    assert (form["user_id"], form["channel_id"], form["team_id"]) == (MIA, ASO, "T0TIDEWELL")
    assert form["is_enterprise_install"] == "false"
    assert form["response_url"].startswith(world.base)


async def test_a_commands_trigger_opens_a_modal(world: World, app: BareApp) -> None:
    await world.slack.command(MIA, "/aso edit")
    trigger = app.received[-1].form["trigger_id"]
    reply = await world.call("views.open", trigger_id=trigger, view=a_modal())
    assert reply.body["ok"]
    assert world.top()["view"]["callback_id"] == "edit"


@pytest.mark.parametrize(
    ("answer", "ephemeral"),
    [
        ({"text": "hi"}, True),
        ({"text": "hi", "response_type": "in_channel"}, False),
        (web.Response(text="hi"), True),
    ],
)
async def test_the_body_of_an_acknowledgement_becomes_a_message(
    world: World, app: BareApp, answer: web.Response | dict[str, str], ephemeral: bool
) -> None:
    app.answer = lambda _: answer
    await world.slack.command(MIA, "/aso help", channel=ASO)
    shown = world.slack.messages(ASO, MIA)
    assert [(m["text"], m["ephemeral"]) for m in shown] == [("hi", ephemeral)]


async def test_an_answer_with_invalid_blocks_fails_before_the_persons_eyes(
    world: World, app: BareApp
) -> None:
    app.answer = lambda _: {"text": "x", "blocks": [a_section("")]}
    await world.slack.command(MIA, "/aso help", channel=ASO)
    assert (
        world.slack.messages(ASO, MIA)[0]["text"] == '/aso failed with the error "invalid_blocks"'
    )
    assert world.refused() == ["invalid_blocks"]


async def test_a_command_nobody_acknowledges_times_out(world: World, app: BareApp) -> None:
    world.slack.delivery.seconds = 0.05
    app.silent = True
    ack = await world.slack.command(MIA, "/aso help", channel=ASO)
    assert ack.error == "operation_timeout"
    shown = world.slack.messages(ASO, MIA)
    assert shown[0]["text"] == '/aso failed with the error "operation_timeout"'


async def test_an_app_has_three_seconds_to_acknowledge(world: World) -> None:
    assert world.slack.delivery.seconds == 3.0


@pytest.mark.parametrize("status", [404, 500, 302])
async def test_an_answer_other_than_200_is_a_failed_dispatch(
    world: World, app: BareApp, status: int
) -> None:
    app.answer = lambda _: web.Response(status=status)
    assert (await world.slack.command(MIA, "/aso help")).error == "dispatch_failed"


async def test_an_app_that_is_not_there_is_a_failed_dispatch(world: World) -> None:
    world.slack.deliver_to("http://127.0.0.1:9/slack/events")
    assert (await world.slack.command(MIA, "/aso help")).error == "dispatch_failed"


@pytest.mark.parametrize(
    ("who", "line"), [(MIA, "/other"), (STRANGER, "/aso help"), (FORMER, "/aso help")]
)
async def test_what_slack_does_not_take_for_a_command_never_reaches_the_app(
    world: World, app: BareApp, who: str, line: str
) -> None:
    ack = await world.slack.command(who, line, channel=ASO)
    assert (ack.error, app.received) == ("not_a_command", [])


async def test_without_its_scope_an_app_has_no_commands(world: World, app: BareApp) -> None:
    world.slack.api.granted.discard("commands")
    assert (await world.slack.command(MIA, "/aso help")).error == "not_a_command"


async def test_a_request_url_proves_itself_by_the_challenge(world: World, app: BareApp) -> None:
    assert not await world.slack.verify_url()
    app.answer = lambda received: {"challenge": received.payload["challenge"]}
    assert await world.slack.verify_url()


# response URLs


async def respond(world: World, url: str, **given: object) -> tuple[int, str]:
    async with world.session.post(url, json=given) as response:
        return response.status, await response.text()


async def response_url(world: World, app: BareApp) -> str:
    await world.slack.command(MIA, "/aso help", channel=ASO)
    return app.received[-1].form["response_url"]


async def test_a_response_url_answers_the_person_who_acted(world: World, app: BareApp) -> None:
    url = await response_url(world, app)
    assert await respond(world, url, text="Done") == (200, "ok")
    assert [m["text"] for m in world.slack.messages(ASO, MIA)] == ["Done"]
    assert world.slack.messages(ASO, BEN) == []


async def test_a_response_url_takes_five_answers(world: World, app: BareApp) -> None:
    url = await response_url(world, app)
    statuses = [(await respond(world, url, text="x"))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert world.refused() == ["used_url"]


async def test_a_response_url_lives_for_half_an_hour(world: World, app: BareApp) -> None:
    url = await response_url(world, app)
    world.pass_time(1801)
    assert (await respond(world, url, text="x"))[0] == 404
    assert world.refused() == ["expired_url"]


@pytest.mark.parametrize(
    ("given", "error"),
    [({}, "no_text"), ({"blocks": [{"type": "nothing"}]}, "invalid_blocks")],
)
async def test_a_response_that_cannot_be_shown_is_refused(
    world: World, app: BareApp, given: dict[str, object], error: str
) -> None:
    status, text = await respond(world, await response_url(world, app), **given)
    assert status == 400
    assert error in text


async def test_a_response_that_is_no_json_is_refused(world: World, app: BareApp) -> None:
    url = await response_url(world, app)
    async with world.session.post(url, data=b"{") as response:
        assert response.status == 400


# buttons under messages


async def press(world: World, ts: str) -> None:
    await world.slack.click(MIA, block_id="row", action_id="go", channel=ASO, ts=ts)


async def test_a_button_under_a_message_tells_the_app_all_about_it(
    world: World, app: BareApp
) -> None:
    ts = await world.post(blocks=[a_button(value="7")])
    await press(world, ts)
    payload = app.received[-1].payload
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == ts
    assert payload["channel"] == {"id": ASO, "name": "aso"}
    assert payload["actions"][0]["value"] == "7"
    assert payload["trigger_id"]


async def test_a_press_may_replace_or_delete_its_message(world: World, app: BareApp) -> None:
    ts = await world.post("one", blocks=[a_button()])
    await press(world, ts)
    url = app.received[-1].payload["response_url"]
    await respond(world, url, replace_original=True, text="two")
    assert [m["text"] for m in world.slack.messages(ASO)] == ["two"]
    await respond(world, url, delete_original=True)
    assert world.slack.messages(ASO) == []


async def test_a_button_that_is_gone_cannot_be_pressed(world: World, app: BareApp) -> None:
    ts = await world.post(blocks=[a_section()])
    await press(world, ts)
    assert app.received == []
    assert world.refused() == ["no_such_element"]
