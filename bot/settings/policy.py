"""The part of marquee.toml about decisions: who approves what, how many, who is told next."""

from __future__ import annotations

from bot.settings import apps, shapes, times
from bot.settings.document import Table
from bot.settings.values import ApprovalRule, ApprovalSettings

_WHO = 'Name user groups and users, as in approvers = ["S0ASOLEADS", "U0BEN"].'
_TWO = 2
_SETS = ("quorum", "approvers", "escalation", "confirm")


def read(top: Table, bundle_ids: frozenset[str]) -> ApprovalSettings:
    """Return who decides; rules may name only the apps with these `bundle_ids`."""
    default = ApprovalSettings(approvers=(), persons=_persons(top))
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
        expires=table.read("expires", times.expiry, default.expires),
        self_approval=table.read("self_approval", shapes.flag, default.self_approval),
        escalation=table.read("escalation", shapes.list_of(shapes.approver), default.escalation),
        keep_votes=table.read("keep_votes", shapes.flag, default.keep_votes),
        undo_window=table.read("undo_window", times.undo_window, default.undo_window),
        persons=default.persons,
        rules=tuple(_rule(rule, bundle_ids) for rule in table.tables("rule")),
    )


def _persons(top: Table) -> tuple[frozenset[str], ...]:
    """Return the accounts of each person; an account belongs to one person."""
    nobody: tuple[str, ...] = ()
    found: list[frozenset[str]] = []
    for table in top.tables("person"):
        wanted = 'Name at least two, as in accounts = ["U0MIA", "W0MIA"].'
        accounts = frozenset(table.need("accounts", shapes.list_of(shapes.user), nobody, wanted))
        if "accounts" in table and len(accounts) < _TWO:
            table.report("accounts", "One account needs no joining.", wanted)
        for other in found:
            if both := sorted(accounts & other):
                table.report("accounts", f"{both[0]} is two persons'.", "Keep it with one.")
        found.append(accounts)
    return tuple(found)


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
        confirm=table.read("confirm", shapes.flag, default=False) if "confirm" in table else None,
    )


def _read_optional(table: Table, name: str, reader: shapes.Reader[str]) -> tuple[str, ...] | None:
    nothing: tuple[str, ...] = ()
    return table.read(name, shapes.one_or_more(reader), nothing) or None
