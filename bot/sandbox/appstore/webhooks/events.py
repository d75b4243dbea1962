"""What a webhook is told: payloads and their signature, in Apple's words.

It knows how events are written down. Sources: Apple's "Configuring and receiving webhook
notifications"; the ping as receivers of it describe it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

SIGNATURE = "x-apple-signature"


def state_updated(event_id: str, version_id: str, change: tuple[str, str], now: float) -> Json:
    """Return the payload for a version that went from `change[0]` to `change[1]`."""
    old, new = change
    return {
        "data": {
            "type": "appStoreVersionAppVersionStateUpdated",
            "id": event_id,
            "version": 1,
            "attributes": {"newValue": new, "oldValue": old, "timestamp": timestamp(now)},
            "relationships": {"instance": {"data": {"type": "appStoreVersions", "id": version_id}}},
        }
    }


def ping(event_id: str, now: float) -> Json:
    """Return the payload of a ping."""
    return {
        "data": {
            "type": "webhookPingCreated",
            "id": event_id,
            "version": 1,
            "attributes": {"timestamp": timestamp(now)},
        }
    }


def encoded(payload: Json) -> str:
    """Return the text that is sent, signed and kept."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def signature(secret: str, body: bytes) -> str:
    """Return the value of `x-apple-signature` over the raw `body`."""
    return f"hmacsha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def timestamp(now: float) -> str:
    """Return `now` (seconds since 1970) with milliseconds and a Z, as events carry it."""
    text = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
