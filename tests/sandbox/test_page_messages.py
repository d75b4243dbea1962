"""The page in a real browser: direct messages, broadcasts, pictures, buttons that ask or lead."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import SURE, a_message, button, option, plain, upload
from tests.sandbox.page_stage import Stage, a_browser, a_stage, width_drawn

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def pressed(stage: Stage) -> list[str]:
    heard = [one for one in stage.bot.heard if one.get("type") == "block_actions"]
    return [action["action_id"] for one in heard for action in one["actions"]]


async def test_a_direct_message_is_marked_until_it_is_read(browser: Browser):
    async with a_stage(browser) as stage:
        entry = stage.by("direct-entry")
        await expect(entry.get_by_label("new messages")).to_have_count(0)
        await stage.bot.call("chat.postMessage", channel="U0MIA", text="Yours alone")
        await expect(entry.get_by_label("new messages")).to_be_visible()
        await expect(stage.page.locator("#announcer")).to_have_text(
            "New direct message from Marquee"
        )
        await entry.click()
        await expect(stage.by("message")).to_contain_text("Yours alone")
        await stage.by("channel").first.click()
        await expect(entry.get_by_label("new messages")).to_have_count(0)


async def test_each_person_sees_direct_messages_of_their_own(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.bot.call("chat.postMessage", channel="U0MIA", text="For Mia")
        await stage.bot.call("chat.postMessage", channel="U0BEN", text="For Ben")
        await stage.by("direct-entry").click()
        await expect(stage.by("message")).to_contain_text("For Mia")
        await stage.become("approver")
        await expect(stage.by("message")).to_contain_text("For Ben")
        await expect(stage.by("message")).to_have_count(1)


async def test_nobody_writes_where_the_app_only_writes(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("direct-entry").click()
        await expect(stage.by("composer")).to_be_hidden()
        await expect(stage.page.locator("#read-only")).to_have_text(
            "Sending messages to this app has been turned off."
        )
        await stage.by("channel").first.click()
        await expect(stage.by("composer")).to_be_visible()


async def test_buttons_and_reactions_work_in_direct_messages(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.bot.call(
            "chat.postMessage", channel="U0MIA", text="Done?", blocks=[row(button("done"))]
        )
        await stage.by("direct-entry").click()
        await stage.page.locator('[data-action="done"]').click()
        await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
        assert pressed(stage) == ["done"]
        await stage.by("add-reaction").focus()
        await stage.page.keyboard.press("Enter")
        await stage.page.locator('[data-testid="pick"]').first.click()
        await expect(stage.by("reaction")).to_have_count(1)


async def test_a_broadcast_stands_in_the_channel_and_leads_to_its_thread(browser: Browser):
    async with a_stage(browser) as stage:
        ts = await a_message(stage, text="Orrery 2.4 is in review")
        await a_message(stage, text="Rejected", thread_ts=ts, reply_broadcast=True)
        told = stage.by("message").nth(1)
        await expect(told).to_contain_text("replied to a thread: Orrery 2.4 is in review")
        await told.get_by_test_id("broadcast-root").click()
        await expect(stage.by("thread").get_by_test_id("message")).to_have_count(2)
        await expect(stage.by("thread")).to_contain_text("Also sent to the channel")


async def test_of_a_long_message_a_broadcast_shows_the_beginning(browser: Browser):
    async with a_stage(browser) as stage:
        ts = await a_message(stage, text="Orrery 2.4 is in review, " + "and waits, " * 40)
        await a_message(stage, text="Rejected", thread_ts=ts, reply_broadcast=True)
        told = await stage.by("message").nth(1).bounding_box()
        root = await stage.by("broadcast-root").bounding_box()
        assert told
        assert root
        assert root["width"] > told["width"] / 2
        assert root["x"] + root["width"] <= told["x"] + told["width"]


async def test_a_picture_of_a_message_is_drawn_with_its_words(browser: Browser):
    async with a_stage(browser) as stage:
        await upload(stage, channel_id="C0ASO", initial_comment="The week")
        image = stage.page.get_by_role("img", name="Nine proposals, seven pushed")
        await expect(image).to_be_visible()
        assert await width_drawn(image) == 420
        await expect(stage.by("attachment")).to_contain_text("Week 48")
        await expect(stage.by("message")).to_contain_text("The week")


async def test_a_channel_that_ends_in_a_picture_is_shown_to_its_end(browser: Browser):
    async with a_stage(browser, viewport={"width": 1280, "height": 500}) as stage:
        for number in range(6):
            await a_message(stage, text=f"Message {number}")
        await upload(stage, channel_id="C0ASO", initial_comment="The week")
        await upload(stage, channel_id="C0ASO", initial_comment="And again")
        words = stage.by("attachment").nth(1).locator(".stored-words")
        await expect(words).to_be_in_viewport()


async def test_a_picture_in_a_block_is_drawn_with_its_words(browser: Browser):
    async with a_stage(browser) as stage:
        file_id = await upload(stage)
        block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A chart of bars"}
        await a_message(stage, text="Numbers", blocks=[block])
        image = stage.page.get_by_role("img", name="A chart of bars")
        await expect(image).to_be_visible()


async def test_a_picture_that_is_not_for_these_eyes_is_not_served(browser: Browser):
    async with a_stage(browser) as stage:
        file_id = await upload(stage, channel_id="C0LEADS")
        address = f"{stage.sandbox.url}/page/slack/file/{file_id}"
        for who, status in (("U0BEN", 200), ("U0MIA", 404), ("", 404)):
            async with stage.bot.session.get(address, params={"as": who}) as answer:
                assert answer.status == status


async def test_a_button_that_asks_is_pressed_after_a_yes(browser: Browser):
    async with a_stage(browser) as stage:
        await a_message(stage, text="Sure", blocks=[row(button("withdraw", confirm=SURE))])
        await stage.page.locator('[data-action="withdraw"]').click()
        await stage.page.get_by_role("button", name="Yes").click()
        await expect(stage.page.get_by_role("alertdialog")).to_have_count(0)
        await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
        assert pressed(stage) == ["withdraw"]


@pytest.mark.parametrize("kind", ["button", "overflow"])
async def test_what_leads_elsewhere_opens_there_and_is_told(browser: Browser, kind: str):
    async with a_stage(browser) as stage:
        address = f"{stage.sandbox.url}/page/static/icon.svg"
        entry = {"text": plain("Outside"), "value": "out", "url": address}
        element = (
            button("outside", url=address)
            if kind == "button"
            else {"type": "overflow", "action_id": "outside", "options": [entry]}
        )
        await a_message(stage, text="Look", blocks=[row(element)])
        if kind == "overflow":
            await stage.page.get_by_role("button", name="More actions").click()
        name = {"button": "button", "overflow": "menuitem"}[kind]
        async with stage.page.context.expect_page() as opened:
            await stage.page.locator(f"[role={name}], {name}", has_text="Outside").click()
        assert (await opened.value).url == address
        await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
        assert pressed(stage) == ["outside"]


async def test_a_choice_from_a_menu_asks_first_where_it_should(browser: Browser):
    options = [option("retry"), option("withdraw")]
    more = {"type": "overflow", "action_id": "more", "options": options, "confirm": SURE}
    async with a_stage(browser) as stage:
        await a_message(stage, text="Menu", blocks=[row(more)])
        await stage.page.get_by_role("button", name="More actions").click()
        await stage.page.keyboard.press("ArrowDown")
        await stage.page.keyboard.press("Enter")
        await stage.page.get_by_role("button", name="Yes").click()
        await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
        heard = [one for one in stage.bot.heard if one.get("type") == "block_actions"]
        assert heard[-1]["actions"][0]["selected_option"]["value"] == "withdraw"


async def test_people_invite_the_app_from_the_composer(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.page.get_by_role("button", name="general").click()
        await stage.send("/invite @Marquee")
        await expect(stage.page.locator("#channel-about")).to_contain_text("6 members")
        await stage.bot.call("chat.postMessage", channel="C0GENERAL", text="Here I am")
        await expect(stage.by("message")).to_contain_text("Here I am")
