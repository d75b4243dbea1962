from __future__ import annotations

from typing import Any

import pytest

from bot.appstore import AlreadyExists, AppleRefused, Unsure
from bot.appstore.deeds import DEEDS
from bot.domain.acts import Act, ActVerb
from bot.errors import Unavailable
from tests.appstore.script import Answer, scripted
from tests.appstore.told import single, thing, told


def an_act(verb: ActVerb, subject: str, **values: str) -> Act:
    return Act(verb=verb, subject=subject, values=values)


def to(type_: str, id_: str) -> dict[str, Any]:
    return {"data": {"type": type_, "id": id_}}


def data(type_: str, **more: Any) -> dict[str, Any]:
    return {"data": {"type": type_, **more}}


# Act, request, body, what it returns.
ACTS = [
    (
        an_act(
            ActVerb.CREATE_VERSION, "1", platform="IOS", versionString="2.6.0", releaseType="MANUAL"
        ),
        "POST /v1/appStoreVersions",
        data(
            "appStoreVersions",
            relationships={"app": to("apps", "1")},
            attributes={"platform": "IOS", "versionString": "2.6.0", "releaseType": "MANUAL"},
        ),
        "made",
    ),
    (
        an_act(ActVerb.SET_BUILD, "v1", build="b1"),
        "PATCH /v1/appStoreVersions/v1/relationships/build",
        to("builds", "b1"),
        "v1",
    ),
    (
        an_act(ActVerb.SET_RELEASE, "v1", releaseType="MANUAL", earliestReleaseDate=""),
        "PATCH /v1/appStoreVersions/v1",
        data(
            "appStoreVersions",
            id="v1",
            attributes={"releaseType": "MANUAL", "earliestReleaseDate": None},
        ),
        "v1",
    ),
    (
        an_act(ActVerb.CREATE_TEXTS, "v1", locale="ja", description="D", whatsNew=""),
        "POST /v1/appStoreVersionLocalizations",
        data(
            "appStoreVersionLocalizations",
            attributes={"locale": "ja", "description": "D"},
            relationships={"appStoreVersion": to("appStoreVersions", "v1")},
        ),
        "made",
    ),
    (
        an_act(ActVerb.UPDATE_TEXTS, "l1", description="D", whatsNew=""),
        "PATCH /v1/appStoreVersionLocalizations/l1",
        data(
            "appStoreVersionLocalizations",
            id="l1",
            attributes={"description": "D", "whatsNew": None},
        ),
        "l1",
    ),
    (
        an_act(ActVerb.CREATE_SUBMISSION, "1", platform="IOS"),
        "POST /v1/reviewSubmissions",
        data(
            "reviewSubmissions",
            relationships={"app": to("apps", "1")},
            attributes={"platform": "IOS"},
        ),
        "made",
    ),
    (
        an_act(ActVerb.ADD_ITEM, "s1", version="v1"),
        "POST /v1/reviewSubmissionItems",
        data(
            "reviewSubmissionItems",
            relationships={
                "reviewSubmission": to("reviewSubmissions", "s1"),
                "appStoreVersion": to("appStoreVersions", "v1"),
            },
        ),
        "made",
    ),
    (
        an_act(ActVerb.SUBMIT, "s1"),
        "PATCH /v1/reviewSubmissions/s1",
        data("reviewSubmissions", id="s1", attributes={"submitted": True}),
        "s1",
    ),
    (
        an_act(ActVerb.CANCEL, "s1"),
        "PATCH /v1/reviewSubmissions/s1",
        data("reviewSubmissions", id="s1", attributes={"canceled": True}),
        "s1",
    ),
    (
        an_act(ActVerb.REQUEST_RELEASE, "v1"),
        "POST /v1/appStoreVersionReleaseRequests",
        data(
            "appStoreVersionReleaseRequests",
            relationships={"appStoreVersion": to("appStoreVersions", "v1")},
        ),
        "made",
    ),
    (
        an_act(ActVerb.CREATE_PHASED, "v1", phasedReleaseState="INACTIVE"),
        "POST /v1/appStoreVersionPhasedReleases",
        data(
            "appStoreVersionPhasedReleases",
            relationships={"appStoreVersion": to("appStoreVersions", "v1")},
            attributes={"phasedReleaseState": "INACTIVE"},
        ),
        "made",
    ),
    (
        an_act(ActVerb.SET_PHASED, "f1", phasedReleaseState="PAUSED"),
        "PATCH /v1/appStoreVersionPhasedReleases/f1",
        data("appStoreVersionPhasedReleases", id="f1", attributes={"phasedReleaseState": "PAUSED"}),
        "f1",
    ),
    (
        an_act(ActVerb.DELETE_PHASED, "f1"),
        "DELETE /v1/appStoreVersionPhasedReleases/f1",
        None,
        "",
    ),
]


