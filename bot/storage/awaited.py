"""Proposals about a version that Apple does not have yet, and how they come to know its id."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain.editing import Phase, is_live, phase, stands
from bot.domain.listing import Version
from bot.domain.proposals import Proposal
from bot.domain.record import NewEntry
from bot.storage.owner import Owner
from bot.storage.proposal_rows import load
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

        False, and nothing is written, for a version of another number, platform or app, and
        for a proposal that waits for none, has its own already, or ended. A parked one then
        waits for a state in which that version can be edited.
        """
        told = {"id": version.id, "number": version.number, "state": version.state}
        lock = "" if phase(version) is Phase.PREPARING else stands(version)

        def run(db: sqlite3.Connection) -> bool:
            done = db.execute(
                "update proposals set version_id = ?, version_state = ?, live = ?, parked_for ="
                " case when status = 'parked' and outage = '' then ? else parked_for end"
                " where id = ? and version_id = '' and awaited <> '' and awaited = ?"
                " and platform = ? and app_id = ?"
                " and status in ('open', 'parked', 'approved')",
                (
                    version.id,
                    version.state,
                    int(is_live(version)),
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
