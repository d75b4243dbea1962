"""What somebody is told of a form of theirs that did not become a proposal."""

from __future__ import annotations

from bot.domain.wishes import Deed
from bot.slack import ids
from bot.slack.faces.blocks import actions, button, context, escape, isolate, section
from bot.slack.faces.messages import Message
from bot.slack.faces.version_states import TITLES


def kept_message(deed: Deed, app_name: str, why: str, again: str) -> Message:
    """Return what is told once, with a button that opens the form as it was filled in.

    `why` is a sentence, `again` the button's value.
    """
    failed = f"Your form “{TITLES[deed]}” for {isolate(app_name)} was not proposed."
    return Message(
        text=escape(f"{failed} What you filled in is kept."),
        blocks=[
            section(f"⚠️ {failed} {why.replace('`', '')}"),
            actions(button("Open again", ids.VERSION_KEPT, again, style="primary")),
            context(f"What you filled in is kept: {ids.COMMAND} {deed} offers it, too."),
        ],
    )
