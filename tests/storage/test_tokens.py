"""Tokens are known by a digest, end, and leave a trace; the same key means one request."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.tokens import digest_of
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.storage.store import Store
from bot.storage.tokens import KEPT, NewToken, Request
from tests.builders import a_proposal
from tests.clock import START

SECRET = "mq_" + "a" * 43
OTHER = "mq_" + "b" * 43
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def a_token(secret: str = SECRET, **more: object) -> NewToken:
    digest = digest_of(secret)
    assert digest
    new = NewToken(digest=digest, name="ci", owner="U0MIA", apps=("com.example.notes",))
    return replace(new, **more)  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(tmp_path / "marquee.db") as one:
        yield one


def known(secret: str) -> str:
    return digest_of(secret) or ""


async def create(store: Store, request: Request, *, later: timedelta = timedelta(0)) -> int | None:
    shown = a_proposal()
    new = NewProposal(
        target=shown.target,
        app_name=shown.app_name,
        bundle_id=shown.bundle_id,
        version_number=shown.version_number,
        version_state=shown.version_state,
        live=False,
        proposer="U0MIA",
        channel="C0ASO",
        expires_at=shown.expires_at,
        via="ci",
        request=request,
    )
    revision = NewRevision(
        digest="d", authors=("U0MIA",), reason="", items=shown.items, findings=()
    )
    return await store.proposals.create(new, revision, now=START + later)


async def test_a_token_is_known_again_by_its_digest_and_not_kept(
    store: Store, tmp_path: Path
) -> None:
    made = await store.tokens.make(a_token(), now=START)

    found = await store.tokens.use(known(SECRET), now=START)
    assert found == made
    assert await store.tokens.use(known(OTHER), now=START) is None
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("text", ["", "mq_", SECRET[:-1], SECRET + "a", "MQ_" + "a" * 43, "mq_ä"])
def test_what_has_not_the_shape_of_a_token_is_not_looked_up(text: str) -> None:
    assert digest_of(text) is None


async def test_a_token_opens_nothing_once_it_is_revoked_or_over(store: Store) -> None:
    first = await store.tokens.make(a_token(), now=START)
    await store.tokens.make(a_token(OTHER, expires_at=START + DAY), now=START)

    assert await store.tokens.use(known(OTHER), now=START + DAY - MINUTE)
    assert await store.tokens.use(known(OTHER), now=START + DAY) is None
    assert await store.tokens.revoke(first.id, now=START + MINUTE)
    assert await store.tokens.use(known(SECRET), now=START + MINUTE) is None
    assert await store.tokens.revoke(first.id, now=START + DAY) is None
    assert [one.revoked_at for one in await store.tokens.all()] == [START + MINUTE, None]


async def test_when_a_token_was_used_last_is_kept_to_the_minute(store: Store) -> None:
    await store.tokens.make(a_token(), now=START)
    for seconds in (0, 59, 61, 62):
        await store.tokens.use(known(SECRET), now=START + timedelta(seconds=seconds))
    (token,) = await store.tokens.all()
    assert token.used_at == START + timedelta(seconds=61)


async def test_making_and_revoking_are_in_the_record_without_the_token(store: Store) -> None:
    made = await store.tokens.make(a_token(expires_at=START + DAY), now=START)
    await store.tokens.revoke(made.id, now=START)

    told = [json.loads(one.body) async for one in store.record.entries(kind="token")]
    assert [one["did"] for one in told] == ["made", "revoked"]
    assert told[0] == {
        "token": made.id,
        "did": "made",
        "name": "ci",
        "owner": "U0MIA",
        "apps": ["com.example.notes"],
        "expires_at": (START + DAY).isoformat(timespec="microseconds"),
    }


async def test_two_requests_with_one_key_make_one_proposal(store: Store) -> None:
    token = await store.tokens.make(a_token(), now=START)
    request = Request(token=token.id, key="build-7", body="b")

    made = await asyncio.gather(*(create(store, request) for _ in range(5)))

    (number,) = [one for one in made if one is not None]
    reply = await store.tokens.reply(request, now=START)
    assert reply is not None
    assert (reply.proposal, reply.body) == (number, "b")


async def test_keys_of_another_token_and_requests_without_one_are_requests_of_their_own(
    store: Store,
) -> None:
    one = await store.tokens.make(a_token(), now=START)
    two = await store.tokens.make(a_token(OTHER), now=START)
    requests = [
        Request(token=one.id, key="k"),
        Request(token=two.id, key="k"),
        Request(token=one.id),
        Request(token=one.id),
    ]
    made = [await create(store, request) for request in requests]
    assert len(set(made) - {None}) == 4


async def test_a_key_means_the_same_for_24_hours_and_is_forgotten_then(store: Store) -> None:
    token = await store.tokens.make(a_token(), now=START)
    request = Request(token=token.id, key="build-7", body="b")
    first = await create(store, request)

    assert await create(store, request, later=KEPT - MINUTE) is None
    again = await create(store, request, later=KEPT)
    assert again not in (None, first)
    await store.tokens.forget(now=START + 2 * KEPT)
    assert await store.tokens.reply(request, now=START + KEPT) is None


async def test_a_token_that_was_revoked_meanwhile_writes_nothing(store: Store) -> None:
    token = await store.tokens.make(a_token(), now=START)
    await store.tokens.revoke(token.id, now=START)
    assert await create(store, Request(token=token.id)) is None
    assert await store.proposals.get(1) is None


async def test_a_proposal_tells_by_which_token_it_came_in_and_so_does_the_record(
    store: Store,
) -> None:
    token = await store.tokens.make(a_token(), now=START)
    number = await create(store, Request(token=token.id))

    found = await store.proposals.get(number or 0)
    assert found is not None
    assert found.via == "ci"
    (entry,) = [one async for one in store.record.entries(kind="proposal")]
    assert json.loads(entry.body)["via"] == "ci"


async def test_the_tokens_of_an_older_file_that_is_only_read_are_none(tmp_path: Path) -> None:
    async with Store(tmp_path / "marquee.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "marquee.db")) as db, db:
        db.execute("drop table tokens")
    async with Store(tmp_path / "marquee.db", exclusive=False, reading=True) as older:
        assert await older.tokens.all() == ()
