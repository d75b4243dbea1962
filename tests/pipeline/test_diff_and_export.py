"""`marquee diff` and `marquee export` against a bot: nothing changes, everything is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import exchange
from tests.pipeline.conftest import Pipeline
from tests.pipeline.listing import write
from tests.pipeline.stand_in import APP


def folder(tmp_path: Path) -> str:
    write(tmp_path / "texts", "de-DE", subtitle="Schreib es auf", name="Beispielnotizen")
    write(tmp_path / "texts", "ja", name="メモ")
    return "texts"


async def test_a_diff_shows_what_differs_and_nothing_else(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    done = await pipeline.run("diff", folder(tmp_path), "--app", APP)
    assert done.status == 0
    assert done.out.splitlines() == [
        "de-DE subtitle",
        "  - Schreib auf",
        "  + Schreib es auf",
        "",
        "ja name (new locale)",
        "  + メモ",
        "",
        f"{APP}: 2 texts in 2 locales would change",
    ]
    assert [asked.split()[0] for asked in pipeline.bot.asked] == ["GET"]


async def test_on_a_terminal_a_diff_is_word_by_word(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.lively = True
    done = await pipeline.run("diff", folder(tmp_path), "--app", APP)
    assert "  Schreib \x1b[32mes \x1b[0mauf" in done.out


async def test_of_a_long_text_only_the_lines_that_differ_are_shown(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    pipeline.bot.listing["de-DE"]["description"] = "eins\nzwei\ndrei"
    write(tmp_path / "texts", "de-DE", description="eins\nzwo\ndrei")
    for pipeline.lively in (True, False):
        done = await pipeline.run("diff", "texts", "--app", APP)
        assert "zwo" in done.out
        assert "eins" not in done.out
        assert "drei" not in done.out


async def test_a_text_for_all_locales_is_compared_in_each(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    write(tmp_path / "texts", "default", keywords="memo")
    write(tmp_path / "texts", "de-DE", name="Beispielnotizen")
    done = await pipeline.run("diff", "texts", "--app", APP, "--format", "json")
    assert json.loads(done.out)["changes"] == [
        {"locale": "en-US", "field": "keywords", "before": "", "after": "memo"}
    ]


async def test_a_diff_tells_which_locales_a_text_for_all_of_them_fills(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    """Also one that the folder does not mention, and one in which nothing would change."""
    pipeline.bot.listing["fr-FR"] = {"name": "Notes", "supportUrl": "https://example.com/help"}
    write(tmp_path / "texts", "default", support_url="https://example.com/help", subtitle="Short")
    write(tmp_path / "texts", "de-DE", subtitle="Schreib auf")
    told = (
        "“default” fills 3 locales that lack texts of their own: de-DE, en-US, fr-FR"
        " (subtitle, support URL)"
    )
    assert told in (await pipeline.run("diff", "texts", "--app", APP)).out.splitlines()

    done = await pipeline.run("diff", "texts", "--app", APP, "--format", "json")
    assert json.loads(done.out)["filled"] == [
        {"locale": "de-DE", "field": "supportUrl"},
        {"locale": "en-US", "field": "subtitle"},
        {"locale": "en-US", "field": "supportUrl"},
        {"locale": "fr-FR", "field": "subtitle"},
        {"locale": "fr-FR", "field": "supportUrl"},
    ]


async def test_a_default_in_json_is_told_as_the_folder_is(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    texts = {"default": {"keywords": "memo"}, "de-DE": {"keywords": "notiz"}}
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    done = await pipeline.run("diff", "texts.json", "--app", APP)
    assert "“default” fills 1 locale that lacks texts of its own: en-US (keywords)\n" in done.out


@pytest.mark.parametrize(("text", "status"), [("Schreib auf\r\n", 0), ("Schreib es auf", 1)])
async def test_the_exit_code_tells_whether_something_differs_where_it_is_asked_for(
    pipeline: Pipeline, tmp_path: Path, text: str, status: int
) -> None:
    write(tmp_path / "texts", "de-DE", subtitle=text)
    words = ("diff", "texts", "--app", APP)
    assert (await pipeline.run(*words)).status == 0
    assert (await pipeline.run(*words, "--exit-code")).status == status


async def test_a_diff_that_cannot_be_made_ends_with_2(pipeline: Pipeline, tmp_path: Path) -> None:
    done = await pipeline.process("diff", folder(tmp_path), "--app", "other", "--exit-code")
    assert (done.status, done.out) == (2, "")
    assert done.err == "Not found: There is no such app.\n"


async def test_a_diff_names_what_is_left_out_beside_its_output(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    write(tmp_path / "texts", "xx-XX", name="Neu")
    done = await pipeline.run("diff", folder(tmp_path), "--app", APP, "--format", "json")
    assert len(json.loads(done.out)["changes"]) == 2
    assert "texts/xx-XX: xx-XX/: " in done.err


@pytest.mark.parametrize("form", ["fastlane", "zip", "csv", "tsv", "xlsx", "json"])
async def test_what_is_exported_is_read_back_as_it_was(
    pipeline: Pipeline, tmp_path: Path, form: str
) -> None:
    name = {"fastlane": "out/metadata", "zip": "out/texts.zip"}.get(form, f"out/texts.{form}")
    word = "fastlane" if form == "zip" else form
    done = await pipeline.run("export", "--app", APP, "--format", word, "--output", name)
    assert (done.status, done.out) == (0, "")
    assert done.err == f"Written to {name}: 5 texts in 2 locales.\n"
    path = tmp_path / name
    read = exchange.read_folder(path) if path.is_dir() else exchange.read(path.read_bytes())
    assert read.texts == {
        (locale, field): text
        for locale, texts in pipeline.bot.listing.items()
        for field, text in texts.items()
        if text
    }
    assert (await pipeline.run("diff", name, "--app", APP, "--exit-code")).status == 0


async def test_without_a_path_a_table_goes_to_the_output(pipeline: Pipeline) -> None:
    done = await pipeline.process("export", "--app", APP, "--format", "csv")
    assert done.status == 0
    assert "de-DE,Beispielnotizen,Schreib auf" in done.out


@pytest.mark.parametrize("form", ["xlsx", "fastlane"])
async def test_what_no_output_can_hold_needs_a_path(pipeline: Pipeline, form: str) -> None:
    done = await pipeline.process("export", "--app", APP, "--format", form)
    assert done.status == 2
    assert f"--format {form} needs --output PATH" in done.err
    assert pipeline.bot.asked == []


async def test_the_version_on_sale_can_be_asked_for(pipeline: Pipeline) -> None:
    words = ("export", "--app", APP, "--format", "json", "--listing", "live", "--platform", "IOS")
    assert (await pipeline.run(*words, "-o", "out.json")).status == 0
    assert pipeline.bot.asked == [f"GET /api/v1/listings/{APP}?platform=IOS&version=live"]
