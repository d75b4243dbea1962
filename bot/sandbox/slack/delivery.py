"""One delivery to the app, signed HTTP or Socket Mode, and its acknowledgement within 3 s.

Does not retry and does not know what a payload means.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.records import Records
from bot.sandbox.slack.sockets import NobodyConnected, Sockets, Unacknowledged

Json = dict[str, Any]

ACK_SECONDS = 3.0
COMMAND, INTERACTION, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """How a delivery ended: acknowledged, with a body if there was one, or Slack's error.

    `error` is `operation_timeout` or `dispatch_failed`, or says what the client refused to send.
    `reason` is the retry reason of an event; `final` says the app wants no retry.
    """

    ok: bool
    error: str | None = None
    body: Json | None = None
    reason: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Which repetition of an event this is, from 1, and why; None of it at first."""

    number: int = 0
    reason: str = ""


class Delivery:
    """The line to the app. `url` None means Socket Mode; `seconds` is how long an ack may take."""

    def __init__(self, records: Records, signing_secret: str) -> None:
        self._records = records
        self._secret = signing_secret.encode()
        self._session: aiohttp.ClientSession | None = None
        self.sockets = Sockets()
        self.url: str | None = None
        self.seconds = ACK_SECONDS
        # The app checks the age of a signature against its machine's clock.
        self.signed_at: Callable[[], float] = time.time

    async def send(self, kind: str, payload: Json, retry: Retry | None = None) -> Ack:
        """Deliver a payload and wait for its acknowledgement."""
        retry = retry or Retry()
        if self.url is None:
            ack = await self._by_socket(kind, payload, retry)
        else:
            ack = await self._by_http(self.url, kind, payload, retry)
        self._records.note(f"deliver {kind}", payload, error=ack.error)
        return ack

    async def verify_url(self) -> bool:
        """Ask the request URL to echo a challenge, as at set-up; True if it did."""
        challenge = hashlib.sha256(self._secret).hexdigest()
        ack = await self.send(EVENT, {"type": "url_verification", "challenge": challenge})
        return ack.ok and challenge in json.dumps(ack.body)

    async def close(self) -> None:
        """Close every connection."""
        await self.sockets.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _by_socket(self, kind: str, payload: Json, retry: Retry) -> Ack:
        more: Json = {"accepts_response_payload": kind != EVENT}
        if kind == EVENT:
            more |= {"retry_attempt": retry.number, "retry_reason": retry.reason}
        try:
            body = await self.sockets.send(kind, payload, more, self.seconds)
        except NobodyConnected:
            return Ack(ok=False, error="dispatch_failed", reason="connection_failed")
        except Unacknowledged:
            return Ack(ok=False, error="operation_timeout", reason="timeout")
        return Ack(ok=True, body=body)

    async def _by_http(self, url: str, kind: str, payload: Json, retry: Retry) -> Ack:
        body, content_type = _encoded(kind, payload)
        headers = {"Content-Type": content_type, **self._signature(body)}
        if retry.number:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        try:
            async with self._open_session().post(
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.seconds),
                allow_redirects=False,
            ) as response:
                return _from_http(response, await response.text())
        except TimeoutError:
            return Ack(ok=False, error="operation_timeout", reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(ok=False, error="dispatch_failed", reason="connection_failed")

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    def _signature(self, body: bytes) -> dict[str, str]:
        stamp = str(int(self.signed_at()))
        signed = hmac.new(self._secret, f"v0:{stamp}:".encode() + body, hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == EVENT:
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == COMMAND else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _from_http(response: aiohttp.ClientResponse, text: str) -> Ack:
    final = response.headers.get("X-Slack-No-Retry") == "1"
    if response.status != 200:
        return Ack(ok=False, error="dispatch_failed", reason="http_error", final=final)
    if not text.strip():
        return Ack(ok=True)
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    return Ack(ok=True, body=body if isinstance(body, dict) else {"text": text})
