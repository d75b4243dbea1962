"""The preview of many texts: drawn from the store, turned, thinned out, and at last proposed.

Nothing is posted before somebody pressed Propose. What goes wrong is said in the modal.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.errors import BotError
from bot.slack import ids
from bot.slack.checks import SlackSide
from bot.slack.faces.bulk_edits import FilledEdit, edit_view
from bot.slack.faces.form_states import View, notice_view
from bot.slack.faces.upload_preview import Spot, preview_view
from bot.slack.faces.uploads import TITLE, Filled, Origin, file_view, target_words
from bot.slack.modals import redraw
from bot.slack.voice.announcements import answer_notice
from bot.workflow import uploading
from bot.workflow.desk import Desk
from bot.workflow.upload_cards import UploadCard, UploadTarget

if TYPE_CHECKING:
    from bot.slack.calls import Press

log = logging.getLogger(__name__)


def notice(error: BotError) -> View:
    """Return the modal that says what went wrong and waits for nothing."""
    return notice_view(TITLE, f"⚠️ {error.message}", error.remedy)


async def make(
    desk: Desk,
    user: str,
    url: str,
    taken: Awaitable[int],
    again: Callable[[str], Awaitable[View]],
) -> View:
    """Return the preview of what is `taken`, or the form `again` with what was wrong."""
    try:
        number = await taken
        card = await uploading.card(desk, number, user=user)
        return preview_view(card, Spot(draft=number, url=url))
    except BotError as error:
        return await again(str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("preview.broken reference=%s", reference)
        said = f"Something broke on our side. Tell whoever runs the bot: {reference}."
        return await again(said)


async def propose(desk: Desk, view: Mapping[str, Any], user: str) -> View:
    """Propose what a preview shows; return the modal that says so, or what stands in the way."""
    try:
        spot = Spot.load(str(view.get("private_metadata") or ""))
        done = await uploading.propose(desk, spot.draft, user=user)
        if done.errors:
            card = await uploading.card(desk, spot.draft, user=user)
            return preview_view(card, spot, problem=done.errors[0].message)
    except BotError as error:
        return notice(error)
    if done.proposal is None:
        return notice_view(TITLE, "This was proposed already.")
    await desk.say([answer_notice(done.proposal, done.revision, user=user, url=spot.url)])
    return notice_view(
        TITLE,
        f"✅ Proposal {done.proposal} is up.",
        "Nothing is sent to Apple before it is approved.",
    )


async def show(desk: Desk, slack: SlackSide, view_id: str, view: View) -> None:
    """Show a view in an open modal, if it is still open."""
    await redraw(slack.client, desk.clock, view_id, view)


async def _turn(press: Press) -> None:
    spot = Spot.load(press.carried)
    await _redraw(press, replace(spot, page=int(press.value)))


async def _leave_out(press: Press) -> None:
    draft = Spot.load(press.carried).draft
    await _after(press, uploading.leave_out_failing(press.desk, draft, user=press.user))


async def _choose_version(press: Press) -> None:
    draft = Spot.load(press.carried).draft
    await _after(press, uploading.choose_version(press.desk, draft, press.value, user=press.user))


async def _after(press: Press, deed: Awaitable[None]) -> None:
    """Draw the first page once something was done to the texts, or say why it was not."""
    try:
        await deed
    except BotError as error:
        await show(press.desk, press.slack, press.view_id, notice(error))
        return
    await _redraw(press, replace(Spot.load(press.carried), page=0))


async def _again(press: Press) -> None:
    """Show the form that the texts came from, with what was said in it besides a file."""
    await _draw(press, Spot.load(press.carried), _form_of)


def _form_of(card: UploadCard, spot: Spot) -> View:
    target = UploadTarget(app=card.app, platform=card.version.platform)
    origin = Origin(words=target_words(target), url=spot.url)
    about = Filled(reason=card.reason, empty_clears=card.empty_clears)
    if card.edit is None:
        return file_view((target,), origin, about)
    filled = FilledEdit(replaces=bool(card.edit.find), edit=card.edit, about=about)
    return edit_view((target,), origin, filled)


async def _redraw(press: Press, spot: Spot) -> None:
    """Draw a preview again from the store."""
    await _draw(press, spot, preview_view)


async def _draw(press: Press, spot: Spot, view_of: Callable[[UploadCard, Spot], View]) -> None:
    """Show what the store holds of a preview, or why it cannot be shown."""
    try:
        card = await uploading.card(press.desk, spot.draft, user=press.user)
        view = view_of(card, spot)
    except BotError as error:
        view = notice(error)
    await show(press.desk, press.slack, press.view_id, view)


PREVIEW_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.PREVIEW_PREVIOUS: _turn,
    ids.PREVIEW_NEXT: _turn,
    ids.PREVIEW_LEAVE: _leave_out,
    ids.PREVIEW_VERSION: _choose_version,
    ids.PREVIEW_AGAIN: _again,
}
