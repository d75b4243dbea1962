"""The buttons under a proposal's message: which there are at each point of its way.

Those that cannot be undone by pressing another ask first.
"""

from __future__ import annotations

from bot.domain.actions import inverse, is_action
from bot.domain.items import Item, ItemState
from bot.domain.proposals import GIVEN_UP, Proposal, Status
from bot.domain.rebasing import stale_texts
from bot.slack import ids
from bot.slack.faces.actions import actions_of, texts_of
from bot.slack.faces.blocks import Block, Element, actions, button, confirm
from bot.slack.faces.progress import refused_for_good
from bot.slack.faces.wording import stale_items
from bot.workflow.cards import ProposalCard

_WITHDRAWABLE = {Status.PARKED, Status.APPROVED}
_RETRYABLE = {Status.PARTIAL, Status.FAILED}
# What had arrived before a proposal ended otherwise stays there.
_REVERTIBLE = {Status.PUSHED, Status.PARTIAL}


def proposal_buttons(card: ProposalCard) -> list[Block]:
    """Return the row of buttons, of which Details is always one."""
    proposal, value = card.proposal, str(card.proposal.id)
    failed = any(item.state is ItemState.FAILED for item in proposal.items)
    unconfirmed = any(need.unconfirmed for need in card.needs)
    left = any(item.state is ItemState.LEFT for item in proposal.items)
    opened, ended = proposal.status is Status.OPEN, proposal.status in _RETRYABLE
    stale = bool(stale_items(proposal)) and (opened or ended)
    out = proposal.status is Status.PARKED and proposal.outage is not None
    # The button that is likely to help stands out.
    hopeless = ended and refused_for_good(card)
    again = "primary" if (stale and not _rebases(proposal)) or hopeless else ""
    rows: list[tuple[bool, Element]] = [
        (True, button("Details", ids.DETAILS, value)),
        (
            _rebases(proposal),
            button("Rebase", ids.REBASE, value, style="primary"),
        ),
        (
            stale or ((failed or left) and ended) or _left_undone(proposal),
            button("Propose again", ids.PROPOSE_AGAIN, value, style=again),
        ),
        (
            unconfirmed and proposal.votable and not proposal.barred,
            button("Confirm", ids.CONFIRM, value, style="primary"),
        ),
        (
            (card.held is not None and card.held.undo) or out,
            button("Stop", ids.STOP, value, style="danger"),
        ),
        (
            opened and bool(proposal.stopped_by),
            button("Push after all", ids.GO_ON, value, confirm=_go_on_question(proposal)),
        ),
        (
            any(not veto.reason for veto in card.vetoes),
            button("Say why", ids.SAY_WHY, value),
        ),
        ((opened and not stale) or _mends(proposal), button("Edit", ids.EDIT, value)),
        (
            opened or proposal.status in _WITHDRAWABLE,
            button("Withdraw", ids.WITHDRAW, value, confirm=_withdraw_question(proposal)),
        ),
        (out, button("Retry now", ids.RETRY_FAILED, value)),
        (
            failed and (ended or (opened and proposal.in_parts)),
            button("Retry failed", ids.RETRY_FAILED, value, style="" if hopeless else "primary"),
        ),
        (
            _left_something(proposal),
            button("Revert", ids.REVERT, value, confirm=_revert_question(proposal)),
        ),
    ]
    return [actions(*[element for wanted, element in rows if wanted])]


def _left_undone(proposal: Proposal) -> bool:
    """Return whether something of a proposal that was given up did not reach Apple."""
    given_up = proposal.status in GIVEN_UP and not proposal.returns_by_itself
    return given_up and any(item.state is not ItemState.DONE for item in proposal.items)


def _mends(proposal: Proposal) -> bool:
    """Return whether an edit gives a parked proposal back to people; acts have no revisions."""
    parked = proposal.status is Status.PARKED and not proposal.returns_by_itself
    return parked and bool(texts_of(proposal.items))


def _rebases(proposal: Proposal) -> bool:
    return proposal.status is Status.OPEN and bool(stale_texts(proposal.items))


def _left_something(proposal: Proposal) -> bool:
    """Return whether something of a proposal that ended can be taken back at Apple."""
    if proposal.status in _REVERTIBLE:
        return any(map(_is_revertible, proposal.items))
    done = [item for item in proposal.items if item.state is ItemState.DONE]
    ended = proposal.status in GIVEN_UP or proposal.status is Status.SUPERSEDED
    return ended and any(map(_is_revertible, done))


def _is_revertible(item: Item) -> bool:
    return not is_action(item) or isinstance(inverse(item), Item)


def _revert_question(proposal: Proposal) -> Element:
    what = "the opposite of" if actions_of(proposal.items) else "the texts from before"
    return confirm(
        title="Revert this proposal?",
        text=f"This proposes {what} proposal {proposal.id}, for the approvers "
        "to decide on. Nothing changes at Apple until they do.",
        yes="Propose the revert",
        no="Leave it",
    )


def _go_on_question(proposal: Proposal) -> Element:
    return confirm(
        title="Push it after all?",
        text=f"Proposal {proposal.id} is pushed as soon as it has its approvals.",
        yes="Push after all",
        no="Leave it stopped",
    )


def _withdraw_question(proposal: Proposal) -> Element:
    ends = "What is at Apple stays there, the rest is not pushed. "
    return confirm(
        title="Withdraw this proposal?",
        text=f"Proposal {proposal.id} ends here"
        + (f". {ends}" if proposal.begun else " and nothing is pushed. ")
        + ("Your texts stay in its history." if texts_of(proposal.items) else ""),
        yes="Withdraw",
        no="Keep it",
    )
