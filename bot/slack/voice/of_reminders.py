"""How reminders are said: what waits, whom it waits for, and that somebody ended one."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.proposals import Proposal
from bot.slack.checks import SlackRefused
from bot.slack.faces.messages import Message
from bot.slack.faces.reminders import asked, expiring, handed_back, nobody_can, reminder
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Mailroom
from bot.workflow import saying
from bot.workflow.saying import NewNotice, Notice
from bot.workflow.watch.asking import asked_cards
from bot.workflow.watch.recalling import wait_card


async def _reminder(room: Mailroom, notice: Notice) -> Delivered:
    card = await wait_card(room.desk, notice.body)
    if card.done_by:
        return Delivered()
    return Delivered(ts=await _in_thread(room, notice, reminder(card), card.subject))


async def _in_thread(room: Mailroom, notice: Notice, message: Message, version: str) -> str:
    """Post in the thread that tells a version's story, and in the channel too."""
    thread = await saying.version_thread(room.desk, version, notice.channel)
    if thread is None:
        return await room.post(notice, message)
    try:
        return await room.post(notice, message, thread=thread, broadcast=True)
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
        return await room.post(notice, message)


async def _ended(room: Mailroom, notice: Notice) -> Delivered:
    card = await wait_card(room.desk, notice.body)
    place = await room.place(notice.channel)
    room.take_turn()
    try:
        await room.update(place, notice.body["ts"], reminder(card))
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
    return Delivered()


async def _asked(room: Mailroom, notice: Notice) -> Delivered:
    """Tell a person what waits for them at this moment; nothing where all was decided."""
    cards = await asked_cards(room.desk, notice.channel)
    if not cards:
        return Delivered()
    links = {card.proposal.id: await _address(room, card.proposal) for card in cards}
    return Delivered(ts=await room.post(notice, asked(cards, links)))


async def _address(room: Mailroom, proposal: Proposal) -> str:
    if proposal.message_ts is None:
        return ""
    try:
        return await room.permalink(proposal.channel, proposal.message_ts)
    except SlackRefused:
        return ""


async def _expiring(room: Mailroom, notice: Notice) -> Delivered:
    proposal = await saying.open_proposal(room.desk, notice.body, waits=True)
    if proposal is None:
        return Delivered()
    if notice.channel != proposal.channel:
        message = expiring(proposal, await _address(room, proposal))
        return Delivered(ts=await room.post(notice, message))
    if proposal.message_ts is None:
        return Delivered()
    message = expiring(proposal, "")
    try:
        return Delivered(ts=await room.post(notice, message, thread=proposal.message_ts))
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
        return Delivered()


async def _nobody(room: Mailroom, notice: Notice) -> Delivered:
    proposal = await saying.open_proposal(room.desk, notice.body)
    if proposal is None:
        return Delivered()
    message = nobody_can(proposal, await _address(room, proposal))
    return Delivered(ts=await room.post(notice, message))


async def _stale(room: Mailroom, notice: Notice) -> Delivered:
    proposal = await saying.open_proposal(room.desk, notice.body)
    if proposal is None or not proposal.barred:
        return Delivered()
    message = handed_back(proposal, await _address(room, proposal))
    return Delivered(ts=await room.post(notice, message))


async def _direct(room: Mailroom, notice: Notice) -> Delivered:
    """Say what somebody's click or command came to, who has no address to answer at."""
    message = Message(text=notice.body["text"], blocks=notice.body["blocks"])
    return Delivered(ts=await room.post(notice, message))


def direct_notice(user: str, message: Message) -> NewNotice:
    """Return the notice that says something to one person in their direct messages."""
    return NewNotice(
        key=f"direct:{secrets.token_hex(8)}",
        kind="direct",
        channel=user,
        body={"text": message.text, "blocks": message.blocks},
    )


REMINDER_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "reminder": _reminder,
    "reminder_done": _ended,
    "asked": _asked,
    "expiring": _expiring,
    "nobody": _nobody,
    "stale": _stale,
    "direct": _direct,
}
