"""Everything a proposal holds, as a modal with pages: all texts in full, all findings.

Knows how to cut a proposal into pages that a modal can hold; refuses to leave anything out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import Item, ItemKind
from bot.domain.proposals import UNDER_WAY, Proposal, Status
from bot.slack import ids
from bot.slack.faces.actions import action_lines, actions_of, texts_of
from bot.slack.faces.blocks import (
    BLOCK_WEIGHT,
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
    option,
    plain,
    quote,
    rich,
    section,
    split_text,
    text,
    weight,
)
from bot.slack.faces.drawing import entire_locales, heading
from bot.slack.faces.form_states import View
from bot.slack.faces.progress import PROGRESS_WORDS, problem_lines, progress
from bot.slack.faces.remarks import finding_lines
from bot.slack.faces.times import timing_lines
from bot.slack.faces.votes import locale_votes, need_lines
from bot.slack.faces.wording import (
    locale_label,
    locales_of,
    plural,
    proposal_label,
    series,
    status_of,
)
from bot.workflow.cards import ProposalCard

# Slack allows a view of 250 kB, but large ones have been slow to open.
_PAGE_BUDGET = 24_000
_PAGE_BLOCKS = 60
_PAGE_LOCALES = 20
_PIECE = 2900
_MOST_OPTIONS, _MOST_NAMED, _FEW = 100, 50, 8
_LINES_A_BLOCK = 20


def details_view(
    card: ProposalCard, page: int = 0, *, start: str = "", own: Sequence[str] = ()
) -> View:
    """Return one page of a proposal's details; a page that is not there is the nearest one.

    `own` are the locales that who looks decides alone among others: they come first. With
    `start`, a locale or `ids.OVERVIEW`, the pages begin there and go round.
    """
    sections = _sections(card, own)
    names = list(sections)
    turn = names.index(start) if start in sections else 0
    order = [*names[turn:], *names[:turn]]
    pages = _pages([(name, sections[name]) for name in order])
    page = min(max(page, 0), len(pages) - 1)
    proposal = card.proposal
    mark, words = status_of(proposal, current=card.current)
    where = f", page {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    return {
        "type": "modal",
        "title": plain(f"Proposal {proposal.id}", VIEW_TITLE),
        "close": plain("Close"),
        "callback_id": ids.DETAILS_VIEW,
        "private_metadata": ids.details_value(proposal.id, page, start),
        "blocks": [
            context(f"{mark} {words} · {proposal_label(proposal)}{where}"),
            *([_jump(card, names, page, start)] if len(pages) > 1 else []),
            *pages[page],
            *_turning(proposal, page, len(pages), start),
        ],
    }


def _turning(proposal: Proposal, page: int, pages: int, start: str) -> list[Block]:
    buttons = []
    if page > 0:
        value = ids.details_value(proposal.id, page - 1, start)
        buttons.append(button("Previous", ids.DETAILS_PREVIOUS, value))
    if page < pages - 1:
        value = ids.details_value(proposal.id, page + 1, start)
        buttons.append(button("Next", ids.DETAILS_NEXT, value))
    # What has ended makes no listing any more.
    if proposal.status in UNDER_WAY and texts_of(proposal.own):
        buttons.append(button("Checklist", ids.CHECKLIST, str(proposal.id)))
    return [actions(*buttons)] if buttons else []


def _jump(card: ProposalCard, names: Sequence[str], page: int, start: str) -> Block:
    """Return the list of what there is to begin with, each locale with where it stands."""
    number = card.proposal.id
    menu = {
        "type": "static_select",
        "action_id": ids.DETAILS_JUMP,
        "placeholder": plain("Choose a locale"),
        "options": [
            option(_choice(card, name), ids.details_value(number, 0, name))
            for name in names[:_MOST_OPTIONS]
        ],
    }
    # Another block each time, or Slack would go on showing what was chosen before.
    return {
        **section("Go to", accessory=menu),
        "block_id": f"{ids.DETAILS_JUMP}/{ids.details_value(number, page, start)}",
    }


def _choice(card: ProposalCard, name: str) -> str:
    if name == ids.OVERVIEW:
        return "Overview"
    state = locale_state(card, name)
    return f"{locale_label(name)} · {state}" if state else locale_label(name)


def locale_state(card: ProposalCard, code: str) -> str:
    """Return how far a locale is, or how the votes on it stand; "" where neither is known."""
    entry = next((one for one in progress(card) if one.locale == code and not one.item), None)
    if entry and (entry.state != "waiting" or card.proposal.status is Status.PUSHING):
        mark, words = PROGRESS_WORDS.get(entry.state, ("·", entry.state))
        return f"{mark} {words}"
    votes = locale_votes(card, code)
    return f"✓ {votes}" if votes == "approved" else votes


def _pages(sections: Sequence[tuple[str, list[Block]]]) -> list[list[Block]]:
    """Return the sections on pages; one that fits on a page is not cut."""
    pages: list[list[Block]] = [[]]
    used, held = 0, 0
    for name, blocks in sections:
        whole = weight(blocks)
        full = held == _PAGE_LOCALES or len(pages[-1]) + len(blocks) > _PAGE_BLOCKS
        if pages[-1] and (full or used + whole > _PAGE_BUDGET):
            pages.append([])
            used, held = 0, 0
        held += name != ids.OVERVIEW
        for block in blocks:
            cost = weight([block])
            if pages[-1] and (used + cost > _PAGE_BUDGET or len(pages[-1]) == _PAGE_BLOCKS):
                pages.append([])
                used, held = 0, 1
            pages[-1].append(block)
            used += cost
    return pages


def _sections(card: ProposalCard, own: Sequence[str]) -> dict[str, list[Block]]:
    """Return what there is to read, by locale, in the order in which it is read."""
    codes = locales_of(card.proposal.items)
    mine = [code for code in codes if code in own]
    others = [code for code in codes if code not in own]
    # Who decides a few does not look for them behind what is said of forty.
    first = [*mine, ids.OVERVIEW] if len(mine) <= _FEW else [ids.OVERVIEW, *mine]
    found = {
        name: [*(_overview(card) if name == ids.OVERVIEW else _locale(card, name))]
        for name in (*first, *others)
    }
    if mine:
        found[mine[0]].insert(0, context(f"Yours to decide comes first: {_named(mine)}."))
    # Without a word about the whole there is nothing to turn to.
    return {name: blocks for name, blocks in found.items() if blocks}


def _named(codes: Sequence[str]) -> str:
    if len(codes) > _FEW:
        return plural(len(codes), "locale")
    return series([locale_label(code) for code in codes], most=_FEW)


def _overview(card: ProposalCard) -> Iterator[Block]:
    proposal = card.proposal
    if proposal.reason.strip():
        yield rich(line(text("Why", "bold")))
        yield from (rich(quote(text(piece))) for piece in split_text(isolate(proposal.reason)))
    if times := timing_lines(proposal, card.zone):
        yield rich(*times)
    yield from _list("Approvals", need_lines(card) if len(card.needs) > 1 else [])
    yield from _list("What needs a person", problem_lines(card) if card.progress else [])
    yield from _list("Worth a look", finding_lines(card.findings, most=_MOST_NAMED))
    yield from _acts(card)


def _locale(card: ProposalCard, code: str) -> Iterator[Block]:
    proposal = card.proposal
    entire = code in entire_locales(proposal.items)
    state = locale_state(card, code)
    told = [text(f" · {state}")] if state else []
    parts = [line(text(locale_label(code), "bold"), *told)]
    for item in texts_of(proposal.items):
        if item.locale == code:
            above, *rest = _item(item, live=proposal.live, entire=entire)
            # A field of its own, though no block begins here.
            parts += [line(text("\n"), *above["elements"]), *rest, *_apple_now(card, item)]
    yield divider()
    yield from _packed(parts)


def _packed(parts: Iterable[Element]) -> Iterator[Block]:
    """Return parts in as few blocks as hold them, none with more characters than a text may have.

    Twenty locales of short texts fit on one page like this.
    """
    packed: list[Element] = []
    for part in parts:
        if packed and weight([rich(*packed, part)]) - BLOCK_WEIGHT > _PIECE:
            yield rich(*packed)
            packed = []
        packed.append(part)
    if packed:
        yield rich(*packed)


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


def _item(item: Item, *, live: bool, entire: bool) -> Iterator[Element]:
    yield heading(item, live=live, entire=entire)
    if item.problem:
        yield line(text(isolate(item.problem), "italic"))
    if item.kind is ItemKind.TEXT:
        yield from _labelled("Before", item.before)
        yield from _labelled("After", item.after)


def _apple_now(card: ProposalCard, item: Item) -> Iterable[Element]:
    now = card.stale_now.get((item.locale, item.field))
    if now is None or item.field not in BY_ATTRIBUTE:
        return []
    return _labelled("Apple now holds", now)


def _labelled(label: str, words: str) -> Iterator[Element]:
    yield line(text(label, "italic"))
    pieces = split_text(words, _PIECE) if words.strip() else ()
    yield from (quote(text(piece)) for piece in pieces)
    if not pieces:
        yield quote(text("nothing", "italic"))
