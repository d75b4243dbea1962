"""`marquee propose --wait` against the bot itself, with people who decide in Slack."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.pipeline import commands
from bot.pipeline.arguments import add_commands
from bot.pipeline.rhythm import Rhythm
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import BEN, MIA
from tests.journeys.ticking import run, version, wait
from tests.web.calling import TIDEWELL_ID, a_secret, make
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace

TEXTS = {"ja": {"subtitle": "静かなノート"}}


@dataclass(kw_only=True)
class Job:
    """A job of a pipeline with a token of Mia's, and the folder of its checkout."""

    team: Workspace
    folder: Path
    out: io.StringIO = field(default_factory=io.StringIO)

    async def marquee(self, *words: str) -> int:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(), run=lambda _options: 0)
        http = self.team.bot.http
        assert http is not None
        return await commands.run(
            parser.parse_args(words),
            environ={
                "MARQUEE_URL": f"http://127.0.0.1:{http.port}",
                "MARQUEE_TOKEN": a_secret(),
                "GITHUB_RUN_ID": "77",
            },
            stdout=self.out,
            stderr=self.out,
            rhythm=Rhythm(self.team.clock.steady, self.team.clock.sleep),
        )

    def propose(self, *words: str, **texts: Any) -> asyncio.Task[int]:
        """Begin to propose and to wait."""
        path = self.folder / "texts.json"
        path.write_text(json.dumps(texts or TEXTS), encoding="utf-8")
        call = ("propose", str(path), "--app", TIDEWELL_ID, "--platform", "IOS", "--wait")
        return asyncio.create_task(self.marquee(*call, "--timeout", "30d", *words))

    async def posted(self, *words: str, **texts: Any) -> tuple[asyncio.Task[int], Any]:
        """Return the waiting call, and the message in Slack once people may vote on it."""
        before = [message["ts"] for message in self.team.messages()]
        call = self.propose(*words, **texts)
        return call, await self.team.until(
            lambda: self.team._seeded(before) or (call.done() and call.result())
        )

    async def ended(self, call: asyncio.Task[int]) -> int:
        await self.team.until(call.done, why=self.out.getvalue())
        return call.result()

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
async def job(tmp_path: Path) -> AsyncIterator[Job]:
    async with a_workspace(tmp_path, over_http=True) as team:
        await make(team, a_secret())
        yield Job(team=team, folder=tmp_path)


async def test_a_job_ends_with_0_once_people_approved_and_apple_has_it(job: Job) -> None:
    call, message = await job.posted("--reason", "Release 2.4.0")
    await job.team.until(lambda: "open: " in job.out.getvalue())
    await job.team.react(BEN, message)
    assert await job.ended(call) == 0
    assert job.team.live("ja", "subtitle") == "静かなノート"
    assert job.lines[1].startswith("Proposal 1, 1 change in 1 locale: http")
    assert job.lines[2] == "open: 0 of 1 approvals"
    assert job.lines[-1] == "pushed"


async def test_a_job_learns_what_its_listing_lacks_and_ends_by_it(job: Job) -> None:
    words = ("check", TIDEWELL_ID, "--platform", "IOS")
    assert await job.marquee(*words) == 1
    assert job.lines[:2] == [
        "problem  completeness",
        "  What's new: Missing in ar-SA, he, it, th. Write it with /aso edit.",
    ]
    assert job.lines[-1].startswith("Tidewell Notes 2.4.0: 1 problem, ")
    for locale in ("ar-SA", "he", "it", "th"):
        job.team.apple.edit(TIDEWELL, locale, "whatsNew", f"{locale}: ...")

    job.out.truncate(job.out.seek(0))
    assert await job.marquee(*words, "--format", "json") == 0
    assert json.loads(job.out.getvalue())["problems"] == 0


async def test_a_job_ends_with_3_when_people_reject(job: Job) -> None:
    call, message = await job.posted()
    await job.team.react(BEN, message, CROSS)
    assert await job.ended(call) == 3
    assert job.lines[-1] == "rejected"


async def test_a_job_ends_with_4_when_nobody_decides_in_time(job: Job) -> None:
    call, _ = await job.posted()
    await wait(job.team, days=7.1)
    await run(job.team, "expire")
    assert await job.ended(call) == 4
    assert job.lines[-1] == "expired"


async def test_a_job_ends_with_4_when_its_owner_takes_it_back(job: Job) -> None:
    call, message = await job.posted()
    await job.team.press(MIA, message, "Withdraw")
    assert await job.ended(call) == 4


