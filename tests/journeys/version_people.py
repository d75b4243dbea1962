"""What people do with versions: open a form, fill it in, propose, and look at what comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import BEN, MIA
from tests.workspace import TIDEWELL, Team


async def opened(team: Team, words: str, who: str = MIA) -> str:
    """Type a command and return what its form says once Apple has answered."""
    ack = await team.command(who, words)
    assert ack.ok, ack
    await team.until(lambda: ready(team, who), why=f"no form for {words}: {team.modal(who)}")
    return team.modal(who)


def ready(team: Team, who: str = MIA) -> bool:
    return bool(team.modal(who)) and "⏳" not in team.modal(who)


async def sent(team: Team, who: str = MIA, *, why: str = "") -> Mapping[str, Any]:
    """Send the form a person looks at; return the proposal's message once it can be voted on."""
    before = {message["ts"] for message in team.messages()}
    if why:
        await team.fill_in(who, "Why", why)
    ack = await team.submit(who)
    assert ack.ok, ack
    assert not team.errors(who), team.errors(who)

    def posted() -> Mapping[str, Any] | None:
        for message in team.messages():
            if message["ts"] not in before and len(message.get("reactions", [])) >= 2:
                return message
        return None

    message: Mapping[str, Any] = await team.until(posted, why="nothing was proposed")
    await team.until(lambda: "is up" in team.modal(who), why=f"it says: {team.modal(who)}")
    await team.close(who)
    return message


def write_release_notes(team: Team) -> None:
    """Write what's new in the locales that lack it, as a colleague does in the web."""
    for locale in ("ar-SA", "he", "it", "th"):
        team.apple.edit(TIDEWELL, locale, "whatsNew", "Folders, at last.")


async def done(
    team: Team, words: str, *, who: str = MIA, approver: str = BEN, **choices: str
) -> Mapping[str, Any]:
    """Propose with a form's choices by label, approve, and return the pushed message."""
    await opened(team, words, who)
    for label, value in choices.items():
        await team.pick(who, label.replace("_", " "), value)
    message = await sent(team, who)
    await team.react(approver, message)
    return await team.says(message, "Pushed")
