"""The proposal's message and its thread, drawn from a card and nothing else.

Knows what fits into one message; refuses to know whether it is posted or updated. The same
card gives the same blocks, so a message can be drawn again at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.awaiting import awaited_words
from bot.domain.editing import state_words
from bot.domain.items import Item
from bot.domain.proposals import UNDER_WAY, Proposal, Status
from bot.slack.faces.actions import action_lines, actions_of, texts_of
from bot.slack.faces.blocks import (
    BLOCK_WEIGHT,
    MESSAGE_BUDGET,
    Block,
    Element,
    bullets,
    clip,
    context,
    divider,
    escape,
    header,
    isolate,
    line,
    listed,
    mention,
    quote,
    rich,
    text,
    weight,
)
from bot.slack.faces.bulk import changes_by_field, is_big
from bot.slack.faces.drawing import entire_locales, excerpt, heading, is_short, long_note, whole
from bot.slack.faces.proposal_buttons import proposal_buttons
from bot.slack.faces.standing import standing_blocks, standing_sentence
from bot.slack.faces.times import timing_lines
from bot.slack.faces.votes import choice_lines
from bot.slack.faces.wording import (
    item_label,
    locale_label,
    locales_of,
    plural,
    proposal_label,
    series,
    size_of,
    status_of,
)
from bot.workflow.cards import ProposalCard

# The changes have a part of the message to themselves, so that which of them it shows
# depends on the proposal alone and not on how far it has come.
_CHANGES_BUDGET = 4_600
_CHANGES_BLOCKS = 20
_REASON = 500
# What the line of an act may take of that part.
_AN_ACT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What chat.postMessage takes: blocks, and `text` that says the same in a sentence.

    `text` is escaped, since Slack parses it. `locale` names the locale that a thread's
    message is about, "" for any other message.
    """

    text: str
    blocks: list[Block]
    locale: str = ""


def proposal_message(
    card: ProposalCard, *, links: Mapping[str, str] | None = None, notify: bool = True
) -> Message:
    """Return the message of a proposal at its current revision.

    `links` maps a locale to the permalink of its message in the thread. With `notify` the
    approvers are named by mentions: Slack notifies whom a posted message mentions and
    nobody for an update, so updates are drawn with it too. Without it (a message that is
    posted again) they are counted instead. An older revision's card gives the short note
    that says which one replaced it.
    """
    if not card.current:
        return superseded_message(card)
    proposal = card.proposal
    blocks = [
        header(proposal_label(proposal)),
        _summary(card),
        *_changes(proposal, links or {}, card.zone),
        divider(),
        *standing_blocks(card, links or {}, notify=notify),
        *proposal_buttons(card),
    ]
    return Message(text=proposal_sentence(card), blocks=blocks)


def superseded_message(card: ProposalCard, *, link: str = "") -> Message:
    """Return what the message of an older revision becomes; `link` leads to the new one."""
    proposal = card.proposal
    mark, words = status_of(proposal, current=False)
    where = [text("  "), {"type": "link", "url": link, "text": "Go to it"}] if link else []
    blocks = [
        header(proposal_label(proposal)),
        rich(
            line(text(f"{mark} "), text(words, "bold"), text(f"  Proposal {proposal.id}"), *where)
        ),
        context("What was voted on anew stands in the new message; a vote here can be taken back."),
    ]
    sentence = f"Proposal {proposal.id} for {escape(proposal_label(proposal))}: {words.lower()}."
    return Message(text=sentence, blocks=blocks)


def proposal_sentence(card: ProposalCard) -> str:
    """Return a proposal in one plain sentence, escaped for a message's `text`."""
    proposal = card.proposal
    _, words = status_of(proposal, current=card.current)
    return (
        f"Proposal {proposal.id}, {words.lower()}: {size_of(proposal.own)} of "
        f"{escape(proposal_label(proposal))}.{standing_sentence(card)}"
    )


def _summary(card: ProposalCard) -> Block:
    proposal = card.proposal
    mark, words = status_of(proposal)
    revision = f", revision {proposal.revision}" if proposal.revision > 1 else ""
    state = state_words(proposal.version_state) or "not made yet"
    reverts = f" It reverts proposal {proposal.reverts}." if proposal.reverts else ""
    if proposal.brings_back:
        reverts = f" It brings back what stood there before proposal {proposal.returns}."
    reason = isolate(clip(proposal.reason.strip(), _REASON))
    verb = "proposes" if proposal.status in UNDER_WAY else "proposed"
    return rich(
        line(
            text(f"{mark} "),
            text(words, "bold"),
            text(f"  Proposal {proposal.id}{revision}  ·  {state}  ·  "),
            text(proposal.digest[:8], "code"),
        ),
        line(
            mention(proposal.proposer),
            text(f" {verb} {size_of(proposal.own)}.{reverts}"),
            *_revised_by(proposal),
        ),
        *_came_by(proposal),
        *_awaits(proposal),
        *timing_lines(proposal, card.zone),
        *choice_lines(proposal),
        *([quote(text(reason))] if reason else []),
    )


def _came_by(proposal: Proposal) -> list[Element]:
    """Return the line that tells of a proposal that nobody wrote in Slack, nothing for others."""
    if not proposal.via:
        return []
    return [line(text("It came in through the API, with the token "), text(proposal.via, "code"))]


