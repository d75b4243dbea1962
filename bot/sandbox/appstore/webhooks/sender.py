"""The sender of webhooks: real HTTP, one delivery after another, and troubles on demand.

It knows waiting, order and loss. It posts to this machine alone, never blocks who hands
it a job, and tells what became of each.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.appstore.webhooks.events import SIGNATURE, signature

TIMEOUT = 5.0
WAITING = 1_000
# How long a delivery that is held back waits for a next one that may never come.
HELD = 30.0
POLL = 0.1
ANSWER = 2_000
HERE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True, kw_only=True)
class Trouble:
    """What may go wrong on the way; 0 and False are off.

    `doubled` posts each delivery twice; `reordered` holds one back until the next was
    sent; `lose_every` loses each nth, `lose_share` a part between 0 and 1 of them, drawn
    from a seeded sequence; `delay` is seconds of the store's clock before the post;
    `wrong_signature` signs with another secret.
    """

    doubled: bool = False
    reordered: bool = False
    lose_every: int = 0
    lose_share: float = 0.0
    delay: float = 0.0
    wrong_signature: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One delivery to make: `due` is a moment of the store's clock."""

    delivery: str
    url: str
    secret: str
    body: bytes
    due: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a delivery; `status` is None when nobody answered."""

    status: int | None = None
    body: str = ""
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the receiver said it has it."""
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Posts jobs in the order they come, as far as `trouble` lets it."""

    def __init__(
        self,
        *,
        now: Callable[[], float],
        trouble: Trouble,
        done: Callable[[str, Outcome], None],
        seed: int = 1,
    ) -> None:
        self._now = now
        self._trouble = trouble
        self._done = done
        self._seed = seed
        self._jobs: deque[Job] = deque()
        self._held: Job | None = None
        self._held_until = 0.0
        self._sent = 0
        self._busy = False
        self._wake = asyncio.Event()
        self._turned = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def put(self, job: Job) -> None:
        """Take a job; one too many is failed at once."""
        if len(self._jobs) >= WAITING:
            self._done(job.delivery, Outcome(error="Too many deliveries are waiting"))
            return
        self._jobs.append(job)
        self._wake.set()
        # Without a running loop the jobs wait for the first one put inside of it.
        with contextlib.suppress(RuntimeError):
            self._start()

    async def settled(self) -> None:
        """Wait until everything that is due was sent; what is held or delayed may stay."""
        self._start()
        while self._busy or self._is_due():
            self._turned.clear()
            self._wake.set()
            await self._turned.wait()

    async def close(self) -> None:
        """Stop sending; what was not sent stays PENDING."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _start(self) -> None:
        asyncio.get_running_loop()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="apple-webhooks")

    def _is_due(self) -> bool:
        now = self._now()
        if self._held is not None and (now >= self._held_until or not self._trouble.reordered):
            return True
        return bool(self._jobs) and self._jobs[0].due <= now

    async def _work(self) -> None:
        while True:
            if not self._is_due():
                await self._rest()
                continue
            self._busy = True
            try:
                await self._next()
            finally:
                self._busy = False
                self._turned.set()

    async def _rest(self) -> None:
        self._wake.clear()
        # A clock may be moved by hand, so what waits for a moment is looked at again and again.
        waiting = bool(self._jobs) or self._held is not None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), POLL if waiting else None)

    async def _next(self) -> None:
        job = self._jobs.popleft() if self._jobs and self._jobs[0].due <= self._now() else None
        if job is not None and self._trouble.reordered and self._held is None:
            self._held, self._held_until = job, job.due + HELD
            return
        held, self._held = self._held, None
        for one in (job, held):
            if one is not None:
                await self._deliver(one)

    async def _deliver(self, job: Job) -> None:
        self._sent += 1
        if self._is_lost():
            self._done(job.delivery, Outcome(error="Connection timed out"))
            return
        outcome = await self._post(job)
        if self._trouble.doubled:
            await self._post(job)
        self._done(job.delivery, outcome)

    def _is_lost(self) -> bool:
        every, share = self._trouble.lose_every, self._trouble.lose_share
        if every and self._sent % every == 0:
            return True
        drawn = hashlib.blake2b(f"{self._seed}/{self._sent}".encode(), digest_size=4).digest()
        return int.from_bytes(drawn) / 2**32 < share

    async def _post(self, job: Job) -> Outcome:
        if (urlsplit(job.url).hostname or "") not in HERE:
            return Outcome(error="This emulation delivers to 127.0.0.1 alone")
        secret = f"not {job.secret}" if self._trouble.wrong_signature else job.secret
        headers = {"Content-Type": "application/json", SIGNATURE: signature(secret, job.body)}
        try:
            async with self._client().post(job.url, data=job.body, headers=headers) as answer:
                text = await answer.content.read(ANSWER)
                return Outcome(status=answer.status, body=text.decode(errors="replace"))
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            # TimeoutError is an OSError too.
            return Outcome(error=str(problem) or "Connection timed out")

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=False)
        return self._session
