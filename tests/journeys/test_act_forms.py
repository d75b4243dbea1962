"""The forms that act on versions: opened from anywhere, honest about what goes wrong, kept."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, STRANGER
from tests.journeys.ticking import become, run, version
from tests.journeys.version_people import done, opened, ready, sent, write_release_notes
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of


async def test_a_wrong_number_is_told_at_its_field_and_stays(workspace: Workspace) -> None:
    await become(workspace, "READY_FOR_DISTRIBUTION")
    await opened(workspace, "version tidewell ios")
    await workspace.fill(MIA, Number="two", Why="Because.")
    await workspace.submit(MIA)
    assert "such as 2.5.0" in next(iter(workspace.errors(MIA).values()))

    await workspace.fill(MIA, Number="2.3.0")
    await workspace.submit(MIA)
    await workspace.until(lambda: ready(workspace) and "⚠️" in workspace.modal(MIA))
    assert "2.3.0 is not higher than 2.4.0" in workspace.modal(MIA)
    assert workspace.value(MIA, "Number") == "2.3.0"
    assert workspace.value(MIA, "Why") == "Because."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("version tidewell ios", "Version 2.4.0 is in the state Prepare for Submission"),
        ("submit orrery", "No version of Orrery Sky is being prepared"),
        ("build orrery", "no build can be chosen"),
        ("cancel tidewell", "No version of Tidewell Notes is in review."),
        ("phased tidewell macos", "There is no phased release"),
    ],
)
async def test_what_makes_no_sense_now_is_told_with_what_does(
    workspace: Workspace, words: str, said: str
) -> None:
    assert said in await opened(workspace, words)


async def test_the_app_is_asked_for_where_there_are_several(workspace: Workspace) -> None:
    assert "Which app?" in await opened(workspace, "release")
    view = workspace.slack.modals(MIA)[-1]
    select = next(one for one in view["view"]["blocks"] if one["type"] == "actions")
    choice = next(
        one for one in select["elements"][0]["options"] if one["text"]["text"] == "Orrery Sky"
    )
    await workspace.slack.click(
        MIA,
        block_id=select["block_id"],
        action_id=select["elements"][0]["action_id"],
        view_id=view["id"],
        value=choice["value"],
    )
    await workspace.until(lambda: "Orrery Sky 1.9" in workspace.modal(MIA))


async def test_edit_under_an_act_proposes_it_anew_in_the_old_ones_place(
    workspace: Workspace,
) -> None:
    await opened(workspace, "build tidewell")
    await workspace.pick(MIA, "Build", "2.4.0 (2402)")
    first = await sent(workspace, why="The fix.")

    await workspace.press(BEN, first, "Edit")
    await workspace.until(lambda: ready(workspace, BEN))
    assert workspace.value(BEN, "Why") == "The fix."
    await workspace.pick(BEN, "Build", "2.4.0 (2403)")
    second = await sent(workspace, BEN)

    await workspace.says(first, "Superseded")
    assert f"Not by  @{MIA}  and  @{BEN}" in words_of(second)


async def test_sending_a_form_twice_proposes_once(workspace: Workspace) -> None:
    await opened(workspace, "build tidewell")
    await workspace.pick(MIA, "Build", "2.4.0 (2402)")
    view = workspace.slack.modals(MIA)[-1]["id"]
    await asyncio.gather(*(workspace.slack.submit(MIA, view) for _ in range(2)))
    await workspace.settle()
    assert len([one for one in workspace.told() if "Choose build" in one]) == 1


async def test_texts_can_carry_the_submission_of_their_version(workspace: Workspace) -> None:
    write_release_notes(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="毎日のノート")
    await workspace.pick(MIA, "And then", ["submit"])
    message = await sent(workspace)

    said = words_of(message)
    assert "1 change in Japanese (ja) and the submission for review" in said
    assert "Submit 2.4.0 with build 2.4.0 (2401) for review" in said
    await workspace.react(BEN, message)
    await workspace.says(message, "Submitted: waiting for review")
    assert version(workspace)["state"] == "WAITING_FOR_REVIEW"


async def test_texts_whose_version_lacks_something_are_kept_and_not_proposed(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="毎日のノート")
    await workspace.pick(MIA, "And then", ["submit"])
    await workspace.submit(MIA)

    await workspace.until(
        lambda: "Nothing was proposed" in workspace.modal(MIA), why=workspace.modal(MIA)
    )
    assert "What's new: Missing in ar-SA, he, it, th." in workspace.modal(MIA)
    assert workspace.value(MIA, "Subtitle") == "毎日のノート"
    assert workspace.asked("POST", "PATCH") == []

    await workspace.pick(MIA, "And then", [])
    await workspace.submit(MIA)
    await workspace.until(lambda: any("毎日のノート" in told for told in workspace.told()))
    assert not any("Submit" in told for told in workspace.told())


async def test_the_release_button_of_a_versions_news_opens_its_form(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "PENDING_DEVELOPER_RELEASE")
    news = next(one for one in workspace.messages() if "Pending Developer" in words_of(one))

    await workspace.press(MIA, news, "Release")
    await workspace.until(lambda: ready(workspace))
    assert "Tidewell Notes 2.4.0 for iOS" in workspace.modal(MIA)
    message = await sent(workspace)
    assert "Release 2.4.0 to the App Store: public at once" in words_of(message)


async def test_strangers_may_look_and_not_propose_while_guests_may(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "PENDING_DEVELOPER_RELEASE")
    news = next(one for one in workspace.messages() if "Pending Developer" in words_of(one))
    await workspace.press(STRANGER, news, "Release")
    await workspace.until(lambda: ready(workspace, STRANGER))
    await workspace.submit(STRANGER)
    await workspace.until(lambda: "⚠️" in workspace.modal(STRANGER))
    assert "Only people of this workspace can do this." in workspace.modal(STRANGER)

    await opened(workspace, "release orrery", GUEST)
    assert "Release 1.9" in words_of(await sent(workspace, GUEST))


async def test_apple_that_does_not_answer_is_told_with_a_way_to_look_again(
    workspace: Workspace,
) -> None:
    workspace.apple.faults.add(Fault(kind="server_error"))
    await opened(workspace, "release orrery")
    assert "⚠️" in workspace.modal(MIA)

    workspace.apple.faults.clear()
    await workspace.press_in_modal(MIA, "Look again")
    await workspace.until(lambda: "Orrery Sky 1.9" in workspace.modal(MIA))


async def test_status_of_an_app_is_read_now_and_of_all_told_as_last_seen(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    workspace.apple.move(version(workspace)["id"], "IN_REVIEW")
    await opened(workspace, "release orrery")
    await sent(workspace)
    await workspace.settle()

    async def status(words: str) -> str:
        before = len(workspace.private(MIA))
        await workspace.command(MIA, words)
        return str((await workspace.until(lambda: workspace.private(MIA)[before:]))[0])

    asked = len(workspace.asked("GET"))
    everything = await status("status")
    assert len(workspace.asked("GET")) == asked
    assert "Prepare for Submission" in everything
    assert f"Waits for 1 approval of the release.  From  @{BEN}" in everything
    fresh = await status("status tidewell")
    assert "Tidewell Notes 2.4.0 for iOS   In Review" in fresh
    assert "build 2.4.0 (2401)" in fresh


async def test_edit_of_texts_with_their_submission_keeps_both(workspace: Workspace) -> None:
    write_release_notes(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="毎日のノート")
    await workspace.pick(MIA, "And then", ["submit"])
    message = await sent(workspace)

    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Subtitle="毎日の手帳")
    again = await sent(workspace)
    assert "revision 2" in words_of(again)
    assert "毎日の手帳" in words_of(again)
    assert "Submit 2.4.0" in words_of(again)


async def test_a_submission_that_did_not_follow_its_texts_is_proposed_again_alone(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="毎日のノート")
    await workspace.pick(MIA, "And then", ["submit"])
    message = await sent(workspace)
    refusal = workspace.apple.faults.add(Fault(kind="refused", match="reviewSubmissions"))
    await workspace.react(BEN, message)
    await workspace.says(message, "Partly pushed")
    workspace.apple.faults.remove(refusal)

    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: ready(workspace))
    assert "Everything that can be checked is there." in workspace.modal(MIA)
    again = await sent(workspace)
    await workspace.react(BEN, again)
    await workspace.says(again, "Submitted: waiting for review")
    await workspace.says(message, "Superseded")


async def test_an_agreement_that_is_missing_is_told_with_who_accepts_it(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    workspace.apple.conditions.agreements_missing = True
    assert "The Account Holder must accept it" in await opened(workspace, "submit tidewell")


async def test_a_submission_is_reverted_by_taking_the_version_back_and_says_what_stays(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="毎日のノート")
    await workspace.pick(MIA, "And then", ["submit"])
    message = await sent(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Submitted: waiting for review")

    await workspace.press(MIA, message, "Revert")
    await workspace.until(lambda: any("out of review" in told for told in workspace.told()))
    told = next(told for told in workspace.told() if "Take 2.4.0 out of review" in told)
    assert "Not reverted: The subtitle" in told
    assert "毎日のノート" not in told


async def test_another_platform_is_another_form_with_the_reason_kept(
    workspace: Workspace,
) -> None:
    await become(workspace, "READY_FOR_DISTRIBUTION")
    await opened(workspace, "version tidewell ios")
    await workspace.fill(MIA, Why="A new one.")
    assert "2501" in words_of({"blocks": [workspace.block(MIA, "Build")]})

    await workspace.pick(MIA, "Platform", "MAC_OS")
    await workspace.until(lambda: ready(workspace) and "macOS" in workspace.modal(MIA)[:40])
    assert workspace.value(MIA, "Number") == "2.4.0"
    assert workspace.value(MIA, "Why") == "A new one."
    assert "2501" not in words_of({"blocks": [workspace.block(MIA, "Build")]})


async def test_addresses_that_do_not_answer_stand_on_the_proposal(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, check_links=True) as team:
        write_release_notes(team)
        prepared = version(team)["localizations"]
        for locale in prepared:
            for field in ("supportUrl", "marketingUrl", "privacyPolicyUrl"):
                team.apple.edit(TIDEWELL, locale, field, "http://127.0.0.1:9/gone")

        told = await opened(team, "submit tidewell")
        assert "It leads into a private network" in told
        message = await sent(team)
        assert "It leads into a private network" in words_of(message)


async def test_what_changed_while_a_form_was_open_is_told_and_shown(workspace: Workspace) -> None:
    await opened(workspace, "build tidewell")
    await workspace.pick(MIA, "Build", "2.4.0 (2402)")
    await done(workspace, "build tidewell", who=BEN, approver=AIKO, Build="2.4.0 (2403)")

    await workspace.submit(MIA)
    await workspace.until(lambda: ready(workspace) and "⚠️" in workspace.modal(MIA))
    assert "Another build was chosen since this was proposed." in workspace.modal(MIA)
    assert "Chosen now: 2.4.0 (2403)" in workspace.modal(MIA)
    assert "instead of 2.4.0 (2403)" in words_of(await sent(workspace))


async def test_what_a_submission_lost_while_its_form_was_open_stops_it(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    told = await opened(workspace, "submit tidewell")
    assert "Everything that can be checked is there." in told
    workspace.apple.declare(TIDEWELL, category="", rights="")
    workspace.apple.edit(TIDEWELL, "th", "whatsNew", "")

    await workspace.submit(MIA)
    await workspace.until(lambda: ready(workspace) and "⚠️" in workspace.modal(MIA))
    await workspace.settle()
    assert "Something is missing for this." in workspace.modal(MIA)
    assert "No primary category is chosen." in workspace.modal(MIA)
    assert "What's new:  Missing in th." in workspace.modal(MIA)
    assert workspace.messages() == []

    write_release_notes(workspace)
    workspace.apple.declare(TIDEWELL, category="PRODUCTIVITY", rights="USES_THIRD_PARTY_CONTENT")
    await workspace.press_in_modal(MIA, "Look again")
    await workspace.until(lambda: "Why" in workspace.labels(MIA))
    assert "Submit 2.4.0" in words_of(await sent(workspace))


async def test_a_version_that_somebody_made_meanwhile_is_not_made_again(
    workspace: Workspace,
) -> None:
    await become(workspace, "READY_FOR_DISTRIBUTION")
    await opened(workspace, "version tidewell ios")
    workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS")

    await workspace.submit(MIA)
    await workspace.until(lambda: ready(workspace) and "⚠️" in workspace.modal(MIA))
    assert "Version 2.5.0 is there already." in workspace.modal(MIA)


async def test_a_defect_shows_in_the_form_and_nothing_typed_is_lost(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    await opened(workspace, "release orrery")
    await workspace.fill(MIA, Why="Because.")
    with sqlite3.connect(workspace.settings.database) as beside:
        beside.execute("alter table revisions rename to elsewhere")
    await workspace.submit(MIA)
    await workspace.until(lambda: "Something broke on our side." in workspace.modal(MIA))
    assert "version_form.broken" in caplog.text

    beside.execute("alter table elsewhere rename to revisions")
    beside.close()
    assert workspace.value(MIA, "Why") == "Because."
    assert "Release 1.9" in words_of(await sent(workspace))
