"""Where everything stands: one app as Apple tells it now, all apps as they were last seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.listing import App
from bot.domain.releases import OPEN_SUBMISSIONS, PhasedRelease, Release, Standing
from bot.domain.scene import release_text
from bot.errors import BotError
from bot.storage import standings
from bot.storage.transitions import SeenVersion
from bot.workflow.cards import BudgetCard
from bot.workflow.catalogue import apps, platforms_of
from bot.workflow.desk import Desk
from bot.workflow.showing import budget_card, version_cards, waiting
from bot.workflow.version_cards import StatusCard, StatusLine
from bot.workflow.watch.reminding import due


async def status_card(desk: Desk, app: App | None) -> StatusCard:
    """Return where versions stand, of one app in two requests a platform, or of all in none.

    What Apple does not tell now is told as it was last seen.
    """
    lines, problem = await _seen(desk, app), ""
    if app is not None:
        try:
            lines = await _fresh(desk, app)
        except BotError as error:
            problem = f"As last seen: {error.message}"
    asked_for = await due(desk)
    return StatusCard(
        lines=tuple(
            replace(one, due=(one.version.id, one.version.state) in asked_for) for one in lines
        ),
        proposals=await waiting(desk, app.id if app else None),
        budgets=await budget_cards(desk, app),
        now=desk.clock.now(),
        app=app,
        problem=problem,
        zone=desk.rules.timezone,
    )


async def budget_cards(desk: Desk, app: App | None) -> tuple[BudgetCard, ...]:
    """Return what is left of each account's hour, of the app's account alone where one is named."""
    if app is not None:
        return (budget_card(desk, app),)
    known = await apps(desk)
    of_account = {desk.accounts.account_of(one.id): one for one in known}
    return tuple(budget_card(desk, one) for one in of_account.values()) or (budget_card(desk),)


async def _fresh(desk: Desk, app: App) -> list[StatusLine]:
    client = desk.store_of(app.id)
    platforms = await platforms_of(desk, app)
    found = await asyncio.gather(*(client.standing(app.id, one) for one in platforms))
    seen = await desk.store.watchlog.versions(app.id)
    known = {(one.version.id, one.version.state): one for one in seen}
    return [
        _line(app, release, standing, known) for standing in found for release in standing.releases
    ]


def _line(
    app: App, release: Release, standing: Standing, known: Mapping[tuple[str, str], SeenVersion]
) -> StatusLine:
    version = release.version
    seen = known.get((version.id, version.state))
    submission = next(
        (one for one in standing.submissions if version.id in one.version_ids and one.open), None
    )
    return StatusLine(
        app=app,
        version=version,
        since=seen.since if seen else None,
        exact=seen.exact if seen else True,
        build=release.build.label if release.build else "",
        release=release_text(version),
        phased=release.phased,
        submitted=submission.state if submission else "",
        submitted_at=submission.submitted_at if submission else None,
    )


async def _seen(desk: Desk, app: App | None) -> list[StatusLine]:
    cards = await version_cards(desk, app)
    app_id = app.id if app else None
    phased = await desk.store.standings.all(standings.PHASED, app_id=app_id)
    handed = await desk.store.standings.all(standings.SUBMISSION, app_id=app_id)
    releases = {one.version_id: _phased(one) for one in phased}
    open_ones = {one.version_id: one for one in handed if one.state in OPEN_SUBMISSIONS}
    lines = []
    for card in cards:
        one = open_ones.get(card.version.id)
        lines.append(
            StatusLine(
                app=card.app,
                version=card.version,
                since=card.since,
                exact=card.exact,
                phased=releases.get(card.version.id),
                submitted=one.state if one else "",
                submitted_at=one.since if one else None,
            )
        )
    return lines


def _phased(seen: standings.Standing) -> PhasedRelease:
    return PhasedRelease(
        id=seen.id,
        version_id=seen.version_id,
        state=seen.state,
        day=int(seen.detail.get("day") or 0),
        paused_days=int(seen.detail.get("paused_days") or 0),
    )
