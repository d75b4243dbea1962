"""The edit modal's life: opened at once, filled when Apple has answered, kept, submitted.

A modal that was closed meanwhile and a view that somebody else updated are ordinary.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.domain.proposals import Proposal
from bot.errors import BotError, Refused, Unavailable
from bot.slack import ids
from bot.slack.checks import SlackRefused, SlackSide
from bot.slack.counters import Counters
from bot.slack.edit_views import EditViews
from bot.slack.faces.form import errors_by_block, lacking_notes
from bot.slack.faces.form_states import (
    broken_view,
    choose_app_view,
    error_view,
    expired_view,
    loading_view,
    proposed_view,
)
from bot.slack.modals import open_modal
from bot.slack.typed import Shown, typed_in
from bot.slack.voice.announcements import answer_notice
from bot.slack.work import Work
from bot.workflow import catalogue, drafting, handing, keeping, proposing
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

_CHOICES = {
    ids.PLATFORM_SELECT: "platform",
    ids.VERSION_SELECT: "version_id",
    ids.LOCALE_SELECT: "to_locale",
}


Turns: TypeAlias = WeakValueDictionary[str, asyncio.Lock]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a form was asked for with, so that it can be asked for again.

    Either `words` as typed, or a `proposal` to revise (or, `again`, to propose anew).
    """

    words: str = ""
    proposal: int | None = None
    again: bool = False
    response_url: str = ""

    def dump(self) -> str:
        """Return the request as a button's value."""
        return json.dumps([self.words[:300], self.proposal, self.again, self.response_url])

    @staticmethod
    def load(value: str) -> Request:
        """Return the request that `dump` wrote; raises Refused for anything else."""
        try:
            words, proposal, again, response_url = json.loads(value)
        except (ValueError, TypeError):
            raise _odd_button() from None
        right = isinstance(words, str) and isinstance(response_url, str)
        if not right or not isinstance(proposal, int | None) or not isinstance(again, bool):
            raise _odd_button()
        return Request(words=words, proposal=proposal, again=again, response_url=response_url)


def _odd_button() -> Refused:
    return Refused("This button is of another time.", remedy="Type the command again.")


