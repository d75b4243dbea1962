"""How a proposal of many texts comes into its thread: a table, two files, its checklist."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.listing import Listing
from bot.domain.matrix import Matrix, matrix
from bot.domain.proposals import Proposal
from bot.exchange.proposed import changes_table, difference
from bot.slack.checks import SlackRefused
from bot.slack.faces.bulk_thread import file_names, files_comment, no_files_message, table_message
from bot.slack.faces.checklist import late_checklist_message
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import proposal_label
from bot.slack.voice.mailroom import Delivered, Enclosure, Later, Mailroom
from bot.slack.voice.pictures import matrix_picture, post_with
from bot.workflow import saying
from bot.workflow.saying import NewNotice, Notice
from bot.workflow.showing import listing_at_apple

log = logging.getLogger(__name__)

# Without the listing the table has what changes alone; so long (seconds) it is waited for.
_LOOK = 5.0
# How often (once a second) a checklist is waited for, which is longer than links may take.
_CHECKLIST_TRIES = 60
# Slack's names for what is wrong with a file or with the right to upload one; everything else
# is no different for files than for any message.
_NO_FILES = frozenset(
    {
        "missing_scope",
        "file_upload_size_restricted",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "slack_connect_file_upload_sharing_blocked",
        "storage_limit_reached",
        "unknown_snippet_type",
        "snippet_too_large",
        "malware_detected",
        "file_not_found",
    }
)


def bulk_notices(proposal: Proposal, ts: str, channel: str) -> tuple[NewNotice, ...]:
    """Return what a big proposal's thread is told under the message `ts`."""
    body = {"proposal": proposal.id, "revision": proposal.revision, "thread": ts}
    key = f"thread:{proposal.id}:{proposal.revision}:{ts}"
    return tuple(
        NewNotice(key=f"{key}:{what}", kind="thread", channel=channel, body={**body, "holds": what})
        for what in BULK
    )


async def say_bulk(room: Mailroom, notice: Notice) -> Delivered:
    """Say what a big proposal's thread holds."""
    body = notice.body
    proposal = await saying.proposal(room.desk, body["proposal"], body["revision"])
    if proposal is None:
        return Delivered()
    return Delivered(ts=await BULK[body["holds"]](room, notice, proposal))


async def _table(room: Mailroom, notice: Notice, proposal: Proposal) -> str:
    listing = await _listing(room, proposal)
    shown = await asyncio.to_thread(matrix, proposal.own, listing)
    return await post_with(
        room,
        notice,
        matrix_picture(shown),
        _message_of(proposal, shown),
        thread=notice.body["thread"],
    )


async def _listing(room: Mailroom, proposal: Proposal) -> Listing | None:
    """Return what Apple holds, None where that takes long: others wait to be told something."""
    try:
        async with asyncio.timeout(_LOOK):
            return await listing_at_apple(room.desk, proposal)
    except TimeoutError:
        log.info("listing.not_in_time proposal=%s", proposal.id)
        return None


def _message_of(proposal: Proposal, shown: Matrix) -> Callable[[str], Message]:
    def message(picture: str) -> Message:
        return table_message(proposal, shown, picture)

    return message


async def _files(room: Mailroom, notice: Notice, proposal: Proposal) -> str | None:
    thread = notice.body["thread"]
    files = await asyncio.to_thread(_enclosures, proposal)
    try:
        await room.share(notice, files, words=files_comment(proposal), thread=thread)
    except SlackRefused as error:
        if error.code not in _NO_FILES:
            raise
        log.warning("files.not_shared notice=%s error=%s", notice.id, error.code)
        message = no_files_message(proposal, error.code)
        return await room.post(notice, message, thread=thread)
    return None


async def _checklist(room: Mailroom, notice: Notice, proposal: Proposal) -> str | None:
    if (message := room.checklists.take(room.desk, proposal)) is None:
        if notice.tries >= _CHECKLIST_TRIES:
            log.warning("checklist.given_up notice=%s", notice.id)
            message = late_checklist_message(proposal)
        else:
            raise Later(1.0)
    return await room.post(notice, message, thread=notice.body["thread"])


def _enclosures(proposal: Proposal) -> tuple[Enclosure, ...]:
    title = f"Proposal {proposal.id}, revision {proposal.revision}: {proposal_label(proposal)}"
    diff, table = file_names(proposal)
    return (
        Enclosure(name=diff, content=difference(proposal.own, title), kind="diff"),
        Enclosure(name=table, content=changes_table(proposal.own), kind="csv"),
    )


BULK: Mapping[str, Callable[[Mailroom, Notice, Proposal], Awaitable[str | None]]] = {
    "table": _table,
    "files": _files,
    "checklist": _checklist,
}
