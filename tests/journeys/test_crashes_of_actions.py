"""A process that is killed at any request of an act on a version does the act once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Any

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import MIA
from tests.journeys.process import Process, a_process
from tests.journeys.ticking import version
from tests.journeys.version_people import opened, sent, write_release_notes
from tests.workspace import ORRERY, TIDEWELL, words_of

WELL = 300
# A look at a version is two reads side by side; a death at one stands for both.
TWIN = "/reviewSubmissions"
# The look that follows a push.
LOOK = "/v1/apps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is proposed with which choices, what Apple is asked for, and what people read."""

    words: str
    asked: tuple[str, ...]
    told: str
    choices: Mapping[str, str] = field(default_factory=dict)


def phased(choice: str, told: str, asked: str = "PATCH /v1/appStoreVersionPhasedReleases") -> Deed:
    choices = {"What should happen?": choice}
    return Deed(words="phased orrery", choices=choices, told=told, asked=(asked,))


SUBMIT = Deed(
    words="submit tidewell",
    asked=(
        "POST /v1/reviewSubmissions",
        "POST /v1/reviewSubmissionItems",
        "PATCH /v1/reviewSubmissions",
    ),
    told="Submitted: waiting for review",
)
RELEASE = Deed(
    words="release orrery",
    asked=("POST /v1/appStoreVersionReleaseRequests",),
    told="Released: it is on its way",
)
PREPARE = phased("INACTIVE", "Phased release prepared", "POST /v1/appStoreVersionPhasedReleases")
PAUSE = phased("PAUSED", "The phased release is paused")
RESUME = phased("ACTIVE", "The phased release goes on")


async def do(team: Process, deed: Deed, fault: Fault | None = None) -> list[dict[str, Any]]:
    """Carry a deed from the form to its result and return Apple's log of its push."""
    await opened(team, deed.words)
    for label, value in deed.choices.items():
        await team.pick(MIA, label, value)
    message = await sent(team)
    since, starts = team.newest_request, team.child.restarts
    if fault is not None:
        team.apple.faults.add(fault)
    await team.approve(message)
    await team.says(message, "Pushed")
    await team.says(message, deed.told)
    await team.until(lambda: told_of(team, message), why="the proposer was not told")
    if fault is not None:
        await team.until(lambda: team.child.restarts == starts + 1, why="nobody was killed")
        await team.looked_at_apps(since=since)
    requests = team.requests_since(since)
    assert taken(requests) == Counter(deed.asked)
    return requests


def told_of(team: Process, message: Mapping[str, Any]) -> list[str]:
    return [one for one in team.results(message) if "✅" in one]


def taken(requests: list[dict[str, Any]]) -> Counter[str]:
    """Count what Apple was asked to change and did, by the collection it is in."""
    return Counter(
        f"{row['method']} {'/'.join(row['path'].split('/')[:3])}"
        for row in requests
        if row["method"] != "GET" and row["status"] is not None and row["status"] < WELL
    )


def deaths(requests: list[dict[str, Any]]) -> list[Fault]:
    """Return a death at every place of a push: once at a look, twice at what is asked for."""
    return [
        Fault(kind=kind, nth=place)
        for place, row in enumerate(takewhile(is_of_the_push, requests), start=1)
        for kind in ("kill_after_apply", "kill_after_answer")
        if row["method"] != "GET" or (kind == "kill_after_answer" and TWIN not in row["path"])
    ]


def is_of_the_push(row: Mapping[str, Any]) -> bool:
    return row["path"] != LOOK


def is_handed_in_once(team: Process) -> None:
    (app,) = (one for one in team.apple.apps() if one["id"] == TIDEWELL)
    (handed_in,) = (one for one in app["submissions"] if one["state"] != "COMPLETE")
    assert handed_in["version_id"] == version(team)["id"]
    assert version(team)["state"] == "WAITING_FOR_REVIEW"


def orrery(team: Process) -> Mapping[str, Any]:
    return version(team, "1.9", app=ORRERY)


