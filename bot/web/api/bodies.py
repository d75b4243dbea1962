"""What a request says, or every reason why it cannot be taken; nothing is silently ignored.

Knows JSON and the shape of a body. Whether the texts may stand there is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from bot.domain.changes import Place
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.proposals import AT_ONCE, Timing
from bot.domain.record import canonical
from bot.domain.validation import Finding, Severity
from bot.web.api.problems import Problem
from bot.workflow.api.wishing import Wish

JSON = "application/json"
PLATFORMS = ("IOS", "MAC_OS", "TV_OS", "VISION_OS")
NAMES = (
    "app",
    "platform",
    "version",
    "when_it_exists",
    "reason",
    "locales",
    "in_parts",
    "not_before",
)
LONGEST_NAME = 255
LONGEST_REASON = 3000
MOST_LOCALES = 100
DEEPEST = 8
SHOWN = 60
MOST_FINDINGS = 500
KEY = re.compile(r"[\x20-\x7e]{1,255}")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
# What neither Slack nor a line of a log shows as a person meant it.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# A text in quotes, or a bracket.
PARTS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
SURROGATE = re.compile(r"[\ud800-\udfff]")
FIELDS = f"Fields are {', '.join(BY_ATTRIBUTE)}."


class _Twice(Exception):
    """A name stands twice in an object."""


def key_of(request: web.Request) -> str:
    """Return the request's idempotency key, "" without one; raises Problem."""
    given = request.headers.getall("Idempotency-Key", [])
    if not given:
        return ""
    if len(given) > 1 or not KEY.fullmatch(given[0]):
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This is no idempotency key.",
            remedy="Send one of up to 255 printable ASCII characters.",
        )
    return given[0]


def query_of(request: web.Request, known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the query's parameters, each with one of the values it knows; raises Problem."""
    said = dict(request.query)
    wrong = [_shown(name) for name in said if name not in known]
    wrong += [
        _shown(f"{name}={value}")
        for name, value in request.query.items()
        if name in known and (value not in known[name] or len(request.query.getall(name)) > 1)
    ]
    if wrong:
        possible = [f"{name}={'|'.join(values)}" for name, values in known.items()]
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"The query has what is not known: {', '.join(wrong[:5])}.",
            remedy=f"Known is {', '.join(possible)}." if possible else "Leave it out.",
        )
    return said


async def refuse_body(request: web.Request) -> None:
    """Raise Problem for a body that says something where there is nothing to be said."""
    if not await request.read():
        return
    if await document_of(request) != {}:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This takes no body.", remedy="Send none.")


async def document_of(request: web.Request) -> object:
    """Return the JSON of a request; raises Problem."""
    charset = (request.charset or "utf-8").lower()
    if request.content_type != JSON or charset not in ("utf-8", "utf8"):
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body has to be JSON in UTF-8.",
            remedy=f"Send it with Content-Type: {JSON}.",
        )
    try:
        text = (await request.read()).decode("utf-8")
        _refuse_depth(text)
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_nothing,
        )
    except UnicodeDecodeError:
        detail = "The body is not UTF-8."
    except _Twice as twice:
        detail = f"“{_shown(str(twice))}” stands twice in one object."
    except json.JSONDecodeError as wrong:
        detail = (
            f"The JSON cannot be read from line {wrong.lineno}, character {wrong.colno}, on: "
            f"{wrong.msg}."
        )
    raise Problem(HTTPStatus.BAD_REQUEST, detail, remedy="Mend the body and send it again.")


def digest_of(document: object) -> str:
    """Return what tells one body from another, however it is spaced."""
    return hashlib.sha256(canonical(document).encode("utf-8", "surrogatepass")).hexdigest()


def wish_of(document: object) -> Wish:
    """Return what a body asks for; raises Problem with everything that is wrong with it."""
    if not isinstance(document, dict):
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The body is no object.",
            remedy='Send {"app": "...", "locales": {"de-DE": {"subtitle": "..."}}}.',
        )
    reading = _Reading(document)
    wish = Wish(
        app=reading.name("app", required=True) or "",
        platform=reading.platform(),
        version=reading.name("version"),
        when_it_exists=reading.waits(),
        reason=reading.reason(),
        texts=reading.texts(),
        timing=reading.timing(),
        in_parts=reading.flag("in_parts"),
    )
    reading.refuse_unknown()
    if reading.found:
        errors = reading.found[:MOST_FINDINGS]
        many = len(reading.found) > 1
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{len(reading.found)} things are wrong." if many else errors[0].message,
            remedy="See the findings." if many else errors[0].remedy,
            findings=errors,
        )
    return wish


