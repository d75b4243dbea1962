"""Reminders of versions that wait.

Knows what each state asks for; refuses to know when it is due.
"""

from __future__ import annotations

from bot.domain.editing import state_words
from bot.slack.faces.blocks import (
    escape,
    header,
    section,
)
from bot.slack.faces.lists import store_link
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import (
    moment,
    version_label,
)
from bot.workflow.cards import (
    ReminderCard,
)

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
            *store_link(card.link),
        ],
    )
