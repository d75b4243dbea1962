"""The edit form between `/aso edit` and the proposal: opened, filled, switched, saved.

Nothing typed is lost: a draft is a row that holds every locale's texts and what Apple held
when the form was filled.
"""

from __future__ import annotations

from bot.domain.awaiting import awaited_words, is_planned, why_never
from bot.domain.editing import (
    Phase,
    can_add_locale,
    choices,
    listing,
    phase,
    state_words,
)
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import ItemKind, ItemState
from bot.domain.listing import App, Listing, Reading, Version
from bot.domain.locales import locale
from bot.domain.proposals import AT_ONCE, EDITABLE, PROPOSED_AGAIN, Proposal, Status
from bot.domain.timing import still_ahead
from bot.errors import Refused
from bot.storage.draft_rows import Draft
from bot.workflow.awaiting import settled
from bot.workflow.cards import EditForm
from bot.workflow.catalogue import apps, editable
from bot.workflow.catalogue import read as read_apple
from bot.workflow.desk import Desk
from bot.workflow.edit_form import edit_form, offered
from bot.workflow.keeping import as_open, load, proposed_texts, times_of


async def open_form(
    desk: Desk, user: str, app: App, *, platform: str | None = None, wanted: str | None = None
) -> EditForm:
    """Read an app at Apple and return the form, with what the person typed before.

    Without a platform the draft typed into last is found again. `wanted` is the locale to
    show first. Raises BotError as the client does, Refused when nothing can be edited.
    """
    await desk.store.drafts.release(user, app_id=app.id, now=desk.clock.now())
    earlier = await desk.store.drafts.latest(user, app_id=app.id)
    if earlier is not None and platform is None:
        platform = earlier.platform
    reading = await read_apple(desk, app, platform)
    versions = editable(reading)
    version = next((v for v in versions if earlier and v.id == earlier.version_id), versions[0])
    draft, notes = await _open_draft(desk, user, reading, version)
    return await _fill(desk, draft, reading, wanted=wanted, notes=notes)


async def revise(desk: Desk, user: str, proposal: Proposal) -> EditForm:
    """Return the form that writes the next revision of a proposal that is open or parked.

    It holds the proposal's texts as they are now, and over them what the person typed
    before. Raises Refused when the proposal is neither or its version can no longer
    be edited, now or later, BotError as the client does.
    """
    if proposal.status not in EDITABLE:
        raise Refused(
            f"Proposal {proposal.id} is {proposal.status}; only an open one, or one that is"
            " parked, can be edited.",
            remedy=_instead_of_edit(proposal),
        )
    reading, version = await settled(desk, proposal, await _read(desk, proposal))
    if why := why_never(proposal.target, reading.versions):
        raise Refused(why, remedy="Press Propose again under its message, which keeps its texts.")
    if version is None or not _may_come_back(reading, version):
        raise Refused(
            f"Version {proposal.version_number} of {proposal.app_name} cannot be edited any more.",
            remedy="Withdraw the proposal and make a new one with `/aso edit`.",
        )
    if proposal.target.awaited:
        # What somebody typed before the version was there is shown with it.
        await desk.store.drafts.follow(user, proposal.id, version.id)
    draft, notes = await _open_draft(desk, user, reading, version, proposal=proposal)
    kept = "Votes stay for what you leave as it is; on the rest people vote anew."
    anew = "Votes on the earlier text do not carry over."
    stays = kept if desk.rules.policy.keep_votes else anew
    note = f"You edit proposal {proposal.id}. {stays}"
    if is_planned(version):
        note += f" It waits for {awaited_words(proposal)}: Apple's texts here are those of today."
    elif version not in choices(reading):
        state = f"{version.number} is {state_words(version.state)}"
        note += f" {state}: once approved it is pushed when the version can be edited again."
    wanted = None if draft.texts else _first_locale(proposal)
    return await _fill(desk, draft, reading, wanted=wanted, notes=(note, *notes))


async def propose_again(desk: Desk, user: str, proposal: Proposal) -> EditForm:
    """Return a form with a proposal's unsent texts, on what Apple holds now.

    What the person typed before and did not propose stands in place of them. Raises Refused
    for a proposal that still goes its way, or of which nothing is left, else as `revise` does.
    """
    _refuse_under_way(proposal)
    reading, version = await _read_version(desk, proposal)
    draft, notes = await _open_draft(desk, user, reading, version)
    draft = await _take_over(desk, draft, proposal)
    draft, over = await _without_past(desk, draft)
    note = f"The texts of proposal {proposal.id} that did not reach Apple, on today's listing."
    if version.id != proposal.target.version_id:
        note += f" They are for version {version.number} now."
    return await _fill(desk, draft, reading, notes=(note, *notes, *over))


