"""What a proposal holds: items, one change each, of which kind it is and where it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ItemKind(StrEnum):
    """What an item changes: a text, a locale, or something about the version itself."""

    TEXT = "text"
    LOCALE = "locale"
    NEW_VERSION = "version"
    COPY_TEXTS = "copyTexts"
    BUILD = "build"
    RELEASE_TYPE = "releaseType"
    PHASED = "phasedRelease"
    SUBMIT = "submit"
    CANCEL = "cancel"
    RELEASE = "release"


# What is read, compared and written by localization; every other kind acts on the version.
TEXTUAL = frozenset({ItemKind.TEXT, ItemKind.LOCALE})


# What rules of `marquee.toml` name these kinds by; others have their own name.
_WORDS = {
    # Adding a locale sets its name first, so who decides names decides locales.
    ItemKind.LOCALE: "name",
    ItemKind.COPY_TEXTS: "version",
}


class ItemState(StrEnum):
    """Where an item stands; stale means that Apple's text is no longer the baseline.

    A parked one waits for a state at Apple in which it can be changed again. One that is left
    was not pushed when its proposal ended, of which a part stands at Apple.
    """

    WAITING = "waiting"
    PARKED = "parked"
    STALE = "stale"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"


# Which item of a proposal: no two have the same kind, locale and field.
Which = tuple[str, str, str]

# What a push does not try (again).
SETTLED = frozenset({ItemState.DONE, ItemState.STALE, ItemState.LEFT})


# A locale item's texts: the locale is there, it is not, or of it no more than what all platforms
# of the app share.
PRESENT = "present"
ABSENT = ""
NAMES = "names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change of a proposal: a field's text in a locale, or a locale itself.

    `field` is Apple's attribute, "" for a locale item. `before` is the baseline the person
    saw, `after` what they want; "" means emptied, never "leave alone". What acts on the
    version itself has no locale; its texts are those of `bot.domain.actions`. `problem` says
    why a stale or failed item is one, in a sentence for people. `since` is the first revision
    of its proposal in which it stood like this under the same `rule`, 0 before there is one.
    `earlier` when it stood at Apple before its revision was written, which only carries it.
    `creates` where Apple had no localization for the text when it was proposed, so that its push
    makes one; else one that is not there any more was removed.
    """

    kind: ItemKind = ItemKind.TEXT
    locale: str
    field: str = ""
    before: str
    after: str
    state: ItemState = ItemState.WAITING
    problem: str = ""
    creates: bool = False
    since: int = dataclasses.field(default=0, compare=False)
    rule: str = dataclasses.field(default="", compare=False, repr=False)
    earlier: bool = dataclasses.field(default=False, compare=False)

    @property
    def word(self) -> str:
        """What a rule names it by: Apple's attribute of a text, else the kind's name."""
        if self.kind is ItemKind.TEXT:
            return self.field
        return _WORDS.get(self.kind, str(self.kind))

    @property
    def which(self) -> Which:
        """What tells it from all others of its revision."""
        return (str(self.kind), self.locale, self.field)


def leaving(items: Iterable[Item]) -> Mapping[str, str]:
    """Return the locales that items take away with their texts, and what stays: ABSENT or NAMES."""
    return {
        item.locale: item.after
        for item in items
        if item.kind is ItemKind.LOCALE and item.after != PRESENT
    }


def may_wait(item: Item) -> bool:
    """Return whether an item waits for votes or for Apple, and nothing went wrong with it."""
    return item.state in (ItemState.WAITING, ItemState.PARKED)
