"""Says what the outbox holds, and draws proposals' messages again when they change.

Everything is drawn from the store at the moment it is said. Slack's limits: chat.postMessage
one a second in a channel, chat.update 50 a minute of which the bot takes 40.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.proposals import Status
from bot.errors import BotError, Unavailable
from bot.slack.announcements import ANNOUNCEMENTS, Delivered, Later, Mailroom
from bot.slack.checks import SlackRefused, SlackSide, Unreachable
from bot.slack.messages import proposal_message
from bot.slack.pacing import Pace, woken
from bot.slack.work import Work
from bot.workflow import saying
from bot.workflow.desk import Desk
from bot.workflow.saying import Notice
from bot.workflow.showing import proposal_card

log = logging.getLogger(__name__)

UPDATES_A_MINUTE = 40
BETWEEN_POSTS = timedelta(seconds=1)
FIRST_PROGRESS = 1.0
NEXT_PROGRESS = 3.0
# A notice that Slack refuses for good is dropped; what is only unavailable is tried for a day.
MOST_TRIES = 60
LONGEST_PAUSE = 300.0


class SlackNotifier:
    """The workflow's `Notifier`, on Slack."""

    def __init__(self, slack: SlackSide, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._updates = Pace(clock, most=UPDATES_A_MINUTE, seconds=60)
        self._mail = asyncio.Event()
        self._free_at: dict[str, datetime] = {}
        self._dirty: set[int] = set()
        self._drawing: set[int] = set()
        self._drawn_at: dict[int, datetime] = {}
        self._work: Work | None = None
        self._desk: Desk | None = None

    def __repr__(self) -> str:
        return f"<SlackNotifier dirty={sorted(self._dirty)} {self._updates!r}>"

    def begin(self, desk: Desk, work: Work) -> None:
        """Start to say and draw; what was asked for before is done now."""
        self._desk, self._work = desk, work
        work.start(self._deliver(desk))
        for number in tuple(self._dirty):
            self.proposal_changed(number)

    def proposal_changed(self, proposal: int) -> None:
        """Draw a proposal's message again soon; the newest state is always drawn in the end."""
        self._dirty.add(proposal)
        self.notices_waiting()
        if self._work is not None and proposal not in self._drawing:
            self._drawing.add(proposal)
            self._work.start(self._draw_while_dirty(proposal))

    def notices_waiting(self) -> None:
        """Look at the outbox now."""
        self._mail.set()

    # -- drawing again -------------------------------------------------------------------

    async def _draw_while_dirty(self, number: int) -> None:
        try:
            while number in self._dirty:
                await self._wait_for_progress(number)
                await self._updates.take()
                self._dirty.discard(number)
                self._drawn_at[number] = self._clock.now()
                await self._draw(number)
        finally:
            self._drawing.discard(number)

    async def _wait_for_progress(self, number: int) -> None:
        """While a push runs, draw after a second and then every three at most."""
        proposal = await saying.proposal(self._at_desk(), number)
        if proposal is None or proposal.status is not Status.PUSHING:
            return
        drawn = self._drawn_at.get(number)
        now = self._clock.now()
        if drawn is None or now - drawn > timedelta(seconds=NEXT_PROGRESS):
            await self._clock.sleep(FIRST_PROGRESS)
        else:
            pause = drawn + timedelta(seconds=NEXT_PROGRESS) - now
            await self._clock.sleep(pause.total_seconds())

    async def _draw(self, number: int) -> None:
        desk = self._at_desk()
        card = await proposal_card(desk, number)
        ts = card.proposal.message_ts
        if ts is None:
            return
        links = await self._mailroom(desk).links(card.proposal)
        message = proposal_message(card, links=links)
        try:
            await self._mailroom(desk).update(card.proposal.channel, ts, message)
        except Unavailable as error:
            self._dirty.add(number)
            await self._clock.sleep(error.retry_after or NEXT_PROGRESS)
        except SlackRefused as error:
            log.warning("message.not_drawn proposal=%s error=%s", number, error.code)

    # -- saying --------------------------------------------------------------------------

    async def _deliver(self, desk: Desk) -> None:
        while True:
            now = self._clock.now()
            busy = {channel for channel, free in self._free_at.items() if free > now}
            notice = await saying.next_notice(desk, busy=busy)
            if notice is None:
                await woken(self._mail, self._clock, await self._pause(desk, now))
                continue
            await self._say(desk, notice)

    async def _pause(self, desk: Desk, now: datetime) -> float | None:
        due = await saying.next_due(desk)
        if due is None:
            return None
        free = [at for at in self._free_at.values() if at > now]
        earliest = min([*free, max(due, now + BETWEEN_POSTS)])
        return max(0.05, min((earliest - now).total_seconds(), LONGEST_PAUSE))

    async def _say(self, desk: Desk, notice: Notice) -> None:
        announce = ANNOUNCEMENTS[notice.kind]
        try:
            delivered = await announce(self._mailroom(desk), notice)
        except Later as later:
            await saying.not_yet(desk, notice, due=self._clock.now() + later.wait)
            return
        except Unavailable as error:
            await self._postpone(desk, notice, error)
            return
        except BotError as error:
            log.warning("notice.refused notice=%s kind=%s error=%s", notice.id, notice.kind, error)
            await saying.never(desk, notice)
            return
        except Exception:
            log.exception("notice.broken notice=%s kind=%s", notice.id, notice.kind)
            await saying.never(desk, notice)
            return
        await self._said(desk, notice, delivered)

    async def _said(self, desk: Desk, notice: Notice, delivered: Delivered) -> None:
        self._free_at[notice.channel] = self._clock.now() + BETWEEN_POSTS
        await saying.said(desk, notice, ts=delivered.ts)
        for number in delivered.draw:
            self.proposal_changed(number)

    async def _postpone(self, desk: Desk, notice: Notice, error: Unavailable) -> None:
        if notice.tries >= MOST_TRIES:
            log.error("notice.given_up notice=%s kind=%s", notice.id, notice.kind)
            await saying.never(desk, notice)
            return
        pause = error.retry_after or min(LONGEST_PAUSE, 2.0 ** min(notice.tries, 8))
        due = self._clock.now() + timedelta(seconds=pause)
        self._free_at[notice.channel] = due
        put_back = saying.in_doubt if isinstance(error, Unreachable) else saying.not_yet
        await put_back(desk, notice, due=due)

    def _mailroom(self, desk: Desk) -> Mailroom:
        return Mailroom(desk=desk, client=self._slack.client)

    def _at_desk(self) -> Desk:
        if self._desk is None:
            raise RuntimeError("the notifier has not begun")
        return self._desk

    @property
    def state(self) -> Mapping[str, int]:
        """What waits to be drawn, for the health page."""
        return {"dirty": len(self._dirty), "drawing": len(self._drawing)}
