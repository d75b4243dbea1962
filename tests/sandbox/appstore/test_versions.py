"""Making, changing and deleting versions, and what Apple says to what cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.seed import ORRERY, TIDEWELL
from tests.sandbox.appstore.conftest import START

VERSIONS = "appStoreVersions"
UNFIT = "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE"
MAC = {"versionString": "2.4.0", "platform": "MAC_OS"}
NEXT_HOUR = datetime.fromtimestamp(START // 3600 * 3600 + 3600, UTC).isoformat()


async def make(apple, app_id=TIDEWELL, **attributes):
    return await apple.post(VERSIONS, ("app", "apps", app_id), **attributes)


async def test_a_new_version_has_the_texts_and_pictures_before_and_no_release_notes(apple):
    answer = await make(apple, **MAC, releaseType="MANUAL", copyright="2026 Somebody")
    told = answer.document["data"]["attributes"]
    assert answer.status == 201
    assert (told["versionString"], told["appVersionState"]) == ("2.4.0", "PREPARE_FOR_SUBMISSION")
    assert (told["releaseType"], told["copyright"]) == ("MANUAL", "2026 Somebody")
    version = apple.version(platform="MAC_OS")
    before = apple.version("2.3.0", "MAC_OS")
    texts = version["localizations"]
    assert texts["ja"]["keywords"] == before["localizations"]["ja"]["keywords"]
    assert "whatsNew" not in texts["ja"]
    assert (version["build"], version["screenshots"]) == (None, before["screenshots"])


async def test_a_new_version_brings_an_app_info_to_edit(apple):
    apple.emulation.move(
        apple.version("1.9", bundle_id="com.example.orrery")["id"], "READY_FOR_DISTRIBUTION"
    )
    await make(apple, ORRERY, versionString="2.0", platform="IOS")
    states = [info["state"] for info in apple.app("com.example.orrery")["infos"]]
    assert states[-1] == "PREPARE_FOR_SUBMISSION"


@pytest.mark.parametrize(
    "state", ["PREPARE_FOR_SUBMISSION", "IN_REVIEW", "PENDING_DEVELOPER_RELEASE", "REJECTED"]
)
async def test_a_platform_has_one_coming_version(apple, state):
    apple.emulation.move(apple.version()["id"], state)
    answer = await make(apple, versionString="2.5.0", platform="IOS")
    assert (answer.status, answer.codes) == (409, ["ENTITY_ERROR.RELATIONSHIP.INVALID"])
    assert answer.details == ["You cannot create a new version of the App in the current state."]
    assert answer.pointers == ["/data/relationships/app"]


async def test_a_number_is_used_once(apple):
    answer = await make(apple, versionString="2.3", platform="MAC_OS")
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE"]
    assert answer.details == ["The version number has been previously used."]


@pytest.mark.parametrize(
    ("attributes", "detail"),
    [
        ({**MAC, "versionString": "2.2.9"}, "higher than that of the live version 2.3.0"),
        ({**MAC, "versionString": "2.4b"}, "The version number is not valid"),
        ({**MAC, "platform": "WEB"}, "'WEB' is not a valid platform"),
        ({"versionString": "2.4.0"}, "provide a value for the attribute 'platform'"),
        ({"platform": "MAC_OS"}, "provide a value for the attribute 'versionString'"),
        ({**MAC, "title": "x"}, "'title' is not an attribute"),
        ({**MAC, "copyright": 7}, "'copyright' must be a string"),
        ({**MAC, "releaseType": "SOON"}, "'SOON' is not a valid release type"),
        ({**MAC, "releaseType": "SCHEDULED"}, "value for the attribute 'earliestReleaseDate'"),
        ({**MAC, "earliestReleaseDate": NEXT_HOUR}, "release type SCHEDULED only"),
    ],
)
async def test_a_version_that_cannot_be_is_refused(apple, attributes, detail):
    answer = await make(apple, **attributes)
    assert answer.status == 409
    assert detail in answer.details[0]
    assert len(apple.app()["versions"]) == 3


@pytest.mark.parametrize(
    ("date", "detail"),
    [
        (NEXT_HOUR.replace(":00:00+", ":30:00+"), "on the hour"),
        ("2020-01-01T00:00:00Z", "in the future"),
        ("tomorrow", "not a date with an offset"),
        ("2027-01-01T00:00:00", "not a date with an offset"),
    ],
)
async def test_a_release_date_is_a_full_hour_to_come(apple, date, detail):
    answer = await apple.patch(
        VERSIONS, apple.version()["id"], releaseType="SCHEDULED", earliestReleaseDate=date
    )
    assert answer.pointers == ["/data/attributes/earliestReleaseDate"]
    assert detail in answer.details[0]


async def test_a_date_goes_with_its_release_type(apple):
    version = apple.version()["id"]
    answer = await apple.patch(
        VERSIONS, version, releaseType="SCHEDULED", earliestReleaseDate=NEXT_HOUR
    )
    assert answer.document["data"]["attributes"]["earliestReleaseDate"] == NEXT_HOUR
    answer = await apple.patch(VERSIONS, version, releaseType="AFTER_APPROVAL")
    assert answer.document["data"]["attributes"]["earliestReleaseDate"] is None


async def test_a_number_that_changes_unties_a_build_made_for_another(apple):
    await apple.patch(VERSIONS, apple.version()["id"], versionString="2.5.0")
    assert apple.version("2.5.0")["build"] is None


async def test_number_and_copyright_are_closed_in_review_and_the_release_type_is_not(apple):
    version = apple.version()["id"]
    apple.emulation.move(version, "IN_REVIEW")
    answer = await apple.patch(VERSIONS, version, versionString="2.4.1", copyright="x")
    assert answer.codes == [UNFIT, UNFIT]
    assert answer.details[0] == "The attribute 'versionString' can not be modified."
    assert (await apple.patch(VERSIONS, version, releaseType="MANUAL")).status == 200


@pytest.mark.parametrize("state", ["PROCESSING_FOR_DISTRIBUTION", "READY_FOR_DISTRIBUTION"])
async def test_a_released_version_keeps_its_release_type(apple, state):
    version = apple.version()["id"]
    apple.emulation.move(version, state)
    assert (await apple.patch(VERSIONS, version, releaseType="MANUAL")).codes == [UNFIT]


async def test_a_version_that_was_never_submitted_is_deleted_with_all_it_holds(apple):
    version = apple.version()["id"]
    assert (await apple.delete(VERSIONS, version)).status == 204
    assert (await apple.get(f"/v1/{VERSIONS}/{version}")).status == 404
    assert [info["state"] for info in apple.app()["infos"]] == ["READY_FOR_DISTRIBUTION"]
    assert (await make(apple, versionString="2.4.1", platform="IOS")).status == 201


async def test_a_version_that_was_in_review_stays(apple):
    apple.complete_texts()
    version = apple.version()["id"]
    submission = await apple.submit(TIDEWELL, version)
    await apple.patch("reviewSubmissions", submission, canceled=True)
    apple.pass_time(5)
    answer = await apple.delete(VERSIONS, version)
    assert answer.codes == ["STATE_ERROR.ENTITY_STATE_INVALID"]
    assert apple.version()["state"] == "DEVELOPER_REJECTED"


async def test_a_live_version_and_a_first_one_stay(apple):
    first = apple.emulation.add_version(TIDEWELL, "1.0", "TV_OS")
    for version in (apple.version("2.3.0")["id"], first):
        answer = await apple.delete(VERSIONS, version)
        assert (answer.status, answer.codes) == (409, ["STATE_ERROR.ENTITY_STATE_INVALID"])


async def test_versions_come_with_build_and_phased_release(apple):
    version = apple.version()
    kind = "appStoreVersionPhasedReleases"
    await apple.post(kind, ("appStoreVersion", VERSIONS, version["id"]))
    answer = await apple.get(
        f"/v1/apps/{TIDEWELL}/appStoreVersions",
        include="build,appStoreVersionPhasedRelease",
        fields__appStoreVersions="versionString,build,appStoreVersionPhasedRelease",
        fields__builds="version,processingState",
        fields__appStoreVersionPhasedReleases="phasedReleaseState",
    )
    newest, *_, oldest = answer.document["data"]
    assert newest["relationships"]["build"]["data"]["id"] == version["build"]["id"]
    assert oldest["relationships"]["appStoreVersionPhasedRelease"] == {"data": None}
    told = {(one["type"], *one["attributes"].values()) for one in answer.document["included"]}
    assert ("builds", "2401", "VALID") in told
    assert (kind, "INACTIVE") in told


async def test_what_comes_along_names_its_relations_when_fields_ask_for_them(apple):
    apple.complete_texts()
    version = apple.version()["id"]
    await apple.submit(TIDEWELL, version)
    answer = await apple.get(
        "/v1/apps",
        include="appStoreVersions,reviewSubmissions",
        limit__reviewSubmissions=50,
        fields__reviewSubmissions="state,appStoreVersionForReview",
    )
    [submission] = [
        one for one in answer.document["included"] if one["type"] == "reviewSubmissions"
    ]
    assert submission["relationships"]["appStoreVersionForReview"]["data"]["id"] == version


async def test_a_limit_cuts_off_the_oldest_versions(apple):
    answer = await apple.get("/v1/apps", include="appStoreVersions", limit__appStoreVersions=1)
    linked = answer.document["data"][0]["relationships"]["appStoreVersions"]
    assert [one["id"] for one in linked["data"]] == [apple.version()["id"]]
    assert linked["meta"]["paging"]["total"] == 3
