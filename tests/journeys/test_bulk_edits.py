"""One deed done to many texts, with the preview of a file: spread, replaced, copied."""

from __future__ import annotations

from bot.sandbox.cast import BEN, MIA
from tests.journeys.test_bulk_files import (
    attach,
    callback,
    can_propose,
    open_bulk,
    posted,
    propose,
)
from tests.slack.limits import elements
from tests.workspace import TIDEWELL, Workspace


async def choose_deed(workspace: Workspace, label: str) -> None:
    await open_bulk(workspace)
    await workspace.press_in_modal(MIA, label)
    await workspace.until(lambda: callback(workspace) == "bulk-edit")


async def preview(workspace: Workspace) -> str:
    assert (await workspace.submit(MIA)).ok
    assert not workspace.errors(MIA)
    await workspace.until(lambda: callback(workspace) in ("preview", "notice"))
    return workspace.modal(MIA)


async def test_one_text_goes_to_every_locale_of_the_listing(workspace: Workspace) -> None:
    await choose_deed(workspace, "One text for many locales")
    await workspace.pick(MIA, "Field", "promotionalText")
    await workspace.fill_in(MIA, "Text", "Now with folders.")
    shown = await preview(workspace)

    assert "One text as Promotional text" in shown
    assert "12 texts would change in 12 locales." in shown
    assert posted(workspace) == []
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("ja", "promotionalText") == "Now with folders."


async def test_words_are_replaced_in_all_locales_and_the_author_is_who_did_it(
    workspace: Workspace,
) -> None:
    before = workspace.live("en-US", "name")
    await choose_deed(workspace, "Find and replace")
    await workspace.fill_in(MIA, "Find", before)
    await workspace.fill_in(MIA, "Replace by", "Tidebook")
    await workspace.pick(MIA, "Fields", ["name"])
    shown = await preview(workspace)

    assert f"“{before}” replaced by “Tidebook”" in shown
    await propose(workspace)
    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert found.authors == (MIA,)
    assert {item.field for item in found.items} == {"name"}
    assert all("Tidebook" in item.after for item in found.items)


def marks(workspace: Workspace) -> str:
    """Return what a modal says in rich text, with what is struck in [] and what is bold in {}."""
    view = workspace.slack.modals(MIA)[-1]["view"]
    said = []
    for element in elements(view["blocks"], "text"):
        style = element.get("style", {})
        shape = "[%s]" if style.get("strike") else "{%s}" if style.get("bold") else "%s"
        said.append(shape % element["text"])
    return "".join(said)


async def test_each_place_of_the_words_is_shown_struck_with_what_comes_and_stands_round_it(
    workspace: Workspace,
) -> None:
    text = f"{'Before it. ' * 40}Our Notes are yours, *Notes* <!channel>.{' After it.' * 40}"
    workspace.apple.edit(TIDEWELL, "de-DE", "description", text)
    await choose_deed(workspace, "Find and replace")
    await workspace.fill_in(MIA, "Find", "Notes")
    await workspace.fill_in(MIA, "Replace by", "Notebooks")
    await workspace.pick(MIA, "Fields", ["description"])
    await workspace.pick(MIA, "Locales", ["de-DE"])
    await preview(workspace)

    told = " ".join(marks(workspace).replace("\u2009", "").split())
    assert "Before it. Our [Notes]{Notebooks} are yours, *[Notes]{Notebooks}* <!channel>." in told
    assert "Description · " in told
    assert told.count("Before it.") < 10 > told.count("After it.")


async def test_addresses_are_left_alone_unless_they_are_chosen(workspace: Workspace) -> None:
    for field in ("supportUrl", "promotionalText"):
        workspace.apple.edit(TIDEWELL, "ja", field, "https://tidewell.example.com/old")
    await choose_deed(workspace, "Find and replace")
    await workspace.fill_in(MIA, "Find", "old")
    await workspace.fill_in(MIA, "Replace by", "new")
    await workspace.pick(MIA, "Locales", ["ja"])
    assert "1 text would change in 1 locale." in await preview(workspace)

    await workspace.press_in_modal(MIA, "Change it")
    await workspace.until(lambda: callback(workspace) == "bulk-edit")
    await workspace.pick(MIA, "Fields", ["supportUrl", "promotionalText"])
    assert "2 texts would change in 1 locale." in await preview(workspace)
    assert "example.com/[old]{new}" in marks(workspace).replace("\u2009", "")


