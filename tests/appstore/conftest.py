from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.appstore.stage import Stage, opened
from tests.clock import HandClock


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with opened() as ready:
        yield ready


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
