"""The checklists of a listing: read what they need to know, then let the domain judge."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.appstore.errors import NotAllowed
from bot.appstore.links import check_links
from bot.domain.awaiting import is_planned, why_not_awaited
from bot.domain.checklist import Check, Facts, Point, checklist, links_of, with_texts
from bot.domain.editing import listing, on_platform
from bot.domain.items import Item
from bot.domain.listing import Listing, Reading, Version
from bot.domain.listing_checks import count, of_locale, points, subject
from bot.domain.proposals import UNDER_WAY, Proposal
from bot.domain.releases import Declared, Standing
from bot.domain.validation import Finding, Severity
from bot.errors import Refused
from bot.workflow import catalogue
from bot.workflow.awaiting import settled
from bot.workflow.desk import Desk

# People wait for a form; what has not answered by then is told to be slow.
LINK_SECONDS = 5.0
ALL_LINKS_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checks found in a listing, problems first; `links` is how many were tried.

    `locale` is the one that alone was asked for, "" for all of them.
    """

    listing: Listing
    points: tuple[Point, ...]
    links: int
    locale: str = ""

    @property
    def problems(self) -> int:
        """How many points have to be mended."""
        return count(self.points, Severity.ERROR)

    @property
    def remarks(self) -> int:
        """How many points are worth a look."""
        return count(self.points, Severity.WARNING)


async def checked(
    desk: Desk, reading: Reading, standing: Standing, version_id: str, items: Iterable[Item] = ()
) -> tuple[Finding, ...]:
    """Return what stands in the way of submitting a version, once `items` are there.

    Asks Apple for screenshots, category and content rights and, where the settings say so,
    the listing's addresses. Raises BotError as the client does.
    """
    live = with_texts(listing(reading, version_id), items)
    refused: tuple[Finding, ...] = ()
    counts: Mapping[str, int] | None = None
    declared: Declared | None = None
    store = desk.store_of(reading.app.id)
    try:
        counts = await store.screenshot_counts(version_id)
        declared = await store.declared(reading.app.id)
    except NotAllowed as error:
        refused = (not_allowed(error),)
    facts = Facts(screenshots=counts, declared=declared, links=await _links(desk, live))
    return (*refused, *checklist(live, standing, facts))


def not_allowed(error: NotAllowed) -> Finding:
    """Return what the key may not do, or an agreement that waits, as a line of the checklist."""
    return Finding(severity=Severity.ERROR, locale="", message=error.message, remedy=error.remedy)


async def check_app(desk: Desk, words: str) -> Checked:
    """Return what there is to say of the listing that `<app> [platform] [locale]` names.

    Raises Refused for an app that is not known or has no version, and for a locale that it
    lacks, else BotError as the client does.
    """
    asked = await catalogue.understand(desk, words)
    reading, version = await catalogue.looked_at(desk, asked)
    if asked.locale is None:
        return await check_listing(desk, reading, version)
    there = listing(reading, version.id).locales()
    if asked.locale not in there:
        raise Refused(
            f"{asked.app.name} {version.number} has no locale {asked.locale}.",
            remedy=f"It has {', '.join(there)}.",
        )
    whole = await check_listing(desk, reading, version)
    return replace(whole, points=of_locale(whole.points, asked.locale), locale=asked.locale)


async def check_proposal(desk: Desk, proposal: Proposal) -> Checked:
    """Return what there is to say of a listing once a proposal is pushed.

    Of one that ended, the listing as it stands; of one whose version Apple does not have yet,
    that version as it would begin now. Raises Refused where the version is not there any more
    or cannot come, else BotError as the client does.
    """
    app = await catalogue.find_app(desk, proposal.bundle_id)
    reading = await catalogue.read(desk, app, proposal.target.platform)
    reading, version = await settled(desk, proposal, reading)
    if version is None:
        raise _gone(proposal, reading)
    coming = proposal.own if proposal.status in UNDER_WAY else ()
    return await check_listing(desk, reading, version, coming)


def _gone(proposal: Proposal, reading: Reading) -> Refused:
    awaited = proposal.target.awaited
    if why := why_not_awaited(awaited, on_platform(reading)) if awaited else None:
        return Refused(f"Version {awaited} cannot come any more. {why[0]}", remedy=why[1])
    return Refused(
        f"Version {proposal.version_number} is not there any more.",
        remedy="`/aso check` looks at the one that is.",
    )


async def check_listing(
    desk: Desk, reading: Reading, version: Version, items: Iterable[Item] = ()
) -> Checked:
    """Return what there is to say of a version's listing, once `items` are there.

    Asks Apple for its screenshots, in one request, and tries the listing's addresses where the
    settings say so. A version that Apple does not have yet has no screenshots to miss. Raises
    BotError as the client does.
    """
    coming = tuple(items)
    after = with_texts(listing(reading, version.id), coming)
    (counts, refused), links = await asyncio.gather(
        _screenshots(desk, version), _links(desk, after)
    )
    facts = Facts(screenshots=counts, links=links)
    # Nine fields in fifty locales, letter by letter: others are not kept waiting for it.
    found = await asyncio.to_thread(points, subject(reading, version.id, coming, facts))
    return Checked(listing=after, points=(*found, *refused), links=len(links))


async def _screenshots(
    desk: Desk, version: Version
) -> tuple[Mapping[str, int] | None, tuple[Point, ...]]:
    """Return how many there are, or why the key may not see them."""
    if is_planned(version):
        return None, ()
    try:
        return await desk.store_of(version.app_id).screenshot_counts(version.id), ()
    except NotAllowed as error:
        point = Point(
            check=Check.SCREENSHOTS,
            severity=Severity.WARNING,
            head=error.message,
            tail="",
            remedy=error.remedy,
        )
        return None, (point,)


async def _links(desk: Desk, live: Listing) -> Mapping[str, str | None]:
    if not desk.rules.check_links:
        return {}
    return await check_links(links_of(live), seconds=LINK_SECONDS, in_all=ALL_LINKS_SECONDS)
