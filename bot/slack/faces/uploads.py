"""The modal that asks for a file and what it is for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.platforms import platform_name
from bot.errors import Refused
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    actions,
    button,
    clip,
    context,
    isolate,
    option,
    plain,
    section,
)
from bot.slack.faces.form_choices import REASON_HINT, labelled
from bot.slack.faces.form_states import View, modal
from bot.workflow.upload_cards import UploadTarget

UNSEEN = "Nothing is proposed before you have seen what it changes."
TITLE = "Propose from a file"
MOST_FILES = 10
_MOST_CHOICES = 100
_WORDS = 300
_FILE_NAME = 75
_DEEDS = {
    ids.BULK_FILE_DEED: "From a file",
    ids.BULK_SPREAD_DEED: "One text for many locales",
    ids.BULK_REPLACE_DEED: "Find and replace",
    ids.BULK_COPY_DEED: "Copy texts",
    ids.BULK_ADD_DEED: "Add a locale",
    ids.BULK_REMOVE_DEED: "Remove locales",
}
_HINT = (
    "CSV, TSV, XLSX, JSON, or a zip of fastlane's folder, of at most 10 MB. What it is, is told by"
    " its content."
)
_CLEARS = "An empty file of a folder, or an empty text in JSON, empties its field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a file's modal was opened with: the words typed, or the files of a message.

    `files` are pairs of id and name; without them one is uploaded in the modal.
    """

    words: str = ""
    files: tuple[tuple[str, str], ...] = ()
    url: str = ""

    def dump(self) -> str:
        """Return it as private metadata."""
        files = [[number, clip(name, _FILE_NAME)] for number, name in self.files[:MOST_FILES]]
        return json.dumps([self.words[:_WORDS], files, self.url], ensure_ascii=False)

    @staticmethod
    def of(view: Mapping[str, Any]) -> Origin:
        """Return what a view was opened with; raises Refused for a view of another time."""
        return Origin.load(str(view.get("private_metadata") or ""))

    @staticmethod
    def load(carried: str) -> Origin:
        """Return what `dump` wrote; raises Refused for anything else."""
        try:
            words, files, url = json.loads(carried)
            pairs = tuple((str(number), str(name)) for number, name in files)
        except (ValueError, TypeError):
            raise Refused("This form is of another time.", remedy="Open a new one.") from None
        return Origin(words=str(words), files=pairs, url=str(url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in a file's modal; `target` is "" where it offered only one."""

    file: str = ""
    target: str = ""
    reason: str = ""
    empty_clears: bool = False

    @staticmethod
    def of(view: Mapping[str, Any], origin: Origin) -> Filled:
        """Return what a view holds; `file` is "" where none was chosen."""
        values = view["state"]["values"]
        files = held_in(values, ids.FILE_INPUT).get("files") or []
        only = origin.files[0][0] if len(origin.files) == 1 else ""
        return Filled(
            file=str(files[0]["id"]) if files else option_in(values, ids.FILE_SELECT) or only,
            target=option_in(values, ids.FILE_TARGET),
            reason=str(held_in(values, ids.FILE_REASON).get("value") or ""),
            empty_clears=bool(held_in(values, ids.FILE_CLEARS).get("selected_options")),
        )


NOTHING = Filled()


def target_value(target: UploadTarget) -> str:
    """Return a target as the value of its option."""
    return f"{target.app.id} {target.platform}"


def target_words(target: UploadTarget) -> str:
    """Return a target as one types it after the command."""
    return f"{target.app.bundle_id} {platform_name(target.platform)}"


def file_view(
    targets: tuple[UploadTarget, ...],
    origin: Origin,
    filled: Filled = NOTHING,
    *,
    problem: str = "",
) -> View:
    """Return the modal that asks for a file; `problem` says what was wrong with the last one."""
    said = [section(f"⚠️ {problem}")] if problem else []
    view = modal(
        TITLE,
        ids.FILE_VIEW,
        *said,
        target_block(targets, filled.target),
        _file(origin, filled.file),
        reason_block(filled.reason),
        _clears(ticked=filled.empty_clears),
        context(UNSEEN),
        *([] if origin.files else [deeds(ids.BULK_FILE_DEED)]),
        carried=origin.dump(),
    )
    return {**view, "submit": plain("Preview"), "close": plain("Cancel")}


def deeds(shown: str) -> Block:
    """Return the buttons that lead to the other ways of changing many texts."""
    others = {action: words for action, words in _DEEDS.items() if action != shown}
    return actions(*(button(words, action, "deed") for action, words in others.items()))


def target_block(targets: tuple[UploadTarget, ...], chosen: str) -> Block:
    """Return the select of the app, or a line where there is only one."""
    choices = [option(_label(one), target_value(one)) for one in targets[:_MOST_CHOICES]]
    if len(choices) == 1:
        return section(f"For {_label(targets[0])}.")
    first = next((one for one in choices if one["value"] == chosen), None)
    select = {"type": "static_select", "action_id": ids.FILE_TARGET, "options": choices}
    element = {**select, "initial_option": first} if first else select
    more = f"Others: type {ids.COMMAND} bulk and their name." if len(targets) > len(choices) else ""
    return labelled("App", ids.FILE_TARGET, element, hint_text=more, required=True)


def _label(target: UploadTarget) -> str:
    return f"{isolate(target.app.name)} for {platform_name(target.platform)}"


def _file(origin: Origin, chosen: str) -> Block:
    if not origin.files:
        element: dict[str, Any] = {
            "type": "file_input",
            "action_id": ids.FILE_INPUT,
            "max_files": 1,
        }
        return labelled("File", ids.FILE_INPUT, element, hint_text=_HINT, required=True)
    if len(origin.files) == 1:
        return section(f"File: {isolate(origin.files[0][1])}")
    choices = [option(isolate(name), number) for number, name in origin.files]
    first = next((one for one in choices if one["value"] == chosen), choices[0])
    element = {
        "type": "static_select",
        "action_id": ids.FILE_SELECT,
        "options": choices,
        "initial_option": first,
    }
    return labelled("File", ids.FILE_SELECT, element, required=True)


def reason_block(held: str) -> Block:
    """Return the input that asks why, the same in every one of these modals."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": ids.FILE_REASON,
        "multiline": True,
        "max_length": 1000,
    }
    if held:
        element["initial_value"] = held
    return labelled("Why", ids.FILE_REASON, element, hint_text=REASON_HINT)


def _clears(*, ticked: bool) -> Block:
    box = option(_CLEARS, "clears")
    element: dict[str, Any] = {
        "type": "checkboxes",
        "action_id": ids.FILE_CLEARS,
        "options": [box],
    }
    if ticked:
        element["initial_options"] = [box]
    hint = "Otherwise such a file says nothing. [clear] alone in a cell or a file always empties."
    return labelled("Empty texts", ids.FILE_CLEARS, element, hint_text=hint)


def held_in(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return what an input holds, whose block and action have one id."""
    found: Mapping[str, Any] = (values.get(name) or {}).get(name) or {}
    return found


def option_in(values: Mapping[str, Any], name: str) -> str:
    """Return the value of what was chosen in a select, "" for nothing."""
    return str((held_in(values, name).get("selected_option") or {}).get("value") or "")
