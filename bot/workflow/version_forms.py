"""The forms that propose to act on a version: filled from Apple, checked, proposed.

Knows which version a form is about and why there may be none; refuses to know how a form
looks. What a wish is compared with at the end is what its form showed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.appstore.errors import NotAllowed
from bot.domain import wishes
from bot.domain.listing import App
from bot.domain.platforms import platform_name
from bot.domain.proposals import Proposal, Timing
from bot.domain.releases import Release, Standing
from bot.domain.scene import PENDING, RELEASED, moment_of, why_no_new_version
from bot.domain.timing import Calendar, still_ahead, warnings
from bot.domain.timing import mistakes as mistakes_of_timing
from bot.domain.validation import Finding
from bot.domain.wishes import Deed, Seen, Wish
from bot.errors import Refused
from bot.workflow.acting import REPLACEABLE, Intent, app_of, propose_action
from bot.workflow.catalogue import apps, platforms_of
from bot.workflow.checklist import checked, not_allowed
from bot.workflow.desk import Desk
from bot.workflow.version_cards import ActionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a form was about: which deed on which app and platform.

    `version_id` is "" for a version to be made or whichever fits, `proposal` the one whose
    place it takes, `form` the kept form that it is, where it is kept.
    """

    app: App
    platform: str
    deed: Deed
    version_id: str = ""
    proposal: int | None = None
    form: int | None = None


async def app_of_version(desk: Desk, version_id: str) -> tuple[App, str]:
    """Return the app and platform of a version that was seen; raises Refused for another."""
    known = {one.id: one for one in await apps(desk)}
    for seen in await desk.store.watchlog.versions():
        if seen.version.id == version_id and seen.version.app_id in known:
            return known[seen.version.app_id], seen.version.platform
    raise Refused(
        "This version is not known any more.", remedy="`/aso status` shows what is there."
    )


async def open_form(
    desk: Desk,
    deed: Deed,
    app: App,
    *,
    platform: str | None = None,
    version_id: str = "",
    wish: Wish | None = None,
) -> ActionForm:
    """Read where an app stands and return the form of a deed.

    Raises Refused when the deed makes no sense now, with what to do instead; BotError as
    the client does.
    """
    platforms = await platforms_of(desk, app)
    platform = _chosen(app, platforms, platform)
    builds = deed in (Deed.VERSION, Deed.BUILD)
    standing = await desk.store_of(app.id).standing(app.id, platform, builds=builds)
    others = [platform_name(one) for one in platforms if one != platform]
    elsewhere = f" For another platform, name it: {', '.join(others)}." if others else ""
    release = _subject(deed, app, standing, version_id, elsewhere=elsewhere)
    wish = wish or _first_wish(deed, standing, release)
    return ActionForm(
        deed=deed,
        app=app,
        platform=platform,
        platforms=platforms if deed is Deed.VERSION else (platform,),
        standing=standing,
        release=release,
        seen=wishes.seen(release, _source(standing)),
        wish=wish,
        frozen=frozen(desk, app, wish),
        zone=str(desk.rules.timezone),
        findings=await _checked(desk, app, standing, release) if deed is Deed.SUBMIT else (),
        choices=wishes.phased_choices(release, standing) if release else (),
    )


async def open_again(desk: Desk, proposal: Proposal) -> ActionForm:
    """Return the form that made a proposal, on what Apple holds now and with the same wish.

    What of it reached Apple already is left out.

    What comes of it takes the proposal's place. Raises Refused for a proposal of texts or
    one that cannot be replaced any more, else as `open_form` does.
    """
    items = wishes.unsent(proposal.items)
    deed = wishes.deed_of(items)
    if deed is None:
        raise Refused(
            f"Proposal {proposal.id} changes texts.", remedy="Use Edit under its message."
        )
    if proposal.status not in REPLACEABLE:
        raise Refused(
            f"Proposal {proposal.id} is {proposal.status} and is not changed any more.",
            remedy=f"Type `/aso {deed}` to make another one.",
        )
    timing = still_ahead(proposal.timing, desk.clock.now())
    form = await open_form(
        desk,
        deed,
        await app_of(desk, proposal),
        platform=proposal.target.platform,
        version_id=proposal.target.version_id,
        wish=wishes.wish_of(items, proposal.reason, timing.not_before),
    )
    return replace(form, proposal=proposal.id)


def frozen(desk: Desk, app: App, wish: Wish) -> str:
    """Return which freeze holds what is wished for and until when, "" when none does."""
    timing = Timing(not_before=wish.not_before)
    now = desk.clock.now()
    ends = desk.rules.would_end(timing, now)
    found = warnings(timing, desk.rules.calendar(app.bundle_id), now, ends=ends)
    return " ".join(f"{one.message} {one.remedy}" for one in found)


