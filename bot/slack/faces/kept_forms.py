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
    what = f"“{TITLES[deed]}” for {escape(isolate(app_name))}"
    why = escape(why.replace("`", ""))
    return Message(
        text=f"Your form {what} was not proposed. What you filled in is kept.",
        blocks=[
            section(f"⚠️ Your form {what} was not proposed. {why}"),
            actions(button("Open again", ids.VERSION_KEPT, again, style="primary")),
            context(f"What you filled in is kept: {ids.COMMAND} {deed} offers it, too."),
        ],
    )
