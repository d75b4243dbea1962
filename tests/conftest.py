"""On a build machine every test runs: one that is left out fails the run.

With CI=true a skipped, deselected or xfailed test is named at the end and turns the exit
status to failure, also when several processes share the work.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.loop import OneThreadLoop, WatchedLoop
from tests.order import long_first


class EveryTestRuns:
    """Notes each test that was left out; workers hand their notes to the first process."""

    def __init__(self) -> None:
        self.left_out: set[str] = set()

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out |= {f"deselected  {item.nodeid}" for item in items}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.left_out.add(f"skipped     {report.nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "wasxfail"):
            self.left_out.add(f"xfailed     {report.nodeid}")
        elif report.skipped:
            self.left_out.add(f"skipped     {report.nodeid}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.left_out |= set(getattr(node, "workeroutput", {}).get("left_out", ()))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["left_out"] = sorted(self.left_out)
        elif self.left_out and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in sorted(self.left_out):
            terminalreporter.write_line(f"left out: {line}", red=True)


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], WatchedLoop]]:
    """Let the harness see whether anything is going on, instead of guessing by the time."""
    if item.get_closest_marker("one_thread"):
        return {"one thread": OneThreadLoop}
    return {"watched": WatchedLoop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, in each of the processes that share the tests."""
    items[:] = long_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """What thousands of tests and their modules hold stays; nothing looks through it again."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(EveryTestRuns(), "every-test-runs")