def _instead_of_edit(proposal: Proposal) -> str:
    """Return what to do with a proposal that is not edited now."""
    if proposal.status in PROPOSED_AGAIN:
        return "Press Propose again under its message, which keeps its texts."
    if proposal.status is Status.APPROVED:
        return "Withdraw it, or press Stop where that is offered, and edit it then."
    return "Propose the change with `/aso edit`."


def _refuse_under_way(proposal: Proposal) -> None:
    """Raise Refused for what is proposed again by no button: it goes its way, or is there."""
    if proposal.status in PROPOSED_AGAIN or (proposal.status is Status.OPEN and proposal.stale):
        return
    if proposal.status in (Status.OPEN, Status.PARKED):
        remedy = "Press Edit under its message, which keeps its number and what was decided."
    elif proposal.status in (Status.APPROVED, Status.PUSHING):
        remedy = "Wait for what comes of it; its message says so."
    else:
        remedy = "Propose the change with `/aso edit`."
    raise Refused(
        f"Proposal {proposal.id} is {proposal.status} by now and is not proposed again.",
        remedy=remedy,
    )


async def form(desk: Desk, number: int, *, note: str = "") -> EditForm:
    """Return the form as the draft has it, without asking Apple; raises Ended when it ended.

    `note` is a sentence to show on top.
    """
    return await edit_form(desk, await load(desk, number), notes=(note,) if note else ())


async def switch(
    desk: Desk,
    number: int,
    *,
    platform: str | None = None,
    version_id: str | None = None,
    to_locale: str | None = None,
) -> EditForm:
    """Show another platform, version or locale; what was typed stays with what it was for.

    Another platform or version has a draft of its own. Raises BotError as the client does
    when another platform is read.
    """
    loaded = await load(desk, number)
    draft, reading = loaded.draft, loaded.reading
    if platform and platform != reading.platform:
        reading = await read_apple(desk, reading.app, platform)
        version_id = editable(reading)[0].id
    if version_id and version_id != draft.version_id:
        version = next(one for one in editable(reading) if one.id == version_id)
        other, notes = await _open_draft(desk, draft.user_id, reading, version)
        return await _fill(desk, other, reading, wanted=to_locale or draft.locale, notes=notes)
    return await _fill(desk, draft, reading, wanted=to_locale)


async def start_over(desk: Desk, number: int) -> EditForm:
    """Drop what was typed into a draft and return a fresh form; raises Ended when it ended.

    It holds Apple's texts as they were read for the draft, or the proposal's it revises.
    """
    loaded = await load(desk, number)
    draft = loaded.draft
    await desk.store.drafts.discard(number, now=desk.clock.now())
    fresh, _ = await _open_draft(
        desk, draft.user_id, loaded.reading, loaded.live.version, proposal=loaded.proposal
    )
    note = "Started over: what you had typed is gone."
    return await _fill(desk, fresh, loaded.reading, wanted=draft.locale, notes=(note,))


async def _open_draft(
    desk: Desk,
    user: str,
    reading: Reading,
    version: Version,
    *,
    proposal: Proposal | None = None,
) -> tuple[Draft, tuple[str, ...]]:
    """Return the person's draft on that reading, with what there is to say about it."""
    draft = await desk.store.drafts.open(
        user,
        app_id=reading.app.id,
        platform=reading.platform,
        version_id=version.id,
        proposal=proposal.id if proposal else None,
        now=desk.clock.now(),
    )
    if proposal and not draft.locale:
        now = desk.clock.now()
        await desk.store.drafts.save(draft.id, now=now, reason=proposal.reason)
        draft = await _with_choices(desk, draft, proposal)
        times = times_of(proposal.timing)
        draft = as_open(await desk.store.drafts.plan(draft.id, times, now=now))
    notes: tuple[str, ...] = (_found_again(desk, draft),) if draft.texts else ()
    draft, over = await _without_past(desk, draft)
    notes += over
    earlier = await desk.store.drafts.reading(draft.id)
    if earlier is not None and _texts_of(earlier) != _texts_of(reading):
        # Apple's old texts, untouched in a form that is still open, would count as typed.
        draft = as_open(await desk.store.drafts.renew(draft.id, now=desk.clock.now()))
        notes += _moved(draft, listing(earlier, version.id), listing(reading, version.id))
    await desk.store.drafts.keep_reading(draft.id, reading)
    return draft, notes