@dataclass(slots=True)
class _Reading:
    """One pass over a body; what is wrong piles up."""

    body: Mapping[str, object]
    found: list[Finding] = field(default_factory=list)

    def wrong(self, message: str, remedy: str = "", *, locale: str = "", name: str = "") -> None:
        severity = Severity.ERROR
        self.found.append(
            Finding(severity=severity, locale=locale, field=name, message=message, remedy=remedy)
        )

    def name(self, key: str, *, required: bool = False) -> str | None:
        value = self.body.get(key)
        if key not in self.body:
            if required:
                self.wrong(f"{key} is missing.", "Add it.")
            return None
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or _odd(value):
            self.wrong(f"{key} is no text of 1 to {LONGEST_NAME} characters.", "Mend it.")
            return None
        return value

    def platform(self) -> str | None:
        value = self.body.get("platform", PLATFORMS[0])
        if value not in PLATFORMS:
            self.wrong("platform is not known.", f"Write one of {', '.join(PLATFORMS)}.")
        return str(value) if "platform" in self.body else None

    def reason(self) -> str:
        value = self.body.get("reason", "")
        if not isinstance(value, str) or len(value) > LONGEST_REASON or _odd(value):
            self.wrong(
                f"reason is no text of up to {LONGEST_REASON} characters.",
                "Shorten it, and leave control characters out.",
            )
            return ""
        return value.strip()

    def flag(self, key: str) -> bool:
        value = self.body.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"{key} is neither true nor false.", "Write true or false, no quotes.")
        return value is True

    def waits(self) -> bool:
        waits = self.flag("when_it_exists")
        if waits and "version" not in self.body:
            self.wrong("when_it_exists names no version.", 'Add its number: {"version": "3.2"}.')
        return waits

    def timing(self) -> Timing:
        if "not_before" not in self.body:
            return AT_ONCE
        value = self.body["not_before"]
        moment = _moment(value) if isinstance(value, str) else None
        if moment is None:
            self.wrong("not_before is no moment.", 'Write it as "2026-12-01T09:00:00Z".')
        return Timing(not_before=moment)

    def texts(self) -> dict[Place, str]:
        locales = self.body.get("locales")
        if not isinstance(locales, dict) or not 0 < len(locales) <= MOST_LOCALES:
            self.wrong(
                f"locales is no object with 1 to {MOST_LOCALES} locales.",
                'Write {"de-DE": {"subtitle": "...", "keywords": null}}.',
            )
            return {}
        return {
            (locale, attribute): text
            for locale, fields in locales.items()
            for attribute, text in self._locale(locale, fields)
        }

    def _locale(self, locale: str, fields: object) -> Iterator[tuple[str, str]]:
        if SURROGATE.search(locale) or not isinstance(fields, dict) or not fields:
            said = f"{_shown(locale)} is no object with at least one field."
            self.wrong(said, FIELDS, locale=_shown(locale))
            return
        for attribute, text in fields.items():
            if attribute not in BY_ATTRIBUTE:
                said, remedy = f"There is no field {_shown(attribute)}.", FIELDS
            elif text is None:
                yield attribute, ""
                continue
            elif not isinstance(text, str) or SURROGATE.search(text):
                said, remedy = "This is neither a text nor null.", "Mend it."
            elif not text.strip():
                said, remedy = "The text is empty.", "Write null to empty the field."
            else:
                yield attribute, text
                continue
            self.wrong(said, remedy, locale=_shown(locale), name=_shown(attribute))

    def refuse_unknown(self) -> None:
        for name in self.body:
            if name not in NAMES:
                self.wrong(f"“{_shown(name)}” is not known.", f"Known are {', '.join(NAMES)}.")


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _number(written: str) -> object:
    # Nothing takes one, however large; two bodies with other numbers are two.
    return {"number": written}


def _nothing(word: str) -> object:
    raise json.JSONDecodeError(f"{word} is no JSON", "", 0)


def _refuse_depth(text: str) -> None:
    depth = 0
    # What stands in quotes is taken whole: a bracket there opens nothing.
    for mark in PARTS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark.group(), 0)
        if depth > DEEPEST:
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                f"The JSON is nested more than {DEEPEST} levels deep.",
                remedy="A body has three.",
            )


def _odd(text: str) -> bool:
    return bool(CONTROL.search(text) or SURROGATE.search(text))


def _moment(text: str) -> datetime | None:
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _shown(text: str) -> str:
    whole = SURROGATE.sub("\ufffd", text)
    return whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}…"
