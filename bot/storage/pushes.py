"""Pushes, from the queue to their end; every write is fenced by the push's epoch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.items import Item
from bot.domain.parts import covered, outside
from bot.domain.proposals import Outage, Proposal, Status
from bot.domain.record import UNSAID, Why
from bot.storage import vetoes
from bot.storage.claiming import CutOff, advance, claim_push, holds, say_nothing
from bot.storage.ending import Result, finish_push
from bot.storage.moving import move
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.parked import keep_parking
from bot.storage.proposal_rows import load, mark_items
from bot.storage.push_people import approvers_of, keep_approvers
from bot.storage.push_rows import Push, PushState, part_of, push_of, record_push
from bot.storage.queueing import let_return, queue_again, queue_push
from bot.storage.standing import standing
from bot.storage.steps import INSERT_STEP, Step, step_row
from bot.storage.telling import told_items, told_plan, told_wait

__all__ = ["Begun", "Push", "PushState", "Pushes"]


class Begun(StrEnum):
    """Whether a push could begin, and if not, why."""

    YES = "yes"
    NOT_APPROVED = "not approved"
    VOTES_CHANGED = "votes changed"


class Pushes:
    """The pushes' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def queue(
        self,
        proposal: Proposal,
        verb: str,
        *,
        approvers: Iterable[str],
        now: datetime,
        why: Why = UNSAID,
    ) -> int | None:
        """Approve (or retry) a proposal and queue its push, of a part or all, in one transaction.

        Return the push's number; None when the proposal's status or digest moved on. A push
        that was queued before and did not begin is dropped: what it rested on is over.
        """
        people = tuple(approvers)
        return await self._owner.write(
            lambda db: queue_push(db, proposal, verb, people, now=now, why=why)
        )

    async def lift_vetoes(self, proposal: Proposal, standing: Iterable[str], now: datetime) -> bool:
        """Forget who rejected a return and is not among `standing`; True when anybody was.

        Once nobody is left its push is queued again, for whose word it rests on.
        """
        users = tuple(standing)

        def run(db: sqlite3.Connection) -> bool:
            lifted, left = vetoes.lift(db, proposal.id, users)
            if lifted and not left:
                let_return(db, proposal, now=now)
            return lifted > 0

        return await self._owner.write(run)

    async def wake(self, proposal: Proposal, *, now: datetime) -> int | None:
        """Queue a parked proposal's push again, for those who approved it; return its number.

        None when it is not parked any more.
        """

        return await self._owner.write(lambda db: queue_again(db, proposal, now=now))

    async def unfinished(self) -> tuple[int, ...]:
        """Return the pushes that were cut off, then those that wait, the oldest first.

        What was cut off may have changed what the next one compares with.
        """
        rows = await self._owner.read(
            lambda db: db.execute(
                "select id from pushes where state in ('queued', 'writing', 'checking')"
                " order by state = 'queued', id"
            ).fetchall()
        )
        return tuple(row["id"] for row in rows)

    async def proposal_of(self, push: int) -> Proposal | None:
        """Return the proposal that a push carries out, with those items alone that it covers."""

        def run(db: sqlite3.Connection) -> Proposal | None:
            row = db.execute(
                "select proposal_id, covers from pushes where id = ?", (push,)
            ).fetchone()
            found = load(db, "where p.id = ?", (row["proposal_id"],)) if row else ()
            return covered(found[0], part_of(row["covers"])) if found else None

        return await self._owner.read(run)

    async def others(self, push: Push) -> tuple[Item, ...]:
        """Return the items of its proposal that a push does not cover."""
        found = await self._owner.read(lambda db: load(db, "where p.id = ?", (push.proposal_id,)))
        return outside(found[0], push.part) if found else ()

    async def claim(self, push: int, *, cut_off: CutOff = say_nothing) -> Push | None:
        """Take the right to run a push; whoever held it before is fenced out.

        Steps that were under way become `todo` when they may run twice, `unsure` when not;
        `cut_off` says what the record is told of them.
        """
        return await self._owner.write(lambda db: claim_push(db, push, cut_off))

    async def name(self, push: Push, approvers: Iterable[str]) -> Push:
        """Keep whose approvals count as a push begins, where they are others; return the push."""
        people = tuple(sorted(approvers))
        if people == push.approvers:
            return push
        named = replace(push, approvers=people)

        def run(db: sqlite3.Connection) -> None:
            if holds(db, push):
                keep_approvers(db, named)

        await self._owner.write(run)
        return named

    async def plan(
        self,
        push: Push,
        steps: Iterable[Step],
        items: Iterable[tuple[Item, str | None]],
        *,
        revision: int,
        now: datetime,
        votes: str | None = None,
    ) -> Begun:
        """Write the plan and take the proposal to pushing, if it is approved still.

        `votes` are those that were confirmed, as `standing` tells them; None is not compared.
        """
        planned, marked = list(steps), list(items)
        rows = [step_row(push.id, step) for step in planned]

        def run(db: sqlite3.Connection) -> Begun:
            if votes is not None and votes != standing(db, push.proposal_id):
                return Begun.VOTES_CHANGED
            if not holds(db, push):
                return Begun.NOT_APPROVED
            if not move(db, push.proposal_id, "push", now=now, digest=push.digest):
                return Begun.NOT_APPROVED
            advance(db, push, "writing")
            db.executemany(INSERT_STEP, rows)
            mark_items(db, push.proposal_id, revision, marked)
            record_push(db, push, "planned", now=now, told=told_plan(planned, marked))
            return Begun.YES

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
        planned, marked = list(steps), list(items)
        rows = [step_row(push.id, step) for step in planned]

        def run(db: sqlite3.Connection) -> bool:
            if not holds(db, push):
                return False
            db.execute(
                "delete from steps where push_id = ? and state not in ('done', 'failed')",
                (push.id,),
            )
            db.executemany(INSERT_STEP, rows)
            mark_items(db, push.proposal_id, revision, marked)
            record_push(db, push, "planned again", told=told_plan(planned, marked))
            return True

        return await self._owner.write(run)

    async def has_earlier(self, push: Push) -> bool:
        """Return whether the proposal of a push had one before."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select 1 from pushes where proposal_id = ? and id < ? limit 1",
                (push.proposal_id, push.id),
            ).fetchone()
        )
        return row is not None

    async def checking(self, push: Push) -> bool:
        """Keep that all is written and is now read back; False when the push was taken over."""
        return await self._owner.write(lambda db: advance(db, push, "checking"))

    async def finish(
        self, push: Push, result: Result, *, revision: int, now: datetime
    ) -> Status | None:
        """Write how a push ended, all in one transaction; None when it was taken over."""
        return await self._owner.write(
            lambda db: finish_push(db, push, result, revision=revision, now=now)
        )

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
            if not advance(db, push, "dropped"):
                return False
            if verb is not None:
                move(db, push.proposal_id, verb, now=now, digest=push.digest)
            mark_items(db, push.proposal_id, revision, marked)
            told = {"verb": verb, "items": told_items(marked)}
            record_push(db, push, "dropped", now=now, told=told)
            add_notices(db, said, now=now)
            return True

        return await self._owner.write(run)

    async def park(
        self,
        push: Push,
        parked_for: str | Outage,
        notices: Iterable[NewNotice],
        *,
        items: Iterable[tuple[Item, str | None]],
        revision: int,
        now: datetime,
    ) -> bool:
        """End a push that could send nothing now; its proposal waits until it can."""
        said, marked = list(notices), list(items)

        def run(db: sqlite3.Connection) -> bool:
            if not advance(db, push, "dropped"):
                return False
            status = move(db, push.proposal_id, "park", now=now, digest=push.digest)
            if status is not None:
                keep_parking(db, push.proposal_id, status, parked_for, now=now)
                mark_items(db, push.proposal_id, revision, marked)
                add_notices(db, said, now=now)
            told = {**told_wait(parked_for), "items": told_items(marked)} if status else {}
            record_push(db, push, "parked" if status else "dropped", now=now, told=told)
            return True

        return await self._owner.write(run)

    async def approvers(self, proposal: int) -> tuple[str, ...]:
        """Return who decided any push of a proposal that was not dropped, each once.

        Of one that does not go in parts: who decided the last one, and whatever else arrived.
        """
        return await self._owner.read(lambda db: approvers_of(db, proposal))

    async def latest(self, proposal: int, *, dropped: bool = False) -> Push | None:
        """Return the newest push of a proposal; one that was dropped only where asked for."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select * from pushes where proposal_id = ? and (? or state <> 'dropped')"
                " order by id desc limit 1",
                (proposal, dropped),
            ).fetchone()
        )
        return push_of(row) if row else None
