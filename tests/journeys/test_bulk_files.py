"""From a file to a proposal: chosen in a form, shown, and posted only once somebody says so."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from bot.errors import Refused
from bot.sandbox.cast import ASO, BEN, GUEST, MIA, STRANGER
from bot.sandbox.slack.faults import Fault
from bot.workflow import uploading
from tests.workspace import TIDEWELL, Workspace, words_of

CHANGES = "locale,subtitle,keywords\nde-DE,Ebbe und Flut,ebbe\nja,潮の満ち引き,潮\n"
TOO_LONG = "Ein Untertitel von weit mehr als dreißig Zeichen"
MIXED = f"locale,subtitle\nde-DE,{TOO_LONG}\nja,潮の満ち引き\nxx-YY,Nobody\n"
DEFAULT_IN_JSON = json.dumps({"default": {"subtitle": "Sea"}, "it": {"subtitle": "Mare"}})

CODES = (
    "ar-SA ca cs da de-DE el en-AU en-CA en-GB en-US es-ES es-MX fi fr-CA fr-FR he hi hr hu id"
    " it ja ko ms nl-NL no pl pt-BR pt-PT ro ru sk sl-SI sv th tr uk vi zh-Hans zh-Hant"
)


async def open_bulk(workspace: Workspace, words: str = "bulk tidewell ios") -> None:
    assert (await workspace.command(MIA, words)).ok
    await workspace.until(lambda: callback(workspace) == "file", why=workspace.modal(MIA))


def callback(workspace: Workspace) -> str:
    stack = workspace.slack.modals(MIA)
    return str(stack[-1]["view"]["callback_id"]) if stack else ""


async def attach(workspace: Workspace, content: str | bytes, name: str = "texts.csv") -> None:
    data = content.encode() if isinstance(content, str) else content
    view = workspace.slack.modals(MIA)[-1]
    for chosen in view["values"].get("file.upload", {}).get("file.upload", {}).get("files", []):
        await workspace.slack.detach(MIA, view["id"], "file.upload", chosen["id"])
    assert (await workspace.slack.attach(MIA, view["id"], "file.upload", name, data)).ok


async def preview(workspace: Workspace, content: str | bytes, name: str = "texts.csv") -> str:
    """Choose a file, send the form and return what the modal says once it was read."""
    await attach(workspace, content, name)
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: callback(workspace) in ("preview", "file", "notice"))
    return workspace.modal(MIA)


def posted(workspace: Workspace) -> list[Any]:
    return [message for message in workspace.messages() if message.get("reactions")]


async def propose(workspace: Workspace) -> Any:
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: posted(workspace), why=workspace.modal(MIA))
    return posted(workspace)[-1]


def can_propose(workspace: Workspace) -> bool:
    return bool(workspace.slack.modals(MIA)[-1]["view"].get("submit"))


async def test_a_file_goes_from_the_form_to_apple(workspace: Workspace) -> None:
    await open_bulk(workspace)
    shown = await preview(workspace, CHANGES)

    assert "4 texts would change in 2 locales." in shown
    assert "German (de-DE)" in shown
    assert "8 requests to Apple (4 writes, 4 to read)" in shown
    assert posted(workspace) == []

    message = await propose(workspace)
    assert "is up" in workspace.modal(MIA)
    await workspace.until(lambda: len(message["reactions"]) >= 2 or posted(workspace)[-1])
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ebbe und Flut"
    assert workspace.live("ja", "keywords") == "潮"


async def test_who_uploaded_the_file_is_the_author_and_says_why(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await workspace.fill_in(MIA, "Why", "Spring names")
    await preview(workspace, CHANGES)
    message = await propose(workspace)

    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert (found.authors, found.reason) == ((MIA,), "Spring names")
    assert "Spring names" in words_of(message)


async def test_nothing_is_posted_before_propose_is_pressed(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    await workspace.close(MIA)
    await workspace.settle()

    assert posted(workspace) == []
    assert await workspace.bot.desk.store.proposals.get(1) is None


async def test_a_mistake_is_shown_at_its_locale_and_nothing_can_be_proposed(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    shown = await preview(workspace, MIXED)

    assert "1 mistake in German (de-DE)" in shown
    assert "Not taken" in shown
    assert "line 4" in shown
    assert "xx-YY" in shown
    assert not can_propose(workspace)
    assert "Leave out 1 text that fails" in workspace.buttons(MIA)


async def test_what_fails_is_left_out_knowingly_and_the_rest_is_proposed(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await preview(workspace, MIXED)
    await workspace.press_in_modal(MIA, "Leave out 1 text that fails")
    await workspace.until(lambda: can_propose(workspace))

    assert "1 text would change in 1 locale." in workspace.modal(MIA)
    assert "Left out by you" in workspace.modal(MIA)
    await propose(workspace)
    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert [(item.locale, item.field) for item in found.items] == [("ja", "subtitle")]


async def test_a_file_that_cannot_be_read_is_told_in_the_form_and_another_is_chosen(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    await workspace.fill_in(MIA, "Why", "Spring names")
    shown = await preview(workspace, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls")

    assert "⚠️ old.xls" in shown
    assert callback(workspace) == "file"
    assert workspace.value(MIA, "Why") == "Spring names"
    assert "would change" in await preview(workspace, CHANGES)


async def test_a_file_that_changes_nothing_cannot_be_proposed(workspace: Workspace) -> None:
    same = workspace.live("de-DE", "subtitle")
    await open_bulk(workspace)
    shown = await preview(workspace, f'locale,subtitle\nde-DE,"{same}"\n')

    assert "Nothing would change." in shown
    assert "unchanged: Subtitle" in shown
    assert not can_propose(workspace)


async def test_another_file_is_chosen_from_the_preview(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, MIXED)
    await workspace.press_in_modal(MIA, "Another file")
    await workspace.until(lambda: callback(workspace) == "file")

    assert "would change in 2 locales" in await preview(workspace, CHANGES)


async def test_a_preview_outlives_a_restart(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    await workspace.restart()

    await propose(workspace)

    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert len(found.items) == 4


async def test_forty_rows_of_locales_come_twenty_a_page(workspace: Workspace) -> None:
    codes = CODES.split()
    rows = [f"{code},Tide {code},tide" for code in codes]
    await open_bulk(workspace)
    await preview(workspace, "\n".join(["locale,name,keywords", *rows]))

    first = workspace.modal(MIA)
    assert "page 1 of 2" in first
    assert "new locale: Name" in first
    await workspace.press_in_modal(MIA, "Next")
    await workspace.until(lambda: "page 2 of 2" in workspace.modal(MIA))
    for code in codes:
        assert (f"{code})" in first) != (f"{code})" in workspace.modal(MIA)), code


@pytest.mark.parametrize("content", ["locale,subtitle\ndefault,Sea\nit,Mare\n", DEFAULT_IN_JSON])
async def test_the_preview_tells_which_locales_a_text_for_all_of_them_fills(
    workspace: Workspace, content: str
) -> None:
    await open_bulk(workspace)
    shown = await preview(workspace, content)

    codes = "ar-SA, de-DE, en-US, es-ES, fr-FR, he, ja, ko, pt-BR, th, zh-Hans"
    told = f"“default” fills 11 locales that lack texts of their own: {codes} (subtitle)."
    assert told in shown


async def test_a_file_without_a_text_for_all_locales_fills_none(workspace: Workspace) -> None:
    await open_bulk(workspace)
    assert "texts of their own" not in await preview(workspace, CHANGES)


async def test_the_same_preview_sent_twice_is_one_proposal(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)
    draft = json.loads(workspace.slack.modals(MIA)[-1]["view"]["private_metadata"])[0]
    await propose(workspace)

    again = await uploading.propose(workspace.bot.desk, draft, user=MIA)

    assert again.proposal is None
    assert await workspace.bot.desk.store.proposals.get(2) is None


async def test_nobody_proposes_the_file_of_another_person(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, CHANGES)

    for deed in (uploading.card, uploading.propose, uploading.leave_out_failing):
        with pytest.raises(Refused):
            await deed(workspace.bot.desk, 1, user=BEN)


async def test_without_an_app_the_form_asks_which_one(workspace: Workspace) -> None:
    await open_bulk(workspace, "bulk")
    await workspace.pick(MIA, "App", f"{TIDEWELL} IOS")

    assert "4 texts would change" in await preview(workspace, CHANGES)


async def test_an_unknown_app_is_told_in_the_modal(workspace: Workspace) -> None:
    await workspace.command(MIA, "bulk tidwell")
    await workspace.until(lambda: "Did you mean" in workspace.modal(MIA))


async def test_an_emptied_text_is_counted_and_an_empty_cell_says_nothing(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    shown = await preview(
        workspace, "locale,promotionalText,subtitle\nde-DE,[clear],\nja,,潮の満ち引き\n"
    )

    assert "2 texts would change in 2 locales." in shown
    assert "1 cleared" in shown
    assert "cleared: Promotional text" in shown


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(method="files.download", kind="refused", status=200), "files:read"),
        (Fault(method="files.download", kind="refused", status=302), "files:read"),
        (Fault(method="files.download", kind="refused", status=500), "trouble of its own"),
        (Fault(method="files.download", kind="lost"), "choose the file again"),
        (Fault(method="files.download", kind="broken", times=2), "choose the file again"),
    ],
)
async def test_a_file_that_slack_does_not_hand_over_is_told_and_may_be_sent_again(
    workspace: Workspace, fault: Fault, told: str
) -> None:
    await open_bulk(workspace)
    workspace.slack.api.faults.append(fault)

    shown = await preview(workspace, CHANGES)

    assert "did not hand texts.csv over" in shown
    assert told in shown
    assert "would change" in await preview(workspace, CHANGES)


async def share(workspace: Workspace, who: str, files: dict[str, bytes]) -> Any:
    await workspace.slack.share(who, ASO, files, "The new names")
    return workspace.slack.messages(ASO)[-1]


async def test_a_file_of_a_message_is_proposed_and_who_brought_it_is_an_author_too(
    workspace: Workspace,
) -> None:
    message = await share(workspace, BEN, {"texts.csv": CHANGES.encode()})
    assert (await workspace.slack.shortcut(MIA, ASO, message["ts"], "propose_file")).ok
    await workspace.until(lambda: callback(workspace) == "file")
    assert "texts.csv" in workspace.modal(MIA)
    await workspace.pick(MIA, "App", f"{TIDEWELL} IOS")
    await workspace.submit(MIA)
    await workspace.until(lambda: callback(workspace) == "preview")
    await propose(workspace)

    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert found.authors == (BEN, MIA)


async def test_of_several_files_of_a_message_one_is_chosen(workspace: Workspace) -> None:
    two = {"notes.txt": b"nothing", "texts.csv": CHANGES.encode()}
    message = await share(workspace, BEN, two)
    await workspace.slack.shortcut(MIA, ASO, message["ts"], "propose_file")
    await workspace.until(lambda: callback(workspace) == "file")
    await workspace.pick(MIA, "App", f"{TIDEWELL} IOS")
    await workspace.pick(MIA, "File", message["files"][1]["id"])
    await workspace.submit(MIA)
    await workspace.until(lambda: callback(workspace) == "preview")

    assert "4 texts would change" in workspace.modal(MIA)


async def test_a_message_without_a_file_says_what_to_do(workspace: Workspace) -> None:
    await share(workspace, BEN, {"texts.csv": b"x"})
    await workspace.slack.say(MIA, ASO, "No file here")
    message = workspace.slack.messages(ASO)[-1]
    await workspace.slack.shortcut(MIA, ASO, message["ts"], "propose_file")

    await workspace.until(lambda: any("has no file" in told for told in workspace.told(MIA)))


async def test_another_proposal_of_the_same_text_is_told_in_the_preview(
    workspace: Workspace,
) -> None:
    await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ruhig schreiben")
    await open_bulk(workspace)

    assert "Proposal 1" in await preview(workspace, CHANGES)
    assert can_propose(workspace)


async def test_the_other_version_is_chosen_in_the_preview(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, "locale,promotionalText\nde-DE,Jetzt mit Ordnern\n")
    select = next(
        element
        for block in workspace.slack.modals(MIA)[-1]["view"]["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "preview.version"
    )
    live = next(one for one in select["options"] if "2.3.0" in one["text"]["text"])
    block = next(
        one["block_id"]
        for one in workspace.slack.modals(MIA)[-1]["view"]["blocks"]
        if one["type"] == "actions"
    )
    await workspace.slack.click(
        MIA,
        block_id=block,
        action_id="preview.version",
        view_id=workspace.modal_id(MIA),
        value=live["value"],
    )
    await workspace.until(lambda: "Notes 2.3.0" in workspace.modal(MIA).split("for iOS")[0])
    await propose(workspace)

    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert (found.version_number, found.live) == ("2.3.0", True)


def a_zip(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".txt", text)
    return packed.getvalue()


async def test_the_default_folder_fills_the_listings_locales_and_is_counted(
    workspace: Workspace,
) -> None:
    await open_bulk(workspace)
    shown = await preview(
        workspace, a_zip(default__subtitle="Tide by tide", **{"ja__subtitle": "潮"}), "texts.zip"
    )

    assert "a zip of fastlane's folder" in shown
    assert "12 texts would change in 12 locales." in shown


@pytest.mark.parametrize(("ticked", "cleared"), [(False, False), (True, True)])
async def test_an_empty_file_of_a_folder_empties_its_field_only_where_that_is_asked_for(
    workspace: Workspace, ticked: bool, cleared: bool
) -> None:
    await open_bulk(workspace)
    if ticked:
        await workspace.pick(MIA, "Empty texts", "clears")
    shown = await preview(
        workspace, a_zip(ja__subtitle="潮", **{"de-DE__promotional_text": ""}), "texts.zip"
    )

    assert ("cleared: Promotional text" in shown) is cleared
    assert ("Not taken" in shown) is not cleared


async def test_every_row_that_is_not_taken_is_on_a_page(workspace: Workspace) -> None:
    rows = [f"xx-{number:03},Nobody" for number in range(130)]
    await open_bulk(workspace)
    await preview(workspace, "\n".join(["locale,subtitle", "ja,潮", *rows]))

    seen = ""
    for page in range(1, 6):
        await workspace.until(lambda: f"page {page} of 5" in workspace.modal(MIA))  # noqa: B023
        seen += workspace.modal(MIA)
        if page < 5:
            await workspace.press_in_modal(MIA, "Next")
    assert [row for row in rows if row.split(",")[0] not in seen] == []
    await workspace.press_in_modal(MIA, "Previous")
    await workspace.until(lambda: "page 4 of 5" in workspace.modal(MIA))


async def test_what_was_cleaned_is_told(workspace: Workspace) -> None:
    await open_bulk(workspace)
    shown = await preview(workspace, b"\xef\xbb\xbflocale,subtitle\r\nja,\xe6\xbd\xae\r\n")

    assert "a byte-order mark was taken off" in shown


async def test_a_guest_or_anybody_else_of_this_workspace_sees_a_preview_and_a_stranger_none(
    workspace: Workspace,
) -> None:
    file = uploading.File(name="texts.csv", data=CHANGES.encode())
    asked = uploading.Asked(app_id=TIDEWELL, platform="IOS")

    assert await uploading.take(workspace.bot.desk, GUEST, file, asked)
    with pytest.raises(Refused):
        await uploading.take(workspace.bot.desk, STRANGER, file, asked)


async def test_a_modal_that_was_closed_meanwhile_breaks_nothing(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await attach(workspace, CHANGES)
    view = workspace.modal_id(MIA)
    assert (await workspace.slack.submit(MIA, view)).ok
    if workspace.slack.modals(MIA):
        await workspace.close(MIA)
    await workspace.settle()

    assert posted(workspace) == []
    await open_bulk(workspace)
    assert "would change" in await preview(workspace, CHANGES)


async def test_without_the_scope_the_form_says_what_is_missing(workspace: Workspace) -> None:
    workspace.slack.api.granted = workspace.slack.api.granted - {"files:read"}
    await workspace.command(MIA, "bulk tidewell ios")

    await workspace.until(lambda: "files:read" in workspace.modal(MIA))


async def test_a_file_that_was_deleted_meanwhile_is_told(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await attach(workspace, CHANGES)
    view = workspace.slack.modals(MIA)[-1]
    chosen = view["values"]["file.upload"]["file.upload"]["files"][0]["id"]
    workspace.slack.delete_file(chosen)
    await workspace.submit(MIA)

    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))
    assert callback(workspace) == "file"
