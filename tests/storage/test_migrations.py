"""What an older bot kept is worth as much to a newer one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.domain.proposals import Status
from bot.errors import BotError
from bot.storage.glance import glance
from bot.storage.owner import Owner
from bot.storage.schema import migrations
from bot.storage.steps import StepState
from bot.storage.store import Store
from bot.storage.upgrade import DatabaseNewer
from tests.clock import START
from tests.storage.past import ROWS, plant

HOUR = timedelta(hours=1)
LONG_AGO, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
# What SQLite, its migrations and the record's own triggers write.
HAND_WRITTEN = ("_sqlite_migrations", "sqlite_sequence", "record_end")

with closing(sqlite3.connect(":memory:")) as _empty:
    NAMES = [one.name for one in migrations.pending(Database(_empty))]
# A schema is the first so many steps; the name is that of the last one.
SCHEMAS = [pytest.param(count, id=NAMES[count - 1]) for count in range(1, len(NAMES) + 1)]

Rows = dict[str, list[dict[str, object]]]


def old_database(path: Path, steps: int) -> Rows:
    """Make the database of an older bot, used for a while; return what is in it."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        migrations.apply(Database(db), stop_before=NAMES[steps:])
        plant(db)
        db.commit()
        return everything(db)


def everything(db: sqlite3.Connection) -> Rows:
    tables = [
        row["name"]
        for row in db.execute("select name from sqlite_schema where type = 'table'")
        if row["name"] not in HAND_WRITTEN
    ]
    return {
        name: [dict(row) for row in db.execute(f"select * from {name} order by rowid")]
        for name in tables
    }


def what_is_there(path: Path) -> Rows:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        return everything(db)


@pytest.mark.parametrize("steps", SCHEMAS)
async def test_an_older_database_loses_nothing(tmp_path: Path, steps: int) -> None:
    before = old_database(tmp_path / "marquee.db", steps)
    assert [name for name, rows in before.items() if not rows] == [], (
        "tests/storage/past.py has no row for these tables"
    )
    async with Store(tmp_path / "marquee.db"):
        after = what_is_there(tmp_path / "marquee.db")

    del after["program"]
    before.pop("program", None)
    kept = {
        name: [{column: row.get(column) for column in rows[0]} for row in after[name]]
        for name, rows in before.items()
    }
    assert kept == before


@pytest.mark.parametrize("steps", SCHEMAS)
async def test_what_an_older_database_holds_can_be_read_and_gone_on_with(
    tmp_path: Path, steps: int
) -> None:
    old_database(tmp_path / "marquee.db", steps)
    async with Store(tmp_path / "marquee.db") as store:
        await _proposals_are_read(store)
        await _pushes_go_on(store)
        await _what_people_left_is_read(store)
        await _what_was_seen_is_read(store)
        await _later_tables_are_read(store)


async def _proposals_are_read(store: Store) -> None:
    one = await store.proposals.get(1)
    assert one is not None
    assert (one.status, one.revision, one.authors) == (Status.OPEN, 2, ("U0MIA", "U0RUTH"))
    assert [item.after for item in one.items] == ["静かなノート"]
    first = await store.proposals.get(1, 1)
    assert first is not None
    assert [item.after for item in first.items] == ["ノート"]
    found = await store.posts.by_message("C0ASO", one.message_ts or "")
    assert found is not None
    assert (found.proposal, found.current) == (1, True)
    assert await store.posts.threads(1, 2) == {"ja": "1770012.000200"}
    assert [(vote.user, vote.revision) for vote in await store.votes.given(1)] == [("U0BEN", 1)]
    assert len(await store.proposals.listed(statuses=Status)) == 5
    # Votes of an earlier revision stood for another text; the store itself gives them no other.
    assert await store.votes.given(1, 2) == ()


