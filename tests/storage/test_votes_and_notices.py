"""What is heard is counted in Slack's order; what is said is said once."""

from __future__ import annotations

from datetime import timedelta

from bot.storage.inbox import APPLE, MOST_TRIES, SLACK
from bot.storage.outbox import NewNotice
from bot.storage.store import Store
from bot.storage.votes import Reaction
from bot.workflow.watch.tidying import KEEP_EVENTS, KEEP_HOOKS
from tests.clock import START
from tests.storage.proposals import a_new_proposal, a_new_revision

BEN = Reaction(user="U0BEN", verb="approve", emoji="+1")
AIKO = Reaction(user="U0AIKO", verb="approve", emoji="+1")


async def a_proposal(store: Store) -> int:
    number = await store.proposals.create(
        a_new_proposal(),
        a_new_revision(),
        now=START,
    )
    assert number is not None
    return number


async def test_what_slack_showed_replaces_older_votes_and_no_newer_ones(store: Store) -> None:
    await store.votes.put(1, 1, BEN, event_ts="100.000001", given=True)
    asked = await store.votes.latest(1, 1)
    await store.votes.put(1, 1, AIKO, event_ts="100.000002", given=True)
    await store.votes.replace(1, 1, (), read_ts=asked)
    assert await store.votes.given(1, 1) == (AIKO,)


async def test_an_older_event_changes_nothing(store: Store) -> None:
    await store.votes.put(1, 1, BEN, event_ts="100.000002", given=False)
    await store.votes.put(1, 1, BEN, event_ts="100.000001", given=True)
    assert await store.votes.given(1, 1) == ()


async def test_the_stamps_of_events_are_compared_as_numbers(store: Store) -> None:
    assert await store.votes.latest(1, 1) == "0"
    await store.votes.put(1, 1, BEN, event_ts="99.000001", given=True)
    await store.votes.put(1, 1, AIKO, event_ts="100.000001", given=True)
    assert await store.votes.latest(1, 1) == "100.000001"


async def test_an_event_that_waits_for_slack_is_never_set_aside(store: Store) -> None:
    await store.inbox.put("E1", {}, now=START)
    for _ in range(3 * MOST_TRIES):
        event = await store.inbox.take(now=START)
        assert event is not None
        await store.inbox.later(event.id, due=START)


async def test_an_event_that_waits_lets_the_others_pass_until_it_is_due(store: Store) -> None:
    for name in ("E1", "E2"):
        await store.inbox.put(name, {}, now=START)
    first = await store.inbox.take(now=START)
    assert first is not None
    due = START + timedelta(minutes=1)
    await store.inbox.later(first.id, due=due)

    second = await store.inbox.take(now=START)
    assert second is not None
    assert second.id == "E2"
    await store.inbox.handled("E2")
    assert await store.inbox.take(now=START) is None
    assert await store.inbox.next_due() == due
    again = await store.inbox.take(now=due)
    assert again is not None
    assert (again.id, again.tries, again.waits) == ("E1", 1, 1)


async def test_no_event_is_due_that_was_handled_or_set_aside(store: Store) -> None:
    for name in ("E1", "E2"):
        await store.inbox.put(name, {}, now=START)
    await store.inbox.handled("E1")
    for _ in range(MOST_TRIES):
        event = await store.inbox.take(now=START)
        assert event is not None
        await store.inbox.again(event.id, due=START)
        assert event.last_try == (event.tries == MOST_TRIES)
    assert await store.inbox.next_due() is None


async def test_votes_belong_to_one_revision_of_a_proposal(store: Store) -> None:
    await store.votes.put(1, 1, BEN, event_ts="100.000001", given=True)
    await store.votes.put(1, 3, AIKO, event_ts="100.000002", given=True)
    assert await store.votes.given(1, 1) == (BEN,)
    assert await store.votes.given(1, 3) == (AIKO,)
    await store.votes.replace(1, 3, (), read_ts="200.0")
    assert await store.votes.given(1, 1) == (BEN,)
    assert await store.votes.latest(1, 1) == "100.000001"


