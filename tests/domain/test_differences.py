"""How a change is shown."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.differences import Span, difference, passage, replacements
from bot.domain.fields import Kind

REAL = Path(__file__).parents[2].parent / "shared" / "listings"

# Few letters, so that texts share much of what they hold.
ALPHABET = st.sampled_from([*"ab ,.\n", "メ", "モ", "か\u3099", "👍🏽", "é", "م"])
TEXTS = st.lists(ALPHABET, max_size=60).map("".join)
CODES = st.sampled_from(["", "en-US", "ja", "th", "ar-SA", "xx"])
KINDS = st.sampled_from(list(Kind))


def marked(spans: tuple[Span, ...]) -> str:
    """Return spans in one line: [gone] and {come}."""
    shape = {"same": "%s", "removed": "[%s]", "added": "{%s}"}
    return "".join(shape[span.kind] % span.text for span in spans)


def without(spans: tuple[Span, ...], kind: str) -> str:
    return "".join(span.text for span in spans if span.kind != kind)


@given(TEXTS, TEXTS, CODES, KINDS)
def test_both_texts_can_be_read_from_the_difference(
    before: str, after: str, code: str, kind: Kind
) -> None:
    spans = difference(before, after, code, kind=kind)
    assert without(spans, "added") == before
    assert without(spans, "removed") == after


@given(st.text(max_size=60), st.text(max_size=60), CODES)
def test_any_letters_at_all_can_be_compared(before: str, after: str, code: str) -> None:
    spans = difference(before, after, code)
    assert (without(spans, "added"), without(spans, "removed")) == (before, after)


@given(TEXTS, TEXTS, CODES, KINDS)
def test_neighbouring_spans_differ_in_kind_and_none_is_empty(
    before: str, after: str, code: str, kind: Kind
) -> None:
    spans = difference(before, after, code, kind=kind)
    assert all(span.text for span in spans)
    assert all(one.kind != two.kind for one, two in pairwise(spans))


@given(TEXTS, CODES, KINDS)
def test_a_text_does_not_differ_from_itself(text: str, code: str, kind: Kind) -> None:
    assert [span.kind for span in difference(text, text, code, kind=kind)] == ["same"] * bool(text)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Write it down", "Write it up", "Write it [down]{up}"),
        ("a quick brown fox", "a slow red fox", "a [quick brown]{slow red} fox"),
        ("Hello, world.", "Hello, world!", "Hello, world[.]{!}"),
        ("don't stop", "do stop", "[don't]{do} stop"),
        ("", "New", "{New}"),
        ("Old", "", "[Old]"),
        ("One\nTwo", "One\n\nTwo", "One\n{\n}Two"),
        ("नोट लिखें", "नोट पढ़ें", "नोट [लिखें]{पढ़ें}"),
    ],
)
def test_spaced_scripts_are_compared_word_by_word(before: str, after: str, shown: str) -> None:
    assert marked(difference(before, after, "en-US")) == shown


@pytest.mark.parametrize(
    ("before", "after", "code", "shown"),
    [
        ("毎日のメモ", "毎日のノート", "ja", "毎日の[メモ]{ノート}"),
        ("习惯追踪", "习惯打卡", "zh-Hans", "习惯[追踪]{打卡}"),
        ("习惯追踪", "习惯打卡", "en-US", "习惯[追踪]{打卡}"),
        ("Markdown対応", "Markdown非対応", "ja", "Markdown{非}対応"),
        ("จดบันทึก", "จดโน้ต", "th", "จด[บันทึก]{โน้ต}"),
    ],
)
def test_scripts_without_spaces_are_compared_grapheme_by_grapheme(
    before: str, after: str, code: str, shown: str
) -> None:
    assert marked(difference(before, after, code)) == shown


def test_a_grapheme_is_never_cut_in_two() -> None:
    assert marked(difference("น้ำ", "น้า", "th")) == "[น้ำ]{น้า}"
    assert marked(difference("か\u3099ー", "かー", "ja")) == "[か\u3099]{か}ー"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("habit,todo,notes", "habit,notes,list", "habit[,todo],notes{,list}"),
        ("to do,notes", "to-do,notes", "[to do]{to-do},notes"),
        ("a1,b2", "b2", "[a1,]b2"),
        ("b2", "a1,b2", "{a1,}b2"),
        ("習慣,メモ", "習慣,ノート", "習慣[,メモ]{,ノート}"),
    ],
)
def test_keywords_are_compared_term_by_term(before: str, after: str, shown: str) -> None:
    assert marked(difference(before, after, "en-US", kind=Kind.KEYWORDS)) == shown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a" * 4000, "b" * 4000),
        ("ああ" * 2000, "あい" * 2000),
        ("。" * 4000, "。\n" * 2000),
        ("一。" * 2000, "二。一。" * 1000),
        ("the list of the day, " * 190, "the day of the list. " * 190),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 4000))), "新" * 4000),
        ("x," * 2000, "y,x," * 1000),
    ],
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.KEYWORDS])
def test_the_longest_texts_are_compared_while_somebody_waits(
    before: str, after: str, kind: Kind
) -> None:
    started = time.process_time()
    spans = difference(before, after, "ja", kind=kind)
    assert time.process_time() - started < 2
    assert without(spans, "added") == before


def test_a_small_change_of_a_long_text_stays_small() -> None:
    text = "習慣を作るための静かな場所。毎日のメモ。" * 190
    changed = text[:2000] + "新しい" + text[2000:]
    added = [span.text for span in difference(text, changed, "ja") if span.kind != "same"]
    assert added == ["新しい"]


def test_two_changes_far_apart_in_a_long_text_leave_the_middle_alone() -> None:
    lines = [f"第{number}の行はここにあります。" for number in range(200)]
    text = "\n".join(lines)
    changed = "\n".join([*lines[:3], "新しい行。", *lines[3:196], *lines[198:]])
    spans = difference(text, changed, "ja")
    assert [span.kind for span in spans if span.kind != "same"] == ["added", "removed"]


def test_real_listings_can_be_compared_across_languages() -> None:
    texts = [path.read_text("utf-8") for path in sorted(REAL.glob("*/*/description.txt"))]
    for before, after in pairwise(texts):
        spans = difference(before, after, "ja")
        assert (without(spans, "added"), without(spans, "removed")) == (before, after)


@given(before=TEXTS, after=TEXTS, code=CODES)
def test_a_passage_leads_from_one_text_to_the_other(before: str, after: str, code: str) -> None:
    spans = passage(before, after, code)
    assert "".join(span.text for span in spans if span.kind != "added") == before
    assert "".join(span.text for span in spans if span.kind != "removed") == after
    assert len(spans) <= 4


def test_a_passage_goes_from_the_first_word_that_differs_to_the_last() -> None:
    before, after = "One. Two old men. Three.", "One. Two new men. Three."
    assert marked(passage(before, after, "en-US")) == "One. Two [old]{new} men. Three."


@given(before=TEXTS, by=TEXTS)
def test_replacements_are_those_that_python_makes(before: str, by: str) -> None:
    spans = replacements(before, "ab", by)
    assert "".join(span.text for span in spans if span.kind != "added") == before
    assert "".join(span.text for span in spans if span.kind != "removed") == before.replace(
        "ab", by
    )
