"""The payloads that Slack sends: events, slash commands, actions, submissions, closed views.

Pure: shapes from state, nothing delivered.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.elements import HELD
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

VERIFICATION_TOKEN = "emulated-verification-token"  # noqa: S105  deprecated by Slack, no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an interaction leaves behind for the app: a trigger id and where it may answer."""

    who: str
    trigger_id: str
    response_url: str = ""


# events


def reaction_event(workspace: Workspace, kind: str, who: str, message: Message, name: str) -> Json:
    """Return `reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": who,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": workspace.stamp(),
    }


def home_event(workspace: Workspace, who: str, view: Json | None) -> Json:
    """Return `app_home_opened`; the view is there when one was published."""
    event = {
        "type": "app_home_opened",
        "user": who,
        "channel": workspace.direct(who).id,
        "tab": "home",
        "event_ts": workspace.stamp(),
    }
    return event | ({"view": view} if view else {})


def message_event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """Return `message` for what a person wrote."""
    kind = "im" if channel.partner else "group" if channel.is_private else "channel"
    return {
        **shapes.message(workspace, message),
        **({"subtype": "file_share"} if message.files else {}),
        "channel": channel.id,
        "channel_type": kind,
        "event_ts": message.ts,
    }


def event_callback(workspace: Workspace, event: Json) -> Json:
    """Return the envelope of an event, with an id of its own."""
    team, app = workspace.cast.team, workspace.cast.app
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise_id or None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.now()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise_id or None,
                "team_id": team.id,
                "user_id": app.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": _ext_shared(workspace, event),
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def _ext_shared(workspace: Workspace, event: Json) -> bool:
    item = event.get("item")
    place = item.get("channel") if isinstance(item, dict) else event.get("channel")
    channel = workspace.channels.get(str(place))
    return channel is not None and channel.is_ext_shared


# what people do


def slash_command(workspace: Workspace, act: Act, channel: Channel, line: str) -> dict[str, str]:
    """Return the form fields of a slash command; `&`, `<` and `>` arrive escaped."""
    command, _, text = line.strip().partition(" ")
    person, team = workspace.people[act.who], workspace.cast.team
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.partner else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": escaped(text.strip()),
        "api_app_id": workspace.cast.app.id,
        "is_enterprise_install": "false",
        "response_url": act.response_url,
        "trigger_id": act.trigger_id,
    }


def escaped(text: str) -> str:
    """Return text as Slack sends it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def view_act(workspace: Workspace, kind: str, act: Act, view: Json) -> Json:
    """Return `view_submission` or `view_closed`."""
    payload = {"type": kind, **_who_and_where(workspace, act.who), "view": view}
    if kind == "view_closed":
        return payload | {"is_cleared": False}
    return payload | {"trigger_id": act.trigger_id, "response_urls": []}


def view_action(workspace: Workspace, act: Act, view: Json, action: Json) -> Json:
    """Return `block_actions` of an element in a modal or Home tab."""
    return {
        "type": "block_actions",
        **_who_and_where(workspace, act.who),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": act.trigger_id,
        "view": view,
        "actions": [action],
    }


def message_action(workspace: Workspace, act: Act, message: Message, action: Json) -> Json:
    """Return `block_actions` of an element in a message."""
    channel = workspace.channels[message.channel]
    ephemeral = message.seen_by is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
    }
    return {
        "type": "block_actions",
        **_who_and_where(workspace, act.who),
        "container": container,
        "trigger_id": act.trigger_id,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        **({} if ephemeral else {"message": shapes.message(workspace, message)}),
        "state": {"values": _picked_state(action)},
        "response_url": act.response_url,
        "actions": [action],
    }


def message_shortcut(workspace: Workspace, act: Act, message: Message, callback_id: str) -> Json:
    """Return `message_action`: the shortcut that was chosen, with the whole message."""
    channel = workspace.channels[message.channel]
    return {
        "type": "message_action",
        **_who_and_where(workspace, act.who),
        "callback_id": callback_id,
        "trigger_id": act.trigger_id,
        "response_url": act.response_url,
        "action_ts": workspace.stamp(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": shapes.message(workspace, message),
    }


def _picked_state(action: Json) -> Json:
    kind = str(action["type"])
    if kind not in HELD:
        return {}
    entry = {"type": kind, HELD[kind].state: action[HELD[kind].state]}
    return {action["block_id"]: {action["action_id"]: entry}}


def action(workspace: Workspace, block: Json, element: Json, value: Any) -> Json:
    """Return one entry of `actions`: what was pressed or picked, with what it holds now."""
    kind = str(element["type"])
    entry: Json = {
        "type": kind,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": workspace.stamp(),
    }
    if kind in HELD:
        return entry | {HELD[kind].state: value}
    if kind == "overflow":
        return entry | {"selected_option": value}
    kept = ("text", "value", "style", "url", "accessibility_label")
    return entry | {name: element[name] for name in kept if name in element}


def _who_and_where(workspace: Workspace, who: str) -> Json:
    person, team = workspace.people[who], workspace.cast.team
    return {
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "enterprise": {"id": team.enterprise_id, "name": ""} if team.enterprise_id else None,
        "is_enterprise_install": False,
        "api_app_id": workspace.cast.app.id,
        "token": VERIFICATION_TOKEN,
    }
