"""`/aso check`, and the buttons that show a checklist whole: looked up while somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from bot.domain.proposals import Proposal
from bot.errors import BotError, Refused
from bot.slack import ids
from bot.slack.calls import Call, Command, Press
from bot.slack.checks import ask
from bot.slack.faces.checklist import (
    TITLE,
    checking_view,
    checklist_answer,
    checklist_view,
    looking_message,
)
from bot.slack.faces.form_states import notice_view
from bot.slack.modals import open_modal, redraw
from bot.workflow import saying
from bot.workflow.checklist import Checked, check_app, check_proposal

# Seconds after which somebody who waits is told what for.
PATIENCE = 2.0


async def _check(call: Call) -> None:
    looking = asyncio.ensure_future(check_app(call.desk, call.words))
    waiting = asyncio.ensure_future(call.desk.clock.sleep(PATIENCE))
    try:
        await asyncio.wait({looking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not looking.done():
            await call.answer(looking_message(call.words))
        # Of fifty locales there may be much to draw.
        await call.answer(await asyncio.to_thread(checklist_answer, await looking))
    finally:
        waiting.cancel()
        looking.cancel()


async def _whole(press: Press) -> None:
    view_id = await open_modal(press.slack.client, press.trigger_id, checking_view())
    await _fill(press, view_id, check_app(press.desk, press.value))


async def _of_proposal(press: Press) -> None:
    number = int(press.value)
    proposal = await saying.proposal(press.desk, number)
    if proposal is None:
        raise Refused(f"There is no proposal {number}.")
    pushed = await ask(
        press.slack.client.views_push(trigger_id=press.trigger_id, view=checking_view())
    )
    looking = check_proposal(press.desk, proposal)
    await _fill(press, str(pushed["view"]["id"]), looking, proposal)


async def _fill(
    press: Press,
    view_id: str,
    looking: Coroutine[Any, Any, Checked],
    proposal: Proposal | None = None,
) -> None:
    try:
        view = await asyncio.to_thread(checklist_view, await looking, proposal)
    except BotError as error:
        view = notice_view(TITLE, f"⚠️ {error.message}", error.remedy)
    await redraw(press.slack.client, press.desk.clock, view_id, view)


CHECK = Command(
    verb="check",
    usage="<app> [platform] [locale]",
    meaning="what is missing, too close to a limit, untranslated or broken in its listing",
    run=_check,
)

CHECK_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.CHECKLIST: _of_proposal,
    ids.CHECKLIST_WHOLE: _whole,
}
