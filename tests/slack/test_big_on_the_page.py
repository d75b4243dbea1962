"""A change of forty locales as people see it, in light and dark, in a real browser.

It leaves its pictures in tests/out; `make pictures` puts them where the documents show them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.domain.bulk import compared, cost
from bot.domain.matrix import matrix
from bot.domain.mending import mends
from bot.domain.validation import Severity
from bot.exchange.proposed import changes_table, difference
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from bot.slack.faces.bulk_thread import file_names, files_comment, table_message
from bot.slack.faces.details import details_view
from bot.slack.faces.messages import proposal_message
from bot.slack.faces.upload_preview import Spot, preview_view
from bot.slack.matrix_chart import FILE_NAME, PANEL_IN_MODAL, draw_matrix
from bot.workflow.cards import ProposalCard
from bot.workflow.upload_cards import UploadCard
from tests.bench.listing import CODES, texts
from tests.builders import TEXTS, a_card, a_listing, a_need, a_proposal, a_version, an_app, an_item
from tests.sandbox.page_stage import Stage, a_browser, a_stage, opens, width_drawn

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


async def picture_of(stage: Stage, name: str, scheme: str) -> None:
    OUT.mkdir(exist_ok=True)
    await stage.page.mouse.move(0, 0)
    # What the emulated Slack shows, without the panes beside it.
    shown = stage.page.locator("#workspace")
    await shown.screenshot(path=OUT / f"{name}-{scheme}.png", animations="disabled")


LIVE = a_listing(
    {code: {**TEXTS, **OLD[code]} for code in CODES},
    app=an_app(name="Harbour", primary_locale="en-US"),
    version=a_version(number="4.1"),
)
# What a file holds: one text is too long, one emptied, some are there already, one near its limit.
CHANGED = {(code, name): text for code, of in NEW.items() for name, text in of.items()} | {
    ("de-DE", "subtitle"): "Gezeiten, Ankerplätze und Liegestellen",
    ("hu", "promotionalText"): "",
    **{(code, "name"): OLD[code]["name"] for code in ("ko", "ms", "no")},
}


def a_preview() -> UploadCard:
    found = compared(LIVE, CHANGED)
    return UploadCard(
        draft=7,
        app=LIVE.app,
        version=LIVE.version,
        versions=(LIVE.version,),
        name="autumn.xlsx",
        form="xlsx",
        empty_clears=False,
        reason="",
        comparison=found,
        matrix=matrix(found.items, LIVE),
        cost=cost(dict.fromkeys(CODES, 2), in_flight=20),
        failing=1,
        mends=mends(LIVE, CHANGED, found.of(Severity.ERROR)),
        left_out=("row 44: “xx-YY” names no locale of the App Store.",),
    )


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
        await picture_of(stage, "forty-locales", scheme)

        await message.get_by_text("2 replies").click()
        table = stage.by("thread").get_by_test_id("message").nth(1)
        image = table.get_by_role("img", name="200 of 360 texts change")
        await expect(image).to_be_visible()
        assert await width_drawn(image) > 1_000
        await expect(table).to_contain_text("en-US + + + + + . . . .")
        await expect(stage.by("thread")).to_contain_text("proposal-12-revision-1.diff")
        await image.evaluate("node => node.scrollIntoView({block: 'center'})")
        await picture_of(stage, "forty-locales-thread", scheme)

        # Drawn beforehand: Slack waits three seconds for a modal, on a busy machine too.
        details = details_view(card, own=("ja",))
        stage.bot.hears["/aso"] = opens(lambda: details)
        await stage.page.reload()
        await stage.send("/aso details")
        modal = stage.by("modal")
        await expect(modal).to_contain_text("Japanese (ja) · 0 of 1 approval")
        await picture_of(stage, "forty-locales-details", scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_preview_of_a_file_can_be_read_and_turned_by_keyboard(scheme: str) -> None:
    card = a_preview()
    async with (
        a_browser() as browser,
        a_stage(browser, color_scheme=scheme, viewport={"width": 1400, "height": 900}) as stage,
    ):
        drawn = draw_matrix(card.matrix, panel=PANEL_IN_MODAL)
        file = await upload(stage, FILE_NAME, drawn)
        await stage.bot.call("files.completeUploadExternal", files=[{"id": file}])
        spot = Spot(draft=7, picture=file)
        first, second = (preview_view(card, replace(spot, page=page)) for page in (0, 1))
        stage.bot.hears["/aso"] = opens(lambda: first)
        stage.bot.hears["block_actions"] = opens(lambda: second)
        await stage.send("/aso bulk")
        modal = stage.by("modal")
        image = modal.get_by_role("img", name="1 too long (Subtitle in de-DE)")
        await expect(image).to_be_visible()
        assert await width_drawn(image) > 1_000
        body = stage.by("modal-body")
        assert await body.evaluate("node => node.scrollWidth <= node.clientWidth")
        await picture_of(stage, "bulk-preview", scheme)
        table = modal.locator("pre").first
        await table.evaluate("node => node.scrollIntoView({block: 'start'})")
        assert await table.evaluate("node => node.scrollWidth <= node.clientWidth")
        await picture_of(stage, "bulk-preview-table", scheme)

        await modal.get_by_role("button", name="Next").focus()
        await stage.page.keyboard.press("Enter")
        await expect(modal).to_contain_text("page 2 of 3")
        await expect(modal.get_by_role("img", name="too long")).to_have_count(0)
        assert await modal.evaluate("node => node.contains(document.activeElement)")
        await picture_of(stage, "bulk-preview-second", scheme)
