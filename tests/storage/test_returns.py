"""Texts that return: once, whatever of them was brought back before, and only what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.changes import digest, inverted
from bot.domain.items import Item, ItemState
from bot.domain.proposals import Proposal, Status, Timing
from bot.storage.ending import Result
from bot.storage.proposal_rows import NewRevision
from bot.storage.pushes import Begun
from bot.storage.store import Store
from tests.builders import an_item
from tests.clock import START
from tests.storage.proposals import a_new_proposal

END = START + timedelta(hours=72)
GERMAN = an_item(locale="de-DE", field="promotionalText", before="Früher", after="Jetzt")
JAPANESE = an_item(locale="ja", field="promotionalText", before="前", after="今")


async def test_what_came_later_returns_alone(store: Store) -> None:
    proposal = await proposed(store, GERMAN, JAPANESE)
    await pushed(store, proposal, "approve", "part", done=[GERMAN])
    first = await brought_back(store, proposal.id)
    assert await returned(store, first) == {"de-DE": "Früher"}

    await pushed(store, await found(store, proposal.id), "retry", "finish", done=[JAPANESE])
    second = await brought_back(store, proposal.id)
    assert await returned(store, second) == {"ja": "前"}


async def test_nothing_returns_twice(store: Store) -> None:
    proposal = await proposed(store, GERMAN, JAPANESE)
    await pushed(store, proposal, "approve", "part", done=[GERMAN])
    assert await brought_back(store, proposal.id) is not None
    assert await brought_back(store, proposal.id) is None

    await pushed(store, await found(store, proposal.id), "retry", "part", done=[])
    assert await brought_back(store, proposal.id) is None


async def proposed(store: Store, *items: Item) -> Proposal:
    revision = NewRevision(
        digest="d",
        authors=("U0MIA",),
        reason="",
        items=items,
        findings=(),
        timing=Timing(ends_at=END),
    )
    number = await store.proposals.create(a_new_proposal(), revision, now=START)
    assert number is not None
    return await found(store, number)


async def found(store: Store, number: int) -> Proposal:
    proposal = await store.proposals.get(number)
    assert proposal is not None
    return proposal


async def pushed(
    store: Store, proposal: Proposal, verb: str, ended: str, *, done: list[Item]
) -> None:
    """Push a proposal; of its items those of `done` arrive, and the rest fails."""
    number = await store.pushes.queue(proposal, verb, approvers=["U0BEN"], now=START)
    assert number is not None
    push = await store.pushes.claim(number)
    assert push is not None
    assert await store.pushes.plan(push, (), (), revision=1, now=START) is Begun.YES
    result = Result(
        verb=ended,
        items=tuple((replace(item, state=ItemState.DONE), None) for item in done),
        history=(),
        failures=(),
        notices=(),
    )
    assert await store.pushes.finish(push, result, revision=1, now=START)


async def brought_back(store: Store, number: int) -> int | None:
    """Bring back all that a proposal brought, as is done once its time is over."""
    proposal = await found(store, number)
    items = inverted([item for item in proposal.items if item.state is ItemState.DONE])
    revision = NewRevision(
        digest=digest(proposal.target, items),
        authors=("U0MIA",),
        reason="",
        items=items,
        findings=(),
    )
    new = replace(a_new_proposal(), returns=number)
    return await store.proposals.bring_back(number, new, revision, now=END)


async def returned(store: Store, number: int | None) -> dict[str, str]:
    assert number is not None
    proposal = await found(store, number)
    assert proposal.status is Status.APPROVED
    return {item.locale: item.after for item in proposal.items}
