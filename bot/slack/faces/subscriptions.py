"""What a channel or a person wants to hear: the answers and the modal.

Knows the sentences; refuses to know how a wish is fulfilled.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.listing import App
from bot.slack import ids
from bot.slack.faces.answers import done_answer
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    bullets,
    context,
    isolate,
    line,
    option,
    plain,
    rich,
    text,
)
from bot.slack.faces.lists import capped
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import plural

# What a person can wish for, and what it means.
WISHES: dict[str, tuple[str, str]] = {
    "releases": ("Releases and rejections", "What happens to the versions of all apps."),
    "results": ("Results of my proposals", "What became of what you proposed."),
    "asked": ("Reminders to approve", "Proposals that wait for your approval."),
    "daily": ("The daily summary", "What failed, once a day."),
    "weekly": ("The weekly summary", "What changed and what waits, once a week."),
}

_ALWAYS = "always, since this is its own channel by marquee.toml."


def followed(app: App, *, new: bool) -> Message:
    """Return the answer to a channel that follows an app from now on, or did already."""
    name = isolate(app.name)
    if not new:
        return done_answer(f"This channel hears of {name} already.")
    return done_answer(
        f"This channel hears of every change of {name}'s versions from now on."
        f" {ids.COMMAND} unwatch ends it."
    )


def left(app: App, *, was: bool, own: bool) -> Message:
    """Return the answer to a channel that follows an app no longer, or never did.

    `own` is the app's channel of marquee.toml, which always hears of it.
    """
    name = isolate(app.name)
    ended = f"This channel does not hear of {name} any more." if was else ""
    if own:
        return done_answer(f"This is {name}'s own channel, by marquee.toml; it hears of it anyway.")
    return done_answer(ended or f"This channel did not hear of {name}.")


def heard_of(follows: Sequence[App], own: Sequence[App]) -> Message:
    """Return which apps a channel hears of, and what to type to begin and to end it."""
    more = f"{ids.COMMAND} watch with an app begins it; {ids.COMMAND} apps lists them."
    if not follows and not own:
        words = "This channel follows no app."
        return Message(text=words, blocks=[rich(line(text(words))), context(more)])
    lines = [
        *(_ends(app) for app in follows),
        *(line(text(isolate(app.name), "bold"), text(f": {_ALWAYS}")) for app in own),
    ]
    count = f"This channel hears of {plural(len(lines), 'app')}."
    return Message(
        text=count,
        blocks=[rich(line(text(count)), bullets(capped(lines))), context(more)],
    )


def _ends(app: App) -> Element:
    return line(
        text(isolate(app.name), "bold"),
        text(": "),
        text(f"{ids.COMMAND} unwatch {app.bundle_id}", "code"),
        text(" ends it."),
    )


def settings_view(chosen: Collection[str]) -> Block:
    """Return the modal in which a person ticks what they want as a direct message."""
    boxes = [
        {**option(label, wish), "description": plain(meaning, 75)}
        for wish, (label, meaning) in WISHES.items()
    ]
    element: Element = {"type": "checkboxes", "action_id": ids.WISHES, "options": boxes}
    ticked = [box for box in boxes if box["value"] in chosen]
    if ticked:
        element["initial_options"] = ticked
    return {
        "type": "modal",
        "callback_id": ids.SETTINGS_VIEW,
        "title": plain("Your notices", VIEW_TITLE),
        "submit": plain("Save", VIEW_TITLE),
        "close": plain("Cancel", VIEW_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": ids.WISHES,
                "optional": True,
                "label": plain("As a direct message I want"),
                "element": element,
            }
        ],
    }
