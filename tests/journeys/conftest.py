"""A workspace for every journey, and a pipeline for those that begin in one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.sandbox.appstore.contract import CONTRACT, LISTINGS
from tests.slack.limits import BLOCK_KIT
from tests.web.calling import Pipeline, a_pipeline
from tests.workspace import Workspace, a_workspace

# What is not there cannot be carried or checked against; it is left out rather than skipped.
collect_ignore = [
    name
    for name, needed in (
        ("test_real_listings.py", LISTINGS),
        ("test_real_listings_by_command.py", LISTINGS),
        ("test_contracts.py", CONTRACT),
        ("test_contracts.py", BLOCK_KIT),
    )
    if not needed.exists()
]


@pytest_asyncio.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


@pytest_asyncio.fixture
async def pipeline(tmp_path: Path) -> AsyncIterator[Pipeline]:
    async with a_pipeline(tmp_path) as one:
        yield one
