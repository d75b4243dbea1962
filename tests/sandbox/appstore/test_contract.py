"""Requests and answers of the emulation against Apple's own document, where it is present."""

from __future__ import annotations

import pytest

from bot.sandbox.appstore import schema
from bot.sandbox.appstore.reads import READS
from bot.sandbox.appstore.store import ROUTES, template_of
from bot.sandbox.seed import ORRERY, TIDEWELL
from tests.sandbox.appstore.contract import Contract

VERSION_TEXTS = "appStoreVersionLocalizations"
INFO_TEXTS = "appInfoLocalizations"


@pytest.fixture(scope="module")
def contract():
    return Contract()


def link(kind, record_id):
    return {"data": {"type": kind, "id": record_id}}


async def visit_everything(apple):
    """Ask every read with all it takes, every write once rightly and once wrongly."""
    ids = {
        "apps": TIDEWELL,
        "appStoreVersions": apple.version()["id"],
        "appInfos": apple.info()["id"],
        "builds": apple.version()["build"]["id"],
        VERSION_TEXTS: apple.text_id(),
        INFO_TEXTS: apple.info_id(),
    }
    pending = apple.version("1.9", bundle_id="com.example.orrery")["id"]
    apple.emulation.move(pending, "IN_REVIEW")
    listed = await apple.get(f"/v1/apps/{ORRERY}/reviewSubmissions")
    ids["reviewSubmissions"] = listed.document["data"][0]["id"]
    ids["webhooks"] = await visit_webhooks(apple)
    phase = await visit_phased_release(apple, pending)
    await visit_reads(apple, ids)
    await apple.ask("DELETE", f"/v1/appStoreVersionPhasedReleases/{phase}")
    await apple.ask("GET", f"/v1/appStoreVersions/{pending}/appStoreVersionPhasedRelease")
    await apple.ask("DELETE", f"/v1/webhooks/{ids['webhooks']}")
    await visit_texts(apple, ids)
    await visit_builds(apple, ids["appStoreVersions"])
    await visit_submission(apple, ids["appStoreVersions"])
    await visit_versions(apple)
    await visit_release(apple, pending)
    await apple.ask("GET", "/v1/apps", token="nobody")


async def visit_reads(apple, ids):
    for template, reading in READS.items():
        path = template.replace("{id}", ids.get(template.split("/")[2], ""))
        fields = {
            f"fields[{kind}]": ",".join(sorted(schema.SHAPES[kind].fields))
            for kind in sorted(reading.types)
        }
        await apple.ask("GET", path)
        included = {"include": ",".join(reading.include)} if reading.include else {}
        await apple.ask("GET", path, params={**included, **fields})
        await apple.ask("GET", path, params={"wrong": "1"})


async def visit_texts(apple, ids):
    await apple.patch(VERSION_TEXTS, ids[VERSION_TEXTS], keywords="a,b", marketingUrl=None)
    await apple.patch(VERSION_TEXTS, ids[VERSION_TEXTS], keywords="a" * 101)
    await apple.patch(INFO_TEXTS, ids[INFO_TEXTS], subtitle="b")
    await apple.post(
        INFO_TEXTS, ("appInfo", "appInfos", ids["appInfos"]), locale="tr", name="Notlar"
    )
    parent = ("appStoreVersion", "appStoreVersions", ids["appStoreVersions"])
    await apple.post(VERSION_TEXTS, parent, locale="sv", description="Lugn")
    await apple.post(VERSION_TEXTS, parent, locale="sv")
    await apple.ask("DELETE", f"/v1/{VERSION_TEXTS}/{apple.text_id('sv')}")
    await apple.ask("DELETE", f"/v1/{INFO_TEXTS}/{apple.info_id('tr')}")


async def visit_webhooks(apple):
    made = await apple.post(
        "webhooks",
        ("app", "apps", TIDEWELL),
        name="Bot",
        url="http://127.0.0.1:9/hooks",
        secret="s",
        enabled=True,
        eventTypes=["APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"],
    )
    webhook = made.document["data"]["id"]
    await apple.patch("webhooks", webhook, name="Marquee", secret="t")
    await apple.patch("webhooks", webhook, url="ftp://127.0.0.1")
    await apple.post("webhookPings", ("webhook", "webhooks", webhook))
    await apple.emulation.webhooks_settled()
    listed = await apple.get(f"/v1/webhooks/{webhook}/deliveries", include="event")
    template = listed.document["data"][0]["id"]
    await apple.post("webhookDeliveries", ("template", "webhookDeliveries", template))
    return webhook


async def visit_phased_release(apple, version):
    kind = "appStoreVersionPhasedReleases"
    parent = ("appStoreVersion", "appStoreVersions", version)
    made = await apple.post(kind, parent, phasedReleaseState="INACTIVE")
    phase = made.document["data"]["id"]
    await apple.post(kind, parent)
    await apple.patch(kind, phase, phasedReleaseState="PAUSED")
    await apple.ask("GET", f"/v1/appStoreVersions/{version}/appStoreVersionPhasedRelease")
    return phase


