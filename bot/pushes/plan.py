"""From approved items and what Apple holds now to the steps that are left. Pure.

An item whose text at Apple is neither the baseline nor the wish is stale and is not sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.awaiting import absent, why_never
from bot.domain.changes import compare, goes, lacks, leaves, locale_stands
from bot.domain.editing import can_change_locale, listing, locked_for_now, why_not
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Resource
from bot.domain.items import NAMES, PRESENT, SETTLED, TEXTUAL, Item, ItemKind, ItemState, leaving
from bot.domain.listing import Listing, Reading, Version
from bot.domain.proposals import Proposal
from bot.domain.rebasing import DRIFTED, REMOVED
from bot.domain.scene import Verdict
from bot.domain.text import normalise
from bot.storage.steps import Step, StepState, StepVerb

# The version localization comes second: Apple may make it together with the first.
ORDER = (Resource.APP_INFO, Resource.VERSION)
BLOCKED = "Not written, because its locale could not be made or taken away."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item with its new state and, when it is stale, what Apple holds instead.

    `lock` says what a parked one waits for.
    """

    item: Item
    live_now: str | None = None
    lock: str = ""


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
        judged = tuple(Judged(item=_stale(item, why)) for item in open_items)
        return Plan(steps=(), judged=judged, never=why)
    if proposal.target.awaits:
        waits = [_parked(item, absent(proposal)) for item in open_items]
        return Plan(steps=(), judged=tuple(waits))
    version = next((one for one in reading.versions if one.id == proposal.target.version_id), None)
    if why := _not_its_own(proposal, version):
        failed = [_failed(item, why) for item in open_items]
        return Plan(steps=(), judged=tuple(Judged(item=item) for item in failed))
    live = listing(reading, proposal.target.version_id)
    judge = _judge_after_outage if proposal.outage else _judge
    left = leaving(proposal.items)
    whole = {code: _judge_removal(code, proposal.items, live) for code in left}
    added = {
        item.locale
        for item in proposal.items
        if item.kind is ItemKind.LOCALE and item.state is not ItemState.DONE
    }

    def judged_as(item: Item) -> Judged | None:
        if leaves(item, left):
            return whole[item.locale]
        return Judged(item=_stale(item, REMOVED)) if _removed(item, live, added) else None

    judged = tuple(judge(item, live, judged_as(item)) for item in open_items)
    wanted = [one.item for one in judged if one.item.state is ItemState.WAITING]
    return Plan(steps=tuple(_steps(wanted, live, left)), judged=judged)


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
    stopped = [_failed(item, BLOCKED) for item in open_items if _is_blocked(item, blocked, done)]
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
        replace(one, item=_waiting(one.item)) if one.item.state is ItemState.DONE else one
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


def chains(items: Iterable[Item], live: Listing) -> dict[str, int]:
    """Return how many writes each locale takes, which go one after the other."""
    changes = tuple(items)
    return dict(Counter(step.locale for step in _steps(changes, live, leaving(changes))))


def resource_of(item: Item) -> Resource:
    """Return the resource that an item changes; a locale begins with its app info."""
    if item.kind is ItemKind.LOCALE:
        return Resource.VERSION if item.after == NAMES else Resource.APP_INFO
    return BY_ATTRIBUTE[item.field].resource


def _is_blocked(
    item: Item, blocked: Collection[str], done: Collection[tuple[str, Resource]]
) -> bool:
    """Return whether an item was not sent since an earlier step of its locale failed."""
    sent = item.kind is ItemKind.TEXT and (item.locale, resource_of(item)) in done
    return item.locale in blocked and not sent


def _may_exist(step: Step, unsure: set[tuple[str, Resource]]) -> bool:
    return step.verb is StepVerb.CREATE and (step.locale, step.resource) in unsure


def _judge(item: Item, live: Listing, removal: Judged | None) -> Judged:
    """Judge an item; what goes with the `removal` of its locale, done or to do, goes as that."""
    if removal is None:
        return JUDGES[item.kind](item, live)
    if item.kind is ItemKind.LOCALE:
        if locale_stands(item, live):
            return Judged(item=_there(item))
        return replace(removal, item=_like(item, removal.item))
    text = live.text(item.locale, item.field)
    verdict = compare(item, text)
    if verdict == "done":
        return Judged(item=_there(item))
    drifted = verdict == "stale" or removal.item.problem == REMOVED
    moved = text if drifted and removal.item.state is ItemState.STALE else None
    return replace(removal, item=_like(item, removal.item), live_now=moved)


def _like(item: Item, whole: Item) -> Item:
    return replace(item, state=whole.state, problem=whole.problem)


def _removed(item: Item, live: Listing, added: Collection[str]) -> bool:
    """Return whether a text's locale, or its half of that, went since it was proposed.

    No text makes it again: only what was to make it from the first does, or a locale `added`.
    """
    if item.kind is not ItemKind.TEXT or item.locale in added:
        return False
    if not live.has_locale(item.locale):
        return True
    # What Apple takes in no case is told as that.
    return lacks(live, item) and not item.creates and why_not(live, item.field) is None


