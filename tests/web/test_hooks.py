"""The route of Apple's webhooks as HTTP: which requests it takes in which mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain.hooks import SIGNATURE_HEADER, signature
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from bot.workflow.watch.hooks import secret
from tests.workspace import TIDEWELL, Workspace, a_workspace

LARGE = b"x" * (300 * 1024)


@pytest.fixture(params=[False, True], ids=["socket mode", "over http"])
async def team(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, public=True, over_http=request.param) as one:
        app = await catalogue.find_app(one.bot.desk, "tidewell")
        await hooks.set_up(one.bot.desk, app)
        yield one


async def ask(
    team: Workspace, method: str, data: object, app: str = TIDEWELL, *, signed: bytes | None = None
) -> int:
    assert team.bot.http is not None
    url = f"http://127.0.0.1:{team.bot.http.port}/hooks/appstore/{app}"
    body = signed or (data if isinstance(data, bytes) else b"")
    headers = {SIGNATURE_HEADER: signature(secret(team.bot.desk, TIDEWELL, 1), body)}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=data, headers=headers) as answer,
    ):
        return answer.status


async def test_a_signed_event_is_taken_in_both_modes(team: Workspace) -> None:
    body = b'{"data": {"type": "webhookPingCreated", "id": "p1"}}'
    assert await ask(team, "POST", body) == 200


async def test_what_is_too_large_is_refused_also_when_it_does_not_say_so(team: Workspace) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), 65536):
            yield LARGE[start : start + 65536]

    assert await ask(team, "POST", LARGE) == 413
    assert await ask(team, "POST", pieces()) == 413


async def test_only_posts_to_an_app_are_known(team: Workspace) -> None:
    assert await ask(team, "GET", None) == 405
    assert await ask(team, "POST", b"{}", app="../healthz") in {404, 405}


async def test_a_stranger_cannot_tell_which_apps_have_a_webhook(team: Workspace) -> None:
    unsigned = b'{"data": {}}'
    assert await ask(team, "POST", b"{}", app="nobody") == 401
    assert await ask(team, "POST", unsigned, signed=b"something else") == 401
