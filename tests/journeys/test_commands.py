"""`/aso` and its verbs: every one answers, and what is not understood gets help."""

from __future__ import annotations

from typing import Any

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import ASO, BEN, MIA
from tests.workspace import Workspace, words_of


async def asked(workspace: Workspace, text: str, who: str = MIA) -> str:
    """Return what a person is told, alone, after typing a command."""
    before = len(workspace.private(who))
    ack = await workspace.command(who, text)
    assert ack.ok, ack
    told = await workspace.until(lambda: workspace.private(who)[before:], why=f"{text}: silence")
    return str(told[0])


async def test_help_answers_in_the_acknowledgement_itself(workspace: Workspace) -> None:
    ack = await workspace.command(MIA, "help")

    assert ack.ok
    told: Any = ack.body
    assert "/aso edit <app> [platform] [locale]" in words_of(told)


async def test_nothing_typed_is_a_call_for_help(workspace: Workspace) -> None:
    ack = await workspace.command(MIA, "")

    assert "/aso edit" in words_of(ack.body)


async def test_an_unknown_verb_gets_the_nearest_one(workspace: Workspace) -> None:
    assert "/aso status" in await asked(workspace, "stauts")


async def test_a_mistyped_verb_is_mended_with_the_rest_as_it_was_typed(
    workspace: Workspace,
) -> None:
    assert "/aso edit tidewell ja" in await asked(workspace, "edti tidewell ja")


async def test_a_vote_typed_as_a_command_is_told_of_the_emoji(workspace: Workspace) -> None:
    assert "under the proposal" in await asked(workspace, "approve 1")
    assert "react with" in await asked(workspace, "reject")


async def test_the_apps_are_listed_with_their_ids(workspace: Workspace) -> None:
    told = await asked(workspace, "apps")

    assert "Tidewell Notes" in told
    assert "com.example.orrery" in told


async def test_an_app_is_found_by_name_bundle_id_apple_id_and_a_word_of_its_name(
    workspace: Workspace,
) -> None:
    for name in ("Tidewell Notes", "com.example.tidewell", "6470000101", "tidewell"):
        assert "Tidewell Notes" in await asked(workspace, f"show {name} de-DE")


async def test_a_near_miss_of_an_app_gets_a_suggestion(workspace: Workspace) -> None:
    assert "Did you mean Tidewell Notes" in await asked(workspace, "show tidewel")


async def test_an_app_left_out_is_asked_for_when_there_are_several(workspace: Workspace) -> None:
    assert "Which app?" in await asked(workspace, "show")


async def test_show_gives_a_locales_texts_with_counts(workspace: Workspace) -> None:
    told = await asked(workspace, "show tidewell japanese")

    assert workspace.live("ja", "subtitle") in told
    assert "of 30" in told


async def test_a_locale_may_be_typed_by_its_english_name_or_code(workspace: Workspace) -> None:
    for name in ("ja", "japanese", "JA"):
        assert "Japanese" in await asked(workspace, f"show tidewell {name}")


async def test_status_tells_versions_and_what_is_left_of_apples_hour(
    workspace: Workspace,
) -> None:
    told = await asked(workspace, "status orrery")

    assert "1.9" in told
    assert "Pending Developer Release" in told
    assert "2.4.0" not in told


async def test_proposals_tells_what_each_waits_for(workspace: Workspace) -> None:
    assert "No proposal is open" in await asked(workspace, "proposals")
    await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")

    assert "German" in await asked(workspace, "proposals")


async def test_history_tells_what_reached_apple_and_who_decided(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    told = await asked(workspace, "history tidewell de-DE")
    assert "Stilles Heft" in told
    assert f"@{BEN}" in told
    assert "Stilles Heft" not in await asked(workspace, "history tidewell ja")


async def test_failures_tells_that_nothing_failed(workspace: Workspace) -> None:
    assert "othing" in await asked(workspace, "failures") or "No " in await asked(
        workspace, "failures"
    )


async def test_failures_lead_to_the_proposal_that_failed(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    workspace.apple.faults.add(AppleFault(kind="refused", match="PATCH"))
    await workspace.react(BEN, message)
    await workspace.says(message, "🔴")
    await workspace.pass_time()

    told = await asked(workspace, "failures")
    assert "1 × Not accepted by Apple" in told
    assert "Tidewell Notes" in told
    assert "German (de-DE): " in told
    assert "Open proposal 1" in told


async def test_revert_of_what_is_no_number_says_how_to_find_one(workspace: Workspace) -> None:
    told = await asked(workspace, "revert soon")
    assert "not the number of a proposal" in told
    assert "/aso revert 12" in told


async def test_an_example_is_of_the_command_that_was_typed(workspace: Workspace) -> None:
    assert "/aso break-glass 12" in await asked(workspace, "break-glass")


async def test_revert_proposes_the_opposite_and_brings_the_old_text_back(
    workspace: Workspace,
) -> None:
    before = workspace.live("de-DE", "subtitle")
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    assert "Proposal 2" in await asked(workspace, "revert 1", BEN)
    second = await workspace.until(
        lambda: next((m for m in workspace.messages() if "reverts proposal 1" in words_of(m)), None)
    )
    await workspace.until(lambda: len(workspace.message(second["ts"])["reactions"]) == 2)
    await workspace.react("U0AIKO", second)
    await workspace.says(second, "Pushed")

    assert workspace.live("de-DE", "subtitle") == before


async def test_curly_quotes_and_escaped_signs_of_a_phone_are_understood(
    workspace: Workspace,
) -> None:
    told = await asked(workspace, "show “Q&amp;A”")

    # Slack gives every & back escaped; a doubled escape would read &amp;amp;.
    assert "There is no app “Q&amp;A”" in told


async def test_apple_being_down_is_said_with_what_to_do(workspace: Workspace) -> None:
    workspace.apple.conditions.agreements_missing = True

    assert "Account Holder" in await asked(workspace, "show tidewell")


async def test_answers_reach_a_person_in_a_channel_the_bot_is_not_in(workspace: Workspace) -> None:
    ack = await workspace.command(MIA, "apps", channel="C0GENERAL")

    assert ack.ok
    seen = await workspace.until(
        lambda: [m for m in workspace.slack.messages("C0GENERAL", MIA) if m.get("ephemeral")]
    )
    assert "Tidewell" in words_of(seen[0])
    assert workspace.slack.messages(ASO, BEN) == []
