"""Workbooks: read as values, told of what hides in them, written as texts alone."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import DEFUSEDXML, Workbook, load_workbook

from bot.exchange import Cleaning, Format, Why, read, write
from tests.exchange.files import sheet, with_part, workbook

ROOT = Path(__file__).parents[2]
HEADER = ("Locale", "App Name", "Keywords")
GERMAN = ("German", "Notizen", "liste")
TEXTS = {("de-DE", "name"): "Notizen", ("de-DE", "keywords"): "liste"}


def test_a_workbook_is_read_by_its_columns() -> None:
    imported = read(sheet([HEADER, GERMAN]))
    assert (imported.format, imported.texts, imported.left) == (Format.XLSX, TEXTS, ())
    assert imported.where["de-DE", "keywords"] == "C2"


def test_a_workbook_may_have_a_row_for_each_field_or_for_each_text() -> None:
    across = sheet([("", "German"), ("name", "Notizen"), ("keywords", "liste")])
    long = sheet(
        [("locale", "field", "text"), ("de", "name", "Notizen"), ("de", "keywords", "liste")]
    )
    assert read(across).texts == read(long).texts == TEXTS


def test_the_library_is_loaded_when_a_workbook_is_met_and_not_before() -> None:
    # Only a fresh interpreter has imported nothing else.
    script = """
import sys
from bot.exchange import Format, read, write
before = "openpyxl" in sys.modules
read(b"locale,name\\nde-DE,Notizen\\n")
between = "openpyxl" in sys.modules
write({("de-DE", "name"): "Notizen"}, Format.XLSX)
print(before, between, "openpyxl" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout.split() == ["False", "False", "True"], ran.stderr


def test_the_library_is_kept_from_entities() -> None:
    assert DEFUSEDXML


def test_the_sheet_that_names_its_columns_is_taken_wherever_it_is() -> None:
    imported = read(sheet([("Costs", 3)], Texts=[("for the release",), HEADER, GERMAN]))
    assert imported.texts == TEXTS
    assert {left.why for left in imported.left} == {Why.SHEET, Why.ABOVE}


def test_a_whole_number_is_taken_as_its_digits_and_told() -> None:
    imported = read(sheet([HEADER, ("German", 2048, "liste")]))
    assert imported.texts["de-DE", "name"] == "2048"
    (cleaned,) = imported.cleaned
    assert (cleaned.what, cleaned.where) == (Cleaning.NUMBER, ("B2",))


@pytest.mark.parametrize("number", [101, 1.5, "=ROW()", "#REF!"])
def test_a_column_of_numbers_or_formulas_is_not_held_for_a_language(number: object) -> None:
    imported = read(sheet([("key", "no", "German"), ("name", number, "Notizen")]))
    assert imported.texts == {("de-DE", "name"): "Notizen"}
    assert [(left.where, left.why) for left in imported.left] == [("column B", Why.DOUBTFUL)]


def test_a_number_that_excel_cut_is_not_taken() -> None:
    imported = read(sheet([HEADER, ("German", 12345678901234567, "liste")]))
    assert ("de-DE", "name") not in imported.texts
    assert imported.left[0].why is Why.NUMBER


def test_a_formula_is_left_out_even_where_its_value_was_saved() -> None:
    saved = b'<c r="B2" t="str"><f>A1&amp;"x"</f><v>Notizen</v></c>'
    data = with_part(
        sheet([HEADER, ("German", "Zettel", "liste")]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="B2" t="inlineStr"><is><t>Zettel</t></is></c>', saved),
    )
    imported = read(data)
    assert imported.texts == {("de-DE", "keywords"): "liste"}
    assert [(left.where, left.why) for left in imported.left] == [("B2", Why.FORMULA)]


def test_a_formula_is_found_where_cells_do_not_say_where_they_are() -> None:
    cells = (
        b'<row><c t="inlineStr"><is><t>ja</t></is></c><c><f>A1</f><v>7</v></c>'
        b'<c t="inlineStr"><is><t>list</t></is></c></row>'
    )
    data = with_part(
        sheet([HEADER, GERMAN]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"),
    )
    imported = read(data)
    assert imported.texts == {**TEXTS, ("ja", "keywords"): "list"}
    assert [(left.where, left.why) for left in imported.left] == [("B3", Why.FORMULA)]


def test_line_ends_that_excel_writes_as_signs_become_line_feeds() -> None:
    imported = read(sheet([("locale", "description"), ("de", "Eins_x000D_\nzwei")]))
    assert imported.texts == {("de-DE", "description"): "Eins\nzwei"}
    assert [cleaned.what for cleaned in imported.cleaned] == [Cleaning.LINE_ENDS]


def test_text_in_several_colours_is_one_text() -> None:
    coloured = b"<is><r><t>Noti</t></r><r><rPr><b/></rPr><t>zen</t></r></is>"
    data = with_part(
        sheet([HEADER, ("German", "Zettel", "liste")]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<is><t>Zettel</t></is>", coloured),
    )
    assert read(data).texts == TEXTS


def test_macros_are_not_looked_at_and_told_of() -> None:
    data = with_part(sheet([HEADER, GERMAN]), "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0")
    imported = read(data, "texts.xlsm")
    assert imported.texts == TEXTS
    assert [cleaned.what for cleaned in imported.cleaned] == [Cleaning.MACROS]


def test_a_merged_locale_counts_for_its_first_row_alone() -> None:
    def merge(book: Workbook) -> None:
        page: Any = book.active
        page.merge_cells("A2:A3")

    rows = [("locale", "field", "text"), ("de", "name", "Notizen"), ("de", "keywords", "liste")]
    imported = read(workbook(rows, merge))
    assert imported.texts == {("de-DE", "name"): "Notizen"}
    assert {left.where: left.why for left in imported.left} == {
        "A2:A3": Why.MERGED,
        "row 3": Why.NO_LOCALE,
    }


def test_a_drawing_that_is_not_whole_is_no_matter() -> None:
    drawing = b"<xml><v:shape><br>two lines</v:shape></xml>"
    data = with_part(sheet([HEADER, GERMAN]), "xl/drawings/vmlDrawing1.vml", lambda _: drawing)
    assert read(data).texts == TEXTS


def test_a_template_and_a_workbook_without_dimensions_are_read() -> None:
    data = with_part(
        sheet([HEADER, GERMAN]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:C2"/>', b'<dimension ref="A1"/>').replace(
            b'<dimension ref="A1:C2" />', b'<dimension ref="A1" />'
        ),
    )
    assert read(data).texts == TEXTS


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "#REF!", "12", "TRUE", "'a"])
def test_every_cell_that_is_written_is_a_text_to_the_spreadsheet(text: str) -> None:
    book = load_workbook(io.BytesIO(write({("de-DE", "name"): text}, Format.XLSX)))
    assert book.active is not None
    cell: Any = book.active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_a_workbook_says_nothing_of_when_it_was_made() -> None:
    data = write({("de-DE", "name"): "Notizen"}, Format.XLSX)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2
