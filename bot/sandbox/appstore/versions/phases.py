"""Phased releases: seven days of a growing share, with pauses of thirty days in all.

It knows how days pass and which change is open in which state. Days are counted from
the seconds it is told have passed, so that whoever owns the clock may hurry it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.appstore.bodies import (
    identity,
    invalid,
    target,
    unknown_attributes,
    unknown_relationships,
    written,
)
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import RefusalError, refusal
from bot.sandbox.appstore.schema import APPS, PHASES, VERSIONS
from bot.sandbox.appstore.states import EDITABLE, LIVE, REPLACED

Json = dict[str, Any]

DAY = 86_400.0
SHARES = (1, 2, 5, 10, 20, 50, 100)
PAUSE_DAYS = 30
STATE = "phasedReleaseState"
STATES = ("INACTIVE", "ACTIVE", "PAUSED", "COMPLETE")

# state -> what a request may make of it
CHANGES: Mapping[str, frozenset[str]] = {
    "INACTIVE": frozenset(),
    "ACTIVE": frozenset({"PAUSED", "COMPLETE"}),
    "PAUSED": frozenset({"ACTIVE", "COMPLETE"}),
    "COMPLETE": frozenset(),
}
# The states in which a phased release may be asked for: App Store Connect Help, "Release a
# version update in phases".
COMING = (EDITABLE - {"INVALID_BINARY"}) | {
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "WAITING_FOR_EXPORT_COMPLIANCE",
    "PENDING_DEVELOPER_RELEASE",
}


class Phases:
    """All phased releases: asked for, changed, and carried on by time."""

    def __init__(self, records: Records, conditions: Conditions) -> None:
        self._records = records
        self._conditions = conditions

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Ask for a phased release of a version that is an update; raises RefusalError."""
        found = [
            *identity(data, kind, None),
            *unknown_relationships(data, allowed=("appStoreVersion",)),
            *unknown_attributes(data, allowed=(STATE,)),
        ]
        wanted = data.get("attributes", {}).get(STATE) or "INACTIVE"
        if wanted not in {"INACTIVE", "ACTIVE"}:
            found.append(invalid(STATE, f"'{wanted}' is not a state to begin with."))
        if found:
            raise RefusalError(found)
        version = target(self._records, data, "appStoreVersion", VERSIONS)
        self._may_be_phased(version)
        record = Record(
            type=PHASES,
            id=self._records.new_id(PHASES),
            # Nothing is active before its version is live, whatever was asked for.
            attributes={
                STATE: "INACTIVE",
                "startDate": None,
                "totalPauseDuration": 0,
                "currentDayNumber": None,
            },
            one={"appStoreVersion": version.id},
            notes={"active": 0.0, "paused": 0.0},
            created=now,
        )
        version.one["appStoreVersionPhasedRelease"] = record.id
        return self._records.add(record)

    def update(self, phase: Record, data: Json, now: float) -> Record:
        """Pause, resume or complete; raises RefusalError."""
        found = [
            *identity(data, PHASES, phase.id),
            *unknown_relationships(data),
            *unknown_attributes(data, allowed=(STATE,)),
        ]
        if found:
            raise RefusalError(found)
        wanted = data.get("attributes", {}).get(STATE)
        if wanted is not None:
            self._change(phase, str(wanted), now)
        return phase

    def delete(self, phase: Record, _now: float) -> None:
        """Take back what has not begun; raises RefusalError."""
        if phase.attributes[STATE] != "INACTIVE":
            detail = "Only an inactive phased release can be deleted."
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", detail)
        del self._version(phase).one["appStoreVersionPhasedRelease"]
        self._records.forget(phase)

    def version_changed(self, version: Record, _old: str, new: str, now: float) -> None:
        """Begin when `version` goes live, or a while later; end when another replaces it."""
        phase = self._records.get(PHASES, version.one.get("appStoreVersionPhasedRelease", ""))
        if phase is None:
            return
        if new == LIVE and phase.attributes[STATE] == "INACTIVE":
            phase.notes["begins_at"] = now + self._conditions.phase_seconds
            self._begin(phase, now)
        elif new == REPLACED and phase.attributes[STATE] in {"ACTIVE", "PAUSED"}:
            phase.change({STATE: "COMPLETE"}, now)

    def pass_time(self, seconds: float, now: float) -> bool:
        """Let `seconds` pass for every phased release; True when one of them changed."""
        changed = [
            self._begin(phase, now) or self._carry_on(phase, seconds, now)
            for phase in self._records.every(PHASES)
        ]
        return any(changed)

    def next_day(self, version_id: str, now: float) -> Record:
        """Let the next day of a phased release begin; ValueError when none is active."""
        version = self._records.need(VERSIONS, version_id)
        phase = self._records.get(PHASES, version.one.get("appStoreVersionPhasedRelease", ""))
        if phase is None or phase.attributes[STATE] != "ACTIVE":
            raise ValueError("That version has no active phased release.")
        passed = float(phase.notes["active"])
        self._carry_on(phase, (passed // DAY + 1) * DAY - passed, now)
        return phase

    def _may_be_phased(self, version: Record) -> None:
        app = self._records.need(APPS, version.one["app"])
        pointer = "/data/relationships/appStoreVersion"
        if "appStoreVersionPhasedRelease" in version.one:
            detail = "The appStoreVersion already has an appStoreVersionPhasedRelease."
            raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", detail, pointer=pointer)
        if version.attributes["appVersionState"] not in COMING:
            state = version.attributes["appVersionState"]
            detail = f"A phased release cannot be created in the state {state}."
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", detail, pointer=pointer)
        if not any(
            other.attributes["appVersionState"] in {LIVE, REPLACED}
            for other in self._records.children(app, VERSIONS, VERSIONS)
            if other.attributes["platform"] == version.attributes["platform"]
        ):
            detail = "A phased release is for updates, not for the first version of an app."
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", detail, pointer=pointer)

    def _change(self, phase: Record, wanted: str, now: float) -> None:
        state = str(phase.attributes[STATE])
        if wanted not in STATES:
            raise RefusalError([invalid(STATE, f"'{wanted}' is not a valid phased release state")])
        if wanted == state:
            raise RefusalError([invalid(STATE, "The phased release already has this value")])
        if wanted not in CHANGES[state]:
            raise _not_now(f"A phased release cannot go from {state} to {wanted}.")
        if wanted == "PAUSED" and phase.notes["paused"] >= PAUSE_DAYS * DAY:
            raise _not_now(f"A phased release can be paused for {PAUSE_DAYS} days in all.")
        phase.change({STATE: wanted}, now)

    def _begin(self, phase: Record, now: float) -> bool:
        waits = phase.attributes[STATE] == "INACTIVE" and "begins_at" in phase.notes
        if not waits or now < phase.notes["begins_at"]:
            return False
        phase.change({STATE: "ACTIVE", "startDate": written(now), "currentDayNumber": 1}, now)
        return True

    def _carry_on(self, phase: Record, seconds: float, now: float) -> bool:
        before = phase.attributes
        if before[STATE] == "PAUSED":
            seconds = self._rest(phase, seconds, now)
        if phase.attributes[STATE] == "ACTIVE":
            phase.notes["active"] += seconds
            days = int(phase.notes["active"] // DAY)
            told: Json = {"currentDayNumber": min(days + 1, len(SHARES))}
            if days >= len(SHARES):
                told[STATE] = "COMPLETE"
            if told.items() - phase.attributes.items():
                phase.change(told, now)
        return phase.attributes is not before

    def _rest(self, phase: Record, seconds: float, now: float) -> float:
        """Spend `seconds` of the pause; return what is left when Apple resumes by itself."""
        left = PAUSE_DAYS * DAY - phase.notes["paused"]
        phase.notes["paused"] += min(seconds, left)
        told: Json = {"totalPauseDuration": int(phase.notes["paused"] // DAY)}
        if seconds >= left:
            told[STATE] = "ACTIVE"
        if told.items() - phase.attributes.items():
            phase.change(told, now)
        return seconds - left if seconds >= left else 0.0

    def _version(self, phase: Record) -> Record:
        return self._records.need(VERSIONS, phase.one["appStoreVersion"])


def _not_now(detail: str) -> RefusalError:
    code = "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE"
    return refusal(code, detail, pointer=f"/data/attributes/{STATE}")
