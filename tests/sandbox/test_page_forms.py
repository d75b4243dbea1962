"""The page's forms in a real browser: what is typed is kept, and where the focus goes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import (
    LOCALES,
    a_modal,
    an_input,
    fill_modal,
    option,
    plain,
    show_modal,
)
from tests.sandbox.page_stage import a_browser, a_stage, opens

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def test_every_kind_of_input_is_drawn(browser: Browser):
    kinds = [
        LOCALES,
        an_input("Subtitle", initial_value="静かなノート"),
        an_input("Description", multiline=True),
        {
            **an_input("Then"),
            "element": {"type": "checkboxes", "action_id": "c", "options": [option("a")]},
        },
        {
            **an_input("Or"),
            "element": {"type": "radio_buttons", "action_id": "r", "options": [option("b")]},
        },
        {
            **an_input("From"),
            "element": {"type": "static_select", "action_id": "s", "options": [option("c")]},
        },
    ]
    async with a_stage(browser) as stage:
        await show_modal(stage, *kinds)
        await expect(stage.field("Subtitle")).to_have_value("静かなノート")
        await expect(stage.by("field")).to_have_count(5)
        await expect(stage.by("field").first).to_contain_text("(optional)")
        for control in ("textarea", "[type=checkbox]", "[type=radio]", "select >> nth=1"):
            await expect(stage.by("modal-body").locator(control)).to_be_visible()
        await expect(stage.by("modal-body").locator(".unknown")).to_have_count(0)


async def test_what_is_typed_and_where_survives_a_new_view(browser: Browser):
    hints = iter(range(100))

    def fresh() -> Json:
        counted = an_input("Subtitle", hint=f"drawn {next(hints)} times", initial_value="old")
        telling = {"trigger_actions_on": ["on_character_entered"]}
        counted["element"]["dispatch_action_config"] = telling
        return a_modal({**counted, "dispatch_action": True})

    async with a_stage(browser) as stage:
        stage.bot.hears["/aso"] = opens(fresh)
        stage.bot.hears["block_actions"] = opens(fresh)
        await stage.send("/aso edit")
        subtitle = stage.field("Subtitle")
        await subtitle.press("Home")
        await subtitle.press_sequentially("A ")
        await expect(stage.by("field")).to_contain_text("drawn 1 times")
        await subtitle.press_sequentially("very ")
        await expect(subtitle).to_have_value("A very old")
        await expect(subtitle).to_be_focused()
        assert await subtitle.evaluate("node => node.selectionStart") == len("A very ")


async def test_mistakes_stand_under_their_fields_and_the_first_has_the_focus(browser: Browser):
    def refuse(_: Json) -> Json:
        errors = {"subtitle": "Six characters too many.", "why": "Say why."}
        return {"response_action": "errors", "errors": errors}

    async with a_stage(browser) as stage:
        stage.bot.hears["view_submission"] = refuse
        await show_modal(stage, an_input("Name"), an_input("Subtitle"), an_input("Why"))
        await stage.field("Subtitle").fill("Far too long for a subtitle")
        await stage.by("modal-submit").click()
        fields = stage.by("field")
        await expect(fields.nth(1)).to_contain_text("Six characters too many.")
        await expect(fields.nth(2)).to_contain_text("Say why.")
        await expect(stage.field("Subtitle")).to_be_focused()
        await expect(stage.field("Subtitle")).to_have_value("Far too long for a subtitle")


async def test_what_is_typed_arrives_with_the_submission(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, an_input("Subtitle"))
        await stage.field("Subtitle").fill("潮のように")
        await stage.field("Subtitle").press("Enter")
        await expect(stage.by("modal")).to_have_count(0)
        sent = next(heard for heard in stage.bot.heard if heard.get("type") == "view_submission")
        assert sent["view"]["state"]["values"]["subtitle"]["text"]["value"] == "潮のように"


async def test_tab_stays_in_the_modal(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, an_input("Name"), an_input("Why"))
        inside = "document.querySelector('.modal').contains(document.activeElement)"
        for key in ["Tab"] * 7 + ["Shift+Tab"] * 7:
            await stage.page.keyboard.press(key)
            assert await stage.page.evaluate(inside)


async def test_escape_closes_the_modal_and_the_focus_goes_back(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, an_input("Name"))
        await expect(stage.field("Name")).to_be_focused()
        await stage.page.keyboard.press("Escape")
        await expect(stage.by("modal")).to_have_count(0)
        await expect(stage.by("composer")).to_be_focused()


async def test_a_form_that_fills_later_takes_the_focus_into_its_first_text(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, {"type": "section", "text": plain("Reading the texts …")})
        await fill_modal(stage, LOCALES, an_input("Name"), an_input("Why"))
        await expect(stage.field("Name")).to_be_focused()


async def test_a_form_that_fills_later_leaves_the_focus_where_somebody_put_it(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, LOCALES)
        await stage.by("modal-close").focus()
        await fill_modal(stage, LOCALES, an_input("Name"))
        await expect(stage.field("Name")).to_be_visible()
        await expect(stage.by("modal-close")).to_be_focused()


async def test_a_choice_in_a_modal_is_told_with_its_value(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, LOCALES, an_input("Name"))
        await stage.by("modal-body").locator("select").select_option("de")
        await expect(stage.by("modal-body").locator("select")).to_have_value("de")
        await expect(stage.by("modal-body").locator("[aria-busy]")).to_have_count(0)
        action = next(heard for heard in stage.bot.heard if heard.get("type") == "block_actions")
        assert action["actions"][0]["selected_option"]["value"] == "de"


async def test_each_person_has_a_modal_of_their_own(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, an_input("Name"))
        await stage.field("Name").fill("Half a na")
        await stage.become("approver")
        await expect(stage.by("modal")).to_have_count(0)
        await stage.become("proposer")
        await expect(stage.field("Name")).to_have_value("Half a na")
