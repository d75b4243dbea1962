"""manifest.yml asks Slack for exactly what the code uses."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import checks, ids

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "contract" / "slack-manifest.2.0.0.schema.json"
LISTENERS = ROOT / "bot" / "slack"

# Methods that ask for no scope of a bot token, as their pages say.
FREE = {
    "apps.connections.open",
    "auth.test",
    "blocks.validate",
    "chat.getPermalink",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
}
# Called by the client itself, from files_upload_v2, or for direct messages: no listener names them.
UNNAMED = {"conversations.open", "files.completeUploadExternal", "files.getUploadURLExternal"}
# Deleting one's own message needs what posting it needs.
SAME_SCOPE = {"chat.delete": "chat.postMessage"}


def manifest() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return content


def trees() -> Iterator[ast.Module]:
    for file in sorted(LISTENERS.rglob("*.py")):
        yield ast.parse(file.read_text(encoding="utf-8"))


def calls() -> Iterator[ast.Call]:
    for tree in trees():
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def web_api_methods() -> dict[str, str]:
    """The client's Python names and Slack's, read from the client's own source."""
    found = {}
    for name, function in inspect.getmembers(AsyncWebClient, inspect.isfunction):
        for node in ast.walk(ast.parse(inspect.getsource(function).strip())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "api_call":
                found[name] = str(getattr(node.args[0], "value", ""))
    return found


def methods_in_use() -> set[str]:
    known = web_api_methods()
    named = {
        known[node.attr]
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in known
    }
    direct = {
        str(call.args[0].value)
        for call in calls()
        if getattr(call.func, "attr", "") == "api_call"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    return named | direct


def listened_for(decorator: str) -> set[str]:
    return {
        str(call.args[0].value)
        for call in calls()
        if getattr(call.func, "attr", "") == decorator
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_scopes_are_those_the_methods_in_use_need() -> None:
    methods = {SAME_SCOPE.get(name, name) for name in methods_in_use()} - FREE
    assert methods | UNNAMED == {name for name in checks.SCOPES_OF if "." in name}
    asked = manifest()["oauth_config"]["scopes"]["bot"]
    assert sorted(asked) == sorted(checks.SCOPES)


def test_the_events_are_those_that_are_listened_for() -> None:
    asked = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(asked) == sorted(checks.EVENTS)


def test_the_command_is_the_one_that_is_answered() -> None:
    commands = [each["command"] for each in manifest()["features"]["slash_commands"]]
    assert commands == list(checks.COMMANDS) == [ids.COMMAND]


def test_the_shortcuts_are_those_that_are_answered() -> None:
    asked = [(one["callback_id"], one["type"]) for one in manifest()["features"]["shortcuts"]]
    assert asked == [(ids.USE_TEXT, "message"), (ids.PROPOSE_FILE, "message")]


def test_modals_buttons_and_the_home_tab_are_switched_on() -> None:
    content = manifest()
    assert content["settings"]["interactivity"]["is_enabled"]
    assert content["settings"]["socket_mode_enabled"]
    assert content["features"]["app_home"]["home_tab_enabled"]
    assert content["features"]["app_home"]["messages_tab_enabled"]
    assert content["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert not content["settings"]["token_rotation_enabled"]


def test_the_manifest_passes_slacks_own_schema() -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's schema is not beside this checkout")
    schema = json.loads(SCHEMA.read_text())
    problems = [
        f"{error.json_path}: {error.message}"
        for error in validator_for(schema)(schema).iter_errors(manifest())
    ]
    assert problems == []


def test_files_are_read_for_what_people_choose_and_by_nothing_else() -> None:
    asked = {scope for scope in checks.SCOPES if scope.startswith(("files:read", "remote_files"))}
    assert asked == {"files:read"}
    needing = [name for name, scopes in checks.SCOPES_OF.items() if "files:read" in scopes]
    assert needing == ["files.info"]
    callers = [
        file.name
        for file in LISTENERS.rglob("*.py")
        if re.search(r"\.files_(info|list|shared_public_url)\(", file.read_text(encoding="utf-8"))
    ]
    assert callers == ["files.py"]
