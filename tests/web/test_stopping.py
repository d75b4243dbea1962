"""A server that stops while somebody is just connecting."""

from __future__ import annotations

import asyncio
import gc
import socket

import pytest

from bot.web.server import HttpSide

TURNS = range(10)


@pytest.mark.parametrize("turns", TURNS)
async def test_a_connection_made_in_the_moment_of_stopping_is_closed(turns: int) -> None:
    async with HttpSide(0, (), ready=lambda: True) as served:
        caller = socket.create_connection(("127.0.0.1", served.port))
        caller.setblocking(False)
        for _turn in range(turns):
            await asyncio.sleep(0)

    # What nobody closed would be found here, and a warning fails the test.
    gc.collect()
    with caller:
        assert await hung_up(caller)


async def hung_up(caller: socket.socket) -> bool:
    """Whether the other side has ended the connection, with or without ceremony."""
    loop = asyncio.get_running_loop()
    try:
        return await asyncio.wait_for(loop.sock_recv(caller, 1), 5) == b""
    except ConnectionResetError:
        return True
