"""Rebase: stale texts of an open proposal on what Apple holds now, as its next revision.

The form is a draft of the one who rebases, so that nothing typed is lost. Who sends it
becomes an author; votes stay for what it leaves alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot.domain.changes import Place, digest, lacks
from bot.domain.editing import listing
from bot.domain.items import TEXTUAL, Item, ItemState
from bot.domain.listing import Listing
from bot.domain.needs import founded
from bot.domain.proposals import EDITABLE, Proposal
from bot.domain.rebasing import rebased, stale_texts
from bot.domain.text import normalise
from bot.domain.timing import mistakes as mistakes_of_timing
from bot.domain.validation import Finding, Severity, validate
from bot.errors import Conflict, Refused
from bot.storage.proposal_rows import NewRevision
from bot.workflow import catalogue, drafting, keeping
from bot.workflow.cards import RebaseForm, RebaseText
from bot.workflow.desk import Desk
from bot.workflow.proposing import expires, known, refuse_unseen, rivals

log = logging.getLogger(__name__)

# With more a modal grows beyond what Slack shows well; what is left is rebased after it.
MOST_TEXTS = 10
# Slack's bound for a text input (Block Kit, "plain_text_input").
LONGEST = 3_000


class MovedAgain(Conflict):
    """Apple's text changed once more while somebody rebased on the one before."""


async def form(desk: Desk, number: int, *, user: str, note: str = "") -> RebaseForm:
    """Read Apple and return the form that rebases a proposal's stale texts.

    Raises Refused where there is nothing to rebase, BotError as the client does.
    """
    proposal = await known(desk, number)
    if proposal.status in EDITABLE and not stale_texts(proposal.items):
        raise Refused(
            f"No text of proposal {number} is stale; there is nothing to rebase.",
            remedy=(
                "Propose again makes a new proposal."
                if proposal.stale
                else "Edit changes its texts."
            ),
        )
    opened = await drafting.revise(desk, user, proposal)
    loaded = await keeping.load(desk, opened.draft)
    if all(lacks(loaded.live, one) for one in stale_texts(proposal.items)):
        raise Refused(
            f"Apple has no place for the stale texts of proposal {number} any more: their locale"
            " was removed.",
            remedy="Use Propose again, which makes the locale anew with them.",
        )
    fits = [one for one in _texts(loaded) if max(len(one.text), len(one.now)) <= LONGEST]
    shown = tuple(fits[:MOST_TEXTS])
    if not shown:
        raise Refused(
            f"The stale texts of proposal {number} are too long for this form.",
            remedy="Use Propose again, which shows them one locale at a time.",
        )
    return RebaseForm(
        draft=opened.draft,
        proposal=number,
        revision=proposal.revision,
        texts=shown,
        left=len(stale_texts(proposal.items)) - len(shown),
        note=note,
    )


def _texts(loaded: keeping.Loaded) -> list[RebaseText]:
    items = stale_texts(loaded.proposal.items) if loaded.proposal else ()
    return [
        RebaseText(
            item=item,
            now=loaded.live.text(item.locale, item.field),
            text=loaded.texts.get((item.locale, item.field), item.after),
        )
        for item in items
    ]


async def mistakes(
    desk: Desk, number: int, texts: Mapping[Place, str], *, revision: int
) -> tuple[Finding, ...]:
    """Return what a draft's texts cannot be proposed with, from the store alone.

    Raises Conflict when the proposal moved on, Ended when the draft was sent or dropped.
    """
    loaded = await keeping.load(desk, number)
    refuse_unseen(loaded.proposal, revision)
    texts = _own(loaded, texts)
    return tuple(one for one in _check(desk, loaded, texts) if one.severity is Severity.ERROR)


def _check(desk: Desk, loaded: keeping.Loaded, texts: Mapping[Place, str]) -> tuple[Finding, ...]:
    items = _items(loaded, texts)
    left = [item for item in items if item.state is not ItemState.DONE]
    if not left or loaded.proposal is None:
        return (
            Finding(
                severity=Severity.ERROR,
                locale="",
                field="",
                message="Nothing would be left of the proposal.",
                remedy="Withdraw it instead.",
            ),
        )
    live = loaded.live
    calendar = desk.rules.calendar(live.app.bundle_id)
    timing = loaded.proposal.timing
    return (
        *validate(tuple(item for item in left if item.kind in TEXTUAL), live),
        *mistakes_of_timing(timing, items, calendar, desk.clock.now()),
    )


