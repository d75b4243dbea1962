"""What waits for people now: versions in a state, and conditions that hold.

Each is found from the store alone, with since when it has been so; whether anybody is
reminded of it is not known here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.listing import App, Version
from bot.domain.releases import PAUSE_BUDGET
from bot.domain.reviews import REVIEWED_IN, patience
from bot.storage.standings import ACCOUNT, PHASED
from bot.storage.transitions import VERSION
from bot.workflow.catalogue import apps
from bot.workflow.desk import Desk

# A pause has a limit of thirty days in all (App Store Connect help, "Release in phases").
FEW_DAYS_LEFT = 5
# Reviews longer ago say nothing of how long one takes today.
LOOK_BACK = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that waits: `what` is a version's state or a condition's name.

    `subject` is the version's id or the account's name; `app` and `version` are None where
    it is about an account. `begins` is when it became worth a word, where that is later than
    `since`; it may move. `facts` are what a message says besides.
    """

    what: str
    subject: str
    since: datetime
    app: App | None = None
    version: Version | None = None
    begins: datetime | None = None
    facts: Mapping[str, int] = field(default_factory=dict)

    def lasts(self, now: datetime) -> timedelta:
        """Return for how long it has been worth a word."""
        return now - (self.begins or self.since)


async def waits(desk: Desk) -> tuple[Wait, ...]:
    """Return all that waits now, of the apps that are served."""
    served = {app.id: app for app in await apps(desk)}
    found = list(await _in_states(desk, served))
    wanted = {one.condition for one in desk.rules.reminders if one.condition}
    for name in sorted(wanted & CONDITIONS.keys()):
        found += await CONDITIONS[name](desk, served)
    return tuple(found)


async def _in_states(desk: Desk, served: Mapping[str, App]) -> list[Wait]:
    return [
        Wait(
            what=one.version.state,
            subject=one.version.id,
            since=one.since,
            app=served[one.version.app_id],
            version=one.version,
        )
        for one in await desk.store.watchlog.versions()
        if one.version.app_id in served
    ]


async def _long_reviews(desk: Desk, served: Mapping[str, App]) -> list[Wait]:
    now = desk.clock.now()
    found = []
    for one in await _in_states(desk, served):
        if one.what not in REVIEWED_IN or one.app is None:
            continue
        lasted = [
            each.at - each.old_since
            for each in await desk.store.transitions.between(
                now - LOOK_BACK, now, app_id=one.app.id
            )
            if each.kind == VERSION and each.old == one.what and each.exact
        ]
        begins = one.since + patience(lasted)
        if begins <= now:
            facts = {"hours": int((now - one.since) / timedelta(hours=1))}
            found.append(replace(one, what="review_longer_than_usual", begins=begins, facts=facts))
    return found


async def _long_pauses(desk: Desk, served: Mapping[str, App]) -> list[Wait]:
    versions = {one.subject: one for one in await _in_states(desk, served)}
    found = []
    for standing in await desk.store.standings.all(PHASED):
        version = versions.get(standing.version_id)
        left = PAUSE_BUDGET - int(standing.detail.get("paused_days") or 0)
        if version is not None and standing.state == "PAUSED" and left <= FEW_DAYS_LEFT:
            found.append(
                replace(
                    version,
                    what="pause_near_limit",
                    since=standing.since,
                    facts={"left": max(0, left)},
                )
            )
    return found


def _accounts(what: str, state: str) -> Callable[[Desk, Mapping[str, App]], Awaitable[list[Wait]]]:
    async def found(desk: Desk, _served: Mapping[str, App]) -> list[Wait]:
        return [
            Wait(what=what, subject=one.id, since=one.since)
            for one in await desk.store.standings.all(ACCOUNT)
            if one.state == state
        ]

    return found


CONDITIONS: Mapping[str, Callable[[Desk, Mapping[str, App]], Awaitable[Iterable[Wait]]]] = {
    "review_longer_than_usual": _long_reviews,
    "pause_near_limit": _long_pauses,
    "key_trouble": _accounts("key_trouble", "KEY"),
    "agreements_missing": _accounts("agreements_missing", "AGREEMENTS"),
}
