"""The doctor on Apple: the key, the apps, the clock. Reading proves no right to write."""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator

from bot.appstore.client import AppStore
from bot.clock import WallClock
from bot.doctor.lines import Line, failed, failure, ok, warning
from bot.domain.listing import App
from bot.errors import BotError
from bot.settings import ApiKey, Settings

_WRITING = (
    "Whether it may write cannot be proved by reading: see in App Store Connect that its role is "
    "Admin, App Manager or Marketing."
)


async def examine(settings: Settings) -> AsyncIterator[Line]:
    """Yield a line for each thing that Apple was asked, account by account."""
    async for line in _account(settings, "", settings.key):
        yield line
    for account in settings.accounts:
        async for line in _account(settings, account.name, account.key):
            yield line
    yield _webhooks(settings)


async def _account(settings: Settings, name: str, key: ApiKey) -> AsyncIterator[Line]:
    """Yield what is to be said of one account; the default one has no name."""
    of = f" of account {name}" if name else ""
    async with AppStore(key, base_url=settings.asc_url, clock=WallClock()) as store:
        try:
            apps = await store.apps()
        except BotError as error:
            where = f"[[account]] {name}" if name else "ASC_KEY_ID, ASC_ISSUER_ID"
            yield failed(f"Key {key.key_id}{of}", error, f"Check {where} and the key.")
            return
        finally:
            skew = store.clock_skew
        kind = "team" if key.issuer_id else "individual"
        sees = f"Apple takes the {kind} key {key.key_id}{of}, which sees {len(apps)} apps."
        yield ok(sees, _WRITING)
        yield _clock(skew)
    for app in settings.apps:
        if (app.account or "") == name:
            yield _app(app.bundle_id, apps)


def _webhooks(settings: Settings) -> Line:
    minutes = round(settings.poll.total_seconds() / 60)
    if settings.public_url is None:
        return ok(
            f"Versions are followed by a look every {minutes} min.",
            "For word within seconds set PUBLIC_URL; docs/webhooks.md explains it.",
        )
    return ok(
        f"Apple's webhooks are expected at {settings.public_url}/hooks/appstore/.",
        "Set one up for each app with /aso webhook; Send a ping shows whether it arrives.",
    )


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
