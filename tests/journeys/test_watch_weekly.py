"""Once a week the team looks back, in one message with a chart; and only then."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from bot.sandbox.slack.web_api import Fault
from tests.clock import HandClock
from tests.journeys.ticking import in_berlin, run, wait, wait_until
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace, words_of

MONDAY, NEXT = "2026-03-09", "2026-03-16"


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        await run(one, "watch", "weekly")
        yield one


def weeks(team: Workspace) -> list[Mapping[str, Any]]:
    return [m for m in team.messages() if words_of(m).startswith("🗓️")]


def pictures(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for block in message["blocks"] if block["type"] == "image"]


async def the_week(team: Workspace) -> Mapping[str, Any]:
    """Return the one summary, once its chart is drawn and it is said."""
    await team.until(lambda: weeks(team), why="no summary")
    await team.settle()
    (message,) = weeks(team)
    return message


async def a_push(team: Workspace, words: str = "tidewell ja", subtitle: str = "静か") -> None:
    message = await team.propose(MIA, f"edit {words}", Subtitle=subtitle)
    await team.react(BEN, message)
    await team.says(message, "Pushed")
    await team.settle()


async def test_a_week_of_work_is_told_on_monday_at_nine_once(team: Workspace) -> None:
    await a_push(team, "tidewell en-US", "A quiet notebook")
    await a_push(team, "tidewell ja")
    rejected = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Lautes Heft")
    await team.react(BEN, rejected, CROSS)
    await team.says(rejected, "Rejected")
    await team.propose(MIA, "edit tidewell ko", Subtitle="조용한")
    await wait_until(team, f"{MONDAY} 08:59")
    await run(team, "weekly")
    assert weeks(team) == []

    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly", "weekly")
    await the_week(team)
    await team.restart()
    await wait(team, hours=30)
    await run(team, "weekly")

    message = await the_week(team)
    said = words_of(message)
    assert "2 changes of 2 proposals in English (U.S., en-US) and Japanese (ja)" in said
    assert "Proposal 4  open for 6 days" in said
    assert "Proposal 3  rejected" in said
    assert "Orrery Sky 1.9 for iOS : Pending Developer Release for at least 6 days" in said
    assert "Korean (ko)" in said
    assert "Subtitle not changed since the primary locale's" in said


async def test_a_rejection_that_was_taken_back_is_none_of_the_week(team: Workspace) -> None:
    rejected = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Lautes Heft")
    await team.react(BEN, rejected, CROSS)
    await team.says(rejected, "Rejected")
    await team.unreact(BEN, rejected, CROSS)
    await team.settle()
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")

    said = words_of(await the_week(team))
    assert "Proposal 1  rejected" not in said
    assert "Proposal 1  open" in said


async def test_a_rejection_is_told_in_its_own_week_only(team: Workspace) -> None:
    rejected = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Lautes Heft")
    await team.react(BEN, rejected, CROSS)
    await team.says(rejected, "Rejected")
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")
    await the_week(team)
    # Somebody agrees with it a week later.
    await team.react(AIKO, rejected, CROSS)
    await team.settle()
    await wait_until(team, f"{NEXT} 09:00")
    await run(team, "weekly")
    await team.settle()

    assert sum("Proposal 1  rejected" in words_of(one) for one in weeks(team)) == 1


async def test_its_chart_can_be_seen_and_says_the_numbers(team: Workspace) -> None:
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")

    message = await the_week(team)
    (image,) = pictures(message)
    assert image["alt_text"].endswith("Weeks from 2 Mar: 1 pushed.")
    picture = team.slack.picture(image["slack_file"]["id"], MIA)
    assert picture is not None
    assert picture[1] == "image/png"
    assert len(team.called("files.completeUploadExternal")) == 1


async def test_a_picture_that_slack_still_works_on_is_waited_for(team: Workspace) -> None:
    team.slack.workspace.files.processing_seconds = 9.0
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")
    message = await the_week(team)

    assert len(pictures(message)) == 1
    assert len(team.called("files.completeUploadExternal")) == 1
    team.slack.refusals.clear()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(method="files.getUploadURLExternal", error="access_denied", times=9),
        Fault(method="files.completeUploadExternal", error="internal_error", times=9),
    ],
)
async def test_without_a_picture_the_week_is_told_all_the_same(
    team: Workspace, fault: Fault
) -> None:
    team.slack.api.faults.append(fault)
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")

    message = await the_week(team)
    assert pictures(message) == []
    assert "1 change of 1 proposal" in words_of(message)


async def test_a_picture_that_slack_never_shows_is_left_out(team: Workspace) -> None:
    team.slack.workspace.files.processing_seconds = 10_000.0
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")
    message = await the_week(team)

    assert pictures(message) == []
    team.slack.refusals.clear()


async def test_a_crash_after_posting_neither_says_nor_uploads_it_twice(team: Workspace) -> None:
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")
    await the_week(team)
    await team.stop()
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.execute("update notices set state = 'doing', ts = null where kind = 'weekly'")
    await team.restart()
    await the_week(team)
    assert len(team.called("files.completeUploadExternal")) == 1
    assert [m for m in team.slack.messages(ASO) if m.get("files")] == []


async def test_weeks_that_were_slept_through_are_told_together(team: Workspace) -> None:
    await a_push(team)
    await team.stop()
    await wait_until(team, f"{NEXT} 15:00")
    await team.restart()
    await run(team, "weekly", "weekly")

    message = await the_week(team)
    assert "The week from 2 Mar to 16 Mar 2026" in words_of(message)
    assert "1 change of 1 proposal" in words_of(message)


async def test_a_new_installation_is_silent_until_a_week_is_over(team: Workspace) -> None:
    await a_push(team)
    await wait_until(team, "2026-03-08 23:00")
    await run(team, "weekly")
    assert weeks(team) == []


async def test_a_week_with_nothing_to_say_ends_in_silence(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        await run(team, "weekly")
        # Nothing was seen of any version, so none waits and none is prepared.
        await wait_until(team, f"{MONDAY} 09:00")
        await run(team, "weekly", "weekly")
        assert team.messages() == []


async def test_when_apple_does_not_answer_the_rest_is_told(team: Workspace) -> None:
    await a_push(team)
    await wait_until(team, f"{MONDAY} 09:00")
    team.apple.conditions.agreements_missing = True
    await run(team, "weekly")

    message = await the_week(team)
    assert "1 change of 1 proposal" in words_of(message)
    assert "Apple did not show Tidewell Notes" in words_of(message)


async def test_news_that_only_the_primary_locale_has_lag_elsewhere(team: Workspace) -> None:
    team.apple.edit(TIDEWELL, "en-US", "whatsNew", "Tides, at last.", platform="IOS")
    team.apple.edit(TIDEWELL, "th", "whatsNew", "", platform="IOS")
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")

    message = await the_week(team)
    assert "What's new is empty or still that of the live version" in words_of(message)
    assert "Thai (th)" in words_of(message)


async def test_a_rejection_by_apple_is_told(team: Workspace) -> None:
    await team.stop()
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.execute(
            "insert into transitions (kind, app_id, version_id, platform, number, old, new,"
            " old_since, at) values ('version', ?, 'v', 'IOS', '2.4.0', 'IN_REVIEW', 'REJECTED',"
            " '2026-03-01T09:00:00.000000+00:00', '2026-03-03T09:00:00.000000+00:00')",
            (TIDEWELL,),
        )
    await team.restart()
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")

    message = await the_week(team)
    assert "Tidewell Notes 2.4.0 for iOS : Rejected on 3 Mar" in words_of(message)


@pytest.mark.parametrize(
    ("start", "monday"), [("2026-03-24", "2026-03-30"), ("2026-10-20", "2026-10-26")]
)
async def test_the_clocks_may_move_and_it_is_told_at_nine_once(
    tmp_path: Path, start: str, monday: str
) -> None:
    async with a_workspace(tmp_path, clock=HandClock(in_berlin(f"{start} 10:00"))) as team:
        await run(team, "watch", "weekly")
        await a_push(team)
        await wait_until(team, f"{monday} 08:59")
        await run(team, "weekly")
        assert weeks(team) == []
        for _ in range(30):
            await wait(team, hours=1)
            await run(team, "weekly")
        message = await the_week(team)
        assert "1 change of 1 proposal" in words_of(message)


async def test_where_no_weekly_summary_is_wanted_there_is_none(team: Workspace) -> None:
    await a_push(team)
    team.bot.desk.rules = replace(team.bot.desk.rules, weekly=None)
    await wait_until(team, f"{MONDAY} 09:00")
    await run(team, "weekly")
    assert weeks(team) == []


async def test_another_day_and_time_may_be_wanted(team: Workspace) -> None:
    await a_push(team)
    team.bot.desk.rules = replace(team.bot.desk.rules, weekly=(4, time(16, 30)))
    await wait_until(team, "2026-03-06 16:29")
    await run(team, "weekly")
    assert weeks(team) == []
    await wait_until(team, "2026-03-06 16:30")
    await run(team, "weekly", "weekly")
    await the_week(team)
