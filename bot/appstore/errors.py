"""Apple's errors as ours: all of them, with field, locale and Apple's own words.

Knows statuses, codes and pointers; knows nothing of requests. Sources: App Store Connect
API, ErrorResponse and "Interpreting and Handling Errors"; associated errors sit under
`meta.associatedErrors`, by path.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.fields import BY_ATTRIBUTE
from bot.errors import BotError, Conflict, Invalid, Refused, Unavailable

MOST_PROBLEMS = 100

# What Apple's codes mean to a person; the longest beginning that fits speaks.
MEANINGS: Mapping[str, str] = {
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG": "too long",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS": "characters Apple does not allow",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE": "already taken",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE": "cannot be changed in this state",
    "ENTITY_ERROR.ATTRIBUTE.INVALID": "not accepted",
    "ENTITY_ERROR.ATTRIBUTE.REQUIRED": "must not be empty",
    "ENTITY_ERROR.ATTRIBUTE.TYPE": "in the wrong form",
    "ENTITY_ERROR.ATTRIBUTE.UNKNOWN": "not known to Apple",
    "ENTITY_ERROR.RELATIONSHIP": "belongs to something Apple does not have",
    "ENTITY_ERROR": "not accepted",
    "STATE_ERROR": "cannot be changed in this state",
    "PARAMETER_ERROR": "asked for in a way Apple does not know",
}
AGREEMENTS = "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of Apple's errors; `attribute` is a field of ours, None where it names none."""

    code: str
    title: str
    detail: str
    attribute: str | None
    status: int

    @property
    def sentence(self) -> str:
        """What is wrong in plain words, followed by Apple's own."""
        field = BY_ATTRIBUTE.get(self.attribute or "")
        subject = field.label if field else self.attribute or "The change"
        refused = f" ({self.characters})" if self.characters else ""
        words = self.detail or self.title or self.code
        return f"{subject}: {meaning(self.code)}{refused}. Apple says: {words}"

    @property
    def characters(self) -> str:
        """The characters Apple names as refused, each with its code point, "" if none."""
        named = re.search(r"following character\(s\):\s*(.+?)\.?\s*$", self.detail, re.DOTALL)
        found = (letter for letter in (named.group(1) if named else "") if letter not in ", ")
        return ", ".join(_drawn(letter) for letter in dict.fromkeys(found))


def _drawn(letter: str) -> str:
    point = f"U+{ord(letter):04X}"
    hidden = unicodedata.category(letter)[0] in "CMZ"
    return point if hidden else f"{letter} {point}"


def meaning(code: str) -> str:
    """Return what `code` means to a person; Apple refines its codes with further parts."""
    parts = code.split(".")
    for end in range(len(parts), 0, -1):
        if said := MEANINGS.get(".".join(parts[:end])):
            return said
    return "not accepted"


class FromApple(BotError):
    """An answer of Apple's; `problems` are all its errors in Apple's order."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        problems: tuple[Problem, ...] = (),
        locale: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = problems
        self.locale = locale


class AppleRefused(FromApple, Invalid):
    """Apple does not take what was sent; sending the same again is pointless."""


class AlreadyExists(FromApple, Conflict):
    """The localization to be made is there; read it and change it."""


class Gone(FromApple, Conflict):
    """What was asked for is no longer there."""


class NotAllowed(FromApple, Refused):
    """The key may not do this."""


class AgreementsMissing(NotAllowed):
    """An agreement waits to be accepted; a person has to, retrying does not help."""


class NotAuthorized(FromApple, Refused):
    """Apple does not accept the key, also not with a fresh token."""


class Unsure(Unavailable):
    """Nobody knows whether a create was carried out; look for it before anything else."""


def problems_of(document: object, status: int) -> tuple[Problem, ...]:
    """Return every error of an ErrorResponse, associated ones after the one that has them."""
    found = []
    for error in _errors(document):
        found.append(_problem(error, status))
        if len(found) == MOST_PROBLEMS:
            break
    return tuple(found)


def _errors(document: object) -> Iterator[Mapping[str, object]]:
    listed = document.get("errors") if isinstance(document, Mapping) else None
    for error in listed if isinstance(listed, list) else ():
        if not isinstance(error, Mapping):
            continue
        yield error
        meta = error.get("meta")
        associated = meta.get("associatedErrors") if isinstance(meta, Mapping) else None
        for more in associated.values() if isinstance(associated, Mapping) else ():
            yield from _errors({"errors": more})


def _problem(error: Mapping[str, object], status: int) -> Problem:
    said = str(error.get("status") or "")
    detail = str(error.get("detail") or "")
    return Problem(
        code=str(error.get("code") or ""),
        title=str(error.get("title") or ""),
        detail=detail,
        attribute=_attribute(error.get("source"), detail),
        status=int(said) if said.isdecimal() else status,
    )


def _attribute(source: object, detail: str) -> str | None:
    pointer = source.get("pointer") if isinstance(source, Mapping) else None
    if isinstance(pointer, str) and "/attributes/" in pointer:
        return pointer.rpartition("/attributes/")[2].partition("/")[0]
    # State errors name the attribute in the sentence only.
    quoted = re.findall(r"'(\w+)'", detail)
    return next((name for name in quoted if name in BY_ATTRIBUTE), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asked and for what, as far as an error's sentence needs it; `skew` in seconds."""

    key_id: str
    skew: float
    locale: str = ""


