"""Where a rule asks for it, reactions are not enough: an approver presses Confirm besides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.slack.web_api import Fault
from bot.settings import ApprovalRule, ApprovalSettings
from tests.clock import HandClock
from tests.journeys.ticking import run, wait
from tests.slack.limits import elements
from tests.workspace import Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
RULE = ApprovalRule(field=("subtitle",), confirm=True)


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, approval=approvals(rules=(RULE,))) as workspace:
        yield workspace


def labels(message: Mapping[str, Any]) -> list[str]:
    """Return what stands on the buttons under a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def test_votes_wait_for_confirm_which_shows_what_will_happen(team: Workspace) -> None:
    message = await team.propose(MIA, **GERMAN)
    assert "Confirm" not in labels(message)
    await team.react(BEN, message)
    shown = await team.says(message, "anybody on the list has to press Confirm")
    assert "Waiting for Confirm" in shown["text"]
    told = "".join(one["text"] for one in elements(shown["blocks"], "text"))
    assert "press Confirm, whoever voted. From " in told
    assert team.asked("PATCH") == []

    await team.press(AIKO, message, "Confirm")
    modal = await team.until(lambda: team.modal(AIKO))
    assert "German (de-DE)" in modal
    assert "Stilles Notizbuch" in modal
    digest = modal.split("Digest ")[1][:8]
    assert digest in words_of(team.message(message["ts"]))
    assert f"@{BEN}" in modal
    await team.submit(AIKO)
    await team.says(message, "Pushed")
    assert team.live("de-DE", "subtitle") == "Stilles Notizbuch"


