"""Review submissions as records: opened, filled, and carried along by their versions.

It knows how the state of a version shows in its submission and item, and asks nobody
for permission.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.appstore.bodies import written
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import SUBMISSION_ITEMS, SUBMISSIONS
from bot.sandbox.appstore.states import ITEM_STATES, OVER, PREPARING, SUBMISSION_STATES

DRAFT = "READY_FOR_REVIEW"
REMOVED = "REMOVED"


class Folder:
    """All review submissions."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def open_submission(self, app: Record, platform: str) -> Record | None:
        """Return the submission of an app and platform that is not over, if there is one."""
        for submission in self._records.children(app, SUBMISSIONS, SUBMISSIONS):
            attributes = submission.attributes
            if attributes["platform"] == platform and attributes["state"] != OVER:
                return submission
        return None

    def add_submission(self, app: Record, platform: str, now: float) -> Record:
        """Start a draft submission."""
        record = Record(
            type=SUBMISSIONS,
            id=self._records.new_id(SUBMISSIONS),
            attributes={"platform": platform, "submittedDate": None, "state": DRAFT},
            created=now,
        )
        return self._records.add_child(app, SUBMISSIONS, back="app", record=record)

    def add_item(self, submission: Record, version: Record, now: float) -> Record:
        """Put a version into a submission."""
        submission.one["appStoreVersionForReview"] = version.id
        record = Record(
            type=SUBMISSION_ITEMS,
            id=self._records.new_id(SUBMISSION_ITEMS),
            attributes={"state": "READY_FOR_REVIEW"},
            one={"appStoreVersion": version.id},
            notes={"before": version.attributes["appVersionState"]},
            created=now,
        )
        return self._records.add_child(submission, "items", back="reviewSubmission", record=record)

    def home_of(self, item: Record) -> Record:
        """Return the submission that holds `item`."""
        return self._records.need(SUBMISSIONS, item.one["reviewSubmission"])

    def active(self, submission: Record) -> list[Record]:
        """Return the items of a submission that were not removed."""
        items = self._records.children(submission, "items", SUBMISSION_ITEMS)
        return [item for item in items if item.attributes["state"] != REMOVED]

    def holding(self, version: Record) -> Record | None:
        """Return the submission that is not over and holds `version`, if there is one."""
        for item in self._records.every(SUBMISSION_ITEMS):
            home = self.home_of(item)
            here = item.one["appStoreVersion"] == version.id
            if here and item.attributes["state"] != REMOVED and home.attributes["state"] != OVER:
                return home
        return None

    def take_out(self, item: Record, now: float, *, forget: bool) -> None:
        """Remove `item` from its submission, for good with `forget`, else as REMOVED."""
        home = self.home_of(item)
        if forget:
            self._records.remove(item, home, "items")
        else:
            item.change({"state": REMOVED}, now)
        inside = {one.one["appStoreVersion"] for one in self.active(home)}
        if home.one.get("appStoreVersionForReview", "") not in {"", *inside}:
            del home.one["appStoreVersionForReview"]
        if home.attributes["state"] != DRAFT and not self.active(home):
            home.change({"state": OVER}, now)

    def follow(self, app: Record, version: Record, state: str, now: float) -> None:
        """Carry the submission and the item of `version` along with its `state`."""
        if state == PREPARING:
            self._leave(version, now)
        wanted = SUBMISSION_STATES.get(state)
        platform = str(version.attributes["platform"])
        current = self.holding(version)
        if wanted is None or (current is None and wanted == OVER):
            return
        if current is None:
            current = self._empty(app, platform) or self.add_submission(app, platform, now)
        if "appStoreVersionForReview" not in current.one:
            self.add_item(current, version, now)
        for item in self._items_of(current, version):
            item.change({"state": ITEM_STATES.get(state, "READY_FOR_REVIEW")}, now)
        date = current.attributes["submittedDate"]
        if wanted == "WAITING_FOR_REVIEW" or (wanted != DRAFT and date is None):
            date = written(now)
        current.notes.pop("over_at", None)
        current.change({"state": wanted, "submittedDate": date}, now)

    def _empty(self, app: Record, platform: str) -> Record | None:
        current = self.open_submission(app, platform)
        return current if current is not None and not self.active(current) else None

    def _leave(self, version: Record, now: float) -> None:
        home = self.holding(version)
        if home is not None:
            for item in list(self._items_of(home, version)):
                self.take_out(item, now, forget=True)

    def _items_of(self, submission: Record, version: Record) -> Iterator[Record]:
        for item in self.active(submission):
            if item.one["appStoreVersion"] == version.id:
                yield item
