"""Pushes and their ledger of steps; every write is fenced by the push's epoch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.fields import Resource
from bot.domain.proposals import Item, Proposal, Status
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.proposals import load, mark_items, move
from bot.storage.rows import at, dump, moment

INSERT_STEP = (
    "insert into steps (push_id, position, chain, locale, resource, verb, resource_id,"
    " parent_id, texts, state, problem) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class PushState(StrEnum):
    """How far a push is."""

    QUEUED = "queued"
    WRITING = "writing"
    CHECKING = "checking"
    FINISHED = "finished"
    DROPPED = "dropped"


class StepVerb(StrEnum):
    """What a step does at Apple."""

    UPDATE = "update"
    CREATE = "create"
    DELETE = "delete"


class StepState(StrEnum):
    """How far a step is; unsure means that it may have happened."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request that changes one localization resource, with all its fields.

    Steps of one `chain` run one after the other, chains side by side. `resource_id` is ""
    for what does not exist yet; `parent_id` is then where it is made.
    """

    position: int
    chain: int
    locale: str
    resource: Resource
    verb: StepVerb
    resource_id: str = ""
    parent_id: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    state: StepState = StepState.TODO
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push as the store holds it; `approvers` are the user ids that decided."""

    id: int
    proposal_id: int
    digest: str
    epoch: int
    state: PushState
    approvers: tuple[str, ...]
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A change that reached Apple."""

    app_id: str
    platform: str
    version_id: str
    version_number: str
    locale: str
    field: str
    before: str
    after: str
    proposal_id: int
    proposer: str
    approvers: tuple[str, ...]
    pushed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """Something that failed for good."""

    app_id: str
    locale: str
    field: str
    cause: str
    message: str
    remedy: str
    proposal_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a push ended: the proposal's verb, its items, what is remembered and said."""

    verb: str
    items: tuple[tuple[Item, str | None], ...]
    history: tuple[HistoryRow, ...]
    failures: tuple[FailureRow, ...]
    notices: tuple[NewNotice, ...]


