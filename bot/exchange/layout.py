"""What a table's header says: which of three forms it has, and what each column holds.

It is `sure` where it also names the column of the locales or of the fields; one that does
not could be a line of something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as own

from bot.errors import Invalid
from bot.exchange.headers import Role, field_of, locale_of, role_of
from bot.exchange.imported import listed

# A language's code alone: "id" and "No." are also what people write above numbers of rows.
_SHORT = re.compile(r"[\W_]*[A-Za-z]{2}[\W_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """A row for each locale, a column for each field."""

    locale: int
    fields: Mapping[int, str]
    header: Sequence[str] = own(repr=False)
    sure: bool

    @property
    def key(self) -> int:
        """The column that says what a row is about."""
        return self.locale

    @property
    def known(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset({self.locale, *self.fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """A row for each field, a column for each locale.

    `asked` are columns whose names mean a locale or something else, and their place says the
    latter; `doubtful` are those among `locales` of which only what is in them tells.
    """

    field: int
    locales: Mapping[int, str]
    asked: Mapping[int, str]
    doubtful: frozenset[int]
    header: Sequence[str] = own(repr=False)
    sure: bool

    @property
    def key(self) -> int:
        """The column that says what a row is about."""
        return self.field

    @property
    def known(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset({self.field, *self.locales})


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """A row for each text, with its locale and its field."""

    locale: int
    field: int
    text: int
    header: Sequence[str] = own(repr=False)
    sure: bool

    @property
    def key(self) -> int:
        """The column that says first what a row is about."""
        return self.locale

    @property
    def known(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset({self.locale, self.field, self.text})


Layout = Wide | Across | Long


def layout_of(header: Sequence[str], also: Collection[str]) -> Layout | None:
    """Return what a row says about the columns below it, or None where it says nothing.

    Raises Invalid for a row that says it twice in different ways.
    """
    fields = _read(header, field_of)
    roles = {role: _places(header, role) for role in Role}
    if all(roles.values()):
        return _long(header, roles)
    spoken = _read(header, lambda said: locale_of(said, also))
    if fields and (roles[Role.LOCALE] or not spoken):
        return _wide(header, fields, roles[Role.LOCALE])
    return _across(header, spoken, roles) if spoken and not fields else None


def _read(header: Sequence[str], reading: Callable[[str], str | None]) -> dict[int, str]:
    read = {column: reading(said) for column, said in enumerate(header) if said.strip()}
    return {column: found for column, found in read.items() if found is not None}


def _places(header: Sequence[str], role: Role) -> list[int]:
    return [column for column, said in enumerate(header) if role_of(said) is role]


def _long(header: Sequence[str], roles: Mapping[Role, list[int]]) -> Long:
    for columns in roles.values():
        if len(columns) > 1:
            raise Invalid(
                f"The columns {listed(f'“{header[column]}”' for column in columns)} "
                "say the same thing, so it is not clear which one is meant.",
                remedy="Keep one of them, or name the other one differently.",
            )
    return Long(
        locale=roles[Role.LOCALE][0],
        field=roles[Role.FIELD][0],
        text=roles[Role.TEXT][0],
        header=header,
        sure=True,
    )


def _wide(header: Sequence[str], fields: Mapping[int, str], places: list[int]) -> Wide | None:
    if places:
        return Wide(locale=places[0], fields=fields, header=header, sure=True)
    if not header[0].strip():
        return Wide(locale=0, fields=fields, header=header, sure=False)
    return None


def _across(
    header: Sequence[str], spoken: Mapping[int, str], roles: Mapping[Role, list[int]]
) -> Across | None:
    corner = (roles[Role.FIELD] or [0])[0]
    if corner in spoken:
        return None
    short = {column: code for column, code in spoken.items() if _SHORT.fullmatch(header[column])}
    asked = {column: code for column, code in short.items() if column < corner}
    return Across(
        field=corner,
        locales={column: code for column, code in spoken.items() if column not in asked},
        asked=asked,
        doubtful=frozenset(short.keys() - asked.keys()),
        header=header,
        sure=bool(roles[Role.FIELD]),
    )
