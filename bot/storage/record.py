"""The record: entries are added inside the transaction that they tell of, and never changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.parts import Part
from bot.domain.record import KINDS, Entry, Kept, NewEntry, canonical, sealed
from bot.domain.told import CHANGE, DECIDES, SUBJECT, counted, deciding, prints
from bot.errors import BotError
from bot.logs import starred
from bot.storage.owner import Owner
from bot.storage.rows import moment, narrowed

PAGE = 500
# No number is below it. Ours begin at 1; what somebody wrote in before that is to be seen, too.
LOWEST = -(2**63)
# What people write in their own words, and sometimes paste. Texts for Apple are kept as they are.
REASONS = ("reason", "glass")
INSERT = (
    "insert into record (number, at, kind, proposal_id, actor, body, before, hash)"
    " values (?, ?, ?, ?, ?, ?, ?, ?)"
)
OF_A_DIGEST = "select proposal_id from revisions where substr(digest, 1, length(?)) = ?"
OF_A_REVISION = (
    "select body from record where proposal_id = ? and kind = 'proposal'"
    " and case when json_valid(body) then json_extract(body, '$.revision') end = ?"
    " order by number limit 1"
)
OF_A_PUSH = (
    "select json_extract(body, '$.did') as did, json_extract(body, '$.covers') as covers"
    " from record where proposal_id = ? and kind = 'push'"
    " and case when json_valid(body) then json_extract(body, '$.push') end = ? order by number"
)
WHO_BROKE_THE_GLASS = (
    "select actor from record where proposal_id = ? and kind = 'glass' and case when"
    " json_valid(body) then json_array(json_extract(body, '$.revision'),"
    " json_extract(body, '$.digest')) end = json_array(?, ?)"
)
# Those alone that came after a text which the record tells: older ones may be in no entry.
PUSHES_TO_BE_TOLD = (
    "select id, proposal_id from pushes where exists (select 1 from revisions r"
    " where r.proposal_id = pushes.proposal_id and r.digest = pushes.digest and r.recorded = 1"
    " and r.created_at <= pushes.created_at)"
)
GLASS_TO_BE_TOLD = (
    "select p.id, r.number, r.digest, p.glass_by from proposals p join revisions r"
    " on r.proposal_id = p.id and r.number = p.revision"
    " where p.glass_by <> '' and r.recorded = 1"
)
UNTOLD = f"{OF_A_DIGEST} and recorded = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRevision:
    """What the record tells of a revision: its digest, and the version it was written for.

    `decides` has by name what else decides on it (`bot.domain.told.DECIDES`), as far as its
    entry tells that.
    """

    digest: str
    version_id: str
    decides: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPush:
    """What the record tells of a push: what was `done` with it, in order, and what it covers."""

    done: tuple[str, ...]
    part: Part


class Record:
    """The record's door: reading, and writing what no other door writes with its own rows."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def add(self, entries: Iterable[NewEntry], *, now: datetime) -> None:
        """Write entries down, together, in their order."""
        wanted = list(entries)

        def run(db: sqlite3.Connection) -> None:
            for entry in wanted:
                append(db, entry, at=now)

        await self._owner.write(run)

    async def add_if_new(self, entry: NewEntry, *, now: datetime) -> bool:
        """Write an entry down unless the last one of its kind says the same."""

        def run(db: sqlite3.Connection) -> bool:
            last = db.execute(
                "select body from record where kind = ? order by number desc limit 1",
                (entry.kind,),
            ).fetchone()
            if last is not None and last["body"] == canonical(entry.body):
                return False
            append(db, entry, at=now)
            return True

        return await self._owner.write(run)

    async def head(self) -> str:
        """Return the newest entry's hash, "" where there is none."""
        last = await self._owner.read(_last)
        return last.hash if last else ""

    async def grew(self, *, since: datetime) -> bool:
        """Return whether anything that people did or decided was written down after then.

        What the bot reads by itself at Apple, day and night, is no such thing.
        """
        return await self._owner.read(lambda db: _grew(db, moment(since)))

    async def kept(self) -> Kept | None:
        """Return what is kept of the record beside it, None by a bot that kept nothing yet."""

        def run(db: sqlite3.Connection) -> Kept | None:
            if not has_table(db, "record_end"):
                return None
            end = db.execute("select number, hash from record_end").fetchone()
            rows = db.execute(
                "select proposal_id, number, digest from revisions where recorded = 1"
            ).fetchall()
            return Kept(
                number=end["number"] if end else None,
                hash=end["hash"] if end else "",
                revisions=frozenset((row[0], row[1], row[2]) for row in rows),
                prints={(row[0], row[1]): _prints(db, row[0], row[1]) for row in rows},
                pushes=dict(map(tuple, db.execute(PUSHES_TO_BE_TOLD))),
                glass={tuple(row)[:3]: row["glass_by"] for row in db.execute(GLASS_TO_BE_TOLD)},
            )

        return await self._owner.read(run)

    async def told(self, proposal: int, revision: int) -> ToldRevision | None:
        """Return what the record tells of a revision, None where that is older than the record."""

        def run(db: sqlite3.Connection) -> ToldRevision | None:
            row = db.execute(OF_A_REVISION, (proposal, revision)).fetchone()
            if row is None:
                return None
            body = json.loads(row["body"])
            return ToldRevision(
                digest=str(body.get("digest")),
                version_id=str(body.get("version_id")),
                decides=deciding(body),
            )

        return await self._owner.read(run)

    async def told_of_push(self, proposal: int, push: int) -> ToldPush | None:
        """Return what the record tells of a push, None where nothing."""

        def run(db: sqlite3.Connection) -> ToldPush | None:
            rows = db.execute(OF_A_PUSH, (proposal, push)).fetchall()
            if not rows:
                return None
            covers = rows[0]["covers"]
            part = None if covers is None else tuple(json.loads(covers))
            return ToldPush(done=tuple(str(row["did"]) for row in rows), part=part)

        return await self._owner.read(run)

    async def who_broke_the_glass(
        self, proposal: int, revision: int, digest: str
    ) -> frozenset[str]:
        """Return who pushed a revision without approval, by the record."""
        rows = await self._owner.read(
            lambda db: db.execute(WHO_BROKE_THE_GLASS, (proposal, revision, digest)).fetchall()
        )
        return frozenset(str(row["actor"]) for row in rows)

    async def untold(self, digest: str) -> tuple[int, ...]:
        """Return the proposals that had a text of a digest, or its beginning, before the record."""

        def run(db: sqlite3.Connection) -> tuple[int, ...]:
            # A file that an older bot wrote, and that is only read, does not tell which.
            marked = has_table(db, "record_end")
            rows = db.execute(UNTOLD if marked else OF_A_DIGEST, (digest, digest)).fetchall()
            return tuple(dict.fromkeys(row["proposal_id"] for row in rows))

        return await self._owner.read(run)

    async def entries(
        self, *, proposal: int | None = None, kind: str | None = None
    ) -> AsyncIterator[Entry]:
        """Yield every entry in order, or those of one proposal or kind.

        Raises BotError with the number of the last good one where the file cannot be read on.
        """
        last, first = 0, LOWEST
        while page := await self._page(first, last, proposal, kind):
            for entry in page:
                yield entry
            if len(page) < PAGE:
                return
            last, first = page[-1].number, page[-1].number + 1

    async def _page(
        self, first: int, last: int, proposal: int | None, kind: str | None
    ) -> list[Entry]:
        given = {"proposal_id = ?": proposal, "kind = ?": kind}
        where, arguments = narrowed({"number >= ?": first, **given})
        try:
            rows = await self._owner.read(
                lambda db: db.execute(
                    f"select * from record where {where} order by number limit ?",  # noqa: S608 - our own words
                    (*arguments, PAGE),
                ).fetchall()
            )
        except sqlite3.DatabaseError as error:
            raise BotError(
                f"The record cannot be read after entry {last}: {error}.",
                remedy="The file was damaged or written into. Compare with a backup.",
            ) from error
        return [entry_of(row) for row in rows]


