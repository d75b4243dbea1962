from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from bot.appstore import Gone, NotAllowed
from bot.appstore.resources import moment
from bot.domain.fields import Resource, attributes
from bot.domain.listing import App, Localization
from bot.errors import Unavailable
from bot.sandbox.appstore import Conditions, Fault, Seed, SeedVersion
from bot.sandbox.seed import demo_seed
from tests.appstore.script import Answer, scripted
from tests.appstore.stage import ORRERY, TIDEWELL, Stage, editable, opened


def a_seed_of_many(*, apps: int = 1, locales: int = 1, old: int = 0) -> Seed:
    """Copies of the first demo app with more of everything; locales named x00, x01 ..."""
    demo = demo_seed().apps[0]
    names = [f"x{number:02d}" for number in range(locales)]
    texts = next(iter(demo.versions[0].texts.values()))
    names_of = next(iter(demo.infos[0].texts.values()))
    versions = [replace(one, texts=dict.fromkeys(names, texts)) for one in demo.versions]
    infos = [replace(one, texts=dict.fromkeys(names, names_of)) for one in demo.infos]
    replaced = [
        SeedVersion(
            platform="IOS",
            version=f"1.{number}",
            state="REPLACED_WITH_NEW_VERSION",
            texts=dict.fromkeys(names, texts),
            created="2025-01-01T09:00:00-07:00",
        )
        for number in range(old)
    ]
    many = [
        replace(
            demo,
            id=f"64{number:08d}",
            bundle_id=f"com.example.a{number}",
            versions=(*replaced, *versions),
            infos=tuple(infos),
        )
        for number in range(apps)
    ]
    return Seed(apps=tuple(many))


async def test_all_apps_are_listed(stage: Stage) -> None:
    assert await stage.store.apps() == (TIDEWELL, ORRERY)


async def test_an_app_is_read_by_its_id(stage: Stage) -> None:
    assert await stage.store.read_app(ORRERY.id) == ORRERY


async def test_an_app_that_is_not_there_is_gone(stage: Stage) -> None:
    with pytest.raises(Gone):
        await stage.store.read_app("1")


async def test_a_full_read_of_an_app_and_platform_is_two_requests(stage: Stage) -> None:
    reading = await stage.store.read(TIDEWELL, "IOS")
    assert sorted(stage.requests()) == [
        "GET /v1/apps/6470000101/appInfos",
        "GET /v1/apps/6470000101/appStoreVersions",
    ]
    assert [version.state for version in reading.versions] == [
        "PREPARE_FOR_SUBMISSION",
        "READY_FOR_DISTRIBUTION",
    ]
    assert reading.read_at == stage.clock.now()
    assert all(
        version.created_at.tzinfo is UTC for version in reading.versions if version.created_at
    )


async def test_a_read_holds_every_text_that_apple_holds(stage: Stage) -> None:
    reading = await stage.store.read(TIDEWELL, "IOS")
    held = stage.apple.apps()[0]
    for version in held["versions"]:
        if version["platform"] == "IOS":
            _same(reading.version_localizations[version["id"]], version, Resource.VERSION)
    for info in held["infos"]:
        _same(reading.info_localizations[info["id"]], info, Resource.APP_INFO)


def _same(found: Mapping[str, Localization], parent: Mapping[str, Any], resource: Resource) -> None:
    assert found.keys() == parent["localizations"].keys()
    for locale, texts in parent["localizations"].items():
        assert found[locale].id == texts["id"]
        assert found[locale].texts == {name: texts.get(name) or "" for name in attributes(resource)}


async def test_a_text_that_apple_lacks_is_read_as_empty(stage: Stage) -> None:
    text = editable(await stage.store.read(TIDEWELL, "IOS"), Resource.VERSION, "ja")
    stage.apple.edit(TIDEWELL.id, "ja", "promotionalText", None, platform="IOS")
    again = editable(await stage.store.read(TIDEWELL, "IOS"), Resource.VERSION, "ja")
    assert text.texts["promotionalText"]
    assert again.texts["promotionalText"] == ""


async def test_an_id_is_enough_to_read_an_app(stage: Stage) -> None:
    reading = await stage.store.read(App(id=TIDEWELL.id, bundle_id="", name=""), "IOS")
    assert reading.app == TIDEWELL
    assert len(stage.requests()) == 2


async def test_platforms_are_read_apart(stage: Stage) -> None:
    reading = await stage.store.read(TIDEWELL, "MAC_OS")
    assert {version.platform for version in reading.versions} == {"MAC_OS"}
    assert reading.app_infos


async def test_a_platform_without_versions_reads_as_none(stage: Stage) -> None:
    assert (await stage.store.read(TIDEWELL, "TV_OS")).versions == ()


async def test_forty_locales_are_two_requests_still() -> None:
    async with opened(seed=a_seed_of_many(locales=40)) as stage:
        app = (await stage.store.apps())[0]
        reading = await stage.store.read(app, "IOS")
        assert len(stage.requests()) == 3
        assert all(len(texts) == 40 for texts in reading.version_localizations.values())
        assert all(len(texts) == 40 for texts in reading.info_localizations.values())


async def test_more_locales_than_apple_includes_are_fetched_after_it() -> None:
    async with opened(seed=a_seed_of_many(locales=53)) as stage:
        app = (await stage.store.apps())[0]
        reading = await stage.store.read(app, "IOS")
        assert {len(texts) for texts in reading.version_localizations.values()} == {53}
        assert {len(texts) for texts in reading.info_localizations.values()} == {53}
        assert len(stage.requests()) == 3 + 2 + 2


