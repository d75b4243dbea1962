"""Who may talk to Apple: tokens, keys, roles and agreements, asked with a bare client."""

from __future__ import annotations

import pytest

from bot.sandbox.appstore import Key
from bot.sandbox.seed import new_key


async def test_a_properly_signed_token_is_let_in(apple):
    assert (await apple.get("/v1/apps")).status == 200


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"aud": "appstoreconnect-v2"}, id="another audience"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"exp": None}, id="no end"),
        pytest.param({"iat": None}, id="no beginning"),
        pytest.param({"iss": None}, id="a team key without its issuer"),
        pytest.param({"iss": "somebody else"}, id="another issuer"),
        pytest.param({"iss": None, "sub": "user"}, id="a team key used as an individual one"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(apple, claims):
    answer = await apple.ask("GET", "/v1/apps", token=apple.token(**claims))
    assert (answer.status, answer.codes) == (401, ["NOT_AUTHORIZED"])


async def test_a_token_from_the_future_is_refused(apple):
    now = apple.moment[0]
    token = apple.token(iat=now + 1, exp=now + 600)
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 401


async def test_a_token_may_live_twenty_minutes_and_no_longer(apple):
    now = apple.moment[0]
    longest = apple.token(iat=now - 100, exp=now + 1100)
    too_long = apple.token(iat=now - 100, exp=now + 1101)
    assert (await apple.ask("GET", "/v1/apps", token=longest)).status == 200
    assert (await apple.ask("GET", "/v1/apps", token=too_long)).status == 401


async def test_a_token_that_was_let_in_is_refused_once_it_has_expired(apple):
    token = apple.token()
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 200
    apple.pass_time(870)
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 401


async def test_a_token_of_an_unknown_key_is_refused(apple):
    answer = await apple.ask("GET", "/v1/apps", token=apple.token(kid="XXXXXXXXXX"))
    assert answer.status == 401


async def test_a_token_signed_with_another_key_is_refused(apple):
    token = apple.token(key=new_key(), kid=apple.key.key_id, iss=apple.key.issuer_id)
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 401


async def test_a_revoked_key_is_refused_at_once(apple):
    token = apple.token()
    await apple.ask("GET", "/v1/apps", token=token)
    apple.emulation.keys.revoke(apple.key.key_id)
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 401


async def test_a_request_without_a_token_is_told_how_to_make_one(apple):
    answer = await apple.ask("GET", "/v1/apps", headers={"Authorization": "Basic abc"})
    assert answer.document == {
        "errors": [
            {
                "status": "401",
                "code": "NOT_AUTHORIZED",
                "title": "Authentication credentials are missing or invalid.",
                "detail": (
                    "Provide a properly configured and signed bearer token, and make sure that "
                    "it has not expired. Learn more about Generating Tokens for API Requests "
                    "https://developer.apple.com/go/?id=api-generating-tokens"
                ),
            }
        ]
    }


async def test_an_individual_key_signs_as_the_user_and_names_no_issuer(apple):
    own = new_key()
    apple.emulation.keys.add(Key(key_id=own.key_id, public_pem=own.public_pem))
    as_user = apple.token(key=own, iss=None, sub="user")
    with_issuer = apple.token(key=own, sub="user")
    assert (await apple.ask("GET", "/v1/apps", token=as_user)).status == 200
    assert (await apple.ask("GET", "/v1/apps", token=with_issuer)).status == 401


async def test_a_key_that_may_only_read_is_refused_a_write(apple):
    reader = new_key()
    apple.emulation.keys.add(
        Key(
            key_id=reader.key_id,
            public_pem=reader.public_pem,
            issuer_id=reader.issuer_id,
            role="CUSTOMER_SUPPORT",
        )
    )
    record = apple.text_id()
    data = {"type": "appStoreVersionLocalizations", "id": record, "attributes": {}}
    token = apple.token(key=reader)
    path = f"/v1/appStoreVersionLocalizations/{record}"
    answer = await apple.ask("PATCH", path, {"data": data}, token=token)
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ERROR"])
    assert (await apple.ask("GET", path, token=token)).status == 200


async def test_a_missing_agreement_stops_everything(apple):
    apple.emulation.conditions.agreements_missing = True
    answer = await apple.get("/v1/apps")
    assert answer.status == 403
    assert answer.codes == ["FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED"]


async def test_a_clock_that_is_ahead_shows_in_the_date_and_refuses_old_tokens(apple):
    apple.emulation.conditions.clock_skew = 900
    answer = await apple.get("/v1/apps")
    assert answer.status == 401
    assert answer.headers["Date"] == "Mon, 21 Sep 2026 14:28:20 GMT"


async def test_a_clock_that_is_behind_takes_a_fresh_token_for_one_of_the_future(apple):
    apple.emulation.conditions.clock_skew = -60
    assert (await apple.get("/v1/apps")).status == 401
