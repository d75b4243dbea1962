"""The page in a real browser: files in a form, in a message, and what is shown of them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.sandbox.page_pieces import a_file, a_file_input, an_input, show_modal, upload
from tests.sandbox.page_stage import Stage, a_browser, a_stage

Json = dict[str, Any]
CSV = b"locale,name\n" + b"".join(b"l%d,Name %d\n" % (n, n) for n in range(40))
DIFF = b"--- before\n+++ after\n-Tides, quietly\n+Tides & moon\n"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


async def drop(stage: Stage, onto: Locator, name: str, content: str) -> None:
    """Let go of a file over an element, as after dragging it there."""
    carried = await stage.page.evaluate_handle(
        """([name, content]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([content], name));
            return carried;
        }""",
        [name, content],
    )
    for kind in ("dragenter", "dragover", "drop"):
        await onto.dispatch_event(kind, {"dataTransfer": carried})


async def test_a_file_is_chosen_in_a_form_taken_out_and_arrives_with_it(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, a_file_input(filetypes=["csv"], max_files=1), an_input("Why"))
        chosen, zone = stage.by("chosen-file"), stage.by("modal-body").locator(".file-zone")
        await expect(stage.page.get_by_label("Texts")).to_be_attached()
        async with stage.page.expect_file_chooser() as chooser:
            await stage.field("Texts").press("Enter")
        await (await chooser.value).set_files(a_file("texts.csv", CSV))
        await expect(chosen).to_contain_text("texts.csv")
        await expect(chosen).to_contain_text("472 bytes")
        await expect(stage.page.locator("#announcer")).to_contain_text("was added")
        await expect(zone).to_be_hidden()
        await expect(stage.page.get_by_role("button", name="Remove texts.csv")).to_be_focused()
        await stage.page.get_by_role("button", name="Remove texts.csv").press("Enter")
        await expect(chosen).to_have_count(0)
        await expect(stage.field("Texts")).to_be_focused()
        await drop(stage, zone, "again.csv", "locale,name")
        await expect(chosen).to_contain_text("again.csv")
        await stage.by("modal-submit").click()
        await expect(stage.by("modal")).to_have_count(0)
        sent = next(heard for heard in stage.bot.heard if heard.get("type") == "view_submission")
        (file,) = sent["view"]["state"]["values"]["texts"]["file"]["files"]
        assert (file["name"], file["size"]) == ("again.csv", 11)


async def test_what_a_form_does_not_take_is_said_under_it(browser: Browser):
    async with a_stage(browser) as stage:
        await show_modal(stage, a_file_input(filetypes=["csv"]))
        await stage.by("modal-submit").click()
        await expect(stage.by("field")).to_contain_text("Please complete this required field.")
        await expect(stage.field("Texts")).to_be_focused()
        await stage.field("Texts").set_input_files(a_file("texts.pdf", CSV))
        await expect(stage.by("field")).to_contain_text("texts.pdf is not of these types: csv.")
        await stage.field("Texts").set_input_files(a_file("texts.csv", CSV))
        await expect(stage.by("field").locator(".field-error")).to_be_hidden()
        await expect(stage.by("chosen-file")).to_have_count(1)
        await expect(stage.field("Texts")).to_be_focused()


async def test_files_go_with_a_message_and_can_be_fetched_again(browser: Browser):
    async with a_stage(browser) as stage:
        async with stage.page.expect_file_chooser() as chooser:
            await stage.by("composer-clip").press("Enter")
        await (await chooser.value).set_files(a_file("texts.csv", CSV))
        await drop(stage, stage.page.locator("#messages"), "other.xlsx", "PK")
        await expect(stage.by("chosen-file")).to_have_count(2)
        await stage.send("/aso help")
        await expect(stage.by("composer-trouble")).to_contain_text("not with a command")
        await stage.page.get_by_role("button", name="Remove other.xlsx").click()
        await stage.send("Please propose this")
        await expect(stage.by("chosen-file")).to_have_count(0)
        shown = stage.by("message").get_by_test_id("attachment")
        await expect(stage.by("message")).to_contain_text("Please propose this")
        await expect(shown).to_contain_text("CSV · 472 bytes · 41 lines")
        async with stage.page.expect_download() as download:
            await shown.get_by_role("link", name="Download texts.csv").click()
        assert Path(await (await download.value).path()).read_bytes() == CSV


async def test_what_cannot_be_sent_is_given_back(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.by("composer-files").set_input_files(a_file("empty.csv", b""))
        await stage.send("Here")
        await expect(stage.by("composer-trouble")).to_contain_text("a file is empty")
        await expect(stage.by("chosen-file")).to_contain_text("empty.csv")
        await expect(stage.by("composer")).to_have_value("Here")


async def test_of_a_text_the_beginning_is_shown_and_the_rest_on_demand(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.sandbox.slack.share("U0MIA", "C0ASO", {"texts.csv": CSV})
        await stage.sandbox.slack.share("U0MIA", "C0ASO", {"week.diff": DIFF})
        table = stage.by("attachment").first
        await expect(table).to_contain_text("l4,Name 4")
        await expect(table).not_to_contain_text("l5,Name 5")
        await table.get_by_role("button", name="Show 35 more lines").press("Enter")
        await expect(table).to_contain_text("l39,Name 39")
        await table.get_by_role("button", name="Show less").press("Enter")
        await expect(table).not_to_contain_text("l39,Name 39")
        changed = stage.by("attachment").nth(1)
        await expect(changed.locator(".line-added")).to_have_text("+Tides & moon\n")
        await expect(changed.locator(".line-taken")).to_have_count(1)


async def test_a_deleted_file_says_so(browser: Browser):
    async with a_stage(browser) as stage:
        file_id = await upload(stage, channel_id="C0ASO")
        await expect(stage.by("attachment")).to_contain_text("Week 48")
        stage.sandbox.slack.delete_file(file_id)
        await expect(stage.by("attachment")).to_contain_text("This file was deleted.")


async def test_a_file_is_only_kept_never_run_and_only_by_those_who_see_it(browser: Browser):
    async with a_stage(browser) as stage:
        await stage.sandbox.slack.share("U0BEN", "C0LEADS", {"evil.html": b"<script>1</script>"})
        (file,) = stage.sandbox.slack.messages("C0LEADS")[-1]["files"]
        address = f"{stage.sandbox.url}/page/slack/file/{file['id']}"
        async with stage.bot.session.get(address, params={"as": "U0BEN"}) as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment")
        async with stage.bot.session.get(address, params={"as": "U0MIA"}) as answer:
            assert answer.status == 404


async def test_bytes_that_no_page_sent_are_refused(browser: Browser):
    to_aso = {"who": "U0MIA", "channel": "C0ASO"}
    form, raw = "multipart/form-data", "application/octet-stream"
    refusals: list[tuple[str, Json, int]] = [
        (form, {**to_aso, "files": '[["a", 1]]'}, 415),
        (raw, to_aso, 400),
        (raw, {**to_aso, "who": "U0NOBODY", "files": '[["a", 1]]'}, 404),
        (raw, {**to_aso, "files": "{"}, 400),
        (raw, {**to_aso, "files": '[["a", 2]]'}, 400),
        (raw, {**to_aso, "files": '[["a", 0]]'}, 400),
    ]
    async with a_stage(browser) as stage:
        address = f"{stage.sandbox.url}/page/slack/share"
        for kind, query, status in refusals:
            async with stage.bot.session.post(
                address, params=query, data=b"x", headers={"Content-Type": kind}
            ) as answer:
                assert answer.status == status, query
        assert stage.sandbox.slack.messages("C0ASO") == []
