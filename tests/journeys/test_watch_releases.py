"""The watch announces what Apple made of a version: each transition once, with its changes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import ASO, BEN, MIA, NOTES
from bot.settings import AppSettings
from tests.journeys.test_watch_accounts import APPS as TWO
from tests.journeys.test_watch_accounts import STUDIO, as_key
from tests.journeys.ticking import become, run, version, wait
from tests.journeys.version_people import done, write_release_notes
from tests.workspace import ORRERY, TIDEWELL, Workspace, a_workspace, words_of

READY = "READY_FOR_DISTRIBUTION"
REPLACED = "REPLACED_WITH_NEW_VERSION"


def every_word(team: Workspace) -> list[str]:
    """Return what is said of version 2.4.0, oldest first."""
    return [one for one in team.told() if "2.4.0" in one]


async def test_what_is_seen_for_the_first_time_is_not_announced(workspace: Workspace) -> None:
    await run(workspace, "watch", "watch")

    assert workspace.messages() == []


async def test_all_apps_are_looked_at_in_one_request(workspace: Workspace) -> None:
    asked = len(workspace.asked())
    await run(workspace, "watch")

    assert workspace.asked()[asked:] == ["GET /v1/apps"]


async def test_a_version_that_becomes_ready_is_announced_once_also_across_a_restart(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, READY)
    await run(workspace, "watch")
    await workspace.restart()
    await run(workspace, "watch", "watch")

    (told,) = [one for one in workspace.told() if "2.4.0" in one]
    assert "Tidewell Notes" in told


async def test_a_release_that_happened_while_nobody_ran_is_announced_after_the_start(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    workspace.apple.move(version(workspace)["id"], READY)
    await workspace.restart()
    await run(workspace, "watch")

    assert len([one for one in workspace.told() if "2.4.0" in one]) == 1


async def test_a_version_made_and_released_while_nobody_ran_for_days_is_announced(
    workspace: Workspace,
) -> None:
    await become(workspace, READY)
    id_ = workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS", "WAITING_FOR_REVIEW")
    await workspace.stop()
    await wait(workspace, days=3)
    workspace.apple.move(id_, READY)
    await workspace.restart()
    await run(workspace, "watch", "watch")

    (told,) = [one for one in workspace.told() if "2.5.0" in one]
    assert "It is on the App Store" in told


async def test_a_version_that_is_older_than_the_last_look_is_not_announced_when_it_turns_up(
    workspace: Workspace,
) -> None:
    await become(workspace, READY)
    before = workspace.clock.now() - timedelta(hours=3)
    id_ = workspace.apple.add_version(TIDEWELL, "2.5.0", "IOS", "WAITING_FOR_REVIEW")
    record = workspace.apple._store.records.need("appStoreVersions", id_)
    record.change({"createdDate": before.isoformat()}, workspace.apple.clock())
    await run(workspace, "watch", "watch")

    assert [one for one in workspace.told() if "2.5.0" in one] == []


async def test_two_looks_at_the_same_moment_announce_once(workspace: Workspace) -> None:
    await run(workspace, "watch")
    workspace.apple.move(version(workspace)["id"], READY)
    await asyncio.gather(run(workspace, "watch"), run(workspace, "watch"))

    assert len([one for one in workspace.told() if "2.4.0" in one]) == 1


async def test_a_release_lists_the_changes_that_went_with_it_and_who_made_them(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    await become(workspace, READY)

    (told,) = [one for one in workspace.told() if "What changed with it" in one]
    assert "2.4.0" in told
    assert "Subtitle" in told
    assert "Japanese" in told
    assert f"@{MIA}" in told
    assert f"@{BEN}" in told


async def a_big_push(team: Workspace) -> None:
    """Change five fields in each of Tidewell's twelve locales."""
    before = {message["ts"] for message in team.messages()}
    locales = list(version(team)["localizations"])
    await team.open_form(MIA, f"edit tidewell {locales[0]}")
    for place, locale in enumerate(locales):
        if place:
            await team.choose(MIA, "Locale", locale)
        site = f"https://example.com/{locale}"
        await team.fill(MIA, Keywords=f"notes,{place}", Promotional_text=f"News {place}")
        await team.fill(MIA, Support_URL=site, Marketing_URL=site)
        await team.fill_in(MIA, "What's new", f"Better. {place}")
    await team.submit(MIA)
    message = await team.until(lambda: team._seeded(before), why="no proposal was posted")
    await team.react(BEN, message)
    await team.says(message, "Pushed")


