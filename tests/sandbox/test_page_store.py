"""The page's store in a real browser: its texts, its words, and trouble on demand."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.domain.editing import VERSION_STATES
from bot.domain.locales import LOCALES as NAMED_LOCALES
from bot.slack.commands import COMMANDS
from bot.slack.faces.wording import locale_label
from tests.sandbox.page_stage import a_browser, a_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def test_a_changed_text_lights_up_in_the_listing(browser: Browser):
    async with a_stage(browser) as stage:
        app = stage.sandbox.apple.apps()[0]
        await expect(stage.by("listing")).to_be_visible()
        stage.sandbox.apple.edit(app["id"], "ja", "subtitle", "潮のように", platform="IOS")
        await expect(stage.by("listing")).to_have_attribute("data-locale", "ja")
        subtitle = stage.page.locator('[data-testid="listing-field"][data-field="subtitle"]')
        await expect(subtitle).to_have_text("潮のように")
        await expect(subtitle).to_have_class(re.compile("is-changed"))


async def test_a_fault_is_switched_on_and_off(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        switch = stage.by("fault-errors")
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true")
        assert [fault["kind"] for fault in stage.sandbox.apple.faults.list()] == ["server_error"]
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "false")


async def test_one_write_can_be_refused(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await stage.by("fault-refused").click()
        await expect(stage.by("fault-refused")).to_have_attribute("aria-checked", "true")
        rows = stage.sandbox.apple.faults.list()
        assert [(row["kind"], row["count"]) for row in rows] == [("refused", 1)]


async def test_states_and_locales_are_called_as_the_bot_calls_them(browser: Browser):
    async with a_stage(browser) as stage:
        states, locales = await stage.page.evaluate(
            """async ([states, locales]) => {
                const { stateName, localeName } = await import("/page/static/words.js");
                return [states.map(stateName), locales.map(localeName)];
            }""",
            [list(VERSION_STATES), [one.code for one in NAMED_LOCALES]],
        )
        assert states == [words for words, _ in VERSION_STATES.values()]
        assert locales == [locale_label(one.code) for one in NAMED_LOCALES]


async def test_every_command_the_bot_knows_is_suggested_as_it_is_typed(browser: Browser):
    async with a_stage(browser) as stage:
        suggested = await stage.page.evaluate(
            """async () => {
                const { suggestionsFor } = await import("/page/static/composer.js");
                const all = suggestionsFor("/aso ");
                return all.map(({ words, takes }) => `${words} ${takes}`.trim());
            }"""
        )
        assert sorted(suggested) == sorted(command.typed for command in COMMANDS)


async def test_an_empty_field_is_named_by_its_label(browser: Browser):
    async with a_stage(browser) as stage:
        app = stage.sandbox.apple.apps()[0]
        stage.sandbox.apple.edit(app["id"], "ja", "marketingUrl", "")
        address = stage.page.locator('[data-testid="listing-field"][data-field="marketingUrl"]')
        await expect(address).to_have_text("No marketing URL")


async def test_somebody_else_edits_a_text_in_the_store(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await stage.by("pick-locale").select_option("de-DE")
        await stage.by("else-text").fill("Von jemand anderem")
        await stage.by("else-save").click()
        await stage.by("tab-listing").click()
        subtitle = stage.page.locator('[data-testid="listing-field"][data-field="subtitle"]')
        await expect(subtitle).to_have_text("Von jemand anderem")


async def test_a_request_opens_to_what_was_answered(browser: Browser):
    async with a_stage(browser) as stage:
        url = f"{stage.sandbox.url}/apple/v1/apps"
        async with stage.bot.session.get(url) as answer:
            assert answer.status == 401
        await stage.by("tab-requests").click()
        await stage.by("request").first.locator("summary").click()
        await expect(stage.by("request").first).to_contain_text("NOT_AUTHORIZED")
