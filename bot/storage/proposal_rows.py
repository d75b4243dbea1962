"""Proposals, revisions and items as rows: written, read, marked inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.proposals import AT_ONCE, Outage, Proposal, Status, Target, Timing
from bot.domain.record import NewEntry, plain
from bot.domain.validation import Finding
from bot.storage.record import append
from bot.storage.rows import at, at_or_none, dump, moment, moment_or_none
from bot.storage.tokens import Request

COLUMNS = (
    "select p.*, r.digest, r.authors, r.reason, r.message_ts, r.number, r.not_before, r.ends_at,"
    " r.in_parts,"
    " r.created_at as revised_at from proposals p join revisions r on r.proposal_id = p.id"
)
# Left out of the record where a proposal has none.
SELDOM = frozenset({"via", "awaited"})
JOINED = f"{COLUMNS} and r.number = p.revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """What a submission brings: the items, who wrote them, why, what was found.

    `arrived` are those of the items that a push before was seen to have brought only now.
    """

    digest: str
    authors: tuple[str, ...]
    reason: str
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    timing: Timing = AT_ONCE
    in_parts: bool = False
    arrived: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """A proposal that does not have a number yet; `request` where it came in through the API."""

    target: Target
    app_name: str
    bundle_id: str
    version_number: str
    version_state: str
    live: bool
    proposer: str
    channel: str
    expires_at: datetime
    reverts: int | None = None
    returns: int | None = None
    via: str = ""
    request: Request | None = None


def insert_proposal(
    db: sqlite3.Connection, new: NewProposal, now: datetime, *, replaces: int | None = None
) -> int:
    """Write a proposal that has no revision yet; return its number."""
    row = db.execute(
        "insert into proposals (app_id, platform, version_id, app_name, bundle_id,"
        " version_number, version_state, live, status, revision, proposer, channel, reverts,"
        " returns, replaces, via, awaited, created_at, expires_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " returning id",
        (
            new.target.app_id,
            new.target.platform,
            new.target.version_id,
            new.app_name,
            new.bundle_id,
            new.version_number,
            new.version_state,
            new.live,
            Status.OPEN,
            new.proposer,
            new.channel,
            new.reverts,
            new.returns,
            replaces,
            new.via,
            new.target.awaited,
            moment(now),
            moment(new.expires_at),
        ),
    ).fetchone()
    return int(row["id"])


def insert_revision(
    db: sqlite3.Connection,
    proposal: int,
    number: int,
    new: NewRevision,
    now: datetime,
    *,
    by: str,
) -> None:
    """Write a revision with its items and what validation found; `by` is who sent it."""
    findings = [
        {
            "severity": one.severity,
            "locale": one.locale,
            "field": one.field,
            "message": one.message,
            "remedy": one.remedy,
        }
        for one in new.findings
    ]
    db.execute(
        "insert into revisions (proposal_id, number, digest, authors, reason, findings,"
        " not_before, ends_at, in_parts, created_at, recorded)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (
            proposal,
            number,
            new.digest,
            dump(new.authors),
            new.reason,
            dump(findings),
            moment_or_none(new.timing.not_before),
            moment_or_none(new.timing.ends_at),
            int(new.in_parts),
            moment(now),
        ),
    )
    db.executemany(
        "insert into items (proposal_id, revision, position, kind, locale, field, before,"
        " after, state, problem, since, rule, earlier, creates)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_item_row(proposal, number, place, item) for place, item in enumerate(new.items)],
    )
    body = _told(db, proposal, number, new)
    append(db, NewEntry(kind="proposal", body=body, proposal=proposal, actor=by), at=now)


def _told(
    db: sqlite3.Connection, proposal: int, number: int, new: NewRevision
) -> dict[str, object]:
    """Return a revision as the record tells it: what it is about, and every text."""
    row = db.execute(
        "select app_id, platform, version_id, app_name, bundle_id, version_number, version_state,"
        " live, proposer, channel, reverts, returns, replaces, via, awaited, expires_at"
        " from proposals where id = ?",
        (proposal,),
    ).fetchone()
    subject = {name: value for name, value in dict(row).items() if value or name not in SELDOM}
    return {
        **subject,
        "revision": number,
        "digest": new.digest,
        "authors": list(new.authors),
        "reason": new.reason,
        "not_before": moment_or_none(new.timing.not_before),
        "ends_at": moment_or_none(new.timing.ends_at),
        **({"in_parts": True} if new.in_parts else {}),
        "items": [plain(item) for item in new.items],
    }


def _item_row(proposal: int, number: int, place: int, item: Item) -> tuple[object, ...]:
    since = item.since or number
    what = (item.kind, item.locale, item.field, item.before, item.after)
    earlier = int(item.state is ItemState.DONE)
    how = (item.state, item.problem, since, item.rule, earlier, int(item.creates))
    return (proposal, number, place, *what, *how)


def mark_items(
    db: sqlite3.Connection,
    proposal: int,
    revision: int,
    items: Iterable[tuple[Item, str | None]],
) -> None:
    """Write items' states, problems and what Apple holds now, inside the caller's transaction."""
    # By position, which is their key: else each of 200 items is searched for among 200.
    rows = db.execute(
        "select position, kind, locale, field from items where proposal_id = ? and revision = ?",
        (proposal, revision),
    ).fetchall()
    places = {(row["kind"], row["locale"], row["field"]): row["position"] for row in rows}
    db.executemany(
        "update items set state = ?, problem = ?, live_now = ? where proposal_id = ?"
        " and revision = ? and position = ?",
        [
            (i.state, i.problem, live, proposal, revision, places.get((i.kind, i.locale, i.field)))
            for i, live in items
        ],
    )


def leave_rest(db: sqlite3.Connection, proposal: int, *, why: str) -> None:
    """Keep that what is not done of a proposal that ended is not pushed any more, and why."""
    db.execute(
        "update items set state = 'left', problem = ? where proposal_id = ? and state <> 'done'"
        " and revision = (select revision from proposals where id = items.proposal_id)",
        (why, proposal),
    )


def leave_part(db: sqlite3.Connection, proposal: int, *, why: str) -> None:
    """Keep why the part that waited to be pushed was left, "" for no reason of its own."""
    row = db.execute(
        "select covers from pushes where proposal_id = ? order by id desc limit 1", (proposal,)
    ).fetchone()
    if why and row is not None:
        db.execute(
            "update items set problem = ? where proposal_id = ? and state = 'left'"
            " and revision = (select revision from proposals where id = items.proposal_id)"
            " and (? = '' or position in (select value from json_each(nullif(?, ''))))",
            (why, proposal, row["covers"], row["covers"]),
        )


def part_begun(db: sqlite3.Connection, proposal: int, revision: int) -> bool:
    """Return whether a proposal goes in parts and one of them stands at Apple."""
    row = db.execute(
        "select 1 from revisions r join items i on i.proposal_id = r.proposal_id"
        " and i.revision = r.number where r.proposal_id = ? and r.number = ?"
        " and r.in_parts = 1 and i.state = 'done' limit 1",
        (proposal, revision),
    ).fetchone()
    return row is not None


def keep_live_now(db: sqlite3.Connection, proposal: int, revision: int) -> None:
    """Keep what Apple holds instead of items that a new revision leaves stale."""
    db.execute(
        "update items set live_now = (select o.live_now from items o where o.proposal_id ="
        " items.proposal_id and o.revision = items.revision - 1 and o.kind = items.kind"
        " and o.locale = items.locale and o.field = items.field)"
        " where proposal_id = ? and revision = ? and state = 'stale'",
        (proposal, revision),
    )


def load(db: sqlite3.Connection, where: str, arguments: tuple[object, ...]) -> tuple[Proposal, ...]:
    """Return proposals at their current revision; `where` is a clause of this room's own."""
    rows = db.execute(f"{JOINED} {where}", arguments).fetchall()
    return tuple(_proposal(db, row) for row in rows)


