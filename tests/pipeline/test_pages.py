"""docs/pipelines.md and the recipes say what the command line takes, and no more."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.pipeline import reports
from bot.pipeline.arguments import add_commands
from bot.pipeline.following import Outcome
from bot.pipeline.remarks import Level
from tests.test_docs import ROOT, page, section


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    add_commands(subparsers, run=lambda _options: 0)
    return dict(subparsers.choices)


def options(command: argparse.ArgumentParser) -> set[str]:
    names = {name for action in command._actions for name in action.option_strings}
    return {name for name in names if name.startswith("--")} - {"--help"}


def chapter(name: str) -> str:
    """A command's part of the page, with the sections below it."""
    found = re.search(rf"^## {name}\n.*?(?=^## |\Z)", page("pipelines.md"), re.M | re.S)
    assert found, name
    return found[0]


@pytest.mark.parametrize("name", commands())
def test_every_option_of_a_command_is_described_and_no_other(name: str) -> None:
    described = set(re.findall(r"^\| `(--[\w-]+)` \|", chapter(name), re.M))
    assert described == options(commands()[name])


def test_every_command_is_in_the_list() -> None:
    listed = set(re.findall(r"^\| `marquee (\w+)` \|", page("pipelines.md"), re.M))
    assert listed == set(commands())


def test_every_form_of_a_report_is_described() -> None:
    named = re.search(r"^\| `--format` \|(.*)\|$", chapter("validate"), re.M)
    assert named is not None
    assert tuple(re.findall(r"`(\w+)`", named[1])) == reports.FORMATS


def test_every_level_is_explained() -> None:
    text = section(page("pipelines.md"), "validate")
    assert [level for level in Level if f"**{str(level).capitalize()}s**" not in text] == []


def blocks(file: Path) -> list[Any]:
    """The YAML documents of a recipe."""
    found = re.findall(r"^```yaml\n(.*?)^```", file.read_text(encoding="utf-8"), re.M | re.S)
    return [yaml.safe_load(block) for block in found]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def calls(text: str) -> Iterator[list[str]]:
    """The calls of marquee in a script or on a page, in words as a shell would cut them."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip().startswith("marquee "):
            yield shlex.split(re.split(r"\s[|>]", line.strip())[0])[1:]


RECIPES = sorted((ROOT / "docs/ci").glob("*.md"))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the pages name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fastlane/metadata").mkdir(parents=True)
    (tmp_path / "texts.csv").touch()


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("file", RECIPES, ids=lambda file: file.name)
def test_every_recipe_is_yaml_and_calls_what_there_is(file: Path) -> None:
    found = [call for block in blocks(file) for text in strings(block) for call in calls(text)]
    assert {call[0] for call in found} >= {"validate", "propose"}
    for call in found:
        parsed(call)


@pytest.mark.usefixtures("checkout")
def test_every_call_on_the_page_is_one() -> None:
    found = list(calls(page("pipelines.md")))
    assert {call[0] for call in found} == set(commands())
    for call in found:
        parsed(call)


@pytest.mark.usefixtures("checkout")
def test_a_job_on_github_waits_longer_than_its_command() -> None:
    [release] = [block for block in blocks(RECIPES[0]) if "texts" in block["jobs"]]
    texts = release["jobs"]["texts"]
    # People decide while the binary is built, and what goes on waits for both.
    assert "needs" not in texts
    assert release["jobs"]["release"]["needs"] == ["binary", "texts"]
    [call] = [call for text in strings(texts["steps"]) for call in calls(text)]
    assert parsed(call).when_it_exists
    assert parsed(call).timeout < texts["timeout-minutes"] * 60 <= 6 * 3600


def parsed(call: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_commands(parser.add_subparsers(), run=lambda _options: 0)
    return parser.parse_args(call)


@pytest.mark.parametrize("name", ["check", "diff", "export", "propose", "validate"])
def test_every_status_of_a_command_is_described(name: str) -> None:
    statuses = {int(found) for found in re.findall(r"^\| `(\d)` \|", chapter(name), re.M)}
    ends = {int(end) for end in Outcome} if name == "propose" else set()
    assert statuses == ends | {0, 1, 2}
