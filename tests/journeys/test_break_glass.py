"""A push without approval: by few, with a reason, said aloud, and reviewed by somebody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, RUTH
from bot.settings import FreezeSettings
from tests.clock import START, HandClock
from tests.journeys.ticking import become, run, wait
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
WHY = "Why can it not wait for approval?"
REASON = "The App Store shows a wrong price and nobody is awake."
WINDOW = approvals(undo_window=timedelta(minutes=5))


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(
        tmp_path, approval=WINDOW, break_glass=(RUTH, GUEST), clock=HandClock()
    ) as workspace:
        yield workspace


async def break_glass(
    team: Workspace, who: str = RUTH, *, number: int = 1, reason: str = REASON
) -> None:
    """Type the command, read, give the reason, send it."""
    await team.command(who, f"break-glass {number}")
    await team.until(lambda: team.modal(who))
    await team.fill_in(who, WHY, reason)
    await team.submit(who)


def aloud(team: Workspace) -> list[Mapping[str, Any]]:
    """Return what the channel was told of broken glass."""
    return [m for m in team.messages() if "Break-glass" in words_of(m) and not m.get("ephemeral")]


def labels(message: Mapping[str, Any]) -> list[str]:
    """Return what stands on the buttons under a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def test_it_is_pushed_at_once_and_the_channel_hears_who_why_and_what(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.command(RUTH, "break-glass 1")
    modal = await team.until(lambda: team.modal(RUTH))
    assert "German (de-DE)" in modal
    assert "Stilles Notizbuch" in modal
    assert "a freeze" in modal
    await team.fill_in(RUTH, WHY, REASON)
    await team.submit(RUTH)
    shown = await team.says(message, "Pushed without approval by")
    assert f"@{RUTH}" in words_of(shown)
    assert "Approved by" not in words_of(shown)
    assert REASON in words_of(shown)
    assert team.live("de-DE", "subtitle") == "Stilles Notizbuch"

    told = words_of((await team.until(lambda: aloud(team)))[0])
    for part in (f"@{RUTH}", f"@{BEN}", f"@{AIKO}", REASON, "proposal 1", "1 change"):
        assert part in told
    reply = words_of((await team.until(lambda: team.thread(message)))[-1])
    assert "without approval" in reply
    await team.command(MIA, "history tidewell")
    await team.until(lambda: "pushed without approval by" in " ".join(team.private(MIA)))


async def test_only_who_is_named_may_and_never_a_guest(team: Workspace) -> None:
    await team.propose(MIA, **GERMAN)
    for who, why in ((BEN, "break_glass"), (MIA, "break_glass"), (GUEST, "Guests")):
        await team.command(who, "break-glass 1")
        await team.until(lambda who=who, why=why: why in " ".join(team.private(who)))
        assert team.modal(who) == ""
    assert team.asked("PATCH") == []


async def test_without_a_list_nobody_may(workspace: Workspace) -> None:
    await workspace.propose(MIA, **GERMAN)
    await workspace.command(BEN, "break-glass 1")
    await workspace.until(lambda: "It names nobody" in " ".join(workspace.private(BEN)))


async def test_the_members_of_a_user_group_may_as_it_is_now(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, break_glass=("S0ASOLEADS",)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.command(BEN, "break-glass 1")
        await team.until(lambda: team.modal(BEN))
        groups = team.slack.workspace.groups
        groups["S0ASOLEADS"] = replace(groups["S0ASOLEADS"], members=(AIKO,))
        await team.fill_in(BEN, WHY, REASON)
        await team.submit(BEN)
        await team.until(lambda: team.slack.direct(BEN))
        assert team.asked("PATCH") == []
        await break_glass(team, AIKO)
        await team.says(message, "Pushed without approval by")


async def test_a_reason_of_a_few_words_is_none(team: Workspace) -> None:
    await team.propose(MIA, **GERMAN)
    await team.command(RUTH, "break-glass 1")
    await team.until(lambda: team.modal(RUTH))
    for words in ("urgent", " " * 30, "urgent" + " " * 30, "\u200b" * 20, "u" + "\u0301" * 20):
        await team.fill_in(RUTH, WHY, words)
        await team.submit(RUTH)
        assert team.errors(RUTH)
    await team.settle()
    assert team.asked("PATCH") == []
    assert aloud(team) == []


async def test_drift_is_never_skipped(team: Workspace) -> None:
    message = await team.propose(MIA, **GERMAN)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von jemand anderem")
    await break_glass(team)
    await team.says(message, "Stale")
    assert team.live("de-DE", "subtitle") == "Von jemand anderem"
    await team.command(RUTH, "break-glass 1")
    await team.until(lambda: "changed since" in " ".join(team.private(RUTH)))


async def test_a_rejection_is_outvoted_neither_before_nor_while_it_waits(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Night", starts=START, ends=START + timedelta(hours=8))
    async with a_workspace(
        tmp_path, break_glass=(RUTH,), freezes=(freeze,), clock=HandClock()
    ) as team:
        message = await team.propose(MIA, **GERMAN)
        await break_glass(team)
        shown = await team.says(message, "Goes without approval by")
        assert "Night" in words_of(shown)
        await wait(team, hours=1)
        await run(team, "pushes")
        assert team.asked("PATCH") == []
        await team.react(BEN, message, CROSS)
        await team.says(message, "Rejected by")
        await wait(team, hours=12)
        await run(team, "pushes")
        assert team.asked("PATCH") == []
        await team.command(RUTH, "break-glass 1")
        await team.until(lambda: "against a rejection" in " ".join(team.private(RUTH)))


async def test_a_freeze_and_a_restart_delay_it_and_lose_nothing(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Night", starts=START, ends=START + timedelta(hours=8))
    async with a_workspace(
        tmp_path, break_glass=(RUTH,), freezes=(freeze,), clock=HandClock()
    ) as team:
        message = await team.propose(MIA, **GERMAN)
        await break_glass(team)
        await team.says(message, "Goes without approval by")
        await team.restart()
        await wait(team, hours=9)
        await run(team, "pushes")
        await team.says(message, "Pushed without approval by")


async def test_a_text_that_was_edited_meanwhile_is_not_pushed(team: Workspace) -> None:
    message = await team.propose(MIA, **GERMAN)
    await team.command(RUTH, "break-glass 1")
    await team.until(lambda: team.modal(RUTH))
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.fill(MIA, Subtitle="Ruhiges Notizbuch")
    await team.submit(MIA)
    await team.until(lambda: team._seeded({message["ts"]}))
    await team.fill_in(RUTH, WHY, REASON)
    await team.submit(RUTH)
    await team.until(lambda: team.slack.direct(RUTH))
    assert "was changed while you read it" in words_of(team.slack.direct(RUTH)[-1])
    assert team.asked("PATCH") == []
    assert aloud(team) == []


async def test_what_failed_of_it_is_retried_without_another_reason(team: Workspace) -> None:
    message = await team.propose(
        MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch", Keywords="notiz,heft"
    )
    number = team.apple.faults.add(
        AppleFault(kind="server_error", match="PATCH /v1/appStoreVersionLocalizations")
    )
    await break_glass(team)
    await team.says(message, "Partly pushed")
    team.apple.faults.remove(number)
    await team.press(MIA, message, "Retry failed")
    await team.says(message, "Sent, read back and right")
    shown = words_of(team.message(message["ts"]))
    assert "Pushed without approval by" in shown


async def test_somebody_else_who_may_approve_reviews_it_and_every_message_says_so(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **GERMAN)
    await break_glass(team)
    await team.says(message, "Pushed without approval by")
    told = (await team.until(lambda: aloud(team)))[0]
    for who, why in (
        (RUTH, "You broke the glass"),
        (MIA, "You wrote or edited"),
        (GUEST, "Guests"),
    ):
        await team.press(who, told, "Reviewed")
        await team.until(lambda who=who, why=why: why in " ".join(team.private(who)))
    await wait(team, hours=25)
    await run(team, "reviews")
    assert len(aloud(team)) == 2

    await team.press(AIKO, told, "Reviewed")
    for one in aloud(team):
        shown = await team.says(one, "Reviewed by")
        assert f"@{AIKO}" in words_of(shown)
        assert "Reviewed" not in labels(shown)
    await wait(team, days=3)
    await run(team, "reviews")
    assert len(aloud(team)) == 2


async def test_until_then_it_is_asked_for_once_a_day(team: Workspace) -> None:
    message = await team.propose(MIA, **GERMAN)
    await break_glass(team)
    await team.says(message, "Pushed without approval by")
    await team.until(lambda: aloud(team))
    await wait(team, hours=23)
    await run(team, "reviews")
    assert len(aloud(team)) == 1
    for day in (1, 2):
        await wait(team, hours=23 if day > 1 else 2)
        await run(team, "reviews", "reviews")
        await team.restart()
        await run(team, "reviews")
        if day > 1:
            await wait(team, hours=2)
            await run(team, "reviews")
        assert len(aloud(team)) == 1 + day
    assert "not reviewed yet" in words_of(aloud(team)[-1])
    assert re.search(f"@{BEN}.*@{AIKO}", words_of(aloud(team)[-1]))


@pytest.mark.parametrize("status", ["withdrawn", "pushed"])
async def test_what_is_not_open_is_not_pushed_by_it(team: Workspace, status: str) -> None:
    message = await team.propose(MIA, **GERMAN)
    if status == "withdrawn":
        await team.press(MIA, message, "Withdraw")
        await team.says(message, "Withdrawn")
    else:
        await break_glass(team)
        await team.says(message, "Pushed without approval by")
    before = len(team.asked("PATCH"))
    await team.command(RUTH, "break-glass 1")
    await team.until(lambda: f"is {status}" in " ".join(team.private(RUTH)))
    assert len(team.asked("PATCH")) == before
    assert await team.bot.desk.store.proposals.status(1) is Status(status)


async def test_a_review_is_due_a_day_after_it_arrived_and_not_before(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Night", starts=START, ends=START + timedelta(hours=30))
    async with a_workspace(
        tmp_path, break_glass=(RUTH,), freezes=(freeze,), clock=HandClock()
    ) as team:
        message = await team.propose(MIA, **GERMAN)
        await break_glass(team)
        await team.says(message, "Goes without approval by")
        (told,) = [words_of(one) for one in await team.until(lambda: aloud(team))]
        assert "within 24 hours of its arrival" in told
        await wait(team, hours=25)
        await run(team, "reviews", "reviews")
        assert len(aloud(team)) == 2
        assert "nothing arrived: it waits for its time" in words_of(aloud(team)[-1])

        await wait(team, hours=6)
        await run(team, "pushes")
        await team.says(message, "Pushed without approval by")
        await wait(team, hours=23)
        await run(team, "reviews")
        assert len(aloud(team)) == 2
        await wait(team, hours=2)
        await run(team, "reviews")
        assert "not reviewed yet" in words_of(aloud(team)[-1])


@pytest.mark.parametrize("how", ["parked", "failed", "rejected"])
async def test_a_push_without_approval_that_brought_nothing_is_told_as_such_once(
    team: Workspace, how: str
) -> None:
    message = await team.propose(MIA, **GERMAN)
    if how == "parked":
        await become(team, "WAITING_FOR_REVIEW")
        words = "Parked: 2.4.0 is Waiting for Review"
    elif how == "failed":
        team.apple.faults.add(AppleFault(kind="refused", match="PATCH"))
        words = "the push failed"
    else:
        team.apple.faults.add(AppleFault(kind="slow", match="GET", seconds=8.0, count=2))
        words = "it was rejected before"
    await break_glass(team)
    if how == "rejected":
        await team.react(BEN, message, CROSS)
        await team.says(message, "Rejected by")
    await team.settle()
    for _day in range(3):
        await wait(team, days=1.1)
        await run(team, "reviews")
    assert len(aloud(team)) == 2
    assert words in words_of(aloud(team)[-1])
    assert "not reviewed yet" not in words_of(aloud(team)[-1])
