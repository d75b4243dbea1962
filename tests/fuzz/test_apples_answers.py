"""Whatever Apple answers becomes a value or an error for people, and never a defect."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings

from bot.appstore import AppStore
from bot.domain.fields import Resource
from bot.errors import BotError
from tests.appstore.script import Answer, scripted
from tests.appstore.stage import TIDEWELL
from tests.clock import START
from tests.fuzz.odd import ODD

Ask = Callable[[AppStore], Awaitable[object]]
APP = TIDEWELL.id

QUESTIONS: dict[str, Ask] = {
    "apps": lambda store: store.apps(),
    "app": lambda store: store.read_app(APP),
    "overview": lambda store: store.overview(),
    "moving": lambda store: store.moving(),
    "texts": lambda store: store.read(TIDEWELL, "IOS"),
    "one text": lambda store: store.find(Resource.VERSION, parent_id="v", locale="ja"),
    "releases": lambda store: store.releases(APP),
    "standing": lambda store: store.standing(APP, "IOS", builds=True),
    "submission": lambda store: store.submission(APP, "s"),
    "pictures": lambda store: store.screenshot_counts("v"),
    "declared": lambda store: store.declared(APP),
    "webhooks": lambda store: store.webhooks(APP),
    "deliveries": lambda store: store.failed_deliveries("h", since=START),
    "made": lambda store: store.create(Resource.VERSION, parent_id="v", locale="ja", texts={}),
}


async def tried(ask: Ask, documents: list[Any]) -> None:
    async with scripted(*(Answer(document=one) for one in documents)) as script:
        with contextlib.suppress(BotError):
            await ask(script.store)


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=list(QUESTIONS))
@settings(max_examples=3)
@given(document=ODD)
def test_an_answer_of_any_type_is_read_or_refused(ask: Ask, document: object) -> None:
    asyncio.run(tried(ask, [{"data": document, "included": document, "links": document}]))
    asyncio.run(tried(ask, [document]))
