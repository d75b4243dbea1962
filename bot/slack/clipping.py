"""The message shortcut "Use as App Store text": from a message into a form.

Slack's forms promise 3,000 characters in an input and Apple takes 4,000; a message holds
any of them, and comes with the shortcut, so that the bot needs no right to read channels.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.domain.fields import FIELDS, Kind
from bot.domain.text import length
from bot.errors import BotError
from bot.slack import ids
from bot.slack.checks import SlackSide, ask
from bot.slack.faces.blocks import clip as clipped
from bot.slack.faces.blocks import context, option, plain, quote, rich, section, text
from bot.slack.faces.form_states import View, notice_view
from bot.slack.faces.wording import locale_label, version_label
from bot.workflow import taking
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

TITLE = "Use as App Store text"
_PREVIEW = 600
# Links come as <address> or <address|words>; the address is what was written.
_LINK = re.compile(r"<(?:mailto:)?((?:https?://|[^@\s<>|]+@)[^<>|]*)(?:\|[^<>]*)?>")


async def open_clip(
    desk: Desk,
    slack: SlackSide,
    trigger_id: str,
    user: str,
    message: Mapping[str, Any],
    *,
    author: str,
) -> None:
    """Ask which form and which field a message's text is for; `author` wrote it, "" for nobody."""
    try:
        words = written(str(message.get("text") or ""))
        clip = await taking.take(desk, user, words, author=author)
        view = clip_view(clip, words, await taking.offers(desk, user))
    except BotError as error:
        view = notice_view(TITLE, error.message, error.remedy)
    await ask(slack.client.views_open(trigger_id=trigger_id, view=view))


async def place(desk: Desk, view: Mapping[str, Any], user: str) -> EditForm:
    """Put a taken text where the person chose; raises Refused when it cannot go there."""
    values = view["state"]["values"]
    draft = values[ids.CLIP_DRAFT]["choice"]["selected_option"]["value"]
    attribute = values[ids.CLIP_FIELD]["choice"]["selected_option"]["value"]
    clip = int(json.loads(view["private_metadata"]))
    return await taking.put(desk, clip, int(draft), attribute, user=user)


def written(text_of_message: str) -> str:
    """Return a message's text as it was typed: Slack escapes signs and marks links."""
    return html.unescape(_LINK.sub(r"\1", text_of_message))


def clip_view(clip: int, words: str, offers: tuple[taking.Offer, ...]) -> View:
    """Return the modal that asks where a text goes."""
    forms = [
        option(
            clipped(f"{version_label(one.app, one.version)} · {locale_label(one.locale)}", 75),
            str(one.draft),
        )
        for one in offers
    ]
    fields = [
        option(field.label, field.attribute) for field in FIELDS if field.kind is not Kind.URL
    ]
    description = next(one for one in fields if one["value"] == "description")
    return {
        "type": "modal",
        "callback_id": ids.CLIP_VIEW,
        "private_metadata": json.dumps(clip),
        "title": plain(TITLE, 24),
        "submit": plain("Put it in the form", 24),
        "close": plain("Cancel", 24),
        "blocks": [
            rich(quote(text(clipped(words, _PREVIEW)))),
            context(f"{length(words):,} characters."),
            _choice("Form", ids.CLIP_DRAFT, forms, forms[0]),
            _choice("Field", ids.CLIP_FIELD, fields, description),
            section("The form opens with it. Nothing is proposed before you say so."),
        ],
    }


def _choice(label: str, block_id: str, choices: list[Any], first: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {
            "type": "static_select",
            "action_id": "choice",
            "options": choices,
            "initial_option": first,
        },
    }
