"""Tokens of the proposals API: what one may reach, and how it is known again without being kept.

A token is random, so a plain SHA-256 of it is enough: there is nothing to guess it from.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

# What every token begins with, so that people, scanners and the log know one.
PREFIX = "mq_"
# 32 random bytes as base64 for addresses.
SHAPE = re.compile(r"mq_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: `apps` are bundle ids, `owner` is the user id it speaks for.

    `expires_at` is None for one that does not end by itself.
    """

    id: int
    name: str
    owner: str
    apps: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it is neither revoked nor over."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def digest_of(secret: str) -> str | None:
    """Return what a token is looked up by, None for what cannot be one."""
    if not SHAPE.fullmatch(secret):
        return None
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
