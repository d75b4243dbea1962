"""`marquee audit` as it is run on a server, beside the bot or on a copy of its file."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from sqlite_utils import Database

from bot.audit import COLUMNS, verify
from bot.domain.changes import digest
from bot.domain.record import NewEntry, sealed
from bot.errors import Invalid
from bot.storage.schema import migrations
from bot.storage.store import Store
from bot.storage.votes import Reaction
from tests.clock import START
from tests.command import ROOT, marquee
from tests.storage.proposals import a_new_proposal, a_new_revision

DIGEST = digest(a_new_proposal().target, a_new_revision().items)
ABOUT = "its app, the version that it waits for, its time, or whether it goes in parts"
# What a terminal would act on, a line that looks like another entry, and every quotation mark.
ILL_MEANT = "\x1b[2J\x9b31m\r\n2026-01-01T00:00:00Z  #1  U0BOSS pressed Confirm \u202e'\"|"


@pytest_asyncio.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a record of some entries, and nothing else that is set."""
    async with Store(tmp_path / "marquee.db") as store:
        await a_story(store)
    return tmp_path


async def a_story(store: Store) -> None:
    revision = replace(a_new_revision(), digest=DIGEST, reason=ILL_MEANT)
    number = await store.proposals.create(a_new_proposal(), revision, now=START)
    assert number == 1
    ben = Reaction(user="U0BEN", verb="approve", emoji="+1")
    await store.votes.put(number, 1, ben, event_ts="2.0", given=True)
    await store.record.add([NewEntry(kind="settings", body={"version": "1"})], now=START)


def audit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return marquee("audit", *words, folder=folder)


def head_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "marquee.db")) as db:
        (head,) = db.execute("select hash from record order by number desc").fetchone()
    return str(head)


def tampered(folder: Path, *statements: str) -> None:
    """Do to the file what its triggers would refuse."""
    with closing(sqlite3.connect(folder / "marquee.db", isolation_level=None)) as db:
        guards = db.execute(
            "select name from sqlite_schema where type = 'trigger' and name like 'record%'"
        ).fetchall()
        for (name,) in guards:
            db.execute(f"drop trigger {name}")
        for statement in statements:
            db.execute(statement)


# What whoever cuts the end off has to do besides, so that the file itself does not tell.
FORGET_THE_END = (
    "update record_end set number = coalesce((select max(number) from record), 0),"
    " hash = coalesce((select hash from record order by number desc limit 1), '')"
)


