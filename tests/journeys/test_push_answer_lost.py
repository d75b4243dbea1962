"""Apple makes a locale and its answer is lost: one localization, and a message that says pushed."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain.fields import Resource
from bot.domain.items import ItemState
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, MIA
from tests.journeys.ticking import version
from tests.workspace import TIDEWELL, Workspace, words_of

MADE = 201
POSTS = ("POST /v1/appInfoLocalizations", "POST /v1/appStoreVersionLocalizations")


@pytest.mark.parametrize(
    "lost",
    [
        [Fault(kind="answer_lost", match=POSTS[0], nth=1)],
        [Fault(kind="answer_lost", match=POSTS[1], nth=1)],
        [Fault(kind="answer_lost", match="POST", count=2)],
    ],
    ids=["of the name", "of the description", "of whatever is made"],
)
async def test_a_locale_whose_answer_was_lost_is_there_once_and_the_proposal_says_pushed(
    workspace: Workspace, lost: list[Fault]
) -> None:
    # Apple makes both halves of a locale apart from each other, so that both are asked for.
    workspace.apple.conditions.pairs_locales = False
    await workspace.open_form(MIA, "edit tidewell sv")
    await workspace.fill(MIA, Name="Tidewell Anteckningar", Description="Lugna anteckningar.")
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()), why="no proposal was posted")
    for fault in lost:
        workspace.apple.faults.add(fault)
    await workspace.react(BEN, message)

    await workspace.says(message, "Pushed")
    await workspace.until(lambda: len(workspace.thread(message)) == 1)
    assert "Pushed" in words_of(workspace.thread(message)[0])
    assert any(row["fault"] == "answer_lost" for row in workspace.apple.log)
    made = Counter(row["path"] for row in workspace.apple.log if row["status"] == MADE)
    assert made == {post.removeprefix("POST "): 1 for post in POSTS}
    assert workspace.live("sv", "name") == "Tidewell Anteckningar"
    assert workspace.live("sv", "description") == "Lugna anteckningar."


async def test_a_locale_that_somebody_made_meanwhile_keeps_their_text(workspace: Workspace) -> None:
    workspace.apple.conditions.pairs_locales = False
    await workspace.open_form(MIA, "edit tidewell sv")
    await workspace.fill(
        MIA, Name="Tidewell Anteckningar", Description="Lugna anteckningar.", Keywords="lugn"
    )
    await workspace.submit(MIA)
    message = await workspace.until(lambda: workspace._seeded(()), why="no proposal was posted")
    workspace.apple.faults.add(Fault(kind="slow", match=POSTS[1], nth=1, seconds=1.0))
    await workspace.react(BEN, message)
    await workspace.until(lambda: POSTS[1] in workspace.asked("POST"))
    theirs = {"description": "Skriven av en kollega."}
    await workspace.bot.desk.store_of(TIDEWELL).create(
        Resource.VERSION, parent_id=version(workspace)["id"], locale="sv", texts=theirs
    )

    await workspace.says(message, "Part")
    assert workspace.live("sv", "description") == "Skriven av en kollega."
    stored = await workspace.bot.desk.store.proposals.get(1)
    assert stored is not None
    assert [item.field for item in stored.items if item.state is ItemState.STALE] == ["description"]
    assert workspace.live("sv", "name") == "Tidewell Anteckningar"
    assert workspace.live("sv", "keywords") == "lugn"
