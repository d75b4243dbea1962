"""A clock that was ahead for a moment and is right again holds nothing up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import ASO, BEN, MIA
from bot.sandbox.slack.web_api import Fault as SlackFault
from bot.slack.faces.blocks import section
from bot.storage.outbox import NewNotice
from tests.journeys.ticking import become, run, wait
from tests.workspace import CROSS, Workspace

AHEAD = timedelta(days=3)


def ahead(team: Workspace) -> None:
    team.clock.set(team.clock.now() + AHEAD)


def right_again(team: Workspace) -> None:
    team.clock.set(team.clock.now() - AHEAD)


def saying(*names: str) -> list[NewNotice]:
    return [
        NewNotice(
            key=name, kind="direct", channel=ASO, body={"text": name, "blocks": [section(name)]}
        )
        for name in names
    ]


async def written_down(team: Workspace, key: str) -> None:
    """Wait until a message is known to be said, while the clock stands still."""
    async with asyncio.timeout(5):
        while await team.bot.desk.store.outbox.said(key) is None:
            pass


async def test_a_channel_that_was_told_something_meanwhile_is_told_what_comes_next(
    workspace: Workspace,
) -> None:
    team = workspace
    ahead(team)
    await team.bot.desk.say(saying("one", "two"))
    await written_down(team, "one")
    right_again(team)
    await team.bot.desk.say(saying("three"))
    # The second one is due on a day that was none until `clock` has put that right.
    for _ in range(3):
        await run(team, "clock")
        await wait(team, hours=0.55)
    await team.settle()

    assert team.told() == ["one", "two", "three"]


async def test_a_channel_that_slack_closed_meanwhile_is_not_closed_for_longer(
    workspace: Workspace,
) -> None:
    team = workspace
    await run(team, "watch")
    ahead(team)
    team.slack.limit_channel(ASO, 60)
    await become(team, "WAITING_FOR_REVIEW")
    right_again(team)
    await become(team, "IN_REVIEW")
    assert team.told() == []
    for _ in range(3):
        await run(team, "clock")
        await wait(team, hours=0.55)
    await team.settle()

    assert len(team.told()) == 2


async def test_a_message_that_slack_did_not_draw_meanwhile_is_drawn(workspace: Workspace) -> None:
    team = workspace
    message = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await team.settle()
    ahead(team)
    team.slack.api.faults.append(SlackFault(method="chat.update", status=503))
    await team.react(BEN, message, CROSS)
    await team.until(lambda: team.refused("chat.update", "internal_error"))
    await team.bot.desk.say(saying("one"))
    await written_down(team, "one")
    right_again(team)

    await team.says(message, "Rejected")


async def test_a_key_that_apple_held_back_meanwhile_goes_on(workspace: Workspace) -> None:
    team = workspace
    await run(team, "watch")
    ahead(team)
    fault = team.apple.faults.add(Fault(kind="rate_limit", match="GET", count=1, retry_after=20))
    await run(team, "watch")
    team.apple.faults.remove(fault)
    right_again(team)
    asked = len(team.asked("GET"))
    await become(team, "IN_REVIEW")

    assert len(team.asked("GET")) > asked
    assert len(team.told()) == 1
