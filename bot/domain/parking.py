"""Approved proposals that wait until Apple takes changes of their version again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.awaiting import absent, awaited_words
from bot.domain.changes import leaves
from bot.domain.editing import INFO_STATES, Phase, phase
from bot.domain.fields import BY_ATTRIBUTE, Resource
from bot.domain.items import NAMES, Item, ItemKind, ItemState, leaving
from bot.domain.listing import Version
from bot.domain.outages import outage_sentence
from bot.domain.proposals import Proposal


def parked_words(proposal: Proposal) -> str:
    """Return what a parked proposal waits for."""
    if proposal.outage is not None:
        return outage_sentence(proposal.outage)
    return parked_as(proposal, proposal.parked_for)


def parked_as(proposal: Proposal, lock: str) -> str:
    """Return what a proposal waits for that is parked for `lock`."""
    if proposal.target.awaits and lock == absent(proposal):
        waits = f"waits for {awaited_words(proposal)}"
        return f"Parked: {waits}; it is pushed once that is there and can be edited."
    return parked_sentence(lock)


def parked_sentence(lock: str) -> str:
    """Return what waits for a state of its version; as `editing.locked_for_now` words it."""
    why = lock or "Apple takes no change of it for now"
    return f"Parked: {why}; it is pushed when the version can be edited again."


def may_go_on(items: Iterable[Item], version: Version, infos: Iterable[str]) -> bool:
    """Return whether a push of parked items may be tried again, by the states that were seen.

    `infos` are the states of the app's app infos. A version that became public is never
    prepared again: its push sends what may still change and says so of the rest.
    """
    current = phase(version)
    if current in {Phase.LIVE, Phase.GONE}:
        return current is Phase.LIVE
    shared = any(INFO_STATES.get(one, ("", Phase.LOCKED))[1] is Phase.PREPARING for one in infos)
    everything = tuple(items)
    gone = leaving(everything)
    parked = [item for item in everything if item.state is ItemState.PARKED]
    return any(_opens(item, current, shared=shared, gone=gone) for item in parked)


def _opens(item: Item, current: Phase, *, shared: bool, gone: Mapping[str, str]) -> bool:
    """Return whether an item may be tried; `gone` are the locales that leave, see `leaving`."""
    preparing = current is Phase.PREPARING
    whole = item.kind is ItemKind.LOCALE or leaves(item, gone)
    if whole and gone.get(item.locale) == NAMES:
        return preparing
    if whole or BY_ATTRIBUTE[item.field].resource is Resource.APP_INFO:
        return preparing and shared
    return preparing or (current is Phase.AWAITING and BY_ATTRIBUTE[item.field].editable_when_live)
