"""What breaks here while a message is said loses none, says none twice and does not last."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from bot.sandbox.cast import ASO
from bot.slack.faces.blocks import section
from bot.storage.outbox import NewNotice
from tests.journeys.ticking import become, run, wait
from tests.workspace import Workspace

MINUTE = 1 / 60
FULL = (
    "create trigger full before update of ts on notices when new.state = 'doing'"
    " begin select raise(abort, 'database or disk is full'); end"
)


def named(name: str) -> NewNotice:
    return NewNotice(
        key=name, kind="direct", channel=ASO, body={"text": name, "blocks": [section(name)]}
    )


def change(team: Workspace, statement: str) -> None:
    with closing(sqlite3.connect(team.settings.database)) as db, db:
        db.execute(statement)


async def goes_by(team: Workspace, minutes: int) -> None:
    for _ in range(minutes):
        await wait(team, hours=MINUTE)
        await team.settle()


async def test_what_could_not_be_drawn_for_a_moment_is_said_afterwards(
    workspace: Workspace,
) -> None:
    team = workspace
    await run(team, "watch")
    team.slack.limit_channel(ASO, 20)
    await become(team, "WAITING_FOR_REVIEW")
    change(team, "alter table version_threads rename to mislaid")
    await goes_by(team, 1)
    assert team.told() == []
    change(team, "alter table mislaid rename to version_threads")
    await goes_by(team, 5)

    assert len(team.told()) == 1


async def test_what_was_posted_and_could_not_be_written_down_is_not_posted_again(
    workspace: Workspace,
) -> None:
    team = workspace
    change(team, FULL)
    await team.bot.desk.say([named("one"), named("two")])
    await team.until(team.told)
    await team.settle()
    change(team, "drop trigger full")
    await goes_by(team, 5)

    assert team.told() == ["one", "two"]


async def test_what_is_broken_for_good_is_given_up_and_keeps_nobody_waiting_for_long(
    workspace: Workspace,
) -> None:
    team = workspace
    await team.bot.desk.say(
        [NewNotice(key="broken", kind="direct", channel=ASO, body={}), named("two")]
    )
    await goes_by(team, 10)

    assert team.told() == ["two"]
