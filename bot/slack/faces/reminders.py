"""Reminders: of versions and conditions that wait, of proposals that wait for a person.

Knows what each asks for; refuses to know when it is due.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.editing import state_words
from bot.domain.lifetime import lives_until
from bot.domain.proposals import Proposal, Status
from bot.domain.rebasing import stale_texts
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
    context,
    escape,
    header,
    isolate,
    line,
    link,
    listed,
    local_moment,
    mention,
    rich,
    text,
)
from bot.slack.faces.lists import capped, store_link
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import plural, proposal_label, size_of, version_label
from bot.workflow.watch.cards import AskedCard, WaitCard

RELEASABLE = "PENDING_DEVELOPER_RELEASE"
_MOST_NAMED = 8
_REASON = 120

# What a version asks for in each state.
REMINDER_WORDS: dict[str, str] = {
    RELEASABLE: "Apple approved it. Release it when ready.",
    "PREPARE_FOR_SUBMISSION": "It was not sent to review yet.",
    "REJECTED": "Apple wants something changed. The reason stands in App Store Connect.",
    "METADATA_REJECTED": "Apple wants texts or pictures changed. The reason stands there.",
    "DEVELOPER_REJECTED": "It was taken out of review and not sent again.",
    "INVALID_BINARY": "Another build has to be uploaded.",
    "WAITING_FOR_EXPORT_COMPLIANCE": "Somebody has to answer the export question.",
}

# What is so, and what to do about it, for each condition.
CONDITION_WORDS: dict[str, tuple[Callable[[WaitCard], str], str]] = {
    "review_longer_than_usual": (
        lambda card: (
            f"Its review takes longer than usual: {plural(card.facts.get('hours', 0), 'hour')}."
        ),
        "Nothing has to be done. Apple answers questions in App Store Connect, under Contact Us.",
    ),
    "pause_near_limit": (
        lambda card: (
            "Its phased release is paused, and it may stay so for"
            f" {plural(card.facts.get('left', 0), 'more day', 'more days')}."
        ),
        "Resume or complete it; Apple lets it be paused for 30 days in all.",
    ),
    "key_trouble": (
        lambda _: "App Store Connect does not take the bot's key.",
        "Look at the key in App Store Connect, under Users and Access, Integrations;"
        " `marquee doctor` says what is wrong.",
    ),
    "agreements_missing": (
        lambda _: "An agreement with Apple waits for its signature, so nothing can be changed.",
        "The Account Holder signs it in App Store Connect, under Business.",
    ),
}


def reminder(card: WaitCard) -> Message:
    """Return the reminder that something waits, or that somebody ended it."""
    label, so, asks = _label(card), _so(card), _asks(card)
    # When Apple's state began is nowhere said; what is known is when it was first seen.
    return Message(
        text=f"{escape(label)}: {so}",
        blocks=[
            header(f"⏰ {label}"),
            rich(line(text(f"{so} Seen since "), local_moment(card.since), text(f". {asks}"))),
            *_named(card),
            *_ends(card),
        ],
    )


def asked(cards: Sequence[AskedCard], links: Mapping[int, str]) -> Message:
    """Return one person's message of the day: what waits for their vote.

    `links` maps a proposal's number to the address of its message.
    """
    count = plural(len(cards), "proposal waits", "proposals wait")
    lines = [_waiting(card, links.get(card.proposal.id, "")) for card in cards]
    return Message(
        text=f"{count} for your vote.",
        blocks=[
            header(f"🗳️ {count} for your vote"),
            rich(bullets(capped(lines))),
            context(
                "React to a proposal's message to decide. This comes once a day at most;"
                " `/aso settings` switches it off."
            ),
        ],
    )


_BEFORE = " if nobody decides before. An edit gives it time anew."
_BEFORE_HELD = ", and what it waits for lasts longer; what is wanted then has to be proposed anew."
_BEFORE_PARKED = " if Apple does not take it before; what is wanted then has to be proposed anew."


def expiring(proposal: Proposal, url: str) -> Message:
    """Return the word that a proposal ends soon, for its thread and for who proposed it."""
    label = proposal_label(proposal)
    before = {Status.PARKED: _BEFORE_PARKED, Status.APPROVED: _BEFORE_HELD}
    return Message(
        text=f"Proposal {proposal.id} for {escape(label)} ends soon.",
        blocks=[
            rich(
                line(
                    text("⌛ "),
                    *_name(proposal, url),
                    text(" ends "),
                    local_moment(lives_until(proposal)),
                    text(before.get(proposal.status, _BEFORE)),
                )
            )
        ],
    )


def nobody_can(proposal: Proposal, url: str) -> Message:
    """Return the word to the proposer that nobody is left who could approve."""
    return Message(
        text=f"Nobody can approve proposal {proposal.id}.",
        blocks=[
            rich(
                line(
                    text("⚠️ Nobody can approve "),
                    *_name(proposal, url),
                    text(
                        ": its approvers are gone, are guests, or wrote it themselves."
                        " Whoever runs the bot can name others in marquee.toml."
                    ),
                )
            )
        ],
    )


def handed_back(proposal: Proposal, url: str) -> Message:
    """Return the word to the proposer that Apple moved on and nobody votes on it any more."""
    what = "the earlier text does not return" if proposal.brings_back else "it was not sent"
    again = "Rebase it" if stale_texts(proposal.items) else "Propose it again"
    return Message(
        text=f"Proposal {proposal.id} waits for you.",
        blocks=[
            rich(
                line(
                    text("↩️ "),
                    *_name(proposal, url),
                    text(
                        f" waits for you: Apple's side changed since, so {what} and nobody is"
                        f" asked to vote. Its message says what changed. {again} there, or"
                        " withdraw it. It ends "
                    ),
                    local_moment(proposal.expires_at),
                    text("."),
                )
            )
        ],
    )


def _label(card: WaitCard) -> str:
    if card.app is None or card.version is None:
        return f"App Store Connect account {isolate(card.subject)}"
    return version_label(card.app, card.version)


def _so(card: WaitCard) -> str:
    known = CONDITION_WORDS.get(card.what)
    return known[0](card) if known else f"It is {state_words(card.what)}."


def _asks(card: WaitCard) -> str:
    known = CONDITION_WORDS.get(card.what)
    return known[1] if known else REMINDER_WORDS.get(card.what, "")


def _named(card: WaitCard) -> list[Block]:
    """Return whom a reminder in a channel is for; one that was ended calls nobody."""
    if not card.mention or card.done_by:
        return []
    named = [mention(each) for each in card.mention[:_MOST_NAMED]]
    return [rich(line(text("For "), *listed(named, "and"), text(".")))]


def _ends(card: WaitCard) -> list[Block]:
    if card.done_by:
        ended = line(
            text("Done: "), mention(card.done_by), text(" ended this reminder. It comes no more.")
        )
        return [rich(ended), *store_link(card.link)]
    release = card.what == RELEASABLE and card.version is not None
    buttons: list[Element] = [
        *([button("Release", ids.RELEASE, card.subject, style="primary")] * release),
        button("Done", ids.REMINDER_DONE, card.key),
    ]
    return [actions(*buttons), *store_link(card.link)]


def _waiting(card: AskedCard, url: str) -> Element:
    proposal = card.proposal
    reason = clip(proposal.reason.strip().replace("\n", " "), _REASON)
    second = " Its first approvers have not decided, so you may." if card.escalated else ""
    return line(
        *_name(proposal, url),
        text(f": {size_of(proposal.own)}, by "),
        mention(proposal.proposer),
        text(". "),
        text(isolate(reason), "italic"),
        text(f"{second} Open until "),
        local_moment(proposal.expires_at),
        text("."),
    )


def _name(proposal: Proposal, url: str) -> list[Element]:
    words = f"Proposal {proposal.id}"
    label = text(f" ({proposal_label(proposal)})")
    return [link(url, words) if url else text(words), label]
