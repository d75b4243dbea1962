"""The words that messages, modals and the home have in common.

Knows how things are named for people; refuses to know where the words are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.actions import is_action
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import PRESENT, Item, ItemKind, ItemState
from bot.domain.listing import App, Version
from bot.domain.locales import locale
from bot.domain.platforms import platform_name
from bot.domain.proposals import Proposal, Status
from bot.slack.faces.actions import actions_of, label, label_of_field, noun, texts_of
from bot.slack.faces.blocks import isolate, utc_text
from bot.workflow.cards import Lasted

_MANY, _MOST_FIELDS = 8, 6
NOTHING_TO_DO = "Nothing to do: Apple holds all of it already, so nothing was sent."

# What a proposal's message calls each status, and the one mark that helps to scan for it.
STATUS_WORDS: dict[Status, tuple[str, str]] = {
    Status.OPEN: ("🔵", "Open"),
    Status.PARKED: ("⏸️", "Parked"),
    Status.APPROVED: ("🟢", "Approved"),
    Status.PUSHING: ("⏳", "Pushing"),
    Status.PUSHED: ("✅", "Pushed"),
    Status.PARTIAL: ("⚠️", "Partly pushed"),
    Status.FAILED: ("🔴", "Failed"),
    Status.REJECTED: ("⛔", "Rejected"),
    Status.WITHDRAWN: ("↩️", "Withdrawn"),
    Status.EXPIRED: ("⌛", "Expired"),
    Status.SUPERSEDED: ("⚪", "Superseded"),
}
_STALE = ("🟠", "Stale")
_BEGUN = ("🔵", "Open, a part is pushed")


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 change", "3 changes"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def series(words: Sequence[str], *, last: str = "and", most: int = 6) -> str:
    """Return "a, b and c"; beyond `most` the rest is a number."""
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(words: str) -> str:
    """Return words as a sentence begins."""
    return words[:1].upper() + words[1:]


def version_label(app: App, version: Version) -> str:
    """Return "Notes 2.4.0 for iOS", safe in a line of ours."""
    return target_label(app.name, version.number, version.platform)


def target_label(app_name: str, number: str, platform: str) -> str:
    """Return "Notes 2.4.0 for iOS", "Notes for iOS" where no version is known; safe in a line."""
    named = f"{isolate(app_name)} {number}".rstrip()
    return f"{named} for {platform_name(platform)}"


def proposal_label(proposal: Proposal) -> str:
    """Return what a proposal is about: app, version and platform."""
    target = proposal.target
    return target_label(proposal.app_name, proposal.version_number, target.platform)


def locale_label(code: str) -> str:
    """Return "Japanese (ja)", "English (U.S., en-US)"; without a name it stays the code."""
    name = locale(code).name
    if name == code:
        return code
    return f"{name[:-1]}, {code})" if name.endswith(")") else f"{name} ({code})"


def field_label(attribute: str) -> str:
    """Return a field's label; a field that the table lacks stays as Apple names it."""
    field = BY_ATTRIBUTE.get(attribute)
    return field.label if field else label_of_field(attribute) or attribute


def field_labels(attributes: Sequence[str]) -> str:
    """Return fields as a series of their labels, all nine where they are all."""
    return series([field_label(one) for one in attributes], most=9)


def place_label(locale_code: str, attribute: str) -> str:
    """Return "Japanese (ja), Subtitle"; either may be "", for what is not about one."""
    places = [locale_label(locale_code)] if locale_code else []
    return ", ".join([*places, field_label(attribute)] if attribute else places)


def item_label(item: Item) -> str:
    """Return what an item changes, without its locale."""
    if item.kind is ItemKind.LOCALE:
        return "New locale" if item.after == PRESENT else "Removed locale"
    return label(item) if is_action(item) else field_label(item.field)


def status_of(proposal: Proposal, *, current: bool = True) -> tuple[str, str]:
    """Return the mark and the words for where a proposal stands.

    A message of an older revision says which one replaced it; an open proposal with a
    stale item says so, since approving it would not push what people saw.
    """
    if not current:
        return "⚪", f"Replaced by revision {proposal.revision}"
    if proposal.status is Status.OPEN and proposal.barred:
        return _STALE
    if proposal.status is Status.OPEN and proposal.in_parts and proposal.begun:
        return _BEGUN
    return STATUS_WORDS.get(proposal.status, ("⚪", proposal.status.value.capitalize()))


def stale_items(proposal: Proposal) -> tuple[Item, ...]:
    """Return the items whose text at Apple is no longer the baseline."""
    return tuple(item for item in proposal.items if item.state is ItemState.STALE)


def locales_of(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the locales of items, each once, in their order; what acts on a version has none."""
    return tuple(dict.fromkeys(item.locale for item in items if not is_action(item)))


def size_of(items: Sequence[Item]) -> str:
    """Return "3 changes in 2 locales", "the submission for review", or both."""
    nouns = [noun(item) for item in actions_of(items)]
    texts = texts_of(items)
    if not texts:
        return series(nouns)
    locales = locales_of(texts)
    where = locale_label(locales[0]) if len(locales) == 1 else plural(len(locales), "locale")
    return series([f"{plural(len(texts), 'change')} in {where}", *nouns])


def items_label(items: Sequence[Item], everything: int) -> str:
    """Return which of a proposal's `everything` items are meant, in a few words."""
    nouns = [noun(item) for item in actions_of(items)]
    texts = texts_of(items)
    if len(items) == everything and (texts or len(nouns) > 2):
        return "all changes" if everything > 1 else "the change"
    if not texts:
        return series(nouns)
    fields = tuple(dict.fromkeys(item_label(item) for item in texts))
    locales = [locale_label(code) for code in locales_of(texts)]
    # Three names out of forty say less than the number.
    where = plural(len(locales), "locale") if len(locales) > _MANY else series(locales, most=4)
    return series([f"{series(fields, most=_MOST_FIELDS)} in {where}", *nouns])


def span(length: timedelta) -> str:
    """Return how long something lasted, in its largest unit: "5 minutes", "3 days"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return plural(minutes, "minute")
    hours = minutes // 60
    return plural(hours, "hour") if hours < 48 else plural(hours // 24, "day")


def so_long(lasted: Lasted | None) -> str:
    """Return " for 3 days", to end a sentence with; "" where there is nothing to say."""
    if lasted is None:
        return ""
    short = lasted.least < timedelta(minutes=1)
    if not lasted.exact:
        return "" if short else f" for at least {span(lasted.least)}"
    if span(lasted.least) == span(lasted.most):
        return f" for {span(lasted.most)}"
    if short:
        return f" for up to {span(lasted.most)}"
    return f" for at least {span(lasted.least)} and at most {span(lasted.most)}"


def moment(when: datetime) -> str:
    """Return a moment in UTC, as "20 Nov 2026, 14:03 UTC"."""
    return utc_text(when)


def day(when: datetime) -> str:
    """Return the day of a moment in UTC, as "20 Nov 2026"."""
    moment_utc = when.astimezone(UTC)
    return f"{moment_utc.day} {moment_utc:%b %Y}"
