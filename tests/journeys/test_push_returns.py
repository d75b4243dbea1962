"""Texts that were to return by themselves and do not: decided on, and ended, like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.settings import ApprovalRule
from bot.slack import ids
from tests.journeys.test_break_glass import REASON, break_glass
from tests.journeys.test_push_in_parts import BOX, TICKED
from tests.journeys.test_record import entries
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import (
    GERMAN,
    NEW,
    RETURNS,
    a_freeze,
    approve,
    promotional,
    propose,
    set_time,
)
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace, approvals, words_of

BY_HAND = "Von Hand in App Store Connect"
OTHER = "Ein ganz anderer Text"
BY_ITSELF = "It brings back what stood there before proposal 1."


async def status(team: Workspace, number: int) -> Status | None:
    return await team.bot.desk.store.proposals.status(number)


async def arrived(team: Workspace) -> Mapping[str, Any]:
    """Return the message of a text that was pushed and is to return in three days."""
    message = await propose(team, times={RETURNS: in_hours(72)})
    await approve(team, message)
    await wait(team, hours=0.5)
    await run(team, "pushes")
    return await team.says(message, "Pushed")


async def stale_return(team: Workspace) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return that message, and the one in its thread once the return found another text."""
    message = await arrived(team)
    team.apple.edit(TIDEWELL, "de-DE", "promotionalText", BY_HAND, platform="IOS")
    await wait(team, hours=73)
    await run(team, "pushes")
    await team.settle()
    reply = next(one for one in team.thread(message) if BY_ITSELF in words_of(one))
    assert "Stale" in words_of(reply)
    return message, reply


async def press(team: Workspace, reply: Mapping[str, Any], action: str) -> None:
    """Press a button of a message in a thread."""
    rows = [block for block in reply["blocks"] if block["type"] == "actions"]
    row, button = next(
        (row, one) for row in rows for one in row["elements"] if one["action_id"] == action
    )
    await team.slack.click(
        MIA,
        block_id=row["block_id"],
        action_id=button["action_id"],
        channel=ASO,
        ts=reply["ts"],
        value=button["value"],
    )


async def rewritten(team: Workspace) -> Mapping[str, Any]:
    """Return the message of a return that somebody made another text of."""
    _, reply = await stale_return(team)
    await press(team, reply, ids.REBASE)
    await team.until(lambda: "Apple now" in team.modal(MIA))
    await team.fill_in(MIA, team.labels(MIA)[0], OTHER)
    seen = {one["ts"] for one in team.messages()}
    assert (await team.submit(MIA)).ok
    found: Mapping[str, Any] = await team.until(lambda: team._seeded(seen))
    return found


# -- rewritten -----------------------------------------------------------------------------


async def test_a_return_that_was_rewritten_is_voted_on_like_any_other(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(90), ends=in_hours(200))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await rewritten(team)
        told = words_of(message)
        assert "brings back what stood there" not in told
        assert "the earlier text returns" not in told
        assert "In place of the text that was to return after proposal 1." in told
        await wait(team, hours=20)
        await approve(team, message)
        await team.says(message, "The votes are asked for once more then")

        await team.unreact(BEN, message)
        await team.says(message, "0 of 1")
        await approve(team, message)
        await team.says(message, "It waits until")
        await team.react(AIKO, message, CROSS)
        await team.says(message, "Rejected by")
        await wait(team, hours=120)
        await run(team, "pushes", "reconcile", "pushes")
        assert await status(team, 2) is Status.REJECTED
        assert promotional(team) == BY_HAND


async def test_a_vote_taken_back_unseen_stops_the_push_of_a_return_that_was_rewritten(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(90), ends=in_hours(200))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await rewritten(team)
        await wait(team, hours=20)
        await approve(team, message)
        await team.says(message, "It waits until")
        team.slack.workspace.channels[ASO].messages[message["ts"]].reactions.clear()
        await wait(team, hours=120)
        await run(team, "pushes")
        await team.says(message, "0 of 1")
        assert promotional(team) == BY_HAND


async def test_a_return_that_was_rewritten_may_be_stopped_before_its_push(
    tmp_path: Path,
) -> None:
    window = approvals(undo_window=timedelta(minutes=5))
    async with a_workspace(tmp_path, approval=window) as team:
        message = await rewritten(team)
        await approve(team, message)
        await team.says(message, "unless somebody stops it")
        assert promotional(team) == BY_HAND


async def test_a_return_that_a_freeze_holds_says_that_nobody_is_asked_again(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(70), ends=in_hours(100))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        earlier = promotional(team)
        message = await arrived(team)
        await wait(team, hours=73)
        await run(team, "pushes")
        await team.settle()
        told = next(words_of(one) for one in team.thread(message) if BY_ITSELF in words_of(one))
        assert "It waits until the freeze" in told
        assert "It may be rejected or withdrawn until then." in told
        assert "asked for once more" not in told
        await wait(team, hours=30)
        await run(team, "pushes", "pushes")
        assert promotional(team) == earlier


