"""How long a review may take before it is longer than usual."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.reviews import patience


def hours(*lasted: float) -> list[timedelta]:
    return [timedelta(hours=one) for one in lasted]


def test_with_fewer_than_three_reviews_it_is_two_days() -> None:
    assert patience([]) == timedelta(hours=48)
    assert patience(hours(1, 2)) == timedelta(hours=48)


def test_it_is_twice_the_median_of_the_last_ten() -> None:
    assert patience(hours(10, 20, 90)) == timedelta(hours=40)
    assert patience(hours(*[500] * 5, *range(1, 11))) == timedelta(hours=11)
