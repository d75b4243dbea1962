"""Every refusal under /api as problem details (RFC 9457), whoever refuses.

The router's own refusals and those of the room that reads requests become problems too, so that
a caller parses one shape.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus

from aiohttp import web

from bot.domain.validation import Finding
from bot.errors import BotError, Conflict, Invalid, Refused, Unavailable
from bot.workflow.api.reaching import NotAllowed, NotThere, TooMany, Unrecognised
from bot.workflow.api.wishing import BrokenRules

log = logging.getLogger(__name__)

ROOT = "/api/"
CONTENT = "application/problem+json"
# Where nobody said how long something takes.
SOON = 30

# What a refusal is over HTTP; the first family that an error belongs to counts.
FAMILIES: Mapping[type[BotError], HTTPStatus] = {
    Unrecognised: HTTPStatus.UNAUTHORIZED,
    NotThere: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
}
# What else is refused, by who reads requests and by who finds the route.
DETAILS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not come in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than is taken here.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The bot is starting.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something is broken here; the bot's log says what.",
}
KEPT_HEADERS = ("Allow", "Retry-After")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Problem(Exception):
    """A refusal that has no family among the bot's errors."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        remedy: str = "",
        findings: Iterable[Finding] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.findings = tuple(findings)
        self.retry_after = retry_after


@web.middleware
async def as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is refused under /api with a problem, also what was refused before a route."""
    if not request.path.startswith(ROOT):
        return await handler(request)
    try:
        answer = await handler(request)
    except web.HTTPException as exception:
        answer = exception
    except (Problem, BotError) as error:
        return _drawn(error if isinstance(error, Problem) else _of(error))
    except Exception:
        log.exception("api.broken")
        return _drawn(_of_code(HTTPStatus.INTERNAL_SERVER_ERROR))
    refused = answer.status >= HTTPStatus.BAD_REQUEST and answer.content_type != CONTENT
    return _of_status(answer) if refused else answer


def finding(one: Finding) -> dict[str, str]:
    """Return a finding as an answer has it."""
    return {
        "severity": one.severity,
        "locale": one.locale,
        "field": one.field,
        "message": one.message,
        "remedy": one.remedy,
    }


def _of(error: BotError) -> Problem:
    status = next(
        (status for family, status in FAMILIES.items() if isinstance(error, family)),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    waits = status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
    seconds = error.retry_after if isinstance(error, Unavailable) else None
    return Problem(
        status,
        error.message,
        remedy=error.remedy,
        findings=error.findings if isinstance(error, BrokenRules) else (),
        retry_after=(seconds or SOON) if waits else None,
    )


def _of_code(status: HTTPStatus) -> Problem:
    return Problem(status, DETAILS.get(status, status.phrase + "."))


def _of_status(refused: web.StreamResponse) -> web.Response:
    """Return a refusal that is no problem yet as one, with what its headers say."""
    answer = _drawn(_of_code(HTTPStatus(refused.status)))
    for name in KEPT_HEADERS:
        if name in refused.headers:
            answer.headers[name] = refused.headers[name]
    if not refused.keep_alive and refused.keep_alive is not None:
        answer.force_close()
    return answer


def _drawn(problem: Problem) -> web.Response:
    status = problem.status
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": problem.detail,
        **({"remedy": problem.remedy} if problem.remedy else {}),
        **({"findings": [finding(one) for one in problem.findings]} if problem.findings else {}),
    }
    answer = web.Response(status=status, body=json.dumps(body).encode(), content_type=CONTENT)
    if problem.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, math.ceil(problem.retry_after)))
    if status is HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
