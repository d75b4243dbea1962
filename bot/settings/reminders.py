"""Which reminders there are: those of marquee.toml, then the built-in ones it says nothing of."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import shapes, times
from bot.settings.document import Table
from bot.settings.values import ReminderSettings

_HOURS = timedelta(hours=4)
_DAILY = timedelta(days=1)
_AT_ONCE = timedelta(0)
# Long enough for a short loss of the network, which is nobody's trouble.
_LASTING = timedelta(minutes=10)

BUILT_IN: tuple[ReminderSettings, ...] = (
    ReminderSettings(state="PENDING_DEVELOPER_RELEASE", after=_HOURS, every=_DAILY),
    ReminderSettings(state="REJECTED", after=_HOURS, every=_DAILY),
    ReminderSettings(state="METADATA_REJECTED", after=_HOURS, every=_DAILY),
    ReminderSettings(state="INVALID_BINARY", after=_HOURS, every=_DAILY),
    ReminderSettings(
        state="PREPARE_FOR_SUBMISSION", after=timedelta(days=14), every=timedelta(days=7)
    ),
    ReminderSettings(state="", condition="review_longer_than_usual", after=_AT_ONCE, every=_DAILY),
    ReminderSettings(state="", condition="pause_near_limit", after=_AT_ONCE, every=_DAILY),
    ReminderSettings(state="", condition="key_trouble", after=_LASTING, every=_DAILY),
    ReminderSettings(state="", condition="agreements_missing", after=_LASTING, every=_DAILY),
)


def read(top: Table) -> tuple[ReminderSettings, ...]:
    """Return the file's reminders and the built-in ones for what the file does not name."""
    own = tuple(_reminder(table) for table in top.tables("reminder"))
    if not top.read("default_reminders", shapes.flag, default=True):
        return own
    named = {(one.state, one.condition) for one in own}
    return (*own, *(one for one in BUILT_IN if (one.state, one.condition) not in named))


def _reminder(table: Table) -> ReminderSettings:
    if "state" in table and "condition" in table:
        table.report("condition", "It stands beside a state.", "Write two reminders.")
    condition = table.read("condition", shapes.condition, "")
    state = "" if condition else table.read("state", shapes.state, ReminderSettings().state)
    default = _like(state, condition)
    after = table.read("after", times.duration, default.after)
    until = table.read("until", times.positive_duration, None)
    if until is not None and until < after:
        table.report("until", "It is over before it begins.", "Make it longer than after.")
    return ReminderSettings(
        state=state,
        condition=condition,
        after=after,
        every=table.read("every", times.positive_duration, default.every),
        to=table.read("to", shapes.list_of(shapes.approver, filled=True), default.to),
        until=until,
    )


def _like(state: str, condition: str) -> ReminderSettings:
    """Return what says what a reminder leaves out: the built-in one that it stands for."""
    same = (one for one in BUILT_IN if (one.state, one.condition) == (state, condition))
    return next(same, ReminderSettings())
