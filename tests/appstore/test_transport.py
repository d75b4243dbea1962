from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.appstore import AppStore, NotAuthorized, Unsure
from bot.domain.fields import Resource
from bot.errors import BotError, Unavailable
from bot.sandbox.appstore import Conditions, Fault
from tests.appstore.script import Answer, scripted
from tests.appstore.stage import TIDEWELL, Stage, a_key, editable, opened
from tests.clock import HandClock

TEXT = (Resource.VERSION, "1")
FINE = Answer()
BUSY = Answer(status=500, document={"errors": [{"status": "500", "code": "UNEXPECTED_ERROR"}]})
LIMIT = Answer(status=429, document={"errors": [{"code": "RATE_LIMIT_EXCEEDED"}]})


def limited(retry_after: str, **headers: str) -> Answer:
    return Answer(status=429, headers={"Retry-After": retry_after, **headers})


async def create(store: AppStore) -> None:
    await store.create(Resource.VERSION, parent_id="9", locale="tr", texts={"keywords": "a"})


@pytest.mark.parametrize(
    "trouble",
    [
        BUSY,
        Answer(status=502, raw=b"Could not process this request"),
        Answer(status=503, raw=b""),
        Answer(status=504, raw=b""),
        Answer(cut="before the answer"),
        Answer(cut="in the body"),
    ],
)
async def test_reads_changes_and_deletions_are_repeated_after_trouble(trouble: Answer) -> None:
    async with scripted(trouble, trouble, FINE) as script:
        await script.store.apps()
        script.answers[:] = [trouble, FINE]
        await script.store.update(TEXT, {"keywords": "a"})
        script.answers[:] = [trouble, FINE]
        await script.store.delete(*TEXT)
        assert script.methods == ["GET"] * 3 + ["PATCH"] * 2 + ["DELETE"] * 2
        assert script.bodies[3] == script.bodies[4]


async def test_repeating_ends_after_six_tries_with_apples_words() -> None:
    sad = Answer(status=500, document={"errors": [{"detail": "Something broke.", "code": "X"}]})
    async with scripted(sad) as script:
        with pytest.raises(Unavailable, match=r"answered 500.*Something broke\."):
            await script.store.update(TEXT, {"keywords": "a"})
        assert len(script.asked) == 6


async def test_waits_between_tries_are_jittered_and_grow_from_a_third_of_a_second() -> None:
    async with scripted(BUSY) as script:
        with pytest.raises(Unavailable):
            await script.store.apps()
        most = [0.3, 0.6, 1.2, 2.4, 4.8]
        assert len(script.clock.naps) == 5
        assert all(0 < nap <= top for nap, top in zip(script.clock.naps, most, strict=True))


async def test_a_wish_to_be_left_alone_is_kept_after_a_503_too() -> None:
    async with scripted(Answer(status=503, headers={"Retry-After": "20"}), FINE) as script:
        await script.store.apps()
        assert max(script.clock.naps) >= 20


async def test_a_wish_beyond_two_minutes_is_handed_on_instead_of_waited_for() -> None:
    async with scripted(Answer(status=503, headers={"Retry-After": "900"})) as script:
        with pytest.raises(Unavailable) as caught:
            await script.store.apps()
        assert caught.value.retry_after == 900
        assert len(script.asked) == 1


@pytest.mark.parametrize(
    "trouble", [BUSY, Answer(cut="before the answer"), Answer(cut="in the body")]
)
async def test_a_create_is_not_repeated_and_its_outcome_is_called_unsure(trouble: Answer) -> None:
    async with scripted(trouble) as script:
        with pytest.raises(Unsure, match="not known whether Apple made tr"):
            await create(script.store)
        assert script.methods == ["POST"]


async def test_a_create_with_an_answer_nobody_can_read_is_unsure() -> None:
    async with scripted(Answer(status=201, raw=b"<html>")) as script:
        with pytest.raises(Unsure):
            await create(script.store)


async def test_a_create_is_repeated_after_a_429() -> None:
    made = {"type": "appStoreVersionLocalizations", "id": "5", "attributes": {"locale": "tr"}}
    async with scripted(LIMIT, Answer(status=201, document={"data": made})) as script:
        await create(script.store)
        assert script.methods == ["POST", "POST"]


async def test_a_create_that_never_left_this_machine_is_not_unsure(clock: HandClock) -> None:
    clock.auto = True
    async with AppStore(a_key(), base_url="http://127.0.0.1:9", clock=clock) as store:
        with pytest.raises(Unavailable) as caught:
            await create(store)
        assert not isinstance(caught.value, Unsure)


async def test_who_cannot_be_reached_is_tried_six_times_and_then_called_unavailable(
    clock: HandClock,
) -> None:
    clock.auto = True
    async with AppStore(a_key(), base_url="http://127.0.0.1:9", clock=clock) as store:
        with pytest.raises(Unavailable, match="could not be reached: ConnectError"):
            await store.apps()
    assert len(clock.naps) == 5


async def test_a_429_is_repeated_after_the_seconds_it_names() -> None:
    async with scripted(limited("7"), FINE) as script:
        await script.store.apps()
        assert script.clock.naps == [pytest.approx(7.05, abs=0.05)]


async def test_a_429_may_name_a_date_which_is_measured_by_apples_own_clock() -> None:
    theirs = datetime(2031, 1, 1, tzinfo=UTC)
    later = format_datetime(theirs + timedelta(seconds=9), usegmt=True)
    answer = limited(later, Date=format_datetime(theirs, usegmt=True))
    async with scripted(answer, FINE) as script:
        await script.store.apps()
        assert script.clock.naps == [pytest.approx(9.05, abs=0.05)]


