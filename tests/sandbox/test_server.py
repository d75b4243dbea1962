"""The sandbox's one port, asked over real sockets by a bare client."""

import asyncio
import re
import shlex
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.listing import NotAListingError
from bot.sandbox.page_routes import FILES
from bot.sandbox.server import PortTakenError, Sandbox, SandboxOptions, run
from tests.command import marquee

HTML_SETTERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|setHTML|DOMParser|srcdoc|\beval\(|new Function"
)


def options(**settings: object) -> SandboxOptions:
    quiet = {"port": 0, "open_browser": False, "start_bot": False, "say": lambda _: None}
    return SandboxOptions(**{**quiet, **settings})  # type: ignore[arg-type]  # a test's shorthand


@asynccontextmanager
async def a_visit(**settings: object) -> AsyncIterator[tuple[Sandbox, aiohttp.ClientSession]]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        Sandbox(options(**settings)) as sandbox,
        aiohttp.ClientSession(sandbox.url, timeout=timeout) as session,
    ):
        yield sandbox, session


async def state(session: aiohttp.ClientSession, **query: str) -> dict[str, Any]:
    async with session.get("/page/state", params=query) as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def refusal(answer: aiohttp.ClientResponse, status: int) -> str:
    assert answer.status == status
    return str((await answer.json())["error"])


async def test_the_page_is_served_at_the_root():
    async with a_visit() as (_, session), session.get("/") as answer:
        assert answer.status == 200
        assert "<title>Marquee sandbox</title>" in await answer.text()


async def test_every_file_that_the_page_names_is_served():
    async with a_visit() as (_, session):
        named = {
            f"/page/static/{name}"
            for file in FILES.iterdir()
            if file.suffix in {".js", ".html"}
            for name in re.findall(r'(?:\./|/page/static/)([\w.]+)"', file.read_text("utf-8"))
        }
        assert len(named) > 20
        for path in sorted(named):
            async with session.get(path) as answer:
                assert answer.status == 200, path


async def test_the_page_may_load_nothing_but_its_own_files():
    async with a_visit() as (_, session), session.get("/") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_no_file_of_the_page_ever_sets_markup():
    for file in FILES.iterdir():
        if file.suffix == ".js":
            assert not HTML_SETTERS.search(file.read_text("utf-8")), file.name


async def test_no_file_of_the_page_names_another_server():
    for file in FILES.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://\w", text), file.name


async def test_another_host_name_gets_no_answer():
    async with (
        a_visit() as (_, session),
        session.get("/page/state", headers={"Host": "evil.example"}) as answer,
    ):
        assert answer.status == 403


async def test_another_port_in_the_host_gets_no_answer():
    async with (
        a_visit() as (_, session),
        session.get("/page/state", headers={"Host": "127.0.0.1:1"}) as answer,
    ):
        assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
async def test_a_page_of_another_origin_gets_no_answer(origin: str):
    async with (
        a_visit() as (_, session),
        session.post("/page/bot/kill", json={}, headers={"Origin": origin}) as answer,
    ):
        assert answer.status == 403


async def test_the_own_page_is_answered_under_localhost_too():
    async with a_visit() as (sandbox, session):
        own = sandbox.url.replace("127.0.0.1", "localhost")
        headers = {"Host": own.removeprefix("http://"), "Origin": own}
        async with session.get("/page/state", headers=headers) as answer:
            assert answer.status == 200


async def test_a_form_cannot_press_a_button():
    async with (
        a_visit() as (_, session),
        session.post("/page/slack/home", data='{"who": "U0MIA"}') as answer,
    ):
        assert await refusal(answer, 415) == "Send JSON."


async def test_the_state_begins_with_the_proposer():
    async with a_visit() as (_, session):
        found = await state(session)
        assert found["me"] == "U0MIA"
        assert {"slack", "apple", "bot"} <= set(found)


async def test_a_person_sees_only_the_channels_they_are_in():
    async with a_visit() as (_, session):
        found = await state(session, parts="slack", **{"as": "U0STRANGER"})
        assert [channel["name"] for channel in found["slack"]["channels"]] == ["aso"]


async def test_a_part_of_the_state_can_be_asked_for_alone():
    async with a_visit() as (_, session):
        found = await state(session, parts="apple")
        assert "apple" in found
        assert "slack" not in found


async def test_nobody_can_look_as_somebody_who_does_not_exist():
    async with a_visit() as (_, session), session.get("/page/state?as=U0NOBODY") as answer:
        assert await refusal(answer, 404) == "Nobody here is called U0NOBODY."


async def test_what_a_person_says_is_in_the_channel():
    async with a_visit() as (_, session):
        words = {"who": "U0BEN", "channel": "C0ASO", "text": "Good morning"}
        async with session.post("/page/slack/say", json=words) as answer:
            assert (await answer.json())["ok"] is True
        found = await state(session)
        assert found["slack"]["messages"]["C0ASO"][-1]["text"] == "Good morning"


