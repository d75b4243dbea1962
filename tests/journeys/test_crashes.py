"""A process that is killed at any request of a push ends the push after it came back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN
from tests.journeys.process import Process, Wish, a_process
from tests.workspace import TIDEWELL

NEW_LOCALES = ("sv", "fi", "da", "no", "pl", "cs", "hu", "ro", "el", "hr", "ca", "uk", "vi", "sk")
# Platforms kill what has not ended ten seconds after they asked.
PLATFORMS_WAIT = 10.0
PHASES = ("kill_before", "kill_after_apply", "kill_after_answer")


def wish(number: int, new_locale: str) -> Wish:
    """Change two localizations of each kind and add a locale: what a push can have to do."""
    return Wish(
        texts={
            "de-DE": {"Subtitle": f"Stilles Heft {number}", "Keywords": f"heft,notiz{number}"},
            "ja": {"Keywords": f"ノート,静か{number}"},
            new_locale: {"Name": f"Tidewell {number}", "Description": f"Notes, quietly. {number}"},
        }
    )


async def a_push(
    team: Process, number: int, fault: Fault | None = None, *, kills: int = 1
) -> list[dict[str, Any]]:
    """Carry a wish from the form to the result and return Apple's log of its push."""
    asked = wish(number, NEW_LOCALES[number])
    message = await team.wish(asked, words="edit tidewell de-DE")
    since = team.newest_request
    starts = team.child.restarts
    if fault is not None:
        team.apple.faults.add(fault)
    await team.approve(message)
    said = await team.result(message)
    assert "Pushed" in said
    await team.says(message, "Pushed")
    if fault is not None:
        assert team.child.restarts >= starts + kills
        await team.looked_at_apps(since=since)
    requests = team.requests_since(since)
    check(team, asked, message, requests)
    return requests


def check(
    team: Process, asked: Wish, message: Mapping[str, Any], requests: list[dict[str, Any]]
) -> None:
    places = {"Subtitle": "subtitle", "Name": "name", "Keywords": "keywords"}
    for locale, texts in asked.texts.items():
        for label, text in texts.items():
            assert team.live(locale, places.get(label, "description")) == text
    made = Counter(row["path"] for row in requests if row["status"] == 201)
    assert set(made.values()) == {1}, made
    wishes = [(locale, label) for locale, texts in asked.texts.items() for label in texts]
    proposal = team.rows("select proposal_id from revisions where message_ts = ?", message["ts"])
    history = team.rows("select * from history where proposal_id = ?", proposal[0][0])
    assert len(history) == len(wishes) + 1


@pytest.mark.parametrize("phase", PHASES)
async def test_a_process_killed_at_any_request_of_a_push_ends_it_right(phase: str) -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        undisturbed = await a_push(team, 0)
        assert {row["method"] for row in undisturbed} == {"GET", "PATCH", "POST"}
        length = len(undisturbed)
        for nth in range(1, length + 1):
            await a_push(team, nth, Fault(kind=phase, nth=nth))
        assert team.child.restarts == length
        assert len(team.messages()) == length + 1
        assert [len(team.results(message)) for message in team.messages()] == [1] * (length + 1)


async def test_a_process_killed_at_one_write_after_the_other_ends_the_push_right() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        deadly = Fault(kind="kill_after_apply", writes_only=True, count=8)
        await a_push(team, 0, deadly, kills=2)


@pytest.mark.parametrize("kind", PHASES)
async def test_a_process_killed_while_it_takes_a_locale_away_ends_right(kind: str) -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        await a_push(team, 0)
        (added,) = team.messages()
        await team.command(BEN, "revert 1")
        taken = await team.until(lambda: team._seeded({added["ts"]}), why="no revert was posted")
        team.apple.faults.add(Fault(kind=kind, match="DELETE", count=2))
        await team.react(AIKO, taken)

        assert "Pushed" in await team.result(taken, proposer=BEN)
        assert team.live(NEW_LOCALES[0], "name") == ""
        assert team.live(NEW_LOCALES[0], "description") == ""
        assert team.child.restarts == 2


async def test_a_process_that_is_told_to_stop_in_a_push_goes_on_after_the_next_start() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        asked = wish(0, NEW_LOCALES[0])
        message = await team.wish(asked, words="edit tidewell de-DE")
        since = team.newest_request
        held = team.apple.faults.add(Fault(kind="slow", match="PATCH", seconds=30.0))
        await team.approve(message)
        await team.until(lambda: any(row["method"] == "PATCH" for row in team.apple.log))
        async with asyncio.timeout(PLATFORMS_WAIT):
            await team.child.stop()
        team.apple.faults.remove(held)
        # What was given up is in the record as such, and nothing else is.
        cut_off = [call for call in team.calls_told() if call.get("fault") == "CutOff"]
        assert {call["method"] for call in cut_off} == {"PATCH"}
        assert not team.rows("select * from steps where state = 'doing'")
        await team.child.start()

        assert "Pushed" in await team.result(message)
        check(team, asked, message, team.requests_since(since))


