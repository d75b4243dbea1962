"""A proposal after it was sent: watched until it ends, and the exit status it ends with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bot.errors import Refused, Unavailable
from bot.pipeline.client import Client
from bot.pipeline.rhythm import FIRST_SECONDS, Rhythm, asked_for, grown
from bot.pipeline.terminal import Terminal, counted, plain

Proposal = Mapping[str, Any]
_MOST_PROBLEMS = 20
_LINK_TRIES = 5


class Outcome(IntEnum):
    """How a proposal ended, as exit status."""

    PUSHED = 0
    REJECTED = 3
    ENDED = 4
    STALE = 5
    FAILED = 6
    WAITING = 7


_ENDS = {
    "pushed": Outcome.PUSHED,
    "unchanged": Outcome.PUSHED,
    "rejected": Outcome.REJECTED,
    "withdrawn": Outcome.ENDED,
    "expired": Outcome.ENDED,
    "superseded": Outcome.ENDED,
    "failed": Outcome.FAILED,
    "partial": Outcome.FAILED,
}
# How far an item is when nothing more has to be written for it.
_WRITTEN = "done"
_UNDER_WAY = frozenset({"waiting", "parked"})
# A stale text makes no difference any more where a proposal ended in one of these.
_DECIDED = frozenset({Outcome.PUSHED, Outcome.REJECTED, Outcome.ENDED})


def outcome(proposal: Proposal, *, in_parts: bool = False) -> Outcome | None:
    """Return how a proposal ended, None while it may go on by itself.

    A stale one waits for its proposer, whatever else it waits for, once a push of the rest is
    over; `in_parts` that rest may have to be approved first.
    """
    status = str(proposal.get("status", ""))
    end = _ENDS.get(status)
    if end in _DECIDED or proposal.get("stale") is not True or status == "pushing":
        return end
    if end is None and in_parts and _UNDER_WAY & {i.get("state") for i in _list(proposal, "items")}:
        return None
    return Outcome.STALE


def headline(proposal: Proposal) -> str:
    """Return what was proposed and where it can be seen."""
    items = _list(proposal, "items")
    locales = len({item.get("locale") for item in items})
    url = proposal.get("url")
    where = f": {plain(str(url))}" if url else ""
    changes = f"{counted(len(items), 'change')} in {counted(locales, 'locale')}"
    return f"Proposal {number_of(proposal)}, {changes}{where}"


async def with_its_link(client: Client, proposal: Proposal, rhythm: Rhythm) -> Proposal:
    """Return the proposal once its message stands in Slack, or as it is after a few seconds."""
    number = number_of(proposal)
    for _ in range(_LINK_TRIES):
        if proposal.get("url"):
            break
        await rhythm.sleep(FIRST_SECONDS)
        try:
            proposal = await client.proposal(number)
            number_of(proposal)
        except Unavailable:
            break
    return proposal


def number_of(proposal: Proposal) -> int:
    """Return a proposal's number. Raises Refused for what is no proposal."""
    number = proposal.get("id")
    if not isinstance(number, int) or not isinstance(proposal.get("status"), str):
        raise Refused(
            "The answer is no proposal.", remedy="Is MARQUEE_URL that of a bot of this version?"
        )
    return number


def described(proposal: Proposal) -> str:
    """Return how far a proposal is: "open: 1 of 2 approvals", "parked: waits for ..."."""
    status = plain(str(proposal.get("status", "")))
    awaited = proposal.get("waits_for")
    waits = [f"waits for {plain(str(awaited))}"] if awaited else []
    more = ", ".join(waits)
    if status == "open":
        given = [
            f"{each.get('given')} of {each.get('needed')} approvals"
            for each in _list(proposal, "approvals")
        ]
        more = ", ".join([*given, *waits])
    elif status == "pushing":
        items = _list(proposal, "items")
        written = sum(item.get("state") == _WRITTEN for item in items)
        more = f"{written:,} of {len(items):,} changes written"
    gone = proposal.get("stale") is True and _ENDS.get(status) not in _DECIDED
    stale = ", but Apple's side has changed since" if gone else ""
    return (f"{status}: {more}" if more else status) + stale


@dataclass(slots=True)
class Following:
    """One wait for one proposal: a line redrawn on a terminal, a line a change in a log."""

    client: Client
    terminal: Terminal
    rhythm: Rhythm
    in_parts: bool = False
    _said: str = ""
    _away: bool = False

    async def until_it_ends(self, proposal: Proposal, seconds: float) -> Outcome:
        """Ask how far the proposal is until it ends or the time is over. Raises Refused."""
        begun, pause = self.rhythm.now(), FIRST_SECONDS
        self._tell(proposal, begun)
        while (end := outcome(proposal, in_parts=self.in_parts)) is None:
            left = begun + seconds - self.rhythm.now()
            if left <= 0:
                self.terminal.say(f"Still {described(proposal)}. It goes on without this command.")
                return Outcome.WAITING
            await self.rhythm.sleep(min(pause, left))
            try:
                fresh = await self.client.proposal(number_of(proposal))
                number_of(fresh)
            except Unavailable as error:
                self._lost(error)
                pause = asked_for(grown(pause), error)
                continue
            changed = described(fresh) != described(proposal) or self._away
            proposal, self._away = fresh, False
            self._tell(proposal, begun)
            pause = FIRST_SECONDS if changed else grown(pause)
        self._end(proposal)
        return end

    def _tell(self, proposal: Proposal, begun: float) -> None:
        line = described(proposal)
        if self.terminal.lively:
            minutes, seconds = divmod(int(self.rhythm.now() - begun), 60)
            self.terminal.status(f"{line} · {minutes}:{seconds:02}")
        elif line != self._said:
            self.terminal.say(line)
        self._said = line

    def _lost(self, error: Unavailable) -> None:
        if not self._away:
            self.terminal.say(f"{plain(error.message)} Asking again.")
        self._away = True

    def _end(self, proposal: Proposal) -> None:
        if self.terminal.lively:
            self.terminal.say(described(proposal))
        for line in _problems(proposal):
            self.terminal.say(f"  {line}")


def _problems(proposal: Proposal) -> Iterator[str]:
    troubled = [item for item in _list(proposal, "items") if item.get("problem")]
    for item in troubled[:_MOST_PROBLEMS]:
        yield plain(f"{item.get('locale')} {item.get('field')}: {item['problem']}")
    if len(troubled) > _MOST_PROBLEMS:
        yield f"and {len(troubled) - _MOST_PROBLEMS:,} more"


def _list(proposal: Proposal, name: str) -> list[Mapping[str, Any]]:
    found = proposal.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
