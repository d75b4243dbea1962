"""Handing a version in for review, and hearing what it lacks."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import TIDEWELL

SUBMISSIONS = "reviewSubmissions"
ITEMS = "reviewSubmissionItems"


async def draft(apple):
    answer = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="IOS")
    assert answer.status == 201
    return answer.document["data"]["id"]


async def ready(apple):
    """A draft that holds a version to which nothing is lacking."""
    submission = await draft(apple)
    apple.complete_texts()
    assert (await apple.put_in(submission, apple.version()["id"])).status == 201
    return submission


async def state_of(apple, submission):
    answer = await apple.get(f"/v1/{SUBMISSIONS}/{submission}")
    return answer.document["data"]["attributes"]["state"]


async def test_a_complete_version_is_submitted(apple):
    submission = await ready(apple)
    assert apple.version()["state"] == "READY_FOR_REVIEW"
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert answer.document["data"]["attributes"]["state"] == "WAITING_FOR_REVIEW"
    assert apple.version()["submission"]["state"] == "WAITING_FOR_REVIEW"


async def test_cancelling_takes_a_while(apple):
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    answer = await apple.patch(SUBMISSIONS, submission, canceled=True)
    assert answer.document["data"]["attributes"]["state"] == "CANCELING"
    apple.pass_time(4)
    assert await state_of(apple, submission) == "CANCELING"
    assert apple.version()["state"] == "WAITING_FOR_REVIEW"
    again = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="IOS")
    assert again.codes == ["STATE_ERROR"]
    apple.pass_time(1)
    assert await state_of(apple, submission) == "COMPLETE"
    assert apple.version()["state"] == "DEVELOPER_REJECTED"
    assert (await apple.put_in(await draft(apple), apple.version()["id"])).status == 201


async def test_a_withdrawn_version_takes_writes_at_once_unless_it_is_to_settle(apple):
    apple.emulation.conditions.settling_seconds = 10
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    await apple.patch(SUBMISSIONS, submission, canceled=True)
    apple.pass_time(5)
    await apple.get("/v1/apps")
    text = ("appStoreVersionLocalizations", apple.text_id())
    answer = await apple.patch(*text, keywords="a")
    again = await apple.put_in(await draft(apple), apple.version()["id"])
    assert (answer.status, again.codes) == (409, ["STATE_ERROR"])
    assert answer.details == ["Version is not ready to be submitted yet, please try again later."]
    apple.pass_time(10)
    assert (await apple.patch(*text, keywords="a")).status == 200


async def test_what_a_version_lacks_comes_as_associated_errors(apple):
    submission = await draft(apple)
    await apple.put_in(submission, apple.version()["id"])
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    [error] = answer.document["errors"]
    lacking = error["meta"]["associatedErrors"]
    hebrew = f"/v1/appStoreVersionLocalizations/{apple.text_id('he')}"
    assert (answer.status, len(lacking)) == (409, 4)
    assert [told["source"]["pointer"] for told in lacking[hebrew]] == ["/data/attributes/whatsNew"]


async def test_a_version_without_a_build_is_not_reviewed(apple):
    submission = await draft(apple)
    apple.complete_texts()
    version = apple.version()["id"]
    await apple.choose(version, None)
    await apple.put_in(submission, version)
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert answer.details == [
        "This resource cannot be reviewed, please check associated errors to see why."
    ]
    [(path, [told])] = answer.document["errors"][0]["meta"]["associatedErrors"].items()
    assert path == f"/v1/appStoreVersions/{version}"
    assert told["source"] == {"pointer": "/data/relationships/build"}


async def test_a_build_that_expired_meanwhile_is_not_reviewed(apple):
    submission = await ready(apple)
    build = apple.version()["build"]["id"]
    apple.emulation.move_build(build, "EXPIRED")
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert list(answer.document["errors"][0]["meta"]["associatedErrors"]) == [f"/v1/builds/{build}"]


async def test_what_an_app_has_to_declare_is_asked_for(apple):
    submission = await draft(apple)
    apple.complete_texts()
    apple.emulation.declare(TIDEWELL, category="", rights="")
    version = apple.version()["id"]
    cleared = await apple.patch("appStoreVersions", version, copyright=None)
    assert cleared.status == 200
    await apple.put_in(submission, version)
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    lacking = answer.document["errors"][0]["meta"]["associatedErrors"]
    told = [one["source"]["pointer"].rsplit("/")[-1] for found in lacking.values() for one in found]
    assert sorted(told) == ["contentRightsDeclaration", "copyright", "primaryCategory"]


async def test_screenshots_are_asked_for_when_so_switched(apple):
    submission = await ready(apple)
    apple.emulation.screenshots(apple.version()["id"])
    apple.emulation.conditions.needs_screenshots = True
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    [(path, [told])] = answer.document["errors"][0]["meta"]["associatedErrors"].items()
    assert path == f"/v1/appStoreVersionLocalizations/{apple.text_id('en-US')}"
    assert told["code"] == "STATE_ERROR.SCREENSHOT_REQUIRED.APP_IPHONE_67"
    assert told["title"] == "App screenshot missing (APP_IPHONE_67)."
    apple.emulation.screenshots(apple.version()["id"], "en-US", count=1)
    assert (await apple.patch(SUBMISSIONS, submission, submitted=True)).status == 200


async def test_screenshots_are_counted_in_one_request(apple):
    apple.emulation.screenshots(apple.version()["id"], "ja", count=0)
    text = "appStoreVersionLocalizations"
    answer = await apple.get(f"/v1/{text}/{apple.text_id('th')}/appScreenshotSets")
    assert [one["attributes"] for one in answer.document["data"]] == [
        {"screenshotDisplayType": "APP_IPHONE_67"}
    ]
    answer = await apple.get(
        f"/v1/{text}/{apple.text_id('th')}/appScreenshotSets", include="appScreenshots"
    )
    linked = answer.document["data"][0]["relationships"]["appScreenshots"]
    assert linked["meta"]["paging"]["total"] == len(answer.document["included"]) == 2
    answer = await apple.get(f"/v1/{text}/{apple.text_id('ja')}/appScreenshotSets")
    assert answer.document["data"] == []


async def test_an_app_and_platform_has_one_open_submission(apple):
    await draft(apple)
    answer = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="IOS")
    assert answer.codes == ["STATE_ERROR"]


async def test_a_version_is_in_one_submission_only(apple):
    submission = await draft(apple)
    await apple.put_in(submission, apple.version()["id"])
    answer = await apple.put_in(submission, apple.version()["id"])
    assert f"another reviewSubmission with id {submission}" in answer.details[0]
    [[told]] = answer.document["errors"][0]["meta"]["associatedErrors"].values()
    assert told["code"] == "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION"


async def test_a_live_version_cannot_be_submitted(apple):
    answer = await apple.put_in(await draft(apple), apple.version("2.3.0")["id"])
    assert answer.codes == ["STATE_ERROR.ENTITY_STATE_INVALID"]


@pytest.mark.parametrize("verb", ["submitted", "canceled"])
async def test_an_empty_draft_is_neither_submitted_nor_cancelled(apple, verb):
    answer = await apple.patch(SUBMISSIONS, await draft(apple), **{verb: True})
    assert (answer.status, answer.codes) == (409, ["STATE_ERROR"])


async def test_a_submission_needs_a_platform_and_an_app(apple):
    nowhere = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="WEB")
    nobody = await apple.post(SUBMISSIONS, ("app", "apps", "7"), platform="IOS")
    assert nowhere.pointers == ["/data/attributes/platform"]
    assert nobody.pointers == ["/data/relationships/app"]


async def test_a_version_of_another_app_does_not_go_in(apple):
    submission = await draft(apple)
    other = apple.version("1.9", bundle_id="com.example.orrery")["id"]
    apple.emulation.move(other, "PREPARE_FOR_SUBMISSION")
    answer = await apple.put_in(submission, other)
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.INVALID"]


async def test_an_item_that_leaves_a_draft_puts_its_version_back(apple):
    submission = await draft(apple)
    apple.emulation.move(apple.version()["id"], "DEVELOPER_REJECTED")
    for leave in (
        lambda item: apple.delete(ITEMS, item),
        lambda item: apple.patch(ITEMS, item, removed=True),
    ):
        item = (await apple.put_in(submission, apple.version()["id"])).document["data"]["id"]
        assert apple.version()["state"] == "READY_FOR_REVIEW"
        assert (await leave(item)).status in {200, 204}
        assert apple.version()["state"] == "DEVELOPER_REJECTED"
        assert await state_of(apple, submission) == "READY_FOR_REVIEW"
    answer = await apple.get(f"/v1/{SUBMISSIONS}/{submission}/items")
    assert [item["attributes"]["state"] for item in answer.document["data"]] == ["REMOVED"]


async def test_an_item_that_was_submitted_stays(apple):
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    listed = await apple.get(f"/v1/{SUBMISSIONS}/{submission}/items")
    item = listed.document["data"][0]["id"]
    gone = await apple.delete(ITEMS, item)
    removed = await apple.patch(ITEMS, item, removed=True)
    assert gone.codes == removed.codes == ["STATE_ERROR.ENTITY_STATE_INVALID"]
    again = await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert again.codes == ["STATE_ERROR.ENTITY_STATE_INVALID"]


async def test_a_rejected_submission_is_handed_in_again(apple):
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert apple.emulation.reject_metadata(apple.version()["id"]) == "METADATA_REJECTED"
    assert await state_of(apple, submission) == "UNRESOLVED_ISSUES"
    answer = await apple.put_in(submission, apple.version()["id"])
    assert f"another reviewSubmission with id {submission}" in answer.details[0]
    listed = await apple.get(f"/v1/{SUBMISSIONS}/{submission}/items")
    [item] = listed.document["data"]
    assert item["attributes"]["state"] == "REJECTED"
    await apple.patch(ITEMS, item["id"], resolved=True)
    before = apple.version()["submission"]["submitted"]
    apple.pass_time(60)
    assert (await apple.patch(SUBMISSIONS, submission, submitted=True)).status == 200
    assert apple.version()["state"] == "WAITING_FOR_REVIEW"
    assert apple.version()["submission"]["submitted"] > before


async def test_a_rejected_submission_is_left_by_cancelling_it(apple):
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    apple.emulation.reject(apple.version()["id"])
    await apple.patch(SUBMISSIONS, submission, canceled=True)
    apple.pass_time(5)
    assert await state_of(apple, submission) == "COMPLETE"
    assert (await apple.put_in(await draft(apple), apple.version()["id"])).status == 201


async def test_a_submission_is_told_nothing_it_does_not_know(apple):
    answer = await apple.patch(SUBMISSIONS, await draft(apple), state="COMPLETE")
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.UNKNOWN"]


async def test_a_version_that_goes_back_leaves_its_submission(apple):
    submission = await ready(apple)
    await apple.patch(SUBMISSIONS, submission, submitted=True)
    apple.emulation.move(apple.version()["id"], "PREPARE_FOR_SUBMISSION")
    assert await state_of(apple, submission) == "COMPLETE"


async def test_an_item_outlives_its_version_without_harm(apple):
    submission = await draft(apple)
    item = (await apple.put_in(submission, apple.version()["id"])).document["data"]["id"]
    await apple.patch(ITEMS, item, removed=True)
    await apple.delete("appStoreVersions", apple.version()["id"])
    listed = await apple.get(f"/v1/{SUBMISSIONS}/{submission}/items", include="appStoreVersion")
    assert [one["attributes"]["state"] for one in listed.document["data"]] == ["REMOVED"]
    assert (await apple.delete(ITEMS, item)).status == 204
