"""The modals that propose to act on a version: opened at once, filled, read and sent.

What can be said without Apple is said at the inputs; everything else after Apple was asked,
in the same modal with all that was typed.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.domain.listing import App
from bot.domain.releases import ReleaseType
from bot.domain.scene import scheduled
from bot.domain.wishes import Deed, Seen, Wish, deed_of, unsent
from bot.errors import BotError, Refused
from bot.slack import ids
from bot.slack.checks import SlackSide
from bot.slack.faces.version_forms import (
    local,
    version_view,
)
from bot.slack.faces.version_states import (
    choose_version_app_view,
    loading_version_view,
    version_error_view,
    version_proposed_view,
)
from bot.slack.modals import open_modal, redraw
from bot.slack.voice.announcements import answer_notice
from bot.slack.work import Work
from bot.workflow import catalogue, proposing, version_forms
from bot.workflow.desk import Desk
from bot.workflow.version_cards import ActionForm

log = logging.getLogger(__name__)

MOST_REMEMBERED = 1_000
_FIELD_BLOCKS = {
    "number": ids.VERSION_NUMBER,
    "date": ids.VERSION_DATE,
    "build": ids.VERSION_BUILD,
    "phased": ids.VERSION_PHASED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a form was asked for with, so that it can be asked for again."""

    deed: Deed
    words: str = ""
    app: str = ""
    platform: str = ""
    version_id: str = ""
    phased: str | None = None
    proposal: int | None = None
    response_url: str = ""

    def dump(self) -> str:
        """Return it as a button's value."""
        return json.dumps(asdict(replace(self, words=self.words[:200])), separators=(",", ":"))

    @staticmethod
    def load(value: str) -> Ask:
        """Return what `dump` wrote."""
        values = json.loads(value)
        return Ask(**{**values, "deed": Deed(values["deed"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a form was drawn with, as its private metadata carries it."""

    ask: Ask
    seen: Seen
    zone: str

    def dump(self) -> str:
        """Return it as private metadata."""
        return json.dumps([self.ask.dump(), asdict(self.seen), self.zone], separators=(",", ":"))

    @staticmethod
    def of(view: Mapping[str, Any]) -> Carried:
        """Return what `dump` wrote into a view; raises Refused for anything else."""
        try:
            asked, seen, zone = json.loads(view.get("private_metadata") or "")
            return Carried(ask=Ask.load(asked), seen=Seen(**seen), zone=zone)
        except (ValueError, TypeError, KeyError):
            raise Refused("This form is empty.", remedy="Open a new one.") from None


class VersionForms:
    """Opens, fills, reads and sends the forms that act on a version."""

    def __init__(self, desk: Desk, slack: SlackSide, work: Work, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._work = work
        self._clock = clock
        # Views that were sent, by id and hash: what is sent twice is proposed once.
        self._sent: dict[tuple[str, str], None] = {}

    def __repr__(self) -> str:
        return f"<VersionForms sent={len(self._sent)}>"

    async def open(self, trigger_id: str, asked: Ask) -> None:
        """Open the modal at once and fill it when Apple has answered."""
        view_id = await open_modal(self._client, trigger_id, loading_version_view(asked.deed))
        await self.fill(view_id, asked)

    async def open_of(self, trigger_id: str, proposal: int, response_url: str = "") -> bool:
        """Open the form that made a proposal again; False for one that changes texts."""
        deed = deed_of(unsent((await proposing.known(self._desk, proposal)).items))
        if deed is None:
            return False
        await self.open(trigger_id, Ask(deed=deed, proposal=proposal, response_url=response_url))
        return True

    async def look_again(self, view_id: str, value: str) -> None:
        """Ask Apple again for what a button stands for."""
        asked = Ask.load(value)
        await self._show(view_id, loading_version_view(asked.deed))
        await self.fill(view_id, asked)

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
    ) -> None:
        """Fill an open modal with how it stands at Apple, or with what went wrong.

        `kept` is what was typed before, `problem` why it could not be proposed. Raises
        BotError when Slack does not take the form.
        """
        try:
            await self._fill(view_id, asked, kept=kept, problem=problem)
        except BotError:
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("version_form.broken reference=%s", reference)
            await self._show(view_id, _said(asked, _broken(reference), problem))

    async def _fill(self, view_id: str, asked: Ask, *, kept: Wish | None, problem: str) -> None:
        try:
            form = await self._form(asked)
        except catalogue.WhichAppError as error:
            view = choose_version_app_view(asked.deed, error.apps, asked.dump())
            await self._show(view_id, view)
            return
        except BotError as error:
            await self._show(view_id, _said(asked, error, problem))
            return
        if kept is not None:
            number = kept.number or form.wish.number
            form = replace(form, wish=replace(kept, number=number))
        again = replace(asked, app=form.app.id, platform=form.platform, words="")
        carried = Carried(ask=again, seen=form.seen, zone=form.zone)
        await self._show(
            view_id,
            version_view(form, carried=carried.dump(), again=again.dump(), problem=problem),
        )

    async def _form(self, asked: Ask) -> ActionForm:
        if asked.proposal is not None:
            proposal = await proposing.known(self._desk, asked.proposal)
            return await version_forms.open_again(self._desk, proposal)
        app, platform = await self._app(asked)
        form = await version_forms.open_form(
            self._desk, asked.deed, app, platform=platform, version_id=asked.version_id
        )
        if asked.phased is not None and asked.phased in form.choices:
            return replace(form, wish=replace(form.wish, phased=asked.phased))
        return form

    async def _app(self, asked: Ask) -> tuple[App, str | None]:
        if asked.app:
            return await catalogue.find_app(self._desk, asked.app), asked.platform or None
        if asked.version_id:
            return await version_forms.app_of_version(self._desk, asked.version_id)
        words = await catalogue.understand(self._desk, asked.words)
        return words.app, asked.platform or words.platform

    def submit(self, view: Mapping[str, Any], user: str) -> tuple[dict[str, str], dict[str, Any]]:
        """Read a form that was sent: errors by block id, or the view that stands meanwhile.

        Whatever needs Apple or Slack goes on after the answer.
        """
        carried = Carried.of(view)
        wish, unfinished = read_wish(view, carried)
        found = version_forms.mistakes(
            carried.ask.deed, wish, now=self._clock.now(), unfinished=unfinished
        )
        errors = {_block_of(view, _FIELD_BLOCKS[name]): said for name, said in found.items()}
        if errors:
            return errors, {}
        if self._is_new(view):
            self._work.start(self._propose(str(view["id"]), carried, wish, user))
        return {}, loading_version_view(carried.ask.deed, "Writing the proposal…")

    def _is_new(self, view: Mapping[str, Any]) -> bool:
        place = (str(view["id"]), str(view.get("hash")))
        if place in self._sent:
            return False
        while len(self._sent) >= MOST_REMEMBERED:
            del self._sent[next(iter(self._sent))]
        self._sent[place] = None
        return True

    async def _propose(self, view_id: str, carried: Carried, wish: Wish, user: str) -> None:
        asked = carried.ask
        try:
            app = await catalogue.find_app(self._desk, asked.app)
            number = await version_forms.propose(
                self._desk,
                version_forms.Place(app=app, platform=asked.platform, deed=asked.deed),
                wish,
                carried.seen,
                user=user,
                replaces=asked.proposal,
            )
        except BotError as error:
            said = str(error).replace("`", "")
            await self.fill(view_id, asked, kept=wish, problem=said)
            return
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("version_form.broken reference=%s", reference)
            await self.fill(view_id, asked, kept=wish, problem=str(_broken(reference)))
            return
        notice = answer_notice(number, 1, user=user, url=asked.response_url)
        await self._desk.say([notice])
        channel = self._desk.rules.channel_of(app.bundle_id)
        await self._show(view_id, version_proposed_view(asked.deed, number, channel))

    async def _show(self, view_id: str, view: dict[str, Any]) -> None:
        await redraw(self._client, self._clock, view_id, view)


def read_wish(view: Mapping[str, Any], carried: Carried) -> tuple[Wish, bool]:
    """Return what stands in a form's inputs, and whether its date is unfinished."""
    held = _held(view)
    kind = held.get(ids.VERSION_RELEASE_TYPE) or ""
    date, hour = held.get(ids.VERSION_DATE), held.get(ids.VERSION_HOUR)
    planned = kind == ReleaseType.SCHEDULED
    unfinished = planned != bool(date and hour) or bool(date) != bool(hour)
    release = kind
    if planned and date and hour:
        release = scheduled(local(date, hour, carried.zone))
    phased = held.get(ids.VERSION_PHASED)
    wish = Wish(
        number=(held.get(ids.VERSION_NUMBER) or "").strip(),
        build=held.get(ids.VERSION_BUILD) or "",
        release=release,
        phased="" if phased == "OFF" else phased,
        copy=held.get(ids.VERSION_COPY) is not None,
        reason=held.get(ids.VERSION_REASON) or "",
    )
    return wish, unfinished


def _held(view: Mapping[str, Any]) -> dict[str, str | None]:
    """Return action id -> what its input holds, an option by its value."""
    found: dict[str, str | None] = {}
    values: Mapping[str, Mapping[str, Any]] = (view.get("state") or {}).get("values") or {}
    for actions in values.values():
        for action_id, state in actions.items():
            option = state.get("selected_option") or next(
                iter(state.get("selected_options") or []), None
            )
            plain = state.get("value") or state.get("selected_date")
            found[action_id] = option["value"] if option else plain
    return found


def _block_of(view: Mapping[str, Any], action_id: str) -> str:
    blocks = [one for one in view["blocks"] if one["type"] == "input"]
    named = [one for one in blocks if one["element"]["action_id"] == action_id]
    return str((named or blocks)[0]["block_id"])


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
    return version_error_view(asked.deed, message, error.remedy, again)
