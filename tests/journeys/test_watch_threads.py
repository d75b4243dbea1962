"""One thread for each version and channel tells its whole story."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from tests.journeys.ticking import become, phase, run, set_phase, version, wait
from tests.workspace import TIDEWELL, Workspace, words_of

READY = "READY_FOR_DISTRIBUTION"
PENDING = "PENDING_DEVELOPER_RELEASE"


def root(team: Workspace, number: str = "2.4.0") -> Mapping[str, Any]:
    """Return the message that a version's story begins with."""
    return next(m for m in team.messages() if number in words_of(m) and not m.get("thread_ts"))


def story(team: Workspace) -> list[str]:
    """Return the thread of version 2.4.0 in words, its beginning first."""
    begun = root(team)
    return [words_of(begun), *map(words_of, team.thread(begun))]


def buttons(message: Mapping[str, Any]) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def test_later_transitions_are_replies_in_the_thread_of_the_first(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    for state in ("READY_FOR_REVIEW", "WAITING_FOR_REVIEW", "IN_REVIEW", PENDING):
        await become(workspace, state)

    told = story(workspace)
    assert len(told) == 4
    assert "It waits for Apple's review" in told[1]
    assert "Apple approved it" in told[3]


async def test_what_people_act_on_is_shown_in_the_channel_too_the_rest_in_the_thread_alone(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "PROCESSING_FOR_DISTRIBUTION", READY):
        await become(workspace, state)

    shown = [one for one in workspace.told() if "2.4.0" in one]
    assert len(story(workspace)) == 3
    assert len(shown) == 2
    assert "It is on the App Store" in shown[1]


async def test_how_long_the_old_state_lasted_is_said(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await wait(workspace, hours=5)
    await run(workspace, "watch")
    await become(workspace, "IN_REVIEW")

    assert "It was Waiting for Review for 5 hours." in story(workspace)[-1]


async def test_how_long_a_phased_release_was_what_it_was_is_said(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    await become(workspace, READY)
    await wait(workspace, hours=5)
    await run(workspace, "watch", "watch")
    await set_phase(workspace, "PAUSED")
    await run(workspace, "watch", "watch")
    await wait(workspace, hours=72)
    await set_phase(workspace, "ACTIVE")
    await run(workspace, "watch", "watch")

    paused, goes_on = story(workspace)[-2:]
    assert "It was under way for 5 hours." in paused
    assert "It was paused for up to 3 days." in goes_on


async def test_how_long_an_app_info_was_what_it_was_is_said(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await wait(workspace, hours=5)
    await run(workspace, "watch")
    workspace.apple.move_info(TIDEWELL, "REJECTED")
    await run(workspace, "watch")

    assert "information was Waiting for Review for 5 hours before." in story(workspace)[-1]


async def test_a_thread_goes_on_after_a_restart(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await workspace.restart()
    await become(workspace, "IN_REVIEW")

    assert len(story(workspace)) == 2


async def test_when_the_beginning_was_deleted_the_story_begins_anew(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    del workspace.slack.workspace.channels[ASO].messages[root(workspace)["ts"]]
    await become(workspace, "IN_REVIEW")
    await become(workspace, PENDING)

    told = story(workspace)
    assert len(told) == 2
    assert "In Review" in told[0]


async def test_a_rejection_calls_the_owners_and_nothing_else_does(workspace: Workspace) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW", "METADATA_REJECTED", "INVALID_BINARY"):
        await become(workspace, state)

    calls = [(f"@{BEN}" in one, f"@{AIKO}" in one) for one in story(workspace)]
    assert calls == [(False, False), (False, False), (True, True), (True, True)]
    assert "🛑" in story(workspace)[2]


async def test_the_next_useful_button_comes_with_the_state(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await become(workspace, PENDING)
    begun = root(workspace)

    always = ["See listing", "Open App Store Connect"]
    assert buttons(begun) == always
    assert buttons(workspace.thread(begun)[-1]) == ["Release", *always]


async def test_see_listing_shows_the_texts_to_who_pressed_it_alone(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await workspace.press(MIA, root(workspace), "See listing")
    await workspace.until(lambda: workspace.private(MIA))

    assert "Promotional text" in workspace.private(MIA)[-1]
    assert workspace.private(BEN) == []


async def test_what_a_closer_look_missed_for_want_of_an_answer_is_told_by_the_next(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    trouble = workspace.apple.faults.add(
        Fault(kind="server_error", match=f"GET /v1/apps/{TIDEWELL}/appStoreVersions")
    )
    await become(workspace, READY)
    assert "day 1 of 7" not in story(workspace)[-1]
    workspace.apple.faults.remove(trouble)
    await run(workspace, "watch", "watch")

    assert [one for one in story(workspace) if "day 1 of 7" in one] == story(workspace)[-1:]


async def test_a_phased_release_is_told_day_by_day_in_the_thread(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    await become(workspace, READY)
    id_ = version(workspace)["id"]
    workspace.apple.next_phased_day(id_)
    await run(workspace, "watch", "watch")
    await set_phase(workspace, "PAUSED")
    await run(workspace, "watch")
    await set_phase(workspace, "ACTIVE")
    await run(workspace, "watch")
    await set_phase(workspace, "COMPLETE")
    await run(workspace, "watch", "watch")

    told = story(workspace)[2:]
    said = ["day 1 of 7, 1 %", "day 2 of 7, 2 %", "paused on day 2", "goes on", "is complete"]
    assert [words in one for words, one in zip(said, told, strict=True)] == [True] * 5
    shown = [one for one in workspace.told() if "The phased release" in one]
    assert ["paused on" in shown[0], "is complete" in shown[1], len(shown)] == [True, True, 2]


async def test_a_phased_release_that_begins_after_its_version_went_live_is_followed(
    workspace: Workspace,
) -> None:
    workspace.apple.conditions.phase_seconds = 300
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    await become(workspace, READY)
    assert "day 1 of 7" not in story(workspace)[-1]
    for _ in range(5):
        await wait(workspace, hours=1 / 30)
        await run(workspace, "watch")

    assert [one for one in story(workspace) if "day 1 of 7" in one] == story(workspace)[-1:]


async def test_a_phased_release_that_never_begins_is_read_for_two_weeks_alone(
    workspace: Workspace,
) -> None:
    workspace.apple.conditions.phase_seconds = 40 * 86_400
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    await become(workspace, READY)
    closer = f"GET /v1/apps/{TIDEWELL}/appStoreVersions"

    for days, reads in ((13, True), (2, False)):
        await wait(workspace, days=days)
        asked = len(workspace.asked())
        await run(workspace, "watch")
        assert (closer in workspace.asked()[asked:]) is reads


async def test_buttons_of_a_phased_release_fit_what_it_is(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await phase(workspace)
    await become(workspace, PENDING)
    await become(workspace, READY)
    begun = root(workspace)

    always = ["See listing", "Open App Store Connect"]
    pause, resume = "Pause phased release", "Resume phased release"
    for reply in workspace.thread(begun)[:2]:
        assert buttons(reply) == [pause, "Release to everybody", *always]
    await set_phase(workspace, "PAUSED")
    await run(workspace, "watch")
    assert buttons(workspace.thread(begun)[-1]) == [resume, "Release to everybody", *always]
    await set_phase(workspace, "COMPLETE")
    await run(workspace, "watch")
    assert buttons(workspace.thread(begun)[-1]) == always


async def test_a_phased_release_that_began_before_anybody_looked_is_not_announced(
    workspace: Workspace,
) -> None:
    await phase(workspace)
    workspace.apple.move(version(workspace)["id"], PENDING)
    workspace.apple.move(version(workspace)["id"], READY)
    await run(workspace, "watch", "watch", "watch")
    assert workspace.messages() == []

    workspace.apple.next_phased_day(version(workspace)["id"])
    await run(workspace, "watch")
    (told,) = [one for one in workspace.told() if "2.4.0" in one]
    assert "day 2 of 7" in told


async def test_a_phased_release_of_an_app_with_old_versions_alone_is_followed(
    workspace: Workspace,
) -> None:
    await phase(workspace)
    id_ = version(workspace)["id"]
    for state in (PENDING, READY):
        workspace.apple.move(id_, state)
    for record in workspace.apple._store.records.every("appStoreVersions"):
        record.change({"createdDate": "2025-06-01T09:00:00Z"}, workspace.apple.clock())
    await run(workspace, "watch", "watch")
    asked = len(workspace.asked())
    workspace.apple.next_phased_day(id_)
    await run(workspace, "watch")

    assert [one for one in workspace.told() if "day 2 of 7" in one]
    # The other app was read once; it has nothing that goes on.
    closer = [one for one in workspace.asked()[asked:] if one.endswith("/appStoreVersions")]
    assert closer == [f"GET /v1/apps/{TIDEWELL}/appStoreVersions"]


async def test_a_version_that_was_made_and_handed_in_between_two_looks_is_announced(
    workspace: Workspace,
) -> None:
    await become(workspace, READY)
    workspace.apple.add_version("6470000101", "2.5.0", "IOS", "WAITING_FOR_REVIEW")
    await run(workspace, "watch", "watch")

    (told,) = [one for one in workspace.told() if "2.5.0" in one]
    assert "It was" not in told


async def test_a_version_that_somebody_made_is_told_once_and_its_story_begins_with_it(
    workspace: Workspace,
) -> None:
    await become(workspace, READY)
    workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS")
    await run(workspace, "watch", "watch")
    await workspace.restart()
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW", "2.5.0")

    begun = root(workspace, "2.5.0")
    assert "The version is new. Its texts can be edited." in words_of(begun)
    assert [("Waiting for Review" in words_of(one)) for one in workspace.thread(begun)] == [True]


async def test_two_looks_at_once_leave_one_story(workspace: Workspace) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW", PENDING):
        workspace.apple.move(version(workspace)["id"], state)
        await asyncio.gather(run(workspace, "watch"), run(workspace, "watch"))

    assert len(story(workspace)) == 3


async def test_a_version_that_somebody_deleted_is_forgotten(workspace: Workspace) -> None:
    await run(workspace, "watch")
    id_ = version(workspace)["id"]
    await wait(workspace, hours=2)
    studio = workspace.apple._store.rooms.studio
    studio.remove_version(workspace.apple._store.records.need("appStoreVersions", id_))
    await run(workspace, "watch", "watch")

    known = await workspace.bot.desk.store.watchlog.versions()
    assert id_ not in {one.version.id for one in known}
    assert workspace.messages() == []


async def test_a_version_that_apples_lists_lack_for_a_moment_is_not_forgotten_and_told_anew(
    workspace: Workspace,
) -> None:
    await become(workspace, READY)
    await wait(workspace, hours=2)
    id_ = workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS")
    await run(workspace, "watch")
    late = workspace.apple.faults.add(Fault(kind="lag", seconds=1800))
    await wait(workspace, hours=1 / 4)
    await run(workspace, "watch", "watch")
    known = await workspace.bot.desk.store.watchlog.versions()
    assert id_ in {one.version.id for one in known}
    workspace.apple.faults.remove(late)
    await run(workspace, "watch")

    assert len([one for one in workspace.told() if "2.5.0" in one]) == 1
