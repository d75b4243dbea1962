"""Requests are counted by account and hour, over restarts, and forgotten after weeks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.domain.usage import Hour
from bot.storage.store import Store
from tests.clock import START

SPAN = {"since": START - timedelta(days=60), "until": START + timedelta(days=60)}


def an_hour(**values: object) -> Hour:
    return Hour(**{"account": "default", "start": START, "requests": 5, **values})  # type: ignore[arg-type]


async def test_the_same_hour_is_added_up_with_the_lowest_figure_left(store: Store) -> None:
    await store.usage.add([an_hour(refused=1), an_hour(lowest_left=90, faults=2)])
    await store.usage.add([an_hour(lowest_left=100, others=3), an_hour(account="studio")])

    first, second = await store.usage.hours(**SPAN)
    assert (first.requests, first.refused, first.faults, first.others) == (15, 1, 2, 3)
    assert first.lowest_left == 90
    assert (second.account, second.requests, second.lowest_left) == ("studio", 5, None)


async def test_counts_outlive_the_process(tmp_path: Path) -> None:
    for _ in range(2):
        async with Store(tmp_path / "m.db") as store:
            await store.usage.add([an_hour()])
    async with Store(tmp_path / "m.db") as store:
        assert [one.requests for one in await store.usage.hours(**SPAN)] == [10]


async def test_hours_of_long_ago_are_dropped(store: Store) -> None:
    await store.usage.add([an_hour()])
    later = START + timedelta(days=36)
    await store.usage.add([an_hour(start=later)])
    assert [one.start for one in await store.usage.hours(**SPAN)] == [later]
