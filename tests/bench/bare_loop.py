"""The floor: what a push costs with httpx and nothing else.

One client with kept connections, 20 requests in flight, two reads at once, then a PATCH for
each localization, each repeated honouring `Retry-After`. No ledger, no approval, no check.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import jwt

from tests.bench.lines import Handlers, Json, work
from tests.bench.listing import APP_ID, COMING, INFO_FIELDS, PLATFORM, VERSION_FIELDS, texts

IN_FLIGHT = 20
MOST_TRIES = 30
FIRST_DELAY, LONGEST_DELAY = 0.3, 8.0
AGAIN = (429, 500, 502, 503, 504)
INFOS, VERSIONS = "appInfoLocalizations", "appStoreVersionLocalizations"


class Loop:
    """One client for all rounds, so that its connections are warm as the bot's are."""

    def __init__(self, url: str, *, key_id: str, issuer_id: str, private_pem: str) -> None:
        now = int(time.time())
        token = jwt.encode(
            {"iss": issuer_id, "iat": now - 30, "exp": now + 870, "aud": "appstoreconnect-v1"},
            private_pem,
            algorithm="ES256",
            headers={"kid": key_id},
        )
        self._free = asyncio.Semaphore(IN_FLIGHT)
        self._http = httpx.AsyncClient(
            base_url=f"{url}/v1/",
            headers={"Authorization": f"Bearer {token}"},
            limits=httpx.Limits(
                max_connections=IN_FLIGHT,
                max_keepalive_connections=IN_FLIGHT,
                keepalive_expiry=60.0,
            ),
            timeout=30.0,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def read(self) -> Json:
        """Read every text of the app; return the seconds it took."""
        began = time.perf_counter()
        await self._places()
        return {"seconds": time.perf_counter() - began}

    async def push(self, stamp: int, codes: list[str]) -> Json:
        """Write the texts of `stamp`; return the seconds from the first read to the last write."""
        wished = texts(stamp, tuple(codes))
        began = time.perf_counter()
        places = await self._places()
        async with asyncio.TaskGroup() as tasks:
            for kind, code, attributes in _writes(wished):
                tasks.create_task(self._write(kind, places[kind, code], attributes))
        return {"seconds": time.perf_counter() - began}

    async def _places(self) -> dict[tuple[str, str], str]:
        versions, infos = await asyncio.gather(
            self._send("GET", f"apps/{APP_ID}/appStoreVersions", params=_query(VERSIONS)),
            self._send("GET", f"apps/{APP_ID}/appInfos", params=_query(INFOS)),
        )
        return dict([*_editable(versions, VERSIONS), *_editable(infos, INFOS)])

    async def _write(self, kind: str, id_: str, attributes: dict[str, str]) -> None:
        data = {"type": kind, "id": id_, "attributes": attributes}
        await self._send("PATCH", f"{kind}/{id_}", json={"data": data})

    async def _send(self, method: str, path: str, **what: Any) -> Json:
        delay = FIRST_DELAY
        for _ in range(MOST_TRIES):
            async with self._free:
                answer = await self._http.request(method, path, **what)
            if answer.status_code not in AGAIN:
                answer.raise_for_status()
                return dict(answer.json())
            asked = answer.headers.get("Retry-After")
            await asyncio.sleep(float(asked) if asked else delay)
            if asked is None:
                delay = min(delay * 2, LONGEST_DELAY)
        raise RuntimeError(f"{method} {path} was refused {MOST_TRIES} times")


def _query(kind: str) -> dict[str, str]:
    fields = VERSION_FIELDS if kind == VERSIONS else INFO_FIELDS
    query = {
        "include": kind,
        f"fields[{kind}]": ",".join(("locale", *fields)),
        f"limit[{kind}]": "50",
    }
    return {**query, "filter[platform]": PLATFORM} if kind == VERSIONS else query


def _editable(found: Json, kind: str) -> Iterator[tuple[tuple[str, str], str]]:
    locales = {one["id"]: one["attributes"]["locale"] for one in found["included"]}
    for parent in found["data"]:
        state = parent["attributes"].get("appVersionState") or parent["attributes"].get("state")
        if state == COMING:
            for one in parent["relationships"][kind]["data"]:
                yield (kind, locales[one["id"]]), one["id"]


def _writes(
    wished: dict[str, dict[str, str]],
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for code, of in wished.items():
        yield INFOS, code, {name: of[name] for name in INFO_FIELDS}
        yield VERSIONS, code, {name: of[name] for name in VERSION_FIELDS}


@contextlib.asynccontextmanager
async def main() -> AsyncIterator[Handlers]:
    held: list[Loop] = []

    async def begin(**access: str) -> Json:
        held.append(Loop(**access))
        return {}

    async def read() -> Json:
        return await held[0].read()

    async def push(stamp: int, codes: list[str]) -> Json:
        return await held[0].push(stamp, codes)

    try:
        yield {"begin": begin, "read": read, "push": push}
    finally:
        for loop in held:
            await loop.aclose()


if __name__ == "__main__":
    work(main)
