"""Texts of a file that fail are typed anew where they are shown, and proposed like the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from bot import exchange
from bot.errors import Refused
from bot.exchange import Format
from bot.sandbox.cast import BEN, MIA
from bot.workflow import mending, uploading
from tests.journeys.test_bulk_files import (
    TOO_LONG,
    callback,
    can_propose,
    open_bulk,
    posted,
    preview,
    propose,
)
from tests.journeys.test_bulk_preview import stored, the_picture
from tests.workspace import Workspace

BROKEN = (
    "locale,subtitle,support_url,keywords\n"
    f"de-DE,{TOO_LONG},nowhere,ebbe\n"
    f"ja,潮の満ち引き,,{'潮' * 101}\n"
)
GERMAN, JAPANESE, ADDRESS = (
    "German (de-DE), Subtitle",
    "Japanese (ja), Keywords",
    "German (de-DE), Support URL",
)


async def mend_here(workspace: Workspace, label: str) -> None:
    await workspace.press_in_modal(MIA, label)
    await workspace.until(lambda: callback(workspace) == "mend", why=workspace.modal(MIA))


async def kept(workspace: Workspace) -> str:
    """Send the form and return what the preview says then."""
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: callback(workspace) == "preview", why=workspace.modal(MIA))
    return workspace.modal(MIA)


def draft_of(workspace: Workspace) -> int:
    carried = workspace.slack.modals(MIA)[-1]["view"]["private_metadata"]
    return int(json.loads(carried)[0])


async def test_what_fails_is_typed_anew_until_it_is_right_and_pushed_so(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    assert "mend the texts here, or leave out what fails" in await preview(workspace, BROKEN)
    first = await the_picture(workspace)
    await mend_here(workspace, "Mend 3 texts here")

    assert workspace.value(MIA, GERMAN) == TOO_LONG
    hint = workspace.block(MIA, JAPANESE)["hint"]["text"]
    assert "101 characters, 100 are allowed. Take out 1." in hint
    await workspace.fill_in(MIA, GERMAN, "Ebbe und Flut")
    await workspace.fill_in(MIA, ADDRESS, "https://tidewell.example/hilfe")
    assert (await workspace.submit(MIA)).ok
    assert list(workspace.errors(MIA)) == [workspace.block(MIA, JAPANESE)["block_id"]]

    await workspace.fill_in(MIA, JAPANESE, " 潮,干潮 ")
    assert "mistake" not in await kept(workspace)
    assert (await the_picture(workspace))["slack_file"] != first["slack_file"]
    assert not stored(workspace, first)
    assert posted(workspace) == []

    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ebbe und Flut"
    assert workspace.live("de-DE", "supportUrl") == "https://tidewell.example/hilfe"
    assert workspace.live("ja", "keywords") == "潮,干潮"
    assert workspace.live("de-DE", "keywords") == "ebbe"


async def test_a_text_that_is_emptied_there_is_left_out_knowingly(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, BROKEN)
    await mend_here(workspace, "Mend 3 texts here")
    for label, text in ((GERMAN, ""), (ADDRESS, ""), (JAPANESE, "潮")):
        await workspace.fill_in(MIA, label, text)
    shown = await kept(workspace)

    assert can_propose(workspace)
    assert "Left out by you" in shown
    assert GERMAN in shown
    before = workspace.live("de-DE", "subtitle")
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "subtitle") == before
    assert workspace.live("ja", "keywords") == "潮"


async def test_the_way_back_leads_to_the_same_preview_and_changes_nothing(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    before = await preview(workspace, BROKEN)
    await mend_here(workspace, "Mend 3 texts here")
    await workspace.fill_in(MIA, GERMAN, "Ebbe")
    await workspace.press_in_modal(MIA, "Back to the preview")
    await workspace.until(lambda: callback(workspace) == "preview")

    assert not can_propose(workspace)
    assert "3 mistakes in German (de-DE) and Japanese (ja)" in before
    assert "3 mistakes in German (de-DE) and Japanese (ja)" in workspace.modal(MIA)


async def test_of_many_that_fail_the_next_come_after_the_first(workspace: Workspace) -> None:
    codes = "ar-SA ca cs da de-DE el en-AU en-CA en-GB es-ES es-MX fi fr-CA fr-FR he hi hr hu id it"
    texts: dict[tuple[str, str], str] = {}
    for code in [*codes.split(), "ja", "ko", "sv"]:
        texts |= {(code, "name"): f"Tidewell {code}", (code, "subtitle"): TOO_LONG}
    await open_bulk(workspace)
    await preview(workspace, exchange.write(texts, Format.CSV))
    await mend_here(workspace, "Mend 23 texts here")

    assert "The first 20 of 23 texts that fail" in workspace.modal(MIA)
    await fill_all(workspace, (one for one in workspace.labels(MIA) if ", Subtitle" in one))
    await kept(workspace)
    await mend_here(workspace, "Mend 3 texts here")
    await fill_all(workspace, (one for one in workspace.labels(MIA) if ", Subtitle" in one))
    assert "mistake" not in await kept(workspace)
    assert can_propose(workspace)


async def fill_all(workspace: Workspace, labels: Iterable[str]) -> None:
    for label in list(labels):
        await workspace.fill_in(MIA, label, "Sea")


async def test_a_new_locale_gets_the_name_that_it_lacks(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, "locale,subtitle\nsv,Ebb\n")
    await mend_here(workspace, "Mend 1 text here")
    await workspace.fill_in(MIA, "Swedish (sv), Name", "Tidewell Notes")
    await kept(workspace)

    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("sv", "name") == "Tidewell Notes"


async def test_a_text_that_no_input_holds_is_named_with_what_to_do_instead(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    long = "Tief. " * 700
    await preview(workspace, f"locale,subtitle,description\nde-DE,{TOO_LONG},{long}\n")
    await mend_here(workspace, "Mend 1 text here")

    assert "1 text above 3,000 characters cannot be shown here" in workspace.modal(MIA)
    assert "mend it in the file" in workspace.modal(MIA)


async def test_a_form_whose_preview_was_proposed_meanwhile_says_so_and_changes_nothing(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, BROKEN)
    number = draft_of(workspace)
    await mend_here(workspace, "Mend 3 texts here")
    desk = workspace.bot.desk
    await uploading.leave_out_failing(desk, number, user=MIA)
    assert (await uploading.propose(desk, number, user=MIA)).proposal == 1

    await fill_all(workspace, (GERMAN,))
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: "proposed already" in workspace.modal(MIA))
    found = await desk.store.proposals.get(1)
    assert found is not None
    assert "subtitle" not in {item.field for item in found.items if item.locale == "de-DE"}


async def test_nobody_mends_the_file_of_another_person(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, BROKEN)
    typed: Any = {("de-DE", "subtitle"): "Ebbe"}
    with pytest.raises(Refused, match="preview is gone"):
        await mending.mend(workspace.bot.desk, draft_of(workspace), typed, user=BEN)


async def test_what_was_mended_outlives_a_restart(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, BROKEN)
    await mend_here(workspace, "Mend 3 texts here")
    await workspace.restart()
    for label, text in ((GERMAN, "Ebbe"), (ADDRESS, "https://a.example"), (JAPANESE, "潮")):
        await workspace.fill_in(MIA, label, text)
    assert "mistake" not in await kept(workspace)
    assert can_propose(workspace)
