"""The forms that propose to act on a version: what stands now, what is wished, and why.

Knows the facts of each deed; refuses to know where a form comes from and what becomes of
it. Nothing here is sent to Apple, and each form says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain.editing import state_words
from bot.domain.platforms import platform_name
from bot.domain.scene import PENDING
from bot.domain.validation import Finding
from bot.domain.wishes import Deed
from bot.slack import ids
from bot.slack.faces.actions import ANYBODY, PHASED_IN, phased_sentence, release_words
from bot.slack.faces.blocks import (
    Block,
    actions,
    bullets,
    button,
    confirm,
    context,
    isolate,
    line,
    plain,
    rich,
    section,
    text,
)
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.remarks import finding_line
from bot.slack.faces.times import zone_text
from bot.slack.faces.version_inputs import INPUTS, not_before_input, reason_input
from bot.slack.faces.version_states import NOTHING_YET, TITLES
from bot.slack.faces.wording import plural, target_label
from bot.workflow.version_cards import ActionForm

_MOST_FINDINGS = 20


def version_view(
    form: ActionForm, *, carried: str = "", again: str = "", problem: str = ""
) -> View:
    """Return the form of a deed, filled with its wish.

    `carried` comes back with the view; `again` is the value of the buttons that look again and
    start over.
    `problem` says why what was sent before could not be proposed. A form whose checklist has
    errors shows them in place of its inputs.
    """
    blocks: list[Block] = [context(_about(form))]
    if problem:
        blocks.append(section(f"⚠️ {problem}"))
    elif form.note:
        blocks.append(section(form.note))
    blocks += _FACTS[form.deed](form)
    if form.frozen:
        blocks.append(section(f"⏸️ {form.frozen}"))
    blocks += _checklist(form)
    view = modal(TITLES[form.deed], ids.VERSION_VIEW, *blocks, carried=carried)
    if form.errors:
        row = actions(button("Look again", ids.VERSION_AGAIN, again, style="primary"))
        return {**view, "blocks": [*blocks, row]}
    inputs = [*INPUTS[form.deed](form), reason_input(form), *not_before_input(form)]
    return {
        **view,
        "blocks": [*blocks, *inputs, *_start_over(form, again), context(NOTHING_YET)],
        "submit": plain("Propose"),
        "close": plain("Cancel"),
    }


def _start_over(form: ActionForm, again: str) -> list[Block]:
    if form.kept is None:
        return []
    question = confirm(
        title="Start over?",
        text="What you filled in is dropped for what App Store Connect holds.",
        yes="Start over",
        no="Keep it",
    )
    pressed = button("Start over", ids.VERSION_START_OVER, again, style="danger", confirm=question)
    return [actions(pressed)]


def _about(form: ActionForm) -> str:
    if form.release is None:
        return f"{isolate(form.app.name)} for {platform_name(form.platform)}."
    version = form.release.version
    label = target_label(form.app.name, version.number, form.platform)
    return f"{label}. State: {state_words(version.state)}."


def _checklist(form: ActionForm) -> list[Block]:
    if form.deed is not Deed.SUBMIT:
        return []
    warnings = [one for one in form.findings if one not in form.errors]
    blocks = [*_findings("Still to do", form.errors), *_findings("Worth a look", warnings)]
    return blocks or [section("✓ Everything that can be checked is there.")]


def _findings(title: str, findings: Sequence[Finding]) -> list[Block]:
    if not findings:
        return []
    lines = [finding_line(one) for one in findings[:_MOST_FINDINGS]]
    more = len(findings) - len(lines)
    rest = [context(f"And {more} more.")] if more else []
    return [rich(line(text(title, "bold")), bullets(lines)), *rest]


def _no_facts(_form: ActionForm) -> list[Block]:
    return []


def _build_facts(form: ActionForm) -> list[Block]:
    now = form.seen.build or "none"
    if form.standing.builds:
        return [section(f"Chosen now: {now}.")]
    return [
        section(f"Chosen now: {now}. There is no build that can be chosen."),
        context("Upload one with Xcode, and wait until Apple has processed it."),
    ]


def _cancel_facts(form: ActionForm) -> list[Block]:
    found = form.submission
    since = (
        f" since {zone_text(found.submitted_at, ZoneInfo(form.zone))}"
        if found and found.submitted_at
        else ""
    )
    others = max(0, len(found.version_ids) + found.others - 1) if found else 0
    more = f" {plural(others, 'other item')} of the same submission goes with it." if others else ""
    return [
        section(
            f"It has been handed in{since}. Cancelled, it can be changed again and has to be"
            f" submitted anew.{more}"
        )
    ]


def _release_facts(form: ActionForm) -> list[Block]:
    release = form.release
    if release is None:
        return []
    build = release.build.label if release.build else "no build"
    released = release_words(form.seen.release, ZoneInfo(form.zone))
    lines = [f"Build: {build}.", f"Released {released} as it is now."]
    if release.version.state == PENDING:
        lines = [
            f"Released now, {release.version.number} is public at once.",
            *([f"{PHASED_IN} {ANYBODY}"] if release.phased else []),
            *lines[:1],
            "What is on the App Store cannot be taken back.",
        ]
    return [section("\n".join(lines))]


def _phased_facts(form: ActionForm) -> list[Block]:
    phased = form.release.phased if form.release else None
    return [section(phased_sentence(phased)), context(ANYBODY)]


_FACTS: Mapping[Deed, Callable[[ActionForm], list[Block]]] = {
    Deed.VERSION: _no_facts,
    Deed.BUILD: _build_facts,
    Deed.SUBMIT: lambda form: [section(f"Build: {form.seen.build or 'none'}.")],
    Deed.CANCEL: _cancel_facts,
    Deed.RELEASE: _release_facts,
    Deed.PHASED: _phased_facts,
}
