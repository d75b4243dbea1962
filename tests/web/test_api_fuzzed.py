"""Whatever the description allows, and what it does not, is answered as described."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.fields import BY_ATTRIBUTE
from bot.web.api.routes import PATH
from tests.web.calling import DOCUMENT, TIDEWELL_ID, a_pipeline, a_secret

EXAMPLES = 25
# What may be wrong with a request of the right shape, no schema can say: a limit, a locale that
# there is not, a moment that is past. The token is none of it: it is always a right one.
RULES = [200, 201, 403, 404, 409, 422, 429, 503]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": RULES}}}
RIGHT, WRONG = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
REAL: dict[str, Any] = {"app": TIDEWELL_ID, "id": 1}
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Bodies that get as far as the listing.
WISHES = st.fixed_dictionaries(
    {
        "app": st.just(TIDEWELL_ID),
        "platform": st.just("IOS"),
        "locales": st.dictionaries(
            st.sampled_from(["ja", "de-DE", "en-US", "fr-FR", "xx"]),
            st.dictionaries(
                st.sampled_from(sorted(BY_ATTRIBUTE)),
                st.none() | st.text(max_size=40),
                min_size=1,
            )
            | st.fixed_dictionaries({"promotionalText": st.text("abc\u3042 ", max_size=40)}),
            min_size=1,
            max_size=2,
        ),
    },
    optional={"reason": st.text(), "in_parts": st.booleans()},
)
LATER = st.fixed_dictionaries(
    {
        "when_it_exists": st.just(True),
        "version": st.sampled_from(["2.4.0", "2.5.0", "1.0"]) | st.text(min_size=1, max_size=9),
    }
)
Tried = Callable[[Any], None]


def fuzz(url: str, tried: Tried) -> None:
    """Send cases of every operation, right ones and wrong ones, and hold every answer."""
    loaded = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_dict(dict(DOCUMENT), config=loaded)
    for result in schema.get_all_operations():
        operation = result.ok()
        names = {one.name for one in operation.path_parameters}
        known = {name: value for name, value in REAL.items() if name in names}
        send(operation.as_strategy(generation_mode=RIGHT), url, tried)
        if known:
            send(operation.as_strategy(generation_mode=RIGHT, path_parameters=known), url, tried)
        if known or operation.body:
            send(operation.as_strategy(generation_mode=WRONG), url, tried)
        if operation.body:
            send(WISHES.map(lambda body, of=operation: wished(of, body)), url, tried)
            later = st.builds(lambda body, more: {**body, **more}, WISHES, LATER)
            send(later.map(lambda body, of=operation: wished(of, body)), url, tried)


def wished(operation: Any, body: Any) -> Any:
    return operation.Case(body=body, media_type="application/json")


def send(cases: st.SearchStrategy[Any], url: str, tried: Tried) -> None:
    @FEW
    @given(case=cases)
    def check(case: Any) -> None:
        right = f"Bearer {a_secret()}"
        response = case.call_and_validate(base_url=url, headers={"Authorization": right})
        # A wrong request may come without the token, and only then it may be what is wrong.
        assert response.status_code != 401 or response.request.headers.get("Authorization") != right
        tried(response)

    check()


async def test_schemathesis_finds_no_failure(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        loop = asyncio.get_running_loop()
        http = pipeline.workspace.bot.http
        assert http is not None
        await pipeline.propose({"ja": {"subtitle": "静かなノート"}})
        seen: Counter[int] = Counter()

        def tried(response: Any) -> None:
            """Let a second go by, so that no token asks too often."""
            seen[response.status_code] += 1
            passing = pipeline.workspace.pass_time(1.1)
            asyncio.run_coroutine_threadsafe(passing, loop).result(30)

        await asyncio.to_thread(fuzz, f"http://127.0.0.1:{http.port}{PATH}", tried)

    # It got past the door, and not only there.
    assert {200, 201, 401, 404, 409, 422} <= set(seen), seen
