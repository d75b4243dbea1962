"""What acts on a version is approved now and done in its own time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import BEN, MIA
from bot.settings import FreezeSettings
from tests.clock import HandClock
from tests.journeys.ticking import (
    BERLIN,
    become,
    in_berlin,
    in_hours,
    run,
    version,
    wait,
    wait_until,
)
from tests.journeys.version_people import done, opened, ready, sent, write_release_notes
from tests.workspace import ORRERY, Workspace, a_workspace, words_of

BEFORE, WHAT = "Not before", "What should happen?"


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


async def set_time(team: Workspace, when: datetime | None) -> None:
    await team.pick(MIA, BEFORE, str(int(when.timestamp())) if when else "")


def picked(team: Workspace) -> int | None:
    shown = team.block(MIA, BEFORE)["element"].get("initial_date_time")
    return int(shown) if shown else None


async def planned(team: Workspace, words: str, when: datetime, **choices: str) -> Mapping[str, Any]:
    """Propose with a form and a time not to push before, and approve it."""
    await opened(team, words)
    for label, value in choices.items():
        await team.pick(MIA, label.replace("_", " "), value)
    await set_time(team, when)
    message = await sent(team)
    await team.react(BEN, message)
    await team.settle()
    return message


async def answer(team: Workspace, words: str) -> str:
    await team.settle()
    seen = len(team.private(MIA))
    await team.command(MIA, words)
    await team.until(lambda: team.private(MIA)[seen:])
    return str(team.private(MIA)[-1])


def told(team: Workspace, message: Mapping[str, Any]) -> str:
    return words_of(team.message(message["ts"]))


# -- not before ----------------------------------------------------------------------------


async def test_a_submission_that_is_approved_waits_for_its_time(team: Workspace) -> None:
    write_release_notes(team)
    message = await planned(team, "submit tidewell", in_hours(48))
    assert "Not before" in told(team, message)
    assert "4 Mar 2026, 10:00 Europe/Berlin" in told(team, message)
    await wait(team, hours=47)
    await run(team, "pushes")
    assert "It waits until" in told(team, message)
    assert team.asked("POST", "PATCH") == []

    await wait(team, hours=1.1)
    await run(team, "pushes")
    await team.says(message, "Submitted: waiting for review")
    assert version(team)["state"] == "WAITING_FOR_REVIEW"


async def test_whoever_asks_hears_what_an_approved_proposal_waits_for(team: Workspace) -> None:
    await run(team, "watch")
    await planned(team, "release orrery", in_hours(48))
    for words in ("status orrery", "status", "proposals"):
        said = await answer(team, words)
        assert "It waits until" in said
        assert "4 Mar 2026, 10:00 Europe/Berlin" in said
        assert "1 proposal approved" in said
        assert "proposal open" not in said


async def test_what_is_open_and_what_is_approved_is_counted_apart(team: Workspace) -> None:
    await planned(team, "release orrery", in_hours(48))
    await team.propose(MIA, "edit tidewell ja", Subtitle="静か")

    for words in ("status", "proposals"):
        assert "1 proposal open, 1 approved" in await answer(team, words)


async def test_a_release_waits_across_a_restart(team: Workspace) -> None:
    message = await planned(team, "release orrery", in_hours(24))
    await wait(team, hours=23)
    await team.restart()
    await team.settle()
    await run(team, "pushes")
    assert team.asked("POST") == []

    await wait(team, hours=2)
    await team.restart()
    await team.says(message, "Pushed")
    assert team.asked("POST") == ["POST /v1/appStoreVersionReleaseRequests"]


async def test_a_pause_is_approved_ahead_of_its_day(team: Workspace) -> None:
    await done(team, "phased orrery", **{WHAT: "INACTIVE"})
    await done(team, "release orrery")
    one = version(team, "1.9", app=ORRERY)
    team.apple.review(one["id"], "distribute")
    before = len(team.asked("PATCH"))
    day = team.clock.now() + timedelta(days=2)
    message = await planned(team, "phased orrery", day, **{WHAT: "PAUSED"})
    assert len(team.asked("PATCH")) == before

    await wait(team, days=2.1)
    await run(team, "pushes")
    await team.says(message, "The phased release is paused")


async def test_a_new_version_and_its_build_may_wait_too(team: Workspace) -> None:
    build = await planned(team, "build tidewell", in_hours(3), Build="2.4.0 (2402)")
    await wait(team, hours=2)
    await run(team, "pushes")
    assert team.asked("PATCH") == []
    await wait(team, hours=1.1)
    await run(team, "pushes")
    await team.says(build, "Build 2.4.0 (2402) is chosen")

    await become(team, "READY_FOR_DISTRIBUTION")
    made = await planned(team, "version tidewell ios", in_hours(12))
    await wait(team, hours=9)
    await run(team, "pushes")
    await team.says(made, "Pushed")
    assert version(team, "2.5.0")["state"] == "PREPARE_FOR_SUBMISSION"


async def test_texts_and_their_submission_wait_together(team: Workspace) -> None:
    write_release_notes(team)
    before = team.live("ja", "keywords")
    await team.open_form(MIA, "edit tidewell ja")
    await team.fill(MIA, Keywords="毎日,ノート")
    await team.pick(MIA, "And then", ["submit"])
    await set_time(team, in_hours(48))
    message = await sent(team)
    await team.react(BEN, message)
    await wait(team, hours=47)
    await run(team, "pushes")
    assert "It waits until" in told(team, message)
    assert team.live("ja", "keywords") == before

    await wait(team, hours=1.1)
    await run(team, "pushes")
    await team.says(message, "Submitted: waiting for review")
    assert team.live("ja", "keywords", state="WAITING_FOR_REVIEW") == "毎日,ノート"


async def test_what_stands_otherwise_when_its_time_has_come_is_not_done(team: Workspace) -> None:
    message = await planned(team, "build tidewell", in_hours(3), Build="2.4.0 (2402)")
    await done(team, "build tidewell", Build="2.4.0 (2403)")
    before = team.asked("PATCH")
    await wait(team, hours=4)
    await run(team, "pushes")

    await team.says(message, "Stale")
    assert "Another build was chosen" in told(team, message)
    assert team.asked("PATCH") == before


async def test_a_version_is_taken_out_of_review_at_once_or_not_at_all(team: Workspace) -> None:
    await become(team, "WAITING_FOR_REVIEW")
    await opened(team, "cancel tidewell")
    assert BEFORE not in team.labels(MIA)


# -- freezes -------------------------------------------------------------------------------


async def test_a_freeze_holds_a_release_and_names_itself(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Moving house", starts=in_hours(20), ends=in_hours(72))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await planned(team, "release orrery", in_hours(24))
        assert "the freeze “Moving house” ends" in told(team, message)
        await wait(team, hours=30)
        await run(team, "pushes")
        assert team.asked("POST") == []

        await wait(team, hours=43)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_freeze_holds_what_was_to_happen_at_once(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Moving house", starts=in_hours(-1), ends=in_hours(72))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        await opened(team, "release orrery")
        message = await sent(team)
        await team.react(BEN, message)
        await team.says(message, "the freeze “Moving house” ends")
        await run(team, "pushes")
        assert team.asked("POST") == []

        await wait(team, hours=73)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_freeze_is_named_in_the_form_and_before_anybody_approves(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Moving house", starts=in_hours(-1), ends=in_hours(72))
    until = "The freeze “Moving house” holds pushes until 5 Mar 2026, 10:00 Europe/Berlin."
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        assert until in await opened(team, "release orrery")
        assert until in words_of(await sent(team))


async def test_a_freeze_longer_than_people_remember_is_told_at_once(tmp_path: Path) -> None:
    freeze = FreezeSettings(name="Sabbatical", starts=in_hours(-1), ends=in_hours(40 * 24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        await opened(team, "release orrery")
        await team.submit(MIA)
        assert (
            "The freeze “Sabbatical” holds" in team.errors(MIA)[team.block(MIA, BEFORE)["block_id"]]
        )


# -- the form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "hours", "why"),
    [
        ("release orrery", -1, "The time not to push before is over."),
        ("release orrery", 31 * 24, "more than 29 days ahead"),
        ("build tidewell", -1, "Choose a later one, or leave it out."),
    ],
)
async def test_a_time_that_cannot_be_is_refused_at_its_input(
    team: Workspace, words: str, hours: float, why: str
) -> None:
    await opened(team, words)
    await set_time(team, in_hours(hours))
    await team.submit(MIA)

    assert why in team.errors(MIA)[team.block(MIA, BEFORE)["block_id"]]
    await set_time(team, None)
    await sent(team)


async def test_a_release_date_that_passes_while_it_waits_is_refused(team: Workspace) -> None:
    await opened(team, "release tidewell")
    await team.pick(MIA, "Release", "SCHEDULED")
    await team.pick(MIA, "Release date", "2026-03-05")
    await team.pick(MIA, "Hour, Europe/Berlin", "09")
    await set_time(team, in_berlin("2026-03-05 09:00"))
    await team.submit(MIA)
    said = team.errors(MIA)[team.block(MIA, "Release date")["block_id"]]
    assert "The push waits longer than that" in said

    await set_time(team, in_berlin("2026-03-05 08:00"))
    message = await sent(team)
    assert "released not before" in words_of(message)
    assert "(5 Mar 2026, 09:00 Europe/Berlin)" in words_of(message)


async def test_edit_keeps_the_time_and_another_one_is_another_proposal(team: Workspace) -> None:
    await opened(team, "release orrery")
    await set_time(team, in_hours(24))
    first = await sent(team)
    await team.press(MIA, first, "Edit")
    await team.until(lambda: ready(team))
    assert picked(team) == int(in_hours(24).timestamp())
    await set_time(team, in_hours(30))
    second = await sent(team)

    await team.says(first, "Superseded")
    assert "3 Mar 2026, 16:00 Europe/Berlin" in words_of(second)
    digests = [(await team.bot.desk.store.proposals.get(number)).digest for number in (1, 2)]
    assert digests[0] != digests[1]


async def test_a_time_that_is_over_is_not_offered_again(team: Workspace) -> None:
    await opened(team, "release orrery")
    await set_time(team, in_hours(2))
    message = await sent(team)
    await wait(team, hours=3)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: ready(team))
    assert picked(team) is None


# -- when the clocks move ------------------------------------------------------------------


async def test_an_hour_that_comes_twice_is_the_one_that_was_chosen(tmp_path: Path) -> None:
    """On 25 October clocks in Berlin go from 03:00 back to 02:00."""
    second = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2026-10-24 10:00"))) as team:
        message = await planned(team, "release orrery", second)
        assert "25 Oct 2026, 02:30 Europe/Berlin" in told(team, message)
        await wait_until(team, "2026-10-25 02:45")
        await run(team, "pushes")
        assert team.asked("POST") == []

        await wait(team, hours=0.8)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_an_hour_that_is_left_out_is_the_one_after_it(tmp_path: Path) -> None:
    """On 29 March clocks in Berlin go from 02:00 on to 03:00."""
    missing = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2026-03-28 10:00"))) as team:
        message = await planned(team, "release orrery", missing)
        assert "29 Mar 2026, 03:30 Europe/Berlin" in told(team, message)
        await wait_until(team, "2026-03-29 03:15")
        await run(team, "pushes")
        assert team.asked("POST") == []

        await wait_until(team, "2026-03-29 03:31")
        await run(team, "pushes")
        await team.says(message, "Pushed")
