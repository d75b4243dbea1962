"""The record beside the rows that it tells of: added in one transaction, never changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.domain.fields import Resource
from bot.domain.proposals import Proposal, Status
from bot.domain.record import Entry, NewEntry, Why, verify
from bot.errors import BotError, Unwritable
from bot.storage.ending import Result
from bot.storage.pushes import Begun
from bot.storage.schema import migrations
from bot.storage.steps import Step, StepState, StepVerb
from bot.storage.store import Store
from bot.storage.votes import Reaction
from tests.clock import START, HandClock
from tests.storage.proposals import a_new_proposal, a_new_revision

BEN = Reaction(user="U0BEN", verb="approve", emoji="+1")


async def entries(store: Store, **only: Any) -> list[Entry]:
    return [entry async for entry in store.record.entries(**only)]


async def kinds(store: Store) -> list[str]:
    return [entry.kind for entry in await entries(store)]


async def a_proposal(store: Store) -> Proposal:
    number = await store.proposals.create(a_new_proposal(), a_new_revision(), now=START)
    assert number is not None
    found = await store.proposals.get(number)
    assert found is not None
    return found


def beside(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path / "marquee.db", isolation_level=None))


@pytest.mark.parametrize(
    "statement",
    [
        "update record set body = '{}' where number = 1",
        "update record set hash = before",
        "delete from record where number = 1",
        "delete from record",
        "insert or replace into record select number, at, kind, proposal_id, 'U0EVE', body, before,"
        " hash from record",
        "replace into record values (1, '', 'vote', 1, 'U0EVE', '{}', '', '')",
        "insert into record values (0, '', 'vote', 1, 'U0EVE', '{}', '', '')",
        "insert into record values (9, '', 'vote', 1, 'U0EVE', '{}', '', '')",
        "insert into record values (null, '', 'vote', 1, 'U0EVE', '{}', '', '')",
        "update or replace record set number = 2",
        "update record_end set number = 0",
        "update record_end set number = number + 1, hash = 'zz'",
        "delete from record_end",
        "insert or replace into record_end values (1, 0, '')",
    ],
)
async def test_entries_are_neither_changed_nor_taken_away(
    store: Store, tmp_path: Path, statement: str
) -> None:
    await a_proposal(store)
    before = await entries(store)
    with (
        beside(tmp_path) as db,
        pytest.raises(sqlite3.IntegrityError, match=r"never|only added to"),
    ):
        db.execute(statement)
    assert await entries(store) == before


async def test_a_proposal_is_told_with_every_text_and_who_wrote_it(store: Store) -> None:
    proposal = await a_proposal(store)
    (entry,) = await entries(store)
    assert (entry.kind, entry.proposal, entry.actor) == ("proposal", proposal.id, "U0MIA")
    assert entry.at == "2026-03-02T09:00:00.000000+00:00"
    (item,) = proposal.items
    for text in ('"digest":"d"', '"authors":["U0MIA"]', f'"after":"{item.after}"'):
        assert text in entry.body


async def test_what_does_not_happen_is_not_told(store: Store) -> None:
    proposal = await a_proposal(store)
    assert await store.proposals.move(proposal.id, "push", now=START) is None
    assert not await store.proposals.let_go_on(proposal.id, user="U0MIA", now=START)
    assert await kinds(store) == ["proposal"]


async def test_a_change_that_breaks_off_leaves_no_entry(store: Store, tmp_path: Path) -> None:
    proposal = await a_proposal(store)
    with beside(tmp_path) as db:
        db.execute("create trigger no before insert on pushes begin select raise(abort, 'x'); end")
    with pytest.raises(sqlite3.IntegrityError):
        await store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START)
    assert await kinds(store) == ["proposal"]
    assert await store.proposals.status(proposal.id) is Status.OPEN


async def test_a_change_whose_entry_cannot_be_written_does_not_happen(
    store: Store, tmp_path: Path
) -> None:
    proposal = await a_proposal(store)
    with beside(tmp_path) as db:
        db.execute("create trigger no before insert on record begin select raise(abort, 'x'); end")
    for change in (
        store.proposals.move(proposal.id, "withdraw", now=START),
        store.votes.put(proposal.id, 1, BEN, event_ts="1.0", given=True),
        store.votes.press(proposal.id, 1, "U0BEN", [("text", "ja", "name")], now=START),
        store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START),
    ):
        with pytest.raises(sqlite3.IntegrityError):
            await change
    assert await store.proposals.status(proposal.id) is Status.OPEN
    assert await store.votes.given(proposal.id) == ()
    assert await store.votes.pressed(proposal.id) == ()
    assert await store.pushes.unfinished() == ()


async def test_a_vote_is_told_when_it_changes_something(store: Store) -> None:
    proposal = await a_proposal(store)
    await store.votes.put(proposal.id, 1, BEN, event_ts="2.0", given=True)
    await store.votes.put(proposal.id, 1, BEN, event_ts="2.0", given=True)
    await store.votes.put(proposal.id, 1, BEN, event_ts="1.0", given=False)
    await store.votes.put(proposal.id, 1, BEN, event_ts="3.0", given=False)
    votes = (await entries(store))[1:]
    assert [(one.kind, one.actor) for one in votes] == [("vote", "U0BEN")] * 2
    assert ['"given":true' in one.body for one in votes] == [True, False]
    assert all('"digest":"d"' in one.body for one in votes)


async def test_votes_that_are_read_are_told_where_they_differ(store: Store) -> None:
    proposal = await a_proposal(store)
    await store.votes.put(proposal.id, 1, BEN, event_ts="2.0", given=True)
    await store.votes.replace(proposal.id, 1, [BEN], read_ts="3.0")
    aiko = replace(BEN, user="U0AIKO")
    await store.votes.replace(proposal.id, 1, [aiko], read_ts="4.0")
    assert await kinds(store) == ["proposal", "vote", "votes"]
    (read,) = (await entries(store))[2:]
    assert '"given":[["U0AIKO","+1","approve"]]' in read.body
    assert '"taken":[["U0BEN","+1","approve"]]' in read.body


async def test_confirm_is_told_once(store: Store) -> None:
    proposal = await a_proposal(store)
    for _ in range(2):
        await store.votes.press(proposal.id, 1, "U0BEN", [("text", "ja", "name")], now=START)
    assert await kinds(store) == ["proposal", "confirm"]


async def test_a_push_is_told_from_its_queue_to_its_end(store: Store) -> None:
    proposal = await a_proposal(store)
    why = Why(decided={"approved": True})
    number = await store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START, why=why)
    assert number is not None
    push = await store.pushes.claim(number)
    assert push is not None
    begun = await store.pushes.plan(push, (), (), revision=1, now=START)
    assert begun is Begun.YES
    items = tuple((item, "Apple's") for item in proposal.items)
    ended = Result(verb="finish", items=items, history=(), failures=(), notices=())
    assert await store.pushes.finish(push, ended, revision=1, now=START) is Status.PUSHED
    told = [(one.kind, one.body) for one in await entries(store)][1:]
    assert [kind for kind, _ in told] == [
        "decided", "status", "push", "push", "status", "push", "status", "push",
    ]  # fmt: skip
    did = [word for kind, body in told if kind == "push" for word in body.split('"did":"')[1:]]
    assert [word.split('"')[0] for word in did] == ["queued", "claimed", "planned", "finished"]
    assert '"approvers":["U0BEN"]' in told[2][1]
    assert '"live":"Apple\'s"' in told[-1][1]


async def test_a_step_is_not_written_down_without_what_apple_answered(
    store: Store, tmp_path: Path
) -> None:
    proposal = await a_proposal(store)
    number = await store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START)
    assert number is not None
    push = await store.pushes.claim(number)
    assert push is not None
    step = Step(
        position=0, chain=0, locale="ja", resource=Resource.VERSION, verb=StepVerb.UPDATE,
        resource_id="1",
    )  # fmt: skip
    await store.pushes.plan(push, [step], (), revision=1, now=START)
    told = [NewEntry(kind="calls", body={"calls": [{"status": 200}]}, proposal=proposal.id)]
    done = [replace(step, state=StepState.DONE)]
    with beside(tmp_path) as db:
        db.execute("create trigger no before insert on record begin select raise(abort, 'x'); end")
        with pytest.raises(sqlite3.IntegrityError):
            await store.steps.mark(push, done, told=told)
        assert [one.state for one in await store.steps.of(number)] == [StepState.TODO]
        db.execute("drop trigger no")
    assert await store.steps.mark(push, done, told=told)
    assert len(await entries(store, kind="calls")) == 1


async def test_a_queued_push_that_another_takes_the_place_of_is_told(store: Store) -> None:
    proposal = await a_proposal(store)
    await store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START)
    await store.proposals.move(proposal.id, "unapprove", now=START)
    await store.pushes.queue(proposal, "approve", approvers=["U0AIKO"], now=START)
    told = [one.body for one in await entries(store, kind="push")]
    assert [body.split('"did":"')[1].split('"')[0] for body in told] == [
        "queued", "dropped", "queued",
    ]  # fmt: skip


async def test_who_stopped_withdrew_or_let_go_on_is_told(store: Store) -> None:
    proposal = await a_proposal(store)
    await store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START)
    assert await store.proposals.stop(proposal.id, digest="d", user="U0AIKO", now=START)
    assert await store.proposals.let_go_on(proposal.id, user="U0MIA", now=START)
    await store.proposals.move(proposal.id, "withdraw", now=START, why=Why(by="U0MIA"))
    told = await entries(store, kind="status")
    assert [one.actor for one in told] == ["", "U0AIKO", "U0MIA", "U0MIA"]


async def test_the_same_settings_are_told_once(store: Store) -> None:
    first = NewEntry(kind="settings", body={"quorum": 1, "a": None})
    same = NewEntry(kind="settings", body={"a": None, "quorum": 1})
    other = NewEntry(kind="settings", body={"quorum": 2, "a": None})
    told = [await store.record.add_if_new(one, now=START) for one in (first, same, other, first)]
    assert told == [True, False, True, True]


async def test_an_entry_without_a_moment_of_its_own_has_the_stores(tmp_path: Path) -> None:
    clock = HandClock(START + timedelta(hours=1))
    async with Store(tmp_path / "marquee.db", clock=clock) as store:
        proposal = await a_proposal(store)
        await store.votes.put(proposal.id, 1, BEN, event_ts="2.0", given=True)
        assert [one.at[:13] for one in await entries(store)] == ["2026-03-02T09", "2026-03-02T10"]


async def test_a_long_record_is_read_in_pages_and_holds(store: Store) -> None:
    many = [NewEntry(kind="calls", body={"n": n}, proposal=n % 2) for n in range(1101)]
    await store.record.add(many, now=START)
    chain = await entries(store)
    assert (verify(chain).entries, verify(chain).broken) == (1101, "")
    assert chain[-1].hash == await store.record.head()
    assert [one.proposal for one in await entries(store, proposal=1)] == [1] * 550


async def test_a_store_that_only_reads_changes_nothing(store: Store, tmp_path: Path) -> None:
    await a_proposal(store)
    async with Store(tmp_path / "marquee.db", exclusive=False, reading=True) as reader:
        assert await kinds(reader) == ["proposal"]
        with pytest.raises(Unwritable, match="readonly"):
            await a_proposal(reader)


async def test_a_store_that_only_reads_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    with pytest.raises(BotError, match="cannot be opened"):
        async with Store(path, exclusive=False, reading=True):
            pass
    assert not path.exists()


async def test_a_store_that_only_reads_refuses_a_file_of_before_the_record(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    with closing(sqlite3.connect(path)) as old:
        migrations.apply(Database(old), stop_before="the_record")
    with pytest.raises(BotError, match="older Marquee") as told:
        async with Store(path, exclusive=False, reading=True):
            pass
    assert "marquee serve" in told.value.remedy
    with closing(sqlite3.connect(path)) as still:
        assert still.execute("select 1 from sqlite_master where name = 'record'").fetchone() is None


async def test_a_store_that_only_reads_refuses_tables_of_a_newer_version(
    store: Store, tmp_path: Path
) -> None:
    with beside(tmp_path) as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('marquee', 'of_tomorrow', '')"
        )
    with pytest.raises(BotError, match="of_tomorrow"):
        async with Store(tmp_path / "marquee.db", exclusive=False, reading=True):
            pass


async def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "marquee.db").write_text("Once upon a time, when files were only texts." * 99)
    with pytest.raises(BotError, match="cannot be read"):
        async with Store(tmp_path / "marquee.db", exclusive=False, reading=True):
            pass
