from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.actions import ACTIONS
from bot.domain.items import ItemKind
from bot.domain.releases import Build, PhasedRelease, Release, Standing, Submission
from bot.domain.wishes import (
    FIELD_OF,
    Deed,
    Seen,
    Wish,
    deed_of,
    items_of,
    next_number,
    phased_choices,
    seen,
    subject,
    wish_of,
)
from tests.builders import NOON, a_version, an_item


def a_release(
    state: str, number: str = "2.4.0", phased: PhasedRelease | None = None, **values: object
) -> Release:
    version = a_version(id=f"v{number}", number=number, state=state, **values)
    build = Build(id="b", platform="IOS", train=number, number="41")
    return Release(version=version, build=build, phased=phased)


def a_standing(*releases: Release, submissions: tuple[Submission, ...] = ()) -> Standing:
    return Standing(
        app_id="1001",
        platform="IOS",
        releases=releases,
        submissions=submissions,
        read_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


LIVE = a_release("READY_FOR_DISTRIBUTION", "2.3.0")
PREPARED = a_release("PREPARE_FOR_SUBMISSION")


def test_every_kind_that_acts_has_apples_word_and_a_form() -> None:
    assert set(FIELD_OF) == set(ACTIONS)


@pytest.mark.parametrize(
    ("numbers", "then"),
    [
        ((), "1.0"),
        (("2.4.1",), "2.5.0"),
        (("2.4",), "2.5"),
        (("3",), "4"),
        (("2.9.0", "2.10.0"), "2.11.0"),
        (("beta",), "1.0"),
    ],
)
def test_the_next_minor_number_is_offered(numbers: tuple[str, ...], then: str) -> None:
    standing = a_standing(*(a_release("READY_FOR_DISTRIBUTION", number) for number in numbers))
    assert next_number(standing) == then


def test_a_form_is_about_the_version_that_fits() -> None:
    standing = a_standing(PREPARED, LIVE)
    assert subject(Deed.BUILD, standing) == PREPARED
    assert subject(Deed.SUBMIT, standing) == PREPARED
    assert subject(Deed.CANCEL, standing) is None
    assert subject(Deed.RELEASE, standing) == PREPARED
    assert subject(Deed.BUILD, standing, "v2.3.0") is None


def test_what_is_in_review_can_be_cancelled() -> None:
    reviewed = a_release("IN_REVIEW")
    inside = Submission(
        id="s", app_id="1001", platform="IOS", state="IN_REVIEW", version_ids=("v2.4.0",)
    )
    assert subject(Deed.CANCEL, a_standing(reviewed, submissions=(inside,))) == reviewed


def phased(state: str, paused: int = 0) -> PhasedRelease:
    return PhasedRelease(id="p", version_id="v", state=state, day=2, paused_days=paused)


@pytest.mark.parametrize(
    ("release", "choices"),
    [
        (PREPARED, ("INACTIVE",)),
        (LIVE, ()),
        (a_release("PREPARE_FOR_SUBMISSION", phased=phased("INACTIVE")), ("",)),
        (a_release("READY_FOR_DISTRIBUTION", phased=phased("ACTIVE")), ("PAUSED", "COMPLETE")),
        (a_release("READY_FOR_DISTRIBUTION", phased=phased("ACTIVE", 30)), ("COMPLETE",)),
        (a_release("READY_FOR_DISTRIBUTION", phased=phased("PAUSED")), ("ACTIVE", "COMPLETE")),
        (a_release("READY_FOR_DISTRIBUTION", phased=phased("COMPLETE")), ()),
    ],
)
def test_a_phased_release_offers_what_makes_sense(
    release: Release, choices: tuple[str, ...]
) -> None:
    assert phased_choices(release, a_standing(release, LIVE)) == choices


@pytest.mark.parametrize(
    ("state", "choices"),
    [
        ("WAITING_FOR_REVIEW", ("INACTIVE",)),
        ("WAITING_FOR_EXPORT_COMPLIANCE", ("INACTIVE",)),
        ("PENDING_DEVELOPER_RELEASE", ("INACTIVE",)),
        ("METADATA_REJECTED", ("INACTIVE",)),
        ("INVALID_BINARY", ()),
        ("READY_FOR_REVIEW", ()),
        ("ACCEPTED", ()),
        ("PENDING_APPLE_RELEASE", ()),
        ("SOMETHING_NEW", ()),
    ],
)
def test_phases_are_offered_in_the_states_that_apple_names(
    state: str, choices: tuple[str, ...]
) -> None:
    release = a_release(state)
    assert phased_choices(release, a_standing(release, LIVE)) == choices


def test_phases_that_were_asked_for_can_be_taken_away_until_the_release() -> None:
    release = a_release("PENDING_APPLE_RELEASE", phased=phased("INACTIVE"))
    assert phased_choices(release, a_standing(release, LIVE)) == ("",)


def test_a_first_version_has_no_phases() -> None:
    assert phased_choices(PREPARED, a_standing(PREPARED)) == ()


def test_a_wish_becomes_items_with_what_was_seen_as_baseline_and_back() -> None:
    wish = Wish(number="2.5.0", build="2.5.0 (50)", release="MANUAL", reason="New.")
    items = items_of(Deed.VERSION, wish, Seen(source="2.4.0"))
    assert [item.kind for item in items] == [
        ItemKind.NEW_VERSION,
        ItemKind.COPY_TEXTS,
        ItemKind.BUILD,
        ItemKind.RELEASE_TYPE,
    ]
    assert all(item.locale == "" for item in items)
    assert wish_of(items, "New.") == wish
    later = replace(wish, not_before=NOON)
    assert items_of(Deed.VERSION, later, Seen(source="2.4.0")) == items
    assert wish_of(items, "New.", NOON) == later
    assert deed_of(items) is Deed.VERSION

    (submit,) = items_of(Deed.SUBMIT, Wish(), seen(PREPARED))
    assert (submit.before, submit.after) == ("2.4.0 (41)", "submitted")


def test_a_proposal_with_texts_is_edited_in_the_form_of_texts() -> None:
    items = (an_item(), *items_of(Deed.SUBMIT, Wish(), seen(PREPARED)))
    assert deed_of(items) is None
    assert deed_of(()) is None