async def test_a_job_ends_with_5_when_apples_text_is_another_one(job: Job) -> None:
    call, message = await job.posted()
    job.team.apple.edit(TIDEWELL, "ja", "subtitle", "別の言葉")
    await job.team.react(BEN, message)
    assert await job.ended(call) == 5
    assert job.lines[-2].endswith("but Apple's side has changed since")
    assert job.lines[-1].startswith("  ja subtitle: Apple's text was changed")
    assert job.team.live("ja", "subtitle") == "別の言葉"


async def test_a_job_ends_with_6_and_names_the_text_when_apple_refuses(job: Job) -> None:
    job.team.apple.faults.add(Fault(kind="refused", match="PATCH /v1/appInfoLocalizations"))
    call, message = await job.posted()
    await job.team.react(BEN, message)
    assert await job.ended(call) == 6
    assert job.lines[-2] == "failed"
    assert job.lines[-1].startswith("  ja subtitle: ")


async def test_a_job_ends_with_7_when_its_own_time_is_over(job: Job) -> None:
    call, _ = await job.posted("--timeout", "10m")
    assert await job.ended(call) == 7
    assert job.lines[-1].startswith("Still open: 0 of 1 approvals.")


AWAITED = "waits for version 2.5.0 of Tidewell Notes (iOS), which does not exist yet"
LATER = ("--version", "2.5.0", "--when-it-exists")


async def test_texts_travel_with_a_version_that_is_made_after_they_were_approved(
    job: Job,
) -> None:
    call, message = await job.posted(*LATER, ja={"whatsNew": "静かになりました。"})
    await job.team.until(lambda: "open: " in job.out.getvalue())
    await job.team.react(BEN, message)
    await job.team.until(lambda: "parked: " in job.out.getvalue())
    job.team.apple.move(version(job.team)["id"], "READY_FOR_DISTRIBUTION")
    job.team.apple.add_version(TIDEWELL, "2.5.0", "IOS")
    await run(job.team, "watch")
    assert await job.ended(call) == 0
    texts = version(job.team, "2.5.0")["localizations"]["ja"]
    assert texts["whatsNew"] == "静かになりました。"
    assert job.lines[2] == f"open: 0 of 1 approvals, {AWAITED}"
    assert job.lines[-1] == "pushed"
    assert f"parked: {AWAITED}" in job.lines


async def test_a_job_ends_with_7_when_the_version_does_not_come_in_its_time(job: Job) -> None:
    call, message = await job.posted(*LATER, "--timeout", "10m")
    await job.team.react(BEN, message)
    assert await job.ended(call) == 7
    assert job.lines[-1] == f"Still parked: {AWAITED}. It goes on without this command."


async def test_a_job_ends_with_4_when_the_version_never_comes(job: Job) -> None:
    call, message = await job.posted(*LATER)
    await job.team.react(BEN, message)
    await job.team.until(lambda: "parked: " in job.out.getvalue())
    await wait(job.team, days=7.1)
    await run(job.team, "expire")
    assert await job.ended(call) == 4


async def test_a_repeated_job_follows_the_proposal_of_the_first(job: Job) -> None:
    first, message = await job.posted()
    again = job.propose()
    await job.team.react(BEN, message)
    assert await job.ended(first) == 0
    assert await job.ended(again) == 0
    assert len([line for line in job.lines if line.startswith("Proposal 1, ")]) == 2
    assert await job.team.bot.desk.store.proposals.get(2) is None


async def test_what_apple_has_already_is_not_proposed(job: Job) -> None:
    assert await job.ended(job.propose(ja={"subtitle": job.team.live("ja", "subtitle")})) == 0
    assert job.lines[-1] == "Nothing would change, so nothing was proposed."


async def test_a_bot_that_is_restarted_meanwhile_does_not_end_the_wait(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, public=True) as team:
        await make(team, a_secret())
        job = Job(team=team, folder=tmp_path)
        call, message = await job.posted()
        await team.until(lambda: "open: " in job.out.getvalue())
        await team.stop()
        await team.until(lambda: "Asking again." in job.out.getvalue())
        await team.restart()
        await team.react(BEN, message)
        assert await job.ended(call) == 0


async def test_what_is_exported_would_change_nothing(job: Job) -> None:
    folder = str(job.folder / "metadata")
    which = ("--app", TIDEWELL_ID, "--platform", "IOS")
    written = job.marquee("export", *which, "--format", "fastlane", "--output", folder)
    assert await job.ended(asyncio.ensure_future(written)) == 0
    compared = job.marquee("diff", folder, *which, "--exit-code")
    assert await job.ended(asyncio.ensure_future(compared)) == 0
    assert job.lines[-1] == f"{TIDEWELL_ID}: nothing would change"
