"""Times in the form: what is refused, kept with a draft, and taken out once it is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.cast import MIA
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import (
    BEFORE,
    GERMAN,
    NEW,
    RETURNS,
    approve,
    propose,
    set_time,
)
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    ("label", "when", "why"),
    [
        (BEFORE, in_hours(-1), "is over"),
        (BEFORE, in_hours(30 * 24), "29 days"),
        (RETURNS, in_hours(-1), "is over"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_at_its_input(
    team: Workspace, label: str, when: datetime, why: str
) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW)
    await set_time(team, label, when)
    await team.submit(MIA)

    block = team.block(MIA, label)["block_id"]
    assert why in team.errors(MIA)[block]


async def test_an_end_is_for_promotional_texts_alone(team: Workspace) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW, Subtitle="Stilles Heft")
    await set_time(team, RETURNS, in_hours(72))
    await team.submit(MIA)

    block = team.block(MIA, RETURNS)["block_id"]
    assert "Only a promotional text" in team.errors(MIA)[block]


async def test_times_are_found_again_with_the_draft(team: Workspace) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW)
    await set_time(team, BEFORE, in_hours(48))
    await set_time(team, RETURNS, in_hours(72))
    await team.settle()
    await team.close(MIA)
    await team.restart()
    await team.open_form(MIA, GERMAN)

    shown = [team.block(MIA, label)["element"]["initial_date_time"] for label in (BEFORE, RETURNS)]
    assert shown == [int(in_hours(hours).timestamp()) for hours in (48, 72)]


async def test_a_revision_keeps_the_times_and_may_take_them_away(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    assert team.block(MIA, BEFORE)["element"]["initial_date_time"] == int(in_hours(48).timestamp())
    await set_time(team, BEFORE, None)
    await team.submit(MIA)
    assert not team.errors(MIA)
    newest = await team.until(
        lambda: next((m for m in team.messages() if "revision 2" in words_of(m)), None)
    )
    assert "Not before" not in words_of(newest)


@pytest.mark.parametrize("again", [False, True])
async def test_edit_takes_a_time_out_that_is_over_and_says_so(team: Workspace, again: bool) -> None:
    message = await propose(team, times={BEFORE: in_hours(2), RETURNS: in_hours(72)})
    if again:
        await team.press(MIA, message, "Edit")
        await team.until(lambda: team.form(MIA))
        await team.close(MIA)
    await wait(team, hours=3)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))

    assert "initial_date_time" not in team.block(MIA, BEFORE)["element"]
    assert team.block(MIA, RETURNS)["element"]["initial_date_time"] == int(in_hours(72).timestamp())
    assert "is over and was taken out" in team.modal(MIA)
    await team.submit(MIA)
    assert not team.errors(MIA)


async def test_propose_again_takes_a_time_out_that_is_over(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(2)}, Subtitle="Stilles Heft")
    await approve(team, message)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von Hand", platform="IOS")
    await wait(team, hours=3)
    await run(team, "pushes")
    await team.says(message, "changed since")
    known = len(team.messages())
    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    assert "initial_date_time" not in team.block(MIA, BEFORE)["element"]
    await team.submit(MIA)
    assert not team.errors(MIA)
    await team.until(lambda: len(team.messages()) > known)


async def test_another_time_alone_is_another_text_to_decide_on(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.submit(MIA)
    assert "Nothing is changed yet" in str(team.errors(MIA))
    await set_time(team, BEFORE, in_hours(49))
    await team.submit(MIA)

    assert not team.errors(MIA)
