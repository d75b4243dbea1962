"""The edit form between `/aso edit` and the proposal: opened, filled, switched, saved.

Nothing typed is lost: a draft is a row that holds every locale's texts and what Apple held
when the form was filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.editing import can_add_locale, is_live, listing, why_not
from bot.domain.fields import BY_ATTRIBUTE, FIELDS
from bot.domain.listing import App, Listing, Reading, Version
from bot.domain.locales import LOCALES, locale
from bot.domain.proposals import ItemKind, ItemState, Proposal, Status
from bot.domain.text import normalise
from bot.errors import Refused
from bot.storage.drafts import Draft
from bot.workflow.cards import EditForm, FormField, LocaleChoice
from bot.workflow.catalogue import apps, editable, platforms_of
from bot.workflow.catalogue import read as read_apple
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the inputs: (locale, attribute) -> text, "" for emptied.

    A pair that is absent was not touched; `reason` likewise when it is None.
    """

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    reason: str | None = None


async def open_form(
    desk: Desk, user: str, app: App, *, platform: str | None = None, wanted: str | None = None
) -> EditForm:
    """Read an app at Apple and return the form, with what the person typed before.

    Without a platform the draft typed into last is found again. `wanted` is the locale to
    show first. Raises BotError as the client does, Refused when nothing can be edited.
    """
    earlier = await desk.store.drafts.latest(user, app_id=app.id)
    if earlier is not None and platform is None:
        platform = earlier.platform
    reading = await read_apple(desk, app, platform)
    versions = editable(reading)
    version = next((v for v in versions if earlier and v.id == earlier.version_id), versions[0])
    draft = await _open_draft(desk, user, reading, version)
    notes = (_found_again(desk, draft),) if draft.texts else ()
    return await _fill(desk, draft, reading, wanted=wanted, notes=notes)


async def revise(desk: Desk, user: str, proposal: Proposal) -> EditForm:
    """Return the form that writes an open proposal's next revision.

    Raises Refused when the proposal is no longer open, BotError as the client does.
    """
    if proposal.status is not Status.OPEN:
        raise Refused(
            f"Proposal {proposal.id} is {proposal.status}; only an open one can be edited.",
            remedy="Propose the change again with `/aso edit`.",
        )
    reading, version = await _read_version(desk, proposal)
    draft = await _open_draft(desk, user, reading, version, proposal=proposal.id)
    if draft.texts:
        note = _found_again(desk, draft)
    else:
        draft = await _take_over(desk, draft, proposal)
        note = f"You edit proposal {proposal.id}. Votes on the earlier text do not carry over."
    return await _fill(desk, draft, reading, notes=(note,))


async def propose_again(desk: Desk, user: str, proposal: Proposal) -> EditForm:
    """Return a form with a proposal's unsent texts, on what Apple holds now."""
    reading, version = await _read_version(desk, proposal)
    draft = await _open_draft(desk, user, reading, version)
    draft = await _take_over(desk, draft, proposal)
    note = f"The texts of proposal {proposal.id} that did not reach Apple, on today's listing."
    return await _fill(desk, draft, reading, notes=(note,))


async def form(desk: Desk, number: int, *, note: str = "") -> EditForm:
    """Return the form as the draft has it, without asking Apple; raises Refused when it ended.

    `note` is a sentence to show on top.
    """
    draft, reading = await _load(desk, number)
    return await _form(desk, draft, reading, notes=(note,) if note else ())


