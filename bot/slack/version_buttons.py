"""The buttons that open the form of a version: in its messages and in the forms themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.wishes import Deed
from bot.slack import ids
from bot.slack.calls import Press
from bot.slack.version_input import Ask


def _opens(deed: Deed, phased: str | None = None) -> Callable[[Press], Awaitable[None]]:
    async def run(press: Press) -> None:
        asked = Ask(
            deed=deed,
            version_id=press.value,
            phased=phased,
            user=press.user,
            response_url=press.response_url,
        )
        await press.forms.open(press.trigger_id, asked)

    return run


async def _look_again(press: Press) -> None:
    await press.forms.look_again(press.view_id, press.value)


async def _start_over(press: Press) -> None:
    await press.forms.start_over(press.view_id, press.value)


async def _open_kept(press: Press) -> None:
    asked = Ask.load(press.value)
    await press.forms.open(
        press.trigger_id, replace(asked, user=press.user, response_url=press.response_url)
    )


VERSION_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.RELEASE: _opens(Deed.RELEASE),
    ids.PAUSE: _opens(Deed.PHASED, "PAUSED"),
    ids.RESUME: _opens(Deed.PHASED, "ACTIVE"),
    ids.COMPLETE: _opens(Deed.PHASED, "COMPLETE"),
    ids.VERSION_AGAIN: _look_again,
    ids.VERSION_START_OVER: _start_over,
    ids.VERSION_KEPT: _open_kept,
}
