"""Apple's webhooks: set up for an app, believed when they are signed, and only heard as a hint.

The address names the app, since a payload does not. What an event says is never taken over:
where the app stands is read again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.hooks import VERSION_STATE, HookEvent, Webhook, event_of, matches
from bot.domain.listing import App
from bot.domain.proposals import Proposal
from bot.errors import BotError, Refused, Unavailable
from bot.storage.hooks import Hook
from bot.workflow import arriving
from bot.workflow.arriving import APPLE, Event
from bot.workflow.desk import Desk
from bot.workflow.watch.cards import HookCard
from bot.workflow.watch.looking import look_again

log = logging.getLogger(__name__)

PATH = "/hooks/appstore"
NAME = "Marquee"
# After a rotation Apple may still send what it signed with the secret before.
OLD_SECRET_FOR = timedelta(minutes=10)
# Apple's reads may be older than its word. What it told of is looked for again, by these
# pauses (s) between the looks: two, five and fifteen seconds after the first.
AGAIN = (2.0, 3.0, 10.0)
# Word that is older came late, and what it tells of was seen, or is over, by now.
FRESH = timedelta(minutes=10)
# Rotations that Apple did not answer, one after the other; an older secret holds no longer.
MOST_UNANSWERED = 5


class Arrival(StrEnum):
    """What becomes of something that arrived for an app."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    UNSIGNED = "unsigned"
    NONSENSE = "nonsense"


@dataclass(slots=True)
class Looked:
    """When each app was last read closely because of an event; later ones need another look."""

    at: dict[str, datetime] = field(default_factory=dict)

    def since(self, event: Event, *, now: datetime) -> bool:
        """Return whether an event's app was read since it came and before `now`."""
        last = self.at.get(_app_of(event))
        # A look in the future was one before the clock was set back.
        return last is not None and datetime.fromisoformat(event.body["at"]) < last <= now


def address(desk: Desk, app_id: str) -> str:
    """Return where Apple sends an app's events; raises Refused where it cannot reach the bot."""
    if desk.rules.public_url is None or desk.rules.secret is None:
        raise Refused(
            "Apple cannot reach this bot.",
            remedy="Set PUBLIC_URL, PORT and MARQUEE_SECRET; docs/webhooks.md explains it.",
        )
    return f"{desk.rules.public_url}{PATH}/{app_id}"


def secret(desk: Desk, app_id: str, generation: int) -> str:
    """Return an app's secret of a generation, derived anew each time and kept nowhere."""
    if desk.rules.secret is None:
        return ""
    about = f"appstore-webhook:{app_id}:{generation}"
    return hmac.new(desk.rules.secret.reveal().encode(), about.encode(), hashlib.sha256).hexdigest()


# -- what arrives -----------------------------------------------------------------------------


async def arrived(desk: Desk, app_id: str, *, header: str | None, body: bytes) -> Arrival:
    """Write down what came for an app, once; `header` signs the `body` as it came."""
    hook = await desk.store.hooks.get(app_id)
    if hook is None or not hook.url:
        return Arrival.UNKNOWN
    generation = _signed_with(desk, hook, header, body)
    if generation is None:
        await desk.store.hooks.refused(app_id, now=desk.clock.now())
        return Arrival.UNSIGNED
    if generation == hook.generation != hook.confirmed:
        await desk.store.hooks.confirm(app_id, generation)
    event = event_of(body)
    if event is None:
        return Arrival.NONSENSE
    now = desk.clock.now()
    await desk.store.hooks.heard(app_id, ping=event.ping, now=now)
    if not event.ping:
        await write_down(desk, app_id, event.id, **_hint(event, now))
    return Arrival.TAKEN


def _hint(event: HookEvent, now: datetime) -> Mapping[str, str]:
    """Return what to look for because of an event, nothing where it does not say."""
    late = event.at is not None and now - event.at > FRESH
    if late or event.instance_type != "appStoreVersions" or not event.new_value:
        return {}
    return {"version": event.instance_id, "state": event.new_value}


