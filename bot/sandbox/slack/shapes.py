"""How the Web API writes people, channels and messages: Slack's JSON from our state.

Pure: nothing is changed here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.sandbox.cast import Person, UserGroup
from bot.sandbox.slack.channels import Channel, Message, Reaction
from bot.sandbox.slack.copies import copied
from bot.sandbox.slack.file_kinds import preview_of
from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]


def user(workspace: Workspace, person: Person) -> Json:
    """Return a user object; a deactivated person has few of the flags."""
    shown: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "title": person.title,
            "team": person.team_id,
        },
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.bot_id:
        shown["profile"] |= {"bot_id": person.bot_id}
    if not person.deleted:
        shown |= _standing(workspace, person)
    return shown


def _standing(workspace: Workspace, person: Person) -> Json:
    shown: Json = {
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        "tz": "Europe/Berlin",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
    }
    if person.team_id != workspace.cast.team.id:
        shown["is_stranger"] = person.is_stranger
    if person.enterprise_id:
        shown["enterprise_user"] = {
            "id": person.id,
            "enterprise_id": person.enterprise_id,
            "enterprise_name": "",
            "is_admin": False,
            "is_owner": False,
            "teams": [person.team_id],
        }
    return shown


def channel(workspace: Workspace, shown: Channel) -> Json:
    """Return a conversation object; `is_member` is about the app."""
    if shown.partner:
        return {"id": shown.id, "is_im": True, "user": shown.partner, "is_org_shared": False}
    return {
        "id": shown.id,
        "name": shown.name,
        "name_normalized": shown.name,
        "is_channel": not shown.is_private,
        "is_group": shown.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": shown.is_private,
        "is_archived": shown.is_archived,
        "is_general": shown.name == "general",
        "is_shared": shown.is_ext_shared,
        "is_ext_shared": shown.is_ext_shared,
        "is_org_shared": False,
        "is_member": workspace.bot_user in shown.members,
        "created": 0,
        "creator": shown.members[0] if shown.members else "",
        "context_team_id": workspace.cast.team.id,
        "num_members": len(shown.members),
    }


def message(workspace: Workspace, shown: Message, *, metadata: bool = False) -> Json:
    """Return a message object; `metadata` adds what its app attached."""
    given: Json = {
        "type": "message",
        "user": shown.user,
        "ts": shown.ts,
        "text": shown.text,
        "team": workspace.people[shown.user].team_id,
    }
    given |= _optional(workspace, shown) | _author(workspace, shown) | _thread(workspace, shown)
    if shown.reactions:
        given["reactions"] = [reaction(r) for r in shown.reactions]
    if metadata and shown.metadata:
        given["metadata"] = copied(shown.metadata)
    return given


def reaction(shown: Reaction, *, most: int | None = None) -> Json:
    """Return a reaction; with `most`, its list of users is cut while the count is not."""
    return {"name": shown.name, "users": shown.users[:most], "count": len(shown.users)}


def file(workspace: Workspace, shown: StoredFile) -> Json:
    """Return a file object; where it was shared comes later in Slack, and is left out."""
    kind, text, team = shown.kind, shown.text, workspace.cast.team
    owner = workspace.people[shown.owner or workspace.bot_user]
    begun = f"{workspace.base_url}/slack/files-pri/{team.id}-{shown.id}"
    name = quote(shown.name, safe="")
    return {
        "id": shown.id,
        "created": int(shown.completed or 0),
        "timestamp": int(shown.completed or 0),
        "name": shown.name,
        "title": shown.title,
        "mimetype": kind.mimetype,
        "filetype": kind.filetype,
        "pretty_type": kind.pretty,
        "user": owner.id,
        "user_team": owner.team_id,
        "editable": text is not None,
        "size": shown.length,
        "mode": "hosted" if text is None else "snippet",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{begun}/{name}",
        "url_private_download": f"{begun}/download/{name}",
        "permalink": f"https://{team.domain}.slack.com/files/{owner.id}/{shown.id}/{name}",
        "file_access": "visible",
        **({"alt_txt": shown.alt_text} if shown.alt_text else {}),
        **({} if text is None else _beginning(text)),
    }


def _beginning(text: str) -> Json:
    preview = preview_of(text)
    return {"preview": preview.text, "lines": preview.lines, "lines_more": preview.more}


def files_of(workspace: Workspace, shown: Message, *, to_app: bool = False) -> list[Json]:
    """Return the file objects of a message; what was pushed out by newer ones is left out.

    Of a deleted file there is a tombstone, and of one from another workspace the app is told
    the id alone.
    """
    found = (workspace.files.find(file_id) for file_id in shown.files)
    return [_attached(workspace, each, to_app=to_app) for each in found if each is not None]


def _attached(workspace: Workspace, shown: StoredFile, *, to_app: bool) -> Json:
    if shown.deleted:
        return {"id": shown.id, "mode": "tombstone"}
    full = file(workspace, shown)
    foreign = full["user_team"] != workspace.cast.team.id
    if to_app and shown.owner and (foreign or workspace.files.withheld):
        kept = ("id", "created", "timestamp", "user")
        told = {name: full[name] for name in kept}
        return {**told, "mode": "file_access", "file_access": "check_file_info"}
    return full


def _optional(workspace: Workspace, shown: Message) -> Json:
    given: Json = {}
    if shown.files:
        given["files"] = files_of(workspace, shown, to_app=True)
        given["upload"] = shown.user == workspace.bot_user
    if shown.blocks:
        given["blocks"] = copied(shown.blocks)
    if shown.attachments:
        given["attachments"] = copied(shown.attachments)
    if shown.edited:
        given["edited"] = {"user": shown.user, "ts": shown.edited}
    return given


def _author(workspace: Workspace, shown: Message) -> Json:
    person, app = workspace.people[shown.user], workspace.cast.app
    if not person.bot_id:
        return {}
    given: Json = {"bot_id": person.bot_id}
    if person.bot_id == app.bot_id:
        given |= {
            "app_id": app.id,
            "bot_profile": {
                "id": app.bot_id,
                "app_id": app.id,
                "user_id": app.user,
                "name": app.name,
                "deleted": False,
                "team_id": workspace.cast.team.id,
            },
        }
    return given


def _thread(workspace: Workspace, shown: Message) -> Json:
    place = workspace.channels[shown.channel]
    if shown.thread_ts and shown.thread_ts != shown.ts:
        parent = place.messages.get(shown.thread_ts)
        author = {"parent_user_id": parent.user} if parent else {}
        return {"thread_ts": shown.thread_ts, **author, **_broadcast(workspace, shown, parent)}
    replies = workspace.replies(place, shown.ts)
    if not replies:
        return {}
    return {
        "thread_ts": shown.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "reply_users_count": len({reply.user for reply in replies}),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
    }


def _broadcast(workspace: Workspace, shown: Message, parent: Message | None) -> Json:
    if not shown.broadcast:
        return {}
    root = {"root": message(workspace, parent)} if parent else {}
    return {"subtype": "thread_broadcast", **root}


def usergroup(workspace: Workspace, group: UserGroup, *, with_users: bool) -> Json:
    """Return a user group object."""
    shown: Json = {
        "id": group.id,
        "team_id": workspace.cast.team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.members),
    }
    if with_users:
        shown["users"] = list(group.members)
    return shown
