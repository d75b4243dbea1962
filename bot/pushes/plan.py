"""From approved items and what Apple holds now to the steps that are left. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.awaiting import absent, why_never
from bot.domain.editing import listing
from bot.domain.fields import Resource
from bot.domain.items import SETTLED, TEXTUAL, Item, ItemKind, ItemState, leaving
from bot.domain.listing import Reading, Version
from bot.domain.proposals import Proposal
from bot.domain.scene import Verdict
from bot.pushes.chains import resource_of, steps_for
from bot.pushes.judging import Judged, as_failed, as_parked, as_stale, as_waiting, judge_items
from bot.storage.steps import Step, StepState, StepVerb

BLOCKED = "Not written, because its locale could not be made or taken away."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: the steps in order, and every item that was judged.

    `acts` when something is left that acts on the version, and nothing stands in its way.
    `never` says why the version that it waits for can take nothing, "" where it may.
    """

    steps: tuple[Step, ...]
    judged: tuple[Judged, ...]
    acts: bool = False
    never: str = ""

    @property
    def hopeless(self) -> bool:
        """Whether nothing is left to send and nothing is there already."""
        over = (ItemState.STALE, ItemState.FAILED, ItemState.PARKED)
        return not self.acts and all(one.item.state in over for one in self.judged)

    @property
    def lock(self) -> str:
        """What parked items wait for, "" when none is parked."""
        return next((one.lock for one in self.judged if one.lock), "")


def gone(proposal: Proposal) -> str:
    """Return what is wrong with texts whose version is gone."""
    missing = f"Version {proposal.version_number} is not there any more"
    if not proposal.returns_by_itself:
        return f"{missing}. Propose it again."
    return f"{missing}, and the public one has a text of its own: nothing is left to bring back."


def renamed(proposal: Proposal, version: Version) -> str:
    """Return what is wrong with texts that were approved for a version of another number."""
    return (
        f"{proposal.target.awaited} was approved, and the version is called {version.number} by"
        " now. Propose it again."
    )


def plan(proposal: Proposal, reading: Reading) -> Plan:
    """Return the steps that bring Apple's texts from what they are to what was approved.

    Items that are done already are left out, and stale ones: those went back to people. A
    proposal whose version is gone, or is another than was approved, has no steps and only
    failed items; of one that is not there yet all are parked, and stale where it can come no more
    or is public already. What acts on the version is none
    of this.
    """
    return _planned(
        proposal,
        [item for item in proposal.items if item.state not in SETTLED and item.kind in TEXTUAL],
        reading,
    )


def _planned(proposal: Proposal, open_items: Sequence[Item], reading: Reading) -> Plan:
    """Return the plan for some items of a proposal."""
    if not open_items:
        return Plan(steps=(), judged=())
    if why := why_never(proposal.target, reading.versions):
        judged = tuple(Judged(item=as_stale(item, why)) for item in open_items)
        return Plan(steps=(), judged=judged, never=why)
    if proposal.target.awaits:
        waits = [as_parked(item, absent(proposal)) for item in open_items]
        return Plan(steps=(), judged=tuple(waits))
    version = next((one for one in reading.versions if one.id == proposal.target.version_id), None)
    if why := _not_its_own(proposal, version):
        failed = [as_failed(item, why) for item in open_items]
        return Plan(steps=(), judged=tuple(Judged(item=item) for item in failed))
    live = listing(reading, proposal.target.version_id)
    judged = judge_items(proposal, open_items, live)
    wanted = [one.item for one in judged if one.item.state is ItemState.WAITING]
    return Plan(steps=tuple(steps_for(wanted, live, leaving(proposal.items))), judged=judged)


def _not_its_own(proposal: Proposal, version: Version | None) -> str:
    """Return why a version cannot take what was approved, "" where it can."""
    if version is None:
        return gone(proposal)
    awaited = proposal.target.awaited
    return renamed(proposal, version) if awaited and version.number != awaited else ""


def plan_rest(proposal: Proposal, reading: Reading, begun: Iterable[Step]) -> Plan:
    """Return what is left of a push that was cut off, by what Apple holds by now.

    What stands there already stays to be checked and remembered: this push may have brought
    it. Steps that failed keep their items; whatever may have been made is looked for first.
    """
    known = list(begun)
    failed = [one for one in known if one.state is StepState.FAILED]
    broken = {(one.locale, one.resource) for one in failed}
    # What makes or deletes a locale goes before the rest of it: without the one not the other.
    blocked = {one.locale for one in failed if one.verb is not StepVerb.UPDATE}
    done = {(one.locale, one.resource) for one in known if one.state is StepState.DONE}
    unsure = {(one.locale, one.resource) for one in known if one.state is StepState.UNSURE}
    open_items = [
        item
        for item in proposal.items
        if item.state is ItemState.WAITING
        and item.kind in TEXTUAL
        and (item.locale, resource_of(item)) not in broken
    ]
    kept = [item for item in open_items if not _is_blocked(item, blocked, done)]
    stopped = [as_failed(item, BLOCKED) for item in open_items if _is_blocked(item, blocked, done)]
    made = _planned(proposal, kept, reading)
    first = max((one.position for one in known), default=-1) + 1
    steps = tuple(
        replace(
            step,
            position=step.position + first,
            chain=step.chain + first,
            state=StepState.UNSURE if _may_exist(step, unsure) else StepState.TODO,
        )
        for step in made.steps
    )
    judged = tuple(
        replace(one, item=as_waiting(one.item)) if one.item.state is ItemState.DONE else one
        for one in made.judged
    )
    return Plan(steps=steps, judged=(*judged, *(Judged(item=item) for item in stopped)))


def wary(made: Plan) -> Plan:
    """Return a plan that looks for each locale before it makes it: another push may have."""
    steps = tuple(
        replace(step, state=StepState.UNSURE) if step.verb is StepVerb.CREATE else step
        for step in made.steps
    )
    return replace(made, steps=steps)


def with_first_act(made: Plan, found: tuple[Item, Verdict] | None) -> Plan:
    """Return a plan with what was found of the action that comes first.

    In a proposal of texts it comes after them and is judged then.
    """
    if found is None:
        return made
    item, verdict = found
    if verdict.state in (ItemState.STALE, ItemState.FAILED):
        judged = replace(item, state=verdict.state, problem=verdict.problem)
        one = Judged(item=judged, live_now=verdict.live_now)
        return replace(made, judged=(*made.judged, one))
    return replace(made, acts=True)


def _is_blocked(
    item: Item, blocked: Collection[str], done: Collection[tuple[str, Resource]]
) -> bool:
    """Return whether an item was not sent since an earlier step of its locale failed."""
    sent = item.kind is ItemKind.TEXT and (item.locale, resource_of(item)) in done
    return item.locale in blocked and not sent


def _may_exist(step: Step, unsure: set[tuple[str, Resource]]) -> bool:
    return step.verb is StepVerb.CREATE and (step.locale, step.resource) in unsure
