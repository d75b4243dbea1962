"""Which items may stand at Apple after a deletion that nobody saw answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.changes import removal
from bot.domain.fields import Resource
from bot.domain.items import ItemState
from bot.pushes.unanswered import found, unanswered
from bot.storage.steps import Step, StepState, StepVerb
from tests.builders import TEXTS, a_listing, a_proposal

LIVE = a_listing({"en-US": TEXTS, "ja": TEXTS})
GONE = a_listing({"en-US": TEXTS})


@pytest.mark.parametrize(
    ("half", "fields"),
    [
        (Resource.VERSION, {"", "description", "keywords"}),
        (Resource.APP_INFO, {"", "name", "subtitle"}),
    ],
)
def test_a_deletion_without_an_answer_may_have_taken_the_texts_of_its_half(
    half: Resource, fields: set[str]
) -> None:
    failed = [replace(one, state=ItemState.FAILED) for one in removal(LIVE, "ja")]
    step = Step(
        position=0,
        chain=0,
        locale="ja",
        resource=half,
        verb=StepVerb.DELETE,
        resource_id="1",
        state=StepState.UNSURE,
    )

    items = unanswered(a_proposal(items=tuple(failed)), [step])

    named = {item.field for item in items}
    assert fields <= named
    assert ("name" in named) is (half is Resource.APP_INFO)
    assert all(item.state is ItemState.DONE for item in found(items, GONE))
    assert len(found(items, GONE)) == len(items)
    assert found(items, LIVE) == ()
