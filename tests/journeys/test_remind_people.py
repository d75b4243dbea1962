"""Whom a reminder is said to and when: working hours, people, conditions, until Done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.cast import AIKO, ASO, BEN, GUEST, MIA, RUTH, STRANGER
from bot.settings import ApprovalRule, ReminderSettings, WorkingHours
from bot.storage.standings import Standing, StandingSight
from bot.storage.transitions import Transition, add_transitions
from tests.clock import HandClock
from tests.journeys.ticking import become, in_berlin, run, version, wait, wait_until
from tests.workspace import ORRERY, TIDEWELL, Workspace, a_workspace, approvals, words_of

RELEASE = ReminderSettings()
OFFICE = WorkingHours()


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Orrery 1.9 waits to be released, and the watch has just seen it."""
    async with a_workspace(tmp_path, reminders=(RELEASE,)) as one:
        await run(one, "watch")
        yield one


def said(team: Workspace) -> list[str]:
    return [told for told in team.told() if told.startswith("⏰")]


def written_to(team: Workspace, who: str) -> list[str]:
    return [words_of(message) for message in team.slack.direct(who)]


# -- working hours -------------------------------------------------------------------------


async def test_a_reminder_that_falls_into_the_evening_waits_for_the_morning(
    tmp_path: Path,
) -> None:
    clock = HandClock(in_berlin("2026-03-02 15:00"))
    async with a_workspace(tmp_path, reminders=(RELEASE,), hours=OFFICE, clock=clock) as team:
        await run(team, "watch")
        for local in ("2026-03-02 19:00", "2026-03-02 23:00", "2026-03-03 08:59"):
            await wait_until(team, local)
            await run(team, "remind")
            assert said(team) == []
        await wait_until(team, "2026-03-03 09:01")
        await run(team, "remind", "remind")

        assert len(said(team)) == 1


async def test_a_weekend_is_made_up_for_by_one_reminder(tmp_path: Path) -> None:
    clock = HandClock(in_berlin("2026-03-06 13:00"))
    async with a_workspace(tmp_path, reminders=(RELEASE,), hours=OFFICE, clock=clock) as team:
        await run(team, "watch")
        await wait_until(team, "2026-03-06 17:01")
        await run(team, "remind")
        assert len(said(team)) == 1
        while team.clock.now() < in_berlin("2026-03-09 13:00"):
            await wait(team, hours=2)
            await run(team, "remind")
        assert len(said(team)) == 2


async def test_a_weekend_on_which_the_clocks_move_ends_at_nine_as_any_other(
    tmp_path: Path,
) -> None:
    clock = HandClock(in_berlin("2026-03-28 10:00"))
    async with a_workspace(tmp_path, reminders=(RELEASE,), hours=OFFICE, clock=clock) as team:
        await run(team, "watch")
        await wait_until(team, "2026-03-30 08:59")
        await run(team, "remind")
        assert said(team) == []
        await wait_until(team, "2026-03-30 09:00")
        await run(team, "remind")
        assert len(said(team)) == 1


# -- to whom -------------------------------------------------------------------------------


async def test_without_names_the_apps_channel_hears_it_and_its_approvers_are_named(
    team: Workspace,
) -> None:
    await wait(team, hours=5)
    await run(team, "remind")

    (told,) = said(team)
    assert f"@{BEN}" in told
    assert f"@{AIKO}" in told
    assert written_to(team, BEN) == []


async def test_an_app_with_approvers_of_its_own_has_them_named(tmp_path: Path) -> None:
    rule = ApprovalRule(app=("com.example.orrery",), approvers=(RUTH,))
    approval = approvals(rules=(rule,))
    async with a_workspace(tmp_path, reminders=(ReminderSettings(),), approval=approval) as team:
        await run(team, "watch")
        await wait(team, hours=5)
        await run(team, "remind")

        (told,) = said(team)
        assert f"@{RUTH}" in told
        assert f"@{BEN}" not in told


