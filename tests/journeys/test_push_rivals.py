"""Proposals for the same text: they name each other, and the second is checked on the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import AIKO, BEN, MIA
from tests.workspace import CROSS, TIDEWELL, Workspace, words_of

FIRST = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Heft"}
SECOND = {"words": "edit tidewell de-DE", "Subtitle": "Ruhiges Heft"}
NAMED = "Proposal {} waits with another text for this."


async def test_both_name_the_other_while_both_wait(workspace: Workspace) -> None:
    first = await workspace.propose(MIA, **FIRST)
    second = await workspace.propose(AIKO, **SECOND)
    await workspace.says(first, NAMED.format(2))
    await workspace.says(second, NAMED.format(1))


async def test_who_ended_is_named_no_longer(workspace: Workspace) -> None:
    first = await workspace.propose(MIA, **FIRST)
    second = await workspace.propose(AIKO, **SECOND)
    third = await workspace.propose(AIKO, "edit tidewell de-DE", Subtitle="Helles Heft")
    await workspace.says(first, NAMED.format(3))
    await workspace.press(AIKO, second, "Withdraw")
    await workspace.says(second, "Withdrawn")
    await workspace.settle()
    for message in (first, third):
        assert NAMED.format(2) not in words_of(workspace.message(message["ts"]))
    await workspace.react(BEN, first, CROSS)
    await workspace.says(first, "Rejected by")
    await workspace.settle()
    assert "waits with another text" not in words_of(workspace.message(third["ts"]))


async def test_a_proposal_for_another_text_is_no_rival(workspace: Workspace) -> None:
    first = await workspace.propose(MIA, **FIRST)
    await workspace.propose(AIKO, "edit tidewell ja", Subtitle="静かなノート")
    await workspace.settle()
    assert "waits with another text" not in words_of(workspace.message(first["ts"]))


async def test_the_second_to_be_pushed_is_checked_against_the_first(workspace: Workspace) -> None:
    first = await workspace.propose(MIA, **FIRST)
    second = await workspace.propose(MIA, **SECOND)
    await workspace.react(BEN, second)
    await workspace.react(BEN, first)
    await workspace.says(second, "Pushed")
    await workspace.says(first, "Stale")
    await workspace.settle()
    assert workspace.live("de-DE", "subtitle") == "Ruhiges Heft"
    assert len(workspace.asked("PATCH")) == 1


async def for_mac(workspace: Workspace, who: str, label: str, text: str) -> Mapping[str, Any]:
    """Propose a text for a version for macOS that is being prepared; return the message."""
    state = "PREPARE_FOR_SUBMISSION"
    if not any(one["version"] == "2.4.1" for one in workspace.apple.apps()[0]["versions"]):
        workspace.apple.add_version(TIDEWELL, "2.4.1", "MAC_OS", state)
    before = {message["ts"] for message in workspace.messages()}
    await workspace.open_form(who, "edit tidewell de-DE")
    await workspace.choose(who, "Platform", "MAC_OS")
    await workspace.fill_in(who, label, text)
    await workspace.submit(who)
    assert not workspace.errors(who)
    found: Mapping[str, Any] = await workspace.until(lambda: workspace._seeded(before))
    return found


async def test_what_all_platforms_share_has_rivals_on_all_and_is_checked_against_them(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, **FIRST)
    second = await for_mac(workspace, AIKO, "Subtitle", "Ruhiges Heft")
    await workspace.says(first, NAMED.format(2))
    await workspace.says(second, NAMED.format(1))

    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    await workspace.react(BEN, first)
    await workspace.says(first, "Stale")
    assert workspace.live("de-DE", "subtitle") == "Ruhiges Heft"
    await workspace.settle()
    assert len(workspace.asked("PATCH")) == 1


async def test_what_belongs_to_a_version_has_rivals_on_its_own_platform_alone(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Description="Ein Heft.")
    await for_mac(workspace, AIKO, "Description", "Ein ruhiges Heft.")
    await workspace.settle()
    assert "waits with another text" not in words_of(workspace.message(first["ts"]))
