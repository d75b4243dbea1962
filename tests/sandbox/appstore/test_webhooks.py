"""Webhooks: set up, changed, told of states by real HTTP, and what became of each delivery."""

from __future__ import annotations

import json
import uuid

import pytest

from bot.sandbox.appstore.webhooks.events import signature
from bot.sandbox.seed import ORRERY, TIDEWELL
from tests.sandbox.appstore.receiver import SECRET, STATES, a_receiver, set_up

HOOKS = "webhooks"


@pytest.fixture
async def receiver():
    async with a_receiver() as receiver:
        yield receiver


async def move(apple, *states):
    for state in states:
        apple.emulation.move(apple.version()["id"], state)
    await apple.emulation.webhooks_settled()


async def deliveries(apple, webhook, **params):
    answer = await apple.get(f"/v1/{HOOKS}/{webhook}/deliveries", **params)
    return answer.document["data"]


async def test_a_state_that_changes_is_told_as_apple_tells_it(apple, receiver):
    await set_up(apple, TIDEWELL, receiver.url)
    version = apple.version()["id"]
    await move(apple, "READY_FOR_REVIEW")
    [event] = receiver.events
    assert uuid.UUID(event.pop("id"))
    assert event == {
        "type": "appStoreVersionAppVersionStateUpdated",
        "version": 1,
        "attributes": {
            "newValue": "READY_FOR_REVIEW",
            "oldValue": "PREPARE_FOR_SUBMISSION",
            "timestamp": "2026-09-21T14:13:20.000Z",
        },
        "relationships": {"instance": {"data": {"type": "appStoreVersions", "id": version}}},
    }
    assert receiver.genuine == [True]


def test_the_signature_is_apples():
    told = signature("This is my secret", b"Hello, World!")
    assert told == "hmacsha256=7f062172b01cb00b53ca068614674a3d982a34062a0f5d37687d5e3377e54657"


async def test_every_way_a_state_changes_is_told(apple, receiver):
    apple.complete_texts()
    await set_up(apple, TIDEWELL, receiver.url)
    version = apple.version()["id"]
    await apple.submit(TIDEWELL, version)
    apple.emulation.start_review(version)
    apple.emulation.approve(version)
    apple.emulation.move(version, "READY_FOR_DISTRIBUTION")
    await apple.emulation.webhooks_settled()
    assert receiver.states == [
        "READY_FOR_REVIEW",
        "WAITING_FOR_REVIEW",
        "IN_REVIEW",
        "PROCESSING_FOR_DISTRIBUTION",
        "READY_FOR_DISTRIBUTION",
        "REPLACED_WITH_NEW_VERSION",
    ]
    assert len({event["id"] for event in receiver.events}) == 6


async def test_a_state_that_stays_is_not_told(apple, receiver):
    await set_up(apple, TIDEWELL, receiver.url)
    await move(apple, "IN_REVIEW", "IN_REVIEW")
    assert receiver.states == ["IN_REVIEW"]


async def test_only_who_wants_to_hear_of_the_app_hears(apple, receiver):
    await set_up(apple, ORRERY, receiver.url)
    await set_up(apple, TIDEWELL, receiver.url, enabled=False)
    await set_up(apple, TIDEWELL, receiver.url, eventTypes=["BUILD_UPLOAD_STATE_UPDATED"])
    await move(apple, "IN_REVIEW")
    assert receiver.got == []


async def test_a_secret_is_told_to_nobody(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    listed = await apple.get(f"/v1/apps/{TIDEWELL}/webhooks", include="app")
    one = await apple.get(f"/v1/{HOOKS}/{webhook}")
    assert set(one.document["data"]["attributes"]) == {"enabled", "eventTypes", "name", "url"}
    assert [hook["id"] for hook in listed.document["data"]] == [webhook]
    assert SECRET not in json.dumps([listed.document, one.document, apple.emulation.apps()])


async def test_a_new_secret_signs_what_comes_next(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url, secret="the old one")
    await move(apple, "READY_FOR_REVIEW")
    assert (await apple.patch(HOOKS, webhook, secret=SECRET)).status == 200
    await move(apple, "WAITING_FOR_REVIEW")
    assert receiver.genuine == [False, True]


async def test_webhooks_are_listed_by_app_alone(apple):
    answer = await apple.get(f"/v1/{HOOKS}")
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ERROR"])
    assert answer.details == [
        "The resource 'webhooks' does not allow 'GET_COLLECTION'. "
        "Allowed operations are: CREATE, DELETE, GET_INSTANCE, UPDATE"
    ]


@pytest.mark.parametrize("name", ["name", "url", "secret", "enabled", "eventTypes"])
async def test_all_five_are_needed(apple, name):
    told = {
        "name": "a",
        "url": "https://a.example",
        "secret": "s",
        "enabled": True,
        "eventTypes": [STATES],
    }
    del told[name]
    answer = await apple.post(HOOKS, ("app", "apps", TIDEWELL), **told)
    assert (answer.codes, answer.pointers) == (
        ["ENTITY_ERROR.ATTRIBUTE.REQUIRED"],
        [f"/data/attributes/{name}"],
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "http://marquee.example.com/hooks"),
        ("url", "no address"),
        ("eventTypes", ["appStoreVersionAppVersionStateUpdated"]),
        ("enabled", "yes"),
        ("secret", 7),
    ],
)
async def test_values_that_cannot_be_are_refused(apple, receiver, name, value):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    answer = await apple.patch(HOOKS, webhook, **{name: value})
    assert (answer.status, answer.codes) == (409, ["ENTITY_ERROR.ATTRIBUTE.INVALID"])
    assert answer.pointers == [f"/data/attributes/{name}"]