async def test_users_hear_it_in_their_direct_messages_and_groups_in_the_channel(
    tmp_path: Path,
) -> None:
    reminder = ReminderSettings(to=(RUTH, "S0JAPAN"))
    async with a_workspace(tmp_path, reminders=(reminder,)) as team:
        await run(team, "watch")
        await wait(team, hours=5)
        await run(team, "remind", "remind")

        (told,) = said(team)
        assert "@S0JAPAN" in told
        assert RUTH not in told
        (direct,) = written_to(team, RUTH)
        assert "Orrery" in direct


async def test_after_its_until_nothing_more_is_said(tmp_path: Path) -> None:
    reminder = ReminderSettings(until=timedelta(days=3, hours=1))
    async with a_workspace(tmp_path, reminders=(reminder,)) as team:
        await run(team, "watch")
        for _ in range(7):
            await wait(team, days=1)
            await run(team, "remind")

        assert len(said(team)) == 3


async def test_where_a_version_has_a_thread_the_reminder_stands_in_it_and_in_the_channel(
    team: Workspace,
) -> None:
    begun = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    waiting = version(team, "1.9", app=ORRERY)
    await team.bot.desk.store.transitions.keep_thread(waiting["id"], ASO, ts=begun["ts"])
    await wait(team, hours=5)
    await run(team, "remind")

    (reply,) = team.thread(begun)
    assert words_of(reply).startswith("⏰")
    assert reply["ts"] in [message["ts"] for message in team.messages()]


# -- done ----------------------------------------------------------------------------------


