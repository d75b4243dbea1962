"""What docs/files.md lists is what is there: names, codes and limits."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.fields import FIELDS
from bot.exchange import CLEAR, Cleaning, Why, limits, read
from bot.exchange.headers import ROLES, VARIANTS, field_of, role_of

PAGE = (Path(__file__).parents[2] / "docs" / "files.md").read_text("utf-8")


def section(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}.*?(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, heading
    return found.group(0)


def cells(text: str) -> dict[str, str]:
    """The second cells of a page's tables by the first, without the signs for code."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]*) \|$", text, re.M)
    return {first.strip("`"): second for first, second in rows}


def words(cell: str) -> set[str]:
    return set(cell.split(", "))


def test_every_name_of_a_field_is_listed_and_understood() -> None:
    listed = cells(section("Tables"))
    for field in FIELDS:
        said = words(listed[field.attribute])
        assert {field_of(word) for word in said} == {field.attribute}
        assert set(VARIANTS[field.attribute]) <= said


def test_every_name_of_a_column_is_listed_and_understood() -> None:
    listed = cells(section("Tables"))
    for role, said in ROLES.items():
        assert words(listed[f"the {role}"]) == set(said)
        assert {role_of(word) for word in said} == {role}


def test_every_code_of_what_is_left_out_is_listed_and_no_other() -> None:
    assert set(cells(section("What is left out"))) - {"code"} == set(Why)


def test_every_code_of_what_is_cleaned_is_listed_and_no_other() -> None:
    assert set(cells(section("What is cleaned"))) - {"code"} == set(Cleaning)


def test_every_limit_is_the_one_that_is_listed() -> None:
    listed = cells(section("What is refused as a whole"))
    assert {name: amount for name, amount in listed.items() if name != "limit"} == {
        "a file": f"{limits.FILE_BYTES // limits.MEGABYTE} MB",
        "a zip, unpacked": f"{limits.UNPACKED_BYTES // limits.MEGABYTE} MB",
        "files in a zip or folder": f"{limits.ENTRIES:,}",
        "a packed file of more than 1 MB": f"{limits.RATIO} times its packed size",
        "rows": f"{limits.ROWS:,}",
        "columns": f"{limits.COLUMNS}",
        "cells of a table": f"{limits.CELLS:,}",
        "characters of one row": f"{limits.ROW_CHARACTERS:,}",
        "characters of one text": f"{limits.TEXT_CHARACTERS:,}",
        "texts": f"{limits.TEXTS:,}",
        "entries in the list of what is left out": f"{limits.LEFT_OUT:,}",
        "levels of JSON": f"{limits.JSON_DEPTH}",
        "objects and lists of JSON": f"{limits.JSON_OBJECTS:,}",
        "commas of JSON": f"{limits.JSON_COMMAS:,}",
        "elements of one part of a workbook": f"{limits.XML_ELEMENTS:,}",
        "styles, links and names of one part of a workbook": f"{limits.XML_OTHER_ELEMENTS:,}",
        "cells that the formulas of a sheet fill besides their own": f"{limits.FILLED_CELLS:,}",
    }


def test_the_mark_that_empties_is_the_one_that_is_listed() -> None:
    assert f"`{CLEAR}` alone in the cell" in section("To empty a field")


def test_the_examples_of_json_are_read_as_they_stand() -> None:
    examples = re.findall(r"^ {4}([\[{].*)$", section("JSON"), re.M)
    assert len(examples) == 3
    for example in examples:
        imported = read(example.encode())
        assert imported.texts["de-DE", "name"] == "Notizen"
        assert imported.left == ()
