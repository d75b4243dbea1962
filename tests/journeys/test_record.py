"""The record of a whole story: it tells all of it, holds, and shows where it was bent."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.record import Entry
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from bot.settings import ApprovalRule
from tests.command import marquee
from tests.journeys.ticking import run, wait
from tests.workspace import CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


async def entries(workspace: Workspace, *kinds: str) -> list[tuple[Entry, Mapping[str, Any]]]:
    record = workspace.bot.desk.store.record
    found = [one async for one in record.entries()]
    return [(one, json.loads(one.body)) for one in found if not kinds or one.kind in kinds]


async def audit(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the real command beside the bot."""
    url = f"sqlite:///{folder / 'marquee.db'}"
    done = await asyncio.to_thread(
        marquee, "audit", *words, folder=folder, variables={"DATABASE_URL": url}
    )
    return done.returncode, done.stdout, done.stderr


async def a_story(workspace: Workspace) -> str:
    """Propose, refuse, revise, approve, push; return the digest that the message shows."""
    first = await workspace.propose(MIA, **GERMAN, why="Shorter")
    await workspace.react(RUTH, first)
    await workspace.until(lambda: workspace.private(RUTH))
    await workspace.press(MIA, first, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Subtitle="Stilles Heft")
    await workspace.submit(MIA)
    second = await workspace.until(lambda: workspace._seeded({first["ts"]}))
    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    await workspace.settle()
    proposal = await workspace.bot.desk.store.proposals.get(1)
    assert proposal is not None
    assert proposal.digest[:8] in words_of(workspace.message(second["ts"]))
    return proposal.digest[:8]


async def test_the_record_tells_a_whole_story_holds_and_shows_one_changed_byte(
    workspace: Workspace, tmp_path: Path
) -> None:
    digest = await a_story(workspace)

    status, story, _ = await audit(tmp_path, "show", digest)
    assert status == 0
    told = [
        f'{MIA} wrote revision 1 for "Tidewell Notes',
        'why: "Shorter"',
        'de-DE subtitle: "',
        '-> "Stilles Notizbuch"',
        f"{RUTH} gave :white_check_mark: (approve) on revision 1",
        f"{RUTH} voted without effect on revision 1",
        f"{MIA} wrote revision 2",
        '-> "Stilles Heft"',
        f"{BEN} gave :white_check_mark: (approve) on revision 2 (digest {digest})",
        f"approved by {BEN}",
        "approve: open -> approved",
        "queued",
        "claimed",
        "asked again before the push",
        "push: approved -> pushing",
        "planned",
        "calls to App Store Connect",
        "finished",
    ]
    places = [story.find(words) for words in told]
    assert -1 not in places, told[places.index(-1)]
    assert "PATCH /apple/v1/" in story
    assert ": 200 (" in story

    status, said, _ = await audit(tmp_path, "verify")
    assert status == 0
    head = await workspace.bot.desk.store.record.head()
    assert head in said

    await workspace.stop()
    path = tmp_path / "marquee.db"
    whole = path.read_bytes()
    for mark in (b'"did":"claimed"', b'"verb":"approve"', b'"version":"'):
        place = whole.rindex(mark) + 2
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        status, _, why = await audit(tmp_path, "verify")
        assert status == 1
        assert "was changed" in why
    path.write_bytes(whole)
    assert (await audit(tmp_path, "verify", "--head", head[:16]))[0] == 0


async def test_every_call_of_a_push_is_told_with_apples_id_for_its_proposal(
    workspace: Workspace,
) -> None:
    await a_story(workspace)
    calls = [
        (entry.proposal, call)
        for entry, body in await entries(workspace, "calls")
        for call in body["calls"]
    ]
    sent = [row for row in workspace.apple.log if row["method"] != "GET"]
    pushed = [call for number, call in calls if number == 1 and call["method"] != "GET"]
    assert [
        (one["method"], one["path"].removeprefix("/apple"), one["status"]) for one in pushed
    ] == [(row["method"], row["path"], row["status"]) for row in sent]
    assert len(calls) == len(workspace.apple.log)
    assert all(len(call["id"]) == 36 for _, call in calls)


