"""What marquee.toml says of times, in the terms of the domain: hours, freezes, reminders.

The settings count days from Monday 0, as Python does; from here on days have names.
"""

from __future__ import annotations

from datetime import time

from bot.domain.periods import DAYS, DayTime, Hours
from bot.domain.timing import Freeze
from bot.settings import FreezeSettings, ReminderSettings, WorkingHours
from bot.workflow.desk import Reminder


def hours_of(hours: WorkingHours) -> Hours:
    """Return when the team works."""
    return Hours(start=hours.start, end=hours.end, days=tuple(DAYS[day] for day in hours.days))


def freeze_of(freeze: FreezeSettings) -> Freeze:
    """Return a time in which nothing is pushed."""
    return Freeze(
        name=freeze.name,
        starts=freeze.starts,
        ends=freeze.ends,
        weekly=(_named(freeze.weekly[0]), _named(freeze.weekly[1])) if freeze.weekly else None,
        apps=freeze.app,
    )


def reminder_of(reminder: ReminderSettings) -> Reminder:
    """Return when to remind of what."""
    return Reminder(
        state=reminder.state,
        condition=reminder.condition,
        after=reminder.after,
        every=reminder.every,
        to=reminder.to,
        until=reminder.until,
    )


def _named(moment: tuple[int, time]) -> DayTime:
    return DAYS[moment[0]], moment[1]
