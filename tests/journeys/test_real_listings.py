"""Real apps' listings, carried from the form to the store by the process people start."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.process import Wish, a_process_on
from tests.sandbox.appstore.contract import LISTINGS

PLACES = {"Subtitle": "subtitle", "Keywords": "keywords", "Promotional text": "promotionalText"}
WISHES: Mapping[str, Wish] = {
    "open-habit-tracker": Wish(
        texts={
            "ja": {"Subtitle": "習慣とメモとタスク", "Keywords": "習慣,メモ,タスク,予定"},
            "sl-SI": {"Promotional text": "Navade, opombe in naloge na enem mestu."},
        }
    ),
    "simplenote": Wish(
        texts={
            "en-US": {"Promotional text": "Notes, everywhere you are."},
            "zh-Hant": {"Keywords": "筆記,備忘錄,清單"},
            "ar-SA": {"Promotional text": "ملاحظاتك أينما كنت."},
        }
    ),
}


def every_text(app: Mapping[str, Any]) -> dict[tuple[str, str, str], str | None]:
    """Return (parent id, locale, field) -> text of all that Apple holds of an app."""
    return {
        (parent["id"], locale, name): text
        for parent in (*app["versions"], *app["infos"])
        for locale, texts in parent["localizations"].items()
        for name, text in texts.items()
    }


@pytest.mark.parametrize("folder", WISHES)
async def test_a_change_of_a_real_listing_reaches_the_store_and_nothing_else_moves(
    folder: str,
) -> None:
    wish = WISHES[folder]
    async with a_process_on(LISTINGS / folder) as team:
        before = every_text(copy.deepcopy(team.apple.apps()[0]))
        message = await team.wish(wish, words=f"edit {next(iter(wish.texts))}")
        await team.approve(message)
        await team.result(message)
        await team.says(message, "Pushed")
        after = every_text(team.apple.apps()[0])

    moved = {key[1:]: text for key, text in after.items() if before.get(key) != text}
    assert before.keys() <= after.keys()
    assert moved == {
        (locale, PLACES[label]): text
        for locale, texts in wish.texts.items()
        for label, text in texts.items()
    }
