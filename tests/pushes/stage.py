"""A push on its own: the runner, a real store, the real client, an emulated Apple."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.changes import digest
from bot.domain.items import Item
from bot.domain.listing import App
from bot.domain.parts import Part
from bot.domain.proposals import Proposal, Status, Target
from bot.domain.record import Why
from bot.pushes.calls import Calls, Confirmation
from bot.pushes.runner import Runner
from bot.sandbox.appstore import Conditions
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.storage.pushes import Push
from bot.storage.store import Store
from tests.appstore.stage import TIDEWELL, Stage, opened
from tests.blank import a_database
from tests.clock import START, HandClock

ENDED = (Status.PUSHED, Status.PARTIAL, Status.FAILED, Status.OPEN, Status.PARKED)


@dataclass(kw_only=True)
class Pushing:
    """Proposes without Slack and runs pushes until they ended."""

    stage: Stage
    store: Store
    version_id: str
    approved: bool = True
    breaks: int = 0
    withdraw_votes_when_asked_again: bool = False
    held: bool = False
    when_asked: Callable[[], Awaitable[None]] | None = None
    changed: set[int] = field(default_factory=set)

    async def propose(
        self,
        *items: Item,
        version_id: str | None = None,
        number: str = "2.4.0",
        app: App = TIDEWELL,
        platform: str = "IOS",
    ) -> Proposal:
        """Propose items; a `version_id` of "" stands for a version that is to be made."""
        wanted = self.version_id if version_id is None else version_id
        target = Target(app_id=app.id, platform=platform, version_id=wanted)
        new = NewProposal(
            target=target,
            app_name=app.name,
            bundle_id=app.bundle_id,
            version_number=number,
            version_state="PREPARE_FOR_SUBMISSION",
            live=False,
            proposer="U0MIA",
            channel="C0ASO",
            expires_at=START + timedelta(days=7),
        )
        revision = NewRevision(
            digest=digest(target, items), authors=("U0MIA",), reason="", items=items, findings=()
        )
        made = await self.store.proposals.create(new, revision, now=START)
        assert made is not None
        return await self.get(made)

    async def get(self, number: int) -> Proposal:
        found = await self.store.proposals.get(number)
        assert found is not None
        return found

    async def push(
        self, proposal: Proposal, verb: str = "approve", *, part: Part = None
    ) -> Proposal:
        """Queue a push, run it to its end, and return the proposal as it is then."""
        queued = await self.store.pushes.queue(
            proposal,
            verb,
            approvers=["U0BEN"],
            now=self.stage.clock.now(),
            why=Why(part=part),
        )
        assert queued is not None
        await self.run(proposal.id)
        return await self.get(proposal.id)

    async def run(self, number: int) -> None:
        """Run pushes until this proposal's ended."""
        async with self.runner() as runner, asyncio.timeout(20):
            while (await self.get(number)).status not in ENDED or runner.busy:
                await asyncio.sleep(0.002)

    async def run_until(self, happened: Callable[[], bool]) -> None:
        """Run pushes until something happened."""
        async with self.runner(), asyncio.timeout(20):
            while not happened():
                await asyncio.sleep(0.002)

    @asynccontextmanager
    async def runner(self) -> AsyncIterator[Runner]:
        """Run pushes for as long as the block lasts."""
        runner = Runner(
            self.store,
            lambda _: self.stage.store,
            self.stage.clock,
            Calls(confirm=self._confirm, changed=self.changed.add, held=lambda _: self.held),
        )
        running = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _confirm(self, _push: Push, _proposal: Proposal) -> Confirmation:
        if self.when_asked is not None:
            await self.when_asked()
        if self.breaks:
            self.breaks -= 1
            raise ZeroDivisionError
        if self.withdraw_votes_when_asked_again:
            # The first answer rests on votes that are gone when the plan is written.
            self.withdraw_votes_when_asked_again, self.approved = False, False
            return Confirmation(go=True, votes="votes that no longer stand")
        if self.approved:
            return Confirmation(go=True)
        return Confirmation(go=False, verb="unapprove", reason="A vote was taken back.")

    def item(self, locale: str, attribute: str, after: str) -> Item:
        """Return a change of what Apple holds now."""
        return Item(
            locale=locale, field=attribute, before=self.live(locale, attribute), after=after
        )

    def live(self, locale: str, attribute: str) -> str:
        app = next(one for one in self.stage.apple.apps() if one["id"] == TIDEWELL.id)
        parents = [one for one in [*app["versions"], *app["infos"]] if one["editable"]]
        for parent in parents:
            texts = parent["localizations"].get(locale, {})
            if attribute in texts:
                return str(texts[attribute] or "")
        return ""

    def version(
        self, number: str = "2.4.0", *, app: App = TIDEWELL, platform: str = "IOS"
    ) -> dict[str, Any]:
        """Return a version as Apple holds it; raises StopIteration when there is none."""
        found = next(one for one in self.stage.apple.apps() if one["id"] == app.id)
        return next(
            one
            for one in found["versions"]
            if (one["version"], one["platform"]) == (number, platform)
        )

    def has_locale(self, locale: str) -> bool:
        app = next(one for one in self.stage.apple.apps() if one["id"] == TIDEWELL.id)
        parents = [one for one in [*app["versions"], *app["infos"]] if one["editable"]]
        return any(locale in parent["localizations"] for parent in parents)

    def states(self, items: Iterable[Item]) -> list[str]:
        return [str(item.state) for item in items]


@asynccontextmanager
async def pushing(folder: Path, *, conditions: Conditions | None = None) -> AsyncIterator[Pushing]:
    async with (
        opened(clock=HandClock(auto=True), conditions=conditions) as stage,
        Store(a_database(folder / "marquee.db")) as store,
    ):
        app = next(one for one in stage.apple.apps() if one["id"] == TIDEWELL.id)
        version = next(
            one["id"]
            for one in app["versions"]
            if one["platform"] == "IOS" and one["state"] == "PREPARE_FOR_SUBMISSION"
        )
        yield Pushing(stage=stage, store=store, version_id=version)
