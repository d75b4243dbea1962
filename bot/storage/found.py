"""What a push brought to Apple without an answer, kept once it is seen there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.items import Item
from bot.storage.push_rows import push_of, record_push, told_rights
from bot.storage.records import HistoryRow, remember
from bot.storage.telling import told_items


def keep_found(
    db: sqlite3.Connection, proposal: sqlite3.Row, items: Sequence[Item], *, now: datetime
) -> None:
    """Remember items as brought by a proposal's last push, inside the caller's transaction."""
    row = db.execute(
        "select * from pushes where proposal_id = ? and state <> 'dropped'"
        " order by id desc limit 1",
        (proposal["id"],),
    ).fetchone()
    if row is None or not items:
        return
    push = push_of(row)
    history = [
        HistoryRow(
            app_id=proposal["app_id"],
            platform=proposal["platform"],
            version_id=proposal["version_id"],
            version_number=proposal["version_number"],
            locale=item.locale,
            field=item.field,
            before=item.before,
            after=item.after,
            proposal_id=push.proposal_id,
            proposer=proposal["proposer"],
            approvers=push.approvers,
            pushed_at=now,
            glass=push.glass,
            digest=push.digest,
            part=push.part is not None,
        )
        for item in items
    ]
    arrived = [[one.locale, one.field] for one in items]
    told = {"items": told_items([(one, None) for one in items]), "arrived": arrived}
    record_push(db, push, "found", now=now, told={**told, **told_rights(push)})
    remember(db, push.proposal_id, history, (), tried=items)
