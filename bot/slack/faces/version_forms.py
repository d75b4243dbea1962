"""The forms that propose to act on a version: what stands now, what is wished, and why.

Knows the inputs of each deed and what their blocks are called; refuses to know where a
form comes from and what becomes of it. Nothing here is sent to Apple, and each form says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.editing import state_words
from bot.domain.releases import Build, ReleaseType
from bot.domain.scene import PENDING, RELEASED, moment_of
from bot.domain.timing import NOT_BEFORE
from bot.domain.validation import Finding
from bot.domain.wishes import MAY_WAIT, Deed
from bot.slack import ids
from bot.slack.faces.actions import ANYBODY, PHASED_IN, phased_sentence, release_words
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
    confirm,
    context,
    isolate,
    line,
    option,
    plain,
    rich,
    section,
    text,
)
from bot.slack.faces.form_choices import TIMES
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.remarks import finding_line
from bot.slack.faces.times import zone_text
from bot.slack.faces.version_states import NOTHING_YET, TITLES
from bot.slack.faces.wording import platform_name, plural, target_label
from bot.workflow.version_cards import ActionForm

_TYPES: Mapping[str, str] = {
    ReleaseType.MANUAL: "By hand, when somebody releases it",
    ReleaseType.AFTER_APPROVAL: "Automatically, as soon as Apple approved it",
    ReleaseType.SCHEDULED: "Not before a date, after approval",
}
_PHASED: Mapping[str, tuple[str, str]] = {
    "INACTIVE": (
        "Release in phases",
        "1, 2, 5, 10, 20, 50, 100 % of automatic updates, over 7 days",
    ),
    "": ("No phases", "It is offered to everybody at once when it is released"),
    "PAUSED": ("Pause", "No more automatic updates; the App Store still offers it"),
    "ACTIVE": ("Resume", "It goes on with the day on which it was paused"),
    "COMPLETE": ("Release to everybody now", "Public at once, and it cannot be taken back"),
}
_MOST_FINDINGS = 20
_REASON_HINT = "People who approve read this first. It is kept in the history."


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
    inputs = [*_INPUTS[form.deed](form), _reason(form), *_not_before(form)]
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


def block_id(action: str, form: ActionForm) -> str:
    """Return the block id of an input: Slack keeps what was typed for as long as it is the same.

    What was read for another platform or version is another input.
    """
    return f"{action}/{form.platform}/{form.seen.version_id}"


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


def _no_inputs(_form: ActionForm) -> list[Block]:
    return []


def _version_inputs(form: ActionForm) -> list[Block]:
    number: Element = {"type": "plain_text_input", "action_id": ids.VERSION_NUMBER}
    if form.wish.number:
        number["initial_value"] = form.wish.number
    return [
        *_platform(form),
        _input(form, "Number", number),
        *_when(form, list(_TYPES)),
        *_copy(form),
        *_builds(form, optional=True),
    ]


def _platform(form: ActionForm) -> list[Block]:
    if len(form.platforms) < 2:
        return []
    choices = [option(platform_name(code), code) for code in form.platforms]
    element = _select(ids.VERSION_PLATFORM, choices, form.platform)
    return [{**_input(form, "Platform", element), "dispatch_action": True}]


def _copy(form: ActionForm) -> list[Block]:
    source = form.seen.source
    if not source:
        return []
    words = f"Take over the texts of {source}, all but what's new"
    choice = option(words, "copy")
    element: Element = {
        "type": "checkboxes",
        "action_id": ids.VERSION_COPY,
        "options": [choice],
        **({"initial_options": [choice]} if form.wish.copy else {}),
    }
    return [_input(form, "Texts", element, optional=True)]


def _builds(form: ActionForm, *, optional: bool) -> list[Block]:
    labelled = {one.label: one for one in form.standing.builds}
    choices = [_build_option(one, ZoneInfo(form.zone)) for one in list(labelled.values())[:100]]
    if not choices:
        return []
    element = _select(ids.VERSION_BUILD, choices, form.wish.build)
    return [_input(form, "Build", element, optional=optional)]


def _build_option(build: Build, zone: ZoneInfo) -> Element:
    when = f" · {zone_text(build.uploaded_at, zone)}" if build.uploaded_at else ""
    return option(f"{build.label}{when}", clip(build.label, 150))


def _release_inputs(form: ActionForm) -> list[Block]:
    pending = form.release is not None and form.release.version.state == PENDING
    return _when(form, [*([RELEASED] if pending else []), *_TYPES])


def _when(form: ActionForm, types: Sequence[str]) -> list[Block]:
    chosen = form.wish.release.partition(" ")[0]
    words = {RELEASED: "Now: public at once", **_TYPES}
    choices = [option(words[name], name) for name in types]
    return [
        _input(form, "Release", _select(ids.VERSION_RELEASE_TYPE, choices, chosen)),
        *_date(form),
    ]


def _date(form: ActionForm) -> list[Block]:
    moment = moment_of(form.wish.release)
    there = moment.astimezone(ZoneInfo(form.zone)) if moment else None
    date: Element = {
        "type": "datepicker",
        "action_id": ids.VERSION_DATE,
        "placeholder": plain("Choose a date", 150),
        **({"initial_date": f"{there:%Y-%m-%d}"} if there else {}),
    }
    hours = [option(f"{hour:02}:00", f"{hour:02}") for hour in range(24)]
    chosen = f"{there:%H}" if there else ""
    return [
        _input(form, "Release date", date, optional=True, hint="For a scheduled release only."),
        _input(
            form,
            f"Hour, {form.zone}",
            _select(ids.VERSION_HOUR, hours, chosen),
            optional=True,
            hint="Apple takes full hours.",
        ),
    ]


def _phased_inputs(form: ActionForm) -> list[Block]:
    choices = [_phased_option(state) for state in form.choices]
    wished = [one for one in choices if one["value"] == _phased_value(form.wish.phased)]
    # Where there is but one thing to choose it is chosen.
    chosen = choices if len(choices) == 1 else wished
    element: Element = {
        "type": "radio_buttons",
        "action_id": ids.VERSION_PHASED,
        "options": choices,
        **({"initial_option": chosen[0]} if chosen else {}),
    }
    return [_input(form, "What should happen?", element)]


def _phased_option(state: str) -> Element:
    words, meaning = _PHASED.get(state, (state, ""))
    described = {"description": plain(meaning, 75)} if meaning else {}
    return {**option(words, _phased_value(state)), **described}


def _phased_value(state: str | None) -> str:
    return "OFF" if state == "" else state or ""


_INPUTS: Mapping[Deed, Callable[[ActionForm], list[Block]]] = {
    Deed.VERSION: _version_inputs,
    Deed.BUILD: lambda form: _builds(form, optional=False),
    Deed.SUBMIT: _no_inputs,
    Deed.CANCEL: _no_inputs,
    Deed.RELEASE: _release_inputs,
    Deed.PHASED: _phased_inputs,
}


def _select(action: str, choices: Sequence[Element], chosen: str) -> Element:
    found = [choice for choice in choices if choice["value"] == chosen]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain("Choose", 150),
        "options": list(choices),
        **({"initial_option": found[0]} if found else {}),
    }


def _reason(form: ActionForm) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.VERSION_REASON,
        "multiline": True,
    }
    if form.wish.reason:
        element["initial_value"] = form.wish.reason
    return _input(form, "Why", element, optional=True, hint=_REASON_HINT)


def _not_before(form: ActionForm) -> list[Block]:
    if form.deed not in MAY_WAIT:
        return []
    label, _, hint = TIMES[NOT_BEFORE]
    element: Element = {"type": "datetimepicker", "action_id": ids.VERSION_NOT_BEFORE}
    if form.wish.not_before is not None:
        element["initial_date_time"] = int(form.wish.not_before.timestamp())
    return [_input(form, label, element, optional=True, hint=hint)]


def _input(
    form: ActionForm, label: str, element: Element, *, optional: bool = False, hint: str = ""
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id(str(element["action_id"]), form),
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint)} if hint else block


def local(date: str, hour: str, zone: str) -> datetime:
    """Return the moment of a date ("2026-12-01") and an hour ("09") in a time zone."""
    return datetime.fromisoformat(f"{date}T{hour}:00").replace(tzinfo=ZoneInfo(zone))
