"""A pipeline that calls the API over a real socket, and holds every answer to its description."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator

from bot.domain.tokens import digest_of
from bot.sandbox.cast import MIA
from bot.storage.tokens import NewToken
from bot.web.api.routes import DESCRIPTION, PATH
from tests.workspace import Workspace, a_workspace

TIDEWELL_ID, ORRERY_ID = "com.example.tidewell", "com.example.orrery"
DOCUMENT: Mapping[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
PROBLEM = "application/problem+json"


def a_secret(letter: str = "a") -> str:
    return f"mq_{letter * 43}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str] = field(repr=False)

    @property
    def said(self) -> str:
        """All the words of a problem."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass(kw_only=True)
class Pipeline:
    """Calls with one token; `secret` None sends none."""

    workspace: Workspace
    session: aiohttp.ClientSession
    secret: str | None

    async def token(self, letter: str, *apps: str, owner: str = MIA, **more: Any) -> Pipeline:
        """Return a pipeline with another token."""
        await make(self.workspace, a_secret(letter), *apps, owner=owner, **more)
        return self.using(a_secret(letter))

    def using(self, secret: str | None) -> Pipeline:
        return Pipeline(workspace=self.workspace, session=self.session, secret=secret)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask; the answer is as the description says, or this fails."""
        http = self.workspace.bot.http
        assert http is not None
        sent = dict(headers or {})
        if self.secret is not None:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        url = f"http://127.0.0.1:{http.port}{PATH}{path}"
        stream = io.BytesIO(data) if data is not None else None
        async with self.session.request(method, url, data=stream, headers=sent) as answer:
            text = await answer.text()
            found = Answer(
                status=answer.status, body=json.loads(text or "null"), headers=answer.headers
            )
        hold(method, path, found, body)
        return found

    async def propose(self, locales: Any, *, key: str = "", **more: Any) -> Answer:
        headers = {"Idempotency-Key": key} if key else {}
        wish = {"app": TIDEWELL_ID, "platform": "IOS", "locales": locales, **more}
        return await self.call("POST", "/proposals", wish, headers=headers)

    async def show(self, number: int) -> Any:
        answer = await self.call("GET", f"/proposals/{number}")
        assert answer.status == HTTPStatus.OK, answer
        return answer.body


async def make(
    workspace: Workspace, secret: str, *apps: str, owner: str = MIA, **more: Any
) -> None:
    desk = workspace.bot.desk
    new = NewToken(
        digest=digest_of(secret) or "",
        name=more.get("name", "nightly"),
        owner=owner,
        apps=apps or (TIDEWELL_ID,),
        expires_at=desk.clock.now() + more["lasts"] if "lasts" in more else None,
    )
    await desk.store.tokens.make(new, now=desk.clock.now())


@asynccontextmanager
async def a_pipeline(folder: Path, **settings: Any) -> AsyncIterator[Pipeline]:
    """Start a workspace and a pipeline of Mia's that reaches one app of two."""
    async with (
        a_workspace(folder, over_http=True, **settings) as workspace,
        aiohttp.ClientSession() as session,
    ):
        await make(workspace, a_secret())
        yield Pipeline(workspace=workspace, session=session, secret=a_secret())


def operation(method: str, path: str) -> Mapping[str, Any] | None:
    """Return the description of what is asked, None where there is none."""
    bare = path.partition("?")[0]
    for template, methods in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), bare):
            found: Mapping[str, Any] | None = methods.get(method.lower())
            return found
    return None


def hold(method: str, path: str, answer: Answer, body: Any) -> None:
    """Fail where an answer, or a request that was taken, is not as described."""
    asked = operation(method, path)
    if asked is None:
        assert answer.status in (404, 405), answer
        check({"$ref": "#/components/schemas/Problem"}, answer.body)
        return
    assert str(answer.status) in asked["responses"], (path, answer)
    described = asked["responses"][str(answer.status)]
    if "$ref" in described:
        described = DOCUMENT["components"]["responses"][described["$ref"].rpartition("/")[2]]
    ((content, inner),) = described["content"].items()
    assert answer.headers["Content-Type"].partition(";")[0] == content, answer
    check(inner["schema"], answer.body)
    for name, header in described.get("headers", {}).items():
        assert name in answer.headers or not header["required"], (name, answer)
    if answer.status < 300 and "requestBody" in asked:
        check(asked["requestBody"]["content"]["application/json"]["schema"], body)


def check(schema: Mapping[str, Any], value: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    Draft202012Validator(whole).validate(value)


DAY = timedelta(days=1)
