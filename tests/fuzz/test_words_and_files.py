"""Whatever is typed, carried by a view or written into marquee.toml is read or refused."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.locales import find
from bot.errors import BotError
from bot.settings import SettingsInvalid, load
from bot.settings.names import TABLES
from bot.slack import commands, ids
from bot.slack.edit import Request
from bot.slack.typed import Shown
from bot.slack.version_input import Ask, Carried
from bot.workflow.catalogue import as_platform
from tests.fuzz.odd import ODD, TEXTS
from tests.surroundings import environ

NAMES = st.sampled_from(sorted({name for table in TABLES.values() for name in table}))


@given(text=st.text(max_size=200) | TEXTS)
def test_every_command_has_a_verb_and_words(text: str) -> None:
    verb, words = commands.split(text)
    assert verb
    assert words == words.strip()
    with contextlib.suppress(BotError):
        commands.as_number(words)
    as_platform(words)
    find(words)


@pytest.mark.parametrize(
    "read",
    [
        Shown.load,
        lambda text: Shown.of({"private_metadata": text}),
        lambda text: Carried.of({"private_metadata": text}),
        Ask.load,
        Request.load,
        ids.parse_field_block,
    ],
    ids=["shown", "view", "carried", "ask", "request", "block"],
)
@given(text=TEXTS | ODD.map(json.dumps))
def test_what_a_view_carries_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    with contextlib.suppress(BotError):
        read(text)


def toml(value: Any) -> str:
    """Return a value as TOML, nothing as an empty text."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(str(k))} = {toml(v)}" for k, v in value.items())
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps("" if value is None else value).replace("\\u0000", "0")


@given(
    keys=st.lists(
        st.tuples(st.sampled_from(sorted(TABLES)), NAMES, ODD),
        max_size=6,
        unique_by=lambda k: k[:2],
    )
)
def test_every_marquee_toml_is_read_or_every_problem_of_it_is_named(
    keys: list[tuple[str, str, object]],
) -> None:
    lines = [f"{name} = {toml(value)}" for table, name, value in keys if not table]
    for table in sorted({table for table, _, _ in keys if table}):
        lines.append(f"[[{table}]]" if len(table) % 2 else f"[{table}]")
        lines += [f"{name} = {toml(value)}" for where, name, value in keys if where == table]
    _read_or_refused("\n".join(lines))


@given(text=st.text(max_size=300))
def test_every_text_in_the_place_of_marquee_toml_is_refused_with_its_problems(text: str) -> None:
    _read_or_refused(text)


def _read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "marquee.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with contextlib.suppress(SettingsInvalid):
            load(environ(), cwd=Path(folder))
