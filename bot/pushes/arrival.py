"""Whether each text arrived, by the ledger and by what Apple holds after a push. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.causes import LOCKED, cause_of
from bot.domain.changes import compare, locale_stands
from bot.domain.editing import can_change_locale, listing, locked_for_now, why_not
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import NAMES, TEXTUAL, Item, ItemKind, ItemState
from bot.domain.listing import Listing, Reading
from bot.domain.proposals import Proposal
from bot.errors import BotError
from bot.pushes.chains import resource_of
from bot.pushes.ledger import StepProblem, step_problems
from bot.pushes.plan import gone
from bot.storage.steps import Step, StepState

NOT_STORED = "Apple said yes and still holds another text."
NOT_STORED_REMEDY = "Look at it in App Store Connect, then retry."


def to_check(proposal: Proposal, steps: Iterable[Step]) -> bool:
    """Whether any item may have arrived or may be locked: reading back is worth a request."""
    broken = what_broke(steps)
    return any(
        item.state is ItemState.PARKED
        or (_sent(item) and ((found := _problem(item, broken)) is None or _is_lock(found)))
        for item in proposal.items
    )


def all_arrived(proposal: Proposal, steps: Iterable[Step], reading: Reading) -> bool:
    """Whether every item whose steps all succeeded reads as wished."""
    live = _listing(proposal, reading)
    broken = what_broke(steps)
    return live is not None and all(
        _arrived(item, live)
        for item in proposal.items
        if _sent(item) and _problem(item, broken) is None
    )


def why_no_acts(
    proposal: Proposal,
    steps: Iterable[Step],
    reading: Reading | BotError | None,
    *,
    others: Iterable[Item] = (),
) -> str | None:
    """Return why what acts on the version has to wait for texts, None when they are there.

    `others` are those that this push does not cover: nothing is done before they are there, too.
    """
    if any(item.state is not ItemState.DONE for item in others):
        return "Not every text arrived."
    broken = what_broke(steps)
    for item in proposal.items:
        if item.kind in TEXTUAL:
            one, _ = ended(item, broken, proposal, reading, "")
            if one.state is not ItemState.DONE:
                return "Not every text arrived."
    return None


def lock_of(
    proposal: Proposal, steps: Iterable[Step], reading: Reading | BotError | None
) -> str | None:
    """Return what texts that are parked wait for, None when none is; "" when nobody knows."""
    broken = what_broke(steps)
    parked = [
        item
        for item in proposal.items
        if item.kind in TEXTUAL
        and ended(item, broken, proposal, reading, "")[0].state is ItemState.PARKED
    ]
    if not parked:
        return None
    live = None if isinstance(reading, BotError | None) else _listing(proposal, reading)
    locks = [locked_for_now(live, item.field) for item in parked] if live else []
    return next((one for one in locks if one), "")


def what_broke(steps: Iterable[Step]) -> dict[tuple[str, str], tuple[StepProblem, ...]]:
    """Return what stopped each locale's resource whose step failed."""
    return {
        (step.locale, step.resource): step_problems(step)
        for step in steps
        if step.state is StepState.FAILED
    }


def ended(
    item: Item,
    broken: dict[tuple[str, str], tuple[StepProblem, ...]],
    proposal: Proposal,
    reading: Reading | BotError | None,
    cause: str,
) -> tuple[Item, StepProblem | None]:
    """Return an item as a push leaves it, and what stopped it where it failed.

    `broken` is what `what_broke` tells of its steps, `cause` why nothing could be written.
    """
    if item.state is ItemState.FAILED:
        why = "Gone" if item.problem == gone(proposal) else "not editable"
        return item, StepProblem(
            field=item.field, cause=cause or why, message=item.problem, remedy=""
        )
    if item.state is not ItemState.WAITING:
        return item, None
    problem = _problem(item, broken) or _missing(item, proposal, reading)
    if problem is not None and (parked := _why_parked(item, problem, proposal, reading)):
        return replace(item, state=ItemState.PARKED, problem=parked), None
    if problem is None:
        return replace(item, state=ItemState.DONE, problem=""), None
    sentence = f"{problem.message} {problem.remedy}".strip()
    return replace(item, state=ItemState.FAILED, problem=sentence), problem


def _is_lock(problem: StepProblem) -> bool:
    return cause_of(problem.cause) is LOCKED


def _sent(item: Item) -> bool:
    return item.state is ItemState.WAITING and item.kind in TEXTUAL


def _listing(proposal: Proposal, reading: Reading) -> Listing | None:
    known = any(version.id == proposal.target.version_id for version in reading.versions)
    return listing(reading, proposal.target.version_id) if known else None


def _problem(
    item: Item, broken: dict[tuple[str, str], tuple[StepProblem, ...]]
) -> StepProblem | None:
    """Return what stopped an item: Apple's word on its own field, else on its resource."""
    if item.kind is ItemKind.LOCALE:
        found = [
            one
            for (locale, resource), many in broken.items()
            if locale == item.locale and (item.after != NAMES or resource == resource_of(item))
            for one in many
        ]
        return found[0] if found else None
    resource = BY_ATTRIBUTE[item.field].resource
    of_resource = broken.get((item.locale, resource), ())
    own = [one for one in of_resource if one.field == item.field]
    if own or not of_resource:
        return own[0] if own else None
    first = of_resource[0]
    if not first.field:
        return first
    label = BY_ATTRIBUTE[first.field].label if first.field in BY_ATTRIBUTE else first.field
    message = f"Not written, because {label} was refused in the same request: {first.message}"
    return replace(first, message=message)


def _arrived(item: Item, live: Listing) -> bool:
    if item.kind is ItemKind.LOCALE:
        return locale_stands(item, live)
    return compare(item, live.text(item.locale, item.field)) == "done"


def _why_parked(
    item: Item, problem: StepProblem, proposal: Proposal, reading: Reading | BotError | None
) -> str | None:
    """Return why a text waits that was refused because its version was locked meanwhile."""
    if not _is_lock(problem) or isinstance(reading, BotError | None):
        return None
    live = _listing(proposal, reading)
    if live is None or locked_for_now(live, item.field) is None:
        return None
    return why_not(live, item.field) if item.field else can_change_locale(live, item)


def _missing(
    item: Item, proposal: Proposal, reading: Reading | BotError | None
) -> StepProblem | None:
    if isinstance(reading, BotError):
        message = f"It was sent, but could not be read back: {reading.message}"
        return StepProblem(
            field=item.field, cause="not verified", message=message, remedy="Retry to check it."
        )
    live = _listing(proposal, reading) if reading else None
    if live is not None and _arrived(item, live):
        return None
    return StepProblem(
        field=item.field, cause="not stored", message=NOT_STORED, remedy=NOT_STORED_REMEDY
    )
