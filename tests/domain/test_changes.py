"""What counts as a change, its digest and its way back."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import compare, digest, inverted, items, removal
from bot.domain.fields import FIELDS
from bot.domain.items import ABSENT, PRESENT, Item, ItemKind, ItemState, leaving
from bot.domain.proposals import Target
from tests.builders import TEXTS, a_listing

TARGET = Target(app_id="1001", platform="IOS", version_id="v2")

LOCALES = st.sampled_from(["en-US", "ja", "ar-SA", "fr-FR"])
ATTRIBUTES = st.sampled_from([field.attribute for field in FIELDS])
WORDS = st.text(max_size=12)

TEXT_ITEMS = st.builds(
    Item,
    kind=st.just(ItemKind.TEXT),
    locale=LOCALES,
    field=ATTRIBUTES,
    before=WORDS,
    after=WORDS,
)
LOCALE_ITEMS = st.builds(
    Item,
    kind=st.just(ItemKind.LOCALE),
    locale=LOCALES,
    before=st.just(ABSENT),
    after=st.just(PRESENT),
)
ITEMS = st.lists(TEXT_ITEMS | LOCALE_ITEMS, max_size=6)


def places(*found: Item) -> list[tuple[str, str]]:
    return [(item.locale, item.field) for item in found]


def test_a_text_that_was_not_touched_is_no_change() -> None:
    assert items(a_listing(), {}, {}) == ()


def test_a_text_typed_as_it_stands_is_no_change() -> None:
    texts = {("en-US", "name"): "Notes", ("en-US", "subtitle"): "  Write it down\r\n"}
    assert items(a_listing(), texts, {}) == ()


def test_another_text_is_a_change_with_both_sides_normalised() -> None:
    texts = {("en-US", "subtitle"): " Cafe\u0301\r\n"}
    (item,) = items(a_listing(), texts, {("en-US", "subtitle"): "Tea\r\n"})
    assert (item.before, item.after) == ("Tea", "Café")


def test_an_emptied_text_is_a_change_to_nothing() -> None:
    (item,) = items(a_listing(), {("en-US", "subtitle"): ""}, {})
    assert (item.before, item.after) == ("Write it down", "")


def test_the_baseline_is_what_the_person_saw_and_not_what_apple_holds_now() -> None:
    seen = {("en-US", "subtitle"): "Seen long ago"}
    (item,) = items(a_listing(), {("en-US", "subtitle"): "New"}, seen)
    assert item.before == "Seen long ago"
    assert items(a_listing(), seen, seen) == ()


def test_changes_come_by_locale_with_the_primary_first_and_then_by_field() -> None:
    listing = a_listing({"ja": TEXTS, "de-DE": TEXTS, "en-US": TEXTS})
    texts = {
        ("ja", "subtitle"): "J",
        ("en-US", "description"): "D",
        ("de-DE", "keywords"): "K",
        ("en-US", "name"): "Other",
    }
    found = items(listing, texts, {})
    assert places(*found) == [
        ("en-US", "name"),
        ("en-US", "description"),
        ("de-DE", "keywords"),
        ("ja", "subtitle"),
    ]


def test_a_new_locale_is_a_change_of_its_own_before_its_texts() -> None:
    added, name = items(a_listing(), {("fr-FR", "name"): "Notes"}, {})
    assert (added.kind, added.before, added.after) == (ItemKind.LOCALE, ABSENT, PRESENT)
    assert (name.kind, name.field, name.before) == (ItemKind.TEXT, "name", "")


def test_a_new_locale_without_a_word_in_it_is_not_added() -> None:
    assert items(a_listing(), {("fr-FR", "name"): " ", ("fr-FR", "subtitle"): ""}, {}) == ()


def test_a_field_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        items(a_listing(), {("en-US", "slogan"): "x"}, {})


@given(ITEMS, st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_the_order(found: list[Item], chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert digest(TARGET, shuffled) == digest(TARGET, found)


@given(ITEMS, ITEMS)
def test_only_the_same_changes_have_the_same_digest(one: list[Item], two: list[Item]) -> None:
    same = sorted(map(repr, one)) == sorted(map(repr, two))
    assert (digest(TARGET, one) == digest(TARGET, two)) is same


@given(TEXT_ITEMS, st.sampled_from(["locale", "field", "before", "after"]), st.text(min_size=1))
def test_the_digest_changes_with_any_part_of_an_item(item: Item, part: str, more: str) -> None:
    changed = replace(item, **{part: getattr(item, part) + more})
    assert digest(TARGET, [changed]) != digest(TARGET, [item])


@pytest.mark.parametrize("part", ["app_id", "platform", "version_id"])
def test_the_digest_changes_with_any_part_of_the_target(part: str) -> None:
    found = items(a_listing(), {("en-US", "name"): "Other"}, {})
    assert digest(replace(TARGET, **{part: "other"}), found) != digest(TARGET, found)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_text_that_moves_to_the_other_side_changes_the_digest(one: str, two: str) -> None:
    item = Item(locale="ja", field="name", before=one, after=two)
    merged = Item(locale="ja", field="name", before=one + two, after="")
    assert digest(TARGET, [item]) != digest(TARGET, [merged])


def test_how_far_an_item_has_got_is_no_part_of_the_digest() -> None:
    (item,) = items(a_listing(), {("en-US", "name"): "Other"}, {})
    stale = replace(item, state=ItemState.STALE, problem="Somebody else was faster.")
    assert digest(TARGET, [stale]) == digest(TARGET, [item])


def test_a_digest_stays_the_same_from_one_release_to_the_next() -> None:
    item = Item(locale="ja", field="subtitle", before="メモ", after="ノート")
    known = "85118fa928f33610ddc3b63b2da8026cc15297f0daa3fd6e75c991c6080046d9"
    assert digest(TARGET, [item]) == known


@given(ITEMS)
def test_changes_turned_round_twice_are_the_changes(found: list[Item]) -> None:
    assert inverted(inverted(found)) == tuple(found)


def test_a_change_turned_round_leads_back_and_starts_afresh() -> None:
    done = Item(
        locale="ja", field="name", before="A", after="B", state=ItemState.FAILED, problem="No."
    )
    assert inverted([done]) == (Item(locale="ja", field="name", before="B", after="A"),)


@pytest.mark.parametrize(
    ("live", "verdict"),
    [
        ("Old", "send"),
        (" Old\r\n", "send"),
        ("New", "done"),
        ("Somebody else's", "stale"),
        ("", "stale"),
    ],
)
def test_what_apple_holds_decides_whether_a_change_is_sent(live: str, verdict: str) -> None:
    assert compare(Item(locale="ja", field="name", before="Old", after="New"), live) == verdict


def test_a_locale_that_appeared_meanwhile_needs_no_adding() -> None:
    added = Item(kind=ItemKind.LOCALE, locale="ja", before=ABSENT, after=PRESENT)
    assert compare(added, PRESENT) == "done"
    assert compare(added, ABSENT) == "send"


def test_a_locale_that_is_taken_away_takes_every_text_it_has() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": {"name": "メモ", "keywords": "潮"}})

    whole, *texts = items(listing, {("ja", ""): ABSENT}, {})

    assert (whole.kind, whole.before, whole.after) == (ItemKind.LOCALE, PRESENT, ABSENT)
    assert [(one.field, one.before, one.after) for one in texts] == [
        ("name", "メモ", ""),
        ("keywords", "潮", ""),
    ]
    assert leaving([whole, *texts]) == {"ja": ABSENT}


def test_what_is_set_in_a_locale_that_is_taken_away_is_kept_to_be_refused() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": {"name": "メモ", "keywords": "潮"}})

    found = items(listing, {("ja", ""): ABSENT, ("ja", "name"): "ノート"}, {})

    assert [one.after for one in found] == [ABSENT, "ノート", ""]


def test_a_locale_that_is_not_there_is_not_taken_away() -> None:
    assert items(a_listing(), {("ja", ""): ABSENT}, {}) == ()


def test_a_removal_turned_round_brings_the_locale_back_with_its_texts() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": {"name": "メモ"}})

    whole, name = inverted(removal(listing, "ja"))

    assert (whole.before, whole.after) == (ABSENT, PRESENT)
    assert (name.before, name.after) == ("", "メモ")
