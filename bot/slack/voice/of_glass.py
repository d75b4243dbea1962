"""How it is said that somebody broke the glass, that a review is due, and that it was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.slack.checks import SlackRefused
from bot.slack.faces.glass import glass_broken, review_due
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Mailroom
from bot.workflow import breaking
from bot.workflow.saying import Notice


async def _glass(room: Mailroom, notice: Notice) -> Delivered:
    card = await breaking.card(room.desk, notice.body["break"])
    return Delivered(ts=await room.post(notice, glass_broken(card)))


async def _review(room: Mailroom, notice: Notice) -> Delivered:
    card = await breaking.card(room.desk, notice.body["break"])
    if card.reviewed_by:
        return Delivered()
    return Delivered(ts=await room.post(notice, review_due(card)))


async def _reviewed(room: Mailroom, notice: Notice) -> Delivered:
    card = await breaking.card(room.desk, notice.body["break"])
    room.take_turn()
    try:
        await room.update(notice.channel, notice.body["ts"], glass_broken(card))
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
    return Delivered()


GLASS_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "glass": _glass,
    "review": _review,
    "reviewed": _reviewed,
}
