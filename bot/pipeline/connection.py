"""Which bot a command asks, and with whose token: MARQUEE_URL and MARQUEE_TOKEN."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings.environment import Environment
from bot.settings.problems import SettingsInvalid, Wrong
from bot.settings.values import Secret

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TOKEN = re.compile(r"mq_[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A running bot's base address, without a slash at its end, and a token for it."""

    url: str
    token: Secret = field(repr=False)

    @property
    def nearby(self) -> bool:
        """Return whether the bot runs on this machine, where plain http is allowed."""
        return urlsplit(self.url).hostname in _LOOPBACK


def connection(variables: Mapping[str, str]) -> Connection:
    """Return what the environment says. Raises SettingsInvalid with every problem of it."""
    environment = Environment(variables=variables, folder=Path())
    url = environment.need(
        "MARQUEE_URL", _address, "", "Set it to the bot's address, such as https://marquee.example."
    )
    token = environment.need(
        "MARQUEE_TOKEN", _token, Secret(""), "Set it to a token of the bot, which begins with mq_."
    )
    if environment.problems:
        raise SettingsInvalid(environment.problems)
    return Connection(url=url, token=token)


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Wrong("This is no address.", "Write one such as https://marquee.example.") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise Wrong("This is no address.", "Write one such as https://marquee.example.")
    if parts.username is not None or parts.query or parts.fragment:
        raise Wrong(
            "It holds more than an address.", "Leave out user names, and all from ? or # on."
        )
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise Wrong(
            f"The token would travel to {host} unencrypted.", "Write an address with https."
        )
    return text.rstrip("/")


def _token(text: str) -> Secret:
    # What no header can hold would be shown by the error about it.
    if not _TOKEN.fullmatch(text):
        raise Wrong("This is no token, which begins with mq_.", "Copy the whole of it, once more.")
    return Secret(text)
