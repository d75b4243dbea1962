"""What was asked beside the regular looks counts for an hour, for each account by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.spending import Spending

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
