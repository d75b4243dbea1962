"""What has its approvals is pushed without waiting for the rest, where the proposer chose so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.changes import digest
from bot.domain.proposals import Proposal, Status
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.settings import ApprovalRule
from tests.journeys.ticking import become, run, version, wait
from tests.journeys.version_people import write_release_notes
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace, approvals, words_of

BOX, TICKED = "In parts", ["parts"]
# The subtitle is Ben's, the keywords are Aiko's.
RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN,)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)
SUBTITLE, KEYWORDS = "Stilles Notizbuch", "heft,notiz"

Message = Mapping[str, Any]


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        yield workspace


async def proposed(team: Workspace, *, ticked: bool = True, submits: bool = False) -> Message:
    """Have Mia propose a subtitle and keywords in German; return the message."""
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Subtitle=SUBTITLE, Keywords=KEYWORDS)
    if ticked:
        await team.pick(MIA, BOX, TICKED)
    if submits:
        await team.pick(MIA, "And then", ["submit"])
    return await sent_form(team)


async def sent_form(team: Workspace) -> Message:
    """Send the form and return the message that it becomes."""
    before = {message["ts"] for message in team.messages()}
    ack = await team.submit(MIA)
    assert ack.ok
    assert not team.errors(MIA)
    found: Message = await team.until(lambda: team._seeded(before), why="nothing was posted")
    return found


async def part_pushed(team: Workspace) -> Message:
    """Propose, and let Ben's part be pushed; return the message."""
    message = await proposed(team)
    await team.react(BEN, message)
    return await team.says(message, "a part is pushed")


async def stored(team: Workspace, number: int = 1) -> Proposal:
    found = await team.bot.desk.store.proposals.get(number)
    assert found is not None
    return found


def sent(team: Workspace) -> list[str]:
    """Return the attributes that Apple was sent, in order."""
    rows = [row for row in team.apple.log if row["method"] == "PATCH"]
    return [name for row in rows for name in row["body"]["data"]["attributes"]]


async def test_a_part_goes_with_its_own_approvals_and_the_rest_follows_with_its_own(
    team: Workspace,
) -> None:
    message = await proposed(team)
    assert "In parts:  What has its approvals is pushed" in words_of(message)
    asked = await stored(team)
    assert asked.digest == digest(asked.target, asked.items, in_parts=True)
    until = asked.expires_at
    await wait(team, hours=5)
    await team.react(BEN, message)
    shown = words_of(await team.says(message, "a part is pushed"))
    assert "Pushed already: Subtitle in German" in shown
    assert "0 of 1 for Keywords in German" in shown
    await team.settle()
    assert sent(team) == ["subtitle"]
    waits = await stored(team)
    assert (waits.status, waits.expires_at) == (Status.OPEN, until)
    (reply,) = team.thread(message)
    assert "A part is pushed: Subtitle in German (de-DE), read back and right." in words_of(reply)

    await team.react(AIKO, message)
    shown = words_of(await team.says(message, "Pushed"))
    await team.says(message, "Sent, read back and right")
    await team.settle()
    assert sent(team) == ["subtitle", "keywords"]
    assert f"Approved by  @{BEN}  and  @{AIKO}" in words_of(team.message(message["ts"]))
    assert len(team.thread(message)) == 2
    assert await queued_by_the_record(team) == [([0], [0]), ([1], [1])]


async def queued_by_the_record(team: Workspace) -> list[tuple[list[int], list[int]]]:
    """Return of each push what the votes before it let go, and what it covers."""
    found, let_go = [], []
    async for entry in team.bot.desk.store.record.entries(proposal=1):
        body = json.loads(entry.body)
        if entry.kind == "decided":
            let_go = body["part"]
        elif entry.kind == "push" and body["did"] == "queued":
            assert body["digest"] == (await stored(team)).digest
            found.append((let_go, body["covers"]))
    return found


async def test_what_a_part_brought_is_nobodys_rival(team: Workspace) -> None:
    await part_pushed(team)
    other = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Anders", Keywords="ruhe")
    said = words_of(other)
    assert "Keywords:  Proposal 1" in said
    assert "Subtitle:  Proposal 1" not in said


async def test_without_the_choice_nothing_goes_before_all_of_it_may(team: Workspace) -> None:
    message = await proposed(team, ticked=False)
    await team.react(BEN, message)
    await team.says(message, "1 of 1 for Subtitle")
    await team.settle()
    assert sent(team) == []
    await team.react(AIKO, message)
    await team.says(message, "Sent, read back and right")


async def test_the_choice_is_offered_only_where_rules_ask_for_different_approvals(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA)
    assert BOX not in workspace.labels(MIA)


