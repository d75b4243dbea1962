"""The OpenAPI document and the routes are the same thing, said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schemathesis import openapi

from bot.domain.checklist import Check
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import ItemKind, ItemState
from bot.domain.proposals import Status
from bot.domain.validation import Severity
from bot.web.api import bodies, problems
from bot.web.api.routes import PATH, Api
from tests.clock import HandClock
from tests.web.calling import DOCUMENT, a_pipeline

SCHEMAS = DOCUMENT["components"]["schemas"]
# What can be refused before a route is found, so everywhere.
BEFORE = {400, 405, 408, 413, 500, 503}


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            yield method.upper(), path, said


def test_every_route_is_described_and_no_other() -> None:
    desk: Any = SimpleNamespace()
    served = {(one.method, one.path) for one in Api(desk, HandClock()).routes()}
    assert served == {(method, PATH + path) for method, path, _ in operations()}


def test_every_status_of_a_refusal_is_described_and_no_other() -> None:
    given = {int(one) for one in problems.FAMILIES.values()}
    given |= {int(one) for one in problems.DETAILS}
    given |= {int(HTTPStatus.UNSUPPORTED_MEDIA_TYPE), int(HTTPStatus.TOO_MANY_REQUESTS)}
    described = {int(code) for _, _, said in operations() for code in said["responses"]}
    assert {code for code in described if code >= 400} == given


@pytest.mark.parametrize(("method", "path", "said"), list(operations()))
def test_what_can_be_refused_before_a_route_is_described_everywhere(
    method: str, path: str, said: Any
) -> None:
    codes = {int(code) for code in said["responses"]}
    assert codes >= BEFORE
    if said.get("security") != []:
        assert codes >= {401, 403, 404, 422, 429}
    assert (415 in codes) is (method == "POST")
    assert (409 in codes) is (method == "POST")


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (SCHEMAS["Field"]["enum"], BY_ATTRIBUTE),
        (SCHEMAS["Texts"]["properties"], BY_ATTRIBUTE),
        (SCHEMAS["Listing"]["properties"]["locales"]["additionalProperties"]["properties"],
         BY_ATTRIBUTE),
        (SCHEMAS["Platform"]["enum"], bodies.PLATFORMS),
        (SCHEMAS["Wish"]["properties"], bodies.NAMES),
        (SCHEMAS["Proposal"]["properties"]["status"]["enum"], Status),
        (SCHEMAS["Item"]["properties"]["state"]["enum"], ItemState),
        (SCHEMAS["Item"]["properties"]["kind"]["enum"], ItemKind),
        (SCHEMAS["Finding"]["properties"]["severity"]["enum"], Severity),
        (SCHEMAS["Point"]["properties"]["severity"]["enum"], Severity),
        (SCHEMAS["Point"]["properties"]["check"]["enum"], Check),
    ],
)  # fmt: skip
def test_words_are_those_of_the_code(words: Any, known: Any) -> None:
    assert sorted(words) == sorted(map(str, known))


def test_limits_are_those_of_the_code() -> None:
    wish = SCHEMAS["Wish"]["properties"]
    assert wish["reason"]["maxLength"] == bodies.LONGEST_REASON
    assert wish["app"]["maxLength"] == wish["version"]["maxLength"] == bodies.LONGEST_NAME
    assert wish["locales"]["maxProperties"] == bodies.MOST_LOCALES


def test_the_page_tells_of_the_same_routes_fields_and_statuses() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \|", page, flags=re.MULTILINE)
    cells = {row.strip("`") for row in rows}
    routes = {f"{method} {path}" for method, path, _ in operations()}
    assert {cell for cell in cells if "/" in cell} == routes
    codes = {code for _, _, said in operations() for code in said["responses"]}
    told = {code for row in rows for code in row.split(", ") if code.isdecimal()}
    assert told == {code for code in codes if int(code) >= 400}
    assert set(bodies.NAMES) <= cells


def test_the_document_is_openapi() -> None:
    openapi.from_dict(dict(DOCUMENT)).validate()
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


async def test_the_document_is_served_to_anybody_as_it_is_checked_in(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        answer = await pipeline.using(None).call("GET", "/openapi.json")
        assert (answer.status, answer.body) == (200, DOCUMENT)
