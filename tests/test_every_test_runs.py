"""With CI=true a test that is left out fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")

SUITES = {
    "skipped": "import pytest\ndef test_one():\n    pytest.skip('not here')\n",
    "xfailed": "import pytest\n@pytest.mark.xfail\ndef test_one():\n    assert False\n",
    "deselected": "def test_one(): pass\ndef test_two(): pass\n",
}


def run(folder: Path, suite: str, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    (folder / "test_it.py").write_text(suite)
    # What the suites do not use takes longer to load than they take.
    plugins = ["-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-p", "xdist.plugin"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *options, "."]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    return subprocess.run(
        command,
        cwd=folder,
        env={**environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("reason", "options"),
    [
        ("skipped", []),
        ("xfailed", ["-n", "1"]),
        ("deselected", ["-k", "one"]),
        ("deselected", ["-k", "one", "-n", "1"]),
    ],
)
def test_a_test_that_is_left_out_fails_the_run_and_is_named(
    tmp_path: Path, reason: str, options: list[str]
) -> None:
    done = run(tmp_path, SUITES[reason], *options, ci="true")
    assert done.returncode == 1, done.stdout
    assert f"left out: {reason}" in done.stdout


def test_outside_of_ci_a_test_may_be_left_out(tmp_path: Path) -> None:
    assert run(tmp_path, SUITES["skipped"], ci="").returncode == 0


def test_a_complete_run_passes(tmp_path: Path) -> None:
    assert run(tmp_path, SUITES["deselected"], ci="true").returncode == 0
