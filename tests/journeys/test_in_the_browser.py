"""One whole journey on the page, by clicking and typing only, in a real browser.

It leaves its pictures in tests/out; `make pictures` puts them where the README shows them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.sandbox.server import Sandbox, SandboxOptions
from tests.sandbox.page_stage import a_browser, width_drawn

OUT = Path(__file__).parents[1] / "out"
SUBTITLE = "潮のように静かなノート"


@pytest.fixture
def options() -> dict[str, Any]:
    return {}


@pytest_asyncio.fixture
async def page(options: dict[str, Any]) -> AsyncIterator[Page]:
    chosen = SandboxOptions(port=0, open_browser=False, say=lambda _line: None, **options)
    async with Sandbox(chosen) as sandbox, a_browser() as browser:
        await sandbox.ready()
        shown = await browser.new_page(viewport={"width": 1400, "height": 900})
        shown.on("pageerror", lambda error: broken.append(str(error)))
        broken: list[str] = []
        await shown.goto(f"{sandbox.url}/")
        yield shown
        assert broken == []


async def become(page: Page, name: str) -> None:
    await page.get_by_test_id("person").filter(has_text=name).first.click()


async def send(page: Page, command: str) -> None:
    composer = page.get_by_test_id("composer")
    await composer.fill(command)
    await composer.press("Enter")


def field(modal: Locator, label: str) -> Locator:
    return modal.locator(f'[data-label="{label}"]').get_by_test_id("input")


async def picture(page: Page, name: str) -> None:
    OUT.mkdir(exist_ok=True)
    await page.mouse.move(0, 0)
    await page.screenshot(path=OUT / f"{name}.png", animations="disabled")


async def test_a_newcomer_edits_a_japanese_subtitle_and_sees_the_listing_change(page: Page) -> None:
    await page.get_by_test_id("pick-locale").select_option("ja")
    listing = page.get_by_test_id("listing")
    await expect(listing).not_to_contain_text(SUBTITLE)

    await become(page, "Mia")
    await send(page, "/aso edit tidewell ja")
    modal = page.get_by_test_id("modal")
    await expect(field(modal, "Subtitle")).not_to_have_value("")
    await field(modal, "Subtitle").fill(SUBTITLE)
    await expect(modal).to_contain_text("11 of 30")
    await field(modal, "Why").fill("The tide is what people remember of us.")
    await picture(page, "form")
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)

    proposal = page.get_by_test_id("message").filter(has_text="Proposal 1").first
    await expect(proposal).to_contain_text(SUBTITLE.removeprefix("潮のように")[:3])
    await expect(proposal.get_by_test_id("reaction")).to_have_count(2)

    told = page.get_by_test_id("ephemeral")
    for name, why in (
        ("Mia", "You wrote or edited part of this"),
        ("Gus", "Guests"),
        ("Sam", "another"),
    ):
        await become(page, name)
        await proposal.get_by_test_id("reaction").first.click()
        await expect(told.filter(has_text=why)).to_be_visible()
        await proposal.get_by_test_id("reaction").first.click()

    await become(page, "Ben")
    await proposal.get_by_test_id("reaction").first.click()
    await expect(proposal).to_contain_text("Pushed")
    await expect(listing).to_contain_text(SUBTITLE)
    # Whole in one step: a message that is drawn anew meanwhile is never "stable".
    await proposal.evaluate("node => node.scrollIntoView({block: 'end'})")
    await picture(page, "sandbox")
    await page.mouse.move(0, 0)
    box = await proposal.bounding_box()
    assert box is not None
    await page.screenshot(path=OUT / "proposal.png", clip=box, animations="disabled")


async def test_a_bot_killed_in_the_middle_of_a_push_comes_back_and_ends_it(page: Page) -> None:
    await become(page, "Mia")
    await send(page, "/aso edit tidewell de-DE")
    modal = page.get_by_test_id("modal")
    await expect(field(modal, "Subtitle")).not_to_have_value("")
    await field(modal, "Subtitle").fill("Dein stilles Notizbuch")
    await page.get_by_test_id("modal-submit").click()
    proposal = page.get_by_test_id("message").filter(has_text="Proposal 1").first
    await expect(proposal.get_by_test_id("reaction")).to_have_count(2)

    await page.get_by_test_id("tab-faults").click()
    await page.get_by_test_id("fault-slow").click()
    await become(page, "Ben")
    await proposal.get_by_test_id("reaction").first.click()
    await page.get_by_test_id("tab-bot").click()
    await expect(proposal).to_contain_text("Approved")
    await page.get_by_test_id("bot-kill").click()

    await expect(proposal).to_contain_text("Pushed", timeout=40_000)
    await page.get_by_test_id("tab-listing").click()
    await page.get_by_test_id("pick-locale").select_option("de-DE")
    await expect(page.get_by_test_id("listing")).to_contain_text("Dein stilles Notizbuch")


def a_step(page: Page, title: str) -> Locator:
    return page.get_by_test_id("guide-step").filter(has_text=title)


async def propose_a_name(page: Page, name: str, *, number: int) -> Locator:
    """Mia proposes another English name; return the proposal's message."""
    await become(page, "Mia")
    await send(page, "/aso edit tidewell en-US")
    modal = page.get_by_test_id("modal")
    await expect(field(modal, "Name")).not_to_have_value("")
    await field(modal, "Name").fill(name)
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)
    proposal = page.get_by_test_id("message").filter(has_text=f"Proposal {number}").first
    await expect(proposal.get_by_test_id("reaction")).to_have_count(2)
    return proposal


