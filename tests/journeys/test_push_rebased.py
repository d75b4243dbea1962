"""What is rebased after a part of it arrived: the rest alone is voted on, pushed and counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cast import AIKO, BEN, MIA
from tests.journeys.test_push_in_parts import RULES, part_pushed, sent, sent_form, stored
from tests.journeys.test_push_parked import submitted
from tests.journeys.ticking import become, version
from tests.workspace import TIDEWELL, Workspace, a_workspace, approvals, words_of

Message = Mapping[str, Any]


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        yield workspace


async def rebased(team: Workspace, message: Message) -> Message:
    await team.press(MIA, message, "Rebase")
    await team.until(lambda: "Apple now" in team.modal(MIA))
    return await sent_form(team)


async def test_a_rebase_after_a_part_asks_about_the_rest_alone_and_counts_it_alone(
    team: Workspace,
) -> None:
    message = await part_pushed(team)
    team.apple.edit(TIDEWELL, "de-DE", "keywords", "anders")
    await team.react(AIKO, message)
    await team.says(message, "changed since")
    await team.settle()

    second = await rebased(team, message)
    shown = words_of(second)
    assert "proposes 1 change in German" in shown
    assert "Stilles Notizbuch" not in shown
    assert "Pushed already: Subtitle in German" in shown
    assert [item.field for item in (await stored(team)).own] == ["keywords"]

    await team.react(AIKO, second)
    await team.says(second, "Sent, read back and right")
    await team.settle()
    assert sent(team) == ["subtitle", "keywords"]
    (reply,) = team.thread(second)
    assert "Pushed: 1 change in German" in words_of(reply)


async def test_a_rebase_after_a_push_that_was_parked_in_its_middle_counts_the_rest_alone(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path) as team:
        message = await team.propose(
            MIA,
            "edit tidewell de-DE",
            Subtitle="Stilles Heft",
            Keywords="notiz,heft",
            Promotional_text="Neu",
        )
        team.apple.listen(lambda: submitted(team))
        await team.react(BEN, message)
        await team.says(message, "Parked: 2.4.0 is Waiting for Review")
        team.apple.edit(TIDEWELL, "de-DE", "keywords", "anders")
        team.apple.edit(TIDEWELL, "de-DE", "promotionalText", "Anders")
        await become(team, "REJECTED")
        await team.says(message, "changed since")
        await team.settle()

        second = await rebased(team, message)
        assert "proposes 2 changes in German" in words_of(second)
        assert "Stilles Heft" not in words_of(second)

        team.apple.move(version(team)["id"], "WAITING_FOR_REVIEW")
        await team.react(BEN, second)
        await team.says(second, "Parked: 2.4.0 is Waiting for Review")
        await team.settle()
        assert "of 3 changes" not in " ".join(map(words_of, team.thread(second)))
        await become(team, "REJECTED")
        await team.says(second, "Sent, read back and right")
        await team.settle()
        assert "Pushed: 2 changes in German" in words_of(team.thread(second)[-1])
