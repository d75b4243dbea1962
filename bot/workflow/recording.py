"""What the record is told by those who decide, and of what was asked of Apple.

Calls are gathered and written a moment later, many at once, so that nobody waits for them. The
writes of a push are not among them: its ledger tells those, with what came of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.appstore.callbook import Call, CallBook
from bot.appstore.transport import Observer
from bot.clock import Clock
from bot.domain.approvals import Decision
from bot.domain.needs import Need
from bot.domain.parts import decided_part
from bot.domain.proposals import Proposal
from bot.domain.record import HEAD_SHOWN, NewEntry, Why, plain
from bot.storage.record import Record
from bot.workflow.desk import Rules

# Seconds in which calls are gathered, and how many are written at once.
GATHER = 2.0
BATCH = 500
# What is in force besides the rules of approval; the secret is the one thing left out.
OTHER_SETTINGS = (
    "reminders",
    "timezone",
    "check_links",
    "poll",
    "public_url",
    "hours",
    "summary_at",
    "weekly",
)


def why(proposal: Proposal, decision: Decision) -> Why:
    """Return what the votes came to, for what is done about it."""
    return Why(decided=told(proposal, decision), rejecting=decision.rejected_by)


def told(proposal: Proposal, decision: Decision) -> dict[str, object]:
    """Return a decision as the record tells it."""
    return {
        "revision": proposal.revision,
        "digest": proposal.digest,
        "approved": decision.approved,
        **({"part": list(decided_part(proposal, decision))} if proposal.in_parts else {}),
        "rejected_by": list(decision.rejected_by),
        "needs": [_need(need) for need in decision.needs],
        "refused": dict(decision.refused),
        "members": plain(decision.members),
    }


def asked_again(proposal: Proposal, decision: Decision) -> NewEntry:
    """Return what the votes came to when Slack was asked just before a push."""
    body = {**told(proposal, decision), "before": "push"}
    return NewEntry(kind="decided", body=body, proposal=proposal.id)


def refusal(proposal: Proposal, revision: int, user: str, reason: str) -> NewEntry:
    """Return that a person's vote on a revision does not count, and why."""
    body = {"revision": revision, "reason": reason}
    return NewEntry(kind="refused", body=body, proposal=proposal.id, actor=user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What may be told of an App Store Connect account: its key's ids, and its `apps` (bundles)."""

    key_id: str
    issuer_id: str | None
    apps: tuple[str, ...]


def settings(rules: Rules, version: str, accounts: Mapping[str, Account]) -> NewEntry:
    """Return the settings in force with the accounts by name, without anything secret."""
    others = {name: plain(getattr(rules, name)) for name in OTHER_SETTINGS}
    body = {
        **others,
        "version": version,
        "policy": plain(rules.policy),
        "channel": rules.channel,
        "channels": plain(rules.channels),
        "freezes": plain(rules.freezes),
        "break_glass": plain(rules.break_glass),
        "accounts": plain(accounts),
    }
    return NewEntry(kind="settings", body=body)


async def head(record: Record) -> str:
    """Return as much of the newest hash as is shown to people, "" where there is none."""
    return (await record.head())[:HEAD_SHOWN]


class CallWriter:
    """Moves what was asked of Apple from memory to the record."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._book = CallBook(clock)
        self._record = record
        self._clock = clock
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<CallWriter {self._book!r}>"

    def observer(self, account: str) -> Observer:
        """Return what an account's client tells of its calls."""
        return self._book.of(account)

    async def run(self) -> None:
        """Write for ever, a moment after the first call of each batch, a write at once."""
        while True:
            await self._book.noted()
            await self._gather()
            # Ended in the midst of it, nobody would know whether a batch was written.
            writing = asyncio.ensure_future(self.write())
            await asyncio.shield(writing)

    async def _gather(self) -> None:
        """Wait for more calls, as long as none of them changed anything."""
        waits = [
            asyncio.ensure_future(self._clock.sleep(GATHER)),
            asyncio.ensure_future(self._book.pressing()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def write(self) -> None:
        """Write down what was noted up to now; what cannot be written stays."""
        async with self._turn:
            while True:
                calls, lost = self._book.first(BATCH)
                if not calls and not lost:
                    return
                await self._record.add(_entries(calls, lost), now=self._clock.now())
                self._book.drop(len(calls), lost)


def _need(need: Need) -> dict[str, object]:
    return {
        "items": [[item.kind, item.locale, item.field] for item in need.items],
        "approvers": list(need.approvers),
        "quorum": need.quorum,
        "since": need.since,
        "confirm": need.confirm,
        "voted": list(need.voted),
        "confirmed_by": list(need.confirmed_by),
        "rejected_by": list(need.rejected_by),
        "met": need.met,
        **({"unresolved": list(need.unresolved)} if need.unresolved else {}),
    }


def _entries(calls: Iterable[Call], lost: int) -> list[NewEntry]:
    by_proposal: dict[int | None, list[object]] = {}
    for call in calls:
        by_proposal.setdefault(call.proposal, []).append(call.told())
    missing = {"lost": lost} if lost else {}
    bodies = [(number, {"calls": many}) for number, many in by_proposal.items()]
    entries = [NewEntry(kind="calls", body=body, proposal=number) for number, body in bodies]
    return [*entries, *([NewEntry(kind="calls", body=missing)] if missing else [])]
