"""What a form that acts on a version carries along, and what was filled in.

Knows what comes back with a view and which input holds what; refuses to know what becomes
of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.listing import App
from bot.domain.releases import ReleaseType
from bot.domain.scene import scheduled
from bot.domain.timing import NOT_BEFORE
from bot.domain.wishes import Deed, Seen, Wish
from bot.errors import Refused
from bot.slack import ids
from bot.slack.faces.version_inputs import local
from bot.workflow.version_forms import Place

_FIELD_BLOCKS = {
    "number": ids.VERSION_NUMBER,
    "date": ids.VERSION_DATE,
    "build": ids.VERSION_BUILD,
    "phased": ids.VERSION_PHASED,
    NOT_BEFORE: ids.VERSION_NOT_BEFORE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a form was asked for with, so that it can be asked for again.

    `user` asks; what they filled in earlier and was not proposed is offered, the `kept` form
    before any other.
    """

    deed: Deed
    words: str = ""
    app: str = ""
    platform: str = ""
    version_id: str = ""
    phased: str | None = None
    proposal: int | None = None
    user: str = ""
    kept: int | None = None
    response_url: str = ""

    def dump(self) -> str:
        """Return it as a button's value."""
        return json.dumps(asdict(replace(self, words=self.words[:200])), separators=(",", ":"))

    @staticmethod
    def load(value: str) -> Ask:
        """Return what `dump` wrote; raises Refused for anything else."""
        try:
            values = json.loads(value)
            asked = Ask(**{**values, "deed": Deed(values["deed"])})
        except (ValueError, TypeError, KeyError):
            raise _odd_button() from None
        words = (asked.words, asked.app, asked.platform, asked.version_id, asked.user)
        if not all(isinstance(one, str) for one in (*words, asked.response_url)):
            raise _odd_button()
        if not isinstance(asked.phased, str | None) or not all(
            isinstance(one, int | None) for one in (asked.proposal, asked.kept)
        ):
            raise _odd_button()
        return asked


def _odd_button() -> Refused:
    return Refused("This button is of another time.", remedy="Type the command again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a form was drawn with, as its private metadata carries it."""

    ask: Ask
    app: App
    seen: Seen
    zone: str

    def dump(self) -> str:
        """Return it as private metadata."""
        values = [self.ask.dump(), asdict(self.app), asdict(self.seen), self.zone]
        return json.dumps(values, separators=(",", ":"))

    @property
    def place(self) -> Place:
        """What it was about."""
        return Place(
            app=self.app,
            platform=self.ask.platform,
            deed=self.ask.deed,
            version_id=self.seen.version_id,
            proposal=self.ask.proposal,
            form=self.ask.kept,
        )

    @staticmethod
    def of(view: Mapping[str, Any]) -> Carried:
        """Return what `dump` wrote into a view; raises Refused for anything else."""
        try:
            asked, app, seen, zone = json.loads(view.get("private_metadata") or "")
            return Carried(ask=Ask.load(asked), app=App(**app), seen=Seen(**seen), zone=zone)
        except (ValueError, TypeError, KeyError):
            raise Refused("This form is empty.", remedy="Open a new one.") from None


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
    seconds = held.get(ids.VERSION_NOT_BEFORE)
    wish = Wish(
        number=(held.get(ids.VERSION_NUMBER) or "").strip(),
        build=held.get(ids.VERSION_BUILD) or "",
        release=release,
        phased="" if phased == "OFF" else phased,
        copy=held.get(ids.VERSION_COPY) is not None,
        reason=held.get(ids.VERSION_REASON) or "",
        not_before=datetime.fromtimestamp(int(seconds), UTC) if seconds else None,
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
            moment = state.get("selected_date_time")
            plain = str(moment) if moment else plain
            found[action_id] = option["value"] if option else plain
    return found


def errors_by_block(view: Mapping[str, Any], mistakes: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by the input that it is said at, the first where there is none."""
    return {_block_of(view, _FIELD_BLOCKS[name]): said for name, said in mistakes.items()}


def _block_of(view: Mapping[str, Any], action_id: str) -> str:
    blocks = [one for one in view["blocks"] if one["type"] == "input"]
    named = [one for one in blocks if one["element"]["action_id"] == action_id]
    return str((named or blocks)[0]["block_id"])