async def test_replaced_versions_are_left_out_of_a_read() -> None:
    async with opened(seed=a_seed_of_many(old=30)) as stage:
        app = (await stage.store.apps())[0]
        reading = await stage.store.read(app, "IOS")
        assert "REPLACED_WITH_NEW_VERSION" not in {one.state for one in reading.versions}
        assert len(reading.versions) == 2


async def test_all_apps_with_the_states_of_their_versions_are_one_request(stage: Stage) -> None:
    tidewell, orrery = await stage.store.overview()
    assert stage.requests() == ["GET /v1/apps"]
    assert (tidewell.app, orrery.app) == (TIDEWELL, ORRERY)
    assert [(one.number, one.state) for one in orrery.versions] == [
        ("1.9", "PENDING_DEVELOPER_RELEASE"),
        ("1.8", "READY_FOR_DISTRIBUTION"),
    ]
    assert {one.platform for one in tidewell.versions} == {"IOS", "MAC_OS"}
    assert {one.app_id for one in tidewell.versions + tidewell.app_infos} == {TIDEWELL.id}
    assert {one.state for one in tidewell.app_infos} == {
        "PREPARE_FOR_SUBMISSION",
        "READY_FOR_DISTRIBUTION",
    }


async def test_more_than_two_hundred_apps_are_paged() -> None:
    async with opened(seed=a_seed_of_many(apps=205)) as stage:
        assert len(await stage.store.apps()) == 205
        assert len(await stage.store.overview()) == 205
        assert len(stage.requests()) == 4


async def test_an_app_of_many_versions_hides_none_that_stands() -> None:
    async with opened(seed=a_seed_of_many(old=60)) as stage:
        (state,) = await stage.store.overview()
        standing = [one.number for one in state.versions if not one.state.startswith("REPLACED")]
        assert sorted(standing) == ["2.3.0", "2.3.0", "2.4.0"]
        assert len(stage.requests()) == 2


async def test_the_localization_of_a_locale_is_found_under_its_version(stage: Stage) -> None:
    reading = await stage.store.read(TIDEWELL, "IOS")
    version = reading.versions[0]
    found = await stage.store.find(Resource.VERSION, parent_id=version.id, locale="ja")
    assert found == reading.version_localizations[version.id]["ja"]


async def test_a_locale_that_is_not_there_is_not_found(stage: Stage) -> None:
    info = (await stage.store.read(TIDEWELL, "IOS")).app_infos[0]
    assert await stage.store.find(Resource.APP_INFO, parent_id=info.id, locale="tr") is None


async def test_one_failing_half_of_a_read_is_raised_as_itself(stage: Stage) -> None:
    stage.apple.faults.add(Fault(kind="server_error", match="appInfos"))
    with pytest.raises(Unavailable, match="500"):
        await stage.store.read(TIDEWELL, "IOS")


async def test_a_missing_agreement_stops_reads_without_a_retry() -> None:
    async with opened(conditions=Conditions(agreements_missing=True)) as stage:
        with pytest.raises(NotAllowed, match="Account Holder"):
            await stage.store.apps()
        assert stage.statuses() == [403]


def a_page(number: int, following: str) -> Answer:
    item = {"type": "apps", "id": str(number), "attributes": {"bundleId": "a", "name": "b"}}
    return Answer(document={"data": [item], "links": {"next": following}})


async def test_a_next_page_is_fetched_as_apple_names_it() -> None:
    async with scripted(Answer()) as script:
        following = f"{script.url}/v1/apps?cursor=AbC%3D.x%2By&limit=200"
        script.answers[:] = [a_page(1, following), a_page(2, "")]
        assert [app.id for app in await script.store.apps()] == ["1", "2"]
        assert script.asked[1].path_qs == "/v1/apps?cursor=AbC%3D.x%2By&limit=200"


@pytest.mark.parametrize(
    "elsewhere", ["https://127.0.0.1/v1/apps", "http://example.com/v1/apps", "//example.com/"]
)
async def test_a_next_page_at_another_address_is_not_followed(elsewhere: str) -> None:
    async with scripted(a_page(1, elsewhere)) as script:
        with pytest.raises(Unavailable, match="another address"):
            await script.store.apps()
        assert len(script.asked) == 1


async def test_pages_that_go_in_a_circle_end() -> None:
    async with scripted(Answer()) as script:
        script.answers[:] = [a_page(1, f"{script.url}/v1/apps?cursor=2")]
        assert len(await script.store.apps()) == 2


async def test_pages_without_an_end_are_given_up() -> None:
    async with scripted(Answer()) as script:
        pages = (a_page(n, f"{script.url}/v1/apps?cursor={n}") for n in itertools.count())
        script.answers[:] = itertools.islice(pages, 200)
        with pytest.raises(Unavailable, match="50 pages"):
            await script.store.apps()
        assert len(script.asked) == 50


@pytest.mark.parametrize("raw", [b"<html>Sign in to the guest network</html>", b"[]", b'{"a":1}'])
async def test_an_answer_of_something_else_than_apple_is_called_that(raw: bytes) -> None:
    async with scripted(Answer(raw=raw)) as script:
        with pytest.raises(Unavailable, match="does not speak as App Store Connect"):
            await script.store.apps()


async def test_a_refusal_that_is_no_document_of_apples_is_still_a_refusal() -> None:
    async with scripted(Answer(status=403, raw=b"<html>blocked by the proxy</html>")) as script:
        with pytest.raises(NotAllowed, match="may not do this"):
            await script.store.apps()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-05T03:04:05-07:00", 10),
        ("2026-01-05T03:04:05.678Z", 3),
        ("soon", None),
        (None, None),
    ],
)
def test_apples_dates_become_utc(text: str | None, hour: int | None) -> None:
    read = moment(text)
    assert (read.hour if read else None) == hour