def test_a_record_that_holds_is_told_with_its_newest_hash(folder: Path) -> None:
    done = audit(folder, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"3 entries, the newest hash is {head_of(folder)}" in done.stdout
    assert audit(folder, "verify", "--head", head_of(folder)[:16]).returncode == 0


async def test_the_commands_work_beside_a_bot_that_serves(tmp_path: Path) -> None:
    async with Store(tmp_path / "marquee.db") as serving:
        await a_story(serving)
        for words in (("verify",), ("export",), ("show", DIGEST[:8])):
            assert audit(tmp_path, *words).returncode == 0
        await serving.record.add([NewEntry(kind="calls", body={})], now=START)


async def test_an_empty_record_holds_and_has_no_head(tmp_path: Path) -> None:
    async with Store(tmp_path / "marquee.db"):
        pass
    assert "no entries yet" in audit(tmp_path, "verify").stdout
    assert audit(tmp_path, "verify", "--head", "abcdef01" * 2).returncode == 1


def test_an_emptied_record_is_broken(folder: Path) -> None:
    tampered(folder, "delete from record")
    for words in (("verify",), ("export",), ("show", DIGEST[:8])):
        done = audit(folder, *words)
        assert done.returncode == 1
        assert "Entries 1 to 3 are missing" in done.stderr


def test_an_emptied_record_is_broken_by_what_other_tables_hold_too(folder: Path) -> None:
    tampered(folder, "delete from record", FORGET_THE_END)
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert f"Proposal 1 has a revision 1 (digest {DIGEST[:8]})" in done.stderr


def test_a_record_without_what_was_kept_of_its_end_is_broken(folder: Path) -> None:
    tampered(folder, "delete from record_end")
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert "what is kept of its end was taken away" in done.stderr


async def test_a_chain_that_was_written_anew_without_a_proposal_is_broken(folder: Path) -> None:
    tampered(folder, "delete from record")
    async with Store(folder / "marquee.db") as store:
        await store.record.add([NewEntry(kind="settings", body={})] * 3, now=START)
    tampered(folder, FORGET_THE_END)
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert "Proposal 1 has a revision 1" in done.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update items set after = 'Another'", "ja subtitle (change 1)"),
        ("update items set field = 'name'", "ja subtitle (change 1)"),
        ("update items set creates = 1", "ja subtitle (change 1)"),
        ("delete from items", "ja subtitle (change 1)"),
        (
            "insert into items select proposal_id, revision, 1, kind, 'sv', field, before, after,"
            " state, problem, live_now, since, rule, earlier, creates from items",
            "a change that the entry does not tell of",
        ),
        ("update revisions set in_parts = 1", ABOUT),
        ("update proposals set awaited = '9.9'", ABOUT),
    ],
)
def test_a_proposal_that_the_database_holds_otherwise_than_its_entry_is_named(
    folder: Path, statement: str, said: str
) -> None:
    tampered(folder, statement)
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert f"The database holds revision 1 of proposal 1 (digest {DIGEST[:8]})" in done.stderr
    assert f"otherwise than entry 1 tells: {said}" in done.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update revisions set authors = '[]'", "who wrote it"),
        ("update revisions set authors = 'no list'", "who wrote it"),
        ("update proposals set proposer = 'U0BEN'", "who proposed it"),
        ("update proposals set bundle_id = 'com.example.other'", "the app whose rules decide"),
        ("update proposals set returns = 1", "the proposal whose texts it brings back"),
        ("update proposals set reverts = 1", "the proposal that it reverts"),
        ("update items set since = 0", "since when votes count for its changes, by which rule"),
        ("update items set rule = '*'", "since when votes count for its changes, by which rule"),
    ],
)
async def test_what_decides_on_a_proposal_and_is_not_as_its_entry_tells_is_named(
    folder: Path, statement: str, said: str
) -> None:
    tampered(folder, statement)
    with pytest.raises(Invalid) as broken:
        await verify(folder / "marquee.db", say=lambda _: None)
    assert f"revision 1 of proposal 1 (digest {DIGEST[:8]})" in str(broken.value)
    assert f"otherwise than entry 1 tells: {said}." in str(broken.value)


async def test_an_entry_whose_texts_have_another_digest_is_named(tmp_path: Path) -> None:
    async with Store(tmp_path / "marquee.db") as store:
        await store.proposals.create(a_new_proposal(), a_new_revision(), now=START)
    done = audit(tmp_path, "verify")
    assert done.returncode == 1
    assert "Entry 1 tells of revision 1 of proposal 1 (digest d), and its texts have" in done.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update record set actor = 'U0MIA' where number = 2", "Entry 2 was changed"),
        ("update record set body = 'no JSON' where number = 1", "Entry 1 was changed"),
        ("delete from record where number = 2", "Entry 2 is missing"),
        ("update record set number = 9 where number = 3", "Entry 3 is missing"),
        ("update record set number = -number", "Entry -3 stands where entry 1 belongs"),
        (
            "insert into record select 0, at, kind, proposal_id, actor, body, before, hash"
            " from record where number = 1",
            "Entry 0 stands where entry 1 belongs",
        ),
    ],
)
def test_a_record_that_was_bent_names_the_entry_and_the_remedy(
    folder: Path, statement: str, said: str
) -> None:
    tampered(folder, statement)
    for words in (("verify",), ("show", DIGEST[:8])):
        done = audit(folder, *words)
        assert done.returncode == 1
        assert said in done.stderr
        assert "backup" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_record_whose_end_was_cut_off_is_broken_by_what_is_kept_of_its_end(
    folder: Path,
) -> None:
    tampered(folder, "delete from record where number = 3")
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert "Entry 3 is missing: the record was cut off after entry 2" in done.stderr


