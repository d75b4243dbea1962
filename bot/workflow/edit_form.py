"""What the edit form shows of a draft: its fields, locales and boxes, and what is said of them.

Fields and locales are compared with what Apple held when the form was filled.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.awaiting import is_planned
from bot.domain.changes import Place
from bot.domain.editing import Phase, can_add_locale, is_live, phase, why_not
from bot.domain.fields import BY_ATTRIBUTE, FIELDS
from bot.domain.items import PRESENT
from bot.domain.listing import Listing, Version
from bot.domain.locales import LOCALES, locale
from bot.domain.parts import may_differ
from bot.domain.timing import warnings
from bot.workflow.cards import EditForm, FormField, LocaleChoice
from bot.workflow.catalogue import editable, platforms_of
from bot.workflow.desk import Desk
from bot.workflow.keeping import Loaded


async def edit_form(desk: Desk, loaded: Loaded, *, notes: tuple[str, ...] = ()) -> EditForm:
    """Return the form that shows a draft in its locale; `notes` are sentences to show on top.

    What goes with a locale that is removed, and what a freeze would hold, is said after them.
    """
    draft, reading, live, proposal = loaded.draft, loaded.reading, loaded.live, loaded.proposal
    revising = draft.proposal_id is not None
    version = next(one for one in reading.versions if one.id == live.version.id)
    platforms = (reading.platform,) if revising else await platforms_of(desk, reading.app)
    versions = (version,) if revising else editable(reading)
    calendar = desk.rules.calendar(reading.app.bundle_id)
    now = desk.clock.now()
    frozen = warnings(draft.timing, calendar, now, ends=desk.rules.would_end(draft.timing, now))
    return EditForm(
        draft=draft.id,
        app=reading.app,
        platforms=platforms,
        platform=reading.platform,
        versions=versions,
        version=version,
        live=is_live(live.version),
        locale=draft.locale,
        locales=_locales(loaded.texts, live),
        fields=tuple(_field(loaded, one.attribute) for one in FIELDS),
        reason=draft.reason,
        notes=(
            *notes,
            *_leaving(loaded.texts),
            *(f"⏸️ {one.message} {one.remedy}" for one in frozen),
        ),
        proposal=draft.proposal_id,
        revision=proposal.revision if proposal else 0,
        submits=draft.submits if draft.submits or _can_be_submitted(version) else None,
        in_parts=draft.in_parts if draft.in_parts or _has_parts(desk, loaded) else None,
        timing=draft.timing,
        may_end=why_not(live, "promotionalText") is None,
    )


def offered(code: str, live: Listing) -> str:
    """Return the locale to show: the wanted one where it may be edited, else the first."""
    if live.has_locale(code) or can_add_locale(live) is None:
        return code
    return live.locales()[0] if live.locales() else live.app.primary_locale


def _leaving(texts: Mapping[Place, str]) -> tuple[str, ...]:
    """Return what there is to say of the locales that a form takes away."""
    gone = [place[0] for place, left in texts.items() if not place[1] and left != PRESENT]
    if not gone:
        return ()
    names = ", ".join(f"{locale(code).name} ({code})" for code in gone)
    return (f"Removed with all texts: {names}. Nothing of that is edited here.",)


def _can_be_submitted(version: Version) -> bool:
    return phase(version) is Phase.PREPARING and not is_planned(version)


def _has_parts(desk: Desk, loaded: Loaded) -> bool:
    """Return whether what this form changes can have its approvals at different times."""
    live = loaded.live
    codes = {loaded.draft.locale, *live.locales(), *(locale for locale, _ in loaded.texts)}
    places = [(code, one.attribute) for code in codes for one in FIELDS]
    return may_differ(desk.rules.policy, live.app.bundle_id, places)


def _field(loaded: Loaded, attribute: str) -> FormField:
    draft, live = loaded.draft, loaded.live
    before = live.text(draft.locale, attribute)
    reason = why_not(live, attribute)
    if reason is None and not live.has_locale(draft.locale):
        reason = can_add_locale(live)
    return FormField(
        field=BY_ATTRIBUTE[attribute],
        before=before,
        text=loaded.texts.get((draft.locale, attribute), before),
        why_not=reason,
    )


def _locales(texts: Mapping[Place, str], live: Listing) -> tuple[LocaleChoice, ...]:
    touched = {place[0] for place in texts if texts[place] != live.text(*place)}
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
