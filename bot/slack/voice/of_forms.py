"""How a form that did not become a proposal is told of: once, to the person who sent it."""

from __future__ import annotations

from bot.slack.faces.kept_forms import kept_message
from bot.workflow.kept_forms import KeptForm
from bot.workflow.saying import NewNotice


def kept_notice(form: KeptForm, again: str, why: str) -> NewNotice:
    """Return the notice of a form that was not proposed; one for each time it was sent.

    `again` is what the button that opens it stands for, `why` a sentence.
    """
    message = kept_message(form.deed, form.app_name, why, again)
    return NewNotice(
        key=f"kept:{form.id}:{form.updated_at.isoformat()}",
        kind="direct",
        channel=form.user,
        body={"text": message.text, "blocks": message.blocks},
    )
