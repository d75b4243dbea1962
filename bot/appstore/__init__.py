"""The only room that knows Apple's HTTP: App Store Connect as verbs on our values."""

from __future__ import annotations

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
    Problem,
    Unsure,
)
from bot.appstore.resources import AppState

__all__ = [
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
]
