"""The inputs of the forms that propose to act on a version, and what their blocks are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.platforms import platform_name
from bot.domain.releases import Build, ReleaseType
from bot.domain.scene import PENDING, RELEASED, moment_of
from bot.domain.timing import NOT_BEFORE
from bot.domain.wishes import MAY_WAIT, Deed
from bot.slack import ids
from bot.slack.faces.blocks import Block, Element, clip, option, plain
from bot.slack.faces.form_choices import REASON_HINT, TIMES
from bot.slack.faces.times import zone_text
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


def block_id(action: str, form: ActionForm) -> str:
    """Return the block id of an input: Slack keeps what was typed for as long as it is the same.

    What was read for another platform or version is another input.
    """
    return f"{action}/{form.platform}/{form.seen.version_id}"


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


INPUTS: Mapping[Deed, Callable[[ActionForm], list[Block]]] = {
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


def reason_input(form: ActionForm) -> Block:
    """Return the input for why."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": ids.VERSION_REASON,
        "multiline": True,
    }
    if form.wish.reason:
        element["initial_value"] = form.wish.reason
    return _input(form, "Why", element, optional=True, hint=REASON_HINT)


def not_before_input(form: ActionForm) -> list[Block]:
    """Return the input for when it shall happen, of the deeds that may wait."""
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
