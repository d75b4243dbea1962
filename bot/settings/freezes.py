"""The times in which nothing is pushed: each [[freeze]] once from and to, or every week."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.settings import apps, shapes, times
from bot.settings.document import Table
from bot.settings.values import FreezeSettings

_WHEN = 'Give it from and to, or weekly = "fri 16:00 - mon 08:00".'


def read(top: Table, zone: ZoneInfo, bundle_ids: frozenset[str]) -> tuple[FreezeSettings, ...]:
    """Return the freezes; what carries no offset is local to `zone` (see `times.instant`)."""
    return tuple(_freeze(table, zone, bundle_ids) for table in top.tables("freeze"))


def _freeze(table: Table, zone: ZoneInfo, bundle_ids: frozenset[str]) -> FreezeSettings:
    given = {name for name in ("from", "to", "weekly") if name in table}
    if given not in ({"from", "to"}, {"weekly"}):
        said = f"has {' and '.join(sorted(given))}" if given else "names no time"
        table.report("", f"This freeze {said}.", _WHEN)
    starts = table.read("from", times.instant(zone), None)
    ends = table.read("to", times.instant(zone, end_of_day=True), None)
    if starts and ends and ends <= starts:
        table.report("to", "It is not after from.", "Let the freeze end after it begins.")
    return FreezeSettings(
        name=table.need("name", shapes.text, "", 'Add name = "Holidays"; people read it.'),
        starts=starts,
        ends=ends,
        weekly=table.read("weekly", times.part_of_week, None),
        app=apps.named(table, bundle_ids),
    )
