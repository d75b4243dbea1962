"""In which order tests run: what takes long begins first, so that no process ends long after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

# Each has a test of ten seconds or more.
LONG = (
    "test_ten_thousand_hours",
    "test_summaries_over_a_year",
    "test_watch_budget",
    "test_crashes",
    "test_crashes_of_actions",
    "test_short",
    "test_rules",
    "test_every_test_runs",
    "test_thirty_failures",
    "test_bench",
    "test_record",
    "test_api_fuzzed",
    "test_message_pace",
)


class Placed(Protocol):
    """A test, by the file that it stands in: "tests/test_bench.py::test_it"."""

    @property
    def nodeid(self) -> str:
        """Return where it stands."""
        ...


T = TypeVar("T", bound=Placed)


def long_first(tests: Sequence[T], processes: int) -> list[T]:
    """Return the tests in as many shares of one size, each with some of the long ones ahead.

    Processes are given shares of what is collected in its order, and take from each other at the
    end: a long test that is begun there keeps one of them while the others have nothing to do.
    """
    long = [one for one in tests if _file(one) in LONG]
    rest = [one for one in tests if _file(one) not in LONG]
    ordered: list[T] = []
    for process in range(processes):
        own = long[process::processes]
        left = len(tests) - len(ordered)
        more = max(0, left // (processes - process) - len(own))
        ordered += [*own, *rest[:more]]
        rest = rest[more:]
    return ordered + rest


def _file(test: Placed) -> str:
    return test.nodeid.partition("::")[0].rpartition("/")[2].removesuffix(".py")
