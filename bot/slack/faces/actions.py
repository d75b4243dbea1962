"""What acts on a version, in words: one row a kind of item.

Knows the sentence of a proposal, what counts and votes call it, and what it came to;
refuses to know how an item is judged, which is `bot.domain.actions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.actions import ACTIONS, is_action
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.releases import PhasedRelease, ReleaseType
from bot.domain.scene import moment_of
from bot.domain.wishes import KIND_OF
from bot.slack.faces.blocks import Element, clip, isolate, line, text
from bot.slack.faces.times import UTC, in_both_zones, zone_text

# Phases are those of automatic updates; whoever looks at the App Store finds the version at
# once (App Store Connect Help, "Release a version update in phases").
PHASED_IN = "On the first day 1 % of those with automatic updates get it."
ANYBODY = "Anybody can get it from the App Store by hand, also while it is paused."

# Numbers and labels are short; whatever else comes must not fill a message.
_LONGEST = 150

# What a release type means, as the end of a sentence.
_TYPES = {
    ReleaseType.MANUAL: "by hand",
    ReleaseType.AFTER_APPROVAL: "automatically after approval",
}
# What a phased release becomes: the sentence, what it is called, what it came to.
_PHASED: Mapping[str, tuple[str, str, str]] = {
    "": (
        "Take the phased release away: everybody gets {number} at once when it is released",
        "the end of the phased release",
        "No phased release any more",
    ),
    "INACTIVE": (
        "Release {number} in phases over 7 days",
        "the phased release",
        "Phased release prepared",
    ),
    "ACTIVE": (
        "Resume the phased release of {number}",
        "going on with the phased release",
        "The phased release goes on",
    ),
    "PAUSED": (
        "Pause the phased release of {number}",
        "the pause of the phased release",
        "The phased release is paused",
    ),
    "COMPLETE": (
        "Release {number} to everybody now and end the phased release: public at once",
        "the release to everybody",
        "Released to everybody",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A row: `does` takes the item and the version's number, `noun` follows "proposes".

    Where `moment` returns one, it is said after `does` and after `done`.
    """

    kind: ItemKind
    does: Callable[[Item, str], str]
    noun: Callable[[Item], str]
    done: Callable[[Item], str]
    moment: Callable[[Item], datetime | None] = lambda _: None


def release_words(release: str, zone: ZoneInfo = UTC) -> str:
    """Return when a version is released, as the end of a sentence: "by hand"."""
    moment = moment_of(release)
    return _release(release) + (f" {zone_text(moment, zone)}" if moment else "")


def _release(release: str) -> str:
    """Return the same without the moment, which follows where there is one."""
    if moment_of(release) is not None:
        return "not before"
    kind = release.partition(" ")[0]
    return next((words for name, words in _TYPES.items() if name == kind), kind or "as it is")


def share(percent: int) -> str:
    """Return whom a share of a phased release reaches."""
    return f"{percent} % of automatic updates"


def phased_sentence(phased: PhasedRelease | None) -> str:
    """Return how a phased release stands: day, percentage and pause budget."""
    if phased is None:
        return "It is offered to everybody at once, as it is now."
    budget = f"Paused for {phased.paused_days} of 30 days, {phased.pause_left} left."
    if phased.state == "INACTIVE":
        return "It will be released in phases over 7 days."
    if phased.state == "COMPLETE":
        return "Everybody gets it."
    word = "Paused on" if phased.state == "PAUSED" else "On"
    reached = share(phased.percent)
    return f"{word} day {phased.day} of 7: {reached}. {budget}"


def _build(item: Item, number: str) -> str:
    instead = f" instead of {item.before}" if item.before else ""
    if not item.after:
        return f"Take build {item.before} out of {number}"
    return f"Choose build {item.after} for {number}{instead}"


def _submit(item: Item, number: str) -> str:
    build = f" with build {item.before}" if item.before else ""
    return f"Submit {number}{build} for review"


def _phased(item: Item, place: int, number: str = "") -> str:
    known = _PHASED.get(item.after)
    return known[place].format(number=number) if known else f"the phased release: {item.after}"


