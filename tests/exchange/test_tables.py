"""Tables as people make them: three forms, their own words for columns and locales."""

from __future__ import annotations

import re

import pytest

from bot.domain.fields import FIELDS, Field
from bot.exchange import Cleaning, Format, Imported, Why, filled, read, write
from bot.exchange.headers import ROLES, VARIANTS, field_of, fields_meant, locale_of, role_of
from tests.exchange.files import table

NAMES = {("de-DE", "name"): "Notizen", ("ja", "name"): "メモ"}
BOTH = {**NAMES, ("de-DE", "subtitle"): "Schreib auf"}


def wheres(imported: Imported) -> dict[str, Why]:
    return {left.where: left.why for left in imported.left}


def test_a_row_for_each_locale_and_a_column_for_each_field() -> None:
    imported = read(
        table(
            ["locale", "name", "subtitle"], ["de-DE", "Notizen", "Schreib auf"], ["ja", "メモ", ""]
        )
    )
    assert (imported.format, imported.texts, imported.left) == (Format.CSV, BOTH, ())


def test_a_row_for_each_field_and_a_column_for_each_locale() -> None:
    imported = read(
        table(
            ["field", "de-DE", "ja"], ["name", "Notizen", "メモ"], ["subtitle", "Schreib auf", ""]
        )
    )
    assert (imported.texts, imported.left) == (BOTH, ())


def test_a_row_for_each_text_in_any_order_of_columns() -> None:
    imported = read(
        table(
            ["text", "locale", "field"],
            ["Notizen", "de-DE", "name"],
            ["メモ", "ja", "name"],
            ["Schreib auf", "de-DE", "subtitle"],
        )
    )
    assert (imported.texts, imported.left) == (BOTH, ())


def test_the_corner_of_a_table_may_be_blank() -> None:
    assert read(table(["", "name"], ["de-DE", "Notizen"], ["ja", "メモ"])).texts == NAMES
    assert read(table(["", "de-DE", "ja"], ["name", "Notizen", "メモ"])).texts == NAMES


@pytest.mark.parametrize(("delimiter", "form"), [(",", "csv"), (";", "csv"), ("\t", "tsv")])
def test_the_separator_is_told_from_the_header(delimiter: str, form: str) -> None:
    imported = read(
        table(["locale", "name"], ["de-DE", "Notizen"], ["ja", "メモ"], delimiter=delimiter)
    )
    assert (imported.format, imported.texts) == (form, NAMES)


def test_the_line_that_names_the_separator_to_excel_is_heeded() -> None:
    imported = read(b"sep=;\nlocale;name\nde-DE;A, B\n")
    assert imported.texts == {("de-DE", "name"): "A, B"}
    assert imported.where == {("de-DE", "name"): "line 3 (column 2)"}


def test_a_text_in_quotation_marks_may_hold_everything() -> None:
    imported = read(
        'locale,description\nde-DE,"Eins, ""zwei""\n\ndrei;\tvier"\nja,"メモ"\n'.encode()
    )
    assert imported.texts == {
        ("de-DE", "description"): 'Eins, "zwei"\n\ndrei;\tvier',
        ("ja", "description"): "メモ",
    }
    assert imported.where["ja", "description"] == "line 5 (column 2)"


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.attribute)
def test_a_field_may_be_named_in_many_ways(field: Field) -> None:
    said = {field.attribute, field.label, field.file.removesuffix(".txt")}
    said |= {field.label.upper(), field.label.replace(" ", "_"), f" {field.label}: "}
    said |= set(VARIANTS[field.attribute])
    assert {field_of(each) for each in said} == {field.attribute}


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        ("What’s New in This Version", "whatsNew"),
        ("Release Notes", "whatsNew"),
        ("release-notes", "whatsNew"),
        ("Promo Text", "promotionalText"),
        ("App Name", "name"),
        ("TITLE", "name"),
        ("Support URL", "supportUrl"),
        ("Privacy Policy URL", "privacyPolicyUrl"),
        ("privacy_url", "privacyPolicyUrl"),
        ("Subtitle (30)", "subtitle"),
        ("Keywords [max. 100 chars]", "keywords"),
        ("Description (up to 4,000 characters)", "description"),
        ("Name*", "name"),
    ],
)
def test_the_words_of_others_are_understood(said: str, attribute: str) -> None:
    assert field_of(said) == attribute


