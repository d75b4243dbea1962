"""The part of marquee.toml about decisions: who approves what, how many, who is told next."""

from __future__ import annotations

from bot.settings import apps, shapes, times
from bot.settings.document import Table
from bot.settings.values import ApprovalRule, ApprovalSettings

_WHO = 'Name user groups and users, as in approvers = ["S0ASOLEADS", "U0BEN"].'
_SETS = ("quorum", "approvers", "escalation")


def read(top: Table, bundle_ids: frozenset[str]) -> ApprovalSettings:
    """Return who decides; rules may name only the apps with these `bundle_ids`."""
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
        expires=table.read("expires", times.positive_duration, default.expires),
        self_approval=table.read("self_approval", shapes.flag, default.self_approval),
        escalation=table.read("escalation", shapes.list_of(shapes.approver), default.escalation),
        rules=tuple(_rule(rule, bundle_ids) for rule in table.tables("rule")),
    )


def _rule(table: Table, bundle_ids: frozenset[str]) -> ApprovalRule:
    if not any(name in table for name in _SETS):
        table.report("", "This rule changes nothing.", f"Give it one of {', '.join(_SETS)}.")
    return ApprovalRule(
        app=apps.named(table, bundle_ids),
        field=_read_optional(table, "field", shapes.field),
        locale=_read_optional(table, "locale", shapes.locale),
        quorum=table.read("quorum", shapes.quorum, 0) or None,
        approvers=_read_optional(table, "approvers", shapes.approver),
        escalation=_read_optional(table, "escalation", shapes.approver),
    )


def _read_optional(table: Table, name: str, reader: shapes.Reader[str]) -> tuple[str, ...] | None:
    nothing: tuple[str, ...] = ()
    return table.read(name, shapes.one_or_more(reader), nothing) or None
