"""What is measured: each measurement runs its sides in turn, round after round.

A round that began with one side is followed by one that begins with the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from tests.bench.bot import RunningBot
from tests.bench.figures import Figures, middle, ratio, spread, usual, verdict
from tests.bench.lines import Worker
from tests.bench.listing import CODES
from tests.bench.stage import Proposer, Pushed, Stage, a_proposer

THREE = ("en-US", "de-DE", "ja")
EVERYTHING = len(CODES) * 5
AT_ONCE = (1, 10, 50)
REQUESTS, REQUESTS_ONE_AT_ONCE = 2000, 500
# A round's requests come in so many turns, so that both sides meet the same weather.
TURNS = 4
# Long enough for the jobs that run at the start, short enough that none runs again.
IDLE_SECONDS = 3.0
WARM_UP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a measurement works with: the stage, how many rounds, where figures go."""

    stage: Stage
    rounds: int
    figures: Figures
    say: Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Acks:
    """One side's acknowledgements of one round: milliseconds each, seconds together."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def part(self, hundredth: int) -> float:
        """Return what so many hundredths of them did not exceed."""
        return statistics.quantiles(self.took, n=100, method="inclusive")[hundredth - 1]


async def read(bench: Bench) -> None:
    """A full read from an app id, by the bot's client and by the bare loop."""
    world = bench.stage.world
    async with bench.stage.worker("reading") as ours, bench.stage.worker("bare_loop") as bare:
        took: list[float] = []
        floor: list[float] = []
        counts: list[int] = []
        # The first of each opens its connections.
        await ours.ask("read")
        await bare.ask("read")
        for number in range(bench.rounds):

            async def one() -> None:
                await world.ask("mark")
                took.append((await ours.ask("read"))["seconds"])
                counts.append((await world.ask("counted"))["total"])

            async def other() -> None:
                floor.append((await bare.ask("read"))["seconds"])

            await in_turn(number, one, other)
    bench.figures.read_requests = usual(counts)
    bench.say(
        f"read           {usual(counts)} requests, {spread(took)}; bare loop {spread(floor)}; "
        f"ratio {ratio(took, floor)}; {verdict(bench.figures, 'read_requests')}"
    )


async def push(bench: Bench) -> None:
    """A push of everything beside the bare loop, and one of three locales."""
    async with _sides(bench) as (proposer, bare):
        await _push_once(bench, proposer, THREE)
        pushed, floor = await _pushes(bench, proposer, bare)
        three = [await _push_once(bench, proposer, THREE) for _ in range(bench.rounds)]
    bench.figures.push_all_requests = usual(one.requests for one in pushed)
    bench.figures.push_all_ratio = ratio((one.seconds for one in pushed), floor)
    bench.figures.push_three_requests = usual(one.requests for one in three)
    held = verdict(bench.figures, "push_all_requests", "push_all_ratio")
    bench.say(f"{sentence('push of all', pushed, floor)}; {held}")
    bench.say(
        f"push of three  {usual(one.requests for one in three)} requests, "
        f"{spread(one.seconds for one in three)}; {verdict(bench.figures, 'push_three_requests')}"
    )


async def faults(bench: Bench) -> None:
    """A push of everything while 5 % of the requests fail and 3 s of 429 begin midway."""
    async with _sides(bench) as (proposer, bare):
        await _push_once(bench, proposer, THREE)
        pushed, floor = await _pushes(bench, proposer, bare, trouble=True)
    bench.figures.faults_right = min(one.right for one in pushed)
    bench.figures.faults_ratio = ratio((one.seconds for one in pushed), floor)
    held = verdict(bench.figures, "faults_right", "faults_ratio")
    bench.say(f"{sentence('with faults', pushed, floor)}; {held}")


async def ack(bench: Bench) -> None:
    """How soon `/aso help` is acknowledged, beside a Bolt app that knows nothing else."""
    async with (
        bench.stage.bot() as (bot, told),
        Worker("load") as load,
        Worker("bare_bolt") as bare,
    ):
        secret = told["secret"]
        answer = (await load.ask("once", port=bot.port, secret=secret))["answer"]
        environment = told["environment"]
        begun = await bare.ask(
            "begin",
            secret=secret,
            token=environment["SLACK_BOT_TOKEN"],
            api_url=environment["SLACK_API_URL"],
            answer=answer,
        )
        same = (await load.ask("once", port=begun["port"], secret=secret))["answer"]
        assert same == answer
        ports = (bot.port, begun["port"])
        for at_once in AT_ONCE:
            await _acknowledgements(bench, load, ports, secret, at_once)