async def test_a_new_name_waits_for_confirm_and_the_tour_sees_it_pressed(page: Page) -> None:
    proposal = await propose_a_name(page, "Tidewell: Calm Notes", number=1)
    await become(page, "Ben")
    await proposal.get_by_test_id("reaction").first.click()
    await proposal.get_by_role("button", name="Confirm").click()
    modal = page.get_by_test_id("modal")
    await expect(modal).to_contain_text("Tidewell: Calm Notes")
    await picture(page, "confirm")
    await expect(a_step(page, "Confirm a new name")).to_have_attribute("data-done", "false")
    await page.get_by_test_id("modal-submit").click()
    await expect(proposal).to_contain_text("Pushed")
    await expect(a_step(page, "Confirm a new name")).to_have_attribute("data-done", "true")
    await expect(page.get_by_test_id("listing")).to_contain_text("Tidewell: Calm Notes")


async def test_the_glass_is_broken_on_the_page_and_the_channel_is_told(page: Page) -> None:
    proposal = await propose_a_name(page, "Tidewell: Calm Notes", number=1)
    await become(page, "Ben")
    await send(page, "/aso break-glass 1")
    modal = page.get_by_test_id("modal")
    why = field(modal, "Why can it not wait for approval?")
    await why.fill("The name in the store is not ours; nobody else is awake.")
    await picture(page, "break-glass")
    await page.get_by_test_id("modal-submit").click()
    await expect(proposal).to_contain_text("Pushed")
    told = page.get_by_test_id("message").filter(has_text="Break-glass")
    await expect(told.first).to_contain_text("nobody else is awake")
    await expect(a_step(page, "Break the glass")).to_have_attribute("data-done", "true")
    await told.first.evaluate("node => node.scrollIntoView({block: 'end'})")
    await picture(page, "glass-broken")


@pytest.mark.parametrize("options", [{"undo_window": 600}])
async def test_an_approved_push_is_stopped_in_its_undo_window(page: Page) -> None:
    await become(page, "Mia")
    await send(page, "/aso edit tidewell de-DE")
    modal = page.get_by_test_id("modal")
    await field(modal, "Subtitle").fill("Dein stilles Notizbuch")
    await page.get_by_test_id("modal-submit").click()
    proposal = page.get_by_test_id("message").filter(has_text="Proposal 1").first
    await expect(proposal.get_by_test_id("reaction")).to_have_count(2)
    await become(page, "Ben")
    await proposal.get_by_test_id("reaction").first.click()
    await expect(proposal).to_contain_text("Pushes at")
    await picture(page, "undo-window")
    await proposal.get_by_role("button", name="Stop").click()
    await expect(proposal).to_contain_text("Nothing was pushed. Push after all")


async def test_a_spreadsheet_is_looked_at_with_its_picture_and_proposed(page: Page) -> None:
    content = "locale;subtitle;keywords\nde-DE;Ebbe und Flut;ebbe,flut\nja;潮の満ち引き;潮\n"
    file = {"name": "names.csv", "mimeType": "text/csv", "buffer": content.encode()}
    await become(page, "Mia")
    await send(page, "/aso bulk tidewell ios")
    modal = page.get_by_test_id("modal")
    await field(modal, "File").set_input_files([file])
    await expect(modal).to_contain_text("names.csv")
    await field(modal, "Why").fill("The tide is what people remember of us.")
    await page.get_by_test_id("modal-submit").click()

    await expect(modal).to_contain_text("4 texts would change in 2 locales.")
    await expect(modal).to_contain_text("de-DE   . + + . . . . . .")
    image = modal.get_by_role("img", name="texts change")
    await expect(image).to_be_visible()
    assert await width_drawn(image) >= 1_000
    await picture(page, "bulk")
    await page.get_by_test_id("modal-submit").click()
    await expect(modal).to_contain_text("Proposal 1 is up")
    await page.get_by_test_id("modal-close").click()
    proposal = page.get_by_test_id("message").filter(has_text="Proposal 1").first
    await expect(proposal).to_contain_text("The tide is what people remember of us.")
