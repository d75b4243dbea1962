"""What the page can do to the store, over the page's own HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.seed import TIDEWELL
from bot.sandbox.server import Sandbox, SandboxOptions


class Page:
    """The page's buttons for the store."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def press(self, verb: str, **arguments: Any) -> Any:
        async with self._session.post(f"/page/apple/{verb}", json=arguments) as answer:
            return await answer.json()

    async def apple(self) -> Any:
        async with self._session.get("/page/state", params={"parts": "apple"}) as answer:
            return (await answer.json())["apple"]

    async def version(self, number: str = "2.4.0") -> Any:
        app = next(one for one in (await self.apple())["apps"] if one["id"] == TIDEWELL)
        return next(one for one in app["versions"] if one["version"] == number)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    options = SandboxOptions(port=0, open_browser=False, start_bot=False)
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        Sandbox(options) as sandbox,
        aiohttp.ClientSession(sandbox.url, timeout=timeout) as session,
    ):
        yield Page(session)


async def test_a_version_is_reviewed_and_rejected(page):
    version = (await page.version())["id"]
    await page.press("move", version_id=version, state="WAITING_FOR_REVIEW")
    assert (await page.version())["verdicts"] == [
        "start",
        "approve",
        "reject",
        "reject_metadata",
        "reject_binary",
    ]
    assert (await page.press("review", version_id=version, verdict="start"))["made"] == "IN_REVIEW"
    made = await page.press("reject", version_id=version, kind="metadata")
    assert made == {"ok": True, "made": "METADATA_REJECTED"}
    assert (await page.version())["submission"]["state"] == "UNRESOLVED_ISSUES"


async def test_a_verdict_that_is_not_open_is_refused_in_a_sentence(page):
    version = (await page.version())["id"]
    answer = await page.press("review", version_id=version, verdict="approve")
    assert answer == {
        "ok": False,
        "error": "A version that is PREPARE_FOR_SUBMISSION cannot be met with 'approve'.",
    }


async def test_a_build_is_uploaded_and_processed(page):
    name = {"app_id": TIDEWELL, "platform": "IOS", "train": "2.4.0", "number": "2405"}
    made = await page.press("build", **name, state="PROCESSING")
    await page.press("move_build", build_id=made["made"], state="VALID")
    app = next(one for one in (await page.apple())["apps"] if one["id"] == TIDEWELL)
    assert app["builds"][-1]["state"] == "VALID"
    assert app["builds"][-1]["number"] == "2405"


async def test_a_version_is_added_and_its_pictures_are_taken_away(page):
    version = {"app_id": TIDEWELL, "version": "2.5.0", "platform": "MAC_OS"}
    made = (await page.press("version", **version))["made"]
    assert (await page.version("2.5.0"))["screenshots"] == 24
    await page.press("screenshots", version_id=made, locale="ja")
    assert (await page.version("2.5.0"))["screenshots"] == 22


async def test_speed_trouble_and_conditions_are_shown_as_they_were_set(page):
    await page.press("speed", speed=3600)
    await page.press("webhook_trouble", doubled=True, lose_every=3, delay=2)
    await page.press("conditions", needs_screenshots=True, settling_seconds=4)
    apple = await page.apple()
    assert apple["speed"] == 3600
    assert apple["webhook_trouble"] == {
        "doubled": True,
        "reordered": False,
        "lose_every": 3,
        "lose_share": 0.0,
        "delay": 2,
        "wrong_signature": False,
    }
    assert apple["conditions"]["needs_screenshots"] is True
    await page.press("speed", speed=0)
    assert (await page.apple())["speed"] == 0


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("speed", {"speed": "fast"}),
        ("speed", {"speed": -1}),
        ("webhook_trouble", {"doubled": "yes"}),
        ("phase", {"version_id": "none"}),
        ("build", {"app_id": TIDEWELL, "platform": "WEB", "train": "1", "number": "1"}),
        ("screenshots", {"version_id": "none"}),
    ],
)
async def test_what_cannot_be_is_refused_in_a_sentence(page, verb, arguments):
    answer = await page.press(verb, **arguments)
    assert answer["ok"] is False
    assert len(answer["error"]) > 10