class Pushes:
    """The pushes' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def queue(
        self, proposal: Proposal, verb: str, *, approvers: Iterable[str], now: datetime
    ) -> int | None:
        """Approve (or retry) a proposal and queue its push in one transaction.

        Return the push's number; None when the proposal's status or digest moved on.
        """
        people = dump(sorted(approvers))

        def run(db: sqlite3.Connection) -> int | None:
            if move(db, proposal.id, verb, digest=proposal.digest) is None:
                return None
            row = db.execute(
                "insert into pushes (proposal_id, digest, epoch, state, approvers, created_at)"
                " values (?, ?, 0, 'queued', ?, ?) returning id",
                (proposal.id, proposal.digest, people, moment(now)),
            ).fetchone()
            return int(row["id"])

        return await self._owner.write(run)

    async def unfinished(self) -> tuple[int, ...]:
        """Return the pushes that wait or were cut off, oldest first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select id from pushes where state in ('queued', 'writing', 'checking') order by id"
            ).fetchall()
        )
        return tuple(row["id"] for row in rows)

    async def proposal_of(self, push: int) -> Proposal | None:
        """Return the proposal that a push carries out."""
        found = await self._owner.read(
            lambda db: load(
                db, "where p.id = (select proposal_id from pushes where id = ?)", (push,)
            )
        )
        return found[0] if found else None

    async def claim(self, push: int) -> Push | None:
        """Take the right to run a push; whoever held it before is fenced out.

        Steps that were under way become `todo` when they may run twice, `unsure` when not.
        """

        def run(db: sqlite3.Connection) -> Push | None:
            row = db.execute(
                "update pushes set epoch = epoch + 1 where id = ?"
                " and state in ('queued', 'writing', 'checking') returning *",
                (push,),
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "update steps set state = case verb when 'create' then 'unsure' else 'todo' end"
                " where push_id = ? and state = 'doing'",
                (push,),
            )
            return _push(row)

        return await self._owner.write(run)

    async def plan(
        self,
        push: Push,
        steps: Iterable[Step],
        items: Iterable[tuple[Item, str | None]],
        *,
        revision: int,
    ) -> bool:
        """Write the plan and take the proposal to pushing; False when it is not approved."""
        rows = [_step_row(push.id, step) for step in steps]
        marked = list(items)

        def run(db: sqlite3.Connection) -> bool:
            if move(db, push.proposal_id, "push", digest=push.digest) is None:
                return False
            if not _advance(db, push, "writing"):
                return False
            db.executemany(INSERT_STEP, rows)
            mark_items(db, push.proposal_id, revision, marked)
            return True

        return await self._owner.write(run)

    async def plan_rest(
        self,
        push: Push,
        steps: Iterable[Step],
        items: Iterable[tuple[Item, str | None]],
        *,
        revision: int,
    ) -> bool:
        """Put new steps in the place of those that did not end; False when it was taken over."""
        rows = [_step_row(push.id, step) for step in steps]
        marked = list(items)

        def run(db: sqlite3.Connection) -> bool:
            if not _holds(db, push):
                return False
            db.execute(
                "delete from steps where push_id = ? and state not in ('done', 'failed')",
                (push.id,),
            )
            db.executemany(INSERT_STEP, rows)
            mark_items(db, push.proposal_id, revision, marked)
            return True

        return await self._owner.write(run)

    async def steps(self, push: int) -> tuple[Step, ...]:
        """Return a push's ledger."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from steps where push_id = ? order by position", (push,)
            ).fetchall()
        )
        return tuple(_step(row) for row in rows)

    async def mark(self, push: Push, steps: Iterable[Step]) -> bool:
        """Write steps' states, ids and problems together; False when the push was taken over."""
        rows = [(s.state, s.resource_id, s.problem, push.id, s.position) for s in steps]

        def run(db: sqlite3.Connection) -> bool:
            if not _holds(db, push):
                return False
            db.executemany(
                "update steps set state = ?, resource_id = ?, problem = ?"
                " where push_id = ? and position = ?",
                rows,
            )
            return True

        return await self._owner.write(run)

    async def checking(self, push: Push) -> bool:
        """Keep that all is written and is now read back; False when the push was taken over."""
        return await self._owner.write(lambda db: _advance(db, push, "checking"))

    async def finish(
        self, push: Push, result: Result, *, revision: int, now: datetime
    ) -> Status | None:
        """Write how a push ended, all in one transaction; None when it was taken over."""

        def run(db: sqlite3.Connection) -> Status | None:
            if not _holds(db, push):
                return None
            status = move(db, push.proposal_id, result.verb, digest=push.digest)
            if status is None:
                return None
            db.execute(
                "update pushes set state = 'finished', finished_at = ? where id = ?",
                (moment(now), push.id),
            )
            mark_items(db, push.proposal_id, revision, result.items)
            _remember(db, push, result)
            add_notices(db, result.notices, now=now)
            return status

        return await self._owner.write(run)

    async def drop(
        self,
        push: Push,
        verb: str | None,
        notices: Iterable[NewNotice],
        *,
        items: Iterable[tuple[Item, str | None]] = (),
        revision: int = 0,
        now: datetime,
    ) -> bool:
        """End a push that sent nothing; `verb` says what becomes of the proposal."""
        said, marked = list(notices), list(items)

        def run(db: sqlite3.Connection) -> bool:
            if not _advance(db, push, "dropped"):
                return False
            if verb is not None:
                move(db, push.proposal_id, verb, digest=push.digest)
            mark_items(db, push.proposal_id, revision, marked)
            add_notices(db, said, now=now)
            return True

        return await self._owner.write(run)

    async def latest(self, proposal: int) -> Push | None:
        """Return the newest push of a proposal that was not dropped."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select * from pushes where proposal_id = ? and state <> 'dropped'"
                " order by id desc limit 1",
                (proposal,),
            ).fetchone()
        )
        return _push(row) if row else None


def _holds(db: sqlite3.Connection, push: Push) -> bool:
    row = db.execute("select epoch from pushes where id = ?", (push.id,)).fetchone()
    return row is not None and row["epoch"] == push.epoch


def _advance(db: sqlite3.Connection, push: Push, state: str) -> bool:
    done = db.execute(
        "update pushes set state = ? where id = ? and epoch = ?", (state, push.id, push.epoch)
    )
    return done.rowcount == 1


def _remember(db: sqlite3.Connection, push: Push, result: Result) -> None:
    db.executemany(
        "insert into history (app_id, platform, version_id, version_number, locale, field, before,"
        " after, proposal_id, proposer, approvers, pushed_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                h.app_id,
                h.platform,
                h.version_id,
                h.version_number,
                h.locale,
                h.field,
                h.before,
                h.after,
                h.proposal_id,
                h.proposer,
                dump(h.approvers),
                moment(h.pushed_at),
            )
            for h in result.history
        ],
    )
    # A push tries all that is not done yet, so it alone knows now what failed for good.
    db.execute("delete from failures where proposal_id = ?", (push.proposal_id,))
    db.executemany(
        "insert into failures (app_id, locale, field, cause, message, remedy, proposal_id, at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f.app_id, f.locale, f.field, f.cause, f.message, f.remedy, f.proposal_id, moment(f.at))
            for f in result.failures
        ],
    )


def _push(row: sqlite3.Row) -> Push:
    return Push(
        id=row["id"],
        proposal_id=row["proposal_id"],
        digest=row["digest"],
        epoch=row["epoch"],
        state=PushState(row["state"]),
        approvers=tuple(json.loads(row["approvers"])),
        finished_at=at(row["finished_at"]) if row["finished_at"] else None,
    )


def _step_row(push: int, step: Step) -> tuple[object, ...]:
    return (
        push,
        step.position,
        step.chain,
        step.locale,
        step.resource,
        step.verb,
        step.resource_id,
        step.parent_id,
        dump(dict(step.texts)),
        step.state,
        step.problem,
    )


def _step(row: sqlite3.Row) -> Step:
    return Step(
        position=row["position"],
        chain=row["chain"],
        locale=row["locale"],
        resource=Resource(row["resource"]),
        verb=StepVerb(row["verb"]),
        resource_id=row["resource_id"],
        parent_id=row["parent_id"],
        texts=json.loads(row["texts"]),
        state=StepState(row["state"]),
        problem=row["problem"],
    )
