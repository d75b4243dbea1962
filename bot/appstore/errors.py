"""Apple's refusals as our errors, each with the sentence that a person is told.

Knows statuses and what they mean to the caller; knows nothing of requests. Source: App
Store Connect API, "Interpreting and Handling Errors".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.appstore.problems import THE_CHANGE, Problem, problems_of, told
from bot.errors import BotError, Conflict, Invalid, Limited, Refused, Unavailable

# Apple's two sentences about a submission that is in the way name it, as does the state
# error beside them: "... was already added to another reviewSubmission with id X" and "There
# is another reviewSubmissions with id X still in progress".
OTHER_SUBMISSION = re.compile(
    r"another reviewSubmissions?\b(?:\s+with id\s+([\w-]+))?", re.IGNORECASE
)
THERE = re.compile(r"\balready (exists|has an?)\b")
# What may be there already, as an attribute of what was to be made.
IDENTIFYING = frozenset({None, "locale", "versionString"})
AGREEMENTS = "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED"


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
        return self.about or f"{THE_CHANGE}{f' for {self.locale}' if self.locale else ''}"

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
    sentences = told(problems, asker.about or THE_CHANGE)
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
    return duplicate or bool(THERE.search(problem.detail))


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
    said = " ".join(dict.fromkeys(problem.detail or problem.title for problem in problems))
    return f" Apple says: {said}" if said.strip() else ""