async def test_a_missing_and_an_unknown_argument_are_both_named():
    async with (
        a_visit() as (_, session),
        session.post("/page/slack/react", json={"who": "U0BEN", "emoji": "x"}) as answer,
    ):
        sentence = await refusal(answer, 400)
        assert "channel is missing." in sentence
        assert "emoji is not known here." in sentence


async def test_a_command_without_a_bot_fails_as_in_slack():
    command = {"who": "U0MIA", "channel": "C0ASO", "text": "/aso help"}
    async with (
        a_visit() as (_, session),
        session.post("/page/slack/command", json=command) as answer,
    ):
        ack = await answer.json()
        assert ack["ok"] is False
        assert ack["error"]


async def test_a_change_is_told_to_an_open_page():
    async with a_visit() as (sandbox, session), session.get("/page/stream") as stream:
        assert await stream.content.readline() == b"retry: 1000\n"
        app = sandbox.apple.apps()[0]
        sandbox.apple.edit(app["id"], "en-US", "subtitle", "Changed meanwhile")
        lines = [await stream.content.readline() for _ in range(2)]
        assert b"data: apple\n" in lines


async def test_many_changes_at_once_are_told_once():
    async with a_visit() as (sandbox, session), session.get("/page/stream") as stream:
        await stream.content.readuntil(b"\n\n")
        app = sandbox.apple.apps()[0]
        for number in range(50):
            sandbox.apple.edit(app["id"], "en-US", "subtitle", f"Change {number}")
        await stream.content.readuntil(b"\n\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stream.content.readline(), 0.3)


async def test_a_fault_is_switched_on_listed_and_switched_off():
    async with a_visit() as (_, session):
        fault = {"kind": "server_error", "share": 0.2}
        async with session.post("/page/apple/fault", json=fault) as answer:
            number = (await answer.json())["made"]
        assert [f["kind"] for f in (await state(session))["apple"]["faults"]] == ["server_error"]
        async with session.post("/page/apple/unfault", json={"number": number}) as answer:
            assert answer.status == 200
        assert (await state(session))["apple"]["faults"] == []


async def test_an_unknown_fault_is_refused_in_a_sentence():
    async with (
        a_visit() as (_, session),
        session.post("/page/apple/fault", json={"kind": "earthquake"}) as answer,
    ):
        assert "earthquake" in await refusal(answer, 400)


async def test_a_version_moves_to_another_state():
    async with a_visit() as (sandbox, session):
        version = sandbox.apple.apps()[1]["versions"][-1]
        move = {"version_id": version["id"], "state": "READY_FOR_DISTRIBUTION"}
        async with session.post("/page/apple/move", json=move) as answer:
            assert answer.status == 200
        assert sandbox.apple.apps()[1]["versions"][-1]["state"] == "READY_FOR_DISTRIBUTION"


async def test_a_request_to_the_store_can_be_opened_with_its_answer():
    async with a_visit() as (_, session):
        async with session.get("/apple/v1/apps") as answer:
            assert answer.status == 401
        number = (await state(session))["apple"]["log"][-1]["n"]
        async with session.get(f"/page/apple/request/{number}") as answer:
            assert (await answer.json())["answer"]["errors"][0]["status"] == "401"


async def test_a_request_that_is_not_in_the_log_is_not_found():
    async with a_visit() as (_, session), session.get("/page/apple/request/77") as answer:
        assert "no longer in the log" in await refusal(answer, 404)


async def test_a_sandbox_without_a_bot_has_nothing_to_kill():
    async with a_visit() as (_, session), session.post("/page/bot/kill", json={}) as answer:
        assert await refusal(answer, 409) == "No bot belongs to this sandbox."


async def test_a_listing_in_a_folder_becomes_the_store(tmp_path: Path):
    (tmp_path / "de-DE").mkdir()
    (tmp_path / "de-DE" / "name.txt").write_text("Gezeiten", encoding="utf-8")
    async with a_visit(listing=tmp_path) as (sandbox, session):
        found = await state(session)
        assert [app["name"] for app in found["apple"]["apps"]] == ["Gezeiten"]
        assert found["notes"] == sandbox.notes


async def test_a_folder_without_a_listing_is_refused(tmp_path: Path):
    with pytest.raises(NotAListingError):
        Sandbox(options(listing=tmp_path))


async def test_a_taken_port_is_named_with_a_remedy():
    async with a_visit() as (sandbox, _):
        port = int(sandbox.url.rsplit(":", 1)[1])
        with pytest.raises(PortTakenError, match=f"Port {port} .*--port 0"):
            async with Sandbox(options(port=port)):
                pass


async def test_a_start_that_fails_ends_with_status_one(tmp_path: Path):
    said: list[str] = []
    assert await run(options(listing=tmp_path, say=said.append)) == 1
    assert "holds no listing" in said[0]


async def test_the_bot_is_told_everything_by_its_environment():
    async with a_visit() as (sandbox, _):
        told = sandbox.environment(8080)
        config = Path(told["MARQUEE_CONFIG"]).read_text(encoding="utf-8")
        assert told["SLACK_API_URL"] == f"{sandbox.url}/slack/api/"
        assert told["ASC_API_URL"] == f"{sandbox.url}/apple"
        assert told["PORT"] == "8080"
        assert 'bundle_id = "com.example.tidewell"' in config


async def test_the_bot_is_told_where_webhooks_reach_it_and_that_any_hour_will_do():
    async with a_visit() as (sandbox, _):
        told = sandbox.environment(8080)
        config = Path(told["MARQUEE_CONFIG"]).read_text(encoding="utf-8")
        assert told["PUBLIC_URL"] == "http://127.0.0.1:8080"
        assert len(told["MARQUEE_SECRET"]) >= 32
        assert sandbox.environment(8081)["MARQUEE_SECRET"] == told["MARQUEE_SECRET"]
        wanted = {"check_links": False, "working_hours": "00:00-23:59", "poll": "1m"}
        written = tomllib.loads(config)
        assert wanted.items() <= written.items()
        assert len(written["working_days"]) == 7
        assert "default_reminders" not in written


async def test_signed_delivery_leaves_the_app_token_out():
    async with a_visit(socket_mode=False) as (sandbox, _):
        assert "SLACK_APP_TOKEN" not in sandbox.environment(8080)


async def test_leaving_takes_the_folder_away():
    async with a_visit() as (sandbox, _):
        folder = sandbox.folder
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize("socket_mode", [True, False], ids=["socket", "http"])
async def test_the_bot_beside_it_answers_a_command(socket_mode: bool):
    async with a_visit(start_bot=True, socket_mode=socket_mode) as (sandbox, session):
        await sandbox.ready()
        command = {"who": "U0MIA", "channel": "C0ASO", "text": "/aso help"}
        async with session.post("/page/slack/command", json=command) as answer:
            assert (await answer.json())["ok"] is True


async def test_what_it_prints_lets_a_pipeline_propose_to_the_bot_beside_it(tmp_path: Path):
    said: list[str] = []
    running = asyncio.create_task(run(options(start_bot=True, say=said.append)))
    try:
        line = await the_line(said, "export ")
        told = dict(word.split("=", 1) for word in shlex.split(line)[1:])

        async def marquee_said(*words: str) -> str:
            done = await asyncio.to_thread(marquee, *words, folder=tmp_path, variables=told)
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        app = ("--app", "com.example.tidewell")
        secret = await marquee_said("token", "create", "--owner", "U0MIA", *app)
        told["MARQUEE_TOKEN"] = secret
        (tmp_path / "texts.csv").write_text("locale,subtitle\nja,静かなノート\n", encoding="utf-8")
        answer = await marquee_said("propose", "texts.csv", *app, "--platform", "IOS")
        assert "Proposal 1, 1 change in 1 locale" in answer
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def the_line(said: list[str], start: str) -> str:
    """Return the line that begins so, once it is said."""
    async with asyncio.timeout(30):
        while not (found := [line.strip() for line in said if line.strip().startswith(start)]):
            await asyncio.sleep(0.05)
    return found[0]


async def test_a_bot_that_the_page_kills_comes_back():
    async with a_visit(start_bot=True) as (sandbox, session):
        await sandbox.ready()
        async with session.post("/page/bot/kill", json={}) as answer:
            assert (await answer.json())["ok"] is True
        await sandbox.ready()
        status = (await state(session, parts="bot"))["bot"]
        assert (status["state"], status["restarts"]) == ("ready", 1)


async def test_the_command_says_where_the_page_is_and_ends_on_ctrl_c():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--no-browser", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    assert re.match(r"Marquee's sandbox is at http://127\.0\.0\.1:\d+/", line)
    process.send_signal(signal.SIGINT)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert said.decode() == "Stopping.\n"
    assert process.returncode == 0


async def test_a_refused_write_comes_from_the_page_with_reasons_and_only_once():
    async with a_visit() as (sandbox, session):
        fault = {"kind": "refused", "writes_only": True, "count": 1}
        async with session.post("/page/apple/fault", json=fault) as answer:
            assert answer.status == 200
        path = "/apple/v1/appInfoLocalizations/1"
        body = {"data": {"attributes": {"subtitle": "a", "name": "b"}}}
        async with session.get(path) as answer:
            assert answer.status == 401
        async with session.patch(path, json=body) as answer:
            errors = (await answer.json())["errors"]
            assert {error["code"] for error in errors} == {"ENTITY_ERROR.ATTRIBUTE.INVALID"}
            pointers = [error["source"]["pointer"] for error in errors]
            assert pointers == ["/data/attributes/subtitle", "/data/attributes/name"]
        async with session.patch(path, json=body) as answer:
            assert answer.status == 401
        assert sandbox.apple.faults.list() == []


async def test_the_module_of_the_command_line_runs_as_a_program():
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "sandbox", "--port", "http"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    assert "http is no port" in said.decode()
