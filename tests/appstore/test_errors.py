from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.appstore import (
    AgreementsMissing,
    AlreadyExists,
    AppleRefused,
    Gone,
    NotAllowed,
    NotAuthorized,
)
from bot.appstore.errors import Asker, refusal
from bot.appstore.problems import problems_of
from bot.errors import BotError, Conflict, Invalid, Refused, Unavailable

ASKER = Asker(key_id="KEY1", skew=0.0, locale="ja")


def an_error(code: str = "ENTITY_ERROR.ATTRIBUTE.INVALID", **more: Any) -> dict[str, Any]:
    return {"status": "409", "code": code, "title": "Title.", "detail": "Detail.", **more}


def at(attribute: str) -> Mapping[str, str]:
    return {"pointer": f"/data/attributes/{attribute}"}


def refused(*errors: object, status: int = 409) -> BotError:
    return refusal(status, {"errors": list(errors)}, ASKER)


def test_every_error_of_an_answer_is_kept_with_its_field_and_apples_words() -> None:
    error = refused(
        an_error("ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG", source=at("keywords"), detail="A."),
        an_error("ENTITY_ERROR.ATTRIBUTE.REQUIRED", source=at("name"), detail="B."),
    )
    assert isinstance(error, AppleRefused)
    assert isinstance(error, Invalid)
    assert [problem.attribute for problem in error.problems] == ["keywords", "name"]
    assert error.locale == "ja"
    assert error.message == (
        "Apple did not take the change for ja. Keywords: too long. Apple says: A. "
        "Name: must not be empty. Apple says: B."
    )


def test_associated_errors_follow_the_one_they_belong_to() -> None:
    meta = {
        "associatedErrors": {
            "/v1/appStoreVersionLocalizations/1": [an_error(detail="X."), an_error(detail="Y.")],
            "/v1/appInfos/2": [an_error(detail="Z.", meta={"associatedErrors": {"/a": []}})],
        }
    }
    found = problems_of({"errors": [an_error("STATE_ERROR", meta=meta), an_error()]}, 409)
    assert [problem.detail for problem in found] == ["Detail.", "X.", "Y.", "Z.", "Detail."]


def test_a_field_named_only_in_the_sentence_is_found() -> None:
    said = "Attribute 'whatsNew' cannot be edited at this time"
    (problem,) = problems_of({"errors": [an_error("STATE_ERROR", detail=said)]}, 409)
    assert problem.attribute == "whatsNew"
    assert problem.sentence == f"What's new: cannot be changed in this state. Apple says: {said}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE.DIFFERENT_ACCOUNT", "already taken"),
        ("ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE", "cannot be changed in this state"),
        ("ENTITY_ERROR.ATTRIBUTE.TYPE", "in the wrong form"),
        ("STATE_ERROR.ENTITY_STATE_INVALID", "cannot be changed in this state"),
        ("ENTITY_ERROR.SOMETHING.NEW", "not accepted"),
        ("A_NEW_KIND", "not accepted"),
    ],
)
def test_codes_are_put_in_plain_words_known_refinements_or_not(code: str, words: str) -> None:
    (problem,) = problems_of({"errors": [an_error(code, source=at("name"))]}, 409)
    assert problem.sentence == f"Name: {words}. Apple says: Detail."


def test_refused_characters_are_shown_with_their_code_points() -> None:
    detail = "What's New in This Version can't contain the following character(s): 🧋, \ufe0f."
    error = an_error(
        "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS", source=at("whatsNew"), detail=detail
    )
    (problem,) = problems_of({"errors": [error]}, 409)
    assert problem.characters == "🧋 U+1F9CB, U+FE0F"
    assert "(🧋 U+1F9CB, U+FE0F)" in problem.sentence


def test_an_error_without_a_detail_speaks_by_its_title() -> None:
    (problem,) = problems_of({"errors": [{"code": "X", "title": "Title."}]}, 422)
    assert (problem.status, problem.attribute) == (422, None)
    assert problem.sentence == "The change: not accepted. Apple says: Title."


def test_a_locale_that_is_there_already_is_no_mistake_of_a_person() -> None:
    error = refused(an_error(detail="Entity with locale: ja already exists. Try updating."))
    assert isinstance(error, AlreadyExists)
    assert isinstance(error, Conflict)


OTHER = "fb5dad8e-bd5f-4d96-bc2f-561cf74a7e7a"


@pytest.mark.parametrize(
    ("detail", "other"),
    [
        (
            "appStoreVersions with id 8 was already added to another reviewSubmission "
            f"with id {OTHER}",
            OTHER,
        ),
        (f"There is another reviewSubmissions with id {OTHER} still in progress.", OTHER),
        ("There is already another reviewSubmission in progress for this platform", ""),
    ],
)
def test_a_submission_in_the_way_is_named_where_apple_names_it(detail: str, other: str) -> None:
    meta = {"associatedErrors": {"/v1/reviewSubmissionItems": [an_error(detail=detail)]}}
    asker = Asker(key_id="KEY1", skew=0.0, about="the version for review")
    error = refusal(409, {"errors": [an_error("STATE_ERROR", meta=meta)]}, asker)
    assert isinstance(error, AlreadyExists)
    assert error.other_id == other
    assert error.message.startswith("Apple already has the version for review.")
    assert error.remedy == "Look where the app stands now."


