"""The environment to values: tokens, addresses, the key, the database, the port.

Secrets are checked by their shape and never repeated. An empty variable counts as unset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from bot.settings import keys
from bot.settings.names import OWN_PREFIXES, VARIABLES
from bot.settings.problems import Problem, Wrong, nearest
from bot.settings.values import ApiKey, Secret, SlackSettings

T = TypeVar("T")

SLACK_API_URL = "https://slack.com/api/"
ASC_API_URL = "https://api.appstoreconnect.apple.com"
DATABASE_URL = "sqlite:///marquee.db"
# What Bolt itself listens on when it is told nothing; requests from Slack need some port.
HTTP_PORT = 3000

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS_PAGE = "App Store Connect shows it under Users and Access, Integrations."


@dataclass(slots=True)
class Environment:
    """The variables, read one by one; problems and warnings pile up."""

    variables: Mapping[str, str]
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return a variable without outer blanks, "" when it is unset."""
        return self.variables.get(name, "").strip()

    def report(self, name: str, message: str, remedy: str) -> None:
        """Note a problem with a variable."""
        self.problems.append(Problem(where=name, message=message, remedy=remedy))

    def read(self, name: str, reader: Callable[[str], T], default: T) -> T:
        """Return what `reader` makes of a variable, `default` where it is unset or wrong."""
        value = self.get(name)
        if not value:
            return default
        try:
            return reader(value)
        except Wrong as wrong:
            self.report(name, wrong.message, wrong.remedy)
            return default

    def need(self, name: str, reader: Callable[[str], T], stand_in: T, remedy: str) -> T:
        """Return what `reader` makes of a variable that has to be there."""
        if not self.get(name):
            self.report(name, "It is not set.", remedy)
        return self.read(name, reader, stand_in)

    def refuse_unknown(self) -> None:
        """Note each variable that looks like ours and does nothing."""
        for name in sorted(self.variables):
            if name.startswith(OWN_PREFIXES) and name not in VARIABLES:
                remedy = nearest(name, VARIABLES) or "Unset it; nothing reads it."
                self.report(name, "This variable is unknown.", remedy)


def slack(environment: Environment) -> SlackSettings:
    """Read how to reach Slack; one of app token and signing secret has to be there."""
    nothing = Secret("")
    bot_token = environment.need(
        "SLACK_BOT_TOKEN",
        _token(("xoxb-", "xoxe.xoxb-"), "a bot token", "Bot User OAuth Token"),
        nothing,
        "Slack shows it under OAuth & Permissions once the app is installed.",
    )
    app_token = environment.read(
        "SLACK_APP_TOKEN", _token(("xapp-",), "an app-level token", "App-Level Token"), nothing
    )
    signing_secret = environment.read("SLACK_SIGNING_SECRET", Secret, nothing)
    if not environment.get("SLACK_APP_TOKEN") and not environment.get("SLACK_SIGNING_SECRET"):
        environment.report(
            "SLACK_APP_TOKEN",
            "Neither it nor SLACK_SIGNING_SECRET is set.",
            "Set the app-level token for Socket Mode, or the signing secret for HTTP.",
        )
    return SlackSettings(
        bot_token=bot_token,
        app_token=app_token if app_token.reveal() else None,
        signing_secret=signing_secret if signing_secret.reveal() else None,
        api_url=environment.read("SLACK_API_URL", _slack_url, SLACK_API_URL),
    )


def key(environment: Environment) -> ApiKey | None:
    """Read the App Store Connect key, None where its private half cannot be had."""
    key_id = environment.need("ASC_KEY_ID", _key_id, "", _KEYS_PAGE)
    issuer_id = environment.read("ASC_ISSUER_ID", _issuer_id, "")
    private_key = environment.need(
        "ASC_PRIVATE_KEY",
        lambda reference: _private_key(environment, reference),
        None,
        "Set it to the .p8 file's text, base64 of it, file:PATH or cmd:COMMAND.",
    )
    if private_key is None:
        return None
    return ApiKey(key_id=key_id, issuer_id=issuer_id or None, private_key=private_key)


def asc_url(environment: Environment) -> str:
    """Read Apple's base address."""
    return environment.read("ASC_API_URL", _asc_url, ASC_API_URL)


def database(environment: Environment) -> Path:
    """Read the path of the database file, absolute."""
    default = _database(DATABASE_URL)
    return environment.folder / environment.read("DATABASE_URL", _database, default)


def port(environment: Environment) -> int | None:
    """Read the port of the HTTP side; without Socket Mode there has to be one."""
    default = None if environment.get("SLACK_APP_TOKEN") else HTTP_PORT
    return environment.read("PORT", _port, default)


def warn_of_plain_http(environment: Environment, *urls: str) -> None:
    """Note each address that tokens would travel to unencrypted, beyond this machine."""
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            environment.warnings.append(
                f"Tokens travel to {parts.hostname} unencrypted. Use https."
            )


def _token(beginnings: tuple[str, ...], what: str, label: str) -> Callable[[str], Secret]:
    def read(value: str) -> Secret:
        if not value.startswith(beginnings) or any(c.isspace() for c in value):
            raise Wrong(
                f"This is not {what}, which begins with {beginnings[0]}.",
                f"Copy the one that Slack calls {label}.",
            )
        return Secret(value)

    return read


def _private_key(environment: Environment, reference: str) -> EllipticCurvePrivateKey:
    found = keys.find(reference, folder=environment.folder, environ=environment.variables)
    environment.warnings.extend(found.warnings)
    return keys.parse(found.text, environment.variables.get("ASC_PRIVATE_KEY_PASSPHRASE") or None)


def _key_id(value: str) -> str:
    if not _KEY_ID.fullmatch(value):
        raise Wrong("This is no key id, which looks like 2X9R4HXF34.", _KEYS_PAGE)
    return value


def _issuer_id(value: str) -> str:
    if not _UUID.fullmatch(value):
        raise Wrong(
            "This is no issuer id, which looks like 57246542-96fe-1a63-e053-0824d011072a.",
            "Copy it from above the list of team keys; leave it unset for a key of one person.",
        )
    return value


def _address(value: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username is not None:
        raise Wrong("This is no base address.", f"Write one such as {example}.")
    return parts


def _slack_url(value: str) -> str:
    address = value if value.endswith("/") else value + "/"
    if not _address(value, SLACK_API_URL).path.rstrip("/").endswith("/api"):
        raise Wrong("It does not end in /api/.", f"Write one such as {SLACK_API_URL}.")
    return address


def _asc_url(value: str) -> str:
    path = _address(value, ASC_API_URL).path.rstrip("/")
    if path.endswith("/v1"):
        raise Wrong("It ends in /v1.", "Leave /v1 out; the bot adds it.")
    return value.rstrip("/")


def _database(value: str) -> Path:
    scheme, separator, path = value.partition("://")
    if scheme != "sqlite" or not separator:
        raise Wrong(
            "Only SQLite is spoken here.", "Write sqlite:///marquee.db or sqlite:////var/lib/it.db."
        )
    if not path.startswith("/") or len(path) < 2 or path.endswith("/") or "?" in path:
        raise Wrong(
            "This names no file.",
            "Write sqlite:///, then a path; with a fourth slash the path is absolute.",
        )
    if path == "/:memory:":
        raise Wrong("Proposals have to outlive a restart.", "Name a file.")
    return Path(path[1:])


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise Wrong("This is no port.", "Write a number from 1 to 65535.")
    return int(value)
