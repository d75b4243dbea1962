"""How what happens to versions is said: one thread for each version and channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.listing import App, Version
from bot.domain.news import ALARMS, LOUD, LOUD_PHASED
from bot.domain.releases import PhasedRelease
from bot.errors import Refused
from bot.slack.checks import SlackRefused
from bot.slack.faces.accounts import account_notice
from bot.slack.faces.messages import Message
from bot.slack.faces.phased import phased_notice, submission_notice
from bot.slack.faces.releases import info_notice, release_notification
from bot.slack.voice.mailroom import NOT_THERE, Delivered, Mailroom
from bot.workflow import admission, saying
from bot.workflow.cards import Lasted, ReleaseCard
from bot.workflow.desk import Desk, app_link
from bot.workflow.saying import Notice
from bot.workflow.showing import history
from bot.workflow.watch.cards import AccountCard, InfoCard, PhasedCard, SubmissionCard


async def _release(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    app, version = await _version(room.desk, body, state=body["new"])
    calls = body["own"] and body["new"] in ALARMS
    card = ReleaseCard(
        app=app,
        version=version,
        old_state=body["old"],
        new_state=body["new"],
        changes=await history(room.desk, app, version_id=version.id),
        link=app_link(app.id),
        lasted=_lasted(body),
        owners=admission.owners(room.desk, app) if calls else (),
        phased=await saying.phased_release(room.desk, version.id),
    )
    message = release_notification(card)
    return await _in_thread(room, notice, message, broadcast=body["new"] in LOUD)


async def _phased(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    app, version = await _version(room.desk, body, state="")
    phased = PhasedRelease(
        id=body["phased"],
        version_id=version.id,
        state=body["new"],
        day=body["day"],
        paused_days=body["paused_days"],
    )
    card = PhasedCard(
        app=app,
        version=version,
        phased=phased,
        old_state=body["old"],
        link=app_link(app.id),
        lasted=_lasted(body),
    )
    broadcast = body["new"] in LOUD_PHASED
    return await _in_thread(room, notice, phased_notice(card), broadcast=broadcast)


async def _submission(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    app, version = await _version(room.desk, body, state="")
    card = SubmissionCard(
        app=app,
        platform=version.platform,
        number=version.number,
        new_state=body["new"],
        link=app_link(app.id),
    )
    return await _in_thread(room, notice, submission_notice(card), broadcast=False)


async def _info(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    app, _seen = await _version(room.desk, body, state="")
    calls = body["own"] and body["new"] in ALARMS
    card = InfoCard(
        app=app,
        new_state=body["new"],
        old_state=body["old"],
        link=app_link(app.id),
        lasted=_lasted(body),
        owners=admission.owners(room.desk, app) if calls else (),
    )
    loud = body["new"] in LOUD
    return await _in_thread(room, notice, info_notice(card), broadcast=loud)


async def _account(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    several = len(room.desk.accounts.names) > 1
    card = AccountCard(
        account=body["account"] if several else "",
        state=body["new"],
        message=body.get("message", ""),
        remedy=body.get("remedy", ""),
        apps=await saying.apps_of(room.desk, body["account"]),
    )
    return Delivered(ts=await room.post(notice, account_notice(card)))


async def _in_thread(
    room: Mailroom, notice: Notice, message: Message, *, broadcast: bool
) -> Delivered:
    """Post in the thread of the notice's version; the first message of one begins it."""
    version, channel = notice.body["version"], notice.channel
    if not version:
        return Delivered(ts=await room.post(notice, message))
    root = await saying.version_thread(room.desk, version, channel)
    if root is not None:
        try:
            ts = await room.post(notice, message, thread=root, broadcast=broadcast)
        except SlackRefused as error:
            if error.code not in NOT_THERE:
                raise
        else:
            return Delivered(ts=ts)
    # Nothing was said yet, or somebody deleted what the thread began with.
    ts = await room.post(notice, message)
    await saying.version_thread_begun(room.desk, version, channel, ts=ts)
    return Delivered(ts=ts)


def _lasted(body: Mapping[str, Any]) -> Lasted | None:
    if not body["old"]:
        return None
    since, at, last = (
        datetime.fromisoformat(body.get(name) or body["at"]) for name in ("since", "at", "last")
    )
    return Lasted(
        least=max(timedelta(0), last - since), most=at - since, exact=body.get("exact", True)
    )


async def _version(desk: Desk, body: Mapping[str, Any], *, state: str) -> tuple[App, Version]:
    app = await saying.app(desk, body["app"])
    if app is None:
        raise Refused(f"The app {body['app']} is not known any more.")
    return app, Version(
        id=body["version"],
        app_id=app.id,
        platform=body["platform"],
        number=body["number"],
        state=state,
    )


VERSION_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "release": _release,
    "phased": _phased,
    "submission": _submission,
    "info": _info,
    "account": _account,
}
