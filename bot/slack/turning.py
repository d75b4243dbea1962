"""The proposals that have not ended, page by page, for the person alone who asked."""

from __future__ import annotations

import asyncio

from bot.slack.calls import Call, Press
from bot.slack.faces.answers import proposals_answer
from bot.workflow import showing


async def tell_proposals(asked: Call | Press, app_id: str | None, page: int = 0) -> None:
    """Answer with a page (from 0) of the proposals of an app, or of all."""
    waiting = await showing.waiting(asked.desk, app_id, page)
    # Slack is asked for each address, and nobody waits for one after the other.
    links = await asyncio.gather(*(asked.editor.address(one.proposal) for one in waiting.cards))
    await asked.answer(proposals_answer(waiting, links))


async def tell_next(press: Press) -> None:
    """Answer with the page that a button names."""
    page, _, app_id = press.value.partition(" ")
    await tell_proposals(press, app_id or None, int(page))