@pytest.mark.parametrize(("act", "request_line", "body", "returned"), ACTS)
async def test_each_act_is_one_request_of_apples(
    act: Act, request_line: str, body: Any, returned: str
) -> None:
    method = request_line.partition(" ")[0]
    answer = single(thing("whatever", "made"), 201) if method == "POST" else (204, None)
    async with told({request_line: answer}) as apple:
        assert await apple.store.act(act) == returned
        assert apple.asked == [request_line]
        assert apple.bodies == [body]


def test_every_verb_has_its_request_and_what_makes_something_is_a_post() -> None:
    assert {act.verb for act, *_ in ACTS} == set(ActVerb) == set(DEEDS)
    assert {act.verb for act, line, *_ in ACTS if act.makes} == {
        act.verb for act, line, *_ in ACTS if line.startswith("POST")
    }


async def test_no_build_takes_the_chosen_one_away() -> None:
    line = "PATCH /v1/appStoreVersions/v1/relationships/build"
    async with told({line: (204, None)}) as apple:
        await apple.store.act(an_act(ActVerb.SET_BUILD, "v1", build=""))
        assert apple.bodies == [{"data": None}]
        # Apple's document knows no empty relationship here, JSON:API does.
        apple.wrong.clear()


@pytest.mark.parametrize("act", [act for act, *_ in ACTS if act.makes])
@pytest.mark.parametrize(
    "trouble",
    [
        Answer(status=503, raw=b""),
        Answer(cut="before the answer"),
        Answer(raw=b"odd"),
        Answer(document={"data": None}),
    ],
)
async def test_what_may_have_been_made_is_not_made_again(act: Act, trouble: Answer) -> None:
    async with scripted(trouble) as script:
        with pytest.raises(Unsure, match=r"^It is not known whether Apple took (a|the|version) "):
            await script.store.act(act)
        assert len(script.asked) == 1


async def test_what_sets_whole_values_is_sent_again_after_a_fault() -> None:
    async with scripted(Answer(status=503, raw=b""), Answer(status=204, raw=b"")) as script:
        await script.store.act(an_act(ActVerb.SUBMIT, "s1"))
        assert script.methods == ["PATCH", "PATCH"]


async def test_a_submission_in_the_way_is_named() -> None:
    detail = "appStoreVersions with id v1 was already added to another reviewSubmission with id s7"
    said = {"code": "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION", "detail": detail}
    error = {"code": "STATE_ERROR", "meta": {"associatedErrors": {"/v1/x": [said]}}}
    async with scripted(Answer(status=409, document={"errors": [error]})) as script:
        with pytest.raises(AlreadyExists) as raised:
            await script.store.act(an_act(ActVerb.ADD_ITEM, "s1", version="v1"))
        assert raised.value.other_id == "s7"


async def test_a_refused_submission_tells_everything_that_is_lacking() -> None:
    path = "/v1/appStoreVersionLocalizations/l1"
    lacking = {
        "code": "ENTITY_ERROR.ATTRIBUTE.REQUIRED",
        "detail": "You must provide a value for the attribute 'whatsNew' with this request",
        "source": {"pointer": "/data/attributes/whatsNew"},
    }
    shot = {"code": "STATE_ERROR.SCREENSHOT_REQUIRED.APP_IPHONE_67", "detail": "Missing."}
    error = {
        "code": "STATE_ERROR",
        "detail": "Not ready.",
        "meta": {"associatedErrors": {path: [lacking], "/v1/appStoreVersions/v1": [shot]}},
    }
    async with scripted(Answer(status=409, document={"errors": [error]})) as script:
        with pytest.raises(AppleRefused) as raised:
            await script.store.act(an_act(ActVerb.SUBMIT, "s1"))
        assert [(one.path, one.attribute) for one in raised.value.problems] == [
            ("", None),
            (path, "whatsNew"),
            ("/v1/appStoreVersions/v1", None),
        ]
        assert raised.value.message.startswith("Apple did not take the submission. ")
        assert "What's new: must not be empty." in raised.value.message


async def test_a_phased_release_that_is_gone_counts_as_deleted() -> None:
    line = "DELETE /v1/appStoreVersionPhasedReleases/f1"
    gone = (404, {"errors": [{"status": "404", "code": "NOT_FOUND"}]})
    async with told({line: gone}) as apple:
        assert await apple.store.act(an_act(ActVerb.DELETE_PHASED, "f1")) == ""


async def test_an_act_that_apple_cannot_take_now_is_tried_later() -> None:
    async with scripted(Answer(status=500, document={})) as script:
        with pytest.raises(Unavailable, match="answered 500"):
            await script.store.act(an_act(ActVerb.CANCEL, "s1"))
