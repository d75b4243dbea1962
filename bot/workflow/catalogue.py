"""Which apps there are and what people call them; what Apple holds of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.domain.editing import choices, listing, why_no_choice
from bot.domain.listing import App, Listing, Reading, Version
from bot.domain.locales import find as find_locale
from bot.domain.locales import suggestions
from bot.domain.platforms import PLATFORMS, platform_name
from bot.errors import BotError, Refused
from bot.workflow.desk import DEFAULT_ACCOUNT, Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person typed after the verb, taken apart; None where nothing was said."""

    app: App
    platform: str | None
    locale: str | None


class WhichAppError(Refused):
    """No app was named and there are several; `apps` are those to choose from."""

    def __init__(self, apps: tuple[App, ...]) -> None:
        super().__init__("Which app?", remedy=f"One of: {_names(apps)}.")
        self.apps = apps


async def apps(desk: Desk) -> tuple[App, ...]:
    """Return the apps of this bot, from the store, from Apple when the store knows none.

    Raises BotError as the App Store Connect client does.
    """
    known = await desk.store.watchlog.apps()
    if not known:
        await _ask_for_apps(desk)
        known = await desk.store.watchlog.apps()
    return tuple(app for app in known if desk.rules.serves(app.bundle_id))


async def refreshed_apps(desk: Desk) -> tuple[App, ...]:
    """Return the apps of this bot as Apple lists them now.

    Those of an account that does not answer are as they were known. Raises BotError as the
    client does when none answers.
    """
    await _ask_for_apps(desk)
    return await apps(desk)


async def recall(desk: Desk) -> None:
    """Tell the accounts whose the known apps are, before Apple is asked for the first time."""
    for app in await desk.store.watchlog.apps():
        account = app.account or DEFAULT_ACCOUNT
        if account in desk.accounts.names:
            desk.accounts.learn(app.id, account)


async def keep_apps(desk: Desk, account: str, found: Iterable[App]) -> None:
    """Keep the apps that were seen in an account."""
    name = "" if account == DEFAULT_ACCOUNT else account
    known = set(await desk.store.watchlog.apps())
    new = [one for one in (replace(app, account=name) for app in found) if one not in known]
    if new:
        await desk.store.watchlog.keep_apps(new)


async def _ask_for_apps(desk: Desk) -> None:
    answers = await desk.accounts.apps()
    for account, answer in answers.items():
        if not isinstance(answer, BotError):
            await keep_apps(desk, account, answer)
    _raise_if_all_failed(answers)


def _raise_if_all_failed(answers: Mapping[str, object]) -> None:
    failed = [answer for answer in answers.values() if isinstance(answer, BotError)]
    if failed and len(failed) == len(answers):
        raise failed[0]


async def understand(desk: Desk, words: str) -> Words:
    """Take `<app> [platform] [locale]` apart; the app may be left out when there is one.

    Raises Refused, with a suggestion, for what is not understood.
    """
    rest = words.split()
    platform, locale = None, None
    while rest and (platform is None or locale is None):
        last = rest[-1]
        if platform is None and (found := as_platform(last)):
            platform = found
        elif locale is None and not await _names_app(desk, rest) and (known := find_locale(last)):
            locale = known.code
        else:
            break
        rest.pop()
    if locale is None:
        await _refuse_unknown_locale(desk, rest)
    app = await find_app(desk, " ".join(rest))
    return Words(app=app, platform=platform, locale=locale)


async def find_app(desk: Desk, words: str) -> App:
    """Return the app with that bundle id, Apple id or name.

    Raises Refused: none given and several there, unknown (with the nearest), or ambiguous.
    """
    known = await apps(desk)
    if not known:
        raise Refused(
            "There is no app to work on.",
            remedy="Check the [[app]] tables in marquee.toml and the key's access with"
            " `marquee doctor`.",
        )
    if not words:
        if len(known) == 1:
            return known[0]
        raise WhichAppError(known)
    found = _matching(known, words)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"More than one app is called “{words}”.", remedy=f"{_names(found)}?")
    raise Refused(f"There is no app “{words}”.", remedy=_suggestion(known, words))


async def read(desk: Desk, app: App, platform: str | None) -> Reading:
    """Return what Apple holds of an app on a platform, its first one when None is given.

    Raises Refused when the app is not on that platform, else BotError as the client does.
    """
    platforms = await platforms_of(desk, app)
    if platform is None:
        platform = platforms[0]
    elif platform not in platforms:
        there = ", ".join(map(platform_name, platforms))
        raise Refused(
            f"{app.name} is not on {platform_name(platform)}.", remedy=f"It is on {there}."
        )
    return await desk.store_of(app.id).read(app, platform)


