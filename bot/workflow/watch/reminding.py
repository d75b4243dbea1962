"""Reminds of what waits: first after its time, then once a period, while the team works.

A period is (reminder, stay, turn): a stay is one time in a state, a turn one of `every`.
Who says Done ends a reminder for that stay, whatever becomes of its rhythm in the file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.periods import interval
from bot.storage.outbox import NewNotice
from bot.workflow.admission import owners, refuse_guest
from bot.workflow.desk import Desk, Reminder
from bot.workflow.watch.waits import Wait, waits

JOB = "remind"
# A version's reminders stay in reach of a Done for so many messages.
MOST_REDRAWN = 20


async def remind(desk: Desk) -> None:
    """Say what a reminder asks for: first after its time, then once a period, never twice.

    Outside of working hours nothing is said; of the turns that went by meanwhile the last
    one is said when the team works again.
    """
    now = desk.clock.now()
    if not desk.rules.works(now):
        return
    ended = await desk.store.dones.keys()
    said = False
    for wait in await waits(desk):
        for reminder in desk.rules.reminders:
            turn = _turn(reminder, wait, now)
            key = reminder_key(reminder, wait)
            if turn is None or done_key(desk, reminder, wait) in ended:
                continue
            if turn <= await _last_turn(desk, key):
                continue
            notices = _notices(desk, reminder, wait, turn)
            said |= await desk.store.periods.take(JOB, [f"{key}:{turn}"], now=now, notices=notices)
    if said:
        desk.notifier.notices_waiting()


async def due(desk: Desk) -> frozenset[tuple[str, str]]:
    """Return the versions that a reminder asks for by now, with their states as last seen.

    One that somebody ended with Done asks no more.
    """
    now = desk.clock.now()
    ended = await desk.store.dones.keys()
    return frozenset(
        (wait.version.id, wait.version.state)
        for wait in await waits(desk)
        for reminder in desk.rules.reminders
        if wait.version is not None
        and _turn(reminder, wait, now) is not None
        and done_key(desk, reminder, wait) not in ended
    )


async def done(desk: Desk, key: str, *, user: str) -> None:
    """End a reminder for this stay; every message that said it shows who ended it.

    Raises Refused for people of other workspaces, and for guests.
    """
    await refuse_guest(desk, user)
    if not await desk.store.dones.end(key, user=user, now=desk.clock.now()):
        return
    stay = key.rpartition(":")[0]
    told = await desk.store.outbox.said_of(f"{stay}:", kind="reminder", most=MOST_REDRAWN)
    await desk.say(
        NewNotice(
            key=f"done:{one.key}",
            kind="reminder_done",
            channel=one.channel,
            body={**one.body, "ts": one.ts, "user": user},
        )
        for one in told
        if one.body["key"] == key
    )


def done_key(desk: Desk, reminder: Reminder, wait: Wait) -> str:
    """Return what Done ends: one reminder of a stay, by its place among those about the same.

    When and to whom it is said may change in the file; what was ended stays ended.
    """
    alike = [one for one in desk.rules.reminders if _about(one) == _about(reminder)]
    return f"{_stay(wait)}:{alike.index(reminder)}"


def _about(reminder: Reminder) -> str:
    return reminder.state or reminder.condition


def _stay(wait: Wait) -> str:
    return f"reminder:{wait.subject}:{wait.what}:{wait.since.isoformat()}"


def reminder_key(reminder: Reminder, wait: Wait) -> str:
    """Return what names a reminder of one stay, the same in each of its turns."""
    rhythm = f"{reminder.after.total_seconds():.0f}:{reminder.every.total_seconds():.0f}"
    to = "+".join(reminder.to)
    return f"{_stay(wait)}:{rhythm}:{to}"


def _turn(reminder: Reminder, wait: Wait, now: datetime) -> int | None:
    """Return the number of the reminder that is due, None before the first and after the last."""
    if wait.what != _about(reminder):
        return None
    lasts = wait.lasts(now)
    if reminder.until is not None and lasts > reminder.until:
        return None
    return interval(now - lasts + reminder.after, reminder.every, now)


async def _last_turn(desk: Desk, key: str) -> int:
    taken = await desk.store.periods.taken(JOB, f"{key}:")
    return max((int(one.rpartition(":")[2]) for one in taken), default=-1)


def _notices(desk: Desk, reminder: Reminder, wait: Wait, turn: int) -> list[NewNotice]:
    key = reminder_key(reminder, wait)
    groups = [one for one in reminder.to if one.startswith("S")]
    places: list[tuple[str, list[str]]] = [
        (one, []) for one in reminder.to if not one.startswith("S")
    ]
    if groups or not places:
        bundle_id = wait.app.bundle_id if wait.app else ""
        own = owners(desk, wait.app) if wait.app else desk.rules.policy.approvers
        asked = groups or list(own)
        places.append((desk.rules.channel_of(bundle_id), asked))
    return [
        NewNotice(
            key=f"{key}:{turn}:{channel}",
            kind="reminder",
            channel=channel,
            body={**_body(wait), "key": done_key(desk, reminder, wait), "mention": mention},
        )
        for channel, mention in places
    ]


def _body(wait: Wait) -> dict[str, Any]:
    version = wait.version
    return {
        "what": wait.what,
        "subject": wait.subject,
        "since": wait.since.isoformat(),
        "facts": dict(wait.facts),
        "app": wait.app.id if wait.app else "",
        "platform": version.platform if version else "",
        "number": version.number if version else "",
    }
