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
from bot.errors import BotError, Conflict, Invalid, Limited, Refused, Unavailable

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
    "ENTITY_ERROR.RELATIONSHIP": "does not go with what it belongs to",
    "ENTITY_ERROR": "not accepted",
    "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION": "part of another submission",
    "STATE_ERROR.SCREENSHOT_REQUIRED": "a screenshot is missing",
    "STATE_ERROR": "cannot be changed in this state",
    "PARAMETER_ERROR": "asked for in a way Apple does not know",
}
# Attributes that are no texts, by the name people know them by.
LABELS: Mapping[str, str] = {
    "versionString": "Version number",
    "releaseType": "Release type",
    "earliestReleaseDate": "Release date",
    "phasedReleaseState": "Phased release",
    "copyright": "Copyright",
    "url": "Address",
    "secret": "Secret",
    "eventTypes": "Events",
}
# Apple's two sentences about a submission that is in the way name it, as does the state
# error beside them: "... was already added to another reviewSubmission with id X" and "There
# is another reviewSubmissions with id X still in progress".
OTHER_SUBMISSION = re.compile(
    r"another reviewSubmissions?\b(?:\s+with id\s+([\w-]+))?", re.IGNORECASE
)
# What may be there already, as an attribute of what was to be made.
IDENTIFYING = frozenset({None, "locale", "versionString"})
AGREEMENTS = "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of Apple's errors; `attribute` is the field it names, None where it names none.

    `path` is what an associated error is about, as Apple writes it:
    "/v1/appStoreVersionLocalizations/<id>"; "" for an error of the request itself.
    """

    code: str
    title: str
    detail: str
    attribute: str | None
    status: int
    path: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong in plain words, followed by Apple's own."""
        return self.about("the change")

    def about(self, thing: str) -> str:
        """Return the sentence, which is about `thing` where Apple names no attribute."""
        name = self.attribute or ""
        field = BY_ATTRIBUTE.get(name)
        subject = field.label if field else LABELS.get(name, name) or thing[:1].upper() + thing[1:]
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
    """What was to be made is there, or stands in the way: read it and go on from there."""

    @property
    def other_id(self) -> str:
        """The id of the submission that is in the way, "" where Apple names none."""
        found = (OTHER_SUBMISSION.search(problem.detail) for problem in self.problems)
        return next((match[1] for match in found if match and match[1]), "")


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
    for path, error in _errors(document):
        found.append(_problem(error, status, path))
        if len(found) == MOST_PROBLEMS:
            break
    return tuple(found)


def _errors(document: object, path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    listed = document.get("errors") if isinstance(document, Mapping) else None
    for error in listed if isinstance(listed, list) else ():
        if not isinstance(error, Mapping):
            continue
        yield path, error
        meta = error.get("meta")
        associated = meta.get("associatedErrors") if isinstance(meta, Mapping) else None
        for where, more in associated.items() if isinstance(associated, Mapping) else ():
            yield from _errors({"errors": more}, str(where))


def _problem(error: Mapping[str, object], status: int, path: str) -> Problem:
    said = str(error.get("status") or "")
    detail = str(error.get("detail") or "")
    return Problem(
        code=str(error.get("code") or ""),
        title=str(error.get("title") or ""),
        detail=detail,
        attribute=_attribute(error.get("source"), detail),
        status=int(said) if said.isdecimal() else status,
        path=path,
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
    """Who asked and for what, as far as an error's sentence needs it; `skew` in seconds.

    `about` names what was sent where it is no text, with its article: "the build".
    """

    key_id: str
    skew: float
    locale: str = ""
    about: str = ""

    @property
    def change(self) -> str:
        """What was sent, as a sentence names it."""
        return self.about or f"the change{f' for {self.locale}' if self.locale else ''}"

    @property
    def thing(self) -> str:
        """What was to be made, as a sentence names it."""
        return self.about or self.locale or "this locale"

    @property
    def remedy(self) -> str:
        """What helps when the world is not as it was read."""
        return "Look where the app stands now." if self.about else "Read the listing again."


def refusal(
    status: int, document: object, asker: Asker, *, retry_after: float | None = None
) -> BotError:
    """Return the error for an answer that is not a success; `document` is its body as read."""
    problems = problems_of(document, status)
    match status:
        case 400 | 409 | 422:
            return _not_taken(status, problems, asker)
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
                remedy=asker.remedy,
            )
    return _unavailable(status, problems, retry_after)


def _not_taken(status: int, problems: tuple[Problem, ...], asker: Asker) -> FromApple:
    if status == 409 and any(_is_duplicate(problem) for problem in problems):
        return AlreadyExists(
            f"Apple already has {asker.thing}.{_words(problems)}",
            problems=problems,
            locale=asker.locale,
            remedy=asker.remedy,
        )
    sentences = " ".join(problem.about(asker.about or "the change") for problem in problems)
    return AppleRefused(
        f"Apple did not take {asker.change}. {sentences or f'It answered {status}.'}",
        problems=problems,
        locale=asker.locale,
    )


def _is_duplicate(problem: Problem) -> bool:
    if OTHER_SUBMISSION.search(problem.detail):
        return True
    # A name taken by another app is a duplicate too, but nothing of ours to read.
    if problem.attribute not in IDENTIFYING:
        return False
    duplicate = problem.attribute is not None and ".DUPLICATE" in problem.code
    return duplicate or "already exists" in problem.detail


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
        return Limited(
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
