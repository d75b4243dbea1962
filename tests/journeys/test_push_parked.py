"""Approved texts wait where Apple takes no change now, and go on by themselves once it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import ASO, BEN, MIA
from bot.sandbox.slack.payloads import reaction_event
from bot.storage.standings import SEEN
from bot.storage.transitions import VersionSight
from bot.workflow.watch.seeing import glance
from tests.journeys.ticking import become, run, version, wait
from tests.workspace import CROSS, TIDEWELL, Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Keywords": "notiz,heft"}
WAITING, REVIEW, PREPARE = "WAITING_FOR_REVIEW", "IN_REVIEW", "PREPARE_FOR_SUBMISSION"
PARKED = "Parked: 2.4.0 is In Review; it is pushed when the version can be edited again."


async def status(team: Workspace, number: int = 1) -> Status | None:
    return await team.bot.desk.store.proposals.status(number)


async def parked(team: Workspace, **texts: str) -> Mapping[str, Any]:
    """Propose, have the version reviewed meanwhile, approve, and return the message."""
    message = await team.propose(MIA, **(texts or GERMAN))
    await become(team, WAITING)
    await become(team, REVIEW)
    await team.react(BEN, message)
    return await team.says(message, PARKED)


async def test_an_approved_text_for_a_version_in_review_is_parked_and_says_what_it_waits_for(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert await status(workspace) is Status.PARKED
    assert f"Approved by  @{BEN}" in words_of(workspace.message(message["ts"]))
    (reply,) = workspace.thread(message)
    assert f"@{MIA}  {PARKED}" in words_of(reply)


async def test_it_goes_on_when_the_watch_sees_the_version_come_back(workspace: Workspace) -> None:
    message = await parked(workspace)
    await wait(workspace, days=2)
    await become(workspace, "REJECTED")
    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "keywords", state="REJECTED") == "notiz,heft"


async def test_a_state_that_locks_it_too_changes_nothing(workspace: Workspace) -> None:
    message = await parked(workspace)
    await become(workspace, "PENDING_DEVELOPER_RELEASE")
    await run(workspace, "pushes", "pushes")
    assert await status(workspace) is Status.PARKED
    assert workspace.asked("PATCH") == []
    assert len(workspace.thread(message)) == 1


async def test_one_that_was_not_woken_by_the_look_is_found_a_minute_later(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    workspace.apple.move(version(workspace)["id"], "REJECTED")
    store, now = workspace.bot.desk.store, workspace.clock.now()
    (known,) = [
        one
        for one in await store.watchlog.versions(TIDEWELL)
        if one.version.id == version(workspace)["id"]
    ]
    # As a look leaves it that ended before it woke anything.
    sight = VersionSight(version=replace(known.version, state="REJECTED"), before=REVIEW)
    (account,) = workspace.bot.desk.accounts.names
    looked = glance(account, await store.standings.get(SEEN, account), now)
    await store.standings.see([sight], [looked], now=now)
    await run(workspace, "pushes")
    await workspace.says(message, "Pushed")


async def test_what_was_seen_before_it_was_parked_wakes_nothing(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await become(workspace, PREPARE)
    await wait(workspace, hours=1)
    workspace.apple.move(version(workspace)["id"], REVIEW)
    await workspace.react(BEN, message)
    await workspace.says(message, PARKED)
    read = len(workspace.asked("GET"))
    await run(workspace, "pushes", "pushes")
    assert await status(workspace) is Status.PARKED
    assert len(workspace.asked("GET")) == read


async def test_drift_is_seen_on_waking(workspace: Workspace) -> None:
    message = await parked(workspace)
    workspace.apple.move(version(workspace)["id"], PREPARE)
    workspace.apple.edit(TIDEWELL, "de-DE", "keywords", "anders")
    await run(workspace, "watch")
    await workspace.says(message, "Stale")
    assert workspace.live("de-DE", "keywords") == "anders"


async def test_a_vote_taken_back_while_it_is_parked_opens_it_again(workspace: Workspace) -> None:
    message = await parked(workspace)
    await workspace.unreact(BEN, message)
    await workspace.says(message, "0 of 1")
    await become(workspace, "REJECTED")
    assert workspace.asked("PATCH") == []
    assert await status(workspace) is Status.OPEN


async def test_a_vote_taken_back_unheard_is_found_on_waking(workspace: Workspace) -> None:
    message = await parked(workspace)
    channel = workspace.slack.workspace.channels[workspace.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await become(workspace, "REJECTED")
    await workspace.says(message, "0 of 1")
    assert workspace.asked("PATCH") == []


async def test_a_reject_ends_a_parked_proposal(workspace: Workspace) -> None:
    message = await parked(workspace)
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected by")
    await become(workspace, "REJECTED")
    assert workspace.asked("PATCH") == []


async def test_a_reject_that_is_heard_after_it_was_taken_back_ends_no_parked_proposal(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    late = reaction_event(workspace.slack.workspace, "reaction_added", BEN, shown, CROSS)
    await workspace.slack.events.deliver({**late, "event_ts": "1900000000.000001"})
    await workspace.settle()
    assert await status(workspace) is Status.PARKED
    await become(workspace, "REJECTED")
    await workspace.says(message, "Pushed")


async def test_a_parked_proposal_can_be_withdrawn(workspace: Workspace) -> None:
    message = await parked(workspace)
    await workspace.press(MIA, message, "Withdraw")
    await workspace.says(message, "Withdrawn")
    await become(workspace, "REJECTED")
    assert workspace.asked("PATCH") == []


async def test_a_day_before_it_expires_the_thread_and_the_proposer_hear_of_it_once(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    await wait(workspace, days=6, hours=1)
    await run(workspace, "ask", "ask")
    said = [words_of(one) for one in [*workspace.thread(message), *workspace.slack.direct(MIA)]]
    assert len([one for one in said if "if Apple does not take it before" in one]) == 2


async def test_approvals_stand_until_it_expires(workspace: Workspace) -> None:
    message = await parked(workspace)
    await wait(workspace, days=8)
    await run(workspace, "expire")
    await workspace.says(message, "Expired")
    await become(workspace, "REJECTED")
    assert workspace.asked("PATCH") == []


async def test_the_list_and_the_home_say_what_it_waits_for(workspace: Workspace) -> None:
    await parked(workspace)
    for words in ("proposals", "status tidewell"):
        before = len(workspace.private(MIA))
        await workspace.command(MIA, words)
        await workspace.until(lambda before=before: len(workspace.private(MIA)) > before)
        assert PARKED in workspace.private(MIA)[-1]
    await workspace.slack.open_home(MIA)
    await workspace.until(lambda: PARKED in words_of(workspace.slack.home(MIA) or {}))


async def test_a_version_submitted_in_mid_push_lists_what_is_done_and_parks_the_rest(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Subtitle="Stilles Heft", Keywords="notiz,heft"
    )
    workspace.apple.listen(lambda: submitted(workspace))
    await workspace.react(BEN, message)
    shown = words_of(await workspace.says(message, "Parked: 2.4.0 is Waiting for Review"))
    assert "can only be changed while" in shown
    await workspace.settle()
    (reply,) = workspace.thread(message)
    assert "1 of 2 changes arrived. Parked:" in words_of(reply)

    await become(workspace, "REJECTED")
    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "keywords", state="REJECTED") == "notiz,heft"
    assert len(workspace.asked("PATCH")) == 3


def submitted(team: Workspace) -> None:
    """Have the version submitted as soon as something was written."""
    if len(team.asked("PATCH")) == 1 and version(team)["state"] == PREPARE:
        team.apple.move(version(team)["id"], WAITING)


async def test_a_version_that_was_replaced_ends_what_was_parked_for_it(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    workspace.apple.move(version(workspace)["id"], "READY_FOR_DISTRIBUTION")
    new = workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS", PREPARE)
    workspace.apple.move(version(workspace)["id"], "REPLACED_WITH_NEW_VERSION")
    await run(workspace, "watch")
    await workspace.says(message, "Superseded")
    assert workspace.asked("PATCH") == []
    assert new


async def test_a_version_that_went_live_takes_only_what_may_change_at_once(
    workspace: Workspace,
) -> None:
    texts = {"Keywords": "notiz,heft", "Promotional_text": "Jetzt neu"}
    message = await parked(workspace, words="edit tidewell de-DE", **texts)
    live = "READY_FOR_DISTRIBUTION"
    before = workspace.live("de-DE", "keywords", state=REVIEW)
    await become(workspace, live)
    shown = words_of(await workspace.says(message, "Partly pushed"))
    assert "public at once" in shown
    assert "can only be changed while a version is being prepared; 2.4.0 is live" in shown
    assert version(workspace)["localizations"]["de-DE"]["promotionalText"] == "Jetzt neu"
    assert version(workspace)["localizations"]["de-DE"]["keywords"] == before
