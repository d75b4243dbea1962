"""A Slack in memory, an emulated Apple on a socket, and the bot's workflow between them.

Slack's truth is the model's; the bot learns of it through its port and through events that come
late, twice, out of order or never. Apple is asked over one socket, begun once; every example
has an Apple of its own behind it, and a database file of its own.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.appstore import AppStore
from bot.appstore.accounts import Accounts
from bot.domain.approvals import Person
from bot.domain.policy import Members, Policy
from bot.domain.policy import Rule as PolicyRule
from bot.errors import Unavailable
from bot.pushes.calls import Calls
from bot.pushes.runner import Runner
from bot.sandbox.appstore import Conditions, EmulatedAppStore, Key, Seed
from bot.sandbox.seed import demo_seed
from bot.storage.store import Store
from bot.workflow import last_moment, voting
from bot.workflow.desk import Desk, Rules
from tests.appstore.stage import NEW_KEY, TIDEWELL, a_key
from tests.clock import HandClock
from tests.prove import model

T = TypeVar("T")

USERS = ("U1", "U2", "U3", "U4", "U5", "U6")
GROUP = "S0TEAM"
LOCALES = ("en-US", "de-DE")
NEW_LOCALE = "nl-NL"
UNLIMITED = Conditions(hour_limit=1_000_000, minute_limit=None)
# Somewhere without a disk, where there is such a place: it is the rules that are tried here.
MEMORY = Path("/dev/shm")


def small_seed() -> Seed:
    """The first app of the demonstration in two locales: each read is a short one."""
    seed = demo_seed()
    app = seed.apps[0]

    def cut(texts: Mapping[str, Any]) -> dict[str, Any]:
        return {locale: texts[locale] for locale in LOCALES}

    versions = tuple(replace(v, texts=cut(v.texts)) for v in app.versions if v.platform == "IOS")
    infos = tuple(replace(info, texts=cut(info.texts)) for info in app.infos)
    return Seed(apps=(replace(app, versions=versions, infos=infos),))


class Street:
    """What all examples share: the loop, the clock, the socket, the client, an empty database."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.clock = HandClock(auto=True)
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.apple = self.new_apple()
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def new_apple(self) -> EmulatedAppStore:
        key = Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id)
        self.apple = EmulatedAppStore(
            seed=small_seed(),
            keys=[key],
            now=lambda: self.clock.now().timestamp(),
            conditions=UNLIMITED,
        )
        self._serve = self.apple.routes()[0].handler
        return self.apple

    async def _open(self) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._serve(request)

        app = web.Application()
        app.router.add_route("*", "/apple/{path:.*}", answer)
        self._server = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._server.setup()
        await web.TCPSite(self._server, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{self._server.addresses[0][1]}/apple"
        self.client = AppStore(a_key(), base_url=url, clock=self.clock, chance=Random(7))
        async with Store(self.folder / "empty.db") as store:
            await store.watchlog.keep_apps([TIDEWELL])

    def close(self) -> None:
        async def close() -> None:
            await self.client.aclose()
            await self._server.cleanup()
            await self.apple.close()

        self.run(close())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened_street() -> Iterator[Street]:
    street = Street()
    try:
        yield street
    finally:
        street.close()


@dataclass(frozen=True, kw_only=True)
class Event:
    """What Slack tells, or means to tell, of a reaction."""

    user: str
    emoji: str
    ts: str
    stamp: int
    given: bool


@dataclass(kw_only=True)
class Town:
    """One example: its people, its messages, the bot on its file, and what Apple holds."""

    street: Street
    law: model.Law
    window: timedelta
    people: model.People
    cases: list[model.Case] = field(default_factory=list)
    messages: dict[str, model.Message] = field(default_factory=dict)
    late: list[Event] = field(default_factory=list)
    newest: dict[tuple[str, str, str], int] = field(default_factory=dict)
    answers: bool = True
    stamps: int = 0
    team_id: str = "T0"
    enterprise_id: str | None = None

    async def begin(self) -> None:
        await self.street.apple.close()
        self.apple = self.street.new_apple()
        self.path = self.street.folder / "marquee.db"
        for old in self.street.folder.glob("marquee.db*"):
            old.unlink()
        shutil.copy(self.street.folder / "empty.db", self.path)
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
                policy=policy_of(self.law, self.window),
                channel="C0ASO",
                channels={},
                reminders=(),
                timezone=ZoneInfo("Europe/Berlin"),
            ),
            start_pushes=lambda: None,
        )

    async def close(self) -> None:
        await self.desk.store.__aexit__(None, None, None)

    async def restart(self) -> None:
        await self.close()
        await self._open()

    # the ports: Slack as the bot asks it, and what it wants drawn

    async def persons(self, users: Iterable[str], *, fresh: bool) -> Mapping[str, Person]:
        self._answer()
        return {
            user: Person(
                id=user,
                team_id=self.team_id,
                is_guest=user in self.people.guests,
                is_deactivated=user in self.people.gone,
            )
            for user in users
        }

    async def members(self, groups: Iterable[str], *, fresh: bool) -> Members:
        self._answer()
        known = {GROUP: frozenset(self.people.group)}
        return {group: known.get(group, frozenset()) for group in groups}

    async def reactions(self, channel: str, ts: str) -> Mapping[str, frozenset[str]] | None:
        self._answer()
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

    def _answer(self) -> None:
        if not self.answers:
            raise Unavailable("Slack does not answer.")

    # Slack as people use it

    async def post(self) -> None:
        """Say what the outbox holds: of a proposal's newest revision that is its message."""
        outbox, now = self.desk.store.outbox, self.street.clock.now()
        while self.answers and (notice := await outbox.begin(now=now)) is not None:
            if notice.kind == "proposal":
                await self._posted(int(notice.body["proposal"]), int(notice.body["revision"]))
            await outbox.done(notice.id, ts=None, now=now)

    async def _posted(self, number: int, revision: int) -> None:
        case = self.case(number)
        if revision != len(case.revisions):
            return
        self.stamps += 1
        message = model.Message(ts=f"{self.stamps}.000001")
        self.messages[message.ts] = case.now.message = message
        await self.desk.store.posts.posted(number, revision, ts=message.ts)

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
            message.early |= {one} if current else set()
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
        current = any(case.now.message is message for case in self.cases)
        newest = self.newest[event.ts, event.user, event.emoji] == event.stamp
        if not event.given:
            message.heard.discard(sign)
        elif current and newest and sign in message.signs:
            message.heard.add(sign)

    # pushes

    async def push(self, *, cut: bool = False) -> None:
        """Let a runner work to the end, or until Apple is struck by a fault that cuts it off."""
        changed = asyncio.Event()

        def waits(proposal: Any) -> Any:
            held = self.desk.rules.held(proposal, self.desk.clock.now())
            return held.until if held else None

        async def confirm(push: Any, proposal: Any) -> Any:
            return await last_moment.confirm(self.desk, push, proposal)

        async def left(number: int) -> None:
            await voting.count_again(self.desk, number)

        calls = Calls(confirm=confirm, changed=lambda _: changed.set(), held=waits, left=left)
        runner = Runner(self.desk.store, self.desk.store_of, self.desk.clock, calls)
        running = asyncio.ensure_future(runner.run())
        running.add_done_callback(lambda _: changed.set())

        async def killed() -> None:
            running.cancel()

        self.apple.on_kill = killed
        async with asyncio.timeout(20):
            while not running.done() and (runner.busy or await self.desk.store.pushes.unfinished()):
                await changed.wait()
                changed.clear()
        self.apple.faults.clear()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        while any(row["ms"] is None for row in self.apple.log[-50:]):
            await asyncio.sleep(0.001)

    def held_by_apple(self) -> dict[tuple[str, str], str]:
        """(locale, attribute) -> text of what is being prepared; a locale's own field is ""."""
        app = self.apple.apps()[0]
        found: dict[tuple[str, str], str] = {}
        for parent in [*app["versions"], *app["infos"]]:
            for locale, texts in parent["localizations"].items() if parent["editable"] else ():
                found |= {(locale, name): text or "" for name, text in texts.items()}
                found[locale, ""] = model.PRESENT
        return found

    def places(self) -> dict[str, str]:
        """The localizations' ids with their locales."""
        app = self.apple.apps()[0]
        return {
            texts["id"]: locale
            for parent in [*app["versions"], *app["infos"]]
            for locale, texts in parent["localizations"].items()
        }


def policy_of(law: model.Law, window: timedelta) -> Policy:
    """The model's law as `marquee.toml` would say it."""
    owners = tuple(
        PolicyRule(field=(name,), approvers=tuple(sorted(users)))
        for name, users in law.owners.items()
    )
    confirm = tuple(PolicyRule(field=(name,), confirm=True) for name in sorted(law.confirm))
    return Policy(
        approvers=(GROUP,),
        quorum=law.quorum,
        approve=tuple(model.YES),
        reject=tuple(model.NO),
        keep_votes=law.keep_votes,
        undo_window=window,
        persons=(law.twins,) if law.twins else (),
        rules=(*owners, *confirm),
    )
