"""A version's transition, with the changes that went with it.

Knows what a state means for people; refuses to know when it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.domain.editing import state_words
from bot.domain.fields import FIELDS
from bot.slack.faces.blocks import (
    Block,
    Element,
    bullets,
    context,
    escape,
    header,
    line,
    listed,
    mention,
    rich,
    section,
    text,
)
from bot.slack.faces.lists import capped, store_link
from bot.slack.faces.messages import Message
from bot.slack.faces.records import change_label
from bot.slack.faces.wording import (
    locale_label,
    version_label,
)
from bot.workflow.cards import (
    HistoryEntry,
    ReleaseCard,
)

_MOST_LOCALES = 8
_ORDER = {"": -1, **{field.attribute: place for place, field in enumerate(FIELDS)}}
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
            *store_link(card.link),
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
    shown = capped(lines)
    return [rich(line(text("What changed with it", "bold")), bullets(shown))]


def _proposal_line(number: int, entries: Sequence[HistoryEntry]) -> Element:
    first = entries[0]
    locales = dict.fromkeys(entry.locale for entry in entries)
    told = [
        f"{locale_label(code)}: {_fields(entries, code)}" if code else _fields(entries, code)
        for code in locales
    ]
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
