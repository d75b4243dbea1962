"""Apple's ways of saying no: codes and titles as a table, one error object each.

It knows Apple's words and HTTP statuses, and nothing about when they apply.
Wordings come from published answers of the App Store Connect API; a code that
is only known by hearsay keeps the family (`ENTITY_ERROR...`) it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.appstore.schema import DISPLAYS

Json = dict[str, Any]

_INVALID_ATTRIBUTE = "The provided entity includes an attribute with an invalid value"
_DUPLICATE = "The provided entity includes an attribute with a value that has already been used"
_INVALID_RELATIONSHIP = "The provided entity includes a relationship with an invalid value"
_UNACCEPTABLE = "An attribute value is not acceptable for the current resource state."
_UNACCEPTABLE_LINK = "A relationship value is not acceptable for the current resource state."
_STATE = "The request cannot be fulfilled because of the state of another resource."

TITLES: Mapping[str, tuple[int, str]] = {
    "PARAMETER_ERROR": (400, "A parameter is not supported"),
    "PARAMETER_ERROR.ILLEGAL": (400, "A given parameter is not supported"),
    "PARAMETER_ERROR.INVALID": (400, "A parameter has an invalid value"),
    "NOT_AUTHORIZED": (401, "Authentication credentials are missing or invalid."),
    "FORBIDDEN_ERROR": (403, "This request is forbidden for security reasons"),
    "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED": (
        403,
        "A required agreement is missing or has expired.",
    ),
    "NOT_FOUND": (404, "The specified resource does not exist"),
    "ENTITY_ERROR.TYPE": (409, "The provided entity has an invalid type"),
    "ENTITY_ERROR.ID": (409, "The provided entity has an invalid id"),
    "ENTITY_ERROR.ATTRIBUTE.UNKNOWN": (409, "The provided entity includes an unknown attribute"),
    "ENTITY_ERROR.ATTRIBUTE.NOT_ALLOWED": (
        409,
        "The provided entity includes an attribute that is not allowed",
    ),
    "ENTITY_ERROR.ATTRIBUTE.REQUIRED": (
        409,
        "The provided entity is missing a required attribute",
    ),
    "ENTITY_ERROR.ATTRIBUTE.TYPE": (
        409,
        "An attribute in the provided entity has the wrong type",
    ),
    "ENTITY_ERROR.ATTRIBUTE.INVALID": (409, _INVALID_ATTRIBUTE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG": (409, _INVALID_ATTRIBUTE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_SHORT": (409, _INVALID_ATTRIBUTE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS": (409, _INVALID_ATTRIBUTE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE": (409, _INVALID_ATTRIBUTE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE": (409, _UNACCEPTABLE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE": (409, _DUPLICATE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE.SAME_ACCOUNT": (409, _DUPLICATE),
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE.DIFFERENT_ACCOUNT": (409, _DUPLICATE),
    "ENTITY_ERROR.RELATIONSHIP.UNKNOWN": (
        409,
        "The provided entity includes an unknown relationship",
    ),
    "ENTITY_ERROR.RELATIONSHIP.REQUIRED": (
        409,
        "The provided entity is missing a required relationship",
    ),
    "ENTITY_ERROR.RELATIONSHIP.INVALID": (409, _INVALID_RELATIONSHIP),
    "ENTITY_ERROR.RELATIONSHIP.INVALID.INVALID_STATE": (409, _UNACCEPTABLE_LINK),
    "STATE_ERROR": (409, _STATE),
    "STATE_ERROR.ENTITY_STATE_INVALID": (409, _STATE),
    "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION": (409, _STATE),
    **{
        f"STATE_ERROR.SCREENSHOT_REQUIRED.{display}": (409, f"App screenshot missing ({display}).")
        for display, _ in DISPLAYS.values()
    },
    "UNSUPPORTED_MEDIA_TYPE": (415, "The specified Content-Type is not supported"),
    "ENTITY_UNPROCESSABLE": (
        422,
        "The request entity is not a valid request document object",
    ),
    "RATE_LIMIT_EXCEEDED": (429, "The request rate limit has been reached."),
    "UNEXPECTED_ERROR": (500, "An unexpected error occurred."),
}

UNAUTHORIZED = (
    "Provide a properly configured and signed bearer token, and make sure that it has not "
    "expired. Learn more about Generating Tokens for API Requests "
    "https://developer.apple.com/go/?id=api-generating-tokens"
)
UNEXPECTED = (
    "An unexpected error occurred on the server side. If this issue continues, contact us at "
    "https://developer.apple.com/contact/."
)
TOO_MANY = (
    "We've received too many requests for this API. Please wait and try again or slow down "
    "your request rate."
)
AGREEMENT = "This request requires an in-effect agreement that has not been signed or has expired."


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error object of an answer; `code` is a row of `TITLES`."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    meta: Json = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return TITLES[self.code][0]

    def document(self) -> Json:
        """Return the error object as it is sent."""
        status, title = TITLES[self.code]
        told: Json = {
            "status": str(status),
            "code": self.code,
            "title": title,
            "detail": self.detail,
        }
        if self.pointer is not None:
            told["source"] = {"pointer": self.pointer}
        if self.parameter is not None:
            told["source"] = {"parameter": self.parameter}
        if self.meta:
            told["meta"] = self.meta
        return told


class RefusalError(Exception):
    """A request is refused, with every reason at once."""

    def __init__(self, problems: Iterable[Problem], *, headers: Mapping[str, str] | None = None):
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        super().__init__("; ".join(problem.detail for problem in self.problems))

    @property
    def status(self) -> int:
        """The HTTP status of the answer: that of its first reason."""
        return self.problems[0].status

    @property
    def codes(self) -> tuple[str, ...]:
        """Apple's codes, in order."""
        return tuple(problem.code for problem in self.problems)

    def document(self) -> Json:
        """Return the answer's body."""
        return {"errors": [problem.document() for problem in self.problems]}


def refusal(code: str, detail: str, **source: Any) -> RefusalError:
    """Return a refusal with one reason; `source` as the fields of `Problem`."""
    return RefusalError([Problem(code=code, detail=detail, **source)])


def unwanted(attributes: Iterable[str]) -> RefusalError:
    """Return a refusal of each of `attributes` whatever its value; of the entity without any."""
    found = [
        Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID",
            detail=f"The value provided for the attribute '{name}' cannot be used.",
            pointer=f"/data/attributes/{name}",
        )
        for name in attributes
    ]
    return RefusalError(found) if found else refusal("STATE_ERROR", _STATE, pointer="/data")
