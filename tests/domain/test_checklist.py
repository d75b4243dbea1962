from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.checklist import Facts, checklist, links_of, with_texts
from bot.domain.items import Item, ItemKind
from bot.domain.listing import Listing
from bot.domain.releases import Build, Declared, Release, Standing, Submission
from bot.domain.validation import Finding, Severity
from tests.builders import TEXTS, a_listing, a_version

BUILD = Build(id="b1", platform="IOS", train="2.4.0", number="41")
SHOTS = Facts(screenshots={"en-US": 2})


def a_standing(build: Build | None = BUILD, *submissions: Submission) -> Standing:
    return Standing(
        app_id="1001",
        platform="IOS",
        releases=(Release(version=a_version(), build=build),),
        submissions=submissions,
        read_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def a_submission(state: str, *versions: str, others: int = 0) -> Submission:
    return Submission(
        id="s1", app_id="1001", platform="IOS", state=state, version_ids=versions, others=others
    )


def errors(found: tuple[Finding, ...]) -> list[str]:
    return [f"{one.field}: {one.message}" for one in found if one.severity is Severity.ERROR]


def warnings(found: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in found if one.severity is Severity.WARNING]


def checked(listing: Listing | None = None, **values: object) -> tuple[Finding, ...]:
    given = {"standing": a_standing(), "facts": SHOTS, **values}
    return checklist(listing or a_listing(), given["standing"], given["facts"])  # type: ignore[arg-type]


def test_a_version_that_has_everything_passes() -> None:
    assert checked() == ()


def test_a_required_text_that_is_missing_names_all_its_locales_at_once() -> None:
    texts = {"en-US": TEXTS, "ja": {**TEXTS, "whatsNew": ""}, "th": {"name": "โน้ต"}}
    found = errors(checked(a_listing(texts), facts=Facts()))
    assert "whatsNew: Missing in ja, th." in found
    assert "keywords: Missing in th." in found
    assert not [one for one in found if one.startswith(("subtitle", "marketingUrl"))]


def test_what_apple_requires_beside_the_texts_is_told_with_its_place() -> None:
    bare = a_standing()
    lacking = replace(bare, releases=(replace(bare.releases[0], copyright=""),))
    nothing = replace(SHOTS, declared=Declared(category="", content_rights=""))
    assert errors(checked(standing=lacking, facts=nothing)) == [
        ": The copyright is missing.",
        ": No primary category is chosen.",
        ": It is not declared whether the app shows content of others.",
    ]
    everything = replace(SHOTS, declared=Declared(category="GAMES", content_rights="USES"))
    assert checked(facts=everything) == ()


def test_a_first_version_needs_no_release_notes() -> None:
    first = a_listing({"en-US": {**TEXTS, "whatsNew": ""}}, first_version=True)
    assert checked(first) == ()


def test_a_build_has_to_be_chosen_and_usable() -> None:
    assert errors(checked(standing=a_standing(None))) == [": No build is chosen."]
    expired = Build(id="b", platform="IOS", train="2.4.0", number="41", expired=True)
    assert errors(checked(standing=a_standing(expired))) == [": Build 2.4.0 (41) has expired."]
    raw = Build(id="b", platform="IOS", train="2.4.0", number="41", state="PROCESSING")
    assert "PROCESSING" in errors(checked(standing=a_standing(raw)))[0]


def test_screenshots_are_needed_in_the_primary_locale_and_others_show_those() -> None:
    both = a_listing({"en-US": TEXTS, "ja": TEXTS})
    assert errors(checked(both, facts=Facts(screenshots={"ja": 1}))) == [
        ": There are no screenshots in en-US, the primary locale."
    ]
    assert warnings(checked(both)) == ["ja will show the screenshots of en-US."]


def test_screenshots_that_cannot_be_seen_are_doubted_and_stop_nothing() -> None:
    found = checked(facts=Facts(screenshots={"en-US": 0}))
    assert errors(found) == []
    assert warnings(found) == ["No screenshots were found."]


def test_another_open_submission_stands_in_the_way() -> None:
    other = a_submission("IN_REVIEW", "v9")
    assert "one at a time" in errors(checked(standing=a_standing(BUILD, other)))[0]
    draft = a_submission("READY_FOR_REVIEW", others=2)
    assert "draft submission" in errors(checked(standing=a_standing(BUILD, draft)))[0]


def test_an_own_or_empty_draft_and_one_that_is_being_cancelled_do_not() -> None:
    for one in (
        a_submission("READY_FOR_REVIEW", "v2"),
        a_submission("READY_FOR_REVIEW"),
        a_submission("CANCELING", "v9"),
        a_submission("UNRESOLVED_ISSUES", "v2"),
    ):
        assert errors(checked(standing=a_standing(BUILD, one))) == []


def test_a_version_in_review_cannot_be_submitted() -> None:
    reviewed = a_listing(version=a_version(state="IN_REVIEW"))
    assert "In Review" in errors(checked(reviewed))[0]


def test_a_link_that_does_not_answer_is_told_with_its_field_and_locales() -> None:
    link = TEXTS["supportUrl"]
    facts = Facts(screenshots={"en-US": 1}, links={link: "It answers 404.", "https://x": None})
    (found,) = checked(facts=facts)
    assert found.severity is Severity.WARNING
    assert found.field == "supportUrl"
    assert found.message == f"{link} (en-US): It answers 404."
    assert set(links_of(a_listing())) == {
        TEXTS["supportUrl"],
        TEXTS["marketingUrl"],
        TEXTS["privacyPolicyUrl"],
    }


def test_texts_of_a_proposal_count_as_there() -> None:
    lacking = a_listing({"en-US": {**TEXTS, "whatsNew": ""}})
    item = Item(locale="en-US", field="whatsNew", before="", after="Folders.")
    new = Item(kind=ItemKind.LOCALE, locale="ja", before="", after="present")
    name = Item(locale="ja", field="name", before="", after="メモ")
    assert checked(with_texts(lacking, [item])) == ()
    assert "keywords: Missing in ja." in errors(checked(with_texts(lacking, [item, new, name])))
