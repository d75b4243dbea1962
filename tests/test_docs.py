"""The documents say what the code does: every name in them exists, and every name is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.record import KINDS
from bot.settings.names import TABLES, VARIABLES
from bot.slack.commands import COMMANDS
from bot.slack.probe import BELIEFS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> set[str]:
    """What stands in code type in the first column of the tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))


def section(text: str, heading: str) -> str:
    """The part of a page from a heading to the next one."""
    found = re.search(rf"^##+ {re.escape(heading)}.*?(?=^## |^### |\Z)", text, re.M | re.S)
    assert found, heading
    return found.group(0)


def test_every_variable_is_described_and_no_other() -> None:
    assert first_cells(section(page("settings.md"), "Environment")) == set(VARIABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_marquee_toml_is_described_and_no_other(table: str) -> None:
    headings = {
        "": "marquee.toml",
        "account": "`[[account]]`",
        "app": "`[[app]]`",
        "approval": "`[approval]`",
        "approval.rule": "`[[approval.rule]]`",
        "reminder": "`[[reminder]]`",
        "freeze": "`[[freeze]]`",
        "person": "`[[person]]`",
        "break_glass": "`[break_glass]`",
    }
    keys = {key for key in TABLES[table] if f"{table}.{key}".lstrip(".") not in TABLES}
    assert first_cells(section(page("settings.md"), headings[table])) == keys


def test_every_command_is_described_as_its_help_writes_it() -> None:
    described = {cell for cell in first_cells(page("commands.md")) if cell.startswith("/aso")}
    assert described == {command.typed for command in COMMANDS}


def test_every_kind_of_entry_of_the_record_is_described_and_no_other() -> None:
    assert first_cells(section(page("record.md"), "What is written")) == set(KINDS)


def test_every_kind_of_entry_is_one_that_is_written() -> None:
    files = sorted((ROOT / "bot").rglob("*.py"))
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert set(re.findall(r"""NewEntry\(\s*kind="(\w+)\"""", source)) == set(KINDS)


def test_every_belief_that_is_probed_is_described() -> None:
    text = page("assumptions.md")
    assert [name for name in BELIEFS if f"| {name} |" not in text] == []


def test_what_troubleshooting_quotes_is_said_somewhere() -> None:
    files = sorted((ROOT / "bot").rglob("*.py"))
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    spoken = re.sub(r'"\s*\n\s*f?"', "", source)
    quoted = re.findall(r"^### `([^`]+)`", page("troubleshooting.md"), flags=re.MULTILINE)
    assert len(quoted) > 5
    assert [sentence for sentence in quoted if sentence not in spoken] == []


def groups_of_attacks() -> dict[str, list[str]]:
    """The lines of the tables of attacks, by the heading that they stand under."""
    part = page("security.md").split("\n## Attacks and failures", 1)[1].split("\n## ", 1)[0]
    groups = {each.split("\n", 1)[0]: each for each in part.split("\n### ")[1:]}
    return {
        heading: [line for line in table.splitlines() if line.startswith("| ")][1:]
        for heading, table in groups.items()
    }


def test_every_attack_is_held_by_a_test_that_exists() -> None:
    groups = groups_of_attacks()
    assert len(groups) > 6
    assert [heading for heading, lines in groups.items() if len(lines) < 5] == []
    lines = [line for listed in groups.values() for line in listed]
    named = [re.search(r"\| `([\w/.]+)::(\w+)` \|$", line) for line in lines]
    assert [line for line, name in zip(lines, named, strict=True) if name is None] == []
    places = [name.group(1, 2) for name in named if name]
    missing = [
        name
        for file, name in places
        if not re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.M)
    ]
    assert missing == []
    assert len(set(places)) == len(places)


def links(text: str) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            yield target


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    targets = list(links(file.read_text(encoding="utf-8")))
    assert [target for target in targets if not (file.parent / target).exists()] == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_path_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"`((?:bot|tests|docs)/[\w./]+)`", file.read_text(encoding="utf-8")))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    targets = set(links((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/{file.name}" for file in DOCS.glob("*.md")} <= targets


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {
        word
        for file in PAGES
        for word in re.findall(r"(?:`|^ {4})make (\w+)", file.read_text(encoding="utf-8"), re.M)
    }
    assert named <= targets


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_no_paragraph_begins_like_another_of_its_page(file: Path) -> None:
    words = re.findall(r"^[A-Z][^|\n]{40}", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_picture_is_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    shown = re.findall(r"""!\[[^\]]*\]\(([^)\s]+)|<img[^>]*\ssrc=["']([^"']+)""", text)
    named = [markdown or html for markdown, html in shown]
    assert [name for name in named if not (file.parent / name).is_file()] == []
