"""Texts longer than the 3,000 characters that Slack promises to take in one input."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import BEN, MIA
from tests.workspace import TIDEWELL, Workspace

FIRST, SECOND = "Description, part 1 of 2", "Description, part 2 of 2"


def a_text(length: int, word: str = "tide ") -> str:
    return (word * 10 + "\n\n").ljust(100, "~") * (length // 100) + "~" * (length % 100)


async def refuses_long_inputs(workspace: Workspace) -> None:
    workspace.slack.views.longest_initial = 3000


async def test_a_description_of_nearly_4000_characters_opens_in_one_input(
    workspace: Workspace,
) -> None:
    assert len(workspace.live("de-DE", "description")) == 3990
    await workspace.open_form(MIA, "edit tidewell de-DE")

    assert workspace.value(MIA, "Description") == workspace.live("de-DE", "description")
    assert workspace.block(MIA, "Description")["hint"]["text"] == "3990 of 4000"


async def test_a_long_description_is_changed_and_reaches_apple_whole(
    workspace: Workspace,
) -> None:
    wanted = workspace.live("de-DE", "description")[:-10] + "The very end."
    message = await workspace.propose(MIA, "edit tidewell de-DE", Description=wanted)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    assert workspace.live("de-DE", "description") == wanted


async def test_a_text_over_the_limit_is_refused_with_how_much_to_take_out(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Description=a_text(4100))

    await workspace.submit(MIA)
    (said,) = workspace.errors(MIA).values()
    assert "Description has 4100 characters, 4000 are allowed. Take out 100." in said


async def test_an_over_long_live_text_can_be_opened_and_shortened(workspace: Workspace) -> None:
    workspace.apple.edit(TIDEWELL, "fr-FR", "description", a_text(4600))
    await workspace.open_form(MIA, "edit tidewell fr-FR")
    assert workspace.value(MIA, "Description") == a_text(4600)
    assert "600 too many" in workspace.block(MIA, "Description")["hint"]["text"]

    await workspace.fill(MIA, Description=a_text(3900))
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()))
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("fr-FR", "description") == a_text(3900)


async def test_a_slack_that_refuses_long_inputs_is_shown_two(workspace: Workspace) -> None:
    await refuses_long_inputs(workspace)
    await workspace.open_form(MIA, "edit tidewell de-DE")

    assert FIRST in workspace.labels(MIA)
    assert "Description" not in workspace.labels(MIA)
    assert "Both parts together: 3990 of 4000" in workspace.block(MIA, SECOND)["hint"]["text"]
    assert workspace.private(MIA) == []


async def test_two_untouched_parts_are_no_change(workspace: Workspace) -> None:
    await refuses_long_inputs(workspace)
    await workspace.open_form(MIA, "edit tidewell de-DE")

    await workspace.submit(MIA)
    assert "Nothing is changed yet." in " ".join(workspace.errors(MIA).values())


@pytest.mark.parametrize("prefilled", [True, False])
async def test_one_changed_part_leaves_the_other_exactly_as_it_was(
    workspace: Workspace, prefilled: bool
) -> None:
    await refuses_long_inputs(workspace)
    workspace.slack.views.prefilled_in_state = prefilled
    await workspace.open_form(MIA, "edit tidewell de-DE")
    live, first = workspace.live("de-DE", "description"), workspace.value(MIA, FIRST)
    await workspace.fill_in(MIA, FIRST, "A shorter beginning.")
    # A counter is drawn in between; it must not cut the text anew.
    await workspace.fill(MIA, Subtitle="Calm notes")
    await workspace.settle()
    await workspace.fill(MIA, Keywords="notes,calm")
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()))
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    rest = live.removeprefix(first)
    assert workspace.live("de-DE", "description") == "A shorter beginning." + rest


async def test_a_mistake_in_a_text_of_two_parts_stands_at_the_first(workspace: Workspace) -> None:
    await refuses_long_inputs(workspace)
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill_in(MIA, SECOND, "~" * 2999)

    await workspace.submit(MIA)
    assert list(workspace.errors(MIA)) == [workspace.block(MIA, FIRST)["block_id"]]

    await workspace.fill_in(MIA, SECOND, "The end.")
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)


async def test_a_text_that_grew_in_one_input_is_split_when_its_locale_is_shown_again(
    workspace: Workspace,
) -> None:
    await refuses_long_inputs(workspace)
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.choose(MIA, "Locale", "fr-FR")
    await workspace.fill(MIA, Description=a_text(3500))
    await workspace.fill(MIA, Subtitle="x" * 31)
    await workspace.submit(MIA)
    assert len(workspace.errors(MIA)) == 1

    await workspace.choose(MIA, "Locale", "ja")
    await workspace.choose(MIA, "Locale", "fr-FR")
    assert FIRST in workspace.labels(MIA)
    await workspace.fill(MIA, Subtitle="Kurz")
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()))
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert workspace.live("fr-FR", "description") == a_text(3500)


async def test_a_mistake_finds_its_input_in_a_form_drawn_before_the_others_were_split(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await refuses_long_inputs(workspace)
    await workspace.open_form(BEN, "edit tidewell de-DE")
    assert FIRST in workspace.labels(BEN)

    await workspace.fill(MIA, Description=a_text(4100))
    await workspace.submit(MIA)
    assert list(workspace.errors(MIA)) == [workspace.block(MIA, "Description")["block_id"]]


async def test_a_text_beyond_two_inputs_is_kept_and_said_to_be_too_long(
    workspace: Workspace,
) -> None:
    await refuses_long_inputs(workspace)
    await workspace.open_form(MIA, "edit tidewell fr-FR")
    await workspace.fill(MIA, Description=a_text(6500))
    await workspace.choose(MIA, "Locale", "ja")
    await workspace.pick(MIA, "Locale", "fr-FR")

    await workspace.until(lambda: "so long a text (Description)" in workspace.modal(MIA))
    await workspace.close(MIA)
    await workspace.open_form(MIA, "edit tidewell ja")
    assert "French (fr-FR), Description" in workspace.modal(MIA)
