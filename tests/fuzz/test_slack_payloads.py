"""Signed payloads in which something is odd: every one is answered, none moves a proposal."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import logging
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.cast import AIKO, BEN, MIA
from bot.sandbox.slack.delivery import Delivery
from bot.settings import ApprovalRule
from tests.fuzz.odd import bent
from tests.loop import WatchedLoop
from tests.workspace import Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
Payload = dict[str, Any]


@dataclass
class Recorded:
    """What Slack sent in an ordinary hour: (kind of delivery, payload)."""

    sent: list[tuple[str, Payload]] = field(default_factory=list)


async def an_ordinary_hour(team: Workspace, patch: pytest.MonkeyPatch) -> Recorded:
    """Type, choose, submit, press and react, and keep what Slack delivers for it."""
    kept = Recorded()
    send = Delivery.send

    async def noting(self: Delivery, kind: str, payload: Payload, *more: Any) -> Any:
        kept.sent.append((kind, json.loads(json.dumps(payload))))
        return await send(self, kind, payload, *more)

    patch.setattr(Delivery, "send", noting)
    message = await team.propose(MIA, **GERMAN)
    await team.command(MIA, "status tidewell")
    await team.press(MIA, message, "Details")
    await team.until(lambda: team.modal(MIA))
    await team.close(MIA)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.choose(MIA, "Locale", "ja")
    await team.pick(MIA, "In parts", ["parts"])
    await team.close(MIA)
    await team.react(BEN, message, "eyes")
    patch.undo()
    return kept


def signed(payload: Payload, kind: str) -> tuple[str, dict[str, str]]:
    body, sort = json.dumps(payload), "application/json"
    if kind != "events_api":
        sort = "application/x-www-form-urlencoded"
        command = kind == "slash_commands"
        body = urlencode(payload if command else {"payload": json.dumps(payload)})
    at = str(int(time.time()))
    mark = hmac.new(b"secret", f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Signature": f"v0={mark}", "X-Slack-Request-Timestamp": at}
    return body, {**headers, "Content-Type": sort}


async def answered(team: Workspace, payload: Payload, kind: str) -> int:
    assert team.bot.http is not None
    body, headers = signed(payload, kind)
    url = f"http://127.0.0.1:{team.bot.http.port}/slack/events"
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
        session.post(url, data=io.BytesIO(body.encode()), headers=headers) as answer,
    ):
        return answer.status


async def a_hard_day(data: st.DataObject, patch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rules = approvals(rules=(ApprovalRule(field=("keywords",), approvers=(AIKO,)),))
        async with a_workspace(Path(folder), approval=rules, over_http=True, checked=False) as team:
            kept = await an_ordinary_hour(team, patch)
            before = await _proposals(team)
            for _ in range(30):
                kind, payload = data.draw(st.sampled_from(kept.sent))
                odd = data.draw(bent(payload))
                assert await answered(team, odd, kind) in (200, 400, 401, 404, 500)
            await team.settle()
            assert await _proposals(team) == before
            assert team.asked("PATCH", "POST", "DELETE") == []
            await _still_works(team)


async def _proposals(team: Workspace) -> list[tuple[int, str, int, str]]:
    found = [await team.bot.desk.store.proposals.get(number) for number in range(1, 9)]
    return [(one.id, one.status, one.revision, one.digest) for one in found if one]


async def _still_works(team: Workspace) -> None:
    message: Mapping[str, Any] = next(m for m in team.messages() if m["ts"] and m["reactions"])
    await team.react(BEN, message)
    await team.until(lambda: "Pushed" in words_of(team.message(message["ts"])))


@settings(max_examples=2)
@given(data=st.data())
def test_no_payload_crashes_a_listener_or_moves_a_proposal(data: st.DataObject) -> None:
    # What is odd is logged with its traceback, thousands of times.
    logging.disable(logging.CRITICAL)
    try:
        with (
            pytest.MonkeyPatch.context() as patch,
            asyncio.Runner(loop_factory=WatchedLoop) as runner,
        ):
            runner.run(a_hard_day(data, patch))
    finally:
        logging.disable(logging.NOTSET)
