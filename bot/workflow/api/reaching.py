"""Who stands behind a token, and what it reaches: its apps and their proposals, nothing else.

What it does not reach is answered like what does not exist, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.editing import choices, editable_version, listing, live_version
from bot.domain.listing import App, Listing, Reading, Version
from bot.domain.proposals import Proposal
from bot.domain.tokens import Token, digest_of
from bot.errors import BotError, Refused, Unavailable
from bot.workflow import catalogue
from bot.workflow.admission import refuse_outsider
from bot.workflow.checklist import Checked, check_listing
from bot.workflow.desk import Desk

LIVE, EDIT = "live", "edit"
MAKE_ONE = "`marquee token create` makes one."
SHOWN = 60


class Unrecognised(Refused):
    """No token, or none that opens anything."""


class NotThere(Refused):
    """There is no such thing, or none that this token reaches."""


class TooMany(Unavailable):
    """This token asked for more than is kept of it."""


class NotAllowed(Refused):
    """The token's owner may not do this."""


async def recognise(desk: Desk, secret: str) -> Token:
    """Return the token that was shown; raises Unrecognised."""
    digest = digest_of(secret)
    token = await desk.store.tokens.use(digest, now=desk.clock.now()) if digest else None
    if token is None:
        raise Unrecognised(
            "This token is not known, was revoked or is over.",
            remedy=f"`marquee token list` tells which; {MAKE_ONE}",
        )
    return token


async def admit(desk: Desk, token: Token, *, fresh: bool) -> None:
    """Raise NotAllowed where the token's owner is no person of this workspace any more.

    Without `fresh` a recent answer of Slack's will do. Raises Unavailable when it does not answer.
    """
    try:
        await refuse_outsider(desk, token.owner, fresh=fresh)
    except Refused as error:
        raise NotAllowed(
            f"{token.owner}, who owns this token, is no person of this workspace.",
            remedy=f"Let somebody who is own one. {MAKE_ONE}",
        ) from error


async def app_of(desk: Desk, token: Token, word: str) -> App:
    """Return the app with that bundle id or Apple id; raises NotThere."""
    with apple_answers():
        known = await catalogue.apps(desk)
    for app in known:
        if word in (app.bundle_id, app.id) and app.bundle_id in token.apps:
            return app
    raise NotThere(
        f"There is no app {_shown(word)} that this token reaches.",
        remedy="Write the bundle id or Apple's id of an app that the token was made for.",
    )


async def proposal_of(desk: Desk, token: Token, word: str) -> Proposal:
    """Return the proposal with that number; raises NotThere."""
    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 16 else None
    found = await desk.store.proposals.get(number) if number is not None else None
    served = found is not None and desk.rules.serves(found.bundle_id)
    if found is None or not served or found.bundle_id not in token.apps:
        raise NotThere(
            f"There is no proposal {_shown(word)} that this token reaches.",
            remedy="Its number stands in the answer to the request that made it.",
        )
    return found


async def read(desk: Desk, app: App, platform: str | None) -> Reading:
    """Return what Apple holds of an app; raises Refused for a platform that it is not on.

    Raises Unavailable while Apple cannot be asked, whatever keeps it from answering.
    """
    with apple_answers():
        there = await catalogue.platforms_of(desk, app)
    if platform is None and len(there) > 1:
        raise Refused(
            f"{app.name} is on several platforms.",
            remedy=f"Name its platform: {' or '.join(there)}.",
        )
    if platform is not None and platform not in there:
        raise Refused(f"{app.name} is not on {platform}.", remedy=f"It is on {', '.join(there)}.")
    with apple_answers():
        return await catalogue.read(desk, app, platform or there[0])


async def texts_of(desk: Desk, app: App, platform: str | None, which: str | None) -> Listing:
    """Return the texts of the version that is `which`, of the one in preparation or else live.

    Raises NotThere where there is no such version, else as `read` does.
    """
    reading, version = await _wanted(desk, app, platform, which)
    return listing(reading, version.id)


async def checklist_of(desk: Desk, app: App, platform: str | None, which: str | None) -> Checked:
    """Return what there is to say of that version's listing; raises as `texts_of` does."""
    reading, version = await _wanted(desk, app, platform, which)
    with apple_answers():
        return await check_listing(desk, reading, version)


async def _wanted(
    desk: Desk, app: App, platform: str | None, which: str | None
) -> tuple[Reading, Version]:
    reading = await read(desk, app, platform)
    wanted = {LIVE: live_version, EDIT: editable_version}.get(which or "")
    found = wanted(reading) if wanted else (choices(reading) or reading.versions or (None,))[0]
    if found is None:
        raise NotThere(
            f"{app.name} has no such version on {reading.platform}.",
            remedy="`version` is live for what is public, edit for what is being prepared.",
        )
    return reading, found


@contextmanager
def apple_answers() -> Iterator[None]:
    """Let what keeps Apple from answering, a refused key too, be Unavailable."""
    try:
        yield
    except Unavailable:
        raise
    except BotError as error:
        raise Unavailable(
            f"App Store Connect cannot be asked now. {error.message}", remedy=error.remedy
        ) from error


def _shown(word: str) -> str:
    return word if len(word) <= SHOWN else f"{word[:SHOWN]}…"
