"""Ten thousand simulated hours: what was due was said once, against an oracle of its own.

A seeded world of versions, proposals and people goes on for fourteen months in Berlin, with
both days that move the clocks. Ticks come irregularly, twice, beside themselves or not at
all; the store is closed and opened, and forgets what is old; the clock is set forward and
back. What is written down to be said is taken and counted as Slack would hear it. The oracle
is told nothing but when a tick ran and what the clock showed, and works by the rules of
docs/jobs.md and docs/approvals.md, in its own words and with nothing of the bot.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.appstore.accounts import Accounts
from bot.domain.electorate import Person
from bot.domain.listing import App, Version
from bot.domain.periods import Hours
from bot.domain.policy import Members, Policy
from bot.domain.proposals import Target
from bot.jobs import JOBS, tick
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.storage.standings import ACCOUNT, Standing, StandingSight
from bot.storage.store import Store
from bot.workflow.desk import Desk, Reminder, Rules
from tests.builders import an_item
from tests.clock import HandClock

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
HOURS = 10_000
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
JOB = {job.name: job for job in JOBS}
STATES = ("PENDING_DEVELOPER_RELEASE", "REJECTED", "PREPARE_FOR_SUBMISSION", "IN_REVIEW")
PEOPLE = ("U0BEN", "U0AIKO", "U0RUTH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A reminder as the oracle knows it."""

    about: str
    after: timedelta
    every: timedelta
    until: timedelta | None = None


RULES = (
    Rule(about=STATES[0], after=4 * HOUR, every=DAY),
    Rule(about=STATES[0], after=2 * DAY, every=7 * DAY),
    Rule(about=STATES[1], after=HOUR, every=5 * HOUR, until=3 * DAY),
    Rule(about=STATES[2], after=timedelta(0), every=3 * DAY),
    Rule(about="key_trouble", after=10 * MINUTE, every=DAY),
)


# -- the oracle ----------------------------------------------------------------------------


@dataclass(kw_only=True)
class Stay:
    """Something that is so since a moment, of the clock; `done` are rules that were ended."""

    name: str
    about: str
    since: datetime
    done: set[Rule] = field(default_factory=set)


@dataclass(kw_only=True)
class Open:
    """An open proposal: when its revision was written and until when it is open."""

    number: int
    revised: datetime
    expires: datetime

    @cached_property
    def told(self) -> datetime:
        """When its end is announced: a day before, or when somebody next is there to read it."""
        begins = self.expires - DAY
        told = begins
        while not at_work(told) and told < self.expires:
            told += MINUTE
        return told if told < self.expires else begins


