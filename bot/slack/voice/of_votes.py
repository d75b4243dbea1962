"""How it is said why a proposal was rejected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.approvals import Veto
from bot.slack.checks import SlackRefused
from bot.slack.faces.vetoes import why_reply
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Mailroom
from bot.workflow import saying
from bot.workflow.saying import Notice


async def _why(room: Mailroom, notice: Notice) -> Delivered:
    """Tell a proposal's thread; where somebody deleted the message nobody has to read it."""
    proposal = await saying.proposal(room.desk, notice.body["proposal"])
    thread = await saying.thread_of(room.desk, proposal) if proposal else None
    if proposal is None or thread is None:
        return Delivered()
    veto = Veto(user=notice.body["user"], reason=notice.body["reason"])
    try:
        ts = await room.post(notice, why_reply(proposal, veto), thread=thread)
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
        return Delivered()
    return Delivered(ts=ts)


VOTE_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {"why": _why}
