"""Further App Store Connect teams: each [[account]] to a name and a key.

The file is for everybody's eyes, so it says where a key is kept and never holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from bot.settings import keys, shapes
from bot.settings.document import Table
from bot.settings.environment import Environment, key_text
from bot.settings.problems import Wrong, shown
from bot.settings.values import AccountSettings, ApiKey, AppSettings

# The account of the key that the environment names.
DEFAULT = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_REFERENCE = 'Write "file:PATH", "cmd:COMMAND" or "env:NAME".'


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One [[account]]: its table, its name, and its settings unless they cannot be used."""

    table: Table
    name: str
    settings: AccountSettings | None


def read(top: Table, environment: Environment) -> tuple[Account, ...]:
    """Return the accounts in their order; the variables they name count as known."""
    accounts: list[Account] = []
    for table in top.tables("account"):
        name = table.need("name", _name, "", 'Add name = "studio-b".')
        if name and name in {one.name for one in accounts}:
            table.report("name", f"{name} is named twice.", "Give one of the two another name.")
        key = _key(table, environment)
        settings = AccountSettings(name=name, key=key) if key else None
        accounts.append(Account(table=table, name=name, settings=settings))
    return tuple(accounts)


def refuse_idle(accounts: Iterable[Account], apps: Sequence[AppSettings]) -> None:
    """Note each account that no app belongs to."""
    used = {app.account for app in apps}
    for account in accounts:
        if account.name and account.name not in used:
            account.table.report(
                "name",
                f"No app belongs to the account {account.name}.",
                f'Put account = "{account.name}" into an [[app]], or take the account out.',
            )


def _key(table: Table, environment: Environment) -> ApiKey | None:
    key_id = table.need("key_id", lambda value: keys.key_id(shapes.text(value)), "", keys.PAGE)
    issuer_id = table.read("issuer_id", lambda value: keys.issuer_id(shapes.text(value)), "")
    passphrase = table.read("passphrase", lambda value: _passphrase(environment, value), "")
    # Without a passphrase that is wanted, a second complaint would only distract.
    closed = "passphrase" in table and not passphrase

    def private_key(value: object) -> EllipticCurvePrivateKey | None:
        text = key_text(environment, _reference(environment, value))
        return None if closed else keys.parse(text, passphrase or None, setting="passphrase")

    found = table.need("private_key", private_key, None, _REFERENCE)
    if found is None:
        return None
    return ApiKey(key_id=key_id, issuer_id=issuer_id or None, private_key=found)


def _name(value: object) -> str:
    name = shapes.text(value)
    if name == DEFAULT:
        raise Wrong(f"{DEFAULT} is the account of ASC_KEY_ID.", "Choose another name.")
    if not _NAME.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no name of an account.",
            'Write a short word of small letters, digits and hyphens, as in "studio-b".',
        )
    return name


def _reference(environment: Environment, value: object) -> str:
    """Return what `keys.find` understands. The value is never repeated: it may be a key."""
    written = shapes.text(value)
    kind, _, rest = written.strip().partition(":")
    if kind == "env":
        return _variable(environment, rest)
    if kind not in {"file", "cmd"}:
        raise Wrong(
            "It says not where the key is kept; the key itself must not be here.", _REFERENCE
        )
    return written


def _passphrase(environment: Environment, value: object) -> str:
    kind, _, rest = shapes.text(value).strip().partition(":")
    if kind != "env":
        raise Wrong("The passphrase itself must not be here.", 'Write "env:NAME".')
    return _variable(environment, rest)


def _variable(environment: Environment, name: str) -> str:
    name = name.strip()
    if not _VARIABLE.fullmatch(name):
        raise Wrong("env: is followed by no name of a variable.", 'Write it as "env:STUDIO_B_KEY".')
    environment.referred.add(name)
    if not environment.get(name):
        raise Wrong(f"The variable {name} is not set.", "Set it, or name another one.")
    return environment.variables[name]
