"""JSON: locales with their fields, or a list of texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.domain.changes import Place
from bot.errors import Invalid
from bot.exchange import limits
from bot.exchange.encoding import decoded
from bot.exchange.headers import (
    HELPED,
    Role,
    field_of,
    fields_meant,
    fields_near,
    locale_of,
    locales_meant,
    meant,
    role_of,
)
from bot.exchange.imported import Cleaning, Format, Gathering, Imported, Why
from bot.exchange.words import give, marked, named

_QUOTED = 60
_LOCALES = "locales"
_SHAPE = 'Write {"locales": {"de-DE": {"name": "...", "keywords": null}}}, or a list of ' + (
    '{"locale": ..., "field": ..., "text": ...}.'
)


class _Pairs(tuple[tuple[str, object], ...]):
    """An object with all that it says, a key that stands twice included."""

    __slots__ = ()


class _Number:
    """A number, however large; its value is not wanted."""

    __slots__ = ()

    def __init__(self, written: str) -> None:
        del written


def read(data: bytes, also: Collection[str], *, empty_clears: bool) -> Imported:
    """Return the texts of a JSON document. Raises Invalid."""
    text, had_mark = decoded(data)
    gathering = Gathering()
    if had_mark:
        gathering.clean(Cleaning.BOM, "the file")
    document = _parsed(text)
    reading = _Reading(gathering, also, empty_clears=empty_clears)
    match document:
        case _Pairs():
            reading.document(document)
        case list():
            reading.rows(document)
        case _:
            raise Invalid("The JSON holds no object and no list.", remedy=_SHAPE)
    return gathering.done(Format.JSON)


def write(texts: Mapping[Place, str]) -> bytes:
    """Return the texts by locale and attribute; a text emptied on purpose is null."""
    by_locale: dict[str, dict[str, str | None]] = {}
    for (locale, attribute), text in texts.items():
        by_locale.setdefault(locale, {})[attribute] = marked(text) if text else None
    document = json.dumps({_LOCALES: by_locale}, ensure_ascii=False, indent=2)
    return f"{document}\n".encode()


def _parsed(text: str) -> object:
    _check_size(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except json.JSONDecodeError as wrong:
        raise Invalid(
            f"The JSON cannot be read from line {wrong.lineno}, character {wrong.colno}, on: "
            f"{wrong.msg}.",
            remedy="Look there for a comma or a quotation mark too many or too few; the file may "
            "also have been cut off.",
        ) from wrong


def _check_size(text: str) -> None:
    opening = text.count("{") + text.count("[")
    if opening > limits.JSON_OBJECTS or text.count(",") > limits.JSON_COMMAS:
        raise Invalid(
            "The JSON holds more objects and values than any listing.",
            remedy="Is this the right file?",
        )
    depth = 0
    in_text = escaped = False
    for character in text if opening > limits.JSON_DEPTH else "":
        if in_text:
            in_text = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_text = True
        elif character in "[{":
            depth += 1
            if depth > limits.JSON_DEPTH:
                raise _too_deep()
        elif character in "]}":
            depth -= 1


def _too_deep() -> Invalid:
    return Invalid(f"The JSON is nested more than {limits.JSON_DEPTH} levels deep.", remedy=_SHAPE)


_KINDS: Mapping[type, str] = {
    _Pairs: "an object",
    _Number: "a number",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}


@dataclass(slots=True)
class _Reading:
    """One pass over a document."""

    gathering: Gathering
    also: Collection[str]
    empty_clears: bool
    _helped: int = 0

    def document(self, document: _Pairs) -> None:
        under = [(key, value) for key, value in document if key == _LOCALES]
        if not under:
            self._locales(document, "")
            return
        for key, value in document:
            if key != _LOCALES:
                reason = "It stands beside the locales and is no locale."
                self.gathering.leave(_shown(key), Why.FIELD, reason)
            elif isinstance(value, _Pairs):
                self._locales(value, f"{_LOCALES}.")
            else:
                raise Invalid(f"“{_LOCALES}” is {_kind(value)} and no object.", remedy=_SHAPE)

    def rows(self, rows: list[object]) -> None:
        told: set[str] = set()
        for number, row in enumerate(rows, 1):
            where = f"item {number}"
            if number > limits.ROWS:
                reason = f"No more than {limits.ROWS:,} items are read."
                self.gathering.leave(f"{where} and after", Why.LIMIT, reason, "Split the file.")
                return
            if isinstance(row, _Pairs):
                self._row(row, where, told)
            else:
                reason = f"It is {_kind(row)} and no object."
                self.gathering.leave(where, Why.TYPE, reason, _SHAPE)

    def _locales(self, locales: _Pairs, before: str) -> None:
        if not any(isinstance(value, _Pairs) for _, value in locales):
            raise Invalid("The JSON holds no locale with its texts.", remedy=_SHAPE)
        for said, fields in locales:
            where = f"{before}{_shown(said)}"
            locale = locale_of(said, self.also)
            if locale is None:
                reason = f"“{_shown(said)}” names no single locale of the App Store."
                self.gathering.leave(where, Why.LOCALE, reason, self._help(locales_meant, said))
            elif isinstance(fields, _Pairs):
                for name, value in fields:
                    self._text(locale, name, value, f"{where}.{_shown(name)}")
            else:
                reason = f"It is {_kind(fields)} and no object of fields."
                self.gathering.leave(where, Why.TYPE, reason, _SHAPE, place=(locale, ""))

    def _row(self, row: _Pairs, where: str, told: set[str]) -> None:
        said = {role: [value for key, value in row if role_of(key) is role] for role in Role}
        spoken = said[Role.LOCALE][0] if len(said[Role.LOCALE]) == 1 else None
        if not isinstance(spoken, str):
            reason = "It does not say once and as a text which locale it is of."
            self.gathering.leave(where, Why.NO_LOCALE, reason)
            return
        locale = locale_of(spoken, self.also)
        if locale is None:
            reason = f"“{_shown(spoken)}” names no single locale of the App Store."
            self.gathering.leave(where, Why.LOCALE, reason, self._help(locales_meant, spoken))
        elif said[Role.FIELD]:
            self._long_row(said, locale, where)
            self._tell_of_keys([key for key, _ in row if role_of(key) is None], told)
        else:
            for key, value in row:
                if field_of(key):
                    self._text(locale, key, value, f"{where}, {_shown(key)}")
            strange = [key for key, _ in row if role_of(key) is None and field_of(key) is None]
            self._tell_of_keys(strange, told)
            for key in strange:
                self.gathering.tried((locale, self._near(key)[1]))

    def _long_row(self, said: Mapping[Role, list[object]], locale: str, where: str) -> None:
        name = said[Role.FIELD][0]
        if len(said[Role.FIELD]) != 1 or not isinstance(name, str):
            reason = "It does not say once and as a text which field it is."
            self.gathering.leave(where, Why.NO_FIELD, reason, place=(locale, ""))
        elif len(said[Role.TEXT]) != 1:
            reason = "It does not say once what the text is."
            place = (locale, field_of(name) or "")
            self.gathering.leave(where, Why.EMPTY, reason, "null empties the field.", place=place)
        else:
            self._text(locale, name, said[Role.TEXT][0], where)

    def _tell_of_keys(self, keys: list[str], told: set[str]) -> None:
        for key in keys:
            if key not in told:
                told.add(key)
                reason = "It is no field of a listing, so it is not read, here and in other items."
                help_ = self._help(fields_meant, key)
                self.gathering.leave(f"“{_shown(key)}”", Why.FIELD, reason, help_)

    def _text(self, locale: str, name: str, value: object, where: str) -> None:
        attribute = field_of(name)
        if attribute is None:
            reason = f"“{_shown(name)}” is no field of a listing."
            help_, near = self._near(name)
            self.gathering.leave(where, Why.FIELD, reason, help_, place=(locale, near))
            return
        place = (locale, attribute)
        if value is None or (value == "" and self.empty_clears):
            self.gathering.take(place, "", where)
        elif not isinstance(value, str):
            reason = f"It is {_kind(value)} and no text."
            self.gathering.leave(where, Why.TYPE, reason, "Put it in quotation marks.", place=place)
        elif not give(self.gathering, place, value, where):
            reason = f"The text is empty, so nothing is said about {named(place)}."
            remedy = "Write null to empty the field."
            self.gathering.leave(where, Why.EMPTY, reason, remedy, place=place)

    def _near(self, said: str) -> tuple[str, str]:
        """Return what field was meant, as a sentence, and as an attribute if it is one alone."""
        self._helped += 1
        near = fields_near(said[:_QUOTED]) if self._helped <= HELPED else ()
        return meant(near), near[0] if len(near) == 1 else ""

    def _help(self, helping: Callable[[str], str], said: str) -> str:
        self._helped += 1
        return helping(said[:_QUOTED]) if self._helped <= HELPED else ""


def _kind(value: object) -> str:
    return _KINDS[type(value)]


def _shown(key: str) -> str:
    return key if len(key) <= _QUOTED else f"{key[:_QUOTED]}…"
