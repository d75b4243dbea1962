"""What takes long is begun first, by every process that shares the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.order import LONG, long_first

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Test:
    __test__ = False

    nodeid: str


SHORT = [Test(f"tests/test_brief.py::test_{n}") for n in range(10)]
YEARS = [Test(f"tests/test_ten_thousand_hours.py::test_{n}") for n in range(4)]


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 5, 20])
def test_every_test_runs_once_whoever_shares_them(processes: int) -> None:
    given = SHORT + YEARS
    assert sorted(one.nodeid for one in long_first(given, processes)) == sorted(
        one.nodeid for one in given
    )


def test_each_process_begins_with_what_takes_long() -> None:
    ordered = long_first(SHORT + YEARS, 2)
    assert [*ordered[:2], *ordered[7:9]] == [YEARS[0], YEARS[2], YEARS[1], YEARS[3]]


def test_each_file_that_takes_long_is_there() -> None:
    files = {path.stem for path in HERE.rglob("test_*.py")}
    assert set(LONG) <= files
