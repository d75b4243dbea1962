"""Counts under the inputs: they follow the typing, within a budget, and decide nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.sandbox.cast import BEN, MIA
from bot.slack.counters import PAUSE
from tests.clock import breathe
from tests.workspace import Workspace

UPDATE = "views.update"


def hint(workspace: Workspace, label: str) -> str:
    return str(workspace.block(MIA, label)["hint"]["text"])


async def becomes(happened: Callable[[], bool]) -> None:
    """Wait for something to become true while time stands still."""
    async with asyncio.timeout(10):
        while not happened():
            await breathe()


async def types(workspace: Workspace, who: str, text: str) -> None:
    """Type a subtitle and wait until the bot waits for a pause in the typing."""
    naps = workspace.clock.naps.count(PAUSE)
    await workspace.fill(who, Subtitle=text)
    await becomes(lambda: workspace.clock.naps.count(PAUSE) > naps)


async def test_a_count_follows_a_second_after_typing_pauses(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.settle()
    before = len(workspace.called(UPDATE))
    await types(workspace, MIA, "Twelve signs")
    await workspace.clock.travel(0.9)
    assert len(workspace.called(UPDATE)) == before

    await workspace.clock.travel(0.2)
    await workspace.until(lambda: hint(workspace, "Subtitle") == "12 of 30")


async def test_quick_typing_is_counted_once(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.settle()
    before = len(workspace.called(UPDATE))
    for end in range(1, 13):
        await types(workspace, MIA, "Twelve signs"[:end])
        await workspace.clock.travel(0.2)

    await workspace.until(lambda: hint(workspace, "Subtitle") == "12 of 30")
    await workspace.settle()
    assert len(workspace.called(UPDATE)) == before + 1


async def test_counting_moves_nothing_and_keeps_what_stands_in_the_inputs(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="Twelve signs")
    await workspace.settle()
    await workspace.close(MIA)
    await workspace.open_form(MIA, "edit tidewell ja")
    before = workspace.slack.modals(MIA)[-1]["view"]["blocks"]
    await workspace.fill(MIA, Description="Typed while counting", Subtitle="Four")
    await workspace.until(lambda: hint(workspace, "Subtitle") == "4 of 30")

    after = workspace.slack.modals(MIA)[-1]["view"]["blocks"]
    assert [block["block_id"] for block in after] == [block["block_id"] for block in before]
    assert "Your draft" in workspace.modal(MIA)
    assert workspace.value(MIA, "Description") == "Typed while counting"


async def test_too_many_is_said_while_typing(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="x" * 34)

    await workspace.until(lambda: hint(workspace, "Subtitle") == "34 of 30: 4 too many")


async def test_long_texts_are_counted_when_the_locale_changes(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.settle()
    before = len(workspace.called(UPDATE))
    await workspace.fill_in(MIA, "Description", "x" * 100)
    await workspace.fill_in(MIA, "What's new", "y" * 10)
    await workspace.settle()
    assert len(workspace.called(UPDATE)) == before

    await workspace.choose(MIA, "Locale", "de-DE")
    await workspace.choose(MIA, "Locale", "ja")
    assert hint(workspace, "Description") == "100 of 4000"
    assert hint(workspace, "What's new") == "10 of 4000"


async def test_the_61st_update_of_a_minute_is_dropped_and_never_comes_later(
    workspace: Workspace,
) -> None:
    for who in (MIA, BEN):
        await workspace.open_form(who, "edit tidewell ja")
    await workspace.settle()
    before = len(workspace.called(UPDATE))
    for turn in range(1, 32):
        for who in (MIA, BEN):
            await types(workspace, who, "x" * turn)
        await workspace.clock.travel(PAUSE)
        expected = before + min(60, 2 * turn)
        await becomes(lambda expected=expected: len(workspace.called(UPDATE)) == expected)

    await workspace.clock.travel(120)
    await workspace.settle()
    assert len(workspace.called(UPDATE)) == before + 60
    assert hint(workspace, "Subtitle") == "30 of 30"
    await workspace.submit(MIA)
    assert "Subtitle has 31 characters" in " ".join(workspace.errors(MIA).values())


async def test_an_update_that_slack_has_no_room_for_is_dropped(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.settle()
    limits, before = workspace.slack.api.rates.limits, len(workspace.called(UPDATE))
    usual, limits[UPDATE] = limits[UPDATE], 0
    await types(workspace, MIA, "Four")
    await workspace.clock.travel(PAUSE)
    await becomes(lambda: bool(workspace.refused(UPDATE, "ratelimited")))
    limits[UPDATE] = usual
    # The client has to hear of the refusal before the next pause in the typing ends.
    await types(workspace, MIA, "Fiver")
    await workspace.clock.travel(PAUSE)
    await breathe()
    assert len(workspace.called(UPDATE)) == before + 1

    await workspace.clock.travel(60)
    await types(workspace, MIA, "Six of")
    await workspace.clock.travel(PAUSE)
    await becomes(lambda: hint(workspace, "Subtitle") == "6 of 30")
    assert len(workspace.called(UPDATE)) == before + 2
    assert workspace.private(MIA) == []


async def test_no_count_wipes_the_errors_off_a_form_that_was_submitted(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await types(workspace, MIA, "x" * 34)
    before = len(workspace.called(UPDATE))
    await workspace.submit(MIA)
    assert workspace.errors(MIA)

    await workspace.clock.travel(2 * PAUSE)
    await workspace.settle()
    assert "Subtitle has 34 characters" in " ".join(workspace.errors(MIA).values())
    assert len(workspace.called(UPDATE)) == before


async def test_a_form_that_changed_meanwhile_is_left_alone(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="Four")
    view = workspace.slack.views.stacks[MIA][-1]
    workspace.slack.views.update(view, view.given)

    await workspace.until(lambda: workspace.refused(UPDATE, "hash_conflict"))
    await workspace.settle()
    assert workspace.private(MIA) == []
    assert workspace.value(MIA, "Subtitle") == "Four"
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)


async def test_a_form_that_was_closed_before_the_count_is_no_trouble(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="Four")
    await workspace.close(MIA)

    await workspace.until(lambda: workspace.refused(UPDATE, "not_found"))
    await workspace.settle()
    assert workspace.private(MIA) == []