async def save(desk: Desk, number: int, typed: Typed, *, view_id: str | None = None) -> Draft:
    """Keep what stands in the inputs; raises Refused when the draft ended."""
    draft, reading = await _load(desk, number)
    texts = dict(draft.texts)
    live = listing(reading, draft.version_id)
    for (code, attribute), text in typed.texts.items():
        if normalise(text) == normalise(live.text(code, attribute)):
            texts.pop((code, attribute), None)
        else:
            texts[code, attribute] = text
    saved = await desk.store.drafts.save(
        number, now=desk.clock.now(), texts=texts, reason=typed.reason, view_id=view_id
    )
    return _open(saved)


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
    when a platform is looked at for the first time.
    """
    draft, reading = await _load(desk, number)
    if platform and platform != reading.platform:
        reading = await read_apple(desk, reading.app, platform)
        version_id = editable(reading)[0].id
    if version_id and version_id != draft.version_id:
        version = next(one for one in editable(reading) if one.id == version_id)
        other = await _open_draft(desk, draft.user_id, reading, version)
        return await _fill(desk, other, reading, wanted=to_locale or draft.locale)
    return await _fill(desk, draft, reading, wanted=to_locale)


async def keep_drawn(desk: Desk, form: EditForm) -> None:
    """Keep the texts that a form was drawn with, for inputs that show them in halves."""
    drawn = {one.field.attribute: one.text for one in form.fields}
    await desk.store.drafts.keep_drawn(form.draft, drawn)


async def drawn(desk: Desk, number: int) -> Mapping[str, str]:
    """Return attribute -> text as the form was last drawn with it."""
    return await desk.store.drafts.drawn(number)


async def discard(desk: Desk, number: int) -> None:
    """End a draft without proposing it."""
    await desk.store.drafts.discard(number, now=desk.clock.now())


async def loaded(desk: Desk, number: int) -> tuple[Draft, Listing]:
    """Return an open draft with the listing it is based on; raises Refused when it ended."""
    draft, reading = await _load(desk, number)
    return draft, listing(reading, draft.version_id)


async def _load(desk: Desk, number: int) -> tuple[Draft, Reading]:
    draft = _open(await desk.store.drafts.get(number))
    reading = await desk.store.drafts.reading(number)
    if reading is None:
        raise Refused("Apple has not answered yet.", remedy="Wait a moment and try again.")
    return draft, reading


async def _open_draft(
    desk: Desk, user: str, reading: Reading, version: Version, *, proposal: int | None = None
) -> Draft:
    draft = await desk.store.drafts.open(
        user,
        app_id=reading.app.id,
        platform=reading.platform,
        version_id=version.id,
        proposal=proposal,
        now=desk.clock.now(),
    )
    await desk.store.drafts.keep_reading(draft.id, reading)
    return draft


async def _fill(
    desk: Desk,
    draft: Draft,
    reading: Reading,
    *,
    wanted: str | None = None,
    notes: tuple[str, ...] = (),
) -> EditForm:
    live = listing(reading, draft.version_id)
    shown = _offered(wanted or draft.locale or reading.app.primary_locale, live)
    saved = await desk.store.drafts.save(draft.id, now=desk.clock.now(), locale=shown)
    return await _form(desk, _open(saved), reading, notes=notes)


async def _read_version(desk: Desk, proposal: Proposal) -> tuple[Reading, Version]:
    app = App(id=proposal.target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)
    known = {one.id: one for one in await apps(desk)}
    reading = await read_apple(desk, known.get(app.id, app), proposal.target.platform)
    versions = editable(reading)
    same = [one for one in versions if one.id == proposal.target.version_id]
    return reading, (same or list(versions))[0]


def _open(draft: Draft | None) -> Draft:
    if draft is None or draft.status != "open":
        raise Refused(
            "This form was submitted or discarded already.",
            remedy="Open a new one with `/aso edit`.",
        )
    return draft


async def _take_over(desk: Desk, draft: Draft, proposal: Proposal) -> Draft:
    texts = {
        (item.locale, item.field): item.after
        for item in proposal.items
        if item.kind is ItemKind.TEXT and item.state is not ItemState.DONE
    }
    saved = await desk.store.drafts.save(
        draft.id,
        now=desk.clock.now(),
        texts={**draft.texts, **texts},
        reason=draft.reason or proposal.reason,
        locale=proposal.items[0].locale,
    )
    return _open(saved)


def _found_again(desk: Desk, draft: Draft) -> str:
    when = draft.updated_at.astimezone(desk.rules.timezone).strftime("%d %B, %H:%M")
    return f"Your draft of {when} is here again. What you typed then is still in it."


async def _form(
    desk: Desk, draft: Draft, reading: Reading, *, notes: tuple[str, ...] = ()
) -> EditForm:
    live = listing(reading, draft.version_id)
    revising = draft.proposal_id is not None
    platforms = (reading.platform,) if revising else await platforms_of(desk, reading.app)
    versions = (live.version,) if revising else editable(reading)
    return EditForm(
        draft=draft.id,
        app=reading.app,
        platforms=platforms,
        platform=reading.platform,
        versions=versions,
        version=live.version,
        live=is_live(live.version),
        locale=draft.locale,
        locales=_locales(draft, live),
        fields=tuple(_field(draft, live, one.attribute) for one in FIELDS),
        reason=draft.reason,
        notes=notes,
        proposal=draft.proposal_id,
    )


def _field(draft: Draft, live: Listing, attribute: str) -> FormField:
    before = live.text(draft.locale, attribute)
    reason = why_not(live, attribute)
    if reason is None and not live.has_locale(draft.locale):
        reason = can_add_locale(live)
    return FormField(
        field=BY_ATTRIBUTE[attribute],
        before=before,
        text=draft.texts.get((draft.locale, attribute), before),
        why_not=reason,
    )


def _locales(draft: Draft, live: Listing) -> tuple[LocaleChoice, ...]:
    touched = {code for code, _ in draft.texts}
    there = [
        LocaleChoice(code=code, name=locale(code).name, exists=True, changed=code in touched)
        for code in live.locales()
    ]
    if can_add_locale(live) is not None:
        return tuple(there)
    known = set(live.locales())
    lacking = [
        LocaleChoice(code=one.code, name=one.name, exists=False, changed=one.code in touched)
        for one in LOCALES
        if one.code not in known
    ]
    return (*there, *lacking)


def _offered(code: str, live: Listing) -> str:
    """Return the locale to show: the wanted one where it may be edited, else the first."""
    if live.has_locale(code) or can_add_locale(live) is None:
        return code
    return live.locales()[0] if live.locales() else live.app.primary_locale
