"""What people do with times: propose with them, approve, freeze pushes, and look at what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.cast import BEN, MIA
from bot.settings import FreezeSettings
from tests.workspace import Workspace, words_of

GERMAN, JAPANESE = "edit tidewell de-DE", "edit tidewell ja"
NEW = "Frühlingsangebot: alle Hefte offen"
BEFORE, RETURNS = "Not before", "Promotional text returns at"


async def set_time(team: Workspace, label: str, when: datetime | None, who: str = MIA) -> None:
    await team.pick(who, label, str(int(when.timestamp())) if when else "")


async def propose(
    team: Workspace, words: str = GERMAN, *, times: Mapping[str, datetime], **texts: str
) -> Mapping[str, Any]:
    known = {message["ts"] for message in team.messages()}
    await team.open_form(MIA, words)
    await team.fill(MIA, **(texts or {"Promotional_text": NEW}))
    for label, when in times.items():
        await set_time(team, label, when)
    ack = await team.submit(MIA)
    assert ack.ok
    assert not team.errors(MIA)
    found: Mapping[str, Any] = await team.until(
        lambda: next(
            (m for m in team.messages() if m["ts"] not in known and len(m["reactions"]) >= 2), None
        )
    )
    return found


async def approve(team: Workspace, message: Mapping[str, Any], who: str = BEN) -> None:
    await team.react(who, message)
    await team.settle()


def promotional(team: Workspace, code: str = "de-DE") -> str:
    return team.live(code, "promotionalText")


def told(team: Workspace, message: Mapping[str, Any]) -> str:
    return words_of(team.message(message["ts"]))


def a_freeze(**values: Any) -> FreezeSettings:
    return FreezeSettings(**{"name": "Moving house", **values})


async def wait_for(team: Workspace, moment: datetime) -> None:
    await team.clock.travel(max(0.0, (moment - team.clock.now()).total_seconds()))