_ROWS = (
    Words(
        kind=ItemKind.NEW_VERSION,
        does=lambda item, _: f"New version {item.after}",
        noun=lambda _: "a new version",
        done=lambda item: f"Version {item.after} is there",
    ),
    Words(
        kind=ItemKind.COPY_TEXTS,
        does=lambda item, _: f"Take over the texts of {item.after}, all but what's new",
        noun=lambda _: "its texts",
        done=lambda item: f"The texts of {item.after} are in it",
    ),
    Words(
        kind=ItemKind.BUILD,
        does=_build,
        noun=lambda _: "the build",
        done=lambda item: f"Build {item.after} is chosen" if item.after else "No build chosen",
    ),
    Words(
        kind=ItemKind.RELEASE_TYPE,
        does=lambda item, number: f"{number} is released {_release(item.after)}",
        noun=lambda _: "the way of its release",
        done=lambda item: f"It is released {_release(item.after)}",
        moment=lambda item: moment_of(item.after),
    ),
    Words(
        kind=ItemKind.PHASED,
        does=lambda item, number: _phased(item, 0, number),
        noun=lambda item: _phased(item, 1),
        done=lambda item: _phased(item, 2),
    ),
    Words(
        kind=ItemKind.SUBMIT,
        does=_submit,
        noun=lambda _: "the submission for review",
        done=lambda _: "Submitted: waiting for review",
    ),
    Words(
        kind=ItemKind.CANCEL,
        does=lambda _, number: f"Take {number} out of review",
        noun=lambda _: "the end of its review",
        done=lambda _: "Taken out of review",
    ),
    Words(
        kind=ItemKind.RELEASE,
        does=lambda _, number: f"Release {number} to the App Store: public at once",
        noun=lambda _: "the release",
        done=lambda _: "Released: it is on its way to the App Store",
    ),
)
WORDS: Mapping[ItemKind, Words] = {row.kind: row for row in _ROWS}

_MARKS = {
    ItemState.STALE: " · stale",
    ItemState.FAILED: " · failed",
    ItemState.LEFT: " · not done",
    ItemState.DONE: "",
}


def actions_of(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items that act on the version, in their order."""
    return tuple(item for item in items if is_action(item))


def texts_of(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items that change texts or locales."""
    return tuple(item for item in items if not is_action(item))


def sentence(item: Item, number: str, zone: ZoneInfo) -> list[Element]:
    """Return what an item does: "Submit 2.5.0 with build 2.5.0 (341) for review"."""
    row = WORDS[item.kind]
    return _parts(row.does(item, number), row.moment(item), zone, "bold")


def noun(item: Item) -> str:
    """Return what an item is called in a sentence: "the submission for review"."""
    return WORDS[item.kind].noun(item)


def result(item: Item, zone: ZoneInfo = UTC) -> str:
    """Return what an item came to at Apple: "Submitted: waiting for review"."""
    row = WORDS[item.kind]
    moment = row.moment(item)
    when = f" {zone_text(moment, zone)}" if moment else ""
    return isolate(clip(f"{row.done(item)}{when}", _LONGEST))


def result_parts(item: Item, zone: ZoneInfo) -> list[Element]:
    """Return the same with its moment in the reader's own time and in the team's."""
    row = WORDS[item.kind]
    return _parts(row.done(item), row.moment(item), zone)


def _parts(words: str, moment: datetime | None, zone: ZoneInfo, *styles: str) -> list[Element]:
    said = text(isolate(clip(words, _LONGEST)), *styles)
    return [said, text(" "), *in_both_zones(moment, zone)] if moment else [said]


def label(item: Item) -> str:
    """Return an item's name: "Submission"."""
    return ACTIONS[item.kind].label


def label_of_field(field: str) -> str | None:
    """Return the name of what changes that word of Apple's, None where nothing here does."""
    kind = KIND_OF.get(field)
    return ACTIONS[kind].label if kind else None


def action_lines(items: Sequence[Item], number: str, zone: ZoneInfo) -> list[Element]:
    """Return a line for each item, with how far it has come where that is not obvious."""
    return [line(*sentence(item, number, zone), text(_MARKS.get(item.state, ""))) for item in items]


def history_words(field: str, before: str, after: str) -> str | None:
    """Return what a change of the history did, None for one of a text or a locale."""
    kind = KIND_OF.get(field)
    if kind is None:
        return None
    return result(Item(kind=kind, locale="", field=field, before=before, after=after))
