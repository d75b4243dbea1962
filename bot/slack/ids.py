"""Every id that Slack hands back to us, named once: actions, blocks, views.

Knows how a field's block carries its field, locale and draft; refuses to know what
happens when one comes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COMMAND = "/aso"

# Views.
EDIT_VIEW = "edit"
LOADING_VIEW = "edit.loading"
ERROR_VIEW = "edit.error"
DETAILS_VIEW = "details"
NOTICE_VIEW = "notice"
VERSION_VIEW = "version"
CONFIRM_VIEW = "confirm"
REBASE_VIEW = "rebase"
WHY_VIEW = "why"
GLASS_VIEW = "glass"

# Actions inside the edit form; the value of a select is the chosen code or id.
PLATFORM_SELECT = "edit.platform"
VERSION_SELECT = "edit.version"
LOCALE_SELECT = "edit.locale"
FIELD_INPUT = "edit.text"
REASON_INPUT = "edit.reason"
SUBMIT_INPUT = "edit.submit"
PARTS_INPUT = "edit.parts"
NOT_BEFORE_INPUT = "edit.not-before"
ENDS_AT_INPUT = "edit.ends-at"
TRY_AGAIN = "edit.try-again"
APP_SELECT = "edit.app"
START_OVER = "edit.start-over"

# Inputs of the forms that act on a version.
VERSION_PLATFORM = "version.platform"
VERSION_NUMBER = "version.number"
VERSION_BUILD = "version.build"
VERSION_RELEASE_TYPE = "version.release-type"
VERSION_DATE = "version.date"
VERSION_HOUR = "version.hour"
VERSION_COPY = "version.copy"
VERSION_PHASED = "version.phased"
VERSION_REASON = "version.reason"
VERSION_NOT_BEFORE = "version.not-before"
# Buttons inside them; the value says what to ask for again.
VERSION_AGAIN = "version.again"
VERSION_APP = "version.app"
VERSION_START_OVER = "version.start-over"
# Under the message that says what became of a form; the value says what to ask for again.
VERSION_KEPT = "version.kept"

# Buttons of a proposal; their value is the proposal's number.
DETAILS = "proposal.details"
EDIT = "proposal.edit"
CONFIRM = "proposal.confirm"
SAY_WHY = "proposal.say-why"
STOP = "proposal.stop"
GO_ON = "proposal.go-on"
WITHDRAW = "proposal.withdraw"
REBASE = "proposal.rebase"
PROPOSE_AGAIN = "proposal.propose-again"
RETRY_FAILED = "proposal.retry-failed"
REVERT = "proposal.revert"

# The one input of the form in which somebody says why they rejected.
WHY_INPUT = "why.reason"
# The same of a push without approval, and the button under what is said of it: its number.
GLASS_INPUT = "glass.reason"
REVIEWED = "glass.reviewed"

# Buttons under news of a version; their value is the version's id.
RELEASE = "version.release"
PAUSE = "version.pause"
RESUME = "version.resume"
COMPLETE = "version.complete"
LISTING = "version.listing"
# It leads to App Store Connect.
OPEN_STORE = "version.open"

# Buttons of a webhook's answer; their value is the app's id.
HOOK_SET_UP = "webhook.set-up"
HOOK_ROTATE = "webhook.rotate"
HOOK_PING = "webhook.ping"
HOOK_REMOVE = "webhook.remove"

# What a person wants to hear, and the one input of that view.
SETTINGS_VIEW = "settings"
WISHES = "settings.wishes"

# Under a reminder: the value of Done is the reminder's key.
REMINDER_DONE = "reminder.done"

# Under a summary of failures: the value is the proposals' numbers, "3,5,8".
RETRY_ALL = "summary.retry-all"
OPEN_LINK = "summary.open"

# Paging; the value of a button is the page it leads to, counted from 0. In the details
# it is `details_value`, since a view of its own says nothing of the proposal.
DETAILS_PREVIOUS = "details.previous"
DETAILS_NEXT = "details.next"
DETAILS_JUMP = "details.jump"
HOME_PREVIOUS = "home.previous"
HOME_NEXT = "home.next"
PROPOSALS_NEXT = "proposals.next"
HOME_DETAILS = "home.details"

# The checklist of what a proposal leads to, by its number, and all of an app's, by what was
# typed; the modal of both.
CHECKLIST = "checklist.proposal"
CHECKLIST_WHOLE = "checklist.whole"
CHECKLIST_VIEW = "checklist"

# The message shortcut that takes a text into a form, and the modal that asks where.
USE_TEXT = "use_text"
CLIP_VIEW = "clip"
CLIP_DRAFT = "clip.draft"
CLIP_FIELD = "clip.field"

# What the details begin with that is no locale.
OVERVIEW = "-"

# The message shortcut that proposes from a message's file, and the modal that asks for one;
# the inputs' blocks and actions share an id.
PROPOSE_FILE = "propose_file"
FILE_VIEW = "file"
FILE_TARGET = "file.target"
FILE_INPUT = "file.upload"
FILE_SELECT = "file.of-message"
FILE_REASON = "file.reason"
FILE_CLEARS = "file.clears"

# The same for one deed done to many texts, and the buttons that lead from one to the other.
BULK_EDIT_VIEW = "bulk-edit"
BULK_FIELD = "bulk-edit.field"
BULK_FIELDS = "bulk-edit.fields"
BULK_LOCALES = "bulk-edit.locales"
BULK_TEXT = "bulk-edit.text"
BULK_FIND = "bulk-edit.find"
BULK_BY = "bulk-edit.by"
BULK_FROM_VERSION = "bulk-edit.from-version"
BULK_FROM_LOCALE = "bulk-edit.from-locale"
BULK_NEW_LOCALE = "bulk-edit.new-locale"
BULK_LEAVING = "bulk-edit.leaving"
BULK_KEEP_NAMES = "bulk-edit.keep-names"
BULK_SPREAD_DEED = "bulk-edit.one-text"
BULK_REPLACE_DEED = "bulk-edit.replace"
BULK_COPY_DEED = "bulk-edit.copy"
BULK_ADD_DEED = "bulk-edit.add"
BULK_REMOVE_DEED = "bulk-edit.remove"
BULK_FILE_DEED = "bulk-edit.file"
# In the modal that stands until there is a preview.
BULK_TRY_AGAIN = "bulk.try-again"

# The preview of a file; the value of its buttons says which, and the page they lead to.
PREVIEW_VIEW = "preview"
PREVIEW_PREVIOUS = "preview.previous"
PREVIEW_NEXT = "preview.next"
PREVIEW_LEAVE = "preview.leave-out"
PREVIEW_MEND = "preview.mend"
PREVIEW_AGAIN = "preview.another-file"
PREVIEW_VERSION = "preview.version"
# The form with what fails in it, and its way back.
MEND_VIEW = "mend"
PREVIEW_BACK = "preview.back"

# A whole text; its two halves, where one input cannot hold it, are parts 1 and 2.
WHOLE = 0
FIRST, SECOND = 1, 2

_FIELD_BLOCK = re.compile(r"field/(\d+)/([^/]+)/([^/]+)/([012])")
_CONFIRM_VALUE = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
_DETAILS_VALUE = re.compile(r"(\d+):(\d+)(?::([A-Za-z0-9-]{1,20}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldBlock:
    """What a field's block id says: whose text the input holds, and which part of it."""

    attribute: str
    locale: str
    draft: int
    part: int = WHOLE


