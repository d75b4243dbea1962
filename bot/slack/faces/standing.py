"""Where a proposal stands: what it waits for, how far the push is, how it ended.

Knows the part of a proposal's message that changes with its life; refuses to know the
changes themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.approvals import Need, Veto
from bot.domain.outages import pace_words
from bot.domain.parking import parked_words
from bot.domain.proposals import TEXTUAL, ItemState, Status
from bot.domain.rebasing import stale_texts
from bot.domain.timing import TOO_LATE
from bot.domain.validation import Finding
from bot.slack.faces.actions import actions_of
from bot.slack.faces.blocks import (
    Block,
    Element,
    bullets,
    clip,
    context,
    escape,
    isolate,
    line,
    link,
    listed,
    local_seconds,
    mention,
    rich,
    text,
    weight,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.progress import (
    advice,
    counts_sentence,
    locale_lines,
    progress,
    progress_bar,
)
from bot.slack.faces.times import in_both_zones
from bot.slack.faces.wording import (
    NOTHING_TO_DO,
    items_label,
    locale_label,
    locales_of,
    place_label,
    plural,
    stale_items,
)
from bot.workflow.cards import LocaleProgress, ProposalCard

_STOPPED = " Nothing was pushed. Push after all lets it go on, or edit or withdraw it."
_TOO_FEW = " Too few people besides who wrote it may approve this: see marquee.toml."
_REASON, _REASON_OF_SEVERAL = 500, 160
_FINDINGS_BUDGET = 1_100
_NEEDS_BUDGET = 1_500
_STALE_BUDGET = 1_300
_PROGRESS_BUDGET = 2_400
_MOST_LINES = 16
_MOST_NAMED = 8
_MOST_LINKED = 4
_UNTIL_THEN = " The votes are asked for once more then; it may be withdrawn until."


def standing_blocks(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    """Return the blocks that say where a proposal stands, in the order they are read."""
    status = card.proposal.status
    if status is Status.OPEN and stale_items(card.proposal):
        return _stale(card)
    if status is Status.OPEN:
        arrived = _arrived(card)
        stopped = card.proposal.stopped_by
        return [
            *([rich(line(*_by("Stopped", [stopped]), text(_STOPPED)))] if stopped else []),
            *([context(arrived)] if arrived else []),
            *_findings(card.findings),
            *_needs(card, links, notify=notify),
        ]
    if status is Status.APPROVED:
        return [
            rich(
                line(
                    *_decided_by(card),
                    text(" "),
                    *_turn_comes(card, more=_UNTIL_THEN),
                )
            )
        ]
    if status in {Status.PARKED, Status.PUSHING}:
        return _parked(card) if status is Status.PARKED else _progress(card)
    if status in {Status.PUSHED, Status.PARTIAL, Status.FAILED}:
        return [*_result(card), *_stale(card)]
    return [rich(line(*_ending(card))), *_way_back(card)]


def _parked(card: ProposalCard) -> list[Block]:
    untouched = (ItemState.PARKED, ItemState.WAITING)
    begun = [item for item in card.proposal.items if item.state not in untouched]
    entries = progress(card) if begun else ()
    return [
        rich(
            line(
                text(f"{parked_words(card.proposal)} "),
                *_tries(card),
                *_by("Approved", card.approved_by),
                text(" The approvals stand until "),
                *in_both_zones(card.proposal.expires_at, card.zone),
                text("; it may be withdrawn until it is pushed."),
            )
        ),
        *_fitting(locale_lines(entries, card.zone), _PROGRESS_BUDGET, "line", marked=True),
        *_stale(card),
    ]


def _tries(card: ProposalCard) -> list[Element]:
    """Return since when Apple takes nothing, and how often it is tried again."""
    outage = card.proposal.outage
    if outage is None:
        return []
    pace = f"; tried again at least every {pace_words(outage)}. "
    return [text("So since "), *in_both_zones(outage.since, card.zone), text(pace)]


def _turn_comes(card: ProposalCard, *, more: str) -> list[Element]:
    """Return when an approved proposal is pushed, what it waits for until then, and `more`."""
    held = card.held
    if held is None:
        return [text("It is pushed when its turn comes and Apple takes requests.")]
    if held.undo:
        return [text("Pushes at "), local_seconds(held.until), text(" unless somebody stops it.")]
    why = f"the freeze “{isolate(clip(held.freeze, 80))}” ends, " if held.freeze else ""
    return [
        text(f"It waits until {why}"),
        *in_both_zones(held.until, card.zone),
        text(f".{more}"),
    ]


def standing_sentence(card: ProposalCard) -> str:
    """Return the same in a few plain words, "" where the status says it all."""
    if card.proposal.status is Status.OPEN and stale_items(card.proposal):
        return f" {_capital(_what_moved(card))} changed since."
    if card.proposal.status is Status.OPEN and card.current:
        open_needs = [need for need in card.needs if not need.met]
        if open_needs and all(need.unconfirmed for need in open_needs):
            return " Waiting for Confirm."
        missing = _missing_approvals([need for need in open_needs if not need.unconfirmed])
        return f" Waiting for {missing}." if missing else ""
    if card.proposal.status is Status.PARKED:
        return f" {escape(parked_words(card.proposal))}"
    if card.proposal.status in {Status.PUSHING, Status.PARTIAL, Status.FAILED}:
        return f" {counts_sentence(progress(card))}"
    return ""


def waiting_for(card: ProposalCard) -> list[Element]:
    """Return what a proposal waits for that has not ended, without names."""
    if card.proposal.status is Status.PUSHING:
        return [text("It is being pushed now.")]
    if card.proposal.status is Status.PARKED:
        return [text(parked_words(card.proposal))]
    if card.proposal.status is Status.APPROVED:
        return _turn_comes(card, more="")
    return [text(_what_people_owe(card))]


def _what_people_owe(card: ProposalCard) -> str:
    if stale_items(card.proposal):
        return f"Waits for its author: {_what_moved(card)} changed."
    if card.proposal.stopped_by:
        return "Stopped: waits for somebody to push it after all."
    open_needs = [need for need in card.needs if not need.met]
    if not open_needs:
        return "Waits for the bot to go on."
    if all(need.unconfirmed for need in open_needs):
        return "Waits for an approver to press Confirm."
    items = [item for need in open_needs for item in need.items]
    what = items_label(items, len(card.proposal.items))
    return f"Waits for {_missing_approvals(open_needs)} of {what}."


# What is listed with what it waits for: the words after the number of each.
_LISTED = {
    Status.OPEN: "open",
    Status.PARKED: "parked",
    Status.APPROVED: "approved",
    Status.PUSHING: "being pushed",
}


def counted(counts: Mapping[Status, int]) -> str:
    """Return how many proposals stand where: "2 proposals open, 1 approved"."""
    numbers = {words: counts.get(status, 0) for status, words in _LISTED.items()}
    first, *others = [(number, words) for words, number in numbers.items() if number]
    told = [f"{plural(first[0], 'proposal')} {first[1]}", *(f"{n} {words}" for n, words in others)]
    return ", ".join(told)


def _what_moved(card: ProposalCard) -> str:
    acts = actions_of(stale_items(card.proposal))
    return "how it stands at Apple" if acts else "Apple's text"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _missing_approvals(open_needs: Sequence[Need]) -> str:
    """Return how many approvals are missing, "approval" where one may count for several groups."""
    if len(open_needs) != 1:
        return "approval" if open_needs else ""
    return plural(open_needs[0].quorum - len(open_needs[0].voted), "approval")


def _progress(card: ProposalCard) -> list[Block]:
    entries = progress(card)
    bar = f"{progress_bar(entries)}  " if len(entries) > 1 else ""
    return [
        rich(line(text(f"{bar}{counts_sentence(entries)}"))),
        *_fitting(locale_lines(entries, card.zone), _PROGRESS_BUDGET, "line", marked=True),
    ]


def _result(card: ProposalCard) -> list[Block]:
    entries = progress(card)
    return [
        rich(line(*_result_words(card, entries))),
        *_fitting(locale_lines(entries, card.zone), _PROGRESS_BUDGET, "line", marked=True),
        *([rich(line(link(card.link, "Open in App Store Connect")))] if card.link else []),
    ]


def _result_words(card: ProposalCard, entries: Sequence[LocaleProgress]) -> list[Element]:
    when = _when(card)
    people = _decided_by(card)
    if card.proposal.status is Status.PUSHED:
        acts = actions_of(card.proposal.items)
        seen = "Done, looked at and right." if acts else "Sent, read back and right."
        seen = NOTHING_TO_DO if card.nothing_sent else seen
        seen += " Public now." if card.proposal.live else ""
        return [text(seen), *when, text(" "), *people]
    return [text(counts_sentence(entries)), *when, text(f" {advice(card)} "), *people]


def _when(card: ProposalCard) -> list[Element]:
    if card.pushed_at is None:
        return []
    return [text(" "), *in_both_zones(card.pushed_at, card.zone), text(".")]


def _decided_by(card: ProposalCard) -> list[Element]:
    if not card.glass:
        return _by("Approved", card.approved_by)
    waits = card.proposal.status is Status.APPROVED
    return [
        *_by("Goes without approval" if waits else "Pushed without approval", card.approved_by),
        text(f" Why: “{in_a_line(card.glass, _REASON)}”."),
    ]


def _by(verb: str, people: Sequence[str]) -> list[Element]:
    if not people:
        return []
    return [text(f"{verb} by "), *listed([mention(each) for each in people], "and"), text(".")]


_ENDINGS: dict[Status, str] = {
    Status.WITHDRAWN: "Withdrawn.",
    Status.EXPIRED: "Nobody decided in time, so this ended.",
    Status.SUPERSEDED: "Another proposal, or another version at Apple, took its place.",
}


def _ending(card: ProposalCard) -> list[Element]:
    late = any(item.problem.startswith(TOO_LATE) for item in card.proposal.items)
    words = TOO_LATE if late else _ENDINGS.get(card.proposal.status, "")
    left = _arrived(card) or "Nothing was changed at Apple."
    if card.vetoes:
        return [text("Rejected by "), *_vetoes(card.vetoes), text(f". {left}")]
    if card.proposal.status is Status.REJECTED and card.rejected_by:
        return [*_by("Rejected", card.rejected_by), text(f" {left}")]
    return [text(f"{words} {left}".strip())]


def _vetoes(vetoes: Sequence[Veto]) -> Iterator[Element]:
    """Yield who rejected a proposal, each with the reason they gave."""
    most = _REASON if len(vetoes) == 1 else _REASON_OF_SEVERAL
    for place, veto in enumerate(vetoes[:_MOST_NAMED]):
        yield from [text(", and by ")] * bool(place)
        yield mention(veto.user)
        yield from [text(f": “{in_a_line(veto.reason, most)}”")] * bool(veto.reason)
    if len(vetoes) > _MOST_NAMED:
        yield text(f", and by {len(vetoes) - _MOST_NAMED} more")


def _way_back(card: ProposalCard) -> list[Block]:
    if not card.vetoes:
        return []
    until = in_both_zones(card.proposal.expires_at, card.zone)
    return [
        rich(
            line(
                text("It opens again if who rejected it takes that back before "), *until, text(".")
            )
        )
    ]


def _arrived(card: ProposalCard) -> str:
    """Return what a push before had brought to Apple, "" when there was none."""
    done = [item for item in card.proposal.items if item.state is ItemState.DONE]
    if not done:
        return ""
    what = items_label(done, len(card.proposal.items))
    return f"{_capital(what)} reached Apple before and stayed there."


def _findings(findings: Sequence[Finding]) -> list[Block]:
    lines = [finding_line(finding) for finding in findings]
    if not lines:
        return []
    title = rich(line(text("Worth a look", "bold")))
    return [title, *_fitting(lines, _FINDINGS_BUDGET, "note")]


def finding_line(finding: Finding) -> Element:
    """Return a finding in a line: where, what, and what to do about it."""
    where = place_label(finding.locale, finding.field)
    words = f"{finding.message} {finding.remedy}".strip()
    return line(text(f"{where}: " if where else ""), text(isolate(clip(words, 240))))


def _stale(card: ProposalCard) -> list[Block]:
    items = stale_items(card.proposal)
    if not items:
        return []
    lines = []
    for item in items:
        now = card.stale_now.get((item.locale, item.field))
        holds = f" Apple now holds: {in_a_line(now)}" if now else ""
        empty = " Apple now holds nothing there." if now == "" else ""
        where = place_label(item.locale, item.field)
        told = f" {item.problem}" if item.kind not in TEXTUAL and item.problem else ""
        said = told or holds or empty or " changed."
        lines.append(line(text(f"{where}:", "bold"), text(isolate(said))))
    title = f"{_capital(_what_moved(card))} changed since this was proposed, so it was not sent."
    again = "Propose again starts from what Apple holds now and keeps what was wished."
    if not actions_of(items):
        again = "Propose again starts from what Apple holds now and keeps these texts."
    if card.proposal.status is Status.OPEN and stale_texts(items):
        again = (
            "Rebase shows what was, what was proposed and what Apple holds now, and makes a new"
            " revision of it; Propose again makes a new proposal."
        )
    return [
        rich(line(text(title, "bold"))),
        *_fitting(lines, _STALE_BUDGET, "text"),
        context(again),
    ]


def _needs(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    lines = [_need(need, card, links, notify=notify) for need in card.needs]
    blocks = [
        rich(line(text("Approvals", "bold"))),
        *_fitting(lines, _NEEDS_BUDGET, "group"),
        rich(line(*_how_to_vote(card))),
    ]
    if actions_of(card.proposal.items) and not card.self_approval:
        blocks.append(rich(line(*_not_by(card.proposal.authors))))
    if card.self_approval:
        blocks.append(context("Self-approval is on: the author's own vote counts."))
    return blocks


def _not_by(authors: Sequence[str]) -> list[Element]:
    """Return who cannot approve, though they may stand in the list: who wrote it."""
    named = listed([mention(one) for one in authors], "and")
    return [text("Not by "), *named, text(": nobody approves what they proposed.")]


def _need(need: Need, card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> Element:
    what = items_label(need.items, len(card.proposal.items))
    had = f"{len(need.voted)} of {need.quorum} for {what}"
    voted = listed([mention(each) for each in need.voted], "and")
    return line(
        text("✓ " if need.met else ""),
        text(had),
        *([text(", by "), *voted] if need.voted else []),
        text(f", as in revision {need.since}. " if need.since < card.proposal.revision else ". "),
        *_missing(need, notify=notify),
        *([text(_TOO_FEW, "bold")] if need.short and need.approvers and not need.met else []),
        *_to_read(need, links),
    )


def _missing(need: Need, *, notify: bool) -> list[Element]:
    """Return what a group still needs, after the count."""
    if need.met:
        confirmed = listed([mention(each) for each in need.confirmed_by], "and")
        return [text("Confirmed by "), *confirmed, text(".")] if need.confirmed_by else []
    if need.unconfirmed:
        return [text("One of them has to press Confirm."), *_asked(need, notify=notify)]
    also = [text(" One of them also presses Confirm.")] if need.confirm and need.approvers else []
    return [*_asked(need, notify=notify), *also]


def _asked(need: Need, *, notify: bool) -> list[Element]:
    if not need.approvers:
        return [text("Nobody may approve this yet: marquee.toml names no approvers.")]
    groups = sum(each.startswith("S") for each in need.approvers)
    people = len(need.approvers) - groups
    if not notify:
        counted = [plural(groups, "user group")] * bool(groups)
        counted += [plural(people, "person", "people")] * bool(people)
        return [text(f"From {' and '.join(counted)}.")]
    named = [mention(each) for each in need.approvers[:_MOST_NAMED]]
    more = len(need.approvers) - len(named)
    rest = [text(f"{more} more")] if more else []
    return [text("From "), *listed([*named, *rest], "or"), text(".")]


def _to_read(need: Need, links: Mapping[str, str]) -> list[Element]:
    """Return the way to the long texts that these reviewers read, where they are few."""
    codes = [code for code in locales_of(need.items) if code in links]
    if not codes or len(codes) > _MOST_LINKED:
        return []
    drawn = listed([link(links[code], locale_label(code)) for code in codes], "and")
    return [text(" To read in full: "), *drawn, text(".")]


def _how_to_vote(card: ProposalCard) -> list[Element]:
    return [
        text("React with "),
        *listed([_emoji(name) for name in card.approve_emoji], "or"),
        text(" to approve, "),
        *listed([_emoji(name) for name in card.reject_emoji], "or"),
        text(" to reject. Open until "),
        *in_both_zones(card.proposal.expires_at, card.zone),
        text("."),
    ]


def _emoji(name: str) -> Element:
    return {"type": "emoji", "name": name}


def _fitting(
    lines: Sequence[Element], budget: int, what: str, *, marked: bool = False
) -> list[Block]:
    """Return the lines as a list, as many as `budget` holds, and how many are left.

    `marked` lines begin with a sign of their own and get no bullet.
    """
    kept: list[Element] = []
    for entry in lines[:_MOST_LINES]:
        if kept and weight([rich(bullets([*kept, entry]))]) > budget:
            break
        kept.append(entry)
    left = len(lines) - len(kept)
    more = [context(f"And {plural(left, f'more {what}')}: see Details.")] if left else []
    if not kept:
        return []
    return [rich(*kept) if marked else rich(bullets(kept)), *more]
