"""Who may start something with a proposal that others wrote and decided.

Knows what Slack says of a person and who may approve; refuses to know what is started.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.domain.characters import visible
from bot.domain.electorate import Person, able, own_vote_counts, why_not_eligible
from bot.domain.items import Item
from bot.domain.listing import App
from bot.domain.needs import Need, needs
from bot.domain.policy import Requirement, requirement, requirements
from bot.domain.proposals import Proposal
from bot.errors import Refused
from bot.workflow.deciding import question
from bot.workflow.desk import Desk


async def refuse_outsider(desk: Desk, user: str, *, fresh: bool = True) -> Person:
    """Return who the user is; raises Refused for bots, ended accounts and other workspaces.

    Guests pass: they may propose. Without `fresh` a recent answer of Slack's will do, where
    a modal has to open at once. Raises Unavailable when Slack does not answer.
    """
    person = (await desk.people.persons({user}, fresh=fresh)).get(user)
    if person is None or why_not_eligible(
        replace(person, is_guest=False),
        team_id=desk.people.team_id,
        enterprise_id=desk.people.enterprise_id,
    ):
        raise Refused(
            "Only people of this workspace can do this.",
            remedy="Ask one of them; the proposal's message names who wrote it.",
        )
    return person


async def refuse_guest(desk: Desk, user: str) -> None:
    """Raise Refused for guests too, where something changes for everybody."""
    if (await refuse_outsider(desk, user)).is_guest:
        raise Refused(
            "Guests of the workspace cannot do this.",
            remedy="Ask somebody who is a full member of it.",
        )


def in_words(reason: str, *, shortest: int, longest: int) -> str:
    """Return a reason without blanks around it; raises Refused for too short or too long a one.

    What nobody sees makes none longer, nor do many blanks.
    """
    words = reason.strip()
    seen = visible(words)
    if seen < shortest or len(words) > longest:
        count = len(words) if seen >= shortest else seen
        raise Refused(
            f"Write {shortest} to {longest} characters that people can see; these are {count}."
        )
    return words


async def refuse_bystander(desk: Desk, proposal: Proposal, user: str, *, to: str) -> None:
    """Raise Refused for who neither wrote the proposal nor may approve any of it; guests too.

    `to` is what the person wants with it, as in "retry".
    """
    person = await refuse_outsider(desk, user)
    involved = user in (proposal.proposer, *proposal.authors)
    if person.is_guest or not (involved or await _decides(desk, proposal, user)):
        raise Refused(
            f"Only who wrote proposal {proposal.id}, or may approve it, can {to} it.",
            remedy="Ask one of them; guests of the workspace cannot.",
        )


async def refuse_author(desk: Desk, proposal: Proposal, user: str) -> None:
    """Raise Refused for who wrote a proposal and therefore may not approve it."""
    about = question(desk, proposal)
    person = about.policy.person
    own = own_vote_counts(about.policy, about.items, about.version_state)
    wrote = person(user) in {person(author) for author in proposal.authors}
    if (wrote and not own) or not await _decides(desk, proposal, user):
        raise Refused(
            f"Somebody else stopped proposal {proposal.id}, and its author alone does not"
            " let it go on.",
            remedy="Ask who stopped it, or one of the approvers.",
        )


async def refuse_powerless(desk: Desk, app: App, user: str) -> None:
    """Raise Refused for who may approve nothing of an app; guests too."""
    person = await refuse_outsider(desk, user)
    wanted = requirements(desk.rules.policy, [app.bundle_id])
    if person.is_guest or not await _is_among(desk, user, wanted):
        raise Refused(
            f"Only who may approve changes of {app.name} can do this.",
            remedy="Ask one of the approvers that marquee.toml names.",
        )


def owners(desk: Desk, app: App) -> tuple[str, ...]:
    """Return the ids of people and groups who decide about an app where no rule says more."""
    anything = Item(locale="", before="", after="")
    return requirement(desk.rules.policy, anything, app.bundle_id).approvers


async def _decides(desk: Desk, proposal: Proposal, user: str) -> bool:
    return await _is_among(desk, user, needs(question(desk, proposal)))


async def _is_among(desk: Desk, user: str, wanted: Collection[Requirement | Need]) -> bool:
    asked = {approver for one in wanted for approver in one.approvers}
    groups = {approver for approver in asked if approver.startswith("S")}
    members = await desk.people.members(groups, fresh=False)
    return any(user in able(one, members) for one in wanted)
