"""What is sent is what was approved, whatever the database holds by then."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.proposals import Status
from bot.sandbox.cast import BEN, MIA
from tests.workspace import Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


def write_into(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "marquee.db", isolation_level=None)) as db:
        db.execute(statement)


async def test_a_text_that_was_changed_in_the_file_after_its_proposal_is_not_sent(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    before = workspace.live("de-DE", "subtitle")
    await workspace.settle()
    write_into(tmp_path, "update items set after = 'Gekauft' where proposal_id = 1")

    await workspace.react(BEN, message)
    shown = words_of(await workspace.says(message, "not what was approved"))
    assert "propose it anew" in shown
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert workspace.live("de-DE", "subtitle") == before
    assert (await workspace.bot.desk.store.proposals.get(1)).status is Status.FAILED
    told = [
        json.loads(entry.body)
        async for entry in workspace.bot.desk.store.record.entries(kind="push")
    ]
    assert told[-1]["verb"] == "fail"
    assert "not what was approved" in told[-1]["items"][0]["problem"]


async def test_a_text_and_its_digest_that_were_changed_in_the_file_are_held_against_the_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    write_into(tmp_path, "update revisions set digest = 'd1ce' where proposal_id = 1")

    await workspace.react(BEN, message)
    await workspace.says(message, "not what was approved")
    assert workspace.asked("PATCH") == []
