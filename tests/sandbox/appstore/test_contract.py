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


async def visit_everything(apple):
    """Ask every read with all it takes, every write once rightly and once wrongly."""
    ids = {
        "apps": TIDEWELL,
        "appStoreVersions": apple.version()["id"],
        "appInfos": apple.info()["id"],
        VERSION_TEXTS: apple.text_id(),
        INFO_TEXTS: apple.info_id(),
    }
    apple.emulation.move(apple.version("1.9", bundle_id="com.example.orrery")["id"], "IN_REVIEW")
    listed = await apple.get(f"/v1/apps/{ORRERY}/reviewSubmissions")
    ids["reviewSubmissions"] = listed.document["data"][0]["id"]
    for template, reading in READS.items():
        path = template.replace("{id}", ids[template.split("/")[2]])
        fields = {
            f"fields[{kind}]": ",".join(sorted(schema.SHAPES[kind].fields))
            for kind in sorted(reading.types)
        }
        await apple.ask("GET", path)
        await apple.ask("GET", path, params={"include": ",".join(reading.include), **fields})
        await apple.ask("GET", path, params={"wrong": "1"})
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
    made = await apple.post("reviewSubmissions", ("app", "apps", TIDEWELL), platform="IOS")
    submission = made.document["data"]["id"]
    relationships = {
        "reviewSubmission": {"data": {"type": "reviewSubmissions", "id": submission}},
        "appStoreVersion": {"data": {"type": "appStoreVersions", "id": ids["appStoreVersions"]}},
    }
    data = {"type": "reviewSubmissionItems", "relationships": relationships}
    await apple.ask("POST", "/v1/reviewSubmissionItems", {"data": data})
    await apple.patch("reviewSubmissions", submission, submitted=True)
    await apple.ask("GET", "/v1/apps", token="nobody")


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
    }
    for kind, name in from_apple.items():
        known = schemas[name]["properties"]["attributes"]["properties"]
        assert set(schema.SHAPES[kind].attributes) <= set(known)