@pytest.mark.parametrize("nonsense", ["soon", "-3", "1e9", ""])
async def test_a_wish_nobody_understands_counts_as_none(nonsense: str) -> None:
    async with scripted(limited(nonsense), FINE) as script:
        await script.store.apps()
        assert script.clock.naps[0] <= 1


async def test_a_429_without_end_ends_in_unavailable() -> None:
    async with scripted(LIMIT) as script:
        with pytest.raises(Unavailable, match="request limit"):
            await script.store.apps()
        assert len(script.asked) <= 30


async def test_an_hour_of_pause_is_said_at_once_with_its_length() -> None:
    async with scripted(limited("3600")) as script:
        with pytest.raises(Unavailable) as caught:
            await script.store.apps()
        assert caught.value.retry_after == pytest.approx(3600, abs=1)
        with pytest.raises(Unavailable):
            await script.store.apps()
        assert len(script.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 501])
async def test_what_would_only_be_refused_again_is_not_repeated(status: int) -> None:
    async with scripted(Answer(status=status, document={"errors": []})) as script:
        with pytest.raises(BotError):
            await script.store.update(TEXT, {"keywords": "a"})
        assert len(script.asked) == 1


async def test_twenty_requests_are_out_at_most_whoever_asks() -> None:
    # Long enough that all twenty are under way before the first is answered.
    async with opened(conditions=Conditions(latency=0.5)) as stage:
        reading = await stage.store.read(TIDEWELL, "IOS")
        text = editable(reading, Resource.VERSION, "ja")
        await asyncio.gather(
            *(stage.store.update(text, {"keywords": f"a{n}"}) for n in range(30)),
            *(stage.store.apps() for _ in range(30)),
        )
        assert max(row["in_flight"] for row in stage.apple.log) == 20


async def test_a_burst_of_429_costs_everybody_one_pause_and_no_storm(clock: HandClock) -> None:
    async with opened(clock=clock) as stage:
        text = editable(await stage.store.read(TIDEWELL, "IOS"), Resource.VERSION, "ja")
        stage.apple.faults.add(Fault(kind="rate_limit", seconds=3, retry_after=3))
        changes = [
            asyncio.create_task(stage.store.update(text, {"keywords": f"a{n}"})) for n in range(80)
        ]
        while stage.statuses().count(429) < 20:
            await asyncio.sleep(0)
        await clock.travel(3.2)
        await asyncio.gather(*changes)
        assert stage.statuses().count(429) == 20
        assert stage.statuses().count(200) == 82
        assert sum(clock.naps) < 3.2


async def test_everything_arrives_through_faults_of_all_kinds(stage: Stage) -> None:
    reading = await stage.store.read(TIDEWELL, "IOS")
    for kind in ("server_error", "broken", "answer_lost"):
        stage.apple.faults.add(Fault(kind=kind, share=0.08))
    stage.apple.faults.add(Fault(kind="rate_limit", seconds=3))
    texts = [
        text
        for texts in reading.version_localizations.values()
        for text in texts.values()
        if text == editable(reading, Resource.VERSION, text.locale)
    ]
    changes = (stage.store.update(text, {"keywords": f"new,{text.locale}"}) for text in texts)
    await asyncio.gather(*changes)
    held = [stage.apple_text(text.id, "keywords") for text in texts]
    assert held == [f"new,{text.locale}" for text in texts]


async def test_the_last_tenth_of_the_hour_is_spent_slowly() -> None:
    async with opened(conditions=Conditions(hour_limit=20)) as stage:
        for _ in range(19):
            await stage.store.apps()
        assert stage.store.budget.hour_left == 1
        assert not stage.clock.naps
        await stage.store.apps()
        assert stage.clock.naps == [pytest.approx(60)]


async def test_a_spent_hour_ends_in_a_sentence_not_in_a_hundred_requests() -> None:
    async with opened(conditions=Conditions(hour_limit=3, retry_after=1800)) as stage:
        for _ in range(3):
            await stage.store.apps()
        with pytest.raises(Unavailable, match="30 minutes"):
            await stage.store.apps()
        assert len(stage.apple.log) == 4


@pytest.mark.parametrize("joined", [False, True])
async def test_what_is_left_of_hour_and_minute_can_be_seen(*, joined: bool) -> None:
    async with opened(conditions=Conditions(joined_rate_headers=joined)) as stage:
        text = editable(await stage.store.read(TIDEWELL, "IOS"), Resource.VERSION, "ja")
        await stage.store.update(text, {"keywords": "a"})
        budget = stage.store.budget
        assert (budget.hour_limit, budget.hour_left) == (3600, 3597)
        assert (budget.minute_limit, budget.minute_left) == (250, 249)


async def test_connections_are_kept() -> None:
    async with scripted(FINE) as script:
        for _ in range(5):
            await script.store.apps()
        assert len(set(script.peers)) == 1


async def test_a_refused_key_is_not_tried_for_ever() -> None:
    async with scripted(Answer(status=401, document={"errors": []})) as script:
        with pytest.raises(NotAuthorized):
            await script.store.apps()
        assert len(script.asked) == 2


async def test_a_cancelled_request_gives_its_place_back() -> None:
    async with opened(conditions=Conditions(latency=0.05)) as stage:
        waiting = [asyncio.create_task(stage.store.apps()) for _ in range(40)]
        while not stage.apple.log:
            await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        apps = await asyncio.gather(*(stage.store.apps() for _ in range(20)))
        assert len(apps) == 20