class Editor:
    """Opens, fills, updates and submits edit forms; `views` draws them."""

    def __init__(self, desk: Desk, slack: SlackSide, work: Work, clock: Clock) -> None:
        self.views = EditViews(desk, slack, clock)
        self._desk = desk
        self._client = slack.client
        self._work = work
        self._counters = Counters(desk, slack, clock)
        # Nobody waits for Slack or Apple in a view's turn: a submission takes it too.
        self._turns: Turns = WeakValueDictionary()
        self._choosing: Turns = WeakValueDictionary()

    def __repr__(self) -> str:
        return f"<Editor {self.views!r} {self._counters!r}>"

    # -- opening -------------------------------------------------------------------------

    async def open(self, trigger_id: str, user: str, request: Request) -> None:
        """Open the modal at once and fill it when Apple has answered."""
        view_id = await open_modal(self._client, trigger_id, loading_view())
        await self.fill(view_id, user, request)

    async def fill(self, view_id: str, user: str, request: Request) -> None:
        """Fill an open modal with what Apple holds, or with what went wrong and a retry.

        Raises BotError when Slack does not take the form.
        """
        try:
            await self._fill(view_id, user, request)
        except BotError:
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("form.broken reference=%s", reference)
            await self.views.update(view_id, broken_view(reference, request.dump()))

    async def _fill(self, view_id: str, user: str, request: Request) -> None:
        try:
            form = await self._form(user, request)
        except catalogue.WhichAppError as error:
            await self.views.update(view_id, choose_app_view(error.apps, request.words))
            return
        except BotError as error:
            # A refusal of our own would be the same again; what Apple or Slack said may change.
            retry = "" if type(error) is Refused else request.dump()
            await self.views.update(view_id, error_view(error.message, error.remedy, retry))
            return
        await self.views.show(view_id, form, request.response_url)

    async def choose_app(self, view_id: str, user: str, words: str) -> None:
        """Go on with the app that was chosen where none was named."""
        await self.views.update(view_id, loading_view())
        await self.fill(view_id, user, Request(words=words))

    async def retry(self, view_id: str, user: str, value: str) -> None:
        """Ask Apple again for a form that could not be filled."""
        await self.views.update(view_id, loading_view())
        await self.fill(view_id, user, Request.load(value))

    async def _form(self, user: str, request: Request) -> EditForm:
        if request.proposal is not None:
            proposal = await proposing.known(self._desk, request.proposal)
            deed = drafting.propose_again if request.again else drafting.revise
            return await deed(self._desk, user, proposal)
        words = await catalogue.understand(self._desk, request.words)
        return await drafting.open_form(
            self._desk, user, words.app, platform=words.platform, wanted=words.locale
        )

    # -- while it is open ----------------------------------------------------------------

    async def save(self, view: Mapping[str, Any], shown: Shown) -> str:
        """Keep what stands in a view's inputs; return the locale that its draft shows now.

        Raises Ended when its draft ended.
        """
        async with _turn(self._turns, str(view["id"])):
            typed = await typed_in(self._desk, view, shown)
            draft = await keeping.save(self._desk, shown.draft, typed)
        return draft.locale

    async def choose(self, view: Mapping[str, Any], action_id: str, value: str) -> None:
        """Show another platform, version or locale, with what was typed kept.

        One choice after the other: what a quick person chose last is what stays.
        """
        async with _turn(self._choosing, str(view["id"])):
            await self._choose(view, action_id, value)

    async def _choose(self, view: Mapping[str, Any], action_id: str, value: str) -> None:
        view_id, shown = str(view["id"]), Shown.of(view)
        try:
            now_shown = await self.save(view, shown)
            if action_id == ids.LOCALE_SELECT and value == shown.locale == now_shown:
                return
            if action_id == ids.PLATFORM_SELECT:
                # Apple is asked now; what is typed meanwhile would be lost. And a select
                # that could not be followed has to be drawn anew to show where one is.
                await self.views.update(view_id, loading_view())
            form = await self._switched(shown, action_id, value)
        except keeping.Ended:
            await self.views.update(view_id, expired_view(), hash_=view.get("hash"))
            return
        await self.views.show(view_id, form, shown.response_url)

    async def _switched(self, shown: Shown, action_id: str, value: str) -> EditForm:
        chosen = {_CHOICES[action_id]: value}
        try:
            return await drafting.switch(self._desk, shown.draft, **chosen)
        except keeping.Ended:
            raise
        except BotError as error:
            # The form stays as it was; what could not be shown is said on top of it.
            return await drafting.form(self._desk, shown.draft, note=str(error))

    async def start_over(self, view_id: str, carried: str, *, hash_: str) -> None:
        """Drop what was typed and show a fresh form; `carried` is the button's value.

        `hash_` is the view's when the button was pressed, so that a second press is none.
        """
        shown = Shown.load(carried)
        async with _turn(self._choosing, view_id):
            try:
                form = await drafting.start_over(self._desk, shown.draft)
            except keeping.Ended:
                await self.views.update(view_id, expired_view(), hash_=hash_)
                return
            await self.views.show(view_id, form, shown.response_url)

    async def typing(self, view: Mapping[str, Any]) -> None:
        """Keep what was typed and, when typing pauses, count it; an update may be dropped."""
        shown = Shown.of(view)
        number = self._counters.begin(shown.draft)
        try:
            await self.save(view, shown)
        except keeping.Ended:
            self._counters.forget(shown.draft)
            await self.views.update(str(view["id"]), expired_view(), hash_=view.get("hash"))
            return
        await self._counters.draw(view, shown, number)

    # -- submitting ----------------------------------------------------------------------

    async def submit(
        self, view: Mapping[str, Any], user: str
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Propose what a form holds, from the store alone; return errors by block id, or none.

        With a submission Apple has to be asked first: the view that stands meanwhile is
        returned beside them.
        """
        shown = Shown.of(view)
        # A count that is drawn now would wipe the errors off the form.
        self._counters.forget(shown.draft)
        try:
            async with _turn(self._turns, str(view["id"])):
                typed = await typed_in(self._desk, view, shown)
                result = await proposing.submit(self._desk, shown.draft, typed, user=user)
        except BotError as error:
            return {ids.locale_block(shown.draft): str(error)}, {}
        if result.errors:
            return errors_by_block(result.errors, view, shown.draft), {}
        if result.unchecked:
            self._work.start(self._hand_in(str(view["id"]), shown, typed, user))
            return {}, loading_view("Checking what a submission needs…")
        if result.proposal is not None:
            self._work.start(self._tell(result.proposal, result.revision, user, shown.response_url))
        return {}, {}

    async def _hand_in(self, view_id: str, shown: Shown, typed: keeping.Typed, user: str) -> None:
        """Propose texts with the submission of their version, or show what that needs first."""
        try:
            handed = await handing.submit_too(self._desk, shown.draft, typed, user=user)
            notes = lacking_notes(handed.lacking)
        except keeping.Ended:
            await self.views.update(view_id, expired_view())
            return
        except BotError as error:
            handed, notes = handing.Handed(), str(error)
        done = handed.submitted
        if notes or done is None or done.errors:
            form = await drafting.form(self._desk, shown.draft, note=notes)
            await self.views.show(view_id, form, shown.response_url)
        elif done.proposal is not None:
            await self._tell(done.proposal, done.revision, user, shown.response_url)
            await self.views.update(view_id, proposed_view(done.proposal))

    async def _tell(self, proposal: int, revision: int, user: str, response_url: str) -> None:
        await self._desk.say([answer_notice(proposal, revision, user=user, url=response_url)])

    async def address(self, proposal: Proposal) -> str:
        """Return the address of a proposal's message, "" before it was posted."""
        if proposal.message_ts is None:
            return ""
        try:
            return await self._desk.notifier.address(proposal.channel, proposal.message_ts)
        except (SlackRefused, Unavailable):
            return ""


def _turn(turns: Turns, view_id: str) -> asyncio.Lock:
    return turns.setdefault(view_id, asyncio.Lock())