def _judge_removal(code: str, items: Iterable[Item], live: Listing) -> Judged:
    """Judge what takes a locale away: only with every text as people saw it, or gone already."""
    own = {item.field: item for item in items if item.locale == code}
    whole = own[""]
    if (reason := can_change_locale(live, whole)) is not None:
        return _barred(whole, live, reason)
    if code == live.app.primary_locale:
        return Judged(item=_failed(whole, "The app's primary locale cannot be removed."))
    moved = [
        field.label
        for field in FIELDS
        if goes(field, whole.after)
        and (text := normalise(live.text(code, field.attribute)))
        and (field.attribute not in own or text != normalise(own[field.attribute].before))
    ]
    if moved:
        problem = f"Its texts changed at Apple since this was proposed: {', '.join(moved)}."
        return Judged(item=_stale(whole, problem))
    return Judged(item=_waiting(whole))


def _judge_text(item: Item, live: Listing) -> Judged:
    text = live.text(item.locale, item.field)
    verdict = compare(item, text)
    if verdict == "done":
        return Judged(item=_there(item))
    reason = why_not(live, item.field)
    if reason is not None:
        return _barred(item, live, reason)
    if verdict == "stale":
        return Judged(item=_stale(item, DRIFTED), live_now=text)
    return Judged(item=_waiting(item))


def _judge_locale(item: Item, live: Listing) -> Judged:
    if locale_stands(item, live):
        return Judged(item=_there(item))
    reason = can_change_locale(live, item)
    return Judged(item=_waiting(item)) if reason is None else _barred(item, live, reason)


def _barred(item: Item, live: Listing, reason: str) -> Judged:
    """Judge what Apple does not take: parked where a later state of the version does."""
    lock = locked_for_now(live, item.field)
    if lock is None:
        return Judged(item=_failed(item, reason))
    return _parked(item, lock, problem=reason)


def _parked(item: Item, lock: str, *, problem: str = "") -> Judged:
    return Judged(item=replace(item, state=ItemState.PARKED, problem=problem), lock=lock)


# One judge for each kind of item.
JUDGES: Mapping[ItemKind, Callable[[Item, Listing], Judged]] = {
    ItemKind.TEXT: _judge_text,
    ItemKind.LOCALE: _judge_locale,
}


def _judge_after_outage(item: Item, live: Listing, removal: Judged | None) -> Judged:
    """Judge what may have been sent without an answer: then what is there is our own doing."""
    one = _judge(item, live, removal)
    ours = item.state is ItemState.PARKED and one.item.state is ItemState.DONE
    return replace(one, item=_waiting(item)) if ours else one


def _there(item: Item) -> Item:
    # What failed before and is there now was this proposal's own doing: it is checked and
    # remembered with the rest. What never failed was somebody else's.
    if item.state is ItemState.FAILED:
        return _waiting(item)
    return replace(item, state=ItemState.DONE, problem="")


def _waiting(item: Item) -> Item:
    return replace(item, state=ItemState.WAITING, problem="")


def _stale(item: Item, problem: str) -> Item:
    return replace(item, state=ItemState.STALE, problem=problem)


def _failed(item: Item, problem: str) -> Item:
    return replace(item, state=ItemState.FAILED, problem=problem)


def _steps(items: Iterable[Item], live: Listing, left: Mapping[str, str]) -> Iterable[Step]:
    """Yield one step for each localization resource; a locale's steps make one chain.

    No text of what goes of a locale among `left` is emptied: its localization is deleted.
    """
    texts: dict[str, dict[Resource, dict[str, str]]] = {}
    deleted: dict[str, tuple[Resource, ...]] = {}
    for item in items:
        by_resource = texts.setdefault(item.locale, {})
        if item.kind is ItemKind.LOCALE:
            deleted[item.locale] = _halves(item.after)
        elif leaves(item, left):
            continue
        elif compare(item, live.text(item.locale, item.field)) == "send":
            resource = BY_ATTRIBUTE[item.field].resource
            by_resource.setdefault(resource, {})[item.field] = item.after
    position = 0
    for chain, locale in enumerate(texts):
        for draft in _chain(locale, texts[locale], live, deleted.get(locale, ())):
            yield replace(draft, position=position, chain=chain)
            position += 1


def _halves(left: str) -> tuple[Resource, ...]:
    """Return the localizations that are deleted where no more than `left` stays of a locale."""
    if left == PRESENT:
        return ()
    return (Resource.VERSION,) if left == NAMES else ORDER


def _chain(
    locale: str,
    texts: Mapping[Resource, Mapping[str, str]],
    live: Listing,
    deleted: Collection[Resource],
) -> Iterable[Step]:
    for resource in reversed(ORDER) if deleted else ORDER:
        known = live.localizations.get((resource, locale))
        step = Step(position=0, chain=0, locale=locale, resource=resource, verb=StepVerb.UPDATE)
        if resource in deleted:
            if known:
                yield replace(step, verb=StepVerb.DELETE, resource_id=known.id)
        elif resource in texts:
            if known:
                yield replace(step, resource_id=known.id, texts=texts[resource])
            else:
                parent = _parent(resource, live)
                yield replace(step, verb=StepVerb.CREATE, parent_id=parent, texts=texts[resource])


def _parent(resource: Resource, live: Listing) -> str:
    if resource is Resource.VERSION:
        return live.version.id
    return live.app_info.id if live.app_info else ""
