"""A proposal as a difference and as a table: programs read them, and no spreadsheet computes."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.domain.items import Item, ItemKind
from bot.exchange import Format, read
from bot.exchange.proposed import changes_table, difference
from tests.builders import a_locale_item, an_item

ITEMS = (
    an_item(locale="de-DE", field="description", before="Eins.\n\nZwei.", after="Eins.\n\nDrei."),
    a_locale_item("ko"),
    an_item(locale="ko", field="name", before="", after="=노트"),
    an_item(locale="ja", field="subtitle", before="-毎日", after=""),
    an_item(locale="ja", field="keywords", before="a,b", after="a,\u2028b\x0b"),
    Item(kind=ItemKind.SUBMIT, locale="", before="", after=""),
)


def test_each_text_is_a_file_of_the_difference() -> None:
    assert difference(ITEMS[:4], "Proposal 7").decode() == (
        "Proposal 7\n"
        "--- a/de-DE/description.txt\n"
        "+++ b/de-DE/description.txt\n"
        "@@ -1,3 +1,3 @@\n"
        " Eins.\n"
        " \n"
        "-Zwei.\n"
        "\\ No newline at end of file\n"
        "+Drei.\n"
        "\\ No newline at end of file\n"
        "New locale: ko\n"
        "--- /dev/null\n"
        "+++ b/ko/name.txt\n"
        "@@ -0,0 +1 @@\n"
        "+=노트\n"
        "\\ No newline at end of file\n"
        "--- a/ja/subtitle.txt\n"
        "+++ /dev/null\n"
        "@@ -1 +0,0 @@\n"
        "--毎日\n"
        "\\ No newline at end of file\n"
    )


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_applies_the_difference_to_a_folder_of_texts(tmp_path: Path) -> None:
    for place, text in (("de-DE/description", "Eins.\n\nZwei."), ("ja/subtitle", "-毎日"),
                        ("ja/keywords", "a,b")):  # fmt: skip
        file = tmp_path / f"{place}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    ran = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=tmp_path,
        input=difference(ITEMS, "Proposal 7: Notes"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "de-DE/description.txt").read_bytes() == b"Eins.\n\nDrei."
    assert (tmp_path / "ko/name.txt").read_bytes() == "=노트".encode()
    assert (tmp_path / "ja/keywords.txt").read_bytes() == "a,\u2028b\x0b".encode()
    assert not (tmp_path / "ja/subtitle.txt").exists()


def test_the_table_has_what_was_and_what_shall_be_and_nothing_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(changes_table(ITEMS).decode("utf-8-sig"), newline="")))
    assert rows == [
        ["locale", "field", "before", "text"],
        ["de-DE", "description", "Eins.\n\nZwei.", "Eins.\n\nDrei."],
        ["ko", "name", "", "'=노트"],
        ["ja", "subtitle", "'-毎日", "[clear]"],
        ["ja", "keywords", "a,b", "a,\u2028b\x0b"],
    ]


def test_the_table_is_taken_back_as_what_was_proposed() -> None:
    taken = read(changes_table(ITEMS[:4]), "proposal.csv")
    assert taken.format is Format.CSV
    assert dict(taken.texts) == {
        ("de-DE", "description"): "Eins.\n\nDrei.",
        ("ko", "name"): "=노트",
        ("ja", "subtitle"): "",
    }
