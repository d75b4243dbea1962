"""When a push may begin, and which times a proposal cannot carry."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.proposals import AT_ONCE, Timing
from bot.domain.timing import Calendar, Freeze, Held, mistakes
from tests.builders import an_item

BERLIN = ZoneInfo("Europe/Berlin")
# A Wednesday.
NOW = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOLIDAYS = Freeze(name="Holidays", starts=NOW + 5 * DAY, ends=NOW + 20 * DAY)
WEEKEND = Freeze(name="Weekend", weekly=(("fri", time(16)), ("mon", time(8))))
PROMO = (an_item(field="promotionalText"),)


def calendar(*freezes: Freeze, bundle_id: str = "com.example.notes") -> Calendar:
    return Calendar(freezes=freezes, bundle_id=bundle_id, zone=BERLIN)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def test_what_carries_no_time_begins_at_once() -> None:
    assert calendar(HOLIDAYS, WEEKEND).held(AT_ONCE, NOW) is None


def test_a_push_waits_for_its_own_time() -> None:
    timing = Timing(not_before=NOW + DAY)

    assert calendar().held(timing, NOW) == Held(until=NOW + DAY)
    assert calendar().held(timing, NOW + DAY) is None


def test_a_freeze_holds_from_its_beginning_to_its_end() -> None:
    frozen = calendar(HOLIDAYS)

    assert frozen.held(AT_ONCE, NOW + 5 * DAY - timedelta(seconds=1)) is None
    assert frozen.held(AT_ONCE, NOW + 5 * DAY) == Held(until=NOW + 20 * DAY, freeze="Holidays")
    assert frozen.held(AT_ONCE, NOW + 20 * DAY) is None


def test_a_time_of_its_own_inside_a_freeze_waits_for_the_end_of_the_freeze() -> None:
    timing = Timing(not_before=NOW + 6 * DAY)
    assert calendar(HOLIDAYS).held(timing, NOW) == Held(until=NOW + 20 * DAY, freeze="Holidays")


def test_freezes_that_follow_upon_each_other_hold_until_the_last_one_ends() -> None:
    # The holidays begin on a Monday at 10:00, two hours after the weekend ends.
    earlier = Freeze(name="Inventory", starts=local("2026-12-21T08:00"), ends=NOW + 5 * DAY)
    held = calendar(WEEKEND, earlier, HOLIDAYS).held(AT_ONCE, local("2026-12-19T12:00"))

    assert held == Held(until=NOW + 20 * DAY, freeze="Holidays")


def test_a_weekly_freeze_is_told_in_the_teams_own_time() -> None:
    held = calendar(WEEKEND).held(AT_ONCE, local("2026-12-18T16:00"))
    assert held == Held(until=local("2026-12-21T08:00"), freeze="Weekend")


def test_a_freeze_of_other_apps_holds_nothing() -> None:
    other = Freeze(name="Other", starts=NOW, ends=NOW + DAY, apps=("com.example.other",))

    assert calendar(other).held(AT_ONCE, NOW) is None
    assert calendar(other, bundle_id="com.example.other").held(AT_ONCE, NOW)


def test_a_freeze_without_an_end_is_looked_through_no_longer_than_it_takes() -> None:
    always = Freeze(name="Always", weekly=(("mon", time(0)), ("mon", time(0))))
    assert calendar(always).held(AT_ONCE, NOW)


@pytest.mark.parametrize(
    ("timing", "field", "words"),
    [
        (Timing(not_before=NOW), "not_before", "is over"),
        (Timing(not_before=NOW + 30 * DAY), "not_before", "29 days"),
        (Timing(ends_at=NOW - DAY), "ends_at", "is over"),
        (Timing(ends_at=NOW + 31 * DAY), "ends_at", "30 days"),
        (Timing(not_before=NOW + 2 * DAY, ends_at=NOW + DAY), "ends_at", "before it begins"),
        (Timing(not_before=NOW + DAY, ends_at=NOW + DAY), "ends_at", "before it begins"),
        (Timing(not_before=NOW + 6 * DAY, ends_at=NOW + 9 * DAY), "ends_at", "Holidays"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_own_input(
    timing: Timing, field: str, words: str
) -> None:
    (found,) = mistakes(timing, PROMO, calendar(HOLIDAYS), NOW)

    assert found.field == field
    assert words in found.message
    assert found.remedy


def test_a_freeze_that_lasts_too_long_is_refused() -> None:
    long = Freeze(name="Moving house", starts=NOW + DAY, ends=NOW + 40 * DAY)
    (found,) = mistakes(Timing(not_before=NOW + 2 * DAY), PROMO, calendar(long), NOW)

    assert "Moving house" in found.message


def test_only_promotional_texts_can_return() -> None:
    timing = Timing(ends_at=NOW + DAY)

    assert mistakes(timing, PROMO, calendar(), NOW) == ()
    (found,) = mistakes(timing, (*PROMO, an_item(field="subtitle")), calendar(), NOW)
    assert "Only a promotional text" in found.message


def test_times_that_can_be_are_let_pass() -> None:
    timing = Timing(not_before=NOW + DAY, ends_at=NOW + 3 * DAY)
    assert mistakes(timing, PROMO, calendar(HOLIDAYS), NOW) == ()
