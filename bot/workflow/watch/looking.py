"""Looks at all apps and announces each transition of a version once."""

from __future__ import annotations

import logging

from bot.domain.listing import Version
from bot.storage.outbox import NewNotice
from bot.storage.watchlog import SeenVersion
from bot.workflow.desk import Desk
from bot.workflow.watch.tidying import open_proposals

log = logging.getLogger(__name__)

REPLACED = "REPLACED_WITH_NEW_VERSION"


async def watch(desk: Desk) -> None:
    """Look at all apps in one request and announce each state transition once.

    A version seen for the first time is kept and not announced. Raises BotError as the
    client does.
    """
    overview = await desk.appstore.overview()
    await desk.store.watchlog.keep_apps(one.app for one in overview)
    known = {one.version.id: one for one in await desk.store.watchlog.versions()}
    channels = {
        one.app.id: desk.rules.channel_of(one.app.bundle_id)
        for one in overview
        if desk.rules.serves(one.app.bundle_id)
    }
    seen: list[tuple[Version, str | None, list[NewNotice]]] = []
    for version in (version for one in overview for version in one.versions):
        before = known.get(version.id)
        if before is None:
            seen.append((version, None, []))
        elif before.version.state != version.state:
            channel = channels.get(version.app_id)
            said = [_transition(before, version, channel)] if channel else []
            seen.append((version, before.version.state, said))
    if seen:
        await desk.store.watchlog.see(seen, now=desk.clock.now())
        desk.notifier.notices_waiting()
    await _supersede(desk)


async def _supersede(desk: Desk) -> None:
    """End proposals for versions that were replaced: their text can never be sent."""
    replaced = {
        one.version.id
        for one in await desk.store.watchlog.versions()
        if one.version.state == REPLACED
    }
    for proposal in await open_proposals(desk):
        if proposal.target.version_id not in replaced:
            continue
        if await desk.store.proposals.move(proposal.id, "supersede"):
            log.info("proposal.superseded proposal=%s", proposal.id)
            desk.notifier.proposal_changed(proposal.id)


def _transition(before: SeenVersion, version: Version, channel: str) -> NewNotice:
    # The moment the old state was first seen makes a state that comes twice two transitions.
    key = f"release:{version.id}:{before.since.isoformat()}:{version.state}"
    return NewNotice(
        key=key,
        kind="release",
        channel=channel,
        body={
            "app": version.app_id,
            "version": version.id,
            "platform": version.platform,
            "number": version.number,
            "old": before.version.state,
            "new": version.state,
        },
    )
