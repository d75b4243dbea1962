"""Fifty apps for a day: a tenth of the budget at most, and every transition seen in time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act, ActVerb
from bot.jobs import JOBS, Job, tick
from bot.sandbox.appstore import Conditions, Seed, SeedApp, SeedInfo, SeedVersion
from bot.settings import AppSettings
from bot.storage.transitions import Transition
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from tests.clock import START, HandClock
from tests.journeys.ticking import JOB, heard
from tests.workspace import Workspace, a_workspace

pytestmark = pytest.mark.one_thread

APPS, PHASED = 50, 12
# Apps that are old enough to have more versions than Apple sends at once.
LONG, OLD = 10, 60
DAY = timedelta(days=1)
# Long enough for the budget's hour to have turned several times.
HOURS = timedelta(hours=2)
HOUR_LIMIT = 3600
TENTH = HOUR_LIMIT // 10
STATES = (
    "READY_FOR_REVIEW",
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "PENDING_DEVELOPER_RELEASE",
    "READY_FOR_DISTRIBUTION",
)
# The one job that asks Apple by itself where no webhook is set up.
LOOKS = (JOB["watch"],)
TEXTS = {"en-US": {"description": "An app.", "keywords": "app"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A version's next state, and when Apple sets it."""

    at: datetime
    version: str
    state: str


def fifty_apps(*, long: int = 0) -> Seed:
    """Return fifty apps, of which some have more versions than Apple sends at once."""
    return Seed(apps=tuple(_app(number, OLD * (number < long)) for number in range(APPS)))


def _app(number: int, old: int) -> SeedApp:
    live = {"platform": "IOS", "texts": TEXTS, "created": "2026-01-05T09:00:00Z"}
    return SeedApp(
        id=str(6_480_000_000 + number),
        bundle_id=f"com.example.app{number}",
        name=f"App {number}",
        sku=f"APP{number}",
        primary_locale="en-US",
        infos=(SeedInfo(state="READY_FOR_DISTRIBUTION", texts={"en-US": {"name": "App"}}),),
        versions=(
            SeedVersion(version="1.0", state="READY_FOR_DISTRIBUTION", **live),
            SeedVersion(version="1.1", state="PREPARE_FOR_SUBMISSION", **live),
            *(
                SeedVersion(version=f"0.{one}", state="REPLACED_WITH_NEW_VERSION", **live)
                for one in range(old)
            ),
        ),
    )


@asynccontextmanager
async def fifty(folder: Path, *, public: bool = False, long: int = 0) -> AsyncIterator[Workspace]:
    apps = tuple(AppSettings(bundle_id=f"com.example.app{one}") for one in range(APPS))
    async with a_workspace(
        folder,
        seed=fifty_apps(long=long),
        apps=apps,
        clock=HandClock(START),
        public=public,
        checked=False,
        conditions=Conditions(minute_limit=None),
    ) as team:
        yield team


def moves(team: Workspace, *, within: timedelta, versions: int) -> list[Move]:
    """Return the way of versions through review, each state at a moment of its own.

    Each lasts for longer than the bot may take to see it: what is over by then cannot be seen.
    """
    chance = random.Random(20)
    planned = [
        Move(at=team.clock.now() + share * within, version=coming(app), state=state)
        for app in team.apple.apps()[:versions]
        for place, state in enumerate(STATES)
        for share in ((place + 0.8 * chance.random()) / len(STATES),)
    ]
    return sorted(planned, key=lambda move: move.at)


def coming(app: Mapping[str, Any]) -> str:
    """Return the id of the version that an app prepares."""
    return next(str(one["id"]) for one in app["versions"] if one["version"] == "1.1")


async def seen(
    team: Workspace, since: datetime, *, kind: str = "version"
) -> dict[tuple[str, str], Transition]:
    found = await team.bot.desk.store.transitions.between(since, team.clock.now() + DAY)
    return {(one.version_id, one.new): one for one in found if one.kind == kind}


def late(planned: list[Move], found: dict[tuple[str, str], Transition]) -> timedelta:
    """Return how long the slowest transition took to be seen; each has to be among those."""
    return max(found[move.version, move.state].at - move.at for move in planned)


