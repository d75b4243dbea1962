"""What Apple does with a version, pressed on the page in a real browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.page_pieces import asks_apple
from tests.sandbox.page_stage import Stage, a_browser, a_stage

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def prepared(stage: Stage) -> Json:
    app = stage.sandbox.apple.apps()[0]
    return next(one for one in app["versions"] if one["editable"])


def version(stage: Stage, version_id: str) -> Json:
    found = (one for app in stage.sandbox.apple.apps() for one in app["versions"])
    return next(one for one in found if one["id"] == version_id)


async def show_review(stage: Stage) -> None:
    await stage.by("tab-review").click()
    await expect(stage.by("road")).to_be_visible()


async def phase_in(stage: Stage, version_id: str) -> None:
    """Ask Apple for a phased release of a version, and let the version go live."""
    kind = "appStoreVersionPhasedReleases"
    target = {"data": {"type": "appStoreVersions", "id": version_id}}
    wanted = {"type": kind, "relationships": {"appStoreVersion": target}}
    await asks_apple(stage, "POST", f"/v1/{kind}", {"data": wanted})
    stage.sandbox.apple.move(version_id, "READY_FOR_DISTRIBUTION")


async def test_only_the_verdicts_that_are_open_can_be_pressed(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await expect(stage.by("verdict-approve")).to_have_count(0)
        await expect(stage.by("road")).to_contain_text("/aso submit com.example.tidewell")
        stage.sandbox.apple.move(prepared(stage)["id"], "WAITING_FOR_REVIEW")
        await expect(stage.by("verdict-start")).to_be_visible()
        await stage.by("verdict-start").click()
        await expect(stage.by("version-state")).to_have_text("iOS 2.4.0 · In Review")
        await expect(stage.by("verdict-start")).to_have_count(0)
        await expect(stage.by("verdict-approve")).to_be_visible()


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("reject", "REJECTED"),
        ("reject_metadata", "METADATA_REJECTED"),
        ("reject_binary", "INVALID_BINARY"),
    ],
)
async def test_a_version_is_turned_down_in_three_ways(browser: Browser, verdict: str, state: str):
    async with a_stage(browser) as stage:
        version_id = prepared(stage)["id"]
        stage.sandbox.apple.move(version_id, "IN_REVIEW")
        await show_review(stage)
        await stage.by(f"verdict-{verdict}").click()
        await expect(stage.page.locator("#review-said")).to_contain_text("looks every minute")
        assert version(stage, version_id)["state"] == state


async def test_the_keyboard_alone_leads_a_version_to_the_store(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = prepared(stage)["id"]
        stage.sandbox.apple.move(version_id, "WAITING_FOR_REVIEW")
        await show_review(stage)
        await stage.by("verdict-start").focus()
        for _ in ("start", "approve", "distribute"):
            before = await stage.by("version-state").inner_text()
            await stage.page.keyboard.press("Enter")
            await expect(stage.by("version-state")).not_to_have_text(before)
            # The pressed button is gone; the focus waits before the next ones.
            await expect(stage.by("road").locator("[data-rest]")).to_be_focused()
            await stage.page.keyboard.press("Tab")
        assert version(stage, version_id)["state"] == "READY_FOR_DISTRIBUTION"
        await expect(stage.by("version-state")).to_have_text("iOS 2.4.0 · Ready for Distribution")


async def test_a_state_that_changes_by_itself_is_read_out(browser: Browser):
    async with a_stage(browser) as stage:
        stage.sandbox.apple.move(prepared(stage)["id"], "WAITING_FOR_REVIEW")
        heard = stage.page.locator("#announcer")
        await expect(heard).to_have_text("Tidewell Notes 2.4.0: Waiting for Review")


async def test_a_version_moved_by_hand_says_when_the_bot_looks(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await stage.by("by-hand").click()
        await stage.by("move").first.click()
        said = stage.page.get_by_role("status").filter(has_text="looks every minute")
        await expect(said).to_contain_text("Ready for Review")
        config = (stage.sandbox.folder / "marquee.toml").read_text(encoding="utf-8")
        assert 'poll = "1m"' in config


async def test_a_version_without_a_phased_release_has_no_next_day(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await expect(stage.by("phases")).to_have_count(0)
        await expect(stage.by("phase-next")).to_have_count(0)


async def test_the_days_of_a_phased_release_pass_until_everybody_has_it(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = prepared(stage)["id"]
        await phase_in(stage, version_id)
        await show_review(stage)
        await stage.by("pick-version").select_option(version_id)
        for day, percent in enumerate((1, 2, 5, 10, 20, 50, 100), start=1):
            words = f"Active. Day {day} of 7, {percent} % of automatic updates"
            await expect(stage.by("phases")).to_have_attribute("aria-valuetext", words)
            await stage.by("phase-next").click()
        await expect(stage.by("phase-next")).to_have_count(0)
        await expect(stage.by("phases")).to_have_attribute("aria-valuenow", "7")
        phased = version(stage, version_id)["phased"]
        assert (phased["state"], phased["percent"]) == ("COMPLETE", 100)


async def test_a_build_is_uploaded_and_processed(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await expect(stage.by("build-number")).to_have_value("2405")
        await stage.by("build-state").select_option("PROCESSING")
        await stage.by("build-upload").click()
        row = stage.by("build").filter(has_text="2405")
        await expect(row).to_contain_text("Processing")
        await expect(stage.by("build-number")).to_have_value("2406")
        await stage.by("build-valid-2405").click()
        await expect(row).to_contain_text("Valid")


async def test_a_number_that_is_used_is_refused_in_a_sentence(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await stage.by("build-number").fill("2403")
        await stage.by("build-upload").click()
        await expect(stage.page.locator("#review-said")).to_contain_text("2403")
        await expect(stage.by("build-number")).to_have_value("2403")
        # The browser notes every refusal; this one was wanted.
        assert [words for words in stage.complaints if "400" not in words] == []
        stage.complaints.clear()


async def test_a_new_version_is_made_and_shown(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await stage.by("version-number").fill("2.5.0")
        await stage.by("version-platform").select_option("MAC_OS")
        await stage.by("version-make").click()
        await expect(stage.by("version-state")).to_have_text("macOS 2.5.0 · Prepare for Submission")


async def test_what_is_typed_stays_while_the_store_moves(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await stage.by("version-number").fill("3.0")
        stage.sandbox.apple.move(prepared(stage)["id"], "WAITING_FOR_REVIEW")
        await expect(stage.by("verdict-start")).to_be_visible()
        await expect(stage.by("version-number")).to_have_value("3.0")
        await expect(stage.by("version-number")).to_be_focused()


async def test_screenshots_are_taken_away_and_put_back(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = prepared(stage)["id"]
        await show_review(stage)
        had = bool(version(stage, version_id)["screenshots"])
        for wanted in (not had, had):
            words = "Take them away" if wanted else "into each locale"
            await stage.by("screenshots").click()
            await expect(stage.by("screenshots")).to_contain_text(words)
            assert bool(version(stage, version_id)["screenshots"]) is wanted


async def test_a_speed_is_chosen_and_says_what_runs_by_itself(browser: Browser):
    async with a_stage(browser) as stage:
        await show_review(stage)
        await expect(stage.by("speed")).to_have_value("0")
        steps = stage.page.locator("#pace-steps")
        await expect(steps).to_contain_text("wait for you")
        await stage.by("speed").select_option("60")
        await expect(stage.by("speed")).to_have_value("60")
        await expect(steps).to_contain_text("8 minutes")
        await expect(stage.page.get_by_role("status").filter(has_text="speed")).to_be_visible()
        assert stage.sandbox.apple.speed == 60


async def test_at_a_speed_a_version_reaches_the_store_by_itself(browser: Browser):
    async with a_stage(browser) as stage:
        version_id = prepared(stage)["id"]
        stage.sandbox.apple.move(version_id, "WAITING_FOR_REVIEW")
        await show_review(stage)
        await stage.by("pick-version").select_option(version_id)
        await stage.by("speed").select_option("86400")
        await expect(stage.by("version-state")).to_contain_text("Ready for Distribution")


@pytest.mark.parametrize("width", [400, 900, 1400])
async def test_nothing_of_the_review_is_cut_off(browser: Browser, width: int):
    async with a_stage(browser, viewport={"width": width, "height": 900}) as stage:
        if width == 400:
            await stage.page.get_by_role("button", name="Store", exact=True).click()
        version_id = prepared(stage)["id"]
        await phase_in(stage, version_id)
        await show_review(stage)
        await stage.by("pick-version").select_option(version_id)
        await expect(stage.by("phases")).to_be_visible()
        for name in ("review", "requests", "faults"):
            await stage.by(f"tab-{name}").click()
            for place in ("panel", "tabs"):
                fits = "node => node.scrollWidth <= node.clientWidth"
                assert await stage.page.locator(f"#{place}").evaluate(fits), (name, place)
