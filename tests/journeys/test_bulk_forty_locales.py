"""Forty locales by five fields from one file: one preview, one message, one vote, one push."""

from __future__ import annotations

import pytest

from bot import exchange
from bot.exchange import Format
from bot.sandbox.cast import BEN
from tests.journeys.test_bulk_files import (
    CODES,
    open_bulk,
    posted,
    preview,
    propose,
)
from tests.workspace import Workspace

FIELDS = ("name", "subtitle", "keywords", "promotionalText", "description")
TEXTS = {
    (code, field): f"{field} {code}" if field != "keywords" else f"key{code.lower()},tide"
    for code in CODES.split()
    for field in FIELDS
}


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX, Format.JSON, Format.ZIP])
async def test_forty_locales_by_five_fields_are_shown_whole(
    workspace: Workspace, form: Format
) -> None:
    await open_bulk(workspace)
    shown = await preview(workspace, exchange.write(TEXTS, form), f"texts.{form}")

    assert len({code for code, _ in TEXTS}) == 40
    assert "200 texts would change in 40 locales." in shown


async def test_forty_locales_are_one_message_and_one_vote(workspace: Workspace) -> None:
    await open_bulk(workspace)
    await preview(workspace, exchange.write(TEXTS, Format.CSV))
    message = await propose(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    assert len(posted(workspace)) == 1
    for code in ("de-DE", "ja", "zh-Hant"):
        assert workspace.live(code, "subtitle") == f"subtitle {code}"
        assert workspace.live(code, "description") == f"description {code}"