def field_block(attribute: str, locale: str, draft: int, part: int = WHOLE) -> str:
    """Return the block id of a field's input.

    Slack keeps what was typed for as long as block id and action id stay the same, so
    another locale, another draft and another part are each another id.
    """
    return f"field/{draft}/{locale}/{attribute}/{part}"


def parse_field_block(block_id: str) -> FieldBlock | None:
    """Return what a block id says, None when the block is no field's input."""
    match = _FIELD_BLOCK.fullmatch(block_id)
    if match is None:
        return None
    draft, locale, attribute, part = match.groups()
    return FieldBlock(attribute=attribute, locale=locale, draft=int(draft), part=int(part))


def field_texts(view: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return what stands in a view's inputs, each a whole text: (locale, attribute) -> text."""
    values: Mapping[str, Mapping[str, Any]] = view.get("state", {}).get("values", {})
    found = {}
    for block_id, typed in values.items():
        block = parse_field_block(block_id)
        if block is not None:
            text = (typed.get(FIELD_INPUT) or {}).get("value")
            found[block.locale, block.attribute] = str(text or "")
    return found


def reason_block(draft: int) -> str:
    """Return the block id of the reason, the same in every locale of a draft."""
    return f"reason/{draft}"


def parts_block(draft: int) -> str:
    """Return the block id of the box that lets parts go first, the same in every locale."""
    return f"parts/{draft}"


def submit_block(draft: int) -> str:
    """Return the block id of the box that submits the version too, the same in every locale."""
    return f"submit/{draft}"


def time_block(name: str, draft: int) -> str:
    """Return the block id of a time, `not_before` or `ends_at`, the same in every locale."""
    return f"{name}/{draft}"


def platform_block(draft: int) -> str:
    """Return the block id of the select that changes the platform."""
    return f"platform/{draft}"


def version_block(draft: int) -> str:
    """Return the block id of the select that changes the version."""
    return f"version/{draft}"


def locale_block(draft: int) -> str:
    """Return the block id of the select that changes the locale."""
    return f"locale/{draft}"


def bulk_field(attribute: str) -> str:
    """Return the block id, and the action id, of a text of a locale that is added."""
    return f"bulk-edit.text/{attribute}"


def open_link(proposal: int) -> str:
    """Return the action id of a button that leads to a proposal's message."""
    return f"{OPEN_LINK}/{proposal}"


def details_value(proposal: int, page: int, start: str = "") -> str:
    """Return where a button or choice in the details leads: proposal, page, what it begins with.

    `start` is a locale, or `OVERVIEW`; "" for the order in which they open.
    """
    return f"{proposal}:{page}:{start}" if start else f"{proposal}:{page}"


def confirm_value(proposal: int, digest: str) -> str:
    """Return what the view of Confirm carries: the proposal and the digest of what it shows."""
    return f"{proposal}:{digest}"


def parse_confirm_value(value: str) -> tuple[int, str] | None:
    """Return (proposal, digest), None when the value is none of ours."""
    match = _CONFIRM_VALUE.fullmatch(value)
    return (int(match[1]), match[2]) if match else None


def parse_details_value(value: str) -> tuple[int, int, str] | None:
    """Return (proposal, page, start), None when the value is none of ours."""
    match = _DETAILS_VALUE.fullmatch(value)
    return (int(match[1]), int(match[2]), match[3] or "") if match else None
