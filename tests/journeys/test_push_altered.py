"""What is sent is what was approved, whatever the database holds by then."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import audit
from bot.domain.proposals import Status
from bot.errors import Invalid
from bot.sandbox.cast import BEN, MIA, RUTH
from bot.settings import ApprovalRule
from tests.journeys.awaited_versions import proposed
from tests.journeys.ticking import version
from tests.web.calling import a_pipeline
from tests.workspace import Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


# A push that nobody approved, in whichever state it is put.
PUSH = (
    "insert into pushes (proposal_id, digest, epoch, state, approvers, created_at, glass, covers)"
    " select 1, digest, 0, '{}', '[\"U0RUTH\"]', created_at, '{}', '' from revisions"
)


def write_into(workspace: Workspace, *statements: str) -> None:
    with closing(sqlite3.connect(workspace.settings.database, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


async def altered(workspace: Workspace, *statements: str, who: str = MIA) -> Mapping[str, Any]:
    """Return the message of a proposal that was changed in the file once it was posted."""
    message = await workspace.propose(who, **GERMAN)
    await workspace.settle()
    write_into(workspace, *statements)
    return message


async def nothing_is_sent(
    workspace: Workspace, message: Mapping[str, Any], *, said: str, found: str
) -> None:
    """See that a push fails with what to do, and that the record's check finds why."""
    shown = words_of(await workspace.says(message, said))
    assert "propose it anew" in shown
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert (await workspace.bot.desk.store.proposals.get(1)).status is Status.FAILED
    with pytest.raises(Invalid, match=found):
        await audit.verify(workspace.settings.database, say=lambda _: None)


async def test_a_text_that_was_changed_in_the_file_after_its_proposal_is_not_sent(
    workspace: Workspace,
) -> None:
    before = workspace.live("de-DE", "subtitle")
    message = await altered(workspace, "update items set after = 'Gekauft' where proposal_id = 1")

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
    workspace: Workspace,
) -> None:
    message = await altered(workspace, "update revisions set digest = 'd1ce' where proposal_id = 1")

    await workspace.react(BEN, message)
    await workspace.says(message, "not what was approved")
    assert workspace.asked("PATCH") == []


async def test_an_author_who_is_struck_from_the_file_does_not_approve_their_own_text(
    workspace: Workspace,
) -> None:
    message = await altered(workspace, f"update revisions set authors = '[\"{MIA}\"]'", who=BEN)

    await workspace.react(BEN, message)
    found = r"revision 1 of proposal 1 .* otherwise than entry 2 tells: who wrote it\."
    await nothing_is_sent(
        workspace, message, said="not as the record tells it (who wrote it)", found=found
    )
    await workspace.press(BEN, message, "Retry failed")
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_the_rule_of_another_app_does_not_decide_though_the_file_names_that(
    tmp_path: Path,
) -> None:
    rules = (ApprovalRule(app=("com.example.other",), approvers=(MIA,)),)
    async with a_workspace(tmp_path, approval=approvals(rules=rules)) as workspace:
        message = await altered(
            workspace, "update proposals set bundle_id = 'com.example.other'", who=BEN
        )

        await workspace.react(MIA, message)
        found = "proposal 1 .*: the app whose rules decide"
        said = "the app whose rules decide"
        await nothing_is_sent(workspace, message, said=said, found=found)


async def test_a_proposal_that_the_file_calls_a_return_needs_its_votes(
    workspace: Workspace,
) -> None:
    bent = "update proposals set returns = 1, status = 'approved'"
    message = await altered(workspace, bent, PUSH.format("queued", ""), who=BEN)

    workspace.bot.desk.start_pushes()
    words = "the proposal whose texts it brings back"
    await nothing_is_sent(workspace, message, said=words, found=f"proposal 1 .*: {words}")


async def test_glass_that_nobody_broke_lets_nothing_go(workspace: Workspace) -> None:
    bent = f"update proposals set glass_by = '{RUTH}', status = 'approved'"
    message = await altered(workspace, bent, PUSH.format("queued", "because"), who=BEN)

    workspace.bot.desk.start_pushes()
    said = "nobody broke the glass"
    found = f"proposal 1 .* {RUTH}, and no entry tells that they broke the glass"
    await nothing_is_sent(workspace, message, said=said, found=found)


@pytest.mark.parametrize("state", ["writing", "checking"])
async def test_a_push_that_nobody_began_does_not_go_on(workspace: Workspace, state: str) -> None:
    message = await altered(
        workspace, "update proposals set status = 'pushing'", PUSH.format(state, ""), who=BEN
    )

    workspace.bot.desk.start_pushes()
    said = "no entry lets this push go"
    found = "Push 1 of proposal 1 .* no entry let it go"
    await nothing_is_sent(workspace, message, said=said, found=found)


async def test_a_text_that_was_let_make_its_locale_in_the_file_is_not_sent(
    workspace: Workspace,
) -> None:
    message = await altered(workspace, "update items set creates = 1 where proposal_id = 1")
    await workspace.react(BEN, message)
    await workspace.says(message, "not what was approved")
    assert workspace.asked("PATCH", "POST") == []


@pytest.mark.parametrize(
    "change",
    [
        "awaited = '2.4.0'",
        "awaited = '2.4.0', version_number = '2.4.0'",
        "awaited = '', version_id = (select id from versions where number = '2.4.0' limit 1)",
        "platform = 'MAC_OS'",
    ],
)
async def test_what_was_redirected_in_the_file_is_not_sent_and_found(
    tmp_path: Path, change: str
) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await proposed(pipeline)
        await team.settle()
        write_into(team, f"update proposals set {change} where id = 1")
        await team.react(BEN, message)
        said, found = "not what was approved", "the version that it waits for"
        await nothing_is_sent(team, message, said=said, found=found)


async def test_an_id_that_was_written_into_the_file_takes_nothing(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await proposed(pipeline)
        await team.settle()
        other = version(team)["id"]
        write_into(team, f"update proposals set version_id = '{other}' where id = 1")
        await team.react(BEN, message)
        await team.says(message, "2.5.0 was approved, and the version is called 2.4.0 by now.")
        assert team.asked("PATCH") == []
