"""The rules of approval hold on random days, and the test that says so can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prove.breaks import BREAKS, Break
from tests.prove.planting import ROOT, hunt
from tests.prove.runs import run

# Together 200; apart, so that several processes share them. `make prove` tries longer days.
PARTS, EACH, STEPS = 4, 50, 14


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_pushed_without_approval_and_no_vote_is_lost_on_random_days(part: int) -> None:
    found = run(EACH, start=part, steps=STEPS)
    if found.problem is not None:
        raise found.problem
    assert found.examples >= EACH
    assert found.counts["writes"] > 5


def test_a_rule_that_is_broken_on_purpose_is_found() -> None:
    # One that is found within a few examples: all of them are tried by `make prove`.
    planted = next(one for one in BREAKS if one.name == "an author's vote counts")
    came = hunt(planted, 100)
    assert came.problem.startswith("AssertionError: sent ")


@pytest.mark.parametrize("planted", BREAKS, ids=lambda one: one.name)
def test_each_break_fits_the_code_of_today(planted: Break, tmp_path: Path) -> None:
    copy = tmp_path / planted.file
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / planted.file).read_text(encoding="utf-8"), encoding="utf-8")
    planted.apply(tmp_path)
    compile(copy.read_text(encoding="utf-8"), planted.file, "exec")


def test_a_break_that_is_not_found_in_time_is_told_as_missed() -> None:
    assert hunt(None, 1, longest=0.01).problem == ""
