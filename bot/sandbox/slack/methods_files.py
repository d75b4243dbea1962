"""The file methods: a place to upload to, the end of an upload, which shares the file; a look,
and the end of a file.

Source: https://docs.slack.dev/reference/methods/files.getUploadURLExternal,
https://docs.slack.dev/reference/methods/files.completeUploadExternal,
https://docs.slack.dev/reference/methods/files.info and
https://docs.slack.dev/reference/methods/files.delete
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.file_access import readable_by_app
from bot.sandbox.slack.file_kinds import SNIPPETS
from bot.sandbox.slack.files import ALT_TEXT, MOST_BYTES, StoredFile
from bot.sandbox.slack.mentions import mentions, stored_text
from bot.sandbox.slack.methods_chat import checked_blocks, thread_in
from bot.sandbox.slack.workspace import SlackError

Json = dict[str, Any]


def get_upload_url(call: Call) -> Json:
    """Give an address for so many bytes and the id the file will have."""
    name, length = call.needed("filename"), call.whole("length", 0)
    if length <= 0:
        raise SlackError("missing_argument", detail="length")
    if length > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if call.text("snippet_type") and call.text("snippet_type") not in SNIPPETS:
        raise SlackError("unknown_snippet_type", detail=call.text("snippet_type"))
    made = call.workspace.files.promise(
        name, length, alt_text=call.text("alt_txt"), snippet=call.text("snippet_type")
    )
    address = f"{call.workspace.base_url}/slack/upload/v1/{made.ticket}"
    return {"upload_url": address, "file_id": made.id}


def complete_upload(call: Call) -> Json:
    """Make files of what was uploaded and share them in one message for each conversation."""
    given = _given(call)
    files = [_uploaded(call, str(one["id"])) for one in given]
    channels = [_place(call, ref) for ref in _refs(call)]
    threads = {channel.id: thread_in(call, channel) for channel in channels}
    blocks = _blocks(call)
    for file, one in zip(files, given, strict=True):
        places = tuple(channel.id for channel in channels)
        call.workspace.files.complete(file, str(one.get("title") or ""), places)
    for channel in channels:
        _share(call, channel, files, threads[channel.id], blocks)
    call.workspace.records.changed()
    return {"files": [shapes.file(call.workspace, file) for file in files]}


def info(call: Call) -> Json:
    """Tell of one file that the app can see; what it cannot see is not there."""
    file_id = call.needed("file")
    found = call.workspace.files.find(file_id)
    if found is None or found.completed is None or not readable_by_app(call.workspace, found):
        raise SlackError("file_not_found", detail=file_id)
    if found.deleted:
        raise SlackError("file_deleted", detail=file_id)
    following = {"next_cursor": ""}
    shown = shapes.file(call.workspace, found)
    return {"file": shown, "comments": [], "response_metadata": following}


def delete(call: Call) -> Json:
    """Delete a file of the app's own; what people brought is not its to delete."""
    file_id = call.needed("file")
    found = call.workspace.files.find(file_id)
    if found is None or found.completed is None or not readable_by_app(call.workspace, found):
        raise SlackError("file_not_found", detail=file_id)
    if found.deleted:
        raise SlackError("file_deleted", detail=file_id)
    if found.owner:
        raise SlackError("cant_delete_file", detail=file_id)
    call.workspace.files.delete(file_id)
    call.workspace.records.changed()
    return {}


def _given(call: Call) -> list[Json]:
    given = call.json("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", detail="files")
    if not all(isinstance(one, dict) and one.get("id") for one in given):
        raise SlackError("invalid_arguments", detail="each of the files needs an id")
    if len({one["id"] for one in given}) < len(given):
        raise SlackError("invalid_arguments", detail="a file is named twice")
    return given


def _uploaded(call: Call, file_id: str) -> StoredFile:
    """Return a file whose bytes are there and that nobody completed yet."""
    found = call.workspace.files.find(file_id)
    if found is None or found.content is None or found.completed is not None:
        raise SlackError("file_not_found", detail=file_id)
    return found


def _refs(call: Call) -> list[str]:
    refs = [call.text("channel_id"), *call.text("channels").split(",")]
    wanted = list(dict.fromkeys(ref.strip() for ref in refs if ref.strip()))
    if len(wanted) > 1 and call.text("thread_ts"):
        raise SlackError("invalid_arguments", detail="thread_ts goes with one channel")
    return wanted


def _place(call: Call, ref: str) -> Channel:
    """Return a conversation by id; nothing but being in it lets the app share a file there."""
    channel = call.workspace.joined_channel(ref)
    call.workspace.refuse_silent(channel)
    return channel


def _blocks(call: Call) -> list[Json]:
    """Return the blocks to share with; an initial comment makes Slack ignore them."""
    given = call.json("blocks", "invalid_blocks_format")
    if not given or call.text("initial_comment"):
        return []
    blocks = checked_blocks(given, call.workspace.files) or []
    # As of September 2026 Slack breaks on it here, and nowhere else (python-slack-sdk#1756).
    if any(block["type"] == "markdown" for block in blocks):
        raise SlackError("internal_error", detail="a markdown block beside a file")
    return blocks


def _share(
    call: Call, channel: Channel, files: list[StoredFile], thread: str | None, blocks: list[Json]
) -> None:
    text = call.text("initial_comment")
    call.workspace.post(
        Message(
            channel=channel.id,
            ts=call.workspace.stamp(),
            user=call.workspace.bot_user,
            text=stored_text(text),
            blocks=blocks,
            thread_ts=thread,
            files=[file.id for file in files],
            mentions=mentions(text, blocks, link_names=False),
        )
    )


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.delete": delete,
}
