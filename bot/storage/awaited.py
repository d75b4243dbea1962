"""Proposals about a version that Apple does not have yet, and how they come to know its id."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.awaiting import why_public
from bot.domain.editing import Phase, phase, stands
from bot.domain.items import SETTLED, ItemState
from bot.domain.listing import Version
from bot.domain.proposals import EDITABLE, Proposal, Status
from bot.domain.record import NewEntry
from bot.storage.moving import move
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.proposal_rows import load, mark_items
from bot.storage.record import append

# What is being pushed has found its version, and what ended waits for none.
AWAITING = (
    "where p.awaited <> '' and p.version_id = '' and p.status in ('open', 'parked', 'approved')"
    " order by p.id"
)


class Awaited:
    """The door through which an awaited version gets its id."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def proposals(self) -> tuple[Proposal, ...]:
        """Return the proposals whose version is not there yet, the oldest first."""
        return await self._owner.read(lambda db: load(db, AWAITING, ()))

    async def bind(self, proposal: int, version: Version, *, now: datetime) -> bool:
        """Let a proposal be about the version that it waits for, once and for all.

        False, and nothing is written, for a version of another number, platform or app, for
        one that is public, and for a proposal that waits for none, has its own already, or
        ended. A parked one then waits for a state in which that version can be edited.
        """
        if why_public(version):
            return False
        told = {"id": version.id, "number": version.number, "state": version.state}
        lock = "" if phase(version) is Phase.PREPARING else stands(version)

        def run(db: sqlite3.Connection) -> bool:
            done = db.execute(
                "update proposals set version_id = ?, version_state = ?, parked_for ="
                " case when status = 'parked' and outage = '' then ? else parked_for end"
                " where id = ? and version_id = '' and awaited <> '' and awaited = ?"
                " and platform = ? and app_id = ?"
                " and status in ('open', 'parked', 'approved')",
                (
                    version.id,
                    version.state,
                    lock,
                    proposal,
                    version.number,
                    version.platform,
                    version.app_id,
                ),
            )
            if done.rowcount != 1:
                return False
            append(db, NewEntry(kind="version", body=told, proposal=proposal), at=now)
            return True

        return await self._owner.write(run)

    async def give_back(self, proposal: int, why: str, *, now: datetime) -> bool:
        """Give a proposal back to people whose version can take nothing, for `why`, once.

        All that it changes is stale from then on, so that no vote counts, and its thread is
        told. False, and nothing is written, for one that is approved (its push finds the same),
        has ended, knows its version, or was given back before.
        """

        def run(db: sqlite3.Connection) -> bool:
            found = load(db, "where p.id = ?", (proposal,))
            if not found or not found[0].target.awaits or found[0].status not in EDITABLE:
                return False
            one = found[0]
            items = [item for item in one.items if item.state not in SETTLED]
            if not items:
                return False
            _back_to_people(db, one, now=now)
            stale = [replace(item, state=ItemState.STALE, problem=why) for item in items]
            mark_items(db, one.id, one.revision, [(item, None) for item in stale])
            # Of one in parts a part's push may have told it.
            add_notices(db, [] if one.stale else [_said(one, why)], now=now)
            return True

        return await self._owner.write(run)


def _back_to_people(db: sqlite3.Connection, proposal: Proposal, *, now: datetime) -> None:
    if proposal.status is not Status.OPEN:
        move(db, proposal.id, "stale", now=now)
        return
    told = {"from": Status.OPEN, "to": Status.OPEN, "verb": "stale"}
    append(db, NewEntry(kind="status", body=told, proposal=proposal.id), at=now)


def _said(proposal: Proposal, why: str) -> NewNotice:
    return NewNotice(
        key=f"awaited:{proposal.id}:{proposal.revision}",
        kind="result",
        channel=proposal.channel,
        body={
            "proposal": proposal.id,
            "revision": proposal.revision,
            "reason": f"{why} Nothing was pushed.",
        },
    )
