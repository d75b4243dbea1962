"""The page's tour: each step ends with what it asks for and nothing else."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.sandbox.page_pieces import a_message, an_input, button, fill_modal, plain, show_modal
from tests.sandbox.page_stage import Stage, a_browser, a_stage

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


def a_tour_step(stage: Stage, title: str) -> Locator:
    return stage.by("guide-step").filter(has_text=title)


def a_proposal(status: str, *, locale: str = "Japanese (ja)", retry: bool = False) -> Json:
    blocks: list[Json] = [{"type": "section", "text": plain(f"{locale}: Subtitle")}]
    if retry:
        blocks.append({"type": "actions", "elements": [button("proposal.retry-failed")]})
    return {"text": f"Proposal 1, {status}: 1 change.", "blocks": blocks}


async def test_the_tour_does_not_take_a_dialog_without_inputs_for_the_editor(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Open the editor")
        await show_modal(stage, {"type": "section", "text": plain("Which app?")})
        await expect(step).to_have_attribute("data-done", "false")
        await fill_modal(stage, an_input("Subtitle"))
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_does_not_take_the_form_of_a_submission_for_the_editor(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, an_input("Why"))
        await expect(stage.by("field")).to_be_visible()
        await expect(a_tour_step(stage, "Open the editor")).to_have_attribute("data-done", "false")


async def test_the_tour_lets_a_colleague_write_what_a_submission_lacks(browser: Browser):
    async with a_stage(browser) as stage:
        others = ["open", "propose", "self", "others", "approve", "live", "confirm", "retry"]
        others += ["kill", "glass"]
        await stage.page.evaluate(
            """async (done) => {
                const { remember } = await import("/page/static/state.js");
                remember("guide", done);
            }""",
            others,
        )
        await stage.page.reload()
        step = a_tour_step(stage, "Write what a submission lacks")
        await step.get_by_role("button", name="Let a colleague write it").click()
        await expect(step).to_have_attribute("data-done", "true")
        app = stage.sandbox.apple.apps()[0]
        (coming,) = (one for one in app["versions"] if one["editable"])
        assert all(texts["whatsNew"] for texts in coming["localizations"].values())


async def test_the_tour_waits_for_a_proposal_to_submit(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Propose a submission")
        await a_message(stage, **a_proposal("open"))
        await expect(stage.by("message")).to_have_count(1)
        await expect(step).to_have_attribute("data-done", "false")
        sentence = "Submit 2.4.0 with build 2.4.0 (2401) for review"
        block = {"type": "section", "text": plain(sentence)}
        await a_message(stage, text="Proposal 2, open: the submission.", blocks=[block])
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_takes_only_what_went_through_review_for_released(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Be Apple")
        await expect(stage.by("guide-step").first).to_be_visible()
        await expect(step).to_have_attribute("data-done", "false")
        (coming,) = (one for one in stage.sandbox.apple.apps()[0]["versions"] if one["editable"])
        for state in ("WAITING_FOR_REVIEW", "READY_FOR_DISTRIBUTION"):
            stage.sandbox.apple.move(coming["id"], state)
            shown = stage.page.locator("#announcer")
            await expect(shown).to_contain_text(state.split("_")[0].title())
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_ends_with_the_thread_of_a_version(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Read the version")
        ts = await a_message(stage, text="Tidewell 2.4.0 for iOS is now Waiting for Review.")
        await a_message(stage, text="Tidewell 2.4.0 for iOS is now In Review.", thread_ts=ts)
        replies = stage.page.locator(".replies")
        await expect(replies).to_be_visible()
        await expect(step).to_have_attribute("data-done", "false")
        await replies.click()
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_waits_for_a_japanese_subtitle(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Propose a Japanese subtitle")
        await a_message(stage, **a_proposal("open", locale="German (de-DE)"))
        await expect(stage.by("message")).to_have_count(1)
        await expect(step).to_have_attribute("data-done", "false")
        await a_message(stage, **a_proposal("open"))
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_takes_only_a_refused_vote_for_one(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Try to approve your own")
        ts = await a_message(stage, **a_proposal("open"))
        await stage.bot.call(
            "reactions.add", channel="C0ASO", timestamp=ts, name="white_check_mark"
        )
        await stage.by("reaction").click()
        told = {"channel": "C0ASO", "user": "U0MIA"}
        await stage.bot.call("chat.postEphemeral", **told, text="Nothing waits.")
        await expect(stage.by("ephemeral")).to_have_count(1)
        await expect(step).to_have_attribute("data-done", "false")
        await stage.bot.call("chat.postEphemeral", **told, text="Your vote does not count. So.")
        await expect(step).to_have_attribute("data-done", "true")


async def test_the_tour_ends_a_retry_when_what_failed_is_pushed(browser: Browser):
    async with a_stage(browser) as stage:
        step = a_tour_step(stage, "Let a locale fail")
        ts = await a_message(stage, **a_proposal("failed", retry=True))
        await expect(stage.page.locator('[data-action="proposal.retry-failed"]')).to_be_visible()
        await expect(step).to_have_attribute("data-done", "false")
        await stage.bot.call("chat.update", channel="C0ASO", ts=ts, **a_proposal("pushed"))
        await expect(step).to_have_attribute("data-done", "true")
