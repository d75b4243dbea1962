"""The edit form as modals: loading, the form itself, and what is shown when it cannot open.

Knows labels, hints and which block holds which text; refuses to know what Apple or the
store say: all of that arrives as an `EditForm`. Every field is optional for Slack, since
which ones a listing needs is a rule of the domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.domain.editing import state_words
from bot.domain.fields import Kind
from bot.domain.validation import Finding, hint
from bot.slack import ids
from bot.slack.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
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
from bot.slack.parts import parts
from bot.slack.standing import finding_line
from bot.slack.wording import locale_label, place_label, platform_name, version_label
from bot.workflow.cards import EditForm, FormField, LocaleChoice

View: TypeAlias = dict[str, Any]

# Fields short enough to be counted while a person types.
COUNTED = frozenset({"name", "subtitle", "keywords", "promotionalText"})

_PREVIEW = 280
_MOST_PROBLEMS = 12
_REASON_HINT = "People who approve read this first. It is kept in the history."


def loading_view(app_name: str = "") -> View:
    """Return the modal that opens at once, before Apple has answered."""
    where = f" of {isolate(app_name)}" if app_name else ""
    return _modal(
        "Edit metadata",
        ids.LOADING_VIEW,
        section(f"⏳ Reading the texts{where} from App Store Connect…"),
        context("This takes a second or two. Nothing has to be done."),
    )


def edit_view(
    form: EditForm, *, split_long: bool = False, problems: Sequence[Finding] = ()
) -> View:
    """Return the edit form of one locale.

    `split_long` draws a text above 3,000 characters as two inputs, for a Slack that refuses
    a longer one. `problems` are mistakes to mend that no input of this locale can show.
    """
    blocks: list[Block] = [
        _what_is_edited(form),
        *([section("\n".join(form.notes))] if form.notes else []),
        *_problem_blocks(problems),
        *_selects(form),
    ]
    for field in form.fields:
        blocks += _field_blocks(form, field, split_long=split_long)
    blocks.append(_reason(form))
    view = _modal("Edit metadata", ids.EDIT_VIEW, *blocks, draft=form.draft)
    submit = "Save revision" if form.proposal is not None else "Propose"
    return {**view, "submit": plain(submit), "close": plain("Cancel")}


def error_view(message: str, remedy: str, retry: str = "") -> View:
    """Return the modal for texts that could not be read, with a button that tries again.

    `retry` is the button's value, which says what to ask for again; without it there is no
    button.
    """
    button_row = actions(button("Try again", ids.TRY_AGAIN, retry, style="primary"))
    return _modal(
        "Edit metadata",
        ids.ERROR_VIEW,
        section(f"⚠️ {message}"),
        *([context(remedy)] if remedy else []),
        context("Nothing that you typed is lost."),
        *([button_row] if retry else []),
    )


def expired_view() -> View:
    """Return the modal for a form whose draft was sent or dropped meanwhile."""
    return notice_view(
        "Edit metadata",
        "This form is no longer in use: its changes were proposed or dropped elsewhere.",
        f"Type {ids.COMMAND} edit to start again from what Apple holds now.",
    )


def no_apps_view() -> View:
    """Return the modal for a key that sees no app."""
    return notice_view(
        "Edit metadata",
        "There is no app to edit: the App Store Connect key sees none.",
        "Ask whoever set up the bot to run marquee doctor; it says what the key may see.",
    )


def notice_view(title: str, message: str, remedy: str = "") -> View:
    """Return a modal that says one thing and waits for nothing."""
    remedies = [context(remedy)] if remedy else []
    return _modal(title, ids.NOTICE_VIEW, section(message), *remedies)


def errors_by_block(
    findings: Sequence[Finding], form: EditForm, *, split_long: bool = False
) -> dict[str, str]:
    """Return errors for `response_action: errors`: a sentence for each block at fault.

    A mistake of a text that is not on screen stands at the locale select, with the
    locale's name.
    """
    sentences: dict[str, list[str]] = {}
    for finding in findings:
        block, sentence = _place(finding, form, split_long=split_long)
        sentences.setdefault(block, []).append(sentence)
    return {block: _joined(found) for block, found in sentences.items()}


def _place(finding: Finding, form: EditForm, *, split_long: bool) -> tuple[str, str]:
    sentence = f"{finding.message} {finding.remedy}".strip()
    shown = {entry.field.attribute: entry for entry in form.fields if entry.why_not is None}
    entry = shown.get(finding.field)
    if entry is not None and finding.locale == form.locale:
        split = split_long and len(parts(entry.text)) > 1
        part = ids.FIRST if split else ids.WHOLE
        return ids.field_block(finding.field, form.locale, form.draft, part), sentence
    where = place_label(finding.locale, finding.field)
    return ids.locale_block(form.draft), f"{where}: {sentence}" if where else sentence


def _joined(sentences: Sequence[str]) -> str:
    more = len(sentences) - _MOST_PROBLEMS
    shown = " ".join(clip(sentence, 200) for sentence in sentences[:_MOST_PROBLEMS])
    return f"{shown} And {more} more." if more > 0 else shown


def _modal(title: str, callback: str, *blocks: Block, draft: int | None = None) -> View:
    return {
        "type": "modal",
        "title": plain(title, VIEW_TITLE),
        "close": plain("Close"),
        "callback_id": callback,
        "private_metadata": "" if draft is None else str(draft),
        "blocks": list(blocks),
    }


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
    return _input(label, block_id, element, dispatch=True)


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
    return _input("Locale", ids.locale_block(form.draft), element, dispatch=True)


def _locale_option(choice: LocaleChoice) -> Element:
    name = locale_label(choice.code)
    return option(f"{name} · changed" if choice.changed else name, choice.code)


def _input(
    label: str, block_id: str, element: Element, *, hint_text: str = "", dispatch: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": not dispatch,
        "dispatch_action": dispatch,
    }
    return {**block, "hint": plain(hint_text)} if hint_text else block


def _field_blocks(form: EditForm, entry: FormField, *, split_long: bool) -> list[Block]:
    if entry.why_not is not None:
        return [_unchangeable(entry)]
    pieces = parts(entry.text)
    if not split_long or len(pieces) == 1:
        return [_whole(form, entry)]
    return [
        _part(form, entry, ids.FIRST, pieces[0]),
        _part(form, entry, ids.SECOND, pieces[1]),
    ]


def _unchangeable(entry: FormField) -> Block:
    shown = isolate(clip(entry.before, _PREVIEW)) or "Nothing there."
    style = () if entry.before else ("italic",)
    return rich(
        line(text(entry.field.label, "bold"), text(f"  {entry.why_not}", "italic")),
        quote(text(shown, *style)),
    )


def field_hint(form: EditForm, entry: FormField) -> str:
    """Return what stands under an input: the count, and whether the text is public at once."""
    count = hint(entry.field, entry.text)
    return f"Public at once. {count}" if form.live else count


def _whole(form: EditForm, entry: FormField) -> Block:
    block_id = ids.field_block(entry.field.attribute, form.locale, form.draft)
    counted = entry.field.attribute in COUNTED
    block = _input(
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
    return _input(label, block_id, element, hint_text=hints[part])


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


def _reason(form: EditForm) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.REASON_INPUT,
        "multiline": True,
        "placeholder": plain("What should this change do for people?", 150),
    }
    if form.reason:
        element["initial_value"] = form.reason
    return _input("Why", ids.reason_block(form.draft), element, hint_text=_REASON_HINT)
