"""Hundreds of open proposals and years behind them: all are found, no table is read whole."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from bot.domain.listing import App
from bot.domain.proposals import Target
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.slack import ids
from tests.bench.years import Cast, Place, posted, write_years
from tests.journeys.test_home import home, turn
from tests.journeys.ticking import JOB, run
from tests.slack.limits import violations
from tests.workspace import ORRERY, TIDEWELL, Workspace, words_of

CAST = Cast(proposers=(MIA, RUTH), approver=BEN, others=(AIKO, RUTH), channel=ASO)
NAMES = {
    TIDEWELL: ("com.example.tidewell", "Tidewell Notes"),
    ORRERY: ("com.example.orrery", "Orrery"),
}
# What stays small however long the bot works, and what is no table.
SMALL = {
    "apps", "versions", "standings", "subscriptions", "preferences", "hooks", "dones", "forms",
    "breaks", "clips", "usage", "json_each", "tried", "t", "CONSTANT",
}  # fmt: skip
# Begins at the end and goes no further.
NEWEST = "order by number desc limit 1"


async def years(workspace: Workspace, app: str, *, open_ones: int, past: int = 0) -> None:
    """Write ended proposals of an app, and so many open ones with their messages in Slack."""
    bundle_id, name = NAMES[app]
    (theirs,) = (one["versions"] for one in workspace.apple.apps() if one["id"] == app)
    coming = next(one for one in theirs if one["platform"] == "IOS")
    target = Target(app_id=app, platform="IOS", version_id=coming["id"])
    place = Place(
        app=App(id=app, bundle_id=bundle_id, name=name, primary_locale="en-US"),
        target=target,
        number=coming["version"],
        state=coming["state"],
        locales=("en-US", "de-DE", "ja"),
    )
    stamps = posted(workspace.slack, ASO, [CAST.voters(number) for number in range(open_ones)])
    database, now = workspace.settings.database, workspace.clock.now()
    await write_years(database, place, CAST, past=past, stamps=stamps, now=now)


async def asked(workspace: Workspace, words: str) -> str:
    """Type a command and return what is answered."""
    before = len(workspace.private(BEN))
    await workspace.command(BEN, words)
    await workspace.until(lambda: len(workspace.private(BEN)) > before)
    return workspace.private(BEN)[-1]


async def pressed(workspace: Workspace) -> str:
    """Press "Next page" under the last answer and return what is answered."""
    before = len(workspace.private(BEN))
    last = [one for one in workspace.messages(BEN) if one.get("ephemeral")][-1]
    assert violations({"text": last["text"], "blocks": last["blocks"]}) == []
    block = next(one for one in last["blocks"] if one["type"] == "actions")
    button = block["elements"][0]
    assert button["text"]["text"] == "Next page"
    await workspace.slack.click(
        BEN,
        block_id=block["block_id"],
        action_id=ids.PROPOSALS_NEXT,
        channel=ASO,
        ts=last["ts"],
        value=button["value"],
    )
    await workspace.until(lambda: len(workspace.private(BEN)) > before)
    return workspace.private(BEN)[-1]


def numbers(said: str) -> list[int]:
    return [int(one) for one in re.findall(r"Proposal (\d+) ", said)]


async def test_hundreds_of_open_proposals_are_counted_and_every_one_can_be_turned_to(
    workspace: Workspace,
) -> None:
    await years(workspace, ORRERY, open_ones=12)
    await years(workspace, TIDEWELL, open_ones=230)

    pages = [await asked(workspace, "proposals")]
    while "Next page" in pages[-1]:
        pages.append(await pressed(workspace))
    assert "242 proposals open" in pages[0]
    assert "Page 1 of 25." in pages[0]
    assert [one for page in pages for one in numbers(page)] == list(range(242, 0, -1))

    one_app = await asked(workspace, "proposals orrery")
    assert "12 proposals open" in one_app
    assert numbers(one_app) == list(range(12, 2, -1))
    assert numbers(await pressed(workspace)) == [2, 1]

    assert "And 232 more: type /aso proposals." in await asked(workspace, "status")

    shown = words_of(await home(workspace, BEN))
    assert "Page 1 of 25 · 242 proposals open" in shown
    assert numbers(words_of(await turn(workspace, BEN, "Next"))) == list(range(232, 222, -1))


async def test_history_says_how_much_of_it_is_not_shown(workspace: Workspace) -> None:
    await years(workspace, TIDEWELL, open_ones=0, past=120)
    said = await asked(workspace, "history tidewell")
    count = re.search(r"(\d+) changes of Tidewell Notes", said)
    more = re.search(r"And (\d+) more changes", said)
    assert count
    assert more
    assert int(count[1]) > 200
    assert int(count[1]) - int(more[1]) == len(re.findall("→", said))


async def test_what_people_and_jobs_ask_reads_no_table_that_grows_for_years(
    workspace: Workspace,
) -> None:
    await years(workspace, TIDEWELL, open_ones=3, past=20)
    owner = workspace.bot.desk.store._owner
    statements: list[str] = []
    await owner.read(lambda db: db.set_trace_callback(statements.append))

    await asked(workspace, "proposals")
    await asked(workspace, "history tidewell")
    await asked(workspace, "history tidewell ja")
    await asked(workspace, "status")
    await asked(workspace, "failures")
    await asked(workspace, "weekly")
    await home(workspace, BEN)
    await workspace.react(BEN, await workspace.propose(MIA, Subtitle="Quiet notes"))
    await workspace.settle()
    await workspace.clock.travel(8 * 24 * 3600)
    await run(workspace, *JOB)

    await owner.read(lambda db: db.set_trace_callback(None))
    read = [one for one in whole(workspace, statements) if _table(one) not in SMALL]
    assert read == [], "\n".join(read)


def _table(told: str) -> str:
    return told.split()[1].rstrip(":")


def whole(workspace: Workspace, statements: Iterable[str]) -> list[str]:
    """Return what SQLite would read whole for these statements, each with its statement."""
    found = []
    with closing(sqlite3.connect(workspace.settings.database)) as db:
        db.create_function("present", 0, str)
        for one in dict.fromkeys(statements):
            if one.lstrip().lower().startswith(("select", "update", "delete", "with")):
                plan = db.execute(f"explain query plan {one}").fetchall()
                # What a statement gathers for itself is as small as what it is gathered of.
                own = tuple(f"SCAN {name}" for name in re.findall(r"with (\w+) as \(", one))
                scans = [row[3] for row in plan if row[3].startswith("SCAN")]
                scans = [scan for scan in scans if scan not in own]
                found += [f"{scan}: {one}" for scan in scans if not one.endswith(NEWEST)]
    return found