async def test_neither_who_wrote_it_nor_who_may_not_approve_it_can_confirm(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.react(BEN, message)
    await team.says(message, "press Confirm")
    for who, why in ((MIA, "You wrote or edited part of this"), (RUTH, "not among the approvers")):
        await team.press(who, message, "Confirm")
        await team.until(lambda who=who, why=why: why in " ".join(team.private(who)))
        assert team.modal(who) == ""
    await team.settle()
    assert team.asked("PATCH") == []


async def test_a_text_that_was_edited_while_somebody_read_it_is_not_confirmed(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.react(BEN, message)
    await team.says(message, "press Confirm")
    await team.press(BEN, message, "Confirm")
    await team.until(lambda: team.modal(BEN))

    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.fill(MIA, Subtitle="Ruhiges Notizbuch")
    await team.submit(MIA)
    second = await team.until(lambda: team._seeded({message["ts"]}))
    await team.submit(BEN)
    await team.until(lambda: team.slack.direct(BEN))
    assert "was changed while you read it" in words_of(team.slack.direct(BEN)[-1])

    await team.react(BEN, second)
    await team.says(second, "press Confirm")
    await team.settle()
    assert team.asked("PATCH") == []


async def confirm(team: Workspace, who: str, message: Any) -> None:
    await team.press(who, message, "Confirm")
    await team.until(lambda: team.modal(who))
    await team.submit(who)


def held(*rules: ApprovalRule) -> ApprovalSettings:
    """Return approvals by three people whose push waits a minute, so that votes may change."""
    return approvals(
        approvers=(BEN, AIKO, RUTH), rules=(RULE, *rules), undo_window=timedelta(minutes=1)
    )


async def test_confirm_counts_for_the_votes_that_were_there_and_not_before_they_are(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.react(BEN, message)
    await team.says(message, "press Confirm")
    await team.press(AIKO, message, "Confirm")
    await team.until(lambda: team.modal(AIKO))
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await team.submit(AIKO)
    await team.until(lambda: team.slack.direct(AIKO))
    assert "waits for Confirm" in words_of(team.slack.direct(AIKO)[-1])

    await team.react(BEN, message)
    await team.says(message, "press Confirm")
    await team.settle()
    assert team.asked("PATCH") == []


async def test_confirm_lapses_with_the_approval_of_who_pressed_it(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=held(), clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.react(AIKO, message)
        await team.says(message, "press Confirm")
        await confirm(team, BEN, message)
        await team.says(message, "Pushes at")
        await team.unreact(BEN, message)
        await team.says(message, "press Confirm")
        await wait(team, hours=1)
        assert team.asked("PATCH") == []
        await confirm(team, AIKO, message)
        await team.says(message, "Pushes at")


async def test_confirm_lapses_with_the_quorum_and_with_a_stop(tmp_path: Path) -> None:
    approval = held(ApprovalRule(field=("subtitle",), quorum=2))
    async with a_workspace(tmp_path, approval=approval, clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.react(AIKO, message)
        await team.says(message, "press Confirm")
        await confirm(team, RUTH, message)
        await team.says(message, "Pushes at")
        await team.unreact(BEN, message)
        await team.says(message, "1 of 2")
        await team.react(BEN, message)
        await team.says(message, "press Confirm")
        await confirm(team, RUTH, message)
        await team.says(message, "Pushes at")
        await team.press(AIKO, message, "Stop")
        await team.says(message, "Stopped by")
        await team.press(AIKO, message, "Push after all")
        await team.says(message, "press Confirm")
        await wait(team, hours=1)
        assert team.asked("PATCH") == []


async def test_confirm_lapses_with_the_message_that_was_voted_on(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=held(), clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "press Confirm")
        await confirm(team, AIKO, message)
        await team.says(message, "Pushes at")
        del team.slack.workspace.channels[ASO].messages[message["ts"]]
        await wait(team, hours=1)
        again = await team.until(lambda: team._seeded({message["ts"]}))
        await team.react(BEN, again)
        await team.says(again, "press Confirm")
        assert team.asked("PATCH") == []


async def test_confirm_stands_while_slack_only_fails_to_show_the_votes(team: Workspace) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.react(BEN, message)
    await team.says(message, "press Confirm")
    team.slack.api.faults.append(
        Fault(method="reactions.get", error="ratelimited", status=429, times=50, after=1)
    )
    await confirm(team, AIKO, message)
    reply = (await team.until(lambda: team.thread(message)))[-1]
    assert "nothing was pushed" in words_of(reply).lower()
    await team.says(message, "Open")

    team.slack.api.faults.clear()
    await run(team, "reconcile")
    await team.says(message, "Pushed")


async def test_the_second_account_of_an_approver_may_confirm(tmp_path: Path) -> None:
    approval = approvals(approvers=(BEN, RUTH), rules=(RULE,), persons=(frozenset({BEN, RUTH}),))
    async with a_workspace(tmp_path, approval=approval) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "press Confirm")
        await confirm(team, RUTH, message)
        await team.says(message, "Pushed")


async def test_after_a_restart_confirm_is_known_still(tmp_path: Path) -> None:
    rules = (RULE, ApprovalRule(field=("subtitle",), quorum=2))
    async with a_workspace(tmp_path, approval=approvals(rules=rules)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "1 of 2")
        await team.react(AIKO, message)
        await team.says(message, "press Confirm")
        await team.restart()
        await team.press(BEN, message, "Confirm")
        await team.until(lambda: team.modal(BEN))
        await team.submit(BEN)
        await team.says(message, "Pushed")


@pytest.mark.parametrize("in_parts", [True, False])
async def test_a_confirm_stands_for_what_has_its_votes_while_another_group_still_lacks_its_own(
    tmp_path: Path, *, in_parts: bool
) -> None:
    both = approvals(
        rules=(
            ApprovalRule(field=("subtitle",), approvers=(BEN, RUTH), confirm=True),
            ApprovalRule(field=("keywords",), approvers=(BEN, AIKO), quorum=2, confirm=True),
        )
    )
    async with a_workspace(tmp_path, approval=both) as team:
        await team.open_form(MIA, "edit tidewell de-DE")
        await team.fill(MIA, Subtitle="Stilles Notizbuch", Keywords="heft,notiz")
        if in_parts:
            await team.pick(MIA, "In parts", ["parts"])
        await team.submit(MIA)
        message = await team.until(lambda: team._seeded(()))
        await team.react(BEN, message)
        await team.says(message, "press Confirm")
        await confirm(team, BEN, message)
        if in_parts:
            await team.until(lambda: team.live("de-DE", "subtitle") == "Stilles Notizbuch")
            assert team.live("de-DE", "keywords") != "heft,notiz"
        else:
            await team.settle()
            (pressed,) = await team.bot.desk.store.votes.pressed(1)
            assert pressed.items == {("text", "de-DE", "subtitle")}
            assert team.asked("PATCH") == []
            await team.react(AIKO, message)
            await team.says(message, "press Confirm")
            await team.settle()
            assert team.asked("PATCH") == []
            await confirm(team, AIKO, message)
            await team.says(message, "Pushed")
