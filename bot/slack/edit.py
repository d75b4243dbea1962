"""The edit modal's life: opened at once, filled when Apple has answered, kept, submitted.

A modal that was closed meanwhile and a view that somebody else updated are ordinary.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.domain.proposals import Proposal
from bot.errors import BotError, Unavailable
from bot.slack import ids
from bot.slack.announcements import answer_notice
from bot.slack.checks import SlackRefused, SlackSide, ask
from bot.slack.form import edit_view, error_view, errors_by_block, loading_view
from bot.slack.pacing import Pace
from bot.slack.typed import Shown, typed_in
from bot.slack.work import Work
from bot.workflow import catalogue, drafting, proposing
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

# Slack's names for "the person closed it" and "it changed since".
CLOSED = {"not_found", "view_not_found", "expired_trigger_id", "exchanged_trigger_id"}
MOVED_ON = {"hash_conflict"}
# A view that holds more than 3,000 characters in one input may be refused by these names.
TOO_LONG = {"invalid_arguments", "invalid_blocks", "view_too_large"}
COUNTER_UPDATES_A_MINUTE = 60
COUNTER_PAUSE = 1.0


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
        """Return the request that `dump` wrote."""
        words, proposal, again, response_url = json.loads(value)
        return Request(words=words, proposal=proposal, again=again, response_url=response_url)


class Editor:
    """Opens, fills, updates and submits edit forms."""

    def __init__(self, desk: Desk, slack: SlackSide, work: Work, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._work = work
        self._clock = clock
        self._counters = Pace(clock, most=COUNTER_UPDATES_A_MINUTE, seconds=60)
        self._typing: dict[int, int] = {}
        self._split = False

    def __repr__(self) -> str:
        return f"<Editor split={self._split} {self._counters!r}>"

    # -- opening -------------------------------------------------------------------------

    async def open(self, trigger_id: str, user: str, request: Request) -> None:
        """Open the modal at once and fill it when Apple has answered."""
        try:
            opened = await ask(self._client.views_open(trigger_id=trigger_id, view=loading_view()))
        except SlackRefused as error:
            if error.code in CLOSED:
                raise Unavailable(
                    "Slack could not open the form in time.", remedy="Type the command again."
                ) from None
            raise
        view: dict[str, Any] = opened["view"]
        await self.fill(view["id"], user, request)

    async def fill(self, view_id: str, user: str, request: Request) -> None:
        """Fill an open modal with what Apple holds, or with what went wrong and a retry."""
        try:
            form = await self._form(user, request)
        except BotError as error:
            await self._update(view_id, error_view(error.message, error.remedy, request.dump()))
            return
        await self._show(view_id, form, request.response_url)

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

    async def save(self, view: Mapping[str, Any]) -> Shown:
        """Keep what stands in a view's inputs; raises Refused when its draft ended."""
        shown = Shown.of(view)
        typed = await typed_in(self._desk, view, shown)
        await drafting.save(self._desk, shown.draft, typed, view_id=str(view["id"]))
        return shown

    async def choose(self, view: Mapping[str, Any], action_id: str, value: str) -> None:
        """Show another platform, version or locale, with what was typed kept."""
        shown = await self.save(view)
        platform = value if action_id == ids.PLATFORM_SELECT else None
        version = value if action_id == ids.VERSION_SELECT else None
        locale = value if action_id == ids.LOCALE_SELECT else None
        try:
            form = await drafting.switch(
                self._desk, shown.draft, platform=platform, version_id=version, to_locale=locale
            )
        except BotError as error:
            # The form stays as it was; what could not be shown is said on top of it.
            form = await drafting.form(self._desk, shown.draft, note=str(error))
        await self._show(str(view["id"]), form, shown.response_url)

    async def typing(self, view: Mapping[str, Any]) -> None:
        """Keep what was typed and, when typing pauses, count it; an update may be dropped."""
        shown = await self.save(view)
        turn = self._typing[shown.draft] = self._typing.get(shown.draft, 0) + 1
        await self._clock.sleep(COUNTER_PAUSE)
        if self._typing.get(shown.draft) != turn:
            return
        self._typing.pop(shown.draft, None)
        if not self._counters.try_take():
            return
        form = await drafting.form(self._desk, shown.draft)
        if form.locale != shown.locale:
            return
        try:
            await self._draw(str(view["id"]), form, shown.response_url, hash_=view.get("hash"))
        except (SlackRefused, Unavailable) as error:
            log.info("counter.dropped draft=%s error=%s", shown.draft, error)

    # -- submitting ----------------------------------------------------------------------

    async def submit(self, view: Mapping[str, Any], user: str) -> dict[str, str]:
        """Propose what a form holds, from the store alone; return errors by block id, or none."""
        shown = Shown.of(view)
        try:
            typed = await typed_in(self._desk, view, shown)
            result = await proposing.submit(self._desk, shown.draft, typed, user=user)
        except BotError as error:
            return {ids.locale_block(shown.draft): str(error)}
        if result.errors or result.proposal is None:
            form = await drafting.form(self._desk, shown.draft)
            return errors_by_block(result.errors, form, split_long=self._split)
        self._work.start(self._tell(result.proposal, result.revision, user, shown.response_url))
        return {}

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
            if error.code not in TOO_LONG or self._split:
                raise
            log.warning("form.split error=%s", error.code)
            self._split = True
            await self._draw(view_id, form, response_url)

    async def _draw(
        self, view_id: str, form: EditForm, response_url: str, *, hash_: str | None = None
    ) -> None:
        view = edit_view(form, split_long=self._split)
        view["private_metadata"] = Shown(
            draft=form.draft, locale=form.locale, response_url=response_url, split=self._split
        ).dump()
        if self._split:
            await drafting.keep_drawn(self._desk, form)
        await ask(self._client.views_update(view_id=view_id, view=view, hash=hash_))

    async def _update(self, view_id: str, view: dict[str, Any]) -> None:
        try:
            await ask(self._client.views_update(view_id=view_id, view=view))
        except SlackRefused as error:
            if error.code not in CLOSED | MOVED_ON:
                raise
