"""Locales by fields in Slack: the table, the picture, and the words for the picture."""

from __future__ import annotations

import struct
from dataclasses import replace

from bot.domain.fields import FIELDS
from bot.domain.locales import LOCALES
from bot.domain.matrix import CellState, matrix
from bot.slack.faces.blocks import MESSAGE_BUDGET, weight
from bot.slack.faces.matrix import ALT_TEXT, SIGNS, alt_text, legend, matrix_table, title
from bot.slack.matrix_chart import _COLOURS, PANEL, PANEL_IN_MODAL, draw_matrix
from tests.builders import TEXTS, a_listing, an_item
from tests.slack.limits import elements, violations, words

FEW = matrix(
    [
        an_item(locale="de-DE", field="name", after="x" * 31),
        an_item(locale="de-DE", field="subtitle", after="x" * 30),
        an_item(locale="de-DE", field="marketingUrl", after=""),
        an_item(locale="de-DE", field="keywords", after=""),
    ],
    a_listing({"en-US": TEXTS, "de-DE": TEXTS}),
)
ALL = matrix(
    an_item(locale=locale.code, field=field.attribute, after="x" * (field.limit + 1))
    for locale in LOCALES
    for field in FIELDS
)


def table(shown: object) -> str:
    return words(elements(shown, "rich_text_preformatted"))


def test_each_locale_is_a_line_and_each_text_a_sign() -> None:
    assert table(matrix_table(FEW)).splitlines() == [
        "      1 2 3 4 5 6 7 8 9",
        "en-US . . . . . . . . .",
        "de-DE X ! ? . . . . - .",
    ]


def test_below_the_table_stands_what_its_columns_and_signs_mean() -> None:
    assert legend(FEW) == (
        "Columns: 1 Name, 2 Subtitle, 3 Keywords, 4 Promotional text, 5 Description, "
        "6 What's new, 7 Support URL, 8 Marketing URL, 9 Privacy policy URL. "
        "Signs: X too long, ? missing, ! near the limit, - emptied, . unchanged."
    )


def test_the_words_for_the_picture_count_and_name_what_is_wrong() -> None:
    assert alt_text(FEW) == (
        "Table of 2 locales by 9 fields in colours and signs. 4 of 18 texts change; "
        "1 too long (Name in de-DE); 1 missing (Keywords in de-DE); 1 near the limit; 1 emptied."
    )
    assert title(FEW) == "4 changes in 1 locale"


def test_the_largest_table_and_its_words_keep_within_limits() -> None:
    assert len(alt_text(ALL)) <= ALT_TEXT
    assert "450 too long (" in alt_text(ALL)
    blocks = matrix_table(ALL)
    assert violations({"text": "t", "blocks": blocks}) == []
    assert weight(blocks) < MESSAGE_BUDGET / 2
    assert all(f"{locale.code} " in table(blocks) for locale in LOCALES)


def test_more_locales_than_apple_has_are_told_in_several_tables_with_their_heading() -> None:
    many = matrix(an_item(locale=f"x{number:03}") for number in range(150))
    blocks = matrix_table(many)
    pieces = ["".join(words(each)) for each in elements(blocks, "rich_text_preformatted")]
    assert len(pieces) == 2
    assert all(piece.lstrip().startswith("1 2 3") and len(piece) <= 3000 for piece in pieces)
    assert sum(piece.count("\n") for piece in pieces) == 150


def test_every_state_has_a_sign_and_a_colour_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len({colour for colour, _ in _COLOURS.values()})
    assert set(SIGNS) == set(_COLOURS) == set(CellState)


def test_no_text_is_in_the_table_or_in_the_words() -> None:
    shown = matrix([an_item(after="SECRET", before="HIDDEN")])
    said = table(matrix_table(shown)) + legend(shown) + alt_text(shown) + title(shown)
    assert "SECRET" not in said
    assert "HIDDEN" not in said


def test_the_picture_of_fifty_locales_is_small_enough_and_the_same_each_time() -> None:
    drawn = draw_matrix(ALL)
    width, height = struct.unpack(">II", drawn[16:24])
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) < 300_000
    assert width > height > 700
    assert draw_matrix(ALL) == drawn
    assert draw_matrix(FEW) != drawn


def test_in_a_modal_the_picture_has_fewer_panels_beside_each_other() -> None:
    wide, high = (
        struct.unpack(">II", draw_matrix(replace(ALL, rows=ALL.rows[:25]), panel=panel)[16:24])
        for panel in (PANEL, PANEL_IN_MODAL)
    )
    assert high[0] <= wide[0]
    assert high[1] > wide[1]
