"""Socket Mode: tickets, hello, envelopes, acknowledgements, and what waits for a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.sandbox.cast import ASO, BEN, MIA
from tests.sandbox.slack.conftest import APP, World, an_input

Json = dict[str, Any]


async def ticket(world: World) -> str:
    return str((await world.call("apps.connections.open", token=APP)).body["url"])


@asynccontextmanager
async def connected(world: World) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with world.session.ws_connect(await ticket(world)) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "hello"
        yield socket


async def envelope(socket: aiohttp.ClientWebSocketResponse, **payload: Any) -> Json:
    """Receive an envelope and acknowledge it, with a payload if one is given."""
    received: Json = await socket.receive_json(timeout=5)
    answer: Json = {"envelope_id": received["envelope_id"]}
    await socket.send_json(answer | ({"payload": payload} if payload else {}))
    return received


async def test_hello_counts_connections_and_names_the_app(world: World) -> None:
    async with connected(world), world.session.ws_connect(await ticket(world)) as second:
        hello = await second.receive_json(timeout=5)
    assert hello["num_connections"] == 2
    assert hello["connection_info"] == {"app_id": "A0MARQUEE"}


async def test_a_ticket_opens_one_connection(world: World) -> None:
    url = await ticket(world)
    async with world.session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await world.session.ws_connect(url)
    assert refused.value.status == 408


async def test_a_command_comes_in_an_envelope_and_is_answered_in_its_acknowledgement(
    world: World,
) -> None:
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.command(MIA, "/aso help", channel=ASO))
        received = await envelope(socket, text="hi")
        assert (await act).ok
    assert received["type"] == "slash_commands"
    assert received["accepts_response_payload"] is True
    assert received["payload"]["text"] == "help"
    assert [m["text"] for m in world.slack.messages(ASO, MIA)] == ["hi"]


async def test_a_submission_is_answered_in_its_acknowledgement(world: World) -> None:
    await world.open(an_input(initial_value="x"))
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.submit(MIA, world.top()["id"]))
        received = await envelope(socket, response_action="errors", errors={"name": "No"})
        await act
    assert received["type"] == "interactive"
    assert world.top()["errors"] == {"name": "No"}


async def test_with_nobody_connected_a_command_is_a_failed_dispatch(world: World) -> None:
    assert (await world.slack.command(MIA, "/aso help")).error == "dispatch_failed"


async def test_an_envelope_that_is_not_acknowledged_times_out(world: World) -> None:
    world.slack.delivery.seconds = 0.05
    async with connected(world) as socket:
        ack = await world.slack.command(MIA, "/aso help")
        await socket.receive_json(timeout=5)
    assert ack.error == "operation_timeout"


async def test_an_acknowledgement_of_something_else_is_none(world: World) -> None:
    world.slack.delivery.seconds = 0.2
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.command(MIA, "/aso help"))
        await socket.receive_json(timeout=5)
        for text in ("{", "[]", '{"envelope_id": "other"}'):
            await socket.send_str(text)
        assert (await act).error == "operation_timeout"


async def test_a_connection_that_dies_before_the_acknowledgement_fails_the_act(
    world: World,
) -> None:
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.command(MIA, "/aso help"))
        await socket.receive_json(timeout=5)
        await socket.close()
        assert (await act).error == "operation_timeout"


async def test_any_one_of_several_connections_gets_an_envelope(world: World) -> None:
    async with connected(world) as first, connected(world) as second:
        for socket in (first, second):
            act = asyncio.create_task(world.slack.command(MIA, "/aso help"))
            await envelope(socket)
            assert (await act).ok


async def test_events_wait_for_a_connection_and_are_not_counted_as_repeated(world: World) -> None:
    ts = await world.post()
    await world.slack.react(BEN, ASO, ts, "x")
    assert world.slack.events.waiting == 1
    async with connected(world) as socket:
        received = await envelope(socket)
    assert received["type"] == "events_api"
    assert received["payload"]["event"]["reaction"] == "x"
    assert (received["retry_attempt"], received["accepts_response_payload"]) == (0, False)


async def test_an_event_lost_with_its_connection_comes_again_on_the_next(world: World) -> None:
    ts = await world.post()
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.react(BEN, ASO, ts, "x"))
        first = await socket.receive_json(timeout=5)
        await socket.close()
        await act
    async with connected(world) as socket:
        again = await envelope(socket)
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")


async def test_slack_sends_connections_away_and_takes_them_back(world: World) -> None:
    async with connected(world) as socket:
        await world.slack.disconnect("warning")
        farewell = await socket.receive_json(timeout=5)
        assert (farewell["type"], farewell["reason"]) == ("disconnect", "warning")
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
    async with connected(world) as socket:
        act = asyncio.create_task(world.slack.command(MIA, "/aso help"))
        await envelope(socket)
        assert (await act).ok


async def test_the_eleventh_connection_is_one_too_many(world: World) -> None:
    sockets = [await world.session.ws_connect(await ticket(world)) for _ in range(11)]
    last = await sockets[-1].receive_json(timeout=5)
    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")
    for socket in sockets:
        await socket.close()
