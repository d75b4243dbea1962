"""Opening the edit form: at once, filled when Apple has answered, or with what is the matter."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import MIA
from bot.sandbox.slack.web_api import Fault as SlackFault
from bot.settings import AppSettings
from tests.workspace import AT_THE_END, ORRERY, Workspace, a_workspace, words_of

LABELS = [
    "Name",
    "Subtitle",
    "Keywords",
    "Promotional text",
    "Description",
    "What's new",
    "Support URL",
    "Marketing URL",
    "Privacy policy URL",
]
ATTRIBUTES = [
    "name",
    "subtitle",
    "keywords",
    "promotionalText",
    "description",
    "whatsNew",
    "supportUrl",
    "marketingUrl",
    "privacyPolicyUrl",
]


async def test_the_form_is_there_at_once_and_is_filled_when_apple_has_answered(
    workspace: Workspace,
) -> None:
    workspace.apple.faults.add(Fault(kind="slow", seconds=0.2, count=1))

    await workspace.command(MIA, "edit tidewell")
    await workspace.until(lambda: workspace.slack.modals(MIA))
    assert "Reading the texts" in workspace.modal(MIA)
    assert workspace.form(MIA) is None

    await workspace.until(lambda: workspace.form(MIA))
    assert len(workspace.slack.modals(MIA)) == 1


async def test_every_field_has_its_input_with_what_apple_holds(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")

    assert workspace.labels(MIA) == [
        "Platform",
        "Version",
        "Locale",
        *LABELS,
        "And then",
        *AT_THE_END,
    ]
    for label, attribute in zip(LABELS, ATTRIBUTES, strict=True):
        assert (workspace.value(MIA, label) or "") == workspace.live("de-DE", attribute), label
    assert workspace.value(MIA, "Why") is None


async def test_the_form_says_which_version_it_edits(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")

    assert "2.4.0 for iOS. State: Prepare for Submission." in workspace.modal(MIA)


async def test_an_apple_that_is_down_shows_in_the_form_and_trying_again_works(
    workspace: Workspace,
) -> None:
    fault = workspace.apple.faults.add(Fault(kind="server_error"))
    await workspace.command(MIA, "edit tidewell fr-FR")
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA), why="no error was shown")

    workspace.apple.faults.remove(fault)
    await workspace.press_in_modal(MIA, "Try again")
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Subtitle") == workspace.live("fr-FR", "subtitle")


async def test_missing_agreements_are_named_with_who_has_to_do_what(workspace: Workspace) -> None:
    workspace.apple.conditions.agreements_missing = True
    await workspace.command(MIA, "edit tidewell")
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))
    assert "agreement" in workspace.modal(MIA)
    assert "Account Holder" in workspace.modal(MIA)

    workspace.apple.conditions.agreements_missing = False
    await workspace.press_in_modal(MIA, "Try again")
    await workspace.until(lambda: workspace.form(MIA))


async def test_trying_again_fails_in_the_same_place_while_apple_is_still_down(
    workspace: Workspace,
) -> None:
    workspace.apple.conditions.agreements_missing = True
    await workspace.command(MIA, "edit tidewell")
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))

    asked = len(workspace.asked())
    await workspace.press_in_modal(MIA, "Try again")
    await workspace.until(lambda: len(workspace.asked()) > asked and "⚠️" in workspace.modal(MIA))
    assert len(workspace.slack.modals(MIA)) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("edit tidewel", "Did you mean Tidewell Notes (com.example.tidewell)?"),
        ("edit tidewell tvos", "Tidewell Notes is not on tvOS. It is on iOS"),
        ("edit orrery macos", "It is on iOS"),
        ("edit tidewell xx-YY", "There is no locale “xx-YY”. Type a code such as de-DE."),
        ("edit tidewell notes germna", "There is no locale “germna”. Did you mean de-DE"),
        ("edit tidewell ios pt", "There is no locale “pt”. Did you mean pt-BR or pt-PT?"),
        ("edit tidewell pt ios", "There is no locale “pt”. Did you mean pt-BR or pt-PT?"),
        ("edit tidewel xx", "There is no app “tidewel xx”"),
    ],
)
async def test_what_is_not_understood_is_answered_with_a_suggestion(
    workspace: Workspace, words: str, answer: str
) -> None:
    await workspace.command(MIA, words)

    await workspace.until(lambda: answer in workspace.modal(MIA), why=workspace.modal(MIA))
    assert "Try again" not in workspace.modal(MIA)


@pytest.mark.parametrize(
    "words",
    [
        "edit TIDEWELL ja",
        "edit com.example.tidewell ja",
        "edit 6470000101 ja",
        "edit Tidewell Notes ios ja",
        "edit tidewell iphone Japanese",
    ],
)
async def test_an_app_is_named_in_any_of_its_ways(workspace: Workspace, words: str) -> None:
    await workspace.open_form(MIA, words)

    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")


async def test_a_locale_that_cannot_be_added_now_is_answered_with_the_reason(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit orrery sv")

    assert "Swedish is not in this version. The set of locales can only" in workspace.modal(MIA)
    assert workspace.value(MIA, "Promotional text") == workspace.live(
        "en-US", "promotionalText", app=ORRERY, state="READY_FOR_DISTRIBUTION"
    )


async def test_a_form_that_slack_could_not_open_in_time_is_answered(workspace: Workspace) -> None:
    workspace.slack.api.faults.append(SlackFault(method="views.open", error="expired_trigger_id"))
    await workspace.command(MIA, "edit tidewell")

    await workspace.until(lambda: workspace.private(MIA))
    assert "Type the command again." in workspace.private(MIA)[-1]


async def test_a_form_that_slack_does_not_take_is_answered_and_not_left_in_silence(
    workspace: Workspace,
) -> None:
    workspace.slack.api.faults.append(SlackFault(method="views.update", error="invalid_blocks"))
    await workspace.command(MIA, "edit tidewell ja")

    await workspace.until(lambda: workspace.private(MIA))
    assert "(invalid_blocks)" in workspace.private(MIA)[-1]


async def test_a_form_that_slack_has_no_room_for_is_drawn_after_the_pause(
    workspace: Workspace,
) -> None:
    workspace.slack.api.faults.append(
        SlackFault(method="views.update", error="ratelimited", status=429, times=3)
    )
    await workspace.open_form(MIA, "edit tidewell ja")

    assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")
    assert workspace.private(MIA) == []


async def test_a_form_that_slack_has_no_room_for_four_times_is_answered(
    workspace: Workspace,
) -> None:
    workspace.slack.api.faults.append(
        SlackFault(method="views.update", error="ratelimited", status=429, times=4)
    )
    await workspace.command(MIA, "edit tidewell ja")

    await workspace.until(lambda: workspace.private(MIA))
    assert "Slack asks for a pause." in workspace.private(MIA)[-1]


async def test_a_defect_shows_in_the_form_with_a_reference_and_trying_again_works(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(workspace.settings.database) as beside:
        beside.execute("alter table drafts rename to elsewhere")
    await workspace.command(MIA, "edit tidewell ja")
    await workspace.until(lambda: "Something broke on our side." in workspace.modal(MIA))
    reference = workspace.modal(MIA).partition("runs the bot: ")[2][:8]
    assert f"form.broken reference={reference}" in caplog.text

    beside.execute("alter table elsewhere rename to drafts")
    beside.close()
    await workspace.press_in_modal(MIA, "Try again")
    await workspace.until(lambda: workspace.form(MIA))


async def test_with_one_app_its_name_may_be_left_out(tmp_path: Path) -> None:
    one = (AppSettings(bundle_id="com.example.tidewell"),)
    async with a_workspace(tmp_path, apps=one) as workspace:
        await workspace.open_form(MIA, "edit")
        assert workspace.value(MIA, "Name") == workspace.live("en-US", "name")
        await workspace.close(MIA)
        await workspace.open_form(MIA, "edit ja")
        assert workspace.value(MIA, "Subtitle") == workspace.live("ja", "subtitle")


async def test_a_form_that_is_closed_while_apple_is_slow_is_no_trouble(
    workspace: Workspace,
) -> None:
    workspace.apple.faults.add(Fault(kind="slow", seconds=0.2, count=1))
    await workspace.command(MIA, "edit tidewell")
    await workspace.until(lambda: workspace.slack.modals(MIA))

    await workspace.close(MIA)
    await workspace.until(lambda: workspace.refused("views.update", "not_found"))
    assert workspace.private(MIA) == []
    await workspace.open_form(MIA, "edit tidewell")


async def test_a_version_in_review_is_not_edited_and_the_form_says_so(
    workspace: Workspace,
) -> None:
    app = next(one for one in workspace.apple.apps() if one["bundle_id"] == "com.example.orrery")
    for version in app["versions"]:
        workspace.apple.move(version["id"], "IN_REVIEW")

    await workspace.command(MIA, "edit orrery")
    await workspace.until(lambda: "In Review" in workspace.modal(MIA), why=workspace.modal(MIA))
    assert "nothing of it can be changed now" in workspace.modal(MIA)


async def test_without_a_name_the_form_asks_which_app_and_goes_on(workspace: Workspace) -> None:
    await workspace.command(MIA, "edit de-DE")
    view = await workspace.until(
        lambda: next(
            (m for m in workspace.slack.modals(MIA) if "Which app" in words_of(m["view"])), None
        )
    )
    (row,) = [block for block in view["view"]["blocks"] if block["type"] == "actions"]

    await workspace.slack.click(
        MIA,
        block_id=row["block_id"],
        action_id=row["elements"][0]["action_id"],
        view_id=view["id"],
        value="com.example.tidewell de-DE",
    )

    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Subtitle") == workspace.live("de-DE", "subtitle")
