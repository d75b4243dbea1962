"""The edit form's modals without inputs: loading, an error, a form that ended.

Knows what is said in each; refuses to know why it came to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.listing import App
from bot.slack import ids
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    actions,
    button,
    context,
    isolate,
    option,
    plain,
    section,
)
from bot.slack.faces.wording import locale_label, series

View: TypeAlias = dict[str, Any]


def modal(title: str, callback: str, *blocks: Block, carried: str = "") -> View:
    """Return a modal of ours; `carried` comes back with it."""
    return {
        "type": "modal",
        "title": plain(title, VIEW_TITLE),
        "close": plain("Close"),
        "callback_id": callback,
        "private_metadata": carried,
        "blocks": list(blocks),
    }


def loading_view(words: str = "Reading the texts from App Store Connect…") -> View:
    """Return the modal that stands until Apple has answered."""
    return modal(
        "Edit metadata",
        ids.LOADING_VIEW,
        section(f"⏳ {words}"),
        context("This takes a second or two. Nothing has to be done."),
    )


def choose_app_view(apps: Sequence[App], words: str) -> View:
    """Return the modal that asks which app; `words` are what was typed beside it."""
    choices = [option(isolate(app.name), f"{app.bundle_id} {words}".strip()) for app in apps[:100]]
    select = {
        "type": "static_select",
        "action_id": ids.APP_SELECT,
        "placeholder": plain("Choose an app"),
        "options": choices,
    }
    return modal(
        "Edit metadata",
        ids.LOADING_VIEW,
        section("Which app do you want to edit?"),
        actions(select),
        context(f"Next time: {ids.COMMAND} edit and its name."),
    )


def error_view(message: str, remedy: str, retry: str = "") -> View:
    """Return the modal for texts that could not be read, with a button that tries again.

    `retry` is the button's value, which says what to ask for again; without it there is no
    button.
    """
    button_row = actions(button("Try again", ids.TRY_AGAIN, retry, style="primary"))
    kept = context("What you typed into this form before is kept.")
    return modal(
        "Edit metadata",
        ids.ERROR_VIEW,
        section(f"⚠️ {message}"),
        *([context(remedy)] if remedy else []),
        *([kept, button_row] if retry else []),
    )


def broken_view(reference: str, retry: str) -> View:
    """Return the modal for a defect of ours; `reference` finds it in the log."""
    return error_view(
        "Something broke on our side.",
        f"Try again; if it stays, tell whoever runs the bot: {reference}.",
        retry,
    )


def too_long_view(locale: str, attributes: Sequence[str]) -> View:
    """Return the modal for a locale with texts that even two inputs cannot hold."""
    long = series([BY_ATTRIBUTE[attribute].label for attribute in attributes])
    return notice_view(
        "Edit metadata",
        f"{locale_label(locale)} cannot be shown: Slack refuses so long a text ({long}).",
        f"What you typed is kept. Type {ids.COMMAND} edit with another locale to go on there; "
        "Start over in that form drops it.",
    )


def expired_view() -> View:
    """Return the modal for a form whose draft was sent or dropped meanwhile."""
    return notice_view(
        "Edit metadata",
        "This form is no longer in use: it was proposed, dropped or opened again elsewhere.",
        f"Type {ids.COMMAND} edit to start again from what Apple holds now.",
    )


def proposed_view(proposal: int) -> View:
    """Return the modal after a proposal was written that Apple had to be asked about."""
    return notice_view(
        "Edit metadata",
        f"✅ Proposal {proposal} is up.",
        "Nothing is sent to Apple before it is approved.",
    )


def notice_view(title: str, message: str, remedy: str = "") -> View:
    """Return a modal that says one thing and waits for nothing."""
    remedies = [context(remedy)] if remedy else []
    return modal(title, ids.NOTICE_VIEW, section(message), *remedies)
