"""JSON in its shapes."""

from __future__ import annotations

import json

import pytest

from bot.exchange import Format, Why, read, write

TEXTS = {("de-DE", "name"): "Notizen", ("de-DE", "keywords"): ""}
FIELDS = {"name": "Notizen", "keywords": None}


@pytest.mark.parametrize(
    "document",
    [
        {"locales": {"de-DE": FIELDS}},
        {"de-DE": FIELDS},
        {"German": {"App Name": "Notizen", "keyword list": None}},
        [
            {"locale": "de-DE", "field": "name", "text": "Notizen"},
            {"language": "de", "key": "keywords", "value": None},
        ],
        [{"locale": "de-DE", **FIELDS}],
    ],
    ids=["under locales", "plain", "in other words", "a list of texts", "a list of locales"],
)
def test_a_document_may_have_several_shapes(document: object) -> None:
    imported = read(json.dumps(document).encode())
    assert (imported.format, imported.texts, imported.left) == (Format.JSON, TEXTS, ())


def test_where_a_text_stood_is_told_as_a_path() -> None:
    nested = read(json.dumps({"locales": {"de-DE": FIELDS}}).encode())
    listed = read(json.dumps([{"locale": "de-DE", "field": "name", "text": "Notizen"}]).encode())
    assert nested.where["de-DE", "name"] == "locales.de-DE.name"
    assert listed.where["de-DE", "name"] == "item 1"


def test_an_empty_text_empties_only_when_that_is_asked_for() -> None:
    data = b'{"de-DE": {"name": "Notizen", "keywords": ""}}'
    assert [left.why for left in read(data).left] == [Why.EMPTY]
    assert read(data, empty_clears=True).texts == TEXTS


def test_the_mark_of_the_other_forms_is_understood_as_well() -> None:
    data = rb'{"de-DE": {"name": "\\[clear]", "keywords": "[clear]"}}'
    assert read(data).texts == {("de-DE", "name"): "[clear]", ("de-DE", "keywords"): ""}


def test_default_is_for_locales_without_a_text_of_their_own() -> None:
    assert read(b'{"default": {"name": "Notes"}, "de-DE": {"name": "N"}}').fallback == {
        "name": "Notes"
    }


def test_a_document_is_written_for_people_to_read() -> None:
    written = write({("ja", "name"): "メモ", ("ja", "subtitle"): ""}, Format.JSON)
    assert written.decode() == (
        '{\n  "locales": {\n    "ja": {\n      "name": "メモ",\n'
        '      "subtitle": null\n    }\n  }\n}\n'
    )
