"""Handing a version in for review, and hearing what it lacks."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import TIDEWELL

SUBMISSIONS = "reviewSubmissions"


async def draft(apple):
    answer = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="IOS")
    assert answer.status == 201
    return answer.document["data"]["id"]


async def put_in(apple, submission, version):
    relationships = {
        SUBMISSIONS[:-1]: {"data": {"type": SUBMISSIONS, "id": submission}},
        "appStoreVersion": {"data": {"type": "appStoreVersions", "id": version}},
    }
    data = {"type": "reviewSubmissionItems", "relationships": relationships}
    return await apple.ask("POST", "/v1/reviewSubmissionItems", {"data": data})


async def test_a_complete_version_is_submitted_and_cancelled(apple):
    submission = await draft(apple)
    for locale in ("it", "th", "ar-SA", "he"):
        apple.emulation.edit(TIDEWELL, locale, "whatsNew", "…")
    assert (await put_in(apple, submission, apple.version()["id"])).status == 201
    assert apple.version()["state"] == "READY_FOR_REVIEW"
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    assert answer.document["data"]["attributes"]["state"] == "WAITING_FOR_REVIEW"
    await apple.patch(SUBMISSIONS, submission, canceled=True)
    apple.pass_time(5)
    assert apple.version()["state"] == "DEVELOPER_REJECTED"


async def test_what_a_version_lacks_comes_as_associated_errors(apple):
    submission = await draft(apple)
    await put_in(apple, submission, apple.version()["id"])
    answer = await apple.patch(SUBMISSIONS, submission, submitted=True)
    [error] = answer.document["errors"]
    lacking = error["meta"]["associatedErrors"]
    hebrew = f"/v1/appStoreVersionLocalizations/{apple.text_id('he')}"
    assert (answer.status, len(lacking)) == (409, 4)
    assert [told["source"]["pointer"] for told in lacking[hebrew]] == ["/data/attributes/whatsNew"]


async def test_an_app_and_platform_has_one_open_submission(apple):
    await draft(apple)
    answer = await apple.post(SUBMISSIONS, ("app", "apps", TIDEWELL), platform="IOS")
    assert answer.codes == ["STATE_ERROR"]


async def test_a_version_is_in_one_submission_only(apple):
    submission = await draft(apple)
    await put_in(apple, submission, apple.version()["id"])
    answer = await put_in(apple, submission, apple.version()["id"])
    assert f"another reviewSubmission with id {submission}" in answer.details[0]


async def test_a_live_version_cannot_be_submitted(apple):
    answer = await put_in(apple, await draft(apple), apple.version("2.3.0")["id"])
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
