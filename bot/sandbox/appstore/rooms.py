"""The rooms of the emulated store: who takes which write, put together in one place.

It knows which room stands for which resource type and how they hear of one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.engine import Engine
from bot.sandbox.appstore.planting import Planter
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.reviewer import Reviewer
from bot.sandbox.appstore.schema import (
    DELIVERIES,
    INFO_TEXTS,
    PHASES,
    PINGS,
    RELEASES,
    SUBMISSION_ITEMS,
    SUBMISSIONS,
    VERSION_TEXTS,
    VERSIONS,
    WEBHOOKS,
)
from bot.sandbox.appstore.seeding import Seed
from bot.sandbox.appstore.submissions.desk import Desk
from bot.sandbox.appstore.submissions.folder import Folder
from bot.sandbox.appstore.versions.builds import BuildDesk
from bot.sandbox.appstore.versions.desk import VersionDesk
from bot.sandbox.appstore.versions.phases import Phases
from bot.sandbox.appstore.versions.releases import ReleaseDesk
from bot.sandbox.appstore.webhooks.desk import WebhookDesk
from bot.sandbox.appstore.webhooks.sender import Job
from bot.sandbox.appstore.writes import Writer

Json = dict[str, Any]

BUILD_LINK = "/v1/appStoreVersions/{id}/relationships/build"

# type -> what may be done to it besides reading
WRITES: Mapping[str, tuple[str, ...]] = {
    VERSION_TEXTS: ("POST", "PATCH", "DELETE"),
    INFO_TEXTS: ("POST", "PATCH", "DELETE"),
    VERSIONS: ("POST", "PATCH", "DELETE"),
    SUBMISSIONS: ("POST", "PATCH"),
    SUBMISSION_ITEMS: ("POST", "PATCH", "DELETE"),
    RELEASES: ("POST",),
    PHASES: ("POST", "PATCH", "DELETE"),
    WEBHOOKS: ("POST", "PATCH", "DELETE"),
    PINGS: ("POST",),
    DELIVERIES: ("POST",),
}


class Creates(Protocol):
    """Whoever takes the POST of a type."""

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Make a record; raises RefusalError."""
        ...


class Updates(Protocol):
    """Whoever takes the PATCH of a type."""

    def update(self, record: Record, data: Json, now: float) -> Record:
        """Change a record; raises RefusalError."""
        ...


class Deletes(Protocol):
    """Whoever takes the DELETE of a type."""

    def delete(self, record: Record, now: float) -> None:
        """Remove a record; raises RefusalError."""
        ...


class Changes(Creates, Updates, Deletes, Protocol):
    """Whoever takes every write of a type."""


def _nowhere(_: Job) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where deliveries of webhooks go, and how many seconds each waits before it does."""

    put: Callable[[Job], None] = _nowhere
    delay: Callable[[], float] = float


class Rooms:
    """Everyone who works on the records of one store."""

    def __init__(self, records: Records, seed: Seed, conditions: Conditions, mail: Mail) -> None:
        self.records = records
        self.folder = Folder(records)
        self.planter = Planter(records, self.folder)
        self.planter.sow(seed)
        self.studio = Studio(records, self.planter, self.folder)
        self.builds = BuildDesk(records)
        self.phases = Phases(records, conditions)
        self.webhooks = WebhookDesk(records, put=mail.put, delay=mail.delay)
        desk = Desk(records, self.studio, self.folder, conditions)
        self.reviewer = Reviewer(records, self.studio, desk)
        self.engine = Engine(
            records, reviewer=self.reviewer, desk=desk, phases=self.phases, folder=self.folder
        )
        self.studio.watchers += [
            self.engine.entered,
            self.phases.version_changed,
            self.webhooks.version_changed,
        ]
        self._assign(desk, Writer(records, taken=seed.taken, conditions=conditions))

    def _assign(self, desk: Desk, writer: Writer) -> None:
        changes: Mapping[str, Changes] = {
            VERSION_TEXTS: writer,
            INFO_TEXTS: writer,
            VERSIONS: VersionDesk(self.records, self.studio, self.builds),
            SUBMISSION_ITEMS: desk,
            PHASES: self.phases,
            WEBHOOKS: self.webhooks,
        }
        self.creates: Mapping[str, Creates] = {
            **changes,
            SUBMISSIONS: desk,
            RELEASES: ReleaseDesk(self.records, self.studio),
            PINGS: self.webhooks,
            DELIVERIES: self.webhooks,
        }
        self.updates: Mapping[str, Updates] = {**changes, SUBMISSIONS: desk}
        self.deletes: Mapping[str, Deletes] = changes