async def until(team: Workspace, moment: datetime) -> None:
    await team.clock.travel((moment - team.clock.now()).total_seconds())


async def watching(
    team: Workspace,
    length: timedelta,
    planned: Iterable[Move] = (),
    deed: Callable[[str, str], None] | None = None,
    jobs: Iterable[Job] = JOBS,
) -> tuple[int, int]:
    """Run every job in its time while Apple moves versions, or does another deed with them.

    Return how many requests that took, and how many of them, by Apple's own count, in the
    worst sixty minutes.
    """
    poll = team.bot.desk.rules.poll
    before = await requests_of(team)
    due, turn, end = list(planned), team.clock.now() + poll, team.clock.now() + length + poll
    ran: dict[str, datetime] = {}
    most = 0
    while turn <= end:
        while due and due[0].at <= turn:
            move = due.pop(0)
            await until(team, move.at)
            (deed or team.apple.move)(move.version, move.state)
            if team.settings.public_url and deed is None:
                await heard(team)
        await until(team, max(turn, team.clock.now()))
        await run_due(team, jobs, ran)
        most = max(most, used(team))
        turn += poll
    return await requests_of(team) - before, most


async def run_due(team: Workspace, jobs: Iterable[Job], ran: dict[str, datetime]) -> None:
    """Run the jobs whose time has come; `ran` tells when each was run last."""
    desk = team.bot.desk
    for job in jobs:
        every = desk.rules.poll if job.name == "watch" else timedelta(seconds=job.every)
        if job.name not in ran or team.clock.now() - ran[job.name] >= every:
            ran[job.name] = team.clock.now()
            await tick(job, desk)


def used(team: Workspace) -> int:
    """Return how many requests of the last hour the key has used, by Apple's own count."""
    left = team.bot.desk.accounts.named("default").budget.hour_left
    return HOUR_LIMIT - (HOUR_LIMIT if left is None else left)


async def requests_of(team: Workspace) -> int:
    """Return how many requests were ever counted."""
    await tick(JOB["usage"], team.bot.desk)
    hours = await team.bot.desk.store.usage.hours(since=START - DAY, until=team.clock.now() + DAY)
    return sum(one.requests for one in hours)


async def test_what_moves_beyond_the_fifty_versions_that_apple_sends_is_seen_in_six_minutes(
    tmp_path: Path,
) -> None:
    async with fifty(tmp_path, long=LONG) as team:
        await tick(JOB["watch"], team.bot.desk)
        # All that Apple does not send was read once.
        await watching(team, timedelta(hours=1, minutes=30), jobs=LOOKS)
        begun = team.clock.now()
        planned = moves(team, within=HOURS, versions=LONG)
        _, most = await watching(team, HOURS, planned, jobs=LOOKS)
        found = await seen(team, begun)
        slowest = late(planned, found)
        print(f"\n{LONG} apps with {OLD} old versions: seen after {slowest}, {most} an hour")
        assert slowest <= timedelta(minutes=6)
        assert most <= TENTH


async def ask_for_phases(team: Workspace, apps: int) -> None:
    """Let some versions be released in phases, as somebody does in App Store Connect."""
    for app in team.apple.apps()[:apps]:
        values = {"phasedReleaseState": "ACTIVE"}
        act = Act(verb=ActVerb.CREATE_PHASED, subject=coming(app), values=values)
        await team.bot.desk.store_of(app["id"]).act(act)


async def test_polling_fifty_apps_for_a_day_keeps_to_a_tenth_and_sees_all_in_six_minutes(
    tmp_path: Path,
) -> None:
    async with fifty(tmp_path) as team:
        await tick(JOB["watch"], team.bot.desk)
        await ask_for_phases(team, PHASED)
        begun = team.clock.now()
        planned = moves(team, within=DAY, versions=APPS)
        requests, most = await watching(team, DAY, planned)
        found = await seen(team, begun)
        slowest = late(planned, found)
        print(
            f"\n{APPS} apps, a day, a look every {team.settings.poll}: {requests:,} requests, at"
            f" most {most} in an hour of {TENTH}; {len(found)} transitions, the slowest seen"
            f" after {slowest}"
        )
        assert most <= TENTH
        assert slowest <= timedelta(minutes=6)


