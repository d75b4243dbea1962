"""What is measured of many texts at once: forty locales by five fields from one spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import exchange
from bot.exchange import Format
from bot.sandbox.cast import AIKO, BEN
from tests.bench.figures import middle, ratio, spread, usual, verdict
from tests.bench.lines import Worker
from tests.bench.listing import CODES, texts
from tests.bench.rounds import EVERYTHING, Bench, in_turn, sentence
from tests.bench.stage import Proposer, Pushed, a_proposer

# One locale has an approver of its own, so two people are needed.
OWN, VOTERS = {"ko": [AIKO]}, (AIKO, BEN)


@dataclass(slots=True, kw_only=True)
class Changes:
    """What the rounds found: seconds, pushes, messages and votes."""

    preview: list[float] = field(default_factory=list)
    picture: list[float] = field(default_factory=list)
    pushed: list[Pushed] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    votes: list[int] = field(default_factory=list)


async def bulk(bench: Bench) -> None:
    """A change of everything from a CSV: previewed, proposed, voted on once each, pushed."""
    found = Changes()
    async with (
        bench.stage.bot(own=OWN) as (bot, _),
        a_proposer(bench.stage, bot) as proposer,
        bench.stage.worker("bare_loop") as bare,
    ):
        await bare.ask("read")
        for number in range(bench.rounds):
            await _round(bench, number, found, proposer, bare)
        peak = bot.peak_mb()
    _tell(bench, found, peak)


async def _round(
    bench: Bench, number: int, found: Changes, proposer: Proposer, bare: Worker
) -> None:
    async def ours() -> None:
        await _change(bench, found, proposer)

    async def theirs() -> None:
        stamp = next(bench.stage.stamps)
        pushed = await bare.ask("push", stamp=stamp, codes=CODES)
        found.floor.append(pushed["seconds"])

    await in_turn(number, ours, theirs)


async def _change(bench: Bench, found: Changes, proposer: Proposer) -> None:
    world, stamp = bench.stage.world, next(bench.stage.stamps)
    wanted = {(code, name): text for code, of in texts(stamp).items() for name, text in of.items()}
    content = exchange.write(wanted, Format.CSV).decode()
    shown = await world.ask("preview", name="texts.csv", content=content)
    assert shown["proposable"]
    found.preview.append(shown["seconds"])
    found.picture.append(shown["picture_seconds"])
    messages = (await world.ask("propose"))["messages"]
    found.messages.append(len(messages))
    for voter in VOTERS[:-1]:
        await world.ask("approve", ts=messages[0], who=voter)
    done = await proposer.push(messages[0], stamp, CODES)
    assert (done.status, done.right) == ("pushed", EVERYTHING)
    found.pushed.append(done)
    found.votes.append((await world.ask("votes", ts=messages[0]))["votes"])


def _tell(bench: Bench, found: Changes, peak: float) -> None:
    figures = bench.figures
    figures.bulk_preview_s = round(max(found.preview), 3)
    figures.bulk_push_requests = usual(one.requests for one in found.pushed)
    figures.bulk_push_ratio = ratio((one.seconds for one in found.pushed), found.floor)
    figures.bulk_messages = max(found.messages)
    figures.bulk_votes = max(found.votes)
    figures.bulk_peak_mb = round(peak, 1)
    bench.say(
        f"bulk preview   {EVERYTHING} texts of a CSV, {spread(found.preview)}, with its picture "
        f"{middle(found.picture):.2f} s; {verdict(figures, 'bulk_preview_s')}"
    )
    bench.say(f"{sentence('bulk push', found.pushed, found.floor)}; {_push_verdict(bench)}")
    bench.say(
        f"bulk votes     {figures.bulk_messages} message, {figures.bulk_votes} votes of "
        f"{len(VOTERS)} approvers; {verdict(figures, 'bulk_messages', 'bulk_votes')}"
    )
    bench.say(f"bulk memory    {peak:.1f} MB at most; {verdict(figures, 'bulk_peak_mb')}")


def _push_verdict(bench: Bench) -> str:
    return verdict(bench.figures, "bulk_push_requests", "bulk_push_ratio")