@pytest.mark.parametrize("said", ["Name (old)", "Subtitle 2", "Short description", "(30)", ""])
def test_what_may_be_something_else_is_no_field(said: str) -> None:
    assert field_of(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "Keywords max 100",
        "Keywords, max. 100 characters",
        "Keywords (max 100, comma separated)",
        "Keywords - 100",
        "Keywords 2",
    ],
)
def test_a_field_with_something_behind_it_is_asked_about(said: str) -> None:
    assert field_of(said) is None
    assert fields_meant(said) == "Did you mean keywords?"


def test_a_limit_in_brackets_is_no_matter() -> None:
    assert field_of("Keywords (max 100)") == "keywords"


def test_no_word_means_two_things() -> None:
    said = [word for words in [*VARIANTS.values(), *ROLES.values()] for word in words]
    said += [word for field in FIELDS for word in {field.attribute, field.label}]
    assert [word for word in said if field_of(word) and role_of(word)] == []
    assert [word for word in said if locale_of(word, [])] == []


@pytest.mark.parametrize("said", ["de", "de_DE", "DE-de", "German", "deutsch", "German (Germany)"])
def test_a_locale_may_be_named_in_many_ways(said: str) -> None:
    assert read(table(["Language", "Title"], [said, "Notizen"])).texts == {
        ("de-DE", "name"): "Notizen"
    }


def test_a_locale_that_only_the_listing_knows_is_taken() -> None:
    data = table(["locale", "name"], ["fa-IR", "یادداشت"])
    assert read(data).texts == {}
    assert read(data, also=["fa-IR"]).texts == {("fa-IR", "name"): "یادداشت"}


def test_a_column_that_is_no_field_is_told_of_once() -> None:
    imported = read(
        table(
            ["locale", "notes", "name", "done"],
            ["de-DE", "check", "Notizen", ""],
            ["ja", "check", "メモ", ""],
        )
    )
    assert imported.texts == NAMES
    assert wheres(imported) == {"column B": Why.COLUMN}


def test_a_language_beside_its_code_does_no_harm() -> None:
    imported = read(table(["locale", "language", "name"], ["de-DE", "German", "Notizen"]))
    assert imported.texts == {("de-DE", "name"): "Notizen"}
    assert wheres(imported) == {"column B": Why.COLUMN}
    assert "Another column" in imported.left[0].reason


def test_a_column_of_ids_is_not_held_for_indonesian() -> None:
    imported = read(table(["id", "locale", "name"], ["1", "de-DE", "Notizen"], ["2", "ja", "メモ"]))
    assert imported.texts == NAMES
    assert wheres(imported) == {"column A": Why.COLUMN}


@pytest.mark.parametrize(
    ("said", "code"), [("id", "id"), ("No.", "no"), ("no", "no"), ("#id", "id"), ("ID", "id")]
)
@pytest.mark.parametrize("value", ["101", "1.", "#7", "—", "STR-101", ""])
def test_numbers_of_rows_are_not_held_for_a_language(said: str, code: str, value: str) -> None:
    for data in (
        table([said, "key", "ja", "de-DE"], [value, "name", "メモ", "Notizen"]),
        table(["key", said, "ja", "de-DE"], ["name", value, "メモ", "Notizen"]),
    ):
        imported = read(data)
        assert imported.texts == NAMES
        assert [left.why for left in imported.left] == ([Why.DOUBTFUL] if value else [])
        for left in imported.left:
            assert left.place == (code, "")
            assert f"({code})" in left.suggestion