async def visit_builds(apple, version):
    path = f"/v1/appStoreVersions/{version}/relationships/build"
    for build in apple.app()["builds"]:
        document = {"data": {"type": "builds", "id": build["id"]}}
        await apple.ask("PATCH", path, document)


async def visit_submission(apple, version):
    made = await apple.post("reviewSubmissions", ("app", "apps", TIDEWELL), platform="IOS")
    submission = made.document["data"]["id"]
    relationships = {
        "reviewSubmission": link("reviewSubmissions", submission),
        "appStoreVersion": link("appStoreVersions", version),
    }
    data = {"type": "reviewSubmissionItems", "relationships": relationships}
    for _ in range(2):
        item = await apple.ask("POST", "/v1/reviewSubmissionItems", {"data": data})
        await apple.patch("reviewSubmissions", submission, submitted=True)
        await apple.ask("POST", "/v1/reviewSubmissionItems", {"data": data})
        path = f"/v1/reviewSubmissionItems/{item.document['data']['id']}"
        await apple.ask("DELETE", path)
        again = await apple.ask("POST", "/v1/reviewSubmissionItems", {"data": data})
        await apple.patch("reviewSubmissionItems", again.document["data"]["id"], removed=True)
    await apple.ask("GET", f"/v1/reviewSubmissions/{submission}/items")


async def visit_versions(apple):
    told = {"versionString": "2.5.0", "platform": "MAC_OS", "releaseType": "MANUAL"}
    app = ("app", "apps", TIDEWELL)
    made = await apple.post("appStoreVersions", app, **told)
    await apple.post("appStoreVersions", app, **told)
    version = made.document["data"]["id"]
    await apple.patch("appStoreVersions", version, versionString="2.6.0", copyright=None)
    await apple.patch("appStoreVersions", version, releaseType="SCHEDULED")
    await apple.ask("DELETE", f"/v1/appStoreVersions/{version}")
    await apple.ask("DELETE", f"/v1/appStoreVersions/{apple.version('2.3.0')['id']}")


async def visit_release(apple, version):
    kind, parent = "appStoreVersionReleaseRequests", ("appStoreVersion", "appStoreVersions")
    await apple.post(kind, (*parent, version))
    apple.emulation.move(version, "PENDING_DEVELOPER_RELEASE")
    await apple.post(kind, (*parent, version))


async def test_every_exchange_is_one_that_apple_describes(apple, contract):
    await visit_everything(apple)
    exchanges = list(apple.emulation.requests.exchanges())
    found = {
        f"{row['method']} {row['path']}": violations
        for row, answer in exchanges
        if (violations := contract.violations(row, answer)) and "wrong" not in row["query"]
    }
    assert found == {}
    visited = {(row["method"], template_of(row["path"])[0]) for row, _ in exchanges}
    assert visited == set(ROUTES)


async def test_the_check_notices_what_apple_would_not_say(apple, contract):
    await apple.patch(VERSION_TEXTS, apple.text_id(), keywords="a")
    [(row, answer)] = apple.emulation.requests.exchanges()
    row = {**row, "query": {"colour": "blue"}, "body": {"data": {"type": "apps"}}}
    answer["data"]["attributes"]["keywords"] = 7
    assert len(contract.violations(row, answer)) == 4
    assert contract.violations({**row, "status": 418}, answer)


def test_every_route_is_one_that_apple_describes(contract):
    for method, path in ROUTES:
        assert contract.operation(method, path)


@pytest.mark.parametrize("path", sorted(READS))
def test_every_parameter_of_a_read_is_one_of_apples(contract, path):
    reading = READS[path]
    theirs = contract.parameters("GET", path)
    ours = [f"filter[{name}]" for name in reading.filters]
    ours += [f"fields[{kind}]" for kind in reading.types]
    assert [name for name in ours if name not in theirs] == []
    if reading.include:
        assert set(reading.include) <= set(theirs["include"]["items"]["enum"])
    for kind in reading.types:
        accepted = set(theirs[f"fields[{kind}]"]["items"]["enum"])
        assert schema.SHAPES[kind].fields <= accepted


def test_states_and_attributes_are_apples(contract):
    schemas = contract.document["components"]["schemas"]
    from_apple = {
        "apps": "App",
        "appStoreVersions": "AppStoreVersion",
        VERSION_TEXTS: "AppStoreVersionLocalization",
        "appInfos": "AppInfo",
        INFO_TEXTS: "AppInfoLocalization",
        "reviewSubmissions": "ReviewSubmission",
        "reviewSubmissionItems": "ReviewSubmissionItem",
        "builds": "Build",
        "preReleaseVersions": "PrereleaseVersion",
        "appStoreVersionPhasedReleases": "AppStoreVersionPhasedRelease",
        "appScreenshotSets": "AppScreenshotSet",
        "appScreenshots": "AppScreenshot",
        "webhooks": "Webhook",
        "webhookDeliveries": "WebhookDelivery",
    }
    for kind, name in from_apple.items():
        known = schemas[name]["properties"]["attributes"]["properties"]
        assert set(schema.SHAPES[kind].attributes) <= set(known)
    assert set(schemas["WebhookEventType"]["enum"]) == schema.EVENT_TYPES
