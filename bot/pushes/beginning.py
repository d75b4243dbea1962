"""How a push begins: compared with what Apple holds, held where it has to wait, asked about last.

Until its plan is written nothing was sent, and it can still be dropped without a trace at Apple.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.appstore.client import AppStore
from bot.clock import Clock
from bot.domain.awaiting import known_as, why_never
from bot.domain.editing import is_live
from bot.domain.items import TEXTUAL, Item, ItemState
from bot.domain.listing import Reading
from bot.domain.outages import lasts, outage_sentence
from bot.domain.parking import parked_as
from bot.domain.proposals import Proposal, Status
from bot.domain.returning import successor
from bot.errors import BotError, Unavailable, Unwritable
from bot.pushes.acting import Acting, in_order
from bot.pushes.approved import altered
from bot.pushes.calls import Calls, Confirmation
from bot.pushes.outage import outage_met
from bot.pushes.patience import READ_AGAIN, Patience
from bot.pushes.plan import Plan, plan, wary, with_first_act
from bot.pushes.verdict import dropped_result, for_one_reason, too_late
from bot.storage.pushes import Begun, Push
from bot.storage.store import Store

log = logging.getLogger(__name__)

CONFIRM_TRIES = 5
NOTHING = Plan(steps=(), judged=())
VOTES_KEEP_CHANGING = "The votes kept changing while the push began, so nothing was pushed."


class Beginning:
    """Takes queued pushes to the moment when the first request may go out."""

    def __init__(
        self,
        store: Store,
        store_of: Callable[[str], AppStore],
        clock: Clock,
        calls: Calls,
        acting: Acting,
        patience: Patience,
    ) -> None:
        self._store = store
        self._store_of = store_of
        self._clock = clock
        self._calls = calls
        self._acting = acting
        self._patience = patience

    def __repr__(self) -> str:
        return "<Beginning>"

    async def prepare(self, push: Push, proposal: Proposal) -> Push | BotError | None:
        """Compare, ask people last, and write the plan.

        Return the push when it may send, with those who let it go; None when it ended or waits;
        the error that it shall be given up with.
        """
        began = self._clock.now()
        await self._store_of(proposal.target.app_id).begin_batch()
        made: Plan | BotError | None = None
        # People may take a vote back until the moment the plan is written, so they come last.
        for _ in range(CONFIRM_TRIES):
            made, confirmation = await self._compared_and_confirmed(push, proposal, made)
            if not confirmation.go:
                await self._not_confirmed(push, proposal, confirmation)
                return None
            if confirmation.approvers is not None:
                push = await self._store.pushes.name(push, confirmation.approvers)
            if self.is_over(proposal):
                return await self._end(push, proposal)
            if self._calls.held(proposal):
                await self._leave(push, proposal)
                return None
            # Last of all: whatever was read before, only what was approved goes out.
            made = await altered(self._store, push, proposal) or made
            if isinstance(made, BotError):
                parked = await self._wait_for_apple(push, proposal, made, began)
                return None if parked else made
            begun = await self._begin(push, proposal, made, confirmation)
            if begun is not Begun.VOTES_CHANGED:
                return push if begun is Begun.YES else None
        await self._drop(push, proposal, "unapprove", reason=VOTES_KEEP_CHANGING)
        return None

    def is_over(self, proposal: Proposal) -> bool:
        """Return whether the time of a proposal's texts is over."""
        return proposal.timing.over(self._clock.now())

    async def _end(self, push: Push, proposal: Proposal) -> BotError | None:
        """End a push whose texts were to return by now, before any of them is sent."""
        log.info("push.too_late push=%s proposal=%s", push.id, proposal.id)
        error = too_late()
        if any(item.state is ItemState.DONE for item in proposal.items):
            return error
        await self._store.pushes.drop(
            push,
            "expire",
            [dropped_result(push, proposal, reason=f"{error} Nothing was pushed.")],
            items=for_one_reason(proposal, error),
            revision=proposal.revision,
            now=self._clock.now(),
        )
        return None

    async def _not_confirmed(
        self, push: Push, proposal: Proposal, confirmation: Confirmation
    ) -> None:
        log.info("push.not_confirmed push=%s reason=%s", push.id, confirmation.reason)
        if confirmation.later:
            await self._leave(push, proposal)
        else:
            await self._drop(push, proposal, confirmation.verb, reason=confirmation.reason)

    async def _leave(self, push: Push, proposal: Proposal) -> None:
        """Let a push wait that is held since it was claimed, while people still want it."""
        if await self._store.proposals.status(proposal.id) is Status.APPROVED:
            log.info("push.held push=%s proposal=%s", push.id, proposal.id)
        else:
            await self._drop(push, proposal, None)

    async def _planned(self, proposal: Proposal) -> Plan | BotError:
        """Compare with what Apple holds: the texts, or the action where there are none."""
        if any(item.kind in TEXTUAL for item in proposal.items):
            reading = await self._patience.read(proposal)
            if isinstance(reading, BotError):
                return reading
            proposal = await self._bound(proposal, reading)
            await self.mark_public(proposal, reading)
            made = plan(await self._rehomed(proposal, reading), reading)
            blocked = bool(made.judged) and made.hopeless
            return replace(made, acts=bool(in_order(proposal.items)) and not blocked)
        found = await self._patience.wait_for(
            proposal, lambda: self._acting.first_verdict(proposal)
        )
        return found if isinstance(found, BotError) else with_first_act(NOTHING, found)

    async def mark_public(self, proposal: Proposal, reading: Reading) -> None:
        """Keep that what is pushed is public at once, where the version was not when proposed."""
        own = proposal.target.version_id
        if not proposal.live and any(one.id == own and is_live(one) for one in reading.versions):
            await self._store.proposals.went_public(proposal.id)

    async def _bound(self, proposal: Proposal, reading: Reading) -> Proposal:
        """Return a proposal with the id of the version that it waited for, where that is there."""
        version = known_as(proposal.target, reading.versions)
        if version is None or why_never(proposal.target, reading.versions):
            return proposal
        if await self._store.awaited.bind(proposal.id, version, now=self._clock.now()):
            log.info("push.bound proposal=%s version=%s", proposal.id, version.id)
        return await self._kept(proposal)

    async def _rehomed(self, proposal: Proposal, reading: Reading) -> Proposal:
        """Return a return's proposal, about the version that took its own one's place by now."""
        version = successor(proposal, reading)
        if version is None:
            return proposal
        log.info("push.rehomed proposal=%s version=%s", proposal.id, version.id)
        await self._store.proposals.rehome(proposal.id, version)
        return await self._store.proposals.get(proposal.id) or proposal

    async def _begin(
        self, push: Push, proposal: Proposal, made: Plan, confirmation: Confirmation
    ) -> Begun:
        judged = [(one.item, one.live_now) for one in made.judged]
        if made.hopeless and made.lock:
            await self._park(push, proposal, made.lock, judged)
            return Begun.NOT_APPROVED
        if made.hopeless and any(one.item.state is ItemState.STALE for one in made.judged):
            reason = f"{made.never} Nothing was pushed." if made.never else ""
            await self._give_back(push, proposal, judged, reason=reason)
            return Begun.NOT_APPROVED
        # What an earlier push of it was cut off from may have been made all the same.
        if await self._store.pushes.has_earlier(push):
            made = wary(made)
        begun = await self._store.pushes.plan(
            push,
            made.steps,
            judged,
            revision=proposal.revision,
            now=self._clock.now(),
            votes=confirmation.votes,
        )
        if begun is Begun.NOT_APPROVED:
            await self._drop(push, proposal, None)
        return begun

    async def _compared_and_confirmed(
        self, push: Push, proposal: Proposal, made: Plan | BotError | None
    ) -> tuple[Plan | BotError, Confirmation]:
        """Compare unless it is `made` already, then ask people at once.

        Where Slack had to be waited for, Apple is compared with again: others may have changed
        a text, or the version have become public. So both answers are of the same moment.
        """
        for wait in READ_AGAIN:
            if made is None:
                made = await self._planned(proposal)
            try:
                return made, await self._calls.confirm(push, proposal)
            except Unwritable:
                raise
            except Unavailable as error:
                log.warning("push.confirm_again proposal=%s error=%s", proposal.id, error)
                await self._clock.sleep(wait)
            # Nothing is sent for an error, however old: only a plan is made anew.
            if isinstance(made, Plan):
                made, proposal = None, await self._kept(proposal)
        return made or NOTHING, _unconfirmed(proposal)

    async def _kept(self, proposal: Proposal) -> Proposal:
        """Return a proposal about the version that it is kept to be about by now."""
        now = await self._store.proposals.get(proposal.id)
        return replace(proposal, target=now.target, live=now.live) if now else proposal

    async def _give_back(
        self,
        push: Push,
        proposal: Proposal,
        judged: Iterable[tuple[Item, str | None]],
        *,
        reason: str,
    ) -> None:
        """Nothing can be sent, since Apple's side changed: people look at it again."""
        await self._store.pushes.drop(
            push,
            "stale",
            [dropped_result(push, proposal, reason=reason)],
            items=judged,
            revision=proposal.revision,
            now=self._clock.now(),
        )

    async def _park(
        self,
        push: Push,
        proposal: Proposal,
        lock: str,
        judged: Iterable[tuple[Item, str | None]],
    ) -> None:
        """Nothing can be sent in this state: what people approved waits for another one."""
        log.info("push.parked push=%s proposal=%s", push.id, proposal.id)
        said = [dropped_result(push, proposal, reason=parked_as(proposal, lock))]
        await self._store.pushes.park(
            push,
            lock,
            # What waits still is not told again.
            [] if lock == proposal.parked_for else said,
            items=judged,
            revision=proposal.revision,
            now=self._clock.now(),
        )

    async def _wait_for_apple(
        self, push: Push, proposal: Proposal, error: BotError, began: datetime
    ) -> bool:
        """Park what meets an outage before anything was sent; return whether it met one."""
        now = self._clock.now()
        outage = outage_met(proposal, error, since=began, now=now)
        if outage is None:
            return False
        log.info("push.outage push=%s proposal=%s kind=%s", push.id, proposal.id, outage.kind)
        said = [dropped_result(push, proposal, reason=outage_sentence(outage))]
        await self._store.pushes.park(
            push,
            outage,
            # An outage that lasts is not told again.
            [] if lasts(outage, proposal.outage) else said,
            items=(),
            revision=proposal.revision,
            now=now,
        )
        return True

    async def _drop(
        self, push: Push, proposal: Proposal, verb: str | None, *, reason: str = ""
    ) -> None:
        notices = [dropped_result(push, proposal, reason=reason)] if reason else []
        await self._store.pushes.drop(push, verb, notices, now=self._clock.now())


def _unconfirmed(proposal: Proposal) -> Confirmation:
    """Return what becomes of a push while Slack does not answer."""
    if proposal.returns_by_itself:
        # Nobody's approval could be taken back: it waits until Slack shows who rejects it.
        return Confirmation(go=False, later=True, reason="Slack does not show the reactions.")
    reason = "Slack did not say whether the approval still stands, so nothing was pushed."
    return Confirmation(go=False, verb="unapprove", reason=reason)
