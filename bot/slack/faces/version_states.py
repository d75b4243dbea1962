"""The modals of acting on a version without inputs: loading, which app, an error, proposed.

Knows what is said in each; refuses to know why it came to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.listing import App
from bot.domain.wishes import Deed
from bot.slack import ids
from bot.slack.faces.blocks import (
    Element,
    actions,
    button,
    context,
    isolate,
    line,
    option,
    plain,
    rich,
    section,
    text,
)
from bot.slack.faces.form_states import View, modal

TITLES: Mapping[Deed, str] = {
    Deed.VERSION: "New version",
    Deed.BUILD: "Choose a build",
    Deed.SUBMIT: "Submit for review",
    Deed.CANCEL: "Cancel the review",
    Deed.RELEASE: "Release",
    Deed.PHASED: "Phased release",
}
NOTHING_YET = "Nothing is sent to Apple before the proposal is approved."


def loading_version_view(deed: Deed, words: str = "Asking App Store Connect…") -> View:
    """Return the modal that stands until Apple has answered."""
    wait = context("This takes a second or two. Nothing has to be done.")
    return modal(TITLES[deed], ids.LOADING_VIEW, section(f"⏳ {words}"), wait)


def choose_version_app_view(deed: Deed, apps: Sequence[App], carried: str) -> View:
    """Return the modal that asks which app; the value of a choice is the app's id."""
    choices = [option(isolate(app.name), app.id) for app in apps]
    select: Element = {
        "type": "static_select",
        "action_id": ids.VERSION_APP,
        "placeholder": plain("Choose an app"),
        "options": choices[:100],
    }
    return modal(
        TITLES[deed],
        ids.LOADING_VIEW,
        section("Which app?"),
        actions(select),
        context(f"Next time: {ids.COMMAND} {deed} and its name."),
        carried=carried,
    )


def version_error_view(deed: Deed, message: str, remedy: str, again: str = "") -> View:
    """Return the modal for what cannot be proposed now, with a way to look again."""
    return modal(
        TITLES[deed],
        ids.ERROR_VIEW,
        section(f"⚠️ {message.replace('`', '')}"),
        *([context(remedy.replace("`", ""))] if remedy else []),
        *([actions(button("Look again", ids.VERSION_AGAIN, again))] if again else []),
    )


def version_proposed_view(deed: Deed, number: int, channel: str) -> View:
    """Return the modal after a proposal was written."""
    where: list[Element] = [{"type": "channel", "channel_id": channel}] if channel else []
    return modal(
        TITLES[deed],
        ids.NOTICE_VIEW,
        rich(line(text(f"✅ Proposal {number} is up", "bold"), text(" in " * bool(where)), *where)),
        context(NOTHING_YET),
    )