def test_a_record_whose_end_was_cut_off_is_found_by_its_head(folder: Path) -> None:
    head = head_of(folder)[:16]
    tampered(folder, "delete from record where number = 3", FORGET_THE_END)
    assert audit(folder, "verify").returncode == 0
    done = audit(folder, "verify", "--head", head)
    assert done.returncode == 1
    assert f"No entry has the hash {head}" in done.stderr


def test_a_damaged_file_ends_with_a_sentence(folder: Path) -> None:
    path = folder / "marquee.db"
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_that_is_no_utf_8_ends_with_a_sentence(folder: Path) -> None:
    tampered(folder, "update record set actor = cast(x'ff' as text) where number = 2")
    done = audit(folder, "verify")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "cannot be read after entry 0" in done.stderr


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    done = audit(tmp_path, "verify")
    assert done.returncode == 1
    assert "marquee.db cannot be opened" in done.stderr
    assert "See that its folder is there" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_address_of_the_database_ends_with_2(tmp_path: Path) -> None:
    done = marquee(
        "audit", "verify", folder=tmp_path, variables={"DATABASE_URL": "postgres://nowhere"}
    )
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr


@pytest.mark.parametrize("digits", [8, 15])
def test_too_few_characters_of_a_head_are_refused_with_how_many_it_takes(
    folder: Path, digits: int
) -> None:
    done = audit(folder, "verify", "--head", head_of(folder)[:digits])
    assert done.returncode == 2
    assert "16 characters" in done.stderr


