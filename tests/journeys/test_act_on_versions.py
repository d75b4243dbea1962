"""Acting on versions: proposed from a form, decided by others, done at Apple and not before."""

from __future__ import annotations

from bot.sandbox.cast import AIKO, BEN, MIA
from tests.journeys.ticking import become, version
from tests.journeys.version_people import done, opened, sent, write_release_notes
from tests.workspace import ORRERY, TIDEWELL, Workspace, words_of


async def test_a_submission_goes_through_proposal_and_approval_to_apple(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    told = await opened(workspace, "submit tidewell")
    assert "2.4.0 (2401)" in told
    assert "Everything that can be checked is there." in told
    assert "Nothing is sent to Apple before the proposal is approved." in told

    message = await sent(workspace, why="The folders are ready.")
    assert "Submit 2.4.0 with build 2.4.0 (2401) for review" in words_of(message)
    assert workspace.asked("POST", "PATCH") == []

    await workspace.react(BEN, message)
    shown = await workspace.says(message, "Submitted: waiting for review")
    assert "Pushed" in words_of(shown)
    assert version(workspace)["state"] == "WAITING_FOR_REVIEW"


async def test_what_the_checklist_misses_is_told_and_nothing_can_be_proposed(
    workspace: Workspace,
) -> None:
    told = await opened(workspace, "submit tidewell")

    assert "What's new:  Missing in ar-SA, he, it, th." in told
    assert workspace.labels(MIA) == []

    write_release_notes(workspace)
    await workspace.press_in_modal(MIA, "Look again")
    await workspace.until(lambda: "Why" in workspace.labels(MIA))


async def test_what_an_app_does_not_declare_is_told_before_apple_refuses_it(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    workspace.apple.declare(TIDEWELL, category="", rights="")
    told = await opened(workspace, "submit tidewell")
    assert "No primary category is chosen." in told
    assert "content of others" in told

    workspace.apple.declare(TIDEWELL, category="PRODUCTIVITY", rights="USES_THIRD_PARTY_CONTENT")
    await workspace.press_in_modal(MIA, "Look again")
    await workspace.until(lambda: "Why" in workspace.labels(MIA))


async def test_a_release_is_not_approved_by_who_proposed_it(workspace: Workspace) -> None:
    told = await opened(workspace, "release orrery", BEN)
    assert "public at once" in told
    message = await sent(workspace, BEN)
    assert "Release 1.9 to the App Store: public at once" in words_of(message)
    assert "nobody approves what they proposed" in words_of(message)

    await workspace.react(BEN, message)
    await workspace.until(
        lambda: any("You wrote or edited" in one for one in workspace.private(BEN))
    )
    await workspace.settle()
    assert workspace.asked("POST") == []

    await workspace.react(AIKO, message)
    await workspace.says(message, "Released: it is on its way")
    assert version(workspace, "1.9", app=ORRERY)["state"] == "PROCESSING_FOR_DISTRIBUTION"


async def test_a_version_in_review_is_taken_back(workspace: Workspace) -> None:
    await become(workspace, "WAITING_FOR_REVIEW")
    await opened(workspace, "cancel tidewell")

    message = await sent(workspace)
    assert "Take 2.4.0 out of review" in words_of(message)
    workspace.apple.conditions.cancel_seconds = 60.0
    await workspace.react(BEN, message)

    await workspace.says(message, "waiting for Apple")
    await workspace.says(message, "Taken out of review")
    assert version(workspace)["state"] == "DEVELOPER_REJECTED"


async def test_a_phased_release_is_begun_paused_resumed_and_completed(
    workspace: Workspace,
) -> None:
    async def phased(choice: str) -> str:
        label = "What should happen?"
        return words_of(await done(workspace, "phased orrery", **{label: choice}))

    assert "Phased release prepared" in await phased("INACTIVE")
    await done(workspace, "release orrery")
    one = version(workspace, "1.9", app=ORRERY)
    workspace.apple.review(one["id"], "distribute")
    for _ in range(2):
        workspace.apple.next_phased_day(one["id"])

    told = await opened(workspace, "phased orrery")
    assert "On day 3 of 7: 5 % of automatic updates." in told
    assert "30 left" in told
    await workspace.pick(MIA, "What should happen?", "PAUSED")
    message = await sent(workspace)
    assert "The phased release is on day 3: 5 % of automatic updates." in words_of(message)
    await workspace.react(BEN, message)
    await workspace.says(message, "The phased release is paused")
    assert "The phased release goes on" in await phased("ACTIVE")
    assert "Released to everybody" in await phased("COMPLETE")


async def test_a_new_version_comes_with_texts_build_and_release_type(
    workspace: Workspace,
) -> None:
    await become(workspace, "PENDING_DEVELOPER_RELEASE")
    await done(workspace, "release tidewell")
    workspace.apple.review(version(workspace)["id"], "distribute")

    await opened(workspace, "version tidewell ios")
    assert workspace.value(MIA, "Number") == "2.5.0"
    await workspace.pick(MIA, "Build", "2.5.0 (2501)")
    message = await sent(workspace)
    said = words_of(message)
    assert "New version 2.5.0" in said
    assert "not made yet" in said
    assert "Take over the texts of 2.4.0, all but what's new" in said
    assert "2.5.0 is released by hand" in said
    await workspace.react(BEN, message)

    await workspace.says(message, "Version 2.5.0 is there")
    await workspace.says(message, "Pushed")
    made = version(workspace, "2.5.0")
    assert made["state"] == "PREPARE_FOR_SUBMISSION"
    assert made["localizations"]["ja"]["description"] == workspace.live(
        "ja", "description", state="READY_FOR_DISTRIBUTION"
    )


async def test_a_build_is_chosen_from_those_that_can_be(workspace: Workspace) -> None:
    await opened(workspace, "build tidewell")
    offered = words_of({"blocks": [workspace.block(MIA, "Build")]})
    assert offered.index("2403") < offered.index("2402")
    assert "2404" not in offered
    assert "Nov 2026" in offered

    await workspace.pick(MIA, "Build", "2.4.0 (2403)")
    message = await sent(workspace)
    assert "Choose build 2.4.0 (2403) for 2.4.0 instead of 2.4.0 (2401)" in words_of(message)
    await workspace.react(BEN, message)
    await workspace.says(message, "Build 2.4.0 (2403) is chosen")


async def test_a_scheduled_release_takes_a_day_and_a_full_hour(workspace: Workspace) -> None:
    await opened(workspace, "release tidewell")
    await workspace.pick(MIA, "Release", "SCHEDULED")
    ack = await workspace.submit(MIA)
    assert ack.ok
    assert "has a date and an hour" in next(iter(workspace.errors(MIA).values()))

    await workspace.pick(MIA, "Release date", "2020-01-01")
    await workspace.pick(MIA, "Hour, Europe/Berlin", "09")
    await workspace.submit(MIA)
    assert "has passed" in next(iter(workspace.errors(MIA).values()))

    await workspace.pick(MIA, "Release date", "2030-12-02")
    message = await sent(workspace)
    assert "2.4.0 is released not before" in words_of(message)
    chosen = "2 Dec 2030, 08:00 UTC  your time (2 Dec 2030, 09:00 Europe/Berlin)"
    assert chosen in words_of(message)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    await workspace.settle()
    assert chosen in words_of(workspace.message(message["ts"]))
    (told,) = [words_of(reply) for reply in workspace.thread(message)]
    assert "It is released not before 2 Dec 2030, 09:00 Europe/Berlin" in told


async def test_every_time_on_a_proposal_is_the_readers_and_the_teams(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静か")
    open_until = "Open until  9 Mar 2026, 09:00 UTC  your time (9 Mar 2026, 10:00 Europe/Berlin)"
    assert open_until in words_of(message)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    told = words_of(workspace.message(message["ts"]))
    assert "2 Mar 2026, 09:00 UTC  your time (2 Mar 2026, 10:00 Europe/Berlin)" in told


async def test_a_stale_act_is_told_and_proposed_again(workspace: Workspace) -> None:
    await opened(workspace, "build tidewell")
    await workspace.pick(MIA, "Build", "2.4.0 (2402)")
    first = await sent(workspace)
    await opened(workspace, "build tidewell", BEN)
    await workspace.pick(BEN, "Build", "2.4.0 (2403)")
    other = await sent(workspace, BEN)
    assert "waits for the same" in words_of(other)
    await workspace.react(AIKO, other)
    await workspace.says(other, "Pushed")

    await workspace.react(BEN, first)
    await workspace.says(first, "Another build was chosen since this was proposed.")
    await workspace.press(MIA, first, "Propose again")
    await workspace.until(lambda: "Chosen now: 2.4.0 (2403)" in workspace.modal(MIA))
    again = await sent(workspace)
    assert "instead of 2.4.0 (2403)" in words_of(again)


async def test_a_choice_of_build_is_reverted_and_a_release_is_not(workspace: Workspace) -> None:
    message = await done(workspace, "build tidewell", Build="2.4.0 (2402)")
    before = len(workspace.messages())
    await workspace.press(MIA, message, "Revert")
    await workspace.until(lambda: len(workspace.messages()) > before)
    assert any("instead of 2.4.0 (2402)" in told for told in workspace.told())

    released = await done(workspace, "release orrery")
    assert "Revert" not in words_of(released)
    ack = await workspace.command(MIA, "revert 3")
    assert ack.ok
    await workspace.until(
        lambda: any("cannot be taken back" in one for one in workspace.private(MIA))
    )


async def test_what_was_done_is_in_the_history(workspace: Workspace) -> None:
    await done(workspace, "build tidewell", Build="2.4.0 (2402)")
    before = len(workspace.private(MIA))
    await workspace.command(MIA, "history tidewell")
    told = await workspace.until(lambda: workspace.private(MIA)[before:])
    assert "Build 2.4.0 (2402) is chosen" in told[0]
