"""What is approved and waits for too long ends as well, and says what it waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.proposals import Proposal, Status
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from bot.settings import ApprovalRule
from tests.journeys.test_push_in_parts import BOX, RULES, TICKED, sent_form
from tests.journeys.ticking import become, in_hours, run, wait
from tests.journeys.timed_proposals import BEFORE, a_freeze, propose, set_time
from tests.workspace import CROSS, Workspace, a_workspace, approvals, words_of

NOBODY = "Nobody decided in time"


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as workspace:
        yield workspace


@pytest.fixture
async def frozen(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A team in a freeze of ten days."""
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(240))
    async with a_workspace(tmp_path, freezes=(freeze,)) as workspace:
        await wait(workspace, hours=2)
        yield workspace


async def stored(team: Workspace, number: int = 1) -> Proposal:
    found = await team.bot.desk.store.proposals.get(number)
    assert found is not None
    return found


async def test_an_approved_proposal_ends_in_a_freeze_that_lasts_longer_than_its_time(
    frozen: Workspace,
) -> None:
    message = await propose(frozen, times={})
    assert "Its time is over before that: choose a time after it" in words_of(message)
    await frozen.react(BEN, message)
    shown = words_of(await frozen.says(message, "It waits until the freeze"))
    assert "Its time is over before that: it ends" in shown
    await wait(frozen, days=6.5)
    await run(frozen, "expire", "ask", "ask")
    assert (await stored(frozen)).status is Status.APPROVED
    (warned,) = [words_of(reply) for reply in frozen.thread(message)]
    assert "what it waits for lasts longer" in warned

    await wait(frozen, days=0.6)
    await run(frozen, "expire")
    shown = words_of(await frozen.says(message, "Expired"))
    assert "its time was over while it waited: the freeze “Moving house” holds its push" in shown
    assert NOBODY not in shown

    await wait(frozen, days=4)
    await run(frozen, "pushes")
    assert frozen.asked("PATCH") == []


async def test_what_was_not_ended_in_its_time_because_nobody_ran_is_not_pushed(
    frozen: Workspace,
) -> None:
    message = await propose(frozen, times={})
    await frozen.react(BEN, message)
    await frozen.says(message, "It waits until the freeze")
    await frozen.stop()
    await wait(frozen, days=11)
    await frozen.restart()
    await run(frozen, "pushes")

    shown = words_of(await frozen.says(message, "Expired"))
    assert "its time was over while it waited" in shown
    assert frozen.asked("PATCH") == []


async def test_a_time_that_people_approved_gives_it_a_day_after_that(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await team.react(BEN, message)
    shown = words_of(await team.says(message, "It waits until"))
    assert "If it is not pushed: it ends  23 Mar 2026, 09:00 UTC" in shown
    await wait(team, days=15)
    await run(team, "expire", "ask")
    assert (await stored(team)).status is Status.APPROVED
    assert team.thread(message) == []

    await wait(team, days=5.1)
    await run(team, "expire", "pushes")
    await team.says(message, "Sent, read back and right")


async def test_a_rejection_while_it_waits_can_be_taken_back_for_as_long_as_it_would_have_lived(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await team.react(BEN, message)
    await team.says(message, "It waits until")
    await wait(team, days=15)
    await team.react(BEN, message, CROSS)
    await team.says(message, "Rejected by")
    await team.unreact(BEN, message, CROSS)
    await team.says(message, "It waits until")


async def test_undecided_it_has_no_longer_for_a_later_time(team: Workspace) -> None:
    message = await propose(team, times={BEFORE: in_hours(20 * 24)})
    await wait(team, days=7.1)
    await run(team, "expire")
    assert NOBODY in words_of(await team.says(message, "Expired"))


async def test_a_time_more_than_29_days_ahead_is_refused_at_its_input(team: Workspace) -> None:
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Subtitle="Stilles Heft")
    await set_time(team, BEFORE, in_hours(29.5 * 24))
    await team.submit(MIA)
    assert "more than 29 days ahead" in " ".join(team.errors(MIA).values())


async def test_a_parked_proposal_whose_time_is_over_says_what_it_waited_for(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await become(team, "WAITING_FOR_REVIEW")
    await team.react(BEN, message)
    await team.says(message, "Parked")
    await wait(team, days=7.1)
    await run(team, "expire")
    shown = words_of(await team.says(message, "Expired"))
    assert "over while it waited: 2.4.0 is Waiting for Review." in shown
    assert NOBODY not in shown


async def test_back_with_people_it_has_its_time_again_but_30_days_in_all(tmp_path: Path) -> None:
    rule = approvals(expires=timedelta(days=20))
    async with a_workspace(tmp_path, approval=rule) as team:
        message = await propose(team, times={BEFORE: in_hours(25 * 24)})
        written = (await stored(team)).created_at
        for _ in range(2):
            await wait(team, days=9)
            await team.react(BEN, message)
            await team.says(message, "It waits until")
            await team.unreact(BEN, message)
            await team.says(message, "0 of 1")
        assert (await stored(team)).expires_at == written + timedelta(days=30)


async def test_a_part_that_waited_too_long_says_so_and_the_rest_that_nobody_decided(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(30), ends=in_hours(400))
    rules = (*RULES, ApprovalRule(field=("promotionalText",), approvers=(RUTH,)))
    async with a_workspace(tmp_path, freezes=(freeze,), approval=approvals(rules=rules)) as team:
        await team.open_form(MIA, "edit tidewell de-DE")
        await team.fill(MIA, Subtitle="Stilles Heft", Keywords="heft,notiz", Promotional_text="Neu")
        await team.pick(MIA, BOX, TICKED)
        message = await sent_form(team)
        await team.react(BEN, message)
        await team.says(message, "a part is pushed")
        await wait(team, hours=31)
        await team.react(AIKO, message)
        await team.says(message, "It waits until the freeze")
        await wait(team, days=7)
        await run(team, "expire")
        await team.says(message, "Partly pushed")
        left = {item.field: item.problem for item in (await stored(team)).items}
        assert left == {
            "subtitle": "",
            "keywords": "Approved, but its time was over while it waited:"
            " the freeze “Moving house” holds its push.",
            "promotionalText": "Nobody decided in time.",
        }
