"""The modals that propose to act on a version: opened at once, filled, read and sent.

What can be said without Apple is said at the inputs; everything else after Apple was asked,
in the same modal with all that was typed.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.domain.listing import App
from bot.domain.wishes import Wish, deed_of, unsent
from bot.errors import BotError, Refused
from bot.slack import ids
from bot.slack.checks import SlackSide
from bot.slack.faces.messages import Message
from bot.slack.faces.version_forms import version_view
from bot.slack.faces.version_states import (
    choose_version_app_view,
    loading_version_view,
    version_error_view,
    version_proposed_view,
)
from bot.slack.modals import open_modal, redraw
from bot.slack.version_input import Ask, Carried, errors_by_block, read_wish
from bot.slack.voice.announcements import answer_notice
from bot.slack.voice.of_forms import kept_notice
from bot.slack.work import Work
from bot.workflow import catalogue, kept_forms, proposing, version_forms
from bot.workflow.desk import Desk
from bot.workflow.kept_forms import KeptForm
from bot.workflow.version_cards import ActionForm

log = logging.getLogger(__name__)

MOST_REMEMBERED = 1_000
STOPPED = "The bot was stopped before it got to it."


class VersionForms:
    """Opens, fills, reads and sends the forms that act on a version."""

    def __init__(self, desk: Desk, slack: SlackSide, work: Work, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._work = work
        self._clock = clock
        # Views that were sent, by id and hash: what is sent twice is proposed once.
        self._sent: dict[tuple[str, str], None] = {}
        # Kept forms that are being proposed.
        self._under_way: set[int] = set()

    def __repr__(self) -> str:
        return f"<VersionForms sent={len(self._sent)} under_way={len(self._under_way)}>"

    def begin(self) -> None:
        """Tell people of forms of which nothing came before the bot was stopped."""
        self._work.start(self._recover())

    async def _recover(self) -> None:
        for form in await kept_forms.untold(self._desk):
            if form.id not in self._under_way:
                await self._tell_kept(form.id, STOPPED)

    async def open(self, trigger_id: str, asked: Ask) -> None:
        """Open the modal at once and fill it when Apple has answered."""
        view_id = await open_modal(self._client, trigger_id, loading_version_view(asked.deed))
        await self.fill(view_id, asked)

    async def open_of(
        self, trigger_id: str, user: str, proposal: int, response_url: str = ""
    ) -> bool:
        """Open the form that made a proposal again; False for one that changes texts."""
        deed = deed_of(unsent((await proposing.known(self._desk, proposal)).items))
        if deed is None:
            return False
        asked = Ask(deed=deed, proposal=proposal, user=user, response_url=response_url)
        await self.open(trigger_id, asked)
        return True

    async def look_again(self, view_id: str, value: str) -> None:
        """Ask Apple again for what a button stands for."""
        asked = Ask.load(value)
        await self._show(view_id, loading_version_view(asked.deed))
        await self.fill(view_id, asked)

    async def start_over(self, view_id: str, value: str) -> None:
        """Drop what was filled in earlier and show a fresh form."""
        asked = Ask.load(value)
        if asked.kept is not None:
            await kept_forms.drop(self._desk, asked.kept)
        await self.look_again(view_id, replace(asked, kept=None).dump())

    async def choose(self, view: Mapping[str, Any], action_id: str, value: str) -> None:
        """Go on with the app that was chosen where none was named, or another platform."""
        if action_id == ids.VERSION_PLATFORM:
            await self._choose_platform(view, value)
            return
        asked = Ask.load(str(view.get("private_metadata")))
        await self.look_again(str(view["id"]), replace(asked, app=value, words="").dump())

    async def _choose_platform(self, view: Mapping[str, Any], platform: str) -> None:
        carried = Carried.of(view)
        wish = replace(read_wish(view, carried)[0], number="", build="")
        await self._show(str(view["id"]), loading_version_view(carried.ask.deed))
        await self.fill(str(view["id"]), replace(carried.ask, platform=platform), kept=wish)

    async def fill(
        self, view_id: str, asked: Ask, *, kept: Wish | None = None, problem: str = ""
    ) -> bool:
        """Fill an open modal with how it stands at Apple, or with what went wrong.

        `kept` is what was typed before, `problem` why it could not be proposed. Return False
        where the person closed the modal; raises BotError when Slack does not take the form.
        """
        try:
            return await self._fill(view_id, asked, kept=kept, problem=problem)
        except BotError:
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("version_form.broken reference=%s", reference)
            return await self._show(view_id, _said(asked, _broken(reference), problem))

    async def _fill(self, view_id: str, asked: Ask, *, kept: Wish | None, problem: str) -> bool:
        try:
            form = await self._form(asked)
        except catalogue.WhichAppError as error:
            view = choose_version_app_view(asked.deed, error.apps, asked.dump())
            return await self._show(view_id, view)
        except BotError as error:
            return await self._show(view_id, _said(asked, error, problem))
        if kept is not None:
            number = kept.number or form.wish.number
            form = replace(form, wish=replace(kept, number=number))
        again = replace(
            asked,
            app=form.app.id,
            platform=form.platform,
            words="",
            proposal=form.proposal,
            kept=form.kept,
        )
        carried = Carried(ask=again, app=form.app, seen=form.seen, zone=form.zone)
        return await self._show(
            view_id,
            version_view(form, carried=carried.dump(), again=again.dump(), problem=problem),
        )

    async def _form(self, asked: Ask) -> ActionForm:
        """Return the form that was asked for, with what its person filled in before."""
        kept = None
        if asked.kept is not None:
            kept = await kept_forms.find(self._desk, asked.kept, user=asked.user)
            asked = replace(asked, proposal=kept.proposal)
        form, kept = await self._form_of(asked, kept)
        if kept is not None:
            form = kept_forms.filled_again(self._desk, form, kept)
        if asked.phased is not None and asked.phased in form.choices:
            return replace(form, wish=replace(form.wish, phased=asked.phased))
        return form

    async def _form_of(
        self, asked: Ask, kept: KeptForm | None
    ) -> tuple[ActionForm, KeptForm | None]:
        if asked.proposal is not None:
            proposal = await proposing.known(self._desk, asked.proposal)
            form = await version_forms.open_again(self._desk, proposal)
            place = version_forms.Place(
                app=form.app, platform=form.platform, deed=form.deed, proposal=proposal.id
            )
            return form, kept or await kept_forms.offered(self._desk, place, user=asked.user)
        app, platform = await self._app(asked)
        place = version_forms.Place(
            app=app, platform=platform or "", deed=asked.deed, version_id=asked.version_id
        )
        kept = kept or await kept_forms.offered(self._desk, place, user=asked.user)
        if kept is not None:
            platform = platform or kept.platform
        form = await version_forms.open_form(
            self._desk, asked.deed, app, platform=platform, version_id=asked.version_id
        )
        # Who wrote what was given up is among the authors of what comes of it.
        return replace(form, proposal=kept.proposal) if kept else form, kept

    async def _app(self, asked: Ask) -> tuple[App, str | None]:
        if asked.app:
            return await catalogue.find_app(self._desk, asked.app), asked.platform or None
        if asked.version_id:
            return await version_forms.app_of_version(self._desk, asked.version_id)
        words = await catalogue.understand(self._desk, asked.words)
        return words.app, asked.platform or words.platform

    async def submit(
        self, view: Mapping[str, Any], user: str
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Read a form that was sent: errors by block id, or the view that stands meanwhile.

        It is kept before it is answered. Whatever needs Apple or Slack goes on after that.
        """
        carried = Carried.of(view)
        wish, unfinished = read_wish(view, carried)
        found = version_forms.mistakes(
            carried.ask.deed,
            wish,
            self._desk.rules.calendar(carried.app.bundle_id),
            now=self._clock.now(),
            unfinished=unfinished,
        )
        if found:
            return errors_by_block(view, found), {}
        if self._is_new(view):
            await self._begin_to_propose(view, carried, wish, user)
        return {}, loading_version_view(carried.ask.deed, "Writing the proposal…")

    async def _begin_to_propose(
        self, view: Mapping[str, Any], carried: Carried, wish: Wish, user: str
    ) -> None:
        try:
            number = await kept_forms.keep(self._desk, carried.place, wish, user=user)
        except Exception:
            # It is not acknowledged, so the person sees it and may send the same view again.
            self._sent.pop(_identity(view), None)
            raise
        self._under_way.add(number)
        sent = replace(carried, ask=replace(carried.ask, kept=number, user=user))

        async def left_undone(told: Message) -> None:
            self._under_way.discard(number)
            await self._tell_kept(number, told.text)

        self._work.start(self._carry_out(str(view["id"]), sent, wish, number), answer=left_undone)

    def _is_new(self, view: Mapping[str, Any]) -> bool:
        place = _identity(view)
        if place in self._sent:
            return False
        while len(self._sent) >= MOST_REMEMBERED:
            del self._sent[next(iter(self._sent))]
        self._sent[place] = None
        return True

    async def _carry_out(self, view_id: str, sent: Carried, wish: Wish, number: int) -> None:
        """Propose a kept form, or say why not: in its modal, else in a direct message."""
        try:
            problem = await self._propose(view_id, sent, wish)
            if problem and await self._shown_again(view_id, sent, wish, problem):
                await kept_forms.told(self._desk, number)
            elif problem:
                await self._tell_kept(number, problem)
        finally:
            self._under_way.discard(number)

    async def _shown_again(self, view_id: str, sent: Carried, wish: Wish, problem: str) -> bool:
        try:
            return await self.fill(view_id, sent.ask, kept=wish, problem=problem)
        except BotError as error:
            log.info("version_form.not_shown error=%s", error)
            return False

    async def _propose(self, view_id: str, sent: Carried, wish: Wish) -> str:
        """Propose a form and show that it is; return why it could not be, "" when it was."""
        asked = sent.ask
        try:
            number = await version_forms.propose(
                self._desk, sent.place, wish, sent.seen, user=asked.user
            )
        except BotError as error:
            return str(error).replace("`", "")
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("version_form.broken reference=%s", reference)
            return str(_broken(reference))
        notice = answer_notice(number, 1, user=asked.user, url=asked.response_url)
        await self._desk.say([notice])
        channel = self._desk.rules.channel_of(sent.app.bundle_id)
        await self._show(view_id, version_proposed_view(asked.deed, number, channel))
        return ""

    async def _tell_kept(self, number: int, why: str) -> None:
        """Tell a form's person once that it is kept; nothing where it was proposed."""
        form = await kept_forms.standing(self._desk, number)
        if form is None:
            return
        asked = Ask(
            deed=form.deed,
            app=form.app_id,
            platform=form.platform,
            proposal=form.proposal,
            kept=form.id,
        )
        await self._desk.say([kept_notice(form, asked.dump(), why)])
        await kept_forms.told(self._desk, number)

    async def _show(self, view_id: str, view: dict[str, Any]) -> bool:
        return await redraw(self._client, self._clock, view_id, view) is not None


def _identity(view: Mapping[str, Any]) -> tuple[str, str]:
    return str(view["id"]), str(view.get("hash"))


def _broken(reference: str) -> BotError:
    """Return what is said of a defect of ours, which `reference` finds in the log."""
    return BotError(
        "Something broke on our side.",
        remedy=f"Try again; if it stays, tell whoever runs the bot: {reference}.",
    )


def _said(asked: Ask, error: BotError, problem: str) -> dict[str, Any]:
    # A refusal of our own would be the same again; what Apple or Slack said may change.
    again = "" if type(error) is Refused else asked.dump()
    message = f"{problem} {error.message}".strip()
    kept = " What you filled in is kept." if asked.kept is not None else ""
    return version_error_view(asked.deed, message, f"{error.remedy}{kept}".strip(), again)
