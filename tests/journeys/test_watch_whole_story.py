"""A version from the moment it is made to the last day of its phased release, in bad weather.

Webhooks come twice, in another order or not at all, and the bot is started anew twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.acts import Act, ActVerb
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from tests.journeys.ticking import heard, run, version, wait
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of

NUMBER, MAC = "2.5.0", "MAC_OS"

# What the thread has to say, in this order, each once.
STORY = (
    "The version is new",
    "Ready for Review",
    "Waiting for Review",
    "In Review",
    "Pending Developer Release",
    "Processing for Distribution",
    "Ready for Distribution",
    *(f"day {day} of 7" for day in range(1, 8)),
    "is complete",
)


async def act(team: Workspace, verb: ActVerb, subject: str, **values: str) -> str:
    """Do as somebody does in App Store Connect, and let everybody hear of it in their way."""
    made = await team.bot.desk.store_of(TIDEWELL).act(
        Act(verb=verb, subject=subject, values=values)
    )
    await heard(team)
    return made


async def later(team: Workspace) -> None:
    """Let ten minutes go by with what happens by itself in them."""
    await wait(team, hours=1 / 6)
    await heard(team)
    await run(team, "watch", "deliveries")


def new(team: Workspace) -> Mapping[str, Any]:
    return version(team, NUMBER, platform=MAC)


async def make(team: Workspace) -> str:
    """Make a version with a build and a phased release to come; return its id."""
    id_ = await act(team, ActVerb.CREATE_VERSION, TIDEWELL, platform=MAC, versionString=NUMBER)
    await later(team)
    build = team.apple.add_build(TIDEWELL, MAC, NUMBER, "2511")
    await act(team, ActVerb.SET_BUILD, id_, build=build)
    await act(team, ActVerb.CREATE_PHASED, id_, phasedReleaseState="INACTIVE")
    await later(team)
    return id_


async def hand_in(team: Workspace, id_: str) -> None:
    for locale in new(team)["localizations"]:
        team.apple.edit(TIDEWELL, locale, "whatsNew", "Calmer.", platform=MAC)
    await act(team, ActVerb.SET_RELEASE, id_, releaseType="MANUAL", earliestReleaseDate="")
    made = await act(team, ActVerb.CREATE_SUBMISSION, TIDEWELL, platform=MAC)
    await act(team, ActVerb.ADD_ITEM, made, version=id_)
    await later(team)
    await act(team, ActVerb.SUBMIT, made)
    await later(team)


def told(team: Workspace) -> list[str]:
    roots = [m for m in team.messages() if NUMBER in words_of(m) and not m.get("thread_ts")]
    assert len(roots) == 1
    return [words_of(roots[0]), *map(words_of, team.thread(roots[0]))]


async def test_one_thread_tells_each_transition_once_in_bad_weather(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, public=True) as team:
        await run(team, "watch")
        await hooks.set_up(team.bot.desk, await catalogue.find_app(team.bot.desk, "tidewell"))
        team.apple.trouble_webhooks(doubled=True, reordered=True, lose_every=3)
        id_ = await make(team)
        await hand_in(team, id_)
        team.apple.start_review(id_)
        await team.restart()
        await later(team)
        team.apple.approve(id_)
        await later(team)
        await act(team, ActVerb.REQUEST_RELEASE, id_)
        await later(team)
        if new(team)["state"] != "READY_FOR_DISTRIBUTION":
            team.apple.review(id_, "distribute")
        await later(team)
        for day in range(2, 8):
            team.apple.next_phased_day(id_)
            await later(team)
            if day == 4:
                await team.restart()
        await wait(team, days=1)
        await later(team)

        story = told(team)
        found = [next((name for name in STORY if name in one), one) for one in story]
        assert [name in one for name, one in zip(STORY, story, strict=True)] == [True] * 15, found
