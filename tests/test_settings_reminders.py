"""Reminders: what holds unasked, what the file puts in its place, and what it may not say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import ReminderSettings, names
from bot.settings.times import duration
from tests.surroundings import TOML, loaded, refusal

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


def about(reminders: tuple[ReminderSettings, ...]) -> list[str]:
    return [one.state or one.condition for one in reminders]


def test_without_a_word_in_the_file_the_reminders_of_the_page_hold(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\d+\w)` \| `(\d+\w)` \|$", PAGE.read_text(), re.M)
    described = [(what, duration(after), duration(every)) for what, after, every in rows]
    reminders = loaded(tmp_path).reminders
    assert len(described) == 9
    assert [(one.state or one.condition, one.after, one.every) for one in reminders] == described
    assert [one for one in reminders if bool(one.state) == bool(one.condition)] == []
    assert {one.state for one in reminders} - {""} <= set(names.STATES)
    assert {one.condition for one in reminders} - {""} == set(names.CONDITIONS)
    assert {(one.to, one.until) for one in reminders} == {((), None)}


def test_what_the_file_is_about_stands_in_the_place_of_what_is_built_in(tmp_path: Path) -> None:
    rejected = '[[reminder]]\nstate = "REJECTED"\nafter = "1h"\nto = ["U0BEN"]\nuntil = "14d"\n'
    trouble = '[[reminder]]\ncondition = "key_trouble"\nevery = "2h"\n'
    waiting = '[[reminder]]\nstate = "WAITING_FOR_REVIEW"\n'
    reminders = loaded(tmp_path, TOML + rejected + trouble + waiting).reminders
    assert reminders[:3] == (
        ReminderSettings(state="REJECTED", after=HOURS, to=("U0BEN",), until=14 * DAYS),
        ReminderSettings(
            state="", condition="key_trouble", after=timedelta(minutes=10), every=2 * HOURS
        ),
        ReminderSettings(state="WAITING_FOR_REVIEW"),
    )
    assert len(reminders) == 10
    assert len(set(about(reminders))) == 10


def test_what_a_reminder_leaves_out_is_as_in_the_built_in_one_it_stands_for(
    tmp_path: Path,
) -> None:
    for built_in in loaded(tmp_path).reminders:
        key, what = (
            ("state", built_in.state) if built_in.state else ("condition", built_in.condition)
        )
        own = f'{TOML}[[reminder]]\n{key} = "{what}"\nto = ["U0BEN"]\n'
        assert loaded(tmp_path, own).reminders[0] == replace(built_in, to=("U0BEN",))


def test_what_the_sample_shows_is_what_is_built_in(tmp_path: Path) -> None:
    sample = (PAGE.parents[1] / "marquee.sample.toml").read_text()
    shown = re.findall(r'^# condition = "(\w+)"\n(# \w+)?', sample, re.M)
    assert shown
    for condition, more in shown:
        assert not more
        own = f'{TOML}[[reminder]]\ncondition = "{condition}"\n'
        assert set(loaded(tmp_path, own).reminders) == set(loaded(tmp_path).reminders)


def test_a_reminder_of_what_is_not_built_in_comes_after_four_hours_and_daily(
    tmp_path: Path,
) -> None:
    own = f'{TOML}[[reminder]]\nstate = "WAITING_FOR_REVIEW"\n'
    reminder = loaded(tmp_path, own).reminders[0]
    assert (reminder.after, reminder.every) == (4 * HOURS, DAYS)


def test_one_state_may_be_reminded_of_twice(tmp_path: Path) -> None:
    later = '[[reminder]]\nstate = "REJECTED"\nafter = "3d"\nto = ["S0LEADS"]\n'
    reminders = loaded(tmp_path, f'{TOML}[[reminder]]\nstate = "REJECTED"\n{later}').reminders
    assert about(reminders).count("REJECTED") == 2


def test_the_built_in_ones_can_be_turned_off(tmp_path: Path) -> None:
    quiet = f"default_reminders = false\n{TOML}"
    assert loaded(tmp_path, quiet).reminders == ()
    assert about(loaded(tmp_path, quiet + "[[reminder]]\n").reminders) == [
        "PENDING_DEVELOPER_RELEASE"
    ]


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        ('condition = "key_troubel"', 9, "Did you mean key_trouble?"),
        ('state = "REJECTED"\ncondition = "key_trouble"', 10, "Write two reminders."),
        ("to = []", 9, "Put at least one entry in, or leave the line out."),
        ('to = ["#leads"]', 9, '"#leads" is no id of a user'),
        ('to = "U0BEN"', 9, 'Write it as ["one", "two"].'),
        ('until = "0d"', 9, "no time at all"),
        ('after = "2d"\nuntil = "1d"', 10, "Make it longer than after."),
        ('untill = "1d"', 9, "Did you mean until?"),
    ],
)
def test_a_mistake_in_a_reminder_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, lines: str, where: int, said: str
) -> None:
    message = refusal(tmp_path, f"{TOML}[[reminder]]\n{lines}\n")
    assert f"marquee.toml:{where}: " in message
    assert said in message
    assert message.startswith("There is a problem")
