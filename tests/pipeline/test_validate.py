"""`marquee validate` without a bot, settings or a network: what it says, and how it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot import exchange
from tests.command import marquee as process
from tests.pipeline.conftest import Marquee
from tests.pipeline.listing import listing, write

LONG = "Schreib alles auf und vergiss es nie wieder"


def findings(marquee: Marquee, *words: str) -> list[dict[str, Any]]:
    said: dict[str, Any] = json.loads(marquee("validate", *words, "--format", "json").out)
    found: list[dict[str, Any]] = said["findings"]
    return found


def codes(marquee: Marquee, *words: str) -> set[tuple[str, str]]:
    return {(each["level"], each["code"]) for each in findings(marquee, *words)}


def test_it_needs_no_settings_and_no_bot(tmp_path: Path) -> None:
    listing(tmp_path / "metadata")
    done = process("validate", "metadata", folder=tmp_path, anew=True)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "ok: nothing to say; 14 texts in 2 locales\n",
        "",
    )


def test_a_text_that_is_too_long_fails_with_its_file_and_what_to_do(
    marquee: Marquee, tmp_path: Path
) -> None:
    write(listing(tmp_path / "fastlane/metadata"), "de-DE", subtitle=LONG)
    done = marquee("validate", ".")
    assert done.status == 1
    assert done.out.splitlines() == [
        "fastlane/metadata/de-DE/subtitle.txt",
        "  error  de-DE subtitle  Subtitle has 43 characters, 30 are allowed. Take out 13.",
        "",
        "failed: 1 error; 14 texts in 2 locales",
    ]


def test_a_pipe_is_read_as_a_file_is(marquee: Marquee) -> None:
    """As a shell hands it over: /dev/stdin, or the output of a command in a file's place."""
    end, start = os.pipe()
    try:
        os.write(start, f"locale,name,subtitle\nde-DE,Notizen,{LONG}\n".encode())
        os.close(start)
        [found] = findings(marquee, f"/dev/fd/{end}")
    finally:
        os.close(end)
    assert (found["file"], found["line"], found["code"]) == (f"/dev/fd/{end}", 2, "text")


def test_what_never_ends_is_read_no_further_than_a_file(marquee: Marquee) -> None:
    [found] = findings(marquee, "/dev/zero")
    assert found["code"] == "unreadable"
    assert found["message"] == "The file is larger than 10 MB."


def test_a_row_of_a_table_is_named_by_its_line(marquee: Marquee, tmp_path: Path) -> None:
    rows = f"locale,name,subtitle\nde-DE,Notizen,{LONG}\nxx-XX,a,b\n"
    (tmp_path / "texts.csv").write_text(rows)
    found = findings(marquee, "texts.csv")
    assert [(each["line"], each["code"], each["locale"]) for each in found] == [
        (3, "unknown-locale", ""),
        (2, "text", "de-DE"),
    ]
    assert {each["file"] for each in found} == {"texts.csv"}


def test_a_folder_that_is_no_locale_has_no_line(marquee: Marquee, tmp_path: Path) -> None:
    write(listing(tmp_path / "metadata"), "xx-XX", name="Neu")
    [found] = findings(marquee, "metadata")
    assert (found["file"], found["line"]) == ("metadata/xx-XX", 0)


def test_a_cell_of_a_sheet_is_named_by_its_letters_and_its_row(
    marquee: Marquee, tmp_path: Path
) -> None:
    data = exchange.write({("ja", "name"): "x" * 31}, exchange.Format.XLSX)
    (tmp_path / "texts.xlsx").write_bytes(data)
    [found] = findings(marquee, "texts.xlsx")
    assert (found["where"], found["line"], found["field"]) == ("B2", 2, "name")


