"""What Apple does with a version, pressed on the page in a real browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_stage import a_browser, a_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def prepared(stage: Any) -> dict[str, Any]:
    app = stage.sandbox.apple.apps()[0]
    return next(one for one in app["versions"] if one["editable"])


async def test_only_the_verdicts_that_are_open_can_be_pressed(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await expect(stage.by("verdict-approve")).to_have_count(0)
        stage.sandbox.apple.move(prepared(stage)["id"], "WAITING_FOR_REVIEW")
        await expect(stage.by("verdict-start")).to_be_visible()
        await stage.by("verdict-start").click()
        await expect(stage.by("verdict-approve")).to_be_visible()


async def test_a_version_without_a_phased_release_has_no_next_day(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await expect(stage.by("speed")).to_have_value("0")
        await expect(stage.by("phase-next")).to_have_count(0)


async def test_a_speed_is_chosen(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        await stage.by("speed").select_option("60")
        await expect(stage.by("speed")).to_have_value("60")
        await expect(stage.page.get_by_role("status").filter(has_text="speed")).to_be_visible()
        assert stage.sandbox.apple.speed == 60


async def test_webhooks_go_wrong_on_demand(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("tab-faults").click()
        switch = stage.by("hook-doubled")
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true")
        assert stage.sandbox.apple.webhook_troubles()["doubled"] is True
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "false")
