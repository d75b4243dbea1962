from __future__ import annotations

import asyncio
import logging

import jwt
import pytest

from bot.appstore import NotAuthorized
from bot.appstore.auth import claims
from bot.domain.fields import Resource
from bot.sandbox.appstore import Conditions, Key
from tests.appstore.script import Answer, scripted
from tests.appstore.stage import NEW_KEY, a_key, opened
from tests.clock import START

FINE = Answer()


def token_of(request: object) -> str:
    return str(getattr(request, "headers", {})["Authorization"]).removeprefix("Bearer ")


async def test_a_token_is_signed_as_apple_wants_it() -> None:
    async with scripted(FINE) as script:
        await script.store.apps()
        token = token_of(script.asked[0])
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256",
        "kid": NEW_KEY.key_id,
        "typ": "JWT",
    }
    said = jwt.decode(token, options={"verify_signature": False})
    assert said["aud"] == "appstoreconnect-v1"
    assert said["iss"] == NEW_KEY.issuer_id
    assert said["exp"] - said["iat"] == 900
    assert "scope" not in said


def test_a_token_is_dated_half_a_minute_back() -> None:
    assert claims(a_key(), START)["iat"] == int(START.timestamp()) - 30


def test_a_key_of_one_person_names_the_user_and_no_issuer() -> None:
    said = claims(a_key(issuer_id=None), START)
    assert said["sub"] == "user"
    assert "iss" not in said


async def test_team_keys_and_personal_keys_are_both_accepted() -> None:
    personal = Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem)
    async with opened() as team, opened(known=personal, key=a_key(issuer_id=None)) as person:
        assert await team.store.apps() == await person.store.apps()


async def test_one_token_serves_until_four_fifths_of_its_life_are_used() -> None:
    async with scripted(FINE) as script:
        await script.store.apps()
        script.clock.advance(900 * 0.8 - 30 - 1)
        await script.store.apps()
        script.clock.advance(1)
        await script.store.apps()
        first, second, third = map(token_of, script.asked)
    assert first == second != third


async def test_a_batch_begins_with_a_new_token() -> None:
    async with scripted(FINE) as script:
        await script.store.apps()
        await script.store.begin_batch()
        await script.store.apps()
        first, second = map(token_of, script.asked)
    assert first != second


async def test_a_401_is_answered_once_with_a_new_token() -> None:
    async with scripted(Answer(status=401, document={"errors": []}), FINE) as script:
        await script.store.apps()
        first, second = map(token_of, script.asked)
    assert first != second


async def test_many_401_at_once_lead_to_one_new_token() -> None:
    denied = Answer(status=401, document={"errors": []})
    async with scripted(*[denied] * 10, FINE) as script:
        await asyncio.gather(*(script.store.apps() for _ in range(10)))
        tokens = {token_of(request) for request in script.asked}
    assert len(tokens) == 2


async def test_a_key_that_apple_does_not_know_is_named_in_the_error() -> None:
    async with opened(key=a_key(key_id="UNKNOWN123")) as stage:
        with pytest.raises(NotAuthorized, match="UNKNOWN123") as caught:
            await stage.store.apps()
    assert "Apple says: Provide a properly configured" in caught.value.message
    assert stage.statuses() == [401, 401]


@pytest.mark.parametrize("seconds", [-3600, -45, 45, 3600])
async def test_a_wrong_clock_here_is_found_and_corrected_for(seconds: float) -> None:
    async with opened(conditions=Conditions(clock_skew=seconds)) as stage:
        await stage.store.apps()
        assert stage.store.clock_skew == pytest.approx(seconds, abs=1)
        await stage.store.begin_batch()
        await stage.store.apps()
        assert stage.statuses()[-1] == 200


async def test_a_clock_that_is_right_within_seconds_is_left_alone() -> None:
    async with opened(conditions=Conditions(clock_skew=5)) as stage:
        await stage.store.apps()
        assert stage.store.clock_skew == 0


async def test_a_wrong_clock_is_said_plainly_when_a_key_is_not_accepted() -> None:
    conditions = Conditions(clock_skew=-300)
    async with opened(key=a_key(key_id="UNKNOWN123"), conditions=conditions) as stage:
        with pytest.raises(NotAuthorized, match=r"clock is 300 seconds ahead of Apple's"):
            await stage.store.apps()


async def test_neither_tokens_nor_keys_nor_texts_are_logged_or_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    async with scripted(Answer(status=401, document={"errors": []}), FINE) as script:
        await script.store.update((Resource.VERSION, "1"), {"keywords": "a,very,private,list"})
        shown = f"{script.store!r} {a_key()!r} {caplog.text}"
        tokens = [token_of(request) for request in script.asked]
    assert "token.refused" in caplog.text
    assert not any(token in shown for token in tokens)
    assert "private" not in shown.replace("private_key", "")
    assert "PRIVATE KEY" not in shown
