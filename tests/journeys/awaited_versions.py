"""Proposals for a version that Apple does not have yet: made, parked, and the version made, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, BEN
from bot.settings import ApprovalRule
from tests.journeys.ticking import run, version
from tests.web.calling import Answer, Pipeline
from tests.workspace import TIDEWELL, Workspace

PREPARE, REVIEW, LIVE = "PREPARE_FOR_SUBMISSION", "IN_REVIEW", "READY_FOR_DISTRIBUTION"
AWAITED = "version 2.5.0 of Tidewell Notes (iOS)"
WAITS = f"It waits for {AWAITED}, which does not exist yet."
PARKED = (
    f"Parked: waits for {AWAITED}, which does not exist yet; "
    "it is pushed once that is there and can be edited."
)
# The subtitle is Ben's, the keywords are Aiko's.
RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN,)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)
GERMAN = {"de-DE": {"keywords": "notiz,heft", "whatsNew": "Hefte."}}


async def ask(pipeline: Pipeline, locales: Any = None, number: str = "2.5.0") -> Answer:
    return await pipeline.propose(locales or GERMAN, version=number, when_it_exists=True)


async def proposed(
    pipeline: Pipeline, locales: Any = None, number: str = "2.5.0"
) -> Mapping[str, Any]:
    """Propose for a version to come and return the message."""
    team = pipeline.workspace
    before = [message["ts"] for message in team.messages()]
    made = await ask(pipeline, locales, number)
    assert made.status == 201, made
    message: Mapping[str, Any] = await team.until(lambda: team._seeded(before))
    return message


async def parked(pipeline: Pipeline, locales: Any = None) -> Mapping[str, Any]:
    message = await proposed(pipeline, locales)
    await pipeline.workspace.react(BEN, message)
    return await pipeline.workspace.says(message, PARKED)


async def made(team: Workspace, number: str = "2.5.0", state: str = PREPARE) -> None:
    """Release what is being prepared, make the next version, and let the watch see it."""
    if version(team)["state"] != LIVE:
        team.apple.move(version(team)["id"], LIVE)
    team.apple.add_version(TIDEWELL, number, "IOS", state)
    await run(team, "watch")


async def status(team: Workspace, number: int = 1) -> Status | None:
    return await team.bot.desk.store.proposals.status(number)


def text(team: Workspace, field: str, locale: str = "de-DE", number: str = "2.5.0") -> Any:
    return version(team, number)["localizations"][locale][field]
