"""The App Home: open proposals and what each waits for, versions, and the rate budget.

Draws one page; refuses to know how many fit on one, which the card says.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.editing import state_words
from bot.domain.platforms import platform_name
from bot.domain.proposals import Status
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    context,
    divider,
    header,
    isolate,
    line,
    mention,
    rich,
    section,
    text,
)
from bot.slack.faces.form_states import View
from bot.slack.faces.standing import counted, waiting_for
from bot.slack.faces.wording import day, plural, proposal_label, size_of, status_of
from bot.workflow.cards import BudgetCard, HomeCard, ProposalCard, VersionCard

A_PAGE = 10
_MOST_VERSIONS = 20


def home_view(card: HomeCard) -> View:
    """Return the home of one person: the card's page of it."""
    return {
        "type": "home",
        "blocks": [
            header("Proposals"),
            *_proposals(card.proposals),
            *_turning(card),
            divider(),
            header("Versions"),
            *version_blocks(card.versions),
            divider(),
            header("App Store Connect"),
            section(budget_sentence(card.budget)),
        ],
    }


def _proposals(cards: Sequence[ProposalCard]) -> list[Block]:
    if not cards:
        return [
            section(f"Nothing waits for anybody. Type {ids.COMMAND} edit to change a text."),
        ]
    return [block for card in cards[:A_PAGE] for block in _proposal(card)]


def _proposal(card: ProposalCard) -> list[Block]:
    proposal = card.proposal
    mark, words = status_of(proposal)
    details = button("Details", ids.HOME_DETAILS, str(proposal.id))
    return [
        section(
            f"{mark} {words} · {proposal_label(proposal)}\n{size_of(proposal.own)}.",
            accessory=details,
        ),
        rich(line(*_origin(card))),
    ]


def _origin(card: ProposalCard) -> list[Element]:
    proposal = card.proposal
    until = f", open until {day(proposal.expires_at)}" if proposal.status is Status.OPEN else ""
    return [
        *waiting_for(card),
        text(f" Proposal {proposal.id} by "),
        mention(proposal.proposer),
        text(f"{until}."),
    ]


def _turning(card: HomeCard) -> list[Block]:
    buttons = []
    if card.page > 0:
        buttons.append(button("Previous", ids.HOME_PREVIOUS, str(card.page - 1)))
    if card.page < card.pages - 1:
        buttons.append(button("Next", ids.HOME_NEXT, str(card.page + 1)))
    if not buttons:
        return []
    told = f" · {counted(card.counts)}" if any(card.counts.values()) else ""
    return [context(f"Page {card.page + 1} of {card.pages}{told}"), actions(*buttons)]


def version_blocks(versions: Sequence[VersionCard]) -> list[Block]:
    """Return versions with their states, as the home and the status answer list them."""
    if not versions:
        return [section("The App Store Connect key sees no version yet.")]
    lines = [_version(entry) for entry in versions[:_MOST_VERSIONS]]
    left = len(versions) - len(lines)
    more = [context(f"And {left} more: type {ids.COMMAND} status with an app.")] if left else []
    return [rich(bullets(lines)), *more]


def _version(entry: VersionCard) -> Element:
    version = entry.version
    since = f", seen since {day(entry.since)}" if entry.since else ""
    platform = platform_name(version.platform)
    return line(
        text(f"{isolate(entry.app.name)} {version.number}", "bold"),
        text(f"  {platform} · {state_words(version.state)}{since}"),
    )


def budget_sentence(budget: BudgetCard) -> str:
    """Return how many requests Apple still takes from this key."""
    if budget.hour_left is None or budget.hour_limit is None:
        hour = "Apple has not said yet how many requests are left this hour."
    else:
        hour = f"{budget.hour_left:,} of {plural(budget.hour_limit, 'request')} left this hour."
    if budget.account:
        hour = f"{isolate(budget.account)}: {hour}"
    if budget.minute_left is None or budget.minute_limit is None:
        return hour
    return f"{hour} {budget.minute_left:,} of {budget.minute_limit:,} left this minute."
