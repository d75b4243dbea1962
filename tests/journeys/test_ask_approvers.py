"""Who is missing is asked once a day at most, then the second list; what ends is announced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, RUTH
from bot.settings import WorkingHours
from tests.clock import HandClock
from tests.journeys.test_push_in_parts import RULES, proposed
from tests.journeys.ticking import in_berlin, in_hours, run, wait, wait_until
from tests.journeys.timed_proposals import a_freeze
from tests.workspace import TIDEWELL, Workspace, a_workspace, approvals, words_of

JAPANESE = {"words": "edit tidewell ja", "Subtitle": "静かなノート"}
GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Heft"}
TWO_OF_THE_LEADS = approvals(approvers=("S0ASOLEADS",), quorum=2)


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, approval=TWO_OF_THE_LEADS) as one:
        yield one


def asked(team: Workspace, who: str) -> list[str]:
    told = [words_of(message) for message in team.slack.direct(who)]
    return [words for words in told if "for your vote" in words]


async def test_nobody_is_asked_on_the_first_day(team: Workspace) -> None:
    await team.propose(MIA, **JAPANESE)
    await wait(team, hours=23.9)
    await run(team, "ask")

    assert asked(team, BEN) == asked(team, AIKO) == []


async def test_after_a_day_everybody_who_is_missing_is_asked_alone_and_once(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **JAPANESE)
    await team.react(AIKO, message)
    public = len(team.messages())
    await wait(team, hours=24.1)
    await run(team, "ask", "ask")
    await team.restart()
    await run(team, "ask")

    (told,) = asked(team, BEN)
    assert "Proposal 1" in told
    assert "1 change in Japanese" in told
    assert f"@{MIA}" in told
    assert asked(team, AIKO) == asked(team, MIA) == []
    assert len(team.messages()) == public


async def test_one_message_a_day_holds_everything_that_waits(team: Workspace) -> None:
    await team.propose(MIA, **JAPANESE)
    await wait(team, hours=2)
    await team.propose(MIA, **GERMAN)
    await wait(team, hours=22.5)
    await run(team, "ask")
    (told,) = asked(team, BEN)
    assert "2 proposals" in told
    await wait(team, hours=4)
    await run(team, "ask")
    assert len(asked(team, BEN)) == 1


async def test_they_are_asked_again_after_three_days_and_no_more(team: Workspace) -> None:
    await team.propose(MIA, **JAPANESE)
    counts = []
    for _ in range(6):
        await wait(team, hours=24.1)
        await run(team, "ask")
        counts.append(len(asked(team, BEN)))

    assert counts == [1, 1, 2, 2, 2, 2]


async def test_the_link_leads_to_the_proposals_message(team: Workspace) -> None:
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, hours=25)
    await run(team, "ask")

    (direct,) = team.slack.direct(BEN)
    assert message["ts"].replace(".", "") in str(direct["blocks"])


async def test_outside_of_working_hours_nobody_is_asked(tmp_path: Path) -> None:
    clock = HandClock(in_berlin("2026-03-06 12:00"))
    async with a_workspace(
        tmp_path, approval=TWO_OF_THE_LEADS, hours=WorkingHours(), clock=clock
    ) as team:
        await team.propose(MIA, **JAPANESE)
        for local in ("2026-03-07 13:00", "2026-03-08 13:00", "2026-03-09 08:59"):
            await wait_until(team, local)
            await run(team, "ask")
            assert asked(team, BEN) == []
        await wait_until(team, "2026-03-09 09:01")
        await run(team, "ask")

        assert len(asked(team, BEN)) == 1


async def test_who_switched_it_off_is_left_alone(team: Workspace) -> None:
    await team.propose(MIA, **JAPANESE)
    await team.bot.desk.store.subscriptions.choose(BEN, [])
    await wait(team, hours=25)
    await run(team, "ask")

    assert asked(team, BEN) == []
    assert len(asked(team, AIKO)) == 1


async def test_authors_guests_and_deactivated_people_are_not_asked(tmp_path: Path) -> None:
    approval = approvals(approvers=(MIA, GUEST, RUTH, BEN))
    async with a_workspace(tmp_path, approval=approval) as team:
        deactivate(team, RUTH)
        await team.propose(MIA, **JAPANESE)
        await wait(team, hours=25)
        await run(team, "ask")

        assert [len(asked(team, who)) for who in (MIA, GUEST, RUTH, BEN)] == [0, 0, 0, 1]


async def test_what_was_decided_meanwhile_is_not_asked_for(team: Workspace) -> None:
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, hours=25)
    for who in (BEN, AIKO):
        await team.react(who, message)
    await team.says(message, "Pushed")
    await run(team, "ask")

    assert asked(team, BEN) == []


async def test_a_new_revision_gives_everybody_their_time_anew(team: Workspace) -> None:
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, hours=23)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.fill(MIA, Subtitle="海辺のノート")
    await team.submit(MIA)
    await team.settle()
    await wait(team, hours=23)
    await run(team, "ask")
    assert asked(team, BEN) == []
    await wait(team, hours=2)
    await run(team, "ask")
    assert len(asked(team, BEN)) == 1


# -- the second list -----------------------------------------------------------------------


@pytest_asyncio.fixture
async def escalating(tmp_path: Path) -> AsyncIterator[Workspace]:
    approval = approvals(approvers=(BEN,), escalation=(RUTH,))
    async with a_workspace(tmp_path, approval=approval) as one:
        yield one


async def test_before_three_days_the_second_list_neither_hears_of_it_nor_decides(
    escalating: Workspace,
) -> None:
    team = escalating
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, hours=71.9)
    await run(team, "ask")
    await team.react(RUTH, message)
    await team.settle()

    assert asked(team, RUTH) == []
    assert "Open" in words_of(team.message(message["ts"]))


async def test_after_three_days_the_second_list_is_told_and_decides(
    escalating: Workspace,
) -> None:
    team = escalating
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, hours=72.1)
    await run(team, "ask", "ask")

    (told,) = asked(team, RUTH)
    assert "so you may" in told
    assert f"@{RUTH}" in words_of(team.message(message["ts"]))
    await team.react(RUTH, message)
    await team.says(message, "Pushed")
    assert team.live("ja", "subtitle") == "静かなノート"


async def test_a_vote_that_the_second_list_gave_too_early_counts_in_its_time(
    escalating: Workspace,
) -> None:
    team = escalating
    message = await team.propose(MIA, **JAPANESE)
    await team.react(RUTH, message)
    await team.settle()
    await wait(team, hours=72.1)
    await run(team, "ask")

    await team.says(message, "Pushed")


# -- ends ----------------------------------------------------------------------------------


async def test_a_day_before_it_ends_the_thread_and_the_proposer_hear_of_it_once(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, **JAPANESE)
    await wait(team, days=5.9)
    await run(team, "ask")
    assert not ending(team, message)
    await wait(team, days=0.2)
    await run(team, "ask", "ask")
    await team.restart()
    await run(team, "ask")

    assert len(ending(team, message)) == 1
    assert len([told for told in direct(team, MIA) if "ends" in told]) == 1
    await wait(team, days=1)
    await run(team, "expire")
    await team.says(message, "xpired")


async def test_an_end_after_a_free_day_is_announced_on_that_day(
    tmp_path: Path,
) -> None:
    # It ends on a Sunday: nobody works on the day before, so it is said all the same.
    clock = HandClock(in_berlin("2026-03-01 12:00"))
    async with a_workspace(
        tmp_path, approval=TWO_OF_THE_LEADS, hours=WorkingHours(), clock=clock
    ) as team:
        message = await team.propose(MIA, **JAPANESE)
        await wait_until(team, "2026-03-07 12:05")
        await run(team, "ask")

        assert len(ending(team, message)) == 1


@pytest.mark.parametrize("approvers", [(), ("S0NOBODY",), (GUEST,), (MIA,)])
async def test_a_proposal_that_nobody_can_approve_is_told_to_its_proposer_once(
    tmp_path: Path, approvers: tuple[str, ...]
) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=approvers)) as team:
        await team.propose(MIA, **JAPANESE)
        for _ in range(3):
            await wait(team, hours=25)
            await run(team, "ask")

        told = [words for words in direct(team, MIA) if "Nobody can approve" in words]
        assert len(told) == 1


# -- what nobody can vote on ---------------------------------------------------------------


async def test_of_a_stale_proposal_its_proposer_hears_once_and_nobody_is_asked(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(escalation=(RUTH,))) as team:
        message = await team.propose(MIA, **GERMAN)
        team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von Hand", platform="IOS")
        await team.react(BEN, message)
        await team.says(message, "changed since")
        await team.unreact(BEN, message)
        for _ in range(7):
            await wait(team, hours=23.9)
            await run(team, "ask", "ask")
            await team.restart()

        assert [asked(team, who) for who in (AIKO, BEN, RUTH)] == [[], [], []]
        assert ending(team, message) == []
        (told,) = direct(team, MIA)
        assert "Proposal 1" in told
        assert "Rebase it there, or withdraw it." in told


async def test_a_text_that_cannot_return_is_a_matter_of_its_proposer(team: Workspace) -> None:
    message = await propose_for(team, hours=72)
    for who in (AIKO, BEN):
        await team.react(who, message)
    await team.says(message, "Pushed")
    team.apple.edit(TIDEWELL, "de-DE", "promotionalText", "Von Hand", platform="IOS")
    await wait(team, hours=73)
    await run(team, "pushes")
    await wait(team, hours=25)
    await run(team, "ask")

    assert asked(team, BEN) == asked(team, AIKO) == []
    (told,) = direct(team, MIA)
    assert "the earlier text does not return" in told


async def test_who_gets_results_anyway_is_told_of_a_stale_proposal_by_them(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path) as team:
        await team.bot.desk.store.subscriptions.choose(MIA, ["results"])
        message = await team.propose(MIA, **GERMAN)
        team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von Hand", platform="IOS")
        await team.react(BEN, message)
        await team.says(message, "changed since")
        await run(team, "ask")

        assert len(direct(team, MIA)) == 1


async def propose_for(team: Workspace, *, hours: float) -> Mapping[str, Any]:
    known = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Promotional_text="Frühlingsangebot: alle Hefte offen")
    ends = str(int(in_hours(hours).timestamp()))
    await team.pick(MIA, "Promotional text returns at", ends)
    await team.submit(MIA)
    found: Mapping[str, Any] = await team.until(
        lambda: next(
            (m for m in team.messages() if m["ts"] not in known and len(m["reactions"]) >= 2), None
        )
    )
    return found


def deactivate(team: Workspace, who: str) -> None:
    people = team.slack.workspace.people
    people[who] = replace(people[who], deleted=True)


def direct(team: Workspace, who: str) -> list[str]:
    return [words_of(message) for message in team.slack.direct(who)]


def ending(team: Workspace, message: object) -> list[str]:
    assert isinstance(message, dict)
    told = [words_of(reply) for reply in team.thread(message)]
    return [words for words in told if "if nobody decides" in words]


async def test_while_a_part_waits_who_decides_the_rest_is_asked(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(100))
    async with a_workspace(tmp_path, approval=approvals(rules=RULES), freezes=(freeze,)) as team:
        await wait(team, hours=2)
        message = await proposed(team)
        await team.react(BEN, message)
        await team.says(message, "Only a part goes now")
        await wait(team, hours=25)
        await run(team, "ask", "ask")
        (told,) = asked(team, AIKO)
        assert "Proposal 1" in told
        assert asked(team, BEN) == []

        await team.react(AIKO, message)
        await team.until(lambda: "Only a part" not in words_of(team.message(message["ts"])))
        await wait(team, hours=50)
        await run(team, "ask")
        assert len(asked(team, AIKO)) == 1
