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
from datetime import timedelta
from itertools import count
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from bot.clock import Clock, SteadyTime
from bot.domain.proposals import Proposal
from bot.errors import BotError, Refused, Unavailable
from bot.slack import ids
from bot.slack.checks import SlackRefused, SlackSide, ask
from bot.slack.faces.form import edit_view, errors_by_block, lacking_notes, long_texts, recounted
from bot.slack.faces.form_states import (
    broken_view,
    choose_app_view,
    error_view,
    expired_view,
    loading_view,
    proposed_view,
    too_long_view,
)
from bot.slack.modals import CLOSED, open_modal, redraw
from bot.slack.patience import draw
from bot.slack.typed import Shown, typed_in
from bot.slack.voice.announcements import answer_notice
from bot.slack.voice.pacing import Pace
from bot.slack.work import Work
from bot.workflow import catalogue, drafting, handing, keeping, proposing
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

# A view that holds more than 3,000 characters in one input may be refused by these names.
TOO_LONG = {"invalid_arguments", "invalid_blocks", "view_too_large"}
COUNTER_UPDATES_A_MINUTE = 60
COUNTER_PAUSE = 1.0
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
    """Opens, fills, updates and submits edit forms."""

    def __init__(self, desk: Desk, slack: SlackSide, work: Work, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._work = work
        self._clock = clock
        self._time = SteadyTime(clock)
        self._counters = Pace(clock, most=COUNTER_UPDATES_A_MINUTE, seconds=60)
        self._no_counters_before = self._time.now()
        self._typing: dict[int, int] = {}
        self._typed = count(1)
        # Nobody waits for Slack or Apple in a view's turn: a submission takes it too.
        self._turns: Turns = WeakValueDictionary()
        self._choosing: Turns = WeakValueDictionary()
        self._split = False

    def __repr__(self) -> str:
        return f"<Editor split={self._split} {self._counters!r}>"

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
            await self._update(view_id, broken_view(reference, request.dump()))

    async def _fill(self, view_id: str, user: str, request: Request) -> None:
        try:
            form = await self._form(user, request)
        except catalogue.WhichAppError as error:
            await self._update(view_id, choose_app_view(error.apps, request.words))
            return
        except BotError as error:
            # A refusal of our own would be the same again; what Apple or Slack said may change.
            retry = "" if type(error) is Refused else request.dump()
            await self._update(view_id, error_view(error.message, error.remedy, retry))
            return
        await self._show(view_id, form, request.response_url)

    async def choose_app(self, view_id: str, user: str, words: str) -> None:
        """Go on with the app that was chosen where none was named."""
        await self._update(view_id, loading_view())
        await self.fill(view_id, user, Request(words=words))

    async def retry(self, view_id: str, user: str, value: str) -> None:
        """Ask Apple again for a form that could not be filled."""
        await self._update(view_id, loading_view())
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
                await self._update(view_id, loading_view())
            form = await self._switched(shown, action_id, value)
        except keeping.Ended:
            await self._update(view_id, expired_view(), hash_=view.get("hash"))
            return
        await self._show(view_id, form, shown.response_url)

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
                await self._update(view_id, expired_view(), hash_=hash_)
                return
            await self._show(view_id, form, shown.response_url)

    async def typing(self, view: Mapping[str, Any]) -> None:
        """Keep what was typed and, when typing pauses, count it; an update may be dropped."""
        shown = Shown.of(view)
        number = self._typing[shown.draft] = next(self._typed)
        try:
            await self.save(view, shown)
        except keeping.Ended:
            self._typing.pop(shown.draft, None)
            await self._update(str(view["id"]), expired_view(), hash_=view.get("hash"))
            return
        await self._clock.sleep(COUNTER_PAUSE)
        if self._typing.get(shown.draft) != number:
            return
        self._typing.pop(shown.draft, None)
        if self._time.now() < self._no_counters_before or not self._counters.try_take():
            return
        try:
            await self._count(view, shown)
        except (SlackRefused, keeping.Ended) as error:
            log.info("counter.dropped draft=%s error=%s", shown.draft, error)
        except Unavailable as error:
            pause = timedelta(seconds=error.retry_after or 0)
            self._no_counters_before = self._time.now() + pause
            log.info("counter.dropped draft=%s error=%s", shown.draft, error)

    async def _count(self, view: Mapping[str, Any], shown: Shown) -> None:
        """Draw the same inputs with other hints; Slack keeps what stands in them."""
        form = await drafting.form(self._desk, shown.draft)
        if form.locale != shown.locale:
            return
        # It is never drawn again: a count that comes late is none.
        await ask(
            self._client.views_update(
                view_id=str(view["id"]), view=recounted(view, form), hash=view.get("hash")
            )
        )

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
        self._typing.pop(shown.draft, None)
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
            await self._update(view_id, expired_view())
            return
        except BotError as error:
            handed, notes = handing.Handed(), str(error)
        done = handed.submitted
        if notes or done is None or done.errors:
            form = await drafting.form(self._desk, shown.draft, note=notes)
            await self._show(view_id, form, shown.response_url)
        elif done.proposal is not None:
            await self._tell(done.proposal, done.revision, user, shown.response_url)
            await self._update(view_id, proposed_view(done.proposal))

    async def _tell(self, proposal: int, revision: int, user: str, response_url: str) -> None:
        await self._desk.say([answer_notice(proposal, revision, user=user, url=response_url)])

    async def address(self, proposal: Proposal) -> str:
        """Return the address of a proposal's message, "" before it was posted."""
        if proposal.message_ts is None:
            return ""
        try:
            answer = await ask(
                self._client.chat_getPermalink(
                    channel=proposal.channel, message_ts=proposal.message_ts
                )
            )
        except (SlackRefused, Unavailable):
            return ""
        return str(answer["permalink"])

    # -- drawing -------------------------------------------------------------------------

    async def _show(self, view_id: str, form: EditForm, response_url: str) -> None:
        try:
            await self._draw(view_id, form, response_url)
        except SlackRefused as error:
            if error.code in CLOSED:
                return
            if error.code not in TOO_LONG or not long_texts(form):
                raise
            if self._split:
                await self._update(view_id, too_long_view(form.locale, list(long_texts(form))))
                return
            log.warning("form.split error=%s", error.code)
            self._split = True
            await self._show(view_id, form, response_url)

    async def _draw(self, view_id: str, form: EditForm, response_url: str) -> None:
        """Draw a form whose inputs the view does not show yet."""
        view = await self.view_of(form, response_url)
        await draw(self._client, self._clock, view_id=view_id, view=view)

    async def view_of(self, form: EditForm, response_url: str = "") -> dict[str, Any]:
        """Return a form as a modal, with what it was drawn with kept."""
        shown = Shown(
            draft=form.draft,
            locale=form.locale,
            response_url=response_url,
            revision=form.revision,
        )
        halves = long_texts(form) if self._split else {}
        await keeping.keep_drawn(self._desk, form, halves)
        elsewhere = [
            one
            for one in await proposing.mistakes(self._desk, form.draft)
            if one.locale != form.locale
        ]
        return edit_view(form, carried=shown.dump(), halves=halves, problems=elsewhere)

    async def _update(
        self, view_id: str, view: dict[str, Any], *, hash_: str | None = None
    ) -> None:
        await redraw(self._client, self._clock, view_id, view, hash_=hash_)


def _turn(turns: Turns, view_id: str) -> asyncio.Lock:
    return turns.setdefault(view_id, asyncio.Lock())
