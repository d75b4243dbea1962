"""What people do to the emulated store besides asking it over HTTP: reviewers, builders, time.

It knows no rule; it hands each deed to whoever does and tells those who listen.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any

from bot.sandbox.appstore.bodies import written
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.overview import overview
from bot.sandbox.appstore.planting import BUILD_STATES
from bot.sandbox.appstore.schema import APPS, BUILDS, INFOS, VERSION_TEXTS, VERSIONS
from bot.sandbox.appstore.store import AppStore
from bot.sandbox.appstore.webhooks.sender import Outcome, Sender, Trouble

HEARTBEAT = 0.25


class Backstage:
    """The deeds of reviewers and colleagues; ids are strings, unknown ones a LookupError.

    `webhook_trouble` says what goes wrong with webhooks and may be changed at any time.
    """

    def __init__(self, *, clock: Callable[[], float], seed: int, conditions: Conditions) -> None:
        self._clock = clock
        self.conditions = conditions
        self._callbacks: list[Callable[[], None]] = []
        self.webhook_trouble = Trouble()
        self._sender = Sender(
            now=clock, trouble=self.webhook_trouble, done=self._delivered, seed=seed
        )
        self._store: AppStore
        self._heart: asyncio.Task[None] | None = None

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every request and every change."""
        self._callbacks.append(callback)

    def apps(self) -> list[dict[str, Any]]:
        """Return everything the store holds now, as plain values."""
        self._store.rooms.engine.tick(self._clock())
        return overview(self._store.records)

    def tick(self) -> bool:
        """Let everything happen that is due; True when something did.

        Every request does the same before it is answered, so that only those who wait
        for something without asking need to call this.
        """
        changed = self._store.rooms.engine.tick(self._clock())
        if changed:
            self._tell()
        return changed

    @property
    def speed(self) -> float:
        """Seconds at Apple that pass in one second; 0 (the beginning): reviews stand still."""
        return self._store.rooms.engine.speed()

    def set_speed(self, speed: float) -> None:
        """Let reviews go on by themselves, 0 stops them; ValueError outside 0 to 1,000,000.

        A version waits 8 hours, is reviewed for one and distributed in half of one; a
        build is processed in a quarter; all divided by `speed`, like the days of a phased
        release. Inside a running event loop the store then moves without being asked.
        """
        if isinstance(speed, bool) or not isinstance(speed, int | float):
            raise TypeError(f"A speed is a number, not {speed!r}.")
        self._store.rooms.engine.set_speed(speed, self._clock())
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop()
            if speed and (self._heart is None or self._heart.done()):
                self._heart = asyncio.create_task(self._beat(), name="apple-engine")
        self._tell()

    def review(self, version_id: str, verdict: str) -> str:
        """Do as a reviewer does and return the version's state.

        `verdict`: start, approve, reject, reject_metadata, reject_binary, release,
        distribute. ValueError for any other, and for one not open in the version's state.
        """
        self._store.rooms.engine.tick(self._clock())
        version = self._store.rooms.reviewer.decide(version_id, verdict, self._clock())
        self._tell()
        return str(version.attributes["appVersionState"])

    def start_review(self, version_id: str) -> str:
        """WAITING_FOR_REVIEW becomes IN_REVIEW."""
        return self.review(version_id, "start")

    def approve(self, version_id: str) -> str:
        """Approve a version: where it goes, its release type says."""
        return self.review(version_id, "approve")

    def reject(self, version_id: str) -> str:
        """Reject a version that is waiting or in review."""
        return self.review(version_id, "reject")

    def reject_metadata(self, version_id: str) -> str:
        """Reject the texts of a version that is waiting or in review."""
        return self.review(version_id, "reject_metadata")

    def reject_binary(self, version_id: str) -> str:
        """Find the build of a version that is waiting or in review invalid."""
        return self.review(version_id, "reject_binary")

    def next_phased_day(self, version_id: str) -> int:
        """Begin the next day of an active phased release and return its number; ValueError."""
        self._store.rooms.engine.tick(self._clock())
        phase = self._store.rooms.phases.next_day(version_id, self._clock())
        self._tell()
        return int(phase.attributes["currentDayNumber"])

    def add_build(
        self, app_id: str, platform: str, train: str, number: str, state: str = "VALID"
    ) -> str:
        """Upload build `number` of version `train` and return its id.

        `state`: PROCESSING, FAILED, INVALID or VALID. ValueError for any other and for a
        number that is used.
        """
        app, now = self._store.records.need(APPS, app_id), self._clock()
        record = self._store.rooms.planter.build(
            app, (platform, train, number), state=state, uploaded=now, created=now
        )
        self._tell()
        return record.id

    def move_build(self, build_id: str, state: str) -> None:
        """Put a build into a processing state, or let it expire with EXPIRED; ValueError."""
        if state not in {*BUILD_STATES, "EXPIRED"}:
            raise ValueError(f"No build is {state}.")
        build = self._store.records.need(BUILDS, build_id)
        told: dict[str, Any] = {"processingState": state}
        if state == "EXPIRED":
            told = {"expired": True, "expirationDate": written(self._clock())}
        build.change(told, self._clock())
        self._tell()

    def screenshots(self, version_id: str, locale: str | None = None, count: int = 0) -> None:
        """Let the locales of a version (or one) have `count` screenshots each."""
        store = self._store
        version = store.records.need(VERSIONS, version_id)
        texts = store.records.children(version, VERSION_TEXTS, VERSION_TEXTS)
        if locale is not None:
            texts = [store.rooms.studio.text(version, VERSION_TEXTS, locale)]
        for text in texts:
            store.rooms.planter.strip(text)
            platform = str(version.attributes["platform"])
            store.rooms.planter.screenshots(platform, text, count, self._clock())
        self._tell()

    def declare(
        self, app_id: str, *, category: str | None = None, rights: str | None = None
    ) -> None:
        """Change an app's primary category or content rights; "" takes one away."""
        records = self._store.records
        app = records.need(APPS, app_id)
        if rights is not None:
            app.change({"contentRightsDeclaration": rights or None}, self._clock())
        for info in records.children(app, INFOS, INFOS) if category is not None else ():
            info.one.pop("primaryCategory", None)
            if category:
                info.one["primaryCategory"] = self._store.rooms.planter.category(category).id
        self._tell()

    def trouble_webhooks(self, **changes: Any) -> dict[str, Any]:
        """Change fields of `webhook_trouble` and return all of them; ValueError."""
        _set_fields(self.webhook_trouble, changes)
        self._tell()
        return self.webhook_troubles()

    def turn_conditions(self, **changes: Any) -> dict[str, Any]:
        """Change fields of `conditions` and return all of them; ValueError."""
        _set_fields(self.conditions, changes)
        self._tell()
        return dataclasses.asdict(self.conditions)

    def webhook_troubles(self) -> dict[str, Any]:
        """Return the fields of `webhook_trouble` by name."""
        return dataclasses.asdict(self.webhook_trouble)

    async def webhooks_settled(self) -> None:
        """Wait until every delivery that is due was sent; held and delayed ones may stay."""
        await self._sender.settled()

    async def close(self) -> None:
        """Stop everything that runs by itself; the store can still be asked."""
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)
            self._heart = None
        await self._sender.close()

    async def _beat(self) -> None:
        while self.speed:
            await asyncio.sleep(HEARTBEAT)
            self.tick()

    def _delivered(self, delivery_id: str, outcome: Outcome) -> None:
        self._store.rooms.webhooks.done(delivery_id, outcome, self._clock())
        self._tell()

    def _tell(self) -> None:
        for callback in self._callbacks:
            callback()


def _set_fields(switches: Conditions | Trouble, changes: dict[str, Any]) -> None:
    known = dataclasses.asdict(switches)
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"No switch is called {name}; there are {', '.join(known)}.")
        kind = type(known[name])
        # A page knows whole numbers only; everything else must be what is there.
        fits = isinstance(value, kind) or (kind is float and type(value) is int)
        if known[name] is not None and not fits:
            raise ValueError(f"{name} must be a {kind.__name__}, not {value!r}.")
        setattr(switches, name, value)
