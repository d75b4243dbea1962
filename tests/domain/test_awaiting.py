"""A version that Apple does not have yet: what is approved for it, and how it will begin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.awaiting import known_as, planned, same_version, target_of, why_not_awaited
from bot.domain.changes import digest
from bot.domain.editing import listing, why_not
from bot.domain.fields import Resource
from bot.domain.listing import AppInfo, Localization, Reading, Version
from bot.domain.proposals import Target
from tests.builders import NOON, a_version, an_app, an_item

AWAITED = Target(app_id="1001", platform="IOS", version_id="", awaited="3.2")
BOUND = replace(AWAITED, version_id="v9")
LIVE = "READY_FOR_DISTRIBUTION"


def a_reading(*versions: Version) -> Reading:
    """What Apple holds: German texts of the version and of the names beside it."""
    info = AppInfo(id="i1", app_id="1001", state=LIVE)
    names = Localization(
        id="n1", resource=Resource.APP_INFO, locale="de-DE", texts={"name": "Notizen"}
    )
    texts = Localization(
        id="t1",
        resource=Resource.VERSION,
        locale="de-DE",
        texts={"keywords": "notiz", "whatsNew": "Hefte."},
    )
    return Reading(
        app=an_app(),
        platform="IOS",
        versions=versions,
        app_infos=(info,),
        version_localizations={one.id: {"de-DE": texts} for one in versions},
        info_localizations={"i1": {"de-DE": names}},
        read_at=NOON,
    )


def test_the_digest_stays_the_same_once_the_version_has_an_id() -> None:
    assert digest(BOUND, [an_item()]) == digest(AWAITED, [an_item()])


@pytest.mark.parametrize(
    "other",
    [
        replace(AWAITED, awaited="3.3"),
        replace(AWAITED, platform="MAC_OS"),
        replace(AWAITED, app_id="1002"),
        replace(AWAITED, awaited=""),
        replace(BOUND, awaited=""),
        replace(AWAITED, awaited="", version_id="3.2"),
    ],
)
def test_what_was_approved_for_one_version_was_approved_for_no_other(other: Target) -> None:
    assert digest(other, [an_item()]) != digest(AWAITED, [an_item()])


@pytest.mark.parametrize(
    "other", [{"number": "3.2.0"}, {"number": "3.3"}, {"platform": "MAC_OS"}, {"app_id": "1002"}]
)
def test_a_version_is_known_by_its_app_platform_and_number(other: dict[str, str]) -> None:
    it = a_version(id="v9", number="3.2")
    assert known_as(AWAITED, [replace(it, **other), it]) == it
    assert known_as(AWAITED, [replace(it, **other)]) is None
    assert known_as(BOUND, [it]) is None


def test_it_begins_with_the_newest_texts_the_names_of_now_and_no_news() -> None:
    reading, version = planned(a_reading(a_version(state=LIVE)), "3.2")
    live = listing(reading, version.id)
    texts = [live.text("de-DE", field) for field in ("keywords", "name", "whatsNew")]
    assert texts == ["notiz", "Notizen", ""]
    assert [why_not(live, field) for field in ("keywords", "name", "whatsNew")] == [None] * 3
    assert target_of(live) == AWAITED


def test_the_first_version_of_a_platform_begins_empty_and_has_no_news() -> None:
    mac = a_version(platform="MAC_OS", state=LIVE)
    reading, version = planned(a_reading(mac), "1.0")
    live = listing(reading, version.id)
    assert live.text("de-DE", "keywords") == ""
    assert "first version" in (why_not(live, "whatsNew") or "")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("3.2 beta", "is no version number"),
        ("2.4", "Apple takes 2.4 and 2.4.0 as the same"),
        ("2.3.9", "is not higher than 2.4.0"),
        ("2.5.0", ""),
    ],
)
def test_a_number_that_can_never_come_is_told(number: str, why: str) -> None:
    found = why_not_awaited(number, [a_version(state=LIVE)])
    assert (found is None) is (why == "")
    assert why in (found or ("",))[0]


def test_two_that_wait_are_about_the_same_version_only_where_the_number_is_the_same() -> None:
    assert same_version(AWAITED, AWAITED)
    assert not same_version(AWAITED, replace(AWAITED, awaited="3.3"))
    assert not same_version(AWAITED, replace(AWAITED, awaited=""))
    assert same_version(BOUND, replace(BOUND, awaited=""))
