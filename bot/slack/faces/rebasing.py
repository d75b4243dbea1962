"""The form that rebases stale texts: what was, what was proposed, what Apple holds now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.fields import BY_ATTRIBUTE, Kind
from bot.slack import ids
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    clip,
    context,
    divider,
    isolate,
    line,
    plain,
    quote,
    rich,
    section,
    text,
)
from bot.slack.faces.drawing import SHORT, excerpt, is_short, whole
from bot.slack.faces.form_states import View
from bot.slack.faces.wording import place_label, plural
from bot.workflow.cards import RebaseForm, RebaseText

TITLE = "Rebase"


def rebase_view(form: RebaseForm) -> View:
    """Return the modal with an input for each stale text, on the three texts it is about."""
    return {
        "type": "modal",
        "title": plain(f"{TITLE} proposal {form.proposal}", VIEW_TITLE),
        "submit": plain("Save revision"),
        "close": plain("Cancel"),
        "callback_id": ids.REBASE_VIEW,
        "private_metadata": json.dumps([form.draft, form.proposal, form.revision]),
        "blocks": list(_blocks(form)),
    }


def _blocks(form: RebaseForm) -> Iterator[Block]:
    if form.note:
        yield section(f"⚠️ {form.note}")
    yield context(
        "Each text starts anew from what Apple holds now. Type Apple's text to leave it as it is."
        " Votes stay for what you leave alone; whoever saves a revision does not approve it."
    )
    for entry in form.texts:
        yield divider()
        yield rich(*_three(entry))
        yield _input(form, entry)
    if form.left:
        yield context(
            f"{plural(form.left, 'more stale text')} did not fit and stays stale: press Rebase"
            " again afterwards, or Propose again for texts above 3,000 characters."
        )


def _three(entry: RebaseText) -> Iterator[Element]:
    item = entry.item
    yield line(text(place_label(item.locale, item.field), "bold"))
    yield line(text("When it was proposed"))
    yield quote(text(isolate(clip(item.before, SHORT)) or "Nothing there."))
    for title, after in (("Proposed", item.after), ("Apple now", entry.now)):
        yield line(text(title))
        change = replace(item, after=after)
        drawn = whole(change) if is_short(change) else excerpt(change)
        yield from drawn if after else [quote(text("Nothing there."))]


def _input(form: RebaseForm, entry: RebaseText) -> Block:
    item = entry.item
    field = BY_ATTRIBUTE[item.field]
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.FIELD_INPUT,
        "multiline": field.kind is Kind.TEXT,
    }
    if entry.text:
        element["initial_value"] = entry.text
    return {
        "type": "input",
        "block_id": ids.field_block(item.field, item.locale, form.draft),
        "label": plain(place_label(item.locale, item.field)),
        "element": element,
        "optional": True,
    }
