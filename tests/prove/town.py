"""A Slack in memory, an emulated Apple on a socket, and the bot's workflow between them.

Slack's truth is the model's; the bot learns of it through its port and through events that come
late, twice, out of order or never. Apple is asked over one socket, begun once; every example
has an Apple of its own behind it, and a database file of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Coroutine, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.appstore.accounts import Accounts
from bot.domain.electorate import Person
from bot.domain.policy import Members, Policy
from bot.domain.policy import Rule as PolicyRule
from bot.errors import Unavailable
from bot.storage.store import Store
from bot.workflow import voting
from bot.workflow.desk import Desk, Rules
from tests.prove import model
from tests.prove.books import Books
from tests.prove.pushes import Pushes

USERS = ("U1", "U2", "U3", "U4", "U5", "U6")
GROUP = "S0TEAM"
NEW_LOCALE = "nl-NL"


@dataclass(frozen=True, kw_only=True)
class Event:
    """What Slack tells, or means to tell, of a reaction."""

    user: str
    emoji: str
    ts: str
    stamp: int
    given: bool


@dataclass(kw_only=True)
class Meanwhile:
    """What happens when Slack ("persons", "members", "reactions") or Apple ("apple") is asked."""

    where: str
    after: int
    deed: Callable[[], Coroutine[Any, Any, None]]


@dataclass(kw_only=True)
class Town(Pushes):
    """One example: its people, its messages, the bot on its file, and what Apple holds."""

    law: model.Law
    people: model.People
    # What groups and persons were when they were last asked for freshly: a cache, as the bot's.
    known: model.People = field(init=False)
    # Something that happens once while a push begins: where it is asked, how often before, what.
    meanwhile: Meanwhile | None = None
    on_change: Callable[[], None] = lambda: None
    cases: list[model.Case] = field(default_factory=list)
    messages: dict[str, model.Message] = field(default_factory=dict)
    late: list[Event] = field(default_factory=list)
    newest: dict[tuple[str, str, str], int] = field(default_factory=dict)
    answers: bool = True
    stamps: int = 0
    team_id: str = "T0"
    enterprise_id: str | None = None

    async def begin(self) -> None:
        self.known = deepcopy(self.people)
        await self.street.begin()
        self.apple = self.street.apple
        self.path = self.street.folder / "marquee.db"
        for old in self.street.folder.glob("marquee.db*"):
            old.unlink()
        shutil.copy(self.street.folder / "empty.db", self.path)
        self.books = Books(self.path)
        await self._open()

    async def _open(self) -> None:
        store = await Store(self.path).__aenter__()
        self.desk = Desk(
            store=store,
            accounts=Accounts({"default": self.street.client}, "default"),
            people=self,
            notifier=self,
            clock=self.street.clock,
            rules=Rules(
                policy=policy_of(self.law),
                channel="C0ASO",
                channels={},
                reminders=(),
                timezone=ZoneInfo("Europe/Berlin"),
                break_glass=tuple(sorted(self.law.glass)),
            ),
            start_pushes=lambda: None,
        )

    async def close(self) -> None:
        self.books.close()
        await self._close()

    async def _close(self) -> None:
        await self.desk.store.__aexit__(None, None, None)

    async def restart(self) -> None:
        await self._close()
        await self._open()

    # the ports: Slack as the bot asks it, and what it wants drawn

    async def persons(self, users: Iterable[str], *, fresh: bool) -> Mapping[str, Person]:
        await self._asked("persons")
        if fresh:
            for name in ("guests", "gone", "strangers"):
                known, true = getattr(self.known, name), getattr(self.people, name)
                known.difference_update(users)
                known.update(true.intersection(users))
        return {user: self._person(user) for user in users}

    def _person(self, user: str) -> Person:
        return Person(
            id=user,
            team_id="T1" if user in self.known.strangers else self.team_id,
            is_guest=user in self.known.guests,
            is_deactivated=user in self.known.gone,
        )

    async def members(self, groups: Iterable[str], *, fresh: bool) -> Members:
        await self._asked("members")
        if fresh:
            self.known.group = set(self.people.group)
        known = {GROUP: frozenset(self.known.group)}
        return {group: known.get(group, frozenset()) for group in groups}

    async def reactions(
        self, channel: str, ts: str, *, signs: Callable[[str], bool], fresh: bool = False
    ) -> Mapping[str, frozenset[str]] | None:
        await self._asked("reactions")
        message = self.messages[ts]
        shown: dict[str, set[str]] = {}
        for user, emoji in message.signs:
            shown.setdefault(emoji, set()).add(user)
        return (
            {emoji: frozenset(users) for emoji, users in shown.items()} if message.there else None
        )

    def proposal_changed(self, proposal: int) -> None:
        pass

    def notices_waiting(self) -> None:
        pass

    async def _asked(self, what: str) -> None:
        if not self.answers:
            raise Unavailable("Slack does not answer.")
        if self.asking_last:
            await self.happens(what)

    async def happens(self, where: str) -> None:
        """Let what happens meanwhile happen, where its place and its turn have come."""
        if self.meanwhile is None or self.meanwhile.where != where:
            return
        self.meanwhile.after -= 1
        if self.meanwhile.after < 0:
            deed, self.meanwhile = self.meanwhile.deed, None
            await deed()
            self.on_change()

    def forget(self) -> None:
        """Ask everything anew, as caches do after some minutes."""
        self.known = deepcopy(self.people)

    # Slack as people use it

    async def post(self) -> None:
        """Say what the outbox holds: of a proposal's newest revision that is its message."""
        outbox, now = self.desk.store.outbox, self.street.clock.now()
        while self.answers and (notice := await outbox.begin(now=now)) is not None:
            if notice.kind == "proposal":
                await self._posted(int(notice.body["proposal"]), int(notice.body["revision"]))
            if notice.kind == "replaced":
                await self._replaced(int(notice.body["proposal"]), int(notice.body["revision"]))
            await outbox.done(notice.id, ts=None, now=now)

    async def _posted(self, number: int, revision: int) -> None:
        case = self.case(number)
        if revision != len(case.revisions):
            return
        self.stamps += 1
        message = model.Message(ts=f"{self.stamps}.000001")
        if case.now.message is not None:
            message.lost = set(case.now.message.lost)
        self.messages[message.ts] = case.now.message = message
        await self.desk.store.posts.posted(number, revision, ts=message.ts)

    async def _replaced(self, number: int, revision: int) -> None:
        """Let an earlier message say that it was replaced, after a last look at its signs."""
        message = self.case(number).revisions[revision - 1].message
        await voting.replaced(self.desk, number, revision)
        if message is not None:
            message.heard |= message.signs
            message.asked = False

    def case(self, number: int) -> model.Case:
        return next(case for case in self.cases if case.number == number)

    def sign(self, user: str, emoji: str, message: model.Message, *, current: bool) -> Event | None:
        """Set a sign, or take it back where it is set; return the event that tells it."""
        if not message.there or user in self.people.gone:
            return None
        one, given = (user, emoji), (user, emoji) not in message.signs
        self.stamps += 1
        if given:
            message.signs.add(one)
            message.early |= {one} if current or message.asked else set()
        else:
            message.signs.remove(one)
            message.heard.discard(one)
        self.newest[message.ts, user, emoji] = self.stamps
        return Event(user=user, emoji=emoji, ts=message.ts, stamp=self.stamps, given=given)

    async def tell(self, event: Event) -> None:
        """Deliver an event; one that cannot be handled yet comes again, as from the inbox."""
        self._note(event)
        try:
            await voting.signed(
                self.desk,
                voting.Signed(
                    user=event.user,
                    emoji=event.emoji,
                    channel="C0ASO",
                    ts=event.ts,
                    event_ts=f"{event.stamp}.000001",
                    given=event.given,
                ),
            )
        except Unavailable:
            self.late.append(event)

    def _note(self, event: Event) -> None:
        message, sign = self.messages[event.ts], (event.user, event.emoji)
        newest = self.newest[event.ts, event.user, event.emoji] == event.stamp
        if event.emoji in model.NO:
            message.lost.discard(event.user)
        if not event.given:
            message.heard.discard(sign)
        elif message.asked and newest and sign in message.signs:
            message.heard.add(sign)


def policy_of(law: model.Law) -> Policy:
    """The model's law as `marquee.toml` would say it."""
    owners = tuple(
        PolicyRule(field=(name,), approvers=tuple(sorted(users)))
        for name, users in law.owners.items()
    )
    confirm = tuple(PolicyRule(field=(name,), confirm=True) for name in sorted(law.confirm))
    return Policy(
        approvers=(GROUP,),
        escalation=tuple(sorted(law.second)),
        quorum=law.quorum,
        approve=tuple(model.YES),
        reject=tuple(model.NO),
        keep_votes=law.keep_votes,
        undo_window=law.window,
        self_approval=law.self_approval,
        persons=(law.twins,) if law.twins else (),
        rules=(*owners, *confirm),
    )
