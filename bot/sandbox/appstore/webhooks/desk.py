"""Writes of webhooks, and the deliveries that come of them.

It knows who wants to hear of what, keeps secrets to itself, and records what became of
each delivery. Posting is somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.appstore.bodies import (
    identity,
    invalid,
    missing,
    required,
    target,
    unknown_attributes,
    unknown_relationships,
    written,
)
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, RefusalError
from bot.sandbox.appstore.schema import (
    APPS,
    DELIVERIES,
    EVENT_TYPES,
    EVENTS,
    PINGS,
    STATE_EVENT,
    WEBHOOKS,
)
from bot.sandbox.appstore.webhooks import events
from bot.sandbox.appstore.webhooks.sender import HERE, Job, Outcome

Json = dict[str, Any]

NAMES = ("name", "url", "secret", "enabled", "eventTypes")
# Deliveries of one webhook that are remembered.
KEPT = 500


class WebhookDesk:
    """Where webhooks are set up and from where they are told.

    `put` takes a job for the sender; `delay` is the seconds a delivery waits.
    """

    def __init__(
        self, records: Records, *, put: Callable[[Job], None], delay: Callable[[], float]
    ) -> None:
        self._records = records
        self._put = put
        self._delay = delay

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Set up a webhook, ping one or send a delivery again; raises RefusalError."""
        if kind == PINGS:
            return self._ping(data, now)
        if kind == DELIVERIES:
            return self._redeliver(data, now)
        attributes: Json = data.get("attributes", {})
        found = [
            *identity(data, kind, None),
            *unknown_relationships(data, allowed=("app",)),
            *unknown_attributes(data, allowed=NAMES),
            *missing(data, [name for name in NAMES if name != "eventTypes"]),
            *([] if attributes.get("eventTypes") else [required("eventTypes")]),
            *_values(attributes),
        ]
        if found:
            raise RefusalError(found)
        app = target(self._records, data, "app", APPS)
        record = Record(
            type=WEBHOOKS,
            id=self._records.new_id(WEBHOOKS),
            attributes={name: value for name, value in attributes.items() if name != "secret"},
            notes={"secret": attributes["secret"]},
            created=now,
        )
        return self._records.add_child(app, WEBHOOKS, back="app", record=record)

    def update(self, webhook: Record, data: Json, now: float) -> Record:
        """Change what is given of the five; raises RefusalError."""
        attributes: Json = data.get("attributes", {})
        found = [
            *identity(data, WEBHOOKS, webhook.id),
            *unknown_relationships(data),
            *unknown_attributes(data, allowed=NAMES),
            *_values(attributes),
        ]
        if found:
            raise RefusalError(found)
        told = {name: value for name, value in attributes.items() if value is not None}
        if "secret" in told:
            webhook.notes["secret"] = told.pop("secret")
        webhook.change(told, now)
        return webhook

    def delete(self, webhook: Record, _now: float) -> None:
        """Take a webhook and its deliveries away."""
        for delivery in self._records.children(webhook, "deliveries", DELIVERIES):
            self._forget(webhook, delivery)
        app = self._records.need(APPS, webhook.one["app"])
        self._records.remove(webhook, app, WEBHOOKS)

    def version_changed(self, version: Record, old: str, new: str, now: float) -> None:
        """Tell every webhook of the app that wants to hear of the states of versions."""
        app = self._records.need(APPS, version.one["app"])
        wanted = [
            webhook
            for webhook in self._records.children(app, WEBHOOKS, WEBHOOKS)
            if webhook.attributes["enabled"] and STATE_EVENT in webhook.attributes["eventTypes"]
        ]
        if not wanted:
            return
        event_id = self._records.new_id(EVENTS)
        payload = events.state_updated(event_id, version.id, (old, new), now)
        for webhook in wanted:
            self._announce(webhook, self._event(STATE_EVENT, payload, now), now)

    def done(self, delivery_id: str, outcome: Outcome, now: float) -> None:
        """Record what became of a delivery."""
        delivery = self._records.get(DELIVERIES, delivery_id)
        if delivery is None:
            return
        error = outcome.error
        if error is None and not outcome.succeeded:
            error = f"The server answered {outcome.status}"
        told: Json = {
            "deliveryState": "SUCCEEDED" if outcome.succeeded else "FAILED",
            "errorMessage": error,
            "sentDate": written(now),
        }
        if outcome.status is not None:
            told["response"] = {"httpStatusCode": outcome.status, "body": outcome.body}
        delivery.change(told, now)

    def _ping(self, data: Json, now: float) -> Record:
        webhook = self._told_of(data, PINGS, "webhook", WEBHOOKS)
        payload = events.ping(self._records.new_id(EVENTS), now)
        self._announce(webhook, self._event(None, payload, now), now)
        return Record(type=PINGS, id=self._records.new_id(PINGS), attributes={}, created=now)

    def _redeliver(self, data: Json, now: float) -> Record:
        template = self._told_of(data, DELIVERIES, "template", DELIVERIES)
        webhook = self._records.need(WEBHOOKS, template.one["webhook"])
        event = self._records.need(EVENTS, template.one["event"])
        return self._announce(webhook, event, now, again=True)

    def _told_of(self, data: Json, kind: str, name: str, wanted: str) -> Record:
        found = [
            *identity(data, kind, None),
            *unknown_relationships(data, allowed=(name,)),
            *unknown_attributes(data),
        ]
        if found:
            raise RefusalError(found)
        return target(self._records, data, name, wanted)

    def _event(self, kind: str | None, payload: Json, now: float) -> Record:
        known = self._records.get(EVENTS, payload["data"]["id"])
        return known or self._records.add(
            Record(
                type=EVENTS,
                id=payload["data"]["id"],
                attributes={
                    "eventType": kind,
                    "payload": events.encoded(payload),
                    # Apple's list of event types has no ping.
                    "ping": kind is None,
                    "createdDate": written(now),
                },
                created=now,
            )
        )

    def _announce(
        self, webhook: Record, event: Record, now: float, *, again: bool = False
    ) -> Record:
        record = Record(
            type=DELIVERIES,
            id=self._records.new_id(DELIVERIES),
            attributes={
                "createdDate": written(now),
                "deliveryState": "PENDING",
                "redelivery": again,
                "request": {"url": webhook.attributes["url"]},
            },
            one={"event": event.id},
            created=now,
        )
        self._records.add_child(webhook, "deliveries", back="webhook", record=record)
        self._forget_old(webhook)
        self._put(
            Job(
                delivery=record.id,
                url=str(webhook.attributes["url"]),
                secret=str(webhook.notes["secret"]),
                body=str(event.attributes["payload"]).encode(),
                due=now + self._delay(),
            )
        )
        return record

    def _forget_old(self, webhook: Record) -> None:
        deliveries = self._records.children(webhook, "deliveries", DELIVERIES)
        for delivery in deliveries[:-KEPT]:
            self._forget(webhook, delivery)

    def _forget(self, webhook: Record, delivery: Record) -> None:
        event_id = delivery.one["event"]
        self._records.remove(delivery, webhook, "deliveries")
        others = any(one.one["event"] == event_id for one in self._records.every(DELIVERIES))
        if not others:
            self._records.forget(self._records.need(EVENTS, event_id))


def _values(attributes: Json) -> Iterator[Problem]:
    kinds = attributes.get("eventTypes")
    if kinds is not None:
        told = kinds if isinstance(kinds, list) else [kinds]
        for wrong in [kind for kind in told if kind not in EVENT_TYPES]:
            yield invalid("eventTypes", f"'{wrong}' is not a valid event type")
    for name in ("name", "url", "secret"):
        if not isinstance(attributes.get(name) or "", str):
            yield invalid(name, f"The attribute '{name}' must be a string")
    if not isinstance(attributes.get("enabled") or False, bool):
        yield invalid("enabled", "The attribute 'enabled' must be a boolean")
    url = attributes.get("url")
    if isinstance(url, str) and url and not _is_address(url):
        yield invalid("url", f"'{url}' is not an address that webhooks can be sent to")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    # Apple wants https; here the receiver is on this machine and has no certificate.
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in HERE))