def test_a_version_number_that_was_used_is_there_already() -> None:
    state = an_error(
        "ENTITY_ERROR.RELATIONSHIP.INVALID", source={"pointer": "/data/relationships/app"}
    )
    used = an_error("ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE", source=at("versionString"))
    asker = Asker(key_id="KEY1", skew=0.0, about="version 2.6.0")
    assert isinstance(refusal(409, {"errors": [state, used]}, asker), AlreadyExists)
    error = refusal(409, {"errors": [state]}, asker)
    assert isinstance(error, AppleRefused)
    assert error.message == (
        "Apple did not take version 2.6.0. "
        "Version 2.6.0: does not go with what it belongs to. Apple says: Detail."
    )


def test_the_same_lack_in_many_locales_is_said_once_with_its_count() -> None:
    said = "You must provide a value for the attribute 'whatsNew' with this request"
    lacking = an_error("ENTITY_ERROR.ATTRIBUTE.REQUIRED", source=at("whatsNew"), detail=said)
    paths = [f"/v1/appStoreVersionLocalizations/{number}" for number in range(3)]
    meta = {"associatedErrors": {path: [lacking] for path in paths}}
    asker = Asker(key_id="KEY1", skew=0.0, about="the submission")
    see = an_error("STATE_ERROR", detail="See associated errors.", meta=meta)
    error = refusal(409, {"errors": [see, an_error("STATE_ERROR", detail="Late.")]}, asker)
    assert isinstance(error, AppleRefused)
    assert error.message == (
        "Apple did not take the submission. What's new: must not be empty. "
        f"Apple says: {said}. (3 times) "
        "The submission: not possible in this state. Apple says: Late."
    )
    assert len(error.problems) == 5


def test_associated_errors_keep_what_they_are_about() -> None:
    path = "/v1/appStoreVersionLocalizations/9"
    lacking = an_error("ENTITY_ERROR.ATTRIBUTE.REQUIRED", source=at("description"))
    shot = an_error("STATE_ERROR.SCREENSHOT_REQUIRED.APP_IPHONE_65")
    meta = {"associatedErrors": {path: [lacking], "/v1/appStoreVersions/1": [shot]}}
    asker = Asker(key_id="KEY1", skew=0.0, about="the submission")
    error = refusal(409, {"errors": [an_error("STATE_ERROR", meta=meta)]}, asker)
    assert isinstance(error, AppleRefused)
    assert [problem.path for problem in error.problems] == ["", path, "/v1/appStoreVersions/1"]
    assert "Description: must not be empty. Apple says: Detail." in error.message
    assert "The submission: a screenshot is missing. Apple says: Detail." in error.message


def test_a_name_that_somebody_else_has_is_one() -> None:
    detail = "The App Name you entered is already being used, it already exists."
    error = refused(an_error(source=at("name"), detail=detail))
    assert isinstance(error, AppleRefused)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_refusal_without_errors_still_says_something(status: int) -> None:
    error = refusal(status, None, ASKER)
    assert isinstance(error, AppleRefused)
    assert str(status) in str(error)


def test_missing_agreements_say_who_has_to_do_what() -> None:
    code = "FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED"
    error = refused(an_error(code, status="403"), status=403)
    assert isinstance(error, AgreementsMissing)
    assert isinstance(error, Refused)
    assert error.remedy == (
        "The Account Holder must accept it in App Store Connect under Business."
    )


def test_a_key_without_the_right_role_is_told_which_it_needs() -> None:
    error = refused(an_error("FORBIDDEN_ERROR", status="403"), status=403)
    assert isinstance(error, NotAllowed)
    assert not isinstance(error, AgreementsMissing)
    assert "KEY1" in error.message
    assert "App Manager" in error.remedy


def test_what_is_gone_is_a_reason_to_read_again() -> None:
    error = refused(an_error("NOT_FOUND", status="404"), status=404)
    assert isinstance(error, Gone)
    assert isinstance(error, Conflict)


@pytest.mark.parametrize(("skew", "side"), [(120.0, "behind"), (-120.0, "ahead of")])
def test_a_refused_key_mentions_a_wrong_clock(skew: float, side: str) -> None:
    error = refusal(401, None, Asker(key_id="KEY1", skew=skew))
    assert isinstance(error, NotAuthorized)
    assert f"clock is 120 seconds {side} Apple's" in error.remedy


def test_a_refused_key_with_a_right_clock_says_nothing_of_clocks() -> None:
    assert "clock" not in str(refusal(401, None, ASKER))


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_everything_else_is_tried_again_later(status: int) -> None:
    error = refusal(status, None, ASKER, retry_after=9.0)
    assert isinstance(error, Unavailable)
    assert error.retry_after == 9.0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["errors", "code", "detail", "source", "pointer", "meta", "associatedErrors", "x"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(document=JSON, status=st.integers(300, 599))
def test_no_answer_is_too_odd_to_become_an_error(document: object, status: int) -> None:
    assert str(refusal(status, {"errors": [document]}, ASKER))
    assert str(refusal(status, document, ASKER))


def test_thousands_of_errors_are_cut_to_a_hundred() -> None:
    assert len(problems_of({"errors": [an_error()] * 5000}, 409)) == 100