def _texts_of(reading: Reading) -> tuple[object, ...]:
    return reading.versions, reading.version_localizations, reading.info_localizations


def _moved(draft: Draft, old: Listing, new: Listing) -> tuple[str, ...]:
    places = [place for place in draft.texts if old.text(*place) != new.text(*place)]
    if not places:
        return ()
    named = ", ".join(f"{_label(attribute)} ({code})" for code, attribute in places[:5])
    more = f" and {len(places) - 5} more" if len(places) > 5 else ""
    return (f"Apple's text changed since you typed yours: {named}{more}.",)


def _label(attribute: str) -> str:
    return BY_ATTRIBUTE[attribute].label if attribute else "the locale itself"


async def _fill(
    desk: Desk,
    draft: Draft,
    reading: Reading,
    *,
    wanted: str | None = None,
    notes: tuple[str, ...] = (),
) -> EditForm:
    live = (await load(desk, draft.id)).live
    asked = wanted or draft.locale or reading.app.primary_locale
    shown = offered(asked, live)
    if wanted and shown != wanted:
        notes += (f"{locale(wanted).name} is not in this version. {can_add_locale(live)}",)
    as_open(await desk.store.drafts.save(draft.id, now=desk.clock.now(), locale=shown))
    return await edit_form(desk, await load(desk, draft.id), notes=notes)


async def _read(desk: Desk, proposal: Proposal) -> Reading:
    app = App(id=proposal.target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)
    known = {one.id: one for one in await apps(desk)}
    return await read_apple(desk, known.get(app.id, app), proposal.target.platform)


def _may_come_back(reading: Reading, version: Version) -> bool:
    """Return whether a version can be edited, or only its state of now keeps it."""
    return version in choices(reading) or phase(version) in (Phase.LOCKED, Phase.AWAITING)


async def _read_version(desk: Desk, proposal: Proposal) -> tuple[Reading, Version]:
    reading, own = await settled(desk, proposal, await _read(desk, proposal))
    versions = editable(reading)
    return reading, own if own in versions else versions[0]


async def _take_over(desk: Desk, draft: Draft, proposal: Proposal) -> Draft:
    await _with_choices(desk, draft, proposal)
    await desk.store.drafts.written_by(draft.id, proposal.authors, now=desk.clock.now())
    saved = await desk.store.drafts.take_over(
        draft.id,
        proposed_texts(proposal),
        reason=proposal.reason,
        locale=_first_locale(proposal),
        # What comes of the form takes its place, and whoever wrote it does not approve that.
        replaces=proposal.id,
        now=desk.clock.now(),
    )
    if draft.timing == AT_ONCE:
        times = times_of(proposal.timing)
        saved = await desk.store.drafts.plan(draft.id, times, now=desk.clock.now())
    return as_open(saved)


async def _without_past(desk: Desk, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """Take the times out of a draft that have come, and say so."""
    now = desk.clock.now()
    ahead = still_ahead(draft.timing, now)
    if ahead == draft.timing:
        return draft, ()
    saved = await desk.store.drafts.plan(draft.id, times_of(ahead), now=now)
    return as_open(saved), ("A time that was chosen earlier is over and was taken out.",)


def _first_locale(proposal: Proposal) -> str:
    return next((item.locale for item in proposal.items if item.locale), "")


async def _with_choices(desk: Desk, draft: Draft, proposal: Proposal) -> Draft:
    """Let a draft go in parts where the proposal does, and submit what it has not yet."""
    submits = any(
        item.kind is ItemKind.SUBMIT and item.state is not ItemState.DONE for item in proposal.items
    )
    saved = await desk.store.drafts.tick(
        draft.id, submits=submits, in_parts=proposal.in_parts, now=desk.clock.now()
    )
    return as_open(saved)


def _found_again(desk: Desk, draft: Draft) -> str:
    when = draft.updated_at.astimezone(desk.rules.timezone)
    return (
        f"Your draft of {when.day} {when:%B, %H:%M} is here again with what you typed then."
        " Start over, at the end of the form, drops it."
    )
