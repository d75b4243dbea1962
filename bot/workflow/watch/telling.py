"""Who is told of what happened to a version, as rows of the outbox; each once, by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.listing import App, AppInfo, Version
from bot.domain.news import LOUD, LOUD_PHASED
from bot.domain.releases import PhasedRelease, Submission
from bot.storage.outbox import NewNotice
from bot.storage.standings import Standing
from bot.workflow.desk import Desk

# The wish of a person for direct messages about versions.
RELEASES = "releases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Where news of an app goes: its own channel, those that follow it, people who asked.

    `own` is "" for an app that is not served: nobody is told.
    """

    app: App
    own: str = ""
    others: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def places(self, *, loud: bool) -> tuple[str, ...]:
        """Return channels and, for `loud` news, people; the app's own channel first."""
        people = self.people if loud else ()
        every = dict.fromkeys([self.own, *self.others, *people]) if self.own else {}
        return tuple(every)


async def audiences(desk: Desk, apps: Iterable[App]) -> Mapping[str, Audience]:
    """Return app id -> who is told of it."""
    channels = await desk.store.subscriptions.channels()
    people = await desk.store.subscriptions.who_want(RELEASES)
    return {
        app.id: Audience(
            app=app,
            own=desk.rules.channel_of(app.bundle_id),
            others=channels.get(app.id, ()),
            people=people,
        )
        if desk.rules.serves(app.bundle_id)
        else Audience(app=app)
        for app in apps
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """That something left the state `old`, in which it had been since `since` or longer.

    It had been so since then and no longer where that is `exact`. `last` is when it was last
    seen so, None where that was just before.
    """

    old: str
    since: datetime
    now: datetime
    exact: bool = True
    last: datetime | None = None


def release_notices(to: Audience, version: Version, moved: Moved) -> tuple[NewNotice, ...]:
    """Return what is said of a version's transition, in each place once."""
    # The moment the old state was first seen makes a state that comes twice two transitions.
    key = f"release:{version.id}:{moved.since.isoformat()}:{version.state}"
    body = {**_about(version), **_moved(moved), "new": version.state}
    return _everywhere(to, "release", key, body, loud=version.state in LOUD)


def submission_notices(
    to: Audience, submission: Submission, version: Version | None, moved: Moved
) -> tuple[NewNotice, ...]:
    """Return what is said of a submission's transition, in its version's thread if it has one."""
    key = f"submission:{submission.id}:{moved.since.isoformat()}:{submission.state}"
    nothing = Version(id="", app_id=to.app.id, platform=submission.platform, number="", state="")
    body = {**_about(version or nothing), **_moved(moved), "new": submission.state}
    return _everywhere(to, "submission", key, body, loud=False)


def info_notices(
    to: Audience, info: AppInfo, version: Version | None, moved: Moved
) -> tuple[NewNotice, ...]:
    """Return what is said of an app info that goes another way than the versions do."""
    key = f"info:{info.id}:{moved.since.isoformat()}:{info.state}"
    nothing = Version(id="", app_id=to.app.id, platform="", number="", state="")
    body = {**_about(version or nothing), **_moved(moved), "new": info.state}
    return _everywhere(to, "info", key, body, loud=info.state in LOUD)


def phased_notices(
    to: Audience, version: Version, phased: PhasedRelease, moved: Moved
) -> tuple[NewNotice, ...]:
    """Return what is said of a phased release that began, went on, paused or ended."""
    key = f"phased:{phased.id}:{moved.since.isoformat()}:{phased.state}:{phased.day}"
    body = {
        **_about(version),
        **_moved(moved),
        "new": phased.state,
        "phased": phased.id,
        "day": phased.day,
        "paused_days": phased.paused_days,
    }
    return _everywhere(to, "phased", key, body, loud=phased.state in LOUD_PHASED)


def account_notice(desk: Desk, account: Standing, old: str) -> NewNotice:
    """Return what is said of an account that Apple lets in no longer, or again."""
    return NewNotice(
        key=f"account:{account.id}:{account.state}:{account.since.isoformat()}",
        kind="account",
        channel=desk.rules.channel,
        body={"account": account.id, "old": old, "new": account.state, **account.detail},
    )


def _everywhere(
    to: Audience, kind: str, key: str, body: Mapping[str, Any], *, loud: bool
) -> tuple[NewNotice, ...]:
    return tuple(
        NewNotice(
            key=f"{key}:{place}", kind=kind, channel=place, body={**body, "own": place == to.own}
        )
        for place in to.places(loud=loud)
    )


def _about(version: Version) -> Mapping[str, Any]:
    return {
        "app": version.app_id,
        "version": version.id,
        "platform": version.platform,
        "number": version.number,
    }


def _moved(moved: Moved) -> Mapping[str, Any]:
    return {
        "old": moved.old,
        "since": moved.since.isoformat(),
        "at": moved.now.isoformat(),
        "exact": moved.exact,
        **({"last": moved.last.isoformat()} if moved.last else {}),
    }
