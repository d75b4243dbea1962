"""Tokens of the proposals API, and what was answered to requests that may come twice."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.record import NewEntry
from bot.domain.tokens import Token
from bot.storage.owner import Owner
from bot.storage.record import append, has_table
from bot.storage.rows import at, at_or_none, dump, moment, moment_or_none

# How long the same key brings the same answer, and how many of them a token has at most.
KEPT = timedelta(hours=24)
MOST_KEPT = 10_000
# A token that is used every second is written down once a minute.
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that has no number yet; `digest` is what it is looked up by."""

    digest: str
    name: str
    owner: str
    apps: tuple[str, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that writes: the token's number, its idempotency key, "" without one.

    `body` is a digest of what it asks for.
    """

    token: int
    key: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a request with a key: the proposal, None where nothing would change."""

    body: str
    proposal: int | None


class Tokens:
    """The tokens' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def make(self, new: NewToken, *, now: datetime) -> Token:
        """Keep a new token, and in the record who may do what with it."""

        def run(db: sqlite3.Connection) -> Token:
            row = db.execute(
                "insert into tokens (digest, name, owner, apps, made_at, expires_at)"
                " values (?, ?, ?, ?, ?, ?) returning *",
                (
                    new.digest,
                    new.name,
                    new.owner,
                    dump(new.apps),
                    moment(now),
                    moment_or_none(new.expires_at),
                ),
            ).fetchone()
            made = _token(row)
            _tell(db, made, "made", now)
            return made

        return await self._owner.write(run)

    async def revoke(self, number: int, *, now: datetime) -> Token | None:
        """Let a token open nothing from now on; None where there is none that is not revoked."""

        def run(db: sqlite3.Connection) -> Token | None:
            row = db.execute(
                "update tokens set revoked_at = ? where id = ? and revoked_at is null returning *",
                (moment(now), number),
            ).fetchone()
            if row is None:
                return None
            revoked = _token(row)
            _tell(db, revoked, "revoked", now)
            return revoked

        return await self._owner.write(run)

    async def all(self) -> tuple[Token, ...]:
        """Return every token there ever was, the oldest first; none in an older bot's file."""

        def run(db: sqlite3.Connection) -> list[sqlite3.Row]:
            if not has_table(db, "tokens"):
                return []
            return db.execute("select * from tokens order by id").fetchall()

        return tuple(_token(row) for row in await self._owner.read(run))

    async def use(self, digest: str, *, now: datetime) -> Token | None:
        """Return the token with that digest if it holds, and keep that it is used."""
        row = await self._owner.read(
            lambda db: db.execute("select * from tokens where digest = ?", (digest,)).fetchone()
        )
        token = _token(row) if row else None
        if token is None or not token.holds(now):
            return None
        if token.used_at is None or not token.used_at <= now < token.used_at + USED_EVERY:
            await self._owner.write(
                lambda db: db.execute(
                    "update tokens set used_at = ? where id = ?", (moment(now), token.id)
                )
            )
        return token

    async def reply(self, request: Request, *, now: datetime) -> Reply | None:
        """Return what came of an earlier request with the same key, None where none is kept."""
        row = await self._owner.read(lambda db: _kept(db, request, now))
        return Reply(body=row["body"], proposal=row["proposal_id"]) if row else None

    async def keep_reply(self, request: Request, *, now: datetime) -> bool:
        """Keep that a request changed nothing; False where something else came of its key."""

        def run(db: sqlite3.Connection) -> bool:
            return may_go_on(db, request, now) and keep(db, request, None, now)

        return await self._owner.write(run)

    async def full(self, token: int, *, now: datetime) -> bool:
        """Return whether as many keys of a token are kept as may be."""
        (count,) = await self._owner.read(
            lambda db: db.execute(
                "select count(*) from replies where token_id = ? and at > ?",
                (token, moment(now - KEPT)),
            ).fetchone()
        )
        return int(count) >= MOST_KEPT

    async def forget(self, *, now: datetime) -> None:
        """Drop answers that are kept for long enough."""
        await self._owner.write(
            lambda db: db.execute("delete from replies where at <= ?", (moment(now - KEPT),))
        )


def may_go_on(db: sqlite3.Connection, request: Request, now: datetime) -> bool:
    """Return whether a request's token still holds and nothing came of its key yet.

    Asked in the transaction that writes what comes of it, so that of two at once one does.
    """
    row = db.execute("select * from tokens where id = ?", (request.token,)).fetchone()
    if row is None or not _token(row).holds(now):
        return False
    return not request.key or _kept(db, request, now) is None


def keep(db: sqlite3.Connection, request: Request, proposal: int | None, now: datetime) -> bool:
    """Keep what came of a request in the caller's transaction; what its key meant before goes."""
    if request.key:
        db.execute(
            "insert or replace into replies (token_id, key, body, proposal_id, at)"
            " values (?, ?, ?, ?, ?)",
            (request.token, request.key, request.body, proposal, moment(now)),
        )
    return True


def _kept(db: sqlite3.Connection, request: Request, now: datetime) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "select * from replies where token_id = ? and key = ? and at > ?",
        (request.token, request.key, moment(now - KEPT)),
    ).fetchone()
    return row


def _tell(db: sqlite3.Connection, token: Token, did: str, now: datetime) -> None:
    body = {
        "token": token.id,
        "did": did,
        "name": token.name,
        "owner": token.owner,
        "apps": list(token.apps),
        "expires_at": moment_or_none(token.expires_at),
    }
    append(db, NewEntry(kind="token", body=body), at=now)


def _token(row: sqlite3.Row) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        owner=row["owner"],
        apps=tuple(json.loads(row["apps"])),
        made_at=at(row["made_at"]),
        expires_at=at_or_none(row["expires_at"]),
        used_at=at_or_none(row["used_at"]),
        revoked_at=at_or_none(row["revoked_at"]),
    )
