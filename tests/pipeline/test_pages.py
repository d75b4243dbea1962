"""docs/pipelines.md and the recipes say what the command line takes, and no more."""

from __future__ import annotations

import argparse
import re

import pytest

from bot.pipeline import reports
from bot.pipeline.arguments import add_commands
from bot.pipeline.remarks import Level
from tests.test_docs import page, section


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
