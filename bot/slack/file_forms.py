"""From a file to a preview to a proposal, in one modal: `/aso bulk`, and the message shortcut.

Nothing is posted before somebody pressed Propose. What goes wrong is said in the modal, where
another file can be chosen.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.errors import BotError, Refused
from bot.slack import files, ids
from bot.slack.checks import SlackRefused, SlackSide
from bot.slack.faces.form_states import View, notice_view
from bot.slack.faces.upload_preview import Spot, preview_view
from bot.slack.faces.uploads import (
    TITLE,
    Filled,
    Origin,
    file_view,
    target_value,
    target_words,
    working_view,
)
from bot.slack.modals import open_modal, redraw
from bot.slack.voice.announcements import answer_notice
from bot.slack.work import Answer, Work
from bot.workflow import uploading
from bot.workflow.desk import Desk
from bot.workflow.upload_cards import UploadTarget

if TYPE_CHECKING:
    from bot.slack.calls import Call, Press

log = logging.getLogger(__name__)

# Each holds a file of up to ten megabytes.
AT_ONCE = 4


async def open_bulk(call: Call) -> None:
    """Open the modal that asks for a file."""
    origin = Origin(words=call.words, url=call.response_url)
    await _open(call.desk, call.slack, call.trigger_id, origin)


async def _open(desk: Desk, slack: SlackSide, trigger_id: str, origin: Origin) -> None:
    view_id = await open_modal(slack.client, trigger_id, working_view("Looking up the apps…"))
    try:
        view = file_view(await uploading.targets(desk, origin.words), origin)
    except BotError as error:
        view = _notice(error)
    try:
        await redraw(slack.client, desk.clock, view_id, view)
    except SlackRefused as error:
        log.warning("file.no_form error=%s", error.code)
        refused = Refused(f"Slack did not take the form ({error.code}).", remedy=files.REMEDY)
        await redraw(slack.client, desk.clock, view_id, _notice(refused))


def _notice(error: BotError) -> View:
    return notice_view(TITLE, f"⚠️ {error.message}", error.remedy)


class FileForms:
    """Answers the two modals of a file and the shortcut that opens the first."""

    def __init__(
        self,
        desk: Desk,
        slack: SlackSide,
        work: Work,
        answer: Callable[[Mapping[str, Any]], Answer],
    ) -> None:
        self._desk = desk
        self._slack = slack
        self._work = work
        self._answer = answer
        self._room = asyncio.Semaphore(AT_ONCE)

    def __repr__(self) -> str:
        return f"<FileForms busy={self._room.locked()}>"

    async def shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Open the modal for the files of a message."""
        await ack()
        self._work.start(self._open_for(body), answer=self._answer(body))

    async def _open_for(self, body: dict[str, Any]) -> None:
        found = _files_of(body["message"])
        if not found:
            raise Refused(
                "This message has no file that is still there.",
                remedy=f"Choose one with a file, or type `{ids.COMMAND} bulk`.",
            )
        origin = Origin(files=found, url=str(body.get("response_url") or ""))
        await _open(self._desk, self._slack, str(body["trigger_id"]), origin)

    async def submit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a file's modal: the preview follows in it."""
        view = body["view"]
        try:
            origin = Origin.of(view)
            filled = Filled.of(view, origin)
        except BotError as error:
            await ack(response_action="errors", errors={ids.FILE_REASON: str(error)})
            return
        if not filled.file:
            await ack(response_action="errors", errors={ids.FILE_INPUT: "Choose a file."})
            return
        deed = self._preview(str(view["id"]), str(body["user"]["id"]), origin, filled)
        await ack(response_action="update", view=working_view("Fetching the file from Slack…"))
        self._work.start(deed, answer=self._answer(body))

    async def _preview(self, view_id: str, user: str, origin: Origin, filled: Filled) -> None:
        try:
            number = await self._take(view_id, user, origin, filled)
            card = await uploading.card(self._desk, number, user=user)
            view = preview_view(card, Spot(draft=number, url=origin.url))
        except BotError as error:
            view = await self._again(origin, filled, str(error))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("file.broken reference=%s", reference)
            said = f"Something broke on our side. Tell whoever runs the bot: {reference}."
            view = await self._again(origin, filled, said)
        await self._show(view_id, view)

    async def _take(self, view_id: str, user: str, origin: Origin, filled: Filled) -> int:
        """Fetch and read a file and hold it against Apple's texts; return its draft."""
        async with self._room:
            target = _chosen(await uploading.targets(self._desk, origin.words), filled)
            file = await files.fetch(self._slack, filled.file)
            await self._show(view_id, working_view("Comparing with App Store Connect…"))
            asked = uploading.Asked(
                app_id=target.app.id,
                platform=target.platform,
                reason=filled.reason,
                empty_clears=filled.empty_clears,
            )
            return await uploading.take(self._desk, user, file, asked)

    async def _again(self, origin: Origin, filled: Filled, problem: str) -> View:
        """Return the file's modal with what was wrong; another file can be chosen."""
        try:
            found = await uploading.targets(self._desk, origin.words)
        except BotError as error:
            return _notice(error)
        return file_view(found, origin, filled, problem=problem)

    async def propose(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Propose what a preview shows; what stands in the way is said in it."""
        await ack(response_action="update", view=await self._propose(body))

    async def _propose(self, body: dict[str, Any]) -> View:
        user = str(body["user"]["id"])
        try:
            spot = Spot.load(str(body["view"].get("private_metadata") or ""))
            done = await uploading.propose(self._desk, spot.draft, user=user)
            if done.errors:
                card = await uploading.card(self._desk, spot.draft, user=user)
                return preview_view(card, spot, problem=str(done.errors[0].message))
        except BotError as error:
            return _notice(error)
        if done.proposal is None:
            return notice_view(TITLE, "This file was proposed already.")
        notice = answer_notice(done.proposal, done.revision, user=user, url=spot.url)
        await self._desk.say([notice])
        return notice_view(
            TITLE,
            f"✅ Proposal {done.proposal} is up.",
            "Nothing is sent to Apple before it is approved.",
        )

    async def _show(self, view_id: str, view: View) -> None:
        await redraw(self._slack.client, self._desk.clock, view_id, view)


def _files_of(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return id and name of each file of a message that was not deleted."""
    return tuple(
        (str(one["id"]), str(one.get("name") or one["id"]))
        for one in message.get("files") or ()
        if one.get("mode") not in ("tombstone", "hidden_by_limit")
    )


def _chosen(targets: tuple[UploadTarget, ...], filled: Filled) -> UploadTarget:
    if len(targets) == 1:
        return targets[0]
    for one in targets:
        if target_value(one) == filled.target:
            return one
    raise Refused("Which app is the file for?", remedy="Choose one.")


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
    """Draw the first page once something was done to the upload, or say why it was not."""
    try:
        await deed
    except BotError as error:
        await redraw(press.slack.client, press.desk.clock, press.view_id, _notice(error))
        return
    await _redraw(press, replace(Spot.load(press.carried), page=0))


async def _another_file(press: Press) -> None:
    """Show the file's modal again, with what was said besides the file."""
    spot = Spot.load(press.carried)
    try:
        card = await uploading.card(press.desk, spot.draft, user=press.user)
        target = UploadTarget(app=card.app, platform=card.version.platform)
        origin = Origin(words=target_words(target), url=spot.url)
        filled = Filled(reason=card.reason, empty_clears=card.empty_clears)
        view = file_view((target,), origin, filled)
    except BotError as error:
        view = _notice(error)
    await redraw(press.slack.client, press.desk.clock, press.view_id, view)


async def _redraw(press: Press, spot: Spot) -> None:
    """Draw a preview again from the store."""
    try:
        card = await uploading.card(press.desk, spot.draft, user=press.user)
        view = preview_view(card, spot)
    except BotError as error:
        view = _notice(error)
    await redraw(press.slack.client, press.desk.clock, press.view_id, view)


FILE_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.PREVIEW_PREVIOUS: _turn,
    ids.PREVIEW_NEXT: _turn,
    ids.PREVIEW_LEAVE: _leave_out,
    ids.PREVIEW_VERSION: _choose_version,
    ids.PREVIEW_AGAIN: _another_file,
}
