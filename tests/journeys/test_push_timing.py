"""Pushes in their own time: not before a moment, not in a freeze, and texts that return."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.causes import GONE, cause_of
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from bot.settings import FreezeSettings
from tests.clock import HandClock
from tests.journeys.ticking import become, in_berlin, in_hours, run, version, wait, wait_until
from tests.journeys.version_people import opened, sent
from tests.workspace import CROSS, ORRERY, TIDEWELL, Workspace, a_workspace, approvals, words_of

GERMAN, JAPANESE = "edit tidewell de-DE", "edit tidewell ja"
NEW = "Frühlingsangebot: alle Hefte offen"
READY = "READY_FOR_DISTRIBUTION"
BEFORE, RETURNS = "Not before", "Promotional text returns at"


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        yield one


async def set_time(team: Workspace, label: str, when: datetime | None, who: str = MIA) -> None:
    await team.pick(who, label, str(int(when.timestamp())) if when else "")


async def propose(
    team: Workspace, words: str = GERMAN, *, times: Mapping[str, datetime], **texts: str
) -> Mapping[str, Any]:
    known = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, words)
    await team.fill(MIA, **(texts or {"Promotional_text": NEW}))
    for label, when in times.items():
        await set_time(team, label, when)
    ack = await team.submit(MIA)
    assert ack.ok
    assert not team.errors(MIA)
    found: Mapping[str, Any] = await team.until(
        lambda: next(
            (m for m in team.messages() if m["ts"] not in known and len(m["reactions"]) >= 2), None
        )
    )
    return found


async def approve(team: Workspace, message: Mapping[str, Any], who: str = BEN) -> None:
    await team.react(who, message)
    await team.settle()


def promotional(team: Workspace, code: str = "de-DE") -> str:
    return team.live(code, "promotionalText")


# -- not before ----------------------------------------------------------------------------


async def test_an_approved_push_waits_for_its_time_and_says_so(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await wait(team, hours=40)
    await run(team, "pushes")

    told = words_of(team.message(message["ts"]))
    assert "It waits until" in told
    assert "4 Mar 2026, 10:00 Europe/Berlin" in told
    assert "Withdraw" in told
    assert team.asked("PATCH") == []

    await wait(team, hours=8.1)
    await run(team, "pushes", "pushes")
    await team.says(message, "Pushed")
    assert promotional(team) == NEW


async def test_it_waits_across_a_restart_as_well(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.restart()
    await team.settle()
    await run(team, "pushes")
    assert team.asked("PATCH") == []

    await wait(team, hours=49)
    await team.restart()
    await team.says(message, "Pushed")


async def test_votes_are_asked_for_once_more_when_its_time_has_come(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    # Slack tells nobody of it, as when an admin takes all reactions away.
    channel = team.slack.workspace.channels[team.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await wait(team, hours=49)
    await run(team, "pushes")

    await team.says(message, "0 of 1")
    assert team.asked("PATCH") == []


async def test_a_rejection_stops_it_at_once_while_it_waits(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.react(BEN, message, CROSS)
    await team.says(message, "Rejected by")
    await wait(team, hours=49)
    await run(team, "pushes")

    assert team.asked("PATCH") == []


async def test_a_vote_taken_back_while_it_waits_can_be_given_again(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await approve(team, message, AIKO)
    await team.says(message, "It waits until")
    assert team.asked("PATCH") == []
    await wait(team, hours=49)
    await run(team, "pushes")

    await team.says(message, "Pushed")
    assert f"@{AIKO}" in told(team, message)


async def test_a_message_deleted_while_it_waits_is_posted_again_and_holds_up_nothing(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    del team.slack.workspace.channels[team.settings.channel].messages[message["ts"]]
    team.bot.desk.notifier.proposal_changed(1)
    (again,) = await team.until(
        lambda: [m for m in team.messages() if len(m.get("reactions", [])) >= 2]
    )
    other = await propose(team, JAPANESE, times={}, Subtitle="静かなノート")
    await approve(team, other)
    await team.says(other, "Pushed")

    await team.react(BEN, again)
    await wait(team, hours=49)
    await run(team, "pushes")
    await team.says(again, "Pushed")


async def test_it_may_be_withdrawn_while_it_waits(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    await team.press(MIA, message, "Withdraw")
    await team.says(message, "Withdrawn")
    await wait(team, hours=49)
    await run(team, "pushes")

    assert team.asked("PATCH") == []


async def test_one_that_waits_holds_up_no_other_of_its_app(team: Workspace) -> None:
    waiting = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, waiting)
    other = await propose(team, JAPANESE, times={}, Subtitle="静かなノート")
    await approve(team, other)

    await team.says(other, "Pushed")
    assert "It waits until" in words_of(team.message(waiting["ts"]))


async def test_a_vote_taken_back_and_given_again_in_a_moment_begins_nothing_early(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await approve(team, message)
    trouble = team.apple.faults.add(AppleFault(kind="server_error", match="GET"))
    asked = len(team.asked("GET"))
    await team.unreact(BEN, message)
    # The first push looks at Apple once more before it is dropped; meanwhile the vote is back.
    await team.until(lambda: len(team.asked("GET")) > asked)
    await team.react(BEN, message)
    await team.says(message, "It waits until")
    team.apple.faults.remove(trouble)
    await team.settle()
    assert team.clock.now() < in_hours(48)
    assert team.asked("PATCH") == []
    assert "It waits until" in told(team, message)

    await wait(team, hours=49)
    await run(team, "pushes")
    await team.says(message, "Pushed")
    assert len(team.asked("PATCH")) == 1
    assert len(await team.bot.desk.store.watchlog.history(app_id=TIDEWELL)) == 1


async def test_a_vote_taken_back_late_gives_people_their_whole_time_again(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await wait(team, days=6.5)
    await run(team, "ask")
    await approve(team, message)
    await wait(team, days=3.5)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await run(team, "expire", "ask")
    assert "0 of 1" in told(team, message)
    assert "Open until  19 Mar" in told(team, message)

    await wait(team, days=6.5)
    await run(team, "expire", "ask")
    said = [words_of(reply) for reply in team.thread(message) if "ends" in words_of(reply)]
    assert ["9 Mar" in said[0], "19 Mar" in said[1], len(said)] == [True, True, 2]
    await wait(team, days=0.6)
    await run(team, "expire")
    await team.says(message, "Expired")


async def test_what_is_stale_at_its_time_goes_back_to_people_and_stays_there(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await approve(team, message)
    team.apple.edit(TIDEWELL, "de-DE", "promotionalText", "Von Hand", platform="IOS")
    await wait(team, days=20.1)
    await run(team, "pushes")
    await team.says(message, "Stale")
    await run(team, "expire")
    assert "Stale" in told(team, message)


async def test_a_text_that_goes_back_to_people_waits_no_longer_than_until_its_end(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(9 * 24), RETURNS: in_hours(12 * 24)})
    await approve(team, message)
    await wait(team, days=8)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await wait(team, days=3.9)
    await run(team, "expire")
    assert "0 of 1" in told(team, message)
    await wait(team, days=0.2)
    await run(team, "expire")
    await team.says(message, "Expired")


async def test_the_second_list_decides_only_once_it_waited_anew(tmp_path: Path) -> None:
    rule = approvals(approvers=(BEN,), escalation=(RUTH,), expires=timedelta(days=30))
    async with a_workspace(tmp_path, approval=rule) as team:
        message = await propose(team, times={BEFORE: in_hours(20 * 24)})
        await approve(team, message)
        await wait(team, days=4)
        await team.unreact(BEN, message)
        await team.says(message, "0 of 1")
        await approve(team, message, RUTH)
        await run(team, "ask")
        assert "0 of 1" in told(team, message)

        await wait(team, days=3.1)
        await run(team, "ask")
        await team.says(message, "It waits until")
        assert f"@{RUTH}" in told(team, message)


# -- freezes -------------------------------------------------------------------------------


def a_freeze(**values: Any) -> FreezeSettings:
    return FreezeSettings(**{"name": "Moving house", **values})


async def test_a_freeze_holds_every_push_and_names_itself(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await approve(team, message)
        await run(team, "pushes")
        assert "the freeze “Moving house” ends" in words_of(team.message(message["ts"]))
        assert team.asked("PATCH") == []

        await wait(team, hours=24)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_freeze_is_named_before_anybody_approves(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24))
    until = "The freeze “Moving house” holds pushes until 3 Mar 2026, 10:00 Europe/Berlin."
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        await team.open_form(MIA, JAPANESE)
        assert until in team.modal(MIA)
        await team.close(MIA)
        message = await propose(team, times={})
        assert until in words_of(message)
        later = await propose(team, JAPANESE, times={BEFORE: in_hours(30)}, Subtitle="静か")
        assert "Moving house" not in words_of(later)


async def test_an_open_proposal_names_a_freeze_that_begins_and_no_longer_when_it_is_over(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(2), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await run(team, "reconcile")
        assert "Moving house" not in words_of(team.message(message["ts"]))
        await wait(team, hours=3)
        await run(team, "reconcile")
        await team.says(message, "The freeze “Moving house” holds pushes until")
        await wait(team, hours=22)
        await run(team, "reconcile")
        await team.settle()

        assert "Moving house" not in words_of(team.message(message["ts"]))


async def test_a_freeze_that_begins_while_a_push_waits_is_shown(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(20), ends=in_hours(72))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={BEFORE: in_hours(10)})
        await approve(team, message)
        assert "Moving house" not in words_of(team.message(message["ts"]))
        await wait(team, hours=21)
        await run(team, "pushes")

        assert "Moving house" in words_of(team.message(message["ts"]))
        assert team.asked("PATCH") == []


async def test_a_freeze_that_begins_while_apple_is_slow_to_answer_holds_the_push(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        trouble = team.apple.faults.add(AppleFault(kind="server_error", match="GET"))
        await wait_for(team, in_hours(1) - timedelta(seconds=100))
        asked = len(team.asked("GET"))
        await team.react(BEN, message)
        await team.until(lambda: len(team.asked("GET")) > asked)
        await wait_for(team, in_hours(1))
        team.apple.faults.remove(trouble)
        await team.says(message, "the freeze “Moving house” ends")
        reads = len(team.asked("GET"))
        await run(team, "pushes", "pushes")
        assert team.asked("PATCH") == []
        assert len(team.asked("GET")) == reads

        await wait(team, hours=24)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def wait_for(team: Workspace, moment: datetime) -> None:
    await team.clock.travel(max(0.0, (moment - team.clock.now()).total_seconds()))


async def test_a_freeze_of_one_app_leaves_the_others_alone(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24), app=("com.example.orrery",))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await approve(team, message)

        await team.says(message, "Pushed")


async def test_a_weekly_freeze_ends_on_the_local_morning_also_when_the_clocks_move(
    tmp_path: Path,
) -> None:
    week = {"freezes": (_weekend(),), "clock": HandClock(in_berlin("2026-03-27 15:00"))}
    async with a_workspace(tmp_path, **week) as team:
        message = await propose(team, times={})
        await wait_until(team, "2026-03-27 16:01")
        await approve(team, message)
        await wait_until(team, "2026-03-30 07:55")
        await run(team, "pushes")
        assert team.asked("PATCH") == []
        await wait_until(team, "2026-03-30 08:00")
        await run(team, "pushes")
        await team.says(message, "Pushed")


def _weekend() -> FreezeSettings:
    friday, monday = datetime(2026, 3, 6, 16), datetime(2026, 3, 9, 8)  # noqa: DTZ001 - clocks
    return a_freeze(name="Weekend", weekly=((4, friday.time()), (0, monday.time())))


async def test_a_push_that_runs_when_a_freeze_begins_goes_on_to_its_end(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await team.react(BEN, message)
        await team.until(lambda: team.asked("PATCH"))
        assert "Pushed" not in told(team, message)
        await team.stop()
        await team.clock.travel(2 * 3600)
        await team.restart()

        await team.says(message, "Pushed")
        assert promotional(team) == NEW


def told(team: Workspace, message: Mapping[str, Any]) -> str:
    return words_of(team.message(message["ts"]))


# -- texts that return ---------------------------------------------------------------------


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


async def test_of_texts_that_lay_over_each_other_none_stays_beyond_its_end(
    team: Workspace,
) -> None:
    earlier = promotional(team)
    for hours, words in ((72, "Erste Aktion"), (96, "Zweite Aktion")):
        message = await propose(team, times={RETURNS: in_hours(hours)}, Promotional_text=words)
        await approve(team, message)
        await team.says(message, "Pushed")
    await wait(team, hours=73)
    await run(team, "pushes")
    assert promotional(team) == "Zweite Aktion"

    await wait(team, hours=25)
    await run(team, "pushes")
    assert promotional(team) == earlier


async def test_what_lies_under_a_text_stands_again_until_its_own_end(team: Workspace) -> None:
    earlier = promotional(team)
    for hours, words in ((96, "Erste Aktion"), (72, "Zweite Aktion")):
        message = await propose(team, times={RETURNS: in_hours(hours)}, Promotional_text=words)
        await approve(team, message)
        await team.says(message, "Pushed")
    await wait(team, hours=73)
    await run(team, "pushes")
    assert promotional(team) == "Erste Aktion"

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


# -- the form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "when", "why"),
    [
        (BEFORE, in_hours(-1), "is over"),
        (BEFORE, in_hours(30 * 24), "29 days"),
        (RETURNS, in_hours(-1), "is over"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_at_its_input(
    team: Workspace, label: str, when: datetime, why: str
) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW)
    await set_time(team, label, when)
    await team.submit(MIA)

    block = team.block(MIA, label)["block_id"]
    assert why in team.errors(MIA)[block]


async def test_an_end_is_for_promotional_texts_alone(team: Workspace) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW, Subtitle="Stilles Heft")
    await set_time(team, RETURNS, in_hours(72))
    await team.submit(MIA)

    block = team.block(MIA, RETURNS)["block_id"]
    assert "Only a promotional text" in team.errors(MIA)[block]


async def test_times_are_found_again_with_the_draft(team: Workspace) -> None:
    await team.open_form(MIA, GERMAN)
    await team.fill(MIA, Promotional_text=NEW)
    await set_time(team, BEFORE, in_hours(48))
    await set_time(team, RETURNS, in_hours(72))
    await team.settle()
    await team.close(MIA)
    await team.restart()
    await team.open_form(MIA, GERMAN)

    shown = [team.block(MIA, label)["element"]["initial_date_time"] for label in (BEFORE, RETURNS)]
    assert shown == [int(in_hours(hours).timestamp()) for hours in (48, 72)]


async def test_a_revision_keeps_the_times_and_may_take_them_away(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    assert team.block(MIA, BEFORE)["element"]["initial_date_time"] == int(in_hours(48).timestamp())
    await set_time(team, BEFORE, None)
    await team.submit(MIA)
    assert not team.errors(MIA)
    newest = await team.until(
        lambda: next((m for m in team.messages() if "revision 2" in words_of(m)), None)
    )
    assert "Not before" not in words_of(newest)


@pytest.mark.parametrize("again", [False, True])
async def test_edit_takes_a_time_out_that_is_over_and_says_so(team: Workspace, again: bool) -> None:
    message = await propose(team, times={BEFORE: in_hours(2), RETURNS: in_hours(72)})
    if again:
        await team.press(MIA, message, "Edit")
        await team.until(lambda: team.form(MIA))
        await team.close(MIA)
    await wait(team, hours=3)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))

    assert "initial_date_time" not in team.block(MIA, BEFORE)["element"]
    assert team.block(MIA, RETURNS)["element"]["initial_date_time"] == int(in_hours(72).timestamp())
    assert "is over and was taken out" in team.modal(MIA)
    await team.submit(MIA)
    assert not team.errors(MIA)


async def test_propose_again_takes_a_time_out_that_is_over(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(2)}, Subtitle="Stilles Heft")
    await approve(team, message)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von Hand", platform="IOS")
    await wait(team, hours=3)
    await run(team, "pushes")
    await team.says(message, "changed since")
    known = len(team.messages())
    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    assert "initial_date_time" not in team.block(MIA, BEFORE)["element"]
    await team.submit(MIA)
    assert not team.errors(MIA)
    await team.until(lambda: len(team.messages()) > known)


async def test_another_time_alone_is_another_text_to_decide_on(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(48)})
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.submit(MIA)
    assert "Nothing is changed yet" in str(team.errors(MIA))
    await set_time(team, BEFORE, in_hours(49))
    await team.submit(MIA)

    assert not team.errors(MIA)
