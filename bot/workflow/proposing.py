"""From a draft to a proposal, and what its people do with it: revise, withdraw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.awaiting import is_planned, same_version, target_of
from bot.domain.changes import digest, items
from bot.domain.editing import is_live
from bot.domain.items import Item, ItemState
from bot.domain.listing import Listing
from bot.domain.needs import founded
from bot.domain.proposals import AT_ONCE, EDITABLE, UNDER_WAY, Proposal, Target, Timing
from bot.domain.record import Why
from bot.domain.timing import mistakes as mistakes_of_timing
from bot.domain.validation import Finding, Severity, validate
from bot.errors import Conflict, Refused
from bot.pushes.unanswered import found as found_there
from bot.pushes.unanswered import unanswered
from bot.storage.draft_rows import Draft
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.workflow import keeping
from bot.workflow.admission import refuse_bystander
from bot.workflow.desk import Desk
from bot.workflow.rivalry import rivals_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What became of a submission: errors to mend, or the proposal that was written.

    `locale` is the one the form shows. With `unchecked` nothing was written yet: the version
    shall be submitted too, and what that needs has to be asked of Apple. None of the three
    is a submission that came a second time: everything was written at the first.
    """

    errors: tuple[Finding, ...] = ()
    locale: str = ""
    proposal: int | None = None
    revision: int = 1
    unchecked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What goes with the texts of a draft: items, and what was found about them."""

    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()


async def submit(
    desk: Desk, number: int, typed: keeping.Typed, *, user: str, extra: Extra | None = None
) -> Submitted:
    """Check a draft and propose it, in the store alone: no call to Apple or Slack.

    Every mistake of every locale comes back at once and nothing is written but the draft.
    The same submission delivered again is the one proposal. A draft that submits its
    version too needs its `extra`. Raises Refused when the draft ended otherwise, Conflict
    when its proposal moved on meanwhile.
    """
    if await keeping.is_proposed(desk, number, typed):
        return Submitted()
    await keeping.save(desk, number, typed)
    loaded = keeping.submitted(await keeping.load(desk, number), typed)
    draft, live = loaded.draft, loaded.live
    refuse_unseen(loaded.proposal, typed.revision)
    baseline = loaded.live_texts(loaded.texts)
    changed = items(live, loaded.texts, baseline)
    seen = await _seen_by_now(desk, loaded)
    there = (*_brought(loaded.proposal), *seen)
    everything = (*there, *changed, *(extra.items if extra else ()))
    timing = draft.timing
    text = digest(_subject(loaded), everything, timing, in_parts=draft.in_parts)
    found = (
        *_check(text, changed, live, loaded.proposal),
        *_changed_again(there, changed),
        *_late(desk, everything, live, timing),
    )
    errors = tuple(one for one in found if one.severity is Severity.ERROR)
    if errors:
        return Submitted(errors=errors, locale=draft.locale)
    if draft.submits and extra is None:
        return Submitted(unchecked=True, locale=draft.locale)
    revision = NewRevision(
        digest=text,
        authors=await _authors(desk, draft, user),
        timing=timing,
        in_parts=draft.in_parts,
        reason=draft.reason.strip(),
        items=_founded(desk, everything, loaded),
        arrived=seen,
        findings=(
            *found,
            *(extra.findings if extra else ()),
            *await rivals(desk, changed, live, draft),
        ),
    )
    if loaded.proposal is None:
        made = await _propose(desk, draft, live, revision, user)
    else:
        made = await _revise(desk, draft, loaded.proposal, revision)
    if made is None and await keeping.is_proposed(desk, number, typed):
        return Submitted()
    if made is None:
        raise Conflict(
            "Something moved on meanwhile, and nothing was proposed.",
            remedy="What you typed is kept: close this form and open it again.",
        )
    return made


async def _authors(desk: Desk, draft: Draft, user: str) -> tuple[str, ...]:
    """Return who proposes a draft, and who wrote the texts that were taken over into it."""
    old = await desk.store.proposals.get(draft.replaces) if draft.replaces else None
    return tuple(dict.fromkeys((*(old.authors if old else ()), *draft.authors, user)))


async def mistakes(desk: Desk, number: int) -> tuple[Finding, ...]:
    """Return what a draft could not be proposed with, as it is now; raises Ended likewise."""
    loaded = await keeping.load(desk, number)
    found = validate(items(loaded.live, loaded.texts, {}), loaded.live)
    return tuple(one for one in found if one.severity is Severity.ERROR)


async def withdraw(desk: Desk, number: int, *, user: str) -> Proposal:
    """Take a proposal back before its push: who wrote it may, and who may approve it.

    Raises Refused for others, and when it ended; Unavailable as `People` does.
    """
    proposal = await known(desk, number)
    if user not in (proposal.proposer, *proposal.authors):
        await refuse_bystander(desk, proposal, user, to="withdraw")
    now, why = desk.clock.now(), Why(by=user)
    if await desk.store.proposals.move(number, "withdraw", now=now, why=why) is None:
        raise Refused(f"Proposal {number} is {proposal.status} and cannot be withdrawn.")
    desk.notifier.proposal_changed(number)
    return await known(desk, number)


async def known(desk: Desk, number: int) -> Proposal:
    """Return a proposal; raises Refused when there is none with that number."""
    proposal = await desk.store.proposals.get(number)
    if proposal is None:
        raise Refused(
            f"There is no proposal {number}.", remedy="`/aso proposals` lists the open ones."
        )
    return proposal


def refuse_unseen(proposal: Proposal | None, seen: int) -> None:
    """Refuse to replace a revision that the form did not show."""
    if proposal is None:
        return
    if proposal.status not in EDITABLE:
        raise Conflict(
            f"Proposal {proposal.id} is {proposal.status} by now and was not changed.",
            remedy="What you typed is kept: close this form, and `/aso edit` shows it again.",
        )
    if proposal.revision != seen:
        raise Conflict(
            f"Proposal {proposal.id} has a newer text by now, revision {proposal.revision},"
            " and was not changed.",
            remedy="What you typed is kept: close this form and press Edit under the new message.",
        )


def _brought(proposal: Proposal | None) -> tuple[Item, ...]:
    """Return what a part of a proposal brought to Apple: it stays in every later revision."""
    items = proposal.items if proposal else ()
    return tuple(item for item in items if item.state is ItemState.DONE)


async def _seen_by_now(desk: Desk, loaded: keeping.Loaded) -> tuple[Item, ...]:
    """Return what a push sent without an answer and the form's reading shows at Apple."""
    if loaded.proposal is None:
        return ()
    steps = await desk.store.steps.of_proposal(loaded.proposal.id)
    return found_there(unanswered(loaded.proposal, steps), loaded.live)


