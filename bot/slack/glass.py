"""`/aso break-glass`, the form that it opens, and the button Reviewed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import Refused
from bot.slack import ids
from bot.slack.checks import ask
from bot.slack.faces.glass import glass_view
from bot.workflow import breaking
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import proposal_card

if TYPE_CHECKING:
    from bot.slack.calls import Call, Press


async def open_form(call: Call, number: int) -> None:
    """Show who may do it what would happen, and ask why; raises Refused for everybody else."""
    await breaking.ask(call.desk, number, user=call.user)
    card = await proposal_card(call.desk, number)
    await ask(call.slack.client.views_open(trigger_id=call.trigger_id, view=glass_view(card)))


def reason_in(view: Mapping[str, Any]) -> str:
    """Return what a form gives as the reason; raises Refused where that is none."""
    values = view["state"]["values"][ids.GLASS_INPUT][ids.GLASS_INPUT]
    return breaking.why(str(values.get("value") or ""))


async def push(desk: Desk, view: Mapping[str, Any], user: str) -> None:
    """Push what a form showed; raises BotError with what to do when that cannot be."""
    shown = ids.parse_confirm_value(str(view.get("private_metadata") or ""))
    if shown is None:
        raise Refused("This form is of another time.", remedy="Type the command again.")
    number, digest = shown
    reason = reason_in(view)
    await breaking.break_glass(desk, number, digest=digest, user=user, reason=reason)


async def _reviewed(press: Press) -> None:
    await breaking.review(press.desk, int(press.value), user=press.user)


GLASS_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {ids.REVIEWED: _reviewed}
