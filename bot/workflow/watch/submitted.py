"""What submissions carry, which the look at all apps does not say.

Knows that each is asked for once when it is new or changed; refuses to know what is said.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping

from bot.appstore import AppState
from bot.domain.releases import Submission
from bot.errors import BotError
from bot.workflow.desk import Desk
from bot.workflow.watch.sight import Memory
from bot.workflow.watch.standing import unread

log = logging.getLogger(__name__)


async def read_submissions(
    desk: Desk, states: Iterable[AppState], memory: Memory
) -> Mapping[str, Submission]:
    """Return those that are new or changed, as they are read now, by id; what fails is left out.

    An app that nobody is told of and one that was never seen are not asked for.
    """
    wanted = [
        one
        for state in states
        if desk.rules.serves(state.app.bundle_id)
        for one in unread(state, memory)
    ]
    found = await asyncio.gather(*(_read(desk, one) for one in wanted))
    return {one.id: one for one in found if one is not None}


async def _read(desk: Desk, listed: Submission) -> Submission | None:
    try:
        return await desk.store_of(listed.app_id).submission(listed.app_id, listed.id)
    except BotError as error:
        # It stays new or changed until the next look, which tries again.
        log.warning("watch.submission_not_read id=%s error=%s", listed.id, error)
        return None