def load_revision(db: sqlite3.Connection, proposal: int, revision: int) -> Proposal | None:
    """Return a proposal as one of its revisions has it, None where there is none."""
    row = db.execute(f"{COLUMNS} where p.id = ? and r.number = ?", (proposal, revision)).fetchone()
    return _proposal(db, row) if row else None


def _proposal(db: sqlite3.Connection, row: sqlite3.Row) -> Proposal:
    items = db.execute(
        "select * from items where proposal_id = ? and revision = ? order by position",
        (row["id"], row["number"]),
    ).fetchall()
    return Proposal(
        id=row["id"],
        target=Target(
            app_id=row["app_id"],
            platform=row["platform"],
            version_id=row["version_id"],
            awaited=row["awaited"],
        ),
        app_name=row["app_name"],
        bundle_id=row["bundle_id"],
        version_number=row["version_number"],
        version_state=row["version_state"],
        live=bool(row["live"]),
        status=Status(row["status"]),
        revision=row["number"],
        digest=row["digest"],
        proposer=row["proposer"],
        authors=tuple(json.loads(row["authors"])),
        reason=row["reason"],
        items=tuple(_item(item) for item in items),
        channel=row["channel"],
        message_ts=row["message_ts"],
        created_at=at(row["created_at"]),
        expires_at=at(row["expires_at"]),
        reverts=row["reverts"],
        timing=Timing(not_before=at_or_none(row["not_before"]), ends_at=at_or_none(row["ends_at"])),
        returns=row["returns"],
        revised_at=at(row["revised_at"]),
        opened_at=at_or_none(row["opened_at"]),
        approved_at=at_or_none(row["approved_at"]),
        stopped_by=row["stopped_by"],
        parked_for=row["parked_for"],
        parked_at=at_or_none(row["parked_at"]),
        glass_by=row["glass_by"],
        outage=_outage(row),
        in_parts=bool(row["in_parts"]),
        via=row["via"],
    )


def _outage(row: sqlite3.Row) -> Outage | None:
    if not row["outage"]:
        return None
    since, try_at = at(row["outage_since"]), at_or_none(row["try_at"])
    return Outage(kind=row["outage"], since=since, try_at=try_at)


def _item(row: sqlite3.Row) -> Item:
    return Item(
        kind=ItemKind(row["kind"]),
        locale=row["locale"],
        field=row["field"],
        before=row["before"],
        after=row["after"],
        state=ItemState(row["state"]),
        problem=row["problem"],
        since=row["since"],
        rule=row["rule"],
        earlier=bool(row["earlier"]),
        creates=bool(row["creates"]),
    )
