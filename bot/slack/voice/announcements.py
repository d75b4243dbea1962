"""Each kind of notice and how it is said: what is drawn, where it goes, what follows."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.proposals import Status
from bot.errors import Refused
from bot.slack.checks import SlackRefused, ask
from bot.slack.faces.answers import proposed_answer
from bot.slack.faces.bulk import is_big
from bot.slack.faces.messages import (
    locale_messages,
    proposal_message,
    superseded_message,
    thread_messages,
)
from bot.slack.faces.places import unwritable_notice
from bot.slack.faces.results import not_pushed, part_reply, result_reply, vote_refused
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Later, Mailroom
from bot.slack.voice.of_bulk import bulk_notices, say_bulk
from bot.slack.voice.of_glass import GLASS_NOTICES
from bot.slack.voice.of_reminders import REMINDER_NOTICES
from bot.slack.voice.of_summaries import SUMMARY_NOTICES
from bot.slack.voice.of_versions import VERSION_NOTICES
from bot.slack.voice.of_votes import VOTE_NOTICES
from bot.slack.voice.respond import respond_at
from bot.workflow import rivalry, saying, voting
from bot.workflow.cards import ProposalCard
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import proposal_card
from bot.workflow.saying import NewNotice, Notice
from bot.workflow.watch import subscribing

log = logging.getLogger(__name__)

# How often (once a second) something waits for a message that is still to be posted.
PATIENT_TRIES = 30
# What ids of channels begin with.
CHANNELS = ("C", "G")
# Slack's names for why a channel takes no message, and for what is wrong with the bot's
# token (chat.postMessage, "Errors"). Somebody can mend both, and then it can be said.
CLOSED = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
SHUT_OUT = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
# What is of use at once or not at all.
PASSING = frozenset({"answer", "refusal"})


async def _proposal(room: Mailroom, notice: Notice) -> Delivered:
    number, revision = notice.body["proposal"], notice.body["revision"]
    card = await proposal_card(room.desk, number, revision)
    if not card.current or (notice.body.get("again") and not _awaits_votes(card)):
        return Delivered()
    message = await asyncio.to_thread(proposal_message, card, notify=True)
    ts = await room.post(notice, message)
    await saying.proposal_posted(room.desk, number, revision, ts=ts)
    await room.seed(notice.channel, ts)
    await _say_threads(room, notice, card, ts)
    if notice.unsure:
        # Whoever voted while nobody knew the message is asked of Slack.
        await voting.reconcile(room.desk, number)
    moved_on = await saying.status(room.desk, number) is not card.proposal.status
    others = await rivalry.to_draw_again(room.desk, card.proposal)
    # Only under a message that was posted it is known whose rejection was under the one before.
    again = moved_on or bool(card.vetoes)
    return Delivered(ts=ts, draw=(*((number,) if again else ()), *others))


def _awaits_votes(card: ProposalCard) -> bool:
    status = card.proposal.status
    if status is Status.APPROVED and card.held:
        # Its push may be days away: there is time to vote on the new message before.
        return True
    if status is Status.APPROVED:
        # The push finds the message gone, too, and gives the proposal back.
        raise Later(1.0)
    return status in (Status.OPEN, Status.PARKED, Status.REJECTED)


async def _say_threads(room: Mailroom, notice: Notice, card: ProposalCard, ts: str) -> None:
    if is_big(card.proposal):
        await room.desk.say(bulk_notices(card.proposal, ts, notice.channel))
        return
    number, revision = notice.body["proposal"], notice.body["revision"]
    messages = await asyncio.to_thread(thread_messages, card)
    pages = Counter[str]()
    threads = []
    for place, message in enumerate(messages, start=1):
        body = {
            "proposal": number,
            "revision": revision,
            "thread": ts,
            "locale": message.locale,
            "page": pages[message.locale],
            "last": place == len(messages),
        }
        pages[message.locale] += 1
        key = f"thread:{number}:{revision}:{ts}:{place}"
        threads.append(NewNotice(key=key, kind="thread", channel=notice.channel, body=body))
    await room.desk.say(threads)


async def _thread(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    if "holds" in body:
        return await say_bulk(room, notice)
    number, revision, code = body["proposal"], body["revision"], body["locale"]
    proposal = await saying.proposal(room.desk, number, revision)
    if proposal is None:
        return Delivered()
    message = (await asyncio.to_thread(locale_messages, proposal, code))[body["page"]]
    ts = await room.post(notice, message, thread=body["thread"])
    if body["page"] == 0:
        url = await room.permalink(notice.channel, ts)
        await saying.thread_posted(room.desk, number, revision, code, address=url)
    return Delivered(ts=ts, draw=(number,) if body["last"] else ())


async def _replaced(room: Mailroom, notice: Notice) -> Delivered:
    number, revision = notice.body["proposal"], notice.body["revision"]
    ts = await saying.message_of(room.desk, number, revision)
    if ts is None:
        return Delivered()
    newest = await proposal_card(room.desk, number)
    channel, newest_ts = newest.proposal.channel, newest.proposal.message_ts
    if newest_ts is None and notice.tries < PATIENT_TRIES:
        raise Later(1.0)
    await _take_in(room, notice)
    link = await room.permalink(channel, newest_ts) if newest_ts else ""
    room.take_turn()
    try:
        await room.update(
            channel, ts, superseded_message(replace(newest, current=False), link=link)
        )
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
    return Delivered(ts=ts)


async def _take_in(room: Mailroom, notice: Notice) -> None:
    """Read the votes under a message that will say that it was replaced, once Slack shows them."""
    try:
        await voting.replaced(room.desk, notice.body["proposal"], notice.body["revision"])
    except Refused as error:
        if isinstance(error, SlackRefused) and error.code in CLOSED | SHUT_OUT | NOT_THERE:
            raise
        log.warning("votes.not_taken_in notice=%s error=%s", notice.id, error)
        if notice.tries < PATIENT_TRIES:
            raise Later(60.0) from None


async def _draw(room: Mailroom, notice: Notice) -> Delivered:
    """See to it that a proposal's message shows what it came to, also after a restart."""
    proposal = await saying.proposal(room.desk, notice.body["proposal"])
    if proposal is None or proposal.message_ts is None or room.redraw.shows(proposal):
        return Delivered()
    room.redraw.changed(proposal.id)
    raise Later(max(1.0, room.redraw.pace.wait()))


