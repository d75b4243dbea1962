"""One deed done to many texts: spread, replaced, copied, locales added and removed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion, edited, nothing_to_copy
from bot.domain.items import ABSENT, NAMES
from tests.builders import a_listing

THERE = a_listing(
    {
        "en-US": {"name": "Tide Notes", "subtitle": "Notes by the sea"},
        "fr-FR": {"name": "Tide Notes", "subtitle": "Café au bord de la mer"},
    }
)


def test_one_text_goes_to_every_locale_where_none_is_named() -> None:
    found = edited(THERE, BulkEdit(attributes=("subtitle",), text="Write"))

    assert found == {("en-US", "subtitle"): "Write", ("fr-FR", "subtitle"): "Write"}


def test_one_text_goes_to_the_locales_that_are_named_those_the_listing_lacks_too() -> None:
    found = edited(THERE, BulkEdit(attributes=("name",), locales=("ja", "en-US"), text="Tide"))

    assert found == {("ja", "name"): "Tide", ("en-US", "name"): "Tide"}


def test_words_are_replaced_where_they_stand_and_nowhere_else() -> None:
    found = edited(THERE, BulkEdit(deed=Deed.REPLACE, find="Notes", text="Pages"))

    assert found == {
        ("en-US", "name"): "Tide Pages",
        ("en-US", "subtitle"): "Pages by the sea",
        ("fr-FR", "name"): "Tide Pages",
    }


def test_words_are_replaced_in_the_fields_that_are_named_alone() -> None:
    found = edited(
        THERE, BulkEdit(deed=Deed.REPLACE, find="Notes", text="", attributes=("subtitle",))
    )

    assert found == {("en-US", "subtitle"): " by the sea"}


def test_upper_and_lower_case_matter_and_ways_to_write_a_letter_do_not() -> None:
    assert edited(THERE, BulkEdit(deed=Deed.REPLACE, find="notes", text="x")) == {}
    decomposed = unicodedata.normalize("NFD", "Café")
    found = edited(THERE, BulkEdit(deed=Deed.REPLACE, find=decomposed, text="Thé"))
    assert found == {("fr-FR", "subtitle"): "Thé au bord de la mer"}


def test_texts_are_copied_from_a_locale_into_all_others() -> None:
    edit = BulkEdit(deed=Deed.COPY, from_locale="en-US", attributes=("subtitle",))

    assert edited(THERE, edit) == {("fr-FR", "subtitle"): "Notes by the sea"}


def test_texts_are_copied_from_each_locale_itself_in_another_version() -> None:
    public = a_listing({"fr-FR": {"subtitle": "Un carnet"}, "ja": {"subtitle": "ノート"}})
    edit = BulkEdit(
        deed=Deed.COPY, from_version=FromVersion.PUBLIC, attributes=("name", "subtitle")
    )

    assert edited(THERE, edit, public) == {("fr-FR", "subtitle"): "Un carnet"}


def test_what_is_empty_where_it_is_copied_from_empties_nothing_and_is_named() -> None:
    edit = BulkEdit(deed=Deed.COPY, from_locale="en-US", attributes=("name", "keywords"))

    assert edited(THERE, edit) == {("fr-FR", "name"): "Tide Notes"}
    assert nothing_to_copy(THERE, edit) == {"fr-FR": ("keywords",)}


def test_a_new_locale_has_what_was_typed_and_the_rest_from_another_one() -> None:
    edit = BulkEdit(
        deed=Deed.ADD, locales=("sv",), texts=(("subtitle", "Vid havet"),), from_locale="en-US"
    )

    assert edited(THERE, edit) == {("sv", "name"): "Tide Notes", ("sv", "subtitle"): "Vid havet"}


def test_a_new_locale_that_copies_nothing_has_what_was_typed_alone() -> None:
    edit = BulkEdit(deed=Deed.ADD, locales=("sv",), texts=(("keywords", "hav"),))

    assert edited(THERE, edit) == {("sv", "keywords"): "hav"}


def test_locales_are_taken_away_that_are_there_and_others_are_left() -> None:
    edit = BulkEdit(deed=Deed.REMOVE, locales=("fr-FR", "ja"))

    assert edited(THERE, edit) == {("fr-FR", ""): ABSENT}
    assert edited(THERE, replace(edit, keep_names=True)) == {("fr-FR", ""): NAMES}
