"""Proposals, their revisions and items: what is asked and told of them, and where they go."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.changes import digest
from bot.domain.items import Item
from bot.domain.lifetime import is_over
from bot.domain.listing import Version
from bot.domain.proposals import Proposal, Status
from bot.domain.record import UNSAID, NewEntry, Why
from bot.domain.returning import Brought
from bot.domain.timing import FURTHEST
from bot.domain.validation import Finding, Severity
from bot.storage import returns, vetoes
from bot.storage.forms import drop_form
from bot.storage.moving import move
from bot.storage.owner import Owner
from bot.storage.proposal_rows import (
    NewProposal,
    NewRevision,
    insert_proposal,
    insert_revision,
    load,
    load_revision,
)
from bot.storage.proposing import propose, revise
from bot.storage.record import append
from bot.storage.rivals import Rival, rivals
from bot.storage.rows import batched, dump, moment, moment_or_none

# So many proposals, each with up to some hundred items, are read before others have a turn.
PAGE = 25


class Proposals:
    """The proposals' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def create(
        self,
        new: NewProposal,
        revision: NewRevision,
        *,
        now: datetime,
        draft: int | None = None,
        replaces: int | None = None,
        form: int | None = None,
    ) -> int | None:
        """Write a proposal and the notice that announces it; return its number.

        With `draft` its row ends in the same transaction; None when it had ended before, so
        that a submission that comes twice makes one proposal. The proposal that it
        `replaces` is superseded likewise, unless it was given up before; None when that could
        not be replaced any more. The kept `form` it was made of is dropped with it. None, too,
        when the token of the request that it came by ended, or its key has an answer already.
        """

        def run(db: sqlite3.Connection) -> int | None:
            number = propose(db, new, revision, draft=draft, replaces=replaces, now=now)
            if number is not None:
                drop_form(db, form)
            return number

        return await self._owner.write(run)

    async def revise(
        self,
        proposal: int,
        revision: NewRevision,
        *,
        draft: int,
        seen: int,
        expires_at: datetime,
        now: datetime,
    ) -> int | None:
        """Write the next revision of an open or parked proposal, open from then on.

        Return its number; None when the draft or the proposal was none of these any more, or
        when somebody revised it since revision `seen`: nothing is written then.
        """

        def run(db: sqlite3.Connection) -> int | None:
            held = db.execute(
                "select * from proposals where id = ? and revision = ?", (proposal, seen)
            ).fetchone()
            if held is None:
                return None
            return revise(db, held, revision, draft=draft, expires_at=expires_at, now=now)

        return await self._owner.write(run)

    async def get(self, proposal: int, revision: int | None = None) -> Proposal | None:
        """Return a proposal at its current revision, or as an earlier one had it."""
        found = await self._owner.read(lambda db: load(db, "where p.id = ?", (proposal,)))
        if not found or revision is None or found[0].revision == revision:
            return found[0] if found else None
        return await self._owner.read(lambda db: load_revision(db, proposal, revision))

    async def listed(
        self, *, statuses: Iterable[Status], app_id: str | None = None
    ) -> tuple[Proposal, ...]:
        """Return all proposals of these statuses, newest first.

        They are read a few at a time: whoever asks for less need not wait until all are read.
        """
        wanted = frozenset(statuses)
        found: list[Proposal] = []
        numbers = await self.numbers(statuses=wanted, app_id=app_id)
        for some in batched(numbers, PAGE):
            found += await self._owner.read(partial(_numbered, numbers=dump(some)))
        return tuple(one for one in found if one.status in wanted)

    async def numbers(
        self, *, statuses: Iterable[Status], app_id: str | None = None
    ) -> Mapping[int, Status]:
        """Return number -> status of all proposals of these statuses, newest first."""
        wanted = dump([str(status) for status in statuses])
        rows = await self._owner.read(
            lambda db: db.execute(
                "select id, status from proposals"
                " where status in (select value from json_each(?)) and (? is null or app_id = ?)"
                " order by id desc",
                (wanted, app_id, app_id),
            ).fetchall()
        )
        return {row["id"]: Status(row["status"]) for row in rows}

    async def undecided(
        self, *, over: datetime | None = None, versions: Iterable[str] | None = None
    ) -> tuple[int, ...]:
        """Return the undecided proposals whose time is `over` by then, or that are of `versions`.

        What is approved and waits for its push is among the former; its own time may give it
        more. Texts that return by themselves are not among them: nobody decides on those.
        """
        end = moment_or_none(over)
        ids = None if versions is None else dump(list(versions))
        rows = await self._owner.read(
            lambda db: db.execute(
                "select id from proposals where (returns is null or revision > 1"
                " or opened_at is not null) and (status in ('open', 'parked')"
                " or (status = 'approved' and ? is not null))"
                " and (? is null or expires_at <= ?)"
                " and (? is null or version_id in (select value from json_each(?)))"
                " order by id desc",
                (end, end, end, ids, ids),
            ).fetchall()
        )
        return tuple(row["id"] for row in rows)

    async def rejected(self, *, now: datetime) -> tuple[Proposal, ...]:
        """Return the rejected proposals whose time is not over, newest first."""
        where = "where p.status = 'rejected' and p.expires_at > ? order by p.id desc"
        found = await self._owner.read(lambda db: load(db, where, (moment(now - FURTHEST),)))
        return tuple(one for one in found if not is_over(one, now))

    async def ending(self, *, now: datetime, statuses: Iterable[Status]) -> tuple[Proposal, ...]:
        """Return the proposals whose texts' time is over and that were not brought back."""
        where, arguments = returns.ending(statuses, now)
        return await self._owner.read(lambda db: load(db, where, arguments))

    async def rivals(self, proposal: int) -> tuple[Rival, ...]:
        """Return which undecided proposals change what a proposal changes, the oldest first."""
        return await self._owner.read(lambda db: rivals(db, proposal))

    async def brought(self, app_id: str, platform: str) -> tuple[Brought, ...]:
        """Return the promotional texts that reached Apple for an app and platform."""
        return await self._owner.read(lambda db: returns.brought(db, app_id, platform))

    async def bring_back(
        self, original: int, new: NewProposal, revision: NewRevision, *, now: datetime
    ) -> int | None:
        """Write the proposal that brings texts back, approved, with its push; return its number.

        Only what no earlier one brought back; None when nothing is left or it was done.
        """

        def run(db: sqlite3.Connection) -> int | None:
            def create(items: tuple[Item, ...], glass: str) -> int:
                number = insert_proposal(db, new, now)
                text = digest(new.target, items)
                made = replace(revision, items=items, digest=text)
                insert_revision(db, number, 1, made, now, by=new.proposer)
                move(db, number, "approve", now=now, why=Why(glass=glass))
                return number

            return returns.bring_back(db, original, revision.items, create, now=now)

        return await self._owner.write(run)

    async def rehome(self, proposal: int, version: Version) -> None:
        """Let a proposal be about another version; its digest still names what was approved."""
        told = {"id": version.id, "number": version.number, "state": version.state}

        def run(db: sqlite3.Connection) -> None:
            db.execute(
                "update proposals set version_id = ?, version_number = ?, version_state = ?"
                " where id = ?",
                (*told.values(), proposal),
            )
            append(db, NewEntry(kind="version", body=told, proposal=proposal))

        await self._owner.write(run)

    async def went_public(self, proposal: int) -> None:
        """Keep that a proposal's version is public by now."""
        await self._owner.write(
            lambda db: db.execute("update proposals set live = 1 where id = ?", (proposal,))
        )

    async def findings(self, proposal: int, revision: int) -> tuple[Finding, ...]:
        """Return what validation found when the revision was written."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select findings from revisions where proposal_id = ? and number = ?",
                (proposal, revision),
            ).fetchone()
        )
        return tuple(
            Finding(**{**one, "severity": Severity(one["severity"])})
            for one in json.loads(row["findings"] if row else "[]")
        )

    async def move(
        self,
        proposal: int,
        verb: str,
        *,
        now: datetime,
        digest: str | None = None,
        why: Why = UNSAID,
    ) -> Status | None:
        """Take a proposal along the transition `verb`; return its new status.

        None when the status does not allow it, or when `digest` is no longer the current one.
        With `reject`, `why` says who rejects it.
        """
        return await self._owner.write(
            lambda db: move(db, proposal, verb, now=now, digest=digest, why=why)
        )

    async def expire(
        self, proposal: int, *, waits: Callable[[Proposal], str], now: datetime
    ) -> bool:
        """End a proposal if its time is over; return whether it was.

        `waits` says what keeps it from being pushed, "" where that is votes.
        """

        def run(db: sqlite3.Connection) -> bool:
            found = load(db, "where p.id = ?", (proposal,))
            if not found or not is_over(found[0], now):
                return False
            why = Why(waited_for=waits(found[0]))
            return move(db, proposal, "expire", now=now, why=why) is not None

        return await self._owner.write(run)

    async def lift_vetoes(self, proposal: Proposal, standing: Iterable[str], now: datetime) -> bool:
        """Forget who rejected a proposal and is not among `standing`; True when anybody was.

        Once nobody is left it is open again.
        """
        users = tuple(standing)

        def run(db: sqlite3.Connection) -> bool:
            lifted, left = vetoes.lift(db, proposal.id, users)
            if lifted and not left:
                move(db, proposal.id, "unreject", now=now, digest=proposal.digest)
            return lifted > 0

        return await self._owner.write(run)

    async def stop(self, proposal: int, *, digest: str, user: str, now: datetime) -> bool:
        """Give an approved proposal back to people; votes alone do not approve it again."""

        def run(db: sqlite3.Connection) -> bool:
            if move(db, proposal, "stop", now=now, digest=digest, why=Why(by=user)) is None:
                return False
            db.execute("update proposals set stopped_by = ? where id = ?", (user, proposal))
            return True

        return await self._owner.write(run)

    async def let_go_on(self, proposal: int, *, user: str, now: datetime) -> bool:
        """Let votes approve a stopped proposal again; False when it is not stopped."""
        told = {"from": Status.OPEN, "to": Status.OPEN, "verb": "go on"}

        def run(db: sqlite3.Connection) -> bool:
            done = db.execute(
                "update proposals set stopped_by = '' where id = ? and status = 'open'"
                " and stopped_by <> ''",
                (proposal,),
            )
            if done.rowcount == 1:
                entry = NewEntry(kind="status", body=told, proposal=proposal, actor=user)
                append(db, entry, at=now)
            return done.rowcount == 1

        return await self._owner.write(run)

    async def status(self, proposal: int) -> Status | None:
        """Return where a proposal stands, None when there is no such proposal."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select status from proposals where id = ?", (proposal,)
            ).fetchone()
        )
        return Status(row["status"]) if row else None

    async def live_now(self, proposal: int, revision: int) -> Mapping[tuple[str, str], str]:
        """Return what Apple held instead of the baseline, for each stale item."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select locale, field, live_now from items where proposal_id = ? and revision = ?"
                " and live_now is not null",
                (proposal, revision),
            ).fetchall()
        )
        return {(row["locale"], row["field"]): row["live_now"] for row in rows}


def _numbered(db: sqlite3.Connection, *, numbers: str) -> tuple[Proposal, ...]:
    where = "where p.id in (select value from json_each(?)) order by p.id desc"
    return load(db, where, (numbers,))