def is_released(team: Process) -> None:
    assert orrery(team)["state"] == "PROCESSING_FOR_DISTRIBUTION"


def is_paused(team: Process) -> None:
    assert orrery(team)["phased"]["state"] == "PAUSED"


async def looked(team: Process) -> None:
    await team.looked_at_apps(since=0)


async def ready_to_hand_in(team: Process) -> None:
    await looked(team)
    write_release_notes(team)


async def run_phased(team: Process) -> None:
    """Let Orrery be on the first day of its phased release."""
    await looked(team)
    await do(team, PREPARE)
    await do(team, RELEASE)
    team.apple.review(orrery(team)["id"], "distribute")
    assert orrery(team)["phased"]["state"] == "ACTIVE"


async def nothing_was_said_twice(team: Process) -> None:
    """Look at every message of the channel, and at every thread, once everything is said."""
    await team.until(lambda: not team.rows("select id from notices where state <> 'done'"))
    shown = Counter(row["message_ts"] for row in team.rows("select message_ts from revisions"))
    proposals = [one for one in team.messages() if len(one.get("reactions", [])) > 1]
    assert shown == Counter(one["ts"] for one in proposals)
    for message in proposals:
        assert len(team.thread(message)) == len(told_of(team, message)) == 1
    for message in team.messages():
        story = [words_of(message), *map(words_of, team.thread(message))]
        assert [one for one, other in pairwise(story) if one == other] == []
    begun = [one for one in team.messages() if one.get("thread_ts") in (None, one["ts"])]
    assert set(Counter(words_of(one) for one in begun).values()) == {1}


@pytest.mark.parametrize("half", [0, 1])
async def test_a_process_killed_at_any_request_of_a_submission_hands_in_once(half: int) -> None:
    async with a_process() as team:
        await ready_to_hand_in(team)
        for death in deaths(await do(team, SUBMIT))[half::2]:
            team.apple.move(version(team)["id"], "DEVELOPER_REJECTED")
            await do(team, SUBMIT, death)
            is_handed_in_once(team)
        await nothing_was_said_twice(team)


async def test_a_process_killed_at_any_request_of_a_release_asks_for_it_once() -> None:
    async with a_process() as team:
        await looked(team)
        for death in deaths(await do(team, RELEASE)):
            team.apple.move(orrery(team)["id"], "PENDING_DEVELOPER_RELEASE")
            await do(team, RELEASE, death)
            is_released(team)
        await nothing_was_said_twice(team)


@pytest.mark.parametrize("half", [0, 1])
async def test_a_process_killed_at_any_request_of_a_pause_pauses_once(half: int) -> None:
    async with a_process() as team:
        await run_phased(team)
        for death in deaths(await do(team, PAUSE))[half::2]:
            await do(team, RESUME)
            await do(team, PAUSE, death)
            is_paused(team)
        await nothing_was_said_twice(team)


async def dies_before(
    asked: str,
    deed: Deed,
    ready: Callable[[Process], Awaitable[None]],
    right: Callable[[Process], None],
) -> None:
    """Kill a process the moment before a wish of a deed reaches Apple."""
    async with a_process() as team:
        await ready(team)
        await do(team, deed, Fault(kind="kill_before", match=asked, nth=1))
        right(team)
        await nothing_was_said_twice(team)


async def test_what_was_written_down_and_never_reached_apple_is_asked_for_after_all() -> None:
    # Each looks for as long as Apple's reads may lag before it asks again: side by side.
    # What one finds ends the processes of all.
    async with asyncio.TaskGroup() as worlds:
        for asked in SUBMIT.asked:
            worlds.create_task(dies_before(asked, SUBMIT, ready_to_hand_in, is_handed_in_once))
        worlds.create_task(dies_before(RELEASE.asked[0], RELEASE, looked, is_released))
        worlds.create_task(dies_before(PAUSE.asked[0], PAUSE, run_phased, is_paused))
