"""Each kind of notice and how it is said: what is drawn, where it goes, what follows.

A notice that may have been said before a crash is looked for by the key that its message
carries (Slack, "Message metadata") before it is said again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.listing import App, Version
from bot.domain.proposals import Proposal
from bot.errors import Refused
from bot.slack.answers import proposed_answer
from bot.slack.blocks import context, section
from bot.slack.checks import SlackRefused, ask
from bot.slack.messages import Message, proposal_message, superseded_message, thread_messages
from bot.slack.notices import (
    failure_summary,
    release_notification,
    reminder,
    result_reply,
    vote_refused,
)
from bot.slack.respond import respond_at
from bot.workflow import saying
from bot.workflow.cards import ReleaseCard, ReminderCard
from bot.workflow.desk import Desk, app_link
from bot.workflow.saying import NewNotice, Notice
from bot.workflow.showing import failures, history, proposal_card

METADATA_TYPE = "marquee_notice"
LOOK_BACK_MESSAGES = 100
NOT_THERE = {"message_not_found", "channel_not_found", "thread_not_found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """That a notice was said: as which message, and which proposals look different now."""

    ts: str | None = None
    draw: tuple[int, ...] = ()


class Later(Exception):
    """What the notice needs is not there yet."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.wait = timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Sends messages; every method raises SlackRefused or Unavailable."""

    desk: Desk
    client: AsyncWebClient

    async def post(
        self, notice: Notice, message: Message, *, channel: str = "", thread: str | None = None
    ) -> str:
        """Post a notice's message once and return its ts."""
        where = channel or notice.channel
        if notice.unsure:
            found = await self._posted_before(notice, where, thread)
            if found is not None:
                return found
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"key": notice.key}}
        answer = await ask(
            self.client.chat_postMessage(
                channel=where,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Draw a message again."""
        await ask(
            self.client.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.blocks
            )
        )

    async def seed(self, channel: str, ts: str) -> None:
        """Put the first approve and the first reject emoji on a message."""
        policy = self.desk.rules.policy
        for name in (*policy.approve[:1], *policy.reject[:1]):
            try:
                await ask(self.client.reactions_add(channel=channel, timestamp=ts, name=name))
            except SlackRefused as error:
                if error.code not in ("already_reacted", "invalid_name"):
                    raise

    async def permalink(self, channel: str, ts: str) -> str:
        """Return the address of a message."""
        answer = await ask(self.client.chat_getPermalink(channel=channel, message_ts=ts))
        return str(answer["permalink"])

    async def links(self, proposal: Proposal) -> Mapping[str, str]:
        """Return locale -> address of its message in a proposal's thread."""
        return await saying.thread_links(self.desk, proposal)

    async def _posted_before(self, notice: Notice, channel: str, thread: str | None) -> str | None:
        oldest = f"{notice.created_at.timestamp() - 5:.6f}"
        if thread is None:
            answer = await ask(
                self.client.conversations_history(
                    channel=channel,
                    oldest=oldest,
                    limit=LOOK_BACK_MESSAGES,
                    include_all_metadata=True,
                )
            )
        else:
            answer = await ask(
                self.client.conversations_replies(
                    channel=channel,
                    ts=thread,
                    oldest=oldest,
                    limit=LOOK_BACK_MESSAGES,
                    include_all_metadata=True,
                )
            )
        messages: list[dict[str, Any]] = answer["messages"]
        for message in messages:
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("key") == notice.key:
                return str(message["ts"])
        return None


async def _proposal(room: Mailroom, notice: Notice) -> Delivered:
    number, revision = notice.body["proposal"], notice.body["revision"]
    card = await proposal_card(room.desk, number, revision)
    ts = await room.post(notice, proposal_message(card, notify=True))
    await saying.proposal_posted(room.desk, number, revision, ts=ts)
    if card.current:
        await room.seed(notice.channel, ts)
    threads = [
        NewNotice(
            key=f"thread:{number}:{revision}:{ts}:{place}",
            kind="thread",
            channel=notice.channel,
            body={"proposal": number, "revision": revision, "place": place, "thread": ts},
        )
        for place in range(len(thread_messages(card)))
    ]
    await room.desk.say(threads)
    return Delivered(ts=ts)


async def _thread(room: Mailroom, notice: Notice) -> Delivered:
    number, revision = notice.body["proposal"], notice.body["revision"]
    messages = thread_messages(await proposal_card(room.desk, number, revision))
    place = notice.body["place"]
    if place >= len(messages):
        return Delivered()
    ts = await room.post(notice, messages[place], thread=notice.body["thread"])
    url = await room.permalink(notice.channel, ts)
    await saying.thread_posted(room.desk, number, revision, messages[place].locale, address=url)
    last = place == len(messages) - 1
    return Delivered(ts=ts, draw=(number,) if last else ())


async def _replaced(room: Mailroom, notice: Notice) -> Delivered:
    number, revision = notice.body["proposal"], notice.body["revision"]
    ts = await saying.message_of(room.desk, number, revision)
    if ts is None:
        return Delivered()
    newest = await proposal_card(room.desk, number)
    newest_ts = newest.proposal.message_ts
    link = await room.permalink(notice.channel, newest_ts) if newest_ts else ""
    try:
        await room.update(
            notice.channel, ts, superseded_message(replace(newest, current=False), link=link)
        )
    except SlackRefused as error:
        if error.code not in NOT_THERE:
            raise
    return Delivered(ts=ts)


async def _result(room: Mailroom, notice: Notice) -> Delivered:
    number = notice.body["proposal"]
    card = await proposal_card(room.desk, number)
    reason = notice.body.get("reason", "")
    message = _not_begun(card.proposal, reason) if reason else None
    ts = await room.post(
        notice,
        message or result_reply(card, card.approved_by),
        thread=card.proposal.message_ts,
    )
    return Delivered(ts=ts, draw=(number,))


def _not_begun(proposal: Proposal, reason: str) -> Message:
    return Message(
        text=f"Proposal {proposal.id} was not pushed. {reason}",
        blocks=[section(reason), context(f"Proposal {proposal.id} is open again.")],
    )


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
    if proposal.message_ts is None:
        raise Later(1.0)
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


async def _release(room: Mailroom, notice: Notice) -> Delivered:
    app, version = await _version(room.desk, notice.body, state=notice.body["new"])
    card = ReleaseCard(
        app=app,
        version=version,
        old_state=notice.body["old"],
        new_state=notice.body["new"],
        changes=await history(room.desk, app, version_id=version.id),
        link=app_link(app.id),
    )
    return Delivered(ts=await room.post(notice, release_notification(card)))


async def _reminder(room: Mailroom, notice: Notice) -> Delivered:
    app, version = await _version(room.desk, notice.body, state=notice.body["state"])
    since = datetime.fromisoformat(notice.body["since"])
    card = ReminderCard(app=app, version=version, since=since, link=app_link(app.id))
    return Delivered(ts=await room.post(notice, reminder(card)))


async def _failures(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    summary = await failures(
        room.desk,
        day=body["day"],
        since=datetime.fromisoformat(body["since"]),
        until=datetime.fromisoformat(body["until"]),
    )
    message = failure_summary(summary)
    return Delivered(ts=await room.post(notice, message) if message else None)


async def _version(desk: Desk, body: Mapping[str, Any], *, state: str) -> tuple[App, Version]:
    app = await saying.app(desk, body["app"])
    if app is None:
        raise Refused(f"The app {body['app']} is not known any more.")
    return app, Version(
        id=body["version"],
        app_id=app.id,
        platform=body["platform"],
        number=body["number"],
        state=state,
    )


ANNOUNCEMENTS: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "proposal": _proposal,
    "thread": _thread,
    "replaced": _replaced,
    "result": _result,
    "refusal": _refusal,
    "answer": _answer,
    "release": _release,
    "reminder": _reminder,
    "failures": _failures,
}


def answer_notice(proposal: int, revision: int, *, user: str, url: str) -> NewNotice:
    """Return the notice that answers a submitted form."""
    return NewNotice(
        key=f"answer:{proposal}:{revision}",
        kind="answer",
        channel=f"person:{user}",
        body={"proposal": proposal, "user": user, "url": url},
    )
