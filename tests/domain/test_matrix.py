"""Locales by fields: what each cell says, and what is counted."""

from __future__ import annotations

from bot.domain.changes import items, removal
from bot.domain.fields import FIELDS
from bot.domain.items import NAMES, Item, ItemKind
from bot.domain.listing import Listing
from bot.domain.matrix import Cell, CellState, Matrix, by_field, matrix
from tests.builders import TEXTS, a_listing, a_locale_item, an_app, an_item

PLACES = {field.attribute: place for place, field in enumerate(FIELDS)}


def listing(**more: dict[str, str]) -> Listing:
    texts = {"en-US": TEXTS, "de-DE": TEXTS, "ja": TEXTS, **more}
    return a_listing(texts, app=an_app(primary_locale="ja"))


def cell(found: Matrix, locale: str, attribute: str) -> Cell:
    (row,) = (row for row in found.rows if row.locale == locale)
    return row.cells[PLACES[attribute]]


def state(found: Matrix, locale: str, attribute: str) -> CellState:
    return cell(found, locale, attribute).state


def test_every_locale_is_a_row_and_the_primary_one_comes_first() -> None:
    found = matrix([an_item(locale="cs", before="", after="Zápisník")], listing())
    assert [row.locale for row in found.rows] == ["ja", "cs", "de-DE", "en-US"]
    assert all(len(row.cells) == len(FIELDS) for row in found.rows)


def test_a_cell_says_how_a_text_is_once_it_is_as_proposed() -> None:
    live = listing()
    texts = {
        ("de-DE", "subtitle"): "Schreib es auf",
        ("de-DE", "marketingUrl"): "",
        ("de-DE", "name"): "N" * 27,
        ("de-DE", "keywords"): "k" * 101,
        ("de-DE", "description"): "",
    }
    found = matrix(items(live, texts, {}), live)
    assert state(found, "de-DE", "subtitle") is CellState.CHANGED
    assert state(found, "de-DE", "marketingUrl") is CellState.CLEARED
    assert state(found, "de-DE", "name") is CellState.NEAR
    assert state(found, "de-DE", "keywords") is CellState.TOO_LONG
    assert state(found, "de-DE", "description") is CellState.MISSING
    assert state(found, "de-DE", "whatsNew") is CellState.UNCHANGED
    assert found.changed == 5


def test_near_begins_at_nine_tenths_of_the_limit_and_ends_with_it() -> None:
    def of(characters: int) -> CellState:
        return state(matrix([an_item(after="x" * characters)]), "ja", "subtitle")

    states = [of(count) for count in (26, 27, 30, 31)]
    changed, near, long = CellState.CHANGED, CellState.NEAR, CellState.TOO_LONG
    assert states == [changed, near, near, long]


def test_a_character_of_two_units_counts_twice() -> None:
    found = matrix([an_item(after="🌊" * 16)])
    assert state(found, "ja", "subtitle") is CellState.TOO_LONG


def test_what_a_version_needs_is_missing_also_where_nobody_touched_it() -> None:
    live = listing(th={**TEXTS, "keywords": "", "marketingUrl": ""})
    found = matrix([an_item()], live)
    assert cell(found, "th", "keywords") == Cell(state=CellState.MISSING, changed=False)
    assert state(found, "th", "marketingUrl") is CellState.UNCHANGED
    assert found.places(CellState.MISSING) == (("th", "keywords"),)


def test_a_text_that_stays_near_its_limit_is_unchanged() -> None:
    live = listing(th={**TEXTS, "name": "N" * 30})
    assert state(matrix([an_item()], live), "th", "name") is CellState.UNCHANGED


def test_whats_new_is_missing_in_an_update_and_not_in_a_first_version() -> None:
    texts = {"en-US": {**TEXTS, "whatsNew": ""}}
    assert state(matrix([], a_listing(texts)), "en-US", "whatsNew") is CellState.MISSING
    first = a_listing(texts, first_version=True)
    assert state(matrix([], first), "en-US", "whatsNew") is CellState.UNCHANGED


def test_a_new_locale_shows_what_it_still_lacks() -> None:
    new = [a_locale_item("cs"), an_item(locale="cs", field="name", before="", after="Zápisník")]
    found = matrix(new, listing())
    assert state(found, "cs", "name") is CellState.CHANGED
    assert state(found, "cs", "keywords") is CellState.MISSING
    assert state(found, "cs", "subtitle") is CellState.UNCHANGED


def test_a_locale_that_leaves_is_removed_and_lacks_nothing() -> None:
    leaves = Item(kind=ItemKind.LOCALE, locale="de-DE", before="present", after="")
    found = matrix([leaves], listing())
    (row,) = (row for row in found.rows if row.locale == "de-DE")
    assert {one.state for one in row.cells} == {CellState.REMOVED}
    assert found.counts[CellState.MISSING] == 0


def test_of_a_locale_that_leaves_the_version_alone_what_is_shared_stays() -> None:
    found = matrix(removal(listing(), "de-DE", NAMES), listing())
    assert state(found, "de-DE", "name") is CellState.UNCHANGED
    assert state(found, "de-DE", "description") is CellState.REMOVED


def test_what_goes_with_its_locale_is_not_counted_as_emptied() -> None:
    (name, *_) = by_field(removal(listing(), "de-DE"))
    assert (name.locales, name.cleared) == (("de-DE",), ())


def test_without_the_listing_there_are_rows_for_what_changes_alone() -> None:
    found = matrix([an_item(), an_item(locale="de-DE"), an_item(locale="de-DE", field="name")])
    assert [row.locale for row in found.rows] == ["de-DE", "ja"]
    assert found.counts == {
        CellState.TOO_LONG: 0,
        CellState.MISSING: 0,
        CellState.NEAR: 0,
        CellState.CLEARED: 0,
        CellState.REMOVED: 0,
        CellState.CHANGED: 3,
        CellState.UNCHANGED: 15,
    }


def test_what_acts_on_the_version_is_no_part_of_it() -> None:
    submit = Item(kind=ItemKind.SUBMIT, locale="", before="", after="")
    assert [row.locale for row in matrix([submit, an_item()]).rows] == ["ja"]


def test_fields_are_counted_in_the_order_of_the_table() -> None:
    found = by_field(
        [
            an_item(locale="ja", field="keywords", after=""),
            an_item(locale="ja", field="subtitle", after="x" * 29),
            an_item(locale="de-DE", field="subtitle", after="x"),
            a_locale_item("de-DE"),
        ]
    )
    assert [(one.attribute, one.locales) for one in found] == [
        ("subtitle", ("ja", "de-DE")),
        ("keywords", ("ja",)),
    ]
    assert (found[0].near, found[0].cleared) == (("ja",), ())
    assert (found[1].near, found[1].cleared) == ((), ("ja",))
