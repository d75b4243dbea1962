"""The table of what is emulated tells the truth."""

from __future__ import annotations

from bot.sandbox.slack import coverage
from bot.sandbox.slack.events import SUBSCRIBED
from bot.sandbox.slack.rates import PER_MINUTE
from bot.sandbox.slack.web_api import METHODS, SCOPES


def named(entries: tuple[coverage.Entry, ...], *, emulated: bool) -> set[str]:
    return {entry.name for entry in entries if entry.emulated is emulated}


def test_the_methods_said_to_be_emulated_are_those_that_answer() -> None:
    assert named(coverage.METHODS, emulated=True) == set(METHODS)


def test_what_is_said_to_be_missing_is_missing() -> None:
    assert named(coverage.METHODS, emulated=False).isdisjoint(METHODS)


def test_every_method_has_a_rate() -> None:
    assert set(PER_MINUTE) | {"chat.postMessage"} == set(METHODS)


def test_scopes_are_asked_for_methods_that_are_there() -> None:
    assert set(SCOPES) <= set(METHODS)


def test_the_events_subscribed_at_the_start_are_emulated() -> None:
    assert named(coverage.EVENTS, emulated=True) >= SUBSCRIBED


def test_nothing_is_listed_twice() -> None:
    names = [e.name for e in (*coverage.METHODS, *coverage.EVENTS, *coverage.BEHAVIOURS)]
    assert len(names) == len(set(names))
