"""The only room that knows Apple's HTTP: App Store Connect as verbs on our values."""

from __future__ import annotations

from bot.appstore.accounts import Accounts
from bot.appstore.auth import ApiKey
from bot.appstore.budget import Budget
from bot.appstore.client import AppStore
from bot.appstore.errors import (
    AgreementsMissing,
    AlreadyExists,
    AppleRefused,
    FromApple,
    Gone,
    NotAllowed,
    NotAuthorized,
    Unsure,
)
from bot.appstore.links import check_links
from bot.appstore.problems import Problem
from bot.appstore.resources import AppState
from bot.appstore.usage import Usage, UsageRow

__all__ = [
    "Accounts",
    "AgreementsMissing",
    "AlreadyExists",
    "ApiKey",
    "AppState",
    "AppStore",
    "AppleRefused",
    "Budget",
    "FromApple",
    "Gone",
    "NotAllowed",
    "NotAuthorized",
    "Problem",
    "Unsure",
    "Usage",
    "UsageRow",
    "check_links",
]
