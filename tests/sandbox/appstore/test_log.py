"""The log keeps what it can and forgets the oldest first."""

from __future__ import annotations

from bot.sandbox.appstore import RequestLog


def note(log, answer=b"{}"):
    row = log.arrived(at=0.0, method="GET", path="/v1/apps", query={}, body=b"")
    log.answered(row, status=200, codes=(), answer=answer)
    log.left(row, seconds=0.01)


def test_rows_beyond_the_bound_are_forgotten():
    log = RequestLog(rows=3)
    for _ in range(5):
        note(log)
    assert [row["n"] for row in log.rows()] == [3, 4, 5]


def test_answers_are_forgotten_before_rows_are():
    log = RequestLog(answer_bytes=10)
    for _ in range(3):
        note(log, b'{"a":1}')
    assert len(log.rows()) == 3
    assert [row["n"] for row, _ in log.exchanges()] == [3]
    assert log.answer(1) is None


def test_a_cleared_log_counts_on():
    log = RequestLog()
    note(log)
    log.clear()
    note(log)
    assert [row["n"] for row in log.rows()] == [2]
