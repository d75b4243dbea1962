from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.appstore import AlreadyExists, Gone, Unsure
from bot.domain.hooks import VERSION_STATE, Delivery, Webhook, event_of
from tests.appstore.script import Answer, scripted
from tests.appstore.told import found, single, thing, told

URL = "https://marquee.example.com/hooks/appstore/1"
LISTED = thing("webhooks", "w1", name="Marquee", url=URL, enabled=True, eventTypes=[VERSION_STATE])
WEBHOOK = Webhook(
    id="w1", app_id="1", name="Marquee", url=URL, enabled=True, event_types=(VERSION_STATE,)
)


async def test_the_webhooks_of_an_app_are_listed() -> None:
    async with told({"GET /v1/apps/1/webhooks": found(LISTED)}) as apple:
        assert await apple.store.webhooks("1") == (WEBHOOK,)


async def test_a_webhook_is_made_enabled_with_its_secret() -> None:
    async with told({"POST /v1/webhooks": single(LISTED, 201)}) as apple:
        made = await apple.store.create_webhook(
            "1", name="Marquee", url=URL, secret="s", events=[VERSION_STATE]
        )
        assert made == WEBHOOK
        assert apple.bodies[0]["data"]["attributes"] == {
            "name": "Marquee",
            "url": URL,
            "secret": "s",
            "enabled": True,
            "eventTypes": [VERSION_STATE],
        }
        assert apple.bodies[0]["data"]["relationships"]["app"]["data"]["id"] == "1"


async def test_nobody_sees_the_secret_of_a_webhook_that_may_have_been_made() -> None:
    async with scripted(Answer(status=503, raw=b"")) as script:
        with pytest.raises(Unsure) as raised:
            await script.store.create_webhook("1", name="M", url=URL, secret="hush", events=[])
        assert "hush" not in str(raised.value)
        assert len(script.asked) == 1


async def test_a_webhook_that_is_there_is_told_apart_from_a_refusal() -> None:
    error = {"code": "ENTITY_ERROR", "detail": "A webhook with this URL already exists."}
    async with told({"POST /v1/webhooks": (409, {"errors": [error]})}) as apple:
        with pytest.raises(AlreadyExists, match="Apple already has the webhook"):
            await apple.store.create_webhook("1", name="M", url=URL, secret="s", events=[])


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"secret": "new"}, {"secret": "new"}),
        ({"enabled": False}, {"enabled": False}),
        ({"url": URL, "events": [VERSION_STATE]}, {"url": URL, "eventTypes": [VERSION_STATE]}),
        ({"events": []}, {"eventTypes": []}),
    ],
)
async def test_only_what_is_given_of_a_webhook_is_changed(given: Any, sent: Any) -> None:
    async with told({"PATCH /v1/webhooks/w1": single(LISTED)}) as apple:
        await apple.store.update_webhook("w1", **given)
        assert apple.bodies == [{"data": {"type": "webhooks", "id": "w1", "attributes": sent}}]


async def test_changing_nothing_of_a_webhook_asks_nothing() -> None:
    async with told() as apple:
        await apple.store.update_webhook("w1")
        assert apple.asked == []


async def test_a_webhook_that_is_gone_counts_as_deleted_but_cannot_be_pinged() -> None:
    gone = (404, {"errors": [{"status": "404", "code": "NOT_FOUND"}]})
    async with told({"DELETE /v1/webhooks/w1": gone, "POST /v1/webhookPings": gone}) as apple:
        await apple.store.delete_webhook("w1")
        with pytest.raises(Gone):
            await apple.store.ping_webhook("w1")


async def test_a_ping_is_asked_for() -> None:
    pings = {"POST /v1/webhookPings": single(thing("webhookPings", "p1"), 201)}
    async with told(pings) as apple:
        await apple.store.ping_webhook("w1")
        webhook = apple.bodies[0]["data"]["relationships"]["webhook"]
        assert webhook == {"data": {"type": "webhooks", "id": "w1"}}


def a_delivery(id_: str, created: str, event: Any) -> Any:
    return thing("webhookDeliveries", id_, {"event": event}, createdDate=created)


async def test_failed_deliveries_come_with_what_they_said_oldest_first() -> None:
    payload = '{"data": {"type": "appStoreVersionAppVersionStateUpdated", "id": "e-1"}}'
    event = thing("webhookEvents", "e1", payload=payload)
    late = a_delivery("d2", "2026-03-02T09:00:00Z", event)
    early = a_delivery("d1", "2026-03-02T08:00:00Z", None)
    answer = found(late, early, included=[event])
    async with told({"GET /v1/webhooks/w1/deliveries": answer}) as apple:
        since = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=2)))
        deliveries = await apple.store.failed_deliveries("w1", since=since)
        assert deliveries == (
            Delivery(
                id="d1",
                event_id="",
                payload="",
                created_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            ),
            Delivery(
                id="d2",
                event_id="e1",
                payload=payload,
                created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            ),
        )
        event_told = event_of(deliveries[1].payload)
        assert event_told is not None
        assert event_told.id == "e-1"
        asked = apple.queries[0]
        assert asked["filter[createdDateGreaterThanOrEqualTo]"] == "2026-03-02T07:30:00.000Z"
        assert asked["filter[deliveryState]"] == "FAILED"
