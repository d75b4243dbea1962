"""Tokens, scopes, encodings, faults: what stands before every method of the Web API."""

from __future__ import annotations

import json

import aiohttp
import pytest

from bot.sandbox.cast import ASO, BEN, LEADS
from bot.sandbox.slack.web_api import METHODS, Fault
from tests.sandbox.slack.conftest import APP, BOT, World


async def test_a_method_that_is_not_there_is_unknown(world: World) -> None:
    assert (await world.call("chat.shout")).error == "unknown_method"


async def test_a_call_without_a_token_is_not_authed(world: World) -> None:
    assert (await world.call("auth.test", token=None)).error == "not_authed"


async def test_a_token_that_nobody_gave_out_is_invalid(world: World) -> None:
    assert (await world.call("auth.test", token="xoxb-other")).error == "invalid_auth"


@pytest.mark.parametrize(("method", "token"), [("auth.test", APP), ("apps.connections.open", BOT)])
async def test_each_method_takes_its_own_type_of_token(
    world: World, method: str, token: str
) -> None:
    assert (await world.call(method, token=token)).error == "not_allowed_token_type"


async def test_auth_test_tells_whose_token_it_is(world: World) -> None:
    body = (await world.call("auth.test")).body
    assert (body["user_id"], body["bot_id"], body["team_id"]) == (
        "U0MARQUEE",
        "B0MARQUEE",
        "T0TIDEWELL",
    )


async def test_every_answer_names_the_granted_scopes(world: World) -> None:
    world.slack.api.granted = {"chat:write", "commands"}
    assert (await world.call("auth.test")).headers["x-oauth-scopes"] == "chat:write,commands"


async def test_a_missing_scope_is_named_beside_those_that_were_granted(world: World) -> None:
    world.slack.api.granted = {"chat:write"}
    reply = await world.call("users.info", user=BEN)
    assert reply.error == "missing_scope"
    assert (reply.body["needed"], reply.body["provided"]) == ("users:read", "chat:write")


@pytest.mark.parametrize(("channel", "scope"), [(ASO, "channels:read"), (LEADS, "groups:read")])
async def test_the_scope_follows_the_kind_of_conversation(
    world: World, channel: str, scope: str
) -> None:
    world.slack.api.granted.discard(scope)
    reply = await world.call("conversations.info", channel=channel)
    assert reply.body["needed"] == scope


async def test_arguments_may_come_as_json_as_a_form_or_in_the_query(world: World) -> None:
    url, headers = f"{world.base}/slack/api/users.info", {"Authorization": f"Bearer {BOT}"}
    async with world.session.get(url, params={"user": BEN}, headers=headers) as response:
        by_query = await response.json()
    async with world.session.post(url, data={"user": BEN, "token": BOT}) as response:
        by_form = await response.json()
    by_json = (await world.call("users.info", user=BEN)).body
    assert by_query["user"] == by_form["user"] == by_json["user"]


async def test_blocks_may_come_as_text_that_holds_json(world: World) -> None:
    blocks = json.dumps([{"type": "divider"}])
    form = aiohttp.FormData({"channel": ASO, "text": "x", "blocks": blocks, "token": BOT})
    url = f"{world.base}/slack/api/chat.postMessage"
    async with world.session.post(url, data=form) as response:
        assert (await response.json())["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_body_that_is_no_json_object_is_refused(
    world: World, body: str, error: str
) -> None:
    headers = {"Authorization": f"Bearer {BOT}", "Content-Type": "application/json"}
    url = f"{world.base}/slack/api/auth.test"
    async with world.session.post(url, data=body, headers=headers) as response:
        assert (await response.json())["error"] == error


async def test_a_fault_on_demand_fails_so_many_calls_and_no_more(world: World) -> None:
    world.slack.api.faults.append(Fault(method="auth.test", error="internal_error", times=2))
    errors = [(await world.call("auth.test")).error for _ in range(3)]
    assert errors == ["internal_error", "internal_error", None]


async def test_a_fault_may_be_a_429(world: World) -> None:
    world.slack.api.faults.append(Fault(method="auth.test", error="ratelimited", status=429))
    reply = await world.call("auth.test")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "1")


async def test_every_call_is_logged_and_every_no_is_a_refusal(world: World) -> None:
    heard: list[int] = []
    world.slack.listen(lambda: heard.append(1))
    await world.call("users.info", user="U0NOBODY")
    entry = world.slack.log[-1]
    assert (entry["method"], entry["error"]) == ("users.info", "user_not_found")
    assert world.slack.refusals[-1]["method"] == "users.info"
    assert heard


async def test_a_token_in_the_arguments_does_not_reach_the_log(world: World) -> None:
    await world.call("auth.test", token=None, **{"token_": "x"})
    url = f"{world.base}/slack/api/auth.test"
    async with world.session.post(url, data={"token": BOT}):
        assert BOT not in json.dumps(list(world.slack.log))


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_no_method_fails_otherwise_than_by_name(world: World, method: str) -> None:
    token = APP if method == "apps.connections.open" else BOT
    reply = await world.call(method, token=token, channel=ASO, ts="", view="{}", users="")
    assert reply.status == 200
    assert reply.body["ok"] or reply.error
