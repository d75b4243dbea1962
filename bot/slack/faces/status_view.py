"""The answer to `/aso status`: versions, what their release hangs on, what waits for whom.

Knows what comes first and how much fits; refuses to know where it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.editing import is_live, state_words
from bot.slack import ids
from bot.slack.faces.actions import phased_sentence, release_words
from bot.slack.faces.blocks import (
    Block,
    Element,
    bullets,
    context,
    header,
    isolate,
    line,
    listed,
    mention,
    rich,
    section,
    text,
    weight,
)
from bot.slack.faces.home_view import budget_sentence
from bot.slack.faces.messages import Message
from bot.slack.faces.standing import counted, waiting_for
from bot.slack.faces.wording import plural, proposal_label, size_of, version_label
from bot.workflow.cards import ProposalCard, Waiting
from bot.workflow.version_cards import StatusCard, StatusLine

_ROOM_FOR_VERSIONS = 5_600
_ROOM_FOR_PROPOSALS = 3_000
_MOST_LINES = 40
_MOST_PROPOSALS = 12
_MOST_NAMED = 4
_MOST_BUDGETS = 6
# Whom a state waits for, and what helps.
_WAITS: Mapping[str, str] = {
    "PREPARE_FOR_SUBMISSION": f"{ids.COMMAND} submit hands it in",
    "DEVELOPER_REJECTED": f"{ids.COMMAND} submit hands it in again",
    "REJECTED": "waits for you: mend it and submit it again",
    "METADATA_REJECTED": "waits for you: mend its texts and submit it again",
    "INVALID_BINARY": f"waits for another build: {ids.COMMAND} build",
    "READY_FOR_REVIEW": "in a draft submission that was not handed in",
    "WAITING_FOR_REVIEW": "waits for Apple",
    "IN_REVIEW": "waits for Apple",
    "WAITING_FOR_EXPORT_COMPLIANCE": "waits for export compliance in App Store Connect",
    "PENDING_DEVELOPER_RELEASE": f"waits for its release: {ids.COMMAND} release",
    "PENDING_APPLE_RELEASE": "waits for Apple",
}
_ENDED = {"COMPLETE", "INACTIVE"}


def status_answer(card: StatusCard) -> Message:
    """Return where versions stand; what moves or waits comes first, the rest is counted."""
    moving = [one for one in card.lines if card.app or _moves(one)]
    still = len(card.lines) - len(moving)
    waiting = card.proposals
    told = f"{counted(waiting.counts)}." if waiting.total else "No proposal is open."
    budgets = [budget_sentence(one) for one in card.budgets[:_MOST_BUDGETS]]
    return Message(
        text=f"{plural(len(card.lines), 'version')}. {told}",
        blocks=[
            header("Versions"),
            *([context(card.problem)] if card.problem else []),
            *_versions(moving, card),
            *_still(still, anything=bool(card.lines)),
            *_proposals(waiting, told),
            context(*budgets),
        ],
    )


def _moves(one: StatusLine) -> bool:
    under_way = one.phased is not None and one.phased.state not in _ENDED
    return not is_live(one.version) or under_way or one.due


def _versions(lines: Sequence[StatusLine], card: StatusCard) -> list[Block]:
    # What has waited longest for somebody comes first.
    ordered = sorted(lines, key=lambda one: (not one.due, one.since or card.now))
    drawn = _fitting((_line(one, card) for one in ordered), _ROOM_FOR_VERSIONS, _MOST_LINES)
    left = len(ordered) - len(drawn)
    more = [context(f"And {left} more: type {ids.COMMAND} status with an app.")] if left else []
    return [*([rich(bullets(drawn))] if drawn else []), *more]


def _still(count: int, *, anything: bool) -> list[Block]:
    if not anything:
        return [section("The App Store Connect key sees no version yet.")]
    if not count:
        return []
    versions = plural(count, "version")
    return [context(f"{versions} on the App Store with nothing under way.")]


def _line(one: StatusLine, card: StatusCard) -> Element:
    version, now = one.version, card.now
    facts = [
        f"{state_words(version.state)}{age(one.since, now, exact=one.exact)}",
        _WAITS.get(version.state, ""),
        "a reminder is due" if one.due else "",
        f"build {one.build}" if one.build else "",
        _released(one, card.zone),
        _submission(one, now),
        phased_sentence(one.phased).rstrip(".") if one.phased else "",
    ]
    told = " · ".join(isolate(fact) for fact in facts if fact)
    return line(text(version_label(one.app, version), "bold"), text(f"  {told}"))


def _released(one: StatusLine, zone: ZoneInfo) -> str:
    if is_live(one.version) or not one.release:
        return ""
    return f"released {release_words(one.release, zone)}"


def _submission(one: StatusLine, now: datetime) -> str:
    if not one.submitted:
        return ""
    words = one.submitted.replace("_", " ").lower()
    return f"submission {words}{age(one.submitted_at, now)}"


def age(since: datetime | None, now: datetime, *, exact: bool = True) -> str:
    """Return how long something has been so, " for 3 days"; "" where nobody knows.

    What was so before it was first seen has been so at least that long.
    """
    if since is None:
        return ""
    least = "" if exact else "at least "
    passed = max(timedelta(0), now - since)
    if passed >= timedelta(days=1):
        return f" for {least}{plural(passed.days, 'day')}"
    hours = passed // timedelta(hours=1)
    if hours:
        return f" for {least}{plural(hours, 'hour')}"
    return " for less than an hour" if exact else ""


def _proposals(waiting: Waiting, told: str) -> list[Block]:
    if not waiting.total:
        return [context(told)]
    lines = [_proposal(card) for card in waiting.cards]
    drawn = _fitting(lines, _ROOM_FOR_PROPOSALS, _MOST_PROPOSALS)
    left = waiting.total - len(drawn)
    more = [context(f"And {left} more: type {ids.COMMAND} proposals.")] if left else []
    return [rich(line(text(told, "bold")), bullets(drawn)), *more]


def _proposal(card: ProposalCard) -> Element:
    proposal = card.proposal
    return line(
        text(f"Proposal {proposal.id}"),
        text(f"  {proposal_label(proposal)}: {size_of(proposal.own)} by "),
        mention(proposal.proposer),
        text(". "),
        *waiting_for(card),
        *_whom(card),
    )


def _whom(card: ProposalCard) -> list[Element]:
    """Return who may still approve; shown to one person, so nobody is notified."""
    people = dict.fromkeys(
        one
        for need in card.needs
        if not need.met
        for one in need.approvers
        if one not in need.voted and one not in card.proposal.authors
    )
    if not people:
        return []
    named = [mention(one) for one in list(people)[:_MOST_NAMED]]
    more = len(people) - len(named)
    rest = [text(f"{more} more")] if more else []
    return [text(" From "), *listed([*named, *rest], "or"), text(".")]


def _fitting(lines: Iterable[Element], room: int, most: int) -> list[Element]:
    kept: list[Element] = []
    for entry in lines:
        if len(kept) == most or weight([rich(bullets([*kept, entry]))]) > room:
            break
        kept.append(entry)
    return kept
