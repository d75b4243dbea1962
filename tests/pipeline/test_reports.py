"""The forms of a report: for people, for machines, for JUnit's readers, for GitHub."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from defusedxml import ElementTree

from bot.pipeline import reports, terminal
from bot.pipeline.remarks import Level, Remark
from bot.pipeline.validate import Report
from tests.pipeline.conftest import Marquee
from tests.pipeline.listing import listing, write
from tests.test_docs import page, section

NASTY = "a,b:c%0A\r\n::error::no\x1b[2J<&\"'\ufffe\u202e"


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True


def nasty() -> Report:
    remark = Remark(
        level=Level.ERROR,
        code="text",
        file=NASTY,
        line=3,
        locale=NASTY,
        field="name",
        message=NASTY,
    )
    return Report(remarks=(remark,), places=((NASTY, NASTY, "name"),))


def told(report: Report, form: str) -> str:
    stream = io.StringIO()
    reports.tell(report, form, terminal.of(stream, {}), {})
    return stream.getvalue()


def test_an_annotation_is_one_command_whatever_the_texts_hold() -> None:
    annotation, summary, rest = told(nasty(), "github").split("\n")
    assert rest == ""
    assert not summary.startswith("::")
    found = re.fullmatch(r"::error file=([^:,]*),title=([^:,]*),line=3::(.*)", annotation)
    assert found is not None
    file, _, message = found.groups()
    assert message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%").strip() == NASTY
    file = file.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n")
    assert file.replace("%25", "%") == NASTY


def test_an_annotation_names_the_file_from_the_root_of_the_checkout(
    marquee: Marquee, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(listing(tmp_path / "app/metadata"), "de-DE", name="N")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "app")
    done = marquee("validate", "metadata", "--format", "github")
    assert done.out.splitlines()[0] == (
        "::error file=app/metadata/de-DE/name.txt,title=de-DE name,line=1::"
        "Name has 1 of at least 2 characters. Write 1 more."
    )


def test_a_strict_run_annotates_warnings_as_the_errors_they_are(
    marquee: Marquee, tmp_path: Path
) -> None:
    write(listing(tmp_path / "metadata"), "de-DE", keywords="memo,memo")
    words = ("validate", "metadata", "--format", "github")
    assert marquee(*words).out.startswith("::warning ")
    assert marquee(*words, "--strict").out.startswith("::error ")


def test_junit_is_well_formed_whatever_the_texts_hold() -> None:
    suite = ElementTree.fromstring(told(nasty(), "junit").encode())
    [case] = suite.iter("testcase")
    assert case.find("failure") is not None


def test_junit_has_a_case_for_each_text_and_one_for_each_thing_that_is_none(
    marquee: Marquee, tmp_path: Path
) -> None:
    folder = listing(tmp_path / "metadata")
    write(folder, "de-DE", name="N", keywords="memo,memo")
    write(folder, "xx-XX", name="Neu")
    suite = ElementTree.fromstring(marquee("validate", "metadata", "--format", "junit").out)
    cases = list(suite.iter("testcase"))
    assert len(cases) == 15
    assert (suite.get("tests"), suite.get("failures")) == ("15", "2")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == ["de-DE name", "metadata/xx-XX"]
    warned = [case.get("name") for case in cases if case.find("system-out") is not None]
    assert warned == ["de-DE keywords"]


def test_the_json_has_the_keys_that_are_described(marquee: Marquee, tmp_path: Path) -> None:
    write(listing(tmp_path / "metadata"), "de-DE", name="N")
    document = json.loads(marquee("validate", "metadata", "--format", "json").out)
    text = section(page("pipelines.md"), "JSON")
    described = set(re.findall(r"^\| `([^`]+)` \|", text, re.M))
    assert set(document) | {f"findings[].{key}" for key in document["findings"][0]} == described
    assert document["ok"] is False
    assert (document["errors"], document["texts"], document["locales"]) == (1, 14, 2)


def test_nothing_in_a_text_reaches_the_terminal_as_a_command() -> None:
    shown = told(nasty(), "human")
    assert not {"\x1b", "\r", "\u202e"} & set(shown)
    assert "\n::" not in shown


def test_a_folder_with_the_name_of_a_command_is_none_in_a_log(
    marquee: Marquee, tmp_path: Path
) -> None:
    write(listing(tmp_path), "::stop-commands::x", name="Neu")
    out = marquee("validate", ".").out
    assert "./::stop-commands::x" in out
    (tmp_path / "texts.json").write_text(
        '{"de-DE": {"name": "Neu"}, "::add-mask::e": {"name": "x"}}'
    )
    out += marquee("validate", "texts.json").out
    assert "::add-mask::e" in out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())


@pytest.mark.parametrize(
    ("stream", "environ", "coloured"),
    [
        (Watched(), {"TERM": "xterm"}, True),
        (Watched(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Watched(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    stream: io.StringIO, environ: dict[str, str], coloured: bool
) -> None:
    reports.tell(nasty(), "human", terminal.of(stream, environ), environ)
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_the_words_of_one_file_stand_under_each_other(marquee: Marquee, tmp_path: Path) -> None:
    rows = 'locale,name,keywords\nde-DE,N,memo\nzh-Hans,Notizen,"memo,memo"\n'
    (tmp_path / "texts.csv").write_text(rows)
    lines = marquee("validate", "texts.csv").out.splitlines()
    assert lines[0] == "texts.csv"
    assert lines[1].index("Name has") == lines[2].index("More than once")
