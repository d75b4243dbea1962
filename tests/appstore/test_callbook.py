"""Each try of a request is noted with what came of it, and nothing of what was said."""

from __future__ import annotations

import asyncio
from random import Random

import httpx
import pytest

from bot.appstore import callbook
from bot.appstore.callbook import CallBook, Hand, on_behalf
from bot.appstore.transport import PoliteTransport, both
from bot.appstore.usage import Usage
from bot.domain.fields import Resource
from bot.errors import BotError
from tests.appstore.script import Answer, scripted
from tests.clock import HandClock

UUID = "7dce3b6d-4554-1809-e3f4-fa753291142a"


async def test_every_try_is_noted_with_its_status_and_apples_id() -> None:
    clock = HandClock(auto=True)
    book = CallBook(clock)
    answers = [
        Answer(status=503, raw=b"", headers={"x-request-id": "other"}),
        Answer(cut="before the answer"),
        Answer(headers={"X-Apple-Request-UUID": UUID, "x-request-id": "other"}),
    ]
    async with scripted(*answers, clock=clock, observer=book.of("studio")) as script:
        await script.store.apps()
        calls, lost = book.first(10)
        told = [(one.status, one.request_id, bool(one.fault)) for one in calls]
        assert told == [(503, "other", False), (None, "", True), (200, UUID, False)]
        assert {(one.method, one.path, one.account) for one in calls} == {
            ("GET", "/v1/apps", "studio")
        }
        assert lost == 0
        assert script.store.usage.take()[0].requests == 3


async def test_neither_the_query_nor_a_text_nor_the_token_is_noted() -> None:
    clock = HandClock(auto=True)
    book = CallBook(clock)
    async with scripted(Answer(status=409), clock=clock, observer=book.of("a")) as script:
        with pytest.raises(BotError):
            await script.store.update((Resource.VERSION, "1"), {"keywords": "hush hush"})
        await asyncio.gather(script.store.moving(), return_exceptions=True)
        noted = repr(book.first(10))
        token = script.asked[0].headers["Authorization"]
        assert "PATCH" in noted
        assert all(one not in noted for one in ("hush", "filter", token, token.split()[1][:20]))


async def test_calls_are_noted_for_the_proposal_that_is_carried_out() -> None:
    clock = HandClock(auto=True)
    book = CallBook(clock)

    async def ask(proposal: int) -> None:
        on_behalf.set(proposal)
        await script.store.apps()

    async with scripted(Answer(), clock=clock, observer=book.of("a")) as script:
        await asyncio.gather(asyncio.create_task(ask(7)), asyncio.create_task(ask(8)))
        await script.store.apps()
        assert sorted(one.proposal or 0 for one in book.first(10)[0]) == [0, 7, 8]


async def test_what_nobody_takes_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbook, "MOST_CALLS", 2)
    clock = HandClock(auto=True)
    book = CallBook(clock)
    async with scripted(Answer(), clock=clock, observer=book.of("a")) as script:
        for _ in range(5):
            await script.store.apps()
        calls, lost = book.first(10)
        assert (len(calls), lost) == (2, 3)
        book.drop(len(calls), lost)
        assert book.first(10) == ((), 0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(book.noted(), 0.01)


async def test_a_write_waits_in_the_hand_of_who_sent_it_and_one_before_it_goes_to_the_book() -> (
    None
):
    clock = HandClock(auto=True)
    book = CallBook(clock)
    answers = [Answer(status=503, raw=b""), Answer(), Answer()]
    async with scripted(*answers, clock=clock, observer=book.of("a")) as script:
        with Hand() as hand:
            await script.store.update((Resource.VERSION, "1"), {"keywords": "a"})
            await script.store.apps()
            assert [one.status for one in hand.take().calls] == [200]
        assert [(one.method, one.status) for one in book.first(9)[0]] == [
            ("PATCH", 503),
            ("GET", 200),
        ]


async def test_what_nobody_took_from_a_hand_is_in_the_book() -> None:
    clock = HandClock(auto=True)
    book = CallBook(clock)
    async with scripted(Answer(), clock=clock, observer=book.of("a")) as script:
        with Hand():
            await script.store.update((Resource.VERSION, "1"), {"keywords": "a"})
        assert [one.method for one in book.first(9)[0]] == ["PATCH"]


class Silence(httpx.AsyncBaseTransport):
    """A connection on which nothing is ever answered."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError(request)


async def test_a_request_that_nobody_waits_for_any_more_is_told_as_cut_off() -> None:
    clock = HandClock()
    book, usage = CallBook(clock), Usage("a", clock)
    told = both(usage.count, book.of("a"))
    polite = PoliteTransport(Silence(), clock=clock, chance=Random(7), observer=told)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await polite.handle_async_request(httpx.Request("GET", "https://apple.example/v1/apps"))
    (call,) = book.first(9)[0]
    assert (call.method, call.status, call.fault) == ("GET", None, "CutOff")
    (row,) = usage.take()
    assert (row.requests, row.faults) == (1, 0)
