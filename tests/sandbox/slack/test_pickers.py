"""Days, times and choices: what each input takes, and what it is called in state.values."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import ASO, BEN, MIA
from tests.sandbox.slack.conftest import BareApp, World, a_modal, an_input, plain, refused

Json = dict[str, Any]


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


OPTIONS = {"options": [option(v) for v in ("ja", "de", "fr")]}
GROUPS = {"option_groups": [{"label": plain("Has texts"), "options": [option("ja")]}]}


def picker(kind: str, **element: Any) -> Json:
    return an_input("when", action_id="pick", type=kind, **element)


async def choose(world: World, value: Any) -> str | None:
    view_id = world.top()["id"]
    ack = await world.slack.click(
        MIA, view_id=view_id, block_id="when", action_id="pick", value=value
    )
    return refused(ack)


CASES: list[tuple[str, Json, Any, Json, Json]] = [
    (
        "datepicker",
        {},
        "2026-11-30",
        {"selected_date": "2026-11-30"},
        {"selected_date": None},
    ),
    ("timepicker", {}, "09:30", {"selected_time": "09:30"}, {"selected_time": None}),
    (
        "datetimepicker",
        {},
        "1790000000",
        {"selected_date_time": 1_790_000_000},
        {"selected_date_time": None},
    ),
    (
        "static_select",
        GROUPS,
        "ja",
        {"selected_option": option("ja")},
        {"selected_option": None},
    ),
    (
        "radio_buttons",
        OPTIONS,
        "de",
        {"selected_option": option("de")},
        {"selected_option": None},
    ),
    (
        "checkboxes",
        OPTIONS,
        ["ja", "fr"],
        {"selected_options": [option("ja"), option("fr")]},
        {"selected_options": []},
    ),
    (
        "multi_static_select",
        OPTIONS,
        ["de"],
        {"selected_options": [option("de")]},
        {"selected_options": []},
    ),
    ("channels_select", {}, ASO, {"selected_channel": ASO}, {"selected_channel": None}),
    ("multi_users_select", {}, BEN, {"selected_users": [BEN]}, {"selected_users": []}),
]


@pytest.mark.parametrize(("kind", "more", "value", "full", "empty"), CASES)
async def test_a_choice_arrives_under_slacks_name_and_so_does_its_absence(
    world: World, app: BareApp, kind: str, more: Json, value: Any, full: Json, empty: Json
) -> None:
    await world.open(picker(kind, optional=True, **more))
    assert world.top()["values"]["when"]["pick"] == {"type": kind, **empty}
    assert await choose(world, value) is None
    await world.slack.submit(MIA, world.top()["id"])
    values = app.received[-1].payload["view"]["state"]["values"]
    assert values == {"when": {"pick": {"type": kind, **full}}}


@pytest.mark.parametrize(("kind", "more", "value", "full", "empty"), CASES)
async def test_a_choice_can_be_taken_back(
    world: World, kind: str, more: Json, value: Any, full: Json, empty: Json
) -> None:
    await world.open(picker(kind, **more))
    await choose(world, value)
    await choose(world, [] if isinstance(value, list) else "")
    assert world.top()["values"]["when"]["pick"] == {"type": kind, **empty}


@pytest.mark.parametrize(
    ("kind", "more", "value"),
    [
        ("datepicker", {}, "30.11.2026"),
        ("datepicker", {}, "2026-02-30"),
        ("timepicker", {}, "9:30"),
        ("timepicker", {}, "24:00"),
        ("datetimepicker", {}, "2026-11-30"),
        ("datetimepicker", {}, "17"),
        ("radio_buttons", OPTIONS, "it"),
        ("multi_static_select", {**OPTIONS, "max_selected_items": 1}, ["ja", "de"]),
    ],
)
async def test_what_no_client_could_pick_is_refused(
    world: World, kind: str, more: Json, value: Any
) -> None:
    await world.open(picker(kind, **more))
    assert await choose(world, value) == "no_such_option"


@pytest.mark.parametrize(
    ("kind", "initial"),
    [
        ("datepicker", {"initial_date": "tomorrow"}),
        ("timepicker", {"initial_time": "7 pm"}),
        ("datetimepicker", {"initial_date_time": 17}),
        ("radio_buttons", {**OPTIONS, "initial_option": option("it")}),
        ("checkboxes", {"options": [option(str(n)) for n in range(11)]}),
        ("multi_static_select", {**OPTIONS, **GROUPS}),
    ],
)
async def test_a_picker_that_slack_would_not_draw_is_refused(
    world: World, kind: str, initial: Json
) -> None:
    trigger = world.slack.workspace.new_trigger(MIA)
    view = a_modal(picker(kind, **initial))
    reply = await world.call("views.open", trigger_id=trigger, view=view)
    assert reply.error == "invalid_arguments"


async def test_a_picker_begins_with_its_initial_value(world: World) -> None:
    await world.open(picker("datepicker", initial_date="2026-12-01"))
    assert world.top()["values"]["when"]["pick"]["selected_date"] == "2026-12-01"


async def test_a_picker_that_dispatches_tells_the_app_at_once(world: World, app: BareApp) -> None:
    await world.open(picker("timepicker", dispatch_action=True))
    await choose(world, "18:00")
    (action,) = app.received[-1].payload["actions"]
    assert (action["type"], action["selected_time"]) == ("timepicker", "18:00")


async def test_a_picker_in_a_message_reports_what_was_picked(world: World, app: BareApp) -> None:
    element = {"type": "datepicker", "action_id": "day"}
    row = {"type": "actions", "block_id": "row", "elements": [element]}
    ts = await world.post("When?", blocks=[row])
    await world.slack.click(
        MIA, block_id="row", action_id="day", value="2026-11-30", channel=ASO, ts=ts
    )
    (action,) = app.received[-1].payload["actions"]
    assert action["selected_date"] == "2026-11-30"
    wrong = await world.slack.click(
        MIA, block_id="row", action_id="day", value="soon", channel=ASO, ts=ts
    )
    assert refused(wrong) == "no_such_option"
