"""Query parameters: what a read may ask for, and a refusal for everything else.

It knows the parameters of each read as a table row and checks all of them at
once. Unknown names are PARAMETER_ERROR.ILLEGAL, bad values PARAMETER_ERROR.INVALID.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.appstore.bodies import moment
from bot.sandbox.appstore.refusals import Problem, RefusalError
from bot.sandbox.appstore.schema import SHAPES

LIMIT = 50
LARGEST_LIMIT = 200
RELATED_LIMIT = 10
MOMENT = frozenset({"a date with an offset"})
LARGEST_RELATED_LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One read: the type it answers, how it is reached, what may be asked of it.

    `filters` maps a filter to its allowed values, None when any text will do, `MOMENT`
    when it must be a date. One that is not `listed` and has a parent is a to-one relation.
    """

    type: str
    listed: bool
    parent: str | None = None
    relationship: str | None = None
    filters: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()

    def related(self, name: str) -> str:
        """Return the type behind the relationship `name`."""
        shape = SHAPES[self.type]
        return shape.many.get(name) or shape.one[name]

    @property
    def types(self) -> frozenset[str]:
        """The types whose fields[...] may be asked for."""
        return frozenset([self.type, *(self.related(name) for name in self.include)])


@dataclass(slots=True, kw_only=True)
class Query:
    """A checked query; `limit` and `limits` count resources, `offset` is where to begin."""

    filters: dict[str, frozenset[str]] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    fields: dict[str, frozenset[str]] = field(default_factory=dict)
    limit: int = LIMIT
    limits: dict[str, int] = field(default_factory=dict)
    offset: int = 0
    sort: str = ""


def parse(reading: Reading, pairs: Iterable[tuple[str, str]]) -> Query:
    """Return what is asked for; raises RefusalError with every bad parameter."""
    given = list(pairs)
    problems = [
        _problem("PARAMETER_ERROR.ILLEGAL", name, f"The parameter '{name}' is given twice")
        for name, times in Counter(name for name, _ in given).items()
        if times > 1
    ]
    query = Query()
    for name, value in given:
        problem = _take(query, reading, name, value)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise RefusalError(problems)
    return query


def cursor(offset: int) -> str:
    """Return the opaque word that stands for a place in a listing."""
    return base64.urlsafe_b64encode(json.dumps({"offset": str(offset)}).encode()).decode()


def _take(query: Query, reading: Reading, name: str, value: str) -> Problem | None:
    family, bracket, rest = name.partition("[")
    if not bracket:
        return _take_plain(query, reading, name, value)
    inner = rest.removesuffix("]")
    if inner == rest:
        return _illegal(name)
    if family == "fields" and inner in reading.types:
        return _take_names(query, name, inner, value)
    if family == "filter" and inner in reading.filters:
        return _take_filter(query, reading, name, inner, value)
    if family == "limit":
        return _take_limit(query, reading, name, inner, value)
    return _illegal(name)


def _take_plain(query: Query, reading: Reading, name: str, value: str) -> Problem | None:
    if name == "limit":
        return _take_limit(query, reading, name, "", value)
    if name == "include" and reading.include:
        return _take_include(query, reading, value)
    if name == "sort" and reading.sort:
        return _take_sort(query, reading, value)
    if name == "cursor" and reading.listed:
        return _take_cursor(query, value)
    return _illegal(name)


def _take_names(query: Query, name: str, kind: str, value: str) -> Problem | None:
    names = frozenset(value.split(","))
    wrong = sorted(names - SHAPES[kind].fields)
    query.fields[kind] = names
    return _bad_value(name, "field name", wrong[0]) if wrong else None


def _take_filter(
    query: Query, reading: Reading, name: str, inner: str, value: str
) -> Problem | None:
    values = frozenset(value.split(","))
    allowed = reading.filters[inner]
    if allowed is MOMENT:
        wrong = [value for value in values if moment(value) is None]
    else:
        wrong = sorted(values - allowed) if allowed is not None else sorted(values & {""})
    query.filters[inner] = values
    return _bad_value(name, "filter value", wrong[0]) if wrong else None


def _take_limit(
    query: Query, reading: Reading, name: str, inner: str, value: str
) -> Problem | None:
    related = inner in reading.include and inner in SHAPES[reading.type].many
    if not (related or (name == "limit" and reading.listed)):
        return _illegal(name)
    largest = LARGEST_RELATED_LIMIT if related else LARGEST_LIMIT
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= largest):
        detail = f"'{value}' is not a valid limit: it must be between 1 and {largest}"
        return _problem("PARAMETER_ERROR.INVALID", name, detail)
    if related:
        query.limits[inner] = int(value)
    else:
        query.limit = int(value)
    return None


def _take_include(query: Query, reading: Reading, value: str) -> Problem | None:
    query.include = tuple(dict.fromkeys(value.split(",")))
    wrong = [name for name in query.include if name not in reading.include]
    return _bad_value("include", "relationship name", wrong[0]) if wrong else None


def _take_sort(query: Query, reading: Reading, value: str) -> Problem | None:
    query.sort = value
    known = value.removeprefix("-") in reading.sort
    return None if known else _bad_value("sort", "sort order", value)


def _take_cursor(query: Query, value: str) -> Problem | None:
    try:
        query.offset = int(json.loads(base64.urlsafe_b64decode(value.encode()))["offset"])
    except (binascii.Error, ValueError, TypeError, KeyError):
        return _bad_value("cursor", "cursor", value)
    return None if query.offset >= 0 else _bad_value("cursor", "cursor", value)


def _illegal(name: str) -> Problem:
    detail = f"The parameter '{name}' can not be used with this request"
    return _problem("PARAMETER_ERROR.ILLEGAL", name, detail)


def _bad_value(name: str, what: str, value: str) -> Problem:
    return _problem("PARAMETER_ERROR.INVALID", name, f"'{value}' is not a valid {what}")


def _problem(code: str, name: str, detail: str) -> Problem:
    return Problem(code=code, detail=detail, parameter=name)
