"""Nothing typed is ever lost: a draft outlives its form, and can be dropped."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from tests.workspace import CROSS, TIDEWELL, Workspace, words_of


async def typed_and_closed(workspace: Workspace, words: str = "edit tidewell ja") -> None:
    await workspace.open_form(MIA, words)
    await workspace.fill(MIA, Subtitle="静かな潮のノート", Why="For the autumn")
    await workspace.settle()
    await workspace.close(MIA)


async def test_a_closed_form_is_offered_again_with_what_was_typed(workspace: Workspace) -> None:
    await typed_and_closed(workspace)

    await workspace.open_form(MIA, "edit tidewell")
    assert "Your draft of 2 March" in workspace.modal(MIA)
    assert workspace.value(MIA, "Subtitle") == "静かな潮のノート"


async def test_a_draft_outlives_a_restart_of_the_bot(workspace: Workspace) -> None:
    await typed_and_closed(workspace)
    await workspace.restart()

    await workspace.open_form(MIA, "edit tidewell ja")
    assert workspace.value(MIA, "Subtitle") == "静かな潮のノート"


async def test_a_form_that_is_open_over_a_restart_can_be_submitted(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.restart()
    await workspace.fill(MIA, Subtitle="静かな潮のノート")
    ack = await workspace.submit(MIA)

    assert ack.ok
    message = (await workspace.until(workspace.messages))[0]
    assert "1 change in Japanese (ja)" in words_of(message)


async def test_a_draft_of_another_platform_is_found_without_naming_it(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell macos")
    await workspace.fill(MIA, Promotional_text="On the desk")
    await workspace.close(MIA)

    await workspace.open_form(MIA, "edit tidewell")
    assert "for macOS" in workspace.modal(MIA)
    assert workspace.value(MIA, "Promotional text") == "On the desk"


async def test_a_draft_is_its_authors_alone(workspace: Workspace) -> None:
    await typed_and_closed(workspace)

    await workspace.open_form(AIKO, "edit tidewell ja")
    assert workspace.value(AIKO, "Subtitle") == workspace.live("ja", "subtitle")
    assert "Your draft" not in workspace.modal(AIKO)


async def test_starting_over_brings_apples_texts_back_in_the_same_form(
    workspace: Workspace,
) -> None:
    await typed_and_closed(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")

    await workspace.press_in_modal(MIA, "Start over")
    await workspace.until(lambda: "Started over" in workspace.modal(MIA))
    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")
    assert workspace.value(MIA, "Why") is None
    assert "Start over" not in workspace.buttons(MIA)

    await workspace.submit(MIA)
    locale = workspace.block(MIA, "Locale")["block_id"]
    assert "Nothing is changed yet." in workspace.errors(MIA)[locale]


async def test_starting_over_twice_at_once_is_starting_over_once(workspace: Workspace) -> None:
    await typed_and_closed(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")

    await asyncio.gather(
        workspace.press_in_modal(MIA, "Start over"), workspace.press_in_modal(MIA, "Start over")
    )
    await workspace.until(lambda: "Started over" in workspace.modal(MIA))
    await workspace.settle()
    assert "Started over" in workspace.modal(MIA)


async def test_a_draft_that_was_dropped_is_not_offered_again(workspace: Workspace) -> None:
    await typed_and_closed(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.press_in_modal(MIA, "Start over")
    await workspace.until(lambda: "Started over" in workspace.modal(MIA))
    await workspace.close(MIA)

    await workspace.open_form(MIA, "edit tidewell ja")
    assert "Your draft" not in workspace.modal(MIA)
    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")


async def test_a_draft_says_when_apples_text_moved_on_meanwhile(workspace: Workspace) -> None:
    await typed_and_closed(workspace)
    workspace.apple.edit(TIDEWELL, "ja", "subtitle", "別の人の言葉")

    await workspace.open_form(MIA, "edit tidewell ja")
    assert "Apple's text changed since you typed yours: Subtitle (ja)." in workspace.modal(MIA)
    assert workspace.value(MIA, "Subtitle") == "静かな潮のノート"


async def test_a_form_from_before_does_not_undo_what_somebody_else_changed(
    workspace: Workspace,
) -> None:
    """A second form on another device brings a newer reading; the first holds old texts."""
    await workspace.open_form(MIA, "edit tidewell ja")
    first = workspace.slack.views.stacks[MIA][-1]
    await workspace.fill(MIA, Promotional_text="秋の新機能")
    workspace.apple.edit(TIDEWELL, "ja", "description", "別の人の言葉")
    await workspace.command(MIA, "edit tidewell ja")
    await workspace.until(lambda: workspace.modal_id(MIA) != first.id and workspace.form(MIA))
    assert workspace.value(MIA, "Description") == "別の人の言葉"
    assert workspace.value(MIA, "Promotional text") == "秋の新機能"

    workspace.slack.views.stacks[MIA].append(first)
    await workspace.submit(MIA)
    assert "no longer in use" in " ".join(workspace.errors(MIA).values())
    assert workspace.messages() == []


async def test_a_submitted_draft_is_not_offered_again(workspace: Workspace) -> None:
    await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かな潮のノート")

    await workspace.open_form(MIA, "edit tidewell ja")
    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")
    assert "Your draft" not in workspace.modal(MIA)


async def test_what_was_typed_into_a_proposal_that_ended_is_offered_again(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かな潮のノート")
    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Promotional_text="秋の新機能")
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected")

    await workspace.submit(MIA)
    assert "is rejected by now" in " ".join(workspace.errors(MIA).values())
    await workspace.close(MIA)
    await workspace.open_form(MIA, "edit tidewell ja")
    assert workspace.value(MIA, "Promotional text") == "秋の新機能"
    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")


@pytest.mark.parametrize("kind", ["broken", "server_error"])
async def test_a_draft_waits_while_apple_is_down(workspace: Workspace, kind: str) -> None:
    await typed_and_closed(workspace)
    fault = workspace.apple.faults.add(Fault(kind=kind))
    await workspace.command(MIA, "edit tidewell ja")
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))

    workspace.apple.faults.remove(fault)
    await workspace.press_in_modal(MIA, "Try again")
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Subtitle") == "静かな潮のノート"
