"""Fills the pages that people are shown: home, what waits, versions, budgets, history."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable

from bot.domain.editing import listing
from bot.domain.listing import App, Listing
from bot.domain.proposals import UNDER_WAY, Proposal
from bot.errors import BotError
from bot.storage.records import HistoryRow
from bot.workflow.awaiting import settled
from bot.workflow.cards import (
    BudgetCard,
    HistoryEntry,
    HomeCard,
    ProposalCard,
    VersionCard,
    Waiting,
)
from bot.workflow.catalogue import apps, look_at_versions, read
from bot.workflow.desk import Desk
from bot.workflow.proposal_card import proposal_card

log = logging.getLogger(__name__)

# Of proposals and versions, wherever pages are turned.
A_PAGE = 10
HISTORY = 50
# Fifty locales with nine fields, several times over; what is drawn is cut to Slack's room.
HISTORY_OF_A_VERSION = 2_000


async def listing_at_apple(desk: Desk, proposal: Proposal) -> Listing | None:
    """Return what Apple holds of a proposal's version, None where it cannot be read now."""
    target = proposal.target
    app = next((one for one in await desk.store.watchlog.apps() if one.id == target.app_id), None)
    if app is None:
        return None
    try:
        reading = await read(desk, app, target.platform)
    except BotError as error:
        log.info("listing.not_read proposal=%s error=%s", proposal.id, error)
        return None
    reading, version = await settled(desk, proposal, reading)
    return listing(reading, version.id) if version else None


async def home_card(desk: Desk, page: int) -> HomeCard:
    """Return a page (from 0) of the home."""
    waiting = await desk.store.proposals.numbers(statuses=UNDER_WAY)
    versions = await version_cards(desk)
    page, pages, window = _page(page, max(len(waiting), len(versions)))
    return HomeCard(
        proposals=await _cards(desk, list(waiting)[window]),
        versions=versions[window],
        budget=budget_card(desk),
        page=page,
        pages=pages,
        counts=Counter(waiting.values()),
    )


def _page(page: int, longest: int) -> tuple[int, int, slice]:
    """Return the page that is nearest to one asked for, how many there are, and its part."""
    pages = max(1, -(-longest // A_PAGE))
    page = min(max(page, 0), pages - 1)
    return page, pages, slice(page * A_PAGE, (page + 1) * A_PAGE)


async def _cards(desk: Desk, numbers: Iterable[int]) -> tuple[ProposalCard, ...]:
    # Side by side: a job that goes through all proposals takes turns with each, not with the page.
    cards = (proposal_card(desk, number, listed=True) for number in numbers)
    return tuple(await asyncio.gather(*cards))


async def version_cards(desk: Desk, app: App | None = None) -> tuple[VersionCard, ...]:
    """Return the versions that are not replaced, of one app or of all this bot serves."""
    served = {one.id: one for one in await apps(desk)}
    if served and not await desk.store.watchlog.versions():
        await look_at_versions(desk)
    return tuple(
        VersionCard(
            app=served[one.version.app_id],
            version=one.version,
            since=one.since,
            exact=one.exact,
        )
        for one in await desk.store.watchlog.versions(app.id if app else None)
        if one.version.app_id in served and one.version.state != "REPLACED_WITH_NEW_VERSION"
    )


async def waiting(desk: Desk, app_id: str | None, page: int = 0) -> Waiting:
    """Return a page (from 0) of the proposals that wait for somebody or something."""
    found = await desk.store.proposals.numbers(statuses=UNDER_WAY, app_id=app_id)
    page, pages, window = _page(page, len(found))
    return Waiting(
        cards=await _cards(desk, list(found)[window]),
        counts=Counter(found.values()),
        page=page,
        pages=pages,
        app_id=app_id or "",
    )


def budget_card(desk: Desk, app: App | None = None) -> BudgetCard:
    """Return what Apple last said is left of a key's hour and minute.

    The key is that of the app's account; without an app the one that has least left. The
    account is named where there are several.
    """
    accounts = desk.accounts
    names = [accounts.account_of(app.id)] if app else accounts.names
    left = {name: accounts.named(name).budget.hour_left for name in names}
    name = min(names, key=lambda one: (left[one] is None, left[one] or 0))
    budget = accounts.named(name).budget
    return BudgetCard(
        account=name if len(accounts.names) > 1 else "",
        hour_limit=budget.hour_limit,
        hour_left=budget.hour_left,
        minute_limit=budget.minute_limit,
        minute_left=budget.minute_left,
    )


async def changes(desk: Desk, app: App, *, locale: str | None = None) -> int:
    """Return how many changes of an app, or of a locale of it, reached Apple."""
    return await desk.store.watchlog.changes(app.id, locale=locale)


async def history(
    desk: Desk, app: App, *, locale: str | None = None, version_id: str | None = None
) -> tuple[HistoryEntry, ...]:
    """Return what reached Apple, newest first: the last changes, or all of one version.

    The last changes are told as the record has them.
    """
    most = HISTORY_OF_A_VERSION if version_id else HISTORY
    rows = await desk.store.watchlog.history(
        app_id=app.id,
        locale=locale,
        version_id=version_id,
        limit=most,
        recorded=version_id is None,
    )
    return tuple(_entry(app, row) for row in rows)


def _entry(app: App, row: HistoryRow) -> HistoryEntry:
    return HistoryEntry(
        app=app,
        platform=row.platform,
        version_number=row.version_number,
        locale=row.locale,
        field=row.field,
        before=row.before,
        after=row.after,
        proposal=row.proposal_id,
        proposer=row.proposer,
        approvers=row.approvers,
        pushed_at=row.pushed_at,
        glass=row.glass,
        digest=row.digest,
        part=row.part,
        recorded=row.recorded,
    )
