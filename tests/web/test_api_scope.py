"""A token opens what it was made for: its apps, while it holds, for who is still there."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot import logs
from bot.sandbox.cast import MIA
from tests.journeys.test_vote_eligibility import deactivate
from tests.web.calling import (
    DOCUMENT,
    ORRERY_ID,
    TIDEWELL_ID,
    Answer,
    Pipeline,
    a_pipeline,
    a_secret,
)
from tests.workspace import ORRERY

JA = {"ja": {"subtitle": "静かなノート"}}
MIAS, NOBODYS = 1, 999
# Every route that needs a token, with an app and a proposal; a route more needs a line here.
ROUTES = {
    "POST /proposals",
    "GET /proposals/{id}",
    "POST /proposals/{id}/withdraw",
    "GET /listings/{app}",
    "GET /listings/{app}/checklist",
}


async def ask(pipeline: Pipeline, route: str, *, app: str, proposal: int) -> Answer:
    method, _, path = route.partition(" ")
    path = path.replace("{id}", str(proposal)).replace("{app}", app)
    if "listings" in path:
        path += "?platform=IOS"
    wish = {"app": app, "platform": "IOS", "locales": JA} if path == "/proposals" else None
    return await pipeline.call(method, path, wish)


def without_names(answer: Answer, *names: object) -> str:
    said = answer.said
    for name in names:
        said = said.replace(str(name), "...")
    return said


def test_every_route_with_a_token_is_among_those_that_are_tried() -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in DOCUMENT["paths"].items()
        for method, said in methods.items()
        if said.get("security") != []
    }
    assert described == ROUTES


@pytest.mark.parametrize("route", sorted(ROUTES))
async def test_a_token_cannot_reach_an_app_outside_its_scope_nor_learn_that_it_is_there(
    pipeline: Pipeline, route: str
) -> None:
    assert (await pipeline.propose(JA)).status == 201
    stranger = await pipeline.token("b", ORRERY_ID)
    before = len(pipeline.workspace.asked())

    outside = await ask(stranger, route, app=TIDEWELL_ID, proposal=MIAS)
    nowhere = await ask(stranger, route, app="com.example.nothing", proposal=NOBODYS)

    assert (outside.status, nowhere.status) == (404, 404)
    assert without_names(outside, TIDEWELL_ID, MIAS) == without_names(
        nowhere, "com.example.nothing", NOBODYS
    )
    assert len(pipeline.workspace.asked()) == before
    assert (await pipeline.show(MIAS))["status"] == "open"
    assert await pipeline.workspace.bot.desk.store.proposals.get(2) is None


async def test_apples_id_of_an_app_outside_is_as_far_away_as_its_bundle_id(
    pipeline: Pipeline,
) -> None:
    answer = await ask(pipeline, "GET /listings/{app}", app=ORRERY, proposal=0)
    assert answer.status == 404


async def test_a_token_for_two_apps_reaches_both_and_one_that_is_not_served_is_not_there(
    pipeline: Pipeline,
) -> None:
    both = await pipeline.token("c", TIDEWELL_ID, ORRERY_ID, "com.example.gone")
    for app in (TIDEWELL_ID, ORRERY_ID):
        assert (await ask(both, "GET /listings/{app}", app=app, proposal=0)).status == 200
    gone = await ask(both, "GET /listings/{app}", app="com.example.gone", proposal=0)
    assert gone.status == 404


@pytest.mark.parametrize("route", sorted(ROUTES))
@pytest.mark.parametrize("secret", [None, "", a_secret("z"), "mq_", "xoxb-1", "mq_ü"])
async def test_without_a_token_that_is_known_nothing_is_told_or_done(
    pipeline: Pipeline, route: str, secret: str | None
) -> None:
    answer = await ask(pipeline.using(secret), route, app=TIDEWELL_ID, proposal=MIAS)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert pipeline.workspace.asked() == []


@pytest.mark.parametrize("route", sorted(ROUTES))
async def test_a_revoked_or_ended_token_opens_nothing_from_then_on(
    pipeline: Pipeline, route: str
) -> None:
    short = await pipeline.token("d", TIDEWELL_ID, lasts=timedelta(hours=1))
    assert (await ask(short, "GET /listings/{app}", app=TIDEWELL_ID, proposal=0)).status == 200
    await pipeline.workspace.clock.travel(3600)
    assert (await ask(short, route, app=TIDEWELL_ID, proposal=MIAS)).status == 401

    desk = pipeline.workspace.bot.desk
    await desk.store.tokens.revoke(1, now=desk.clock.now())
    assert (await ask(pipeline, route, app=TIDEWELL_ID, proposal=MIAS)).status == 401


@pytest.mark.parametrize("route", sorted(ROUTES))
async def test_the_token_of_who_was_deactivated_opens_nothing(
    pipeline: Pipeline, route: str
) -> None:
    assert (await pipeline.propose(JA)).status == 201
    deactivate(pipeline.workspace, MIA)
    await pipeline.workspace.clock.travel(301)
    answer = await ask(pipeline, route, app=TIDEWELL_ID, proposal=MIAS)
    assert answer.status == 403
    assert "is no person of this workspace" in answer.said


async def test_a_second_scheme_or_header_is_no_token(pipeline: Pipeline) -> None:
    for header in (f"Basic {a_secret()}", a_secret(), f"Bearer {a_secret()} more", "Bearer"):
        answer = await pipeline.call("GET", "/proposals/1", headers={"Authorization": header})
        assert answer.status == 401


async def test_no_token_and_no_text_is_in_the_log_nor_a_token_on_the_disk(
    tmp_path: Path,
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin(stream)
    root.setLevel(logging.DEBUG)
    try:
        async with a_pipeline(tmp_path) as pipeline:
            await pipeline.propose(JA, key="build-7", reason="hush-hush")
            await pipeline.using(a_secret("z")).propose(JA)
            await pipeline.workspace.settle()
    finally:
        root.handlers[:], root.level = before, level
    said = stream.getvalue()
    assert "api.proposed proposal=1" in said
    for hidden in (a_secret(), a_secret("z"), "静かなノート", "hush-hush"):
        assert hidden not in said
    for file in tmp_path.iterdir():
        assert a_secret().encode() not in file.read_bytes()
