"""Which locales lag behind the primary one, and in what."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.lagging import Lag, lagging
from bot.domain.listing import Listing
from tests.builders import NOON, TEXTS, a_listing, a_version

LIVE = a_listing({"en-US": TEXTS, "ja": TEXTS}, version=a_version(id="v1", number="2.3.0"))
NEWS = {**TEXTS, "whatsNew": "Now with tides."}


def prepared(**ja: str) -> Listing:
    return a_listing({"en-US": NEWS, "ja": {**NEWS, **ja}})


def test_a_locale_that_has_everything_does_not_lag() -> None:
    assert lagging(prepared(), LIVE, {}) == ()


def test_a_required_text_that_is_missing_is_named() -> None:
    assert lagging(prepared(description=""), LIVE, {}) == (
        Lag(locale="ja", missing=("description",)),
    )


def test_news_that_are_empty_or_those_of_the_live_version_are_old() -> None:
    for news in ("", TEXTS["whatsNew"]):
        assert lagging(prepared(whatsNew=news), LIVE, {}) == (Lag(locale="ja", old_news=True),)


def test_while_the_primary_locale_has_no_news_nobody_else_lags_in_them() -> None:
    without = {**TEXTS, "whatsNew": ""}
    found = lagging(a_listing({"en-US": without, "ja": without}), LIVE, {})
    assert found == (Lag(locale="en-US", missing=("whatsNew",)),)
    unchanged = a_listing({"en-US": TEXTS, "ja": TEXTS})
    assert lagging(unchanged, LIVE, {}) == ()


def test_the_first_version_has_no_news() -> None:
    texts = {**TEXTS, "whatsNew": ""}
    assert lagging(a_listing({"en-US": texts, "ja": texts}, first_version=True), None, {}) == ()


def test_a_text_that_the_primary_locale_changed_since_is_older() -> None:
    led = {("en-US", "subtitle"): NOON, ("en-US", "supportUrl"): NOON}
    assert lagging(prepared(), LIVE, led) == (Lag(locale="ja", older=("subtitle",)),)
    before = {**led, ("ja", "subtitle"): NOON - timedelta(days=1)}
    assert lagging(prepared(), LIVE, before) == (Lag(locale="ja", older=("subtitle",)),)


def test_what_was_changed_together_or_later_is_not_older() -> None:
    for after in (NOON, NOON + timedelta(days=1)):
        changed = {("en-US", "subtitle"): NOON, ("ja", "subtitle"): after}
        assert lagging(prepared(), LIVE, changed) == ()
