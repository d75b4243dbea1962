"""Tokens for App Store Connect, as an `httpx.Auth`.

Knows how Apple wants a request signed and how far its clock is from ours; knows
nothing of what is asked. Source: App Store Connect API, "Generating Tokens for API Requests".
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import jwt

from bot.clock import Clock
from bot.settings import ApiKey

__all__ = ["ApiKey", "Tokens", "parse_http_date"]

LIFE = 900
BACKDATED = 30
RENEWED_AFTER = 0.8 * LIFE
AUDIENCE = "appstoreconnect-v1"
# Whole seconds and the way of the answer blur Apple's `Date`; less than this is no finding.
TELLING_SKEW = 10.0

log = logging.getLogger(__name__)


def claims(key: ApiKey, moment: datetime) -> dict[str, str | int]:
    """Return what a token for `key` says at `moment`.

    Team keys name their issuer; individual keys have none and say `sub: user`.
    """
    issued = int(moment.timestamp()) - BACKDATED
    owner = {"iss": key.issuer_id} if key.issuer_id else {"sub": "user"}
    return {**owner, "iat": issued, "exp": issued + LIFE, "aud": AUDIENCE}


def parse_http_date(text: str | None) -> datetime | None:
    """Return an HTTP date as an aware moment in UTC, None for anything else."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Tokens(httpx.Auth):
    """Signs requests with one token until 80 % of its 15 minutes are used.

    A 401 is answered once with a new token, dated by Apple's clock if ours is off.
    """

    def __init__(self, key: ApiKey, clock: Clock) -> None:
        self.skew = 0.0
        """Seconds that Apple's clock is ahead of ours; 0 while nothing tells otherwise."""
        self._key = key
        self._clock = clock
        self._date = ""
        self._token = ""
        self._renew_at: datetime | None = None

    def __repr__(self) -> str:
        return f"<Tokens key={self._key.key_id} skew={self.skew:+.0f}s renew_at={self._renew_at}>"

    def renew(self) -> None:
        """Forget the token, so that the next request gets a new one."""
        self._renew_at = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign `request`; on 401 sign it once more, unless another request just did."""
        token = self._current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        self._learn(response)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        if token == self._token:
            self.renew()
        log.warning("token.refused key=%s skew=%+.0f", self._key.key_id, self.skew)
        request.headers["Authorization"] = f"Bearer {self._current()}"
        self._learn((yield request))

    def _current(self) -> str:
        now = self._clock.now()
        if self._renew_at is None or now >= self._renew_at:
            moment = now + timedelta(seconds=self.skew)
            self._token = jwt.encode(
                claims(self._key, moment),
                self._key.private_key,
                algorithm="ES256",
                headers={"kid": self._key.key_id},
            )
            self._renew_at = now + timedelta(seconds=RENEWED_AFTER - BACKDATED)
        return self._token

    def _learn(self, response: httpx.Response) -> None:
        date = response.headers.get("Date", "")
        if date == self._date:
            return
        self._date = date
        theirs = parse_http_date(date)
        if theirs is None:
            return
        seconds = (theirs - self._clock.now()).total_seconds()
        skew = seconds if abs(seconds) >= TELLING_SKEW else 0.0
        if abs(skew - self.skew) >= TELLING_SKEW:
            log.warning("clock.skew seconds=%+.0f", skew)
            self.renew()
        self.skew = skew