@dataclass(kw_only=True)
class Oracle:
    """What should be said, told from the clock at each tick."""

    stays: dict[str, Stay] = field(default_factory=dict)
    proposals: dict[int, Open] = field(default_factory=dict)
    due: Counter[tuple[object, ...]] = field(default_factory=Counter)
    heard: dict[tuple[object, ...], datetime] = field(default_factory=dict)
    turns: dict[tuple[object, ...], list[tuple[int, datetime]]] = field(default_factory=dict)
    behind_since: datetime | None = None

    def tick(self, now: datetime) -> None:
        self._clock(now)
        for proposal in self.proposals.values():
            self._ends(proposal, now)
        if not at_work(now):
            return
        for stay in self.stays.values():
            for rule in RULES:
                self._reminds(stay, rule, now)
        for person in PEOPLE:
            self._asks(person, now)

    def expire(self, now: datetime) -> None:
        """End what is over by a clock that may be wrong: what it ends is not opened again."""
        over = [number for number, one in self.proposals.items() if one.expires <= now]
        for number in over:
            del self.proposals[number]

    def _clock(self, now: datetime) -> None:
        """A clock that is behind its own past for an hour is taken at its word."""
        stamps = [
            *self.heard.values(),
            *(at for said in self.turns.values() for _, at in said),
            *(stay.since for stay in self.stays.values()),
            *(one.revised for one in self.proposals.values()),
        ]
        if max(stamps, default=now) <= now:
            self.behind_since = None
        elif self.behind_since is None or self.behind_since > now:
            self.behind_since = now
        elif now - self.behind_since >= HOUR:
            self.behind_since = None
            near = now + timedelta(hours=36)
            self.heard = {one: min(at, now) for one, at in self.heard.items() if at <= near}
            self.turns = {
                one: [(turn, min(at, now)) for turn, at in said if at <= near]
                for one, said in self.turns.items()
            }
            for stay in self.stays.values():
                stay.since = min(stay.since, now)
            for proposal in self.proposals.values():
                proposal.revised = min(proposal.revised, now)

    def _reminds(self, stay: Stay, rule: Rule, now: datetime) -> None:
        lasts = now - stay.since
        if stay.about != rule.about or rule in stay.done or lasts < rule.after:
            return
        if rule.until is not None and lasts > rule.until:
            return
        turn = (lasts - rule.after) // rule.every
        one = (stay.name, stay.about, stay.since, rule)
        said = self.turns.setdefault(one, [])
        if all(turn > before for before, _ in said):
            said.append((turn, now))
            self.due["remind", *one[:3], rule.after, rule.every, turn] += 1

    def _asks(self, person: str, now: datetime) -> None:
        marks = [
            ("mark", person, number, hours)
            for number, one in self.proposals.items()
            for hours in (24, 72)
            if now - one.revised >= hours * HOUR
        ]
        day = ("day", person, now.astimezone(BERLIN).date())
        left = [mark for mark in marks if mark not in self.heard]
        if left and day not in self.heard:
            self.due["asked", person, day[2].isoformat()] += 1
            self.heard |= dict.fromkeys([day, *left], now)

    def _ends(self, proposal: Open, now: datetime) -> None:
        if proposal.expires - DAY <= proposal.revised or ("ends", proposal.number) in self.heard:
            return
        if proposal.told <= now < proposal.expires:
            self.heard["ends", proposal.number] = now
            self.due.update([("ends", proposal.number, place) for place in ("C0ASO", "U0MIA")])


def at_work(now: datetime) -> bool:
    local = now.astimezone(BERLIN)
    return local.weekday() < 5 and time(9) <= local.time() < time(18)


# -- the world -----------------------------------------------------------------------------


class Everybody:
    """A workspace in which everybody may vote and nobody has."""

    team_id, enterprise_id = "T0", None

    async def persons(self, users: Iterable[str], *, fresh: bool) -> Mapping[str, Person]:
        return {user: Person(id=user, team_id="T0") for user in users}

    async def members(self, groups: Iterable[str], *, fresh: bool) -> Members:
        return dict.fromkeys(groups, frozenset())

    async def reactions(self, channel: str, ts: str) -> Mapping[str, frozenset[str]] | None:
        return {}


class Silence:
    """Draws nothing: what should be said is taken from the store."""

    def proposal_changed(self, proposal: int) -> None:
        pass

    def notices_waiting(self) -> None:
        pass


