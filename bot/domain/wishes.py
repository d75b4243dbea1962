"""What people may wish of a version, and the items that make each wish.

Knows which version a deed is about and what makes sense for it now; refuses to know how
people say it and what Apple is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.editing import Phase, is_live, phase
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.releases import CANCELLABLE, DRAFT, PHASABLE, Release, Standing
from bot.domain.scene import CANCELED, PENDING, RELEASED, SUBMITTED, release_text

# Apple's word for what each kind of item changes, as items hold it.
FIELD_OF: Mapping[ItemKind, str] = {
    ItemKind.NEW_VERSION: "versionString",
    ItemKind.COPY_TEXTS: "texts",
    ItemKind.BUILD: "build",
    ItemKind.RELEASE_TYPE: "releaseType",
    ItemKind.PHASED: "phasedReleaseState",
    ItemKind.SUBMIT: "submitted",
    ItemKind.CANCEL: "canceled",
    ItemKind.RELEASE: "releaseRequest",
}
KIND_OF: Mapping[str, ItemKind] = {field: kind for kind, field in FIELD_OF.items()}


class Deed(StrEnum):
    """What a form is for; the verbs that people type."""

    VERSION = "version"
    BUILD = "build"
    SUBMIT = "submit"
    CANCEL = "cancel"
    RELEASE = "release"
    PHASED = "phased"


# What may be approved now and pushed later. Whoever takes a version out of review wants it out
# before Apple has decided.
MAY_WAIT = frozenset(Deed) - {Deed.CANCEL}

# The form that proposes an item's kind again; of several the first in this order.
_DEED_OF: Mapping[ItemKind, Deed] = {
    ItemKind.NEW_VERSION: Deed.VERSION,
    ItemKind.SUBMIT: Deed.SUBMIT,
    ItemKind.CANCEL: Deed.CANCEL,
    ItemKind.RELEASE: Deed.RELEASE,
    ItemKind.PHASED: Deed.PHASED,
    ItemKind.BUILD: Deed.BUILD,
    ItemKind.RELEASE_TYPE: Deed.RELEASE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person filled in.

    `build` is a build's label, `release` the text of a release type or RELEASED for at once,
    `phased` Apple's state ("" takes the phased release away), None where nothing was chosen.
    `not_before` is an aware moment that the push waits for, None for at once.
    """

    number: str = ""
    build: str = ""
    release: str = ""
    phased: str | None = None
    copy: bool = True
    reason: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person saw of a version when they wished; an item's baseline.

    Texts as items hold them. `version_id` is "" for a version to be made; `source` is the
    number of the version whose texts it can take over.
    """

    version_id: str = ""
    number: str = ""
    build: str = ""
    release: str = ""
    phased: str = ""
    source: str = ""


def seen(release: Release | None, source: str = "") -> Seen:
    """Return what there is to see of a version, None for one that is still to be made."""
    if release is None:
        return Seen(source=source)
    return Seen(
        version_id=release.version.id,
        number=release.version.number,
        build=release.build.label if release.build else "",
        release=release_text(release.version),
        phased=release.phased.state if release.phased else "",
        source=source,
    )


def item(kind: ItemKind, before: str, after: str) -> Item:
    """Return an item that acts on a version."""
    return Item(kind=kind, locale="", field=FIELD_OF[kind], before=before, after=after)


def items_of(deed: Deed, wish: Wish, seen: Seen) -> tuple[Item, ...]:
    """Return the items that make a wish, in the order they are carried out."""
    return _MAKERS[deed](wish, seen)


def _version(wish: Wish, seen: Seen) -> tuple[Item, ...]:
    found = [item(ItemKind.NEW_VERSION, "", wish.number)]
    if wish.copy and seen.source:
        found.append(item(ItemKind.COPY_TEXTS, "", seen.source))
    if wish.build:
        found.append(item(ItemKind.BUILD, "", wish.build))
    if wish.release:
        found.append(item(ItemKind.RELEASE_TYPE, "", wish.release))
    return tuple(found)


def _release(wish: Wish, seen: Seen) -> tuple[Item, ...]:
    if wish.release == RELEASED:
        return (item(ItemKind.RELEASE, PENDING, RELEASED),)
    return (item(ItemKind.RELEASE_TYPE, seen.release, wish.release),)


_MAKERS: Mapping[Deed, Callable[[Wish, Seen], tuple[Item, ...]]] = {
    Deed.VERSION: _version,
    Deed.BUILD: lambda wish, seen: (item(ItemKind.BUILD, seen.build, wish.build),),
    Deed.SUBMIT: lambda _, seen: (item(ItemKind.SUBMIT, seen.build, SUBMITTED),),
    Deed.CANCEL: lambda *_: (item(ItemKind.CANCEL, SUBMITTED, CANCELED),),
    Deed.RELEASE: _release,
    Deed.PHASED: lambda wish, seen: (item(ItemKind.PHASED, seen.phased, wish.phased or ""),),
}


def wish_of(items: Iterable[Item], reason: str, not_before: datetime | None = None) -> Wish:
    """Return the wish that items were made of, to fill a form with it again."""
    after = {one.kind: one.after for one in items}
    return Wish(
        number=after.get(ItemKind.NEW_VERSION, ""),
        build=after.get(ItemKind.BUILD, ""),
        release=after.get(ItemKind.RELEASE, "") or after.get(ItemKind.RELEASE_TYPE, ""),
        phased=after.get(ItemKind.PHASED),
        copy=ItemKind.COPY_TEXTS in after,
        reason=reason,
        not_before=not_before,
    )


def unsent(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items that have not reached Apple, all of them where every one has."""
    left = tuple(one for one in items if one.state is not ItemState.DONE)
    return left or tuple(items)


