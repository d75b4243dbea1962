"""Several requests at a time, and the localizations that a document did not bring along.

Knows when Apple has more than it sent; knows nothing of what the texts are for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from bot.appstore import resources
from bot.appstore.resources import HOMES, Document, Json
from bot.appstore.wire import Wire
from bot.domain.fields import Resource
from bot.domain.listing import Localization

Texts = Mapping[str, Mapping[str, Localization]]
Answer = TypeVar("Answer")
First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")


async def together(*work: Coroutine[Any, Any, Answer]) -> list[Answer]:
    """Return the answers in order; the first error stops the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def three_together(
    first: Coroutine[Any, Any, First],
    second: Coroutine[Any, Any, Second],
    third: Coroutine[Any, Any, Third],
) -> tuple[First, Second, Third]:
    """Return three answers of different kinds, as `together`."""
    try:
        async with asyncio.TaskGroup() as group:
            one, two = group.create_task(first), group.create_task(second)
            three = group.create_task(third)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return one.result(), two.result(), three.result()


async def localizations(wire: Wire, resource: Resource, found: Document) -> Texts:
    """Return the localizations of every parent in `found`, by parent and locale.

    One more request for each parent that has more than came with it.
    """
    texts = await together(*(_of_one(wire, resource, item, found) for item in found.data))
    return {
        item["id"]: {text.locale: text for text in some}
        for item, some in zip(found.data, texts, strict=True)
    }


async def _of_one(
    wire: Wire, resource: Resource, parent: Json, found: Document
) -> list[Localization]:
    items = resources.related(parent, resource, found.included)
    if resources.has_more(parent, resource, len(items)):
        path = f"{HOMES[resource].collection}/{parent['id']}/{resource}"
        query = {**resources.localization_fields(resource), "limit": resources.PAGE}
        items = (await wire.read(path, query)).data
    return [resources.localization(item) for item in items]
