"""What people try in order to decide what is not theirs, and what nobody may be fooled by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, NOTES, RUTH
from bot.sandbox.slack.web_api import Fault
from tests.journeys.ticking import become, run, wait
from tests.workspace import CHECK, CROSS, TIDEWELL, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
LEADS = "S0ASOLEADS"


async def status(team: Workspace, number: int = 1) -> Status | None:
    return await team.bot.desk.store.proposals.status(number)


async def test_a_copy_or_a_forwarded_message_is_no_ballot(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slack = workspace.slack.workspace
    shown = slack.channels[ASO].messages[message["ts"]]
    copies = (
        # Slack's time stamps are unique within a channel only.
        replace(shown, channel=NOTES, reactions=[]),
        replace(shown, ts=slack.stamp(), user=MIA, reactions=[], metadata=None),
    )
    for one in copies:
        slack.post(one)
        for who in (BEN, RUTH):
            await workspace.slack.react(who, one.channel, one.ts, CHECK)
    await workspace.settle()
    assert workspace.private(RUTH) == []
    assert not [m for m in workspace.slack.messages(NOTES, RUTH) if m["ephemeral"]]
    assert await status(workspace) is Status.OPEN
    assert "0 of 1" in words_of(workspace.message(message["ts"]))

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")


async def test_a_user_group_that_is_misspelt_means_nobody(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=("S0ASOLEDS",))) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.says(message, "Too few people besides who wrote it")
        await team.react(BEN, message)
        await team.until(lambda: "not among the approvers" in " ".join(team.private(BEN)))
        assert await status(team) is Status.OPEN


@pytest.mark.parametrize("error", ["internal_error", "missing_scope"])
async def test_while_slack_does_not_tell_who_is_in_a_user_group_nothing_is_pushed(
    tmp_path: Path, error: str
) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,))) as team:
        message = await team.propose(MIA, **GERMAN)
        fault = Fault(method="usergroups.users.list", error=error, times=1_000)
        team.slack.api.faults.append(fault)
        await wait(team, hours=1)
        await team.react(BEN, message)
        await team.until(lambda: team.refused("usergroups.users.list", error))
        await team.settle()
        assert team.asked("PATCH") == []

        team.slack.api.faults.remove(fault)
        await run(team, "reconcile")
        await team.says(message, "Pushed")


async def test_who_is_put_into_a_user_group_later_stands_in_the_record_with_when(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,), quorum=2)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(RUTH, message)
        await team.until(lambda: "not among the approvers" in " ".join(team.private(RUTH)))
        groups = team.slack.workspace.groups
        groups[LEADS] = replace(groups[LEADS], members=(AIKO, BEN, RUTH))
        await wait(team, hours=1)
        await team.react(BEN, message)
        await team.says(message, "Pushed")

        told = [one async for one in team.bot.desk.store.record.entries()]
        refused = [one.number for one in told if one.kind == "refused" and RUTH in one.body]
        decided = [one for one in told if one.kind == "decided"]
        # Once for the quorum and once more right before the push.
        assert len(decided) == 2
        assert refused < [decided[0].number]
        for one in decided:
            assert json.loads(one.body)["members"] == {LEADS: sorted([AIKO, BEN, RUTH])}


async def test_what_apple_holds_already_is_said_to_be_nothing_to_do(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Stilles Notizbuch")
    await workspace.react(BEN, message)
    shown = words_of(await workspace.says(message, "Nothing to do"))
    assert "read back" not in shown
    assert "0 of 0" not in shown
    reply = await workspace.until(lambda: workspace.thread(message))
    assert "Nothing to do" in words_of(reply[-1])
    assert workspace.asked("PATCH", "POST") == []


async def test_broken_glass_skips_neither_limits_nor_the_state_of_the_version(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, break_glass=(RUTH,)) as team:
        await team.open_form(MIA, "edit tidewell de-DE")
        await team.fill(MIA, Keywords="x" * 101)
        await team.submit(MIA)
        assert team.errors(MIA)
        await team.command(RUTH, "break-glass 1")
        await team.until(lambda: "no proposal 1" in " ".join(team.private(RUTH)))

        await team.fill(MIA, Keywords="notiz,heft")
        await team.submit(MIA)
        message = await team.until(lambda: team._seeded(set()))
        await become(team, "WAITING_FOR_REVIEW")
        await team.command(RUTH, "break-glass 1")
        await team.until(lambda: team.modal(RUTH))
        await team.fill_in(
            RUTH, "Why can it not wait for approval?", "Nobody is awake and it burns."
        )
        await team.submit(RUTH)
        await team.says(message, "Parked: 2.4.0 is Waiting for Review")
        assert team.asked("PATCH") == []


async def test_a_retry_after_the_time_of_the_approvals_is_refused(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    fault = workspace.apple.faults.add(AppleFault(kind="refused", match="PATCH"))
    await workspace.react(BEN, message)
    await workspace.says(message, "🔴")
    workspace.apple.faults.remove(fault)
    sent = len(workspace.asked("PATCH"))
    await wait(workspace, days=8)
    await workspace.press(MIA, message, "Retry failed")
    await workspace.until(lambda: "Propose it again" in " ".join(workspace.private(MIA)))
    await workspace.settle()
    assert len(workspace.asked("PATCH")) == sent


WILD = "<!channel> <!here> <@U0RUTH> <!subteam^S0JAPAN> *b* _i_ `c` <https://x.example|y> ok"
TAME = "*b* _i_ `c` @channel @here :tada: &lt;!channel&gt;"


def words_in(payload: Any) -> Iterator[str]:
    """Yield every string of a payload."""
    if isinstance(payload, str):
        yield payload
    for one in (
        payload.values()
        if isinstance(payload, dict)
        else payload
        if isinstance(payload, list)
        else ()
    ):
        yield from words_in(one)


def parsed(payload: Any) -> Iterator[str]:
    """Yield every text of a payload that Slack reads as mrkdwn."""
    if isinstance(payload, dict):
        kind = payload.get("type")
        if isinstance(payload.get("text"), str) and kind not in ("plain_text", "text", "link"):
            yield payload["text"]
        if kind in ("plain_text", "text", "link"):
            return
        payload = list(payload.values())
    if isinstance(payload, list):
        for one in payload:
            yield from parsed(one)


async def test_peoples_words_ring_nobody_wherever_they_are_shown(tmp_path: Path) -> None:
    async with a_workspace(
        tmp_path, break_glass=(RUTH,), approval=approvals(expires=timedelta(days=20))
    ) as team:
        message = await team.propose(
            MIA, "edit tidewell de-DE", why=WILD, Promotional_text=TAME, Description=TAME * 40
        )
        await team.react(BEN, message, CROSS)
        await team.says(message, "Rejected by")
        await team.press(BEN, message, "Say why")
        await team.until(lambda: team.modal(BEN))
        await team.fill_in(BEN, team.labels(BEN)[0], WILD)
        await team.submit(BEN)
        await team.until(lambda: WILD in " ".join(map(words_of, team.thread(message))))

        second = await team.propose(AIKO, "edit tidewell de-DE", why=WILD, Promotional_text=TAME)
        await team.slack.open_home(MIA)
        await team.press(MIA, second, "Details")
        await team.until(lambda: team.modal(MIA))
        fault = team.apple.faults.add(AppleFault(kind="refused", match="PATCH"))
        await team.command(RUTH, "break-glass 2")
        await team.until(lambda: team.modal(RUTH))
        await team.fill_in(RUTH, "Why can it not wait for approval?", WILD)
        await team.submit(RUTH)
        await team.says(second, "🔴")
        team.apple.faults.remove(fault)
        await run(team, "failures", "reviews")
        await team.press(AIKO, second, "Retry failed")
        await team.says(second, "read back")
        for words in (
            "proposals",
            "history tidewell de-DE",
            "show tidewell de-DE",
            "status",
            f"status {WILD}",
            f"{WILD}",
            "failures",
        ):
            before = len(team.private(MIA))
            await team.command(MIA, words)
            await team.until(lambda before=before: len(team.private(MIA)) > before, why=words)
        await team.command(AIKO, f"edit {WILD}")
        await wait(team, hours=25)
        await run(team, "ask", "weekly", "reviews")

        said = [row["args"] for row in team.called()]
        assert any(WILD in text for args in said for text in words_in(args))
        for text in (text for args in said for text in parsed(args)):
            assert "<!channel>" not in text, text
            assert "<https://x.example|y>" not in text, text