@pytest.mark.parametrize("kind", ["kill_after_apply", "kill_after_answer"])
async def test_a_write_is_in_the_record_although_the_process_was_killed_then(kind: str) -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        await a_push(team, 0, Fault(kind=kind, writes_only=True, nth=3))
        told = Counter((call["method"], call["path"]) for call in team.calls_told())
        assert team.writes_sent() - told == Counter()


async def test_a_process_told_to_stop_lets_the_writes_under_way_end_and_begins_none() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        message = await team.wish(wish(0, NEW_LOCALES[0]), words="edit tidewell de-DE")
        held = team.apple.faults.add(Fault(kind="slow", match="POST", seconds=1.0))
        await team.approve(message)
        await team.until(lambda: any(row["method"] == "POST" for row in team.apple.log))
        await team.child.stop()
        team.apple.faults.remove(held)

        steps = [tuple(row) for row in team.rows("select verb, state from steps")]
        # The second half of the new locale was not begun.
        assert Counter(steps) == {
            ("update", "done"): 3,
            ("create", "done"): 1,
            ("create", "todo"): 1,
        }
        assert team.writes_sent() == Counter(
            (call["method"], call["path"]) for call in team.calls_told() if call["method"] != "GET"
        )
        await team.child.start()
        assert "Pushed" in await team.result(message)


async def test_a_process_told_to_stop_while_apple_and_slack_answer_nothing_ends_by_itself() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        asked = wish(0, NEW_LOCALES[0])
        message = await team.wish(asked, words="edit tidewell de-DE")
        since = team.newest_request
        held = team.apple.faults.add(Fault(kind="slow", match="PATCH", seconds=60.0))
        team.slack.api.held.update({"chat.update": 60.0, "chat.postMessage": 60.0})
        await team.approve(message)
        await team.until(lambda: any(row["method"] == "PATCH" for row in team.apple.log))
        # Long enough for the message to be drawn, which Slack holds.
        await asyncio.sleep(2)
        assert team.child.pid
        os.kill(team.child.pid, signal.SIGTERM)
        async with asyncio.timeout(PLATFORMS_WAIT):
            await team.until(lambda: team.child.restarts == 1, why="it does not end")
        # Nobody had to kill it.
        assert any(line.endswith("ended with 0") for line in team.child.status()["tail"])
        team.apple.faults.remove(held)
        team.slack.api.held.clear()

        assert "Pushed" in await team.result(message)
        check(team, asked, message, team.requests_since(since))


async def test_people_who_voted_while_the_process_was_dead_are_heard() -> None:
    async with a_process() as team:
        message = await team.wish(wish(0, NEW_LOCALES[0]), words="edit tidewell de-DE")
        await team.child.kill()
        await team.approve(message)

        assert "Pushed" in await team.result(message)


async def test_a_release_is_announced_once_although_the_process_is_killed_again_and_again() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        await team.until(lambda: team.rows("select id from versions"))
        app = next(one for one in team.apple.apps() if one["id"] == TIDEWELL)
        coming = next(one for one in app["versions"] if one["version"] == "2.4.0")
        team.apple.move(coming["id"], "READY_FOR_DISTRIBUTION")
        for _ in range(3):
            since = team.newest_request
            await team.child.kill()
            await team.looked_at_apps(since=since)
            await team.until(lambda: any("2.4.0" in told for told in team.told()))

        assert len([told for told in team.told() if "2.4.0" in told]) == 1


async def test_a_process_killed_the_moment_slack_has_a_message_does_not_say_it_twice() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        deadly_posts = [1, 2]

        def kill_at_a_post() -> None:
            said = sum(1 + len(team.thread(message)) for message in team.messages())
            if deadly_posts and said >= deadly_posts[0] and team.child.pid:
                deadly_posts.pop(0)
                os.kill(team.child.pid, signal.SIGKILL)

        team.slack.listen(kill_at_a_post)
        message = await team.wish(wish(0, NEW_LOCALES[0]), words="edit tidewell de-DE")
        await team.approve(message)
        assert "Pushed" in await team.result(message)
        await team.says(message, "Pushed")
        await team.until(lambda: team.child.restarts == 2, why="it was not killed twice")
        await team.until(lambda: not team.rows("select id from notices where state <> 'done'"))

        assert (len(team.messages()), len(team.thread(message))) == (1, 1)
