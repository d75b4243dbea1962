"""The buttons that open the form of a version: in its messages and in the forms themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.wishes import Deed
from bot.slack import ids
from bot.slack.calls import Press
from bot.slack.version_forms import Ask


def _opens(deed: Deed, phased: str | None = None) -> Callable[[Press], Awaitable[None]]:
    async def run(press: Press) -> None:
        asked = Ask(
            deed=deed, version_id=press.value, phased=phased, response_url=press.response_url
        )
        await press.forms.open(press.trigger_id, asked)

    return run


async def _look_again(press: Press) -> None:
    await press.forms.look_again(press.view_id, press.value)


VERSION_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.RELEASE: _opens(Deed.RELEASE),
    ids.PAUSE: _opens(Deed.PHASED, "PAUSED"),
    ids.RESUME: _opens(Deed.PHASED, "ACTIVE"),
    ids.COMPLETE: _opens(Deed.PHASED, "COMPLETE"),
    ids.VERSION_AGAIN: _look_again,
}