async def test_calls_up_to_an_orderly_stop_are_in_the_record(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    asked = len(workspace.apple.log)
    await workspace.restart()
    told = [call for _, body in await entries(workspace, "calls") for call in body["calls"]]
    assert len(told) == asked


async def test_the_rules_in_force_are_told_at_a_start_where_they_changed(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as workspace:
        await workspace.restart()
        ((_, body),) = await entries(workspace, "settings")
        assert body["policy"]["approvers"] == [BEN, AIKO]
        assert (body["timezone"], body["poll"]) == ("Europe/Berlin", 120.0)
        assert {"hours", "reminders", "weekly", "summary_at"} <= body.keys()
        assert "secret" not in json.dumps(body)
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        (_, (_, body)) = await entries(workspace, "settings")
        assert body["policy"]["quorum"] == 2


async def test_a_decision_tells_who_was_in_a_user_group_then(tmp_path: Path) -> None:
    group = "S0ASOLEADS"
    rule = ApprovalRule(field=("subtitle",), approvers=(group,))
    async with a_workspace(tmp_path, approval=approvals(rules=(rule,))) as workspace:
        groups = workspace.slack.workspace.groups
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message, CROSS)
        await workspace.says(message, "Rejected")
        groups[group] = replace(groups[group], members=(AIKO,))
        ((_, body),) = await entries(workspace, "decided")
        assert body["members"] == {group: sorted([BEN, AIKO])}
        assert body["rejected_by"] == [BEN]


async def test_summaries_end_with_a_hash_that_finds_what_is_cut_off_later(
    workspace: Workspace, tmp_path: Path
) -> None:
    await run(workspace, "watch", "failures", "weekly")
    fault = workspace.apple.faults.add(
        Fault(kind="refused", match="PATCH /v1/appInfoLocalizations")
    )
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    await workspace.says(message, "Retry failed")
    workspace.apple.faults.remove(fault)
    await wait(workspace, days=7)
    await run(workspace, "failures", "weekly")
    await workspace.settle()
    shown = [re.findall(r"verify --head ([0-9a-f]{16}) ", told) for told in workspace.told()]
    heads = [head for found in shown for head in found]
    assert len(heads) == 2
    for head in heads:
        assert (await audit(tmp_path, "verify", "--head", head))[0] == 0

    await workspace.stop()
    with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
        db.execute("drop trigger record_is_not_shortened")
        db.execute("drop trigger record_end_goes_on")
        db.execute("delete from record where number > 1")
        db.execute("update record_end set (number, hash) = (select number, hash from record)")
        db.execute("update revisions set recorded = 0")
    assert (await audit(tmp_path, "verify"))[0] == 0
    status, _, why = await audit(tmp_path, "verify", "--head", heads[0])
    assert status == 1
    assert "cut off" in why


async def test_calls_that_could_not_be_written_are_written_later_and_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
        db.execute(
            "create trigger full before insert on record when new.kind = 'calls'"
            " begin select raise(abort, 'database or disk is full'); end"
        )
        await workspace.open_form(MIA, "edit tidewell de-DE")
        await workspace.settle()
        assert await entries(workspace, "calls") == []
        db.execute("drop trigger full")
    await workspace.clock.travel(20)
    await workspace.settle()
    told = [call for _, body in await entries(workspace, "calls") for call in body["calls"]]
    assert len(told) == len(workspace.apple.log) > 0


NOT_TOLD = "The record does not tell of this."


async def history(team: Workspace) -> str:
    before = len(team.private(MIA))
    await team.command(MIA, "history tidewell")
    await team.until(lambda: len(team.private(MIA)) > before)
    return team.private(MIA)[-1]


async def test_history_tells_what_the_record_tells_whatever_its_own_table_holds(
    workspace: Workspace, tmp_path: Path
) -> None:
    digest = await a_story(workspace)
    told = await history(workspace)
    for words in ("Stilles Heft", f"@{MIA}", f"@{BEN}", digest):
        assert words in told
    assert NOT_TOLD not in told

    with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
        db.execute(
            "update history set before = 'x', after = 'Forged', proposer = 'U0EVE',"
            " approvers = '[]', digest = ''"
        )
    assert await history(workspace) == told


async def test_history_says_so_where_the_record_does_not_tell_of_a_change(
    workspace: Workspace, tmp_path: Path
) -> None:
    await a_story(workspace)
    columns = (
        "app_id, platform, version_id, version_number, locale, field, before, after,"
        " proposal_id, proposer, approvers, pushed_at"
    )
    with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
        forged = columns.replace("locale", "'ja'").replace("after", "'Forged'")
        db.execute(f"insert into history ({columns}) select {forged} from history")
        told = await history(workspace)
        assert told.count(NOT_TOLD) == 1
        assert told.index("Forged") < told.index("Stilles Heft")

        db.execute("delete from history where after = 'Forged'")
        assert NOT_TOLD not in await history(workspace)
        db.execute("drop trigger record_is_not_changed")
        db.execute("update record set body = replace(body, '\"finish\"', '\"finished\"')")
    assert (await history(workspace)).count(NOT_TOLD) == 1
    assert "Stilles Heft" in await history(workspace)
