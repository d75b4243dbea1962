"""The benchmark runs and its last line can be read by a machine; how fast it is, is no test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import Figures, missed, verdict

ROOT = Path(__file__).parents[1]
KEYS = {
    "read_requests",
    "push_all_requests",
    "push_all_ratio",
    "push_three_requests",
    "faults_right",
    "faults_ratio",
    "ack_p99_ratio",
    "idle_rss_mb",
    "ready_s",
    "years_ready_s",
    "years_proposals_p99_ms",
    "years_home_p99_ms",
    "years_rss_mb",
    "bulk_preview_s",
    "bulk_push_requests",
    "bulk_push_ratio",
    "bulk_messages",
    "bulk_votes",
    "bulk_peak_mb",
}


def test_a_read_of_forty_locales_takes_two_requests_and_the_last_line_is_json() -> None:
    command = [sys.executable, "-m", "tests.bench", "--rounds", "1", "--only", "read"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert set(figures) == KEYS
    assert figures["read_requests"] == 2


def test_a_figure_that_is_not_what_it_should_be_is_named() -> None:
    figures = Figures(push_all_ratio=1.7, faults_right=199, ack_p99_ratio={"1": 1.2, "10": 1.6})

    assert missed(figures) == [
        "push_all_ratio is 1.7, 1.6 is wanted",
        "faults_right is 199, 200 is wanted",
        "ack_p99_ratio is 1.6, 1.5 is wanted",
    ]
    assert missed(Figures(push_all_ratio=1.6, faults_right=200)) == []


def test_what_is_over_its_target_says_so() -> None:
    figures = Figures(bulk_preview_s=3.1, bulk_messages=1, bulk_votes=2)

    assert verdict(figures, "bulk_preview_s") == "over, at most 3 is wanted"
    assert verdict(figures, "bulk_messages", "bulk_votes") == "ok, at most 1 and 2 is wanted"
