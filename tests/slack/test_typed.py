"""What a view's state says was typed: untouched, emptied and set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import Refused
from bot.sandbox.cast import MIA
from bot.slack import ids
from bot.slack.typed import Shown, typed_in
from bot.workflow.keeping import Typed
from tests.workspace import Workspace, a_workspace

DRAFT = 1


@pytest_asyncio.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


def a_view(values: Mapping[str, str | None], **shown: Any) -> dict[str, Any]:
    """A view of draft 1 in en-US with what stands in its blocks; None is Slack's null."""
    carried = Shown(**{"draft": DRAFT, "locale": "en-US", "response_url": "", **shown})
    states = {
        block: {
            ids.REASON_INPUT if block.startswith("reason/") else ids.FIELD_INPUT: {
                "type": "plain_text_input",
                "value": text,
            }
        }
        for block, text in values.items()
    }
    return {"private_metadata": carried.dump(), "state": {"values": states}}


def field(attribute: str, locale: str = "en-US", draft: int = DRAFT, part: int = 0) -> str:
    return ids.field_block(attribute, locale, draft, part)


async def typed(workspace: Workspace, values: Mapping[str, str | None]) -> Typed:
    view = a_view(values)
    return await typed_in(workspace.bot.desk, view, Shown.of(view))


async def test_an_absent_block_was_not_touched(workspace: Workspace) -> None:
    found = await typed(workspace, {})
    assert (dict(found.texts), found.reason) == ({}, None)


async def test_a_null_was_emptied(workspace: Workspace) -> None:
    found = await typed(workspace, {field("subtitle"): None, ids.reason_block(DRAFT): None})
    assert (dict(found.texts), found.reason) == ({("en-US", "subtitle"): ""}, "")


async def test_a_text_is_taken_as_it_stands(workspace: Workspace) -> None:
    found = await typed(workspace, {field("name"): " Tide ", ids.reason_block(DRAFT): "Autumn"})
    assert (dict(found.texts), found.reason) == ({("en-US", "name"): " Tide "}, "Autumn")


@pytest.mark.parametrize(
    "block",
    [
        field("subtitle", locale="ja"),
        field("subtitle", draft=2),
        ids.reason_block(2),
        ids.locale_block(DRAFT),
        "something else",
    ],
)
async def test_a_block_of_another_locale_draft_or_kind_is_ignored(
    workspace: Workspace, block: str
) -> None:
    found = await typed(workspace, {block: "Not mine", field("name"): "Tide"})
    assert (dict(found.texts), found.reason) == ({("en-US", "name"): "Tide"}, None)


async def test_an_untouched_half_is_as_it_was_drawn(workspace: Workspace) -> None:
    drawn = "a" * 2500 + "\n\n" + "b" * 1400
    await workspace.open_form(MIA, "edit tidewell en-US")
    await workspace.bot.desk.store.drafts.keep_drawn(DRAFT, "en-US", {"description": drawn})

    found = await typed(workspace, {field("description", part=ids.SECOND): "c"})
    assert found.texts["en-US", "description"] == "a" * 2500 + "\n\nc"
    found = await typed(workspace, {field("description", part=ids.FIRST): None})
    assert found.texts["en-US", "description"] == "b" * 1400


async def test_what_another_locale_was_drawn_with_is_kept_apart(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell en-US")
    drafts = workspace.bot.desk.store.drafts
    await drafts.keep_drawn(DRAFT, "en-US", {"description": "a" * 3500})
    await drafts.keep_drawn(DRAFT, "ja", {"description": "b" * 3500})

    assert await drafts.drawn(DRAFT, "en-US") == {"description": "a" * 3500}
    assert await drafts.drawn(DRAFT, "ja") == {"description": "b" * 3500}


def test_what_a_view_shows_survives_its_way_through_slack() -> None:
    shown = Shown(draft=7, locale="ja", response_url="https://hooks.example/1", revision=2)
    assert Shown.of({"private_metadata": shown.dump()}) == shown


@pytest.mark.parametrize("metadata", [None, "", "7", "[]", '{"draft": 7}', "[1, 2]"])
def test_a_view_without_a_draft_is_refused(metadata: str | None) -> None:
    with pytest.raises(Refused, match="This form is empty"):
        Shown.of({"private_metadata": metadata})


@pytest.mark.parametrize("emptied", [True, False])
async def test_only_what_was_touched_is_proposed_when_slack_leaves_the_rest_out(
    workspace: Workspace, emptied: bool
) -> None:
    workspace.slack.views.prefilled_in_state = False
    wanted = "" if emptied else "Calm notes"
    await workspace.open_form(MIA, "edit tidewell en-US")
    await workspace.fill(MIA, Subtitle=wanted)
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)

    proposal = await workspace.bot.desk.store.proposals.get(1)
    assert proposal is not None
    assert [(item.field, item.after) for item in proposal.items] == [("subtitle", wanted)]
