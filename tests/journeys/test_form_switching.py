"""Changing locale, version and platform in the edit form: nothing typed is lost."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, MIA
from tests.workspace import AT_THE_END, Workspace, words_of

LIVE = "READY_FOR_DISTRIBUTION"


def version_id(workspace: Workspace, bundle_id: str, number: str, platform: str = "IOS") -> str:
    app = next(one for one in workspace.apple.apps() if one["bundle_id"] == bundle_id)
    found = [v for v in app["versions"] if (v["version"], v["platform"]) == (number, platform)]
    return str(found[0]["id"])


async def test_texts_of_several_locales_are_kept_and_proposed_together(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell en-US")
    await workspace.fill(MIA, Subtitle="Notes as calm as the sea", Description="Two lines.\n\nYes.")
    await workspace.choose(MIA, "Locale", "ja")
    await workspace.fill(MIA, Subtitle="潮のように静かなノート")
    await workspace.choose(MIA, "Locale", "en-US")

    assert workspace.value(MIA, "Subtitle") == "Notes as calm as the sea"
    assert workspace.value(MIA, "Description") == "Two lines.\n\nYes."
    assert "Japanese (ja) · changed" in workspace.modal(MIA)

    await workspace.submit(MIA)
    message = (await workspace.until(workspace.messages))[0]
    said = words_of(message)
    assert "Notes as calm as the sea" in said
    assert "潮のように静かなノート" in said


async def test_the_reason_is_kept_when_the_locale_changes(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell en-US")
    await workspace.fill(MIA, Why="Autumn campaign")
    await workspace.choose(MIA, "Locale", "ja")

    assert workspace.value(MIA, "Why") == "Autumn campaign"


@pytest.mark.parametrize("last", ["fr-FR", "en-US"])
async def test_of_two_quick_choices_the_last_one_stays(workspace: Workspace, last: str) -> None:
    await workspace.open_form(MIA, "edit tidewell en-US")
    await workspace.fill(MIA, Description="Typed before.")
    await asyncio.gather(workspace.pick(MIA, "Locale", "ja"), workspace.pick(MIA, "Locale", last))
    await workspace.settle()

    assert workspace.value(MIA, "Subtitle") == workspace.live(last, "subtitle")
    if last != "en-US":
        await workspace.choose(MIA, "Locale", "en-US")
    assert workspace.value(MIA, "Description") == "Typed before."


async def test_choosing_the_locale_that_is_shown_changes_nothing(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Description="ほんの一行")
    await workspace.pick(MIA, "Locale", "ja")
    await workspace.submit(MIA)

    message = (await workspace.until(workspace.messages))[0]
    assert "ほんの一行" in words_of(message)


async def test_a_locale_that_the_app_lacks_is_added_with_its_name_first(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    assert "Add a locale" in words_of({"blocks": [workspace.block(MIA, "Locale")]})
    await workspace.choose(MIA, "Locale", "sv")
    assert workspace.value(MIA, "Name") is None

    await workspace.fill(
        MIA, Name="Tidewell", Subtitle="Lugna anteckningar", Keywords="anteckningar,dagbok"
    )
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()))
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    assert workspace.live("sv", "name") == "Tidewell"
    assert workspace.live("sv", "subtitle") == "Lugna anteckningar"
    assert workspace.live("sv", "keywords") == "anteckningar,dagbok"
    assert workspace.asked("POST")[0] == "POST /v1/appInfoLocalizations"


async def test_a_new_locale_without_a_name_is_refused_in_the_form(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    await workspace.choose(MIA, "Locale", "sv")
    await workspace.fill(MIA, Subtitle="Lugna anteckningar")

    await workspace.submit(MIA)
    name = workspace.block(MIA, "Name")["block_id"]
    assert "begins with the app's name" in workspace.errors(MIA)[name]


async def test_a_new_locale_in_which_nothing_was_typed_is_not_added(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    await workspace.choose(MIA, "Locale", "sv")
    await workspace.choose(MIA, "Locale", "de-DE")
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    await workspace.submit(MIA)

    message = (await workspace.until(workspace.messages))[0]
    assert "New locale" not in words_of(message)


async def test_the_live_version_leaves_promotional_text_which_is_public_at_once(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    live = version_id(workspace, "com.example.tidewell", "2.3.0")
    await workspace.choose(MIA, "Version", live)

    assert workspace.labels(MIA) == [
        "Platform", "Version", "Locale", "Promotional text", *AT_THE_END,
    ]  # fmt: skip
    assert "What changes here is public at once." in workspace.modal(MIA)
    hint = workspace.block(MIA, "Promotional text")["hint"]["text"]
    assert hint.startswith("Public at once.")
    assert workspace.live("en-US", "subtitle", state=LIVE) in workspace.modal(MIA)
    assert "2.3.0 is live" in workspace.modal(MIA)


async def test_a_live_promotional_text_reaches_the_live_version_alone(
    workspace: Workspace,
) -> None:
    before = workspace.live("en-US", "promotionalText")
    await workspace.open_form(MIA, "edit tidewell")
    live = version_id(workspace, "com.example.tidewell", "2.3.0")
    await workspace.choose(MIA, "Version", live)
    await workspace.fill(MIA, Promotional_text="Half price until Sunday.")
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()))
    assert "public at once" in words_of(message).lower()

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    now = workspace.live("en-US", "promotionalText", state=LIVE)
    assert now == "Half price until Sunday."
    assert workspace.live("en-US", "promotionalText") == before


async def test_texts_of_both_versions_are_kept_apart(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    await workspace.fill(MIA, Promotional_text="For the next version")
    live = version_id(workspace, "com.example.tidewell", "2.3.0")
    await workspace.choose(MIA, "Version", live)
    assert workspace.value(MIA, "Promotional text") != "For the next version"
    await workspace.fill(MIA, Promotional_text="For today")

    await workspace.choose(MIA, "Version", version_id(workspace, "com.example.tidewell", "2.4.0"))
    assert workspace.value(MIA, "Promotional text") == "For the next version"
    await workspace.choose(MIA, "Version", live)
    assert workspace.value(MIA, "Promotional text") == "For today"


async def test_texts_of_both_platforms_are_kept_apart(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ios")
    await workspace.fill(MIA, Subtitle="Kept for the phone", Description="Kept as well.")
    await workspace.choose(MIA, "Platform", "MAC_OS")
    assert workspace.labels(MIA) == ["Platform", "Locale", "Promotional text", *AT_THE_END]
    await workspace.fill(MIA, Promotional_text="On the desk")

    await workspace.choose(MIA, "Platform", "IOS")
    assert workspace.value(MIA, "Subtitle") == "Kept for the phone"
    assert workspace.value(MIA, "Description") == "Kept as well."
    await workspace.choose(MIA, "Platform", "MAC_OS")
    assert workspace.value(MIA, "Promotional text") == "On the desk"


async def test_a_platform_that_cannot_be_read_leaves_the_form_as_it_was(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell ios")
    await workspace.fill(MIA, Description="Not lost.")
    workspace.apple.conditions.agreements_missing = True

    await workspace.choose(MIA, "Platform", "MAC_OS")
    assert "agreement" in workspace.modal(MIA)
    assert workspace.value(MIA, "Description") == "Not lost."
    platform = workspace.block(MIA, "Platform")
    held = workspace.slack.modals(MIA)[-1]["values"][platform["block_id"]]
    assert held[platform["element"]["action_id"]]["selected_option"]["value"] == "IOS"


async def test_nothing_can_be_typed_while_another_platform_is_read(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ios")
    workspace.apple.faults.add(Fault(kind="slow", seconds=0.2, count=1))
    await workspace.pick(MIA, "Platform", "MAC_OS")

    await workspace.until(lambda: "Reading the texts" in workspace.modal(MIA))
    await workspace.until(lambda: workspace.form(MIA))
    assert "for macOS" in workspace.modal(MIA)


async def test_a_version_that_waits_for_its_release_leaves_promotional_text(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit orrery")
    assert "1.8 for iOS. What changes here is public at once." in workspace.modal(MIA)
    waiting = version_id(workspace, "com.example.orrery", "1.9")
    await workspace.choose(MIA, "Version", waiting)

    assert workspace.labels(MIA) == ["Version", "Locale", "Promotional text", *AT_THE_END]
    assert "1.9 is in the state Pending Developer Release" in workspace.modal(MIA)
    assert "public at once" not in workspace.modal(MIA)
    assert "Add a locale" not in workspace.modal(MIA)
