"""The buttons under proposals and on the home: what each does when it is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.slack import ids, rebasing
from bot.slack.calls import Press
from bot.slack.checking import CHECK_BUTTONS
from bot.slack.checks import SlackSide, ask
from bot.slack.commands import as_number
from bot.slack.edit import Request
from bot.slack.faces.confirming import confirm_view
from bot.slack.faces.details import details_view
from bot.slack.faces.form_states import View
from bot.slack.faces.home_view import home_view
from bot.slack.file_forms import FILE_BUTTONS
from bot.slack.glass import GLASS_BUTTONS
from bot.slack.summary_buttons import SUMMARY_BUTTONS
from bot.slack.turning import tell_next
from bot.slack.version_buttons import VERSION_BUTTONS
from bot.slack.vetoes import VETO_BUTTONS
from bot.slack.voice.announcements import answer_notice
from bot.slack.watch_buttons import WATCH_BUTTONS
from bot.workflow import admission, confirming, proposing, pushing, reverting, showing, stopping
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import own_locales, proposal_card
from bot.workflow.watch import reminding


async def _details(press: Press) -> None:
    view = await _details_of(press, as_number(press.value))
    await ask(press.slack.client.views_open(trigger_id=press.trigger_id, view=view))


async def _turn_details(press: Press) -> None:
    place = ids.parse_details_value(press.value)
    if place is not None:
        number, page, start = place
        view = await _details_of(press, number, page, start)
        await ask(press.slack.client.views_update(view_id=press.view_id, view=view))


async def _details_of(press: Press, number: int, page: int = 0, start: str = "") -> View:
    card = await proposal_card(press.desk, number)
    own = await own_locales(press.desk, card, press.user)
    return await asyncio.to_thread(details_view, card, page, start=start, own=own)


async def _confirm(press: Press) -> None:
    await confirming.ask(press.desk, as_number(press.value), user=press.user)
    card = await proposal_card(press.desk, as_number(press.value))
    await ask(press.slack.client.views_open(trigger_id=press.trigger_id, view=confirm_view(card)))


async def _edit(press: Press) -> None:
    await admission.refuse_outsider(press.desk, press.user, fresh=False)
    number = as_number(press.value)
    if await press.forms.open_of(press.trigger_id, press.user, number, press.response_url):
        return
    request = Request(proposal=number, response_url=press.response_url)
    await press.editor.open(press.trigger_id, press.user, request)


async def _propose_again(press: Press) -> None:
    number = as_number(press.value)
    await admission.refuse_outsider(press.desk, press.user, fresh=False)
    if await press.forms.open_of(press.trigger_id, press.user, number, press.response_url):
        return
    request = Request(proposal=number, again=True, response_url=press.response_url)
    await press.editor.open(press.trigger_id, press.user, request)


async def _stop(press: Press) -> None:
    await stopping.stop(press.desk, as_number(press.value), user=press.user)


async def _go_on(press: Press) -> None:
    await stopping.go_on(press.desk, as_number(press.value), user=press.user)


async def _withdraw(press: Press) -> None:
    await proposing.withdraw(press.desk, as_number(press.value), user=press.user)


async def _retry(press: Press) -> None:
    await pushing.retry(press.desk, as_number(press.value), user=press.user)


async def _revert(press: Press) -> None:
    await admission.refuse_outsider(press.desk, press.user)
    number = await reverting.revert(press.desk, as_number(press.value), user=press.user)
    notice = answer_notice(number, 1, user=press.user, url=press.response_url)
    await press.desk.say([notice])


async def _end_reminder(press: Press) -> None:
    await reminding.done(press.desk, press.value, user=press.user)


async def _turn_home(press: Press) -> None:
    await show_home(press.desk, press.slack, press.user, page=int(press.value))


async def _choose_app(press: Press) -> None:
    await press.editor.choose_app(press.view_id, press.user, press.value)


async def _try_again(press: Press) -> None:
    await press.editor.retry(press.view_id, press.user, press.value)


async def _start_over(press: Press) -> None:
    await press.editor.start_over(press.view_id, press.value, hash_=press.view_hash)


async def show_home(desk: Desk, slack: SlackSide, user: str, *, page: int = 0) -> None:
    """Draw a person's App Home."""
    view = home_view(await showing.home_card(desk, page))
    await ask(slack.client.views_publish(user_id=user, view=view))


BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.DETAILS: _details,
    ids.DETAILS_PREVIOUS: _turn_details,
    ids.DETAILS_NEXT: _turn_details,
    ids.DETAILS_JUMP: _turn_details,
    ids.HOME_DETAILS: _details,
    ids.HOME_PREVIOUS: _turn_home,
    ids.HOME_NEXT: _turn_home,
    ids.PROPOSALS_NEXT: tell_next,
    ids.CONFIRM: _confirm,
    ids.EDIT: _edit,
    ids.REBASE: rebasing.press,
    ids.PROPOSE_AGAIN: _propose_again,
    ids.STOP: _stop,
    ids.GO_ON: _go_on,
    ids.WITHDRAW: _withdraw,
    ids.RETRY_FAILED: _retry,
    ids.REVERT: _revert,
    ids.REMINDER_DONE: _end_reminder,
    ids.TRY_AGAIN: _try_again,
    ids.APP_SELECT: _choose_app,
    ids.START_OVER: _start_over,
    **CHECK_BUTTONS,
    **VETO_BUTTONS,
    **GLASS_BUTTONS,
    **VERSION_BUTTONS,
    **WATCH_BUTTONS,
    **SUMMARY_BUTTONS,
    **FILE_BUTTONS,
}


def chosen(action: Mapping[str, Any]) -> str:
    """Return the value of a pressed button or a chosen option."""
    option = action.get("selected_option") or {}
    return str(option.get("value") or action.get("value") or "")
