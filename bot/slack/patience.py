"""Drawing a modal that may have to wait: again after the pause that Slack asks for, with a cap."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import Unavailable
from bot.slack.checks import ask

log = logging.getLogger(__name__)

DRAWN_AGAIN = 3
LONGEST_PAUSE = 120.0


async def draw(
    client: AsyncWebClient,
    clock: Clock,
    *,
    view_id: str,
    view: dict[str, Any],
    hash_: str | None = None,
) -> str:
    """Update a view, up to three more times when Slack has no room; raises as `ask` does.

    Returns the hash that the view has then. Drawing twice does no harm, so the pause alone is a
    reason to wait and not to give up.
    """
    for _ in range(DRAWN_AGAIN):
        try:
            return await _updated(client, view_id, view, hash_)
        except Unavailable as error:
            if error.retry_after is None or error.retry_after > LONGEST_PAUSE:
                raise
            log.info("view.waits seconds=%s", error.retry_after)
            await clock.sleep(error.retry_after)
    return await _updated(client, view_id, view, hash_)


async def _updated(
    client: AsyncWebClient, view_id: str, view: dict[str, Any], hash_: str | None
) -> str:
    answer = await ask(client.views_update(view_id=view_id, view=view, hash=hash_))
    return str(answer["view"].get("hash") or "")