async def test_a_submission_waits_for_the_last_part(team: Workspace) -> None:
    write_release_notes(team)
    message = await proposed(team, submits=True)
    await team.react(BEN, message)
    await team.says(message, "a part is pushed")
    await team.settle()
    assert sent(team) == ["subtitle"]
    assert version(team)["state"] == "PREPARE_FOR_SUBMISSION"

    await team.react(AIKO, message)
    await team.says(message, "Submitted: waiting for review")
    assert sent(team)[:2] == ["subtitle", "keywords"]
    assert version(team)["state"] == "WAITING_FOR_REVIEW"


async def test_what_gets_its_votes_while_a_part_can_still_be_stopped_goes_with_it(
    tmp_path: Path,
) -> None:
    window = approvals(rules=RULES, undo_window=timedelta(minutes=1))
    async with a_workspace(tmp_path, approval=window) as team:
        message = await proposed(team)
        await team.react(BEN, message)
        shown = words_of(await team.says(message, "Only a part goes now: Subtitle"))
        assert "0 of 1 for Keywords" in shown
        assert "Stop" in shown

        await team.react(AIKO, message)
        await team.until(lambda: "Only a part" not in words_of(team.message(message["ts"])))
        await team.unreact(BEN, message)
        await team.says(message, "Only a part goes now: Keywords")
        assert sent(team) == []
        await team.says(message, "a part is pushed")
        await team.settle()
        assert sent(team) == ["keywords"]
        assert len(team.thread(message)) == 1


async def test_what_waits_for_confirm_can_have_it_while_another_part_waits(tmp_path: Path) -> None:
    strict = (RULES[0], replace(RULES[1], confirm=True))
    window = approvals(rules=strict, undo_window=timedelta(minutes=1))
    async with a_workspace(tmp_path, approval=window) as team:
        message = await proposed(team)
        await team.react(AIKO, message)
        await team.react(BEN, message)
        await team.says(message, "Only a part goes now: Subtitle")
        await team.press(AIKO, message, "Confirm")
        await team.until(lambda: "In parts" in team.modal(AIKO))
        await team.submit(AIKO)
        await team.until(lambda: "Only a part" not in words_of(team.message(message["ts"])))
        await team.says(message, "Sent, read back and right")
        assert sorted(sent(team)) == ["keywords", "subtitle"]


async def test_a_veto_ends_what_is_left_and_takes_nothing_back(team: Workspace) -> None:
    message = await part_pushed(team)
    await team.react(AIKO, message, CROSS)
    shown = words_of(await team.says(message, "Rejected"))
    assert "Subtitle in German (de-DE) reached Apple before and stayed there" in shown
    await team.unreact(AIKO, message, CROSS)
    await team.says(message, "a part is pushed")
    await team.react(AIKO, message)
    await team.says(message, "Sent, read back and right")
    assert sent(team) == ["subtitle", "keywords"]


async def test_a_veto_before_anything_was_pushed_stops_every_part(team: Workspace) -> None:
    message = await proposed(team)
    await team.react(AIKO, message, CROSS)
    await team.says(message, "Rejected")
    await team.react(BEN, message)
    await team.settle()
    assert sent(team) == []


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
async def test_what_is_left_when_it_ends_is_told_apart_from_what_is_at_apple(
    team: Workspace, how: str
) -> None:
    message = await part_pushed(team)
    if how == "withdrawn":
        await team.press(MIA, message, "Withdraw")
        why = "Withdrawn before it was pushed."
    else:
        await wait(team, days=8)
        await run(team, "expire")
        why = "Nobody decided in time."
    shown = words_of(await team.says(message, "Partly pushed"))
    assert why in shown
    assert [item.state for item in (await stored(team)).items] == ["done", "left"]
    await team.react(AIKO, message)
    await team.settle()
    assert sent(team) == ["subtitle"]

    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    assert team.value(MIA, "Keywords") == KEYWORDS
    assert team.slack.modals(MIA)[-1]["values"]["parts/2"]["edit.parts"]["selected_options"]


async def test_a_text_that_drifted_goes_stale_alone_and_the_rest_goes_on(
    team: Workspace,
) -> None:
    message = await proposed(team)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Anders")
    await team.react(BEN, message)
    shown = words_of(await team.says(message, "changed since this was proposed"))
    assert "0 of 1 for Keywords" in shown
    await team.react(AIKO, message)
    await team.says(message, "Partly pushed")
    assert sent(team) == ["keywords"]


async def test_a_rebase_keeps_the_choice(team: Workspace) -> None:
    message = await proposed(team)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Anders")
    await team.react(BEN, message)
    await team.says(message, "changed since this was proposed")
    await team.press(MIA, message, "Rebase")
    await team.until(lambda: "Apple now" in team.modal(MIA))
    second = await sent_form(team)
    await team.react(AIKO, second)
    await team.says(second, "a part is pushed")
    await team.settle()
    assert sent(team) == ["keywords"]


