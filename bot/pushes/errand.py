"""One item that acts on a version, on its way to Apple, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.domain.acts import Act
from bot.domain.items import Item, ItemState
from bot.domain.proposals import Proposal
from bot.domain.scene import Verdict
from bot.errors import BotError
from bot.pushes.ledger import StepProblem, problems_in
from bot.storage.pushes import Push

# Apple's reads lag behind its writes: an answer that does not show yet counts after these
# waits (seconds).
SECOND_LOOKS = (2.0, 5.0, 15.0)
# Waits for what Apple does in its own time: a draft that fills, a submission that is taken
# back. Together five minutes.
PATIENCE = (2.0, 5.0, *(15.0,) * 20)
# Waits when Apple has no time for an act (seconds); it may ask for longer.
ASK_AGAIN = (5.0, 30.0, 120.0, 300.0)
# How often something is asked for again of which nobody knows whether it happened.
MOST_RESENDS = 3
# What Apple finds lacking comes for each locale; a sentence names so many different things.
MOST_TOLD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """How an item ended; `ours` when this push asked for anything about it.

    `version_id` is the version's, "" where it was not seen: the push may have made it.
    """

    item: Item
    version_id: str = ""
    problem: StepProblem | None = None
    live_now: str | None = None
    ours: bool = False


@dataclass(slots=True, kw_only=True)
class Errand:
    """One item on its way: what was asked for, what nobody knows of, the waits that are left.

    `version_id` is the version's once it was seen.
    """

    push: Push
    proposal: Proposal
    place: int
    version_id: str = ""
    done: list[Act] = field(default_factory=list)
    unsure: list[Act] = field(default_factory=list)
    resends: int = MOST_RESENDS
    lags: Iterator[float] = field(default_factory=lambda: iter(SECOND_LOOKS))
    patience: Iterator[float] = field(default_factory=lambda: iter(PATIENCE))
    troubles: Iterator[float] = field(default_factory=lambda: iter(ASK_AGAIN))

    @property
    def item(self) -> Item:
        """The item that is carried out."""
        return self.proposal.items[self.place]

    @property
    def ours(self) -> bool:
        """Whether this push asked for anything."""
        return bool(self.done or self.unsure)


def not_tried(item: Item, why: str) -> Acted:
    """Return an action that was not begun, since what it rests on did not succeed."""
    problem = problem_of("not tried", f"Not done, because {why[:1].lower()}{why[1:]}", "")
    return Acted(item=_with_problem(item, problem), problem=problem)


def as_ended(errand: Errand, verdict: Verdict) -> Acted:
    """Return how an errand ended, as its last verdict says."""
    item = replace(errand.item, state=verdict.state, problem=verdict.problem)
    problem = None
    if verdict.state is ItemState.FAILED:
        problem = problem_of("not possible now", verdict.problem, "")
    return Acted(
        item=item,
        version_id=errand.version_id,
        problem=problem,
        live_now=verdict.live_now,
        ours=errand.ours,
    )


def as_failed(errand: Errand, problem: StepProblem) -> Acted:
    """Return that an errand failed, and of what."""
    return Acted(item=_with_problem(errand.item, problem), problem=problem, ours=errand.ours)


def _with_problem(item: Item, problem: StepProblem) -> Item:
    sentence = f"{problem.message} {problem.remedy}".strip()
    return replace(item, state=ItemState.FAILED, problem=sentence)


def as_one(error: BotError) -> StepProblem:
    """Return an error as one problem: all that is lacking, each once, and how often."""
    first, *more = problems_in(error)
    if not more:
        return first
    counts = Counter(one.message for one in more)
    said = [words + (f" ({times} times)" if times > 1 else "") for words, times in counts.items()]
    left = len(said) - MOST_TOLD
    rest = [f"And {left} more."] if left > 0 else []
    message = " ".join([first.message, *said[:MOST_TOLD], *rest])
    return replace(first, message=message)


def problem_of(cause: str, message: str, remedy: str) -> StepProblem:
    """Return a problem of no field in particular."""
    return StepProblem(field="", cause=cause, message=message, remedy=remedy)
