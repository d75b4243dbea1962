"""The buttons under news of a version and under a webhook's answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.listing import App
from bot.errors import Refused
from bot.slack import ids
from bot.slack.calls import Press
from bot.slack.faces.answers import show_answer
from bot.slack.faces.webhooks import webhook_answer
from bot.workflow import admission, catalogue
from bot.workflow.desk import Desk
from bot.workflow.watch import hooks


async def _listing(press: Press) -> None:
    listing = await catalogue.listing_of(press.desk, press.value)
    await press.answer(show_answer(listing, listing.app.primary_locale))


def _hook(
    deed: Callable[[Desk, App], Awaitable[None]], said: str
) -> Callable[[Press], Awaitable[None]]:
    async def press_it(press: Press) -> None:
        app = await _app(press)
        await admission.refuse_powerless(press.desk, app, press.user)
        await deed(press.desk, app)
        await press.answer(webhook_answer(await hooks.card(press.desk, app), said=said))

    return press_it


async def _app(press: Press) -> App:
    found = [one for one in await catalogue.apps(press.desk) if one.id == press.value]
    if not found:
        raise Refused("This app is not watched any more.")
    return found[0]


WATCH_BUTTONS: Mapping[str, Callable[[Press], Awaitable[None]]] = {
    ids.LISTING: _listing,
    ids.HOOK_SET_UP: _hook(hooks.set_up, "The webhook is set up."),
    ids.HOOK_ROTATE: _hook(
        hooks.set_up, "It has a new secret. The one before is taken for ten minutes more."
    ),
    ids.HOOK_PING: _hook(hooks.ping, "Apple was asked for a ping; it should arrive at once."),
    ids.HOOK_REMOVE: _hook(hooks.remove, "The webhook is gone. Polling goes on."),
}
