"""What the store promises: whole transactions, one door for each change, nothing lost."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.changes import digest
from bot.domain.listing import App, Reading
from bot.domain.proposals import Status, Target
from bot.errors import Unwritable
from bot.storage.glance import glance
from bot.storage.outbox import NewNotice
from bot.storage.owner import DatabaseBusy, Owner
from bot.storage.proposal_rows import NewRevision
from bot.storage.store import Store
from bot.storage.votes import Reaction
from tests.builders import an_item
from tests.clock import START
from tests.storage.proposals import a_new_proposal

TARGET = Target(app_id="1", platform="IOS", version_id="v1")


def a_revision(text: str = "New") -> NewRevision:
    items = (an_item(after=text),)
    return NewRevision(
        digest=digest(TARGET, items), authors=("U0MIA",), reason="", items=items, findings=()
    )


async def a_draft(store: Store) -> int:
    draft = await store.drafts.open(
        "U0MIA", app_id="1", platform="IOS", version_id="v1", proposal=None, now=START
    )
    return draft.id


def a_notice(key: str, channel: str = "C0ASO") -> NewNotice:
    return NewNotice(key=key, kind="proposal", channel=channel, body={"proposal": 1})


async def test_a_second_process_is_kept_out_with_a_clear_sentence(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseBusy, match="already serves"):
        async with Store(tmp_path / "marquee.db"):
            pass


async def test_a_second_process_is_kept_out_by_whatever_link_it_comes(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "bot.db").symlink_to(tmp_path / "marquee.db")
    (tmp_path / "folder").symlink_to(tmp_path)
    for path in (tmp_path / "elsewhere" / "bot.db", tmp_path / "folder" / "marquee.db"):
        with pytest.raises(DatabaseBusy, match="already serves"):
            async with Store(path):
                pass
        with pytest.raises(DatabaseBusy, match="already serves"):
            await glance(path)


async def test_a_full_disk_is_said_changes_nothing_and_passes(tmp_path: Path) -> None:
    owner = Owner(tmp_path / "marquee.db", exclusive=True)
    await owner.open()
    large = "insert into clips (user_id, text, created_at) values ('U', hex(zeroblob(99999)), '')"
    try:
        # No page more than there are stands for the end of the disk.
        await owner.write(lambda db: db.execute("pragma max_page_count = 1").fetchone())
        with pytest.raises(Unwritable, match=r"disk is full\. Make room"):
            await owner.write(lambda db: db.execute(large))
        assert await owner.read(_clips) == 0
        await owner.write(lambda db: db.execute("pragma max_page_count = 9999").fetchone())
        await owner.write(lambda db: db.execute(large))
        assert await owner.read(_clips) == 1
    finally:
        await owner.close()


def _clips(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from clips").fetchone()[0])


async def test_another_command_may_open_the_file_beside_the_one_that_serves(
    store: Store, tmp_path: Path
) -> None:
    async with Store(tmp_path / "marquee.db", exclusive=False) as beside:
        assert await beside.watchlog.apps() == ()


async def test_a_draft_submitted_twice_makes_one_proposal(store: Store) -> None:
    draft = await a_draft(store)

    made = await asyncio.gather(
        *(
            store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START, draft=draft)
            for _ in range(5)
        )
    )

    assert [one for one in made if one is not None] == [1]


async def test_a_draft_that_ended_is_written_no_more(store: Store) -> None:
    draft = await a_draft(store)
    await store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START, draft=draft)

    assert await store.drafts.save(draft, now=START, texts={("ja", "name"): "x"}) is None


async def test_emptied_and_untouched_texts_stay_two_things_in_a_draft(store: Store) -> None:
    draft = await a_draft(store)
    await store.drafts.save(draft, now=START, texts={("ja", "subtitle"): ""})

    found = await store.drafts.get(draft)

    assert found is not None
    assert found.texts == {("ja", "subtitle"): ""}


async def test_only_one_of_many_pushes_of_the_same_approval_is_queued(store: Store) -> None:
    await store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START)
    proposal = await store.proposals.get(1)
    assert proposal is not None

    queued = await asyncio.gather(
        *(store.pushes.queue(proposal, "approve", approvers=["U0BEN"], now=START) for _ in "abc")
    )

    assert len([one for one in queued if one is not None]) == 1
    after = await store.proposals.get(1)
    assert after is not None
    assert after.status is Status.APPROVED


async def test_an_approval_of_an_older_digest_changes_nothing(store: Store) -> None:
    await store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START)
    seen = await store.proposals.get(1)
    draft = await a_draft(store)
    await store.proposals.revise(
        1, a_revision("Other"), draft=draft, seen=1, expires_at=START, now=START
    )
    assert seen is not None

    assert await store.pushes.queue(seen, "approve", approvers=["U0BEN"], now=START) is None


async def test_two_people_revising_at_once_do_not_overwrite_each_other(store: Store) -> None:
    await store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START)
    first, second = await a_draft(store), 0
    made = await store.proposals.revise(
        1, a_revision("One"), draft=first, seen=1, expires_at=START, now=START
    )
    second = await a_draft(store)
    late = await store.proposals.revise(
        1, a_revision("Two"), draft=second, seen=1, expires_at=START, now=START
    )

    assert (made, late) == (2, None)
    kept = await store.drafts.get(second)
    assert kept is not None
    assert kept.status == "open"


async def test_a_push_that_was_taken_over_writes_nothing_more(store: Store) -> None:
    await store.proposals.create(a_new_proposal(TARGET), a_revision(), now=START)
    proposal = await store.proposals.get(1)
    assert proposal is not None
    number = await store.pushes.queue(proposal, "approve", approvers=[], now=START)
    assert number is not None
    first = await store.pushes.claim(number)
    second = await store.pushes.claim(number)
    assert first is not None
    assert second is not None

    assert await store.steps.mark(first, []) is False
    assert await store.steps.mark(second, []) is True


async def test_a_vote_event_that_comes_late_does_not_undo_a_newer_one(store: Store) -> None:
    vote = Reaction(user="U0BEN", verb="approve", emoji="+1")
    await store.votes.put(1, 1, vote, event_ts="200.000000", given=False)
    await store.votes.put(1, 1, vote, event_ts="100.000000", given=True)

    assert await store.votes.given(1, 1) == ()


async def test_what_slack_shows_replaces_older_votes(store: Store) -> None:
    old = Reaction(user="U0BEN", verb="approve", emoji="+1")
    new = Reaction(user="U0AIKO", verb="approve", emoji="+1")
    await store.votes.put(1, 1, old, event_ts="100.0", given=True)
    await store.votes.replace(1, 1, [new], read_ts="150.0")

    assert await store.votes.given(1, 1) == (new,)


async def test_a_notice_is_written_once_whoever_asks(store: Store) -> None:
    assert await store.outbox.add([a_notice("k")], now=START) == 1
    assert await store.outbox.add([a_notice("k")], now=START) == 0


async def test_a_later_notice_of_a_channel_waits_for_the_earlier_one(store: Store) -> None:
    await store.outbox.add([a_notice("1"), a_notice("2"), a_notice("3", "C1")], now=START)
    first = await store.outbox.begin(now=START)
    assert first is not None
    await store.outbox.later(first.id, due=START + timedelta(minutes=1))

    second = await store.outbox.begin(now=START)
    assert second is not None
    assert second.key == "3"


async def test_the_texts_of_a_thread_keep_nothing_new_waiting(store: Store) -> None:
    texts = [replace(a_notice(key), kind="thread") for key in ("1", "2")]
    await store.outbox.add([*texts, a_notice("3"), a_notice("4")], now=START)

    said = []
    while notice := await store.outbox.begin(now=START):
        said.append(notice.key)
        await store.outbox.done(notice.id, ts="1.0", now=START)
    assert said == ["3", "4", "1", "2"]


async def test_a_notice_whose_saying_was_cut_off_is_unsure(store: Store) -> None:
    await store.outbox.add([a_notice("1")], now=START)
    first = await store.outbox.begin(now=START)
    again = await store.outbox.begin(now=START)

    assert first is not None
    assert again is not None
    assert (first.unsure, again.unsure) == (False, True)


async def test_an_event_known_already_is_not_handled_twice(store: Store) -> None:
    assert await store.inbox.put("Ev1", {"event": {}}, now=START) is True
    event = await store.inbox.take(now=START)
    assert event is not None
    await store.inbox.handled(event.id)

    assert await store.inbox.put("Ev1", {"event": {}}, now=START) is False
    assert await store.inbox.take(now=START) is None


async def test_an_event_that_keeps_breaking_its_handler_is_set_aside(store: Store) -> None:
    await store.inbox.put("Ev1", {"event": {}}, now=START)
    taken = [await store.inbox.take(now=START) for _ in range(6)]

    assert taken[-1] is None


async def test_a_reading_comes_back_as_it_was_kept(store: Store) -> None:
    draft = await a_draft(store)
    reading = Reading(
        app=App(id="1", bundle_id="b", name="N"),
        platform="IOS",
        versions=(),
        app_infos=(),
        version_localizations={},
        info_localizations={},
        read_at=START,
    )
    await store.drafts.keep_reading(draft, reading)

    assert await store.drafts.reading(draft) == reading


async def test_a_period_is_taken_once_with_what_it_says(store: Store) -> None:
    first = await store.watchlog.first_run("remind", "p", now=START, notices=[a_notice("k")])
    second = await store.watchlog.first_run("remind", "p", now=START, notices=[a_notice("l")])

    assert (first, second) == (True, False)
    assert await store.outbox.add([a_notice("l")], now=START) == 1


async def test_drafts_that_ended_are_forgotten_with_what_apple_held(store: Store) -> None:
    ended = await a_draft(store)
    reading = Reading(
        app=App(id="1", bundle_id="com.example.tidewell", name="Tidewell Notes"),
        platform="IOS",
        versions=(),
        app_infos=(),
        version_localizations={},
        info_localizations={},
        read_at=START,
    )
    await store.drafts.keep_reading(ended, reading)
    await store.drafts.discard(ended, now=START)
    waiting = await a_draft(store)

    month = timedelta(days=30)
    await store.drafts.forget(now=START + month, age=month)
    assert await store.drafts.get(ended) is not None
    await store.drafts.forget(now=START + 2 * month, age=month)
    assert await store.drafts.get(ended) is None
    assert await store.drafts.reading(ended) is None
    assert await store.drafts.get(waiting) is not None


async def test_every_open_proposal_is_listed_however_many_there_are(store: Store) -> None:
    revision = a_revision()
    for _ in range(210):
        await store.proposals.create(a_new_proposal(TARGET), revision, now=START)
    await store.proposals.move(7, "withdraw", now=START)

    listed = await store.proposals.listed(statuses=(Status.OPEN,))

    assert [one.id for one in listed] == [number for number in range(210, 0, -1) if number != 7]
    assert {one.items for one in listed} == {revision.items}
