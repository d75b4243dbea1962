"""The edit form: a locale's fields as inputs, and what a person may choose.

Knows labels, hints and which block holds which text; refuses to know what Apple or the
store say: all of that arrives as an `EditForm`. Every field is optional for Slack, since
which ones a listing needs is a rule of the domain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.domain.editing import state_words
from bot.domain.fields import Kind
from bot.domain.platforms import platform_name
from bot.domain.validation import Finding, hint
from bot.slack import ids
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
    quote,
    rich,
    section,
    text,
)
from bot.slack.faces.form_choices import TIMES, choices, labelled
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.parts import ONE_INPUT, parts
from bot.slack.faces.remarks import finding_line
from bot.slack.faces.wording import locale_label, place_label, version_label
from bot.workflow.cards import EditForm, FormField, LocaleChoice

# Fields short enough to be counted while a person types.
COUNTED = frozenset({"name", "subtitle", "keywords", "promotionalText"})

_OF_A_VIEW = ("type", "title", "submit", "close", "callback_id", "private_metadata")
_PREVIEW = 280
_LIKEWISE = "Not now, for the same reason."
_MOST_PROBLEMS = 12


def edit_view(
    form: EditForm,
    *,
    carried: str = "",
    halves: Mapping[str, str] | None = None,
    problems: Sequence[Finding] = (),
) -> View:
    """Return the edit form of one locale.

    `carried` comes back with the view and with its Start over button. `halves` maps
    attribute -> text to be drawn as two inputs, for a Slack that refuses a long one.
    `problems` are mistakes to mend that no input of this locale can show.
    """
    blocks: list[Block] = [
        _what_is_edited(form),
        *([section("\n".join(form.notes))] if form.notes else []),
        *_problem_blocks(problems),
        *_selects(form),
    ]
    said: set[str] = set()
    for field in form.fields:
        if field.why_not is not None:
            blocks.append(_unchangeable(field, said))
        else:
            blocks += _field_blocks(form, field, (halves or {}).get(field.field.attribute))
    blocks += choices(form)
    if any(choice.changed for choice in form.locales):
        blocks.append(_start_over(form, carried))
    view = modal("Edit metadata", ids.EDIT_VIEW, *blocks, carried=carried)
    submit = "Save revision" if form.proposal is not None else "Propose"
    return {**view, "submit": plain(submit), "close": plain("Cancel")}


def recounted(view: Mapping[str, Any], form: EditForm) -> View:
    """Return an open view with the counts of its short fields as they are now.

    Everything else stays as it is on screen, so that nothing moves under a person's hands.
    """
    hints = {
        ids.field_block(entry.field.attribute, form.locale, form.draft): field_hint(form, entry)
        for entry in form.fields
        if entry.field.attribute in COUNTED
    }
    blocks = [
        {**block, "hint": plain(hints[name])} if (name := block.get("block_id")) in hints else block
        for block in view["blocks"]
    ]
    kept = {name: view[name] for name in _OF_A_VIEW if view.get(name) is not None}
    return {**kept, "blocks": blocks}


def long_texts(form: EditForm) -> dict[str, str]:
    """Return attribute -> text of the inputs that hold more than Slack promises to take."""
    return {
        entry.field.attribute: entry.text
        for entry in form.fields
        if entry.why_not is None and len(entry.text) > ONE_INPUT
    }


def errors_by_block(
    findings: Sequence[Finding], view: Mapping[str, Any], draft: int
) -> dict[str, str]:
    """Return errors for `response_action: errors`: a sentence for each block at fault.

    A mistake of a text that has no input in `view` stands at the locale select, with the
    locale's name.
    """
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    sentences: dict[str, list[str]] = {}
    for finding in findings:
        block, sentence = _place(finding, inputs, draft)
        sentences.setdefault(block, []).append(sentence)
    return {block: _joined(found) for block, found in sentences.items()}


def lacking_notes(findings: Sequence[Finding]) -> str:
    """Return what a submission needs first, as sentences on top of the form; "" for nothing."""
    if not findings:
        return ""
    shown = [
        f"• {place}: {_said(one)}"
        if (place := place_label(one.locale, one.field))
        else f"• {_said(one)}"
        for one in findings[:_MOST_PROBLEMS]
    ]
    return "\n".join(["Nothing was proposed. To submit this version, first:", *shown])


def _said(finding: Finding) -> str:
    return clip(f"{finding.message} {finding.remedy}".strip(), 200)


def _place(finding: Finding, inputs: Collection[str], draft: int) -> tuple[str, str]:
    sentence = f"{finding.message} {finding.remedy}".strip()
    for part in (ids.WHOLE, ids.FIRST):
        block = ids.field_block(finding.field, finding.locale, draft, part)
        if block in inputs:
            return block, sentence
    if finding.field in TIMES:
        block = ids.time_block(finding.field, draft)
        where = TIMES[finding.field][0]
        return (block, sentence) if block in inputs else (_elsewhere(draft), f"{where}: {sentence}")
    where = place_label(finding.locale, finding.field)
    return _elsewhere(draft), f"{where}: {sentence}" if where else sentence


def _elsewhere(draft: int) -> str:
    return ids.locale_block(draft)


def _joined(sentences: Sequence[str]) -> str:
    more = len(sentences) - _MOST_PROBLEMS
    shown = " ".join(clip(sentence, 200) for sentence in sentences[:_MOST_PROBLEMS])
    return f"{shown} And {more} more." if more > 0 else shown


def _what_is_edited(form: EditForm) -> Block:
    state = state_words(form.version.state)
    scope = "What changes here is public at once." if form.live else f"State: {state}."
    return context(f"{version_label(form.app, form.version)}. {scope}")


def _problem_blocks(problems: Sequence[Finding]) -> list[Block]:
    if not problems:
        return []
    lines = [finding_line(problem) for problem in problems[:_MOST_PROBLEMS]]
    more = len(problems) - len(lines)
    rest = [context(f"And {more} more, shown once these are mended.")] if more else []
    return [rich(line(text("Still to mend", "bold")), bullets(lines)), *rest]


def _selects(form: EditForm) -> list[Block]:
    selects = []
    if len(form.platforms) > 1:
        choices = [option(platform_name(code), code) for code in form.platforms]
        selects.append(
            _select("Platform", ids.platform_block(form.draft), ids.PLATFORM_SELECT, choices,
                    form.platform)
        )  # fmt: skip
    if len(form.versions) > 1:
        choices = [
            option(f"{version.number} · {state_words(version.state)}", version.id)
            for version in form.versions
        ]
        selects.append(
            _select("Version", ids.version_block(form.draft), ids.VERSION_SELECT, choices,
                    form.version.id)
        )  # fmt: skip
    return [*selects, _locale_select(form)]


def _select(
    label: str, block_id: str, action_id: str, choices: Sequence[Element], chosen: str
) -> Block:
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "options": list(choices[:100]),
        **_initial(choices, chosen),
    }
    return labelled(label, block_id, element, dispatch=True)


def _initial(choices: Sequence[Element], chosen: str) -> Element:
    found = [choice for choice in choices if choice["value"] == chosen]
    return {"initial_option": found[0]} if found else {}


def _locale_select(form: EditForm) -> Block:
    here = [_locale_option(choice) for choice in form.locales if choice.exists]
    missing = [_locale_option(choice) for choice in form.locales if not choice.exists]
    groups = [
        {"label": plain(label, 75), "options": choices}
        for label, choices in (
            ("In this app", here[:100]),
            ("Add a locale", missing[: max(0, 100 - len(here))]),
        )
        if choices
    ]
    element: Element = {
        "type": "static_select",
        "action_id": ids.LOCALE_SELECT,
        "placeholder": plain("Choose a locale"),
        "option_groups": groups,
        **_initial([*here, *missing], form.locale),
    }
    return labelled("Locale", ids.locale_block(form.draft), element, dispatch=True)


def _locale_option(choice: LocaleChoice) -> Element:
    name = locale_label(choice.code)
    return option(f"{name} · changed" if choice.changed else name, choice.code)


def _field_blocks(form: EditForm, entry: FormField, in_halves: str | None) -> list[Block]:
    pieces = parts(in_halves) if in_halves else ()
    if len(pieces) < 2:
        return [_whole(form, entry)]
    return [
        _part(form, entry, ids.FIRST, pieces[0]),
        _part(form, entry, ids.SECOND, pieces[1]),
    ]


def _unchangeable(entry: FormField, said: set[str]) -> Block:
    """Return a field without an input; a reason in `said` is not told at length again."""
    reason = entry.why_not or ""
    # Reasons begin with the field's own name; what follows is often the same for all.
    ground = reason.partition(" can ")[2]
    why = _LIKEWISE if ground and ground in said else reason
    said.add(ground)
    shown = isolate(clip(entry.before, _PREVIEW)) or "Nothing there."
    style = () if entry.before else ("italic",)
    typed = isolate(clip(entry.text, _PREVIEW))
    return rich(
        line(text(entry.field.label, "bold"), text(f"  {why}", "italic")),
        quote(text(shown, *style)),
        *([line(text("You typed: "), text(typed))] if entry.text != entry.before else []),
    )


def field_hint(form: EditForm, entry: FormField) -> str:
    """Return what stands under an input: the count, and whether the text is public at once."""
    count = hint(entry.field, entry.text)
    return f"Public at once. {count}" if form.live else count


def _whole(form: EditForm, entry: FormField) -> Block:
    block_id = ids.field_block(entry.field.attribute, form.locale, form.draft)
    counted = entry.field.attribute in COUNTED
    block = labelled(
        entry.field.label,
        block_id,
        _text_input(entry, entry.text, counted=counted),
        hint_text=field_hint(form, entry),
    )
    return {**block, "dispatch_action": counted}


def _part(form: EditForm, entry: FormField, part: int, words: str) -> Block:
    block_id = ids.field_block(entry.field.attribute, form.locale, form.draft, part)
    hints = {
        ids.FIRST: "The text goes on in part 2.",
        ids.SECOND: f"Both parts together: {field_hint(form, entry)}",
    }
    label = f"{entry.field.label}, part {part} of 2"
    element = _text_input(entry, words, counted=False)
    return labelled(label, block_id, element, hint_text=hints[part])


def _text_input(entry: FormField, words: str, *, counted: bool) -> Element:
    # No max_length: Slack allows none above 3,000, and a text that is too long at Apple
    # has to be openable before it can be shortened.
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.FIELD_INPUT,
        "multiline": entry.field.kind is Kind.TEXT,
    }
    if words:
        element["initial_value"] = words
    if counted:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def _start_over(form: EditForm, carried: str) -> Block:
    dropped = "the proposal" if form.proposal is not None else "App Store Connect"
    question = confirm(
        title="Start over?",
        text=f"What you typed is dropped, in every locale, for what {dropped} holds.",
        yes="Start over",
        no="Keep it",
    )
    return actions(button("Start over", ids.START_OVER, carried, style="danger", confirm=question))
