"""Who rejected is kept until their reaction is gone, and what was rejected opens in one step."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.approvals import Veto
from bot.domain.proposals import Proposal, Status
from bot.domain.record import Why
from bot.storage.store import Store
from tests.clock import START
from tests.storage.proposals import a_new_proposal, a_new_revision

LATER = START + timedelta(hours=1)


async def rejected(store: Store, *users: str) -> Proposal:
    number = await store.proposals.create(a_new_proposal(), a_new_revision(), now=START)
    assert number is not None
    await store.proposals.move(number, "reject", now=START, why=Why(rejecting=tuple(users)))
    found = await store.proposals.get(number)
    assert found is not None
    return found


async def test_it_opens_when_the_last_one_is_lifted_and_not_before(store: Store) -> None:
    proposal = await rejected(store, "U0BEN", "U0AIKO")
    assert await store.proposals.lift_vetoes(proposal, {"U0AIKO"}, LATER)
    assert await store.proposals.status(1) is Status.REJECTED
    assert await store.vetoes.of(1, 1) == (Veto(user="U0AIKO"),)
    assert await store.proposals.lift_vetoes(proposal, set(), LATER)
    assert await store.proposals.status(1) is Status.OPEN
    assert await store.vetoes.of(1, 1) == ()


async def test_one_of_which_nobody_knows_who_rejected_it_stays_rejected(store: Store) -> None:
    proposal = await rejected(store)
    assert not await store.proposals.lift_vetoes(proposal, set(), LATER)
    assert await store.proposals.status(1) is Status.REJECTED


async def test_who_rejected_an_earlier_time_is_forgotten(store: Store) -> None:
    proposal = await rejected(store, "U0BEN")
    await store.proposals.lift_vetoes(proposal, set(), LATER)
    await store.vetoes.join(1, 1, ["U0BEN"], now=LATER)
    await store.proposals.move(1, "reject", now=LATER, why=Why(rejecting=("U0AIKO",)))
    assert await store.vetoes.of(1, 1) == (Veto(user="U0AIKO"),)


async def test_the_first_reason_stays(store: Store) -> None:
    await rejected(store, "U0BEN")
    first, second = Veto(user="U0BEN", reason="too loud"), Veto(user="U0BEN", reason="too long")
    assert await store.vetoes.explain(1, 1, first, [], now=LATER)
    assert not await store.vetoes.explain(1, 1, second, [], now=LATER)
    assert await store.vetoes.of(1, 1) == (first,)


async def test_only_rejected_proposals_whose_time_is_not_over_are_compared(store: Store) -> None:
    await rejected(store, "U0BEN")
    assert [one.id for one in await store.proposals.rejected(now=LATER)] == [1]
    assert await store.proposals.rejected(now=START + timedelta(days=8)) == ()