def _awaits(proposal: Proposal) -> list[Element]:
    """Return the line that names the version it waits for, where its standing does not."""
    words = awaited_words(proposal) if proposal.status is not Status.PARKED else ""
    return [line(text(f"It waits for {words}."))] if words else []


def _revised_by(proposal: Proposal) -> list[Element]:
    """Return who else wrote a part of it, so that nobody's words pass for the proposer's.

    A revert that nobody edited has other authors only where it brings their texts again.
    """
    others = [one for one in proposal.authors if one != proposal.proposer]
    if not others:
        return []
    again = proposal.reverts and proposal.revision == 1
    words = " These are texts of " if again else " Revised by "
    return [text(words), *listed([mention(one) for one in others], "and"), text(".")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What the channel's message shows of a proposal, and what the thread has to."""

    shown: list[Block]
    left: tuple[Item, ...]
    threaded: frozenset[str]


def _layout(proposal: Proposal, links: Mapping[str, str]) -> _Layout:
    shown: list[Block] = []
    left: list[Item] = []
    threaded: set[str] = set()
    room = _CHANGES_BUDGET - _AN_ACT * len(actions_of(proposal.own))
    for code in locales_of(proposal.own):
        items = [item for item in texts_of(proposal.own) if item.locale == code]
        if left or len(shown) == _CHANGES_BLOCKS:
            left += items
            continue
        parts, rest, room = _locale_parts(proposal, items, links.get(code, ""), room)
        shown += [rich(line(text(locale_label(code), "bold")), *parts)] * bool(parts)
        left += rest
        threaded |= {item.locale for item in items if rest or not is_short(item)}
    threaded |= {item.locale for item in left}
    return _Layout(shown=shown, left=tuple(left), threaded=frozenset(threaded))


def _locale_parts(
    proposal: Proposal, items: Sequence[Item], permalink: str, room: int
) -> tuple[list[Element], list[Item], int]:
    """Return what is drawn of a locale, the items that do not fit, and the room left."""
    parts: list[Element] = []
    room -= weight([rich(line(text(locale_label(items[0].locale))))])
    entire = bool(entire_locales(items))
    for place, item in enumerate(items):
        # Measured without links: they come later and must not push a change out.
        cost = weight([rich(*_in_channel(item, live=proposal.live, entire=entire))]) - BLOCK_WEIGHT
        if cost > room:
            return parts, list(items[place:]), room
        room -= cost
        parts += _in_channel(item, live=proposal.live, entire=entire, permalink=permalink)
    return parts, [], room


def _in_channel(item: Item, *, live: bool, entire: bool, permalink: str = "") -> list[Element]:
    above = heading(item, live=live, entire=entire, bold=False)
    if is_short(item):
        return [above, *whole(item)]
    return [above, *excerpt(item), long_note(permalink)]


def _changes(proposal: Proposal, links: Mapping[str, str], zone: ZoneInfo) -> list[Block]:
    acts = action_lines(actions_of(proposal.own), proposal.version_number, zone)
    first = [rich(bullets(acts))] if acts else []
    if is_big(proposal):
        return [*first, *changes_by_field(proposal)]
    layout = _layout(proposal, links)
    shown = [*first, *layout.shown]
    if not layout.left:
        return shown
    locales = locales_of(layout.left)
    where = series([locale_label(code) for code in locales], most=8)
    return [*shown, context(f"{plural(len(layout.left), 'more change')} in the thread: "
                                   f"{where}.")]  # fmt: skip


def thread_messages(card: ProposalCard) -> tuple[Message, ...]:
    """Return the messages of the thread: each locale that has a text too long to show.

    One locale a message, and several for a locale whose texts exceed what a message holds;
    each has its `locale`. Every change of such a locale is in it, the short ones too, so
    that who reviews it finds everything in one place. A big proposal has none: its thread
    holds files.
    """
    proposal = card.proposal
    if is_big(proposal):
        return ()
    threaded = _layout(proposal, {}).threaded
    return tuple(
        message
        for code in locales_of(proposal.own)
        if code in threaded
        for message in locale_messages(proposal, code)
    )


def locale_messages(proposal: Proposal, code: str) -> list[Message]:
    """Return the messages of the thread that hold one locale's changes."""
    items = [item for item in texts_of(proposal.own) if item.locale == code]
    pages: list[list[Block]] = [[]]
    entire = bool(entire_locales(items))
    drawn = [_full(item, live=proposal.live, entire=entire) for item in items]
    for block in (block for blocks in drawn for block in blocks):
        if weight([*pages[-1], block]) > MESSAGE_BUDGET - 500:
            pages.append([])
        pages[-1].append(block)
    return [
        _thread_message(code, items, page, number, len(pages))
        for number, page in enumerate(pages, start=1)
    ]


def _full(item: Item, *, live: bool, entire: bool) -> list[Block]:
    first, *rest = whole(item) or [line(text(""))]
    above = heading(item, live=live, entire=entire)
    return [rich(above, first), *(rich(part) for part in rest)]


def _thread_message(
    code: str, items: Sequence[Item], page: list[Block], number: int, pages: int
) -> Message:
    title = locale_label(code) + (f", {number} of {pages}" if pages > 1 else "")
    fields = series(tuple(dict.fromkeys(item_label(item) for item in items)), most=9)
    return Message(text=f"{title}: {fields}.", blocks=[header(title), *page], locale=code)
