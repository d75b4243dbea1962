"""The doctor on Apple: the key, the apps, the clock. Reading proves no right to write."""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator

from bot.appstore.client import AppStore
from bot.clock import WallClock
from bot.doctor.lines import Line, failed, failure, ok, warning
from bot.domain.listing import App
from bot.errors import BotError
from bot.settings import Settings

_WRITING = (
    "Whether it may write cannot be proved by reading: see in App Store Connect that its role is "
    "Admin, App Manager or Marketing."
)


async def examine(settings: Settings) -> AsyncIterator[Line]:
    """Yield a line for each thing that Apple was asked."""
    key_id = settings.key.key_id
    async with AppStore(settings.key, base_url=settings.asc_url, clock=WallClock()) as store:
        try:
            apps = await store.apps()
        except BotError as error:
            yield failed(f"Key {key_id}", error, "Check ASC_KEY_ID, ASC_ISSUER_ID and the key.")
            return
        finally:
            skew = store.clock_skew
        kind = "team" if settings.key.issuer_id else "individual"
        yield ok(f"Apple takes the {kind} key {key_id}, which sees {len(apps)} apps.", _WRITING)
        yield _clock(skew)
    for app in settings.apps:
        yield _app(app.bundle_id, apps)


def _clock(skew: float) -> Line:
    if not skew:
        return ok("This machine's clock agrees with Apple's.")
    way = "behind" if skew > 0 else "ahead of"
    return warning(
        f"This machine's clock is {abs(skew):.0f} seconds {way} Apple's.",
        "The bot allows for it; let the machine set its clock (NTP).",
    )


def _app(bundle_id: str, apps: tuple[App, ...]) -> Line:
    names = {app.bundle_id: app.name for app in apps}
    if bundle_id in names:
        return ok(f"App {bundle_id} is {names[bundle_id]}.")
    near = difflib.get_close_matches(bundle_id, list(names), n=1)
    remedy = f"Did you mean {near[0]}?" if near else "Give the key access to it, or mend the id."
    return failure(f"The key sees no app {bundle_id}.", remedy)
