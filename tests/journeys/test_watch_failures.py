"""What cannot wait for the evening: a push that failed, requests that fail more than usual."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import BotError
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, MIA
from tests.clock import START
from tests.journeys.ticking import run, wait
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of

SUBTITLES = {"de-DE": "Stilles Heft", "ja": "静かなノート"}


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        await run(one, "watch", "failures")
        yield one


def failed_pushes(team: Workspace) -> list[Mapping[str, Any]]:
    return [m for m in team.messages() if words_of(m).startswith("❗")]


def jumps(team: Workspace) -> list[str]:
    return [told for told in team.told() if told.startswith("📈")]


async def a_failed_push(team: Workspace) -> Mapping[str, Any]:
    before = {message["ts"] for message in team.messages()}
    fault = team.apple.faults.add(Fault(kind="server_error", match="PATCH"))
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Subtitle=SUBTITLES["de-DE"])
    await team.choose(MIA, "Locale", "ja")
    await team.fill(MIA, Subtitle=SUBTITLES["ja"])
    await team.submit(MIA)
    message = await team.until(lambda: team._seeded(before), why="no proposal was posted")
    await team.react(BEN, message)
    await team.says(message, "Retry failed")
    await team.settle()
    team.apple.faults.remove(fault)
    return message


async def test_a_failed_push_is_told_in_the_channel_at_once_and_once(team: Workspace) -> None:
    await a_failed_push(team)
    await team.restart()
    await team.settle()

    (told,) = failed_pushes(team)
    said = words_of(told)
    assert "Push failed: Tidewell Notes 2.4.0 for iOS" in said
    assert "2 changes of proposal 1 did not arrive" in said
    assert "German (de-DE) and Japanese (ja):  2 × Apple did not answer" in said


async def test_its_retry_brings_it_home_and_a_second_failure_is_told_again(
    team: Workspace,
) -> None:
    message = await a_failed_push(team)
    fault = team.apple.faults.add(Fault(kind="server_error", match="PATCH"))
    await team.press(MIA, failed_pushes(team)[0], "Retry")
    await team.until(lambda: len(failed_pushes(team)) == 2, why="not told again")
    await team.settle()
    team.apple.faults.remove(fault)
    await team.press(MIA, failed_pushes(team)[1], "Retry")
    await team.says(message, "Pushed")
    await team.settle()

    assert len(failed_pushes(team)) == 2
    assert team.live("ja", "subtitle") == SUBTITLES["ja"]


async def test_retry_after_it_was_mended_says_that_nothing_is_left(team: Workspace) -> None:
    message = await a_failed_push(team)
    await team.press(MIA, failed_pushes(team)[0], "Retry")
    await team.says(message, "Pushed")
    await team.settle()
    await team.press(MIA, failed_pushes(team)[0], "Retry")
    told = await team.until(
        lambda: next((t for t in team.private(MIA) if "Not sent again" in t), None)
    )
    assert "Proposal 1:  Proposal 1 is pushed; there is nothing to retry." in told


async def test_a_push_that_arrived_is_not_told_besides_its_thread(team: Workspace) -> None:
    message = await team.propose(MIA, "edit tidewell ja", Subtitle=SUBTITLES["ja"])
    await team.react(BEN, message)
    await team.says(message, "Pushed")
    await team.settle()
    assert failed_pushes(team) == []


async def ask(team: Workspace, times: int) -> None:
    """Let the bot ask Apple in vain so often."""
    for _ in range(times):
        with pytest.raises(BotError):
            await team.bot.desk.store_of(TIDEWELL).apps()


async def ask_well(team: Workspace, times: int) -> None:
    for _ in range(times):
        await team.bot.desk.store_of(TIDEWELL).apps()


async def seed_hours(team: Workspace, *hours: tuple[str, int, int]) -> None:
    """Write hours as (ISO hour, requests, refused ones) as if they had been counted."""
    await team.stop()
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.executemany(
            "insert or replace into usage (account, hour, requests, refused, faults, others)"
            " values ('default', ?, ?, ?, 0, 0)",
            [(f"{hour}:00:00.000000+00:00", requests, bad) for hour, requests, bad in hours],
        )
    await team.restart()


@pytest.mark.parametrize(("requests", "bad"), [(19, 19), (40, 9)])
async def test_few_requests_or_a_small_share_say_nothing(
    team: Workspace, requests: int, bad: int
) -> None:
    await seed_hours(team, ("2026-03-02T09", requests, bad))
    await run(team, "usage")
    assert jumps(team) == []


async def test_a_jump_is_told_once_over_restarts_until_an_hour_was_calm(team: Workspace) -> None:
    assert START.isoformat() == "2026-03-02T09:00:00+00:00"
    await seed_hours(
        team,
        ("2026-03-02T05", 200, 4),
        ("2026-03-02T09", 40, 12),
        ("2026-03-02T10", 40, 20),
        ("2026-03-02T11", 40, 0),
        ("2026-03-02T12", 40, 30),
    )
    await run(team, "usage", "usage")
    await team.restart()
    await wait(team, hours=1)
    await run(team, "usage")
    (told,) = jumps(team)
    assert "12 of 4" in told
    assert "in the last hour: " in told
    assert "after 2% the day before" in told
    assert "12 × over the request limit (429)." in told

    await wait(team, hours=1)
    await run(team, "usage")
    assert len(jumps(team)) == 1
    await wait(team, hours=1)
    await run(team, "usage", "usage")
    assert len(jumps(team)) == 2


async def test_requests_that_apple_refused_are_counted_and_told(team: Workspace) -> None:
    await run(team, "usage")
    team.apple.conditions.agreements_missing = True
    await ask(team, 25)
    await run(team, "usage", "usage")

    (told,) = jumps(team)
    assert "refused for what they ask (4xx)" in told
    since, until = START.replace(hour=0), START.replace(hour=23)
    await team.restart()
    (hour,) = await team.bot.desk.store.usage.hours(since=since, until=until)
    assert hour.others == 25
    assert hour.requests >= 26
    assert hour.lowest_left is not None


async def asked(team: Workspace, text: str) -> str:
    before = len(team.private(MIA))
    ack = await team.command(MIA, text)
    assert ack.ok, ack
    await team.until(lambda: len(team.private(MIA)) > before, why=f"no answer to {text}")
    return team.private(MIA)[-1]


async def test_failures_are_told_since_when_one_likes(team: Workspace) -> None:
    await a_failed_push(team)
    for words in ("", " 24h", " tidewell today", " tidewell 7d", " monday", " since 2026-03-02"):
        assert "2 failures" in await asked(team, f"failures{words}"), words
    for words in (" orrery 7d", " orrery"):
        assert "Nothing failed" in await asked(team, f"failures{words}"), words
    await wait(team, days=2)
    for words in (" 24h", " yesterday", " today"):
        assert "Nothing failed since" in await asked(team, f"failures{words}"), words
    assert "2 failures" in await asked(team, "failures")
    await wait(team, days=6)
    assert "Nothing failed in the last 7 days." in await asked(team, "failures")
    assert "2 failures" in await asked(team, "failures tidewell 10d")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("failures tidewell yestrday", "Did you mean yesterday?"),
        ("failures mondy", "Did you mean monday?"),
        ("failures 24x", "24h, 7d, today, yesterday, monday or 2026-11-20"),
        ("failures tidewell 2026-13-01", "no moment in the last year"),
        ("failures tidwell 7d", "Did you mean Tidewell Notes"),
        ("failures tidewell soonish", "no moment in the last year"),
    ],
)
async def test_what_is_not_understood_gets_a_suggestion(
    team: Workspace, typed: str, answer: str
) -> None:
    assert answer in await asked(team, typed)


async def test_what_was_asked_of_apple_is_written_down_before_the_bot_ends(
    team: Workspace,
) -> None:
    await ask_well(team, 7)
    await team.restart()
    since, until = START.replace(hour=0), START.replace(hour=23)
    (hour,) = await team.bot.desk.store.usage.hours(since=since, until=until)
    assert hour.requests >= 7
