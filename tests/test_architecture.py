"""The shape of the code: budgets of size, and words that stay in their rooms.

Who may import whom is kept by the contracts in pyproject.toml (`lint-imports`).
"""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOT = ROOT / "bot"
FILES = sorted(BOT.rglob("*.py"))
SCRIPTS = sorted(BOT.rglob("*.js"))


def functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT)}:{node.name}", body_lines(node)


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement on; a docstring explains, it does not do."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or body[0].lineno) - body[0].lineno + 1


def test_functions_are_short() -> None:
    sizes = dict(each for file in FILES for each in functions(file))
    lines = sorted(sizes.values())
    assert [f"{name} {size}" for name, size in sizes.items() if size > 60] == []
    assert statistics.median(lines) <= 10
    assert lines[int(0.9 * len(lines))] <= 30


def test_files_are_no_longer_than_500_lines() -> None:
    long = [f for f in [*FILES, *SCRIPTS] if len(f.read_text(encoding="utf-8").splitlines()) > 500]
    assert [str(file.relative_to(ROOT)) for file in long] == []


def test_every_file_says_what_it_is_for() -> None:
    silent = [f for f in FILES if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))]
    assert [str(file.relative_to(ROOT)) for file in silent] == []


def test_the_bot_does_not_know_that_it_may_run_on_an_emulated_world() -> None:
    knowing = [
        str(file.relative_to(BOT))
        for file in FILES
        if "sandbox" in file.read_text(encoding="utf-8").lower()
        and file.relative_to(BOT).parts[0] not in {"sandbox", "cli.py", "arguments.py"}
    ]
    assert knowing == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(utils?|helpers?|common|base|misc|manager)")
    assert [f.name for f in FILES if empty.fullmatch(f.stem)] == []


def test_whole_exceptions_are_caught_at_the_edges_alone() -> None:
    """Where work goes on or ends well whatever happened; elsewhere errors are named."""
    edges = {"slack", "web", "sandbox", "pushes", "jobs.py", "app.py", "cli.py"}
    swallowing = {
        str(file.relative_to(BOT))
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    }
    assert {name for name in swallowing if Path(name).parts[0] not in edges} == set()


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    name = getattr(handler.type, "id", "BaseException" if handler.type is None else "")
    ends_raising = isinstance(handler.body[-1], ast.Raise)
    return name in {"Exception", "BaseException"} and not ends_raising


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"(#|//|/\*).*\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [f for f in [*FILES, *SCRIPTS] if left.search(f.read_text(encoding="utf-8"))]
    assert [str(file.relative_to(ROOT)) for file in found] == []


def loaded(then: str) -> list[str]:
    """Return what large is loaded once the bot is imported, and once something was done then."""
    script = f"""
import sys
from datetime import date
import bot.app
large = ("matplotlib", "numpy", "PIL")
before = [name for name in large if name in sys.modules]
{then}
print(before, [name for name in large if name in sys.modules], sep=chr(10))
"""
    # Only a fresh interpreter has imported nothing else.
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_what_draws_and_computes_is_loaded_when_something_is_drawn_and_not_before() -> None:
    chart = """
from bot.slack.chart import draw
from bot.workflow.watch.cards import WeekCount
draw([WeekCount(starts=date(2026, 3, 2), pushed=3, failed=1)])
"""
    assert loaded(chart) == ["[]", "['matplotlib', 'numpy', 'PIL']"]


def test_the_picture_of_locales_is_drawn_without_what_computes() -> None:
    picture = """
from bot.domain.matrix import Cell, CellState, Matrix, Row
from bot.slack.matrix_chart import draw_matrix
cell = Cell(state=CellState.CHANGED, changed=True)
draw_matrix(Matrix(rows=(Row(locale="ja", cells=(cell,) * 9),)))
"""
    assert loaded(picture) == ["[]", "['PIL']"]
