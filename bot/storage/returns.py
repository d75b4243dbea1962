"""Texts that return by themselves: found when their time is over, brought back approved.

The proposal that brings them back, its approval and its push are one transaction, together
with the period that is taken for it: it is made once, whenever and however often one looks.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.items import Item
from bot.domain.proposals import Status
from bot.domain.record import NewEntry
from bot.domain.returning import Brought
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.periods import take
from bot.storage.record import append
from bot.storage.rows import at_or_none, dump, moment

JOB = "return"


def ending(statuses: Iterable[Status], now: datetime) -> tuple[str, tuple[object, ...]]:
    """Return the clause, with its arguments, for proposals whose end came and was not heeded."""
    wanted = dump([str(status) for status in statuses])
    clause = (
        # From those that have an end, not from all that ever arrived: "+" asks for that.
        "where +p.status in (select value from json_each(?)) and r.ends_at <= ?"
        " and (select max(id) from pushes where proposal_id = p.id and state = 'finished') > 0"
        " and not exists (select 1 from periods where job = ? and period = p.id || ':' ||"
        " (select max(id) from pushes where proposal_id = p.id and state = 'finished'))"
        # The newest first: what lies under it may be over as well, and returns with it.
        " order by (select max(id) from pushes where proposal_id = p.id) desc"
    )
    return clause, (wanted, moment(now), JOB)


def brought(db: sqlite3.Connection, app_id: str, platform: str) -> tuple[Brought, ...]:
    """Return the promotional texts that reached Apple for an app and platform."""
    rows = db.execute(
        "select i.*, r.ends_at, max(pushes.id) as push from proposals p"
        " join revisions r on r.proposal_id = p.id and r.number = p.revision"
        " join items i on i.proposal_id = p.id and i.revision = p.revision"
        " join pushes on pushes.proposal_id = p.id and pushes.state = 'finished'"
        " where p.app_id = ? and p.platform = ? and i.kind = 'text'"
        " and i.field = 'promotionalText' and i.state = 'done' group by p.id, i.position",
        (app_id, platform),
    ).fetchall()
    return tuple(
        Brought(
            proposal=row["proposal_id"],
            push=row["push"],
            item=Item(
                locale=row["locale"], field=row["field"], before=row["before"], after=row["after"]
            ),
            ends_at=at_or_none(row["ends_at"]),
        )
        for row in rows
    )


def bring_back(
    db: sqlite3.Connection,
    original: int,
    items: Iterable[Item],
    create: Callable[[tuple[Item, ...], str], int],
    *,
    now: datetime,
) -> int | None:
    """Take the period of a proposal's last push and bring back what it brought.

    `create` writes the proposal with the items that no earlier return has covered, takes it
    to approved and returns its number; it is told why the text went without approval, "" for
    one that was approved. None when there is nothing (more) to bring back.
    """
    push = db.execute(
        "select id from pushes where proposal_id = ? and state = 'finished'"
        " order by id desc limit 1",
        (original,),
    ).fetchone()
    if push is None or not take(db, JOB, f"{original}:{push['id']}", now=now):
        return None
    covered = {
        (row["locale"], row["field"])
        for row in db.execute(
            "select i.locale, i.field from items i join proposals p on p.id = i.proposal_id"
            " where p.returns = ?",
            (original,),
        )
    }
    left = tuple(item for item in items if (item.locale, item.field) not in covered)
    if not left:
        return None
    # Whose word it rests on: if anything of it went without approval, its return does, too.
    rests = db.execute(
        "select approvers, glass from pushes where proposal_id = ? and state = 'finished'"
        " order by glass <> '' desc, id desc limit 1",
        (original,),
    ).fetchone()
    number = create(left, rests["glass"])
    _queue(db, number, json.loads(rests["approvers"]), rests["glass"], now)
    return number


def _queue(
    db: sqlite3.Connection, number: int, approvers: list[str], glass: str, now: datetime
) -> None:
    row = db.execute(
        "select p.channel, r.digest from proposals p join revisions r on r.proposal_id = p.id"
        " where p.id = ?",
        (number,),
    ).fetchone()
    push = db.execute(
        "insert into pushes (proposal_id, digest, epoch, state, approvers, glass, created_at)"
        " values (?, ?, 0, 'queued', ?, ?, ?) returning id",
        (number, row["digest"], dump(approvers), glass, moment(now)),
    ).fetchone()
    queued = {"did": "queued", "push": push["id"], "epoch": 0, "digest": row["digest"]}
    told = {"approvers": sorted(approvers), **({"glass": glass} if glass else {})}
    body = {**queued, **told}
    append(db, NewEntry(kind="push", body=body, proposal=number), at=now)
    notice = NewNotice(
        key=f"returning:{number}",
        kind="returning",
        channel=row["channel"],
        body={"proposal": number, "revision": 1},
    )
    add_notices(db, [notice], now=now)
