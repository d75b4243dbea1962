"""The environment to values: tokens, addresses, the key, the database, the port, the secret.

Secrets are checked by their shape and never repeated. An empty variable counts as unset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

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

SHORTEST_SECRET = 32
_OPENER = "ASC_PRIVATE_KEY_PASSPHRASE"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_GENERATE = "Make one: openssl rand -hex 32"


@dataclass(slots=True)
class Environment:
    """The variables, read one by one; problems and warnings pile up.

    `referred` are names that marquee.toml says to read, and thus known ones.
    """

    variables: Mapping[str, str]
    folder: Path
    referred: set[str] = field(default_factory=set)
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
            if name.startswith(OWN_PREFIXES) and name not in {*VARIABLES, *self.referred}:
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
    key_id = environment.need("ASC_KEY_ID", keys.key_id, "", keys.PAGE)
    issuer_id = environment.read("ASC_ISSUER_ID", keys.issuer_id, "")
    private_key = environment.need(
        "ASC_PRIVATE_KEY",
        lambda reference: keys.parse(
            key_text(environment, reference),
            environment.variables.get(_OPENER) or None,
            setting=_OPENER,
        ),
        None,
        "Set it to the .p8 file's text, base64 of it, file:PATH or cmd:COMMAND.",
    )
    if private_key is None:
        return None
    return ApiKey(key_id=key_id, issuer_id=issuer_id or None, private_key=private_key)


def key_text(environment: Environment, reference: str) -> str:
    """Return the text of the private key that `reference` is or points to; raises Wrong."""
    found = keys.find(reference, folder=environment.folder, environ=environment.variables)
    environment.warnings.extend(found.warnings)
    return found.text


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


def public_url(environment: Environment) -> str | None:
    """Read where the internet reaches the bot; there has to be a port and a secret with it."""
    url = environment.read("PUBLIC_URL", _public_url, "")
    if environment.get("PUBLIC_URL"):
        if not environment.get("MARQUEE_SECRET"):
            environment.report(
                "MARQUEE_SECRET", "It is not set, and PUBLIC_URL needs it.", _GENERATE
            )
        if not environment.get("PORT") and environment.get("SLACK_APP_TOKEN"):
            environment.report(
                "PORT",
                "It is not set, and PUBLIC_URL needs it.",
                "Set the port on this machine that PUBLIC_URL leads to, such as 3000.",
            )
    return url or None


def secret(environment: Environment) -> Secret | None:
    """Read what secrets of webhooks are derived from."""
    return environment.read("MARQUEE_SECRET", _secret, None)


def warn_of_plain_http(environment: Environment, *urls: str) -> None:
    """Note each address that tokens would travel to unencrypted, beyond this machine."""
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
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


def _public_url(value: str) -> str:
    parts = _address(value, "https://marquee.example.com")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Wrong("Apple sends nothing to plain http.", "Write the https address.")
    return value.rstrip("/")


def _secret(value: str) -> Secret:
    if len(value) < SHORTEST_SECRET:
        raise Wrong(f"It is shorter than {SHORTEST_SECRET} characters.", _GENERATE)
    return Secret(value)


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