def recomputed(entry: dict[str, str], *, number: int, proposal: int | None) -> str:
    """The hash that docs/record.md tells how to compute, from what an export holds alone."""
    names = ("at", "kind", "actor", "body", "before")
    at, kind, actor, body, before = (entry[name] for name in names)
    text = json.dumps(
        [number, at, kind, proposal, actor, body, before],
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def test_every_hash_can_be_computed_from_an_export_alone(folder: Path) -> None:
    for line in audit(folder, "export").stdout.splitlines():
        one = json.loads(line)
        assert recomputed(one, number=one["number"], proposal=one["proposal"]) == one["hash"]
    rows = list(csv.DictReader(audit(folder, "export", "--format", "csv").stdout.splitlines()))
    assert len(rows) == 3
    for row in rows:
        proposal = int(row["proposal"]) if row["proposal"] else None
        assert recomputed(row, number=int(row["number"]), proposal=proposal) == row["hash"]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_shows_a_changed_blank_and_says_that_the_record_is_broken(
    folder: Path, form: str
) -> None:
    whole = audit(folder, "export", "--format", form).stdout
    tampered(folder, """update record set body = replace(body, ':', ': ') where number = 2""")
    done = audit(folder, "export", "--format", form)
    assert done.returncode == 1
    assert "Entry 2 was changed" in done.stderr
    assert len(done.stdout.splitlines()) == len(whole.splitlines())
    assert done.stdout != whole


def test_json_lines_hold_every_entry_whole(folder: Path) -> None:
    lines = marquee("audit", "export", folder=folder, anew=True).stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [one["number"] for one in entries] == [1, 2, 3]
    assert json.loads(entries[0]["body"])["reason"] == ILL_MEANT
    assert entries[-1]["hash"] == head_of(folder)
    assert entries[1]["before"] == entries[0]["hash"]


def test_csv_holds_the_same(folder: Path) -> None:
    rows = list(csv.DictReader(audit(folder, "export", "--format", "csv").stdout.splitlines()))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert json.loads(rows[0]["body"])["reason"] == ILL_MEANT
    assert rows[-1]["hash"] == head_of(folder)


def test_a_story_is_told_by_the_first_characters_of_a_digest(folder: Path) -> None:
    done = audit(folder, "show", DIGEST[:8].upper())
    assert done.returncode == 0
    first, *lines = done.stdout.splitlines()
    assert first == "Proposal 1"
    assert "#1  U0MIA wrote revision 1 for" in lines[0]
    assert DIGEST[:8] in lines[0]
    assert any("U0BEN gave :+1: (approve)" in line for line in lines)


def test_nothing_that_people_wrote_acts_on_a_terminal_or_looks_like_an_entry(
    folder: Path,
) -> None:
    said = audit(folder, "show", DIGEST[:8]).stdout
    assert not any(mark in said for mark in ("\x1b", "\x9b", "\r", "\u202e"))
    assert not any(line.startswith("2026-01-01") for line in said.splitlines())


def test_an_unknown_digest_is_named(folder: Path) -> None:
    done = audit(folder, "show", "0123456789")
    assert done.returncode == 1
    assert "no text with the digest 0123456789" in done.stderr


@pytest.mark.parametrize("words", [("verify",), ("export",), ("show", DIGEST[:8])])
async def test_a_backup_is_read_without_a_trace(folder: Path, words: tuple[str, ...]) -> None:
    assert marquee("backup", "copy.db", folder=folder).returncode == 0
    before = (folder / "copy.db").read_bytes()
    url = {"DATABASE_URL": f"sqlite:///{folder / 'copy.db'}"}
    assert marquee("audit", *words, folder=folder, variables=url).returncode == 0
    assert {one.name for one in folder.iterdir()} == {"marquee.db", "marquee.db.lock", "copy.db"}
    assert (folder / "copy.db").read_bytes() == before
    assert marquee("backup", "copy.db", "--force", folder=folder).returncode == 0


def test_a_record_is_checked_where_nothing_can_be_written(folder: Path) -> None:
    script = (
        "import asyncio, os, sys; from pathlib import Path; from bot import audit;"
        # Who administers the machine may write everywhere.
        "os.geteuid() or os.setuid(65534);"
        "asyncio.run(audit.verify(Path(sys.argv[1]), say=print))"
    )
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copy(folder / "marquee.db", place / "marquee.db")
        (place / "marquee.db").chmod(0o444)
        place.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", script, str(place / "marquee.db")],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "3 entries" in done.stdout, done.stderr
        assert [one.name for one in place.iterdir()] == ["marquee.db"]
        place.chmod(0o755)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder with the file of a bot that kept a record and nothing about its end."""
    vote = NewEntry(kind="vote", body={"emoji": "x", "verb": "reject", "given": True}, proposal=1)
    first = sealed(NewEntry(kind="settings", body={}), at="2026-02-02", after=None)
    second = sealed(vote, at="2026-02-03", after=first)
    with closing(sqlite3.connect(tmp_path / "marquee.db")) as db, db:
        migrations.apply(Database(db), stop_before="the_end_of_the_record")
        db.executemany(
            "insert into record values (?, ?, ?, ?, ?, ?, ?, ?)",
            [tuple(getattr(one, name) for name in COLUMNS) for one in (first, second)],
        )
        db.execute(
            "insert into revisions (proposal_id, number, digest, authors, reason, findings,"
            " created_at) values (1, 1, ?, '[]', '', '[]', '2026-01-01')",
            (DIGEST,),
        )
    return tmp_path


def test_the_file_of_an_older_bot_is_read_as_it_is(older: Path) -> None:
    before = (older / "marquee.db").read_bytes()
    done = audit(older, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 entries" in done.stdout
    assert "only --head tells" in done.stdout
    assert len(audit(older, "export").stdout.splitlines()) == 2
    assert (older / "marquee.db").read_bytes() == before


async def test_a_text_of_before_the_record_is_told_as_such(older: Path) -> None:
    for _ in range(2):
        done = audit(older, "show", DIGEST[:8])
        assert (done.returncode, done.stderr) == (0, "")
        assert "before there was a record" in done.stdout
        assert "gave" in done.stdout or "(reject)" in done.stdout
        async with Store(older / "marquee.db"):
            pass
    assert audit(older, "verify").returncode == 0


def test_the_file_of_a_newer_bot_is_refused_with_the_version_it_takes(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "marquee.db")) as db, db:
        db.execute("update program set version = '9.4.0'")
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('marquee', 'votes_by_telephone', '2031-01-01')"
        )
    done = audit(folder, "verify")
    assert done.returncode == 1
    assert "Marquee 9.4.0 wrote this database" in done.stderr
    assert "Install that version" in done.stderr