@pytest.mark.parametrize(
    ("locale", "file", "text", "said"),
    [
        ("de-DE", "name", "N", ("error", "text")),
        ("de-DE", "support_url", "example.com", ("error", "text")),
        ("de-DE", "keywords", "memo,memo", ("warning", "text")),
        ("de-DE", "keywords", "memo,schreib", ("warning", "text")),
        ("de-DE", "subtitle", "Write it down", ("warning", "untranslated")),
        ("ja", "keywords", "メモ", ("warning", "incomplete")),
        ("de-DE", "description", "Notizen, die „bleiben“", ("note", "typographic-quotes")),
        ("de-DE", "promotional_text", "", ("warning", "empty")),
        ("de-DE", "release-notes", "Neu", ("error", "unknown-file")),
        ("de-DE", "readme", "Neu", ("warning", "unknown-file")),
        ("xx-XX", "name", "Neu", ("error", "unknown-locale")),
        ("review_information", "notes", "Neu", ("note", "other-metadata")),
    ],
)
def test_each_kind_of_slip_is_said_with_its_weight(
    marquee: Marquee, tmp_path: Path, locale: str, file: str, text: str, said: tuple[str, str]
) -> None:
    folder = listing(tmp_path / "metadata")
    assert codes(marquee, "metadata") == set()
    write(folder, locale, **{file: text})
    assert codes(marquee, "metadata") == {said}


def test_a_text_for_all_locales_is_checked_once_and_completes_each(
    marquee: Marquee, tmp_path: Path
) -> None:
    folder = listing(tmp_path / "metadata")
    (folder / "de-DE/support_url.txt").unlink()
    write(folder, "default", support_url="https://example.com/help")
    assert codes(marquee, "metadata") == set()
    write(folder, "default", support_url="example.com")
    [found] = findings(marquee, "metadata")
    assert (found["locale"], found["file"]) == ("default", "metadata/default/support_url.txt")


def test_a_file_with_one_field_for_each_locale_says_nothing_of_the_others(
    marquee: Marquee, tmp_path: Path
) -> None:
    (tmp_path / "keywords.csv").write_text("locale,keywords\nde-DE,memo\nfr-FR,carnet\n")
    assert codes(marquee, "keywords.csv") == set()


def test_the_first_version_takes_no_release_notes_and_misses_none(
    marquee: Marquee, tmp_path: Path
) -> None:
    folder = listing(tmp_path / "metadata")
    (folder / "de-DE/release_notes.txt").unlink()
    assert codes(marquee, "metadata") == {("warning", "incomplete")}
    assert codes(marquee, "metadata", "--first-version") == {("error", "text")}


def test_an_empty_file_clears_only_when_it_is_said(marquee: Marquee, tmp_path: Path) -> None:
    write(listing(tmp_path / "metadata"), "de-DE", keywords="")
    assert ("warning", "empty") in codes(marquee, "metadata")
    assert ("error", "text") in codes(marquee, "metadata", "--empty-clears")


def test_the_base_is_any_locale(marquee: Marquee, tmp_path: Path) -> None:
    write(listing(tmp_path / "metadata"), "fr-FR", subtitle="Schreib es auf")
    assert ("warning", "untranslated") not in codes(marquee, "metadata")
    assert ("warning", "untranslated") in codes(marquee, "metadata", "--base", "German")


def test_warnings_fail_a_strict_run_and_notes_do_not(marquee: Marquee, tmp_path: Path) -> None:
    folder = listing(tmp_path / "metadata")
    write(folder, "de-DE", description="Notizen, die „bleiben“")
    assert marquee("validate", "metadata", "--strict").status == 0
    write(folder, "de-DE", keywords="memo,memo")
    assert marquee("validate", "metadata").status == 0
    assert marquee("validate", "metadata", "--strict").status == 1


def test_what_cannot_be_read_is_an_error_beside_what_can(marquee: Marquee, tmp_path: Path) -> None:
    listing(tmp_path / "metadata")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    (tmp_path / "empty").mkdir()
    done = marquee("validate", "metadata", "old.xls", "empty")
    assert done.status == 1
    assert "an old Excel file" in done.out
    assert "There is no text of a locale in empty." in done.out
    assert "failed: 2 errors; 14 texts in 2 locales" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("validate",), "DIR|FILE"),
        (("validate", "nowhere"), "nowhere is not there"),
        (("validate", ".", "--format", "yaml"), "invalid choice: 'yaml'"),
        (("validate", ".", "--base", "pt"), "did you mean pt-BR or pt-PT?"),
    ],
)
def test_a_wrong_call_ends_with_2(marquee: Marquee, words: tuple[str, ...], said: str) -> None:
    done = marquee(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
