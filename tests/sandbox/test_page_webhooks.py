"""Apple's webhooks on the page: what was sent, what became of it, and what goes wrong."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import asks_apple
from tests.sandbox.page_stage import Stage, a_browser, a_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def set_up(stage: Stage) -> str:
    """Set up a webhook that leads to a place where nobody takes it; return the version's id."""
    app = stage.sandbox.apple.apps()[0]
    attributes = {
        "enabled": True,
        "eventTypes": ["APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"],
        "name": "Marquee",
        "secret": "a secret of the test",
        "url": f"{stage.sandbox.url}/nobody",
    }
    target = {"data": {"type": "apps", "id": app["id"]}}
    wanted = {"type": "webhooks", "attributes": attributes, "relationships": {"app": target}}
    await asks_apple(stage, "POST", "/v1/webhooks", {"data": wanted})
    return next(str(one["id"]) for one in app["versions"] if one["editable"])


async def show_webhooks(stage: Stage) -> None:
    await stage.by("tab-requests").click()
    await stage.page.get_by_role("button", name="Webhooks", exact=True).click()


async def test_without_a_webhook_the_page_says_how_to_get_one(browser: Browser):
    async with a_stage(browser) as stage:
        await show_webhooks(stage)
        told = stage.page.locator("#log-sum")
        await expect(told).to_contain_text("/aso webhook com.example.tidewell")


async def test_a_delivery_is_listed_with_its_error_and_opens_to_what_was_sent(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = await set_up(stage)
        await show_webhooks(stage)
        await expect(stage.by("webhook")).to_contain_text("Tidewell Notes: Marquee")
        stage.sandbox.apple.move(version_id, "WAITING_FOR_REVIEW")
        delivery = stage.by("delivery")
        await expect(delivery).to_have_attribute("data-state", "FAILED")
        words = "Waiting for Review, was Prepare for Submission"
        await expect(delivery.locator("summary")).to_contain_text(words)
        await delivery.locator("summary").click()
        await expect(delivery.locator("pre")).to_contain_text('"newValue": "WAITING_FOR_REVIEW"')


async def test_an_opened_delivery_stays_open_when_the_next_one_comes(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = await set_up(stage)
        await show_webhooks(stage)
        stage.sandbox.apple.move(version_id, "WAITING_FOR_REVIEW")
        first = stage.by("delivery").filter(has_text="was Prepare for Submission")
        await expect(first).to_have_attribute("data-state", "FAILED")
        await first.locator("summary").click()
        stage.sandbox.apple.review(version_id, "start")
        await expect(stage.by("delivery")).to_have_count(2)
        await expect(first.locator("pre")).to_be_visible()


@pytest.mark.parametrize("name", ["doubled", "reordered", "wrong_signature"])
async def test_webhooks_go_wrong_on_demand(browser: Browser, name: str):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        switch = stage.by(f"hook-{name}")
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true")
        assert stage.sandbox.apple.webhook_troubles()[name] is True
        await expect(stage.by("tab-faults")).to_contain_text("1")
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "false")


@pytest.mark.parametrize(("name", "value"), [("lose_every", 3), ("delay", 30)])
async def test_how_many_are_lost_and_how_late_they_come_is_chosen(
    browser: Browser, name: str, value: int
):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await stage.by(f"hook-{name}").select_option(str(value))
        await expect(stage.by("tab-faults")).to_contain_text("1")
        await expect(stage.by(f"hook-{name}")).to_have_value(str(value))
        assert stage.sandbox.apple.webhook_troubles()[name] == value


@pytest.mark.parametrize(
    ("name", "off", "on"),
    [
        ("needs_screenshots", False, True),
        ("cancel_seconds", 5, 60),
        ("settling_seconds", 0, 10),
        ("phase_seconds", 0, 300),
    ],
)
async def test_apple_is_strict_or_slow_on_demand(
    browser: Browser, name: str, off: float, on: float
):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        switch = stage.by(f"condition-{name}")
        for checked, value in (("true", on), ("false", off)):
            await switch.press("Enter")
            await expect(switch).to_have_attribute("aria-checked", checked)
            assert getattr(stage.sandbox.apple.conditions, name) == value
