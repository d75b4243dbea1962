"""A channel that Slack closes for ten minutes gets everything afterwards, in order, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, MIA, NOTES
from bot.slack.faces.blocks import section
from bot.slack.faces.messages import Message
from bot.slack.voice.of_reminders import direct_notice
from bot.storage.outbox import NewNotice
from tests.journeys.ticking import become, run, wait
from tests.workspace import Workspace, words_of

TEN_MINUTES = 600
COUNT = 12


def numbered(place: str, number: int) -> NewNotice:
    """Return a message that can be told from every other one."""
    name = f"{place} {number}"
    body = {"text": name, "blocks": [section(name)]}
    return NewNotice(key=name, kind="direct", channel=place, body=body)


async def say(team: Workspace, place: str, *numbers: int) -> None:
    await team.bot.desk.say(numbered(place, number) for number in numbers)


def heard(team: Workspace, place: str) -> list[str]:
    direct = place in (AIKO, BEN, MIA)
    messages = team.slack.direct(place) if direct else team.slack.messages(place)
    return [words_of(message) for message in messages]


async def hear(team: Workspace, place: str, count: int) -> None:
    """Wait until so many messages came, and a while longer for one too many."""
    await team.until(lambda: len(heard(team, place)) >= count)
    await team.settle()


def refused(team: Workspace) -> int:
    return len(team.refused("chat.postMessage", "ratelimited"))


def posted(team: Workspace, place: str) -> list[float]:
    return [
        row["at"]
        for row in team.called("chat.postMessage")
        if row["args"]["channel"] == place and row["status"] == 200
    ]


async def test_everything_comes_afterwards_in_order_and_once(workspace: Workspace) -> None:
    team = workspace
    team.slack.limit_channel(ASO, TEN_MINUTES)
    for number in range(COUNT):
        await say(team, ASO, number)
        await wait(team, hours=40 / 3600)
        assert heard(team, ASO) == []
    await wait(team, hours=300 / 3600)
    await hear(team, ASO, COUNT)

    assert heard(team, ASO) == [f"{ASO} {number}" for number in range(COUNT)]
    # Slack said how long, so it was asked once too early and not every minute.
    assert refused(team) == 1
    assert all(later - earlier >= 0.9 for earlier, later in pairwise(posted(team, ASO)))


async def test_between_two_messages_to_a_channel_a_whole_second_goes_by(
    workspace: Workspace,
) -> None:
    team = workspace
    await say(team, ASO, *range(4))
    await say(team, NOTES, *range(4))
    await team.until(lambda: len(heard(team, ASO)) + len(heard(team, NOTES)) == 8, step=0.25)

    for place in (ASO, NOTES):
        pauses = [later - earlier for earlier, later in pairwise(posted(team, place))]
        assert len(pauses) == 3
        assert all(pause >= 0.999 for pause in pauses)
    # Slack was not asked to say so.
    assert refused(team) == 0


async def test_nobody_else_waits_for_it(workspace: Workspace) -> None:
    team = workspace
    team.slack.limit_channel(ASO, TEN_MINUTES)
    await say(team, ASO, 1, 2)
    await say(team, NOTES, 1)
    await say(team, BEN, 1, 2)
    await wait(team, hours=10 / 3600)
    await hear(team, NOTES, 1)
    await hear(team, BEN, 2)

    assert heard(team, NOTES) == [f"{NOTES} 1"]
    assert heard(team, BEN) == [f"{BEN} 1", f"{BEN} 2"]
    assert heard(team, ASO) == []


@pytest.mark.parametrize("restarts", [1, 3])
async def test_a_restart_in_the_middle_changes_nothing(workspace: Workspace, restarts: int) -> None:
    team = workspace
    team.slack.limit_channel(ASO, TEN_MINUTES)
    for number in range(COUNT):
        await say(team, ASO, number)
        await wait(team, hours=40 / 3600)
        if number % (COUNT // restarts) == 1:
            await team.restart()
    await wait(team, hours=300 / 3600)
    await hear(team, ASO, COUNT)

    assert heard(team, ASO) == [f"{ASO} {number}" for number in range(COUNT)]
    # Whoever is stopped while Slack answers has not heard it, and asks once more.
    assert 1 <= refused(team) <= 1 + restarts


async def test_slack_may_ask_for_shorter_pauses_than_it_needs(workspace: Workspace) -> None:
    team = workspace
    team.slack.limit_channel(ASO, TEN_MINUTES, retry_after=30)
    await say(team, ASO, *range(COUNT))
    while len(heard(team, ASO)) < COUNT:
        await wait(team, hours=27 / 3600)
        await team.settle()

    assert heard(team, ASO) == [f"{ASO} {number}" for number in range(COUNT)]
    assert 10 <= refused(team) <= 21


async def test_direct_messages_keep_the_same_pace(workspace: Workspace) -> None:
    team = workspace
    team.slack.limit_channel(team.slack.direct_channel(BEN)["id"], TEN_MINUTES)
    await say(team, BEN, *range(COUNT))
    await wait(team, hours=300 / 3600)
    assert heard(team, BEN) == []
    await team.restart()
    await wait(team, hours=400 / 3600)
    await hear(team, BEN, COUNT)

    assert heard(team, BEN) == [f"{BEN} {number}" for number in range(COUNT)]
    assert all(later - earlier >= 0.9 for earlier, later in pairwise(posted(team, BEN)))


async def test_what_happened_meanwhile_is_told_in_the_order_in_which_it_happened(
    workspace: Workspace,
) -> None:
    team = workspace
    await run(team, "watch")
    team.slack.limit_channel(ASO, TEN_MINUTES)
    for state in ("WAITING_FOR_REVIEW", "IN_REVIEW", "REJECTED"):
        await become(team, state)
        await wait(team, hours=120 / 3600)
    assert team.told() == []
    await team.restart()
    await wait(team, hours=400 / 3600)
    await team.until(lambda: len(team.told()) >= 3)
    await team.settle()

    told = [words for words in team.told() if "Tidewell" in words]
    assert len(told) == 3
    assert "waits for Apple" in told[0]
    assert "reviewing" in told[1]
    assert "rejected" in told[2]


async def test_a_direct_message_that_was_cut_off_is_found_and_not_said_twice(
    workspace: Workspace,
) -> None:
    team = workspace
    await say(team, BEN, 1)
    await team.until(lambda: heard(team, BEN))
    await team.settle()
    await team.stop()
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.execute("update notices set state = 'doing', ts = null where channel = ?", (BEN,))
    await team.restart()
    await hear(team, BEN, 1)

    assert heard(team, BEN) == [f"{BEN} 1"]
    assert team.called("conversations.open")


async def test_what_a_person_is_told_without_an_address_waits_as_well(
    workspace: Workspace,
) -> None:
    team = workspace
    team.slack.limit_channel(team.slack.direct_channel(MIA)["id"], TEN_MINUTES)
    for number in range(2):
        message = Message(text=f"answer {number}", blocks=[section(f"answer {number}")])
        await team.bot.desk.say([direct_notice(MIA, message)])
    await wait(team, hours=100 / 3600)
    await team.restart()
    await wait(team, hours=600 / 3600)
    await hear(team, MIA, 2)

    assert heard(team, MIA) == ["answer 0", "answer 1"]
