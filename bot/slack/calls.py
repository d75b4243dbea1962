"""What a command and a button are called with, and a row of the commands' table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.slack import ids
from bot.slack.checks import SlackSide
from bot.slack.edit import Editor
from bot.slack.version_forms import VersionForms
from bot.slack.work import Answer
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of the command; `words` is what follows the verb, `channel` where it was typed."""

    desk: Desk
    editor: Editor
    forms: VersionForms
    slack: SlackSide
    words: str
    user: str
    channel: str
    trigger_id: str
    response_url: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of the table: what to type, what it does, and the deed."""

    verb: str
    usage: str
    meaning: str
    run: Callable[[Call], Awaitable[None]]

    @property
    def typed(self) -> str:
        """The whole line as a person types it."""
        return f"{ids.COMMAND} {self.verb} {self.usage}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed; view id and hash where it stands in a modal, "" elsewhere.

    `carried` is the private metadata of that modal.
    """

    desk: Desk
    editor: Editor
    forms: VersionForms
    slack: SlackSide
    user: str
    value: str
    trigger_id: str
    view_id: str
    view_hash: str
    response_url: str
    answer: Answer
    carried: str = ""
