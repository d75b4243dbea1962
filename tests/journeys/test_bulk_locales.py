"""A locale that comes to the app whole, and one that leaves it, by the form of many texts."""

from __future__ import annotations

from bot.sandbox.cast import BEN, MIA
from tests.journeys.test_bulk_edits import choose_deed, preview
from tests.journeys.test_bulk_files import callback, can_propose, propose
from tests.workspace import Workspace

REQUIRED = ("name", "keywords", "description", "whatsNew", "supportUrl", "privacyPolicyUrl")


def offered(workspace: Workspace, label: str) -> list[str]:
    return [one["value"] for one in workspace.block(MIA, label)["element"]["options"]]


async def test_a_locale_comes_with_all_that_a_submission_needs(workspace: Workspace) -> None:
    await choose_deed(workspace, "Add a locale")
    assert "sv" in offered(workspace, "New locale")
    assert "ja" not in offered(workspace, "New locale")
    await workspace.pick(MIA, "New locale", "sv")
    await workspace.pick(MIA, "Copy from", "en-US")
    await workspace.fill_in(MIA, "Keywords", "hav,anteckningar")
    shown = await preview(workspace)

    assert "Swedish (sv) as a new locale" in shown
    assert "1 new locale" in shown
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert all(workspace.live("sv", name) for name in REQUIRED)
    assert workspace.live("sv", "keywords") == "hav,anteckningar"
    assert workspace.live("sv", "description") == workspace.live("en-US", "description")


async def test_keywords_alone_make_no_locale(workspace: Workspace) -> None:
    await choose_deed(workspace, "Add a locale")
    await workspace.pick(MIA, "New locale", "sv")
    await workspace.fill_in(MIA, "Keywords", "hav")
    shown = await preview(workspace)

    assert "mistakes in Swedish (sv)" in shown
    assert "Not written yet: Description" in shown
    assert not can_propose(workspace)

    await workspace.press_in_modal(MIA, "Change it")
    await workspace.until(lambda: callback(workspace) == "bulk-edit")
    assert workspace.value(MIA, "Keywords") == "hav"
    await workspace.pick(MIA, "Copy from", "en-US")
    assert "as a new locale" in await preview(workspace)
    assert can_propose(workspace)
