"""The checklist of texts that wait for a version that Apple does not have yet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.sandbox.cast import BEN
from bot.settings import AppSettings
from tests.bench.listing import APP_ID, BUNDLE_ID, CODES, seed, texts
from tests.journeys.test_pipeline import Job
from tests.journeys.ticking import run, version
from tests.slack.limits import violations
from tests.web.calling import a_secret, make
from tests.workspace import a_workspace, words_of

HARBOUR = (AppSettings(bundle_id=BUNDLE_ID),)
LATER = ("--version", "4.2", "--when-it-exists")


@pytest_asyncio.fixture
async def job(tmp_path: Path) -> AsyncIterator[Job]:
    async with a_workspace(tmp_path, over_http=True, seed=seed(), apps=HARBOUR) as team:
        await make(team, a_secret(), BUNDLE_ID)
        yield Job(team=team, folder=tmp_path)


async def propose_for_later(job: Job) -> Mapping[str, Any]:
    """Propose all texts of forty locales for the version after this one; return the message."""
    path = job.folder / "texts.json"
    path.write_text(json.dumps(texts(1)), encoding="utf-8")
    call = asyncio.ensure_future(job.marquee("propose", str(path), "--app", BUNDLE_ID, *LATER))
    assert await job.ended(call) == 0, job.lines
    message: Mapping[str, Any] = await job.team.until(lambda: job.team._seeded(()))
    return message


async def test_forty_locales_for_a_version_to_come_have_their_checklist_in_the_thread(
    job: Job,
) -> None:
    message = await propose_for_later(job)
    await job.team.until(lambda: len(job.team.thread(message)) == 3)
    told = words_of(job.team.thread(message)[-1])
    assert "As the listing will be once proposal 1 is pushed." in told
    assert "Much of the 100 characters is not used: en-US (39)" in told
    assert "What's new:  Missing in en-US, ar-SA" in told
    # A version that is not there has no screenshots that could be missing.
    assert "creenshots" not in told


async def test_details_have_all_of_it_and_screenshots_once_the_version_is_there(job: Job) -> None:
    team = job.team
    message = await propose_for_later(job)
    before = await whole(job, message)
    assert all(f"{code} (" in before for code in CODES)
    assert "Harbour 4.2 for iOS, once proposal 1 is pushed." in before
    assert "creenshots" not in before

    team.apple.move(version(team, "4.1", app=APP_ID)["id"], "READY_FOR_DISTRIBUTION")
    team.apple.add_version(APP_ID, "4.2", "IOS")
    team.apple.screenshots(version(team, "4.2", app=APP_ID)["id"], "ko", 0)
    await run(team, "watch")
    assert "ko will show the screenshots of en-US." in await whole(job, message)


async def test_a_version_that_cannot_come_any_more_has_none_and_the_reason_is_told(
    job: Job,
) -> None:
    message = await propose_for_later(job)
    job.team.apple.move(version(job.team, "4.1", app=APP_ID)["id"], "READY_FOR_DISTRIBUTION")
    job.team.apple.add_version(APP_ID, "4.3", "IOS")
    job.team.apple.move(version(job.team, "4.3", app=APP_ID)["id"], "READY_FOR_DISTRIBUTION")
    await open_checklist(job, message)
    why = await job.team.until(lambda: "⚠️" in job.team.modal(BEN) and job.team.modal(BEN))
    assert "Version 4.2 cannot come any more." in why
    assert "4.3" in why


async def whole(job: Job, message: Mapping[str, Any]) -> str:
    """Return the checklist that stands behind a proposal's Details."""
    await open_checklist(job, message)
    await job.team.until(lambda: "Completeness" in job.team.modal(BEN))
    view = job.team.slack.modals(BEN)[-1]["view"]
    assert violations(dict(view)) == []
    told = job.team.modal(BEN)
    await job.team.close(BEN)
    await job.team.close(BEN)
    return told


async def open_checklist(job: Job, message: Mapping[str, Any]) -> None:
    await job.team.press(BEN, message, "Details")
    await job.team.until(lambda: job.team.modal(BEN))
    await job.team.press_in_modal(BEN, "Checklist")
