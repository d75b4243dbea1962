"""Submitting and closing modals: what the client keeps back, and what an answer does."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.cast import MIA
from bot.sandbox.slack.views import TROUBLE
from tests.sandbox.slack.conftest import BareApp, World, a_modal, a_section, an_input


async def submit(world: World) -> str | None:
    return (await world.slack.submit(MIA, world.top()["id"])).error


async def test_an_empty_acknowledgement_closes_the_modal(world: World, app: BareApp) -> None:
    await world.open(an_input(initial_value="x"))
    assert await submit(world) is None
    assert world.slack.modals(MIA) == []


async def test_a_submission_carries_the_values_and_who_sent_it(world: World, app: BareApp) -> None:
    view = await world.open(an_input(initial_value="x"), private_metadata="7")
    await submit(world)
    payload = app.received[-1].payload
    assert payload["type"] == "view_submission"
    assert payload["user"]["id"] == MIA
    assert payload["team"]["id"] == "T0TIDEWELL"
    assert payload["enterprise"] is None
    assert payload["is_enterprise_install"] is False
    shown = payload["view"]
    assert (shown["id"], shown["private_metadata"]) == (view["id"], "7")
    assert shown["state"]["values"] == {
        "name": {"text": {"type": "plain_text_input", "value": "x"}}
    }


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ({}, "Please complete this required field."),
        ({"max_length": 3, "min_length": 2}, "Please enter at least 2 characters."),
        ({"max_length": 3}, "Please enter no more than 3 characters."),
    ],
)
async def test_the_client_keeps_back_what_breaks_an_inputs_own_rules(
    world: World, app: BareApp, element: dict[str, Any], words: str
) -> None:
    await world.open(an_input(**element))
    text = {"Please enter at least 2 characters.": "a"}.get(words, "abcd" if element else "")
    await world.slack.type(MIA, world.top()["id"], "name", "text", text)
    assert await submit(world) == "invalid_input"
    assert world.top()["errors"] == {"name": words}
    assert app.received == []


async def test_errors_are_shown_at_their_inputs_until_the_text_changes(
    world: World, app: BareApp
) -> None:
    app.answer = lambda _: {"response_action": "errors", "errors": {"name": "Too long"}}
    await world.open(an_input(initial_value="x"))
    await submit(world)
    assert world.top()["errors"] == {"name": "Too long"}
    await world.slack.type(MIA, world.top()["id"], "name", "text", "y")
    assert world.top()["errors"] == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"words": "not an input"}},
        {"response_action": "errors", "errors": {"gone": "not there"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors"},
        {"response_action": "explode"},
        {"response_action": "update"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"text": "thanks"},
    ],
)
async def test_an_answer_slack_cannot_use_leaves_the_modal_with_trouble(
    world: World, app: BareApp, answer: dict[str, Any]
) -> None:
    app.answer = lambda _: answer
    await world.open(an_input(initial_value="x"), {**a_section(), "block_id": "words"})
    await submit(world)
    assert world.top()["notice"] == TROUBLE
    assert world.refused()[-1] in ("invalid_response", "invalid_arguments")


async def test_update_shows_the_new_view_under_the_same_id(world: World, app: BareApp) -> None:
    done = a_modal(a_section("Done"))
    app.answer = lambda _: {"response_action": "update", "view": done}
    view = await world.open(an_input(initial_value="x"))
    await submit(world)
    assert world.top()["id"] == view["id"]
    assert world.top()["view"]["blocks"][0]["text"]["text"] == "Done"


async def test_push_puts_a_view_on_top_and_clear_takes_all_away(world: World, app: BareApp) -> None:
    again = a_modal(an_input(initial_value="y"))
    app.answer = lambda _: {"response_action": "push", "view": again}
    await world.open(an_input(initial_value="x"))
    await submit(world)
    assert len(world.slack.modals(MIA)) == 2
    app.answer = lambda _: {"response_action": "clear"}
    await submit(world)
    assert world.slack.modals(MIA) == []


@pytest.mark.parametrize("silent", [True, False])
async def test_a_submission_nobody_acknowledges_leaves_everything_as_typed(
    world: World, app: BareApp, silent: bool
) -> None:
    world.slack.delivery.seconds = 0.05
    app.silent = silent
    app.answer = lambda _: web.Response(status=500)
    await world.open(an_input())
    await world.slack.type(MIA, world.top()["id"], "name", "text", "mine")
    assert await submit(world) == ("operation_timeout" if silent else "dispatch_failed")
    assert world.top()["notice"] == TROUBLE
    assert world.top()["values"]["name"]["text"]["value"] == "mine"


async def test_a_modal_closed_while_it_is_submitted_stays_closed(
    world: World, app: BareApp
) -> None:
    view = await world.open(an_input(initial_value="x"))
    app.answer = lambda _: {"response_action": "update", "view": a_modal()}

    async def close_meanwhile() -> None:
        await world.slack.close_view(MIA, view["id"])

    app.meanwhile = close_meanwhile
    await world.slack.submit(MIA, view["id"])
    assert world.slack.modals(MIA) == []
    assert world.refused() == []


async def test_a_modal_that_does_not_exist_cannot_be_submitted(world: World, app: BareApp) -> None:
    ack = await world.slack.submit(MIA, "V0NONE")
    assert (ack.error, app.received) == ("no_such_view", [])


async def test_the_app_hears_of_a_closed_modal_only_if_it_asked(world: World, app: BareApp) -> None:
    quiet = await world.open()
    assert await world.slack.close_view(MIA, quiet["id"]) is None
    asked = await world.open(notify_on_close=True)
    ack = await world.slack.close_view(MIA, asked["id"])
    assert ack is not None
    assert ack.ok
    assert [received.payload["type"] for received in app.received] == ["view_closed"]
    assert app.received[0].payload["is_cleared"] is False
    assert "trigger_id" not in app.received[0].payload


async def test_closing_a_pushed_modal_shows_the_one_below(world: World) -> None:
    below = await world.open()
    trigger = world.slack.workspace.new_trigger(MIA)
    await world.call("views.push", trigger_id=trigger, view=a_modal())
    await world.slack.close_view(MIA, world.top()["id"])
    assert [view["id"] for view in world.slack.modals(MIA)] == [below["id"]]


async def test_a_modal_may_take_all_below_it_away(world: World) -> None:
    await world.open()
    trigger = world.slack.workspace.new_trigger(MIA)
    await world.call("views.push", trigger_id=trigger, view=a_modal(clear_on_close=True))
    await world.slack.close_view(MIA, world.top()["id"])
    assert world.slack.modals(MIA) == []
