"""A version's transition, with the changes that went with it.

Knows what a state means for people; refuses to know when it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.domain.editing import state_words
from bot.domain.fields import FIELDS
from bot.domain.news import LOUD
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    context,
    escape,
    header,
    isolate,
    line,
    link_button,
    listed,
    mention,
    rich,
    section,
    text,
)
from bot.slack.faces.lists import capped
from bot.slack.faces.messages import Message
from bot.slack.faces.phased import about_buttons, phased_buttons
from bot.slack.faces.records import approved_words, change_label
from bot.slack.faces.wording import (
    locale_label,
    so_long,
    version_label,
)
from bot.workflow.cards import (
    HistoryEntry,
    ReleaseCard,
)
from bot.workflow.watch.cards import InfoCard

_MOST_LOCALES = 8
_PREPARING = "PREPARE_FOR_SUBMISSION"
_ORDER = {"": -1, **{field.attribute: place for place, field in enumerate(FIELDS)}}
# What a version's new state means for people; a state without a line is only named.
RELEASE_WORDS: dict[str, tuple[str, str]] = {
    "READY_FOR_DISTRIBUTION": ("🎉", "It is on the App Store."),
    "PENDING_DEVELOPER_RELEASE": ("📦", "Apple approved it. It waits for you to release it."),
    "PENDING_APPLE_RELEASE": ("📦", "Apple approved it and will release it."),
    "PROCESSING_FOR_DISTRIBUTION": ("🚚", "It is on its way to the App Store."),
    "READY_FOR_REVIEW": ("🗂️", "It is in a submission that was not handed in yet."),
    "IN_REVIEW": ("🔎", "Apple is reviewing it now."),
    "WAITING_FOR_REVIEW": ("📮", "It waits for Apple's review. Its texts are locked meanwhile."),
    "WAITING_FOR_EXPORT_COMPLIANCE": ("📄", "Somebody has to answer the export question."),
    "ACCEPTED": ("👍", "Apple accepted it."),
    "REJECTED": ("🛑", "Apple rejected it. The reason stands in App Store Connect."),
    "METADATA_REJECTED": ("🛑", "Apple rejected its texts or pictures, not the build."),
    "INVALID_BINARY": ("🛑", "Apple could not use the build. Upload another one."),
    "DEVELOPER_REJECTED": ("↩️", "It was taken out of review. Its texts can be edited again."),
    "PREPARE_FOR_SUBMISSION": ("📝", "Its texts can be edited."),
    "REPLACED_WITH_NEW_VERSION": ("⚪", "A newer version took its place."),
}


def release_notification(card: ReleaseCard) -> Message:
    """Return the announcement of a version's new state, with the changes that went with it."""
    label = version_label(card.app, card.version)
    words = state_words(card.new_state)
    mark, meaning = RELEASE_WORDS.get(card.new_state, ("ℹ️", ""))
    is_now = "is new:" if _is_new(card) else "is now"
    return Message(
        text=f"{escape(label)} {is_now} {words}.{f' {meaning}' if meaning else ''}",
        blocks=[
            header(f"{mark} {label}: {words}"),
            section(f"{_begins(card)}{meaning}{_before(card)}".strip() or f"It is now {words}."),
            *_owners(card.owners),
            *_changes(card),
            _next(card),
        ],
    )


def info_notice(card: InfoCard) -> Message:
    """Return that an app's name, subtitle and privacy address went another way than a version."""
    words = state_words(card.new_state)
    mark = RELEASE_WORDS.get(card.new_state, ("ℹ️", ""))[0]
    what = f"Name, subtitle and privacy address of {isolate(card.app.name)}: {words}"
    before = f"{state_words(card.old_state)}{so_long(card.lasted)}"
    was = f"Apple's app information was {before} before."
    return Message(
        text=f"{escape(card.app.name)}: the app information is now {words}.",
        blocks=[
            section(f"{mark} {what}. {was}"),
            *_owners(card.owners),
            actions(link_button("Open App Store Connect", ids.OPEN_STORE, card.link)),
        ],
    )


def _is_new(card: ReleaseCard) -> bool:
    return not card.old_state and card.new_state == _PREPARING


def _begins(card: ReleaseCard) -> str:
    return "The version is new. " if _is_new(card) else ""


def _before(card: ReleaseCard) -> str:
    if not card.old_state:
        return ""
    return f" It was {state_words(card.old_state)}{so_long(card.lasted)}."


def _owners(owners: Sequence[str]) -> list[Block]:
    if not owners:
        return []
    called = [mention(each) for each in owners]
    return [rich(line(*listed(called, "and"), text(": somebody has to act.")))]


def _next(card: ReleaseCard) -> Block:
    """Return the buttons for what can be done now, the most useful one first."""
    id_ = card.version.id
    release = [button("Release", ids.RELEASE, id_, style="primary")]
    phased = card.phased if card.new_state == "READY_FOR_DISTRIBUTION" else None
    return actions(
        *(release if card.new_state == "PENDING_DEVELOPER_RELEASE" else []),
        *phased_buttons(phased.state if phased else "", id_),
        *about_buttons(id_, card.link),
    )


def _changes(card: ReleaseCard) -> list[Block]:
    entries = card.changes
    if not entries:
        nothing = context("No text of this version was changed through Marquee.")
        return [nothing] if card.new_state in LOUD else []
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
    approved = (
        [text(f", {approved_words(first)} by "), *listed(approvers, "and")] if approvers else []
    )
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
