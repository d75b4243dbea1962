"""Block Kit limits: each refused just above its bound, and the published samples accepted."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blocks import check_blocks, check_view
from tests.sandbox.slack.conftest import a_modal, a_section, an_input, plain

Json = dict[str, Any]

CONTRACT = Path(__file__).resolve().parents[4] / "shared" / "contract"


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(number: int = 0, **more: Any) -> Json:
    return {"type": "button", "action_id": f"a{number}", "text": plain("Go"), **more}


def option(value: str = "v", **more: Any) -> Json:
    return {"text": plain("Option"), "value": value, **more}


def menu(kind: str, count: int, **more: Any) -> Json:
    options = [option(str(number)) for number in range(count)]
    return {"type": kind, "action_id": "menu", "options": options, **more}


def rows(count: int, *, cells: int = 1, text: str = "x") -> Json:
    row = [{"type": "raw_text", "text": text}] * cells
    return {"type": "table", "rows": [row] * count}


def confirm(**more: Any) -> Json:
    whole = {"title": plain("T"), "text": plain("x"), "confirm": plain("Y"), "deny": plain("N")}
    return button(confirm=whole | more)


# Each pair: within the limit, beyond it.
PAIRS: dict[str, tuple[Json, Json]] = {
    "section text": (a_section("x" * 3_000), a_section("x" * 3_001)),
    "empty section text": (a_section("x"), a_section("")),
    "section fields": (
        {"type": "section", "fields": [mrkdwn("x")] * 10},
        {"type": "section", "fields": [mrkdwn("x")] * 11},
    ),
    "section field": (
        {"type": "section", "fields": [mrkdwn("x" * 2_000)]},
        {"type": "section", "fields": [mrkdwn("x" * 2_001)]},
    ),
    "section without words": (a_section(), {"type": "section"}),
    "header": (
        {"type": "header", "text": plain("x" * 150)},
        {"type": "header", "text": plain("x" * 151)},
    ),
    "header in mrkdwn": (
        {"type": "header", "text": plain("x")},
        {"type": "header", "text": mrkdwn("x")},
    ),
    "context elements": (
        {"type": "context", "elements": [mrkdwn("x")] * 10},
        {"type": "context", "elements": [mrkdwn("x")] * 11},
    ),
    "buttons in a row": (
        actions(*[button(n) for n in range(25)]),
        actions(*[button(n) for n in range(26)]),
    ),
    "action ids": (actions(button(0), button(1)), actions(button(0), button(0))),
    "button text": (
        actions(button(text=plain("x" * 75))),
        actions(button(text=plain("x" * 76))),
    ),
    "button value": (actions(button(value="x" * 2_000)), actions(button(value="x" * 2_001))),
    "button url": (actions(button(url="x" * 3_000)), actions(button(url="x" * 3_001))),
    "button style": (actions(button(style="danger")), actions(button(style="loud"))),
    "action id": (
        actions(button(action_id="x" * 255)),
        actions(button(action_id="x" * 256)),
    ),
    "block id": (a_section() | {"block_id": "x" * 255}, a_section() | {"block_id": "x" * 256}),
    "confirm title": (
        actions(confirm(title=plain("x" * 100))),
        actions(confirm(title=plain("x" * 101))),
    ),
    "confirm text": (
        actions(confirm(text=plain("x" * 300))),
        actions(confirm(text=plain("x" * 301))),
    ),
    "confirm button": (
        actions(confirm(confirm=plain("x" * 30))),
        actions(confirm(confirm=plain("x" * 31))),
    ),
    "select options": (actions(menu("static_select", 100)), actions(menu("static_select", 101))),
    "overflow options": (actions(menu("overflow", 5)), actions(menu("overflow", 6))),
    "checkboxes": (actions(menu("checkboxes", 10)), actions(menu("checkboxes", 11))),
    "radio buttons": (actions(menu("radio_buttons", 10)), actions(menu("radio_buttons", 11))),
    "option text": (
        actions(menu("static_select", 0, options=[option(text=plain("x" * 75))])),
        actions(menu("static_select", 0, options=[option(text=plain("x" * 76))])),
    ),
    "option value": (
        actions(menu("static_select", 0, options=[option("x" * 150)])),
        actions(menu("static_select", 0, options=[option("x" * 151)])),
    ),
    "option description": (
        actions(menu("static_select", 0, options=[option(description=plain("x" * 75))])),
        actions(menu("static_select", 0, options=[option(description=plain("x" * 76))])),
    ),
    "the same option twice": (
        actions(menu("static_select", 2)),
        actions(menu("static_select", 0, options=[option(), option()])),
    ),
    "initial option": (
        actions(menu("static_select", 2, initial_option=option("1"))),
        actions(menu("static_select", 2, initial_option=option("7"))),
    ),
    "options or groups": (
        actions(menu("static_select", 1)),
        actions(
            menu("static_select", 1, option_groups=[{"label": plain("G"), "options": [option()]}])
        ),
    ),
    "placeholder": (
        actions(menu("static_select", 1, placeholder=plain("x" * 150))),
        actions(menu("static_select", 1, placeholder=plain("x" * 151))),
    ),
    "input label": (
        an_input() | {"label": plain("x" * 2_000)},
        an_input() | {"label": plain("x" * 2_001)},
    ),
    "input hint": (
        an_input() | {"hint": plain("x" * 2_000)},
        an_input() | {"hint": plain("x" * 2_001)},
    ),
    "max_length": (an_input(max_length=3_000), an_input(max_length=3_001)),
    "min_length": (an_input(min_length=3_000), an_input(min_length=3_001)),
    "min_length above max_length": (
        an_input(min_length=2, max_length=2),
        an_input(min_length=3, max_length=2),
    ),
    "initial value against max_length": (
        an_input(initial_value="x" * 3_000, max_length=3_000),
        an_input(initial_value="x" * 3_001, max_length=3_000),
    ),
    "a button as an input": (an_input(), an_input() | {"element": button()}),
    "markdown": (
        {"type": "markdown", "text": "x" * 12_000},
        {"type": "markdown", "text": "x" * 12_001},
    ),
    "table rows": (rows(100), rows(101)),
    "table cells": (rows(1, cells=20), rows(1, cells=21)),
    "table characters": (rows(100, text="x" * 100), rows(100, text="x" * 101)),
    "image alt": (
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x" * 2_000},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x" * 2_001},
    ),
    "image source": (
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x"},
        {"type": "image", "alt_text": "x"},
    ),
    "rich text": (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
        {"type": "rich_text", "elements": []},
    ),
    "file input outside of a modal": (
        an_input(),
        an_input() | {"element": {"type": "file_input", "action_id": "f"}},
    ),
    "unknown type": (a_section(), {"type": "sectoin"}),
    "an alert outside of a modal": (a_section(), {"type": "alert", "text": plain("x")}),
}


@pytest.mark.parametrize(("within", "beyond"), PAIRS.values(), ids=PAIRS.keys())
def test_what_is_within_a_limit_passes_and_what_is_beyond_does_not(
    within: Json, beyond: Json
) -> None:
    assert check_blocks([within]) == []
    assert check_blocks([beyond]) != []


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed"),
        ([a_section() | {"block_id": "a"}] * 2, "block_id already exists: a"),
        ([rows(1), rows(1)], "only_one_table_allowed"),
        ([a_section() | {"colour": "red"}], "invalid additional property: colour"),
        ([{"type": "section", "text": plain("x") | {"verbatim": True}}], "verbatim"),
        (["words"], "unsupported type: None"),
        ("words", "must provide an array"),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "no more than 12000 characters"),
        ([an_input("a", focus_on_load=True), an_input("b", focus_on_load=True)], "focus_on_load"),
    ],
)
def test_what_spans_blocks_is_refused_with_a_reason(blocks: Any, words: str) -> None:
    assert any(words in str(problem) for problem in check_blocks(blocks))


def test_every_problem_is_told_at_once() -> None:
    assert len(check_blocks([a_section(""), a_section("x" * 3_001), {"type": "header"}])) == 3


def test_a_long_initial_value_passes_where_there_is_no_max_length() -> None:
    assert check_view(a_modal(an_input(initial_value="x" * 4_000))) == []


def test_a_modal_has_an_alert_and_no_table() -> None:
    assert check_view(a_modal({"type": "alert", "text": plain("x"), "level": "warning"})) == []
    assert check_view(a_modal(rows(1))) != []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "options", "rows", "action_id", "fields"]
            ),
            inner | st.sampled_from(["section", "actions", "static_select", "rich_text", "table"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_payload_makes_the_check_fail(payload: Any) -> None:
    check_blocks(payload)
    check_blocks([payload])
    check_view({"type": "modal", "title": payload, "blocks": [payload]})


# Beside the published checker and samples, where they are at hand.


def published_check() -> Any:
    source = CONTRACT / "blockkit_check.py"
    spec = importlib.util.spec_from_file_location("published_check", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check


def published_blocks() -> list[Json]:
    fixtures = json.loads((CONTRACT / "blockkit-valid-fixtures.json").read_text())["fixtures"]
    return [block for name, block in fixtures.items() if name.startswith("blocks/")]


def test_the_published_samples_are_judged_alike_on_every_surface() -> None:
    if not CONTRACT.exists():
        return
    check = published_check()
    for block in published_blocks():
        for surface in ("message", "modal", "home"):
            payload = {"blocks": [block], "text": "x", "title": plain("x"), "submit": plain("x")}
            theirs = bool(check(payload, surface=surface))
            assert bool(check_blocks([block], surface=surface)) == theirs, (block, surface)


@pytest.mark.parametrize(("within", "beyond"), PAIRS.values(), ids=PAIRS.keys())
def test_each_limit_is_where_the_published_checker_has_it(within: Json, beyond: Json) -> None:
    if not CONTRACT.exists():
        return
    check = published_check()
    assert [bool(check([copy.deepcopy(block)])) for block in (within, beyond)] == [False, True]