def mistakes(
    deed: Deed, wish: Wish, calendar: Calendar, *, now: datetime, unfinished: bool = False
) -> dict[str, str]:
    """Return what is wrong with a wish by what can be said without Apple, field -> sentence.

    Fields are those of `Wish`, "date" for the moment of a scheduled release. `unfinished` says
    that a date was given without a scheduled release, or a scheduled one without its date.
    """
    return {
        **_mistakes_of_waiting(wish, calendar, now),
        **_mistakes_of_deed(deed, wish, now, unfinished=unfinished),
    }


def _mistakes_of_waiting(wish: Wish, calendar: Calendar, now: datetime) -> dict[str, str]:
    timing = Timing(not_before=wish.not_before)
    found = {
        one.field: f"{one.message} {one.remedy}"
        for one in mistakes_of_timing(timing, (), calendar, now)
    }
    held, moment = calendar.held(timing, now), moment_of(wish.release)
    if not found and held and moment and moment <= held.until:
        found["date"] = (
            "The push waits longer than that, and Apple takes no date that has passed."
            " Choose a later one."
        )
    return found


def _mistakes_of_deed(deed: Deed, wish: Wish, now: datetime, *, unfinished: bool) -> dict[str, str]:
    found = {}
    if deed is Deed.VERSION and not re.fullmatch(r"\d{1,9}(\.\d{1,9}){0,2}", wish.number):
        found["number"] = "Write one to three numbers, such as 2.5.0."
    if unfinished:
        found["date"] = "A scheduled release has a date and an hour; the other ways have none."
    moment = moment_of(wish.release)
    if moment is not None and moment <= now:
        found["date"] = "This moment has passed. Choose a later one."
    if deed is Deed.BUILD and not wish.build:
        found["build"] = "Choose a build."
    if deed is Deed.PHASED and wish.phased is None:
        found["phased"] = "Choose what should happen."
    return found


async def propose(
    desk: Desk,
    place: Place,
    wish: Wish,
    seen: Seen,
    *,
    user: str,
) -> int:
    """Propose a wish; return the proposal's number. Raises as `propose_action` does."""
    intent = Intent(
        app=place.app,
        platform=place.platform,
        version_id=seen.version_id,
        items=wishes.items_of(place.deed, wish, seen),
        reason=wish.reason,
        timing=Timing(not_before=wish.not_before),
        replaces=place.proposal,
        form=place.form,
    )
    return await propose_action(desk, intent, user=user)


async def _checked(
    desk: Desk, app: App, standing: Standing, release: Release | None
) -> tuple[Finding, ...]:
    if release is None:
        return ()
    try:
        reading = await desk.store_of(app.id).read(app, standing.platform)
        return await checked(desk, reading, standing, release.version.id)
    except NotAllowed as error:
        return (not_allowed(error),)


def _chosen(app: App, platforms: Sequence[str], wanted: str | None) -> str:
    if wanted is None or wanted in platforms:
        return wanted or platforms[0]
    there = ", ".join(map(platform_name, platforms))
    raise Refused(f"{app.name} is not on {platform_name(wanted)}.", remedy=f"It is on {there}.")


# What is said where no version fits a deed, and what to do instead.
_WHY_NONE = {
    Deed.BUILD: (
        "No version of {app} is being prepared, so no build can be chosen.",
        "Propose a version with `/aso version`.",
    ),
    Deed.SUBMIT: (
        "No version of {app} is being prepared, so none can be submitted.",
        "`/aso status` shows where each stands; `/aso version` proposes a new one.",
    ),
    Deed.CANCEL: (
        "No version of {app} is in review.",
        "There is nothing to cancel.",
    ),
    Deed.RELEASE: (
        "No version of {app} waits for its release.",
        "`/aso status` shows where each stands.",
    ),
    Deed.PHASED: (
        "There is no phased release of {app} to decide about now.",
        "Updates are released in phases; begin one before the version is released.",
    ),
}


def _subject(
    deed: Deed, app: App, standing: Standing, version_id: str, *, elsewhere: str
) -> Release | None:
    if deed is Deed.VERSION:
        reason = why_no_new_version(standing)
        if reason is not None:
            remedy = "Finish that one first; `/aso status` shows it."
            raise Refused(reason, remedy=f"{remedy}{elsewhere}")
        return None
    found = wishes.subject(deed, standing, version_id)
    if found is None:
        message, remedy = _WHY_NONE[deed]
        raise Refused(message.format(app=app.name), remedy=f"{remedy}{elsewhere}")
    return found


def _source(standing: Standing) -> str:
    live = wishes.live_release(standing)
    return live.version.number if live else ""


def _first_wish(deed: Deed, standing: Standing, release: Release | None) -> Wish:
    if deed is Deed.VERSION:
        return Wish(number=wishes.next_number(standing), release="MANUAL")
    if deed is Deed.BUILD and release is not None:
        fitting = [one for one in standing.builds if one.train == release.version.number]
        newest = (fitting or list(standing.builds))[:1]
        return Wish(build=newest[0].label if newest else "")
    if deed is Deed.RELEASE and release is not None:
        pending = release.version.state == PENDING
        return Wish(release=RELEASED if pending else wishes.seen(release).release)
    return Wish()