@pytest.mark.parametrize("minutes", [1, 5])
async def test_whatever_the_interval_fifty_phased_releases_keep_to_a_tenth(
    tmp_path: Path, minutes: int
) -> None:
    async with fifty(tmp_path) as team:
        desk = team.bot.desk
        desk.rules = replace(desk.rules, poll=timedelta(minutes=minutes))
        await tick(JOB["watch"], desk)
        await ask_for_phases(team, APPS)
        for app in team.apple.apps():
            team.apple.move(coming(app), "READY_FOR_DISTRIBUTION")
        # What was set up counts no more, and every release was seen to begin.
        await watching(team, timedelta(hours=1, minutes=10), jobs=LOOKS)
        requests, most = await watching(team, timedelta(hours=1), jobs=LOOKS)
        print(f"\n{APPS} phased releases, a look every {minutes} min: {requests} requests an hour")
        assert most <= TENTH
        assert len(await desk.store.standings.all("phased")) == APPS


@pytest.mark.parametrize(("phased", "most_late"), [(30, 6), (APPS, 10)])
async def test_a_pause_made_elsewhere_is_seen_in_six_minutes_up_to_thirty_at_once(
    tmp_path: Path, phased: int, most_late: int
) -> None:
    async with fifty(tmp_path, public=True) as team:
        await tick(JOB["watch"], team.bot.desk)
        await ask_for_phases(team, phased)
        apps = team.apple.apps()[:phased]
        for app in apps:
            team.apple.move(coming(app), "READY_FOR_DISTRIBUTION")
        await tick(JOB["watch"], team.bot.desk)
        await with_webhooks(team)
        # What was set up counts no more; then every webhook's failed deliveries are fetched.
        await team.clock.travel(DAY.total_seconds())
        await team.restart()
        _, at_the_start = await watching(team, timedelta(hours=1, minutes=10))
        begun, chance = team.clock.now(), random.Random(20)
        ats = sorted(begun + chance.random() * timedelta(minutes=50) for _ in apps)
        pauses = [
            Move(at=at, version=coming(app), state="PAUSED")
            for at, app in zip(ats, apps, strict=True)
        ]
        _, most = await watching(team, timedelta(hours=1), pauses, partial(set_phase, team))
        found = await seen(team, begun, kind="phased")
        slowest = late(pauses, found)
        print(
            f"\n{phased} phased releases and {APPS} webhooks: the slowest pause seen after"
            f" {slowest}, {at_the_start} requests in the first hour, {most} later"
        )
        assert slowest <= timedelta(minutes=most_late)
        assert max(at_the_start, most) <= TENTH


async def with_webhooks(team: Workspace) -> None:
    for app in await catalogue.apps(team.bot.desk):
        await hooks.set_up(team.bot.desk, app)


def set_phase(team: Workspace, version: str, state: str) -> None:
    """Set a phased release as somebody does in App Store Connect, with requests of no key."""
    records = team.apple._store.records
    phase = records.need("appStoreVersions", version).one["appStoreVersionPhasedRelease"]
    now = team.apple.clock()
    records.need("appStoreVersionPhasedReleases", phase).change({"phasedReleaseState": state}, now)


async def test_with_webhooks_a_transition_of_any_of_fifty_apps_is_seen_in_five_seconds(
    tmp_path: Path,
) -> None:
    async with fifty(tmp_path, public=True) as team:
        await tick(JOB["watch"], team.bot.desk)
        await with_webhooks(team)
        await watching(team, timedelta(hours=1, minutes=10))
        begun = team.clock.now()
        planned = moves(team, within=timedelta(hours=2), versions=10)
        _, most = await watching(team, timedelta(hours=2), planned)
        found = await seen(team, begun)
        slowest = late(planned, found)
        print(
            f"\n{len(found)} transitions with webhooks, the slowest seen after {slowest}, at most"
            f" {most} requests in an hour"
        )
        assert slowest <= timedelta(seconds=5)
        assert most <= TENTH
