"""Which version a person edits, and why something cannot be changed now."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.domain.editing import (
    INFO_STATES,
    VERSION_STATES,
    can_add_locale,
    choices,
    editable_version,
    is_live,
    listing,
    live_version,
    state_words,
    why_no_choice,
    why_not,
)
from bot.domain.fields import FIELDS, Resource
from bot.domain.listing import AppInfo, Listing, Localization, Reading, Version
from tests.builders import NOON, a_version, an_app

# App Store Connect API, AppVersionState and AppInfo.State.
VERSION_STATE_NAMES = (
    "ACCEPTED DEVELOPER_REJECTED IN_REVIEW INVALID_BINARY METADATA_REJECTED PENDING_APPLE_RELEASE "
    "PENDING_DEVELOPER_RELEASE PREPARE_FOR_SUBMISSION PROCESSING_FOR_DISTRIBUTION "
    "READY_FOR_DISTRIBUTION READY_FOR_REVIEW REJECTED REPLACED_WITH_NEW_VERSION "
    "WAITING_FOR_EXPORT_COMPLIANCE WAITING_FOR_REVIEW"
)
INFO_STATE_NAMES = (
    "ACCEPTED DEVELOPER_REJECTED IN_REVIEW PENDING_RELEASE PREPARE_FOR_SUBMISSION "
    "READY_FOR_DISTRIBUTION READY_FOR_REVIEW REJECTED REPLACED_WITH_NEW_INFO WAITING_FOR_REVIEW"
)
PREPARING = (
    "PREPARE_FOR_SUBMISSION",
    "DEVELOPER_REJECTED",
    "REJECTED",
    "METADATA_REJECTED",
    "INVALID_BINARY",
)
LOCKED = (
    "READY_FOR_REVIEW",
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "ACCEPTED",
    "WAITING_FOR_EXPORT_COMPLIANCE",
)


def version(number: str, state: str, platform: str = "IOS") -> Version:
    return a_version(id=f"{platform}-{number}", number=number, state=state, platform=platform)


def info(state: str) -> AppInfo:
    return AppInfo(id=state, app_id="1001", state=state)


def texts(resource: Resource, locale: str, **said: str) -> Localization:
    return Localization(id=f"{resource}-{locale}", resource=resource, locale=locale, texts=said)


def a_reading(
    *versions: Version,
    infos: tuple[AppInfo, ...] = (),
    of_versions: Mapping[str, Mapping[str, Localization]] | None = None,
    of_infos: Mapping[str, Mapping[str, Localization]] | None = None,
) -> Reading:
    return Reading(
        app=an_app(),
        platform="IOS",
        versions=versions,
        app_infos=infos,
        version_localizations=of_versions or {},
        info_localizations=of_infos or {},
        read_at=NOON,
    )


PREPARED = version("2.4.0", "PREPARE_FOR_SUBMISSION")
LIVE = version("2.3.0", "READY_FOR_DISTRIBUTION")
INFOS = (info("READY_FOR_DISTRIBUTION"), info("PREPARE_FOR_SUBMISSION"))


def shown(*versions: Version, infos: tuple[AppInfo, ...] = INFOS) -> Listing:
    """The listing of the first of these versions."""
    return listing(a_reading(*versions, infos=infos), versions[0].id)


def changeable(found: Listing) -> set[str]:
    return {field.attribute for field in FIELDS if why_not(found, field.attribute) is None}


def test_every_state_that_apple_publishes_is_known() -> None:
    assert set(VERSION_STATES) == set(VERSION_STATE_NAMES.split())
    assert set(INFO_STATES) == set(INFO_STATE_NAMES.split())


def test_states_are_said_in_app_store_connects_words() -> None:
    assert state_words("PENDING_DEVELOPER_RELEASE") == "Pending Developer Release"
    assert state_words("READY_FOR_DISTRIBUTION") == "Ready for Distribution"


def test_a_state_nobody_knows_is_shown_as_it_is() -> None:
    assert state_words("ON_THE_MOON") == "ON_THE_MOON"


@pytest.mark.parametrize("state", PREPARING)
def test_every_text_of_a_version_in_preparation_can_change(state: str) -> None:
    current = version("2.4.0", state)
    assert editable_version(a_reading(current, LIVE)) == current
    assert changeable(shown(current, LIVE)) == {field.attribute for field in FIELDS}


@pytest.mark.parametrize("state", LOCKED)
def test_nothing_of_a_version_that_was_handed_in_can_change(state: str) -> None:
    current = version("2.4.0", state)
    assert choices(a_reading(current, LIVE)) == (LIVE,)
    assert changeable(shown(current, LIVE)) == set()


@pytest.mark.parametrize("state", ["READY_FOR_DISTRIBUTION", "PENDING_DEVELOPER_RELEASE"])
def test_only_the_promotional_text_changes_once_a_version_is_approved(state: str) -> None:
    assert changeable(shown(version("2.3.0", state))) == {"promotionalText"}


def test_an_unknown_state_lets_nothing_change() -> None:
    assert changeable(shown(version("2.4.0", "ON_THE_MOON"), LIVE)) == set()


def test_the_version_in_preparation_is_offered_before_the_live_one() -> None:
    assert choices(a_reading(LIVE, PREPARED)) == (PREPARED, LIVE)


def test_an_approved_version_that_waits_for_release_is_offered_last() -> None:
    waiting = version("2.4.0", "PENDING_DEVELOPER_RELEASE")
    assert choices(a_reading(waiting, LIVE)) == (LIVE, waiting)
    assert not is_live(waiting)


def test_the_old_version_is_the_live_one_while_its_successor_is_processed() -> None:
    coming = version("2.4.0", "PROCESSING_FOR_DISTRIBUTION")
    assert live_version(a_reading(coming, LIVE)) == LIVE
    assert live_version(a_reading(coming)) == coming


def test_versions_of_another_platform_are_not_offered() -> None:
    mac = version("9.0", "PREPARE_FOR_SUBMISSION", "MAC_OS")
    assert choices(a_reading(mac, LIVE)) == (LIVE,)
    assert editable_version(a_reading(mac)) is None


def test_a_listing_joins_the_version_with_the_app_info_of_its_own() -> None:
    reading = a_reading(
        PREPARED,
        LIVE,
        infos=INFOS,
        of_versions={
            PREPARED.id: {"ja": texts(Resource.VERSION, "ja", keywords="new")},
            LIVE.id: {"ja": texts(Resource.VERSION, "ja", keywords="old")},
        },
        of_infos={
            "PREPARE_FOR_SUBMISSION": {"ja": texts(Resource.APP_INFO, "ja", name="Coming")},
            "READY_FOR_DISTRIBUTION": {"ja": texts(Resource.APP_INFO, "ja", name="Public")},
        },
    )
    coming, public = listing(reading, PREPARED.id), listing(reading, LIVE.id)
    assert (coming.text("ja", "name"), coming.text("ja", "keywords")) == ("Coming", "new")
    assert (public.text("ja", "name"), public.text("ja", "keywords")) == ("Public", "old")


def test_a_live_version_has_no_part_in_the_app_info_of_the_next_one() -> None:
    assert shown(LIVE, infos=(info("PREPARE_FOR_SUBMISSION"),)).app_info is None


def test_a_version_that_was_not_read_is_no_listing() -> None:
    with pytest.raises(KeyError):
        listing(a_reading(LIVE), "v404")


def test_the_only_version_of_a_platform_is_its_first() -> None:
    other = version("9.0", "READY_FOR_DISTRIBUTION", "MAC_OS")
    assert shown(PREPARED, other).first_version
    assert not shown(PREPARED, LIVE).first_version


def test_a_live_version_is_not_called_the_first_since_replaced_ones_are_not_read() -> None:
    assert not shown(LIVE).first_version


def test_whats_new_is_refused_on_a_first_version() -> None:
    reason = why_not(shown(PREPARED), "whatsNew")
    assert reason == "What's new cannot be set on an app's first version: nothing came before it."
    assert why_not(shown(PREPARED), "description") is None


def test_the_reason_names_the_field_the_version_and_what_can_change_instead() -> None:
    assert why_not(shown(LIVE), "name") == (
        "The name can only be changed while a version is being prepared; 2.3.0 is live "
        "(Ready for Distribution). Until the next version, only the promotional text can change."
    )


def test_names_wait_while_another_platform_has_them_in_review() -> None:
    found = shown(PREPARED, LIVE, infos=(info("IN_REVIEW"), info("READY_FOR_DISTRIBUTION")))
    reason = why_not(found, "name")
    assert reason is not None
    assert "shared by all platforms" in reason
    assert "In Review" in reason
    assert why_not(found, "description") is None


def test_names_can_still_be_read_when_only_the_live_app_info_is_there() -> None:
    found = shown(PREPARED, LIVE, infos=(info("READY_FOR_DISTRIBUTION"),))
    assert found.app_info == info("READY_FOR_DISTRIBUTION")
    assert why_not(found, "subtitle") is not None


def test_a_version_without_any_app_info_says_so() -> None:
    found = shown(PREPARED, LIVE, infos=())
    assert found.app_info is None
    assert "Apple has none" in (why_not(found, "name") or "")


def test_a_locale_is_added_only_while_a_version_is_in_preparation() -> None:
    assert can_add_locale(shown(PREPARED, LIVE)) is None
    assert "being prepared" in (can_add_locale(shown(LIVE)) or "")
    assert "In Review" in (can_add_locale(shown(PREPARED, infos=(info("IN_REVIEW"),))) or "")


def test_an_app_where_nothing_can_be_edited_says_which_state_stands_in_the_way() -> None:
    reading = a_reading(version("1.0", "IN_REVIEW"))
    assert why_no_choice(reading) == (
        "Version 1.0 is in the state In Review; nothing of it can be changed now."
    )
    assert why_no_choice(a_reading(PREPARED)) is None
    assert why_no_choice(a_reading()) == "Notes has no version on this platform yet."
