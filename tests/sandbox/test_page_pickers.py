"""Days, times and several choices on the page: labelled, set by keyboard, sent as in Slack."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import a_modal, an_input, option, plain, show_modal
from tests.sandbox.page_stage import Stage, a_browser, a_stage

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def picker(label: str, kind: str, **element: Any) -> Json:
    return {**an_input(label), "element": {"type": kind, "action_id": "pick", **element}}


GROUPS = [
    {"label": plain("Has texts"), "options": [option("ja"), option("de")]},
    {"label": plain("Empty"), "options": [option("fr")]},
]


async def submitted(stage: Stage) -> Json:
    await stage.by("modal-submit").click()
    await expect(stage.by("modal")).to_have_count(0)
    sent = next(heard for heard in stage.bot.heard if heard.get("type") == "view_submission")
    return {block: held["pick"] for block, held in sent["view"]["state"]["values"].items()}


async def test_days_and_times_are_found_by_their_labels_and_sent(browser: Browser):
    async with a_stage(browser, timezone_id="Europe/Berlin") as stage:
        await show_modal(
            stage,
            picker("Day", "datepicker", initial_date="2026-11-26"),
            picker("Hour", "timepicker"),
            picker("Moment", "datetimepicker", initial_date_time=1_790_000_000),
        )
        day = stage.page.get_by_label("Day")
        await expect(day).to_have_value("2026-11-26")
        await day.fill("2026-11-30")
        await stage.page.get_by_label("Hour").fill("09:30")
        moment = stage.page.get_by_label("Moment")
        await expect(moment).to_have_value("2026-09-21T16:13")
        await moment.fill("2026-12-01T08:00")
        assert await submitted(stage) == {
            "day": {"type": "datepicker", "selected_date": "2026-11-30"},
            "hour": {"type": "timepicker", "selected_time": "09:30"},
            "moment": {"type": "datetimepicker", "selected_date_time": 1_796_108_400},
        }


async def test_a_day_is_typed_and_sent_with_enter(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, picker("Day", "datepicker"))
        await stage.page.get_by_label("Day").focus()
        await stage.page.keyboard.type("11112026")
        await stage.page.keyboard.press("Enter")
        await expect(stage.by("modal")).to_have_count(0)
        sent = next(heard for heard in stage.bot.heard if heard.get("type") == "view_submission")
        assert sent["view"]["state"]["values"]["day"]["pick"]["selected_date"] == "2026-11-11"


async def test_an_emptied_day_is_sent_as_none(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, picker("Day", "datepicker", initial_date="2026-11-26"))
        await stage.page.get_by_label("Day").fill("")
        assert (await submitted(stage))["day"]["selected_date"] is None


async def test_several_are_chosen_by_keyboard_up_to_as_many_as_may_be(browser: Browser):
    async with a_stage(browser) as stage:
        several = picker(
            "Locales", "multi_static_select", option_groups=GROUPS, max_selected_items=2
        )
        await show_modal(stage, several)
        group = stage.page.get_by_role("group", name="Locales")
        await expect(group).to_contain_text("Has texts")
        await group.get_by_label("Ja").focus()
        await stage.page.keyboard.press("Space")
        await stage.page.keyboard.press("Tab")
        await stage.page.keyboard.press("Tab")
        await stage.page.keyboard.press("Space")
        await expect(group.get_by_label("De")).to_be_disabled()
        chosen = (await submitted(stage))["locales"]["selected_options"]
        assert [one["value"] for one in chosen] == ["ja", "fr"]


async def test_boxes_radio_buttons_and_channels_are_sent(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(
            stage,
            picker("Kinds", "checkboxes", options=[option("live"), option("rejected")]),
            picker("How", "radio_buttons", options=[option("daily"), option("weekly")]),
            picker("Where", "channels_select", initial_channel="C0ASO"),
        )
        await stage.page.get_by_label("Rejected").check()
        await stage.page.get_by_label("Weekly").check()
        where = stage.page.get_by_label("Where")
        await expect(where).to_have_value("C0ASO")
        await where.select_option("C0NOTES")
        values = await submitted(stage)
        assert [one["value"] for one in values["kinds"]["selected_options"]] == ["rejected"]
        assert values["how"]["selected_option"]["value"] == "weekly"
        assert values["where"]["selected_channel"] == "C0NOTES"


async def test_what_was_picked_survives_a_new_view_and_mistakes_stand_below(browser: Browser):
    def refuse(_: Json) -> Json:
        return {"response_action": "errors", "errors": {"day": "That day is past."}}

    async with a_stage(browser) as stage:
        stage.bot.hears["view_submission"] = refuse
        day = picker("Day", "datepicker")
        await show_modal(stage, day)
        await stage.page.get_by_label("Day").fill("2020-01-01")
        await stage.by("modal-submit").click()
        await expect(stage.by("field")).to_contain_text("That day is past.")
        await expect(stage.page.get_by_label("Day")).to_be_focused()
        view_id = stage.sandbox.slack.modals("U0MIA")[-1]["id"]
        fresh = a_modal({**day, "hint": plain("In UTC")})
        await stage.bot.call("views.update", view_id=view_id, view=fresh)
        await expect(stage.by("field")).to_contain_text("In UTC")
        await expect(stage.page.get_by_label("Day")).to_have_value("2020-01-01")


async def test_a_day_in_a_message_is_told_once(browser: Browser):
    element = {"type": "datepicker", "action_id": "day", "placeholder": plain("Not before")}
    row = {"type": "actions", "block_id": "row", "elements": [element]}
    async with a_stage(browser) as stage:
        await stage.bot.call("chat.postMessage", channel="C0ASO", text="When?", blocks=[row])
        day = stage.page.get_by_label("Not before")
        await day.fill("2026-11-30")
        await day.press("Enter")
        await expect(stage.page.locator("[aria-busy]")).to_have_count(0)
        heard = [one for one in stage.bot.heard if one.get("type") == "block_actions"]
        assert [one["actions"][0]["selected_date"] for one in heard] == ["2026-11-30"]
