"""The whole of marquee.toml to values: the team's rhythm here, each other table in its room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.settings import accounts, apps, freezes, glass, policy, reminders, shapes, times
from bot.settings.document import Table
from bot.settings.environment import Environment
from bot.settings.values import (
    POLL,
    SUMMARY_AT,
    WEEKLY,
    AccountSettings,
    ApprovalSettings,
    AppSettings,
    FreezeSettings,
    ReminderSettings,
    Weekly,
    WorkingHours,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What marquee.toml says; stand-ins are in the place of what was wrong."""

    timezone: ZoneInfo
    channel: str
    accounts: tuple[AccountSettings, ...]
    apps: tuple[AppSettings, ...]
    approval: ApprovalSettings
    reminders: tuple[ReminderSettings, ...]
    freezes: tuple[FreezeSettings, ...]
    break_glass: tuple[str, ...]
    hours: WorkingHours
    summary_at: time
    weekly: Weekly | None
    poll: timedelta
    check_links: bool


def read(top: Table, environment: Environment) -> Configuration:
    """Return what the document says; problems are left with it.

    Keys of accounts are looked for in `environment` and its folder.
    """
    zone = top.read("timezone", times.timezone, ZoneInfo("UTC"))
    teams = accounts.read(top, environment)
    served = apps.read(top, {team.name for team in teams})
    accounts.refuse_idle(teams, served)
    weekly: Weekly | None = WEEKLY
    bundle_ids = frozenset(app.bundle_id for app in served)
    return Configuration(
        timezone=zone,
        channel=top.need(
            "channel", shapes.channel, "", 'Say where proposals go, as in channel = "C0ASO".'
        ),
        accounts=tuple(team.settings for team in teams if team.settings),
        apps=served,
        approval=policy.read(top, bundle_ids),
        reminders=reminders.read(top),
        freezes=freezes.read(top, zone, bundle_ids),
        break_glass=glass.read(top),
        hours=_hours(top),
        summary_at=top.read("summary_at", times.clock, SUMMARY_AT),
        weekly=top.read("weekly", times.weekly, weekly),
        poll=top.read("poll", times.poll, POLL),
        check_links=top.read("check_links", shapes.flag, default=True),
    )


def _hours(top: Table) -> WorkingHours:
    default = WorkingHours()
    days = shapes.list_of(times.day, filled=True)
    start, end = top.read("working_hours", times.hours, (default.start, default.end))
    return WorkingHours(
        start=start, end=end, days=tuple(sorted(top.read("working_days", days, default.days)))
    )
