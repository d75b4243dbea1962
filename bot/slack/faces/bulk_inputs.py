"""The inputs of each deed done to many texts: what is asked for, and what was answered.

Knows by which input a deed's form is told; refuses to know where the form leads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion
from bot.domain.fields import FIELDS, Field
from bot.domain.locales import LOCALES
from bot.slack import ids
from bot.slack.faces.blocks import Block, Element, option
from bot.slack.faces.form_choices import labelled
from bot.slack.faces.uploads import held_in, option_in
from bot.slack.faces.wording import locale_label

_EVERYWHERE = "Where you choose none: every locale that the listing has."
_EVERY_FIELD = "None chosen: all of them."
_EVERY_TEXT = "None chosen: all but addresses, which change only when they are chosen."
_FIELDS = [option(field.label, field.attribute) for field in FIELDS]
_LOCALES = [option(locale_label(one.code), one.code) for one in LOCALES]
_VERSIONS = [
    option("The public version", FromVersion.PUBLIC),
    option("The version that is not public yet", FromVersion.COMING),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedForm:
    """What a deed's form is: its title, the button that opens it, the input it is told by.

    `inputs` are drawn from what they hold and the locales that the listing has, none where
    nobody looked; a form with `looks` offers locales by that.
    """

    title: str
    action: str
    marker: str
    inputs: Callable[[BulkEdit, Collection[str]], list[Block]]
    read: Callable[[Mapping[str, Any]], BulkEdit]
    missing: Callable[[BulkEdit], dict[str, str]]
    looks: bool = False


def form_of(values: Mapping[str, Any]) -> DeedForm:
    """Return which form the values of a view are from."""
    return next(form for form in FORMS.values() if form.marker in values)


def _spreading(edit: BulkEdit, _there: Collection[str]) -> list[Block]:
    field = _one("Field", ids.BULK_FIELD, _FIELDS, "".join(edit.attributes[:1]), required=True)
    hint = "It replaces what stands there. Left empty, it empties the field."
    return [
        field,
        _words("Text", ids.BULK_TEXT, edit.text, hint=hint, multiline=True),
        _several("Locales", ids.BULK_LOCALES, _LOCALES, edit.locales, _EVERYWHERE),
    ]


def _spread(values: Mapping[str, Any]) -> BulkEdit:
    field = option_in(values, ids.BULK_FIELD)
    return BulkEdit(
        deed=Deed.SPREAD,
        attributes=(field,) if field else (),
        locales=_chosen(values, ids.BULK_LOCALES),
        text=_typed(values, ids.BULK_TEXT),
    )


def _replacing(edit: BulkEdit, _there: Collection[str]) -> list[Block]:
    exactly = "Exactly this, capitals too."
    return [
        _words("Find", ids.BULK_FIND, edit.find, hint=exactly, required=True),
        _words("Replace by", ids.BULK_BY, edit.text, hint="Left empty, what is found goes."),
        _several("Fields", ids.BULK_FIELDS, _FIELDS, edit.attributes, _EVERY_TEXT),
        _several("Locales", ids.BULK_LOCALES, _LOCALES, edit.locales, _EVERYWHERE),
    ]


def _replaced(values: Mapping[str, Any]) -> BulkEdit:
    return BulkEdit(
        deed=Deed.REPLACE,
        attributes=_chosen(values, ids.BULK_FIELDS),
        locales=_chosen(values, ids.BULK_LOCALES),
        text=_typed(values, ids.BULK_BY),
        find=_typed(values, ids.BULK_FIND),
    )


def _copying(edit: BulkEdit, _there: Collection[str]) -> list[Block]:
    version = "Left empty: the version that is changed."
    locale = "Left empty: each locale from itself, in that other version."
    return [
        _one("From version", ids.BULK_FROM_VERSION, _VERSIONS, edit.from_version, hint=version),
        _one("From locale", ids.BULK_FROM_LOCALE, _LOCALES, edit.from_locale, hint=locale),
        _several("Fields", ids.BULK_FIELDS, _FIELDS, edit.attributes, _EVERY_FIELD),
        _several("Into locales", ids.BULK_LOCALES, _LOCALES, edit.locales, _EVERYWHERE),
    ]


def _copied(values: Mapping[str, Any]) -> BulkEdit:
    return BulkEdit(
        deed=Deed.COPY,
        attributes=_chosen(values, ids.BULK_FIELDS),
        locales=_chosen(values, ids.BULK_LOCALES),
        from_locale=option_in(values, ids.BULK_FROM_LOCALE),
        from_version=FromVersion(option_in(values, ids.BULK_FROM_VERSION)),
    )


def _adding(edit: BulkEdit, there: Collection[str]) -> list[Block]:
    new = [one for one in _LOCALES if one["value"] not in there] or _LOCALES
    source = [one for one in _LOCALES if not there or one["value"] in there]
    copied = "What you leave empty below is copied from it."
    typed = dict(edit.texts)
    return [
        _one("New locale", ids.BULK_NEW_LOCALE, new, "".join(edit.locales[:1]), required=True),
        _one("Copy from", ids.BULK_FROM_LOCALE, source, edit.from_locale, hint=copied),
        *(_text_of(field, typed.get(field.attribute, "")) for field in FIELDS),
    ]


def _text_of(field: Field, held: str) -> Block:
    needed = field.is_required(first_version=False)
    hint = f"At most {field.limit:,} characters."
    return _words(
        field.label,
        ids.bulk_field(field.attribute),
        held,
        hint=f"{hint} No version is submitted without it." if needed else hint,
        multiline=field.multiline,
    )


def _added(values: Mapping[str, Any]) -> BulkEdit:
    code = option_in(values, ids.BULK_NEW_LOCALE)
    typed = ((one.attribute, _typed(values, ids.bulk_field(one.attribute))) for one in FIELDS)
    return BulkEdit(
        deed=Deed.ADD,
        locales=(code,) if code else (),
        from_locale=option_in(values, ids.BULK_FROM_LOCALE),
        texts=tuple((name, text) for name, text in typed if text),
    )


def _removing(edit: BulkEdit, there: Collection[str]) -> list[Block]:
    # The primary one comes first, and no app is without it.
    others = [one for one in _LOCALES if not there or one["value"] in tuple(there)[1:]]
    hint = "With all their texts. The app's primary locale always stays."
    box = option("Keep name, subtitle and privacy policy URL", "keep")
    names: Element = {
        "type": "checkboxes",
        "action_id": ids.BULK_KEEP_NAMES,
        "options": [box],
        **({"initial_options": [box]} if edit.keep_names else {}),
    }
    shared = "All platforms of the app share them: keep them where another one has the locale."
    return [
        _several(
            "Locales to remove",
            ids.BULK_LEAVING,
            others or _LOCALES,
            edit.locales,
            hint,
            required=True,
        ),
        labelled("And what is shared", ids.BULK_KEEP_NAMES, names, hint_text=shared),
    ]


def _removed(values: Mapping[str, Any]) -> BulkEdit:
    return BulkEdit(
        deed=Deed.REMOVE,
        locales=_chosen(values, ids.BULK_LEAVING),
        keep_names=bool(_chosen(values, ids.BULK_KEEP_NAMES)),
    )


def _one(
    label: str,
    name: str,
    options: list[Element],
    chosen: str,
    *,
    hint: str = "",
    required: bool = False,
) -> Block:
    first = [one for one in options if one["value"] == chosen]
    held = {"initial_option": first[0]} if first else {}
    select: Element = {"type": "static_select", "action_id": name, "options": options, **held}
    return labelled(label, name, select, hint_text=hint, required=required)


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
    label: str,
    name: str,
    options: list[Element],
    chosen: tuple[str, ...],
    hint: str,
    *,
    required: bool = False,
) -> Block:
    first = [one for one in options if one["value"] in chosen]
    held = {"initial_options": first} if first else {}
    select: Element = {"type": "multi_static_select", "action_id": name, "options": options, **held}
    return labelled(label, name, select, hint_text=hint, required=required)


def _chosen(values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(one["value"]) for one in held_in(values, name).get("selected_options") or ())


def _typed(values: Mapping[str, Any], name: str) -> str:
    return str(held_in(values, name).get("value") or "")


def _without_field(edit: BulkEdit) -> dict[str, str]:
    return {} if edit.attributes else {ids.BULK_FIELD: "Choose a field."}


def _without_words(edit: BulkEdit) -> dict[str, str]:
    return {} if edit.find else {ids.BULK_FIND: "Type what is to be found."}


def _without_locale(edit: BulkEdit) -> dict[str, str]:
    return {} if edit.locales else {ids.BULK_NEW_LOCALE: "Choose the locale to add."}


def _without_locales(edit: BulkEdit) -> dict[str, str]:
    return {} if edit.locales else {ids.BULK_LEAVING: "Choose the locales to remove."}


def _without_source(edit: BulkEdit) -> dict[str, str]:
    if edit.from_locale or edit.from_version:
        return {}
    return {ids.BULK_FROM_LOCALE: "Choose a locale to copy from, or another version."}


FORMS: Mapping[Deed, DeedForm] = {
    Deed.SPREAD: DeedForm(
        title="One text, many locales",
        action=ids.BULK_SPREAD_DEED,
        marker=ids.BULK_FIELD,
        inputs=_spreading,
        read=_spread,
        missing=_without_field,
    ),
    Deed.REPLACE: DeedForm(
        title="Find and replace",
        action=ids.BULK_REPLACE_DEED,
        marker=ids.BULK_FIND,
        inputs=_replacing,
        read=_replaced,
        missing=_without_words,
    ),
    Deed.COPY: DeedForm(
        title="Copy texts",
        action=ids.BULK_COPY_DEED,
        marker=ids.BULK_FROM_VERSION,
        inputs=_copying,
        read=_copied,
        missing=_without_source,
    ),
    Deed.ADD: DeedForm(
        title="Add a locale",
        action=ids.BULK_ADD_DEED,
        marker=ids.BULK_NEW_LOCALE,
        inputs=_adding,
        read=_added,
        missing=_without_locale,
        looks=True,
    ),
    Deed.REMOVE: DeedForm(
        title="Remove locales",
        action=ids.BULK_REMOVE_DEED,
        marker=ids.BULK_LEAVING,
        inputs=_removing,
        read=_removed,
        missing=_without_locales,
        looks=True,
    ),
}
