"""Two hundred changes in forty locales: one message, its thread, one vote, one push."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.exchange import read
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import ASO, BEN, MIA, RUTH
from bot.sandbox.slack.web_api import Fault
from bot.settings import ApprovalRule, AppSettings
from bot.slack import ids
from bot.workflow import drafting, proposing
from bot.workflow.catalogue import find_app
from bot.workflow.keeping import Typed
from tests.bench.listing import APP_ID, BUNDLE_ID, CODES, seed, texts
from tests.slack.limits import elements, violations
from tests.workspace import Workspace, a_workspace, approvals, words_of

FIELDS = ("name", "subtitle", "keywords", "promotionalText", "description")
HARBOUR = (AppSettings(bundle_id=BUNDLE_ID),)
JAPANESE = ApprovalRule(locale=("ja",), approvers=(RUTH,))


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    rules = approvals(rules=(JAPANESE,))
    async with a_workspace(tmp_path, seed=seed(), apps=HARBOUR, approval=rules) as one:
        yield one


async def propose_everything(
    team: Workspace, stamp: int = 1, *, then: Callable[[], object] = lambda: None
) -> Mapping[str, Any]:
    """Propose another text in five fields of forty locales; return the message.

    What happens `then` happens before anything is said.
    """
    desk = team.bot.desk
    before = {message["ts"] for message in team.messages()}
    app = await find_app(desk, "harbour")
    form = await drafting.open_form(desk, MIA, app)
    wanted = {(code, name): text for code, of in texts(stamp).items() for name, text in of.items()}
    made = await proposing.submit(desk, form.draft, Typed(texts=wanted), user=MIA)
    assert made.proposal is not None, made
    then()
    desk.notifier.notices_waiting()
    return await team.until(
        lambda: next(
            (m for m in team.messages() if m["ts"] not in before and len(m["reactions"]) == 2),
            None,
        )
    )


async def the_thread(team: Workspace, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what stands in its thread once everything is there."""
    await team.until(lambda: len(team.thread(message)) == 3, why="no table, files or checklist")
    return team.thread(message)


def files(team: Workspace, message: Mapping[str, Any]) -> dict[str, str]:
    """Return what is in the files of its thread, by their names."""
    found = [file for reply in team.thread(message) for file in reply.get("files", [])]
    stored = [team.slack.workspace.files.find(file["id"]) for file in found]
    return {one.name: (one.content or b"").decode("utf-8-sig") for one in stored if one}


def pictures(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for block in message["blocks"] if block["type"] == "image"]


def modal(team: Workspace, who: str) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = team.slack.modals(who)[-1]["view"]
    return shown


async def test_forty_locales_are_one_message_and_their_texts_are_in_its_thread(
    team: Workspace,
) -> None:
    message = await propose_everything(team)
    told = words_of(message)
    assert "200 changes in 40 locales" in told
    assert "Description  in all 40 locales" in told
    assert "Edition 1." not in told
    assert violations({"text": message["text"], "blocks": message["blocks"]}) == []

    table, shared, checklist = await the_thread(team, message)
    assert "en-US + + + + + . . . ." in words_of(table).replace("!", "+").replace("?", ".")
    (image,) = pictures(table)
    assert "200 of 360 texts change" in image["alt_text"]
    picture = team.slack.picture(image["slack_file"]["id"], BEN)
    assert picture is not None
    assert picture[1] == "image/png"
    assert len(picture[0]) < 300_000
    assert "as a difference and as a table" in words_of(shared)
    assert "As the listing will be once proposal 1 is pushed." in words_of(checklist)
    assert "Much of the 100 characters is not used: en-US (39)" in words_of(checklist)
    assert violations({"text": checklist["text"], "blocks": checklist["blocks"]}) == []


async def test_the_files_hold_every_change_before_and_after(team: Workspace) -> None:
    message = await propose_everything(team)
    await the_thread(team, message)
    found = files(team, message)
    diff, table = found["proposal-1-revision-1.diff"], found["proposal-1-revision-1.csv"]
    assert diff.startswith("Proposal 1, revision 1: Harbour 4.1 for iOS\n--- a/en-US/name.txt\n")
    assert diff.count("\n--- a/") == diff.count("\n+++ b/") == 200
    assert "-Harbour ja 0\n" in diff
    assert "+Harbour ja 1\n" in diff
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == 200
    japanese = next(r for r in rows if (r["locale"], r["field"]) == ("ja", "name"))
    assert (japanese["before"], japanese["text"]) == ("Harbour ja 0", "Harbour ja 1")
    taken = read(table.encode()).texts
    assert taken == {(c, n): t for c, of in texts(1).items() for n, t in of.items()}


