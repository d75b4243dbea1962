"""Which proposals' messages are drawn again and when: soon, in order, within Slack's patience.

Knows changes, their turns and the budget of chat.update; refuses to know how a message is
drawn. What has come to rest goes before what is still moving.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock, SteadyTime
from bot.domain.proposals import Proposal, Status
from bot.errors import Unavailable
from bot.slack.voice.pacing import Pace, woken
from bot.workflow import saying
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

# Slack takes fifty chat.update a minute; people and restarts keep the rest.
UPDATES_A_MINUTE = 40
FIRST_PROGRESS = timedelta(seconds=1)
NEXT_PROGRESS = timedelta(seconds=3)
TRY_AGAIN, LONGEST_PAUSE = 3.0, 60.0
MOST_TRIES = 100
MOST_REMEMBERED = 500

# What a message shows: the revision and where the proposal stands.
Shown = tuple[int, Status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a message is drawn; `moving` while a push runs, `tries` that Slack did not take."""

    due: datetime
    moving: bool
    tries: int = 0


class Redraw:
    """The messages to draw again; `draw` raises Unavailable when Slack does not answer."""

    def __init__(self, clock: Clock) -> None:
        self.pace = Pace(clock, most=UPDATES_A_MINUTE, seconds=60)
        self._clock = clock
        self._time = SteadyTime(clock)
        self._changed: set[int] = set()
        self._turns: dict[int, Turn] = {}
        self._moving: dict[int, datetime] = {}
        self._shown: dict[int, Shown] = {}
        self._not_before = self._time.now()
        self._arrived = asyncio.Event()

    def __repr__(self) -> str:
        return f"<Redraw waiting={sorted(self._changed | self._turns.keys())} {self.pace!r}>"

    def changed(self, proposal: int) -> None:
        """Draw a proposal's message again soon; the newest state is always drawn in the end."""
        self._changed.add(proposal)
        self._shown.pop(proposal, None)
        self._arrived.set()

    def shows(self, proposal: Proposal) -> bool:
        """Return whether the message is known to show the proposal as it stands."""
        number = proposal.id
        if number in self._changed or number in self._turns:
            return False
        return self._shown.get(number) == (proposal.revision, proposal.status)

    async def run(self, desk: Desk, draw: Callable[[int], Awaitable[Shown | None]]) -> None:
        """Draw what changed, for ever, one message after the other."""
        while True:
            await self._give_turns(desk)
            number = min(self._turns, key=self._order, default=None)
            pause = None if number is None else self._pause(self._turns[number])
            if number is None or pause:
                await woken(self._arrived, self._clock, pause)
            elif self.pace.try_take():
                await self._draw(number, draw)

    def _order(self, number: int) -> tuple[bool, datetime]:
        turn = self._turns[number]
        return turn.moving, turn.due

    def _pause(self, turn: Turn) -> float:
        until_due = (max(turn.due, self._not_before) - self._time.now()).total_seconds()
        return max(0.0, until_due, self.pace.wait())

    async def _give_turns(self, desk: Desk) -> None:
        for number in tuple(self._changed):
            self._changed.discard(number)
            status = await saying.status(desk, number)
            if status is not None:
                self._give_turn(number, moving=status is Status.PUSHING)

    def _give_turn(self, number: int, *, moving: bool) -> None:
        now = self._time.now()
        known = self._turns.get(number)
        if moving:
            drawn = self._moving.get(number)
            due = now + FIRST_PROGRESS if drawn is None else max(now, drawn + NEXT_PROGRESS)
            self._turns.setdefault(number, Turn(due=due, moving=True))
        elif known is None or known.moving:
            self._turns[number] = Turn(due=now, moving=False)

    async def _draw(self, number: int, draw: Callable[[int], Awaitable[Shown | None]]) -> None:
        turn = self._turns.pop(number)
        self._shown.pop(number, None)
        try:
            shown = await draw(number)
        except Unavailable as error:
            self._put_back(number, turn, error)
            return
        except Exception:
            log.exception("message.not_drawn proposal=%s", number)
            return
        self._remember(number, shown)

    def _put_back(self, number: int, turn: Turn, error: Unavailable) -> None:
        if turn.tries >= MOST_TRIES:
            log.error("message.given_up proposal=%s", number)
            return
        pause = error.retry_after or min(LONGEST_PAUSE, TRY_AGAIN * 2 ** min(turn.tries, 6))
        due = self._time.now() + timedelta(seconds=pause)
        self._not_before = due
        self._turns.setdefault(number, Turn(due=due, moving=turn.moving, tries=turn.tries + 1))

    def _remember(self, number: int, shown: Shown | None) -> None:
        if shown is None:
            return
        if len(self._shown) >= MOST_REMEMBERED:
            del self._shown[next(iter(self._shown))]
        self._shown[number] = shown
        if shown[1] is Status.PUSHING:
            self._moving[number] = self._time.now()
        else:
            self._moving.pop(number, None)