async def test_a_return_that_was_stopped_while_apple_was_away_needs_votes(
    tmp_path: Path,
) -> None:
    window = approvals(undo_window=timedelta(minutes=5))
    async with a_workspace(tmp_path, approval=window) as team:
        message = await arrived(team)
        trouble = team.apple.faults.add(Fault(kind="server_error"))
        await wait(team, hours=73)
        await run(team, "pushes")
        shown = await team.until(
            lambda: returning(team, message, "It may be rejected or withdrawn until"), step=30
        )
        assert "The approvals stand until" not in words_of(shown)
        await press(team, shown, ids.STOP)
        shown = await team.until(lambda: returning(team, message, "Stopped by"))
        team.apple.faults.remove(trouble)
        await press(team, shown, ids.GO_ON)
        await team.until(lambda: returning(team, message, "0 of 1"))
        await wait(team, hours=2)
        await run(team, "pushes", "reconcile")
        await team.settle()
        assert await status(team, 2) is Status.OPEN
        assert promotional(team) == NEW

        await team.react(AIKO, shown)
        await team.until(lambda: returning(team, message, "unless somebody stops it"))
        await team.react(BEN, shown, CROSS)
        await team.until(lambda: returning(team, message, "Rejected by"))
        await wait(team, hours=1)
        await run(team, "pushes")
        assert promotional(team) == NEW


def returning(team: Workspace, message: Mapping[str, Any], words: str) -> Mapping[str, Any] | None:
    """Return the message of the return in a thread once it says `words`."""
    replies = [one for one in team.thread(message) if BY_ITSELF in words_of(one)]
    return next((one for one in replies if words in words_of(one)), None)


# -- stale ---------------------------------------------------------------------------------


async def test_a_return_that_went_stale_ends_in_its_time_as_its_proposer_was_told(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path) as team:
        message, reply = await stale_return(team)
        await wait(team, hours=25)
        await run(team, "ask")
        await team.settle()
        proposal = await team.bot.desk.store.proposals.get(2)
        assert proposal is not None
        (word,) = [one for one in direct(team, MIA) if "Proposal 2" in one]
        assert "the earlier text does not return" in word
        assert "Rebase it there, or withdraw it." in word

        await wait(team, days=5)
        await run(team, "expire")
        assert await status(team, 2) is Status.OPEN
        await wait(team, days=1)
        assert proposal.expires_at <= team.clock.now()
        await run(team, "expire")
        await team.settle()
        assert await status(team, 2) is Status.EXPIRED
        ended = next(words_of(one) for one in team.thread(message) if one["ts"] == reply["ts"])
        assert "Nothing was changed at Apple." in ended
        assert promotional(team) == BY_HAND


async def test_a_return_that_a_long_freeze_held_still_has_its_days_once_it_is_stale(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(70), ends=in_hours(24 * 45))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        await arrived(team)
        await wait(team, hours=73)
        await run(team, "pushes")
        await wait(team, days=30)
        await run(team, "expire", "pushes")
        assert await status(team, 2) is Status.APPROVED
        team.apple.edit(TIDEWELL, "de-DE", "promotionalText", BY_HAND, platform="IOS")
        await wait(team, days=13)
        await run(team, "pushes", "expire")
        await team.settle()
        assert await status(team, 2) is Status.OPEN
        await wait(team, days=15)
        await run(team, "expire")
        assert await status(team, 2) is Status.EXPIRED


# -- without approval ----------------------------------------------------------------------


async def test_the_return_of_a_text_without_approval_says_so_everywhere(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, break_glass=(RUTH,)) as team:
        message = await propose(team, times={RETURNS: in_hours(72)})
        await break_glass(team)
        await team.says(message, "Pushed without approval")
        await wait(team, hours=73)
        await run(team, "pushes", "pushes")
        await team.settle()
        told = next(words_of(one) for one in team.thread(message) if BY_ITSELF in words_of(one))
        assert "Pushed without approval by" in told
        assert f"@{RUTH}" in told
        assert REASON.rstrip(".") in told
        assert "Approved by" not in told

        await team.command(MIA, "history tidewell")
        shown = await team.until(lambda: [one for one in team.private(MIA) if "Proposal 2" in one])
        assert shown[-1].count("pushed without approval by") == 2
        assert "approved by" not in shown[-1]
        found = [one for one in await entries(team, "push", "status") if one[0].proposal == 2]
        for did in ({"did": "queued"}, {"verb": "approve"}):
            (body,) = [body for _, body in found if did.items() <= body.items()]
            assert body["glass"] == REASON