async def test_a_release_lists_every_proposal_however_much_came_after_it(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    first = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await workspace.react(BEN, first)
    await workspace.says(first, "Pushed")
    await a_big_push(workspace)
    await become(workspace, READY)

    (told,) = await workspace.until(
        lambda: [one for one in workspace.told() if "What changed with it" in one]
    )
    assert "Proposal 1 by" in told
    assert "Proposal 2 by" in told


async def test_the_version_that_was_replaced_is_another_transition(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await become(workspace, READY)

    (told,) = [one for one in workspace.told() if "2.3.0" in one]
    assert "eplaced" in told


async def test_a_state_that_comes_twice_is_two_transitions(workspace: Workspace) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW", "REJECTED", "WAITING_FOR_REVIEW", "IN_REVIEW"):
        await become(workspace, state)

    told = [message["text"] for message in workspace.messages()]
    assert len(told) == 5
    assert told[:2] == told[3:]


async def test_a_state_that_nobody_knows_yet_is_announced_as_it_is(workspace: Workspace) -> None:
    await run(workspace, "watch")
    record = workspace.apple._store.records.need("appStoreVersions", version(workspace)["id"])
    record.change({"appVersionState": "WAITING_FOR_MOONRISE"}, workspace.apple.clock())
    await run(workspace, "watch")

    (told,) = workspace.told()
    assert "waiting for moonrise" in told.lower().replace("_", " ")


async def test_each_app_is_announced_in_its_own_channel(tmp_path: Path) -> None:
    apps = (
        AppSettings(bundle_id="com.example.tidewell", channel=NOTES),
        AppSettings(bundle_id="com.example.orrery"),
    )
    async with a_workspace(tmp_path, apps=apps) as team:
        await run(team, "watch")
        await become(team, "WAITING_FOR_REVIEW")
        await become(team, READY, "1.9", app=ORRERY)

        assert [("2.4.0" in words_of(m)) for m in team.slack.messages(NOTES)] == [True]
        assert not any("2.4.0" in words_of(m) for m in team.slack.messages(ASO))
        assert any("1.9" in words_of(m) for m in team.slack.messages(ASO))


async def test_an_app_that_is_not_served_is_not_announced(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, apps=(AppSettings(bundle_id="com.example.orrery"),)) as team:
        await run(team, "watch")
        await become(team, READY)

        assert team.messages() == []


@pytest.mark.parametrize("kind", ["server_error", "broken"])
async def test_a_look_that_apple_does_not_answer_is_made_up_for_by_the_next(
    workspace: Workspace, kind: str
) -> None:
    await run(workspace, "watch")
    workspace.apple.move(version(workspace)["id"], READY)
    trouble = workspace.apple.faults.add(Fault(kind=kind))
    await run(workspace, "watch")
    assert workspace.messages() == []
    workspace.apple.faults.remove(trouble)
    await run(workspace, "watch")

    assert len([one for one in workspace.told() if "2.4.0" in one]) == 1


async def test_a_proposal_for_a_version_that_was_replaced_is_superseded(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    message = await workspace.propose(MIA, "edit tidewell macos de-DE", Promotional_text="Neu")
    assert "2.3.0" in words_of(message)
    workspace.apple.move(version(workspace, "2.3.0", platform="MAC_OS")["id"], REPLACED)
    await run(workspace, "watch", "watch")

    await workspace.says(message, "uperseded")
    await workspace.react(BEN, message)
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_a_state_that_was_there_before_the_bot_lasted_at_least_so_long(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await wait(workspace, hours=3)
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await wait(workspace, hours=5)
    await run(workspace, "watch")
    await become(workspace, "IN_REVIEW")

    first, second = (one for one in workspace.told() if "2.4.0" in one)
    assert "It was Prepare for Submission for at least 3 hours." in first
    assert "It was Waiting for Review for 5 hours." in second


async def test_a_state_that_ended_while_nobody_looked_is_not_said_to_have_lasted_until_now(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await workspace.stop()
    workspace.apple.move(version(workspace)["id"], "IN_REVIEW")
    await wait(workspace, days=3)
    await workspace.restart()
    await run(workspace, "watch")
    await wait(workspace, hours=2)
    await run(workspace, "watch")
    await become(workspace, "REJECTED")
    await wait(workspace, hours=1)
    await run(workspace, "watch")
    await wait(workspace, days=3)
    await become(workspace, "WAITING_FOR_REVIEW")

    _, ended_unseen, began_unseen, ended_later = (one for one in every_word(workspace))
    assert "It was Waiting for Review for up to 3 days." in ended_unseen
    assert "It was In Review for at least 2 hours." in began_unseen
    assert "It was Rejected for at least 1 hour and at most 3 days." in ended_later


async def test_a_state_that_ended_right_after_the_first_look_lasted_nobody_knows_how_long(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    await become(workspace, "IN_REVIEW")

    first, second = every_word(workspace)
    assert "It was Prepare for Submission." in first
    assert "It was Waiting for Review for less than a minute." in second


async def test_what_an_app_of_another_account_was_is_known_as_exactly(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, apps=TWO, accounts=(STUDIO,), keys=[as_key()]) as team:
        await run(team, "watch")
        await become(team, "PROCESSING_FOR_DISTRIBUTION", "1.9", app=ORRERY)
        await wait(team, hours=5)
        await run(team, "watch")
        await become(team, READY, "1.9", app=ORRERY)

        told = [one for one in team.told() if "It is on the App Store" in one]
        assert ["It was Processing for Distribution for 5 hours." in one for one in told] == [True]


async def test_a_command_that_looks_before_the_watch_does_not_know_since_when_it_was_so(
    workspace: Workspace,
) -> None:
    await workspace.command(MIA, "show tidewell")
    await workspace.until(lambda: workspace.private(MIA))
    await wait(workspace, hours=3)
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")

    (told,) = every_word(workspace)
    assert "It was Prepare for Submission for at least 3 hours." in told


async def test_a_command_that_looks_swallows_no_news_of_other_apps(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        await run(team, "watch")
        for one in await team.bot.desk.store.watchlog.versions(TIDEWELL):
            await team.bot.desk.store.standings.see([], [], gone=[one], now=team.clock.now())
        team.apple.move(version(team, "1.9", app=ORRERY)["id"], READY)
        team.apple.add_version(ORRERY, "2.0", "IOS", "WAITING_FOR_REVIEW")
        await team.command(MIA, "show tidewell")
        await team.until(lambda: team.private(MIA))
        await run(team, "watch")

        assert len([one for one in team.told() if "2.0" in one]) == 1


async def test_what_a_push_did_to_a_version_is_told_without_waiting_for_the_next_look(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    await run(workspace, "watch")
    message = await done(workspace, "submit tidewell")
    await workspace.until(lambda: any("Waiting for Review" in one for one in workspace.told()))

    shown = await workspace.says(message, "Waiting for Review")
    assert "Pushed" in words_of(shown)


async def test_an_app_info_that_goes_its_own_way_is_told_once_and_one_that_goes_along_is_not(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW"):
        await become(workspace, state)
    assert [one for one in workspace.told() if "subtitle and privacy" in one] == []

    workspace.apple.move_info(TIDEWELL, "REJECTED")
    await run(workspace, "watch", "watch")
    await workspace.restart()
    await run(workspace, "watch")
    (told,) = [one for one in workspace.told() if "subtitle and privacy" in one]
    (begun,) = [one for one in workspace.messages() if not one.get("thread_ts")]
    assert told in [words_of(one) for one in workspace.thread(begun)]
    assert "Tidewell Notes" in told
    assert "Rejected" in told
    assert f"@{BEN}" in told
