"""Seven days of a growing share: asked for, begun, paused, carried on, ended."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import TIDEWELL

PHASES = "appStoreVersionPhasedReleases"
DAY = 86_400
UNFIT = "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE"


async def ask_for(apple, version, **attributes):
    return await apple.post(PHASES, ("appStoreVersion", "appStoreVersions", version), **attributes)


async def begun(apple):
    """A phased release on its first day."""
    version = apple.version()["id"]
    made = await ask_for(apple, version, phasedReleaseState="INACTIVE")
    apple.emulation.move(version, "READY_FOR_DISTRIBUTION")
    return made.document["data"]["id"]


async def change(apple, phase, state):
    return await apple.patch(PHASES, phase, phasedReleaseState=state)


def shown(apple):
    phased = apple.version()["phased"]
    return phased["state"], phased["day"], phased["percent"]


async def test_it_begins_when_its_version_goes_live(apple):
    version = apple.version()["id"]
    answer = await ask_for(apple, version, phasedReleaseState="ACTIVE")
    assert answer.status == 201
    assert answer.document["data"]["attributes"] == {
        "phasedReleaseState": "INACTIVE",
        "startDate": None,
        "totalPauseDuration": 0,
        "currentDayNumber": None,
    }
    apple.pass_time(DAY)
    apple.emulation.move(version, "READY_FOR_DISTRIBUTION")
    answer = await apple.get(f"/v1/appStoreVersions/{version}/appStoreVersionPhasedRelease")
    told = answer.document["data"]["attributes"]
    assert (told["phasedReleaseState"], told["currentDayNumber"]) == ("ACTIVE", 1)
    assert told["startDate"] == "2026-09-22T14:13:20+00:00"


async def test_days_pass_with_the_clock_and_the_seventh_is_the_last(apple):
    await begun(apple)
    seen = []
    for _ in range(8):
        seen.append(shown(apple))
        apple.pass_time(DAY)
    assert [share for _, _, share in seen] == [1, 2, 5, 10, 20, 50, 100, 100]
    assert [day for _, day, _ in seen[:7]] == [1, 2, 3, 4, 5, 6, 7]
    assert [state for state, _, _ in seen[5:]] == ["ACTIVE", "ACTIVE", "COMPLETE"]


async def test_a_pause_stops_the_days_and_is_counted(apple):
    phase = await begun(apple)
    apple.pass_time(DAY)
    assert (await change(apple, phase, "PAUSED")).status == 200
    apple.pass_time(3 * DAY)
    assert shown(apple) == ("PAUSED", 2, 2)
    answer = await change(apple, phase, "ACTIVE")
    assert answer.document["data"]["attributes"]["totalPauseDuration"] == 3
    apple.pass_time(DAY)
    assert shown(apple) == ("ACTIVE", 3, 5)


async def test_after_thirty_days_of_pause_apple_resumes(apple):
    phase = await begun(apple)
    await change(apple, phase, "PAUSED")
    apple.pass_time(30 * DAY - 1)
    assert shown(apple)[0] == "PAUSED"
    apple.pass_time(1 + DAY)
    assert shown(apple) == ("ACTIVE", 2, 2)
    answer = await change(apple, phase, "PAUSED")
    assert answer.details == ["A phased release can be paused for 30 days in all."]


async def test_it_is_completed_at_once(apple):
    phase = await begun(apple)
    answer = await change(apple, phase, "COMPLETE")
    assert answer.document["data"]["attributes"]["phasedReleaseState"] == "COMPLETE"
    assert shown(apple)[2] == 100
    assert (await change(apple, phase, "ACTIVE")).codes == [UNFIT]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("WAITING_FOR_REVIEW", 201),
        ("METADATA_REJECTED", 201),
        ("INVALID_BINARY", 409),
        ("READY_FOR_REVIEW", 409),
        ("ACCEPTED", 409),
        ("PENDING_APPLE_RELEASE", 409),
    ],
)
async def test_it_is_asked_for_in_the_states_that_apple_names(apple, state, status):
    version = apple.version()["id"]
    apple.emulation.move(version, state)
    assert (await ask_for(apple, version)).status == status


@pytest.mark.parametrize("state", ["ACTIVE", "PAUSED", "COMPLETE"])
async def test_what_has_not_begun_cannot_be_changed(apple, state):
    made = await ask_for(apple, apple.version()["id"])
    answer = await change(apple, made.document["data"]["id"], state)
    assert (answer.status, answer.codes) == (409, [UNFIT])


async def test_the_state_it_is_in_is_no_change(apple):
    answer = await change(apple, await begun(apple), "ACTIVE")
    assert answer.details == ["The phased release already has this value"]
    assert answer.pointers == ["/data/attributes/phasedReleaseState"]


async def test_an_unknown_state_is_refused(apple):
    phase = await begun(apple)
    assert (await change(apple, phase, "SLOW")).codes == ["ENTITY_ERROR.ATTRIBUTE.INVALID"]
    answer = await ask_for(apple, apple.version("2.3.0")["id"], phasedReleaseState="PAUSED")
    assert answer.details == ["'PAUSED' is not a state to begin with."]


async def test_only_what_has_not_begun_is_taken_back(apple):
    made = await ask_for(apple, apple.version()["id"])
    assert (await apple.delete(PHASES, made.document["data"]["id"])).status == 204
    assert apple.version()["phased"] is None
    answer = await apple.delete(PHASES, await begun(apple))
    assert answer.codes == ["STATE_ERROR.ENTITY_STATE_INVALID"]


async def test_it_may_begin_a_while_after_its_version_went_live(apple):
    apple.emulation.conditions.phase_seconds = 90
    await begun(apple)
    assert apple.version()["state"] == "READY_FOR_DISTRIBUTION"
    assert shown(apple) == ("INACTIVE", None, 0)

    apple.pass_time(89)
    apple.emulation.tick()
    assert shown(apple)[0] == "INACTIVE"
    apple.pass_time(1)
    apple.emulation.tick()
    assert shown(apple) == ("ACTIVE", 1, 1)


async def test_a_version_has_one_phased_release(apple):
    version = apple.version()["id"]
    await ask_for(apple, version)
    answer = await ask_for(apple, version)
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.INVALID"]


async def test_a_first_version_and_a_live_one_have_none(apple):
    first = apple.emulation.add_version(TIDEWELL, "1.0", "TV_OS")
    for version in (first, apple.version("2.3.0")["id"]):
        answer = await ask_for(apple, version)
        assert (answer.status, answer.codes) == (409, ["STATE_ERROR.ENTITY_STATE_INVALID"])


async def test_the_next_version_ends_what_was_still_under_way(apple):
    await begun(apple)
    newer = apple.emulation.add_version(TIDEWELL, "2.5.0", "IOS")
    apple.emulation.move(newer, "READY_FOR_DISTRIBUTION")
    assert shown(apple)[0] == "COMPLETE"


async def test_people_skip_to_the_next_day(apple):
    version = apple.version()["id"]
    with pytest.raises(ValueError, match="no active phased release"):
        apple.emulation.next_phased_day(version)
    await begun(apple)
    apple.pass_time(DAY / 2)
    assert apple.emulation.next_phased_day(version) == 2
    apple.pass_time(DAY - 1)
    assert shown(apple)[1] == 2
    apple.pass_time(1)
    assert shown(apple)[1] == 3
