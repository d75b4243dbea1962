"""What the bot is told: environment and marquee.toml in, one frozen `Settings` out.

Every problem is reported at once, each with the variable or the line and what to do.
Knows nothing of Slack's or Apple's services; names and shapes are checked, nothing is asked.
"""

from __future__ import annotations

from bot.settings.loading import find_apps, find_database, load
from bot.settings.problems import Problem, SettingsInvalid
from bot.settings.values import (
    AccountSettings,
    ApiKey,
    ApprovalRule,
    ApprovalSettings,
    AppSettings,
    FreezeSettings,
    ReminderSettings,
    Secret,
    Settings,
    SlackSettings,
    Weekly,
    WorkingHours,
)

__all__ = [
    "AccountSettings",
    "ApiKey",
    "AppSettings",
    "ApprovalRule",
    "ApprovalSettings",
    "FreezeSettings",
    "Problem",
    "ReminderSettings",
    "Secret",
    "Settings",
    "SettingsInvalid",
    "SlackSettings",
    "Weekly",
    "WorkingHours",
    "find_apps",
    "find_database",
    "load",
]
