"""A proposal of forty locales as people see it, in light and dark, in a real browser.

It leaves its pictures in tests/out; `make pictures` puts them where the documents show them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.domain.matrix import matrix
from bot.exchange.proposed import changes_table, difference
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from bot.slack.faces.bulk_thread import file_names, files_comment, table_message
from bot.slack.faces.details import details_view
from bot.slack.faces.messages import proposal_message
from bot.slack.matrix_chart import FILE_NAME, draw_matrix
from bot.workflow.cards import ProposalCard
from tests.bench.listing import CODES, texts
from tests.builders import TEXTS, a_card, a_listing, a_need, a_proposal, an_app, an_item
from tests.sandbox.page_stage import Stage, a_browser, a_stage, opens

OUT = Path(__file__).parents[1] / "out"
FIELDS = ("name", "subtitle", "keywords", "promotionalText", "description")
OLD = texts(0)
NEW = texts(1) | {
    code: {**texts(1)[code], "subtitle": "Tides, moorings and harbours"} for code in ("ja", "fi")
}
ITEMS = tuple(
    an_item(locale=code, field=field, before=OLD[code][field], after=NEW[code][field])
    for code in CODES
    for field in FIELDS
)
SHOWN = matrix(
    ITEMS,
    a_listing({code: {**TEXTS, **OLD[code]} for code in CODES}, app=an_app(primary_locale="en-US")),
)


def a_big_card() -> ProposalCard:
    japanese = tuple(item for item in ITEMS if item.locale == "ja")
    rest = tuple(item for item in ITEMS if item.locale != "ja")
    names = tuple(item for item in rest if item.field == "name")
    others = tuple(item for item in rest if item.field != "name")
    proposal = a_proposal(
        items=ITEMS,
        app_name="Harbour",
        version_number="4.1",
        digest="ee34b3c2",
        proposer=MIA,
        authors=(MIA,),
        reason="Night colours are what people search for this season.",
    )
    needs = (
        a_need(names, approvers=(BEN,), voted=(BEN,)),
        a_need(others, approvers=("S0ASOLEADS",), quorum=2, voted=(BEN,)),
        a_need(japanese, approvers=(AIKO,)),
    )
    return a_card(proposal, needs=needs)


async def upload(stage: Stage, name: str, content: bytes, **more: str) -> str:
    place = await stage.bot.call(
        "files.getUploadURLExternal", filename=name, length=len(content), **more
    )
    async with stage.bot.session.post(place["upload_url"], data=content) as answer:
        assert answer.status == 200
    return str(place["file_id"])


async def said(stage: Stage, card: ProposalCard) -> None:
    """Say everything as the bot says it: the message, and what its thread holds."""
    message = proposal_message(card)
    posted = await stage.bot.call(
        "chat.postMessage", channel=ASO, text=message.text, blocks=message.blocks
    )
    picture = await upload(stage, FILE_NAME, draw_matrix(SHOWN))
    await stage.bot.call("files.completeUploadExternal", files=[{"id": picture}])
    table = table_message(card.proposal, SHOWN, picture)
    place = {"channel": ASO, "thread_ts": posted["ts"]}
    await stage.bot.call("chat.postMessage", text=table.text, blocks=table.blocks, **place)
    contents = (difference(ITEMS), changes_table(ITEMS))
    shared = [
        {"id": await upload(stage, name, content, snippet_type=name.rpartition(".")[2])}
        for name, content in zip(file_names(card.proposal), contents, strict=True)
    ]
    await stage.bot.call(
        "files.completeUploadExternal",
        files=shared,
        channel_id=ASO,
        thread_ts=posted["ts"],
        initial_comment=files_comment(card.proposal),
    )


async def picture_of(stage: Stage, name: str, scheme: str, wanted: str) -> None:
    OUT.mkdir(exist_ok=True)
    shown = name if scheme == wanted else f"{name}-{scheme}"
    await stage.page.mouse.move(0, 0)
    await stage.page.screenshot(path=OUT / f"{shown}.png", animations="disabled")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_message_the_thread_and_the_details_can_be_read(scheme: str) -> None:
    card = a_big_card()
    async with (
        a_browser() as browser,
        a_stage(browser, color_scheme=scheme, viewport={"width": 1400, "height": 900}) as stage,
    ):
        await said(stage, card)
        message = stage.by("message").first
        await expect(message).to_contain_text("Subtitle in all 40 locales")
        await picture_of(stage, "forty-locales", scheme, "light")

        await message.get_by_text("2 replies").click()
        table = stage.by("thread").get_by_test_id("message").nth(1)
        image = table.get_by_role("img", name="200 of 360 texts change")
        await expect(image).to_be_visible()
        assert await image.evaluate("node => node.complete && node.naturalWidth") > 1_000
        await expect(table).to_contain_text("en-US + + + + + . . . .")
        await expect(stage.by("thread")).to_contain_text("proposal-12-revision-1.diff")
        await image.evaluate("node => node.scrollIntoView({block: 'center'})")
        await picture_of(stage, "forty-locales-thread", scheme, "dark")

        stage.bot.hears["/aso"] = opens(lambda: details_view(card, own=("ja",)))
        await stage.page.reload()
        await stage.send("/aso details")
        modal = stage.by("modal")
        await expect(modal).to_contain_text("Japanese (ja) · 0 of 1 approval")
        await picture_of(stage, "forty-locales-details", scheme, "light")