async def test_done_ends_the_reminder_and_its_message_says_who_ended_it(team: Workspace) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    message = next(m for m in team.messages() if words_of(m).startswith("⏰"))
    await team.press(RUTH, message, "Done")
    await team.says(message, "ended this reminder")
    assert f"@{RUTH}" in words_of(team.message(message["ts"]))
    assert "Release" not in [
        element["text"]["text"]
        for block in team.message(message["ts"])["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    await team.restart()
    await wait(team, days=4)
    await run(team, "remind")

    assert len(said(team)) == 1


async def test_done_in_a_direct_message_ends_it_there_and_for_everybody(tmp_path: Path) -> None:
    reminder = ReminderSettings(to=(RUTH, BEN))
    async with a_workspace(tmp_path, reminders=(reminder,)) as team:
        await run(team, "watch")
        await wait(team, hours=5)
        await run(team, "remind")
        (message,) = team.slack.direct(BEN)
        block = next(b for b in message["blocks"] if b["type"] == "actions")
        done = next(e for e in block["elements"] if e["text"]["text"] == "Done")
        await team.slack.click(
            BEN,
            block_id=block["block_id"],
            action_id=done["action_id"],
            channel=team.slack.direct_channel(BEN)["id"],
            ts=message["ts"],
            value=done["value"],
        )
        await team.until(
            lambda: all("ended this reminder" in written_to(team, who)[0] for who in (BEN, RUTH))
        )
        await wait(team, days=3)
        await run(team, "remind")

        assert [len(written_to(team, who)) for who in (BEN, RUTH)] == [1, 1]


async def test_a_version_that_comes_back_into_the_state_is_reminded_of_anew(
    team: Workspace,
) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    message = next(m for m in team.messages() if words_of(m).startswith("⏰"))
    await team.press(MIA, message, "Done")
    await team.settle()
    for state in ("DEVELOPER_REJECTED", "PENDING_DEVELOPER_RELEASE"):
        await become(team, state, "1.9", app=ORRERY)
    await wait(team, hours=5)
    await run(team, "remind")

    assert len(said(team)) == 2


async def test_the_status_says_what_is_reminded_of_until_somebody_ends_it(
    team: Workspace,
) -> None:
    async def status() -> str:
        before = len(team.private(MIA))
        await team.command(MIA, "status orrery")
        return str((await team.until(lambda: team.private(MIA)[before:]))[0])

    assert "a reminder is due" not in await status()
    await wait(team, hours=5)
    assert "a reminder is due" in await status()
    await run(team, "remind")
    message = next(m for m in team.messages() if words_of(m).startswith("⏰"))
    await team.press(RUTH, message, "Done")
    await team.says(message, "ended this reminder")
    assert "a reminder is due" not in await status()


@pytest.mark.parametrize("who", [STRANGER, GUEST])
async def test_a_stranger_and_a_guest_cannot_end_a_reminder(team: Workspace, who: str) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    message = next(m for m in team.messages() if words_of(m).startswith("⏰"))
    await team.press(who, message, "Done")
    await team.settle()

    assert "ended this reminder" not in words_of(team.message(message["ts"]))


async def test_a_release_that_waits_has_a_button_to_release_it(team: Workspace) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    message = next(m for m in team.messages() if words_of(m).startswith("⏰"))
    row = next(b for b in message["blocks"] if b["type"] == "actions")

    release = next(e for e in row["elements"] if e["text"]["text"] == "Release")
    assert release["value"] == version(team, "1.9", app=ORRERY)["id"]
    assert "App Store Connect" in words_of(message)


# -- conditions ----------------------------------------------------------------------------


def when(condition: str) -> ReminderSettings:
    return ReminderSettings(state="", condition=condition, after=timedelta(0))


async def test_a_review_is_long_after_two_days_where_nothing_is_usual_yet(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, reminders=(when("review_longer_than_usual"),)) as team:
        await run(team, "watch")
        await become(team, "WAITING_FOR_REVIEW")
        await wait(team, hours=47.9)
        await run(team, "remind")
        assert said(team) == []
        await wait(team, hours=0.2)
        await run(team, "remind", "remind")

        (told,) = said(team)
        assert "longer than usual: 48 hours" in told
        assert "Tidewell" in told


async def test_a_review_is_long_after_twice_what_is_usual_for_this_app(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, reminders=(when("review_longer_than_usual"),)) as team:
        await run(team, "watch")
        await reviewed(team, 3, 4, 5)
        await become(team, "IN_REVIEW")
        await wait(team, hours=7.9)
        await run(team, "remind")
        assert said(team) == []
        await wait(team, hours=0.2)
        await run(team, "remind")

        assert len(said(team)) == 1


async def test_a_pause_is_reminded_of_when_few_of_its_days_are_left(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, reminders=(when("pause_near_limit"),)) as team:
        await run(team, "watch")
        waiting = version(team, "1.9", app=ORRERY)["id"]
        await stand(team, "phased", "PAUSED", version_id=waiting, paused_days=24)
        await run(team, "remind")
        assert said(team) == []
        await stand(team, "phased", "PAUSED", version_id=waiting, paused_days=25)
        await run(team, "remind", "remind")

        (told,) = said(team)
        assert "5 more days" in told


async def test_trouble_with_a_key_or_an_agreement_is_reminded_of_while_it_lasts(
    tmp_path: Path,
) -> None:
    both = (when("key_trouble"), when("agreements_missing"))
    async with a_workspace(tmp_path, reminders=both) as team:
        await stand(team, "account", "KEY")
        await run(team, "watch", "remind", "remind")
        assert len(said(team)) == 1
        assert "the bot's key" in said(team)[0]
        await stand(team, "account", "AGREEMENTS")
        await run(team, "remind")
        assert len(said(team)) == 2
        assert "agreement" in said(team)[1]
        await stand(team, "account", "OK")
        await wait(team, days=3)
        await run(team, "remind")

        assert len(said(team)) == 2


async def reviewed(team: Workspace, *hours: float) -> None:
    """Let the app have had reviews that took so long."""
    now = team.clock.now()
    past = [
        Transition(
            kind="version",
            app_id=TIDEWELL,
            version_id=f"old-{place}",
            platform="IOS",
            number=f"1.{place}",
            old="IN_REVIEW",
            new="PENDING_DEVELOPER_RELEASE",
            old_since=now - timedelta(days=10 * place, hours=lasted),
            at=now - timedelta(days=10 * place),
        )
        for place, lasted in enumerate(hours, start=1)
    ]
    owner = team.bot.desk.store._owner
    await owner.write(lambda db: add_transitions(db, past))


async def stand(
    team: Workspace, kind: str, state: str, *, version_id: str = "", **detail: int
) -> None:
    """Let the watch have seen something stand so."""
    standings = team.bot.desk.store.standings
    before = await standings.get(kind, "one")
    now = Standing(
        kind=kind,
        id="one",
        state=state,
        since=team.clock.now(),
        app_id=ORRERY if version_id else "",
        version_id=version_id,
        detail=detail,
    )
    await standings.see([], [StandingSight(now=now, before=before)], now=team.clock.now())
