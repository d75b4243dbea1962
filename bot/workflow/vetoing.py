"""Why something was rejected, in the words of who rejected it."""

from __future__ import annotations

import logging

from bot.domain.approvals import Veto
from bot.domain.proposals import Proposal, Status
from bot.errors import Conflict, Refused
from bot.storage.outbox import NewNotice
from bot.workflow.admission import in_words
from bot.workflow.desk import Desk
from bot.workflow.proposing import known

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 10, 500


async def rejected(desk: Desk, number: int) -> tuple[Proposal, tuple[Veto, ...]]:
    """Return a rejected proposal and who rejected it; raises Refused for any other."""
    proposal = await known(desk, number)
    if proposal.status is not Status.REJECTED:
        raise Refused(f"Proposal {number} is {proposal.status} and not rejected.")
    return proposal, await desk.store.vetoes.of(number, proposal.revision)


def own(desk: Desk, vetoes: tuple[Veto, ...], user: str) -> Veto | None:
    """Return the rejection that is a person's own, by whichever of their accounts."""
    policy = desk.rules.policy
    return next((one for one in vetoes if policy.person(one.user) == policy.person(user)), None)


async def say_why(desk: Desk, number: int, *, digest: str, user: str, reason: str) -> None:
    """Keep a person's reason, which its message shows and its thread is told once.

    Raises Refused for who did not reject it or gave a reason, and for a reason that is too
    short or too long; Conflict when it was revised meanwhile.
    """
    proposal, vetoes = await rejected(desk, number)
    if proposal.digest != digest:
        raise Conflict(f"Proposal {number} was changed while you wrote this.")
    veto = own(desk, vetoes, user)
    if veto is None:
        raise Refused("Only who rejected it can say why.")
    words = in_words(reason, shortest=SHORTEST, longest=LONGEST)
    told = NewNotice(
        key=f"why:{number}:{proposal.revision}:{veto.user}:{desk.clock.now():%Y%m%dT%H%M%S}",
        kind="why",
        channel=proposal.channel,
        body={"proposal": number, "user": veto.user, "reason": words},
    )
    kept = await desk.store.vetoes.explain(
        number,
        proposal.revision,
        Veto(user=veto.user, reason=words),
        [told],
        now=desk.clock.now(),
    )
    if not kept:
        raise Refused("You said why before; it stands in the proposal's message.")
    log.info("proposal.explained proposal=%s by=%s", number, user)
    desk.notifier.proposal_changed(number)
