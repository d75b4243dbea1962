"""The checklist before a submission: read what it needs to know, then let the domain judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.appstore.errors import NotAllowed
from bot.appstore.links import check_links
from bot.domain.checklist import Facts, checklist, links_of, with_texts
from bot.domain.editing import listing
from bot.domain.listing import Listing, Reading
from bot.domain.proposals import Item
from bot.domain.releases import Declared, Standing
from bot.domain.validation import Finding, Severity
from bot.workflow.desk import Desk

# People wait for a form; what has not answered by then is told to be slow.
LINK_SECONDS = 5.0
ALL_LINKS_SECONDS = 15.0


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


async def _links(desk: Desk, live: Listing) -> Mapping[str, str | None]:
    if not desk.rules.check_links:
        return {}
    return await check_links(links_of(live), seconds=LINK_SECONDS, in_all=ALL_LINKS_SECONDS)
