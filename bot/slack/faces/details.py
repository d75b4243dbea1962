"""Everything a proposal holds, as a modal with pages: all texts in full, all findings.

Knows how to cut a proposal into pages that a modal can hold; refuses to leave anything out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.proposals import Item, ItemKind
from bot.slack import ids
from bot.slack.faces.actions import action_lines, actions_of, texts_of
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    actions,
    bullets,
    button,
    context,
    divider,
    isolate,
    line,
    plain,
    quote,
    rich,
    split_text,
    text,
    weight,
)
from bot.slack.faces.drawing import heading, new_locales
from bot.slack.faces.form_states import View
from bot.slack.faces.progress import problem_lines
from bot.slack.faces.remarks import finding_line
from bot.slack.faces.times import timing_lines
from bot.slack.faces.wording import locale_label, locales_of, proposal_label, status_of
from bot.workflow.cards import ProposalCard

# Slack allows a view of 250 kB, but large ones have been slow to open.
_PAGE_BUDGET = 24_000
_PAGE_BLOCKS = 60
_PIECE = 2900
_LINES_A_BLOCK = 20


def details_view(card: ProposalCard, page: int = 0) -> View:
    """Return one page of a proposal's details; a page that is not there is the nearest one."""
    pages = _pages(card)
    page = min(max(page, 0), len(pages) - 1)
    proposal = card.proposal
    mark, words = status_of(proposal, current=card.current)
    where = f", page {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    return {
        "type": "modal",
        "title": plain(f"Proposal {proposal.id}", VIEW_TITLE),
        "close": plain("Close"),
        "callback_id": ids.DETAILS_VIEW,
        "private_metadata": ids.details_value(proposal.id, page),
        "blocks": [
            context(f"{mark} {words} · {proposal_label(proposal)}{where}"),
            *pages[page],
            *_turning(proposal.id, page, len(pages)),
        ],
    }


def _turning(proposal: int, page: int, pages: int) -> list[Block]:
    buttons = []
    if page > 0:
        value = ids.details_value(proposal, page - 1)
        buttons.append(button("Previous", ids.DETAILS_PREVIOUS, value))
    if page < pages - 1:
        value = ids.details_value(proposal, page + 1)
        buttons.append(button("Next", ids.DETAILS_NEXT, value))
    return [actions(*buttons)] if buttons else []


def _pages(card: ProposalCard) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    used = 0
    for block in _all_blocks(card):
        cost = weight([block])
        if pages[-1] and (used + cost > _PAGE_BUDGET or len(pages[-1]) == _PAGE_BLOCKS):
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += cost
    return pages


def _all_blocks(card: ProposalCard) -> Iterator[Block]:
    proposal = card.proposal
    if proposal.reason.strip():
        yield rich(line(text("Why", "bold")))
        yield from (rich(quote(text(piece))) for piece in split_text(isolate(proposal.reason)))
    if times := timing_lines(proposal, card.zone):
        yield rich(*times)
    yield from _list("What needs a person", problem_lines(card) if card.progress else [])
    yield from _list("Worth a look", [finding_line(finding) for finding in card.findings])
    yield from _acts(card)
    fresh = new_locales(proposal.items)
    for code in locales_of(proposal.items):
        yield divider()
        yield rich(line(text(locale_label(code), "bold")))
        for item in texts_of(proposal.items):
            if item.locale == code:
                yield from _item(item, live=proposal.live, fresh=code in fresh)
                yield from _apple_now(card, item)


def _acts(card: ProposalCard) -> Iterator[Block]:
    number = card.proposal.version_number
    for item in actions_of(card.proposal.items):
        yield rich(*action_lines([item], number, card.zone))
        if item.problem:
            yield rich(line(text(isolate(item.problem), "italic")))
        now = card.stale_now.get((item.locale, item.field))
        if now is not None:
            yield rich(line(text(f"At Apple now: {isolate(now) or 'nothing'}")))


def _list(title: str, lines: Sequence[Element]) -> Iterator[Block]:
    for start in range(0, len(lines), _LINES_A_BLOCK):
        head = [line(text(title, "bold"))] if start == 0 else []
        yield rich(*head, bullets(lines[start : start + _LINES_A_BLOCK]))


def _item(item: Item, *, live: bool, fresh: bool) -> Iterator[Block]:
    yield rich(heading(item, live=live, fresh=fresh))
    if item.problem:
        yield rich(line(text(isolate(item.problem), "italic")))
    if item.kind is ItemKind.TEXT:
        yield from _labelled("Before", item.before)
        yield from _labelled("After", item.after)


def _apple_now(card: ProposalCard, item: Item) -> Iterable[Block]:
    now = card.stale_now.get((item.locale, item.field))
    if now is None or item.field not in BY_ATTRIBUTE:
        return []
    return _labelled("Apple now holds", now)


def _labelled(label: str, words: str) -> Iterator[Block]:
    pieces = split_text(words, _PIECE) if words.strip() else ()
    if not pieces:
        yield rich(line(text(label, "italic")), quote(text("nothing", "italic")))
        return
    first, *rest = pieces
    yield rich(line(text(label, "italic")), quote(text(first)))
    yield from (rich(quote(text(piece))) for piece in rest)
