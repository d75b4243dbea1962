"""From approval to people: by hand, at once, at a date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.seed import TIDEWELL
from tests.sandbox.appstore.conftest import START

VERSIONS = "appStoreVersions"
REQUESTS = "appStoreVersionReleaseRequests"
TOMORROW = START // 3600 * 3600 + 24 * 3600


async def approved(apple, **release):
    """Tidewell's next version, reviewed with the given release type."""
    apple.complete_texts()
    version = apple.version()["id"]
    if release:
        assert (await apple.patch(VERSIONS, version, **release)).status == 200
    await apple.submit(TIDEWELL, version)
    assert apple.emulation.start_review(version) == "IN_REVIEW"
    apple.emulation.approve(version)
    return version


async def ask_for_release(apple, version):
    return await apple.post(REQUESTS, ("appStoreVersion", VERSIONS, version))


@pytest.mark.parametrize(
    ("release", "state"),
    [
        ({"releaseType": "MANUAL"}, "PENDING_DEVELOPER_RELEASE"),
        ({"releaseType": "AFTER_APPROVAL"}, "PROCESSING_FOR_DISTRIBUTION"),
        (
            {
                "releaseType": "SCHEDULED",
                "earliestReleaseDate": datetime.fromtimestamp(TOMORROW, UTC).isoformat(),
            },
            "PENDING_APPLE_RELEASE",
        ),
    ],
)
async def test_an_approved_version_goes_where_its_release_type_says(apple, release, state):
    await approved(apple, **release)
    assert apple.version()["state"] == state


async def test_the_submission_of_an_approved_version_completes_a_while_later(apple):
    await approved(apple, releaseType="MANUAL")
    path = f"/v1/apps/{TIDEWELL}/reviewSubmissions"
    [submission] = (await apple.get(path, include="items")).document["data"]
    assert submission["attributes"]["state"] == "COMPLETING"
    apple.pass_time(5)
    answer = await apple.get(path, include="items")
    assert answer.document["data"][0]["attributes"]["state"] == "COMPLETE"
    assert [item["attributes"]["state"] for item in answer.document["included"]] == ["APPROVED"]


async def test_a_version_that_waits_for_its_developer_is_released_on_request(apple):
    version = await approved(apple, releaseType="MANUAL")
    answer = await ask_for_release(apple, version)
    assert (answer.status, answer.document["data"]["type"]) == (201, REQUESTS)
    assert set(answer.document["data"]) == {"type", "id", "links"}
    assert apple.version()["state"] == "PROCESSING_FOR_DISTRIBUTION"
    assert apple.emulation.review(version, "distribute") == "READY_FOR_DISTRIBUTION"
    assert apple.version("2.3.0")["state"] == "REPLACED_WITH_NEW_VERSION"


@pytest.mark.parametrize("state", ["IN_REVIEW", "PENDING_APPLE_RELEASE", "READY_FOR_DISTRIBUTION"])
async def test_no_other_version_is_released_on_request(apple, state):
    version = apple.version()["id"]
    apple.emulation.move(version, state)
    answer = await ask_for_release(apple, version)
    assert (answer.status, answer.codes) == (409, ["STATE_ERROR.ENTITY_STATE_INVALID"])
    assert answer.details == [f"The appStoreVersion cannot be released in the state {state}."]


async def test_a_release_needs_a_version(apple):
    answer = await ask_for_release(apple, "none")
    assert answer.pointers == ["/data/relationships/appStoreVersion"]


async def test_a_scheduled_version_goes_out_at_its_hour(apple):
    date = datetime.fromtimestamp(TOMORROW, UTC).isoformat()
    await approved(apple, releaseType="SCHEDULED", earliestReleaseDate=date)
    apple.pass_time(TOMORROW - START - 1)
    assert apple.version()["state"] == "PENDING_APPLE_RELEASE"
    apple.pass_time(1)
    assert apple.version()["state"] == "PROCESSING_FOR_DISTRIBUTION"


@pytest.mark.parametrize(
    ("release", "state"),
    [
        ({"releaseType": "AFTER_APPROVAL"}, "PROCESSING_FOR_DISTRIBUTION"),
        (
            {
                "releaseType": "SCHEDULED",
                "earliestReleaseDate": datetime.fromtimestamp(TOMORROW, UTC).isoformat(),
            },
            "PENDING_APPLE_RELEASE",
        ),
    ],
)
async def test_an_approved_version_follows_a_release_type_that_changes(apple, release, state):
    version = await approved(apple, releaseType="MANUAL")
    await apple.patch(VERSIONS, version, **release)
    assert apple.version()["state"] == state


@pytest.mark.parametrize(
    ("verb", "state", "info"),
    [
        ("reject", "REJECTED", "REJECTED"),
        ("reject_metadata", "METADATA_REJECTED", "REJECTED"),
        ("reject_binary", "INVALID_BINARY", "REJECTED"),
    ],
)
async def test_reviewers_say_no_in_three_ways(apple, verb, state, info):
    apple.complete_texts()
    version = apple.version()["id"]
    await apple.submit(TIDEWELL, version)
    assert getattr(apple.emulation, verb)(version) == state
    assert apple.version()["submission"]["state"] == "UNRESOLVED_ISSUES"
    assert apple.app()["infos"][-1]["state"] == info


async def test_reviewers_judge_what_lies_before_them(apple):
    version = apple.version()["id"]
    with pytest.raises(ValueError, match="PREPARE_FOR_SUBMISSION cannot be met with 'approve'"):
        apple.emulation.approve(version)
    with pytest.raises(ValueError, match="No verdict is called applaud"):
        apple.emulation.review(version, "applaud")
    with pytest.raises(LookupError):
        apple.emulation.start_review("none")
    assert apple.version()["verdicts"] == []
