"""fastlane's folder, on a disk and in a zip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import Invalid, Unavailable
from bot.exchange import Cleaning, Format, Imported, Why, read, read_folder, write_folder
from tests.exchange.files import zipped

FILES = {"de-DE/name.txt": "Notizen\n", "ja/release_notes.txt": "新機能\r\n\r\n"}
TEXTS = {("de-DE", "name"): "Notizen", ("ja", "whatsNew"): "新機能"}


def on_disk(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder


def whys(imported: Imported) -> dict[str, Why]:
    return {left.where: left.why for left in imported.left}


@pytest.mark.parametrize(
    "root",
    ["", "metadata/", "fastlane/metadata/", "my-app/fastlane/metadata/", "./", "./metadata/"],
)
def test_the_folder_may_be_anywhere_in_a_zip(root: str) -> None:
    imported = read(zipped({f"{root}{name}": text for name, text in FILES.items()}))
    assert (imported.format, imported.texts, imported.left) == (Format.ZIP, TEXTS, ())
    assert imported.where["de-DE", "name"] == "de-DE/name.txt"


@pytest.mark.parametrize("root", ["", "metadata/", "fastlane/metadata/"])
def test_the_folder_may_be_named_by_one_above_it(root: str, tmp_path: Path) -> None:
    on_disk(tmp_path, {f"{root}{name}": text for name, text in FILES.items()})
    imported = read_folder(tmp_path)
    assert (imported.format, imported.texts, imported.left) == (Format.FOLDER, TEXTS, ())


STRAY = {"templates/name.txt": "x", "Klingon/name.txt": "tlhIngan"}


@pytest.mark.parametrize("root", ["metadata/", "fastlane/metadata/"])
def test_a_stray_folder_of_no_locale_does_not_hide_the_texts(root: str, tmp_path: Path) -> None:
    files = {**STRAY, **{f"{root}{name}": text for name, text in FILES.items()}}
    assert read(zipped(files)).texts == TEXTS
    assert read_folder(on_disk(tmp_path, files)).texts == TEXTS


def test_of_the_usual_places_the_first_with_a_locale_is_taken_and_the_others_are_told(
    tmp_path: Path,
) -> None:
    files = {
        **STRAY,
        "metadata/de-DE/name.txt": "Notizen",
        "fastlane/metadata/de-DE/name.txt": "Zettel",
    }
    for imported in (read(zipped(files)), read_folder(on_disk(tmp_path, files))):
        assert imported.texts == {("de-DE", "name"): "Notizen"}
        assert any(
            left.where.startswith("fastlane/metadata") and "“metadata”" in left.reason
            for left in imported.left
        ), imported.left


def test_a_locale_elsewhere_does_not_keep_the_usual_place_from_being_taken() -> None:
    files = {f"fastlane/metadata/{name}": text for name, text in FILES.items()}
    imported = read(zipped({**files, "old/2019/de-DE/name.txt": "Zettel"}))
    assert imported.texts == TEXTS
    assert whys(imported) == {"old/2019/": Why.FILE}


def test_where_no_folder_is_a_locale_the_first_of_the_usual_places_tells_what_is_wrong(
    tmp_path: Path,
) -> None:
    files = {"Klingon/name.txt": "x", "metadata/Vulcan/name.txt": "y"}
    for imported in (read(zipped(files)), read_folder(on_disk(tmp_path, files))):
        assert imported.texts == {}
        assert whys(imported)["Klingon/"] is Why.LOCALE


def test_what_a_mac_adds_to_a_zip_is_no_matter() -> None:
    junk = {"__MACOSX/de-DE/._name.txt": "x", "de-DE/.DS_Store": "x", "de-DE/._name.txt": "x"}
    imported = read(zipped({**FILES, **junk}))
    assert (imported.texts, imported.left) == (TEXTS, ())


def test_play_store_texts_beside_it_are_not_taken() -> None:
    imported = read(
        zipped(
            {f"fastlane/metadata/{name}": text for name, text in FILES.items()}
            | {
                "fastlane/metadata/android/de-DE/title.txt": "Zettel",
                "fastlane/metadata/android/de-DE/full_description.txt": "x",
            }
        )
    )
    assert imported.texts == TEXTS
    assert set(whys(imported).values()) == {Why.FILE}


def test_default_is_for_locales_without_a_file_of_their_own(tmp_path: Path) -> None:
    imported = read_folder(on_disk(tmp_path, {**FILES, "default/name.txt": "Notes"}))
    assert (imported.texts, imported.fallback) == (TEXTS, {"name": "Notes"})


def test_an_empty_file_empties_only_when_that_is_asked_for(tmp_path: Path) -> None:
    on_disk(tmp_path, {**FILES, "de-DE/subtitle.txt": "\n"})
    assert whys(read_folder(tmp_path)) == {"de-DE/subtitle.txt": Why.EMPTY}
    asked = read_folder(tmp_path, empty_clears=True)
    assert asked.texts == {**TEXTS, ("de-DE", "subtitle"): ""}
    assert asked.left == ()


def test_the_mark_empties_a_field() -> None:
    imported = read(zipped({"de-DE/subtitle.txt": "[clear]\n", "de-DE/name.txt": "\\[clear]\n"}))
    assert imported.texts == {("de-DE", "subtitle"): "", ("de-DE", "name"): "[clear]"}


def test_line_ends_and_marks_of_files_are_told() -> None:
    imported = read(zipped({**FILES, "ko/name.txt": "\ufeff메모"}))
    assert {cleaned.what: cleaned.where for cleaned in imported.cleaned} == {
        Cleaning.LINE_ENDS: ("ja/release_notes.txt",),
        Cleaning.BOM: ("ko/name.txt",),
    }
    assert imported.texts["ko", "name"] == "메모"


def test_two_folders_of_one_locale_are_both_named() -> None:
    imported = read(zipped({"de/name.txt": "Zettel", "de-DE/name.txt": "Notizen"}))
    assert imported.texts == {}
    assert whys(imported) == {"de/name.txt": Why.DUPLICATE, "de-DE/name.txt": Why.DUPLICATE}


def test_a_link_within_the_folder_is_followed_and_one_that_leads_out_is_not(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "metadata", {**FILES, "es-ES/name.txt": "Notas"})
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    (folder / "es-MX").mkdir()
    (folder / "es-MX" / "name.txt").symlink_to("../es-ES/name.txt")
    (folder / "es-MX" / "subtitle.txt").symlink_to(secret)
    (folder / "ko").symlink_to(tmp_path)
    imported = read_folder(folder)
    assert imported.texts["es-MX", "name"] == "Notas"
    assert whys(imported) == {"es-MX/subtitle.txt": Why.LINK, "ko": Why.LINK}


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(Invalid) as caught:
            read_folder(folder)
        assert str(folder) in caught.value.message
        assert "de-DE/name.txt" in caught.value.remedy


DEEP = {
    **FILES,
    "de-DE/old/name.txt": "Zettel",
    "de-DE/old/2019/name.txt": "Zettel",
    "android/de-DE/title.txt": "Zettel",
    "__MACOSX/de-DE/old/._name.txt": "x",
    "de-DE/old/.DS_Store": "x",
    "review_information/old/notes.txt": "x",
}


def test_files_too_deep_in_a_folder_are_told_as_in_a_zip(tmp_path: Path) -> None:
    zip_, folder = read(zipped(DEEP)), read_folder(on_disk(tmp_path, DEEP))
    assert folder.texts == zip_.texts == TEXTS
    assert {str(left) for left in folder.left} == {str(left) for left in zip_.left}
    assert whys(folder) == {
        "de-DE/old/name.txt": Why.FILE,
        "de-DE/old/2019/name.txt": Why.FILE,
        "android/de-DE/title.txt": Why.FILE,
        "review_information/old/notes.txt": Why.OTHER,
    }


def test_texts_of_another_usual_place_are_told_once_and_not_file_by_file(tmp_path: Path) -> None:
    files = {**FILES, "metadata/de-DE/name.txt": "A", "fastlane/metadata/de-DE/name.txt": "B"}
    imported = read_folder(on_disk(tmp_path, files))
    assert imported.texts == TEXTS
    assert whys(imported) == {"metadata/": Why.FILE, "fastlane/metadata/": Why.FILE}


def test_a_link_deep_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "metadata", {**FILES, "ja/old/a.txt": "x"})
    (folder / "ja" / "old" / "again").symlink_to(folder)
    (folder / "ja" / "old" / "out").symlink_to(tmp_path)
    imported = read_folder(folder)
    assert imported.texts == TEXTS
    assert whys(imported) == {"ja/old/a.txt": Why.FILE, "ja/old/out": Why.LINK}


def test_a_tree_without_an_end_is_not_walked_and_the_texts_are_taken(tmp_path: Path) -> None:
    on_disk(tmp_path, {**FILES, **{f"node_modules/{n}/lib/a.js": "" for n in range(900)}})
    imported = read_folder(tmp_path)
    assert imported.texts == TEXTS
    assert [left.where for left in imported.left if left.why is Why.LIMIT] == [
        "node_modules/593/ and after"
    ]


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    on_disk(tmp_path, {"de-DE/name.txt": "x", **{f"de-DE/{n}.txt": "" for n in range(2_001)}})
    with pytest.raises(Invalid, match="more than 2,000 files"):
        read_folder(tmp_path)


def test_what_is_written_replaces_its_own_files_and_no_others(tmp_path: Path) -> None:
    on_disk(tmp_path, {**FILES, "copyright.txt": "2026 Notes Ltd", "de-DE/keywords.txt": "liste"})
    write_folder(tmp_path, {("de-DE", "name"): "Zettel"})
    assert (tmp_path / "de-DE" / "name.txt").read_bytes() == b"Zettel\n"
    assert (tmp_path / "copyright.txt").read_text() == "2026 Notes Ltd"
    assert (tmp_path / "de-DE" / "keywords.txt").read_text() == "liste"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "de-DE").write_text("a file where a folder has to be")
    with pytest.raises(Unavailable, match="de-DE"):
        write_folder(tmp_path, {("de-DE", "name"): "Zettel"})


@pytest.mark.parametrize("locale", ["../de-DE", "/etc", "a/b", "..", ".", ""])
def test_a_locale_that_leads_elsewhere_is_not_written(locale: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        write_folder(tmp_path / "out", {(locale, "name"): "Zettel"})
    assert list(tmp_path.iterdir()) == []