async def _result(room: Mailroom, notice: Notice) -> Delivered:
    number = notice.body["proposal"]
    card = await proposal_card(room.desk, number)
    reason = notice.body.get("reason", "")
    message = not_pushed(card, reason) if reason else result_reply(card, card.approved_by)
    if "part" in notice.body:
        part = await saying.part(room.desk, notice.body)
        message = part_reply(card, part, card.approved_by)
    if notice.channel != card.proposal.channel:
        return Delivered(ts=await room.post(notice, message))
    await room.desk.say(await subscribing.copy_for(room.desk, notice, card.proposal.proposer))
    thread = await saying.thread_of(room.desk, card.proposal)
    try:
        ts = await room.post(notice, message, thread=thread)
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
        # Somebody deleted the message; who waits for the result hears it all the same.
        ts = await room.post(notice, message)
    return Delivered(ts=ts, draw=(number,))


async def _returning(room: Mailroom, notice: Notice) -> Delivered:
    """Show in a proposal's thread that its time is over and the earlier text returns."""
    number, revision = notice.body["proposal"], notice.body["revision"]
    card = await proposal_card(room.desk, number, revision)
    thread = await saying.thread_of(room.desk, card.proposal)
    message = await asyncio.to_thread(proposal_message, card)
    try:
        ts = await room.post(notice, message, thread=thread)
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
        ts = await room.post(notice, message)
    await saying.proposal_posted(room.desk, number, revision, ts=ts)
    return Delivered(ts=ts, draw=(number,))


async def _refusal(room: Mailroom, notice: Notice) -> Delivered:
    number = notice.body["proposal"]
    proposal = await saying.proposal(room.desk, number)
    if proposal is None:
        return Delivered()
    message = vote_refused(notice.body["reason"])
    await ask(
        room.client.chat_postEphemeral(
            channel=proposal.channel,
            user=notice.body["user"],
            text=message.text,
            blocks=message.blocks,
        )
    )
    return Delivered()


async def _answer(room: Mailroom, notice: Notice) -> Delivered:
    """Tell who submitted a form where the proposal is, where they typed the command."""
    proposal = await saying.proposal(room.desk, notice.body["proposal"])
    if proposal is None:
        return Delivered()
    if proposal.message_ts is None and notice.tries < PATIENT_TRIES:
        raise Later(1.0)
    url = ""
    if proposal.message_ts is not None:
        url = await room.permalink(proposal.channel, proposal.message_ts)
    message = proposed_answer(await proposal_card(room.desk, proposal.id), url)
    if await respond_at(notice.body["url"], message):
        return Delivered()
    await ask(
        room.client.chat_postEphemeral(
            channel=proposal.channel,
            user=notice.body["user"],
            text=message.text,
            blocks=message.blocks,
        )
    )
    return Delivered()


async def _unwritable(room: Mailroom, notice: Notice) -> Delivered:
    message = unwritable_notice(notice.body["channel"], notice.body["code"])
    return Delivered(ts=await room.post(notice, message))


ANNOUNCEMENTS: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "proposal": _proposal,
    "thread": _thread,
    "replaced": _replaced,
    "draw": _draw,
    "result": _result,
    "refusal": _refusal,
    "answer": _answer,
    "returning": _returning,
    "unwritable": _unwritable,
    **VOTE_NOTICES,
    **GLASS_NOTICES,
    **VERSION_NOTICES,
    **REMINDER_NOTICES,
    **SUMMARY_NOTICES,
}


def draw_notice(proposal: int, *, because: str) -> NewNotice:
    """Return the notice that a proposal's message is drawn again after another notice."""
    return NewNotice(
        key=f"draw:{because}",
        kind="draw",
        channel=f"proposal:{proposal}",
        body={"proposal": proposal},
    )


def unwritable(desk: Desk, notice: Notice, code: str) -> tuple[NewNotice, ...]:
    """Return what the general channel is told of a channel in which `notice` cannot be said."""
    place = notice.channel
    # Nobody else can help with a person's direct messages, and it cannot be told in itself.
    if code not in CLOSED or place == desk.rules.channel or not place.startswith(CHANNELS):
        return ()
    body = {"channel": place, "code": code}
    key = f"unwritable:{notice.id}"
    return (NewNotice(key=key, kind="unwritable", channel=desk.rules.channel, body=body),)


def answer_notice(proposal: int, revision: int, *, user: str, url: str) -> NewNotice:
    """Return the notice that answers a submitted form."""
    return NewNotice(
        key=f"answer:{proposal}:{revision}",
        kind="answer",
        channel=f"person:{user}",
        body={"proposal": proposal, "user": user, "url": url},
    )