def _changed_again(there: tuple[Item, ...], changed: tuple[Item, ...]) -> list[Finding]:
    """Return a mistake for each text that a part brought and that is changed once more."""
    places = {(item.locale, item.field) for item in there}
    return [
        Finding(
            severity=Severity.ERROR,
            locale=item.locale,
            field=item.field,
            message="A part of this proposal brought this text to Apple already.",
            remedy="Leave it as it is, and propose the change on its own.",
        )
        for item in changed
        if (item.locale, item.field) in places
    ]


def _check(
    text: str, changed: tuple[Item, ...], live: Listing, proposal: Proposal | None
) -> tuple[Finding, ...]:
    same = proposal is not None and text == proposal.digest
    if same or not changed:
        return (
            Finding(
                severity=Severity.ERROR,
                locale="",
                field="",
                message="Nothing is changed yet.",
                remedy="Change a text first, or cancel.",
            ),
        )
    return validate(changed, live)


def _late(
    desk: Desk, changed: tuple[Item, ...], live: Listing, timing: Timing
) -> tuple[Finding, ...]:
    calendar = desk.rules.calendar(live.app.bundle_id)
    return mistakes_of_timing(timing, changed, calendar, desk.clock.now())


async def rivals(
    desk: Desk, changed: tuple[Item, ...], live: Listing, draft: Draft | None = None
) -> list[Finding]:
    """Return a warning for each text that another undecided proposal changes, too."""
    target = target_of(live)
    waiting = await desk.store.proposals.listed(statuses=UNDER_WAY, app_id=live.app.id)
    own = draft.proposal_id if draft else None
    return [
        finding
        for other in waiting
        if other.id != own
        for finding in rivals_of(other, changed, same_version=same_version(other.target, target))
    ]


async def _propose(
    desk: Desk, draft: Draft, live: Listing, revision: NewRevision, user: str
) -> Submitted | None:
    made = await desk.store.proposals.create(
        new_proposal(desk, live, user, revision.timing),
        revision,
        now=desk.clock.now(),
        draft=draft.id,
    )
    if made is None:
        return None
    desk.notifier.notices_waiting()
    return Submitted(locale=draft.locale, proposal=made)


async def _revise(
    desk: Desk, draft: Draft, proposal: Proposal, revision: NewRevision
) -> Submitted | None:
    # Who wrote any part of the text cannot decide on it, whoever edited it last.
    authors = tuple(dict.fromkeys((*proposal.authors, *revision.authors)))
    now = desk.clock.now()
    number = await desk.store.proposals.revise(
        proposal.id,
        replace(revision, authors=authors),
        draft=draft.id,
        seen=proposal.revision,
        expires_at=expires(desk, revision.timing),
        now=now,
    )
    if number is None:
        return None
    desk.notifier.notices_waiting()
    return Submitted(locale=draft.locale, proposal=proposal.id, revision=number)


def _founded(desk: Desk, everything: tuple[Item, ...], loaded: keeping.Loaded) -> tuple[Item, ...]:
    """Return the items with what earlier votes on them rest on.

    For another version, at another time, or in parts and not so before, or the other way round,
    everything is another question.
    """
    draft, live, proposal = loaded.draft, loaded.live, loaded.proposal
    asked = (_subject(loaded), draft.timing, draft.in_parts)
    same = proposal and (proposal.target, proposal.timing, proposal.in_parts) == asked
    before = proposal.items if proposal and same else ()
    return founded(everything, desk.rules.policy, live.app.bundle_id, before=before)


def _subject(loaded: keeping.Loaded) -> Target:
    """Return what a draft is about: a proposal stays with the version that it was written for."""
    return loaded.proposal.target if loaded.proposal else target_of(loaded.live)


def new_proposal(desk: Desk, live: Listing, user: str, timing: Timing = AT_ONCE) -> NewProposal:
    """Return a person's proposal about a version that is to be written."""
    return NewProposal(
        target=target_of(live),
        app_name=live.app.name,
        bundle_id=live.app.bundle_id,
        version_number=live.version.number,
        version_state="" if is_planned(live.version) else live.version.state,
        live=is_live(live.version),
        proposer=user,
        channel=desk.rules.channel_of(live.app.bundle_id),
        expires_at=expires(desk, timing),
    )


def expires(desk: Desk, timing: Timing) -> datetime:
    """Return how long people may decide: a text whose time is over needs no vote any more."""
    latest = desk.clock.now() + desk.rules.policy.expires
    return min(latest, timing.ends_at or latest)
