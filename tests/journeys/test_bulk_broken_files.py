"""Every broken file, taken as a proposal would be made of it: words come of it, and no proposal."""

from __future__ import annotations

from contextlib import closing
from sqlite3 import connect

import pytest

from bot.errors import Invalid
from bot.sandbox.cast import MIA
from bot.workflow import uploading
from tests.exchange.broken import BROKEN, Broken
from tests.workspace import TIDEWELL, Workspace

# Slack lets nobody ask it a hundred times a minute.
PAUSE = 1.0


async def take(workspace: Workspace, broken: Broken) -> int:
    """Return the number of the draft that is made of a file."""
    file = uploading.File(name="texts.csv", data=broken.make())
    asked = uploading.Asked(app_id=TIDEWELL, platform="IOS")
    return await uploading.take(workspace.bot.desk, MIA, file, asked)


async def is_refused(workspace: Workspace, broken: Broken) -> None:
    """A file that cannot be read leaves nothing behind but words."""
    with pytest.raises(Invalid) as caught:
        await take(workspace, broken)
    assert caught.value.message.startswith("texts.csv: ")
    assert broken.refused in caught.value.message
    assert caught.value.remedy


async def is_told(workspace: Workspace, broken: Broken) -> None:
    """A file is shown with all that was not taken; without a text there is nothing to propose."""
    desk = workspace.bot.desk
    number = await take(workspace, broken)
    card = await uploading.card(desk, number, user=MIA)
    told = "\n".join(card.left_out)
    assert [where for where in broken.left if where not in told] == []
    assert broken.says in told
    changes = {(item.locale, item.field): item.after for item in card.comparison.items}
    # A locale that the listing lacks is an item of its own.
    assert {place: text for place, text in changes.items() if place[1]} == broken.taken
    if not broken.taken:
        sent = await uploading.propose(desk, number, user=MIA)
        assert (sent.proposal, [each.message for each in sent.errors]) == (
            None,
            ["Nothing is changed yet."],
        )


async def test_a_broken_file_is_answered_in_words_and_nothing_of_it_is_proposed(
    workspace: Workspace,
) -> None:
    wrong: dict[str, str] = {}
    for broken in BROKEN:
        try:
            await (is_refused if broken.refused else is_told)(workspace, broken)
        except (AssertionError, pytest.fail.Exception) as failed:
            wrong[broken.id] = str(failed)
        await workspace.pass_time(PAUSE)

    await workspace.settle()
    assert wrong == {}
    with closing(connect(workspace.settings.database)) as database:
        assert database.execute("SELECT count(*) FROM proposals").fetchone() == (0,)
    assert [message for message in workspace.messages() if message.get("reactions")] == []
