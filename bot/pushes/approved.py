"""Whether what would be sent is what people approved: held against the digest of their votes.

The file may have been written into since; then nothing goes out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.changes import digest
from bot.domain.parts import covered
from bot.domain.proposals import Item, Proposal
from bot.errors import Refused
from bot.storage.pushes import Push
from bot.storage.store import Store

log = logging.getLogger(__name__)


class Altered(Refused):
    """What would be sent is not what was approved."""


async def altered(store: Store, push: Push, proposal: Proposal) -> Altered | None:
    """Return the error that a proposal, as it would be sent, is not what was approved.

    None where it is, and where a newer revision took its place: that is no change of this one.
    """
    whole = await store.proposals.get(proposal.id)
    if whole is None or whole.revision != proposal.revision:
        return None
    told = await store.record.told(proposal.id, proposal.revision)
    target = whole.target
    if told is not None and whole.returns is not None:
        # A return may be about another version by now; it was approved for the one of before.
        target = replace(target, version_id=told.version_id)
    there = digest(target, whole.items, whole.timing, in_parts=whole.in_parts)
    known = {push.digest, whole.digest, *([told.digest] if told else [])}
    sent, approved = _changes(proposal.items), _changes(covered(whole, push.part).items)
    if known == {there} and sent == approved:
        return None
    log.error("push.altered push=%s proposal=%s", push.id, proposal.id)
    return Altered(
        "What would be sent is not what was approved: the database was changed by other means.",
        remedy=(
            "Look at the record (`marquee audit verify` names what differs), then propose it anew."
        ),
    )


def _changes(items: Iterable[Item]) -> list[tuple[object, ...]]:
    return [(one.kind, one.locale, one.field, one.before, one.after, one.creates) for one in items]
