from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.appstore.budget import (
    MOST_IN_FLIGHT,
    Budget,
    hour_over_in,
    most_in_flight,
    parse,
    spacing,
    spent,
)
from tests.clock import START

HOUR = "user-hour-lim:3600;user-hour-rem:3577;"
MINUTE = "user-minute-lim:250;user-minute-rem:244;"


@pytest.mark.parametrize(
    ("header", "pairs"),
    [
        (HOUR, {"user-hour-lim": 3600, "user-hour-rem": 3577}),
        (MINUTE, {"user-minute-lim": 250, "user-minute-rem": 244}),
        (f"{HOUR}, {MINUTE}", {**parse(HOUR), **parse(MINUTE)}),
        ("user-hour-lim:3500;user-hour-rem:500", {"user-hour-lim": 3500, "user-hour-rem": 500}),
        (" User-Hour-Lim : 3500 ; user-hour-rem:-1", {"user-hour-lim": 3500}),
        ("user-day-lim:9;", {"user-day-lim": 9}),
        ("soon", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_the_rate_header_is_read_in_all_its_forms(header: str | None, pairs: object) -> None:
    assert parse(header) == pairs


@given(st.text())
def test_no_rate_header_is_too_odd_to_read(header: str) -> None:
    assert all(number >= 0 for number in parse(header).values())


def test_figures_of_a_minute_leave_those_of_the_hour_standing_less_one() -> None:
    budget = spent(Budget(), parse(HOUR), START)
    budget = spent(budget, parse(MINUTE), START)
    assert (budget.hour_limit, budget.hour_left) == (3600, 3576)
    assert (budget.minute_limit, budget.minute_left) == (250, 244)


def test_an_answer_without_figures_still_counts() -> None:
    budget = spent(spent(Budget(), parse(HOUR), START), {}, START)
    assert budget.hour_left == 3576


def test_nothing_is_known_before_apple_said_something() -> None:
    budget = spent(Budget(), {}, START)
    assert budget.hour_left is None
    assert most_in_flight(budget, START) == MOST_IN_FLIGHT


def test_fewer_go_at_once_as_the_minute_runs_out() -> None:
    caps = [
        most_in_flight(spent(Budget(), {"user-minute-rem": left}, START), START)
        for left in (250, 40, 39, 19, 9, 4, 0)
    ]
    assert caps == [20, 20, 8, 4, 2, 1, 1]


def test_the_figures_of_a_minute_are_forgotten_after_it() -> None:
    budget = spent(Budget(), {"user-minute-rem": 0}, START)
    assert most_in_flight(budget, START + timedelta(seconds=59)) == 1
    assert most_in_flight(budget, START + timedelta(seconds=60)) == MOST_IN_FLIGHT


def an_hour(left: int) -> Budget:
    return spent(Budget(), {"user-hour-lim": 3600, "user-hour-rem": left}, START)


def test_the_last_tenth_of_the_hour_goes_out_one_by_one() -> None:
    assert not an_hour(360).low
    assert an_hour(359).low
    assert most_in_flight(an_hour(359), START) == 1


@pytest.mark.parametrize(("left", "seconds"), [(360, 0), (300, 2), (60, 10), (1, 60), (0, 60)])
def test_the_less_is_left_of_the_hour_the_slower_it_goes(left: int, seconds: float) -> None:
    assert spacing(an_hour(left), START) == pytest.approx(seconds)


def test_the_last_tenth_lasts_for_an_hour_without_a_pause() -> None:
    now, budget = START, an_hour(359)
    while budget.hour_left and now - START < timedelta(hours=1):
        now += timedelta(seconds=spacing(budget, START))
        budget = spent(budget, {}, now)
    assert now - START > timedelta(minutes=45)


@pytest.mark.parametrize(("left", "seconds"), [(5, 0), (4, 12), (1, 30), (0, 60)])
def test_the_last_few_of_a_minute_are_spread_over_it(left: int, seconds: float) -> None:
    budget = spent(Budget(), {"user-minute-rem": left}, START)
    assert spacing(budget, START) == pytest.approx(seconds)


def test_figures_of_an_hour_ago_slow_nobody_down() -> None:
    assert spacing(an_hour(0), START + timedelta(hours=1)) == 0


def test_the_hour_that_apple_spoke_of_is_over_an_hour_after_it_spoke() -> None:
    budget = spent(Budget(), {"user-hour-lim": 3600, "user-hour-rem": 9}, START)
    assert hour_over_in(budget, START + timedelta(minutes=20)) == 2400
    assert hour_over_in(budget, START + timedelta(minutes=60)) is None
    assert hour_over_in(Budget(), START) is None