def test_two_letters_before_the_fields_are_asked_about_whatever_is_below_them() -> None:
    imported = read(table(["id", "key", "ja"], ["title", "name", "メモ"]))
    assert imported.texts == {("ja", "name"): "メモ"}
    (left,) = imported.left
    assert (left.where, left.why) == ("column A", Why.DOUBTFUL)
    assert "Indonesian" in left.reason
    assert "“Indonesian (id)”" in left.suggestion


@pytest.mark.parametrize("header", [["key", "id"], ["Indonesian (id)", "key"], ["id-ID", "key"]])
def test_indonesian_with_texts_or_with_its_name_is_taken(header: list[str]) -> None:
    cells = {"key": "name"}
    imported = read(table(header, [cells.get(said, "Catatan") for said in header]))
    assert (imported.texts, imported.left) == ({("id", "name"): "Catatan"}, ())


def test_a_number_among_texts_is_a_text() -> None:
    imported = read(table(["key", "id"], ["name", "Catatan"], ["keywords", "2048"]))
    assert imported.texts == {("id", "name"): "Catatan", ("id", "keywords"): "2048"}


def test_a_column_of_numbers_is_not_filled_from_the_default() -> None:
    data = table(["key", "default", "id"], ["name", "Notes", "101"])
    assert filled(read(data), ["id", "ja"]).texts == {("ja", "name"): "Notes"}


def test_a_language_of_four_letters_and_more_may_stand_anywhere() -> None:
    imported = read(table(["de-DE", "field", "ja"], ["Notizen", "name", "メモ"]))
    assert (imported.texts, imported.left) == (NAMES, ())


def test_a_blank_cell_says_nothing() -> None:
    imported = read(table(["locale", "name", "subtitle"], ["de-DE", "Notizen", " "], ["", "", ""]))
    assert (imported.texts, imported.left) == ({("de-DE", "name"): "Notizen"}, ())


def test_a_blank_cell_empties_nothing_even_where_empty_files_do() -> None:
    data = table(["locale", "name", "subtitle"], ["de-DE", "Notizen", ""])
    assert read(data, empty_clears=True).texts == {("de-DE", "name"): "Notizen"}


def test_a_mark_empties_a_field_and_a_backslash_makes_it_a_text() -> None:
    data = table(["locale", "name", "subtitle"], ["de-DE", "\\[clear]", " [clear]"])
    assert read(data).texts == {("de-DE", "name"): "[clear]", ("de-DE", "subtitle"): ""}


def test_the_same_text_twice_is_taken_once() -> None:
    imported = read(table(["locale", "name"], ["de-DE", "Notizen"], ["German", "Notizen "]))
    assert (imported.texts, imported.left) == ({("de-DE", "name"): "Notizen"}, ())


def test_each_of_two_texts_for_one_place_names_the_other() -> None:
    imported = read(table(["locale", "name"], ["de-DE", "Notizen"], ["German", "Zettel"]))
    first, second = imported.left
    assert (first.where, second.where) == ("line 2 (column 2)", "line 3 (column 2)")
    assert second.where in first.reason
    assert first.where in second.reason
    assert first.place == second.place == ("de-DE", "name")


def test_a_row_named_default_is_for_locales_without_their_own() -> None:
    imported = read(table(["locale", "name"], ["default", "Notes"], ["ja", "メモ"]))
    assert (imported.texts, imported.fallback) == ({("ja", "name"): "メモ"}, {"name": "Notes"})


FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://x.example")',
    " =A1",
    "@SUM(A1)",
    "@home",
    "＝1",
    "＠a",
    "+SUM(A1:A2)",
    "-sum(1)",
    "+A1",
    "-$B$2*3",
    "-+A1",
    "-2+3",
    "+1-A1",
    "-(1)",
    "+cmd|' /C calc'!A0",
    "-Sheet1!A1",
]
HARMLESS = [
    "- a list\n- of things",
    "- offline (new)",
    "- (optional) sync",
    "- MP3, AAC\n- MP4",
    "- MP3\n- MP4",
    "- New! Faster",
    "-a",
    "+1",
    "-5",
    "+49 30 1234",
    "-20% on everything",
    "+ new widgets (two)",
    "-- dashes --",
    "+B2B",
    "a=1",
    "1+1",
    "＋1",
]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_text_file_is_only_a_text_and_told(text: str, delimiter: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    imported = read(table(["locale", "name"], ["de-DE", quoted], delimiter=delimiter))
    assert imported.texts == {("de-DE", "name"): text.strip()}
    assert imported.left == ()
    (cleaned,) = imported.cleaned
    assert (cleaned.what, cleaned.where) == (Cleaning.FORMULA, ("line 2 (column 2)",))
    assert "kept as text: a spreadsheet would compute it" in str(cleaned)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_that_no_spreadsheet_computes_is_not_told(text: str) -> None:
    imported = read(table(["locale", "name"], ["de-DE", f'"{text}"']))
    assert imported.texts == {("de-DE", "name"): text}
    assert imported.cleaned == ()


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS])
def test_what_is_written_comes_back_without_a_word_about_formulas(text: str, form: Format) -> None:
    if form is not Format.FOLDER:
        imported = read(write({("de-DE", "name"): text}, form))
        assert imported.texts == {("de-DE", "name"): text.strip()}
        assert Cleaning.FORMULA not in {cleaned.what for cleaned in imported.cleaned}


@pytest.mark.parametrize("form", [Format.CSV, Format.TSV])
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "'=1"])
def test_no_cell_that_is_written_begins_like_a_formula(text: str, form: Format) -> None:
    written = write({("de-DE", "name"): text}, form).decode("utf-8-sig")
    assert f"de-DE{',' if form is Format.CSV else chr(9)}'{text}" in written


@pytest.mark.parametrize(
    "text",
    [
        "Foo;=1+1",
        "Foo;+1",
        "Foo;@a",
        "Foo;-a",
        "Foo;＝1",
        "Foo\n=1",
        "Foo\n-1",
        "Foo\n- SUM(A1)",
        "Foo;\t=1",
        'Foo;"=1',
        "Foo;'=1",
        ";=1",
    ],
)
def test_no_cell_begins_like_a_formula_where_a_csv_is_cut_at_semicolons(text: str) -> None:
    written = write({("de-DE", "name"): text}, Format.CSV).decode("utf-8-sig")
    cells = [cell for line in written.split("\n") for cell in re.split("[;\t]", line)]
    assert [cell for cell in cells if re.match(r"\"*[=+\-@＝]", cell)] == []
    assert read(written.encode()).texts == {("de-DE", "name"): text}


def test_lists_in_a_text_are_written_as_they_are() -> None:
    text = "New:\n- offline\n+ sync; and more"
    written = write({("de-DE", "description"): text}, Format.CSV).decode("utf-8-sig")
    assert text in written


@pytest.mark.parametrize(
    ("written", "text"),
    [("a;'=1", "a;=1"), ("a;''=1", "a;'=1"), ("a;=1", "a;=1"), ("a; '=", "a; '=")],
)
def test_apostrophes_within_a_csv_made_by_hand_have_one_meaning(written: str, text: str) -> None:
    assert read(table(["locale", "name"], ["de-DE", written])).texts == {("de-DE", "name"): text}


def test_an_apostrophe_is_taken_off_where_it_keeps_a_text_from_being_a_formula() -> None:
    imported = read(table(["locale", "name", "subtitle"], ["de-DE", "'=1+1", "'tis"]))
    assert imported.texts == {("de-DE", "name"): "=1+1", ("de-DE", "subtitle"): "'tis"}
    (cleaned,) = imported.cleaned
    assert (cleaned.what, cleaned.where) == (Cleaning.APOSTROPHE, ("line 2 (column 2)",))
