"""A version from the moment it is made to the last day of its phased release, in bad weather.

Webhooks come twice, in another order or not at all, and the bot is started anew twice.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act, ActVerb
from bot.sandbox.appstore.records import Record
from bot.sandbox.appstore.webhooks.sender import Job, Outcome
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from tests.journeys.ticking import heard, run, version, wait
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of

Later = Callable[[Workspace], Awaitable[None]]

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


async def listen(team: Workspace) -> None:
    """Let an hour go by in which nobody looks: what Apple sends is all that is known."""
    await wait(team, hours=1.1)
    await heard(team)
    await run(team, "deliveries")


def new(team: Workspace) -> Mapping[str, Any]:
    return version(team, NUMBER, platform=MAC)


async def make(team: Workspace, later: Later = later) -> str:
    """Make a version with a build and a phased release to come; return its id."""
    id_ = await act(team, ActVerb.CREATE_VERSION, TIDEWELL, platform=MAC, versionString=NUMBER)
    await later(team)
    build = team.apple.add_build(TIDEWELL, MAC, NUMBER, "2511")
    await act(team, ActVerb.SET_BUILD, id_, build=build)
    await act(team, ActVerb.CREATE_PHASED, id_, phasedReleaseState="INACTIVE")
    await later(team)
    return id_


async def hand_in(team: Workspace, id_: str, later: Later = later) -> None:
    for locale in new(team)["localizations"]:
        team.apple.edit(TIDEWELL, locale, "whatsNew", "Calmer.", platform=MAC)
    await act(team, ActVerb.SET_RELEASE, id_, releaseType="MANUAL", earliestReleaseDate="")
    made = await act(team, ActVerb.CREATE_SUBMISSION, TIDEWELL, platform=MAC)
    await act(team, ActVerb.ADD_ITEM, made, version=id_)
    await later(team)
    await act(team, ActVerb.SUBMIT, made)
    await later(team)


async def die_after_posting(team: Workspace) -> None:
    """End the bot between Slack's answer to its last post and the row that keeps it."""
    await team.stop()
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        (last,) = db.execute("select max(id) from notices where kind = 'release'").fetchone()
        db.execute(
            "delete from version_threads where ts = (select ts from notices where id = ?)", (last,)
        )
        db.execute("update notices set state = 'doing', ts = null where id = ?", (last,))
    await team.restart()
    await team.settle()


def count_arrivals(team: Workspace, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each delivery reached the bot and was taken, by its id, from now on."""
    sender, arrived = team.apple._sender, Counter[str]()
    send = sender._post

    async def post(job: Job) -> Outcome:
        outcome = await send(job)
        arrived[job.delivery] += outcome.succeeded
        return outcome

    monkeypatch.setattr(sender, "_post", post)
    return arrived


def deliveries(team: Workspace, state: str) -> list[Record]:
    """Return what Apple sent, as far as its list says that it came to `state`."""
    every = team.apple._store.records.every("webhookDeliveries")
    return [one for one in every if one.attributes["deliveryState"] == state]


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


async def test_webhooks_alone_tell_each_transition_once_in_bad_weather(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks by itself: what got lost is made up for by Apple's list of failures alone."""
    async with a_workspace(tmp_path, public=True) as team:
        await run(team, "watch")
        await hooks.set_up(team.bot.desk, await catalogue.find_app(team.bot.desk, "tidewell"))
        team.apple.trouble_webhooks(doubled=True, reordered=True, lose_every=3)
        arrived = count_arrivals(team, monkeypatch)
        id_ = await make(team, listen)
        await hand_in(team, id_, listen)
        await die_after_posting(team)
        team.apple.start_review(id_)
        await listen(team)
        await die_after_posting(team)
        team.apple.approve(id_)
        await listen(team)
        await act(team, ActVerb.REQUEST_RELEASE, id_)
        await listen(team)
        if new(team)["state"] != "READY_FOR_DISTRIBUTION":
            team.apple.review(id_, "distribute")
        await listen(team)

        # No event tells of phases: when they begin is seen with the version's last state or not.
        story = [one for one in told(team) if "The phased release began" not in one]
        names = zip(STORY[1:7], story, strict=True)
        assert [f": {name}" in one for name, one in names] == [True] * 6, story
        assert len(deliveries(team, "FAILED")) >= 2
        assert [times for times in arrived.values() if times > 1] != []
