"""Events that cannot be handled yet, or never: they wait their time and stop no other vote."""

from __future__ import annotations

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from bot.sandbox.slack.payloads import reaction_event
from bot.sandbox.slack.web_api import Fault
from bot.storage.inbox import MOST_TRIES
from tests.journeys.ticking import wait
from tests.workspace import CHECK, Workspace

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


def broken(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [record.getMessage() for record in caplog.records]
    return [line for line in told if line.startswith("event.broken")]


async def test_a_home_that_cannot_be_drawn_keeps_no_vote_waiting(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.slack.api.faults.append(Fault(method="views.publish", status=500, times=1_000))
    await workspace.slack.open_home(AIKO)
    await workspace.react(BEN, message)

    await workspace.says(message, "Pushed")
    await wait(workspace, hours=1)
    await workspace.settle()
    assert len(workspace.called("views.publish")) == 1


async def test_a_vote_that_slack_cannot_name_yet_lets_the_next_one_pass(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, **GERMAN)
    second = await workspace.propose(MIA, "edit orrery ios en-US", Promotional_text="New")
    await workspace.settle()
    workspace.slack.api.faults.append(
        Fault(method="users.info", error="ratelimited", status=429, times=1)
    )
    before = workspace.clock.now()
    await workspace.react(BEN, first)
    await workspace.until(lambda: workspace.refused("users.info", "ratelimited"))
    await workspace.react(AIKO, second)
    await workspace.says(second, "Pushed")
    await workspace.says(first, "Pushed")

    waited = await workspace.bot.desk.store.pushes.latest(1)
    passed = await workspace.bot.desk.store.pushes.latest(2)
    assert waited is not None
    assert passed is not None
    assert passed.id < waited.id
    assert workspace.clock.now() > before


async def test_an_event_that_breaks_is_tried_a_few_times_and_stops_no_vote(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    whole = reaction_event(workspace.slack.workspace, "reaction_added", BEN, shown, CHECK)
    del whole["event_ts"]
    await workspace.slack.events.deliver(whole)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert len(broken(caplog)) < MOST_TRIES

    await workspace.until(lambda: len(broken(caplog)) == MOST_TRIES)
    await wait(workspace, hours=1)
    await workspace.settle()
    assert len(broken(caplog)) == MOST_TRIES
    assert "again=False" in broken(caplog)[-1]
