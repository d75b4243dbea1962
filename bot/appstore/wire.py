"""Requests and pages: one signed, polite connection to App Store Connect.

Knows httpx, paths and what an answer that is no success means; knows nothing of apps
or texts.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from bot.appstore.auth import ApiKey, Tokens
from bot.appstore.errors import Asker, Unsure, refusal
from bot.appstore.resources import Document, Json, Query, document
from bot.appstore.transport import LIMITS, TIMEOUT, Observer, PoliteTransport, retry_after
from bot.appstore.trust import trusted
from bot.clock import Clock
from bot.errors import BotError, Unavailable

MOST_PAGES = 50
# What a request raises that never left this machine.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What goes along with a request, and what its errors call it.

    `locale` for a text; `about` for everything else, with its article: "the build".
    """

    body: Json | None = field(default=None, repr=False)
    locale: str = ""
    about: str = ""

    def unsure(self, why: str) -> Unsure:
        """Return the error for a create whose outcome nobody knows."""
        thing = self.about or self.locale or "the localization"
        verb = "took" if self.about else "made"
        return Unsure(f"It is not known whether Apple {verb} {thing}. {why}")


class Wire:
    """Sends requests of one key and turns every answer but a success into our errors."""

    def __init__(
        self,
        key: ApiKey,
        *,
        base_url: str,
        clock: Clock,
        chance: random.Random,
        observer: Observer | None = None,
    ) -> None:
        self.tokens = Tokens(key, clock)
        self.transport = PoliteTransport(
            httpx.AsyncHTTPTransport(verify=trusted(), limits=LIMITS),
            clock=clock,
            chance=chance,
            observer=observer,
        )
        self._key = key
        self._clock = clock
        self._base = f"{base_url.rstrip('/')}/v1/"
        self._http = httpx.AsyncClient(
            auth=self.tokens,
            transport=self.transport,
            timeout=TIMEOUT,
            headers={"Accept": "application/json", "User-Agent": "marquee"},
        )

    def __repr__(self) -> str:
        return f"<Wire {self._base} {self.tokens!r} {self.transport!r}>"

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._http.aclose()

    async def read(self, path: str, query: Query) -> Document:
        """Return all pages of `path` as one document."""
        return document([page async for page in self._pages(path, query)])

    async def read_first(self, path: str, query: Query) -> Document:
        """Return the first page of `path`, however many there are."""
        return document([page_of(await self._send("GET", self._url(path, query), Sent()))])

    async def send(self, method: str, path: str, sent: Sent | None = None) -> httpx.Response:
        """Send a request to `path` under /v1/ and return Apple's answer, a success."""
        return await self._send(method, f"{self._base}{path}", sent or Sent())

    async def make(self, path: str, sent: Sent) -> Json:
        """Send a POST to `path` and return what it made; `Unsure` when nobody knows if it did."""
        answer = await self.send("POST", path, sent)
        try:
            made = page_of(answer)["data"]
        except Unavailable as error:
            raise sent.unsure("Its answer could not be read.") from error
        if not isinstance(made, Mapping) or not isinstance(made.get("id"), str):
            raise sent.unsure("Its answer could not be read.")
        return made

    def _url(self, path: str, query: Query) -> str:
        return f"{self._base}{path}?{urlencode(query, safe='[],')}"

    async def _pages(self, path: str, query: Query) -> AsyncIterator[Json]:
        url: str | None = self._url(path, query)
        seen: set[str] = set()
        while url and url not in seen:
            if len(seen) == MOST_PAGES:
                raise Unavailable(f"Apple's answer has more than {MOST_PAGES} pages.")
            seen.add(url)
            page = page_of(await self._send("GET", url, Sent()))
            yield page
            url = self._next(page)

    def _next(self, page: Json) -> str | None:
        url = (page.get("links") or {}).get("next")
        if not url:
            return None
        ours, theirs = httpx.URL(self._base), httpx.URL(url)
        # The token goes along, so it must not be led to another host.
        if (theirs.scheme, theirs.host, theirs.port) != (ours.scheme, ours.host, ours.port):
            raise Unavailable("Apple's answer continues at another address; it is not followed.")
        return str(url)

    async def _send(self, method: str, url: str, sent: Sent) -> httpx.Response:
        content = None if sent.body is None else json.dumps(sent.body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"} if content else None
        try:
            answer = await self._http.request(method, url, content=content, headers=headers)
        except httpx.RequestError as error:
            raise _unreachable(method, error, sent) from error
        if log.isEnabledFor(logging.DEBUG):
            log.debug("request method=%s url=%s status=%d", method, url, answer.status_code)
        if answer.is_success:
            return answer
        raise self._failure(method, answer, sent)

    def _failure(self, method: str, answer: httpx.Response, sent: Sent) -> BotError:
        if method == "POST" and answer.status_code >= 500:
            return sent.unsure(f"Apple answered {answer.status_code}.")
        asker = Asker(
            key_id=self._key.key_id, skew=self.tokens.skew, locale=sent.locale, about=sent.about
        )
        try:
            said = answer.json()
        except ValueError:
            said = None
        wait = retry_after(answer, self._clock.now())
        return refusal(answer.status_code, said, asker, retry_after=wait)


def page_of(answer: httpx.Response) -> Json:
    """Return the document an answer holds; raise `Unavailable` when it holds something else."""
    try:
        page = answer.json()
    except ValueError:
        page = None
    if not isinstance(page, Mapping) or "data" not in page:
        raise Unavailable(
            "What answered does not speak as App Store Connect does.",
            remedy="Check ASC_API_URL and whatever stands between this machine and Apple.",
        )
    return page


def _unreachable(method: str, error: httpx.RequestError, sent: Sent) -> Unavailable:
    name = type(error).__name__
    if method == "POST" and not isinstance(error, NEVER_SENT):
        return sent.unsure(f"The connection failed: {name}.")
    return Unavailable(f"Apple could not be reached: {name}.", remedy="Try again later.")
