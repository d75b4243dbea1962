"""The bot is stopped between taking a form of many texts and showing its preview."""

from __future__ import annotations

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import MIA
from bot.sandbox.slack.faults import Fault
from tests.journeys.test_bulk_files import (
    CHANGES,
    attach,
    callback,
    can_propose,
    open_bulk,
    posted,
    propose,
)
from tests.workspace import Workspace

LONG = 600.0
AGAIN = "Try again"


async def stopped_while_fetching(workspace: Workspace) -> None:
    fault = Fault(method="files.download", kind="slow", seconds=LONG)
    workspace.slack.api.faults.append(fault)
    await open_bulk(workspace)
    await workspace.fill_in(MIA, "Why", "Spring names")
    await attach(workspace, CHANGES)
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: fault.struck)
    await workspace.stop()
    await workspace.restart()


async def test_the_modal_says_what_to_do_and_begins_again_after_a_restart(
    workspace: Workspace,
) -> None:
    await stopped_while_fetching(workspace)
    assert "Fetching the file from Slack" in workspace.modal(MIA)
    assert "Nothing after half a minute? Then the bot was stopped" in workspace.modal(MIA)

    await workspace.press_in_modal(MIA, AGAIN)
    await workspace.until(lambda: callback(workspace) == "preview", why=workspace.modal(MIA))
    assert "4 texts would change in 2 locales." in workspace.modal(MIA)
    await propose(workspace)
    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert found.reason == "Spring names"


async def test_a_deed_begins_again_with_what_was_typed(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await workspace.press_in_modal(MIA, "Find and replace")
    await workspace.until(lambda: "Find" in workspace.labels(MIA))
    await workspace.fill(MIA, Find="Tidewell", **{"Replace by": "Ebbwell"})
    workspace.apple.faults.add(AppleFault(kind="slow", seconds=LONG))
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: "Comparing with App Store Connect" in workspace.modal(MIA))
    await workspace.stop()
    workspace.apple.faults.clear()
    await workspace.restart()

    await workspace.press_in_modal(MIA, AGAIN)
    await workspace.until(lambda: callback(workspace) == "preview", why=workspace.modal(MIA))
    assert "“Tidewell” replaced by “Ebbwell”" in workspace.modal(MIA)


async def test_who_presses_while_it_is_still_on_its_way_gets_one_preview(
    workspace: Workspace,
) -> None:
    fault = Fault(method="files.download", kind="slow", seconds=0.3)
    workspace.slack.api.faults.append(fault)
    await open_bulk(workspace)
    await attach(workspace, CHANGES)
    assert (await workspace.submit(MIA)).ok
    await workspace.until(lambda: fault.struck)
    await workspace.press_in_modal(MIA, AGAIN)
    await workspace.until(lambda: can_propose(workspace), why=workspace.modal(MIA))
    await workspace.settle()

    assert len(workspace.called("files.info")) == 1
    assert posted(workspace) == []


async def test_a_file_that_was_deleted_meanwhile_is_asked_for_again(workspace: Workspace) -> None:
    await stopped_while_fetching(workspace)
    (chosen,) = [one["args"]["file"] for one in workspace.called("files.info")]
    workspace.slack.delete_file(chosen)

    await workspace.press_in_modal(MIA, AGAIN)
    await workspace.until(lambda: callback(workspace) == "file", why=workspace.modal(MIA))
    assert "The file was deleted" in workspace.modal(MIA)
    workspace.slack.refusals.clear()
