"""A running bot as its clients see it: JSON over HTTP, problems as sentences.

Every call can be repeated: reading changes nothing, and a proposal carries a key.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from bot.errors import BotError, Conflict, Refused, Unavailable
from bot.pipeline.connection import Connection

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_MOST_SECONDS = 120.0
# Far above any listing; what is larger is no answer of a bot.
_MOST_BYTES = 32 * 1024 * 1024
_TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_FINDINGS = 50

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Client:
    """The calls; each raises Unavailable where asking again may help, else a Refused."""

    _http: httpx.AsyncClient

    async def listing(self, app: str, *, platform: str = "", of: str | None = None) -> Json:
        """Return an app's texts: of the version to `edit`, of the `live` one, of either."""
        return await self._of_version(app, "", {"platform": platform, "version": of})

    async def checklist(self, app: str, *, platform: str = "", of: str | None = None) -> Json:
        """Return what there is to say of that version's listing."""
        return await self._of_version(app, "/checklist", {"platform": platform, "version": of})

    async def _of_version(self, app: str, part: str, asked: Mapping[str, str | None]) -> Json:
        return await self._ask(
            "GET",
            f"/listings/{quote(app, safe='')}{part}",
            params={name: value for name, value in asked.items() if value},
        )

    async def propose(self, body: bytes, *, key: str) -> Json:
        """Send a proposal; the same body with the same key is proposed once."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return await self._ask("POST", "/proposals", content=body, headers=headers)

    async def proposal(self, number: int) -> Json:
        """Return how far a proposal is."""
        return await self._ask("GET", f"/proposals/{number}")

    async def _ask(self, method: str, path: str, **more: Any) -> Json:
        try:
            # Its own time-outs are for each piece, and pieces may come for ever.
            async with (
                asyncio.timeout(_MOST_SECONDS),
                self._http.stream(method, path, **more) as response,
            ):
                content = await _content(response)
        except (httpx.TransportError, TimeoutError) as error:
            why = str(error) or type(error).__name__
            raise Unavailable(
                f"{self._http.base_url.host} cannot be reached: {why}.",
                remedy="Is MARQUEE_URL right, and does the bot run?",
            ) from error
        document = _document(content)
        if response.is_success and document is not None:
            return document
        raise _problem(response, document or {})


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Client]:
    """Give a client to a running bot. The token goes nowhere else: redirects are not followed."""
    headers = {"Authorization": f"Bearer {connection.token.reveal()}", "Accept": "application/json"}
    try:
        http = httpx.AsyncClient(
            base_url=f"{connection.url}/api/v1",
            headers=headers,
            timeout=_TIMEOUT,
            follow_redirects=False,
            # A proxy would see what was meant for this machine alone.
            trust_env=not connection.nearby,
        )
    except httpx.InvalidURL as wrong:
        raise Refused(f"MARQUEE_URL is no address: {wrong}.", remedy="Write it anew.") from wrong
    async with http:
        yield Client(http)


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _MOST_BYTES:
            raise Refused("The answer is far too large.", remedy="Is MARQUEE_URL that of a bot?")
    return bytes(content)


def _document(content: bytes) -> Json | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _problem(response: httpx.Response, told: Json) -> BotError:
    """Return an answer that is none as an error, in the bot's own words where there are any."""
    status = response.status_code
    if response.is_redirect:
        return Refused(
            "The bot's address leads elsewhere, and the token is not sent there.",
            remedy=f"Set MARQUEE_URL to the address behind {_whither(response)}, if that is right.",
        )
    if not told:
        message, remedy = f"The answer is {status} and no bot's.", "Is MARQUEE_URL that of a bot?"
    else:
        message, remedy = _sentences(told, status), str(told.get("remedy") or "")
    if status in _TRY_LATER:
        return Unavailable(message, remedy=remedy, retry_after=_retry_after(response))
    kind = Conflict if status in {409, 412} else Refused
    return kind(message, remedy=remedy)


def _whither(response: httpx.Response) -> str:
    try:
        return str(httpx.URL(response.headers.get("Location", "")).copy_with(query=None))
    except httpx.InvalidURL:
        return "an address that cannot be read"


def _sentences(told: Json, status: int) -> str:
    title, detail = (str(told.get(name) or "").strip() for name in ("title", "detail"))
    said = [f"{title.rstrip('.')}: {detail}" if title and detail else title or detail]
    findings = told.get("findings")
    for finding in (findings if isinstance(findings, list) else [])[:_MOST_FINDINGS]:
        if isinstance(finding, dict):
            words = (finding.get(name) for name in ("severity", "locale", "field", "message"))
            said.append("  " + " ".join(str(word) for word in words if word))
    return "\n".join(filter(None, said)) or f"The answer is {status}."


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