def _own(loaded: keeping.Loaded, texts: Mapping[Place, str]) -> Mapping[Place, str]:
    """Return those of the texts that are stale ones of the draft's proposal."""
    items = stale_texts(loaded.proposal.items) if loaded.proposal else ()
    places = {(item.locale, item.field) for item in items}
    return {place: text for place, text in texts.items() if place in places}


def _items(loaded: keeping.Loaded, texts: Mapping[Place, str]) -> tuple[Item, ...]:
    items = loaded.proposal.items if loaded.proposal else ()
    return rebased(items, texts, loaded.live_texts(texts))


async def save(
    desk: Desk, number: int, texts: Mapping[Place, str], *, revision: int, user: str
) -> int:
    """Write the next revision; return its number.

    What was typed is kept first. Raises MovedAgain when Apple's texts are no longer those
    that the form showed, Conflict when the proposal moved on, BotError as the client does.
    """
    loaded = await keeping.load(desk, number)
    # By the revision that the form showed: another one may be there by now.
    texts = _own(await keeping.load(desk, number, revision=revision), texts)
    await keeping.save(desk, number, keeping.Typed(texts=texts, revision=revision))
    refuse_unseen(loaded.proposal, revision)
    reading = await catalogue.read(desk, loaded.reading.app, loaded.reading.platform)
    if all(one.id != loaded.draft.version_id for one in reading.versions):
        raise Refused(
            f"Version {loaded.live.version.number} is not there any more.",
            remedy="Withdraw the proposal and make a new one with `/aso edit`.",
        )
    _refuse_moved(loaded, listing(reading, loaded.draft.version_id), texts)
    proposal = loaded.proposal
    written = await _write(desk, loaded, proposal, texts, user) if proposal else None
    if written is None:
        raise Conflict(
            "Something moved on meanwhile, and no revision was written.",
            remedy="What you typed is kept: press Rebase again.",
        )
    return written


def _refuse_moved(loaded: keeping.Loaded, live: Listing, texts: Mapping[Place, str]) -> None:
    if any(normalise(live.text(*one)) != normalise(loaded.live.text(*one)) for one in texts):
        raise MovedAgain(
            "Apple's text changed again while this form was open, and nothing was written.",
            remedy="What you typed is kept, beside what Apple holds now.",
        )


def _reason(proposal: Proposal) -> str:
    """Return why the revision is proposed; one that was to return by itself has a new reason."""
    if not proposal.brings_back:
        return proposal.reason
    return f"In place of the text that was to return after proposal {proposal.returns}."


async def _write(
    desk: Desk,
    loaded: keeping.Loaded,
    proposal: Proposal,
    texts: Mapping[Place, str],
    user: str,
) -> int | None:
    items = _items(loaded, texts)
    revision = NewRevision(
        digest=digest(proposal.target, items, proposal.timing, in_parts=proposal.in_parts),
        # Who wrote any part of the text cannot decide on it.
        authors=tuple(dict.fromkeys((*proposal.authors, *loaded.draft.authors, user))),
        reason=_reason(proposal),
        items=founded(items, desk.rules.policy, proposal.bundle_id, before=proposal.items),
        findings=(
            *_check(desk, loaded, texts),
            *await rivals(desk, items, loaded.live, loaded.draft),
        ),
        timing=proposal.timing,
        in_parts=proposal.in_parts,
    )
    made = await desk.store.proposals.revise(
        proposal.id,
        revision,
        draft=loaded.draft.id,
        seen=proposal.revision,
        expires_at=expires(desk, proposal.timing),
        now=desk.clock.now(),
    )
    if made is None:
        return None
    log.info("proposal.rebased proposal=%s revision=%s by=%s", proposal.id, made, user)
    desk.notifier.notices_waiting()
    return made
