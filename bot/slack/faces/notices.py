"""What the bot says of its own accord: results, releases, reminders, failures, refusals.

Knows the sentences; refuses to know when they are due.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.domain.editing import state_words
from bot.domain.fields import FIELDS
from bot.domain.proposals import ItemState, Status
from bot.slack import ids
from bot.slack.faces.blocks import (
    MESSAGE_BUDGET,
    Block,
    Element,
    bullets,
    context,
    escape,
    header,
    isolate,
    line,
    link,
    listed,
    mention,
    rich,
    section,
    text,
    weight,
)
from bot.slack.faces.messages import Message
from bot.slack.faces.progress import advice, problem_lines
from bot.slack.faces.records import change_label, failure_lines
from bot.slack.faces.wording import (
    locale_label,
    moment,
    plural,
    proposal_label,
    series,
    size_of,
    status_of,
    version_label,
)
from bot.workflow.cards import (
    FailureSummary,
    HistoryEntry,
    ProposalCard,
    ReleaseCard,
    ReminderCard,
)

_ROOM = MESSAGE_BUDGET - 1500
_MOST_LINES = 30
_MOST_MENTIONED = 10
_MOST_LOCALES = 8
_ORDER = {"": -1, **{field.attribute: place for place, field in enumerate(FIELDS)}}
# A user's or user group's id as it stands in a sentence: capitals with a digit in them.
_ID = re.compile(r"\b([USW](?=[A-Z]*\d)[A-Z0-9]{2,})\b")

# What a version's new state means for people; a state without a line is only named.
RELEASE_WORDS: dict[str, tuple[str, str]] = {
    "READY_FOR_DISTRIBUTION": ("🎉", "It is on the App Store."),
    "PENDING_DEVELOPER_RELEASE": ("📦", "Apple approved it. It waits for you to release it."),
    "PENDING_APPLE_RELEASE": ("📦", "Apple approved it and will release it."),
    "PROCESSING_FOR_DISTRIBUTION": ("🚚", "It is on its way to the App Store."),
    "IN_REVIEW": ("🔎", "Apple is reviewing it now."),
    "WAITING_FOR_REVIEW": ("📮", "It waits for Apple's review. Its texts are locked meanwhile."),
    "ACCEPTED": ("👍", "Apple accepted it."),
    "REJECTED": ("🛑", "Apple rejected it. The reason stands in App Store Connect."),
    "METADATA_REJECTED": ("🛑", "Apple rejected its texts or pictures, not the build."),
    "INVALID_BINARY": ("🛑", "Apple could not use the build. Upload another one."),
    "DEVELOPER_REJECTED": ("↩️", "It was taken out of review. Its texts can be edited again."),
    "PREPARE_FOR_SUBMISSION": ("📝", "Its texts can be edited."),
}

# What a reminder asks for.
REMINDER_WORDS: dict[str, str] = {
    "PENDING_DEVELOPER_RELEASE": "Apple approved it. Release it in App Store Connect when ready.",
    "PREPARE_FOR_SUBMISSION": "It was not sent to review yet.",
    "REJECTED": "Apple wants something changed. The reason stands in App Store Connect.",
    "METADATA_REJECTED": "Apple wants texts or pictures changed. The reason stands there.",
    "DEVELOPER_REJECTED": "It was taken out of review and not sent again.",
    "INVALID_BINARY": "Another build has to be uploaded.",
    "WAITING_FOR_EXPORT_COMPLIANCE": "Somebody has to answer the export question.",
}


def result_reply(card: ProposalCard, approvers: Sequence[str]) -> Message:
    """Return the one reply in the thread that tells how a push ended.

    It mentions the proposer, and `approvers` (user ids) when something failed.
    """
    proposal = card.proposal
    if proposal.status is Status.OPEN:
        return not_pushed(card, "Apple's text changed since it was proposed. Nothing was pushed.")
    well = proposal.status is Status.PUSHED
    people = [proposal.proposer] if well else [proposal.proposer, *approvers]
    named = [mention(each) for each in dict.fromkeys(people)][:_MOST_MENTIONED]
    sentence = _result_sentence(card)
    lines = [] if well else problem_lines(card)
    failed = [rich(bullets(_capped(lines)))] if lines else []
    return Message(
        text=f"Proposal {proposal.id} for {escape(proposal_label(proposal))}: {sentence}",
        blocks=[
            rich(line(*listed(named, "and"), text(f" {sentence}"))),
            *failed,
            *([] if well else [context(advice(card))]),
        ],
    )


def not_pushed(card: ProposalCard, reason: str) -> Message:
    """Return the one reply in the thread that tells why a push did not begin."""
    proposal = card.proposal
    mark, words = status_of(proposal)
    standing = f"{mark} Proposal {proposal.id} is {words.lower()}."
    return Message(
        text=f"Proposal {proposal.id} was not pushed. {escape(reason)}",
        blocks=[
            rich(line(mention(proposal.proposer), text(f" {reason}"))),
            context(standing),
        ],
    )


def _result_sentence(card: ProposalCard) -> str:
    proposal = card.proposal
    what = size_of(proposal.items)
    if proposal.status is Status.PUSHED:
        public = " Public now." if proposal.live else ""
        return f"✅ Pushed: {what}, read back and right.{public}"
    if proposal.status is Status.PARTIAL:
        left = sum(item.state is not ItemState.DONE for item in proposal.items)
        return f"⚠️ {left:,} of {plural(len(proposal.items), 'change')} did not arrive."
    return f"🔴 Nothing arrived: {what}."


# The emoji stays under the message, where others would count it.
_TAKE_BACK = "You can take the reaction back."


def vote_refused(reason: str) -> Message:
    """Return why a person's vote does not count; ids in the reason become mentions.

    Shown to that person alone, so nobody is notified by them.
    """
    parts = _ID.split(reason)
    drawn = [mention(part) if place % 2 else text(part) for place, part in enumerate(parts)]
    return Message(
        text=f"Your vote does not count. {_ID.sub(_tag, escape(reason))} {_TAKE_BACK}",
        blocks=[
            rich(line(text("Your vote does not count. ", "bold"), *drawn)),
            context(_TAKE_BACK),
        ],
    )


def _tag(found: re.Match[str]) -> str:
    return f"<!subteam^{found[1]}>" if found[1].startswith("S") else f"<@{found[1]}>"


def release_notification(card: ReleaseCard) -> Message:
    """Return the announcement of a version's new state, with the changes that went with it."""
    label = version_label(card.app, card.version)
    words = state_words(card.new_state)
    mark, meaning = RELEASE_WORDS.get(card.new_state, ("ℹ️", ""))
    before = f" It was {state_words(card.old_state)}." if card.old_state else ""
    return Message(
        text=f"{escape(label)} is now {words}.{f' {meaning}' if meaning else ''}",
        blocks=[
            header(f"{mark} {label}: {words}"),
            section(f"{meaning}{before}".strip() or f"It is now {words}."),
            *_changes(card.changes),
            *_link(card.link),
        ],
    )


