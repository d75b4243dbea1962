"""What there is to remark about a proposal: findings, and what Apple holds otherwise by now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.changes import leaves
from bot.domain.items import Item, ItemKind, ItemState, leaving
from bot.domain.proposals import Status
from bot.domain.rebasing import REMOVED, drifted, stale_texts
from bot.domain.validation import Finding
from bot.slack.faces.actions import actions_of
from bot.slack.faces.blocks import (
    Block,
    Element,
    clip,
    context,
    isolate,
    line,
    rich,
    text,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.lists import fitting
from bot.slack.faces.wording import (
    capital,
    field_label,
    item_label,
    locale_label,
    place_label,
    plural,
    series,
    stale_items,
)
from bot.workflow.cards import ProposalCard

# From so many locales on the same is said once.
_ALIKE = 3
# More notes than these are told by field.
_MOST_LINES = 16
_FINDINGS_BUDGET = 1_100
STALE_BUDGET = 1_300
# Beside what still waits for votes there is less room.
BESIDE_VOTES = 500


def findings_blocks(findings: Sequence[Finding]) -> list[Block]:
    """Return what is worth a look before one votes."""
    lines = finding_lines(findings)
    if len(lines) > _MOST_LINES:
        lines = _by_field(findings)
    if not lines:
        return []
    title = rich(line(text("Worth a look", "bold")))
    return [title, *fitting(lines, _FINDINGS_BUDGET, "note")]


def finding_lines(findings: Sequence[Finding], *, most: int = 4) -> list[Element]:
    """Return findings in lines; what is found of a field in many locales is one line.

    It names `most` of them.
    """
    return [line for same in _alike(findings) for line in _lines(same, most)]


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings together that say the same of the same field."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        what = (finding.severity, finding.field, finding.message, finding.remedy)
        alike.setdefault(what, []).append(finding)
    return list(alike.values())


def _lines(same: Sequence[Finding], most: int) -> list[Element]:
    if len(same) < _ALIKE or not all(finding.locale for finding in same):
        return [finding_line(finding) for finding in same]
    labels = [locale_label(finding.locale) for finding in same]
    return [finding_line(same[0], where=f"{_field(same[0])} in {series(labels, most=most)}")]


def _field(finding: Finding) -> str:
    return field_label(finding.field) if finding.field else "The locale"


def _by_field(findings: Sequence[Finding]) -> list[Element]:
    """Return a line each field with how much was found of it, and an example.

    What is said of no locale, or of many in the same words, stays a line of its own.
    """
    lines: list[Element] = []
    single: dict[str, list[Finding]] = {}
    for same in _alike(findings):
        if len(same) < _ALIKE and same[0].locale:
            single.setdefault(_field(same[0]), []).extend(same)
        else:
            lines += _lines(same, most=4)
    for field, found in single.items():
        where = plural(len({finding.locale for finding in found}), "locale")
        count = plural(len(found), "note")
        lines.append(finding_line(found[0], where=f"{field}, {count} in {where}, such as"))
    return lines


def finding_line(finding: Finding, *, where: str = "") -> Element:
    """Return a finding in a line: where, what, and what to do about it."""
    where = where or place_label(finding.locale, finding.field)
    words = f"{finding.message} {finding.remedy}".strip()
    return line(text(f"{where}: " if where else ""), text(isolate(clip(words, 240))))


def stale_blocks(card: ProposalCard, *, budget: int = STALE_BUDGET) -> list[Block]:
    """Return what Apple holds otherwise by now, nothing where it is as it was."""
    items = stale_items(card.proposal)
    if not items:
        return []
    lines = []
    gone = leaving(items)
    for item in items:
        if item.kind is ItemKind.TEXT and leaves(item, gone):
            continue
        now = card.stale_now.get((item.locale, item.field))
        holds = f" Apple now holds: {in_a_line(now)}" if now else ""
        empty = " Apple now holds nothing there." if now == "" else ""
        where = place_label(item.locale, item.field)
        told = f" {item.problem}" if item.problem and not drifted(item) else ""
        said = told or holds or empty or " changed."
        lines.append(line(text(f"{where}:", "bold"), text(isolate(said))))
    title = f"{capital(what_moved(card))} since this was proposed, so it was not sent."
    return [
        rich(line(text(title, "bold"))),
        *fitting(lines, budget, "text"),
        context(_what_now(card, items)),
    ]


def _what_now(card: ProposalCard, items: Sequence[Item]) -> str:
    """Return what somebody may do with what is stale."""
    removed = any(item.problem == REMOVED for item in items)
    if card.proposal.status is Status.OPEN and stale_texts(items):
        rebase = (
            "Rebase shows what was, what was proposed and what Apple holds now, and makes a new"
            " revision of it; Propose again makes a new proposal."
        )
        return f"{rebase} Only that brings a locale back." if removed else rebase
    if removed:
        return "Propose again makes the locale anew with these texts, if people approve that."
    kept = "what was wished" if actions_of(items) else "these texts"
    return f"Propose again starts from what Apple holds now and keeps {kept}."


def what_moved(card: ProposalCard) -> str:
    """Return what happened at Apple to what is stale, as a clause."""
    items = stale_items(card.proposal)
    if actions_of(items):
        return "how it stands at Apple changed"
    if card.proposal.target.awaits:
        return "what could become of its version changed"
    if items and all(item.problem == REMOVED for item in items):
        return "its locale was removed at Apple"
    return "Apple's text changed"


def failed_blocks(card: ProposalCard) -> list[Block]:
    """Return what of an open proposal's part did not arrive, and why."""
    failed = [item for item in card.proposal.items if item.state is ItemState.FAILED]
    if not failed:
        return []
    lines = [
        line(
            text(f"{place_label(item.locale, item.field) or item_label(item)}:", "bold"),
            text(f" {isolate(clip(item.problem, 240))}"),
        )
        for item in failed
    ]
    return [
        rich(line(text("Approved, and not arrived", "bold"))),
        *fitting(lines, BESIDE_VOTES, "text"),
        context("Retry failed sends it again; the rest does not wait for it."),
    ]