async def test_one_text_for_many_shows_in_each_what_it_takes_the_place_of(
    workspace: Workspace,
) -> None:
    before = workspace.live("ja", "subtitle")
    await choose_deed(workspace, "One text for many locales")
    await workspace.pick(MIA, "Field", "subtitle")
    await workspace.fill_in(MIA, "Text", "Now with folders")
    await workspace.pick(MIA, "Locales", ["ja", "ko"])
    await preview(workspace)
    assert f"[{before}]\n{{Now with folders}}" in marks(workspace)


async def test_words_that_stand_nowhere_change_nothing(workspace: Workspace) -> None:
    await choose_deed(workspace, "Find and replace")
    await workspace.fill_in(MIA, "Find", "Zanzibar")

    assert "Nothing would change." in await preview(workspace)
    assert not can_propose(workspace)


async def test_without_words_to_find_or_a_field_nothing_is_done(workspace: Workspace) -> None:
    await choose_deed(workspace, "Find and replace")
    await workspace.submit(MIA)
    assert workspace.errors(MIA)

    await workspace.press_in_modal(MIA, "One text for many locales")
    await workspace.until(lambda: "Field" in workspace.labels(MIA))
    await workspace.submit(MIA)
    assert workspace.errors(MIA)
    assert callback(workspace) == "bulk-edit"


async def test_a_deed_is_changed_after_its_preview_with_what_was_typed(
    workspace: Workspace,
) -> None:
    await choose_deed(workspace, "One text for many locales")
    await workspace.pick(MIA, "Field", "subtitle")
    await workspace.fill_in(MIA, "Text", "A subtitle that is far longer than thirty characters")
    await workspace.pick(MIA, "Locales", ["ja", "ko"])
    await workspace.fill_in(MIA, "Why", "Spring")
    assert "2 mistakes in Japanese (ja) and Korean (ko)" in await preview(workspace)
    assert not can_propose(workspace)

    await workspace.press_in_modal(MIA, "Change it")
    await workspace.until(lambda: callback(workspace) == "bulk-edit")
    assert workspace.value(MIA, "Why") == "Spring"
    await workspace.fill_in(MIA, "Text", "Short")

    assert "2 texts would change in 2 locales." in await preview(workspace)


async def test_the_way_back_leads_to_the_file_with_the_reason_kept(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await workspace.fill_in(MIA, "Why", "Spring")
    await workspace.press_in_modal(MIA, "Find and replace")
    await workspace.until(lambda: callback(workspace) == "bulk-edit")
    assert workspace.value(MIA, "Why") == "Spring"
    await workspace.press_in_modal(MIA, "From a file")
    await workspace.until(lambda: callback(workspace) == "file")

    await attach(workspace, "locale,subtitle\nja,潮の満ち引き\n")
    assert "1 text would change" in await preview(workspace)


async def test_texts_are_copied_from_another_locale_and_those_that_are_there_are_counted(
    workspace: Workspace,
) -> None:
    await choose_deed(workspace, "Copy texts")
    await workspace.pick(MIA, "From locale", "en-US")
    await workspace.pick(MIA, "Fields", ["subtitle", "supportUrl"])
    await workspace.pick(MIA, "Into locales", ["de-DE", "ja"])
    shown = await preview(workspace)

    assert "Copied from English (U.S., en-US)" in shown
    assert "2 texts would change in 2 locales." in shown
    assert "2 texts unchanged" in shown
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("ja", "subtitle") == workspace.live("en-US", "subtitle")


async def test_texts_are_copied_from_the_public_version_locale_by_locale(
    workspace: Workspace,
) -> None:
    public = workspace.live("ja", "whatsNew", state="READY_FOR_DISTRIBUTION")
    assert public != workspace.live("ja", "whatsNew")
    await choose_deed(workspace, "Copy texts")
    await workspace.pick(MIA, "From version", "public")
    await workspace.pick(MIA, "Fields", ["whatsNew"])
    await workspace.pick(MIA, "Into locales", ["ja", "sv"])
    shown = await preview(workspace)

    assert "Copied from the public version" in shown
    assert "1 text would change in 1 locale." in shown
    assert "Swedish (sv): nothing to copy for What's new." in shown
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("ja", "whatsNew") == public


async def test_without_a_place_to_copy_from_nothing_is_copied(workspace: Workspace) -> None:
    await choose_deed(workspace, "Copy texts")
    await workspace.submit(MIA)
    assert "to copy from" in " ".join(workspace.errors(MIA).values())

    await workspace.pick(MIA, "From locale", "sv")
    await workspace.submit(MIA)
    await workspace.until(lambda: "no Swedish to copy from" in workspace.modal(MIA))
    assert callback(workspace) == "bulk-edit"
