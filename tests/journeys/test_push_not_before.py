"""A push that was approved waits for its time, and all that may happen meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import (
    BEFORE,
    JAPANESE,
    NEW,
    RETURNS,
    approve,
    promotional,
    propose,
    told,
)
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace, approvals, words_of


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


async def test_an_approved_push_waits_for_its_time_and_says_so(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await wait(team, hours=40)
    await run(team, "pushes")

    told = words_of(team.message(message["ts"]))
    assert "It waits until" in told
    assert "4 Mar 2026, 10:00 Europe/Berlin" in told
    assert "Withdraw" in told
    assert team.asked("PATCH") == []

    await wait(team, hours=8.1)
    await run(team, "pushes", "pushes")
    await team.says(message, "Pushed")
    assert promotional(team) == NEW


async def test_it_waits_across_a_restart_as_well(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.restart()
    await team.settle()
    await run(team, "pushes")
    assert team.asked("PATCH") == []

    await wait(team, hours=49)
    await team.restart()
    await team.says(message, "Pushed")


async def test_votes_are_asked_for_once_more_when_its_time_has_come(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    # Slack tells nobody of it, as when an admin takes all reactions away.
    channel = team.slack.workspace.channels[team.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await wait(team, hours=49)
    await run(team, "pushes")

    await team.says(message, "0 of 1")
    assert team.asked("PATCH") == []


async def test_a_rejection_stops_it_at_once_while_it_waits(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.react(BEN, message, CROSS)
    await team.says(message, "Rejected by")
    await wait(team, hours=49)
    await run(team, "pushes")

    assert team.asked("PATCH") == []


async def test_a_vote_taken_back_while_it_waits_can_be_given_again(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await approve(team, message, AIKO)
    await team.says(message, "It waits until")
    assert team.asked("PATCH") == []
    await wait(team, hours=49)
    await run(team, "pushes")

    await team.says(message, "Pushed")
    assert f"@{AIKO}" in told(team, message)


async def test_a_message_deleted_while_it_waits_is_posted_again_and_holds_up_nothing(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    del team.slack.workspace.channels[team.settings.channel].messages[message["ts"]]
    team.bot.desk.notifier.proposal_changed(1)
    (again,) = await team.until(
        lambda: [m for m in team.messages() if len(m.get("reactions", [])) >= 2]
    )
    other = await propose(team, JAPANESE, times={}, Subtitle="静かなノート")
    await approve(team, other)
    await team.says(other, "Pushed")

    await team.react(BEN, again)
    await wait(team, hours=49)
    await run(team, "pushes")
    await team.says(again, "Pushed")


async def test_it_may_be_withdrawn_while_it_waits(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.press(MIA, message, "Withdraw")
    await team.says(message, "Withdrawn")
    await wait(team, hours=49)
    await run(team, "pushes")

    assert team.asked("PATCH") == []


async def test_one_that_waits_holds_up_no_other_of_its_app(team: Workspace) -> None:
    waiting = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, waiting)
    other = await propose(team, JAPANESE, times={}, Subtitle="静かなノート")
    await approve(team, other)

    await team.says(other, "Pushed")
    assert "It waits until" in words_of(team.message(waiting["ts"]))


async def test_a_vote_taken_back_and_given_again_in_a_moment_begins_nothing_early(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    trouble = team.apple.faults.add(AppleFault(kind="server_error", match="GET"))
    asked = len(team.asked("GET"))
    await team.unreact(BEN, message)
    # The first push looks at Apple once more before it is dropped; meanwhile the vote is back.
    await team.until(lambda: len(team.asked("GET")) > asked)
    await team.react(BEN, message)
    await team.says(message, "It waits until")
    team.apple.faults.remove(trouble)
    await team.settle()
    assert team.clock.now() < in_hours(48)
    assert team.asked("PATCH") == []
    assert "It waits until" in told(team, message)

    await wait(team, hours=49)
    await run(team, "pushes")
    await team.says(message, "Pushed")
    assert len(team.asked("PATCH")) == 1
    assert len(await team.bot.desk.store.watchlog.history(app_id=TIDEWELL)) == 1


async def test_a_vote_taken_back_late_gives_people_their_whole_time_again(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await wait(team, days=6.5)
    await run(team, "ask")
    await approve(team, message)
    await wait(team, days=3.5)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await run(team, "expire", "ask")
    assert "0 of 1" in told(team, message)
    assert "Open until  19 Mar" in told(team, message)

    await wait(team, days=6.5)
    await run(team, "expire", "ask")
    said = [words_of(reply) for reply in team.thread(message) if "ends" in words_of(reply)]
    assert ["9 Mar" in said[0], "19 Mar" in said[1], len(said)] == [True, True, 2]
    await wait(team, days=0.6)
    await run(team, "expire")
    await team.says(message, "Expired")


async def test_what_is_stale_at_its_time_goes_back_to_people_and_stays_there(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await approve(team, message)
    team.apple.edit(TIDEWELL, "de-DE", "promotionalText", "Von Hand", platform="IOS")
    await wait(team, days=20.1)
    await run(team, "pushes")
    await team.says(message, "Stale")
    await run(team, "expire")
    assert "Stale" in told(team, message)


async def test_a_text_that_goes_back_to_people_waits_no_longer_than_until_its_end(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(9 * 24), RETURNS: in_hours(12 * 24)})
    await approve(team, message)
    await wait(team, days=8)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await wait(team, days=3.9)
    await run(team, "expire")
    assert "0 of 1" in told(team, message)
    await wait(team, days=0.2)
    await run(team, "expire")
    await team.says(message, "Expired")


async def test_the_second_list_decides_only_once_it_waited_anew(tmp_path: Path) -> None:
    rule = approvals(approvers=(BEN,), escalation=(RUTH,), expires=timedelta(days=30))
    async with a_workspace(tmp_path, approval=rule) as team:
        message = await propose(team, times={BEFORE: in_hours(20 * 24)})
        await approve(team, message)
        await wait(team, days=4)
        await team.unreact(BEN, message)
        await team.says(message, "0 of 1")
        await approve(team, message, RUTH)
        await run(team, "ask")
        assert "0 of 1" in told(team, message)

        await wait(team, days=3.1)
        await run(team, "ask")
        await team.says(message, "It waits until")
        assert f"@{RUTH}" in told(team, message)