async def test_an_edit_carries_what_is_left_and_what_is_there_is_not_pushed_again(
    team: Workspace,
) -> None:
    first = await part_pushed(team)
    approved = (await stored(team)).digest
    await team.press(MIA, first, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.fill(MIA, Subtitle="Noch stiller", Keywords="heft,ruhe")
    await team.submit(MIA)
    assert "already" in " ".join(team.errors(MIA).values())
    await team.fill(MIA, Subtitle=SUBTITLE)
    second = await sent_form(team)
    assert "Pushed already: Subtitle" in words_of(second)
    assert "for Subtitle" not in words_of(second)

    await team.react(AIKO, second)
    await team.says(second, "Sent, read back and right")
    assert sent(team) == ["subtitle", "keywords"]
    desk = team.bot.desk
    told = [
        (row.field, row.digest, row.part)
        for row in await desk.store.watchlog.history(app_id=TIDEWELL)
    ]
    assert told == [
        ("keywords", (await stored(team)).digest, True),
        ("subtitle", approved, True),
    ]
    answer = await team.command(MIA, "history tidewell")
    assert answer.ok
    await team.until(lambda: any("a part of it" in one for one in team.private(MIA)))


async def test_a_part_that_failed_is_sent_again_while_the_rest_waits(team: Workspace) -> None:
    fault = team.apple.faults.add(Fault(kind="refused", match="PATCH /v1/appInfoLocalizations"))
    message = await proposed(team)
    await team.react(BEN, message)
    shown = words_of(await team.says(message, "Retry failed"))
    assert "0 of 1 for Keywords" in shown
    assert (await stored(team)).status is Status.OPEN
    team.apple.faults.remove(fault)
    await team.press(BEN, message, "Retry failed")
    await team.says(message, "a part is pushed")
    assert team.live("de-DE", "subtitle") == SUBTITLE
    assert team.live("de-DE", "keywords") != KEYWORDS


async def test_a_failure_does_not_hold_up_the_rest_and_is_not_forgotten_over_it(
    team: Workspace,
) -> None:
    team.apple.faults.add(Fault(kind="refused", match="PATCH /v1/appInfoLocalizations"))
    message = await proposed(team)
    await team.react(BEN, message)
    await team.says(message, "Approved, and not arrived")
    await team.react(AIKO, message)
    await team.says(message, "Partly pushed")
    assert sent(team).count("subtitle") == 1
    assert team.live("de-DE", "keywords") == KEYWORDS
    left = await team.bot.desk.store.watchlog.failures_of(1)
    assert [row.field for row in left] == ["subtitle"]


async def test_a_parked_part_wakes_alone(team: Workspace) -> None:
    message = await proposed(team)
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW"):
        await become(team, state)
    await team.react(BEN, message)
    await team.says(message, "Parked: 2.4.0 is In Review")
    await become(team, "REJECTED")
    await team.says(message, "a part is pushed")
    assert sent(team) == ["subtitle"]


async def test_a_parked_part_takes_with_it_what_gets_its_votes_meanwhile(team: Workspace) -> None:
    message = await proposed(team)
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW"):
        await become(team, state)
    await team.react(BEN, message)
    shown = words_of(await team.says(message, "Parked: 2.4.0 is In Review"))
    assert "Only a part goes now: Subtitle" in shown
    assert "0 of 1 for Keywords" in shown
    await team.react(AIKO, message)
    await team.until(lambda: "Only a part" not in words_of(team.message(message["ts"])))
    await team.settle()
    assert sent(team) == []
    await become(team, "REJECTED")
    await team.says(message, "Sent, read back and right")
    assert sorted(sent(team)) == ["keywords", "subtitle"]


async def test_a_vote_for_the_rest_that_comes_while_a_part_is_sent_counts_after_it(
    team: Workspace,
) -> None:
    message = await proposed(team)
    team.apple.faults.add(Fault(kind="slow", match="PATCH", seconds=5.0, count=1))
    await team.react(BEN, message)
    await team.until(lambda: team.asked("PATCH"))
    await team.react(AIKO, message)
    await team.says(message, "Sent, read back and right")
    # A request that was not answered in time is sent again by the same push.
    assert list(dict.fromkeys(sent(team))) == ["subtitle", "keywords"]
    assert await queued_by_the_record(team) == [([0], [0]), ([1], [1])]
    assert team.private(AIKO) == []


async def test_votes_for_the_rest_that_come_while_a_part_is_sent_outlive_a_stop(
    team: Workspace,
) -> None:
    message = await proposed(team)
    held = team.apple.faults.add(Fault(kind="slow", match="PATCH", seconds=30.0))
    await team.react(BEN, message)
    await team.until(lambda: team.asked("PATCH"))
    await team.react(AIKO, message)
    await team.settle()
    await team.stop()
    team.apple.faults.remove(held)
    await team.restart()
    await run(team, "pushes", "reconcile")
    await team.says(message, "Sent, read back and right")
    assert team.live("de-DE", "keywords") == KEYWORDS
    assert sent(team).count("keywords") == 1
