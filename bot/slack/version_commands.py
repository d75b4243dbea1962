"""What is typed to act on a version: each opens its form at once."""

from __future__ import annotations

from bot.domain.wishes import Deed
from bot.slack.calls import Call, Command
from bot.slack.version_input import Ask


def _opens(deed: Deed, usage: str, meaning: str) -> Command:
    async def run(call: Call) -> None:
        asked = Ask(deed=deed, words=call.words, user=call.user, response_url=call.response_url)
        await call.forms.open(call.trigger_id, asked)

    return Command(verb=str(deed), usage=usage, meaning=meaning, run=run)


VERSION_COMMANDS: tuple[Command, ...] = (
    _opens(Deed.VERSION, "<app> [platform]", "propose a new version"),
    _opens(Deed.BUILD, "<app> [platform]", "propose the build of the version being prepared"),
    _opens(Deed.SUBMIT, "<app> [platform]", "see the checklist and propose a submission"),
    _opens(Deed.CANCEL, "<app> [platform]", "propose to take a version out of review"),
    _opens(Deed.RELEASE, "<app> [platform]", "propose a release, or when one happens"),
    _opens(Deed.PHASED, "<app> [platform]", "begin, pause, resume or end a phased release"),
)
