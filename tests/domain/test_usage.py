"""When more of what is asked of Apple fails than usual."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.usage import Hour, jump, tallies
from tests.builders import NOON

NOW = NOON + timedelta(minutes=30)


def an_hour(back: int, requests: int, *, account: str = "default", **bad: int) -> Hour:
    start: datetime = NOON - timedelta(hours=back)
    return Hour(account=account, start=start, requests=requests, **bad)


def test_a_quarter_of_twenty_requests_is_a_jump_after_a_calm_day() -> None:
    found = jump("default", [an_hour(0, 20, refused=3, faults=2), an_hour(5, 200, others=2)], NOW)
    assert found is not None
    assert (found.now.failed, found.now.requests, found.before) == (5, 20, 0.01)


def test_fewer_requests_or_a_smaller_share_are_none() -> None:
    assert jump("default", [an_hour(0, 19, faults=19)], NOW) is None
    assert jump("default", [an_hour(0, 100, faults=24)], NOW) is None
    assert jump("default", [], NOW) is None


def test_a_day_that_was_as_bad_makes_no_jump() -> None:
    assert jump("default", [an_hour(0, 20, faults=10), an_hour(3, 100, faults=17)], NOW) is None
    assert jump("default", [an_hour(0, 20, faults=10), an_hour(3, 100, faults=16)], NOW)


def test_an_hour_that_has_just_begun_counts_with_the_one_before() -> None:
    assert jump("default", [an_hour(0, 5, faults=5), an_hour(1, 15, faults=5)], NOW)
    calm = [an_hour(0, 5, faults=5), an_hour(1, 300)]
    assert jump("default", calm, NOW) is None


def test_what_is_older_than_a_day_does_not_count() -> None:
    assert jump("default", [an_hour(0, 20, faults=10), an_hour(25, 100, faults=100)], NOW)


def test_each_account_has_its_own_rate() -> None:
    hours = [an_hour(0, 20, faults=20, account="studio"), an_hour(0, 500)]
    assert jump("default", hours, NOW) is None
    assert jump("studio", hours, NOW)


def test_hours_are_added_up_by_account() -> None:
    hours = [
        Hour(account="a", start=NOON, requests=5, refused=1, lowest_left=70),
        Hour(account="a", start=NOON - timedelta(hours=1), requests=9, faults=2, lowest_left=90),
        Hour(account="b", start=NOON, requests=1),
    ]
    first, second = tallies(hours)
    assert (first.requests, first.failed, first.busiest, first.lowest_left) == (14, 3, 9, 70)
    assert (second.account, second.lowest_left) == ("b", None)
