"""From a request to a proposal: the same checks, approvals and message as from Slack.

Whose token it is wrote it, so that person does not approve it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.awaiting import planned, why_not_awaited, why_public
from bot.domain.changes import Place, digest, items
from bot.domain.editing import (
    as_prepared,
    choices,
    listing,
    on_platform,
    state_words,
    why_no_choice,
)
from bot.domain.items import Item
from bot.domain.listing import Listing, Reading, Version
from bot.domain.locales import is_known, suggestions
from bot.domain.needs import founded
from bot.domain.proposals import AT_ONCE, Proposal, Timing, after
from bot.domain.scene import is_number
from bot.domain.timing import mistakes
from bot.domain.tokens import Token
from bot.domain.validation import Finding, Severity, validate
from bot.errors import Conflict, Invalid, Refused
from bot.storage.proposal_rows import NewRevision
from bot.storage.tokens import Reply, Request
from bot.workflow import proposing
from bot.workflow.api import reaching
from bot.workflow.desk import Desk

__all__ = ["Request"]

# Seconds after which some of a day's keys are forgotten, as a rule.
A_WHILE = 3600.0
ENOUGH = "Leave the key out, or wait: a key is kept for 24 hours."


class BrokenRules(Invalid):
    """What was asked for breaks rules of the field; `findings` are all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [one for one in self.findings if one.severity is Severity.ERROR]
        many = len(errors) > 1
        message = f"{len(errors)} things are wrong." if many else errors[0].message
        super().__init__(message, remedy="See the findings." if many else errors[0].remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request asks for: `texts` are the touched ones alone, "" being emptied.

    `app` is a bundle id or Apple's id, `version` the number that has to be the one edited, or
    with `when_it_exists` one that is waited for until it can be.
    """

    app: str
    texts: Mapping[Place, str] = field(repr=False)
    platform: str | None = None
    version: str | None = None
    when_it_exists: bool = False
    reason: str = ""
    timing: Timing = AT_ONCE
    in_parts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it: the proposal, None where nothing would change; `again` if it was there."""

    proposal: int | None
    again: bool = False


async def propose(desk: Desk, token: Token, wish: Wish, request: Request) -> Made:
    """Propose what is wished, once for each key.

    Raises BrokenRules with every finding, Invalid for a number that no version has, Conflict
    where no version can take it now or when it is there, NotThere, NotAllowed, TooMany where too
    many keys are kept, Unavailable while Apple or Slack is away.
    """
    if earlier := await _earlier(desk, request):
        return earlier
    await reaching.admit(desk, token, fresh=True)
    app = await reaching.app_of(desk, token, wish.app)
    if request.key and await desk.store.tokens.full(token.id, now=desk.clock.now()):
        raise reaching.TooMany(
            "Too many idempotency keys came with this token today.",
            remedy=ENOUGH,
            retry_after=A_WHILE,
        )
    reading = await reaching.read(desk, app, wish.platform)
    live = _listing(reading, wish)
    _refuse_unknown_locales(live, wish)
    changed = items(live, wish.texts, {})
    if not changed:
        kept = await desk.store.tokens.keep_reply(request, now=desk.clock.now())
        return Made(proposal=None) if kept else await _came_first(desk, request)
    number = await _write(desk, token, wish, request, live, changed)
    return Made(proposal=number) if number is not None else await _came_first(desk, request)


async def withdraw(desk: Desk, token: Token, word: str) -> Proposal:
    """Take a proposal back as its owner could in Slack.

    Raises NotThere, NotAllowed, Conflict where it cannot be any more, Unavailable as Slack is.
    """
    await reaching.admit(desk, token, fresh=True)
    proposal = await reaching.proposal_of(desk, token, word)
    _refuse_late(proposal)
    try:
        return await proposing.withdraw(desk, proposal.id, user=token.owner)
    except Refused as error:
        _refuse_late(await reaching.proposal_of(desk, token, word))
        raise reaching.NotAllowed(error.message, remedy=error.remedy) from error


def _refuse_late(proposal: Proposal) -> None:
    if after(proposal.status, "withdraw") is None:
        raise Conflict(f"Proposal {proposal.id} is {proposal.status} and cannot be withdrawn.")


async def _earlier(desk: Desk, request: Request) -> Made | None:
    """Return what came of an earlier request with the same key, None where there was none."""
    if not request.key:
        return None
    reply: Reply | None = await desk.store.tokens.reply(request, now=desk.clock.now())
    if reply is None:
        return None
    if reply.body != request.body:
        raise Invalid(
            "This idempotency key came with another body before.",
            remedy="Use a new key for another request.",
        )
    return Made(proposal=reply.proposal, again=True)


async def _came_first(desk: Desk, request: Request) -> Made:
    """Return what came of the same request, sent twice at once."""
    if earlier := await _earlier(desk, request):
        return earlier
    raise reaching.Unrecognised("This token was revoked meanwhile, and nothing was proposed.")


def _listing(reading: Reading, wish: Wish) -> Listing:
    """Return the texts that a wish changes: of the version that is edited, or that it waits for."""
    if wish.version is None or not wish.when_it_exists:
        return listing(reading, _version(reading, wish.version).id)
    versions = on_platform(reading)
    there = [one for one in versions if one.number == wish.version]
    why = why_public(there[0]) if there else why_not_awaited(wish.version, versions)
    if why is not None:
        family = Conflict if is_number(wish.version) else Invalid
        raise family(why[0], remedy=why[1])
    if there:
        return listing(reading, there[0].id)
    reading, version = planned(reading, wish.version)
    return listing(reading, version.id)


def _version(reading: Reading, number: str | None) -> Version:
    """Return the version that is edited; raises Conflict where it is another, or none is."""
    why = why_no_choice(reading)
    if why is not None:
        raise Conflict(why, remedy="Make a new version, or wait until the review is over.")
    found = choices(reading)
    if number is None:
        return found[0]
    for version in found:
        if version.number == number:
            return version
    there = " and ".join(f"{one.number} ({state_words(one.state)})" for one in found)
    raise Conflict(
        f"Version {number} cannot be edited now.", remedy=f"What can be edited is {there}."
    )


def _refuse_unknown_locales(live: Listing, wish: Wish) -> None:
    codes = dict.fromkeys(locale for locale, _ in wish.texts)
    unknown = [code for code in codes if not live.has_locale(code) and not is_known(code)]
    if unknown:
        raise BrokenRules(
            Finding(
                severity=Severity.ERROR,
                locale=code,
                message=f"The App Store has no locale {code}.",
                remedy=_meant(code),
            )
            for code in unknown
        )


def _meant(code: str) -> str:
    near = suggestions(code)
    return f"Did you mean {' or '.join(near)}?" if near else "Write a code such as de-DE."


async def _write(
    desk: Desk, token: Token, wish: Wish, request: Request, live: Listing, changed: tuple[Item, ...]
) -> int | None:
    """Return the new proposal's number, None where the token ended or the key has an answer."""
    bundle, now = live.app.bundle_id, desk.clock.now()
    calendar = desk.rules.calendar(bundle)
    # What waits for its version is held against what that takes once it can be edited.
    then = as_prepared(live) if wish.when_it_exists else live
    found = (*mistakes(wish.timing, changed, calendar, now), *validate(changed, then))
    if any(one.severity is Severity.ERROR for one in found):
        raise BrokenRules(found)
    new = replace(
        proposing.new_proposal(desk, live, token.owner, wish.timing),
        via=token.name,
        request=request,
    )
    revision = NewRevision(
        digest=digest(new.target, changed, wish.timing, in_parts=wish.in_parts),
        authors=(token.owner,),
        timing=wish.timing,
        in_parts=wish.in_parts,
        reason=wish.reason,
        items=founded(changed, desk.rules.policy, bundle),
        findings=(*found, *await proposing.rivals(desk, changed, live)),
    )
    number = await desk.store.proposals.create(new, revision, now=now)
    if number is not None:
        desk.notifier.notices_waiting()
    return number
