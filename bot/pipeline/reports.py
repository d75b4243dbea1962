"""The report of `marquee validate` in four forms; JUnit's is in a file of its own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from bot.domain.text import graphemes
from bot.pipeline import junit
from bot.pipeline.remarks import Level, Remark
from bot.pipeline.terminal import BOLD, CYAN, DIM, RED, YELLOW, Terminal, counted, plain
from bot.pipeline.validate import Report

FORMATS = ("human", "json", "junit", "github")

_STYLES = {Level.ERROR: (BOLD, RED), Level.WARNING: (YELLOW,), Level.NOTE: (CYAN,)}
_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def tell(report: Report, form: str, terminal: Terminal, environ: Mapping[str, str]) -> None:
    """Write the report in one of FORMATS."""
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "human": lambda: _human(report, terminal),
        "json": lambda: [_json(report)],
        "junit": lambda: [junit.document(report)],
        "github": lambda: _github(report, environ.get("GITHUB_WORKSPACE", "")),
    }
    for line in writers[form]():
        terminal.say(line)


def summary(report: Report) -> str:
    """Return the last line: what was found, in how much."""
    counts = [counted(number, str(level)) for level in Level if (number := report.count(level))]
    found = ", ".join(counts) if counts else "nothing to say"
    texts, locales = counted(len(report.places), "text"), counted(report.locales, "locale")
    verdict = "ok" if report.ok else "failed"
    return f"{verdict}: {found}; {texts} in {locales}"


def _human(report: Report, terminal: Terminal) -> Iterator[str]:
    by_file: dict[str, list[Remark]] = defaultdict(list)
    for remark in report.remarks:
        by_file[remark.file].append(remark)
    for file, remarks in by_file.items():
        yield terminal.painted(_heading(file), BOLD)
        yield from _rows(remarks, terminal)
        yield ""
    yield terminal.painted(summary(report), BOLD)


def _heading(file: str) -> str:
    """Return a file's name at the start of a line, where CI would take some for commands."""
    return f"./{plain(file)}" if file.startswith(("::", "##[")) else plain(file)


def _rows(remarks: Iterable[Remark], terminal: Terminal) -> Iterator[str]:
    # The level stands first: CI may take what begins a line for a command.
    rows = [((str(remark.level), _where(remark), _whose(remark)), remark) for remark in remarks]
    widths = [
        max(map(_width, column)) for column in zip(*(cells for cells, _ in rows), strict=True)
    ]
    for cells, remark in rows:
        level, *others = map(_padded, cells, widths)
        columns = [terminal.painted(level, *_STYLES[remark.level]), *filter(None, others)]
        remedy = terminal.painted(plain(remark.remedy), DIM)
        yield f"  {'  '.join(columns)}  {plain(remark.message)} {remedy}".rstrip()


def _where(remark: Remark) -> str:
    """Return the place within the file; of a folder's file its name says all."""
    named = remark.file.endswith(remark.where.rstrip("/"))
    return "" if named else plain(remark.where)


def _whose(remark: Remark) -> str:
    return plain(f"{remark.locale} {remark.field}".strip())


def _width(text: str) -> int:
    return len(graphemes(text))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _json(report: Report) -> str:
    document = {
        "ok": report.ok,
        "strict": report.strict,
        **{f"{level}s": report.count(level) for level in Level},
        "texts": len(report.places),
        "locales": report.locales,
        "findings": [asdict(remark) for remark in report.remarks],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _github(report: Report, workspace: str) -> Iterator[str]:
    for remark in report.remarks:
        told = {"file": _from(workspace, remark.file), "title": _title(remark)}
        if remark.line:
            told["line"] = str(remark.line)
        properties = ",".join(f"{name}={_property(value)}" for name, value in told.items())
        # A strict run fails on warnings, so they are shown as what they are there.
        command = "error" if report.fails(remark) else _COMMANDS[remark.level]
        message = f"{remark.message} {remark.remedy}".strip()
        yield f"::{command} {properties}::{_data(message)}"
    yield summary(report)


def _title(remark: Remark) -> str:
    return _whose(remark) or plain(remark.where) or remark.code


def _from(workspace: str, file: str) -> str:
    """Return a file as GitHub knows it, from the root of the checkout."""
    whole = Path(file).resolve()
    root = Path(workspace).resolve()
    inside = bool(workspace) and whole.is_relative_to(root)
    return whole.relative_to(root).as_posix() if inside else file


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
