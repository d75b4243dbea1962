"""The form in which failing texts are typed anew, each under what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.domain.fields import BY_ATTRIBUTE, Kind
from bot.domain.mending import Mend
from bot.slack import ids
from bot.slack.faces.blocks import Block, Element, actions, button, clip, context, plain, section
from bot.slack.faces.form_choices import labelled
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.parts import ONE_INPUT
from bot.slack.faces.wording import place_label, plural, version_label
from bot.workflow.upload_cards import UploadCard

TITLE = "Mend texts"
# With more a modal grows beyond what people take in; the others come after these.
MOST_TEXTS = 20
_MOST_SAID = 600
# Slack allows a view of 250 kB; one input holds 36 kB at most.
_ROOM = 200_000


def mendable(card: UploadCard) -> tuple[Mend, ...]:
    """Return the failing texts that an input can hold."""
    return tuple(one for one in card.mends if len(one.text) <= ONE_INPUT)


def mend_view(card: UploadCard, carried: str) -> View:
    """Return the form with an input for each of the first failing texts, as it stands now."""
    found = mendable(card)
    inputs = list(_inputs(found, card.draft))
    view = modal(
        TITLE,
        ids.MEND_VIEW,
        context(version_label(card.app, card.version)),
        section(_what(len(inputs), len(found))),
        *inputs,
        *_left(card, len(card.mends) - len(found)),
        actions(button("Back to the preview", ids.PREVIEW_BACK, str(card.draft))),
        carried=carried,
    )
    return {**view, "submit": plain("Keep"), "close": plain("Cancel")}


def mended_view(carried: str) -> View:
    """Return the modal that stands until the preview does, and leads to it after a restart."""
    return modal(
        TITLE,
        ids.LOADING_VIEW,
        section("⏳ Your texts are kept. Looking at all of them again…"),
        context("This takes a second or two. Nothing is proposed meanwhile."),
        actions(button("Back to the preview", ids.PREVIEW_BACK, "again")),
        carried=carried,
    )


def errors_of(wrong: Iterable[Mend], draft: int) -> dict[str, str]:
    """Return errors for `response_action: errors`: what is still wrong, at its input."""
    return {ids.field_block(one.attribute, one.locale, draft): _said(one) for one in wrong}


def _what(shown: int, all_: int) -> str:
    which = f"The first {shown} of {plural(all_, 'text')} that fail" if all_ > shown else ""
    which = which or f"{plural(shown, 'text')} that {'fails' if shown == 1 else 'fail'}"
    return f"{which}, as they stand now. What you empty is left out. Nothing is proposed by this."


def _inputs(found: Iterable[Mend], draft: int) -> Iterator[Block]:
    """Yield an input for each of the first texts, as many as a modal takes."""
    taken = 0
    for one in islice(found, MOST_TEXTS):
        block = _input(one, draft)
        taken += len(json.dumps(block))
        if taken > _ROOM:
            return
        yield block


def _input(one: Mend, draft: int) -> Block:
    field = BY_ATTRIBUTE[one.attribute]
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.FIELD_INPUT,
        # A line break is what is wrong with some texts of one line, and has to be seen.
        "multiline": field.kind is Kind.TEXT or "\n" in one.text,
    }
    if one.text:
        element["initial_value"] = one.text
    block_id = ids.field_block(one.attribute, one.locale, draft)
    label = place_label(one.locale, one.attribute)
    return labelled(label, block_id, element, hint_text=_said(one))


def _said(one: Mend) -> str:
    return clip(
        " ".join(f"{each.message} {each.remedy}".strip() for each in one.mistakes), _MOST_SAID
    )


def _left(card: UploadCard, too_long: int) -> Iterator[Block]:
    """Yield what cannot be mended here, if there is any."""
    if too_long:
        where = "with Change it" if card.edit else "in the file"
        yield context(
            f"{plural(too_long, 'text')} above {ONE_INPUT:,} characters cannot be shown here:"
            f" mend {'it' if too_long == 1 else 'them'} {where}, or leave out what fails."
        )
