"""Many texts held against a listing: what changes, what fails, what a push of it costs."""

from __future__ import annotations

from bot.domain.bulk import compared, cost, failing
from bot.domain.items import ABSENT
from bot.domain.validation import Severity
from tests.builders import a_listing

LONG = "A name that is far longer than thirty characters"
THERE = {
    "en-US": {"name": "Notes", "subtitle": "Write"},
    "ja": {"name": "メモ", "subtitle": "毎日"},
}


def test_each_text_changes_is_cleared_or_is_there_already() -> None:
    texts = {("ja", "name"): "ノート", ("ja", "subtitle"): "", ("en-US", "name"): "Notes"}

    found = compared(a_listing(THERE), texts)

    assert (found.changed, found.cleared, found.same, found.new) == (2, 1, 1, ())
    english, japanese = found.locales
    assert (english.changed, english.same) == ((), ("name",))
    assert (japanese.changed, japanese.cleared) == (("name", "subtitle"), ("subtitle",))


def test_a_locale_that_the_listing_lacks_is_new_and_comes_last() -> None:
    texts = {("de-DE", "name"): "Notizen", ("ja", "name"): "ノート"}

    found = compared(a_listing(THERE), texts)

    assert [one.locale for one in found.locales] == ["ja", "de-DE"]
    assert found.new == ("de-DE",)


def test_findings_stand_at_their_locale_with_their_severity() -> None:
    found = compared(a_listing(THERE), {("ja", "name"): LONG, ("en-US", "subtitle"): "Write it"})

    english, japanese = found.locales
    assert not english.fails
    assert japanese.fails
    assert [one.locale for one in found.of(Severity.ERROR)] == ["ja"]


def test_what_fails_is_left_out_and_nothing_else() -> None:
    texts = {("ja", "name"): LONG, ("ja", "subtitle"): "毎日のメモ", ("en-US", "name"): "Notes 2"}

    assert set(failing(a_listing(THERE), texts)) == {("ja", "name")}


def test_a_new_locale_whose_name_fails_is_left_out_whole() -> None:
    texts = {("de-DE", "name"): LONG, ("de-DE", "subtitle"): "Schreib", ("ja", "name"): "ノート"}

    out = failing(a_listing(THERE), texts)

    assert set(out) == {("de-DE", "name"), ("de-DE", "subtitle")}
    assert "name" in out["de-DE", "subtitle"]
    assert failing(a_listing(THERE), {("ja", "name"): "ノート"}) == {}


def test_a_push_costs_its_writes_and_two_readings_of_two_requests() -> None:
    found = cost(dict.fromkeys(map(str, range(40)), 2), in_flight=20)

    assert (found.reads, found.writes) == (4, 80)
    # Four rounds of writes and three more round trips, at 0.4 s each.
    assert found.seconds == 3


def test_one_locale_takes_as_long_as_its_writes_one_after_the_other() -> None:
    assert cost({"ja": 2}, in_flight=20).seconds == 2
    assert cost({}, in_flight=20).writes == 0


def test_a_locale_that_leaves_is_shown_with_every_text_that_is_lost() -> None:
    live = a_listing({**THERE, "ja": {"name": "メモ", "keywords": "潮"}})

    found = compared(live, {("ja", ""): ABSENT})

    (ja,) = found.locales
    assert (found.leaving, ja.leaves, ja.fails) == (("ja",), True, False)
    assert ja.lost == (("name", "メモ"), ("keywords", "潮"))
    assert found.changed == 2


def test_the_primary_locale_is_left_out_and_the_others_leave() -> None:
    live = a_listing(THERE)
    wanted = {("en-US", ""): ABSENT, ("ja", ""): ABSENT}

    assert compared(live, wanted).fails
    assert set(failing(live, wanted)) == {("en-US", "")}
