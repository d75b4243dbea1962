"""What was filled in to act on a version is never lost between the form and its proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, MIA
from bot.sandbox.slack.web_api import Fault as SlackFault
from tests.clock import START
from tests.journeys.process import a_process
from tests.journeys.ticking import become, run, wait
from tests.journeys.version_people import opened, ready, sent, write_release_notes
from tests.workspace import Team, Workspace, words_of

LATER = START + timedelta(days=2)


async def filled_in(team: Team, words: str = "release orrery", *, when: datetime = LATER) -> None:
    await opened(team, words)
    await team.fill(MIA, Why="For the autumn.")
    await team.pick(MIA, "Not before", str(int(when.timestamp())))


def written(team: Team, who: str = MIA) -> list[Mapping[str, Any]]:
    return [one for one in team.slack.direct(who) if "was not proposed" in words_of(one)]


async def open_again(team: Team, message: Mapping[str, Any], who: str = MIA) -> None:
    """Press the button of a direct message and wait for the form."""
    row = next(block for block in message["blocks"] if block["type"] == "actions")
    before = team.modal_id(who)
    await team.slack.click(
        who,
        block_id=row["block_id"],
        action_id=row["elements"][0]["action_id"],
        channel=team.slack.direct_channel(who)["id"],
        ts=message["ts"],
        value=row["elements"][0]["value"],
    )
    await team.until(lambda: team.modal_id(who) != before and ready(team, who))


def shows_what_was_filled_in(team: Team, when: datetime = LATER) -> None:
    assert team.value(MIA, "Why") == "For the autumn."
    element = team.block(MIA, "Not before")["element"]
    assert element["initial_date_time"] == int(when.timestamp())


async def interrupted(team: Workspace, words: str = "release orrery") -> None:
    """Send a form and end the bot while Apple is being asked about it."""
    await filled_in(team, words)
    held = team.apple.faults.add(Fault(kind="slow", seconds=30.0))
    asked = len(team.asked())
    await team.submit(MIA)
    await team.until(lambda: len(team.asked()) > asked)
    await team.stop()
    team.apple.faults.remove(held)
    await team.close(MIA)


async def test_what_a_stopped_bot_did_not_propose_is_told_once_and_opened_again(
    workspace: Workspace,
) -> None:
    await interrupted(workspace)
    for _ in range(3):
        await workspace.restart()
        await workspace.settle()
    (said,) = written(workspace)
    assert "“Release” for Orrery Sky was not proposed" in words_of(said)
    assert "The bot was stopped" in words_of(said)
    assert workspace.messages() == []

    await open_again(workspace, said)
    assert "is here again" in workspace.modal(MIA)
    shows_what_was_filled_in(workspace)
    message = await sent(workspace)
    assert "For the autumn." in words_of(message)
    assert "Not before" in words_of(message)


async def test_texts_that_carry_a_submission_are_a_draft_until_they_are_proposed(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    await workspace.open_form(MIA, "edit tidewell ja")
    await workspace.fill(MIA, Keywords="毎日,ノート")
    await workspace.pick(MIA, "And then", ["submit"])
    workspace.apple.faults.add(Fault(kind="slow", seconds=30.0))
    asked = len(workspace.asked())
    await workspace.submit(MIA)
    await workspace.until(lambda: len(workspace.asked()) > asked)
    await workspace.stop()
    workspace.apple.faults.clear()
    await workspace.close(MIA)
    await workspace.restart()
    assert workspace.messages() == []

    await workspace.open_form(MIA, "edit tidewell")
    assert "Your draft" in workspace.modal(MIA)
    assert workspace.value(MIA, "Keywords") == "毎日,ノート"
    message = await sent(workspace)
    assert "1 change in Japanese (ja) and the submission for review" in words_of(message)


async def test_it_is_offered_by_the_command_too_until_it_is_proposed(
    workspace: Workspace,
) -> None:
    await interrupted(workspace)
    await workspace.restart()
    await workspace.until(lambda: written(workspace))

    assert "is here again" in await opened(workspace, "release orrery")
    shows_what_was_filled_in(workspace)
    await sent(workspace)
    assert "is here again" not in await opened(workspace, "release orrery")
    await open_again(workspace, written(workspace)[0])
    assert "it was proposed or dropped" in workspace.modal(MIA)


async def test_it_is_offered_to_nobody_else_and_in_no_other_form(workspace: Workspace) -> None:
    await interrupted(workspace)
    await workspace.restart()
    await workspace.until(lambda: written(workspace))
    assert written(workspace, BEN) == []

    for who, words in ((BEN, "release orrery"), (MIA, "release tidewell"), (MIA, "phased orrery")):
        assert "is here again" not in await opened(workspace, words, who)


async def test_starting_over_drops_it(workspace: Workspace) -> None:
    await interrupted(workspace)
    await workspace.restart()
    await workspace.until(lambda: written(workspace))
    await opened(workspace, "release orrery")
    await workspace.press_in_modal(MIA, "Start over")
    await workspace.until(lambda: ready(workspace) and "is here again" not in workspace.modal(MIA))
    assert workspace.value(MIA, "Why") is None
    assert "Start over" not in workspace.buttons(MIA)
    await workspace.close(MIA)

    assert "is here again" not in await opened(workspace, "release orrery")


async def test_nobody_is_told_of_a_form_that_was_proposed(workspace: Workspace) -> None:
    await filled_in(workspace)
    await sent(workspace)
    await workspace.restart()
    await workspace.settle()
    assert written(workspace) == []


@pytest.mark.parametrize("kind", ["broken", "server_error"])
async def test_a_checklist_that_cannot_be_read_keeps_what_was_filled_in(
    workspace: Workspace, kind: str
) -> None:
    write_release_notes(workspace)
    await filled_in(workspace, "submit tidewell")
    fault = workspace.apple.faults.add(Fault(kind=kind))
    await workspace.submit(MIA)
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))
    assert "What you filled in is kept." in workspace.modal(MIA)

    workspace.apple.faults.remove(fault)
    await workspace.press_in_modal(MIA, "Look again")
    await workspace.until(lambda: ready(workspace) and "⚠️" not in workspace.modal(MIA))
    shows_what_was_filled_in(workspace)
    message = await sent(workspace)
    assert "Submit 2.4.0" in words_of(message)
    await workspace.settle()
    assert written(workspace) == []


async def test_what_was_refused_in_the_form_is_found_again_after_a_restart_without_a_word(
    workspace: Workspace,
) -> None:
    await become(workspace, "READY_FOR_DISTRIBUTION")
    await opened(workspace, "version tidewell ios")
    await workspace.fill(MIA, Number="2.3.0", Why="For the autumn.")
    await workspace.submit(MIA)
    await workspace.until(lambda: ready(workspace) and "⚠️" in workspace.modal(MIA))
    await workspace.close(MIA)
    await workspace.restart()
    await workspace.settle()
    assert written(workspace) == []

    await opened(workspace, "version tidewell")
    assert workspace.value(MIA, "Number") == "2.3.0"
    assert workspace.value(MIA, "Why") == "For the autumn."


async def test_who_closed_the_form_meanwhile_is_told_in_a_direct_message(
    workspace: Workspace,
) -> None:
    await filled_in(workspace)
    fault = workspace.apple.faults.add(Fault(kind="server_error"))
    asked = len(workspace.asked())
    await workspace.submit(MIA)
    await workspace.until(lambda: len(workspace.asked()) > asked)
    await workspace.close(MIA)
    await workspace.until(lambda: written(workspace))
    workspace.apple.faults.remove(fault)

    (said,) = written(workspace)
    await open_again(workspace, said)
    shows_what_was_filled_in(workspace)
    await sent(workspace)


async def test_a_slack_that_takes_no_form_is_answered_with_a_direct_message(
    workspace: Workspace,
) -> None:
    await filled_in(workspace)
    workspace.apple.faults.add(Fault(kind="server_error"))
    workspace.slack.api.faults.append(
        SlackFault(method="views.update", error="internal_error", status=200, times=20)
    )
    await workspace.submit(MIA)
    await workspace.until(lambda: written(workspace))
    workspace.apple.faults.clear()
    workspace.slack.api.faults.clear()

    await open_again(workspace, written(workspace)[0])
    shows_what_was_filled_in(workspace)


async def test_a_slack_that_takes_no_message_gets_the_proposal_later(
    workspace: Workspace,
) -> None:
    await filled_in(workspace)
    workspace.slack.api.faults.append(
        SlackFault(method="chat.postMessage", error="internal_error", status=503, times=3)
    )
    message = await sent(workspace)
    assert "For the autumn." in words_of(message)
    assert written(workspace) == []


async def test_a_kept_edit_of_a_proposal_that_ended_is_a_form_of_its_own(
    workspace: Workspace,
) -> None:
    await opened(workspace, "release orrery")
    message = await sent(workspace)
    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: ready(workspace))
    await workspace.fill(MIA, Why="For the autumn.")
    fault = workspace.apple.faults.add(Fault(kind="server_error"))
    await workspace.submit(MIA)
    await workspace.until(lambda: "⚠️" in workspace.modal(MIA))
    await workspace.close(MIA)
    workspace.apple.faults.remove(fault)
    assert "is here again" not in await opened(workspace, "release orrery")
    await workspace.close(MIA)
    await workspace.press(MIA, message, "Withdraw")
    await workspace.says(message, "Withdrawn")

    assert "is here again" in await opened(workspace, "release orrery")
    assert workspace.value(MIA, "Why") == "For the autumn."
    await sent(workspace)


async def test_what_nobody_comes_back_to_is_forgotten_after_a_month(
    workspace: Workspace,
) -> None:
    await interrupted(workspace)
    await workspace.restart()
    await workspace.until(lambda: written(workspace))
    await wait(workspace, days=29)
    await run(workspace, "expire")
    assert "is here again" in await opened(workspace, "release orrery")
    await workspace.close(MIA)

    await wait(workspace, days=2)
    await run(workspace, "expire")
    assert "is here again" not in await opened(workspace, "release orrery")


async def test_a_process_that_is_killed_before_it_proposed_tells_of_the_form() -> None:
    async with a_process() as team:
        await team.looked_at_apps(since=0)
        await opened(team, "release orrery")
        await team.fill(MIA, Why="For the autumn.")
        starts = team.child.restarts
        team.apple.faults.add(Fault(kind="kill_before", match="GET /v1/apps/", count=1))
        await team.submit(MIA)
        await team.until(lambda: written(team), why=f"nothing told: {team.told_by_process()}")
        assert team.child.restarts == starts + 1
        assert team.messages() == []

        # It is told before Slack's connection is back, and Slack sends no press twice.
        await team.child.wait_ready()
        await open_again(team, written(team)[0])
        assert team.value(MIA, "Why") == "For the autumn."
        assert "For the autumn." in words_of(await sent(team))
        assert team.rows("select * from forms") == []
