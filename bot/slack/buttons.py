"""The buttons under proposals and on the home: what each does when it is pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import ids
from bot.slack.checks import SlackSide, ask
from bot.slack.commands import as_number
from bot.slack.edit import Editor, Request
from bot.slack.faces.details import details_view
from bot.slack.faces.home_view import home_view
from bot.slack.summary_buttons import SUMMARY_BUTTONS
from bot.slack.voice.announcements import answer_notice
from bot.slack.work import Answer
from bot.workflow import admission, proposing, pushing, showing
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed; view id and hash where it stands in a modal, "" elsewhere."""

    desk: Desk
    editor: Editor
    slack: SlackSide
    user: str
    value: str
    trigger_id: str
    view_id: str
    view_hash: str
    response_url: str
    answer: Answer


async def _details(press: Press) -> None:
    card = await showing.proposal_card(press.desk, as_number(press.value))
    await ask(press.slack.client.views_open(trigger_id=press.trigger_id, view=details_view(card)))


async def _turn_details(press: Press) -> None:
    place = ids.parse_details_value(press.value)
    if place is not None:
        card = await showing.proposal_card(press.desk, place[0])
        await ask(
            press.slack.client.views_update(
                view_id=press.view_id, view=details_view(card, place[1])
            )
        )


async def _edit(press: Press) -> None:
    await admission.refuse_outsider(press.desk, press.user, fresh=False)
    request = Request(proposal=as_number(press.value), response_url=press.response_url)
    await press.editor.open(press.trigger_id, press.user, request)


async def _propose_again(press: Press) -> None:
    number = as_number(press.value)
    await admission.refuse_outsider(press.desk, press.user, fresh=False)
    request = Request(proposal=number, again=True, response_url=press.response_url)
    await press.editor.open(press.trigger_id, press.user, request)


async def _withdraw(press: Press) -> None:
    await proposing.withdraw(press.desk, as_number(press.value), user=press.user)


async def _retry(press: Press) -> None:
    await pushing.retry(press.desk, as_number(press.value), user=press.user)


async def _revert(press: Press) -> None:
    await admission.refuse_outsider(press.desk, press.user)
    number = await proposing.revert(press.desk, as_number(press.value), user=press.user)
    notice = answer_notice(number, 1, user=press.user, url=press.response_url)
    await press.desk.say([notice])


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
    ids.HOME_DETAILS: _details,
    ids.HOME_PREVIOUS: _turn_home,
    ids.HOME_NEXT: _turn_home,
    ids.EDIT: _edit,
    ids.PROPOSE_AGAIN: _propose_again,
    ids.WITHDRAW: _withdraw,
    ids.RETRY_FAILED: _retry,
    ids.REVERT: _revert,
    ids.TRY_AGAIN: _try_again,
    ids.APP_SELECT: _choose_app,
    ids.START_OVER: _start_over,
    **SUMMARY_BUTTONS,
}


def chosen(action: Mapping[str, Any]) -> str:
    """Return the value of a pressed button or a chosen option."""
    option = action.get("selected_option") or {}
    return str(option.get("value") or action.get("value") or "")
