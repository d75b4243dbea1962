from __future__ import annotations

from datetime import timedelta

from bot.appstore import UsageRow
from bot.appstore.usage import MOST_HOURS
from tests.appstore.script import Answer, scripted
from tests.clock import START, HandClock


def limits(left: int) -> dict[str, str]:
    return {"X-Rate-Limit": f"user-hour-lim:3600;user-hour-rem:{left};"}


async def test_every_try_is_counted_with_what_came_of_it() -> None:
    answers = [
        Answer(status=503, raw=b""),
        Answer(cut="before the answer"),
        Answer(status=429, headers={"Retry-After": "1"}, document={}),
        Answer(headers=limits(3590)),
    ]
    async with scripted(*answers) as script:
        await script.store.apps()
        script.answers[:] = [Answer(status=404, document={}, headers=limits(3585))]
        await script.store.delete_webhook("w1")
        script.answers[:] = [Answer(headers=limits(3588))]
        await script.store.apps()
        assert script.store.usage.take() == (
            UsageRow(
                account="default",
                hour=START,
                requests=6,
                refused=1,
                faults=2,
                declined=1,
                least_left=3585,
            ),
        )


async def test_what_was_taken_is_not_told_again_and_hours_stand_apart() -> None:
    clock = HandClock(START + timedelta(minutes=59), auto=True)
    async with scripted(Answer(), clock=clock) as script:
        await script.store.apps()
        clock.advance(60)
        await script.store.apps()
        rows = script.store.usage.take()
        assert [(row.hour, row.requests) for row in rows] == [
            (START, 1),
            (START + timedelta(hours=1), 1),
        ]
        assert rows[0].least_left is None
        assert script.store.usage.take() == ()


async def test_hours_that_nobody_takes_are_dropped_oldest_first() -> None:
    async with scripted(Answer()) as script:
        for _ in range(MOST_HOURS + 3):
            await script.store.apps()
            script.clock.advance(3600)
        rows = script.store.usage.take()
        assert len(rows) == MOST_HOURS
        assert rows[0].hour == START + timedelta(hours=3)
