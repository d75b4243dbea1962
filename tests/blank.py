"""A database as the bot has just made it: its steps are taken once, not before every test."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage.store import Store


def a_database(path: Path) -> Path:
    """Put one there that holds nothing yet, where there is none; return its path."""
    if not path.exists():
        path.write_bytes(_made())
    return path


@cache
def _made() -> bytes:
    async def open_once(path: Path) -> None:
        async with Store(path):
            pass

    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        path = Path(folder, "marquee.db")
        # A loop of its own: the caller's may be running.
        thread.submit(asyncio.run, open_once(path)).result()
        return path.read_bytes()
