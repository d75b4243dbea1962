"""The page in a real browser: what it draws, what the keyboard does, what is never lost."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_stage import Stage, a_browser, a_stage, opens

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(action.title()), **more}


SURE = {
    "title": plain("Sure?"),
    "text": plain("No way back."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "before", "style": {"strike": True}},
                {"type": "text", "text": "after", "style": {"bold": True}},
                {"type": "text", "text": "slanted", "style": {"italic": True}},
                {"type": "text", "text": "fixed", "style": {"code": True}},
                {"type": "link", "url": "https://apps.example/1", "text": "the listing"},
                {"type": "emoji", "name": "tada"},
                {"type": "user", "user_id": "U0BEN"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "an entry"}]}
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quotation"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as  it is"}]},
    ],
}
EVERY_BLOCK = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn("*bold* _slanted_ ~gone~ `code` <https://a.example|a link> <@U0BEN> :tada:"),
        "fields": [mrkdwn("*State*\nopen"), plain("A field")],
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("history")]},
    },
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small print"), plain("more of it")]},
    RICH,
    {"type": "image", "image_url": "https://pictures.example/1.png", "alt_text": "a picture"},
    {"type": "markdown", "text": "## Heading\n\n**strong** words"},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [button("details"), button("withdraw", style="danger", confirm=SURE)],
    },
]


def an_input(label: str, *, multiline: bool = False, hint: str = "", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text", "multiline": multiline, **more}
    block = {
        "type": "input",
        "block_id": label.lower(),
        "optional": True,
        "label": plain(label),
        "element": element,
    }
    return {**block, "hint": plain(hint)} if hint else block


def a_modal(*blocks: Json) -> Json:
    texts = {"title": plain("Edit"), "submit": plain("Propose"), "close": plain("Cancel")}
    return {"type": "modal", "callback_id": "edit", **texts, "blocks": list(blocks)}


LOCALES = {
    "type": "actions",
    "block_id": "pick",
    "elements": [
        {
            "type": "static_select",
            "action_id": "locale",
            "initial_option": option("ja"),
            "option_groups": [
                {"label": plain("Has texts"), "options": [option("ja"), option("de")]}
            ],
        }
    ],
}


async def show_modal(stage: Stage, *blocks: Json) -> None:
    stage.bot.hears["/aso"] = opens(lambda: a_modal(*blocks))
    await stage.send("/aso edit")
    await expect(stage.by("modal")).to_be_visible()


async def a_message(stage: Stage, **message: Any) -> str:
    posted = await stage.bot.call("chat.postMessage", channel="C0ASO", **message)
    return str(posted["ts"])


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


async def test_home_is_drawn_when_the_bot_publishes_it(browser: Browser):
    async with a_stage(browser) as stage:
        view = {"type": "home", "blocks": EVERY_BLOCK[:3]}
        await stage.bot.call("views.publish", user_id="U0MIA", view=view)
        await stage.by("home-entry").click()
        await expect(stage.by("home")).to_contain_text("A header")


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


async def test_light_and_dark_follow_the_system_until_somebody_chooses(browser: Browser):
    async with a_stage(browser, color_scheme="dark") as stage:
        root = stage.page.locator("html")
        await expect(root).to_have_attribute("data-theme", "dark")
        await stage.page.get_by_role("button", name="Switch between light and dark").click()
        await expect(root).to_have_attribute("data-theme", "light")
