"""Apple's webhooks: the requests that set them up and tell what could not be delivered.

Sources: App Store Connect API, Webhooks, WebhookPings and WebhookDeliveries. There is no list
of all webhooks, only each app's; a secret can be written and never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.appstore import resources
from bot.appstore.deeds import changed, made, one
from bot.appstore.resources import PAGE, Json, Query
from bot.appstore.wire import Sent, Wire
from bot.domain.hooks import Delivery, Webhook

WEBHOOKS = "webhooks"
_LIST: Query = {"fields[webhooks]": "enabled,eventTypes,name,url", "limit": PAGE}
_FAILED: Query = {
    "filter[deliveryState]": "FAILED",
    "include": "event",
    "fields[webhookDeliveries]": "createdDate,deliveryState,event",
    "fields[webhookEvents]": "eventType,payload,createdDate",
    "limit": PAGE,
}


async def read_webhooks(wire: Wire, app_id: str) -> tuple[Webhook, ...]:
    """Return the webhooks of an app, enabled or not."""
    found = await wire.read(f"apps/{app_id}/webhooks", _LIST)
    return tuple(webhook(item, app_id) for item in found.data)


async def make_webhook(wire: Wire, app_id: str, attributes: Mapping[str, object]) -> Webhook:
    """Make a webhook of an app, enabled."""
    body = made(WEBHOOKS, {"app": one("apps", app_id)}, {**attributes, "enabled": True})
    item = await wire.make(WEBHOOKS, Sent(body=body, about="the webhook"))
    return webhook({**item, "attributes": {**attributes, **(item.get("attributes") or {})}}, app_id)


async def change_webhook(wire: Wire, id_: str, attributes: Mapping[str, object]) -> None:
    """Set those of `attributes` that are not None."""
    given = {name: value for name, value in attributes.items() if value is not None}
    if given:
        body = changed(WEBHOOKS, id_, given)
        await wire.send("PATCH", f"{WEBHOOKS}/{id_}", Sent(body=body, about="the webhook"))


async def ping(wire: Wire, id_: str) -> None:
    """Ask for a ping to be sent."""
    body = made("webhookPings", {"webhook": one(WEBHOOKS, id_)})
    await wire.make("webhookPings", Sent(body=body, about="the request for a ping"))


async def read_failed(wire: Wire, id_: str, since: datetime) -> tuple[Delivery, ...]:
    """Return the deliveries that failed at `since` or later, the oldest first."""
    when = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    query = {**_FAILED, "filter[createdDateGreaterThanOrEqualTo]": when}
    found = await wire.read(f"{WEBHOOKS}/{id_}/deliveries", query)
    failed = (_delivery(item, found.included) for item in found.data)
    least = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(failed, key=lambda one: one.created_at or least))


def webhook(item: Json, app_id: str) -> Webhook:
    """Return a `webhooks` object as ours."""
    said = item["attributes"]
    events: Sequence[str] = said.get("eventTypes") or ()
    return Webhook(
        id=item["id"],
        app_id=app_id,
        name=said.get("name") or "",
        url=said.get("url") or "",
        enabled=bool(said.get("enabled")),
        event_types=tuple(events),
    )


def _delivery(item: Json, included: Mapping[tuple[str, str], Json]) -> Delivery:
    event_id = resources.linked(item, "event")
    event = included.get(("webhookEvents", event_id), {})
    return Delivery(
        id=item["id"],
        event_id=event_id,
        payload=(event.get("attributes") or {}).get("payload") or "",
        created_at=resources.moment(item["attributes"].get("createdDate")),
    )
