"""A folder in fastlane's layout becomes a store, and what was made up is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.listing import NotAListingError, read_listing


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        locale, _, field = name.partition("__")
        path = folder / locale.replace("_", "-") / f"{field}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "quiet-harbour"
    write(made, en_US__name="Quiet Harbour\n", ja__name="静かな港", ja__keywords="海,港\n\n")
    return made


def test_texts_are_read_into_their_places_without_outer_blanks(folder):
    [app] = read_listing(folder).seed.apps
    assert app.infos[0].texts["en-US"] == {"name": "Quiet Harbour"}
    assert app.versions[0].texts["ja"] == {"keywords": "海,港"}


def test_the_listing_is_live_and_ready_to_be_edited(folder):
    [app] = read_listing(folder).seed.apps
    assert [version.state for version in app.versions] == [
        "READY_FOR_DISTRIBUTION",
        "PREPARE_FOR_SUBMISSION",
    ]
    assert app.versions[0].texts == app.versions[1].texts


def test_what_was_invented_is_said(folder):
    assert read_listing(folder).notes == [
        "Invented: the bundle id com.example.quietharbour, version 1.0.0 as the live one and "
        "1.1.0, with the same texts, to be edited."
    ]


def test_a_missing_name_is_taken_from_the_folder(folder):
    (folder / "en-US" / "name.txt").unlink()
    (folder / "ja" / "name.txt").unlink()
    write(folder, en_US__subtitle="By the sea")
    imported = read_listing(folder)
    assert imported.seed.apps[0].name == "Quiet Harbour"
    assert 'the name is "Quiet Harbour", from the folder\'s name.' in imported.notes[0]


def test_a_locale_without_a_name_takes_the_primary_ones(folder):
    write(folder, th__subtitle="ท่าเรือ")
    imported = read_listing(folder)
    assert imported.seed.apps[0].infos[0].texts["th"]["name"] == "Quiet Harbour"
    assert (
        'There is no name.txt for th: the name is "Quiet Harbour", from en-US/' in imported.notes[0]
    )


def test_default_fills_the_primary_locale_and_no_other(folder):
    write(folder, default__subtitle="By the sea", default__name="Harbour", default__keywords="sea")
    imported = read_listing(folder)
    [app] = imported.seed.apps
    assert app.primary_locale == "en-US"
    assert app.infos[0].texts["en-US"] == {"name": "Quiet Harbour", "subtitle": "By the sea"}
    assert app.infos[0].texts["ja"] == {"name": "静かな港"}
    assert "default/ is read as en-US" in imported.notes[0]


def test_without_english_another_locale_is_the_primary_one(tmp_path):
    write(tmp_path / "hafen", de_DE__name="Hafen", ja__name="港")
    imported = read_listing(tmp_path / "hafen")
    assert imported.seed.apps[0].primary_locale == "de-DE"
    assert "de-DE is the primary locale" in imported.notes[0]


def test_an_over_long_text_is_kept_and_told(folder):
    write(folder, ja__subtitle="あ" * 31)
    imported = read_listing(folder)
    assert imported.seed.apps[0].infos[0].texts["ja"]["subtitle"] == "あ" * 31
    assert "ja: Subtitle has 31 characters, Apple takes 30; it is kept as it is." in imported.notes


def test_files_that_are_no_texts_are_named(folder):
    write(folder, review_information__notes="call me", ja__secrets="?")
    assert read_listing(folder).notes[0] == (
        "Not read, for they are no texts of a listing: ja/secrets.txt, review-information/."
    )


def test_a_copyright_beside_the_locales_goes_to_the_versions(folder):
    (folder / "copyright.txt").write_text("2026 Harbour Ltd\n", encoding="utf-8")
    assert read_listing(folder).seed.apps[0].versions[0].copyright == "2026 Harbour Ltd"


def test_a_folder_that_holds_no_listing_is_refused(tmp_path):
    with pytest.raises(NotAListingError, match="holds no listing"):
        read_listing(tmp_path)
    with pytest.raises(NotAListingError, match="is not a folder"):
        read_listing(tmp_path / "nowhere")


def test_a_file_that_is_no_text_is_refused_by_name(folder):
    (folder / "ja" / "subtitle.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotAListingError, match=r"ja/subtitle\.txt is not UTF-8 text"):
        read_listing(folder)
    (folder / "ja" / "subtitle.txt").write_bytes(b"a" * 64_001)
    with pytest.raises(NotAListingError, match="larger than 64000 bytes"):
        read_listing(folder)