async def test_notices_that_were_said_are_forgotten_and_waiting_ones_are_not(
    store: Store,
) -> None:
    for key in ("said", "waits"):
        notice = NewNotice(key=key, kind="draw", channel=key, body={})
        await store.outbox.add([notice], now=START)
    first = await store.outbox.begin(now=START)
    assert first is not None
    await store.outbox.done(first.id, ts="1.5", now=START)

    month = timedelta(days=30)
    await store.outbox.forget(now=START + month, age=month)
    assert await store.outbox.said("said") == "1.5"
    await store.outbox.forget(now=START + month + timedelta(seconds=1), age=month)
    assert await store.outbox.said("said") is None
    waiting = await store.outbox.begin(now=START + month)
    assert waiting is not None
    assert waiting.key == "waits"


async def test_periods_are_forgotten_after_their_time(store: Store) -> None:
    age = timedelta(days=400)
    assert await store.watchlog.first_run("failures", "2026-03-01", now=START)
    await store.watchlog.forget(now=START + age, age=age)
    assert not await store.watchlog.first_run("failures", "2026-03-01", now=START)
    await store.watchlog.forget(now=START + age + timedelta(seconds=1), age=age)
    assert await store.watchlog.last_run("failures") is None


async def test_an_event_that_breaks_its_handler_is_set_aside_and_forgotten(store: Store) -> None:
    await store.inbox.put("E1", {}, now=START)
    for _ in range(MOST_TRIES):
        assert await store.inbox.take(now=START)
    assert await store.inbox.take(now=START) is None
    await store.inbox.forget(now=START + timedelta(days=4), age=timedelta(days=3))
    assert await store.inbox.put("E1", {}, now=START)


async def test_a_handled_event_of_apple_is_known_for_longer_than_one_of_slack(store: Store) -> None:
    for name, source in (("E1", SLACK), ("A1", APPLE)):
        await store.inbox.put(name, {}, now=START, source=source)
        await store.inbox.handled(name)
    later = START + KEEP_EVENTS + timedelta(seconds=1)
    await store.inbox.forget(now=later, age=KEEP_EVENTS, source=SLACK)
    await store.inbox.forget(now=later, age=KEEP_HOOKS, source=APPLE)
    assert await store.inbox.put("E1", {}, now=later)
    assert not await store.inbox.put("A1", {}, now=later, source=APPLE)


async def test_a_notice_keeps_its_message_while_what_follows_is_tried_again(store: Store) -> None:
    await store.outbox.add(
        [NewNotice(key="k", kind="proposal", channel="C0ASO", body={})], now=START
    )
    first = await store.outbox.begin(now=START)
    assert first is not None
    await store.outbox.posted(first.id, ts="1.5")
    await store.outbox.later(first.id, due=START)
    again = await store.outbox.begin(now=START)
    assert again is not None
    assert again.ts == "1.5"


async def test_what_is_said_next_is_written_with_the_notice_that_ends(store: Store) -> None:
    one, two = (NewNotice(key=key, kind="draw", channel=key, body={}) for key in ("a", "b"))
    await store.outbox.add([one], now=START)
    first = await store.outbox.begin(now=START)
    assert first is not None
    await store.outbox.done(first.id, ts=None, then=[two], now=START)
    following = await store.outbox.begin(now=START)
    assert following is not None
    assert following.key == "b"


async def test_an_ended_proposal_is_drawn_for_good_whatever_happens(store: Store) -> None:
    number = await a_proposal(store)
    await store.outbox.begin(now=START)
    await store.proposals.move(number, "withdraw", now=START)
    notice = await store.outbox.begin(now=START, busy=("C0ASO",))
    assert notice is not None
    assert notice.kind == "draw"
    assert notice.body == {"proposal": number}


async def test_another_message_of_a_proposal_starts_another_thread(store: Store) -> None:
    number = await a_proposal(store)
    await store.posts.posted(number, 1, ts="1.1")
    await store.posts.thread_posted(number, 1, "ja", ts="https://team.example/1")
    await store.posts.posted(number, 1, ts="1.1")
    assert await store.posts.threads(number, 1)
    await store.posts.posted(number, 1, ts="2.2")
    assert await store.posts.threads(number, 1) == {}
