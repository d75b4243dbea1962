"""What was asked beside the regular looks counts for an hour, for each account by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.spending import Shortage, Spending, shortage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_requests_count_for_an_hour_and_for_their_account_alone() -> None:
    spending = Spending()
    spending.add("a", 50, now=NOW)
    spending.add("a", 2, now=NOW + timedelta(minutes=30))

    assert spending.lately("a", now=NOW + timedelta(minutes=59)) == 52
    assert spending.lately("a", now=NOW + timedelta(minutes=60)) == 2
    assert spending.lately("b", now=NOW) == 0


def test_less_than_a_share_is_nothing_spent() -> None:
    spending = Spending()
    spending.add("a", -3, now=NOW)

    assert spending.lately("a", now=NOW) == 0


def test_what_was_counted_before_the_clock_was_set_back_counts_no_more() -> None:
    spending = Spending()
    spending.add("a", 50, now=NOW + timedelta(days=300))
    spending.add("a", 4, now=NOW)

    assert spending.lately("a", now=NOW) == 4


def test_what_leaves_the_reserve_alone_is_no_shortage() -> None:
    assert _short(100, left=460) is None


def test_what_reaches_the_reserve_fits_and_is_slow() -> None:
    assert _short(101, left=460) == Shortage(left=460, limit=3_600, fits=True, until=NOW)


def test_what_is_more_than_there_is_does_not_fit() -> None:
    assert _short(11, left=10) == Shortage(left=10, limit=3_600, fits=False, until=NOW)


def test_what_apple_did_not_say_is_no_shortage_and_neither_is_nothing() -> None:
    assert _short(11, left=None) is None
    assert _short(0, left=0) is None
    assert shortage(11, left=10, limit=3_600, reserve=0.1, until=None) is None


def _short(requests: int, *, left: int | None) -> Shortage | None:
    return shortage(requests, left=left, limit=3_600, reserve=0.1, until=NOW)
