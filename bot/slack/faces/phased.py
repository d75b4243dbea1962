"""What becomes of a phased release or a submission, in the thread of its version.

Knows the words for Apple's states and which buttons go with them; refuses to know when it
is told.
"""

from __future__ import annotations

from bot.domain.releases import PAUSE_BUDGET, PHASES, PhasedRelease
from bot.slack import ids
from bot.slack.faces.actions import ANYBODY, share
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    button,
    escape,
    link_button,
    section,
)
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import plural, so_long, target_label, version_label
from bot.workflow.watch.cards import PhasedCard, SubmissionCard

_PAUSE = ("Pause phased release", ids.PAUSE)
_RESUME = ("Resume phased release", ids.RESUME)
_COMPLETE = ("Release to everybody", ids.COMPLETE)
# What can be done in a state of a phased release.
BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "ACTIVE": (_PAUSE, _COMPLETE),
    "PAUSED": (_RESUME, _COMPLETE),
}
# What it was before is worth a word where that had begun.
_WAS = {"ACTIVE": "under way", "PAUSED": "paused"}
# What a submission's state means where its version's own does not tell.
SUBMISSION_WORDS: dict[str, tuple[str, str]] = {
    "UNRESOLVED_ISSUES": (
        "🛑",
        "Apple found issues in the submission. They stand in App Store Connect.",
    ),
    "CANCELING": ("↩️", "The submission is being taken back."),
    "COMPLETE": ("✅", "Apple is done with the submission, which held no version."),
}


def phased_buttons(state: str, version_id: str) -> list[Element]:
    """Return the buttons for what can be done about a phased release in a state."""
    return [button(words, action, version_id) for words, action in BUTTONS.get(state, ())]


def about_buttons(version_id: str, link: str) -> list[Element]:
    """Return the buttons that show a version: its listing, and its app at Apple."""
    return [
        button("See listing", ids.LISTING, version_id),
        link_button("Open App Store Connect", ids.OPEN_STORE, link),
    ]


def phased_notice(card: PhasedCard) -> Message:
    """Return what became of a version's phased release, with what can be done now."""
    label = version_label(card.app, card.version)
    mark, words = _phased_words(card)
    return Message(
        text=f"{escape(label)}: {words}",
        blocks=[
            section(f"{mark} {label}: {words}{_before(card)}"),
            actions(
                *phased_buttons(card.phased.state, card.version.id),
                *about_buttons(card.version.id, card.link),
            ),
        ],
    )


def _before(card: PhasedCard) -> str:
    was = _WAS.get(card.old_state)
    if was is None or card.old_state == card.phased.state:
        return ""
    return f" It was {was}{so_long(card.lasted)}."


def _phased_words(card: PhasedCard) -> tuple[str, str]:
    phased, old = card.phased, card.old_state
    where = f"day {phased.day} of {len(PHASES)}, {share(phased.percent)}"
    match phased.state:
        case "PAUSED":
            left = f"{_pause_left(phased)} {ANYBODY}"
            return "⏸️", f"The phased release was paused on day {phased.day}. {left}"
        case "COMPLETE":
            return "🏁", "The phased release is complete: everybody gets it."
        case "ACTIVE" if old == "PAUSED":
            return "▶️", f"The phased release goes on: {where}."
        case "ACTIVE" if old == "ACTIVE":
            return "📈", f"Phased release, {where}."
        case "ACTIVE":
            return "🐣", f"The phased release began: {where}."
    return "ℹ️", f"The phased release is {phased.state}."


def _pause_left(phased: PhasedRelease) -> str:
    left = plural(phased.pause_left, "day")
    return f"It may be paused for {left} more, of {PAUSE_BUDGET} in all."


def submission_notice(card: SubmissionCard) -> Message:
    """Return what became of a submission that its version's own state does not tell."""
    label = target_label(card.app.name, card.number, card.platform)
    mark, words = SUBMISSION_WORDS.get(card.new_state, ("ℹ️", f"Its state is {card.new_state}."))
    open_: Block = actions(link_button("Open App Store Connect", ids.OPEN_STORE, card.link))
    return Message(
        text=f"{escape(label)}: {words}", blocks=[section(f"{mark} {label}: {words}"), open_]
    )
