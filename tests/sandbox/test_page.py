"""The page in a real browser: what it draws, what the keyboard does, what is never lost."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import EVERY_BLOCK, RICH, a_message, mrkdwn, plain
from tests.sandbox.page_stage import a_browser, a_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def test_every_block_of_a_message_is_drawn(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Everything", blocks=EVERY_BLOCK)
        message = stage.by("message").last
        for block in EVERY_BLOCK:
            await expect(message.locator(f'[data-block="{block["type"]}"]')).to_be_attached()
        await expect(message.locator(".unknown")).to_have_count(0)


async def test_styles_links_mentions_and_emoji_become_elements(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Everything", blocks=EVERY_BLOCK)
        section = stage.by("message").last.locator('[data-block="section"]')
        for tag, words in {"strong": "bold", "em": "slanted", "s": "gone", "code": "code"}.items():
            await expect(section.locator(tag).first).to_have_text(words)
        await expect(section.locator("a")).to_have_attribute("href", "https://a.example")
        await expect(section.locator(".mention")).to_have_text("@Ben Okafor")
        await expect(section.locator(".emoji")).to_have_text("🎉")


async def test_rich_text_shows_before_and_after(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Everything", blocks=[RICH])
        text = stage.by("message").last.locator(".rich-text")
        for tag, words in {
            "s": "before",
            "strong": "after",
            "li": "an entry",
            "blockquote": "a quotation",
            "pre": "as  it is",
        }.items():
            await expect(text.locator(tag)).to_have_text(words)


async def test_markup_in_a_text_stays_text(browser: Browser):
    trap = "<img src=x onerror=alert(1)><b>bold</b>"
    async with a_stage(browser) as stage:
        escaped = trap.replace("<", "&lt;").replace(">", "&gt;")
        blocks = [
            {"type": "section", "text": plain(trap)},
            {"type": "section", "text": mrkdwn(escaped)},
        ]
        await a_message(stage, text="A trap", blocks=blocks)
        texts = stage.by("message").last.locator(".section-text")
        await expect(texts.nth(0)).to_have_text(trap)
        await expect(texts.nth(1)).to_have_text(trap)


async def test_a_link_that_runs_a_program_stays_text(browser: Browser):
    async with a_stage(browser) as stage:
        blocks = [{"type": "section", "text": mrkdwn("<javascript:alert(1)|press me>")}]
        await a_message(stage, text="A trap", blocks=blocks)
        message = stage.by("message").last
        await expect(message).to_contain_text("press me")
        await expect(message.locator("a")).to_have_count(0)


async def test_a_changed_message_is_drawn_in_its_place_and_marked(browser: Browser):
    async with a_stage(browser) as stage:
        ts = await a_message(stage, text="Pushing")
        await a_message(stage, text="Another")
        await stage.bot.call("chat.update", channel="C0ASO", ts=ts, text="Pushed")
        message = stage.page.locator(f'[data-ts="{ts}"]')
        await expect(message).to_contain_text("Pushed")
        await expect(message).to_contain_text("(edited)")


async def test_an_ephemeral_message_says_that_nobody_else_sees_it(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.bot.call("chat.postEphemeral", channel="C0ASO", user="U0MIA", text="Not yours")
        await expect(stage.by("ephemeral")).to_contain_text("Only visible to you")
        await stage.become("approver")
        await expect(stage.by("ephemeral")).to_have_count(0)


async def test_a_reaction_is_pressed_counted_and_taken_back(browser: Browser):
    async with a_stage(browser) as stage:
        ts = await a_message(stage, text="A proposal")
        await stage.bot.call(
            "reactions.add", channel="C0ASO", timestamp=ts, name="white_check_mark"
        )
        chip = stage.by("reaction")
        await expect(chip).to_have_attribute("aria-pressed", "false")
        await chip.click()
        await expect(chip).to_contain_text("2")
        await chip.click()
        await expect(chip).to_contain_text("1")


async def test_a_reaction_is_chosen_from_the_picker_by_keyboard(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="A proposal")
        await stage.by("add-reaction").focus()
        await stage.page.keyboard.press("Enter")
        await stage.page.get_by_label("Name of an emoji").fill("eyes")
        await stage.page.keyboard.press("Enter")
        await expect(stage.by("reaction")).to_have_attribute("data-name", "eyes")


async def test_a_dangerous_button_asks_first(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Everything", blocks=EVERY_BLOCK)
        await stage.page.locator('[data-action="withdraw"]').click()
        await expect(stage.page.get_by_role("alertdialog")).to_contain_text("No way back.")
        await stage.page.keyboard.press("Escape")
        await expect(stage.page.get_by_role("alertdialog")).to_have_count(0)
        assert [heard["type"] for heard in stage.bot.heard if "type" in heard] == []


async def test_a_menu_is_walked_by_keyboard_and_closed_with_escape(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Everything", blocks=EVERY_BLOCK)
        more = stage.page.get_by_role("button", name="More actions")
        await more.focus()
        await stage.page.keyboard.press("Enter")
        await expect(stage.page.get_by_role("menuitem")).to_be_focused()
        await stage.page.keyboard.press("Escape")
        await expect(more).to_be_focused()
        await expect(stage.page.get_by_role("menuitem")).to_have_count(0)


async def test_a_thread_opens_is_answered_and_closes_with_escape(browser: Browser):
    async with a_stage(browser) as stage:
        ts = await a_message(stage, text="A proposal")
        await a_message(stage, text="Long texts", thread_ts=ts)
        await stage.by("replies").click()
        await expect(stage.by("thread")).to_contain_text("Long texts")
        await stage.by("thread-composer").fill("Fine by me")
        await stage.by("thread-composer").press("Enter")
        await expect(stage.by("thread")).to_contain_text("Fine by me")
        await stage.page.keyboard.press("Escape")
        await expect(stage.by("thread")).to_be_hidden()


async def test_a_command_that_nobody_answers_says_so_in_slacks_words(browser: Browser):
    async with a_stage(browser) as stage:
        stage.sandbox.slack.deliver_to("http://127.0.0.1:9/slack/events")
        await stage.send("/aso help")
        await expect(stage.by("ephemeral")).to_contain_text("/aso failed with the error")


async def test_arrow_up_brings_the_last_command_back(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.send("/aso status")
        await expect(stage.by("composer")).to_have_value("")
        await stage.by("composer").press("ArrowUp")
        await expect(stage.by("composer")).to_have_value("/aso status")


async def test_a_suggestion_is_taken_with_tab(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("composer").fill("/aso e")
        await expect(stage.by("suggestion")).to_have_count(1)
        await stage.by("composer").press("Tab")
        await expect(stage.by("composer")).to_have_value("/aso edit ")
        await expect(stage.by("suggestion").first).to_contain_text("com.example")


async def test_home_is_drawn_when_the_bot_publishes_it(browser: Browser):
    async with a_stage(browser) as stage:
        view = {"type": "home", "blocks": EVERY_BLOCK[:3]}
        await stage.bot.call("views.publish", user_id="U0MIA", view=view)
        await stage.by("home-entry").click()
        await expect(stage.by("home")).to_contain_text("A header")


async def test_a_lost_connection_is_said(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.page.route("**/page/**", lambda route: route.abort())
        await stage.become("approver")
        await expect(stage.page.locator("#banner")).to_contain_text("not answering")
        stage.complaints.clear()


async def test_a_narrow_page_shows_one_pane_at_a_time(browser: Browser):
    async with a_stage(browser, viewport={"width": 420, "height": 800}) as stage:
        await expect(stage.by("composer")).to_be_visible()
        await expect(stage.by("listing")).to_be_hidden()
        await stage.page.get_by_role("button", name="Store").click()
        await expect(stage.by("listing")).to_be_visible()
        await expect(stage.by("composer")).to_be_hidden()


async def test_slack_and_store_share_a_tab_where_both_fit(browser: Browser):
    async with a_stage(browser, viewport={"width": 420, "height": 800}) as stage:
        await stage.page.get_by_role("button", name="Store").click()
        await stage.page.set_viewport_size({"width": 1000, "height": 800})
        tab = stage.page.get_by_role("button", name="Slack and Store")
        await expect(tab).to_have_attribute("aria-current", "true")
        await expect(stage.page.locator(".pane-tab")).to_have_count(2)
        await expect(stage.by("listing")).to_be_visible()
        await expect(stage.by("composer")).to_be_visible()


async def test_the_end_of_a_channel_stays_in_sight_when_the_page_narrows(browser: Browser):
    async with a_stage(browser) as stage:
        for number in range(8):
            await a_message(stage, text=f"Message {number}. " + "Many words to be wrapped. " * 25)
        last = stage.by("message").nth(7)
        await expect(last).to_be_in_viewport()
        await stage.page.set_viewport_size({"width": 420, "height": 600})
        await expect(last.locator(".message-body")).to_be_in_viewport(ratio=0.3)
        gap = "list => list.scrollHeight - list.scrollTop - list.clientHeight"
        assert await stage.page.locator("#messages").evaluate(gap) <= 1


async def test_light_and_dark_follow_the_system_until_somebody_chooses(browser: Browser):
    async with a_stage(browser, color_scheme="dark") as stage:
        root = stage.page.locator("html")
        await expect(root).to_have_attribute("data-theme", "dark")
        await stage.page.get_by_role("button", name="Switch between light and dark").click()
        await expect(root).to_have_attribute("data-theme", "light")
