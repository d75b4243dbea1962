"""What a draft holds: saved at every action, loaded with what it is based on.

Knows untouched, emptied and typed; refuses to know how a form is opened or drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.changes import Place
from bot.domain.editing import as_prepared, listing, locked_for_now
from bot.domain.items import TEXTUAL, ItemKind, ItemState, leaving
from bot.domain.listing import Listing, Reading
from bot.domain.proposals import Proposal, Timing
from bot.domain.text import normalise
from bot.errors import Refused
from bot.storage.draft_rows import Draft
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the inputs: (locale, attribute) -> text, "" for emptied.

    A pair that is absent was not touched; `reason` likewise when it is None. `times` are those
    of `Timing` by name; one that is absent was not shown, None was left empty. `revision` is
    that of the proposal whose texts the inputs were drawn with, 0 where there is none.
    `submits` says whether the version shall be submitted, `in_parts` whether what is approved
    shall not wait for the rest, None where nobody was asked.
    """

    texts: Mapping[Place, str] = field(default_factory=dict, repr=False)
    reason: str | None = None
    revision: int = 0
    submits: bool | None = None
    in_parts: bool | None = None
    times: Mapping[str, datetime | None] = field(default_factory=dict)


class Ended(Refused):
    """The draft behind a form was proposed or dropped; the form belongs to nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An open draft with what it is based on: Apple's texts, and those of the proposal it revises.

    `texts` is what the form holds beyond Apple's: the proposal's, and over them the typed.
    """

    draft: Draft
    reading: Reading
    live: Listing
    proposal: Proposal | None
    texts: Mapping[Place, str] = field(repr=False)

    def live_texts(self, places: Iterable[Place]) -> dict[Place, str]:
        """Return what Apple held at each place."""
        return {place: self.live.text(*place) for place in places}


async def save(desk: Desk, number: int, typed: Typed) -> Draft:
    """Keep what stands in the inputs; raises Ended when the draft ended.

    What equals the text that an input was drawn with was not typed.
    """
    loaded = await load(desk, number, revision=typed.revision)
    drawn_with = {**loaded.live_texts(typed.texts), **proposed_texts(loaded.proposal)}
    same = {
        place
        for place, text in typed.texts.items()
        if normalise(text) == normalise(drawn_with[place])
    }
    saved = await desk.store.drafts.save(
        number,
        now=desk.clock.now(),
        texts={place: text for place, text in typed.texts.items() if place not in same},
        forget=same,
        reason=typed.reason,
    )
    if saved is not None and _ticks(saved, typed):
        saved = await desk.store.drafts.tick(
            number, submits=typed.submits, in_parts=typed.in_parts, now=desk.clock.now()
        )
    if typed.times:
        saved = await desk.store.drafts.plan(number, typed.times, now=desk.clock.now())
    return as_open(saved)


def _ticks(draft: Draft, typed: Typed) -> bool:
    """Return whether a box stands otherwise than the draft has it."""
    pairs = ((typed.submits, draft.submits), (typed.in_parts, draft.in_parts))
    return any(shown is not None and shown != kept for shown, kept in pairs)


def submitted(loaded: Loaded, typed: Typed) -> Loaded:
    """Return a draft as its form was submitted: what stands in the inputs wins over the row.

    A text that was typed earlier may be kept later than the form is submitted.
    """
    reason = loaded.draft.reason if typed.reason is None else typed.reason
    submits = loaded.draft.submits if typed.submits is None else typed.submits
    in_parts = loaded.draft.in_parts if typed.in_parts is None else typed.in_parts
    return replace(
        loaded,
        draft=replace(
            loaded.draft,
            reason=reason,
            submits=submits,
            in_parts=in_parts,
            timing=replace(loaded.draft.timing, **typed.times),
        ),
        texts={**loaded.texts, **typed.texts},
    )


async def keep_drawn(desk: Desk, form: EditForm, drawn: Mapping[str, str]) -> None:
    """Keep attribute -> text as a form was drawn with them in two inputs each."""
    await desk.store.drafts.keep_drawn(form.draft, form.locale, drawn)


async def drawn(desk: Desk, number: int, code: str) -> Mapping[str, str]:
    """Return the texts that a draft's form of a locale was drawn with in two inputs each."""
    return await desk.store.drafts.drawn(number, code)


async def load(desk: Desk, number: int, *, revision: int = 0) -> Loaded:
    """Return an open draft with what it is based on; raises Ended when it ended.

    `revision` is the one of its proposal to look at, 0 for the current one.
    """
    return await _loaded(desk, as_open(await desk.store.drafts.get(number)), revision)


async def is_proposed(desk: Desk, number: int, typed: Typed) -> bool:
    """Return whether a draft was proposed with these very texts; raises Refused for others.

    Slack tells people to try again when an answer came too late, and they may type first.
    """
    draft = await desk.store.drafts.get(number)
    if draft is None or draft.status != "submitted":
        return False
    loaded = await _loaded(desk, draft, typed.revision)
    for place, text in typed.texts.items():
        held = loaded.texts.get(place, loaded.live.text(*place))
        if normalise(text) != normalise(held):
            raise Refused(
                "This form was proposed already; what you typed since is not in the proposal.",
                remedy="Press Edit under its message; `/aso proposals` links to it.",
            )
    return True


async def _loaded(desk: Desk, draft: Draft, revision: int) -> Loaded:
    reading = await desk.store.drafts.reading(draft.id)
    if reading is None:
        raise Refused("Apple has not answered yet.", remedy="Wait a moment and try again.")
    proposal = None
    if draft.proposal_id is not None:
        proposal = await desk.store.proposals.get(draft.proposal_id, revision or None)
    return Loaded(
        draft=draft,
        reading=reading,
        live=_shown(listing(reading, draft.version_id), proposal),
        proposal=proposal,
        texts={**proposed_texts(proposal), **draft.texts},
    )


def _shown(live: Listing, proposal: Proposal | None) -> Listing:
    """Return the listing as a form shows it: a text that waits for its version can be mended."""
    items = proposal.items if proposal else ()
    waits = [one for one in items if one.kind in TEXTUAL and one.state is not ItemState.DONE]
    return as_prepared(live) if any(locked_for_now(live, one.field) for one in waits) else live


def as_open(draft: Draft | None) -> Draft:
    """Return a draft that is still open; raises Ended for any other."""
    if draft is None or draft.status != "open":
        raise Ended(
            "This form is no longer in use: it was proposed, dropped or opened again elsewhere.",
            remedy="Open a new one with `/aso edit`.",
        )
    return draft


def times_of(timing: Timing) -> dict[str, datetime | None]:
    """Return a proposal's times by their names."""
    return {"not_before": timing.not_before, "ends_at": timing.ends_at}


def proposed_texts(proposal: Proposal | None) -> dict[Place, str]:
    """Return the texts that a proposal wants, those that Apple has already left out.

    A locale that it takes away is a place of its own, and none of the texts that go with it.
    """
    items = proposal.items if proposal else ()
    gone = leaving(items)
    return {
        (item.locale, item.field): item.after
        for item in items
        if item.state is not ItemState.DONE
        and (item.kind is (ItemKind.LOCALE if item.locale in gone else ItemKind.TEXT))
    }
