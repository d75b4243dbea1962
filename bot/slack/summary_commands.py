"""`/aso failures`: which app and since when, as people type it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.listing import App
from bot.domain.since import EXAMPLES, looks_like_a_time, nearest, since
from bot.errors import Refused
from bot.slack.faces.failures import MOST_OPEN, proposals_of
from bot.slack.faces.summaries import failures_answer
from bot.workflow import catalogue, proposing
from bot.workflow.desk import Desk
from bot.workflow.watch.failing import JUST_NOW, failures

if TYPE_CHECKING:
    from bot.slack.calls import Call

USUAL = timedelta(days=7)


async def tell_failures(call: Call) -> None:
    """Answer `/aso failures [app] [since]`; raises Refused, with a suggestion."""
    app, begins, when = await _understood(call.desk, call.words)
    summary = await failures(
        call.desk, when=when, since=begins, until=call.desk.clock.now() + JUST_NOW, app=app
    )
    links = {
        number: await call.editor.address(await proposing.known(call.desk, number))
        for number in proposals_of(summary.entries)[:MOST_OPEN]
    }
    await call.answer(failures_answer(summary, links))


async def _understood(desk: Desk, words: str) -> tuple[App | None, datetime, str]:
    """Return the app (None for all), the moment it begins at and how that is said."""
    now = desk.clock.now()
    rest = [word for word in words.split() if word.casefold() != "since"]
    begins, when = now - USUAL, f"in the last {USUAL.days} days"
    if rest and (found := since(rest[-1], now=now, zone=desk.rules.timezone)):
        begins, when = found, f"since {found.day} {found:%b %Y, %H:%M}"
        rest.pop()
    if not rest:
        return None, begins, when
    await _refuse_unknown_time(desk, rest)
    return (await catalogue.understand(desk, " ".join(rest))).app, begins, when


async def _refuse_unknown_time(desk: Desk, rest: list[str]) -> None:
    """Refuse a last word that names no moment and is no part of an app's name."""
    *before, last = rest
    if await _names_app(desk, rest) or not (
        looks_like_a_time(last) or (before and await _names_app(desk, before))
    ):
        return
    near = nearest(last)
    meant = f"Did you mean {near}? " if near else ""
    raise Refused(
        f"“{last}” is no moment in the last year that I understand.",
        remedy=f"{meant}Type for instance {EXAMPLES}.",
    )


async def _names_app(desk: Desk, words: list[str]) -> bool:
    try:
        await catalogue.find_app(desk, " ".join(words))
    except Refused:
        return False
    return True
