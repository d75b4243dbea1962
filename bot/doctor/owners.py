"""The doctor on the proposals API: may the owner of each token propose?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.doctor.lines import Line, ok, warning
from bot.domain.electorate import why_not_eligible
from bot.domain.tokens import Token
from bot.errors import BotError
from bot.slack.checks import Identity, SlackSide
from bot.storage.store import Store

_REVOKE = "Revoke it with `marquee token revoke`, and make one for somebody who is there."


async def examine(
    slack: SlackSide, identity: Identity, path: Path, now: datetime
) -> AsyncIterator[Line]:
    """Yield a line for each owner of tokens that hold in the database at `path`."""
    held = await _held(path, now)
    owners = defaultdict[str, list[Token]](list)
    for token in held:
        owners[token.owner].append(token)
    for owner, tokens in owners.items():
        yield await _owner(slack, identity, owner, tokens)


async def _held(path: Path, now: datetime) -> list[Token]:
    """Return the tokens that open something; none of a file that cannot be read, which is told."""
    try:
        async with Store(path, exclusive=False, reading=True) as store:
            return [token for token in await store.tokens.all() if token.holds(now)]
    except BotError:
        return []


async def _owner(slack: SlackSide, identity: Identity, owner: str, tokens: Iterable[Token]) -> Line:
    numbers = ", ".join(str(token.id) for token in tokens)
    try:
        person = await slack.person(owner)
    except BotError as error:
        return warning(f"{owner}, who owns token {numbers}: {error.message}", _REVOKE)
    # Guests may propose, though they approve nothing.
    if why_not_eligible(
        replace(person, is_guest=False),
        team_id=identity.team_id,
        enterprise_id=identity.enterprise_id,
    ):
        what = f"{owner}, who owns token {numbers}, is no person of this workspace"
        return warning(f"{what}: it opens nothing.", _REVOKE)
    return ok(f"{owner}, who owns token {numbers}, may propose.")
