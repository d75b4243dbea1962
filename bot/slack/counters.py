"""The counts under an edit form's inputs: drawn when typing pauses, or not at all.

They never stand in the way of what has to be drawn: where Slack has no room they are dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from bot.clock import Clock, SteadyTime
from bot.errors import Unavailable
from bot.slack.checks import SlackRefused, SlackSide, ask
from bot.slack.faces.form import recounted
from bot.slack.typed import Shown
from bot.slack.voice.pacing import Pace
from bot.workflow import drafting, keeping
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

UPDATES_A_MINUTE = 60
PAUSE = 1.0


class Counters:
    """Counts what is typed into edit forms, of each draft what was typed last."""

    def __init__(self, desk: Desk, slack: SlackSide, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._clock = clock
        self._time = SteadyTime(clock)
        self._pace = Pace(clock, most=UPDATES_A_MINUTE, seconds=60)
        self._none_before = self._time.now()
        self._typing: dict[int, int] = {}
        self._typed = count(1)

    def __repr__(self) -> str:
        return f"<Counters {self._pace!r}>"

    def begin(self, draft: int) -> int:
        """Return the number of what was typed just now; what was typed before is not counted."""
        number = self._typing[draft] = next(self._typed)
        return number

    def forget(self, draft: int) -> None:
        """Count nothing of what was typed into a draft so far."""
        self._typing.pop(draft, None)

    async def draw(self, view: Mapping[str, Any], shown: Shown, number: int) -> None:
        """Draw the counts after a pause, unless more was typed since `number`; or drop them."""
        await self._clock.sleep(PAUSE)
        if self._typing.get(shown.draft) != number:
            return
        self.forget(shown.draft)
        if self._time.now() < self._none_before or not self._pace.try_take():
            return
        try:
            await self._redraw(view, shown)
        except (SlackRefused, keeping.Ended) as error:
            log.info("counter.dropped draft=%s error=%s", shown.draft, error)
        except Unavailable as error:
            pause = timedelta(seconds=error.retry_after or 0)
            self._none_before = self._time.now() + pause
            log.info("counter.dropped draft=%s error=%s", shown.draft, error)

    async def _redraw(self, view: Mapping[str, Any], shown: Shown) -> None:
        """Draw the same inputs with other hints; Slack keeps what stands in them."""
        form = await drafting.form(self._desk, shown.draft)
        if form.locale != shown.locale:
            return
        # It is never drawn again: a count that comes late is none.
        await ask(
            self._client.views_update(
                view_id=str(view["id"]), view=recounted(view, form), hash=view.get("hash")
            )
        )
