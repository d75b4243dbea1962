"""One call of a Web API method: its arguments, whose token it carries, and what it may touch.

Arguments come from the query, a form or JSON; they are read here and nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import SlackError, Workspace

Json = dict[str, Any]

_TRUE = ("1", "true", "True", True, 1)
MOST_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method's arguments and the state it works on."""

    method: str
    args: Json
    workspace: Workspace
    views: Views
    scopes: frozenset[str]
    socket_url: Callable[[], str]

    def text(self, name: str) -> str:
        """Return an argument as text, "" where it is absent."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        """Return an argument that must be there."""
        value = self.text(name)
        if not value:
            words = f"[ERROR] missing required field: {name}"
            raise SlackError(error, detail=name, response_metadata={"messages": [words]})
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean argument in any of its spellings."""
        return self.args[name] in _TRUE if name in self.args else default

    def whole(self, name: str, default: int) -> int:
        """Return a whole number; `invalid_arguments` for anything else."""
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", detail=name) from None

    def json(self, name: str, error: str) -> Any:
        """Return an argument that may come as JSON or as text holding JSON; None if absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error, detail=f"{name} is no JSON") from None

    def channel(self) -> Channel:
        """Return the conversation that `channel` names by its id."""
        return self.workspace.channel(self.needed("channel", "channel_not_found"))

    def page(self, items: list[Any], most: int) -> tuple[list[Any], Json]:
        """Return a page of items by `cursor` and `limit`, and metadata with the next cursor."""
        start = _start(self.text("cursor"))
        end = start + max(1, min(self.whole("limit", most), MOST_PAGE))
        following = _cursor(end) if end < len(items) else ""
        return items[start:end], {"next_cursor": following}


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None


Method = Callable[[Call], Json]
