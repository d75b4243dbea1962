"""What people do: type into the form until it is a proposal, vote, take back, press again.

Nobody here knows that anything is broken. Who gets no answer does what people do: waits a moment
and does the same again; each time is counted.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict

from bot.sandbox.cast import GUEST
from tests.chaos.forms import A_MOMENT, PATIENCE, YES, Proposer, Reviser, confirm
from tests.chaos.looking import drawn, find, press
from tests.chaos.plan import Case, Fate
from tests.chaos.world import World, channel

NO = "x"
# Long enough for a push to begin that nobody was asked about.
A_WHILE = 8.0


class People:
    """Everybody at once; `again` counts what somebody had to do once more, by what it was."""

    def __init__(self, world: World, cases: tuple[Case, ...], *, seed: int) -> None:
        self._world = world
        self._cases = cases
        self._chance = random.Random(f"people {seed}")
        self.again: Counter[str] = Counter()
        # Who types has one form before them.
        self._hands: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # What somebody is at, by mark; whoever looks on can tell what takes long.
        self.busy: set[str] = set()

    async def work(self) -> None:
        """Make every proposal and cast every vote; ends when all is proposed and voted."""
        by_person: dict[str, list[Case]] = {}
        for case in self._cases:
            by_person.setdefault(case.proposer, []).append(case)
        async with asyncio.TaskGroup() as tasks:
            for cases in by_person.values():
                tasks.create_task(self._one_after_the_other(cases))
            for case in self._cases:
                tasks.create_task(self._vote(case))

    async def _one_after_the_other(self, cases: list[Case]) -> None:
        for case in cases:
            self.busy.add(f"{case.mark} is typed")
            async with self._hands[case.proposer]:
                await Proposer(self._world, case, self.again).propose()
            self.busy.remove(f"{case.mark} is typed")

    # -- votes ---------------------------------------------------------------------------

    async def _vote(self, case: Case) -> None:
        while not find(self._world, case):
            await asyncio.sleep(A_MOMENT)
        self.busy.add(f"{case.mark} is voted on")
        await self._pause()
        await self._sign_as_planned(case)
        self.busy.remove(f"{case.mark} is voted on")

    async def _sign_as_planned(self, case: Case) -> None:
        first, second = case.voters
        if case.fate is Fate.WITHDRAWN:
            await self.press_until(case, case.proposer, "Withdraw", "withdrawn")
        elif case.fate is Fate.REJECTED:
            await self._sign(case, first, NO)
            await self._sign(case, second, YES)
        elif case.fate in (Fate.AUTHOR, Fate.GUEST):
            await self._sign(case, GUEST if case.fate is Fate.GUEST else case.proposer, YES)
        elif case.fate in (Fate.BY_TWO, Fate.HALF, Fate.EDITED):
            await self._sign(case, first, YES)
        elif case.fate is Fate.SWAPPED:
            await self._sign(case, first, YES)
            await self._take_back(case, first)
            await self._sign(case, second, YES)
        elif case.fate is Fate.DRIFTED:
            self._world.drift(case)
            await self._sign(case, second, YES)
        elif case.fate in (Fate.CONFIRMED, Fate.UNCONFIRMED):
            await self._sign(case, second, YES)
            await asyncio.sleep(A_WHILE)
        await self._decide(case)

    async def _decide(self, case: Case) -> None:
        first, second = case.voters
        if case.fate in (Fate.APPROVED, Fate.BY_TWO, Fate.WAVERING):
            await self._decisive(case, second)
        elif case.fate is Fate.EDITED:
            async with self._hands[case.proposer]:
                await Reviser(self._world, case, self.again).revise()
            await self._sign(case, second, YES)
            await asyncio.sleep(A_WHILE)
            await self._decisive(case, first)
        elif case.fate is Fate.CONFIRMED:
            async with self._hands[second]:
                case.allowed = time.time()
                await confirm(self._world, case, second, self.again)

    async def _decisive(self, case: Case, who: str) -> None:
        case.allowed = time.time()
        await self._sign(case, who, YES)
        if case.fate is Fate.WAVERING:
            await self._take_back(case, who)

    async def _sign(self, case: Case, who: str, emoji: str) -> None:
        await self._world.slack.react(who, channel(case.app), case.ts, emoji)
        await self._pause()

    async def _take_back(self, case: Case, who: str) -> None:
        await self._world.slack.unreact(who, channel(case.app), case.ts, YES)
        await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 1.0))

    # -- buttons -------------------------------------------------------------------------

    async def press_until(self, case: Case, who: str, label: str, status: str) -> None:
        """Press a button under a proposal until its message says what came of it."""
        times = 0
        while drawn(self._world, case) != status:
            if not await press(self._world, case, who, label):
                await asyncio.sleep(A_MOMENT)
                continue
            times += 1
            await self._world.until(
                lambda: drawn(self._world, case) == status, seconds=PATIENCE * 2
            )
        self.again[f"{label} pressed again"] += max(0, times - 1)

    async def retry_what_failed(self) -> None:
        """Press Retry failed wherever a message asks for it, for ever."""
        while True:
            for case in self._cases:
                if case.ts and drawn(self._world, case) in ("partial", "failed"):
                    asked = await press(self._world, case, case.proposer, "Retry failed")
                    self.again["Retry failed pressed"] += asked
            await asyncio.sleep(2.0)
