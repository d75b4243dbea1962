"""Modals and Home tabs through the Web API: triggers, stacks, hashes, sizes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import BEN, MIA
from tests.sandbox.slack.conftest import World, a_modal, a_section, an_input, plain


async def open_with(world: World, trigger: str, **more: Any) -> str | None:
    return (await world.call("views.open", trigger_id=trigger, view=a_modal(**more))).error


async def test_an_expired_trigger_is_refused_by_its_slack_name(world: World) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    world.pass_time(3.1)
    assert await open_with(world, trigger) == "expired_trigger_id"


async def test_a_trigger_opens_one_modal(world: World) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    assert [await open_with(world, trigger), await open_with(world, trigger)] == [
        None,
        "exchanged_trigger_id",
    ]


async def test_a_trigger_that_nobody_gave_out_is_invalid(world: World) -> None:
    assert await open_with(world, "1.2.3") == "invalid_trigger_id"


async def test_a_modal_without_a_trigger_is_refused(world: World) -> None:
    assert (await world.call("views.open", view=a_modal())).error == "invalid_arguments"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (a_modal(title=plain("x" * 25)), "must be less than 25 characters"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (a_modal(submit=None) | {"submit": None}, None),
        ({"type": "workflow_step"}, "must be one of: modal, home"),
        (a_modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (a_modal(callback_id="x" * 256), "must be less than 256 characters"),
        (a_modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
        (a_modal(colour="red"), "invalid additional property: colour"),
        ({"type": "home", "blocks": []}, "must be one of: modal"),
    ],
)
async def test_a_view_beyond_the_limits_is_refused_with_the_reason(
    world: World, view: dict[str, Any], words: str | None
) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    reply = await world.call("views.open", trigger_id=trigger, view=view)
    if words is None:
        assert reply.body["ok"]
    else:
        assert reply.error == "invalid_arguments"
        assert words in reply.complaints[0]


async def test_a_refused_view_leaves_its_trigger_unused_when_the_view_is_absent(
    world: World,
) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    assert (await world.call("views.open", trigger_id=trigger)).error == "invalid_arguments"
    assert await open_with(world, trigger) is None


async def test_a_modal_needs_a_submit_button_beside_an_input(world: World) -> None:
    view = a_modal()
    del view["submit"]
    trigger = world.slack.workspace.new_trigger(MIA)
    reply = await world.call("views.open", trigger_id=trigger, view=view)
    assert "missing required field: submit" in reply.complaints[0]


async def test_a_view_of_more_than_250_kilobytes_is_too_large(world: World) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    blocks = [a_section("é" * 2_900) for _ in range(45)]
    view = a_modal(*blocks)
    reply = await world.call("views.open", trigger_id=trigger, view=view)
    assert reply.error == "view_too_large"


async def test_a_description_of_four_thousand_characters_fits_without_max_length(
    world: World,
) -> None:
    view = await world.open(an_input(initial_value="x" * 4_000, multiline=True))
    assert len(view["state"]["values"]["name"]["text"]["value"]) == 4_000


async def test_an_update_has_the_same_id_and_a_new_hash(world: World) -> None:
    view = await world.open()
    changed = (await world.call("views.update", view_id=view["id"], view=a_modal())).body["view"]
    assert changed["id"] == view["id"]
    assert changed["hash"] != view["hash"]


async def test_an_update_with_a_stale_hash_conflicts(world: World) -> None:
    view = await world.open()
    args = {"view_id": view["id"], "hash": view["hash"], "view": a_modal()}
    replies = [(await world.call("views.update", **args)).error for _ in range(2)]
    assert replies == [None, "hash_conflict"]


async def test_a_modal_that_was_closed_is_not_found(world: World) -> None:
    view = await world.open()
    await world.slack.close_view(MIA, view["id"])
    reply = await world.call("views.update", view_id=view["id"], view=a_modal())
    assert reply.error == "not_found"


async def test_a_modal_is_found_by_its_external_id_which_is_its_own(world: World) -> None:
    await world.open(external_id="draft-7")
    reply = await world.call(
        "views.update", external_id="draft-7", view=a_modal(external_id="draft-7")
    )
    assert reply.body["ok"]
    trigger = world.slack.workspace.new_trigger(BEN)
    assert await open_with(world, trigger, external_id="draft-7") == "duplicate_external_id"


async def test_a_stack_holds_three_modals(world: World) -> None:
    first = await world.open()
    errors = []
    for _ in range(3):
        trigger = world.slack.workspace.new_trigger(MIA)
        reply = await world.call("views.push", trigger_id=trigger, view=a_modal())
        errors.append(reply.error)
    assert errors == [None, None, "push_limit_reached"]
    stack = world.slack.modals(MIA)
    assert [view["view"]["root_view_id"] for view in stack] == [first["id"]] * 3
    assert stack[-1]["view"]["previous_view_id"] == stack[-2]["id"]


async def test_nothing_can_be_pushed_on_no_modal(world: World) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    reply = await world.call("views.push", trigger_id=trigger, view=a_modal())
    assert reply.error == "not_found"


async def test_a_home_tab_keeps_its_id_and_changes_its_hash(world: World) -> None:
    home = {"type": "home", "blocks": [a_section()]}
    first, second = [
        (await world.call("views.publish", user_id=MIA, view=home)).body["view"] for _ in range(2)
    ]
    assert first["id"] == second["id"]
    assert first["hash"] != second["hash"]
    stale = await world.call("views.publish", user_id=MIA, view=home, hash=first["hash"])
    assert stale.error == "hash_conflict"
    shown = world.slack.home(MIA)
    assert shown is not None
    assert shown["hash"] == second["hash"]


async def test_a_home_tab_needs_a_person_and_a_home_view(world: World) -> None:
    home = {"type": "home", "blocks": []}
    reply = await world.call("views.publish", user_id="U0NOBODY", view=home)
    assert reply.error == "user_not_found"
    assert (await world.call("views.publish", user_id=MIA, view=a_modal())).error == (
        "invalid_arguments"
    )


async def test_blocks_without_ids_are_given_some(world: World) -> None:
    block = an_input()
    del block["block_id"], block["element"]["action_id"]
    shown = (await world.open(block))["blocks"][0]
    assert shown["block_id"]
    assert shown["element"]["action_id"]


async def test_a_workspace_may_refuse_an_input_that_begins_with_a_long_text(world: World) -> None:
    world.slack.views.longest_initial = 3000
    for length, error in ((3000, None), (3001, "invalid_arguments")):
        trigger = world.slack.workspace.new_trigger(MIA)
        view = a_modal(an_input("text", initial_value="x" * length))
        reply = await world.call("views.open", trigger_id=trigger, view=view)
        assert reply.error == error