async def test_the_return_of_a_text_whose_other_part_was_approved_is_told_as_without_approval(
    tmp_path: Path,
) -> None:
    rules = (
        ApprovalRule(locale=("de-DE",), approvers=(BEN,)),
        ApprovalRule(locale=("ja",), approvers=(AIKO,)),
    )
    policy = approvals(rules=rules)
    async with a_workspace(tmp_path, approval=policy, break_glass=(RUTH,)) as team:
        earlier = promotional(team), team.live("ja", "promotionalText")
        await team.open_form(MIA, GERMAN)
        await team.fill(MIA, Promotional_text=NEW)
        await team.pick(MIA, BOX, TICKED)
        await team.choose(MIA, "Locale", "ja")
        await team.fill(MIA, Promotional_text="新しい")
        await set_time(team, RETURNS, in_hours(72))
        assert (await team.submit(MIA)).ok
        message = await team.until(lambda: team._seeded(()))
        await approve(team, message)
        assert promotional(team) == NEW
        await break_glass(team)
        await team.says(message, "Pushed without approval")

        await wait(team, hours=73)
        await run(team, "pushes", "pushes")
        assert (promotional(team), team.live("ja", "promotionalText")) == earlier
        told = next(words_of(one) for one in team.thread(message) if BY_ITSELF in words_of(one))
        assert "Pushed without approval by" in told
        assert f"@{RUTH}" in told
        assert f"@{BEN}" not in told
        found = [one for one in await entries(team, "push", "status") if one[0].proposal == 2]
        for did in ({"did": "queued"}, {"verb": "approve"}):
            (body,) = [body for _, body in found if did.items() <= body.items()]
            assert body["glass"] == REASON

        await team.command(MIA, "history tidewell de-DE")
        shown = await team.until(lambda: [one for one in team.private(MIA) if "Proposal 2" in one])
        of_return, of_text = shown[-1].split("Proposal 1, a part of it")
        assert "pushed without approval by" in of_return
        assert "approved by" in of_text


# -- superseded ----------------------------------------------------------------------------


async def test_what_arrived_of_a_proposal_returns_though_another_took_its_place(
    tmp_path: Path,
) -> None:
    rules = (
        ApprovalRule(locale=("de-DE",), approvers=(BEN,)),
        ApprovalRule(locale=("ja",), approvers=(AIKO,)),
    )
    async with a_workspace(tmp_path, approval=approvals(rules=rules)) as team:
        earlier = promotional(team)
        await team.open_form(MIA, GERMAN)
        await team.fill(MIA, Promotional_text=NEW)
        await team.pick(MIA, BOX, TICKED)
        await team.choose(MIA, "Locale", "ja")
        await team.fill(MIA, Promotional_text="新しい")
        await set_time(team, RETURNS, in_hours(72))
        assert (await team.submit(MIA)).ok
        message = await team.until(lambda: team._seeded(()))
        await approve(team, message)
        assert promotional(team) == NEW
        team.apple.edit(TIDEWELL, "ja", "promotionalText", "手で", platform="IOS")
        await approve(team, message, AIKO)

        seen = {one["ts"] for one in team.messages()}
        await team.press(MIA, message, "Propose again")
        await team.until(lambda: team.form(MIA))
        assert (await team.submit(MIA)).ok
        await team.until(lambda: team._seeded(seen))
        await team.settle()
        assert await status(team, 1) is Status.SUPERSEDED
        assert "Propose the revert" in words_of(team.message(message["ts"]))

        await wait(team, hours=73)
        await run(team, "pushes", "pushes")
        assert promotional(team) == earlier


# -- who wrote it --------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["Subtitle", "Promotional_text"])
async def test_who_wrote_a_text_does_not_approve_the_revert_that_brings_it_again(
    workspace: Workspace, field: str
) -> None:
    team = workspace
    first = await team.propose(BEN, GERMAN, **{field: "Bens Text"})
    await team.react(AIKO, first)
    await team.says(first, "Pushed")
    second = await reverted(team, first)
    await team.react(BEN, second)
    await team.says(second, "Pushed")
    third = await reverted(team, second)
    assert "These are texts of" in words_of(third)
    assert f"@{BEN}" in words_of(third)

    await team.react(BEN, third)
    await team.settle()
    assert await status(team, 3) is Status.OPEN
    await team.react(AIKO, third)
    await team.says(third, "Pushed")


async def reverted(team: Workspace, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Press Revert, as Mia, and return the message of what comes of it."""
    await team.settle()
    seen = {one["ts"] for one in team.messages()}
    await team.press(MIA, message, "Revert")
    found: Mapping[str, Any] = await team.until(lambda: team._seeded(seen))
    return found


def direct(team: Workspace, who: str) -> list[str]:
    """Return the bot's direct messages to a person, in words."""
    return [
        words_of({"blocks": one.blocks or []})
        for channel in team.slack.workspace.channels.values()
        if channel.id != ASO
        for one in channel.messages.values()
    ]
