"""The picture in a preview: it comes once the words stand, and is deleted when they are gone.

Whatever happens to it, the table in signs says the same. Its file is shared with nobody, so one
that a crash leaves behind shows nowhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.clock import Clock
from bot.domain.matrix import Matrix
from bot.errors import BotError, Unavailable
from bot.slack.checks import SlackRefused, SlackSide, ask
from bot.slack.faces.form_states import View
from bot.slack.matrix_chart import PANEL_IN_MODAL
from bot.slack.patience import draw
from bot.slack.voice.pictures import PICTURE_PAUSE, PICTURE_TRIES, matrix_picture, upload

log = logging.getLogger(__name__)

# Slack's name for a view with a picture that it still works on.
_NOT_YET = "invalid_arguments"


async def add(
    slack: SlackSide,
    clock: Clock,
    view: tuple[str, str],
    shown: Matrix,
    with_picture: Callable[[str], View],
) -> None:
    """Draw a view, (id, hash), again with a picture's file id; not where it changed meanwhile."""
    try:
        file = await upload(slack.client, matrix_picture(shown, panel=PANEL_IN_MODAL))
    except BotError as error:
        log.warning("preview.no_picture error=%s", error)
        return
    except Exception:
        log.exception("preview.picture_broken")
        return
    view_id, hash_ = view
    try:
        await _put(slack, clock, view_id, hash_, await asyncio.to_thread(with_picture, file))
    except SlackRefused as error:
        log.info("preview.picture_not_shown error=%s", error.code)
        await delete(slack, file)
    except Unavailable as error:
        # It may be shown all the same; then it goes when the preview does.
        log.info("preview.picture_unknown error=%s", error)


async def _put(slack: SlackSide, clock: Clock, view_id: str, hash_: str, view: View) -> None:
    for _ in range(PICTURE_TRIES):
        try:
            await draw(slack.client, clock, view_id=view_id, view=view, hash_=hash_)
        except SlackRefused as error:
            if error.code != _NOT_YET:
                raise
        else:
            return
        await clock.sleep(PICTURE_PAUSE)
    await draw(slack.client, clock, view_id=view_id, view=view, hash_=hash_)


async def delete(slack: SlackSide, file: str) -> None:
    """Delete a picture of ours, "" for none; that it is gone already is as good."""
    if not file:
        return
    try:
        await ask(slack.client.files_delete(file=file))
    except BotError as error:
        log.info("preview.picture_stays error=%s", error)
