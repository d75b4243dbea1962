"""What a file would change, at a glance: locales by fields in signs, and as a picture."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import exchange
from bot.exchange import Format
from bot.sandbox.cast import ASO, BEN, MIA
from bot.sandbox.slack.faults import Fault
from bot.settings import AppSettings
from tests.bench.listing import BUNDLE_ID, CODES, seed, texts
from tests.journeys.test_bulk_files import (
    CHANGES,
    MIXED,
    callback,
    can_propose,
    open_bulk,
    posted,
    preview,
    propose,
)
from tests.slack.limits import elements, words
from tests.workspace import Workspace, a_workspace

FIVE = {(code, name): text for code, of in texts(1).items() for name, text in of.items()}


@pytest_asyncio.fixture
async def forty(tmp_path: Path) -> AsyncIterator[Workspace]:
    apps = (AppSettings(bundle_id=BUNDLE_ID),)
    async with a_workspace(tmp_path, seed=seed(), apps=apps) as one:
        yield one


def shown(workspace: Workspace) -> Mapping[str, Any]:
    view: Mapping[str, Any] = workspace.slack.modals(MIA)[-1]["view"]
    return view


def table(workspace: Workspace) -> list[str]:
    drawn = words(elements(shown(workspace)["blocks"], "rich_text_preformatted"))
    return [" ".join(line.split()) for line in drawn.splitlines()]


def pictures(workspace: Workspace) -> list[Mapping[str, Any]]:
    return [one for one in shown(workspace)["blocks"] if one["type"] == "image"]


async def the_picture(workspace: Workspace) -> Mapping[str, Any]:
    await workspace.until(lambda: pictures(workspace), why="no picture came")
    return pictures(workspace)[0]


def stored(workspace: Workspace, image: Mapping[str, Any]) -> bool:
    found = workspace.slack.workspace.files.find(image["slack_file"]["id"])
    return found is not None and not found.deleted


async def test_a_preview_shows_every_locale_by_field_and_then_as_a_picture(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)

    lines = table(workspace)
    assert lines[0] == "1 2 3 4 5 6 7 8 9"
    assert "de-DE . + + . . . . . ." in lines
    assert "en-US . . . . . . . . ." in lines
    assert "+ changed, . unchanged." in workspace.modal(MIA)

    image = await the_picture(workspace)
    assert "texts change" in image["alt_text"]
    assert "Ebbe" not in image["alt_text"]
    seen = workspace.slack.picture(image["slack_file"]["id"], MIA)
    assert seen is not None
    assert seen[1] == "image/png"
    assert workspace.slack.picture(image["slack_file"]["id"], BEN) is None
    assert [m for m in workspace.slack.messages(ASO) if m.get("files")] == []
    assert table(workspace) == lines


async def test_what_is_too_long_has_its_own_sign_and_is_named_in_the_words_for_the_picture(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, MIXED)

    assert table(workspace)[1] == "de-DE . X . . . . . . ."
    assert "1 too long (Subtitle in de-DE)" in (await the_picture(workspace))["alt_text"]


async def test_forty_locales_are_in_pages_of_twenty_and_the_picture_comes_along(
    forty: Workspace,
) -> None:
    await open_bulk(forty, "bulk harbour ios")
    await preview(forty, exchange.write(FIVE, Format.CSV))
    assert "200 texts would change in 40 locales." in forty.modal(MIA)
    first = table(forty)[1:]
    image = await the_picture(forty)

    await forty.press_in_modal(MIA, "Next")
    await forty.until(lambda: "page 2 of 2" in forty.modal(MIA))
    second = table(forty)[1:]
    assert pictures(forty) == []
    assert sorted(line.split()[0] for line in [*first, *second]) == sorted(CODES)
    assert len(first) == len(second) == 20

    await forty.press_in_modal(MIA, "Previous")
    assert (await the_picture(forty))["slack_file"] == image["slack_file"]
    assert len(forty.called("files.completeUploadExternal")) == 1


async def test_whoever_turned_the_page_meanwhile_stays_there(forty: Workspace) -> None:
    forty.slack.workspace.files.processing_seconds = 9.0
    await open_bulk(forty, "bulk harbour ios")
    await preview(forty, exchange.write(FIVE, Format.CSV))
    await forty.press_in_modal(MIA, "Next")
    await forty.until(lambda: "page 2 of 2" in forty.modal(MIA))
    await forty.until(lambda: forty.called("files.delete"))

    assert "page 2 of 2" in forty.modal(MIA)
    assert pictures(forty) == []
    forty.slack.refusals.clear()


async def test_a_picture_that_slack_still_works_on_is_waited_for(workspace: Workspace) -> None:
    workspace.slack.workspace.files.processing_seconds = 9.0
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    assert can_propose(workspace)
    assert pictures(workspace) == []

    await the_picture(workspace)
    workspace.slack.refusals.clear()


async def test_a_picture_that_slack_never_shows_is_left_out_and_deleted(
    workspace: Workspace,
) -> None:
    workspace.slack.workspace.files.processing_seconds = 10_000.0
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    await workspace.until(lambda: workspace.called("files.delete"))

    assert pictures(workspace) == []
    assert can_propose(workspace)
    workspace.slack.refusals.clear()


@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached"])
async def test_where_nothing_can_be_uploaded_the_signs_say_it_all(
    workspace: Workspace, error: str
) -> None:
    fault = Fault(method="files.getUploadURLExternal", error=error, times=9)
    workspace.slack.api.faults.append(fault)
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    await workspace.settle()

    assert pictures(workspace) == []
    assert "de-DE . + + . . . . . ." in table(workspace)
    await propose(workspace)
    workspace.slack.refusals.clear()


async def test_the_picture_is_deleted_with_the_preview_that_was_closed(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    image = await the_picture(workspace)
    await workspace.close(MIA)
    await workspace.settle()

    assert not stored(workspace, image)
    assert posted(workspace) == []


async def test_the_picture_is_deleted_once_it_is_proposed(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    image = await the_picture(workspace)
    await propose(workspace)
    await workspace.settle()

    assert not stored(workspace, image)


async def test_what_is_left_out_is_a_new_picture_in_place_of_the_old_one(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, MIXED)
    old = await the_picture(workspace)
    await workspace.press_in_modal(MIA, "Leave out 1 text that fails")
    await workspace.until(lambda: can_propose(workspace))
    new = await the_picture(workspace)
    await workspace.settle()

    assert "too long" not in new["alt_text"]
    assert stored(workspace, new)
    assert not stored(workspace, old)


async def test_choosing_another_file_leaves_no_picture_behind(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    image = await the_picture(workspace)
    await workspace.press_in_modal(MIA, "Another file")
    await workspace.until(lambda: callback(workspace) == "file")
    await workspace.settle()

    assert not stored(workspace, image)


async def test_a_push_that_apple_does_not_leave_enough_for_is_told_with_when_it_does(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    # So much is left once it was read for the preview: less than its push needs.
    workspace.apple.conditions.hour_limit = len(workspace.apple.log) + 8
    said = await preview(workspace, CHANGES)

    assert re.search(r"⚠️ Apple takes [0-7] of \d+ requests more this hour", said), said
    assert "fewer than a push needs" in said
    assert re.search(r"Approved after  2 Mar 2026, 10:0\d UTC , it has a whole hour's", said), said
    assert can_propose(workspace)


async def test_while_there_is_room_at_apple_nothing_is_said_of_it(workspace: Workspace) -> None:
    await open_bulk(workspace)

    assert "more this hour" not in await preview(workspace, CHANGES)
