"""When a push may happen: "not before" a moment, not inside a freeze, and until when it holds.

Pure: the freezes, the zone they are written in and the present moment are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from bot.domain.items import Item, ItemKind
from bot.domain.periods import DayTime, part_of_week
from bot.domain.proposals import Timing
from bot.domain.validation import Finding, Severity

# How far ahead the last of it may be, and how long a revision lives: nobody remembers what was
# approved longer ago.
FURTHEST = timedelta(days=30)
# What is left for a push once its own time has come.
TO_GO = timedelta(days=1)
# How far ahead a push may be planned.
FURTHEST_PUSH = FURTHEST - TO_GO
# Freezes may follow upon each other; so many are looked through.
_MOST_IN_A_ROW = 60

# Why texts are not sent any more whose end has come.
TOO_LATE = "The time of the text was over before it could be sent."

OUTLASTED = "Its time is over before that: choose a time after it not to push before."

NOT_BEFORE, ENDS_AT = "not_before", "ends_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A time in which nothing is pushed: once from `starts` to `ends`, or `weekly`.

    `apps` holds bundle ids, with `*` as a wildcard; None is every app. `weekly` is where it
    begins and ends.
    """

    name: str
    starts: datetime | None = None
    ends: datetime | None = None
    weekly: tuple[DayTime, DayTime] | None = None
    apps: tuple[str, ...] | None = None

    def until(self, moment: datetime, bundle_id: str, zone: ZoneInfo) -> datetime | None:
        """Return until when it holds an app's pushes at a moment, None when it does not."""
        if self.apps is not None and not any(fnmatchcase(bundle_id, one) for one in self.apps):
            return None
        if self.weekly is not None:
            window = part_of_week(moment, *self.weekly, zone)
            return window[1] if window else None
        if self.starts is None or self.ends is None:
            return None
        return self.ends if self.starts <= moment < self.ends else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """That a push waits: until when, and for which freeze; "" when for its own time.

    `undo` says that it only waits so that somebody can stop it.
    """

    until: datetime
    freeze: str = ""
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What an app's pushes are held by: the freezes, in the team's zone."""

    freezes: Sequence[Freeze] = field(default=())
    bundle_id: str
    zone: ZoneInfo

    def held(
        self, timing: Timing, now: datetime, *, stoppable_until: datetime | None = None
    ) -> Held | None:
        """Return what holds a push now, None when it may begin.

        Freezes that begin before the first one ends, or at its end, count too.
        """
        wished = max(now, timing.not_before or now)
        begin = max(wished, stoppable_until or now)
        undo, name = begin > wished, ""
        for _ in range(_MOST_IN_A_ROW):
            frozen = [
                (until, one.name)
                for one in self.freezes
                if (until := one.until(begin, self.bundle_id, self.zone)) is not None
            ]
            if not frozen:
                break
            (begin, name), undo = max(frozen), False
        return Held(until=begin, freeze=name, undo=undo) if begin > now else None


def may_end(items: Iterable[Item]) -> bool:
    """Return whether texts may return by themselves: promotional texts, and nothing else.

    Apple lets only these change on a version that is public (App Store Connect help).
    """
    found = list(items)
    return bool(found) and all(
        one.kind is ItemKind.TEXT and one.field == "promotionalText" for one in found
    )


def still_ahead(timing: Timing, now: datetime) -> Timing:
    """Return what is left of when a proposal shall happen; a time that has come is left out."""
    before, ends = timing.not_before, timing.ends_at
    return Timing(
        not_before=before if before and before > now else None,
        ends_at=ends if ends and ends > now else None,
    )


def warnings(
    timing: Timing, calendar: Calendar, now: datetime, *, ends: datetime
) -> tuple[Finding, ...]:
    """Return what people should know of when a push could begin, were it approved now.

    `ends` is when it would end that was not pushed by then.
    """
    held = calendar.held(timing, now)
    if held is None or not held.freeze:
        return ()
    until = held.until.astimezone(calendar.zone)
    return (
        Finding(
            severity=Severity.WARNING,
            locale="",
            field="",
            message=f"The freeze “{held.freeze}” holds pushes until {until.day} {until:%b %Y},"
            f" {until:%H:%M} {calendar.zone.key}.",
            remedy="Approved before, it waits until then." if held.until < ends else OUTLASTED,
        ),
    )


def mistakes(
    timing: Timing, items: Iterable[Item], calendar: Calendar, now: datetime
) -> tuple[Finding, ...]:
    """Return what is wrong with when a proposal shall happen; `field` names the input."""
    said = [
        *_out_of_reach(
            NOT_BEFORE, "The time not to push before", timing.not_before, now, FURTHEST_PUSH
        ),
        *_out_of_reach(
            ENDS_AT, "The time at which the text returns", timing.ends_at, now, FURTHEST
        ),
    ]
    if said:
        return tuple(said)
    held = calendar.held(timing, now)
    if timing.ends_at is not None:
        said += _end(timing, timing.ends_at, items, held)
    if held and held.freeze and held.until > now + FURTHEST:
        said.append(
            _mistake(
                NOT_BEFORE,
                f"The freeze “{held.freeze}” holds all pushes for longer than 30 days.",
                "Propose it when the freeze is over.",
            )
        )
    return tuple(said)


def _out_of_reach(
    name: str, what: str, when: datetime | None, now: datetime, furthest: timedelta
) -> list[Finding]:
    if when is None:
        return []
    if when <= now:
        return [_mistake(name, f"{what} is over.", "Choose a later one, or leave it out.")]
    if when > now + furthest:
        far = f"{what} is more than {furthest.days} days ahead."
        return [_mistake(name, far, "Choose an earlier one.")]
    return []


def _end(
    timing: Timing, ends_at: datetime, items: Iterable[Item], held: Held | None
) -> list[Finding]:
    if not may_end(items):
        return [
            _mistake(
                ENDS_AT,
                "Only a promotional text can return by itself, and this proposal changes more.",
                "Leave the time out, or propose the promotional text on its own.",
            )
        ]
    if timing.not_before is not None and ends_at <= timing.not_before:
        return [_mistake(ENDS_AT, "It would end before it begins.", "Choose a later time.")]
    if held is not None and held.until >= ends_at:
        return [
            _mistake(
                ENDS_AT,
                f"The freeze “{held.freeze}” lasts longer than the text would.",
                "Choose a later time.",
            )
        ]
    return []


def _mistake(name: str, message: str, remedy: str) -> Finding:
    return Finding(severity=Severity.ERROR, locale="", field=name, message=message, remedy=remedy)
