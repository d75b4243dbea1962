"""The button Say why under a rejected proposal, and the form that it opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import Refused
from bot.slack import ids
from bot.slack.checks import ask
from bot.slack.faces.vetoes import not_yours, why_view
from bot.workflow import vetoing
from bot.workflow.desk import Desk

if TYPE_CHECKING:
    from bot.slack.calls import Press


async def _say_why(press: Press) -> None:
    proposal, vetoes = await vetoing.rejected(press.desk, int(press.value))
    if vetoing.own(press.desk, vetoes, press.user) is None:
        await press.answer(not_yours(vetoes))
        return
    await ask(press.slack.client.views_open(trigger_id=press.trigger_id, view=why_view(proposal)))


async def keep_reason(desk: Desk, view: Mapping[str, Any], user: str) -> None:
    """Keep the reason that a form brings; raises BotError with what to do when it cannot be."""
    shown = ids.parse_confirm_value(str(view.get("private_metadata") or ""))
    if shown is None:
        raise Refused("This form is of another time.", remedy="Press Say why again.")
    values = view["state"]["values"][ids.WHY_INPUT][ids.WHY_INPUT]
    await vetoing.say_why(
        desk, shown[0], digest=shown[1], user=user, reason=str(values.get("value") or "")
    )


VETO_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {ids.SAY_WHY: _say_why}
