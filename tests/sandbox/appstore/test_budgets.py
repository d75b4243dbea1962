"""How often a key may ask, and how Apple says what is left."""

from __future__ import annotations

from bot.sandbox.appstore import Key
from bot.sandbox.seed import new_key

VERSION_TEXTS = "appStoreVersionLocalizations"


async def write(apple):
    return await apple.patch(VERSION_TEXTS, apple.text_id(), keywords="a,b")


async def test_a_read_tells_what_is_left_of_the_hour(apple):
    await apple.get("/v1/apps")
    answer = await apple.get("/v1/apps")
    assert answer.headers["X-Rate-Limit"] == "user-hour-lim:3600;user-hour-rem:3598;"


async def test_a_write_tells_what_is_left_of_the_minute(apple):
    answer = await write(apple)
    assert answer.headers["X-Rate-Limit"] == "user-minute-lim:250;user-minute-rem:249;"


async def test_both_budgets_come_joined_when_so_switched(apple):
    apple.emulation.conditions.joined_rate_headers = True
    answer = await write(apple)
    assert answer.headers["X-Rate-Limit"] == (
        "user-hour-lim:3600;user-hour-rem:3599;, user-minute-lim:250;user-minute-rem:249;"
    )


async def test_without_a_minute_limit_a_write_tells_of_the_hour(apple):
    apple.emulation.conditions.minute_limit = None
    answer = await write(apple)
    assert answer.headers["X-Rate-Limit"] == "user-hour-lim:3600;user-hour-rem:3599;"


async def test_a_spent_hour_refuses_until_an_hour_has_rolled_on(apple):
    apple.emulation.conditions.hour_limit = 2
    await apple.get("/v1/apps")
    apple.pass_time(1800)
    await apple.get("/v1/apps")
    spent = await apple.get("/v1/apps")
    assert (spent.status, spent.codes) == (429, ["RATE_LIMIT_EXCEEDED"])
    assert "Retry-After" not in spent.headers
    apple.pass_time(1800)
    assert (await apple.get("/v1/apps")).status == 200
    assert (await apple.get("/v1/apps")).status == 429


async def test_a_spent_minute_refuses_writes_and_lets_reads_pass(apple):
    apple.emulation.conditions.minute_limit = 1
    apple.emulation.conditions.retry_after = 7
    await write(apple)
    spent = await write(apple)
    assert (spent.status, spent.headers["Retry-After"]) == (429, "7")
    assert (await apple.get("/v1/apps")).status == 200
    apple.pass_time(60)
    assert (await write(apple)).status == 200


async def test_each_key_has_a_budget_of_its_own(apple):
    apple.emulation.conditions.hour_limit = 1
    other = new_key()
    apple.emulation.keys.add(
        Key(key_id=other.key_id, public_pem=other.public_pem, issuer_id=other.issuer_id)
    )
    await apple.get("/v1/apps")
    assert (await apple.get("/v1/apps")).status == 429
    token = apple.token(key=other)
    assert (await apple.ask("GET", "/v1/apps", token=token)).status == 200