def _changes(entries: Sequence[HistoryEntry]) -> list[Block]:
    if not entries:
        return [context("No text of this version was changed through Marquee.")]
    ordered = sorted(entries, key=lambda entry: entry.proposal)
    lines = [
        _proposal_line(number, list(found))
        for number, found in groupby(ordered, key=lambda entry: entry.proposal)
    ]
    shown = _capped(lines)
    return [rich(line(text("What changed with it", "bold")), bullets(shown))]


def _proposal_line(number: int, entries: Sequence[HistoryEntry]) -> Element:
    first = entries[0]
    locales = dict.fromkeys(entry.locale for entry in entries)
    told = [f"{locale_label(code)}: {_fields(entries, code)}" for code in locales]
    rest = len(told) - _MOST_LOCALES
    where = "; ".join([*told[:_MOST_LOCALES], *([f"{rest} more"] if rest > 0 else [])])
    approvers = [mention(each) for each in first.approvers]
    approved = [text(", approved by "), *listed(approvers, "and")] if approvers else []
    return line(
        text(f"{where}. Proposal {number} by "),
        mention(first.proposer),
        *approved,
        text("."),
    )


def _fields(entries: Iterable[HistoryEntry], code: str) -> str:
    changed = {entry.field: entry for entry in entries if entry.locale == code}
    return ", ".join(change_label(changed[each]) for each in sorted(changed, key=_form_order))


def _form_order(attribute: str) -> int:
    """Return where a field stands in the form; a locale as a whole comes first."""
    return _ORDER.get(attribute, len(_ORDER))


def reminder(card: ReminderCard) -> Message:
    """Return the reminder that a version waits in a state."""
    label, words = version_label(card.app, card.version), state_words(card.version.state)
    # When Apple's state began is nowhere said; what is known is when it was first seen.
    since = f"seen since {moment(card.since)}"
    asks = REMINDER_WORDS.get(card.version.state, "")
    return Message(
        text=f"{escape(label)} is {words}, {since}.",
        blocks=[
            header(f"⏰ {label}"),
            section(f"It is {words}, {since}. {asks}".strip()),
            *_link(card.link),
        ],
    )


def failure_summary(summary: FailureSummary) -> Message | None:
    """Return a day's failures by app, with what to do; None when there were none."""
    if not summary.entries:
        return None
    count = plural(len(summary.entries), "failure")
    blocks: list[Block] = [header(f"🔴 {count} on {summary.day}")]
    left = 0
    for _, found in groupby(summary.entries, key=lambda entry: entry.app and entry.app.id):
        entries = list(found)
        app = entries[0].app
        title = line(text(isolate(app.name) if app else "App Store Connect", "bold"))
        lines = failure_lines(entries)
        shown = _capped(lines, room=_ROOM - weight(blocks), counted=False)
        left += len(lines) - len(shown)
        blocks += [rich(title, bullets(shown))] * bool(shown)
    if left:
        blocks.append(context(f"And {left} more: type {ids.COMMAND} failures."))
    where = series(tuple(dict.fromkeys(locale_label(each.locale) for each in summary.entries
                                       if each.locale)))  # fmt: skip
    told = f" in {where}" if where else ""
    return Message(text=f"{count} on {summary.day}{told}.", blocks=blocks)


def _capped(lines: Iterable[Element], *, room: int = _ROOM, counted: bool = True) -> list[Element]:
    """Return as many lines as fit into `room`; with `counted` a last one tells the rest."""
    every = list(lines)
    kept: list[Element] = []
    for entry in every[:_MOST_LINES]:
        if weight([rich(bullets([*kept, entry]))]) > room:
            break
        kept.append(entry)
    left = len(every) - len(kept)
    return [*kept, line(text(f"and {left} more"))] if left and counted else kept


def _link(url: str) -> list[Block]:
    return [rich(line(link(url, "Open in App Store Connect")))] if url else []
