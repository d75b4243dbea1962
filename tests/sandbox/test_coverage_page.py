"""The page about the sandbox says what is emulated and what is not, as the tables have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.sandbox.appstore import coverage as appstore
from bot.sandbox.slack import coverage as slack

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"


def table(head: str, rows: Iterable[str]) -> str:
    return "\n".join([head, re.sub(r"[^|]+", "---", head), *rows])


def routes() -> str:
    return table(
        "| route | does | lacks |",
        (f"| `{one.method} {one.path}` | {one.does} | {one.lacks} |" for one in appstore.ROUTES),
    )


def entries(head: str, all_of_them: Iterable[slack.Entry], mark: str = "`") -> str:
    return table(
        f"| {head} | emulated | but |",
        (
            f"| {mark}{one.name}{mark} | {'yes' if one.emulated else 'no'} | {one.but} |"
            for one in all_of_them
        ),
    )


def sections() -> Iterator[tuple[str, str]]:
    yield "Routes of App Store Connect", routes()
    yield "Not there at all", "\n".join(f"- {one}" for one in appstore.NOT_EMULATED)
    yield "Methods of Slack's Web API", entries("method", slack.METHODS)
    yield "Slack's events", entries("event", slack.EVENTS)
    yield "Slack's behaviour", entries("behaviour", slack.BEHAVIOURS, mark="")


@pytest.mark.parametrize(
    ("heading", "drawn"), tuple(sections()), ids=lambda part: part.splitlines()[0]
)
def test_a_table_of_the_page_is_the_table_of_the_code(heading: str, drawn: str) -> None:
    found = re.search(
        rf"^### {re.escape(heading)}\n\n(.*?)\n*(?=^##|\Z)",
        PAGE.read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    assert found is not None
    assert found.group(1) == drawn
