"""When approved texts that wait for a state at Apple may be tried again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.changes import removal
from bot.domain.items import ABSENT, NAMES, Item, ItemState
from bot.domain.parking import may_go_on, parked_sentence
from tests.builders import TEXTS, a_listing, a_version, an_item


def parked(field: str) -> Item:
    return replace(an_item(), field=field, state=ItemState.PARKED)


@pytest.mark.parametrize(
    ("field", "state", "info", "goes_on"),
    [
        ("keywords", "REJECTED", "IN_REVIEW", True),
        ("keywords", "IN_REVIEW", "IN_REVIEW", False),
        ("keywords", "PENDING_DEVELOPER_RELEASE", "PENDING_RELEASE", False),
        ("promotionalText", "PENDING_DEVELOPER_RELEASE", "PENDING_RELEASE", True),
        ("subtitle", "REJECTED", "REJECTED", True),
        ("subtitle", "REJECTED", "IN_REVIEW", False),
        ("keywords", "READY_FOR_DISTRIBUTION", "READY_FOR_DISTRIBUTION", True),
        ("keywords", "REPLACED_WITH_NEW_VERSION", "REPLACED_WITH_NEW_INFO", False),
        ("keywords", "A_NEW_STATE", "A_NEW_STATE", False),
    ],
)
def test_a_parked_text_goes_on_where_a_state_may_take_it(
    field: str, state: str, info: str, goes_on: bool
) -> None:
    assert may_go_on([parked(field)], a_version(state=state), [info]) is goes_on


@pytest.mark.parametrize(
    ("left", "state", "info", "goes_on"),
    [
        (ABSENT, "REJECTED", "IN_REVIEW", False),
        (ABSENT, "REJECTED", "REJECTED", True),
        (NAMES, "REJECTED", "IN_REVIEW", True),
        (NAMES, "PENDING_DEVELOPER_RELEASE", "PENDING_RELEASE", False),
    ],
)
def test_a_parked_removal_goes_on_where_the_whole_of_it_may(
    left: str, state: str, info: str, goes_on: bool
) -> None:
    items = removal(a_listing({"ja": TEXTS}), "ja", left)
    waiting = [replace(item, state=ItemState.PARKED) for item in items]
    assert may_go_on(waiting, a_version(state=state), [info]) is goes_on


@pytest.mark.parametrize(("info", "goes_on"), [("IN_REVIEW", False), ("REJECTED", True)])
def test_a_parked_name_that_is_kept_beside_a_removal_goes_on_where_names_may(
    info: str, goes_on: bool
) -> None:
    gone = [
        replace(item, state=ItemState.DONE)
        for item in removal(a_listing({"ja": TEXTS}), "ja", NAMES)
    ]
    kept = replace(parked("subtitle"), locale="ja")
    assert may_go_on([*gone, kept], a_version(state="REJECTED"), [info]) is goes_on


def test_a_parked_proposal_says_something_where_the_state_is_not_known() -> None:
    assert "Apple takes no change" in parked_sentence("")
