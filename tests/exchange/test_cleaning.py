"""What is cleaned is told; what only looks odd is told and let be."""

from __future__ import annotations

import codecs

import pytest

from bot.exchange import Cleaning, Format, read
from bot.exchange.imported import SAID

PLAIN = "locale,name\nde-DE,Notizen\nja,メモ\n"
TEXTS = {("de-DE", "name"): "Notizen", ("ja", "name"): "メモ"}


def cleanings(data: bytes) -> dict[Cleaning, tuple[str, ...]]:
    return {cleaned.what: cleaned.where for cleaned in read(data).cleaned}


def test_a_plain_file_needs_no_cleaning() -> None:
    assert cleanings(PLAIN.encode()) == {}


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + PLAIN.encode(),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-16-le", "utf-16-be"],
)
def test_a_byte_order_mark_is_taken_off(data: bytes) -> None:
    assert read(data).texts == TEXTS
    assert cleanings(data) == {Cleaning.BOM: ("the file",)}


def test_the_text_that_excel_saves_is_read() -> None:
    text = PLAIN.replace(",", "\t").replace("\n", "\r\n").encode("utf-16")
    imported = read(text)
    assert (imported.format, imported.texts) == (Format.TSV, TEXTS)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_kind_of_line_end_becomes_a_line_feed(end: str) -> None:
    data = 'locale,description\nde-DE,"Eins\nzwei"\n'.replace("\n", end).encode()
    assert read(data).texts == {("de-DE", "description"): "Eins\nzwei"}
    assert cleanings(data) == {Cleaning.LINE_ENDS: ("the file",)}


def test_control_characters_are_taken_out_and_soft_breaks_become_line_breaks() -> None:
    data = b"locale,description\nde-DE,Ei\x00ns\x0bzwei\x7f\n"
    assert read(data).texts == {("de-DE", "description"): "Eins\nzwei"}
    assert set(cleanings(data)) == {Cleaning.CONTROL, Cleaning.BREAKS}


def test_typographic_quotes_are_told_and_stay() -> None:
    data = "locale,keywords\nde-DE,„notizen“\n".encode()
    assert read(data).texts == {("de-DE", "keywords"): "„notizen“"}
    assert cleanings(data) == {Cleaning.QUOTES: ("line 2 (column 2)",)}


def test_a_text_that_went_through_a_wrong_encoding_is_told_and_stays() -> None:
    data = "locale,name\nfr-FR,Notes privÃ©es\n".encode()
    assert read(data).texts == {("fr-FR", "name"): "Notes privÃ©es"}
    assert set(cleanings(data)) == {Cleaning.MOJIBAKE}


def test_many_places_are_counted_and_the_first_are_named() -> None:
    rows = "".join(f"{locale},“a”\n" for locale in ["de-DE", "ja", "ko", "it", "fr-FR"])
    (cleaned,) = read(f"locale,name\n{rows}".encode()).cleaned
    assert (len(cleaned.where), cleaned.count) == (3, 5)
    assert "and 2 more" in str(cleaned)


def test_texts_are_normalised_and_nothing_else_happens_to_them() -> None:
    data = 'locale,description\nfr-FR,"  Cafe\u0301  \n\n\n  deux  "\n'.encode()
    assert read(data).texts == {("fr-FR", "description"): "Caf\u00e9  \n\n\n  deux"}


def test_every_kind_of_cleaning_has_its_words() -> None:
    assert set(SAID) == set(Cleaning)
