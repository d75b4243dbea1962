"""What goes wrong while people work: drawn from one number, and counted when it really struck."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.slack.faults import Fault as SlackFault
from tests.chaos.world import World

KILLS = ("kill_before", "kill_after_apply", "kill_after_answer")
# What the emulated Apple calls a trouble, and what it is called here.
APPLES = {
    "server_error": "Apple: 5xx",
    "broken": "Apple: connection reset",
    "answer_lost": "Apple: answer lost after applying",
    "rate_limit": "Apple: 429",
    "slow": "Apple: no answer in time",
    "kill_before": "killed before a request to Apple",
    "kill_after_apply": "killed after Apple applied a write",
    "kill_after_answer": "killed after Apple answered",
}
EVENTS = {
    "gone": "Slack: event lost",
    "twice": "Slack: event doubled",
    "late": "Slack: event late, out of order",
}
WRITING = ("chat.postMessage", "chat.update", "reactions.add")
# What is asked while it works. A start that meets one trouble after the other only waits.
ASKED = (
    *WRITING,
    "chat.getPermalink",
    "conversations.replies",
    "reactions.get",
    "users.info",
    "usergroups.users.list",
    "views.open",
    "views.update",
)
MOST_ARMED = 3
AT_A_START = ("auth.test", "apps.connections.open", "conversations.history")
# Most processes get to work before they are killed; some die while they start.
WHILE_IT_STARTS = 0.15
# By how much rarer troubles are once there was enough.
ABATED = 10.0
APPLES_TIME_OUT, SLACKS_TIME_OUT = 31.0, 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """How rough it is, for as long as people work and until there was enough of everything.

    One trouble is armed each `beat` (seconds), `troubles` have to strike. A process works for
    `life` seconds or so until it is killed, at least `kills` times; `time_outs` of each side take
    longer than its client waits. `gone`, `twice` and `late` are shares of events, from 0 to 1.
    """

    beat: float
    troubles: int
    life: float
    kills: int
    time_outs: int
    gone: float
    twice: float = 0.08
    late: float = 0.08


class Weather:
    """Arms one trouble after the other; `counts` says what struck."""

    def __init__(self, world: World, climate: Climate, *, seed: int) -> None:
        self._world = world
        self._climate = climate
        self._chance = random.Random(f"weather {seed}")
        self._slack: list[tuple[str, SlackFault]] = []
        self._here: Counter[str] = Counter()
        self._kill_at: float | None = None
        self._dies_early = False
        trouble = world.slack.events.trouble
        trouble.gone, trouble.twice, trouble.late = climate.gone, climate.twice, climate.late
        trouble.seconds = 3.0
        trouble.chance = random.Random(f"events {seed}")

    def counts(self) -> Counter[str]:
        """Return how often each kind of trouble really struck."""
        self._world.note_requests()
        struck = self._here.copy()
        for row in self._world.requests:
            for kind in (row["fault"] or "").split(",") if row["fault"] else []:
                struck[APPLES[kind]] += 1
        for name, fault in self._slack:
            struck[name] += fault.struck
        for fate, count in self._world.slack.events.trouble.struck.items():
            struck[EVENTS[fate]] += count
        return +struck

    async def blow(self, people: asyncio.Task[None]) -> None:
        """Let one trouble follow the other, each kind in its turn, while people work.

        Once there was enough they come seldom, and nobody is killed: what takes ten answers of
        Slack one after the other comes to its end then.
        """
        deeds, time_outs = self._deeds(), self._climate.time_outs
        hand: list[str] = []
        while not people.done() or time_outs or not self._was_enough():
            abates = self._was_enough()
            if self._time_to_kill() and not abates:
                await self._kill()
            elif time_outs and self._chance.random() < 0.05:
                time_outs -= 1
                self._time_out()
            else:
                hand = hand or self._chance.sample(sorted(deeds), len(deeds))
                await _done(deeds[hand.pop()])
            beat = self._climate.beat * (ABATED if abates else 1.0)
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * beat)

    def _was_enough(self) -> bool:
        enough = self._world.child.restarts >= self._climate.kills
        return enough and self.counts().total() >= self._climate.troubles

    def clear(self) -> None:
        """Let everything be well from now on; what is under way ends as it does."""
        self._world.apple.faults.clear()
        self._world.slack.api.faults.clear()
        self._world.slack.events.trouble.calm()

    def _time_to_kill(self) -> bool:
        """Return whether the process was at work for long enough, or is to die while it starts."""
        now, child = time.monotonic(), self._world.child.status()
        if self._kill_at is None and child["ready"]:
            self._kill_at = now + self._chance.uniform(0.0, 2.0) * self._climate.life
        elif self._kill_at is None and child["running"] and self._dies_early:
            self._kill_at, self._dies_early = now + self._chance.uniform(0.0, 2.0), False
        return self._kill_at is not None and now >= self._kill_at

    def _deeds(self) -> Mapping[str, Callable[[], object]]:
        return {
            "apple 5xx": lambda: self._apple("server_error", count=self._few()),
            "apple reset": lambda: self._apple("broken", count=self._few()),
            "apple lost": lambda: self._apple("answer_lost", writes=True, count=self._few()),
            "apple lost post": lambda: self._apple("answer_lost", match="POST", count=1),
            "apple 429": lambda: self._apple("rate_limit", count=self._few(), retry_after=1),
            "slack 5xx": lambda: self._slacks("Slack: 5xx", status=503, times=self._few()),
            "slack error": lambda: self._slacks("Slack: fatal_error", error="fatal_error"),
            "slack limit": lambda: self._slacks(
                "Slack: ratelimited", error="ratelimited", status=429, retry_after=1
            ),
            "slack reset": lambda: self._slacks("Slack: connection reset", kind="broken"),
            "slack lost": lambda: self._slacks(
                "Slack: answer lost after applying",
                kind="lost",
                method=self._chance.choice(WRITING),
            ),
            "socket": self._send_away,
        }

    def _few(self) -> int:
        return self._chance.choice((1, 1, 2, 4))

    def _apple(
        self,
        kind: str,
        *,
        count: int,
        match: str | None = None,
        writes: bool = False,
        retry_after: int | None = None,
    ) -> None:
        # Where little is asked everything would meet one trouble after the other.
        if len(self._world.apple.faults.list()) >= MOST_ARMED:
            return
        self._world.apple.faults.add(
            AppleFault(
                kind=kind,
                match=match,
                nth=self._chance.randint(1, 3),
                count=count,
                writes_only=writes,
                retry_after=retry_after,
            )
        )

    def _slacks(
        self,
        name: str,
        *,
        method: str = "",
        kind: str = "refused",
        error: str = "service_unavailable",
        status: int = 200,
        times: int = 1,
        retry_after: int | None = None,
        seconds: float = 0.0,
    ) -> None:
        asked = AT_A_START if self._chance.random() < 0.1 else ASKED
        method = method or self._chance.choice(asked)
        # What is asked seldom would meet one trouble after the other.
        if any(one.times and one.method == method for _, one in self._slack):
            return
        fault = SlackFault(
            method=method,
            kind=kind,
            error=error,
            status=status,
            times=times,
            after=self._chance.randint(0, 4),
            seconds=seconds,
            retry_after=retry_after,
        )
        self._slack.append((name, fault))
        self._world.slack.api.faults.append(fault)

    def _time_out(self) -> None:
        slow = AppleFault(kind="slow", seconds=APPLES_TIME_OUT, nth=self._chance.randint(1, 3))
        self._world.apple.faults.add(slow)
        name, method = "Slack: no answer in time", self._chance.choice(WRITING)
        self._slacks(name, method=method, kind="slow", seconds=SLACKS_TIME_OUT)

    async def _send_away(self) -> None:
        if self._world.slack.delivery.sockets.connected:
            self._here["Slack: socket closed"] += 1
            await self._world.slack.disconnect()

    async def _kill(self) -> None:
        """Kill the process now, or at the next request of its that is a write."""
        self._kill_at = None
        self._dies_early = self._chance.random() < WHILE_IT_STARTS
        how = self._chance.choice(("now", *KILLS))
        if how == "now" and self._world.child.pid is not None:
            self._here["killed at any moment"] += 1
            await self._world.child.kill()
        elif how != "now":
            self._world.apple.faults.add(AppleFault(kind=how, writes_only=True, nth=1))


async def _done(deed: Callable[[], object]) -> None:
    waits = deed()
    if asyncio.iscoroutine(waits):
        await waits
