"""What acts on a version: for each kind of item its name, its judge and its way back.

One row a kind; how it looks is a row of `bot.slack.faces.actions`. A new kind is one more row
in both and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain import judges
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.releases import Release, ReleaseType
from bot.domain.scene import APPROVED, CANCELED, DONE, SUBMITTED, Scene, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A row: what people call it, its judge, and its way back.

    `inverse` returns the item that undoes it, or the reason why nothing does.
    """

    kind: ItemKind
    label: str
    judge: Callable[[Item, Scene, Release], Verdict]
    inverse: Callable[[Item], Item | str]


def judge(item: Item, scene: Scene) -> Verdict:
    """Return what is left to do about an item that acts on a version."""
    release = scene.release
    if release is not None:
        return ACTIONS[item.kind].judge(item, scene, release)
    if item.kind is ItemKind.NEW_VERSION:
        return judges.new_version(item, scene)
    return judges.gone(scene)


def inverse(item: Item) -> Item | str:
    """Return the item that undoes this one, or a sentence why nothing does."""
    return ACTIONS[item.kind].inverse(item)


def is_action(item: Item) -> bool:
    """Return whether an item acts on the version itself."""
    return item.kind in ACTIONS


def releases(items: Iterable[Item], version_state: str) -> bool:
    """Return whether items put a version on the App Store.

    So does a new release type for a version that Apple has approved, unless it holds it back.
    """
    return any(
        item.kind is ItemKind.RELEASE
        or (
            item.kind is ItemKind.RELEASE_TYPE
            and version_state in APPROVED
            and item.after != ReleaseType.MANUAL
        )
        for item in items
    )


def _turned(item: Item) -> Item | str:
    return replace(item, before=item.after, after=item.before, state=ItemState.WAITING, problem="")


def _turned_build(item: Item) -> Item | str:
    return _turned(item) if item.before else "There was no build before this one."


def _turned_phased(item: Item) -> Item | str:
    if item.after == "COMPLETE":
        return "Everybody has the update already; a phased release cannot begin again."
    return _turned(item)


def _turned_submit(item: Item) -> Item | str:
    turned = Item(kind=ItemKind.CANCEL, locale="", before=SUBMITTED, after=CANCELED)
    return replace(turned, field=item.field)


def _never(reason: str) -> Callable[[Item], Item | str]:
    return lambda _: reason


_ROWS = (
    Action(
        kind=ItemKind.NEW_VERSION,
        label="New version",
        judge=lambda *_: DONE,
        inverse=_never("A version that was made stays; App Store Connect can delete it."),
    ),
    Action(
        kind=ItemKind.COPY_TEXTS,
        label="Copied texts",
        judge=judges.copied,
        inverse=_never("Texts that were copied are changed like any others."),
    ),
    Action(
        kind=ItemKind.BUILD,
        label="Build",
        judge=judges.build,
        inverse=_turned_build,
    ),
    Action(
        kind=ItemKind.RELEASE_TYPE,
        label="Release type",
        judge=judges.release_type,
        inverse=lambda item: _turned(item) if item.before else "It had none before.",
    ),
    Action(
        kind=ItemKind.PHASED,
        label="Phased release",
        judge=judges.phased,
        inverse=_turned_phased,
    ),
    Action(
        kind=ItemKind.SUBMIT,
        label="Submission",
        judge=judges.submit,
        inverse=_turned_submit,
    ),
    Action(
        kind=ItemKind.CANCEL,
        label="Cancelled submission",
        judge=judges.cancel,
        inverse=_never("To hand it in again, propose a submission with `/aso submit`."),
    ),
    Action(
        kind=ItemKind.RELEASE,
        label="Release",
        judge=judges.release,
        inverse=_never("What is on the App Store cannot be taken back; release a new version."),
    ),
)
# In the order in which a push carries them out.
ACTIONS: Mapping[ItemKind, Action] = {row.kind: row for row in _ROWS}
