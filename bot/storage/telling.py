"""What a push does, as the record tells it: no texts, which its revision's entry has."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.items import Item
from bot.domain.proposals import Outage
from bot.storage.rows import moment, moment_or_none
from bot.storage.steps import Step


def told_plan(
    steps: Iterable[Step], items: Iterable[tuple[Item, str | None]]
) -> dict[str, list[dict[str, object]]]:
    """Return what is to be sent, and where the items stand before it."""
    return {"steps": [_step(step) for step in steps], "items": told_items(items)}


def told_items(items: Iterable[tuple[Item, str | None]]) -> list[dict[str, object]]:
    """Return where items stand; `live` is what Apple holds where that is another text."""
    return [_item(item, live) for item, live in items]


def told_wait(parked_for: str | Outage) -> dict[str, object]:
    """Return what a push waits for: a version's state that locks it, or Apple's side."""
    if isinstance(parked_for, Outage):
        since, again = moment(parked_for.since), moment_or_none(parked_for.try_at)
        return {"outage": parked_for.kind, "since": since, "try_at": again}
    return {"waits_for": parked_for}


def _step(step: Step) -> dict[str, object]:
    return {
        "verb": step.verb,
        "resource": step.resource,
        "id": step.resource_id or step.parent_id,
        "locale": step.locale,
        "fields": sorted(step.texts),
    }


def _item(item: Item, live: str | None) -> dict[str, object]:
    told: dict[str, object] = {
        "kind": item.kind,
        "locale": item.locale,
        "field": item.field,
        "state": item.state,
    }
    if item.problem:
        told["problem"] = item.problem
    if live is not None:
        told["live"] = live
    return told
