"""Reviews that go on by themselves at a chosen speed, and stand still without one."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.seed import TIDEWELL
from tests.sandbox.appstore.receiver import a_receiver, set_up

HOUR = 3600


async def submitted(apple):
    apple.complete_texts()
    version = apple.version()["id"]
    await apple.post(
        "appStoreVersionPhasedReleases", ("appStoreVersion", "appStoreVersions", version)
    )
    await apple.submit(TIDEWELL, version)
    return version


async def test_without_a_speed_nobody_reviews(apple):
    await submitted(apple)
    apple.pass_time(400 * HOUR)
    assert apple.emulation.tick() is False
    assert apple.version()["state"] == "WAITING_FOR_REVIEW"


async def test_at_a_speed_a_version_goes_the_whole_road(apple):
    await submitted(apple)
    apple.emulation.set_speed(HOUR)
    seen = []
    for _ in range(20 * 9):
        seen.append((apple.version()["state"], (apple.version()["phased"] or {})["day"]))
        apple.pass_time(1)
    states = list(dict.fromkeys(state for state, _ in seen))
    assert states == [
        "WAITING_FOR_REVIEW",
        "IN_REVIEW",
        "PROCESSING_FOR_DISTRIBUTION",
        "READY_FOR_DISTRIBUTION",
    ]
    assert list(dict.fromkeys(day for _, day in seen)) == [None, 1, 2, 3, 4, 5, 6, 7]
    assert apple.version()["phased"]["state"] == "COMPLETE"


async def test_the_road_stops_where_a_developer_is_asked(apple):
    version = await submitted(apple)
    await apple.patch("appStoreVersions", version, releaseType="MANUAL")
    apple.emulation.set_speed(HOUR)
    apple.pass_time(9)
    assert apple.version()["state"] == "PENDING_DEVELOPER_RELEASE"
    apple.pass_time(1000)
    assert apple.version()["state"] == "PENDING_DEVELOPER_RELEASE"


async def test_a_submission_that_is_cancelled_is_not_reviewed_meanwhile(apple):
    version = await submitted(apple)
    submission = apple.version()["submission"]["id"]
    await apple.patch("reviewSubmissions", submission, canceled=True)
    apple.emulation.set_speed(HOUR * 10)
    apple.pass_time(4)
    assert apple.version()["state"] == "WAITING_FOR_REVIEW"
    apple.pass_time(1)
    assert apple.version()["state"] == "DEVELOPER_REJECTED"
    assert apple.version()["id"] == version


async def test_builds_are_processed_at_a_speed(apple):
    def state():
        return next(one for one in apple.app()["builds"] if one["number"] == "2404")["state"]

    apple.pass_time(HOUR)
    assert state() == "PROCESSING"
    apple.emulation.set_speed(60)
    apple.pass_time(1)
    assert state() == "PROCESSING"
    apple.pass_time(15)
    assert state() == "VALID"


async def test_a_request_sees_what_is_due(apple):
    version = await submitted(apple)
    apple.emulation.set_speed(HOUR)
    apple.pass_time(8)
    answer = await apple.get(f"/v1/appStoreVersions/{version}")
    assert answer.document["data"]["attributes"]["appVersionState"] == "IN_REVIEW"


async def test_the_store_moves_and_tells_without_being_asked(apple):
    async with a_receiver() as receiver:
        await set_up(apple, TIDEWELL, receiver.url)
        await submitted(apple)
        heard = asyncio.Event()
        apple.emulation.set_speed(HOUR)
        apple.emulation.listen(heard.set)
        apple.pass_time(8)
        async with asyncio.timeout(10):
            while "IN_REVIEW" not in receiver.states:
                await heard.wait()
                heard.clear()


@pytest.mark.parametrize("speed", [-1, 10_000_000])
async def test_a_speed_has_bounds(apple, speed):
    with pytest.raises(ValueError, match="between 0 and 1000000"):
        apple.emulation.set_speed(speed)
    assert apple.emulation.speed == 0
