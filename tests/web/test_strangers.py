"""What strangers can hold, and what of theirs is written down: the port is open to everybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.web.server import LARGE_AT_ONCE, LARGEST_REQUEST, Bounds, HttpSide, Larger

SOON = 0.2
LONG = 5.0
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def serving(*, seconds: float = LONG, most: int = 50) -> AsyncIterator[HttpSide]:
    async def take(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    routes = [web.post("/take", take)]
    bounds = Bounds(seconds=seconds, most=most)
    async with HttpSide(0, routes, ready=lambda: True, bounds=bounds) as side:
        yield side


@asynccontextmanager
async def talking(
    side: HttpSide, words: bytes
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", side.port)
    writer.write(words)
    try:
        yield reader, writer
    finally:
        writer.close()


async def to_the_end(side: HttpSide, words: bytes) -> bytes:
    """Return all that is answered until the other side hangs up."""
    async with talking(side, words) as (reader, _), asyncio.timeout(LONG - 1):
        return await reader.read()


@pytest.mark.parametrize("length", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
async def test_a_body_that_never_comes_is_not_waited_for(length: bytes) -> None:
    async with serving(seconds=SOON) as side:
        words = b"POST /take HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n"
        assert b" 408 " in await to_the_end(side, words)


@pytest.mark.parametrize("words", [b"", b"POST /take HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_never_ends_is_cut_off(words: bytes) -> None:
    async with serving(seconds=SOON) as side:
        assert await to_the_end(side, words) == b""


async def test_who_has_asked_something_may_stay_and_ask_again() -> None:
    async with serving(seconds=SOON) as side, talking(side, HEALTH) as (reader, writer):
        await reader.readuntil(b"true}")
        # Longer than a head may take; the connection is asked again afterwards.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 2 * SOON)
        writer.write(HEALTH)
        assert b"true}" in await asyncio.wait_for(reader.readuntil(b"true}"), LONG)


async def test_who_comes_when_all_places_are_taken_is_told_so_and_later_let_in() -> None:
    async with serving(most=2) as side:
        async with talking(side, HEALTH) as (one, _), talking(side, HEALTH) as (two, _):
            await one.readuntil(b"true}")
            await two.readuntil(b"true}")
            answer = await to_the_end(side, b"")
            assert b" 503 " in answer
            assert answer.endswith(b"Too many connections.\n")
        async with asyncio.timeout(LONG):
            while True:
                async with talking(side, HEALTH) as (reader, _):
                    if b" 200 " in await reader.readline():
                        break


@pytest.mark.parametrize(
    "words",
    [
        b"\x16\x03\x01 PRIVATE\r\n\r\n",
        b"GET / HTTP/9.9 PRIVATE\r\n\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nBad Header PRIVATE: y\r\n\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: PRIVATE\r\n\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nPRIVATE\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 7\r\n\r\nPRIVATE",
    ],
)
async def test_what_is_malformed_is_refused_and_not_quoted_in_the_log(
    words: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving() as side:
        assert b" 400 " in await to_the_end(side, words)
    ours = [one for one in caplog.records if one.name != "asyncio"]
    assert not any("PRIVATE" in caplog.handler.format(one) for one in ours)
    assert not any(one.exc_info or one.levelno >= logging.ERROR for one in ours)
    assert len(ours) <= 1


async def test_large_bodies_are_taken_a_few_at_once() -> None:
    here, go = 0, asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        nonlocal here
        here += 1
        await go.wait()
        return web.Response(text=str(len(await request.read())))

    async def everybody(_request: web.Request) -> bool:
        return True

    larger = Larger(path="/take", most=2 * LARGEST_REQUEST, known=everybody)
    large = LARGEST_REQUEST + 1
    words = b"POST /take HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    words += b"Content-Length: %d\r\n\r\n" % large + b"x" * large
    routes = [web.post("/take", take)]
    async with (
        HttpSide(0, routes, ready=lambda: True, bounds=Bounds(seconds=1.0, larger=larger)) as side,
        asyncio.TaskGroup() as group,
    ):
        asked = [group.create_task(to_the_end(side, words)) for _ in range(LARGE_AT_ONCE + 2)]
        _, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        while len(waiting) > LARGE_AT_ONCE:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert here == LARGE_AT_ONCE
        go.set()
    answers = [one.result() for one in asked]
    assert sum(b" 408 " in one for one in answers) == 2
    assert sum(one.endswith(str(large).encode()) for one in answers) == LARGE_AT_ONCE
