"""A locale that comes to the app whole, and one that leaves it, by the form of many texts."""

from __future__ import annotations

from bot.exchange.proposed import difference
from bot.sandbox.cast import BEN, MIA
from tests.journeys.test_bulk_edits import choose_deed, preview
from tests.journeys.test_bulk_files import callback, can_propose, posted, propose
from tests.workspace import TIDEWELL, Workspace, words_of

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


async def remove(workspace: Workspace, *codes: str) -> str:
    """Choose locales to remove and return the preview."""
    await choose_deed(workspace, "Remove locales")
    await workspace.pick(MIA, "Locales to remove", list(codes))
    return await preview(workspace)


async def test_a_locale_leaves_with_every_text_shown_and_a_revert_brings_it_back(
    workspace: Workspace,
) -> None:
    texts = {name: workspace.live("ja", name) for name in (*REQUIRED, "subtitle")}
    shown = await remove(workspace, "ja")

    assert "1 locale would be removed, with" in shown
    assert texts["name"] in shown
    assert "screenshots and previews go, too, for good" in shown
    assert "(2 writes, 4 to read)" in shown
    message = await propose(workspace)
    assert "leaves the app" in words_of(message)
    assert "goes with it" in words_of(message)
    assert texts["subtitle"] in words_of(message)
    assert workspace.live("ja", "name") == texts["name"]

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert not has_locale(workspace, "ja")

    await workspace.press(MIA, workspace.message(message["ts"]), "Revert")
    await workspace.until(lambda: len(posted(workspace)) == 2)
    back = posted(workspace)[-1]
    await workspace.react(BEN, back)
    await workspace.says(back, "Pushed")
    assert {name: workspace.live("ja", name) for name in texts} == texts


async def test_the_primary_locale_is_not_offered_and_the_others_are(workspace: Workspace) -> None:
    await choose_deed(workspace, "Remove locales")

    assert "en-US" not in offered(workspace, "Locales to remove")
    assert "ja" in offered(workspace, "Locales to remove")
    assert "sv" not in offered(workspace, "Locales to remove")


async def test_a_text_that_changed_meanwhile_keeps_the_locale_and_it_is_proposed_again(
    workspace: Workspace,
) -> None:
    await remove(workspace, "ja")
    message = await propose(workspace)
    workspace.apple.edit(TIDEWELL, "ja", "subtitle", "手で変えた")
    await workspace.react(BEN, message)
    await workspace.says(message, "Its texts changed at Apple since this was proposed: Subtitle.")
    assert workspace.live("ja", "subtitle") == "手で変えた"
    assert not workspace.asked("DELETE", "PATCH")

    await workspace.press(MIA, workspace.message(message["ts"]), "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    assert "Removed with all texts: Japanese (ja)" in workspace.modal(MIA)
    await workspace.fill(MIA, Subtitle="別の")
    await workspace.submit(MIA)
    assert "removed in the same proposal" in " ".join(workspace.errors(MIA).values())
    await workspace.fill(MIA, Subtitle="手で変えた")
    await workspace.submit(MIA)
    await workspace.until(lambda: len(posted(workspace)) == 2, why=workspace.modal(MIA))
    again = posted(workspace)[-1]
    await workspace.react(BEN, again)
    await workspace.says(again, "Pushed")
    assert not has_locale(workspace, "ja")


async def test_a_removal_and_an_edit_of_its_locale_name_each_other(workspace: Workspace) -> None:
    edit = await workspace.propose(MIA, Promotional_text="新しい", words="edit tidewell ja")
    assert "Proposal 1 waits with another text for this." in await remove(workspace, "ja")
    await propose(workspace)
    await workspace.until(lambda: len(posted(workspace)) == 2)
    removal = posted(workspace)[-1]

    await workspace.says(removal, "Proposal 1 waits with another text for this.")
    await workspace.says(edit, "Proposal 2 waits to remove this locale.")


async def test_details_and_files_say_which_locale_goes(workspace: Workspace) -> None:
    await remove(workspace, "ja")
    message = await propose(workspace)
    await workspace.press(MIA, message, "Details")
    await workspace.until(lambda: callback(workspace) == "details")

    assert "leaves the app" in workspace.modal(MIA)
    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert difference(found.items).decode().startswith("Removed locale: ja\n")


def has_locale(workspace: Workspace, code: str) -> bool:
    app = next(one for one in workspace.apple.apps() if one["id"] == TIDEWELL)
    parents = [one for one in [*app["versions"], *app["infos"]] if one["editable"]]
    return any(code in one["localizations"] for one in parents if one.get("platform") != "MAC_OS")


async def test_what_all_platforms_share_is_kept_where_somebody_ticks_that(
    workspace: Workspace,
) -> None:
    name = workspace.live("ja", "name")
    await choose_deed(workspace, "Remove locales")
    await workspace.pick(MIA, "Locales to remove", ["ja"])
    await workspace.pick(MIA, "And what is shared", ["keep"])
    shown = await preview(workspace)
    assert "all but what all platforms share" in shown
    assert name not in shown
    message = await propose(workspace)
    assert "leaves the version" in words_of(message)

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("ja", "name") == name
    assert workspace.live("ja", "description") == ""
    await workspace.press(MIA, workspace.message(message["ts"]), "Revert")
    await workspace.until(lambda: len(posted(workspace)) == 2)
    back = posted(workspace)[-1]
    await workspace.react(BEN, back)
    await workspace.says(back, "Pushed")
    assert workspace.live("ja", "description")
