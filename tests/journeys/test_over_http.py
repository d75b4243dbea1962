"""The same road when Slack sends signed HTTP requests instead of using Socket Mode."""

from __future__ import annotations

import hashlib
import hmac
import io
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.cast import BEN, MIA
from tests.workspace import Workspace, a_workspace, words_of


@pytest_asyncio.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, over_http=True) as one:
        yield one


def address(workspace: Workspace, path: str) -> str:
    assert workspace.bot.http is not None
    return f"http://127.0.0.1:{workspace.bot.http.port}{path}"


async def test_a_change_goes_from_the_form_to_apple_over_signed_http(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await workspace.react(BEN, message)

    await workspace.says(message, "Pushed")
    assert workspace.live("ja", "subtitle") == "静かなノート"


async def test_mistakes_come_back_in_the_answer_to_the_submission(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Subtitle="x" * 31)
    await workspace.submit(MIA)

    assert len(workspace.errors(MIA)) == 1


async def test_a_request_that_slack_did_not_sign_is_refused(workspace: Workspace) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            address(workspace, "/slack/events"),
            data={"command": "/aso", "text": "help"},
            headers={"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"},
        ) as answer,
    ):
        assert answer.status == 401


def signed(body: str, *, seconds: float = 0, secret: bytes = b"secret") -> dict[str, str]:
    """Return the headers of a request that was signed `seconds` from now."""
    at = str(int(time.time() + seconds))
    mark = hmac.new(secret, f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Signature": f"v0={mark}",
        "X-Slack-Request-Timestamp": at,
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def post(workspace: Workspace, body: str, headers: dict[str, str]) -> int:
    url = address(workspace, "/slack/events")
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body.encode()), headers=headers) as answer,
    ):
        return answer.status


COMMAND = "command=%2Faso&text=help&team_id=T0TIDE&user_id=U0MIA&trigger_id=1.1"


@pytest.mark.parametrize("seconds", [-301, -3600, 301])
async def test_a_request_that_was_signed_more_than_five_minutes_ago_is_refused(
    workspace: Workspace, seconds: int
) -> None:
    assert await post(workspace, COMMAND, signed(COMMAND, seconds=seconds)) == 401


async def test_a_request_signed_with_another_secret_or_for_another_body_is_refused(
    workspace: Workspace,
) -> None:
    assert await post(workspace, COMMAND, signed(COMMAND, secret=b"older")) == 401
    assert await post(workspace, COMMAND + "x", signed(COMMAND)) == 401
    assert await post(workspace, COMMAND, {}) == 401


async def test_a_request_that_calls_itself_a_check_is_answered_and_does_nothing(
    workspace: Workspace,
) -> None:
    body = f"{COMMAND}&ssl_check=1".replace("text=help", "text=apps")
    assert await post(workspace, body, signed(body, secret=b"none")) in (200, 401)
    await workspace.settle()
    assert workspace.called("chat.postMessage") == []
    assert workspace.called("response_url") == []
    assert workspace.asked() == []


async def test_a_signed_request_within_five_minutes_is_taken(workspace: Workspace) -> None:
    assert await post(workspace, COMMAND, signed(COMMAND, seconds=-200)) == 200


async def test_a_request_beyond_a_mebibyte_is_refused(workspace: Workspace) -> None:
    body = "payload=" + "x" * (1024 * 1024)
    assert await post(workspace, body, signed(body)) == 413


async def test_the_health_page_says_that_the_bot_is_ready(workspace: Workspace) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(address(workspace, "/healthz")) as answer,
    ):
        assert answer.status == 200
        assert await answer.json() == {"ready": True}


async def test_an_event_that_could_not_be_written_down_is_sent_again_by_slack(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await workspace.stop()
    await workspace.react(BEN, message)

    await workspace.restart()
    await workspace.slack.redeliver()

    await workspace.says(message, "Pushed")


async def test_an_event_is_not_acknowledged_while_it_cannot_be_written_down(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    rename(workspace, "events", "events_away")
    await workspace.react(BEN, message)
    await workspace.settle()
    rename(workspace, "events_away", "events")
    assert "Pushed" not in words_of(workspace.message(message["ts"]))

    await workspace.slack.redeliver()

    await workspace.says(message, "Pushed")


def rename(workspace: Workspace, table: str, to: str) -> None:
    with closing(sqlite3.connect(workspace.settings.database)) as file, file:
        file.execute(f"alter table {table} rename to {to}")
