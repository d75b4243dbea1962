"""How the processes of the benchmark talk: one JSON object a line, a question and an answer.

A worker reads questions from its standard input and ends when that ends, so none outlives
the benchmark.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

import uvloop

Json = dict[str, Any]
Handlers = Mapping[str, Callable[..., Awaitable[Json]]]

PATIENCE = 120.0
LONGEST_LINE = 8 * 1024 * 1024


class WorkerFailed(RuntimeError):
    """A worker ended or answered with an error; what it wrote is on the standard error."""


class Worker:
    """A Python module of this package in a process of its own."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.bench.{self._module}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def ask(self, verb: str, **words: Any) -> Json:
        """Return the worker's answer to `verb`; raises WorkerFailed."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"verb": verb, **words}).encode() + b"\n")
        await process.stdin.drain()
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        answer: Json = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            raise WorkerFailed(f"{self._module} {verb}: {answer['error']}")
        return answer


def work(main: Callable[[], contextlib.AbstractAsyncContextManager[Handlers]]) -> None:
    """Answer questions with the handlers that `main` yields, until the input ends."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_answer_all(main))


async def _answer_all(
    main: Callable[[], contextlib.AbstractAsyncContextManager[Handlers]],
) -> None:
    async with main() as handlers:
        async for question in _questions():
            verb = question.pop("verb")
            try:
                answer = await handlers[verb](**question)
            except Exception as problem:  # noqa: BLE001 - whatever it is, who asked should know
                answer = {"error": f"{type(problem).__name__}: {problem}"}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


async def _questions() -> AsyncIterator[Json]:
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)