def deed_of(items: Iterable[Item]) -> Deed | None:
    """Return the form that makes these items, None where texts are among them."""
    kinds = {one.kind for one in items}
    if not kinds or kinds - FIELD_OF.keys():
        return None
    return next((deed for kind, deed in _DEED_OF.items() if kind in kinds), None)


def live_release(standing: Standing) -> Release | None:
    """Return the version that is on the App Store, None before the first."""
    return next((one for one in standing.releases if is_live(one.version)), None)


def subject(deed: Deed, standing: Standing, version_id: str = "") -> Release | None:
    """Return the version a deed is about, the named one if it fits; None where none does."""
    fitting = [one for one in standing.releases if _fits(deed, one, standing)]
    named = next((one for one in fitting if one.version.id == version_id), None)
    if named or version_id:
        return named
    return next((one for one in fitting if _comes_first(deed, one)), next(iter(fitting), None))


def _fits(deed: Deed, release: Release, standing: Standing) -> bool:
    version = release.version
    if deed is Deed.BUILD:
        return phase(version) is Phase.PREPARING
    if deed is Deed.SUBMIT:
        return phase(version) is Phase.PREPARING or version.state == DRAFT
    if deed is Deed.CANCEL:
        return any(
            one.state in CANCELLABLE and version.id in one.version_ids
            for one in standing.submissions
        )
    if deed is Deed.RELEASE:
        return not is_live(version)
    return deed is Deed.PHASED and bool(phased_choices(release, standing))


def _comes_first(deed: Deed, release: Release) -> bool:
    if deed is Deed.RELEASE:
        return release.version.state == PENDING
    return deed is Deed.PHASED and is_live(release.version)


def phased_choices(release: Release, standing: Standing) -> tuple[str, ...]:
    """Return what a phased release can become now, as Apple's states; "" takes it away.

    Updates alone are released in phases, and it is decided in the states of PHASABLE.
    """
    phased, live = release.phased, is_live(release.version)
    if phased is None:
        is_update = any(is_live(one.version) for one in standing.releases)
        return ("INACTIVE",) if is_update and release.version.state in PHASABLE else ()
    if phased.state == "INACTIVE":
        return () if live else ("",)
    if phased.state == "ACTIVE":
        return ("PAUSED", "COMPLETE") if phased.pause_left else ("COMPLETE",)
    return ("ACTIVE", "COMPLETE") if phased.state == "PAUSED" else ()


def next_number(standing: Standing) -> str:
    """Return the next minor number after the highest there is: 2.4.1 is followed by 2.5.0."""
    numbers = [_parts(one.version.number) for one in standing.releases]
    highest = max((one for one in numbers if one), default=[])
    if not highest:
        return "1.0"
    if len(highest) == 1:
        return str(highest[0] + 1)
    return ".".join(map(str, [highest[0], highest[1] + 1, *([0] * (len(highest) - 2))]))


def _parts(number: str) -> list[int]:
    parts = number.split(".")
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else []
