"""Trouble on demand: what strikes whom, how often, and what is applied all the same."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.sandbox.appstore import Fault, FaultBoard
from bot.sandbox.seed import TIDEWELL

VERSION_TEXTS = "appStoreVersionLocalizations"


async def write(apple, text="a,b"):
    return await apple.patch(VERSION_TEXTS, apple.text_id(), keywords=text)


def keywords(apple):
    return apple.version()["localizations"]["ja"]["keywords"]


async def statuses(apple, times):
    return [(await apple.get("/v1/apps")).status for _ in range(times)]


async def test_too_many_requests_come_with_and_without_retry_after(apple):
    apple.emulation.faults.add(Fault(kind="rate_limit", count=1, retry_after=3))
    apple.emulation.faults.add(Fault(kind="rate_limit", count=2))
    told, untold = await write(apple), await write(apple)
    assert (told.status, told.headers["Retry-After"]) == (429, "3")
    assert (untold.status, untold.codes) == (429, ["RATE_LIMIT_EXCEEDED"])
    assert "Retry-After" not in untold.headers


async def test_a_burst_ends_when_its_seconds_are_over(apple):
    apple.emulation.faults.add(Fault(kind="rate_limit", seconds=3))
    assert await statuses(apple, 2) == [429, 429]
    apple.pass_time(3)
    assert await statuses(apple, 1) == [200]
    assert apple.emulation.faults.list() == []


async def test_a_server_error_applies_nothing(apple):
    apple.emulation.faults.add(Fault(kind="server_error", count=1))
    answer = await write(apple)
    assert (answer.status, answer.codes) == (500, ["UNEXPECTED_ERROR"])
    assert keywords(apple) != "a,b"


async def test_a_broken_connection_applies_nothing(apple):
    apple.emulation.faults.add(Fault(kind="broken", count=1))
    with pytest.raises(aiohttp.ClientError):
        await write(apple)
    assert keywords(apple) != "a,b"
    assert (await write(apple)).status == 200


async def test_a_lost_answer_leaves_the_write_applied(apple):
    apple.emulation.faults.add(Fault(kind="answer_lost", writes_only=True, count=1))
    with pytest.raises(aiohttp.ClientError):
        await write(apple)
    assert keywords(apple) == "a,b"
    assert apple.emulation.log[-1]["fault"] == "answer_lost"


async def test_a_request_that_ends_halfway_was_never_made_and_is_no_trouble(apple, caplog):
    host, port = apple.base.removeprefix("http://").removesuffix("/apple").split(":")
    _reader, writer = await asyncio.open_connection(host, int(port))
    head = "PATCH /apple/v1/appStoreVersionLocalizations/1 HTTP/1.1\r\nHost: x\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    await writer.drain()
    await apple.get("/v1/apps")
    writer.transport.abort()
    await apple.get("/v1/apps")
    assert [row["method"] for row in apple.emulation.log] == ["GET", "GET"]
    assert [record.message for record in caplog.records if record.name == "aiohttp.server"] == []


async def test_a_slow_answer_takes_its_time(apple):
    apple.emulation.faults.add(Fault(kind="slow", seconds=0.1, match="/v1/apps"))
    await apple.get("/v1/apps")
    assert apple.emulation.log[-1]["ms"] >= 100


async def test_latency_holds_for_each_request_and_not_for_their_sum(apple):
    apple.emulation.conditions.latency = 0.1
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(apple.get("/v1/apps") for _ in range(20)))
    assert 0.1 <= asyncio.get_running_loop().time() - begun < 1.0
    assert max(row["in_flight"] for row in apple.emulation.log) == 20


async def test_a_read_that_lags_shows_the_text_of_a_while_ago(apple):
    apple.emulation.faults.add(Fault(kind="lag", seconds=5))
    before = keywords(apple)
    await write(apple, "first")
    apple.pass_time(3)
    await write(apple, "second")
    seen = []
    for _ in range(3):
        answer = await apple.get(f"/v1/{VERSION_TEXTS}/{apple.text_id()}")
        seen.append(answer.document["data"]["attributes"]["keywords"])
        apple.pass_time(2.5)
    assert seen == [before, "first", "second"]


async def test_a_read_that_lags_does_not_know_a_new_locale_yet(apple):
    apple.emulation.faults.add(Fault(kind="lag", seconds=5))
    parent = ("appStoreVersion", "appStoreVersions", apple.version()["id"])
    made = await apple.post(VERSION_TEXTS, parent, locale="tr")
    path = f"/v1/{VERSION_TEXTS}/{made.document['data']['id']}"
    assert (await apple.get(path)).status == 404
    apple.pass_time(5)
    assert (await apple.get(path)).status == 200


async def test_a_fault_strikes_the_nth_request_only(apple):
    apple.emulation.faults.add(Fault(kind="server_error", nth=3))
    assert await statuses(apple, 5) == [200, 200, 500, 200, 200]


async def test_a_fault_strikes_a_number_of_requests_from_the_nth_on(apple):
    apple.emulation.faults.add(Fault(kind="server_error", nth=2, count=2))
    assert await statuses(apple, 5) == [200, 500, 500, 200, 200]


async def test_a_fault_strikes_what_it_matches(apple):
    apple.emulation.faults.add(Fault(kind="server_error", match="PATCH /v1/appStoreVersionLocal"))
    apple.emulation.faults.add(Fault(kind="server_error", match=f"/{TIDEWELL}/appInfos"))
    assert (await write(apple)).status == 500
    assert (await apple.get(f"/v1/apps/{TIDEWELL}/appInfos")).status == 500
    assert (await apple.get("/v1/apps")).status == 200


async def test_a_fault_for_writes_lets_reads_pass(apple):
    apple.emulation.faults.add(Fault(kind="server_error", writes_only=True))
    assert (await apple.get("/v1/apps")).status == 200
    assert (await write(apple)).status == 500


def struck_of(seed, share, times):
    board = FaultBoard(now=lambda: 0.0, seed=seed)
    board.add(Fault(kind="server_error", share=share))
    return [at for at in range(times) if board.striking("GET", "/v1/apps")]


def test_a_share_strikes_about_that_many_and_the_same_ones_in_every_run():
    struck = struck_of(1, 0.2, 1000)
    assert 170 < len(struck) < 230
    assert struck == struck_of(1, 0.2, 1000) != struck_of(2, 0.2, 1000)


async def test_a_fault_is_listed_and_removed(apple):
    number = apple.emulation.faults.add(Fault(kind="server_error"))
    await apple.get("/v1/apps")
    [row] = apple.emulation.faults.list()
    assert (row["number"], row["kind"], row["struck"]) == (number, "server_error", 1)
    assert apple.emulation.faults.remove(number)
    assert not apple.emulation.faults.remove(number)
    assert (await apple.get("/v1/apps")).status == 200


async def test_a_fault_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="No fault is called 'earthquake'"):
        Fault(kind="earthquake")
    with pytest.raises(ValueError, match="needs its seconds"):
        Fault(kind="slow")


@pytest.mark.parametrize(
    ("kind", "applied", "answered"),
    [
        ("kill_before", False, False),
        ("kill_after_apply", True, False),
        ("kill_after_answer", True, True),
    ],
)
async def test_a_killing_fault_calls_the_harness_at_its_moment(apple, kind, applied, answered):
    seen = []

    async def kill():
        seen.append(keywords(apple) == "a,b")

    apple.emulation.on_kill = kill
    apple.emulation.faults.add(Fault(kind=kind, nth=1, writes_only=True))
    try:
        status = (await write(apple)).status
    except aiohttp.ClientError:
        status = None
    await apple.get("/v1/apps")
    assert seen == [applied]
    assert status == (200 if answered else None)


async def test_the_log_tells_of_each_request_what_was_asked_and_answered(apple):
    await write(apple, "x" * 101)
    [row] = apple.emulation.log
    assert row["method"] == "PATCH"
    assert row["path"] == f"/v1/{VERSION_TEXTS}/{apple.text_id()}"
    assert row["body"]["data"]["attributes"] == {"keywords": "x" * 101}
    assert (row["status"], row["codes"]) == (409, ["ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG"])
    assert (row["n"], row["in_flight"], row["fault"]) == (1, 1, None)
    assert apple.emulation.requests.answer(1)["errors"][0]["status"] == "409"
