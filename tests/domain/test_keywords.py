"""What one string of keywords says and wastes."""

from __future__ import annotations

import pytest

from bot.domain.keywords import advice, duplicates, parse, repeated, summary, used


def messages(text: str, name: str = "", subtitle: str = "") -> list[str]:
    return [message for message, _ in advice(text, name=name, subtitle=subtitle)]


def test_terms_are_what_stands_between_commas() -> None:
    assert parse("habit, to do ,,notes,") == ("habit", "to do", "notes")
    assert parse("") == ()


def test_the_room_used_counts_commas_and_inner_blanks() -> None:
    assert used(" habit,to do \r\n") == 11


def test_good_keywords_get_no_advice() -> None:
    assert messages("habit,tracker,to-do,journal", name="Notes", subtitle="Write it down") == []


def test_empty_keywords_get_no_advice() -> None:
    assert messages("", name="Notes") == []


def test_a_term_that_occurs_twice_is_told_once_whatever_its_case() -> None:
    assert duplicates("ToDo,notes,todo,TODO") == ("ToDo",)
    assert messages("ToDo,notes,todo") == ["More than once: ToDo."]


def test_words_of_name_and_subtitle_need_no_keyword() -> None:
    assert repeated("habit,simple notes,Plan", "Habit Notes", "plan your day") == (
        "habit",
        "notes",
        "Plan",
    )


def test_a_part_of_a_word_is_another_word() -> None:
    assert repeated("note,hab", "Habit Notes") == ()


def test_a_hyphenated_word_is_one_word() -> None:
    assert repeated("to-do,all", "To-do list") == ("to-do",)
    assert repeated("to-do", "Things to do") == ()


def test_a_term_without_spaces_is_found_inside_a_title_without_spaces() -> None:
    assert repeated("メモ,習慣", "毎日のメモ帳") == ("メモ",)


def test_the_summary_says_how_the_room_is_used() -> None:
    assert summary("habit,notes,list", name="Habit Notes", subtitle="") == (
        "used 16 of 100, 2 words already in the name"
    )
    assert summary("habit,plan", name="Habit", subtitle="Habit and plan") == (
        "used 10 of 100, 1 word already in the name, 1 word already in the subtitle"
    )
    assert summary("list", name="Habit", subtitle="") == "used 4 of 100"


def test_the_advice_names_the_words() -> None:
    assert messages("habit,list", name="Habit") == [
        "Used 10 of 100, 1 word already in the name: habit."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("habit, list, plan", "2 characters lost to blanks beside commas."),
        ("habit ,list", "1 character lost to blanks beside commas."),
        ("habit,list,", "A comma has no term beside it."),
        ("habit,,list", "A comma has no term beside it."),
        ("习惯，笔记", "Terms are divided by “,”, not by “，”."),
        ("習慣、メモ", "Terms are divided by “,”, not by “、”."),
        ("عادة، قائمة", "Terms are divided by “,”, not by “،”."),
        ("habit,to,do", "Very short: to, do."),
    ],
)
def test_wasted_room_is_pointed_out(text: str, message: str) -> None:
    assert messages(text) == [message]


def test_two_signs_are_a_word_in_han_kana_and_hangul() -> None:
    assert messages("習慣,メモ,노트,메모") == []
