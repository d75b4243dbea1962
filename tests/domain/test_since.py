"""What people type for a moment, understood in the team's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.since import looks_like_a_time, nearest, since

BERLIN = ZoneInfo("Europe/Berlin")
# A Friday, at 00:30 in Berlin.
NOW = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        ("24h", "2026-11-19T00:30"),
        ("36hours", "2026-11-18T12:30"),
        ("7d", "2026-11-13T00:30"),
        ("2w", "2026-11-06T00:30"),
        ("today", "2026-11-20T00:00"),
        ("Yesterday", "2026-11-19T00:00"),
        ("friday", "2026-11-20T00:00"),
        ("saturday", "2026-11-14T00:00"),
        ("mon", "2026-11-16T00:00"),
        ("2026-11-01", "2026-11-01T00:00"),
    ],
)
def test_a_word_names_a_moment_in_the_teams_zone(word: str, moment: str) -> None:
    found = since(word, now=NOW, zone=BERLIN)
    assert found is not None
    assert found == datetime.fromisoformat(moment).replace(tzinfo=BERLIN)


@pytest.mark.parametrize("word", ["", "soon", "2026-11-21", "2020-01-01", "9999d", "2026-02-30"])
def test_what_lies_ahead_far_back_or_nowhere_names_none(word: str) -> None:
    assert since(word, now=NOW, zone=BERLIN) is None


def test_hours_are_real_ones_where_the_clocks_moved() -> None:
    after = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)
    found = since("24h", now=after, zone=BERLIN)
    assert found is not None
    assert (after - found).total_seconds() == 24 * 3600


def test_a_slip_of_the_finger_is_put_right() -> None:
    assert nearest("yestrday") == "yesterday"
    assert nearest("tidewell") is None


def test_a_number_or_a_near_miss_looks_like_a_time_and_a_name_does_not() -> None:
    assert looks_like_a_time("24x")
    assert looks_like_a_time("tusday")
    assert not looks_like_a_time("orrery")
