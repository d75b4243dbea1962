"""What the emulated store was asked and what it answered, bounded.

It knows requests as rows a page can show and a contract check can read. Rows
stay for the last 5,000 requests; whole answers for as many as fit in 32 MB.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

ROWS = 5_000
ANSWER_BYTES = 32_000_000


class RequestLog:
    """Requests in the order they came; a row is filled in when its answer is known."""

    def __init__(self, *, rows: int = ROWS, answer_bytes: int = ANSWER_BYTES) -> None:
        self._rows: deque[Json] = deque(maxlen=rows)
        self._answers: deque[tuple[int, bytes]] = deque()
        self._budget = answer_bytes
        self._held = 0
        self._count = 0
        self._in_flight = 0

    def arrived(
        self, *, at: float, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> Json:
        """Write down a request at `at` (seconds since 1970) and return its row."""
        self._count += 1
        self._in_flight += 1
        row = {
            "n": self._count,
            "at": at,
            "method": method,
            "path": path,
            "query": dict(query),
            "body": _parsed(body),
            "status": None,
            "codes": [],
            "fault": None,
            "ms": None,
            "in_flight": self._in_flight,
        }
        self._rows.append(row)
        return row

    def answered(self, row: Json, *, status: int, codes: tuple[str, ...], answer: bytes) -> None:
        """Note what the request was answered, or would have been had the line held."""
        row["status"] = status
        row["codes"] = list(codes)
        self._answers.append((row["n"], answer))
        self._held += len(answer)
        while self._held > self._budget or len(self._answers) > (self._rows.maxlen or 0):
            self._held -= len(self._answers.popleft()[1])

    def left(self, row: Json, *, seconds: float) -> None:
        """Note that the request is over, `seconds` after it came."""
        self._in_flight -= 1
        row["ms"] = round(seconds * 1000, 1)

    def rows(self) -> list[Json]:
        """Return the rows, oldest first."""
        return list(self._rows)

    def exchanges(self) -> Iterator[tuple[Json, Json | None]]:
        """Yield each row with its whole answer, as far as answers are still held."""
        answers = dict(self._answers)
        for row in self._rows:
            if row["n"] in answers:
                yield row, _parsed(answers[row["n"]])

    def answer(self, number: int) -> Json | None:
        """Return the whole answer to request `number`, None when it had none or is forgotten."""
        held = dict(self._answers).get(number, b"")
        answer: Json | None = _parsed(held)
        return answer

    def clear(self) -> None:
        """Forget everything but the count."""
        self._rows.clear()
        self._answers.clear()
        self._held = 0


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