@pytest.mark.parametrize("table_lost", [False, True])
async def test_a_crash_after_the_files_were_shared_shares_nothing_twice(
    team: Workspace, table_lost: bool
) -> None:
    message = await propose_everything(team)
    before = await the_thread(team, message)
    await team.settle()
    await team.stop()
    which = "kind = 'thread'" if table_lost else "key like '%:files'"
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.execute(f"update notices set state = 'doing', ts = null where {which}")
    await team.restart()
    await team.settle()
    assert [m["ts"] for m in team.thread(message)] == [m["ts"] for m in before]


async def test_without_the_right_to_upload_the_thread_says_so_and_details_has_the_texts(
    team: Workspace,
) -> None:
    fault = Fault(method="files.getUploadURLExternal", error="missing_scope", times=100)
    team.slack.api.faults.append(fault)
    message = await propose_everything(team)
    table, apology, _ = await the_thread(team, message)
    assert pictures(table) == []
    assert "en-US" in words_of(table)
    assert "could not be uploaded (missing_scope). Details shows every text." in words_of(apology)
    team.slack.api.faults.clear()
    team.slack.refusals.clear()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (AppleFault(kind="server_error"), "could not be made. Apple answered 500."),
        # It is waited for, but not as long as this takes by a clock that runs away.
        (AppleFault(kind="slow", seconds=30.0), "could not be made. It took too long."),
    ],
)
async def test_while_apple_does_not_answer_the_table_has_what_changes_and_no_checklist_is_told(
    team: Workspace, fault: AppleFault, why: str
) -> None:
    message = await propose_everything(team, then=lambda: team.apple.faults.add(fault))
    table, _, checklist = await the_thread(team, message)
    team.apple.faults.clear()
    assert why in words_of(checklist)
    assert len(pictures(table)) == 1
    assert "200 of 360 texts change." in pictures(table)[0]["alt_text"]
    assert "missing" not in words_of(table)


async def test_each_revision_has_its_own_files_in_its_own_thread(team: Workspace) -> None:
    first = await propose_everything(team)
    await the_thread(team, first)
    await team.press(MIA, first, "Edit")
    await team.until(lambda: team.modal(MIA) and "Subtitle" in team.labels(MIA))
    await team.fill(MIA, Subtitle="Harbours and tides")
    before = {message["ts"] for message in team.messages()}
    await team.submit(MIA)
    second = await team.until(
        lambda: next((m for m in team.messages() if m["ts"] not in before), None)
    )
    await the_thread(team, second)
    assert list(files(team, second)) == [
        "proposal-1-revision-2.diff",
        "proposal-1-revision-2.csv",
    ]
    assert "Harbours and tides" in files(team, second)["proposal-1-revision-2.diff"]
    assert len(files(team, first)) == 2


async def test_who_decides_one_locale_sees_it_first_and_turns_to_any_other(
    team: Workspace,
) -> None:
    message = await propose_everything(team)
    await team.press(RUTH, message, "Details")
    await team.until(lambda: team.modal(RUTH))
    told = team.modal(RUTH)
    assert "Yours to decide comes first: Japanese (ja)." in told
    assert told.index("Harbour ja 1") < told.index("Approvals")

    await team.press(BEN, message, "Details")
    await team.until(lambda: team.modal(BEN))
    shown = modal(team, BEN)
    assert violations(dict(shown)) == []
    (menu,) = elements(shown["blocks"], "static_select")
    korean = next(o for o in menu["options"] if o["text"]["text"].startswith("Korean (ko)"))
    block = next(b for b in shown["blocks"] if b.get("accessory") == menu)
    await team.slack.click(
        BEN,
        block_id=block["block_id"],
        action_id=ids.DETAILS_JUMP,
        view_id=team.modal_id(BEN),
        value=korean["value"],
    )
    await team.until(lambda: "Harbour ko 1" in team.modal(BEN))
    assert "Harbour ar-SA 1" not in team.modal(BEN)
    await team.press_in_modal(BEN, "Next")
    await team.until(lambda: "Harbour ko 1" not in team.modal(BEN))
    assert "Harbour" in team.modal(BEN)


async def test_one_vote_by_each_needed_approver_brings_all_of_it_to_apple(team: Workspace) -> None:
    message = await propose_everything(team)
    await the_thread(team, message)
    await team.react(BEN, message)
    await team.says(message, "1 of 1 for")
    await team.press(MIA, message, "Details")
    await team.until(lambda: team.modal(MIA))
    (menu,) = elements(modal(team, MIA)["blocks"], "static_select")
    labels = [option["text"]["text"] for option in menu["options"]]
    assert "Japanese (ja) · 0 of 1 approval" in labels
    assert "German (de-DE) · ✓ approved" in labels

    await team.react(RUTH, message)
    shown = await team.says(message, "Sent, read back and right.")
    assert "40 of 40 locales done" in words_of(shown) or "✅" in words_of(shown)
    wanted = texts(1)
    for code in CODES:
        for name in FIELDS:
            assert team.live(code, name, app=APP_ID) == wanted[code][name]
    assert len(team.messages()) == 1
    assert shown.get("channel", ASO) == ASO
