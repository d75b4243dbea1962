"""The modal of one deed done to many texts: its inputs, the app, why, and the other deeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.bulk_edits import BulkEdit
from bot.slack import ids
from bot.slack.faces.blocks import context, plain, section
from bot.slack.faces.bulk_inputs import FORMS, form_of
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.uploads import (
    TITLE,
    UNSEEN,
    Filled,
    Origin,
    deeds,
    reason_block,
    target_block,
)
from bot.workflow.upload_cards import UploadTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledEdit:
    """What stands in the modal."""

    edit: BulkEdit
    about: Filled

    @staticmethod
    def of(view: Mapping[str, Any], origin: Origin) -> FilledEdit:
        """Return what a view holds."""
        values = view["state"]["values"]
        return FilledEdit(edit=form_of(values).read(values), about=Filled.of(view, origin))

    @property
    def missing(self) -> dict[str, str]:
        """What is missing, by block; without it every text of the app would be meant."""
        return FORMS[self.edit.deed].missing(self.edit)

    @property
    def looks(self) -> bool:
        """Whether its form offers locales by what the listing has."""
        return FORMS[self.edit.deed].looks


def edit_view(
    targets: tuple[UploadTarget, ...],
    origin: Origin,
    filled: FilledEdit,
    *,
    there: Collection[str] = (),
    problem: str = "",
) -> View:
    """Return the modal of a deed; `problem` says why it could not be done.

    `there` are the locales that the listing has, none where nobody looked.
    """
    form = FORMS[filled.edit.deed]
    view = modal(
        TITLE,
        ids.BULK_EDIT_VIEW,
        *([section(f"⚠️ {problem}")] if problem else []),
        target_block(targets, filled.about.target),
        *form.inputs(filled.edit, there),
        reason_block(filled.about.reason),
        context(UNSEEN),
        deeds(form.action),
        carried=origin.dump(),
    )
    return {
        **view,
        "title": plain(form.title, 24),
        "submit": plain("Preview"),
        "close": plain("Cancel"),
    }
