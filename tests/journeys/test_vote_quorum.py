"""How many of whom: rules, quorums, and who decides what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, RUTH
from bot.settings import ApprovalRule
from tests.journeys.version_people import opened, sent
from tests.workspace import CROSS, a_workspace, approvals, words_of

LEADS, JAPAN = "S0ASOLEADS", "S0JAPAN"


async def test_a_name_waits_for_two_approvers_when_a_rule_says_so(tmp_path: Path) -> None:
    rule = ApprovalRule(field=("name",), quorum=2)
    async with a_workspace(tmp_path, approval=approvals(rules=(rule,))) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Name="Gezeiten Notizen")
        await workspace.react(BEN, message)
        shown = await workspace.says(message, "1 of 2")
        assert workspace.asked("PATCH") == []
        assert f"@{BEN}" in words_of(shown)

        await workspace.react(AIKO, message)
        await workspace.says(message, "Pushed")
        assert workspace.live("de-DE", "name") == "Gezeiten Notizen"


async def test_one_person_with_two_emoji_counts_once(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        for emoji in ("white_check_mark", "heavy_check_mark", "+1::skin-tone-3"):
            await workspace.react(BEN, message, emoji)
        await workspace.settle()
        assert "1 of 2" in words_of(workspace.message(message["ts"]))
        assert workspace.asked("PATCH") == []


async def test_japanese_waits_for_its_own_reviewers(tmp_path: Path) -> None:
    rule = ApprovalRule(locale=("ja",), approvers=(JAPAN,))
    async with a_workspace(tmp_path, approval=approvals(rules=(rule,))) as workspace:
        message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="潮のノート")
        await workspace.react(BEN, message)
        await workspace.until(lambda: workspace.private(BEN))
        assert f"@{JAPAN}" in workspace.private(BEN)[0]
        assert workspace.asked("PATCH") == []

        await workspace.react(AIKO, message)
        await workspace.says(message, "Pushed")


async def test_the_last_rule_that_matches_wins(tmp_path: Path) -> None:
    rules = (
        ApprovalRule(field=("subtitle",), quorum=2),
        ApprovalRule(locale=("de-*",), quorum=1),
    )
    async with a_workspace(tmp_path, approval=approvals(rules=rules)) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        await workspace.react(BEN, message)
        await workspace.says(message, "Pushed")


async def test_members_of_a_user_group_decide(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,))) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        await workspace.react(RUTH, message)
        await workspace.until(lambda: workspace.private(RUTH))
        assert workspace.asked("PATCH") == []
        await workspace.react(AIKO, message)
        await workspace.says(message, "Pushed")


async def test_without_approvers_nobody_decides(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=())) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        assert "names no approvers" in words_of(message)
        await workspace.react(BEN, message)
        await workspace.until(lambda: workspace.private(BEN))
        assert workspace.asked("PATCH") == []


async def test_who_reacts_with_both_signs_rejects(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        await workspace.react(BEN, message)
        await workspace.react(BEN, message, CROSS)
        shown = await workspace.says(message, "Rejected")
        assert f"@{BEN}" in words_of(shown)


async def test_with_self_approval_the_authors_vote_counts_and_the_message_says_so(
    tmp_path: Path,
) -> None:
    allowed = approvals(approvers=(MIA,), self_approval=True)
    async with a_workspace(tmp_path, approval=allowed) as workspace:
        message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        assert "Self-approval is on" in words_of(message)
        await workspace.react(MIA, message)
        await workspace.says(message, "Pushed")


async def test_with_self_approval_a_release_still_needs_somebody_else(tmp_path: Path) -> None:
    allowed = approvals(approvers=(MIA, BEN), self_approval=True)
    async with a_workspace(tmp_path, approval=allowed) as workspace:
        await opened(workspace, "release orrery")
        message = await sent(workspace)
        assert "nobody approves what they proposed" in words_of(message)
        assert "Self-approval is on" not in words_of(message)
        await workspace.react(MIA, message)
        refused = "never approved by who proposed it"
        await workspace.until(lambda: any(refused in one for one in workspace.private(MIA)))
        await workspace.settle()
        assert workspace.asked("POST") == []

        await workspace.react(BEN, message)
        await workspace.says(message, "Released: it is on its way")


@pytest.mark.parametrize("second", ["U0MISSPELT", GUEST, AIKO])
async def test_who_is_misspelt_a_guest_or_deactivated_is_nobody_and_the_proposal_says_so(
    tmp_path: Path, second: str
) -> None:
    approval = approvals(approvers=(BEN, second), quorum=2)
    async with a_workspace(tmp_path, approval=approval) as team:
        people = team.slack.workspace.people
        people[AIKO] = replace(people[AIKO], deleted=True)
        message = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch")
        shown = words_of(await team.says(message, "Too few people"))
        assert f"It needs 2, only @{BEN} can." in " ".join(shown.split())
