"""Apple's webhooks as values: what is set up, what arrives and whether Apple sent it.

Sources: App Store Connect API, "Configuring and receiving webhook notifications": the
header holds HMAC-SHA256 over the body as it came, in lower case hex. A payload names no app,
so the address that it arrives at does.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

SIGNATURE_HEADER = "x-apple-signature"
SCHEME = "hmacsha256="
# The one event that tells what becomes of versions; subscribed by this name, delivered as
# `appStoreVersionAppVersionStateUpdated`. There is none for submissions or phased releases.
VERSION_STATE = "APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"
PINGS = "webhookping"
VERSION = re.compile(r"v\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook of an app as Apple holds it; its secret cannot be read."""

    id: str
    app_id: str
    name: str
    url: str
    enabled: bool
    event_types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An attempt to deliver an event; `payload` is the body that was sent, "" if not kept.

    `event_id` is Apple's id of the event's record; what an event calls itself, and is told
    apart by, stands in its payload: `event_of`.
    """

    id: str
    event_id: str
    payload: str = field(repr=False)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HookEvent:
    """What arrived: something about `instance_id` changed, or only a `ping`.

    `type` is in the spelling of deliveries. The instance is "" where the event names none;
    `at` is when it happened, None where it does not say. Events come late, twice and in any
    order, so `new_value` ("" where it names none) tells no more than what to look for.
    """

    id: str
    type: str
    instance_type: str = ""
    instance_id: str = ""
    new_value: str = ""
    ping: bool = False
    at: datetime | None = None


def signature(secret: str, body: bytes) -> str:
    """Return the header's value for `body`: "hmacsha256=" and lower case hex."""
    return SCHEME + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def matches(header: str | None, *, secret: str, body: bytes) -> bool:
    """Return whether `header` signs `body`, in a time that does not tell how nearly it does.

    `body` are the bytes as they came. No header, another scheme or no secret is no match.
    """
    if not header or not secret:
        return False
    expected = signature(secret, body).encode()
    return hmac.compare_digest(header.strip().encode("utf-8", "replace"), expected)


def event_of(payload: bytes | str) -> HookEvent | None:
    """Return the event of a body, None when it holds none that could be told from another.

    Some carry no `version`, some no attributes but a timestamp, and the instance stands
    with `data` or without.
    """
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    data = _within(document, "data")
    id_, kind = data.get("id"), data.get("type")
    if not _named(id_) or not _named(kind):
        return None
    attributes = _within(data, "attributes")
    instance_type, instance_id = _instance(data)
    return HookEvent(
        id=str(id_),
        type=str(kind),
        instance_type=instance_type,
        instance_id=instance_id,
        new_value=str(new) if _named(new := attributes.get("newValue")) else "",
        ping=attributes.get("ping") is True or str(kind).lower().startswith(PINGS),
        at=_moment(attributes.get("timestamp")),
    )


def _instance(data: Mapping[str, object]) -> tuple[str, str]:
    instance = _within(_within(data, "relationships"), "instance")
    named = _within(instance, "data") or instance
    if _named(named.get("type")) and _named(named.get("id")):
        return str(named["type"]), str(named["id"])
    link = _within(instance, "links").get("self")
    parts = link.partition("?")[0].rstrip("/").split("/") if isinstance(link, str) else []
    # A link to the instance itself; one to a relationship ends in its name instead.
    return (parts[-2], parts[-1]) if len(parts) > 2 and VERSION.fullmatch(parts[-3]) else ("", "")


def _within(value: object, name: str) -> Mapping[str, object]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _named(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        if found is None:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
