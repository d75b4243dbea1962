"""How many calls of each method Slack takes in a minute, and when the next one may come.

Counted per method on a sliding minute of the emulation's clock; posting has a bucket for each
channel. A refused call does not count.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType

TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 1, 20, 50, 100, 600
MINUTE = 60.0

PER_MINUTE: Mapping[str, int] = MappingProxyType(
    {
        "api.test": TIER_4,
        "auth.test": SPECIAL,
        "apps.connections.open": TIER_3,
        "bots.info": TIER_3,
        "chat.delete": TIER_3,
        "chat.getPermalink": SPECIAL,
        "chat.postEphemeral": TIER_4,
        "chat.update": TIER_3,
        "conversations.history": TIER_3,
        "conversations.info": TIER_3,
        "conversations.join": TIER_3,
        "conversations.list": TIER_2,
        "conversations.members": TIER_4,
        "conversations.open": TIER_3,
        "conversations.replies": TIER_3,
        "files.completeUploadExternal": TIER_4,
        "files.delete": TIER_3,
        "files.getUploadURLExternal": TIER_4,
        "files.info": TIER_4,
        "reactions.add": TIER_3,
        "reactions.get": TIER_3,
        "reactions.list": TIER_2,
        "reactions.remove": TIER_3,
        "team.info": TIER_3,
        "usergroups.list": TIER_2,
        "usergroups.users.list": TIER_2,
        "users.info": TIER_4,
        "users.list": TIER_2,
        "views.open": TIER_4,
        "views.publish": TIER_4,
        "views.push": TIER_4,
        "views.update": TIER_4,
    }
)
# chat.postMessage: one a second into a channel, with some more at once, and a ceiling for all.
POST_PER_SECOND, POST_BURST, POST_ALL = 1.0, 10.0, 300
MOST_BUCKETS = 1_000


class Rates:
    """The counters. `enabled` switches them off; `limits` may be changed for a test or a demo."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._calls: dict[str, deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        self._limited: dict[str, tuple[float, int | None]] = {}
        self.enabled = True
        self.limits: dict[str, int] = {**PER_MINUTE, "chat.postMessage": POST_ALL}

    def wait(self, method: str, channel: str = "") -> int:
        """Count a call and return 0, or return after how many whole seconds to come again."""
        limited = self._limited_wait(channel) if method == "chat.postMessage" else 0
        if limited or not self.enabled:
            return limited
        wait = self._window_wait(method)
        if not wait and method == "chat.postMessage":
            wait = self._bucket_wait(channel)
        if not wait:
            self._calls[method].append(self._now())
        return wait

    def limit_channel(self, channel: str, seconds: float, retry_after: int | None = None) -> None:
        """Take no message for a channel in the next seconds, even while `enabled` is off."""
        self._limited[channel] = (self._now() + seconds, retry_after)

    def _limited_wait(self, channel: str) -> int:
        until, retry_after = self._limited.get(channel, (0.0, None))
        left = until - self._now()
        if left <= 0:
            self._limited.pop(channel, None)
            return 0
        return retry_after or max(1, math.ceil(left))

    def _window_wait(self, method: str) -> int:
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= self._now() - MINUTE:
            calls.popleft()
        if len(calls) < self.limits.get(method, TIER_3):
            return 0
        return max(1, math.ceil(calls[0] + MINUTE - self._now())) if calls else int(MINUTE)

    def _bucket_wait(self, channel: str) -> int:
        level, then = self._buckets.get(channel, (POST_BURST, self._now()))
        level = min(POST_BURST, level + (self._now() - then) * POST_PER_SECOND)
        if level < 1:
            return max(1, math.ceil((1 - level) / POST_PER_SECOND))
        self._buckets[channel] = (level - 1, self._now())
        if len(self._buckets) > MOST_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        return 0
