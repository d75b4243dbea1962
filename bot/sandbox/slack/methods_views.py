"""The view methods: open and push for a trigger, update by id and hash, publish a Home tab."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import SlackError, Trigger

Json = dict[str, Any]


def _view(call: Call) -> Json:
    given = call.json("view", "invalid_arguments")
    if not isinstance(given, dict):
        words = "[ERROR] missing required field: view"
        raise SlackError("invalid_arguments", response_metadata={"messages": [words]})
    if "files:read" not in call.scopes and _asks_for_files(given):
        words = "[ERROR] file_input requires the scope files:read"
        raise SlackError("invalid_arguments", detail=words, response_metadata={"messages": [words]})
    return given


def _asks_for_files(view: Json) -> bool:
    blocks = view.get("blocks")
    listed = blocks if isinstance(blocks, list) else []
    inner = [block.get("element") for block in listed if isinstance(block, dict)]
    return any(isinstance(e, dict) and e.get("type") == "file_input" for e in inner)


def _trigger(call: Call) -> Trigger:
    return call.workspace.take_trigger(call.needed("trigger_id"))


def _answer(call: Call, view: View) -> Json:
    return {"view": call.views.shown(view)}


def open_view(call: Call) -> Json:
    """Open a modal in front of the person whose act the trigger stands for."""
    given = _view(call)
    return _answer(call, call.views.open(_trigger(call).who, given))


def push(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    given = _view(call)
    return _answer(call, call.views.push(_trigger(call).who, given))


def update(call: Call) -> Json:
    """Replace a view; the answer carries what the person had typed."""
    given = _view(call)
    view = call.views.find(call.text("view_id") or None, call.text("external_id") or None)
    return _answer(call, call.views.update(view, given, expected=call.text("hash") or None))


def publish(call: Call) -> Json:
    """Show a Home tab to a person."""
    given = _view(call)
    who = call.needed("user_id")
    return _answer(call, call.views.publish(who, given, expected=call.text("hash") or None))


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
