"""Texts that Apple took without an answer, and then it fell silent: nobody denies them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.items import ItemState
from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.storage.records import HistoryRow
from tests.journeys.ticking import run, wait
from tests.workspace import CROSS, TIDEWELL, Workspace, words_of

SUBTITLE = "Stilles Notizbuch"


async def silenced(team: Workspace) -> Mapping[str, Any]:
    """Propose two texts and push them: one arrives unseen, then Apple answers nothing."""
    message = await team.propose(
        MIA, "edit tidewell de-DE", Subtitle=SUBTITLE, Keywords="heft,notiz"
    )
    team.apple.faults.add(Fault(kind="answer_lost", match="PATCH /v1/appInfoLocalizations"))
    team.apple.faults.add(
        Fault(kind="server_error", match="PATCH /v1/appStoreVersionLocalizations")
    )
    trouble: list[Fault] = []

    def fail() -> None:
        if not trouble and team.asked("PATCH"):
            trouble.append(team.apple.faults.add(Fault(kind="broken", match="GET")))

    team.apple.listen(fail)
    await team.react(BEN, message)
    await team.until(
        lambda: "Apple does not answer" in words_of(team.message(message["ts"])), step=30
    )
    assert team.live("de-DE", "subtitle") == SUBTITLE
    return message


async def history(team: Workspace) -> list[HistoryRow]:
    rows = await team.bot.desk.store.watchlog.history(app_id=TIDEWELL)
    return [row for row in rows if row.proposal_id == 1]


async def test_withdrawn_after_an_outage_names_what_may_have_arrived(workspace: Workspace) -> None:
    message = await silenced(workspace)
    await workspace.press(MIA, message, "Withdraw")
    shown = words_of(await workspace.says(message, "Withdrawn"))
    assert "may have arrived" in shown
    assert "App Store Connect" in shown
    assert "Nothing was changed" not in shown


async def test_rejected_after_an_outage_names_what_may_have_arrived(workspace: Workspace) -> None:
    message = await silenced(workspace)
    await workspace.react(AIKO, message, CROSS)
    shown = words_of(await workspace.says(message, "may have arrived"))
    assert "Nothing was changed" not in shown


async def test_expired_after_an_outage_names_what_may_have_arrived(workspace: Workspace) -> None:
    message = await silenced(workspace)
    await wait(workspace, days=8)
    await run(workspace, "expire", "pushes", "expire")
    shown = words_of(await workspace.says(message, "may have arrived"))
    assert "Apple does not answer" in shown
    assert "Nothing was changed" not in shown
    assert await workspace.bot.desk.store.proposals.status(1) is Status.EXPIRED
    sent = len(workspace.asked("PATCH"))
    workspace.apple.faults.clear()
    await run(workspace, "pushes", "expire", "watch")
    assert len(workspace.asked("PATCH")) == sent
    assert await workspace.bot.desk.store.proposals.status(1) is Status.EXPIRED


async def test_expired_and_proposed_again_what_arrived_unseen_needs_no_second_push(
    workspace: Workspace,
) -> None:
    message = await silenced(workspace)
    await wait(workspace, days=8)
    await run(workspace, "expire", "pushes", "expire")
    await workspace.says(message, "may have arrived")
    workspace.apple.faults.clear()
    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    known = {one["ts"] for one in workspace.messages()}
    await workspace.submit(MIA)
    await workspace.until(lambda: workspace._seeded(known))
    again = await workspace.bot.desk.store.proposals.get(2)
    assert again is not None
    assert [item.field for item in again.own] == ["keywords"]


async def test_what_arrived_unseen_is_carried_over_by_an_edit_and_can_be_reverted(
    workspace: Workspace,
) -> None:
    message = await silenced(workspace)
    workspace.apple.faults.clear()
    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Keywords="heft,notiz,ruhe")
    known = {one["ts"] for one in workspace.messages()}
    await workspace.submit(MIA)
    second = await workspace.until(lambda: workspace._seeded(known))
    (row,) = await history(workspace)
    assert (row.field, row.after, row.approvers) == ("subtitle", SUBTITLE, (BEN,))
    assert row.recorded

    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    stored = await workspace.bot.desk.store.proposals.get(1)
    assert stored is not None
    assert stored.status is Status.PUSHED
    done = {item.field for item in stored.items if item.state is ItemState.DONE}
    assert done == {"subtitle", "keywords"}
    assert {row.field for row in await history(workspace)} == {"subtitle", "keywords"}
    assert len(await history(workspace)) == 2
