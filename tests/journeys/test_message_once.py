"""Each message once and in order, whatever breaks between Slack and the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise

import pytest

from bot.sandbox.cast import BEN, MIA
from bot.sandbox.slack.web_api import Fault
from tests.workspace import Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


@contextmanager
def store_file(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """Open the file of a bot that is down."""
    with closing(sqlite3.connect(workspace.settings.database)) as db, db:
        yield db


def proposals(workspace: Workspace) -> list[str]:
    return [m["ts"] for m in workspace.messages() if "proposes" in words_of(m)]


async def test_a_message_posted_just_before_the_bot_died_is_found_and_not_posted_twice(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    await workspace.stop()
    with store_file(workspace) as db:
        db.execute("update notices set state = 'doing', ts = null where kind = 'proposal'")
        db.execute("update revisions set message_ts = null")
    await workspace.restart()
    await workspace.settle()

    assert proposals(workspace) == [message["ts"]]
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")


async def test_a_vote_cast_while_the_message_was_not_yet_known_counts_after_all(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    await workspace.stop()
    workspace.slack.events.subscribed.clear()
    await workspace.react(BEN, message)
    with store_file(workspace) as db:
        db.execute("update notices set state = 'doing', ts = null where kind = 'proposal'")
        db.execute("update revisions set message_ts = null")
    await workspace.restart()
    await workspace.says(message, "Pushed")


async def test_a_result_that_was_told_before_the_bot_died_is_not_told_twice(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    await workspace.until(lambda: workspace.thread(message))
    await workspace.settle()
    await workspace.stop()
    with store_file(workspace) as db:
        db.execute("update notices set state = 'doing', ts = null where kind = 'result'")
    await workspace.restart()
    await workspace.settle()
    assert len(workspace.thread(message)) == 1


@pytest.mark.parametrize("method", ["reactions.add", "chat.getPermalink", "conversations.replies"])
async def test_trouble_after_posting_does_not_post_again(workspace: Workspace, method: str) -> None:
    workspace.slack.api.faults.append(
        Fault(method=method, error="ratelimited", status=429, times=3)
    )
    await workspace.propose(MIA, "edit tidewell de-DE", Description="Viel Neues. " * 200)
    await workspace.settle()
    assert len(proposals(workspace)) == 1
    (message,) = [m for m in workspace.messages() if m["ts"] in proposals(workspace)]
    assert len(workspace.thread(message)) == 1


@pytest.mark.parametrize("look", ["ratelimited", "missing_scope"])
async def test_a_message_whose_answer_was_lost_is_not_posted_again_before_it_was_looked_for(
    workspace: Workspace, look: str
) -> None:
    status = 429 if look == "ratelimited" else 200
    workspace.slack.api.faults += [
        Fault(method="chat.postMessage", kind="lost"),
        Fault(method="conversations.history", error=look, status=status),
    ]
    await workspace.propose(MIA, **GERMAN)
    await workspace.settle()

    assert len(workspace.refused("conversations.history", look)) == 1
    assert len(proposals(workspace)) == 1


async def test_the_last_word_is_drawn_also_when_the_bot_died_before_it_could(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    workspace.slack.api.faults.append(
        Fault(method="chat.update", error="ratelimited", status=429, times=1000)
    )
    await workspace.react(BEN, message)
    await workspace.until(lambda: workspace.thread(message))
    await workspace.settle()
    assert "Pushed" not in words_of(workspace.message(message["ts"]))
    await workspace.stop()
    workspace.slack.api.faults.clear()
    await workspace.restart()
    await workspace.says(message, "Pushed")


async def test_a_withdrawal_is_drawn_also_when_the_bot_died_before_it_could(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    workspace.slack.api.faults.append(
        Fault(method="chat.update", error="ratelimited", status=429, times=1000)
    )
    await workspace.press(MIA, message, "Withdraw")
    await workspace.settle()
    await workspace.stop()
    workspace.slack.api.faults.clear()
    await workspace.restart()
    await workspace.says(message, "Withdrawn")


async def test_what_slack_would_not_take_for_a_while_is_said_afterwards_in_order_and_once(
    workspace: Workspace,
) -> None:
    workspace.slack.api.faults.append(
        Fault(method="chat.postMessage", error="ratelimited", status=429, times=8)
    )
    for locale in ("de-DE", "fr-FR", "ja"):
        await workspace.open_form(MIA, f"edit tidewell {locale}")
        await workspace.fill(MIA, Keywords="notes,tide")
        await workspace.submit(MIA)
    assert proposals(workspace) == []

    await workspace.until(lambda: len(proposals(workspace)) == 3)
    await workspace.settle()
    told = [words_of(m) for m in workspace.messages() if m["ts"] in proposals(workspace)]
    assert len(told) == 3
    for place, name in enumerate(("German", "French", "Japanese")):
        assert name in told[place]


async def test_posts_into_a_channel_are_a_second_apart(workspace: Workspace) -> None:
    for locale in ("de-DE", "fr-FR", "ja"):
        await workspace.open_form(MIA, f"edit tidewell {locale}")
        await workspace.fill(MIA, Keywords="notes,tide")
        await workspace.submit(MIA)
    await workspace.until(lambda: len(proposals(workspace)) == 3)
    stamps = [float(ts) for ts in proposals(workspace)]
    assert all(later - earlier > 0.99 for earlier, later in pairwise(stamps))


async def test_a_result_is_told_in_the_channel_when_the_message_was_deleted(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    workspace.slack.api.faults.append(
        Fault(method="chat.postMessage", error="ratelimited", status=429, times=3)
    )
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    channel = workspace.slack.workspace.channels["C0ASO"]
    del channel.messages[message["ts"]]
    await workspace.until(lambda: [w for w in workspace.told() if "read back and right" in w])


@pytest.mark.parametrize(("error", "status"), [("internal_error", 200), ("unknown", 503)])
async def test_trouble_on_slacks_side_delays_a_message_and_loses_none(
    workspace: Workspace, error: str, status: int
) -> None:
    workspace.slack.api.faults.append(
        Fault(method="chat.postMessage", error=error, status=status, times=3)
    )
    await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    assert len(proposals(workspace)) == 1