def append(db: sqlite3.Connection, entry: NewEntry, *, at: datetime | None = None) -> None:
    """Write an entry down in the caller's transaction, by default at the store's own moment.

    What looks like a token or a key in a person's reason is starred.
    """
    if at is None:
        (when,) = db.execute("select present()").fetchone()
    else:
        when = moment(at)
    made = sealed(_without_secrets(entry), at=when, after=_last(db))
    values = (made.number, made.at, made.kind, made.proposal, made.actor, made.body)
    db.execute(INSERT, (*values, made.before, made.hash))


def _grew(db: sqlite3.Connection, since: str) -> bool:
    for kind in KINDS:
        # A push has entries of its own beside those of its calls.
        if kind != "calls":
            newest = db.execute(
                "select at from record where kind = ? order by number desc limit 1", (kind,)
            ).fetchone()
            if newest is not None and newest["at"] > since:
                return True
    return False


def _without_secrets(entry: NewEntry) -> NewEntry:
    given = {name: entry.body.get(name) for name in REASONS}
    stars = {name: starred(text) for name, text in given.items() if isinstance(text, str)}
    return replace(entry, body={**entry.body, **stars})


def _prints(db: sqlite3.Connection, proposal: int, revision: int) -> bytes:
    subject = db.execute(
        "select p.*, r.not_before, r.ends_at, r.in_parts, r.authors from proposals p"
        " join revisions r on r.proposal_id = p.id where p.id = ? and r.number = ?",
        (proposal, revision),
    ).fetchone()
    changes = db.execute(
        "select * from items where proposal_id = ? and revision = ? order by position",
        (proposal, revision),
    ).fetchall()
    decides = _deciding(subject) if subject else {}
    since = counted(((row["since"], row["rule"]) for row in changes), 0)
    return prints(
        _subject(subject) if subject else (),
        {**decides, "since": since},
        map(_change, changes),
    )


def _deciding(row: sqlite3.Row) -> dict[str, object]:
    held = dict(row)
    # What was written into need be no list.
    with suppress(ValueError):
        held["authors"] = json.loads(held["authors"])
    return {name: held.get(name) for name in DECIDES}


def _subject(row: sqlite3.Row) -> tuple[object, ...]:
    # A file that an older bot wrote, and that is only read, knows of no awaited version.
    held = {"awaited": "", **dict(row)}
    return tuple(held[name] for name in SUBJECT)


def _change(row: sqlite3.Row) -> tuple[object, ...]:
    # Nor of localizations that its texts make.
    held = {"creates": 0, **dict(row)}
    return tuple(held[name] for name in CHANGE)


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Return whether there is a table; an older bot's file that is only read lacks some."""
    found = db.execute(
        "select 1 from sqlite_schema where type = 'table' and name = ?", (name,)
    ).fetchone()
    return found is not None


def _last(db: sqlite3.Connection) -> Entry | None:
    row = db.execute("select * from record order by number desc limit 1").fetchone()
    return entry_of(row) if row else None


def entry_of(row: sqlite3.Row) -> Entry:
    """Return the entry that a row holds."""
    return Entry(
        number=row["number"],
        at=row["at"],
        kind=row["kind"],
        proposal=row["proposal_id"],
        actor=row["actor"],
        body=row["body"],
        before=row["before"],
        hash=row["hash"],
    )
