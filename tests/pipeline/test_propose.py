"""`marquee propose` against a bot: what is sent, what is told, and how it ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.errors import Refused, Unavailable
from tests.pipeline.conftest import Marquee, Pipeline
from tests.pipeline.listing import write
from tests.pipeline.stand_in import APP, TOKEN

RUN = {"GITHUB_REPOSITORY": "example/notes", "GITHUB_RUN_ID": "77"}
WAIT = ("propose", "texts", "--app", APP, "--wait")


@pytest.fixture(autouse=True)
def texts(tmp_path: Path) -> Path:
    write(tmp_path / "texts", "de-DE", subtitle="Schreib es auf", promotional_text="[clear]")
    return tmp_path / "texts"


def approvals(given: int, needed: int = 2) -> list[dict[str, Any]]:
    return [{"items": 2, "needed": needed, "given": given, "voters": []}]


async def test_texts_become_a_proposal_and_its_link_is_told(pipeline: Pipeline) -> None:
    done = await pipeline.run("propose", "texts", "--app", APP)
    assert pipeline.bot.bodies == [
        {
            "app": APP,
            "locales": {"de-DE": {"promotionalText": None, "subtitle": "Schreib es auf"}},
        }
    ]
    assert done.status == 0
    assert done.out.splitlines() == [
        "ok: nothing to say; 2 texts in 1 locale",
        "Proposal 12, 2 changes in 1 locale: https://example.slack.com/archives/C1/p1",
    ]


async def test_a_link_that_is_not_there_at_once_is_waited_for_a_little(
    pipeline: Pipeline,
) -> None:
    pipeline.bot.status = {"url": None}
    pipeline.bot.script = [{"url": None}, {"url": "https://example.slack.com/archives/C1/p2"}]
    done = await pipeline.run("propose", "texts", "--app", APP)
    assert done.out.endswith(": https://example.slack.com/archives/C1/p2\n")
    pipeline.bot.status = {"url": None}
    done = await pipeline.run("propose", "texts", "--app", APP)
    assert (done.status, done.out.splitlines()[-1]) == (0, "Proposal 12, 2 changes in 1 locale")


async def test_what_else_is_wished_goes_along(pipeline: Pipeline) -> None:
    words = ["--version", "3.2", "--reason", "Release 3.2", "--platform", "IOS", "--in-parts"]
    words += ["--not-before", "2026-12-01T09:00:00Z", "--when-it-exists"]
    await pipeline.run("propose", "texts", "--app", APP, *words)
    [body] = pipeline.bot.bodies
    del body["locales"]
    assert body == {
        "app": APP,
        "version": "3.2",
        "when_it_exists": True,
        "reason": "Release 3.2",
        "platform": "IOS",
        "in_parts": True,
        "not_before": "2026-12-01T09:00:00Z",
    }


async def test_a_text_for_all_locales_goes_to_those_that_the_app_has(
    pipeline: Pipeline, texts: Path
) -> None:
    write(texts, "default", subtitle="Short notes")
    done = await pipeline.run("propose", "texts", "--app", APP)
    assert pipeline.bot.bodies[0]["locales"] == {
        "de-DE": {"promotionalText": None, "subtitle": "Schreib es auf"},
        "en-US": {"subtitle": "Short notes"},
    }
    told = "“default” fills 1 locale that lacks texts of its own: en-US (subtitle)"
    assert done.out.splitlines()[1] == told


async def test_a_text_for_all_locales_goes_to_a_new_locale_as_well(
    pipeline: Pipeline, texts: Path
) -> None:
    write(texts, "default", subtitle="Short notes")
    write(texts, "ja", name="メモ")
    await pipeline.run("propose", "texts", "--app", APP)
    assert pipeline.bot.bodies[0]["locales"]["ja"] == {"name": "メモ", "subtitle": "Short notes"}


async def test_errors_in_the_files_end_it_before_anybody_is_asked(
    pipeline: Pipeline, texts: Path
) -> None:
    write(texts, "de-DE", subtitle="x" * 31, name="N")
    done = await pipeline.run(*WAIT)
    assert done.status == 1
    assert "Subtitle has 31 characters, 30 are allowed." in done.out
    pipeline.environ["GITHUB_ACTIONS"] = "true"
    assert "::error file=texts/de-DE/subtitle.txt" in (await pipeline.run(*WAIT)).out
    assert pipeline.bot.asked == []


async def test_warnings_end_it_where_it_is_strict(pipeline: Pipeline, texts: Path) -> None:
    write(texts, "de-DE", keywords="memo,memo")
    assert (await pipeline.run("propose", "texts", "--app", APP, "--strict")).status == 1
    assert (await pipeline.run("propose", "texts", "--app", APP)).status == 0


async def test_nothing_to_change_is_well(pipeline: Pipeline, texts: Path) -> None:
    pipeline.bot.listing["de-DE"]["subtitle"] = "Schreib es auf"
    done = await pipeline.run(*WAIT)
    assert done.status == 0
    assert done.out.splitlines()[-1] == "Nothing would change, so nothing was proposed."


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ({"status": "pushed"}, 0),
        ({"status": "rejected"}, 3),
        ({"status": "withdrawn"}, 4),
        ({"status": "expired"}, 4),
        ({"status": "superseded"}, 4),
        ({"status": "expired", "stale": True}, 4),
        ({"status": "open", "stale": True}, 5),
        ({"status": "partial", "stale": True}, 5),
        ({"status": "failed"}, 6),
        ({"status": "partial"}, 6),
    ],
)
async def test_the_exit_status_tells_how_it_ended(
    pipeline: Pipeline, last: dict[str, Any], status: int
) -> None:
    pipeline.bot.script = [{"status": "open"}, {"status": "approved"}, last]
    assert (await pipeline.run(*WAIT)).status == status


async def test_in_parts_what_is_stale_does_not_keep_the_rest_from_being_waited_for(
    pipeline: Pipeline,
) -> None:
    items = [
        {"locale": "de-DE", "field": field, "state": state}
        for field, state in (("subtitle", "stale"), ("promotionalText", "waiting"))
    ]
    left = [items[0], {**items[1], "state": "done"}]
    pipeline.bot.script = [
        {"stale": True, "items": items},
        {"stale": True, "items": items, "approvals": approvals(1)},
        {"stale": True, "items": left, "status": "partial"},
    ]
    done = await pipeline.run(*WAIT, "--in-parts")
    assert done.status == 5
    assert pipeline.bot.script == []


async def test_a_push_under_way_is_waited_for_though_a_text_of_it_is_stale(
    pipeline: Pipeline,
) -> None:
    pipeline.bot.script = [
        {"status": "pushing", "stale": True},
        {"status": "partial", "stale": True},
    ]
    assert (await pipeline.run(*WAIT)).status == 5
    assert pipeline.bot.script == []


async def test_a_log_has_a_line_for_each_change_alone(pipeline: Pipeline) -> None:
    items = [{"locale": "de-DE", "field": "subtitle", "state": "done"}] * 3
    waiting = [{"locale": "de-DE", "field": "subtitle", "state": "waiting"}]
    pipeline.bot.script = [
        {},
        {},
        {"approvals": approvals(1)},
        {"approvals": approvals(1)},
        {"status": "approved"},
        {"status": "pushing", "items": items + waiting},
        {"status": "pushed"},
    ]
    done = await pipeline.run(*WAIT)
    assert done.out.splitlines()[2:] == [
        "open: 0 of 2 approvals",
        "open: 1 of 2 approvals",
        "approved",
        "pushing: 3 of 4 changes written",
        "pushed",
    ]


AWAITED = {"waits_for": "version 3.2 of Notes (iOS), which does not exist yet"}


async def test_a_version_that_does_not_exist_yet_is_named_for_as_long_as_it_is_waited_for(
    pipeline: Pipeline,
) -> None:
    pipeline.bot.script = [
        AWAITED,
        {"status": "parked", **AWAITED},
        {"status": "parked", "waits_for": None},
        {"status": "pushed", "waits_for": None},
    ]
    done = await pipeline.run(*WAIT, "--version", "3.2", "--when-it-exists")
    assert done.out.splitlines()[2:] == [
        "open: 0 of 2 approvals",
        "open: 0 of 2 approvals, waits for version 3.2 of Notes (iOS), which does not exist yet",
        "parked: waits for version 3.2 of Notes (iOS), which does not exist yet",
        "parked",
        "pushed",
    ]


async def test_what_it_waits_for_is_told_where_nobody_waits(pipeline: Pipeline) -> None:
    pipeline.bot.status = {**AWAITED}
    done = await pipeline.run("propose", "texts", "--app", APP, "--version", "3.2")
    assert done.out.splitlines()[-1] == (
        "It is open: 0 of 2 approvals, waits for version 3.2 of Notes (iOS), "
        "which does not exist yet."
    )


async def test_a_terminal_has_one_line_that_is_redrawn(pipeline: Pipeline) -> None:
    pipeline.lively = True
    pipeline.bot.script = [{}, {"approvals": approvals(1)}, {"status": "pushed"}]
    done = await pipeline.run(*WAIT)
    lines = done.out.split("\n")
    assert len(lines) == 4
    drawn = [each.removesuffix("\x1b[K") for each in lines[2].split("\r") if each]
    assert drawn[:3] == [
        "open: 0 of 2 approvals · 0:00",
        "open: 0 of 2 approvals · 0:02",
        "open: 1 of 2 approvals · 0:05",
    ]
    assert lines[2].endswith("\r\x1b[Kpushed")


async def test_what_failed_is_told_by_text(pipeline: Pipeline) -> None:
    items = [{"locale": "de-DE", "field": "subtitle", "state": "failed", "problem": "Too rude."}]
    pipeline.bot.script = [{"status": "failed", "items": items}]
    assert (await pipeline.run(*WAIT)).out.splitlines()[-2:] == [
        "failed",
        "  de-DE subtitle: Too rude.",
    ]


async def test_pauses_grow_and_start_again_when_something_happens(pipeline: Pipeline) -> None:
    pipeline.bot.script = [{}] * 8 + [{"approvals": approvals(1)}, {}, {"status": "pushed"}]
    await pipeline.run(*WAIT)
    pauses = pipeline.rhythm.pauses
    assert pauses[:3] == [2.0, 3.0, 4.5]
    assert pauses[7:9] == [15.0, 15.0]
    assert pauses[9] == 2.0


async def test_when_the_time_is_over_the_proposal_goes_on_alone(pipeline: Pipeline) -> None:
    done = await pipeline.run(*WAIT, "--timeout", "1m")
    assert done.status == 7
    assert sum(pipeline.rhythm.pauses) == 60
    assert done.out.splitlines()[-1] == (
        "Still open: 0 of 2 approvals. It goes on without this command."
    )


async def test_a_bot_that_is_away_for_a_while_is_asked_again(pipeline: Pipeline) -> None:
    bot = pipeline.bot
    bot.script = [{"status": "pushed"}]
    bot.troubles = [
        bot.problem(429, "Too many requests", retry_after=40),
        bot.problem(503, "Slack cannot be asked", retry_after=9999),
        None,
        web.Response(status=502, text="<html>Bad gateway</html>"),
    ]
    done = await pipeline.run(*WAIT)
    assert done.status == 0
    assert pipeline.rhythm.pauses[:2] == [40.0, 300.0]
    assert len(bot.bodies) == 1
    assert len(bot.keys) == 1


async def test_a_date_to_ask_again_at_is_kept(pipeline: Pipeline) -> None:
    bot = pipeline.bot
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    bot.troubles = [bot.problem(503, "Restarting", retry_after=later)]
    await pipeline.run("propose", "texts", "--app", APP)
    assert 90 < pipeline.rhythm.pauses[0] <= 100


async def test_an_answer_without_end_is_refused(pipeline: Pipeline) -> None:
    pipeline.bot.troubles = [web.Response(body=b"x" * (33 * 1024 * 1024))]
    with pytest.raises(Refused, match="far too large"):
        await pipeline.run(*WAIT)


async def test_while_it_waits_it_outlasts_any_number_of_troubles(pipeline: Pipeline) -> None:
    bot = pipeline.bot

    class Away(list[Any]):
        def __bool__(self) -> bool:
            return bool(bot.bodies) and len(self) > 0

    bot.troubles = Away(bot.problem(503, "Restarting") for _ in range(30))
    bot.script = [{"status": "pushed"}]
    done = await pipeline.run(*WAIT)
    assert done.status == 0
    assert done.out.count("Restarting Asking again.") == 1
    assert done.out.splitlines()[-1] == "pushed"


async def test_a_bot_that_stays_away_ends_the_wait_in_time(pipeline: Pipeline) -> None:
    bot = pipeline.bot

    class Away(list[Any]):
        def __bool__(self) -> bool:
            return bool(bot.bodies)

    bot.troubles = Away(bot.problem(503, "Restarting") for _ in range(200))
    assert (await pipeline.run(*WAIT, "--timeout", "10m")).status == 7
    assert pipeline.rhythm.seconds == 600


async def test_proposing_is_tried_a_few_times_and_then_given_up(pipeline: Pipeline) -> None:
    pipeline.bot.troubles = [pipeline.bot.problem(503, "Slack cannot be asked") for _ in range(9)]
    with pytest.raises(Unavailable, match="Slack cannot be asked"):
        await pipeline.run(*WAIT)
    assert len(pipeline.bot.asked) == 6
    assert pipeline.bot.bodies == []


async def test_a_job_that_is_repeated_finds_its_proposal_again(
    pipeline: Pipeline, texts: Path
) -> None:
    pipeline.environ.update(RUN)
    for _ in range(2):
        assert (await pipeline.run("propose", "texts", "--app", APP)).status == 0
    assert len(pipeline.bot.bodies) == 1
    write(texts, "de-DE", subtitle="Anderes")
    await pipeline.run("propose", "texts", "--app", APP)
    pipeline.environ["GITHUB_RUN_ID"] = "78"
    await pipeline.run("propose", "texts", "--app", APP)
    assert len(pipeline.bot.bodies) == 3


async def test_outside_of_ci_each_call_proposes(pipeline: Pipeline) -> None:
    for _ in range(2):
        await pipeline.run("propose", "texts", "--app", APP)
    assert len(pipeline.bot.bodies) == 2


async def test_a_key_of_ones_own_is_used(pipeline: Pipeline) -> None:
    await pipeline.run("propose", "texts", "--app", APP, "--idempotency-key", "release-3.2")
    assert list(pipeline.bot.keys) == ["release-3.2"]


async def test_a_refusal_is_told_with_its_findings_and_its_remedy(pipeline: Pipeline) -> None:
    found = {"severity": "error", "locale": "de-DE", "field": "name", "message": "Too long."}
    refusal = pipeline.bot.problem(
        422, "Not acceptable", detail="1 error.", remedy="Mend it.", findings=[found]
    )
    pipeline.bot.troubles = [refusal]
    done = await pipeline.process(*WAIT)
    assert done.status == 1
    assert done.err == "Not acceptable: 1 error.\n  error de-DE name Too long.\nMend it.\n"


async def test_the_token_is_never_sent_on_to_another_address(pipeline: Pipeline) -> None:
    target = f"{pipeline.bot.url}/elsewhere"
    pipeline.bot.troubles = [web.Response(status=307, headers={"Location": target})]
    with pytest.raises(Refused, match="leads elsewhere"):
        await pipeline.run(*WAIT)
    assert len(pipeline.bot.asked) == 1


async def test_a_proxy_is_not_asked_for_what_is_on_this_machine(pipeline: Pipeline) -> None:
    pipeline.environ["HTTP_PROXY"] = "http://127.0.0.1:9"
    assert (await pipeline.process("propose", "texts", "--app", APP)).status == 0


async def test_a_line_that_is_redrawn_fits_the_terminal(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    pipeline.lively = True
    pipeline.bot.script = [{"status": "pushed"}]
    assert "\ropen: 0 o\x1b[K\r" in (await pipeline.run(*WAIT)).out


async def test_what_is_no_bot_is_told_so(pipeline: Pipeline) -> None:
    for answer in (
        web.Response(text="<html>Hello</html>"),
        web.Response(text="[" * 100_000),
        web.json_response({"hello": "world"}),
        web.json_response([1]),
    ):
        pipeline.bot.troubles = [answer]
        with pytest.raises(Refused, match=r"no bot|no proposal"):
            await pipeline.run(*WAIT)


async def test_a_wrong_token_ends_a_wait_at_once(pipeline: Pipeline) -> None:
    pipeline.environ["MARQUEE_TOKEN"] = "mq_another"
    done = await pipeline.process(*WAIT)
    assert done.status == 1
    assert done.err == "No such token\nMake one: marquee token create.\n"
    assert "mq_another" not in done.out + done.err


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MARQUEE_URL": ""}, "MARQUEE_URL: It is not set."),
        ({"MARQUEE_TOKEN": ""}, "MARQUEE_TOKEN: It is not set."),
        ({"MARQUEE_URL": "http://bot.example"}, "would travel to bot.example unencrypted"),
        ({"MARQUEE_URL": "bot.example"}, "This is no address."),
        ({"MARQUEE_URL": "https://me:pw@bot.example"}, "It holds more than an address."),
        ({"MARQUEE_TOKEN": "mq_secret\x01"}, "This is no token, which begins with mq_."),
        ({"MARQUEE_TOKEN": "xoxb-secret"}, "This is no token, which begins with mq_."),
    ],
)
def test_settings_that_cannot_be_used_end_with_2(
    marquee: Marquee, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    whole = {"MARQUEE_URL": "https://bot.example", "MARQUEE_TOKEN": TOKEN, **variables}
    for name, value in whole.items():
        monkeypatch.setenv(name, value)
    done = marquee(*WAIT)
    assert done.status == 2
    assert said in done.err
    assert "secret" not in done.err
    assert "pw" not in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("propose", "texts"), "--app"),
        ((*WAIT, "--timeout", "soon"), "soon is no time to wait"),
        ((*WAIT, "--timeout", "99d"), "at most 30d"),
        ((*WAIT, "--version", ""), "the number is empty"),
        ((*WAIT, "--when-it-exists"), "--when-it-exists needs --version NUMBER"),
        ((*WAIT, "--not-before", "2026-12-01"), "is no time with its zone"),
        ((*WAIT, "--idempotency-key", "ü"), "1 to 255 printable characters"),
        (("diff", "nowhere", "--app", APP), "nowhere is not there"),
    ],
)
def test_a_wrong_call_ends_with_2(marquee: Marquee, words: tuple[str, ...], said: str) -> None:
    done = marquee(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


async def test_the_bodys_bytes_are_the_same_for_the_same_texts(
    pipeline: Pipeline, texts: Path
) -> None:
    pipeline.environ.update(RUN)
    await pipeline.run("propose", "texts", "--app", APP)
    rows = [["locale", "field", "text"], ["de-DE", "subtitle", "Schreib es auf"]]
    document = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    document.append({"locale": "de-DE", "field": "promotionalText", "text": None})  # type: ignore[dict-item]
    (texts.parent / "texts.json").write_text(json.dumps(document))
    await pipeline.run("propose", "texts.json", "--app", APP)
    assert len(pipeline.bot.bodies) == 1
