"""Notices that the clock was set back, and lets nothing wait for a future that was none."""

from __future__ import annotations

import logging

from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


async def set_right(desk: Desk) -> None:
    """Put stamps that lie ahead to now, once the clock has been behind them for an hour.

    Whoever set the clock forward by mistake and back again would otherwise wait for the
    mistaken day: what is stamped with it counts as said, or as not begun.
    """
    now = desk.clock.now()
    if await desk.store.periods.behind(now=now):
        log.warning("clock.set_back stamps=%s", await desk.store.periods.set_back(now=now))
