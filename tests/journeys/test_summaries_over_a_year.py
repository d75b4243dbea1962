"""A year of ticks that come late, twice or not at all, by a clock that is set now and then.

Every day and every week is told once.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.jobs import tick
from tests.clock import HandClock
from tests.journeys.ticking import BERLIN, JOB, in_berlin, run
from tests.workspace import TIDEWELL, Workspace, a_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """When is told of a day and of a week, and over how many hours since when."""

    daily: time
    weekly: tuple[int, time]
    first: datetime
    hours: int


EVENING_AND_MONDAY = Year(
    daily=time(18),
    weekly=(0, time(9)),
    first=in_berlin("2026-01-05 00:00"),
    hours=10_000,
)
# An hour that one Sunday of the year lacks and another one has twice; both are within.
NIGHT_AND_SUNDAY = Year(
    daily=time(2, 30),
    weekly=(6, time(2, 30)),
    first=in_berlin("2026-03-02 00:00"),
    hours=6_000,
)


def fill(team: Workspace, year: Year) -> None:
    """Let something fail, and something reach Apple, in the middle of every day there is."""
    noons = [year.first + timedelta(days=day, hours=12) for day in range(year.hours // 24)]
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.executemany(
            "insert into failures (app_id, locale, field, cause, message, remedy, at)"
            " values (?, 'ja', 'name', 'Unavailable', 'No answer.', '', ?)",
            [(TIDEWELL, noon.isoformat(timespec="microseconds")) for noon in noons],
        )
        db.executemany(
            "insert into history (app_id, platform, version_id, version_number, locale, field,"
            " before, after, proposal_id, proposer, approvers, pushed_at)"
            " values (?, 'IOS', 'v', '2.4.0', 'ja', 'name', 'a', 'b', 1, 'U0MIA', '[]', ?)",
            [(TIDEWELL, noon.isoformat(timespec="microseconds")) for noon in noons],
        )


def steps(chance: random.Random) -> Iterator[float]:
    """Yield hours between ticks: mostly one, sometimes none or days, or the clock goes back."""
    while True:
        yield chance.choice([1.0] * 30 + [0.0, 0.25, 3.0, 20.0, 50.0, -1.0, -30.0])


def told(team: Workspace, kind: str) -> list[tuple[datetime, datetime]]:
    """Return from when to when each notice of a kind tells, in the order they were written.

    None is written before the time that it tells of is over.
    """
    query = "select body, created_at from notices where kind = ? order by id"
    with closing(sqlite3.connect(team.settings.database)) as db:
        rows = [(json.loads(body), at) for body, at in db.execute(query, (kind,)).fetchall()]
    found = [
        tuple(datetime.fromisoformat(one) for one in (body["since"], body["until"], at))
        for body, at in rows
    ]
    assert [until for _, until, at in found if until > at.replace(tzinfo=at.tzinfo or UTC)] == []
    return [(since, until) for since, until, _ in found]


@pytest.mark.one_thread
@pytest.mark.parametrize("year", [EVENING_AND_MONDAY, NIGHT_AND_SUNDAY])
async def test_ten_thousand_hours_are_told_without_a_gap_and_nothing_twice(
    tmp_path: Path, year: Year
) -> None:
    chance = random.Random(48)
    async with a_workspace(tmp_path, clock=HandClock(year.first)) as team:
        rules = replace(team.bot.desk.rules, summary_at=year.daily, weekly=year.weekly)
        team.bot.desk.rules = rules
        await run(team, "watch", "failures", "weekly")
        await team.stop()
        fill(team, year)
        await team.restart()
        team.bot.desk.rules = rules
        end = year.first + timedelta(hours=year.hours)
        for hours in steps(chance):
            if team.clock.now() >= end:
                break
            team.clock.advance(hours * 3600)
            if chance.random() < 0.01:
                await team.restart()
                team.bot.desk.rules = rules
            for name in ("failures", "weekly"):
                await tick(JOB[name], team.bot.desk)
        await team.stop()

        days = year.hours // 24
        turns = (("failures", year.daily, days), ("weekly", year.weekly[1], days // 7))
        for kind, at, most in turns:
            spans = told(team, kind)
            print(f"{kind}: {len(spans)} said")
            # Ticks that come days late tell of all those at once.
            assert most * 0.7 < len(spans) <= most + 1
            assert spans[0][0] < year.first + timedelta(hours=12)
            assert spans[-1][1] > end - timedelta(days=9)
            assert [a for a, b in pairwise(spans) if a[1] != b[0]] == []
            ends = [until.astimezone(BERLIN) for _, until in spans]
            moved = {time(3)} if at == time(2, 30) else set()
            assert {end.time() for end in ends} == {at} | moved
            assert kind == "failures" or {end.weekday() for end in ends} == {year.weekly[0]}
