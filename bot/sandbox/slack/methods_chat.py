"""The chat methods: post, update, delete, ephemeral messages, permalinks."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack import limits, shapes
from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.contents import weight
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.mentions import mentions, stored_text
from bot.sandbox.slack.views import with_ids
from bot.sandbox.slack.workspace import SlackError

Json = dict[str, Any]


def checked_blocks(given: Any, files: Files) -> list[Json] | None:
    """Return blocks fit for a message, with ids; None when none were given."""
    if given is None:
        return None
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format", detail="blocks are no array")
    problems = [str(problem) for problem in check_blocks(given)] or files.unfit(given)
    if problems:
        raise SlackError(
            "invalid_blocks",
            detail=problems[0],
            errors=problems,
            response_metadata={"messages": [f"[ERROR] {words}" for words in problems]},
        )
    return with_ids(given)


def _content(call: Call) -> tuple[str, list[Json] | None, list[Json] | None]:
    """Return text, blocks and attachments; `no_text` when a message would be empty."""
    markdown = call.text("markdown_text")
    blocks = checked_blocks(call.json("blocks", "invalid_blocks_format"), call.workspace.files)
    attachments = call.json("attachments", "invalid_attachments")
    if markdown and (blocks or call.text("text")):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > limits.MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    if attachments and len(attachments) > limits.ATTACHMENTS:
        raise SlackError("too_many_attachments")
    text = call.text("text") or markdown
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    return text, blocks, attachments


def _metadata(call: Call) -> Json | None:
    given = call.json("metadata", "invalid_metadata_format")
    if not given:
        return None
    if not isinstance(given, dict) or "event_type" not in given or "event_payload" not in given:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(given).encode()) > limits.METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return given


def _target(call: Call) -> Channel:
    """Return the channel to post in, which the app must be in unless it may post anywhere."""
    channel = call.workspace.named_channel(call.needed("channel", "channel_not_found"))
    if channel.is_archived:
        raise SlackError("is_archived")
    inside = call.workspace.bot_user in channel.members
    if not inside and (channel.is_private or "chat:write.public" not in call.scopes):
        raise SlackError("not_in_channel")
    call.workspace.refuse_silent(channel)
    return channel


def thread_in(call: Call, channel: Channel) -> str | None:
    """Return the thread to answer in, None for the channel; `thread_not_found`."""
    thread_ts = call.text("thread_ts") or None
    if thread_ts and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    return thread_ts


def _new(call: Call, channel: Channel, seen_by: str | None = None) -> Message:
    text, blocks, attachments = _content(call)
    thread_ts = thread_in(call, channel)
    return Message(
        channel=channel.id,
        ts=call.workspace.stamp(),
        user=call.workspace.bot_user,
        text=stored_text(text),
        blocks=blocks or [],
        attachments=attachments or [],
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and seen_by is None and call.flag("reply_broadcast"),
        metadata=_metadata(call),
        seen_by=seen_by,
        mentions=mentions(text, blocks or [], link_names=call.flag("link_names")),
    )


def post_message(call: Call) -> Json:
    """Post a message: `msg_blocks_too_long` above the budget of a whole message."""
    channel = _target(call)
    message = _new(call, channel)
    if weight(message.blocks) > limits.MESSAGE_BUDGET:
        raise SlackError("msg_blocks_too_long", detail=f"{weight(message.blocks)} characters")
    call.workspace.post(message)
    shown = shapes.message(call.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """Post a message that one person sees; it has no place in the history."""
    channel = _target(call)
    who = call.needed("user", "user_not_found")
    call.workspace.person(who)
    if who not in channel.members:
        raise SlackError("user_not_in_channel")
    message = call.workspace.post(_new(call, channel, seen_by=who))
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change one of the app's own messages; what is not given stays."""
    channel = call.channel()
    message = call.workspace.message(channel, call.needed("ts", "message_not_found"))
    if message.user != call.workspace.bot_user:
        raise SlackError("cant_update_message")
    if len(call.text("text")) > limits.UPDATE_TEXT:
        raise SlackError("msg_too_long")
    text, blocks, attachments = _content(call)
    if text and stored_text(text) != message.text:
        message.text, message.edited = stored_text(text), call.workspace.stamp()
    message.blocks = message.blocks if blocks is None else blocks
    message.attachments = message.attachments if attachments is None else attachments
    if "metadata" in call.args:
        message.metadata = _metadata(call)
    if call.flag("reply_broadcast"):
        message.broadcast = message.is_reply
    message.mentions = mentions(message.text, message.blocks, link_names=call.flag("link_names"))
    call.workspace.records.changed()
    shown = shapes.message(call.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    """Delete one of the app's own messages; replies to it stay."""
    channel = call.channel()
    message = call.workspace.message(channel, call.needed("ts", "message_not_found"))
    if message.user != call.workspace.bot_user:
        raise SlackError("cant_delete_message")
    message.gone = True
    if not call.workspace.replies(channel, message.ts):
        del channel.messages[message.ts]
    call.workspace.records.changed()
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    ts = call.needed("message_ts", "message_not_found")
    message = call.workspace.message(channel, ts)
    address = f"https://{call.workspace.cast.team.domain}.slack.com/archives/{channel.id}/p"
    address += ts.replace(".", "")
    if message.thread_ts and message.thread_ts != ts:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
