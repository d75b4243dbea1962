"""A promotional text with an end: what stood there before returns by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.causes import GONE, cause_of
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import BEN, MIA
from tests.journeys.ticking import become, in_hours, run, version, wait
from tests.journeys.timed_proposals import (
    BEFORE,
    JAPANESE,
    NEW,
    RETURNS,
    a_freeze,
    approve,
    promotional,
    propose,
    set_time,
    told,
    wait_for,
)
from tests.journeys.version_people import opened, sent
from tests.workspace import ORRERY, Workspace, a_workspace, words_of

READY = "READY_FOR_DISTRIBUTION"


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


async def test_a_promotional_text_returns_by_itself_when_its_time_is_over(
    team: Workspace,
) -> None:
    earlier = promotional(team)
    message = await propose(team, times={RETURNS: in_hours(72)})
    assert "Promotional text returns" in told(team, message)
    await approve(team, message)
    await team.says(message, "Pushed")
    await wait(team, hours=71)
    await run(team, "pushes")
    assert promotional(team) == NEW

    await wait(team, hours=1.1)
    await run(team, "pushes", "pushes")
    await team.restart()
    await run(team, "pushes")
    assert promotional(team) == earlier
    replies = [words_of(reply) for reply in team.thread(message)]
    assert len([words for words in replies if "brings back" in words]) == 1
    assert any("before proposal 1" in words and "Pushed" in words for words in replies)


async def test_nobody_is_asked_for_the_return_but_who_approved_it_is_named(
    team: Workspace,
) -> None:
    message = await propose(team, times={RETURNS: in_hours(72)})
    await approve(team, message)
    await team.says(message, "Pushed")
    # Whoever takes the vote back afterwards took part in what was pushed all the same.
    await team.unreact(BEN, message)
    await wait(team, hours=73)
    await run(team, "pushes")

    (returned,) = [words_of(r) for r in team.thread(message) if "brings back" in words_of(r)]
    assert f"@{BEN}" in returned
    assert "Pushed" in returned


async def test_a_freeze_holds_the_return_too(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(70), ends=in_hours(96))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        earlier = promotional(team)
        message = await propose(team, times={RETURNS: in_hours(72)})
        await approve(team, message)
        await wait(team, hours=80)
        await run(team, "pushes")
        assert promotional(team) == NEW
        assert any("Moving house" in words_of(reply) for reply in team.thread(message))

        await wait(team, hours=17)
        await run(team, "pushes")
        assert promotional(team) == earlier


async def test_a_text_that_others_changed_meanwhile_is_left_and_people_are_told(
    team: Workspace,
) -> None:
    message = await propose(team, times={RETURNS: in_hours(72)})
    await approve(team, message)
    await team.says(message, "Pushed")
    other = await propose(team, times={}, Promotional_text="Etwas ganz anderes")
    await approve(team, other)
    await team.says(other, "Pushed")
    await wait(team, hours=73)
    await run(team, "pushes")

    assert promotional(team) == "Etwas ganz anderes"
    replies = [words_of(reply) for reply in team.thread(message)]
    assert any("Stale" in words for words in replies)


@pytest.mark.parametrize(
    ("ends", "between"),
    [((72, 96), "Zweite Aktion"), ((96, 72), "Erste Aktion")],
    ids=["what lies over another stays until its own end", "what lies under it stands again then"],
)
async def test_of_texts_that_lay_over_each_other_none_stays_beyond_its_end(
    team: Workspace, ends: tuple[int, int], between: str
) -> None:
    earlier = promotional(team)
    for hours, words in zip(ends, ("Erste Aktion", "Zweite Aktion"), strict=True):
        message = await propose(team, times={RETURNS: in_hours(hours)}, Promotional_text=words)
        await approve(team, message)
        await team.says(message, "Pushed")
    await wait(team, hours=73)
    await run(team, "pushes")
    assert promotional(team) == between

    await wait(team, hours=25)
    await run(team, "pushes")
    assert promotional(team) == earlier


@pytest.mark.parametrize("ends", [(72, 96), (96, 72), (72, 72)])
async def test_all_that_ended_while_nobody_ran_returns_to_the_first_text(
    team: Workspace, ends: tuple[int, int]
) -> None:
    earlier = promotional(team)
    for hours, words in zip(ends, ("Erste Aktion", "Zweite Aktion"), strict=True):
        message = await propose(team, times={RETURNS: in_hours(hours)}, Promotional_text=words)
        await approve(team, message)
        await team.says(message, "Pushed")
    await team.stop()
    await team.clock.travel(120 * 3600)
    await team.restart()
    await run(team, "pushes", "pushes")

    assert promotional(team) == earlier
    assert not [words for words in team.told() if "Stale" in words]


async def test_a_new_version_takes_over_the_text_that_returns_and_not_the_one_with_an_end(
    team: Workspace,
) -> None:
    await become(team, READY)
    earlier = team.live("ja", "promotionalText", state=READY)
    lasting = await propose(team, times={}, Promotional_text="Für immer")
    promotion = await propose(team, JAPANESE, times={RETURNS: in_hours(72)}, Promotional_text="春")
    for message in (lasting, promotion):
        await approve(team, message)
        await team.says(message, "Pushed")
    await opened(team, "version tidewell ios")
    made = await sent(team)
    await approve(team, made)
    await team.says(made, "Pushed")

    assert earlier
    assert promotional(team, "ja") == earlier
    assert promotional(team) == "Für immer"
    assert team.live("ja", "promotionalText", state=READY) == "春"


async def test_a_text_returns_in_the_version_that_took_its_own_ones_place(
    team: Workspace,
) -> None:
    message, earlier = await promoted_in_orrery(team)
    await replaced_by_the_next(team, NEW)
    await wait(team, hours=73)
    await run(team, "pushes")

    assert team.live("en-US", "promotionalText", app=ORRERY, state=READY) == earlier
    assert any("Pushed" in words_of(reply) for reply in team.thread(message))
    (row, *_) = await team.bot.desk.store.watchlog.history(app_id=ORRERY)
    assert row.version_number == "1.9"


async def test_where_the_next_version_has_its_own_text_nothing_is_left_to_bring_back(
    team: Workspace,
) -> None:
    message, _ = await promoted_in_orrery(team)
    await replaced_by_the_next(team, "My own")
    before = team.asked("PATCH")
    await wait(team, hours=73)
    await run(team, "pushes")

    (reply,) = [words_of(r) for r in team.thread(message) if "before proposal 1" in words_of(r)]
    assert "nothing is left to bring back" in reply
    assert "when a version is being prepared" not in reply
    assert "Retry failed sends" not in reply
    assert team.asked("PATCH") == before
    (failure,) = await team.bot.desk.store.watchlog.failures_of(2)
    assert cause_of(failure.cause) is GONE


async def promoted_in_orrery(team: Workspace) -> tuple[Mapping[str, Any], str]:
    """Push a promotional text with an end to a live version; return the text before it, too."""
    earlier = team.live("en-US", "promotionalText", app=ORRERY, state=READY)
    message = await propose(
        team, "edit orrery ios en-US", times={RETURNS: in_hours(72)}, Promotional_text=NEW
    )
    await approve(team, message)
    await team.says(message, "Pushed")
    return message, earlier


async def replaced_by_the_next(team: Workspace, text: str) -> None:
    team.apple.move(version(team, "1.8", app=ORRERY)["id"], "REPLACED_WITH_NEW_VERSION")
    team.apple.move(version(team, "1.9", app=ORRERY)["id"], READY)
    team.apple.edit(ORRERY, "en-US", "promotionalText", text, platform="IOS", live=True)
    await team.settle()


async def test_what_never_arrived_does_not_return(team: Workspace) -> None:
    message = await propose(team, times={RETURNS: in_hours(72)})
    await wait(team, hours=80)
    await run(team, "pushes", "expire")

    await team.says(message, "xpired")
    assert team.asked("PATCH") == []
    assert not [reply for reply in team.thread(message) if "brings back" in words_of(reply)]


async def test_of_a_push_that_arrived_in_part_only_that_part_returns(team: Workspace) -> None:
    codes = ("de-DE", "ja")
    earlier = {code: promotional(team, code) for code in codes}
    message = await propose_two(team, codes)
    refused = "PATCH /v1/appStoreVersionLocalizations"
    team.apple.faults.add(AppleFault(kind="refused", match=refused, nth=1))
    await approve(team, message)
    await team.says(message, "Partly pushed")
    await wait(team, hours=73)
    await run(team, "pushes")
    assert {code: promotional(team, code) for code in codes} == earlier
    (returned,) = [words_of(r) for r in team.thread(message) if "brings back" in words_of(r)]
    assert "1 change" in returned
    assert "Pushed" in returned

    # What arrived no earlier has had its time.
    await team.press(MIA, message, "Retry failed")
    await team.settle()
    await run(team, "pushes", "pushes")
    assert {code: promotional(team, code) for code in codes} == earlier
    assert any("The time of the text was over" in words for words in team.private(MIA))
    assert "Partly pushed" in told(team, message)
    assert len([r for r in team.thread(message) if "brings back" in words_of(r)]) == 1


async def test_a_text_whose_time_is_over_before_it_could_be_pushed_ends_unsent(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(24), RETURNS: in_hours(48)})
    await approve(team, message)
    await team.stop()
    await team.clock.travel(60 * 3600)
    await team.restart()
    await run(team, "pushes", "pushes")

    await team.says(message, "Expired")
    assert "The time of the text was over before it could be sent" in told(team, message)
    assert team.asked("PATCH") == []
    (said,) = [words_of(reply) for reply in team.thread(message)]
    assert f"@{MIA}" in said
    assert "Propose it again with a later end" in said


async def test_a_freeze_that_outlasts_a_text_ends_it_unsent(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(96))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={BEFORE: in_hours(0.9), RETURNS: in_hours(72)})
        await wait(team, hours=2)
        await approve(team, message)
        await team.says(message, "Moving house")
        await wait(team, hours=71)
        await run(team, "pushes")
        await team.says(message, "Expired")
        assert team.asked("PATCH") == []


async def test_what_a_retry_could_not_send_before_the_end_is_not_sent(team: Workspace) -> None:
    codes = ("de-DE", "ja")
    earlier = {code: promotional(team, code) for code in codes}
    message = await propose_two(team, codes)
    refused = "PATCH /v1/appStoreVersionLocalizations"
    team.apple.faults.add(AppleFault(kind="refused", match=refused, nth=1))
    await approve(team, message)
    await team.says(message, "Partly pushed")
    await wait_for(team, in_hours(72) - timedelta(seconds=100))
    trouble = team.apple.faults.add(AppleFault(kind="server_error", match="GET"))
    asked, looked = len(team.asked("PATCH")), len(team.asked("GET"))
    await team.press(MIA, message, "Retry failed")
    await team.until(lambda: len(team.asked("GET")) > looked)
    await wait_for(team, in_hours(72))
    team.apple.faults.remove(trouble)
    await team.says(message, "The time of the text was over")
    assert "Partly pushed" in told(team, message)
    assert "Retry failed sends" not in told(team, message)
    assert len(team.asked("PATCH")) == asked

    await run(team, "pushes", "pushes")
    assert {code: promotional(team, code) for code in codes} == earlier


async def propose_two(team: Workspace, codes: tuple[str, str]) -> Mapping[str, Any]:
    """Propose promotional texts of two locales that return after three days."""
    known = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, f"edit tidewell {codes[0]}")
    await team.fill(MIA, Promotional_text=NEW)
    await team.choose(MIA, "Locale", codes[1])
    await team.fill(MIA, Promotional_text="春のお知らせ")
    await set_time(team, RETURNS, in_hours(72))
    await team.submit(MIA)
    assert not team.errors(MIA)
    found: Mapping[str, Any] = await team.until(lambda: team._seeded(known))
    return found
