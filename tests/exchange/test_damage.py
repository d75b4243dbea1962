"""Whatever happens to the bytes of a file: it is read, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Invalid
from bot.exchange import Format, Imported, read, write
from tests.exchange.files import sheet, with_part

TEXTS = {
    ("de-DE", "name"): "Notizen",
    ("de-DE", "description"): 'Eins, "zwei"\n\n=drei',
    ("ja", "keywords"): "メモ,ノート",
    ("ja", "subtitle"): "",
}
FILES = {form: write(TEXTS, form) for form in Format if form is not Format.FOLDER}
SIGNS = (
    b"",
    b"\x00",
    b'"',
    b"<",
    b"{",
    b"[",
    b"PK\x01\x02",
    b"\xff\xfe",
    b"9" * 400,
    b"\xed\xa0\x80",
)
breaks = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.one_of(st.binary(max_size=4), st.sampled_from(SIGNS)),
    ),
    min_size=1,
    max_size=4,
)


def broken(data: bytes, places: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, put in places:
        start = int(where * len(data))
        data = data[:start] + put + data[start + length :]
    return data


def outcome(data: bytes) -> Imported | Invalid:
    """What comes of a file; every other error ends the test."""
    try:
        return read(data)
    except Invalid as refused:
        return refused


def is_clear(answer: Imported | Invalid) -> bool:
    """Whether a person knows what to do next."""
    if isinstance(answer, Invalid):
        return bool(answer.message and answer.remedy)
    return all(left.where and left.reason for left in answer.left)


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places=breaks)
def test_a_damaged_file_is_read_or_refused(
    form: Format, places: list[tuple[float, int, bytes]]
) -> None:
    assert is_clear(outcome(broken(FILES[form], places)))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places=breaks)
def test_a_workbook_that_is_damaged_within_is_read_or_refused(
    part: str, places: list[tuple[float, int, bytes]]
) -> None:
    data = with_part(FILES[Format.XLSX], part, lambda xml: broken(xml, places))
    assert is_clear(outcome(data))


@settings(max_examples=100, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert is_clear(outcome(data))


# The parts of a workbook that are read, with what may stand in them.
PARTS = (
    b'<c r="ZZZZZ99999999"><v>1</v></c>',
    b'<row r="-5"/>',
    b'<row r="1.5"/>',
    b'<c t="s"><v>99</v></c>',
    b'<c t="d"><v>never</v></c>',
    b'<c t="n"><v>1e999</v></c>',
    b'<c s="99"><v>1</v></c>',
    b'<c t="b"><v>x</v></c>',
    b"<mergeCells><mergeCell ref='A'/></mergeCells>",
    b'<col min="x" max="1" hidden="1"/>',
)


@pytest.mark.parametrize("part", PARTS)
def test_a_strange_part_of_a_sheet_is_read_or_refused(part: bytes) -> None:
    data = with_part(
        sheet([("locale", "name"), ("de-DE", "Notizen")]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", part + b"</sheetData>"),
    )
    answer = outcome(data)
    assert is_clear(answer)
    assert isinstance(answer, Invalid) or answer.texts == {("de-DE", "name"): "Notizen"}
