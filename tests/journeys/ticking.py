"""The clock of the jobs, turned by hand: days pass, ticks are called, people look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.acts import Act, ActVerb
from bot.jobs import JOBS, tick
from tests.clock import START
from tests.workspace import TIDEWELL, Team, Workspace

BERLIN = ZoneInfo("Europe/Berlin")
JOB = {job.name: job for job in JOBS}


async def run(team: Workspace, *names: str) -> None:
    """Call the ticks of these jobs and let everything be said."""
    for name in names:
        ticking = asyncio.create_task(tick(JOB[name], team.bot.desk))
        await team.until(ticking.done, why=f"{name} does not end")
        await ticking
    await team.settle()


async def wait(team: Workspace, *, hours: float = 0, days: float = 0) -> None:
    await team.clock.travel((days * 24 + hours) * 3600)


async def wait_until(team: Workspace, local: str) -> None:
    """Let time pass until the clocks of Berlin show `local`, as in 2026-03-02 18:00."""
    then = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    seconds = (then - team.clock.now()).total_seconds()
    assert seconds >= 0, f"{local} is over: {team.clock.now().astimezone(BERLIN)}"
    await team.clock.travel(seconds)


def in_hours(hours: float) -> datetime:
    """Return the moment so many hours after the hand clock's start."""
    return START + timedelta(hours=hours)


def in_berlin(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)


def version(
    team: Team, number: str = "2.4.0", *, app: str = TIDEWELL, platform: str = "IOS"
) -> Mapping[str, Any]:
    found = next(one for one in team.apple.apps() if one["id"] == app)
    return next(
        one for one in found["versions"] if (one["version"], one["platform"]) == (number, platform)
    )


async def become(team: Workspace, state: str, number: str = "2.4.0", **where: str) -> None:
    """Move a version at Apple and let the watch see it."""
    team.apple.move(version(team, number, **where)["id"], state)
    await run(team, "watch")


async def heard(team: Workspace) -> None:
    """Let Apple deliver its webhooks and the bot say what it made of them."""
    await team.apple.webhooks_settled()
    await team.settle()


async def phase(team: Workspace, number: str = "2.4.0") -> None:
    """Ask for a phased release of a version, as somebody does in App Store Connect."""
    act = Act(
        verb=ActVerb.CREATE_PHASED,
        subject=version(team, number)["id"],
        values={"phasedReleaseState": "ACTIVE"},
    )
    await team.bot.desk.store_of(TIDEWELL).act(act)


async def set_phase(team: Workspace, state: str, number: str = "2.4.0") -> None:
    """Pause, resume or complete a phased release, as somebody does in App Store Connect."""
    store = team.bot.desk.store_of(TIDEWELL)
    releases = await store.releases(TIDEWELL)
    (phased,) = [one.phased for one in releases if one.version.number == number and one.phased]
    act = Act(verb=ActVerb.SET_PHASED, subject=phased.id, values={"phasedReleaseState": state})
    await store.act(act)