async def _pushes_go_on(store: Store) -> None:
    assert await store.pushes.unfinished() == (1,)
    push = await store.pushes.claim(1)
    assert push is not None
    assert push.epoch == 4
    (step,) = await store.steps.of(1)
    assert dict(step.texts) == {"subtitle": "静か"}
    assert step.state in (StepState.TODO, StepState.UNSURE)
    assert await store.acts.of(1) is not None
    await store.watchlog.failures_of(5)
    (row,) = await store.watchlog.history(app_id="647")
    assert row.approvers == ("U0BEN", "U0AIKO")
    (failure,) = await store.watchlog.failures(since=LONG_AGO, until=LATER)
    assert failure.remedy == "Shorten it."


async def _what_people_left_is_read(store: Store) -> None:
    (draft,) = await store.drafts.of("U0MIA", most=5)
    assert draft.texts == {("de-DE", "keywords"): "notiz,heft,stift", ("ja", "subtitle"): ""}
    reading = await store.drafts.reading(1)
    assert reading is not None
    assert reading.app.name == "Tidewell Notes"
    assert await store.drafts.drawn(1, "de-DE") == {"keywords": "notiz"}
    clip = await store.clips.get(1, "U0MIA")
    assert clip is not None
    assert clip.text == "Viel Neues."
    event = await store.inbox.take(now=LATER)
    assert event is not None
    assert event.id == "Ev01"
    notice = await store.outbox.begin(now=LATER)
    assert notice is not None
    assert notice.key == "proposal:1:2"


async def _what_was_seen_is_read(store: Store) -> None:
    assert [app.name for app in await store.watchlog.apps()] == ["Tidewell Notes"]
    (seen,) = await store.watchlog.versions("647")
    assert seen.version.state == "PREPARE_FOR_SUBMISSION"
    assert await store.periods.taken("ask") == {"U0BEN:1:1"}


async def _later_tables_are_read(store: Store) -> None:
    await store.transitions.of_version("v9")
    await store.standings.all("account")
    await store.subscriptions.channels()
    await store.subscriptions.chosen("U0MIA")
    assert all(hook.confirmed == hook.generation for hook in await store.hooks.all())
    await store.dones.keys()
    await store.usage.hours(since=LONG_AGO, until=LATER)
    await store.forms.untold()
    await store.votes.pressed(1)
    await store.weeks.ended(since=LONG_AGO, until=LATER)
    for token in await store.tokens.all():
        assert (token.owner, token.apps) == ("U0MIA", ("com.example.tidewell",))


def test_every_table_of_today_has_rows_from_before() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        migrations.apply(Database(db))
        assert set(everything(db)) - set(ROWS) == set(), "add rows to tests/storage/past.py"


async def test_a_database_of_a_newer_bot_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    old_database(path, len(NAMES))
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("update program set version = '9.4.0'")
        newer.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('marquee', 'votes_by_telephone', '2031-01-01')"
        )
    before = what_is_there(path)

    with pytest.raises(DatabaseNewer) as refused:
        async with Store(path):
            pass
    for word in ("Marquee 9.4.0 wrote", version("marquee-bot"), "votes_by_telephone", "backup"):
        assert word in str(refused.value)
    assert what_is_there(path) == before
    with pytest.raises(DatabaseNewer):
        await glance(path)


async def test_who_wrote_a_database_last_is_kept(tmp_path: Path) -> None:
    old_database(tmp_path / "marquee.db", len(NAMES))
    async with Store(tmp_path / "marquee.db"):
        pass
    (row,) = what_is_there(tmp_path / "marquee.db")["program"]
    assert row["version"] == version("marquee-bot")


async def test_a_step_that_fails_leaves_an_older_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    before = old_database(path, 1)
    with closing(sqlite3.connect(path)) as db, db:
        # The next steps make a table of this name.
        db.execute("create table transitions (n integer)")
        before["transitions"] = []

    with pytest.raises(BotError, match="cannot be opened"):
        await Owner(path, exclusive=True).open()
    assert what_is_there(path) == before


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
