"""Whether what would be sent is what people approved: held against the record of their votes.

The file may have been written into since; then nothing goes out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.changes import digest
from bot.domain.items import Item
from bot.domain.parts import covered
from bot.domain.proposals import Proposal
from bot.domain.told import DECIDES, LET_GO, counted, decides_otherwise
from bot.errors import Refused
from bot.storage.pushes import Push, PushState
from bot.storage.record import ToldRevision
from bot.storage.store import Store

log = logging.getLogger(__name__)

# What the record says of a push that has an end, or waits as another one.
ENDED = frozenset({"finished", "dropped", "parked"})
TEXTS = "What would be sent is not what was approved"


class Altered(Refused):
    """What would be sent, or what lets it go, is not what was approved."""


async def altered(store: Store, push: Push, proposal: Proposal) -> Altered | None:
    """Return the error that a proposal, as it would be sent, is not what was approved.

    None where it is, and where a newer revision took its place: that is no change of this one.
    """
    whole = await store.proposals.get(proposal.id)
    if whole is None or whole.revision != proposal.revision:
        return None
    told = await store.record.told(proposal.id, proposal.revision)
    wrong = _texts(push, proposal, whole, told) or _decides(whole, told)
    wrong = wrong or await _glass(store, whole) or await _right(store, push, told)
    if not wrong:
        return None
    log.error("push.altered push=%s proposal=%s", push.id, proposal.id)
    return Altered(
        f"{wrong}: the database was changed by other means.",
        remedy=(
            "Look at the record (`marquee audit verify` names what differs), then propose it anew."
        ),
    )


async def returns_by_record(store: Store, proposal: Proposal) -> bool:
    """Return whether a proposal was made as the return of that one whose texts it brings back."""
    told = await store.record.told(proposal.id, 1)
    return told is not None and told.decides.get("returns") == proposal.returns is not None


def _texts(push: Push, proposal: Proposal, whole: Proposal, told: ToldRevision | None) -> str:
    target = whole.target
    if told is not None and whole.returns is not None:
        # A return may be about another version by now; it was approved for the one of before.
        target = replace(target, version_id=told.version_id)
    there = digest(target, whole.items, whole.timing, in_parts=whole.in_parts)
    known = {push.digest, whole.digest, *([told.digest] if told else [])}
    sent, approved = _changes(proposal.items), _changes(covered(whole, push.part).items)
    return "" if known == {there} and sent == approved else TEXTS


def _decides(whole: Proposal, told: ToldRevision | None) -> str:
    """Return what about a proposal would decide otherwise than the record tells."""
    if told is None:
        return ""
    since = counted(((item.since, item.rule) for item in whole.items), whole.revision)
    held = {name: getattr(whole, name) for name in DECIDES if name != "since"}
    held |= {"authors": list(whole.authors), "since": since}
    differs = decides_otherwise(told.decides, held)
    return differs and f"This is not as the record tells it ({differs})"


async def _glass(store: Store, whole: Proposal) -> str:
    if not whole.glass_by:
        return ""
    broke = await store.record.who_broke_the_glass(whole.id, whole.revision, whole.digest)
    return "" if whole.glass_by in broke else "By the record nobody broke the glass for this"


async def _right(store: Store, push: Push, told: ToldRevision | None) -> str:
    """Return that the record does not tell of a push as one that may be where it is."""
    entry = await store.record.told_of_push(push.proposal_id, push.id)
    begun = push.state is not PushState.QUEUED
    # A push of before the record asks for its votes all the same, where it has not begun.
    if entry is None or not (LET_GO & set(entry.done)):
        right = told is None and not begun
    else:
        right = entry.part == push.part and not (ENDED & set(entry.done))
        right = right and ("planned" in entry.done or not begun)
    return "" if right else "In the record no entry lets this push go"


def _changes(items: Iterable[Item]) -> list[tuple[object, ...]]:
    return [(one.kind, one.locale, one.field, one.before, one.after, one.creates) for one in items]
