"""What an older bot kept is worth as much to a newer one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.storage.schema import migrations
from bot.storage.store import Store
from tests.clock import START

HOUR = timedelta(hours=1)


async def test_proposals_that_ended_before_are_still_told_of_in_their_week(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marquee.db"
    with closing(sqlite3.connect(path)) as old:
        migrations.apply(Database(old), stop_before="when_proposals_ended")
        for number, status in ((1, "rejected"), (2, "expired"), (3, "open")):
            old.execute(
                "insert into proposals (id, app_id, platform, version_id, app_name, bundle_id,"
                " version_number, version_state, live, status, revision, proposer, channel,"
                " created_at, expires_at)"
                " values (?, '1', 'IOS', 'v', 'Tidewell', 'b', '1', '', 0, ?, 1, 'U', 'C', ?, ?)",
                (number, status, START.isoformat(), START.isoformat(timespec="microseconds")),
            )
        old.execute(
            "insert into votes (proposal_id, revision, user_id, verb, emoji, given, event_ts)"
            " values (1, 1, 'U0BEN', 'reject', 'x', 1, ?)",
            (f"{START.timestamp():.6f}",),
        )
        old.commit()

    async with Store(path) as store:
        told = await store.weeks.ended(since=START, until=START + HOUR)
        assert [(one.proposal_id, one.status) for one in told] == [(1, "rejected"), (2, "expired")]
        assert await store.weeks.ended(since=START + HOUR, until=START + 2 * HOUR) == ()
