"""What failed for good is summed up once a day at 18:00, and only then."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from tests.clock import HandClock
from tests.journeys.ticking import in_berlin, run, wait, wait_until
from tests.journeys.version_people import opened, ready, sent
from tests.workspace import TIDEWELL, Workspace, a_workspace

SUBTITLES = {"de-DE": "Stilles Heft", "fr-FR": "Carnet calme", "ja": "静かなノート", "ko": "조용한"}


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        await run(one, "watch", "failures")
        yield one


def summaries(team: Workspace) -> list[str]:
    return [told for told in team.told() if told.startswith("🔴") and "failure" in told[:20]]


def break_writes(team: Workspace, locales: Iterable[str]) -> list[int]:
    app = next(one for one in team.apple.apps() if one["id"] == TIDEWELL)
    info = next(one for one in app["infos"] if one["editable"])
    return [
        team.apple.faults.add(
            Fault(kind="server_error", match=f"PATCH /v1/appInfoLocalizations/{text['id']}")
        )
        for locale, text in info["localizations"].items()
        if locale in locales
    ]


async def a_failed_push(
    team: Workspace, *failing: str, well: Iterable[str] = ()
) -> Mapping[str, Any]:
    """Propose and approve subtitles of which those of `failing` locales do not arrive."""
    faults = break_writes(team, failing)
    message = await propose_subtitles(team, [*failing, *well])
    await team.react(BEN, message)
    await team.says(message, "Retry failed")
    for fault in faults:
        team.apple.faults.remove(fault)
    return message


async def propose_subtitles(team: Workspace, locales: list[str]) -> Mapping[str, Any]:
    before = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, f"edit tidewell {locales[0]}")
    for place, locale in enumerate(locales):
        if place:
            await team.choose(MIA, "Locale", locale)
        await team.fill(MIA, Subtitle=SUBTITLES[locale])
    await team.submit(MIA)
    return await team.until(lambda: team._seeded(before), why="no proposal was posted")


async def test_a_day_with_three_failed_locales_ends_in_one_summary_that_names_them(
    team: Workspace,
) -> None:
    await a_failed_push(team, "de-DE", "fr-FR", "ja", well=["ko"])
    await wait_until(team, "2026-03-02 17:59")
    await run(team, "failures")
    assert summaries(team) == []

    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures", "failures")
    await team.restart()
    await wait(team, hours=20)
    await run(team, "failures")

    (told,) = summaries(team)
    assert "Tidewell Notes" in told
    for language in ("German", "French", "Japanese"):
        assert language in told
    assert "Korean" not in told


async def test_a_day_without_failures_ends_in_silence(team: Workspace) -> None:
    for _ in range(3):
        await wait(team, days=1)
        await run(team, "failures")

    assert team.messages() == []


async def test_what_failed_after_the_summary_is_told_the_next_day(team: Workspace) -> None:
    await wait_until(team, "2026-03-02 18:01")
    await run(team, "failures")
    await a_failed_push(team, "ja")
    await run(team, "failures")
    assert summaries(team) == []

    await wait_until(team, "2026-03-03 18:00")
    await run(team, "failures")
    assert len(summaries(team)) == 1


async def test_a_summary_that_was_slept_through_is_made_up_for(team: Workspace) -> None:
    await a_failed_push(team, "ja")
    await wait_until(team, "2026-03-02 21:00")
    await team.restart()
    await run(team, "failures", "failures")

    assert len(summaries(team)) == 1


async def test_no_failure_is_forgotten_when_several_days_were_slept_through(
    team: Workspace,
) -> None:
    await wait_until(team, "2026-03-02 19:00")
    await run(team, "failures")
    await a_failed_push(team, "ja")
    await wait_until(team, "2026-03-05 09:00")
    await team.restart()
    await run(team, "failures", "failures")

    (told,) = summaries(team)
    assert "Japanese" in told


async def test_what_a_retry_brought_home_is_no_failure_of_the_day(team: Workspace) -> None:
    message = await a_failed_push(team, "de-DE", "ja")
    break_writes(team, ["ja"])
    await team.press(MIA, message, "Retry failed")
    await team.until(lambda: len(team.thread(message)) == 2, why="no second result")
    assert team.live("de-DE", "subtitle") == SUBTITLES["de-DE"]
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    (told,) = summaries(team)
    assert "Japanese" in told
    assert "German" not in told


async def test_what_was_retried_with_success_leaves_nothing_to_sum_up(team: Workspace) -> None:
    message = await a_failed_push(team, "ja")
    await team.press(MIA, message, "Retry failed")
    await team.says(message, "Pushed")
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    assert summaries(team) == []


async def propose_again(
    team: Workspace, message: Mapping[str, Any], *, without: Iterable[str] = ()
) -> Mapping[str, Any]:
    """Propose anew what did not arrive, save in some locales; return the approved message."""
    before = {one["ts"] for one in team.messages()}
    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    for locale in without:
        await team.choose(MIA, "Locale", locale)
        await team.fill(MIA, Subtitle=team.live(locale, "subtitle"))
    await team.submit(MIA)
    again = await team.until(lambda: team._seeded(before), why="no proposal was posted")
    await team.react(BEN, again)
    return again


async def test_what_was_proposed_again_with_success_leaves_nothing_to_sum_up(
    team: Workspace,
) -> None:
    message = await a_failed_push(team, "ja", "ko")
    again = await propose_again(team, message, without=["ko"])
    await team.says(again, "Pushed")
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    assert summaries(team) == []


async def test_what_failed_again_is_told_of_the_newer_proposal_alone(team: Workspace) -> None:
    message = await a_failed_push(team, "ja")
    break_writes(team, ["ja"])
    await team.says(await propose_again(team, message), "Retry failed")
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    (told,) = summaries(team)
    assert "proposal 2" in told
    assert "proposal 1" not in told


async def test_what_another_proposal_brought_home_is_no_failure_of_the_day(
    team: Workspace,
) -> None:
    await a_failed_push(team, "ja", "ko")
    await team.settle()
    other = await propose_subtitles(team, ["ja"])
    await team.react(BEN, other)
    await team.says(other, "Pushed")
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    (told,) = summaries(team)
    assert "Korean" in told
    assert "Japanese" not in told


async def test_an_action_that_another_one_replaced_cannot_be_retried_and_is_not_summed_up(
    team: Workspace,
) -> None:
    fault = team.apple.faults.add(Fault(kind="server_error", match="PATCH /v1/appStoreVersions"))
    await opened(team, "build tidewell")
    await team.pick(MIA, "Build", "2.4.0 (2402)")
    failed = await sent(team)
    await team.react(BEN, failed)
    await team.says(failed, "Retry failed")
    team.apple.faults.remove(fault)
    await team.press(MIA, failed, "Propose again")
    await team.until(lambda: ready(team))
    await sent(team)
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    assert summaries(team) == []


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
async def test_a_day_on_which_the_clocks_move_has_its_summary_at_eighteen(
    tmp_path: Path, day: str
) -> None:
    clock = HandClock(in_berlin(f"{day} 00:30"))
    async with a_workspace(tmp_path, clock=clock) as team:
        await run(team, "watch", "failures")
        await a_failed_push(team, "ja")
        await wait_until(team, f"{day} 17:59")
        await run(team, "failures")
        assert summaries(team) == []

        await wait_until(team, f"{day} 18:00")
        await run(team, "failures")
        assert len(summaries(team)) == 1


async def test_a_failure_in_the_hour_that_is_skipped_is_in_the_next_summary(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path) as team:
        desk = team.bot.desk
        desk.rules = replace(desk.rules, summary_at=time(2, 30))
        await run(team, "watch")
        # At 02:00 the clocks of Berlin jump to 03:00; that is when a day that ends at 02:30 does.
        await wait_until(team, "2026-03-29 01:30")
        await run(team, "failures")
        await team.clock.travel(1860)
        await run(team, "failures")
        ended = await desk.store.watchlog.last_run("failures")
        assert ended == "2026-03-29T01:00+00:00"


async def test_the_summary_says_what_to_do(team: Workspace) -> None:
    await a_failed_push(team, "ja")
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures")

    (told,) = summaries(team)
    assert "proposal 1" in told
    assert AIKO not in told


async def test_no_failure_is_lost_or_told_twice_when_the_time_of_the_summary_is_changed(
    team: Workspace,
) -> None:
    desk = team.bot.desk
    for at, until, locale in (
        (time(18), "2026-03-02 18:00", "ja"),
        (time(9), "2026-03-03 09:00", "ko"),
        (time(20), "2026-03-03 20:00", "fr-FR"),
    ):
        await a_failed_push(team, locale)
        desk.rules = replace(desk.rules, summary_at=at)
        await wait_until(team, until)
        await run(team, "failures", "failures")

    told = summaries(team)
    assert len(told) == 3
    for language in ("Japanese", "Korean", "French"):
        assert sum(language in one for one in told) == 1


async def test_a_clock_that_was_years_ahead_does_not_silence_the_summaries(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2036-01-01 12:00"))) as team:
        await run(team, "failures")
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2026-03-02 10:00"))) as team:
        await run(team, "watch", "failures")
        await a_failed_push(team, "ja")
        await wait_until(team, "2026-03-02 18:00")
        await run(team, "failures", "failures")
        assert len(summaries(team)) == 1


def quiet_lines(team: Workspace) -> list[str]:
    return [told for told in team.told() if told.startswith("Nothing failed")]


async def test_a_day_on_which_people_did_something_and_nothing_failed_ends_in_one_line_with_a_hash(
    team: Workspace,
) -> None:
    await wait(team, hours=1)
    await propose_subtitles(team, ["de-DE"])
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "failures", "failures")
    (line,) = quiet_lines(team)
    assert line.startswith("Nothing failed on 2 Mar 2026. Record ")
    (head,) = re.findall(r"verify --head ([0-9a-f]{16}) ", line)
    entries = [one.hash async for one in team.bot.desk.store.record.entries()]
    assert head in {one[:16] for one in entries}
    assert summaries(team) == []


async def test_a_day_on_which_the_bot_only_looked_at_apple_is_silent(team: Workspace) -> None:
    await wait(team, hours=1)
    await run(team, "watch")
    await wait_until(team, "2026-03-02 18:00")
    kinds = [one.kind async for one in team.bot.desk.store.record.entries()]
    assert "calls" in kinds
    await run(team, "failures")
    assert quiet_lines(team) == []
