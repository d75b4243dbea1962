"""Reading as Apple answers it: shapes, includes, paging, and what may not be asked."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import ORRERY, TIDEWELL

TEXTS = "appStoreVersionLocalizations"


async def test_one_request_reads_every_text_of_a_version(apple):
    answer = await apple.get(
        f"/v1/apps/{TIDEWELL}/appStoreVersions",
        filter__platform="IOS",
        filter__appVersionState="PREPARE_FOR_SUBMISSION",
        include=TEXTS,
        limit__appStoreVersionLocalizations=50,
    )
    [version] = answer.document["data"]
    linkage = version["relationships"][TEXTS]
    assert linkage["meta"]["paging"] == {"total": 12, "limit": 50}
    assert {text["id"] for text in answer.document["included"]} == {
        target["id"] for target in linkage["data"]
    }
    german = next(t for t in answer.document["included"] if t["attributes"]["locale"] == "de-DE")
    assert len(german["attributes"]["description"]) == 3990


async def test_without_a_limit_only_ten_of_the_locales_come_along(apple):
    answer = await apple.get(f"/v1/apps/{TIDEWELL}/appInfos", include="appInfoLocalizations")
    linkage = answer.document["data"][0]["relationships"]["appInfoLocalizations"]
    assert len(linkage["data"]) == 10
    assert linkage["meta"]["paging"] == {"total": 12, "limit": 10}


async def test_all_apps_come_with_versions_infos_and_submissions_in_one_request(apple):
    apple.emulation.move(apple.version()["id"], "WAITING_FOR_REVIEW")
    answer = await apple.get("/v1/apps", include="appStoreVersions,appInfos,reviewSubmissions")
    kinds = {resource["type"] for resource in answer.document["included"]}
    assert kinds == {"appStoreVersions", "appInfos", "reviewSubmissions"}
    assert [app["id"] for app in answer.document["data"]] == [TIDEWELL, ORRERY]


async def test_linkage_is_told_only_where_it_is_included(apple):
    answer = await apple.get(f"/v1/apps/{TIDEWELL}")
    versions = answer.document["data"]["relationships"]["appStoreVersions"]
    own = f"{apple.base}/v1/apps/{TIDEWELL}"
    assert versions == {
        "links": {
            "self": f"{own}/relationships/appStoreVersions",
            "related": f"{own}/appStoreVersions",
        }
    }


async def test_with_fields_only_the_named_attributes_and_relationships_appear(apple):
    answer = await apple.get(
        f"/v1/apps/{TIDEWELL}/appStoreVersions",
        include=TEXTS,
        fields__appStoreVersions="versionString",
        fields__appStoreVersionLocalizations="locale",
    )
    version = answer.document["data"][0]
    assert version["attributes"] == {"versionString": "2.4.0"}
    assert "relationships" not in version
    assert set(answer.document["included"][0]["attributes"]) == {"locale"}


async def test_an_unwritten_text_is_null_and_not_absent(apple):
    answer = await apple.get(f"/v1/appInfoLocalizations/{apple.info_id('it')}")
    assert answer.document["data"]["attributes"]["subtitle"] is None


async def test_a_listing_is_paged_by_following_next(apple):
    path = f"/v1/appStoreVersions/{apple.version()['id']}/{TEXTS}"
    answer = await apple.get(path, limit=5, fields__appStoreVersionLocalizations="locale")
    locales = []
    for _ in range(5):
        locales += [text["attributes"]["locale"] for text in answer.document["data"]]
        following = answer.document["links"].get("next")
        if following is None:
            break
        assert answer.document["meta"]["paging"]["nextCursor"]
        answer = await apple.ask("GET", following)
    assert len(locales) == len(set(locales)) == 12


async def test_filters_choose_apps_and_locales(apple):
    by_bundle = await apple.get("/v1/apps", filter__bundleId="com.example.orrery,com.example.x")
    by_locale = await apple.get(
        f"/v1/appStoreVersions/{apple.version()['id']}/{TEXTS}", filter__locale="ja,th"
    )
    assert [app["id"] for app in by_bundle.document["data"]] == [ORRERY]
    assert [t["attributes"]["locale"] for t in by_locale.document["data"]] == ["ja", "th"]


@pytest.mark.parametrize(
    ("states", "found"),
    [("WAITING_FOR_REVIEW,IN_REVIEW", []), ("IN_REVIEW,PREPARE_FOR_SUBMISSION", [TIDEWELL])],
)
async def test_apps_are_found_by_where_any_of_their_versions_stands(apple, states, found):
    by_state = {"filter__appStoreVersions.appVersionState": states}
    answer = await apple.get("/v1/apps", **by_state)
    assert [app["id"] for app in answer.document["data"]] == found


async def test_apps_are_sorted_when_so_asked(apple):
    answer = await apple.get("/v1/apps", sort="-name")
    names = [app["attributes"]["name"] for app in answer.document["data"]]
    assert names == ["Tidewell Notes", "Orrery Sky"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("sort", "versionString", "PARAMETER_ERROR.ILLEGAL"),
        ("filter[locale]", "ja", "PARAMETER_ERROR.ILLEGAL"),
        ("page[size]", "3", "PARAMETER_ERROR.ILLEGAL"),
        ("limit[app]", "3", "PARAMETER_ERROR.ILLEGAL"),
        ("fields[customerReviews]", "rating", "PARAMETER_ERROR.ILLEGAL"),
        ("limit", "201", "PARAMETER_ERROR.INVALID"),
        ("limit", "0", "PARAMETER_ERROR.INVALID"),
        ("limit", "many", "PARAMETER_ERROR.INVALID"),
        ("limit[appStoreVersionLocalizations]", "51", "PARAMETER_ERROR.INVALID"),
        ("include", "appScreenshotSets", "PARAMETER_ERROR.INVALID"),
        ("fields[appStoreVersions]", "title", "PARAMETER_ERROR.INVALID"),
        ("filter[platform]", "ANDROID", "PARAMETER_ERROR.INVALID"),
        ("filter[appVersionState]", "READY_FOR_SALE", "PARAMETER_ERROR.INVALID"),
        ("filter[id]", "", "PARAMETER_ERROR.INVALID"),
        ("filter[appStoreVersions.appVersionState]", "IN_REVIEW", "PARAMETER_ERROR.ILLEGAL"),
        ("cursor", "somewhere", "PARAMETER_ERROR.INVALID"),
    ],
)
async def test_a_parameter_that_versions_do_not_take_is_refused(apple, name, value, code):
    path = f"/v1/apps/{TIDEWELL}/appStoreVersions"
    answer = await apple.ask("GET", path, params={name: value})
    assert (answer.status, answer.codes) == (400, [code])
    assert answer.document["errors"][0]["source"] == {"parameter": name}


async def test_every_bad_parameter_is_named_at_once(apple):
    answer = await apple.get("/v1/apps", limit="-1", include="nothing", colour="blue")
    assert {error["source"]["parameter"] for error in answer.document["errors"]} == {
        "limit",
        "include",
        "colour",
    }


async def test_a_parameter_given_twice_is_refused(apple):
    answer = await apple.ask("GET", "/v1/apps?limit=5&limit=6")
    assert answer.codes == ["PARAMETER_ERROR.ILLEGAL"]


async def test_an_unknown_app_is_not_found(apple):
    answer = await apple.get("/v1/apps/1/appInfos")
    assert (answer.status, answer.codes) == (404, ["NOT_FOUND"])
    assert answer.details == ["There is no resource of type 'apps' with id '1'"]


async def test_an_unknown_path_is_not_found(apple):
    answer = await apple.get("/v1/customProductPages")
    assert answer.details == ["The path provided does not match a defined resource type."]


async def test_a_collection_that_cannot_be_listed_says_what_can_be_done(apple):
    answer = await apple.get("/v1/appStoreVersionLocalizations")
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ERROR"])
    assert answer.details == [
        "The resource 'appStoreVersionLocalizations' does not allow 'GET_COLLECTION'. "
        "Allowed operations are: CREATE, DELETE, GET_INSTANCE, UPDATE"
    ]
