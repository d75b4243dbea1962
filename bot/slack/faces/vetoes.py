"""Rejections: who rejected a proposal, why, and the form that asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approvals import Veto
from bot.domain.proposals import Proposal
from bot.slack import ids
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    context,
    escape,
    isolate,
    line,
    listed,
    mention,
    plain,
    quote,
    rich,
    section,
    text,
)
from bot.slack.faces.form_states import View
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import proposal_label
from bot.workflow.vetoing import LONGEST, SHORTEST

_MOST_NAMED = 8


def why_view(proposal: Proposal) -> View:
    """Return the modal that asks who rejected a proposal for the reason."""
    return {
        "type": "modal",
        "title": plain(f"Proposal {proposal.id} rejected", VIEW_TITLE),
        "submit": plain("Say it"),
        "close": plain("Not now"),
        "callback_id": ids.WHY_VIEW,
        "private_metadata": ids.confirm_value(proposal.id, proposal.digest),
        "blocks": [
            section(f"Everybody who reads the message of {proposal_label(proposal)} sees it."),
            {
                "type": "input",
                "block_id": ids.WHY_INPUT,
                "label": plain("Why do you reject it?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": ids.WHY_INPUT,
                    "multiline": True,
                    "min_length": SHORTEST,
                    "max_length": LONGEST,
                },
            },
            context("Take the reaction off the message to take the rejection back."),
        ],
    }


def not_yours(vetoes: Sequence[Veto]) -> Message:
    """Return the answer to who did not reject it: whose reason is asked for."""
    named = listed([mention(one.user) for one in vetoes[:_MOST_NAMED]], "and")
    words = "Only who rejected this can say why"
    drawn = [text(f"{words}: "), *named] if named else [text(words)]
    return Message(text=f"{words}.", blocks=[rich(line(*drawn, text(".")))])


def why_reply(proposal: Proposal, veto: Veto) -> Message:
    """Return what the thread is told: why somebody rejected a proposal."""
    return Message(
        text=f"Why proposal {proposal.id} was rejected: {escape(veto.reason)}",
        blocks=[
            rich(
                line(mention(veto.user), text(" rejected this:")),
                quote(text(isolate(veto.reason))),
            )
        ],
    )
