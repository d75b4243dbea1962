"""Builds: which there are, which one a version has, and which it may not have."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import ORRERY, TIDEWELL

UNPROCESSED = "The build is not in a valid processing state for this operation"
UNFIT = "The specified pre-release build could not be added."


def build(apple, number, **app):
    return next(one for one in apple.app(**app)["builds"] if one["number"] == number)["id"]


async def numbers(apple, **params):
    answer = await apple.get("/v1/builds", **params)
    return [one["attributes"]["version"] for one in answer.document["data"]]


async def test_valid_builds_of_a_number_are_found_newest_first(apple):
    answer = await apple.ask(
        "GET",
        "/v1/builds",
        params={
            "filter[app]": TIDEWELL,
            "filter[processingState]": "VALID",
            "filter[expired]": "false",
            "filter[preReleaseVersion.version]": "2.4.0",
            "filter[preReleaseVersion.platform]": "IOS",
            "include": "preReleaseVersion",
            "sort": "-uploadedDate",
            "limit": "10",
        },
    )
    told = [one["attributes"]["version"] for one in answer.document["data"]]
    assert told == ["2403", "2402", "2401"]
    [train] = answer.document["included"]
    assert train["attributes"] == {"version": "2.4.0", "platform": "IOS"}


async def test_builds_are_chosen_by_app_state_and_expiry(apple):
    apple.emulation.move_build(build(apple, "2402"), "EXPIRED")
    assert await numbers(apple, filter__app=ORRERY) == ["188", "191", "200"]
    assert await numbers(apple, filter__processingState="PROCESSING") == ["2404"]
    assert await numbers(apple, filter__expired="true") == ["2402"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[processingState]", "DONE"),
        ("filter[preReleaseVersion.platform]", "WEB"),
        ("sort", "-size"),
        ("include", "icons"),
    ],
)
async def test_what_builds_do_not_know_is_refused(apple, name, value):
    answer = await apple.ask("GET", "/v1/builds", params={name: value})
    assert answer.codes == ["PARAMETER_ERROR.INVALID"]


async def test_a_version_changes_its_build_without_a_word(apple):
    version = apple.version()["id"]
    answer = await apple.choose(version, build(apple, "2403"))
    assert (answer.status, answer.document) == (204, None)
    answer = await apple.get(f"/v1/appStoreVersions/{version}/build")
    assert answer.document["data"]["attributes"]["version"] == "2403"


async def test_a_build_is_cleared_by_null(apple):
    version = apple.version()["id"]
    assert (await apple.choose(version, None)).status == 204
    answer = await apple.get(f"/v1/appStoreVersions/{version}/build")
    assert (answer.status, answer.document["data"]) == (200, None)


@pytest.mark.parametrize(
    ("number", "code", "detail"),
    [
        ("2404", "ENTITY_ERROR.RELATIONSHIP.INVALID", UNPROCESSED),
        ("2402", "ENTITY_ERROR.RELATIONSHIP.INVALID", UNPROCESSED),
        ("2501", "ENTITY_ERROR.RELATIONSHIP.INVALID.INVALID_STATE", UNFIT),
        ("2302", "ENTITY_ERROR.RELATIONSHIP.INVALID.INVALID_STATE", UNFIT),
    ],
    ids=["processing", "expired", "another number", "another platform"],
)
async def test_a_build_that_does_not_fit_is_refused(apple, number, code, detail):
    apple.emulation.move_build(build(apple, "2402"), "EXPIRED")
    answer = await apple.choose(apple.version()["id"], build(apple, number))
    assert (answer.status, answer.codes, answer.details) == (409, [code], [detail])
    assert apple.version()["build"]["number"] == "2401"


async def test_a_build_of_another_app_or_of_none_is_refused(apple):
    other = apple.emulation.add_build(ORRERY, "IOS", "2.4.0", "1")
    assert (await apple.choose(apple.version()["id"], other)).details == [UNFIT]
    answer = await apple.choose(apple.version()["id"], "none")
    assert answer.details == ["There is no resource of type 'builds' with id 'none'"]


@pytest.mark.parametrize("state", ["READY_FOR_REVIEW", "WAITING_FOR_REVIEW", "IN_REVIEW"])
async def test_the_build_of_a_version_in_flight_stays(apple, state):
    version, wanted = apple.version()["id"], build(apple, "2403")
    apple.emulation.move(version, state)
    answer = await apple.choose(version, wanted)
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.INVALID.INVALID_STATE"]


async def test_a_linkage_of_another_type_is_no_document(apple):
    path = f"/v1/appStoreVersions/{apple.version()['id']}/relationships/build"
    answer = await apple.ask("PATCH", path, {"data": {"type": "apps", "id": TIDEWELL}})
    assert answer.codes == ["ENTITY_UNPROCESSABLE"]


async def test_builds_are_uploaded_and_processed_on_demand(apple):
    made = apple.emulation.add_build(TIDEWELL, "IOS", "2.4.0", "2405", state="PROCESSING")
    assert (await apple.choose(apple.version()["id"], made)).status == 409
    apple.emulation.move_build(made, "VALID")
    assert (await apple.choose(apple.version()["id"], made)).status == 204
    answer = await apple.get(f"/v1/builds/{made}", include="appStoreVersion")
    linked = answer.document["data"]["relationships"]["appStoreVersion"]["data"]
    assert linked["id"] == apple.version()["id"]


async def test_people_upload_no_build_twice(apple):
    with pytest.raises(ValueError, match="There is a build 2401 of"):
        apple.emulation.add_build(TIDEWELL, "IOS", "2.4.0", "2401")
    with pytest.raises(ValueError, match="No build is READY"):
        apple.emulation.move_build(build(apple, "2401"), "READY")


async def change(apple, version, build_id, **attributes):
    data = {
        "type": "appStoreVersions",
        "id": version,
        "attributes": attributes,
        "relationships": {"build": {"data": {"type": "builds", "id": build_id}}},
    }
    return await apple.ask("PATCH", f"/v1/appStoreVersions/{version}", {"data": data})


async def test_a_number_and_its_build_change_together_or_not_at_all(apple):
    version = apple.version()["id"]
    answer = await change(apple, version, build(apple, "2402"), versionString="2.5.0")
    assert answer.details == [UNFIT]
    assert apple.version()["build"]["number"] == "2401"
    answer = await change(apple, version, build(apple, "2501"), versionString="2.5.0")
    assert answer.status == 200
    assert apple.version("2.5.0")["build"]["number"] == "2501"


async def test_a_version_is_made_with_its_build_or_not_at_all(apple):
    await apple.delete("appStoreVersions", apple.version()["id"])
    app = {"data": {"type": "apps", "id": TIDEWELL}}
    for number, status in (("2402", 409), ("2501", 201)):
        link = {"data": {"type": "builds", "id": build(apple, number)}}
        data = {
            "type": "appStoreVersions",
            "attributes": {"versionString": "2.5.0", "platform": "IOS"},
            "relationships": {"app": app, "build": link},
        }
        answer = await apple.ask("POST", "/v1/appStoreVersions", {"data": data})
        assert answer.status == status
    assert apple.version("2.5.0")["build"]["number"] == "2501"
