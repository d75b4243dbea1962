"""A pipeline with its token, and the bot that it calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.web.calling import Pipeline, a_pipeline


@pytest_asyncio.fixture
async def pipeline(tmp_path: Path) -> AsyncIterator[Pipeline]:
    async with a_pipeline(tmp_path) as one:
        yield one
