"""`marquee token`: makes, lists and revokes the tokens of the proposals API.

Writes the database beside a bot that is running. A token is said once and never kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.domain.tokens import PREFIX, Token, digest_of
from bot.errors import Refused
from bot.storage.store import Store
from bot.storage.tokens import NewToken

Say = Callable[[str], None]

BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The token that somebody asks for: `apps` are bundle ids, `lasts` is None without an end."""

    name: str
    owner: str
    apps: Sequence[str]
    lasts: timedelta | None = None


async def create(
    path: Path, wanted: Wanted, *, served: frozenset[str] | None, clock: Clock, say: Say, aside: Say
) -> None:
    """Make a token and `say` it, once; what is to be known of it is said `aside`.

    Raises Refused where no bot has made the database yet, and for an app that is not among those
    `served`, None where that is not known.
    """
    _refuse_absent(path)
    _refuse_unknown(wanted.apps, served)
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    now = clock.now()
    new = NewToken(
        digest=digest_of(secret) or "",
        name=wanted.name,
        owner=wanted.owner,
        apps=tuple(dict.fromkeys(wanted.apps)),
        expires_at=now + wanted.lasts if wanted.lasts else None,
    )
    async with Store(path, exclusive=False, clock=clock) as store:
        made = await store.tokens.make(new, now=now)
    say(secret)
    aside(_line(made, now))
    aside("It is shown this once. Keep it where your pipeline keeps its secrets.")
    if served is None:
        aside("marquee.toml cannot be read from here, so nobody looked whether it names the apps.")


async def show(path: Path, *, clock: Clock, say: Say) -> None:
    """Say what tokens there are, each in a line."""
    async with Store(path, exclusive=False, reading=True) as store:
        tokens = await store.tokens.all()
    for token in tokens:
        say(_line(token, clock.now()))
    if not tokens:
        say("There are no tokens. `marquee token create` makes one.")


async def revoke(path: Path, number: int, *, clock: Clock, say: Say) -> None:
    """Let a token open nothing from now on; raises Refused where that is so, or there is none."""
    _refuse_absent(path)
    async with Store(path, exclusive=False, clock=clock) as store:
        revoked = await store.tokens.revoke(number, now=clock.now())
    if revoked is None:
        raise Refused(
            f"There is no token {number} that is not revoked.",
            remedy="`marquee token list` shows all of them.",
        )
    say(_line(revoked, clock.now()))


def _refuse_absent(path: Path) -> None:
    # A token in a database of its own would open nothing.
    if not path.is_file():
        raise Refused(
            f"There is no database {path}.",
            remedy="Name the bot's in DATABASE_URL; a new bot makes its own when it first starts.",
        )


def _refuse_unknown(apps: Iterable[str], served: frozenset[str] | None) -> None:
    # Without a table the bot serves every app of its keys.
    unknown = [app for app in apps if served and app not in served]
    if unknown:
        raise Refused(
            f"{', '.join(unknown)} is not among the apps of marquee.toml.",
            remedy=f"Known are: {', '.join(sorted(served or ()))}.",
        )


def _line(token: Token, now: datetime) -> str:
    """Return a token in a line: number, name, owner, apps, and where it stands."""
    made = f"made {token.made_at:%Y-%m-%d}"
    used = f"used {token.used_at:%Y-%m-%d %H:%M}" if token.used_at else "never used"
    parts = [f"{token.id}", token.name, token.owner, ", ".join(token.apps), made, used]
    return "  ".join([*parts, _standing(token, now)])


def _standing(token: Token, now: datetime) -> str:
    if token.revoked_at:
        return f"revoked {token.revoked_at:%Y-%m-%d %H:%M}"
    if token.expires_at is None:
        return "no end"
    return f"{'ends' if token.holds(now) else 'ended'} {token.expires_at:%Y-%m-%d %H:%M}"