def refusal(
    status: int, document: object, asker: Asker, *, retry_after: float | None = None
) -> BotError:
    """Return the error for an answer that is not a success; `document` is its body as read."""
    problems = problems_of(document, status)
    match status:
        case 400 | 409 | 422:
            return _not_taken(status, problems, asker.locale)
        case 401:
            return _not_authorized(problems, asker)
        case 403:
            return _not_allowed(problems, asker)
        case 404:
            said = _words(problems)
            return Gone(
                f"Apple no longer has what this is about.{said}",
                problems=problems,
                locale=asker.locale,
                remedy="Read the listing again.",
            )
    return _unavailable(status, problems, retry_after)


def _not_taken(status: int, problems: tuple[Problem, ...], locale: str) -> FromApple:
    if status == 409 and any(_is_duplicate(problem) for problem in problems):
        return AlreadyExists(
            f"Apple already has {locale or 'this locale'}.{_words(problems)}",
            problems=problems,
            locale=locale,
            remedy="Read the listing again.",
        )
    sentences = " ".join(problem.sentence for problem in problems)
    where = f" for {locale}" if locale else ""
    return AppleRefused(
        f"Apple did not take the change{where}. {sentences or f'It answered {status}.'}",
        problems=problems,
        locale=locale,
    )


def _is_duplicate(problem: Problem) -> bool:
    # A name taken by another app is a duplicate too, but nothing of ours to read.
    return problem.attribute in {None, "locale"} and "already exists" in problem.detail


def _not_authorized(problems: tuple[Problem, ...], asker: Asker) -> NotAuthorized:
    remedy = "Check the key id, the issuer id and the private key, and that it is not revoked."
    if asker.skew:
        side = "behind" if asker.skew > 0 else "ahead of"
        remedy = (
            f"This machine's clock is {abs(asker.skew):.0f} seconds {side} Apple's: set it, "
            f"for instance by NTP. {remedy}"
        )
    return NotAuthorized(
        f"Apple does not accept the key {asker.key_id}.{_words(problems)}",
        problems=problems,
        remedy=remedy,
    )


def _not_allowed(problems: tuple[Problem, ...], asker: Asker) -> NotAllowed:
    if any(problem.code == AGREEMENTS for problem in problems):
        return AgreementsMissing(
            f"An agreement with Apple is missing or has expired.{_words(problems)}",
            problems=problems,
            locale=asker.locale,
            remedy="The Account Holder must accept it in App Store Connect under Business.",
        )
    return NotAllowed(
        f"The key {asker.key_id} may not do this.{_words(problems)}",
        problems=problems,
        locale=asker.locale,
        remedy="Give it a role that may edit metadata, such as App Manager, in App Store "
        "Connect under Users and Access > Integrations.",
    )


def _unavailable(
    status: int, problems: tuple[Problem, ...], retry_after: float | None
) -> Unavailable:
    said = _words(problems)
    if status == 429:
        return Unavailable(
            f"Apple's request limit for this key is reached.{said}",
            remedy="Try again later.",
            retry_after=retry_after,
        )
    return Unavailable(
        f"Apple answered {status}.{said}", remedy="Try again later.", retry_after=retry_after
    )


def _words(problems: tuple[Problem, ...]) -> str:
    said = " ".join(problem.detail or problem.title for problem in problems)
    return f" Apple says: {said}" if said.strip() else ""
