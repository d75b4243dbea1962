"""The forms of many texts: from a file, of a message too, or by one deed done to all of them.

What goes wrong is said in the modal, where another file can be chosen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.bulk_edits import BulkEdit, Deed
from bot.errors import BotError, Refused
from bot.slack import files, ids, previews
from bot.slack.checks import SlackRefused, SlackSide
from bot.slack.faces.bulk_edits import FilledEdit, edit_view
from bot.slack.faces.bulk_inputs import FORMS
from bot.slack.faces.form_states import View
from bot.slack.faces.mending import mended_view
from bot.slack.faces.upload_waiting import Pending, working_view
from bot.slack.faces.uploads import (
    NOTHING,
    Filled,
    Origin,
    file_view,
    target_value,
)
from bot.slack.modals import open_modal
from bot.slack.work import Answer, Work
from bot.workflow import uploading
from bot.workflow.desk import Desk
from bot.workflow.upload_cards import UploadTarget

if TYPE_CHECKING:
    from bot.slack.calls import Call, Press

log = logging.getLogger(__name__)

# Each holds a file of up to ten megabytes.
AT_ONCE = 4
FETCHING = "Fetching the file from Slack…"
COMPARING = "Comparing with App Store Connect…"
LOOKING = "Looking up the locales at App Store Connect…"


async def open_bulk(call: Call) -> None:
    """Open the modal that asks for a file."""
    origin = Origin(words=call.words, url=call.response_url)
    await _open(call.desk, call.slack, call.trigger_id, origin)


async def _open(desk: Desk, slack: SlackSide, trigger_id: str, origin: Origin) -> None:
    view_id = await open_modal(slack.client, trigger_id, working_view("Looking up the apps…"))
    try:
        await previews.show(desk, slack, view_id, await _form(desk, origin, NOTHING))
    except SlackRefused as error:
        log.warning("file.no_form error=%s", error.code)
        refused = Refused(f"Slack did not take the form ({error.code}).", remedy=files.REMEDY)
        await previews.show(desk, slack, view_id, previews.notice(refused))


class FileForms:
    """Answers the modals of a file and the shortcut that opens the first."""

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
        # Modals whose preview is on its way.
        self._busy: set[str] = set()

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
        pending = Pending(origin=origin, filled=filled)
        await ack(response_action="update", view=working_view(FETCHING, pending))
        self._start(body, pending)

    def _start(self, body: Mapping[str, Any], pending: Pending) -> None:
        """Begin with a form's preview."""
        view_id, user = str(body["view"]["id"]), str(body["user"]["id"])
        self._work.start(self._pending(view_id, user, pending), answer=self._answer(body))

    async def _pending(self, view_id: str, user: str, pending: Pending) -> None:
        self._busy.add(view_id)
        try:
            if pending.edit is None:
                rest = await self._preview(view_id, user, pending.origin, pending.filled)
            else:
                rest = await self._preview_edit(view_id, user, pending.origin, pending.edit)
        finally:
            self._busy.discard(view_id)
        if rest:
            await rest()

    async def try_again(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Begin anew with a form whose preview never came: the bot was stopped meanwhile."""
        await ack()
        if str(body["view"]["id"]) in self._busy:
            return
        try:
            pending = Pending.load(str(body["view"].get("private_metadata") or ""))
        except BotError as error:
            self._work.start(self._refuse(str(body["view"]["id"]), error))
        else:
            self._start(body, pending)

    async def _refuse(self, view_id: str, error: BotError) -> None:
        await previews.show(self._desk, self._slack, view_id, previews.notice(error))

    async def _preview(
        self, view_id: str, user: str, origin: Origin, filled: Filled
    ) -> previews.Rest | None:
        async def again(problem: str) -> View:
            return await _form(self._desk, origin, filled, problem)

        taken = self._take(view_id, user, origin, filled)
        return await previews.bring(self._place(view_id, user), origin.url, taken, again)

    def _place(self, view_id: str, user: str) -> previews.Place:
        return previews.Place(desk=self._desk, slack=self._slack, view_id=view_id, user=user)

    async def _take(self, view_id: str, user: str, origin: Origin, filled: Filled) -> int:
        """Fetch and read a file and hold it against Apple's texts; return its draft."""
        async with self._room:
            asked = await _asked(self._desk, origin, filled)
            file = await files.fetch(self._slack, filled.file)
            pending = Pending(origin=origin, filled=filled)
            view = working_view(COMPARING, pending)
            await previews.show(self._desk, self._slack, view_id, view)
            return await uploading.take(self._desk, user, file, asked)

    async def submit_edit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take the modal of one deed done to many texts: the preview follows in it."""
        view = body["view"]
        try:
            origin = Origin.of(view)
            filled = FilledEdit.of(view, origin)
        except BotError as error:
            await ack(response_action="errors", errors={ids.FILE_REASON: str(error)})
            return
        if problem := filled.missing:
            await ack(response_action="errors", errors=problem)
            return
        pending = Pending(origin=origin, filled=filled.about, edit=filled)
        await ack(response_action="update", view=working_view(COMPARING, pending))
        self._start(body, pending)

    async def _preview_edit(
        self, view_id: str, user: str, origin: Origin, filled: FilledEdit
    ) -> previews.Rest | None:
        async def again(problem: str) -> View:
            return await _edit_form(self._desk, origin, filled, problem)

        async def taken() -> int:
            asked = await _asked(self._desk, origin, filled.about)
            return await uploading.edit(self._desk, user, filled.edit, asked)

        return await previews.bring(self._place(view_id, user), origin.url, taken(), again)

    async def propose(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Propose what a preview shows; what stands in the way is said in it."""
        view = await previews.propose(self._desk, body["view"], str(body["user"]["id"]))
        await ack(response_action="update", view=view)
        if view["callback_id"] != ids.PREVIEW_VIEW:
            self._work.start(previews.gone(self._slack, body["view"]))

    async def mend(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep failing texts as they were typed anew, or say at their inputs what is wrong."""
        view, user = body["view"], str(body["user"]["id"])
        try:
            errors = await previews.mended(self._desk, view, user)
        except BotError as error:
            await ack(response_action="update", view=previews.notice(error))
            return
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        carried = str(view["private_metadata"])
        await ack(response_action="update", view=mended_view(carried))
        again = previews.draw_again(self._place(str(view["id"]), user), carried)
        self._work.start(again, answer=self._answer(body))

    async def closed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Clear away what a preview that was closed leaves behind."""
        await ack()
        self._work.start(previews.gone(self._slack, body["view"]))


async def _form(desk: Desk, origin: Origin, filled: Filled, problem: str = "") -> View:
    """Return the modal that asks for a file, with what was wrong with the last one."""
    try:
        return file_view(
            await uploading.targets(desk, origin.words), origin, filled, problem=problem
        )
    except BotError as error:
        return previews.notice(error)


async def _edit_form(desk: Desk, origin: Origin, filled: FilledEdit, problem: str = "") -> View:
    """Return the modal of one deed done to many texts."""
    try:
        targets = await uploading.targets(desk, origin.words)
        looks = filled.looks and len(targets) == 1
        there = await uploading.locales_there(desk, targets[0]) if looks else ()
        return edit_view(targets, origin, filled, there=there, problem=problem)
    except BotError as error:
        return previews.notice(error)


async def _asked(desk: Desk, origin: Origin, filled: Filled) -> uploading.Asked:
    """Return what the texts are for, as it was chosen or as there is no choice."""
    target = _chosen(await uploading.targets(desk, origin.words), filled)
    return uploading.Asked(
        app_id=target.app.id,
        platform=target.platform,
        reason=filled.reason,
        empty_clears=filled.empty_clears,
    )


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


async def _deed(press: Press, view: Callable[[Origin], Awaitable[View]]) -> None:
    origin = Origin.load(press.carried)
    await previews.show(press.desk, press.slack, press.view_id, await view(origin))


async def _from_file(press: Press) -> None:
    await _deed(press, lambda origin: _form(press.desk, origin, NOTHING))


def _opens(deed: Deed) -> Callable[[Press], Awaitable[None]]:
    """Return what opens the empty form of a deed."""

    async def pressed(press: Press) -> None:
        filled = FilledEdit(edit=BulkEdit(deed=deed), about=NOTHING)
        if filled.looks:
            await previews.show(press.desk, press.slack, press.view_id, working_view(LOOKING))
        await _deed(press, lambda origin: _edit_form(press.desk, origin, filled))

    return pressed


FILE_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.BULK_FILE_DEED: _from_file,
    **{form.action: _opens(deed) for deed, form in FORMS.items()},
    **previews.PREVIEW_BUTTONS,
}