@dataclass(kw_only=True)
class World:
    """The bot on a file, its clock, and the oracle beside it."""

    path: Path
    clock: HandClock
    desk: Desk
    chance: random.Random
    oracle: Oracle = field(default_factory=Oracle)
    said: Counter[tuple[object, ...]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    wrong_by: timedelta = timedelta(0)
    wrong_for: int = 0

    def set_clock(self, by: timedelta) -> None:
        self.clock.set(self.clock.now() + by)

    async def live(self, until: datetime) -> None:
        """Live on until so much true time has gone by, whatever the clock shows."""
        true = BEGIN
        while true < until:
            gap = self._gap()
            true += gap
            self.set_clock(gap)
            await self._happens()
            self._trouble()
            await self._tick()
            await self._restart()

    def _gap(self) -> timedelta:
        """Return how long until the next tick: mostly minutes, now and then a night or days."""
        if self.chance.random() < 0.004:
            self.counts["missed runs"] += 1
            return timedelta(hours=self.chance.uniform(5, 90))
        return timedelta(minutes=self.chance.expovariate(1 / 45) + 0.1)

    def _trouble(self) -> None:
        """Set the clock, and right it again some ticks later."""
        if self.wrong_for:
            self.wrong_for -= 1
            if not self.wrong_for:
                self.set_clock(-self.wrong_by)
                self.counts["clocks set right"] += 1
            return
        if self.chance.random() < 0.004:
            span = self.chance.choice([MINUTE * 7, HOUR * 3, HOUR * 30, DAY * 5, DAY * 300])
            self.wrong_by = span * self.chance.choice([1, 1, -1]) if span < 2 * DAY else span
            self.wrong_for = self.chance.randint(1, 12)
            self.set_clock(self.wrong_by)
            self.counts[f"clock set by {'+' if self.wrong_by > timedelta(0) else '-'}{span}"] += 1

    async def _tick(self) -> None:
        """Run the jobs in the order of the table, sometimes twice, sometimes beside themselves."""
        self.oracle.tick(self.clock.now())
        self.counts["ticks"] += 1
        names = ("clock", "remind", "ask", "pushes")
        for name in names:
            await tick(JOB[name], self.desk)
        if self.chance.random() < 0.02:
            self.counts["double runs"] += 1
            await asyncio.gather(*(tick(JOB[name], self.desk) for name in names[1:] * 2))
        if self.chance.random() < 0.1:
            self.oracle.expire(self.clock.now())
            await tick(JOB["expire"], self.desk)
            await self.say(self.clock.now())

    async def _restart(self) -> None:
        if self.chance.random() < 0.01:
            self.counts["restarts"] += 1
            await self.desk.store.__aexit__(None, None, None)
            self.desk = replace(self.desk, store=Store(self.path))
            await self.desk.store.__aenter__()

    # what people and Apple do

    async def _happens(self) -> None:
        if self.chance.random() < 0.02:
            await self._version_moves()
        if self.chance.random() < 0.004:
            await self._key_turns()
        if self.chance.random() < 0.004:
            await self._somebody_is_done()
        if self.chance.random() < 0.006 and len(self.oracle.proposals) < 3:
            await self._somebody_proposes()
        if self.chance.random() < 0.006 and self.oracle.proposals:
            await self._somebody_withdraws()

    async def _version_moves(self) -> None:
        number, state = self.chance.randint(1, 5), self.chance.choice(STATES)
        version = Version(
            id=f"v{number}", app_id="1", platform="IOS", number=f"1.{number}", state=state
        )
        known = self.oracle.stays.get(version.id)
        if known and known.about == state:
            return
        now = self.clock.now()
        await self.desk.store.watchlog.see([(version, known.about if known else None, [])], now=now)
        self.oracle.stays[version.id] = Stay(name=version.id, about=state, since=now)
        self.counts["states"] += 1

    async def _key_turns(self) -> None:
        standings = self.desk.store.standings
        before = await standings.get(ACCOUNT, "studio-b")
        bad = before is None or before.state == "OK"
        now = self.clock.now()
        one = Standing(kind=ACCOUNT, id="studio-b", state="KEY" if bad else "OK", since=now)
        await standings.see([], [StandingSight(now=one, before=before)], now=now)
        if bad:
            self.oracle.stays["studio-b"] = Stay(name="studio-b", about="key_trouble", since=now)
        else:
            self.oracle.stays.pop("studio-b", None)

    async def _somebody_is_done(self) -> None:
        said = await self.desk.store.outbox.said_of("reminder:", kind="reminder", most=1_000)
        # Which one Done ends is carried by the message, as the button has it.
        known = {one.key: str(one.body["key"]) for one in said if self._of(one.key) is not None}
        if known:
            key = self.chance.choice(sorted(known))
            stay, rule = cast(tuple[Stay, Rule], self._of(key))
            await self.desk.store.dones.end(known[key], user="U0BEN", now=self.clock.now())
            stay.done.add(rule)
            self.counts["dones"] += 1

    def _of(self, key: str) -> tuple[Stay, Rule] | None:
        """Return the stay that a notice is about, if it goes on, with the rule."""
        said = reminder_of(key)
        stay = self.oracle.stays.get(said[1])
        if stay is None or (stay.about, stay.since) != said[2:4]:
            return None
        return stay, next(
            one for one in RULES if (one.about, one.after, one.every) == (said[2], *said[4:6])
        )

    async def _somebody_proposes(self) -> None:
        now = self.clock.now()
        number = await self.desk.store.proposals.create(
            NewProposal(
                target=Target(app_id="1", platform="IOS", version_id="v1"),
                app_name="Notes",
                bundle_id="com.example.notes",
                version_number="1.1",
                version_state=STATES[2],
                live=False,
                proposer="U0MIA",
                channel="C0ASO",
                expires_at=now + 7 * DAY,
            ),
            NewRevision(digest="d", authors=("U0MIA",), reason="", items=(an_item(),), findings=()),
            now=now,
        )
        assert number is not None
        self.oracle.proposals[number] = Open(number=number, revised=now, expires=now + 7 * DAY)
        self.counts["proposals"] += 1

    async def _somebody_withdraws(self) -> None:
        number = self.chance.choice(sorted(self.oracle.proposals))
        await self.desk.store.proposals.move(number, "withdraw", now=self.clock.now())
        del self.oracle.proposals[number]

    # what was said

    async def say(self, now: datetime) -> None:
        """Say everything that is due, as the notifier does."""
        outbox = self.desk.store.outbox
        while (notice := await outbox.begin(now=now)) is not None:
            await outbox.done(notice.id, ts=str(notice.id), now=now)
            if notice.kind in ABOUT:
                self.said[ABOUT[notice.kind](notice.key)] += 1


def reminder_of(key: str) -> tuple[Any, ...]:
    """Return what a reminder's key says: whose, what, since, after, every, which turn."""
    _, name, about, *since, after, every, _to, turn, _channel = key.split(":")
    spans = [timedelta(seconds=int(span)) for span in (after, every)]
    return ("remind", name, about, datetime.fromisoformat(":".join(since)), *spans, int(turn))


def ends_of(key: str) -> tuple[object, ...]:
    _, number, _revision, _kind, place = key.split(":")
    return ("ends", int(number), place)


def asked_of(key: str) -> tuple[object, ...]:
    return ("asked", *key.split(":")[1:])


ABOUT: Mapping[str, Callable[[str], tuple[object, ...]]] = {
    "reminder": reminder_of,
    "asked": asked_of,
    "expiring": ends_of,
}


def reminder(rule: Rule) -> Reminder:
    state = rule.about in STATES
    return Reminder(
        state=rule.about if state else "",
        condition="" if state else rule.about,
        after=rule.after,
        every=rule.every,
        until=rule.until,
    )


async def a_world(path: Path, seed: int) -> World:
    clock = HandClock(BEGIN)
    store = await Store(path).__aenter__()
    await store.watchlog.keep_apps([App(id="1", bundle_id="com.example.notes", name="Notes")])
    desk = Desk(
        store=store,
        accounts=cast(Accounts, None),
        people=Everybody(),
        notifier=Silence(),
        clock=clock,
        rules=Rules(
            policy=Policy(approvers=PEOPLE, quorum=2),
            channel="C0ASO",
            channels={},
            reminders=tuple(reminder(rule) for rule in RULES),
            timezone=BERLIN,
            hours=Hours(start=time(9), end=time(18), days=("mon", "tue", "wed", "thu", "fri")),
        ),
        start_pushes=lambda: None,
    )
    return World(path=path, clock=clock, desk=desk, chance=random.Random(seed))


def surprises(due: Counter[tuple[object, ...]], said: Counter[tuple[object, ...]]) -> Iterator[str]:
    for one in sorted(due.keys() | said.keys(), key=str):
        if due[one] != said[one]:
            yield f"due {due[one]} times, said {said[one]} times: {one}"


@pytest.mark.one_thread
@pytest.mark.parametrize("seed", [2026])
async def test_in_ten_thousand_hours_everything_due_is_said_once(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    world = await a_world(tmp_path / "marquee.db", seed)
    try:
        await world.live(BEGIN + HOURS * HOUR)
        await world.say(world.clock.now() + 400 * DAY)
    finally:
        await world.desk.store.__aexit__(None, None, None)

    due, said = world.oracle.due, world.said
    kinds: Counter[str] = Counter()
    for one, count in said.items():
        kinds[str(one[0])] += count
    with capsys.disabled():
        print(f"\n{HOURS:,} hours, seed {seed}: {dict(sorted(world.counts.items()))}")
        print(f"due {due.total():,}, said {said.total():,}: {dict(kinds)}")
        print(f"due again after a day that was none: {due.total() - len(due):,}")
    assert list(surprises(due, said))[:20] == []
    assert due.total() > len(due)
    assert min(kinds.values()) > 20
    assert kinds["remind"] > 500
