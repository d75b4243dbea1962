"""What the edit form asks besides the texts: what happens with them, why, and when.

Knows these inputs, the same in every locale; refuses to know the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.timing import ENDS_AT, NOT_BEFORE
from bot.slack import ids
from bot.slack.faces.blocks import Block, Element, option, plain
from bot.workflow.cards import EditForm

# The times a proposal can carry: label, action id, hint. Slack's picker is in the person's
# own time zone and gives seconds since 1970 (Block Kit, "Datetime picker element").
TIMES: Mapping[str, tuple[str, str, str]] = {
    NOT_BEFORE: (
        "Not before",
        ids.NOT_BEFORE_INPUT,
        "In your own time zone. Once approved, it waits until then; at most 29 days.",
    ),
    ENDS_AT: (
        "Promotional text returns at",
        ids.ENDS_AT_INPUT,
        "In your own time zone. The earlier text then returns by itself: this is approved too.",
    ),
}

_PARTS_HINT = (
    "Rules ask for different approvals. Ticked, each text goes once it has its own; a new locale"
    " goes as a whole, a submission last."
)
REASON_HINT = "People who approve read this first. It is kept in the history."


def choices(form: EditForm) -> list[Block]:
    """Return the inputs that follow upon the texts, in their order."""
    return [*_submit_box(form), *_parts_box(form), _reason(form), *_times(form)]


def labelled(
    label: str,
    block_id: str,
    element: Element,
    *,
    hint_text: str = "",
    dispatch: bool = False,
    required: bool = False,
) -> Block:
    """Return an input with its label; only what is `required` or `dispatch`ed has to be filled."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": not (dispatch or required),
        "dispatch_action": dispatch,
    }
    return {**block, "hint": plain(hint_text)} if hint_text else block


def _submit_box(form: EditForm) -> list[Block]:
    """Return the box that submits the version too; without it the texts stay a draft at Apple."""
    if form.submits is None:
        return []
    choice = option("Submit for review once these texts are there", "submit")
    box = _box(ids.SUBMIT_INPUT, choice, ticked=form.submits)
    block = labelled("And then", ids.submit_block(form.draft), box)
    return [{**block, "dispatch_action": True}]


def _parts_box(form: EditForm) -> list[Block]:
    """Return the box that lets go what is approved, where the approvals can come apart."""
    if form.in_parts is None:
        return []
    choice = option("Push what is approved without waiting for the rest", "parts")
    box = _box(ids.PARTS_INPUT, choice, ticked=form.in_parts)
    block = labelled("In parts", ids.parts_block(form.draft), box, hint_text=_PARTS_HINT)
    return [{**block, "dispatch_action": True}]


def _box(action_id: str, choice: Element, *, ticked: bool) -> Element:
    return {
        "type": "checkboxes",
        "action_id": action_id,
        "options": [choice],
        **({"initial_options": [choice]} if ticked else {}),
    }


def _reason(form: EditForm) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.REASON_INPUT,
        "multiline": True,
        "placeholder": plain("What should this change do for people?", 150),
    }
    if form.reason:
        element["initial_value"] = form.reason
    return labelled("Why", ids.reason_block(form.draft), element, hint_text=REASON_HINT)


def _times(form: EditForm) -> list[Block]:
    values = {NOT_BEFORE: form.timing.not_before, ENDS_AT: form.timing.ends_at}
    shown = [name for name in TIMES if name != ENDS_AT or form.may_end]
    return [_time(form, name, values[name]) for name in shown]


def _time(form: EditForm, name: str, when: datetime | None) -> Block:
    label, action_id, hint_text = TIMES[name]
    element: Element = {"type": "datetimepicker", "action_id": action_id}
    if when is not None:
        element["initial_date_time"] = int(when.timestamp())
    block = labelled(label, ids.time_block(name, form.draft), element, hint_text=hint_text)
    # Kept as soon as it is chosen, like what is typed into a short field.
    return {**block, "dispatch_action": True}
