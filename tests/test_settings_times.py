"""The team's rhythm and its freezes: days by name, times in its zone, both changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.settings import FreezeSettings, Weekly, WorkingHours
from tests.surroundings import TOML, loaded, refusal

BERLIN = f'timezone = "Europe/Berlin"\n{TOML}'
NIGHT = 'name = "Night"\n'


def freezes(folder: Path, lines: str, toml: str = BERLIN) -> tuple[FreezeSettings, ...]:
    return loaded(folder, f"{toml}[[freeze]]\n{NIGHT}{lines}\n").freezes


def span(folder: Path, begin: str, end: str) -> tuple[datetime | None, datetime | None]:
    (freeze,) = freezes(folder, f"from = {begin}\nto = {end}")
    return freeze.starts, freeze.ends


def test_the_rhythm_of_the_team_is_read(tmp_path: Path) -> None:
    lines = """\
working_hours = "7:30 - 16:00"
working_days = ["sun", "mon", "thu"]
summary_at = "00:05"
weekly = "fri 16:30"
poll = "90s"
check_links = false
"""
    settings = loaded(tmp_path, lines + TOML)
    assert settings.hours == WorkingHours(start=time(7, 30), end=time(16), days=(0, 3, 6))
    assert settings.summary_at == time(0, 5)
    assert settings.weekly == Weekly(day=4, at=time(16, 30))
    assert settings.poll == timedelta(seconds=90)
    assert not settings.check_links


def test_the_weekly_summary_can_be_turned_off(tmp_path: Path) -> None:
    assert loaded(tmp_path, f'weekly = "never"\n{TOML}').weekly is None


@pytest.mark.parametrize("poll", ["1m", "60s", "5m", "300s"])
def test_all_apps_are_looked_at_every_one_to_five_minutes(tmp_path: Path, poll: str) -> None:
    span = loaded(tmp_path, f'poll = "{poll}"\n{TOML}').poll
    assert timedelta(minutes=1) <= span <= timedelta(minutes=5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('working_hours = "18:00-09:00"', "Put the earlier time first"),
        ('working_hours = "09:00-09:00"', "ends before it has begun"),
        ('working_hours = "09:00"', 'Write it as "09:00-18:00".'),
        ('working_hours = "nine-18:00"', '"nine" is no time of day'),
        ("working_hours = 9", "9 is not a text"),
        ("working_days = [0, 1]", "0 is not a text"),
        ('working_days = ["1"]', "Known are mon, tue, wed, thu, fri, sat, sun."),
        ('working_days = ["Monday"]', '"Monday" is no day of the week'),
        ('working_days = "mon"', "is not a list"),
        ("working_days = []", "The list is empty"),
        ('working_days = ["mon", "mon"]', "names something twice"),
        ('summary_at = "24:00"', 'Write it as "18:00", in quotes.'),
        ('summary_at = "6pm"', '"6pm" is no time of day'),
        ("summary_at = 18:00:00", "18:00:00 is no time of day"),
        ('weekly = "09:00"', 'Write it as "mon 09:00".'),
        ('weekly = "1 09:00"', '"1" is no day of the week'),
        ('weekly = "mon 9"', '"9" is no time of day'),
        ("weekly = false", "False is not a text"),
        ('poll = "59s"', "not between one minute and five"),
        ('poll = "6m"', 'Write one such as "2m".'),
        ("poll = 2", "2 is no time span"),
        ('check_links = "no"', "neither true nor false"),
        ("default_reminders = 1", "neither true nor false"),
        ('summaries_at = "18:00"', "Did you mean summary_at?"),
    ],
)
def test_a_mistake_in_the_rhythm_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, line: str, said: str
) -> None:
    message = refusal(tmp_path, f"# the rhythm\n{line}\n{TOML}")
    assert "problem with the settings:\n  marquee.toml:2: " in message
    assert said in message


def test_a_freeze_is_local_to_the_zone_of_the_team_and_kept_as_utc(tmp_path: Path) -> None:
    (freeze,) = freezes(
        tmp_path,
        "from = 2026-12-23T18:00:00\nto = 2027-01-02T08:00:00\napp = 'com.example.notes'",
    )
    assert freeze == FreezeSettings(
        name="Night",
        starts=datetime(2026, 12, 23, 17, tzinfo=UTC),
        ends=datetime(2027, 1, 2, 7, tzinfo=UTC),
        app=("com.example.notes",),
    )
    assert freeze.starts is not None
    assert freeze.starts.tzinfo is UTC


def test_an_offset_in_a_date_is_what_counts(tmp_path: Path) -> None:
    assert span(tmp_path, "2026-07-01T09:00:00-07:00", "2026-07-02T00:00:00Z") == (
        datetime(2026, 7, 1, 16, tzinfo=UTC),
        datetime(2026, 7, 2, tzinfo=UTC),
    )


def test_dates_alone_are_whole_days_and_the_last_one_is_among_them(tmp_path: Path) -> None:
    assert span(tmp_path, "2026-03-29", "2026-03-29") == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


def test_a_time_that_the_clock_skips_or_repeats_has_the_offset_from_before_the_change(
    tmp_path: Path,
) -> None:
    assert span(tmp_path, "2026-03-29T02:30:00", "2026-10-25T02:30:00") == (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    )


def test_the_zone_is_the_one_of_the_file_wherever_it_stands_in_it(tmp_path: Path) -> None:
    (freeze,) = freezes(tmp_path, "from = 2026-07-01\nto = 2026-07-01", toml=TOML)
    assert freeze.starts == datetime(2026, 7, 1, tzinfo=UTC)


def test_a_freeze_may_come_every_week_and_run_past_sunday(tmp_path: Path) -> None:
    (freeze,) = freezes(tmp_path, 'weekly = "fri 16:00 - mon 08:00"')
    assert freeze == FreezeSettings(name="Night", weekly=((4, time(16)), (0, time(8))))


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        ("", 9, 'This freeze names no time. Give it from and to, or weekly = "'),
        ("from = 2026-12-23", 9, "This freeze has from. Give it from and to"),
        ("to = 2026-12-23", 9, "This freeze has to. Give it from and to"),
        (
            'from = 2026-12-23\nto = 2026-12-24\nweekly = "fri 16:00-mon 08:00"',
            9,
            "This freeze has from and to and weekly.",
        ),
        ("from = 2026-12-23\nto = 2026-12-22", 12, "Let the freeze end after it begins."),
        (
            "from = 2026-12-23T09:00:00\nto = 2026-12-23T08:00:00Z",
            12,
            "It is not after from.",
        ),
        ('from = "2026-12-23"\nto = 2026-12-24', 11, "Write it without quotes, as in 2026-"),
        ("from = 18:00:00\nto = 2026-12-24", 11, "18:00:00 is no date"),
        ("from = 0001-01-01\nto = 2026-12-24", 11, "0001-01-01 is out of reach"),
        ("from = 2026-12-24\nto = 9999-12-31", 12, "Write a date of our time."),
        ('weekly = "fri 16:00"', 11, 'Write it as "fri 16:00 - mon 08:00".'),
        ('weekly = "fri 16:00 - fri 16:00"', 11, "Let it end at another time."),
        ('weekly = "5 16:00 - mon 08:00"', 11, '"5" is no day of the week'),
        ('weekly = "fri - mon 08:00"', 11, "is no day and time"),
        ("from = 2026-12-23\nto = 2026-12-24\napp = ['com.other']", 13, "Add it as [[app]]"),
        ("from = 2026-12-23\nto = 2026-12-24\napp = []", 13, "The list is empty"),
        ("from = 2026-12-23\nto = 2026-12-24\nuntil = 2026-12-24", 13, '"until" is unknown'),
    ],
)
def test_a_mistake_in_a_freeze_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, lines: str, where: int, said: str
) -> None:
    message = refusal(tmp_path, f"{BERLIN}[[freeze]]\n{NIGHT}{lines}\n")
    assert f"problem with the settings:\n  marquee.toml:{where}: " in message
    assert said in message


def test_a_freeze_without_a_name_is_a_problem(tmp_path: Path) -> None:
    message = refusal(tmp_path, f"{BERLIN}[[freeze]]\nfrom = 2026-12-23\nto = 2026-12-24\n")
    assert 'marquee.toml:9: name is missing. Add name = "Holidays"' in message
