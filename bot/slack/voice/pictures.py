"""How a picture comes into a message: uploaded once, waited for, and left out if need be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.matrix import Matrix
from bot.slack.checks import SlackRefused, ask
from bot.slack.faces.matrix import alt_text, title
from bot.slack.faces.messages import Message
from bot.slack.matrix_chart import FILE_NAME, PANEL, draw_matrix
from bot.slack.voice.mailroom import Later, Mailroom
from bot.workflow import saying
from bot.workflow.saying import Notice

log = logging.getLogger(__name__)

# Slack works on a picture for some seconds before it can be shown in a block.
PICTURE_TRIES = 8
PICTURE_PAUSE = 4.0
# What Slack takes as a file's alternative text.
_ALT_TEXT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that is still to be drawn, with a file's name, a title, and the same in words."""

    name: str
    title: str
    alt: str
    draw: Callable[[], bytes]


def matrix_picture(shown: Matrix, *, panel: int = PANEL) -> Picture:
    """Return locales by fields as a picture that is still to be drawn; see `draw_matrix`."""
    return Picture(
        name=FILE_NAME,
        title=title(shown),
        alt=alt_text(shown),
        draw=lambda: draw_matrix(shown, panel=panel),
    )


async def post_with(
    room: Mailroom,
    notice: Notice,
    picture: Picture | None,
    message: Callable[[str], Message],
    *,
    thread: str | None = None,
) -> str:
    """Post the message that is drawn of a picture's file id, once, and return its ts.

    Without the picture, whatever became of it, the message is drawn of "".
    """
    shown = await _uploaded(room, notice, picture) if picture and notice.ts is None else ""
    try:
        return await room.post(notice, message(shown), thread=thread)
    except SlackRefused as error:
        if not shown:
            raise
        if error.code == "invalid_blocks" and notice.tries < PICTURE_TRIES:
            raise Later(PICTURE_PAUSE) from None
        log.warning("picture.not_shown notice=%s error=%s", notice.id, error.code)
    return await room.post(notice, message(""), thread=thread)


async def upload(client: AsyncWebClient, picture: Picture) -> str:
    """Draw a picture and upload it, shared with nobody; return its file's id, raise as `ask`."""
    drawn = await asyncio.to_thread(picture.draw)
    answer = await ask(
        client.files_upload_v2(
            filename=picture.name,
            content=drawn,
            title=picture.title,
            alt_txt=picture.alt[:_ALT_TEXT],
        )
    )
    return str(answer["files"][0]["id"])


async def _uploaded(room: Mailroom, notice: Notice, picture: Picture) -> str:
    """Return the id of a picture's file, "" when it could not be drawn or uploaded.

    A file that is shared with nobody shows nowhere, so one more after a crash does no harm;
    the one message that shows it is posted once, like every other.
    """
    if known := str(notice.body.get("picture", "")):
        return known
    try:
        made = await upload(room.client, picture)
    except Exception:
        log.exception("picture.not_made notice=%s", notice.id)
        return ""
    await saying.learned(room.desk, notice, picture=made)
    return made
