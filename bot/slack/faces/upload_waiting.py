"""The modal that stands while a file is fetched and compared: it knows how to begin again.

The bot may be stopped between taking a form and showing its preview. So the modal carries what
was in the form, and a button that starts anew from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.bulk_edits import bulk_edit_of
from bot.errors import Refused
from bot.slack import ids
from bot.slack.faces.blocks import Block, actions, button, context, section
from bot.slack.faces.bulk_edits import FilledEdit
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.uploads import TITLE, Filled, Origin

# What Slack lets a view carry.
_MOST_CARRIED = 3_000
_AGAIN = "Nothing after half a minute? Then the bot was stopped meanwhile:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A form that was taken and has no preview yet; `edit` where it asked for no file."""

    origin: Origin
    filled: Filled
    edit: FilledEdit | None = None

    def dump(self) -> str:
        """Return it as private metadata, "" for more than a view can carry."""
        edit = asdict(self.edit) if self.edit else None
        held = [self.origin.dump(), asdict(self.filled), edit]
        carried = json.dumps(held, ensure_ascii=False)
        return carried if len(carried) <= _MOST_CARRIED else ""

    @staticmethod
    def load(carried: str) -> Pending:
        """Return what `dump` wrote; raises Refused for anything else."""
        try:
            origin, filled, edit = json.loads(carried)
            return Pending(
                origin=Origin.load(origin),
                filled=Filled(**filled),
                edit=_edit(edit) if edit else None,
            )
        except (ValueError, TypeError, KeyError):
            raise Refused(
                "This form is of another time.", remedy=f"Type {ids.COMMAND} bulk again."
            ) from None


def _edit(held: Mapping[str, Any]) -> FilledEdit:
    return FilledEdit(edit=bulk_edit_of(held["edit"]), about=Filled(**held["about"]))


def working_view(words: str, pending: Pending | None = None) -> View:
    """Return the modal that stands while something takes its time.

    What is `pending` can be tried again from it, after a restart of the bot too.
    """
    carried = pending.dump() if pending else ""
    return modal(
        TITLE,
        ids.LOADING_VIEW,
        section(f"⏳ {words}"),
        context("This takes a second or two. Nothing is proposed meanwhile."),
        *_way_out(again=bool(carried)),
        carried=carried,
    )


def _way_out(*, again: bool) -> list[Block]:
    if again:
        return [context(_AGAIN), actions(button("Try again", ids.BULK_TRY_AGAIN, "again"))]
    return [context(f"{_AGAIN} close this and type {ids.COMMAND} bulk again.")]