async def shown(desk: Desk, words: Words) -> Listing:
    """Return the texts of `looked_at`; raises as it does."""
    reading, version = await looked_at(desk, words)
    return listing(reading, version.id)


async def looked_at(desk: Desk, words: Words) -> tuple[Reading, Version]:
    """Return the version a person asked to see: the one in preparation, else the live one.

    Raises Refused when there is no version at all, else BotError as the client does.
    """
    reading = await read(desk, words.app, words.platform)
    if not reading.versions:
        where = platform_name(reading.platform)
        raise Refused(f"{words.app.name} has no version on {where} yet.")
    return reading, (choices(reading) or reading.versions)[0]


async def listing_of(desk: Desk, version_id: str) -> Listing:
    """Return the texts of a version that was seen.

    Raises Refused when it was replaced or is not served, else BotError as the client does.
    """
    known = await desk.store.watchlog.versions()
    seen = next((one.version for one in known if one.version.id == version_id), None)
    app = next((one for one in await apps(desk) if seen and one.id == seen.app_id), None)
    if seen is None or app is None:
        raise Refused("This version is not known any more.")
    reading = await desk.store_of(app.id).read(app, seen.platform)
    if all(one.id != version_id for one in reading.versions):
        raise Refused(
            f"Version {seen.number} was replaced by a newer one.",
            remedy=f"Type `/aso show {app.bundle_id}` for the texts that stand now.",
        )
    return listing(reading, version_id)


async def platforms_of(desk: Desk, app: App) -> tuple[str, ...]:
    """Return the platforms an app has versions on, iOS first."""
    seen = await desk.store.watchlog.versions(app.id)
    if not seen:
        await look_at_versions(desk)
        seen = await desk.store.watchlog.versions(app.id)
    found = {one.version.platform for one in seen}
    ordered = [name for name in PLATFORMS if name in found]
    return tuple(ordered + sorted(found - set(ordered))) or ("IOS",)


async def look_at_versions(desk: Desk) -> None:
    """Learn the versions of the apps that are new; what is new of others is left to the watch."""
    known = {one.version.app_id for one in await desk.store.watchlog.versions()}
    answers = await desk.accounts.overview()
    for account, seen in answers.items():
        if isinstance(seen, BotError):
            continue
        await keep_apps(desk, account, (one.app for one in seen))
        await desk.store.watchlog.see(
            [
                (version, None, ())
                for one in seen
                if one.app.id not in known
                for version in one.versions
            ],
            now=desk.clock.now(),
        )
    _raise_if_all_failed(answers)


def as_platform(word: str) -> str | None:
    """Return Apple's platform for a person's word, None when it is none."""
    folded = word.casefold()
    return next(
        (code for code, known in PLATFORMS.items() if folded in map(str.casefold, known)), None
    )


def editable(reading: Reading) -> tuple[Version, ...]:
    """Return the versions a person may edit; raises Refused when there is none."""
    reason = why_no_choice(reading)
    if reason is not None:
        raise Refused(
            reason,
            remedy="Make a new version in App Store Connect, or wait until the review is over.",
        )
    return choices(reading)


async def _refuse_unknown_locale(desk: Desk, words: list[str]) -> None:
    """Refuse the one word that is left over after an app and, perhaps, its platform."""
    if len(words) < 2 or await _names_app(desk, words):
        return
    *before, last = words
    if len(before) > 1 and as_platform(before[-1]):
        before.pop()
    if not await _names_app(desk, before):
        return
    near = suggestions(last)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "Type a code such as de-DE."
    raise Refused(f"There is no locale “{last}”.", remedy=remedy)


async def _names_app(desk: Desk, words: list[str]) -> bool:
    return bool(_matching(await apps(desk), " ".join(words)))


def _matching(known: tuple[App, ...], words: str) -> list[App]:
    folded = words.casefold()
    exact = [a for a in known if folded in (a.bundle_id.casefold(), a.id, a.name.casefold())]
    if exact or not folded:
        return exact
    return [a for a in known if folded in a.name.casefold().split()]


def _names(known: tuple[App, ...] | list[App]) -> str:
    return ", ".join(f"{app.name} ({app.bundle_id})" for app in known)


def _suggestion(known: tuple[App, ...], words: str) -> str:
    spellings = {
        spelling.casefold(): app
        for app in known
        for spelling in (app.name, app.bundle_id, *app.name.split(), app.bundle_id.split(".")[-1])
    }
    near = get_close_matches(words.casefold(), spellings, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {_names([spellings[near[0]]])}?"
    return f"Known are: {_names(known)}."
