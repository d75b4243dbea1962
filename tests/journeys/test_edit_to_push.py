"""The main road: `/aso edit`, a vote, a push that is read back."""

from __future__ import annotations

from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, STRANGER
from tests.workspace import CROSS, Workspace, words_of


async def test_an_approved_subtitle_reaches_apple_and_is_read_back(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="潮のように静かなノート")

    assert workspace.live("ja", "subtitle") != "潮のように静かなノート"
    await workspace.react(BEN, message)

    shown = await workspace.says(message, "Pushed")
    assert workspace.live("ja", "subtitle") == "潮のように静かなノート"
    assert "潮のように静かなノート" in words_of(shown)
    assert len(workspace.asked("PATCH")) == 1


async def test_the_proposer_hears_of_the_result_in_the_thread(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    replies = await workspace.until(lambda: workspace.thread(message))
    assert f"@{MIA}" in words_of(replies[-1])
    assert f"@{BEN}" not in words_of(replies[-1])


async def test_the_form_holds_the_live_values_of_the_locale_that_was_named(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell fr-FR")

    assert workspace.value(MIA, "Subtitle") == workspace.live("fr-FR", "subtitle")
    assert workspace.value(MIA, "Description") == workspace.live("fr-FR", "description")


async def test_all_mistakes_come_back_together_and_can_be_mended_in_the_same_form(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="x" * 31, Keywords="y" * 101, Support_URL="nowhere")

    await workspace.submit(MIA)
    assert len(workspace.errors(MIA)) == 3
    assert workspace.messages() == []

    await workspace.fill(
        MIA, Subtitle="Kurz", Keywords="notiz,heft", Support_URL="https://example.com"
    )
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)
    assert workspace.slack.modals(MIA) == []


async def test_the_author_the_guest_and_the_stranger_are_told_why_they_do_not_count(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch")

    for who, why in (
        (MIA, "wrote or edited"),
        (GUEST, "Guests"),
        (STRANGER, "another workspace"),
    ):
        await workspace.react(who, message)
        await workspace.until(
            lambda who=who, why=why: any(why in told for told in workspace.private(who)),
            why=f"{who} was not told {why!r}",
        )
    assert workspace.asked("PATCH") == []


async def test_one_eligible_reject_stops_a_proposal(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch")

    await workspace.react(AIKO, message, CROSS)
    await workspace.says(message, "Rejected")
    await workspace.react(BEN, message)
    await workspace.settle()

    assert workspace.asked("PATCH") == []
