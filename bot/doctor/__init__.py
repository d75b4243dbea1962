"""`marquee doctor`: asks everything round the bot whether it is well, and says what to do.

Each check is one line that begins with ok, warning or failure. Nothing is changed;
a probe alone posts messages, and deletes them again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

from bot import logs
from bot.doctor import apple_side, disk, slack_side
from bot.doctor.lines import Level, Line, failure, ok, warning
from bot.settings import Settings
from bot.workflow.policy import unmatched

__all__ = ["Level", "Line", "examine"]


async def examine(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    probe: str | None = None,
    say: Callable[[str], None],
) -> bool:
    """Say a line for each check and return whether nothing failed.

    `probe` is a channel in which beliefs about Slack are tried as well.
    """
    well = True
    async for line in _lines(settings, environ, probe):
        say(logs.starred(str(line)))
        well = well and line.level is not Level.FAILURE
    return well


async def _lines(
    settings: Settings, environ: Mapping[str, str], probe: str | None
) -> AsyncIterator[Line]:
    yield ok("The environment and marquee.toml can be read.")
    for sentence in settings.warnings:
        yield warning(sentence, "")
    for what, remedy in unmatched(settings.approval):
        yield failure(what, remedy)
    async for line in slack_side.examine(settings, probe):
        yield line
    async for line in apple_side.examine(settings):
        yield line
    for line in await disk.examine(settings.database, environ):
        yield line
