"""The preview of many texts: drawn from the store, turned, thinned out, and at last proposed.

Nothing is posted before somebody pressed Propose. What goes wrong is said in the modal.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.errors import BotError
from bot.slack import ids, preview_pictures
from bot.slack.checks import SlackSide
from bot.slack.faces.bulk_edits import FilledEdit, edit_view
from bot.slack.faces.form_states import View, notice_view
from bot.slack.faces.mending import errors_of, mend_view
from bot.slack.faces.upload_preview import Spot, preview_view
from bot.slack.faces.uploads import TITLE, Filled, Origin, file_view, target_words
from bot.slack.modals import redraw
from bot.slack.voice.announcements import answer_notice
from bot.workflow import mending, uploading
from bot.workflow.desk import Desk
from bot.workflow.upload_cards import UploadCard, UploadTarget

if TYPE_CHECKING:
    from bot.slack.calls import Press

log = logging.getLogger(__name__)

Rest: TypeAlias = Callable[[], Awaitable[None]]


def notice(error: BotError) -> View:
    """Return the modal that says what went wrong and waits for nothing."""
    return notice_view(TITLE, f"⚠️ {error.message}", error.remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An open modal, and who has it open."""

    desk: Desk
    slack: SlackSide
    view_id: str
    user: str


async def bring(
    place: Place, url: str, taken: Awaitable[int], again: Callable[[str], Awaitable[View]]
) -> Rest | None:
    """Show the preview of what is `taken`, or the form `again` with what was wrong.

    Returns what is still to be done then, which may take half a minute.
    """
    try:
        number = await taken
        card = await uploading.card(place.desk, number, user=place.user)
    except BotError as error:
        view = await again(str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("preview.broken reference=%s", reference)
        view = await again(f"Something broke on our side. Tell whoever runs the bot: {reference}.")
    else:
        return await _present(place, card, Spot(draft=number, url=url))
    await show(place.desk, place.slack, place.view_id, view)
    return None


async def _present(place: Place, card: UploadCard, spot: Spot) -> Rest | None:
    """Show a page of a preview; return how the first one gets its picture once it stands."""
    # Fifty locales of long texts: others are not kept waiting for them.
    view = await asyncio.to_thread(preview_view, card, spot)
    hash_ = await show(place.desk, place.slack, place.view_id, view)
    if hash_ is None or spot.page or spot.picture or not card.matrix.rows:
        return None

    def with_picture(file: str) -> View:
        return preview_view(card, replace(spot, picture=file))

    shown = (place.view_id, hash_)
    clock = place.desk.clock
    return partial(preview_pictures.add, place.slack, clock, shown, card.matrix, with_picture)


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


async def show(desk: Desk, slack: SlackSide, view_id: str, view: View) -> str | None:
    """Show a view in an open modal, if it is still open; return its hash then."""
    return await redraw(slack.client, desk.clock, view_id, view)


async def gone(slack: SlackSide, view: Mapping[str, Any]) -> None:
    """Clear away what a preview leaves behind that is no longer shown."""
    try:
        spot = Spot.load(str(view.get("private_metadata") or ""))
    except BotError:
        return
    await preview_pictures.delete(slack, spot.picture)


async def _turn(press: Press) -> None:
    spot = Spot.load(press.carried)
    if rest := await _draw(_place(press), replace(spot, page=int(press.value))):
        await rest()


async def _leave_out(press: Press) -> None:
    draft = Spot.load(press.carried).draft
    await _after(press, uploading.leave_out_failing(press.desk, draft, user=press.user))


async def _mend(press: Press) -> None:
    """Show the form with what fails; the picture comes anew with the preview after it."""
    spot = Spot.load(press.carried)
    if card := await _card(_place(press), spot):
        view = mend_view(card, replace(spot, page=0, picture="").dump())
        await show(press.desk, press.slack, press.view_id, view)
    await preview_pictures.delete(press.slack, spot.picture)


async def _back(press: Press) -> None:
    await draw_again(_place(press), press.carried)


async def mended(desk: Desk, view: Mapping[str, Any], user: str) -> dict[str, str]:
    """Keep what stands in the form with what fails; return what is still wrong, by input.

    Raises Refused for a form whose upload ended, is gone or another person's.
    """
    spot = Spot.load(str(view.get("private_metadata") or ""))
    wrong = await mending.mend(desk, spot.draft, ids.field_texts(view), user=user)
    return errors_of(wrong, spot.draft)


async def draw_again(place: Place, carried: str) -> None:
    """Show a preview where another view of its modal stood; `carried` is that of both."""
    if rest := await _draw(place, Spot.load(carried)):
        await rest()


async def _choose_version(press: Press) -> None:
    draft = Spot.load(press.carried).draft
    await _after(press, uploading.choose_version(press.desk, draft, press.value, user=press.user))


async def _after(press: Press, deed: Awaitable[None]) -> None:
    """Draw the first page once something was done to the texts, or say why it was not."""
    spot, rest = Spot.load(press.carried), None
    try:
        await deed
    except BotError as error:
        await show(press.desk, press.slack, press.view_id, notice(error))
    else:
        rest = await _draw(_place(press), replace(spot, page=0, picture=""))
    await preview_pictures.delete(press.slack, spot.picture)
    if rest:
        await rest()


async def _again(press: Press) -> None:
    """Show the form that the texts came from, with what was said in it besides a file."""
    spot = Spot.load(press.carried)
    if card := await _card(_place(press), spot):
        await show(press.desk, press.slack, press.view_id, _form_of(card, spot))
    await preview_pictures.delete(press.slack, spot.picture)


def _form_of(card: UploadCard, spot: Spot) -> View:
    target = UploadTarget(app=card.app, platform=card.version.platform)
    origin = Origin(words=target_words(target), url=spot.url)
    about = Filled(reason=card.reason, empty_clears=card.empty_clears)
    if card.edit is None:
        return file_view((target,), origin, about)
    filled = FilledEdit(edit=card.edit, about=about)
    return edit_view((target,), origin, filled, there=card.locales)


async def _draw(place: Place, spot: Spot) -> Rest | None:
    """Draw a preview again from the store; return what is still to be done then."""
    card = await _card(place, spot)
    return await _present(place, card, spot) if card else None


async def _card(place: Place, spot: Spot) -> UploadCard | None:
    """Return what the store holds of a preview; None where the modal says why it is not shown."""
    try:
        return await uploading.card(place.desk, spot.draft, user=place.user)
    except BotError as error:
        await show(place.desk, place.slack, place.view_id, notice(error))
        return None


def _place(press: Press) -> Place:
    return Place(desk=press.desk, slack=press.slack, view_id=press.view_id, user=press.user)


PREVIEW_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.PREVIEW_PREVIOUS: _turn,
    ids.PREVIEW_NEXT: _turn,
    ids.PREVIEW_LEAVE: _leave_out,
    ids.PREVIEW_MEND: _mend,
    ids.PREVIEW_BACK: _back,
    ids.PREVIEW_VERSION: _choose_version,
    ids.PREVIEW_AGAIN: _again,
}
