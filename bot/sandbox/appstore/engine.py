"""Time at Apple: what is due happens, and reviews go on by themselves at a chosen speed.

It knows how long each step takes and owns no clock; somebody calls `tick`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.sandbox.appstore.bodies import moment
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.reviewer import Reviewer
from bot.sandbox.appstore.schema import BUILDS, VERSIONS
from bot.sandbox.appstore.submissions.desk import Desk
from bot.sandbox.appstore.submissions.folder import Folder
from bot.sandbox.appstore.versions.phases import Phases

HOUR = 3600.0
FASTEST = 1_000_000.0

# state -> seconds at Apple until it is over, and the verdict that ends it
ROAD: Mapping[str, tuple[float, str]] = {
    "WAITING_FOR_REVIEW": (8 * HOUR, "start"),
    "IN_REVIEW": (HOUR, "approve"),
    "PROCESSING_FOR_DISTRIBUTION": (HOUR / 2, "distribute"),
}
BUILD_SECONDS = HOUR / 4


class Engine:
    """Moves everything whose time has come.

    Cancellations and scheduled releases follow the store's clock. Reviews and the
    processing of builds move only while `speed` is above 0, and then, like phased
    releases always, by seconds at Apple: `speed` of them pass in each second of the clock.
    """

    def __init__(
        self, records: Records, *, reviewer: Reviewer, desk: Desk, phases: Phases, folder: Folder
    ) -> None:
        self._records = records
        self._reviewer = reviewer
        self._desk = desk
        self._phases = phases
        self._folder = folder
        self._speed = 0.0
        self._last: float | None = None
        self._passed = 0.0

    def entered(self, version: Record, _old: str, _new: str, _now: float) -> None:
        """Note when a version came into its state."""
        version.notes["entered"] = self._passed

    def speed(self) -> float:
        """Return how many seconds at Apple pass in one; 0 when reviews stand still."""
        return self._speed

    def set_speed(self, speed: float, now: float) -> None:
        """Choose a speed between 0 and a million; raises ValueError."""
        if not 0 <= speed <= FASTEST:
            raise ValueError(f"A speed is between 0 and {FASTEST:.0f}, not {speed}.")
        self.tick(now)
        self._speed = float(speed)

    def tick(self, now: float) -> bool:
        """Let everything happen that is due at `now`; True when something did."""
        passed = 0.0 if self._last is None else max(0.0, now - self._last)
        self._last = now
        hurried = passed * (self._speed or 1.0)
        self._passed += hurried
        changed = [
            self._desk.settle(now),
            self._phases.pass_time(hurried, now),
            self._release_scheduled(now),
        ]
        if self._speed:
            changed += [self._go_on(version, now) for version in self._versions()]
            changed += [self._process(build, now) for build in self._records.every(BUILDS)]
        return any(changed)

    def _versions(self) -> Iterator[Record]:
        for version in list(self._records.every(VERSIONS)):
            if version.attributes["appVersionState"] in ROAD:
                yield version

    def _go_on(self, version: Record, now: float) -> bool:
        moved = False
        while (row := ROAD.get(str(version.attributes["appVersionState"]))) is not None:
            began = version.notes.get("entered", 0.0)
            if self._passed - began < row[0] or self._is_leaving(version):
                break
            self._reviewer.decide(version.id, row[1], now)
            # The next step began when this one was over, however late that was noticed.
            version.notes["entered"] = began + row[0]
            moved = True
        return moved

    def _is_leaving(self, version: Record) -> bool:
        home = self._folder.holding(version)
        return home is not None and home.attributes["state"] == "CANCELING"

    def _release_scheduled(self, now: float) -> bool:
        due = [
            version
            for version in self._records.every(VERSIONS)
            if version.attributes["appVersionState"] == "PENDING_APPLE_RELEASE"
            and (date := moment(version.attributes["earliestReleaseDate"])) is not None
            and date.timestamp() <= now
        ]
        for version in due:
            self._reviewer.decide(version.id, "release", now)
        return bool(due)

    def _process(self, build: Record, now: float) -> bool:
        if build.attributes["processingState"] != "PROCESSING":
            return False
        began = build.notes.setdefault("entered", self._passed)
        if self._passed - began < BUILD_SECONDS:
            return False
        build.change({"processingState": "VALID"}, now)
        return True