async def test_a_ping_is_an_event_of_its_own(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    answer = await apple.post("webhookPings", ("webhook", HOOKS, webhook))
    assert (answer.status, answer.document["data"]["type"]) == (201, "webhookPings")
    await apple.emulation.webhooks_settled()
    [event] = receiver.events
    assert (event["type"], receiver.genuine) == ("webhookPingCreated", [True])
    assert set(event["attributes"]) == {"timestamp"}
    nobody = await apple.post("webhookPings", ("webhook", HOOKS, "none"))
    assert nobody.pointers == ["/data/relationships/webhook"]


async def test_a_delivery_remembers_what_became_of_it(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    await move(apple, "READY_FOR_REVIEW")
    receiver.status = 503
    await move(apple, "WAITING_FOR_REVIEW")
    failed, succeeded = await deliveries(apple, webhook)
    assert succeeded["attributes"]["deliveryState"] == "SUCCEEDED"
    assert succeeded["attributes"]["response"] == {"httpStatusCode": 200, "body": "thanks"}
    assert succeeded["attributes"]["request"] == {"url": receiver.url}
    assert failed["attributes"]["deliveryState"] == "FAILED"
    assert failed["attributes"]["errorMessage"] == "The server answered 503"


async def test_nobody_at_the_address_is_a_failure(apple):
    webhook = await set_up(apple, TIDEWELL, "http://127.0.0.1:9/hooks")
    await move(apple, "READY_FOR_REVIEW")
    [one] = await deliveries(apple, webhook, filter__deliveryState="FAILED")
    assert "Cannot connect" in one["attributes"]["errorMessage"]


async def test_nothing_is_sent_to_another_machine(apple):
    webhook = await set_up(apple, TIDEWELL, "https://marquee.example.com/hooks")
    await move(apple, "READY_FOR_REVIEW")
    [one] = await deliveries(apple, webhook)
    assert one["attributes"]["errorMessage"] == "This emulation delivers to 127.0.0.1 alone"


async def test_deliveries_are_found_by_state_and_date(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    await move(apple, "READY_FOR_REVIEW")
    apple.pass_time(3600)
    receiver.status = 500
    await move(apple, "WAITING_FOR_REVIEW")
    path = f"/v1/{HOOKS}/{webhook}/deliveries"
    late = {"filter[createdDateGreaterThanOrEqualTo]": "2026-09-21T15:00:00Z"}
    early = {"filter[createdDateLessThan]": "2026-09-21T15:00:00Z", "include": "event"}
    answer = await apple.ask("GET", path, params={**late, "filter[deliveryState]": "FAILED"})
    assert len(answer.document["data"]) == 1
    answer = await apple.ask("GET", path, params=early)
    [event] = answer.document["included"]
    assert event["attributes"]["eventType"] == STATES
    assert json.loads(event["attributes"]["payload"])["data"] == receiver.events[0]
    assert len(answer.document["data"]) == 1
    wrong = await apple.ask("GET", path, params={"filter[createdDateLessThan]": "yesterday"})
    assert wrong.codes == ["PARAMETER_ERROR.INVALID"]


async def test_a_delivery_is_sent_again_with_the_same_event(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    receiver.status = 500
    await move(apple, "READY_FOR_REVIEW")
    receiver.status = 200
    [failed] = await deliveries(apple, webhook)
    parent = ("template", "webhookDeliveries", failed["id"])
    answer = await apple.post("webhookDeliveries", parent)
    assert (answer.status, answer.document["data"]["attributes"]["redelivery"]) == (201, True)
    await apple.emulation.webhooks_settled()
    assert receiver.got[0] == receiver.got[1]
    states = [one["attributes"]["deliveryState"] for one in await deliveries(apple, webhook)]
    assert states == ["SUCCEEDED", "FAILED"]


async def test_a_webhook_goes_with_its_deliveries(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    await move(apple, "READY_FOR_REVIEW")
    assert (await apple.delete(HOOKS, webhook)).status == 204
    await move(apple, "WAITING_FOR_REVIEW")
    assert len(receiver.got) == 1
    assert (await apple.get(f"/v1/{HOOKS}/{webhook}/deliveries")).status == 404


async def test_a_store_that_closes_leaves_the_rest_pending(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    await apple.emulation.close()
    apple.emulation.move(apple.version()["id"], "READY_FOR_REVIEW")
    await apple.emulation.close()
    [one] = await deliveries(apple, webhook)
    assert one["attributes"]["deliveryState"] == "PENDING"


async def test_the_last_five_hundred_deliveries_are_remembered(apple):
    webhook = await set_up(apple, TIDEWELL, "https://marquee.example.com/hooks")
    for _ in range(251):
        await move(apple, "IN_REVIEW", "WAITING_FOR_REVIEW")
    answer = await apple.get(f"/v1/{HOOKS}/{webhook}/deliveries", limit=200)
    assert answer.document["meta"]["paging"]["total"] == 500