async def after_push(desk: Desk, push_id: int, proposal: Proposal) -> None:
    """Look at once where a version stands that a push acted on, as if Apple had sent word."""
    event_id = f"push:{push_id}:{desk.clock.now().isoformat()}"
    await write_down(desk, proposal.target.app_id, event_id, proposal=proposal.id)


async def write_down(desk: Desk, app_id: str, event_id: str, **more: int | str) -> None:
    """Keep that something happened to an app, once by the event's id."""
    body = {"app": app_id, "at": desk.clock.now().isoformat(), **more}
    if await arriving.write_down(desk, f"{APPLE}:{event_id}", body, source=APPLE):
        desk.hooks_arrived.set()


def _signed_with(desk: Desk, hook: Hook, header: str | None, body: bytes) -> int | None:
    """Return the generation whose secret signed a body, None where none did."""
    signed = [
        (one, matches(header, secret=secret(desk, hook.app_id, one), body=body))
        for one in _generations(desk, hook)
    ]
    return next((one for one, same in signed if same), None)


def _generations(desk: Desk, hook: Hook) -> list[int]:
    """Return the generations that hold, the newest first.

    Until Apple is known to have the newest one, those since the last that it had hold too.
    """
    oldest = max(1, min(hook.confirmed, hook.generation), hook.generation - MOST_UNANSWERED)
    if hook.confirmed == hook.generation and desk.clock.now() - hook.rotated_at < OLD_SECRET_FOR:
        oldest = max(1, hook.generation - 1)
    return list(range(hook.generation, oldest - 1, -1))


async def take(desk: Desk, *, busy: Collection[str]) -> Mapping[str, Sequence[Event]]:
    """Take the events that are due, those of an account together; `busy` accounts wait."""
    now = desk.clock.now()
    due: dict[str, list[str]] = {}
    for event in await desk.store.inbox.waiting(source=APPLE):
        account = desk.accounts.account_of(_app_of(event))
        if account not in busy and event.due <= now:
            due.setdefault(account, []).append(event.id)
    return {account: await desk.store.inbox.take_all(ids) for account, ids in due.items()}


async def next_due(desk: Desk, *, busy: Collection[str]) -> datetime | None:
    """Return when the next event of an account that is not `busy` is due, None without one."""
    waiting = await desk.store.inbox.waiting(source=APPLE)
    dues = (one.due for one in waiting if desk.accounts.account_of(_app_of(one)) not in busy)
    return min(dues, default=None)


async def handle(desk: Desk, account: str, events: Sequence[Event], looked: Looked) -> None:
    """Read again what events of an account are about, in one look; raises BotError.

    An app that was read closely since its event came is not read again, unless that showed
    nothing of it: an event is looked for some times, and never believed.
    """
    began = desk.clock.now()
    apps = {_app_of(one) for one in events if one.tries > 1 or not looked.since(one, now=began)}
    if apps:
        await look_again(desk, account, apps)
        looked.at.update(dict.fromkeys(apps, began))
    for event in events:
        if "proposal" in event.body:
            desk.notifier.proposal_changed(int(event.body["proposal"]))
        if event.tries <= len(AGAIN) and not await _shown(desk, event):
            await arriving.look_again(desk, event, seconds=AGAIN[event.tries - 1])
        else:
            await arriving.handled(desk, event)


async def _shown(desk: Desk, event: Event) -> bool:
    """Return whether what an event tells of was seen; one that does not say counts as seen."""
    wanted, state = event.body.get("version"), event.body.get("state")
    if not wanted:
        return True
    known = await desk.store.watchlog.versions(_app_of(event))
    if any((one.version.id, one.version.state) == (wanted, state) for one in known):
        return True
    since = datetime.fromisoformat(event.body["at"]) - FRESH
    happened = await desk.store.transitions.of_version(str(wanted))
    return any(one.new == state and one.at >= since for one in happened)


