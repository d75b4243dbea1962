"""What the bot is told: environment and marquee.toml in, one frozen `Settings` out.

Every problem is reported at once, each with the variable or the line and what to do.
Knows nothing of Slack's or Apple's services; names and shapes are checked, nothing is asked.
"""

from __future__ import annotations

from bot.settings.loading import load
from bot.settings.problems import Problem, SettingsInvalid
from bot.settings.values import (
    ApiKey,
    ApprovalRule,
    ApprovalSettings,
    AppSettings,
    ReminderSettings,
    Secret,
    Settings,
    SlackSettings,
)

__all__ = [
    "ApiKey",
    "AppSettings",
    "ApprovalRule",
    "ApprovalSettings",
    "Problem",
    "ReminderSettings",
    "Secret",
    "Settings",
    "SettingsInvalid",
    "SlackSettings",
    "load",
]
