"""Forms once they are sent: each is read, acknowledged in time, and handed to what does it.

What is wrong is said at the inputs while the form is open; what takes long goes on after the
acknowledgement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.errors import BotError
from bot.slack import clipping, confirming, glass, ids, rebasing, vetoes, wishes
from bot.slack.checks import SlackSide
from bot.slack.edit import Editor
from bot.slack.version_forms import VersionForms
from bot.slack.work import Answer, Work, guarded
from bot.workflow.desk import Desk


class SentForms:
    """Answers the forms that people send; those with files are `FileForms`."""

    def __init__(
        self,
        desk: Desk,
        slack: SlackSide,
        work: Work,
        editor: Editor,
        forms: VersionForms,
        answer: Callable[[Mapping[str, Any]], Answer],
    ) -> None:
        self._desk = desk
        self._slack = slack
        self._work = work
        self._editor = editor
        self._forms = forms
        self._answer = answer

    async def edit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Propose what the edit form holds, or say at its inputs what is wrong."""
        # What breaks here stays unacknowledged: Slack says so and the form keeps every word.
        errors, meanwhile = await self._editor.submit(body["view"], str(body["user"]["id"]))
        if errors:
            await ack(response_action="errors", errors=errors)
        elif meanwhile:
            await ack(response_action="update", view=meanwhile)
        else:
            await ack()

    async def version(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Take a form that acts on a version: what comes of it is shown in it."""
        errors, meanwhile = await self._forms.submit(body["view"], str(body["user"]["id"]))
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await ack(response_action="update", view=meanwhile)

    async def confirm(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep a person's Confirm."""
        user, view = str(body["user"]["id"]), body["view"]
        await ack()
        with guarded("confirm"):
            deed = confirming.confirm(self._desk, view, user)
            self._work.start(deed, answer=self._answer(body))

    async def rebase(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Write the revision on Apple's texts of now, or say what is wrong with it."""
        user, view = str(body["user"]["id"]), body["view"]
        if errors := await rebasing.mistakes(self._desk, view):
            await ack(response_action="errors", errors=errors)
            return
        await ack(response_action="update", view=rebasing.MEANWHILE)
        with guarded("rebase"):
            deed = rebasing.save(self._desk, self._slack, view, user)
            self._work.start(deed, answer=self._answer(body))

    async def say_why(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep the reason of who rejected."""
        try:
            await vetoes.keep_reason(self._desk, body["view"], str(body["user"]["id"]))
        except BotError as error:
            await ack(response_action="errors", errors={ids.WHY_INPUT: str(error)})
            return
        await ack()

    async def break_glass(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Push a proposal without approval, where a reason is given."""
        user, view = str(body["user"]["id"]), body["view"]
        try:
            glass.reason_in(view)
        except BotError as error:
            await ack(response_action="errors", errors={ids.GLASS_INPUT: str(error)})
            return
        await ack()
        with guarded("break-glass"):
            deed = glass.push(self._desk, view, user)
            self._work.start(deed, answer=self._answer(body))

    async def place_text(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Go on with the edit form, with a message's text in the field that was chosen."""
        try:
            form = await clipping.place(self._desk, body["view"], str(body["user"]["id"]))
        except BotError as error:
            await ack(response_action="errors", errors={ids.CLIP_FIELD: str(error)})
            return
        await ack(response_action="update", view=await self._editor.views.view_of(form))

    async def keep_wishes(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep what a person wishes to be told."""
        # What breaks here stays unacknowledged: Slack says so and keeps the boxes as they are.
        await wishes.keep(self._desk, body["view"], str(body["user"]["id"]))
        await ack()
