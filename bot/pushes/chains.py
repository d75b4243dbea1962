"""The steps that bring what is to be sent to Apple: a locale's make one chain, in order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.domain.changes import compare, leaves
from bot.domain.fields import BY_ATTRIBUTE, Resource
from bot.domain.items import NAMES, PRESENT, Item, ItemKind, leaving
from bot.domain.listing import Listing
from bot.storage.steps import Step, StepVerb

# The version localization comes second: Apple may make it together with the first.
ORDER = (Resource.APP_INFO, Resource.VERSION)


def resource_of(item: Item) -> Resource:
    """Return the resource that an item changes; a locale begins with its app info."""
    if item.kind is ItemKind.LOCALE:
        return Resource.VERSION if item.after == NAMES else Resource.APP_INFO
    return BY_ATTRIBUTE[item.field].resource


def chains(items: Iterable[Item], live: Listing) -> dict[str, int]:
    """Return how many writes each locale takes, which go one after the other."""
    changes = tuple(items)
    return dict(Counter(step.locale for step in steps_for(changes, live, leaving(changes))))


def steps_for(items: Iterable[Item], live: Listing, left: Mapping[str, str]) -> Iterable[Step]:
    """Yield one step for each localization resource; a locale's steps make one chain.

    No text of what goes of a locale among `left` is emptied: its localization is deleted.
    """
    texts: dict[str, dict[Resource, dict[str, str]]] = {}
    deleted: dict[str, tuple[Resource, ...]] = {}
    for item in items:
        by_resource = texts.setdefault(item.locale, {})
        if item.kind is ItemKind.LOCALE:
            deleted[item.locale] = _halves(item.after)
        elif leaves(item, left):
            continue
        elif compare(item, live.text(item.locale, item.field)) == "send":
            resource = BY_ATTRIBUTE[item.field].resource
            by_resource.setdefault(resource, {})[item.field] = item.after
    position = 0
    for chain, locale in enumerate(texts):
        for draft in _chain(locale, texts[locale], live, deleted.get(locale, ())):
            yield replace(draft, position=position, chain=chain)
            position += 1


def _halves(left: str) -> tuple[Resource, ...]:
    """Return the localizations that are deleted where no more than `left` stays of a locale."""
    if left == PRESENT:
        return ()
    return (Resource.VERSION,) if left == NAMES else ORDER


def _chain(
    locale: str,
    texts: Mapping[Resource, Mapping[str, str]],
    live: Listing,
    deleted: Collection[Resource],
) -> Iterable[Step]:
    for resource in reversed(ORDER) if deleted else ORDER:
        known = live.localizations.get((resource, locale))
        step = Step(position=0, chain=0, locale=locale, resource=resource, verb=StepVerb.UPDATE)
        if resource in deleted:
            if known:
                yield replace(step, verb=StepVerb.DELETE, resource_id=known.id)
        elif resource in texts:
            if known:
                yield replace(step, resource_id=known.id, texts=texts[resource])
            else:
                parent = _parent(resource, live)
                yield replace(step, verb=StepVerb.CREATE, parent_id=parent, texts=texts[resource])


def _parent(resource: Resource, live: Listing) -> str:
    if resource is Resource.VERSION:
        return live.version.id
    return live.app_info.id if live.app_info else ""
