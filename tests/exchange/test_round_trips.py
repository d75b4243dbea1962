"""What is written is read back as it was, in every form."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.changes import Place
from bot.domain.fields import FIELDS
from bot.domain.locales import LOCALES
from bot.domain.text import normalise
from bot.errors import Invalid
from bot.exchange import Format, filled, read, read_folder, texts_of, write, write_folder
from tests.builders import TEXTS, a_listing
from tests.exchange.files import zipped

FILES = [form for form in Format if form is not Format.FOLDER]
Key = TypeVar("Key")

ODD = (
    "[clear]",
    "\\[clear]",
    "\\\\[CLEAR]",
    "[ Clear ]",
    "［clear］",
    "=1+1",
    "+49 30",
    "-a",
    "@here",
    "'=1",
    "''",
    "'tis",
    "Foo;=1+1",
    "Foo;'=1+1",
    "Foo;''\"=1+1",
    "Foo;\t-1\n=1\n'+2\n- a list\n- of (two)",
    "＝1",
    'say "hi", then; go\tthere',
    "a\nb\n\n\nc",
    "_x000D_",
    "_x005F_x0041_",
    "_x0041_",
    "_x005F_x005F_",
    "#REF!",
    "TRUE",
    "007",
    "2026-11-20",
    "1e5",
    "null",
    "sep=;",
    "{",
    "e\u0301",
    "\u200f\u05d0",
    "\ufeffx",
    "x\uffffy",
    "🇩🇪👩\u200d💻",
    "<b>&amp;</b>]]>",
    "\u2028x\u2028y",
    "a\x85b",
)

# No control characters: those never come out of a file again. None of what is half or lost.
letters = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd", include_characters="\n\t"
)
texts = st.dictionaries(
    st.tuples(
        st.sampled_from([locale.code for locale in LOCALES]),
        st.sampled_from([field.attribute for field in FIELDS]),
    ),
    st.one_of(st.sampled_from(ODD), st.just(""), st.text(letters, max_size=60)),
    min_size=1,
    max_size=12,
)
# What a spreadsheet that cuts at semicolons could compute, in every order.
pieces = st.lists(st.sampled_from([*";=+-@'\"\t\n ,(|a1＝", "- a", ";'="]), max_size=14).map(
    "".join
)
fallbacks = st.dictionaries(
    st.sampled_from([field.attribute for field in FIELDS]), st.sampled_from(ODD), max_size=2
)


def normalised(texts: dict[Key, str]) -> dict[Key, str]:
    return {key: normalise(text) for key, text in texts.items()}


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=texts, fallback=fallbacks)
def test_any_texts_come_back_as_they_were(
    form: Format, texts: dict[Place, str], fallback: dict[str, str]
) -> None:
    imported = read(write(texts, form, fallback=fallback))
    assert (imported.format, imported.left) == (form, ())
    assert imported.texts == normalised(texts)
    assert imported.fallback == normalised(fallback)


@pytest.mark.parametrize("form", [Format.CSV, Format.TSV, Format.XLSX])
@settings(max_examples=30, deadline=None)
@given(names=st.lists(pieces, min_size=1, max_size=len(LOCALES)))
def test_signs_of_formulas_come_back_wherever_they_stand(form: Format, names: list[str]) -> None:
    # Many in one file: a workbook takes longer to open than to read.
    texts = {
        place: text
        for locale, name in zip(LOCALES, names, strict=False)
        for place, text in (((locale.code, "name"), name), ((locale.code, "subtitle"), "Schreib"))
    }
    written = write(texts, form)
    assert read(written).texts == normalised(texts)
    assert write(read(written).texts, form) == written


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("text", ODD)
def test_a_text_that_means_something_to_a_program_is_only_a_text(form: Format, text: str) -> None:
    texts = {("de-DE", "name"): text, ("de-DE", "subtitle"): "Schreib"}
    assert read(write(texts, form)).texts == normalised(texts)


def test_a_folder_comes_back_as_it_was(tmp_path: Path) -> None:
    texts = {
        (locale, "description"): text for locale, text in zip(["de-DE", "ja"], ODD, strict=False)
    }
    write_folder(tmp_path, texts, fallback={"name": "Notes"})
    imported = read_folder(tmp_path)
    assert (imported.texts, imported.fallback) == (texts, {"name": "Notes"})
    assert (imported.format, imported.left) == (Format.FOLDER, ())


@pytest.mark.parametrize("form", FILES)
def test_the_same_texts_are_the_same_bytes(form: Format) -> None:
    first = {("ja", "name"): "メモ", ("de-DE", "name"): "Notizen"}
    second = dict(reversed(first.items()))
    assert write(first, form) == write(second, form)


@pytest.mark.parametrize("form", FILES)
def test_emptied_is_not_the_same_as_not_given(form: Format) -> None:
    imported = read(write({("ja", "name"): "メモ", ("ja", "subtitle"): ""}, form))
    assert imported.texts == {("ja", "name"): "メモ", ("ja", "subtitle"): ""}


@pytest.mark.parametrize("form", FILES)
def test_a_listing_comes_back_without_what_it_leaves_empty(form: Format) -> None:
    listing = a_listing({"en-US": TEXTS, "ja": {"name": "メモ"}})
    imported = read(write(texts_of(listing), form))
    assert imported.locales() == ("en-US", "ja")
    assert {field: imported.texts["en-US", field] for field in TEXTS} == TEXTS
    assert [field for locale, field in imported.texts if locale == "ja"] == ["name"]


@pytest.mark.parametrize("form", FILES)
def test_control_characters_are_not_written(form: Format) -> None:
    imported = read(write({("ja", "description"): "a\x00b\x0bc\x1f"}, form))
    assert imported.texts == {("ja", "description"): "ab\nc"}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("text", ["\ud83d", "x" * 16_001, "priv\ufffdes"])
def test_a_text_that_no_file_can_hold_is_refused(form: Format, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        write({("ja", "name"): text}, form)
    assert caught.value.message.startswith("Name of ja: ")
    assert caught.value.remedy


def test_the_fallback_fills_locales_that_have_no_text_of_their_own() -> None:
    imported = read(
        write({("ja", "name"): "メモ"}, Format.ZIP, fallback={"name": "Notes", "subtitle": "Go"})
    )
    assert filled(imported, ["ja", "de-DE"]).texts == {
        ("ja", "name"): "メモ",
        ("ja", "subtitle"): "Go",
        ("de-DE", "name"): "Notes",
        ("de-DE", "subtitle"): "Go",
    }


def test_the_fallback_tells_where_it_stood() -> None:
    imported = filled(
        read(write({("ja", "name"): "メモ"}, Format.ZIP, fallback={"subtitle": "Go"})), ["ja"]
    )
    assert imported.where["ja", "subtitle"] == "default/subtitle.txt"


def test_the_fallback_fills_nothing_that_was_there_and_could_not_be_taken() -> None:
    imported = read(b"locale,name\ndefault,Notes\nde-DE,Notizen\nde,Zettel\n")
    assert filled(imported, ["de-DE", "fr-FR"]).texts == {("fr-FR", "name"): "Notes"}


@pytest.mark.parametrize(
    "data",
    [
        b"locale,name\ndefault,Notes\nde-DE,Notizen, Listen\n",
        b"locale,field,text\ndefault,name,Notes\nde-DE,name,Notizen, Listen\n",
        b"locale,name\ndefault,Notes\nfr-FR,\nde-DE,Notizen\nListen\n",
        b"locale,name\nfr-FR,\ndefault,Notes\nde-DE,\nListen\n",
        b'{"default": {"name": "Notes"}, "de-DE": "Notizen"}',
        b'{"default": {"name": "Notes"}, "de-DE": {"name": 7}}',
    ],
)
def test_the_fallback_fills_no_locale_that_could_not_be_read(data: bytes) -> None:
    imported = read(data)
    assert filled(imported, ["de-DE", "fr-FR"]).texts == {("fr-FR", "name"): "Notes"}


MISNAMED = [
    zipped({"default/keywords.txt": "a", "ja/keywords.TXT": "b", "ja/name.txt": "c"}),
    zipped({"default/keywords.txt": "a", "ja/keyword.txt": "b", "ja/name.txt": "c"}),
    zipped({"default/keywords.txt": "a", "ja/keywrods.txt": "b", "ja/name.txt": "c"}),
    zipped({"default/keywords.txt": "a", "ja/words.txt": "b", "ja/name.txt": "c"}),
    zipped({"default/keywords.txt": "a", "ja/old/keywords.txt": "b", "ja/name.txt": "c"}),
    b'{"default": {"keywords": "a"}, "ja": {"Schlagworte": "b", "name": "c"}}',
    b'{"default": {"keywords": "a"}, "ja": {"keywrods": "b", "name": "c"}}',
    b'[{"locale": "default", "keywords": "a"}, {"locale": "de-DE", "words": "b"}, '
    b'{"locale": "ja", "words": "b", "name": "c"}]',
    b'[{"locale": "default", "keywords": "a"}, {"locale": "ja", "name": "c"}, '
    b'{"locale": "ja", "field": "words", "text": "b"}]',
    b"locale,field,text\ndefault,keywords,a\nja,words,b\nja,name,c\n",
    b"field,default,ja\nkeywords,a,\nname,,c\nwords,,b\n",
]


@pytest.mark.parametrize("data", MISNAMED)
def test_the_fallback_fills_nothing_that_is_likely_there_under_another_name(data: bytes) -> None:
    texts = filled(read(data), ["ja", "fr-FR"]).texts
    assert texts == {("ja", "name"): "c", ("fr-FR", "keywords"): "a"}


@pytest.mark.parametrize(
    "data",
    [
        zipped({"default/keywords.txt": "a", "default/name.txt": "b", "ja/subtitel.txt": "c"}),
        b'{"default": {"keywords": "a", "name": "b"}, "ja": {"subtitel": "c"}}',
        b"locale,field,text\ndefault,keywords,a\ndefault,name,b\nja,subtitel,c\n",
    ],
)
def test_a_name_that_is_nearly_a_field_keeps_only_that_one_from_being_filled(data: bytes) -> None:
    texts = filled(read(data), ["ja"]).texts
    assert texts == {("ja", "keywords"): "a", ("ja", "name"): "b"}


def test_what_is_no_text_at_all_keeps_nothing_from_being_filled() -> None:
    others = [
        "ja/.DS_Store",
        "ja/.gitkeep",
        "ja/1_iphone.PNG",
        "ja/screenshots/1.png",
        "ja/apple_tv_privacy_policy.txt",
        "ja/review_information/notes.txt",
        "review_information/demo_user.txt",
        "copyright.txt",
        "screenshots/ja/1.png",
    ]
    data = zipped({"default/name.txt": "Notes", **dict.fromkeys(others, "x")})
    assert filled(read(data), ["ja"]).texts == {("ja", "name"): "Notes"}


def test_the_fallback_fills_no_place_of_a_link_that_leads_out(tmp_path: Path) -> None:
    write_folder(tmp_path / "in", {("ja", "subtitle"): "書く"}, fallback={"name": "Notes"})
    (tmp_path / "in" / "ja" / "name.txt").symlink_to(tmp_path / "out.txt")
    (tmp_path / "in" / "ko").symlink_to(tmp_path)
    imported = read_folder(tmp_path / "in")
    assert filled(imported, ["ja", "ko"]).texts == {("ja", "subtitle"): "書く"}
