"""The modal of one deed done to many texts: one text for many locales, or words replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.bulk_edits import BulkEdit
from bot.domain.fields import FIELDS
from bot.domain.locales import LOCALES
from bot.slack import ids
from bot.slack.faces.blocks import Block, Element, context, option, plain, section
from bot.slack.faces.form_choices import labelled
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.uploads import (
    TITLE,
    UNSEEN,
    Filled,
    Origin,
    deeds,
    held_in,
    option_in,
    reason_block,
    target_block,
)
from bot.slack.faces.wording import locale_label
from bot.workflow.upload_cards import UploadTarget

_EVERYWHERE = "Where you choose none: every locale that the listing has."
_FIELDS = [option(field.label, field.attribute) for field in FIELDS]
_LOCALES = [option(locale_label(one.code), one.code) for one in LOCALES]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledEdit:
    """What stands in the modal; `replaces` says which of the two deeds it is."""

    replaces: bool
    edit: BulkEdit
    about: Filled

    @staticmethod
    def of(view: Mapping[str, Any], origin: Origin) -> FilledEdit:
        """Return what a view holds."""
        values = view["state"]["values"]
        replaces = ids.BULK_FIND in values
        field = option_in(values, ids.BULK_FIELD)
        edit = BulkEdit(
            attributes=(field,) if field else _chosen(values, ids.BULK_FIELDS),
            locales=_chosen(values, ids.BULK_LOCALES),
            text=str(
                held_in(values, ids.BULK_BY if replaces else ids.BULK_TEXT).get("value") or ""
            ),
            find=str(held_in(values, ids.BULK_FIND).get("value") or ""),
        )
        return FilledEdit(replaces=replaces, edit=edit, about=Filled.of(view, origin))


def edit_view(
    targets: tuple[UploadTarget, ...], origin: Origin, filled: FilledEdit, *, problem: str = ""
) -> View:
    """Return the modal of a deed; `problem` says why it could not be done."""
    edit = filled.edit
    inputs = _replacing(edit) if filled.replaces else _spreading(edit)
    view = modal(
        TITLE,
        ids.BULK_EDIT_VIEW,
        *([section(f"⚠️ {problem}")] if problem else []),
        target_block(targets, filled.about.target),
        *inputs,
        _several("Locales", ids.BULK_LOCALES, _LOCALES, edit.locales, _EVERYWHERE),
        reason_block(filled.about.reason),
        context(UNSEEN),
        deeds(ids.BULK_REPLACE_DEED if filled.replaces else ids.BULK_SPREAD_DEED),
        carried=origin.dump(),
    )
    title = "Find and replace" if filled.replaces else "One text, many locales"
    return {**view, "title": plain(title, 24), "submit": plain("Preview"), "close": plain("Cancel")}


def _spreading(edit: BulkEdit) -> list[Block]:
    chosen = [one for one in _FIELDS if one["value"] in edit.attributes[:1]]
    select: Element = {
        "type": "static_select",
        "action_id": ids.BULK_FIELD,
        "options": _FIELDS,
        **({"initial_option": chosen[0]} if chosen else {}),
    }
    field = labelled("Field", ids.BULK_FIELD, select, required=True)
    hint = "It replaces what stands there. Left empty, it empties the field."
    return [field, _words("Text", ids.BULK_TEXT, edit.text, hint=hint, multiline=True)]


def _replacing(edit: BulkEdit) -> list[Block]:
    exactly = "Exactly this, capitals too."
    return [
        _words("Find", ids.BULK_FIND, edit.find, hint=exactly, required=True),
        _words("Replace by", ids.BULK_BY, edit.text, hint="Left empty, what is found goes."),
        _several("Fields", ids.BULK_FIELDS, _FIELDS, edit.attributes, "None chosen: all of them."),
    ]


def _words(
    label: str,
    name: str,
    held: str,
    *,
    hint: str,
    multiline: bool = False,
    required: bool = False,
) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": multiline,
        **({"initial_value": held} if held else {}),
    }
    return labelled(label, name, element, hint_text=hint, required=required)


def _several(
    label: str, name: str, options: list[Element], chosen: tuple[str, ...], hint: str
) -> Block:
    first = [one for one in options if one["value"] in chosen]
    element: Element = {
        "type": "multi_static_select",
        "action_id": name,
        "options": options,
        **({"initial_options": first} if first else {}),
    }
    return labelled(label, name, element, hint_text=hint)


def _chosen(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(one["value"]) for one in held_in(values, name).get("selected_options") or ())