def _app_of(event: Event) -> str:
    return str(event.body["app"])


# -- what is set up ---------------------------------------------------------------------------


async def card(desk: Desk, app: App) -> HookCard:
    """Return how an app's webhook stands, as Apple has it now; raises BotError."""
    kept = await desk.store.hooks.get(app.id)
    reachable = desk.rules.public_url is not None and desk.rules.secret is not None
    ours = await _ours(desk, app.id) if reachable else None
    return HookCard(
        app=app,
        reachable=reachable,
        url=kept.url if kept else "",
        enabled=ours.enabled and ours.url == address(desk, app.id) if ours else None,
        last_event=kept.last_event_at if kept else None,
        last_ping=kept.last_ping_at if kept else None,
        last_refused=kept.last_refused_at if kept else None,
        unanswered=kept is not None and kept.confirmed != kept.generation,
        poll=round(desk.rules.poll.total_seconds() / 60),
    )


async def set_up(desk: Desk, app: App) -> None:
    """Set an app's webhook up with a new secret; one of ours at Apple is taken over.

    Raises BotError. What was not answered may have been done: both secrets hold until Apple
    is known to have the new one, and doing it again is harmless.
    """
    url = address(desk, app.id)
    ours = await _ours(desk, app.id)
    before = await desk.store.hooks.get(app.id)
    hook = Hook(
        app_id=app.id,
        hook_id=ours.id if ours else "",
        generation=before.generation + 1 if before else 1,
        url=url,
        rotated_at=desk.clock.now(),
        confirmed=before.confirmed if before else 0,
    )
    await desk.store.hooks.keep(hook)
    try:
        hook_id = await _tell_apple(desk, hook, ours)
    except Unavailable:
        raise
    except BotError:
        await desk.store.hooks.keep(before or replace(hook, url="", generation=0))
        raise
    await desk.store.hooks.keep(replace(hook, hook_id=hook_id, confirmed=hook.generation))


async def _tell_apple(desk: Desk, hook: Hook, ours: Webhook | None) -> str:
    store, word = desk.store_of(hook.app_id), secret(desk, hook.app_id, hook.generation)
    events = (VERSION_STATE,)
    if ours is not None:
        await store.update_webhook(ours.id, url=hook.url, secret=word, enabled=True, events=events)
        return ours.id
    made = await store.create_webhook(
        hook.app_id, name=NAME, url=hook.url, secret=word, events=events
    )
    return made.id


async def ping(desk: Desk, app: App) -> None:
    """Let Apple send a ping; raises Refused where no webhook is set up, else BotError."""
    ours = await _ours(desk, app.id)
    if ours is None:
        raise Refused("No webhook is set up.", remedy="Press Set up first.")
    await desk.store_of(app.id).ping_webhook(ours.id)


async def remove(desk: Desk, app: App) -> None:
    """End an app's webhook here and at Apple; raises BotError."""
    ours = await _ours(desk, app.id)
    if ours is not None:
        await desk.store_of(app.id).delete_webhook(ours.id)
    kept = await desk.store.hooks.get(app.id)
    if kept is not None:
        # The generation goes on, so that no secret is ever used again, nor holds for a while
        # beside the one that is set up next.
        ended = kept.generation + 1
        gone = replace(kept, hook_id="", url="", generation=ended, confirmed=ended)
        await desk.store.hooks.keep(gone)


async def _ours(desk: Desk, app_id: str) -> Webhook | None:
    """Return the webhook that is ours by its id, wherever it sends to, or by its address."""
    url = address(desk, app_id)
    kept = await desk.store.hooks.get(app_id)
    known = await desk.store_of(app_id).webhooks(app_id)
    by_id = next((one for one in known if kept and one.id == kept.hook_id), None)
    return by_id or next((one for one in known if one.url == url), None)
