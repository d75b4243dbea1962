"""Which browser the tests of the page take, and what they say where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.page_stage import BROWSERS, chromium


def test_without_a_browser_its_tests_are_left_out_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="needs a browser: none of chromium, "):
        chromium(str(tmp_path))


@pytest.mark.parametrize("name", BROWSERS)
def test_a_browser_is_taken_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.touch(mode=0o755)
    assert chromium(str(tmp_path)) == str(program)
