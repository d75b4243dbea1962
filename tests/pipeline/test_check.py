"""`marquee check` against a bot: what it tells to people and to programs, and how it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from tests.pipeline.conftest import Pipeline
from tests.pipeline.stand_in import APP


def a_point(severity: str, check: str, message: str, **values: Any) -> dict[str, Any]:
    defaults = {"field": "", "locales": ["ja"], "remedy": ""}
    return {**defaults, "severity": severity, "check": check, "message": message, **values}


MISSING = a_point(
    "error", "completeness", "Missing in ja.", field="whatsNew", remedy="Write it with /aso edit."
)
SAME = a_point("warning", "same_as_primary", "Word for word that of en-US: ja.", field="subtitle")
SHOTS = a_point("warning", "screenshots", "ja will show the screenshots of en-US.")


async def test_people_read_it_by_check_problems_first(pipeline: Pipeline) -> None:
    pipeline.bot.points = [MISSING, SHOTS, SAME, {**SAME, "field": "description"}]
    done = await pipeline.run("check", APP)
    assert done.out.splitlines() == [
        "problem  completeness",
        "  What's new: Missing in ja. Write it with /aso edit.",
        "remark  screenshots",
        "  ja will show the screenshots of en-US.",
        "remark  same as primary",
        "  Subtitle: Word for word that of en-US: ja.",
        "  Description: Word for word that of en-US: ja.",
        "",
        "Example Notes 2.4.0: 1 problem, 3 remarks; 3 links tried",
    ]


async def test_programs_read_it_as_the_bot_answers_it(pipeline: Pipeline) -> None:
    pipeline.bot.points = [SAME]
    done = await pipeline.run("check", APP, "--format", "json")
    assert json.loads(done.out) == pipeline.bot.checklist()


@pytest.mark.parametrize(
    ("points", "status"), [([], 0), ([SAME, SHOTS], 0), ([MISSING], 1), ([MISSING, SAME], 1)]
)
@pytest.mark.parametrize("form", ["human", "json"])
async def test_problems_end_it_with_1_and_remarks_do_not(
    pipeline: Pipeline, points: list[dict[str, Any]], status: int, form: str
) -> None:
    pipeline.bot.points = points
    assert (await pipeline.run("check", APP, "--format", form)).status == status


async def test_nothing_found_is_said(pipeline: Pipeline) -> None:
    done = await pipeline.run("check", APP, "--platform", "IOS", "--listing", "live")
    assert done.out == "Example Notes 2.4.0: nothing to remark; 3 links tried\n"
    path = f"GET /api/v1/listings/{APP}/checklist"
    assert pipeline.bot.asked == [f"{path}?platform=IOS&version=live"]


async def test_what_a_text_holds_does_nothing_to_a_terminal(pipeline: Pipeline) -> None:
    pipeline.bot.points = [a_point("warning", "links", "https://x/\x1b[2J (ja): It\nanswers 404.")]
    done = await pipeline.run("check", APP)
    assert "https://x/\\u001b[2J (ja): It↵answers 404." in done.out


async def test_an_app_that_there_is_not_ends_it_with_2(pipeline: Pipeline) -> None:
    done = await pipeline.process("check", "other")
    assert (done.status, done.out) == (2, "")
    assert done.err == "Not found: There is no such app.\n"


async def test_an_answer_that_is_no_checklist_ends_it_with_2(pipeline: Pipeline) -> None:
    pipeline.bot.troubles = [web.json_response({"locales": {}})]
    done = await pipeline.process("check", APP)
    assert (done.status, done.out) == (2, "")
    assert "The answer holds no checklist." in done.err
