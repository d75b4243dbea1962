"""Counting, normalising and cutting texts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.characters import visible
from bot.domain.text import graphemes, length, normalise, unspaced, utf8_bytes

# Everything a text can hold, lone surrogates too: an edge may let one through.
TEXTS = st.text(st.characters(codec=None), max_size=80)
ENCODABLE = st.text(max_size=80)

THAI = "กำลังใจ"


@given(ENCODABLE)
def test_length_is_the_number_of_utf_16_units(text: str) -> None:
    assert length(text) == len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_counting_takes_any_text_at_all(text: str) -> None:
    assert len(text) <= length(text) <= utf8_bytes(text)


def test_an_emoji_outside_the_basic_plane_counts_two() -> None:
    assert length("🎉") == 2
    assert length("👨‍👩‍👧") == 8


def test_a_thai_text_counts_its_code_points_and_not_what_people_see() -> None:
    assert (length(THAI), utf8_bytes(THAI), len(graphemes(THAI))) == (7, 21, 5)


@given(TEXTS)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_a_normalised_text_has_no_carriage_return_and_no_outer_blank(text: str) -> None:
    normal = normalise(text)
    assert "\r" not in normal
    assert normal == normal.strip()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  padded \n\n", "padded"),
        ("Cafe\u0301", "Café"),
        ("\u1100\u1161", "가"),
        (" \r\n ", ""),
        ("inner  blanks stay", "inner  blanks stay"),
    ],
)
def test_a_text_is_sent_composed_with_line_feeds_and_without_outer_blanks(
    typed: str, sent: str
) -> None:
    assert normalise(typed) == sent


@given(TEXTS)
def test_graphemes_joined_again_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(st.text(st.characters(codec="ascii"), max_size=60).filter(lambda t: "\r" not in t))
def test_every_ascii_character_stands_alone(text: str) -> None:
    assert graphemes(text) == list(text)


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301",
        "👨‍👩‍👧",
        "👩🏽‍🚀",
        "🏳️‍🌈",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🇩🇪",
        "❤️",
        "1️⃣",
        "👍🏽",
        "क्षि",
        "กำ",
        "각",
        "\u1112\u1161\u11ab",
        "ｶﾞ",
        "\r\n",
    ],
)
def test_what_people_see_as_one_character_is_one_grapheme(cluster: str) -> None:
    assert graphemes(f"x{cluster}y") == ["x", cluster, "y"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("🇩🇪🇫", ["🇩🇪", "🇫"]),
        ("가나", ["가", "나"]),
        ("각ᅡ", ["각", "ᅡ"]),
        ("日本", ["日", "本"]),
        ("👍👍", ["👍", "👍"]),
        ("\n\u0301", ["\n", "\u0301"]),
        ("a\u200db", ["a\u200d", "b"]),
        ("தமி", ["த", "மி"]),
    ],
)
def test_neighbours_stay_apart(text: str, parts: list[str]) -> None:
    assert graphemes(text) == parts


@pytest.mark.parametrize("text", ["習慣", "ノート", "ｶﾅ", "ประเทศ", "ខ្មែរ", "ລາວ", "mixed 漢"])
def test_scripts_without_spaces_are_told_by_their_letters(text: str) -> None:
    assert unspaced(text)


@pytest.mark.parametrize("text", ["notes", "습관", "заметки", "ملاحظات", "नोट", "🎉", ""])
def test_scripts_with_spaces_are_left_to_their_words(text: str) -> None:
    assert not unspaced(text)


@given(ENCODABLE)
def test_a_composed_letter_never_counts_more_than_its_parts_in_graphemes(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert len(graphemes(composed)) <= length(composed)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The price is wrong", 18),
        ("  a \n\t\u00a0 b  ", 3),
        ("\u200b\u2060\ufeff\u00ad\u202e\u2066" * 9, 0),
        ("\u3164\u2800\u115f\u034f" * 9, 0),
        ("e" + "\u0301" * 30, 1),
        (THAI, len(graphemes(THAI))),
        ("値段が違う", 5),
    ],
)
def test_what_nobody_sees_makes_no_reason_longer(text: str, seen: int) -> None:
    assert visible(text) == seen
