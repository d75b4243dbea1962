"""Says what the outbox holds, and draws proposals' messages again when they change.

Everything is drawn from the store at the moment it is said. chat.postMessage takes one
message a second in a channel.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta

from bot.clock import Clock, SteadyTime
from bot.domain.proposals import UNDER_WAY
from bot.errors import BotError, Unavailable, Unwritable
from bot.slack.checks import SlackRefused, SlackSide, Unreachable, ask
from bot.slack.faces.messages import proposal_message
from bot.slack.voice.announcements import (
    ANNOUNCEMENTS,
    CLOSED,
    PASSING,
    SHUT_OUT,
    draw_notice,
    unwritable,
)
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Later, Mailroom
from bot.slack.voice.of_checklists import Checklists
from bot.slack.voice.pacing import woken
from bot.slack.voice.redraw import Redraw, Shown
from bot.slack.work import Work
from bot.workflow import rereading, rivalry, saying
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import proposal_card
from bot.workflow.saying import Notice

log = logging.getLogger(__name__)

BETWEEN_POSTS = timedelta(seconds=1)
# A notice that Slack refuses as it is is dropped; what is only unavailable is tried so often
# and at least for a day.
MOST_TRIES = 60
LONGEST_TRYING = timedelta(days=1)
LONGEST_PAUSE = 300.0
# What breaks here is tried again, as events are: a full disk passes, a defect does not.
MOST_BREAKS = 6
FIRST_PAUSE = 5.0
# What waits until somebody lets the bot in again is tried so often, for at most so long.
WAITING_PAUSE = timedelta(minutes=10)
LONGEST_WAITING = timedelta(days=7)
MOST_ADDRESSES = 1_000


class SlackNotifier:
    """The workflow's `Notifier`, on Slack."""

    def __init__(self, slack: SlackSide, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._time = SteadyTime(clock)
        self._redraw = Redraw(clock)
        self._checklists = Checklists()
        self._mail = asyncio.Event()
        self._free_at: dict[str, datetime] = {}
        self._breaks: Counter[int] = Counter()
        self._addresses: dict[tuple[str, str], str] = {}

    def __repr__(self) -> str:
        return f"<SlackNotifier {self._redraw!r}>"

    def begin(self, desk: Desk, work: Work) -> None:
        """Start to say and draw; what was asked for before is done now."""

        async def draw(number: int) -> Shown | None:
            return await self._draw(desk, number)

        self._checklists.begin(work)
        work.keep(lambda: self._deliver(desk), self._clock)
        work.keep(lambda: self._redraw.run(desk, draw), self._clock)

    def proposal_changed(self, proposal: int) -> None:
        """Draw a proposal's message again soon; the newest state is always drawn in the end."""
        self._redraw.changed(proposal)
        self.notices_waiting()

    def notices_waiting(self) -> None:
        """Look at the outbox now."""
        self._mail.set()

    async def address(self, channel: str, message: str) -> str:
        """Return where a message is to be seen; Slack is asked once for each."""
        place = (channel, message)
        if place not in self._addresses:
            answer = await ask(
                self._slack.client.chat_getPermalink(channel=channel, message_ts=message)
            )
            if len(self._addresses) >= MOST_ADDRESSES:
                self._addresses.clear()
            self._addresses[place] = str(answer["permalink"])
        return self._addresses[place]

    # -- drawing again -------------------------------------------------------------------

    async def _draw(self, desk: Desk, number: int) -> Shown | None:
        card = await proposal_card(desk, number)
        proposal = card.proposal
        if proposal.message_ts is None:
            return None
        room = self._mailroom(desk)
        links = await room.links(proposal)
        # The first drawing of many long texts would hold up everything else.
        message = await asyncio.to_thread(proposal_message, card, links=links)
        try:
            await room.update(proposal.channel, proposal.message_ts, message)
        except SlackRefused as error:
            log.warning("message.not_drawn proposal=%s error=%s", number, error.code)
            if error.code in NOT_THERE:
                await rereading.gone(desk, proposal)
        if proposal.status not in UNDER_WAY:
            for other in await rivalry.to_draw_again(desk, proposal):
                self._redraw.changed(other)
        return proposal.revision, proposal.status

    # -- saying --------------------------------------------------------------------------

    async def _deliver(self, desk: Desk) -> None:
        while True:
            now = self._time.now()
            self._free_at = {place: at for place, at in self._free_at.items() if at > now}
            notice = await saying.next_notice(desk, busy=self._free_at)
            if notice is None:
                await woken(self._mail, self._clock, await self._pause(desk))
                continue
            await self._say(desk, notice)

    async def _pause(self, desk: Desk) -> float | None:
        due = await saying.next_due(desk, busy=self._free_at)
        pauses = [at - self._time.now() for at in self._free_at.values()]
        if due is not None:
            pauses.append(max(due - self._clock.now(), BETWEEN_POSTS))
        if not pauses:
            return None
        # The store took its time to answer.
        return max(0.05, min(min(pauses).total_seconds(), LONGEST_PAUSE))

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
            await self._refused(desk, notice, error)
            return
        except Exception:
            log.exception("notice.broken notice=%s kind=%s", notice.id, notice.kind)
            await self._broke(desk, notice)
            return
        await self._said(desk, notice, delivered)

    async def _broke(self, desk: Desk, notice: Notice) -> None:
        """Put back what broke, since that may pass and it may have been said; not for ever."""
        before = self._breaks[notice.id]
        if before + 1 >= MOST_BREAKS:
            log.error("notice.given_up notice=%s kind=%s", notice.id, notice.kind)
            await saying.never(desk, notice)
            del self._breaks[notice.id]
            return
        pause = timedelta(seconds=FIRST_PAUSE * 2**before)
        await saying.in_doubt(desk, notice, due=self._clock.now() + pause)
        self._breaks[notice.id] += 1

    async def _said(self, desk: Desk, notice: Notice, delivered: Delivered) -> None:
        self._hold(notice.channel, BETWEEN_POSTS)
        drawings = [draw_notice(number, because=notice.key) for number in delivered.draw]
        await saying.said(desk, notice, ts=delivered.ts, then=drawings)
        self._breaks.pop(notice.id, None)
        for number in delivered.draw:
            self.proposal_changed(number)

    async def _refused(self, desk: Desk, notice: Notice, error: BotError) -> None:
        """Put back what can be said once somebody lets the bot in; end everything else."""
        code = error.code if isinstance(error, SlackRefused) else ""
        now = self._clock.now()
        mendable = code in CLOSED | SHUT_OUT and notice.kind not in PASSING
        if not mendable or now - notice.created_at > LONGEST_WAITING:
            log.warning("notice.refused notice=%s kind=%s error=%s", notice.id, notice.kind, error)
            await saying.never(desk, notice)
            return
        log.warning("notice.waits notice=%s kind=%s error=%s", notice.id, notice.kind, error)
        self._hold(notice.channel, WAITING_PAUSE)
        await saying.not_yet(desk, notice, due=now + WAITING_PAUSE)
        if notice.kind != "thread":
            await desk.say(unwritable(desk, notice, code))

    async def _postpone(self, desk: Desk, notice: Notice, error: Unavailable) -> None:
        now = self._clock.now()
        if notice.tries >= MOST_TRIES and now - notice.created_at > LONGEST_TRYING:
            log.error("notice.given_up notice=%s kind=%s", notice.id, notice.kind)
            await saying.never(desk, notice)
            return
        seconds = error.retry_after or min(LONGEST_PAUSE, 2.0 ** min(notice.tries, 8))
        pause = timedelta(seconds=seconds)
        self._hold(notice.channel, pause)
        doubtful = isinstance(error, Unreachable | Unwritable)
        put_back = saying.in_doubt if doubtful else saying.not_yet
        await put_back(desk, notice, due=now + pause)

    def _hold(self, channel: str, pause: timedelta) -> None:
        """Say nothing in a channel for so long."""
        self._free_at[channel] = self._time.now() + pause

    def _mailroom(self, desk: Desk) -> Mailroom:
        return Mailroom(
            desk=desk,
            client=self._slack.client,
            redraw=self._redraw,
            checklists=self._checklists,
        )
