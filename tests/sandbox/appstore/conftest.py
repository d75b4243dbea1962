"""A bare HTTP client in front of the emulated App Store Connect, with a clock by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.sandbox.appstore import EmulatedAppStore, Key
from bot.sandbox.seed import NewKey, demo_seed, new_key
from tests.sandbox.appstore.contract import CONTRACT, LISTINGS

Json = dict[str, Any]

# What is not there cannot be checked against; it is left out rather than skipped.
collect_ignore = [
    name
    for name, needed in (("test_contract.py", CONTRACT), ("test_real_listings.py", LISTINGS))
    if not needed.exists()
]

START = 1_790_000_000.0


@dataclass(slots=True)
class Answer:
    """What came back: status, headers and the parsed body (None when there was none)."""

    status: int
    headers: dict[str, str]
    document: Any

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.document["errors"]]

    @property
    def details(self) -> list[str]:
        return [error["detail"] for error in self.document["errors"]]

    @property
    def pointers(self) -> list[str]:
        return [error["source"]["pointer"] for error in self.document["errors"]]


@dataclass(slots=True)
class Apple:
    """The emulation, a session to talk to it, and how to sign a token."""

    emulation: EmulatedAppStore
    session: aiohttp.ClientSession
    base: str
    key: NewKey
    moment: list[float] = field(default_factory=lambda: [START])

    def pass_time(self, seconds: float) -> None:
        self.moment[0] += seconds

    def token(self, *, key: NewKey | None = None, kid: str | None = None, **claims: Any) -> str:
        """A signed token of 15 minutes; a claim given as None is left out."""
        signer = key or self.key
        told = {
            "iss": signer.issuer_id,
            "iat": self.moment[0] - 30,
            "exp": self.moment[0] + 870,
            "aud": "appstoreconnect-v1",
            **claims,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        headers = {"kid": kid or signer.key_id}
        return jwt.encode(kept, signer.private_pem, algorithm="ES256", headers=headers)

    async def ask(
        self, method: str, path: str, document: Any = None, *, token: str | None = None, **more: Any
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        if document is not None:
            more["data"] = json.dumps(document)
            headers["Content-Type"] = "application/json"
        headers.update(more.pop("headers", {}))
        address = path if path.startswith("http") else self.base + path
        async with self.session.request(method, address, headers=headers, **more) as response:
            body = await response.read()
            return Answer(
                response.status, dict(response.headers), json.loads(body) if body else None
            )

    async def get(self, path: str, **params: Any) -> Answer:
        query = {
            name.replace("__", "[") + "]" * ("__" in name): str(value)
            for name, value in params.items()
        }
        return await self.ask("GET", path, params=query)

    async def patch(self, kind: str, record_id: str, **attributes: Any) -> Answer:
        data = {"type": kind, "id": record_id, "attributes": attributes}
        return await self.ask("PATCH", f"/v1/{kind}/{record_id}", {"data": data})

    async def post(self, kind: str, parent: tuple[str, str, str], **attributes: Any) -> Answer:
        """Create a `kind` below parent (relationship, type, id)."""
        name, parent_kind, parent_id = parent
        target = {"data": {"type": parent_kind, "id": parent_id}}
        data: Json = {"type": kind, "relationships": {name: target}}
        if attributes:
            data["attributes"] = attributes
        return await self.ask("POST", f"/v1/{kind}", {"data": data})

    async def delete(self, kind: str, record_id: str) -> Answer:
        return await self.ask("DELETE", f"/v1/{kind}/{record_id}")

    async def choose(self, version_id: str, build_id: str | None) -> Answer:
        """Choose the build of a version; None clears it."""
        data = None if build_id is None else {"type": "builds", "id": build_id}
        path = f"/v1/appStoreVersions/{version_id}/relationships/build"
        return await self.ask("PATCH", path, {"data": data})

    async def put_in(self, submission_id: str, version_id: str) -> Answer:
        """Add a version to a review submission."""
        relationships = {
            "reviewSubmission": {"data": {"type": "reviewSubmissions", "id": submission_id}},
            "appStoreVersion": {"data": {"type": "appStoreVersions", "id": version_id}},
        }
        data = {"type": "reviewSubmissionItems", "relationships": relationships}
        return await self.ask("POST", "/v1/reviewSubmissionItems", {"data": data})

    async def submit(self, app_id: str, version_id: str) -> str:
        """Hand a version in for review and return the submission's id."""
        made = await self.post("reviewSubmissions", ("app", "apps", app_id), platform="IOS")
        submission = str(made.document["data"]["id"])
        await self.put_in(submission, version_id)
        answer = await self.patch("reviewSubmissions", submission, submitted=True)
        assert answer.status == 200, answer.document
        return submission

    def complete_texts(self) -> None:
        """Write what Tidewell's next version still lacks before it can be submitted."""
        for locale in ("it", "th", "ar-SA", "he"):
            self.emulation.edit("6470000101", locale, "whatsNew", "…")

    def app(self, bundle_id: str = "com.example.tidewell") -> Json:
        return next(app for app in self.emulation.apps() if app["bundle_id"] == bundle_id)

    def version(self, version: str = "2.4.0", platform: str = "IOS", **app: str) -> Json:
        return next(
            known
            for known in self.app(**app)["versions"]
            if (known["version"], known["platform"]) == (version, platform)
        )

    def info(self, state: str = "PREPARE_FOR_SUBMISSION", **app: str) -> Json:
        return next(info for info in self.app(**app)["infos"] if info["state"] == state)

    def text_id(self, locale: str = "ja", **version: str) -> str:
        return str(self.version(**version)["localizations"][locale]["id"])

    def info_id(self, locale: str = "ja", **info: str) -> str:
        return str(self.info(**info)["localizations"][locale]["id"])


@pytest.fixture
async def apple() -> AsyncIterator[Apple]:
    key = new_key()
    moment = [START]
    emulation = EmulatedAppStore(
        seed=demo_seed(),
        keys=[Key(key_id=key.key_id, public_pem=key.public_pem, issuer_id=key.issuer_id)],
        now=lambda: moment[0],
    )
    application = web.Application()
    application.add_routes(emulation.routes())
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Apple(emulation, session, f"http://127.0.0.1:{port}/apple", key, moment)
    await emulation.close()
    await runner.cleanup()
