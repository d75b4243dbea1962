"""marquee.toml to values: apps and their channels, who approves what, which reminders."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.settings import shapes
from bot.settings.document import Table
from bot.settings.values import ApprovalRule, ApprovalSettings, AppSettings, ReminderSettings

_WHO = 'Name user groups and users, as in approvers = ["S0ASOLEADS", "U0BEN"].'


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What marquee.toml says; stand-ins are in the place of what was wrong."""

    timezone: ZoneInfo
    channel: str
    apps: tuple[AppSettings, ...]
    approval: ApprovalSettings
    reminders: tuple[ReminderSettings, ...]


def read(top: Table) -> Configuration:
    """Return what the document says; problems are left with it."""
    apps = _apps(top)
    return Configuration(
        timezone=top.read("timezone", shapes.timezone, ZoneInfo("UTC")),
        channel=top.need(
            "channel", shapes.channel, "", 'Say where proposals go, as in channel = "C0ASO".'
        ),
        apps=apps,
        approval=_approval(top, frozenset(app.bundle_id for app in apps)),
        reminders=tuple(_reminder(table) for table in top.tables("reminder")),
    )


def _apps(top: Table) -> tuple[AppSettings, ...]:
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
        apps[bundle_id] = AppSettings(bundle_id=bundle_id, channel=channel or None)
    return tuple(apps.values())


def _approval(top: Table, bundle_ids: frozenset[str]) -> ApprovalSettings:
    default = ApprovalSettings(approvers=())
    table = top.table("approval")
    if table is None:
        return default
    emoji = shapes.list_of(shapes.emoji, filled=True)
    approve = table.read("approve", emoji, default.approve)
    reject = table.read("reject", emoji, default.reject)
    if both := set(approve) & set(reject):
        where = "reject" if "reject" in table else "approve"
        table.report(where, f"{min(both)} both approves and rejects.", "Keep it in one list.")
    return ApprovalSettings(
        approvers=table.need("approvers", shapes.list_of(shapes.approver), (), _WHO),
        quorum=table.read("quorum", shapes.quorum, default.quorum),
        approve=approve,
        reject=reject,
        expires=table.read("expires", shapes.positive_duration, default.expires),
        self_approval=table.read("self_approval", shapes.flag, default.self_approval),
        rules=tuple(_rule(rule, bundle_ids) for rule in table.tables("rule")),
    )


def _rule(table: Table, bundle_ids: frozenset[str]) -> ApprovalRule:
    if "quorum" not in table and "approvers" not in table:
        table.report("", "This rule changes nothing.", "Give it quorum, approvers or both.")
    apps = _read_optional(table, "app", shapes.bundle_id)
    for unknown in sorted(set(apps or ()) - bundle_ids):
        table.report("app", f"{unknown} is not among the apps.", "Add it as [[app]], or mend it.")
    return ApprovalRule(
        app=apps,
        field=_read_optional(table, "field", shapes.field),
        locale=_read_optional(table, "locale", shapes.locale),
        quorum=table.read("quorum", shapes.quorum, 0) or None,
        approvers=_read_optional(table, "approvers", shapes.approver),
    )


def _read_optional(table: Table, name: str, reader: shapes.Reader[str]) -> tuple[str, ...] | None:
    nothing: tuple[str, ...] = ()
    return table.read(name, shapes.one_or_more(reader), nothing) or None


def _reminder(table: Table) -> ReminderSettings:
    default = ReminderSettings()
    return ReminderSettings(
        state=table.read("state", shapes.state, default.state),
        after=table.read("after", shapes.duration, default.after),
        every=table.read("every", shapes.positive_duration, default.every),
    )
