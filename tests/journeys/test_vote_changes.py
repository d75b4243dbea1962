"""Votes that are taken back, come late, twice or in the wrong order, or while the bot is away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from bot.sandbox.slack.payloads import reaction_event
from bot.sandbox.slack.web_api import Fault
from tests.journeys.ticking import run
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


def slow_confirmation(workspace: Workspace, times: int = 1) -> None:
    """Let Slack refuse to show reactions once it was decided, so that a push waits."""
    workspace.slack.api.faults.append(
        Fault(method="reactions.get", error="ratelimited", status=429, times=times, after=1)
    )


async def reconcile(workspace: Workspace) -> None:
    await run(workspace, "reconcile")


def event(workspace: Workspace, kind: str, message: Any, *, at: str) -> dict[str, Any]:
    shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    made = reaction_event(workspace.slack.workspace, kind, BEN, shown, CHECK)
    return {**made, "event_ts": at}


async def test_a_reaction_that_is_taken_off_takes_the_vote_back(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.says(message, "1 of 2")
        await workspace.unreact(BEN, message)
        await workspace.says(message, "0 of 2")
        await workspace.react(AIKO, message)
        await workspace.says(message, "1 of 2")
        assert workspace.asked("PATCH") == []


async def test_a_vote_taken_back_just_before_the_push_stops_it(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slow_confirmation(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Approved")
    await workspace.unreact(BEN, message)

    await workspace.says(message, "0 of 1")
    reply = (await workspace.until(lambda: workspace.thread(message)))[-1]
    assert f"@{MIA}" in words_of(reply)
    assert workspace.asked("PATCH") == []


async def test_a_reject_just_before_the_push_rejects(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slow_confirmation(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Approved")
    await workspace.react(AIKO, message, CROSS)

    shown = await workspace.says(message, "Rejected")
    assert f"@{AIKO}" in words_of(shown)
    assert workspace.asked("PATCH") == []
    await workspace.settle()
    assert workspace.private(AIKO) == []


async def test_a_vote_after_the_push_is_answered_only_when_it_rejects(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    await workspace.unreact(BEN, message)
    await workspace.react(AIKO, message)
    await workspace.settle()
    assert workspace.private(AIKO) == []
    await workspace.react(AIKO, message, CROSS)
    await workspace.until(lambda: workspace.private(AIKO))
    assert "too late" in workspace.private(AIKO)[0]
    assert "Pushed" in words_of(workspace.message(message["ts"]))


async def test_an_event_that_comes_twice_counts_once(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.slack.events.repeat_last()
        await workspace.says(message, "1 of 2")
        await workspace.settle()
        assert "1 of 2" in words_of(workspace.message(message["ts"]))


async def test_a_removal_that_comes_before_its_addition_still_removes(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    late = event(workspace, "reaction_removed", message, at="1900000000.000002")
    early = event(workspace, "reaction_added", message, at="1900000000.000001")
    await workspace.slack.events.deliver(late)
    await workspace.slack.events.deliver(early)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert "0 of 1" in words_of(workspace.message(message["ts"]))


async def test_a_vote_while_the_bot_is_down_counts_when_it_comes_back(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    await workspace.stop()
    await workspace.react(BEN, message)
    await workspace.restart()
    await workspace.says(message, "Pushed")


async def test_a_vote_whose_event_was_lost_is_found_at_start(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    await workspace.stop()
    workspace.slack.events.subscribed.clear()
    await workspace.react(BEN, message)
    await workspace.restart()
    await reconcile(workspace)
    await workspace.says(message, "Pushed")


async def test_reactions_that_vanished_while_the_bot_was_down_lower_the_votes(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.says(message, "1 of 2")
        await workspace.stop()
        shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
        shown.reactions.clear()
        await workspace.restart()
        await reconcile(workspace)
        await workspace.says(message, "0 of 2")


async def test_nothing_is_pushed_while_slack_does_not_answer_and_it_goes_on_later(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slow_confirmation(workspace, times=3)
    await workspace.react(BEN, message)
    await workspace.says(message, "Approved")
    assert workspace.asked("PATCH") == []
    await workspace.says(message, "Pushed")


async def test_a_vote_that_slack_shows_no_more_decides_nothing_at_quorum(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.says(message, "1 of 2")
        shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
        shown.reaction(CHECK).users.remove(BEN)
        await workspace.react(AIKO, message)
        await workspace.says(message, f"1 of 2 for the change , by  @{AIKO}")
        await workspace.settle()
        # Nothing was approved and then given back, which its thread would tell.
        assert workspace.thread(message) == []

        await workspace.react(BEN, message)
        await workspace.says(message, "Pushed")


async def test_nothing_is_decided_while_slack_does_not_show_the_votes(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.slack.api.faults.append(
        Fault(method="reactions.get", error="ratelimited", status=429, times=3)
    )
    await workspace.react(BEN, message)
    await workspace.until(lambda: len(workspace.refused("reactions.get", "ratelimited")) == 2)
    assert await workspace.bot.desk.store.proposals.status(1) is Status.OPEN
    await workspace.says(message, "Pushed")


async def test_a_rejection_that_slack_shows_no_more_rejects_nothing(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    late = event(workspace, "reaction_added", message, at="1900000000.000001")
    await workspace.slack.events.deliver({**late, "reaction": CROSS})
    await workspace.settle()
    assert await workspace.bot.desk.store.proposals.status(1) is Status.OPEN


async def test_when_slack_never_shows_the_votes_the_proposal_is_open_again(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slow_confirmation(workspace, times=50)
    await workspace.react(BEN, message)
    reply = (await workspace.until(lambda: workspace.thread(message)))[-1]
    assert "nothing was pushed" in words_of(reply).lower()
    assert workspace.asked("PATCH") == []
    await workspace.says(message, "Open")

    workspace.slack.api.faults.clear()
    await reconcile(workspace)
    await workspace.says(message, "Pushed")


async def test_people_that_slack_cannot_name_for_minutes_are_counted_afterwards(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.slack.api.faults.append(
        Fault(method="users.info", error="ratelimited", status=429, times=20)
    )
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")


async def test_a_message_that_was_deleted_is_posted_again_for_new_votes(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.says(message, "1 of 2")
        del workspace.slack.workspace.channels[ASO].messages[message["ts"]]
        await workspace.react(AIKO, message)

        await reconcile(workspace)
        await reconcile(workspace)
        again = await workspace.until(
            lambda: [m for m in workspace.messages() if len(m["reactions"]) >= 2]
        )
        assert len(again) == 1
        assert "0 of 2" in words_of(again[0])
        for who in (BEN, AIKO):
            await workspace.react(who, again[0])
        await workspace.says(again[0], "Pushed")


async def test_a_message_deleted_between_vote_and_push_is_posted_again_and_nothing_pushed(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    slow_confirmation(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Approved")
    del workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    again = await workspace.until(
        lambda: [m for m in workspace.messages() if len(m["reactions"]) >= 2]
    )
    assert workspace.asked("PATCH") == []
    await workspace.react(BEN, again[0])
    await workspace.says(again[0], "Pushed")


async def test_a_retry_needs_the_approval_to_stand_and_keeps_what_arrived(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch", Keywords="notiz,heft"
    )
    number = workspace.apple.faults.add(
        AppleFault(kind="server_error", match="PATCH /v1/appStoreVersionLocalizations")
    )
    await workspace.react(BEN, message)
    await workspace.says(message, "Partly pushed")
    workspace.apple.faults.remove(number)
    sent = len(workspace.asked("PATCH"))

    await workspace.unreact(BEN, message)
    await workspace.press(MIA, message, "Retry failed")
    shown = await workspace.says(message, "Subtitle in German (de-DE) reached Apple before")
    assert "0 of 1 for Keywords" in words_of(shown)
    assert len(workspace.asked("PATCH")) == sent

    await workspace.react(AIKO, message, CROSS)
    shown = await workspace.says(message, "Rejected")
    assert "Nothing was changed at Apple" not in words_of(shown)
    assert workspace.live("de-DE", "subtitle") == "Stilles Notizbuch"


async def revised(workspace: Workspace, message: Any, who: str, subtitle: str) -> Any:
    """Let somebody edit a proposal; return the message of its next revision."""
    await workspace.press(who, message, "Edit")
    await workspace.until(lambda: workspace.form(who))
    await workspace.fill(who, Subtitle=subtitle)
    ack = await workspace.submit(who)
    assert ack.ok
    assert not workspace.errors(who)
    return await workspace.until(
        lambda: next(
            (
                one
                for one in workspace.messages()
                if one["ts"] > message["ts"] and len(one["reactions"]) >= 2
            ),
            None,
        )
    )


async def test_a_text_that_comes_back_in_a_later_revision_has_no_votes(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        first = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, first)
        await workspace.says(first, "1 of 2")
        second = await revised(workspace, first, MIA, "Anderes Heft")
        third = await revised(workspace, second, MIA, "Stilles Notizbuch")

        await workspace.settle()
        await reconcile(workspace)
        assert "0 of 2" in words_of(workspace.message(third["ts"]))
        await workspace.react(AIKO, third)
        await workspace.says(third, "1 of 2")
        assert workspace.asked("PATCH") == []


async def test_a_vote_on_a_replaced_message_is_answered_and_not_kept(workspace: Workspace) -> None:
    first = await workspace.propose(MIA, **GERMAN)
    await revised(workspace, first, MIA, "Anderes Heft")
    await workspace.settle()
    await workspace.react(BEN, first)

    await workspace.until(lambda: workspace.private(BEN))
    assert "newer revision" in workspace.private(BEN)[0]
    assert await workspace.bot.desk.store.votes.given(1, 1) == ()
    assert workspace.asked("PATCH") == []


async def test_everybody_who_wrote_a_part_of_it_is_refused_and_others_decide(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, **GERMAN)
    second = await revised(workspace, first, BEN, "Stilles Heft")
    for who in (MIA, BEN):
        await workspace.react(who, second)
    await workspace.settle()
    for who in (MIA, BEN):
        assert "You wrote or edited" in " ".join(workspace.private(who))
    assert "0 of 1" in words_of(workspace.message(second["ts"]))
    assert workspace.asked("PATCH") == []

    await workspace.react(AIKO, second)
    await workspace.says(second, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Stilles Heft"
