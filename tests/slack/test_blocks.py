from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import graphemes
from bot.slack.faces import blocks
from bot.slack.faces.parts import joined, parts


def test_a_clipped_text_ends_between_words() -> None:
    assert blocks.clip("one two three four", 12) == "one two…"


def test_a_text_that_fits_is_not_clipped() -> None:
    assert blocks.clip("one two", 7) == "one two"


def test_clipping_leaves_an_emoji_of_several_characters_whole() -> None:
    family = "👨‍👩‍👧‍👦"
    clipped = blocks.clip("ab" + family * 3, 12)
    assert set(graphemes(clipped)) <= {"a", "b", family, "…"}


@given(st.text(max_size=400), st.integers(min_value=2, max_value=300))
def test_a_clipped_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(blocks.clip(text, limit)) <= limit


@given(st.text(alphabet="ab \n👍🏽é", max_size=400), st.integers(min_value=8, max_value=90))
def test_pieces_of_a_split_text_join_to_it_again(text: str, limit: int) -> None:
    pieces = blocks.split_text(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_a_text_is_split_at_the_end_of_a_paragraph() -> None:
    first, second = blocks.split_text("Some words.\n\nMore words here.", 20)
    assert first == "Some words.\n\n"
    assert second == "More words here."


def test_right_to_left_words_are_isolated_in_a_line_of_ours() -> None:
    assert blocks.isolate("ملاحظات") == "\u2068ملاحظات\u2069"


def test_left_to_right_words_carry_no_invisible_characters() -> None:
    assert blocks.isolate("Notes") == "Notes"


def test_people_cannot_turn_the_rest_of_a_line_around() -> None:
    assert blocks.isolate("a\u202eb\u2066c") == "abc"


def test_what_slack_would_parse_is_escaped_in_a_top_level_text() -> None:
    assert blocks.escape("<!channel> & co") == "&lt;!channel&gt; &amp; co"


def test_an_empty_plain_text_is_never_sent() -> None:
    assert blocks.plain("")["text"] == " "


def test_emoji_names_in_plain_text_stay_as_they_were_typed() -> None:
    assert blocks.plain(":tada:")["emoji"] is False


def test_neighbouring_lines_of_rich_text_are_one_section_with_a_break() -> None:
    block = blocks.rich(blocks.line(blocks.text("one")), blocks.line(blocks.text("two")))
    (section,) = block["elements"]
    assert [element["text"] for element in section["elements"]] == ["one", "\n", "two"]


def test_a_user_group_is_mentioned_as_one() -> None:
    assert blocks.mention("S0LEADS") == {"type": "usergroup", "usergroup_id": "S0LEADS"}


def test_a_text_that_one_input_holds_is_one_part() -> None:
    assert parts("a" * 3000) == ("a" * 3000,)


def test_a_longer_text_is_two_parts_cut_at_a_paragraph() -> None:
    first, second = parts("a" * 2500 + "\n\n" + "b" * 1400)
    assert (first, second) == ("a" * 2500, "b" * 1400)


@given(st.text(alphabet="ab \n", min_size=3001, max_size=5500))
def test_two_untouched_parts_are_the_text_again(text: str) -> None:
    assert joined(text, None, None).strip() == text.strip()


def test_a_changed_part_keeps_its_distance_from_the_other() -> None:
    drawn = "a" * 2500 + "\n\n" + "b" * 1400
    assert joined(drawn, None, "c") == "a" * 2500 + "\n\nc"


def test_an_emptied_part_leaves_no_blank_lines_behind() -> None:
    drawn = "a" * 2500 + "\n\n" + "b" * 1400
    assert joined(drawn, "", None) == "b" * 1400
