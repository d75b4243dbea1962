"""From the ledger and what Apple holds afterwards to how a push ended. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.causes import LOCKED, cause_of
from bot.domain.changes import compare, locale_stands
from bot.domain.editing import can_change_locale, listing, locked_for_now, why_not
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import NAMES, SETTLED, TEXTUAL, Item, ItemKind, ItemState, may_wait
from bot.domain.listing import Listing, Reading
from bot.domain.outages import lasts
from bot.domain.proposals import Proposal
from bot.domain.timing import TOO_LATE
from bot.errors import BotError, Refused
from bot.pushes.errand import Acted
from bot.pushes.ledger import StepProblem, step_problems
from bot.pushes.outage import waiting
from bot.pushes.plan import gone, resource_of
from bot.storage.outbox import NewNotice
from bot.storage.pushes import Push, Result
from bot.storage.records import FailureRow, HistoryRow
from bot.storage.steps import Step, StepState

NOT_STORED = "Apple said yes and still holds another text."
NOT_STORED_REMEDY = "Look at it in App Store Connect, then retry."


class TooLate(Refused):
    """A text was to return by now, so it is not sent any more."""


def too_late() -> TooLate:
    """Return the error that a text's time is over."""
    return TooLate(TOO_LATE, remedy="Propose it again with a later end if it is still wanted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What is known once a push is over.

    `reading` is what Apple held after the writes, the error when it could not be read, None
    when nothing was written; `cause` why nothing could be; `acted` says by their places how
    actions ended. `others` are the proposal's items that the push did not cover.
    """

    reading: Reading | BotError | None = None
    cause: str = ""
    acted: Mapping[int, Acted] = field(default_factory=dict)
    others: tuple[Item, ...] = ()


def to_check(proposal: Proposal, steps: Iterable[Step]) -> bool:
    """Whether any item may have arrived or may be locked: reading back is worth a request."""
    broken = _problems(steps)
    return any(
        item.state is ItemState.PARKED
        or (_sent(item) and ((found := _problem(item, broken)) is None or _is_lock(found)))
        for item in proposal.items
    )


def all_arrived(proposal: Proposal, steps: Iterable[Step], reading: Reading) -> bool:
    """Whether every item whose steps all succeeded reads as wished."""
    live = _listing(proposal, reading)
    broken = _problems(steps)
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
    broken = _problems(steps)
    for item in proposal.items:
        if item.kind in TEXTUAL:
            ended, _ = _end(item, broken, proposal, reading, "")
            if ended.state is not ItemState.DONE:
                return "Not every text arrived."
    return None


def lock_of(
    proposal: Proposal, steps: Iterable[Step], reading: Reading | BotError | None
) -> str | None:
    """Return what texts that are parked wait for, None when none is; "" when nobody knows."""
    broken = _problems(steps)
    parked = [
        item
        for item in proposal.items
        if item.kind in TEXTUAL
        and _end(item, broken, proposal, reading, "")[0].state is ItemState.PARKED
    ]
    if not parked:
        return None
    live = None if isinstance(reading, BotError | None) else _listing(proposal, reading)
    locks = [locked_for_now(live, item.field) for item in parked] if live else []
    return next((one for one in locks if one), "")


def _is_lock(problem: StepProblem) -> bool:
    return cause_of(problem.cause) is LOCKED


def _sent(item: Item) -> bool:
    return item.state is ItemState.WAITING and item.kind in TEXTUAL


def result(
    push: Push,
    proposal: Proposal,
    steps: Iterable[Step],
    after: After,
    *,
    now: datetime,
) -> Result:
    """Return how the push ended, with what is remembered and said about it."""
    broken, acted, in_part = _problems(steps), after.acted, bool(after.others)
    items = [
        (acted[place].item, acted[place].problem)
        if place in acted
        else _end(item, broken, proposal, after.reading, after.cause)
        for place, item in enumerate(proposal.items)
    ]
    history = [
        _history(item, push, _of_version(proposal, acted.get(place)), now, in_part=in_part)
        for place, (item, _) in enumerate(items)
        if _brought(proposal.items[place], item, acted.get(place))
    ]
    outage, items = waiting(proposal, items, after.reading, now=now)
    failures = [
        _failure(item, problem, proposal, now)
        for item, problem in items
        if problem is not None and item.state is ItemState.FAILED
    ]
    states = {item.state for item in (*(item for item, _ in items), *after.others)}
    lock = lock_of(proposal, steps, after.reading)
    verb = _verb(states, after.others, parked=lock is not None or outage is not None)
    said = (_result_notice(push, proposal, verb=verb), *_failed_push(push, proposal, failures))
    # An outage that lasts is not told again.
    known = outage is not None and lasts(outage, proposal.outage)
    told = [
        (item, acted[place].live_now if place in acted else None)
        for place, (item, _) in enumerate(items)
        if item.state is not ItemState.STALE or place in acted
    ]
    return Result(
        verb=verb,
        parked_for=lock or "",
        items=tuple(told),
        history=tuple(history),
        failures=tuple(failures),
        notices=() if known else said,
        outage=outage,
    )


def _verb(states: Collection[ItemState], others: Iterable[Item], *, parked: bool) -> str:
    if parked:
        return "park"
    if any(map(may_wait, others)):
        return "rest"
    if ItemState.DONE not in states:
        return "fail"
    return "finish" if states == {ItemState.DONE} else "part"


def _brought(before: Item, after: Item, acted: Acted | None) -> bool:
    """Return whether this push brought an item to Apple, and not somebody else before it."""
    arrived = before.state is not ItemState.DONE and after.state is ItemState.DONE
    if acted is not None:
        return arrived and acted.ours
    return arrived and before.state is ItemState.WAITING


def dropped_result(push: Push, proposal: Proposal, *, reason: str = "") -> NewNotice:
    """Return the notice that a push did not begin and the proposal waits for people again."""
    return _result_notice(push, proposal, reason=reason)


def _result_notice(
    push: Push, proposal: Proposal, *, reason: str = "", verb: str = ""
) -> NewNotice:
    return NewNotice(
        key=f"result:{push.id}",
        kind="result",
        channel=proposal.channel,
        body={
            "proposal": proposal.id,
            "revision": proposal.revision,
            "reason": reason,
            **({"part": list(push.part or ())} if verb == "rest" else {}),
        },
    )


def _failed_push(
    push: Push, proposal: Proposal, failures: Iterable[FailureRow]
) -> Iterable[NewNotice]:
    """Yield the notice to the app's channel that something failed for good, once a push."""
    if any(True for _ in failures):
        yield NewNotice(
            key=f"failed_push:{push.id}",
            kind="failed_push",
            channel=proposal.channel,
            body={"proposal": proposal.id},
        )


def _listing(proposal: Proposal, reading: Reading) -> Listing | None:
    known = any(version.id == proposal.target.version_id for version in reading.versions)
    return listing(reading, proposal.target.version_id) if known else None


def _problems(steps: Iterable[Step]) -> dict[tuple[str, str], tuple[StepProblem, ...]]:
    return {
        (step.locale, step.resource): step_problems(step)
        for step in steps
        if step.state is StepState.FAILED
    }


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


def _end(
    item: Item,
    broken: dict[tuple[str, str], tuple[StepProblem, ...]],
    proposal: Proposal,
    reading: Reading | BotError | None,
    cause: str,
) -> tuple[Item, StepProblem | None]:
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


def _of_version(proposal: Proposal, acted: Acted | None) -> Proposal:
    """Return a proposal with the version that its own push made, if it did."""
    if proposal.target.version_id or acted is None:
        return proposal
    return replace(proposal, target=replace(proposal.target, version_id=acted.version_id))


def _history(
    item: Item, push: Push, proposal: Proposal, now: datetime, *, in_part: bool
) -> HistoryRow:
    return HistoryRow(
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
        pushed_at=now,
        glass=push.glass,
        digest=push.digest,
        part=in_part,
    )


def _failure(item: Item, problem: StepProblem, proposal: Proposal, now: datetime) -> FailureRow:
    return FailureRow(
        app_id=proposal.target.app_id,
        locale=item.locale,
        field=item.field,
        cause=problem.cause,
        message=problem.message,
        remedy=problem.remedy,
        proposal_id=proposal.id,
        at=now,
    )


def for_one_reason(proposal: Proposal, error: BotError) -> list[tuple[Item, str | None]]:
    """Return what is neither done nor stale as failed."""
    return [
        (replace(item, state=ItemState.FAILED, problem=str(error)), None)
        for item in proposal.items
        if item.state not in SETTLED
    ]
