"""Rebase: the button under a stale proposal, and the form it opens.

The form opens at once and is filled when Apple has answered; once sent, Apple is asked
whether it still holds what the form showed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.validation import Finding
from bot.errors import BotError, Refused
from bot.slack import ids
from bot.slack.calls import Press
from bot.slack.checks import SlackSide
from bot.slack.commands import as_number
from bot.slack.faces.form_states import loading_view, notice_view
from bot.slack.faces.rebasing import TITLE, rebase_view
from bot.slack.faces.wording import place_label
from bot.slack.modals import open_modal, redraw
from bot.workflow import admission, rebasing
from bot.workflow.desk import Desk

MEANWHILE = loading_view("Comparing with App Store Connect…")


async def press(press: Press) -> None:
    """Open the form; raises BotError for who may not propose here."""
    await admission.refuse_outsider(press.desk, press.user, fresh=False)
    view_id = await open_modal(press.slack.client, press.trigger_id, loading_view())
    await _fill(press.desk, press.slack, view_id, as_number(press.value), user=press.user)


async def _fill(
    desk: Desk, slack: SlackSide, view_id: str, number: int, *, user: str, note: str = ""
) -> None:
    try:
        form = await rebasing.form(desk, number, user=user, note=note)
        view = rebase_view(form)
    except BotError as error:
        view = notice_view(TITLE, f"⚠️ {error.message}", error.remedy)
    await redraw(slack.client, desk.clock, view_id, view)


async def mistakes(desk: Desk, view: Mapping[str, Any]) -> dict[str, str]:
    """Return errors by block id, from the store alone; what is typed stays in the form."""
    blocks = [one for one in view.get("blocks", ()) if one.get("type") == "input"]
    inputs = [str(one.get("block_id")) for one in blocks] or [ids.REBASE_VIEW]
    try:
        draft, _, revision = _shown(view)
        found = await rebasing.mistakes(desk, draft, ids.field_texts(view), revision=revision)
    except BotError as error:
        return {inputs[0]: str(error)}
    errors: dict[str, str] = {}
    for one in found:
        block = ids.field_block(one.field, one.locale, draft)
        sentence = f"{one.message} {one.remedy}".strip()
        if block not in inputs:
            block, sentence = inputs[0], _elsewhere(one, sentence)
        errors[block] = f"{errors[block]} {sentence}" if block in errors else sentence
    return errors


def _elsewhere(finding: Finding, sentence: str) -> str:
    place = place_label(finding.locale, finding.field)
    return f"{place}: {sentence}" if place else sentence


async def save(desk: Desk, slack: SlackSide, view: Mapping[str, Any], user: str) -> None:
    """Write the revision, or show the form again with what was typed and Apple holds by now."""
    draft, number, revision = _shown(view)
    view_id = str(view["id"])
    try:
        await admission.refuse_outsider(desk, user)
        made = await rebasing.save(desk, draft, ids.field_texts(view), revision=revision, user=user)
    except rebasing.MovedAgain as error:
        await _fill(desk, slack, view_id, number, user=user, note=str(error))
        return
    except BotError as error:
        shown = notice_view(TITLE, f"⚠️ {error.message}", error.remedy)
        await redraw(slack.client, desk.clock, view_id, shown)
        return
    done = notice_view(TITLE, f"✅ Revision {made} of proposal {number} is up.")
    await redraw(slack.client, desk.clock, view_id, done)


def _shown(view: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return the draft, the proposal and its revision; raises Refused for another view."""
    try:
        draft, number, revision = json.loads(view.get("private_metadata") or "")
        return int(draft), int(number), int(revision)
    except (ValueError, TypeError, OverflowError):
        raise Refused("This form is of another time.", remedy="Press Rebase again.") from None
