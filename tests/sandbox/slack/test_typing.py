"""What a person's client holds: typed text across updates, options, and what it reports."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import BEN, MIA
from tests.sandbox.slack.conftest import (
    BareApp,
    World,
    a_button,
    a_modal,
    a_section,
    a_select,
    an_input,
    plain,
    refused,
)

ON_CHARACTER = {"trigger_actions_on": ["on_character_entered"]}


async def update(world: World, *blocks: dict[str, Any]) -> dict[str, Any]:
    view_id = world.top()["id"]
    reply = await world.call("views.update", view_id=view_id, view=a_modal(*blocks))
    assert reply.body["ok"], reply.body
    return dict(reply.body["view"]["state"]["values"])


async def typed(world: World, text: str, *, block_id: str = "name", action_id: str = "text") -> Any:
    return await world.slack.type(MIA, world.top()["id"], block_id, action_id, text)


def value(world: World, block_id: str = "name", action_id: str = "text") -> Any:
    return world.top()["values"][block_id][action_id]["value"]


async def test_typed_text_survives_an_update_of_the_same_ids(world: World) -> None:
    await world.open(an_input(initial_value="before"))
    await typed(world, "mine")
    values = await update(world, an_input(initial_value="theirs"))
    assert values["name"]["text"]["value"] == value(world) == "mine"


@pytest.mark.parametrize(
    "block", [an_input("other", initial_value="new"), an_input(action_id="other")]
)
async def test_typed_text_is_lost_under_another_block_id_or_action_id(
    world: World, block: dict[str, Any]
) -> None:
    await world.open(an_input())
    await typed(world, "mine")
    values = await update(world, block)
    assert "mine" not in str(values)


async def test_the_initial_value_of_a_known_input_is_ignored(world: World) -> None:
    await world.open(an_input(initial_value="first"))
    await update(world, an_input(initial_value="second"))
    assert value(world) == "first"


async def test_an_input_that_left_and_came_back_begins_anew(world: World) -> None:
    await world.open(an_input())
    await typed(world, "mine")
    await update(world, a_section())
    await update(world, an_input(initial_value="fresh"))
    assert value(world) == "fresh"


async def test_an_emptied_input_is_null(world: World) -> None:
    await world.open(an_input(initial_value="text"))
    await typed(world, "")
    assert value(world) is None


async def test_untouched_prefilled_inputs_may_be_absent_from_the_state(
    world: World, app: BareApp
) -> None:
    world.slack.views.prefilled_in_state = False
    await world.open(an_input("a", initial_value="x"), an_input("b", optional=True), an_input("c"))
    await typed(world, "y", block_id="c")
    await world.slack.submit(MIA, world.top()["id"])
    values = app.received[-1].payload["view"]["state"]["values"]
    assert {name: entry["text"]["value"] for name, entry in values.items()} == {"b": None, "c": "y"}


async def test_typing_is_reported_when_the_input_asks_for_each_character(
    world: World, app: BareApp
) -> None:
    await world.open(an_input(dispatch_action=True, dispatch_action_config=ON_CHARACTER))
    assert (await typed(world, "Ha")).ok
    payload = app.received[-1].payload
    action = payload["actions"][0]
    assert (action["type"], action["value"], action["block_id"]) == (
        "plain_text_input",
        "Ha",
        "name",
    )
    assert payload["view"]["state"]["values"]["name"]["text"]["value"] == "Ha"
    assert payload["container"] == {"type": "view", "view_id": world.top()["id"]}


async def test_typing_is_reported_on_enter_only_unless_asked_otherwise(
    world: World, app: BareApp
) -> None:
    await world.open(an_input(dispatch_action=True))
    assert await typed(world, "Ha") is None
    ack = await world.slack.click(MIA, view_id=world.top()["id"], block_id="name", action_id="text")
    assert ack.ok
    assert [received.payload["actions"][0]["value"] for received in app.received] == ["Ha"]


async def test_typing_without_dispatch_is_not_reported(world: World, app: BareApp) -> None:
    await world.open(an_input(dispatch_action_config=ON_CHARACTER))
    assert await typed(world, "Ha") is None
    assert app.received == []


async def test_an_option_is_picked_by_its_value_and_reported_in_full(
    world: World, app: BareApp
) -> None:
    await world.open(a_select(), an_input(optional=True))
    await world.slack.click(
        MIA, view_id=world.top()["id"], block_id="locale", action_id="pick", value="ja"
    )
    picked = {"text": plain("ja"), "value": "ja"}
    assert app.received[-1].payload["actions"][0]["selected_option"] == picked
    assert world.top()["values"]["locale"]["pick"]["selected_option"] == picked


async def test_an_option_that_is_not_offered_cannot_be_picked(world: World, app: BareApp) -> None:
    await world.open(a_select())
    ack = await world.slack.click(
        MIA, view_id=world.top()["id"], block_id="locale", action_id="pick", value="fr"
    )
    assert (ack.error, app.received) == ("no_such_option", [])


async def test_a_picked_option_that_is_no_longer_offered_is_forgotten(
    world: World, app: BareApp
) -> None:
    await world.open(a_select())
    await world.slack.click(
        MIA, view_id=world.top()["id"], block_id="locale", action_id="pick", value="ja"
    )
    await update(world, a_select(values=("de", "fr")))
    assert world.top()["values"]["locale"]["pick"]["selected_option"] is None


async def test_several_checkboxes_are_held_together(world: World, app: BareApp) -> None:
    options = [{"text": plain(name), "value": name} for name in "abc"]
    block = an_input("boxes", optional=True)
    block["element"] = {"type": "checkboxes", "action_id": "text", "options": options}
    await world.open(block)
    await world.slack.click(
        MIA, view_id=world.top()["id"], block_id="boxes", action_id="text", value=["a", "c"]
    )
    held = world.top()["values"]["boxes"]["text"]["selected_options"]
    assert [option["value"] for option in held] == ["a", "c"]
    assert app.received == []


async def test_a_button_in_a_modal_carries_a_trigger_that_pushes(
    world: World, app: BareApp
) -> None:
    await world.open(a_button(value="7"))
    await world.slack.click(MIA, view_id=world.top()["id"], block_id="row", action_id="go")
    payload = app.received[-1].payload
    assert payload["actions"][0]["value"] == "7"
    reply = await world.call("views.push", trigger_id=payload["trigger_id"], view=a_modal())
    assert reply.body["ok"]
    assert len(world.slack.modals(MIA)) == 2


async def test_nobody_uses_the_modal_of_another_person(world: World, app: BareApp) -> None:
    view = await world.open(a_button())
    ack = await world.slack.click(BEN, view_id=view["id"], block_id="row", action_id="go")
    assert (ack.error, app.received) == ("no_such_element", [])


@pytest.mark.parametrize(("block_id", "action_id"), [("gone", "text"), ("row", "go")])
async def test_text_goes_into_inputs_that_are_there(
    world: World, app: BareApp, block_id: str, action_id: str
) -> None:
    await world.open(an_input(), a_button())
    ack = await typed(world, "x", block_id=block_id, action_id=action_id)
    assert refused(ack) in ("no_such_element", "no_such_input")
    assert app.received == []
