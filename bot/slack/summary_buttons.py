"""The buttons under summaries, and what each does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.slack import ids
from bot.slack.faces.summaries import retry_answer
from bot.workflow.watch.failing import retry_all

if TYPE_CHECKING:
    from bot.slack.calls import Press


async def _retry_all(press: Press) -> None:
    numbers = [int(part) for part in press.value.split(",") if part.isdecimal()]
    retried = await retry_all(press.desk, numbers, user=press.user)
    await press.answer(retry_answer(retried))


SUMMARY_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.RETRY_ALL: _retry_all,
}