async def idle(bench: Bench) -> None:
    """The time from a start to ready, and the memory of a bot that has nothing to do."""
    ready: list[float] = []
    held: list[float] = []
    for _ in range(bench.rounds):
        async with bench.stage.bot() as (bot, _):
            ready.append(bot.ready_s)
            held.append(await _held_when_idle(bot))
    bench.figures.ready_s = middle(ready)
    bench.figures.idle_rss_mb = round(middle(held), 1)
    bench.say(f"ready          {spread(ready)}; {verdict(bench.figures, 'ready_s')}")
    bench.say(
        f"idle memory    {middle(held):.1f} MB ({min(held):.1f} to {max(held):.1f}); "
        f"{verdict(bench.figures, 'idle_rss_mb')}"
    )


MEASUREMENTS: dict[str, Callable[[Bench], Awaitable[None]]] = {
    "read": read,
    "push": push,
    "faults": faults,
    "ack": ack,
    "idle": idle,
}


@contextlib.asynccontextmanager
async def _sides(bench: Bench) -> AsyncIterator[tuple[Proposer, Worker]]:
    async with (
        bench.stage.bot() as (bot, _),
        a_proposer(bench.stage, bot) as proposer,
        bench.stage.worker("bare_loop") as bare,
    ):
        yield proposer, bare


async def _held_when_idle(bot: RunningBot) -> float:
    await asyncio.sleep(IDLE_SECONDS)
    return bot.resident_mb()


async def _push_once(bench: Bench, proposer: Proposer, codes: tuple[str, ...]) -> Pushed:
    stamp = next(bench.stage.stamps)
    done = await proposer.push(await proposer.propose(stamp, codes), stamp, codes)
    assert (done.status, done.right) == ("pushed", len(codes) * 5)
    return done


async def _pushes(
    bench: Bench, proposer: Proposer, bare: Worker, *, trouble: bool = False
) -> tuple[list[Pushed], list[float]]:
    world, stamps = bench.stage.world, bench.stage.stamps
    pushed: list[Pushed] = []
    floor: list[float] = []
    await bare.ask("read")
    for number in range(bench.rounds):

        async def ours() -> None:
            stamp = next(stamps)
            ts = await proposer.propose(stamp, CODES)
            if trouble:
                await world.ask("trouble")
            pushed.append(await proposer.push(ts, stamp, CODES))
            await world.ask("calm")

        async def theirs() -> None:
            stamp = next(stamps)
            if trouble:
                await world.ask("trouble")
            floor.append((await bare.ask("push", stamp=stamp, codes=CODES))["seconds"])
            await world.ask("calm")
            assert (await world.ask("right", stamp=stamp, codes=CODES))["right"] == EVERYTHING

        await in_turn(number, ours, theirs)
    return pushed, floor


async def _acknowledgements(
    bench: Bench, load: Worker, ports: tuple[int, int], secret: str, at_once: int
) -> None:
    requests = (REQUESTS_ONE_AT_ONCE if at_once == 1 else REQUESTS) // TURNS
    sides: tuple[list[Acks], list[Acks]] = ([], [])
    for port in ports:
        await load.ask("many", port=port, secret=secret, at_once=at_once, requests=WARM_UP)
    for number in range(bench.rounds):
        this = (Acks(), Acks())

        async def side(acks: Acks, port: int) -> None:
            done = await load.ask(
                "many", port=port, secret=secret, at_once=at_once, requests=requests
            )
            acks.took += done["took"]
            acks.seconds += done["seconds"]

        for turn in range(TURNS):
            one, other = (partial(side, *of) for of in zip(this, ports, strict=True))
            await in_turn(number + turn, one, other)
        for side_acks, acks in zip(sides, this, strict=True):
            side_acks.append(acks)
    ours, floor = sides
    found = ratio((one.part(99) for one in ours), (one.part(99) for one in floor))
    bench.figures.ack_p99_ratio[str(at_once)] = found
    held = verdict(Figures(ack_p99_ratio={str(at_once): found}), "ack_p99_ratio")
    bench.say(
        f"ack, {at_once:>2} at once {_milliseconds(ours)}; bare Bolt {_milliseconds(floor)}; "
        f"p99 ratio {found}; {held}"
    )


async def in_turn(
    number: int, one: Callable[[], Awaitable[None]], other: Callable[[], Awaitable[None]]
) -> None:
    """Let both sides of a round take their turn, the other one first in every second round."""
    for each in (one, other) if number % 2 == 0 else (other, one):
        await each()


def sentence(name: str, pushed: list[Pushed], floor: list[float]) -> str:
    """Return what pushes of everything took, beside the bare loop."""
    seconds = [one.seconds for one in pushed]
    return (
        f"{name:<14} {usual(one.requests for one in pushed)} requests, "
        f"{max(one.most_in_flight for one in pushed)} in flight, "
        f"{min(one.right for one in pushed)} of {EVERYTHING} right, {spread(seconds)}; "
        f"bare loop {spread(floor)}; ratio {ratio(seconds, floor)}"
    )


def _milliseconds(rounds: list[Acks]) -> str:
    p50, p99 = (middle(one.part(hundredth) for one in rounds) for hundredth in (50, 99))
    rate = middle(len(one.took) / one.seconds for one in rounds)
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {rate:.0f}/s"
