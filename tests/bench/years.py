"""A database as years of work leave it behind, written through the doors of the store.

Everything in it is what the doors write, the record with its hashes too; only the commits are
left out between, so that ten thousand proposals take a minute and not an hour.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.domain.changes import digest
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import Item, ItemState
from bot.domain.listing import App
from bot.domain.policy import Verb
from bot.domain.proposals import Proposal, Target
from bot.domain.record import Why
from bot.sandbox.slack import EmulatedSlack
from bot.sandbox.slack.channels import Message
from bot.storage.ending import Result
from bot.storage.outbox import Outbox
from bot.storage.owner import Owner
from bot.storage.posts import Posts
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.storage.proposals import Proposals
from bot.storage.pushes import Push, Pushes
from bot.storage.records import FailureRow, HistoryRow
from bot.storage.step_ledger import StepLedger
from bot.storage.steps import Step, StepState, StepVerb
from bot.storage.votes import Reaction, Votes
from bot.storage.watchlog import Watchlog
from tests.clock import HandClock

T = TypeVar("T")

CHECK, CROSS = "white_check_mark", "x"
LIVES = timedelta(days=7)
SPAN = timedelta(days=3 * 365)
# What becomes of proposals, in hundredths.
ENDS = ("push",) * 80 + ("fail",) * 2 + ("withdraw",) * 7 + ("reject",) * 5 + ("expire",) * 6
FIELDS = ("name", "subtitle", "keywords", "promotionalText", "description")
WORDS = (
    "tide",
    "chart",
    "mooring",
    "harbour",
    "wind",
    "anchor",
    "passage",
    "night",
    "crew",
    "lamp",
)
LENGTHS = {"name": 3, "subtitle": 4, "keywords": 11, "promotionalText": 22, "description": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who proposes, decides and looks on, and the channel they do it in."""

    proposers: Sequence[str]
    approver: str
    others: Sequence[str]
    channel: str

    def voters(self, number: int) -> list[str]:
        """Return who voted on the open proposal of that number: people who decide nothing."""
        return [self.others[number % len(self.others)]] if number % 3 == 0 else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What they work on: an app, its version and its locales."""

    app: App
    target: Target
    number: str
    state: str
    locales: Sequence[str]


async def write_years(
    path: Path, place: Place, cast: Cast, *, past: int, stamps: Sequence[str], now: datetime
) -> None:
    """Write `past` ended proposals and an open one for each of `stamps`, its message in Slack."""
    clock = HandClock(now - SPAN)
    owner = Owner(path, exclusive=False, clock=clock)
    await owner.open()
    try:

        def run(db: sqlite3.Connection) -> None:
            years = Years(Within(owner, db), place, cast, clock)
            asyncio.run(years.write(past, stamps, now))

        await owner.write(run)
    finally:
        await owner.close()


def posted(slack: EmulatedSlack, channel: str, voters: Iterable[Sequence[str]]) -> list[str]:
    """Let the bot have posted a message for each entry, with these people's votes on it.

    Return the messages' stamps.
    """
    workspace = slack.workspace
    stamps = []
    for users in voters:
        message = Message(
            channel=channel,
            ts=workspace.stamp(),
            user=workspace.bot_user,
            text="A proposal.",
            blocks=[],
        )
        workspace.post(message)
        for user in (workspace.bot_user, *users):
            workspace.react(user, message, CHECK)
        stamps.append(message.ts)
    return stamps


class Within(Owner):
    """Lets doors write inside one transaction that somebody else ends."""

    def __init__(self, owner: Owner, db: sqlite3.Connection) -> None:
        self.path = owner.path
        self._db = db

    async def read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        return ask(self._db)

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        return change(self._db)


class Years:
    """Writes proposals one after the other, as time goes by; the same ones at every run."""

    def __init__(self, owner: Owner, place: Place, cast: Cast, clock: HandClock) -> None:
        self._proposals, self._posts = Proposals(owner), Posts(owner)
        self._votes, self._watch = Votes(owner), Watchlog(owner)
        self._pushes, self._steps = Pushes(owner), StepLedger(owner)
        self._outbox = Outbox(owner)
        self._place, self._cast, self._clock = place, cast, clock
        self._chance = random.Random(20)

    async def write(self, past: int, stamps: Sequence[str], now: datetime) -> None:
        await self._watch.keep_apps([self._place.app])
        first = now - SPAN
        # The last ones to end did so before any that is open was proposed.
        for number in range(past):
            self._clock.set(first + (SPAN - 2 * LIVES) * (number / past))
            await self._past(number)
        for number, ts in enumerate(stamps):
            age = LIVES * 0.9 * (1 - number / len(stamps))
            self._clock.set(now - age)
            await self._open(number, ts)

    # -- one proposal --------------------------------------------------------------------

    async def _past(self, number: int) -> None:
        when = self._clock.now()
        proposal = await self._propose(number, f"{int(when.timestamp())}.{number % 10**6:06}")
        end = ENDS[number % len(ENDS)]
        if end in ("push", "fail"):
            await self._vote(proposal, self._cast.approver, CHECK, Verb.APPROVE)
            await self._push(proposal, failing=end == "fail")
            return
        if end == "reject":
            await self._vote(proposal, self._cast.approver, CROSS, Verb.REJECT)
        by = self._cast.approver if end == "reject" else ""
        why = Why(by=by, rejecting=(by,) if by else None)
        await self._proposals.move(proposal.id, end, now=when, digest=proposal.digest, why=why)
        await self._say_all()

    async def _open(self, number: int, ts: str) -> None:
        proposal = await self._propose(number, ts)
        for voter in self._cast.voters(number):
            await self._vote(proposal, voter, CHECK, Verb.APPROVE)

    async def _propose(self, number: int, ts: str) -> Proposal:
        now, place = self._clock.now(), self._place
        items = tuple(self._items(number))
        proposer = self._cast.proposers[number % len(self._cast.proposers)]
        new = NewProposal(
            target=place.target,
            app_name=place.app.name,
            bundle_id=place.app.bundle_id,
            version_number=place.number,
            version_state=place.state,
            live=False,
            proposer=proposer,
            channel=self._cast.channel,
            expires_at=now + LIVES,
        )
        revision = NewRevision(
            digest=digest(place.target, items),
            authors=(proposer,),
            reason=self._text(8),
            items=items,
            findings=(),
        )
        made = await self._proposals.create(new, revision, now=now)
        assert made is not None
        await self._say_all(ts)
        await self._posts.posted(made, 1, ts=ts)
        proposal = await self._proposals.get(made)
        assert proposal is not None
        return proposal

    async def _vote(self, proposal: Proposal, user: str, emoji: str, verb: Verb) -> None:
        reaction = Reaction(user=user, verb=verb, emoji=emoji)
        stamp = f"{self._clock.now().timestamp():.6f}"
        await self._votes.put(proposal.id, 1, reaction, event_ts=stamp, given=True)

    async def _push(self, proposal: Proposal, *, failing: bool) -> None:
        now, approver = self._clock.now(), self._cast.approver
        queued = await self._pushes.queue(proposal, "approve", approvers=[approver], now=now)
        assert queued is not None
        push = await self._pushes.claim(queued)
        assert push is not None
        steps = list(_steps(proposal))
        waiting = [(item, None) for item in proposal.items]
        await self._pushes.plan(push, steps, waiting, revision=1, now=now)
        state = StepState.FAILED if failing else StepState.DONE
        await self._steps.mark(push, [replace(step, state=StepState.DOING) for step in steps])
        await self._steps.mark(push, [replace(step, state=state) for step in steps])
        await self._pushes.checking(push)
        await self._pushes.finish(push, self._result(push, proposal, failing), revision=1, now=now)
        await self._say_all()

    def _result(self, push: Push, proposal: Proposal, failing: bool) -> Result:
        state = ItemState.FAILED if failing else ItemState.DONE
        ended = tuple((replace(item, state=state), None) for item in proposal.items)
        now = self._clock.now()
        return Result(
            verb="fail" if failing else "finish",
            items=ended,
            history=() if failing else tuple(_history(push, proposal, now)),
            failures=tuple(_failures(proposal, now)) if failing else (),
            notices=(),
        )

    async def _say_all(self, ts: str = "") -> None:
        """Let everything that waits to be said have been said."""
        now = self._clock.now()
        while (notice := await self._outbox.begin(now=now)) is not None:
            await self._outbox.done(notice.id, ts=ts or None, now=now)

    # -- texts ---------------------------------------------------------------------------

    def _items(self, number: int) -> Iterator[Item]:
        locales = self._chance.sample(list(self._place.locales), 1 + number % 3)
        names = self._chance.sample(FIELDS, 1 + number % 2)
        for locale in locales:
            for name in sorted(names, key=FIELDS.index):
                before, after = (self._text(LENGTHS[name]) for _ in range(2))
                yield Item(locale=locale, field=name, before=before, after=f"{after} {number}")

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=words))


def _steps(proposal: Proposal) -> Iterator[Step]:
    for position, item in enumerate(proposal.items):
        yield Step(
            position=position,
            chain=position,
            locale=item.locale,
            resource=BY_ATTRIBUTE[item.field].resource,
            verb=StepVerb.UPDATE,
            resource_id=f"l-{item.locale}",
            texts={item.field: item.after},
        )


def _history(push: Push, proposal: Proposal, now: datetime) -> Iterator[HistoryRow]:
    for item in proposal.items:
        yield HistoryRow(
            app_id=proposal.target.app_id,
            platform=proposal.target.platform,
            version_id=proposal.target.version_id,
            version_number=proposal.version_number,
            locale=item.locale,
            field=item.field,
            before=item.before,
            after=item.after,
            proposal_id=proposal.id,
            proposer=proposal.proposer,
            approvers=push.approvers,
            pushed_at=now.astimezone(UTC),
        )


def _failures(proposal: Proposal, now: datetime) -> Iterator[FailureRow]:
    for item in proposal.items:
        yield FailureRow(
            app_id=proposal.target.app_id,
            locale=item.locale,
            field=item.field,
            cause="ATTRIBUTE.INVALID",
            message="Apple does not take this text.",
            remedy="Change it.",
            proposal_id=proposal.id,
            at=now,
        )
