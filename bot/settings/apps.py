"""The apps that people may change, where each belongs, and how other tables name them."""

from __future__ import annotations

from collections.abc import Container
from fnmatch import fnmatchcase

from bot.settings import shapes
from bot.settings.accounts import DEFAULT
from bot.settings.document import Table
from bot.settings.problems import shown
from bot.settings.values import AppSettings


def read(top: Table, accounts: Container[str]) -> tuple[AppSettings, ...]:
    """Return the apps, each of the default account or of one of `accounts`."""
    tables = top.tables("app")
    if not tables and "app" not in top:
        top.report("", "No app is named.", 'Add [[app]] with bundle_id = "com.example.notes".')
    apps: dict[str, AppSettings] = {}
    for table in tables:
        bundle_id = table.need(
            "bundle_id", shapes.bundle_id, "", 'Add bundle_id = "com.example.notes".'
        )
        if bundle_id and bundle_id in apps:
            table.report("bundle_id", f"{bundle_id} is named twice.", "Take one of the two out.")
        channel = table.read("channel", shapes.channel, "")
        account = _account(table, accounts)
        apps[bundle_id] = AppSettings(bundle_id=bundle_id, channel=channel or None, account=account)
    return tuple(apps.values())


def named(table: Table, bundle_ids: frozenset[str]) -> tuple[str, ...] | None:
    """Return the apps, or patterns of them, that a table is about; None for all.

    What names none of `bundle_ids` is a problem.
    """
    nothing: tuple[str, ...] = ()
    apps = table.read("app", shapes.one_or_more(shapes.bundle_ids), nothing)
    for unknown in apps:
        if not any(fnmatchcase(known, unknown) for known in bundle_ids):
            remedy = "Add it as [[app]], or mend it."
            table.report("app", f"{unknown} is not among the apps.", remedy)
    return apps or None


def _account(table: Table, accounts: Container[str]) -> str | None:
    name = table.read("account", shapes.text, DEFAULT)
    if name == DEFAULT:
        return None
    if name not in accounts:
        table.report(
            "account", f"There is no account {shown(name)}.", "Add it as [[account]], or mend it."
        )
    return name
