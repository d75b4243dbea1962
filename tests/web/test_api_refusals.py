"""What cannot be taken is refused with the thing, the reason and the remedy, in one shape."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import Any

import aiohttp
import pytest

from bot.sandbox.appstore.faults import Fault as AppleFault
from bot.sandbox.slack.faults import Fault
from bot.storage.rows import moment
from bot.storage.tokens import MOST_KEPT
from bot.web.api.problems import as_problems
from bot.web.server import waiting_room
from tests.web.calling import TIDEWELL_ID, Answer, Pipeline, a_secret
from tests.workspace import NEW_KEY

MEBIBYTE = 1024 * 1024
JA = {"ja": {"subtitle": "静かなノート"}}
WISH = {"app": TIDEWELL_ID, "platform": "IOS", "locales": JA}


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


NO_BODIES = [
    (b"", 400, "cannot be read from line 1"),
    (b"{", 400, "cannot be read"),
    (b"\xff\xfe{}", 400, "is not UTF-8"),
    (json.dumps(WISH).encode("utf-16"), 400, "is not UTF-8"),
    (b"\xef\xbb\xbf{}", 400, "cannot be read"),
    (b'{"app": "a", "app": "b"}', 400, "“app” stands twice"),
    (b'{"locales": {"ja": {"name": "a", "name": "b"}}}', 400, "“name” stands twice"),
    (deep(9), 400, "more than 8 levels deep"),
    (deep(100_000), 400, "more than 8 levels deep"),
    (b'{"a": "' + b'\\"' * 400_000, 400, "cannot be read"),
    (b'{"app": NaN}', 400, "NaN is no JSON"),
    (b'{"app": 1' + b"0" * 10_000 + b"}", 422, "app is no text"),
    (b"[]", 422, "The body is no object."),
    (b'"app"', 422, "The body is no object."),
    (b"null", 422, "The body is no object."),
]


async def test_what_is_no_body_is_refused_and_says_where(
    pipeline: Pipeline,
) -> None:
    for data, status, words in NO_BODIES:
        answer = await pipeline.call("POST", "/proposals", data=data)
        assert answer.status == status, (data[:40], answer)
        assert words in answer.said, data[:40]


NOT_UNDERSTOOD: list[tuple[dict[str, Any], str]] = [
    ({"titel": "x"}, "“titel” is not known."),
    ({"locales": {"ja": {"titel": "x"}}}, "There is no field titel."),
    ({"locales": {"ja": {"subtitle": ""}}}, "The text is empty."),
    ({"locales": {"ja": {"subtitle": " \n"}}}, "Write null to empty the field."),
    ({"locales": {"ja": {"subtitle": 7}}}, "neither a text nor null"),
    ({"locales": {"ja": {"subtitle": "\ud83d"}}}, "neither a text nor null"),
    ({"locales": {"ja": {}}}, "ja is no object with at least one field."),
    ({"locales": {"ja": None}}, "ja is no object with at least one field."),
    ({"locales": {"\ud800": {"name": "x"}}}, "is no object with at least one field"),
    ({"locales": {}}, "locales is no object with 1 to 100 locales."),
    ({"locales": []}, "locales is no object with 1 to 100 locales."),
    ({"locales": {f"l{n}": {"name": "x"} for n in range(101)}}, "1 to 100 locales"),
    ({"locales": {"de": {"subtitle": "Kurz"}}}, "Did you mean de-DE?"),
    ({"locales": {"German": {"subtitle": "Kurz"}}}, "The App Store has no locale German."),
    ({"app": ""}, "app is no text"),
    ({"app": None}, "app is no text"),
    ({"app": "a\u0000b"}, "app is no text"),
    ({"platform": "ios"}, "platform is not known."),
    ({"platform": None}, "platform is not known."),
    ({"platform": "TV_OS"}, "is not on TV_OS"),
    ({"version": 3.2}, "version is no text"),
    ({"when_it_exists": "yes", "version": "3.2"}, "when_it_exists is neither true nor false."),
    ({"when_it_exists": True}, "when_it_exists names no version."),
    ({"when_it_exists": True, "version": "3.2 beta"}, "“3.2 beta” is no version number"),
    ({"when_it_exists": True, "version": "3.2.0.1"}, "“3.2.0.1” is no version number"),
    ({"when_it_exists": True, "version": "\u0663.\u0662"}, "is no version number"),
    ({"reason": "x" * 3001}, "reason is no text of up to 3000 characters."),
    ({"reason": "\u0007"}, "reason is no text"),
    ({"in_parts": "true"}, "in_parts is neither true nor false."),
    ({"not_before": "tomorrow"}, "not_before is no moment."),
    ({"not_before": "2026-12-01T09:00:00"}, "not_before is no moment."),
    ({"not_before": "0001-01-01T00:00:00+14:00"}, "not_before is no moment."),
    ({"not_before": "2026-12-01T23:59:60Z"}, "not_before is no moment."),
    ({"not_before": 5}, "not_before is no moment."),
]


async def test_what_is_not_understood_is_refused_by_name_and_nothing_is_proposed(
    pipeline: Pipeline,
) -> None:
    for more, words in NOT_UNDERSTOOD:
        answer = await pipeline.call("POST", "/proposals", {**WISH, **more})
        assert answer.status == 422, (more, answer)
        assert words in answer.said, more
    assert await pipeline.workspace.bot.desk.store.proposals.get(1) is None


async def test_everything_that_is_wrong_is_said_at_once(pipeline: Pipeline) -> None:
    body = {"locales": {"ja": {"a": "x", "b": "x"}, "de-DE": {"name": 1}}, "x": 1, "in_parts": 1}
    answer = await pipeline.call("POST", "/proposals", body)
    assert answer.body["detail"] == "6 things are wrong."
    assert [(one["locale"], one["field"]) for one in answer.body["findings"]] == [
        ("", ""),
        ("ja", "a"),
        ("ja", "b"),
        ("de-DE", "name"),
        ("", ""),
        ("", ""),
    ]


async def test_a_body_beyond_four_mebibytes_is_refused_as_a_problem(pipeline: Pipeline) -> None:
    answer = await pipeline.call("POST", "/proposals", data=b" " * (4 * MEBIBYTE + 1))
    assert answer.status == 413


async def test_a_stranger_sends_no_more_than_a_mebibyte(pipeline: Pipeline) -> None:
    for secret in (None, a_secret("z")):
        stranger = pipeline.using(secret)
        answer = await stranger.call("POST", "/proposals", data=b" " * (MEBIBYTE + 1))
        assert answer.status == 413
        assert (await stranger.call("POST", "/proposals", data=b" " * MEBIBYTE)).status == 401


async def test_what_proposes_nothing_takes_no_more_than_a_mebibyte(pipeline: Pipeline) -> None:
    path = "/proposals/1/withdraw"
    assert (await pipeline.call("POST", path, data=b" " * (MEBIBYTE + 1))).status == 413


@pytest.mark.parametrize(
    "content", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"]
)
async def test_what_is_no_json_by_its_type_is_refused(pipeline: Pipeline, content: str) -> None:
    data = json.dumps(WISH).encode()
    answer = await pipeline.call("POST", "/proposals", data=data, headers={"Content-Type": content})
    assert answer.status == 415


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a\tb"])
async def test_what_is_no_idempotency_key_is_refused(pipeline: Pipeline, key: str) -> None:
    answer = await pipeline.call("POST", "/proposals", WISH, headers={"Idempotency-Key": key})
    assert answer.status == 422
    assert "This is no idempotency key." in answer.said


ELSEWHERE = [
    ("GET", "", 404),
    ("GET", "/", 404),
    ("GET", "/proposal", 404),
    ("GET", "/proposals/", 404),
    ("GET", "/proposals", 405),
    ("PUT", "/proposals/1", 405),
    ("DELETE", "/proposals/1", 405),
    ("GET", "/proposals/1/withdraw", 405),
    ("POST", f"/listings/{TIDEWELL_ID}", 405),
    ("GET", "/proposals/0", 404),
    ("GET", "/proposals/-1", 404),
    ("GET", "/proposals/1e3", 404),
    ("GET", "/proposals/%D9%A1", 404),
    ("GET", f"/proposals/{'9' * 40}", 404),
    ("GET", "/listings/%00", 404),
    ("GET", "/listings/..%2f..", 404),
    ("GET", f"/listings/{TIDEWELL_ID}?platform=ios", 422),
    ("GET", f"/listings/{TIDEWELL_ID}?version=9", 422),
    ("GET", f"/listings/{TIDEWELL_ID}?platform=IOS&platform=IOS", 422),
    ("GET", f"/listings/{TIDEWELL_ID}?locale=ja", 422),
    ("GET", "/openapi.json?x=1", 422),
    ("POST", "/proposals/1/withdraw?force=1", 422),
]


async def test_an_address_a_method_or_a_query_that_there_is_not_is_a_problem(
    pipeline: Pipeline,
) -> None:
    for method, path, status in ELSEWHERE:
        answer = await pipeline.call(method, path)
        assert answer.status == status, (method, path)
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert ("Allow" in answer.headers) is (status == 405)


async def test_a_withdrawal_takes_no_body_but_an_empty_one(pipeline: Pipeline) -> None:
    await pipeline.propose(JA)
    refused = await pipeline.call("POST", "/proposals/1/withdraw", {"why": "no"})
    assert (refused.status, refused.body["detail"]) == (422, "This takes no body.")
    assert (await pipeline.call("POST", "/proposals/1/withdraw", {})).status == 200


async def test_sixty_requests_a_minute_are_answered_and_no_more(pipeline: Pipeline) -> None:
    async def ask(one: Pipeline) -> Answer:
        return await one.call("GET", "/proposals/1")

    other = await pipeline.token("b")
    found = [await ask(pipeline) for _ in range(61)]
    assert [one.status for one in found] == [404] * 60 + [429]
    assert int(found[-1].headers["Retry-After"]) == 60
    assert (await ask(other)).status == 404

    await pipeline.workspace.clock.travel(60)
    assert (await ask(pipeline)).status == 404


async def test_a_token_has_so_many_keys_a_day_and_no_more(pipeline: Pipeline) -> None:
    now = moment(pipeline.workspace.clock.now())
    with closing(sqlite3.connect(pipeline.workspace.settings.database)) as file, file:
        file.executemany(
            "insert into replies (token_id, key, body, at) values (1, ?, '', ?)",
            [(str(number), now) for number in range(MOST_KEPT)],
        )
    answer = await pipeline.propose(JA, key="one more")
    assert answer.status == 429
    assert "Too many idempotency keys" in answer.said
    assert (await pipeline.propose(JA)).status == 201


async def test_while_apple_is_away_it_says_when_to_come_again(pipeline: Pipeline) -> None:
    pipeline.workspace.apple.faults.add(AppleFault(kind="server_error"))
    asked = asyncio.create_task(pipeline.propose(JA))
    await pipeline.workspace.until(asked.done)
    answer = asked.result()
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_refused_key_of_apples_is_no_fault_of_the_caller(pipeline: Pipeline) -> None:
    pipeline.workspace.apple.keys.revoke(NEW_KEY.key_id)
    asked = asyncio.create_task(pipeline.propose(JA))
    await pipeline.workspace.until(asked.done)
    answer = asked.result()
    assert answer.status == 503
    assert "App Store Connect cannot be asked now." in answer.said


async def test_while_slack_is_away_nothing_is_proposed(pipeline: Pipeline) -> None:
    fault = Fault(method="users.info", error="internal_error", times=100)
    pipeline.workspace.slack.api.faults.append(fault)
    asked = asyncio.create_task(pipeline.propose(JA))
    await pipeline.workspace.until(asked.done)
    answer = asked.result()
    assert answer.status == 503
    assert await pipeline.workspace.bot.desk.store.proposals.get(1) is None


async def test_while_the_bot_starts_it_says_so_as_a_problem() -> None:
    async with (
        waiting_room(0, around=[as_problems]) as side,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{side.port}/api/v1/proposals/1") as answer,
    ):
        assert answer.status == 503
        assert answer.content_type == "application/problem+json"
        assert answer.headers["Retry-After"] == "30"
        assert (await answer.json())["detail"] == "The bot is starting."


async def test_a_defect_is_said_as_one_and_tells_nothing_else(pipeline: Pipeline) -> None:
    desk = pipeline.workspace.bot.desk
    desk.rules = None  # type: ignore[assignment]
    answer = await pipeline.propose(JA)
    assert (answer.status, answer.body["title"]) == (500, "Internal Server Error")
