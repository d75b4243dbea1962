"""What goes wrong with webhooks when so switched: doubled, reordered, lost, late, forged."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import TIDEWELL
from tests.sandbox.appstore.receiver import a_receiver, set_up

ROAD = ("READY_FOR_REVIEW", "WAITING_FOR_REVIEW", "IN_REVIEW", "PENDING_DEVELOPER_RELEASE")


@pytest.fixture
async def receiver():
    async with a_receiver() as receiver:
        yield receiver


async def drive(apple, receiver, **trouble):
    """Take a version down the road with webhooks in trouble; return the states of deliveries."""
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    apple.emulation.trouble_webhooks(**trouble)
    for state in ROAD:
        apple.emulation.move(apple.version()["id"], state)
        await apple.emulation.webhooks_settled()
    return await told(apple, webhook)


async def told(apple, webhook):
    answer = await apple.get(f"/v1/webhooks/{webhook}/deliveries")
    return [one["attributes"]["deliveryState"] for one in answer.document["data"]][::-1]


async def test_each_delivery_comes_twice(apple, receiver):
    assert await drive(apple, receiver, doubled=True) == ["SUCCEEDED"] * 4
    assert receiver.states == [state for state in ROAD for _ in range(2)]
    assert receiver.got[0] == receiver.got[1]


async def test_each_second_one_overtakes_the_one_before(apple, receiver):
    assert await drive(apple, receiver, reordered=True) == ["SUCCEEDED"] * 4
    assert receiver.states == [ROAD[1], ROAD[0], ROAD[3], ROAD[2]]


async def test_what_is_held_back_comes_late_when_nothing_follows(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    apple.emulation.trouble_webhooks(reordered=True)
    apple.emulation.move(apple.version()["id"], ROAD[0])
    await apple.emulation.webhooks_settled()
    assert (receiver.states, await told(apple, webhook)) == ([], ["PENDING"])
    apple.pass_time(30)
    await apple.emulation.webhooks_settled()
    assert (receiver.states, await told(apple, webhook)) == ([ROAD[0]], ["SUCCEEDED"])


async def test_each_third_one_is_lost_and_known_as_failed(apple, receiver):
    outcome = await drive(apple, receiver, lose_every=3)
    assert outcome == ["SUCCEEDED", "SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert receiver.states == [ROAD[0], ROAD[1], ROAD[3]]


async def test_a_share_is_lost_the_same_in_every_run(apple, receiver):
    outcome = await drive(apple, receiver, lose_share=0.3)
    lost = [state for state, known in zip(ROAD, outcome, strict=True) if known == "FAILED"]
    assert receiver.states == [state for state in ROAD if state not in lost]
    assert 0 < len(lost) < 4


async def test_a_delivery_waits_by_the_clock_of_the_store(apple, receiver):
    outcome = await drive(apple, receiver, delay=60.0)
    assert (outcome, receiver.got) == (["PENDING"] * 4, [])
    apple.pass_time(60)
    await apple.emulation.webhooks_settled()
    assert receiver.states == list(ROAD)


async def test_a_wrong_signature_is_wrong(apple, receiver):
    await drive(apple, receiver, wrong_signature=True)
    assert receiver.genuine == [False] * 4


async def test_trouble_ends_when_it_is_switched_off(apple, receiver):
    await drive(apple, receiver, lose_every=1)
    apple.emulation.trouble_webhooks(lose_every=0)
    apple.emulation.move(apple.version()["id"], "READY_FOR_DISTRIBUTION")
    await apple.emulation.webhooks_settled()
    assert receiver.states[0] == "READY_FOR_DISTRIBUTION"


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"tripled": True}, "No switch is called tripled"),
        ({"lose_every": "many"}, "lose_every must be a int"),
    ],
)
async def test_a_trouble_that_is_not_known_is_refused(apple, trouble, sentence):
    with pytest.raises(ValueError, match=sentence):
        apple.emulation.trouble_webhooks(**trouble)


async def test_one_delivery_too_many_in_the_queue_is_failed_at_once(apple, receiver):
    webhook = await set_up(apple, TIDEWELL, receiver.url)
    apple.emulation.trouble_webhooks(delay=60.0)
    for _ in range(500):
        apple.emulation.move(apple.version()["id"], "IN_REVIEW")
        apple.emulation.move(apple.version()["id"], "WAITING_FOR_REVIEW")
    apple.emulation.move(apple.version()["id"], "REJECTED")
    answer = await apple.get(f"/v1/webhooks/{webhook}/deliveries", limit=2)
    assert [one["attributes"]["errorMessage"] for one in answer.document["data"]] == [
        "Too many deliveries are waiting",
        None,
    ]
