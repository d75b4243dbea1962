"""A day of work, after which both services' contracts are held; and proof that they bite.

Every other journey is held to them too, when its workspace ends.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, GUEST, MIA
from bot.settings import ReminderSettings
from tests.contracts import apples, broken_promises, slacks
from tests.journeys.ticking import become, run, wait, wait_until
from tests.workspace import Workspace, a_workspace

REMINDER = ReminderSettings(after=timedelta(hours=1))
COMMANDS = (
    "help",
    "apps",
    "status",
    "proposals tidewell",
    "failures",
    "nonsense",
    "show tidewell ja",
)


async def test_a_day_of_work_breaks_no_promise_of_either_service(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, reminders=(REMINDER,)) as team:
        await run(team, "watch")
        await a_push_with_a_new_locale(team)
        await a_push_that_fails_and_is_retried(team)
        for words in COMMANDS:
            await team.command(MIA, words)
        await team.slack.open_home(MIA)
        await become(team, "WAITING_FOR_REVIEW")
        await wait_until(team, "2026-03-02 18:00")
        await run(team, "remind", "failures", "reconcile")
        await wait(team, days=8)
        await run(team, "expire")

        assert broken_promises(team.slack, team.apple) == []
        asked = {call["method"] for call in team.slack.log}
        assert asked >= {"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"}
        assert asked >= {"views.open", "views.update", "views.publish"}
        assert {row["method"] for row in team.apple.log} == {"GET", "PATCH", "POST"}


async def a_push_with_a_new_locale(team: Workspace) -> None:
    before = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, "edit tidewell ja")
    await team.fill(MIA, Subtitle="静かなノート", Description="ノート。\n" * 500)
    await team.choose(MIA, "Locale", "sv")
    await team.fill(MIA, Name="Tidewell", Description="Lugna anteckningar.")
    await team.submit(MIA)
    message = await team.until(lambda: team._seeded(before), why="no proposal was posted")
    await team.react(GUEST, message)
    await team.react(BEN, message)
    await team.says(message, "Pushed")
    await team.press(MIA, message, "Details")
    (details,) = await team.until(lambda: team.slack.modals(MIA), why="no details")
    await team.slack.close_view(MIA, details["id"])


async def a_push_that_fails_and_is_retried(team: Workspace) -> None:
    trouble = team.apple.faults.add(Fault(kind="server_error", match="PATCH"))
    message = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await team.react(BEN, message)
    await team.says(message, "Retry failed")
    team.apple.faults.remove(trouble)
    await team.press(MIA, message, "Retry failed")
    await team.says(message, "Pushed")


async def test_a_request_that_apple_does_not_describe_is_noticed(workspace: Workspace) -> None:
    for path, query in (("/v1/weather", {}), ("/v1/apps", {"colour": "blue"})):
        row = workspace.apple.requests.arrived(
            at=0.0, method="GET", path=path, query=query, body=b""
        )
        workspace.apple.requests.answered(row, status=200, codes=(), answer=b'{"data": 7}')

    found = list(apples(workspace.apple))
    workspace.apple.requests.clear()
    assert any("/v1/weather" in one for one in found)
    assert any("colour" in one for one in found)


async def test_a_message_that_slack_would_refuse_is_noticed(workspace: Workspace) -> None:
    endless = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}
    workspace.slack.workspace.records.note("chat.update", {"text": "x", "blocks": [endless]})
    workspace.slack.workspace.records.note("views.open", {"view": {"type": "modal", "blocks": []}})

    found = list(slacks(workspace.slack))
    workspace.slack.log.clear()
    assert any("3001 characters" in one for one in found)
    assert any("title" in one for one in found)
