"""The methods about the app itself, people, user groups and the team."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.workspace import SlackError

Json = dict[str, Any]


def api_test(call: Call) -> Json:
    """Answer with the arguments, or with the error that was asked for."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": call.args}


def auth_test(call: Call) -> Json:
    """Tell whose token it is."""
    cast = call.workspace.cast
    return {
        "url": f"https://{cast.team.domain}.slack.com/",
        "team": cast.team.name,
        "user": call.workspace.people[cast.app.user].name,
        "team_id": cast.team.id,
        "user_id": cast.app.user,
        "bot_id": cast.app.bot_id,
        "is_enterprise_install": False,
        **({"enterprise_id": cast.team.enterprise_id} if cast.team.enterprise_id else {}),
    }


def connections_open(call: Call) -> Json:
    """Give the address of a new Socket Mode connection, good for one use."""
    return {"url": call.socket_url()}


def bots_info(call: Call) -> Json:
    """Describe a bot."""
    cast, wanted = call.workspace.cast, call.text("bot") or call.workspace.cast.app.bot_id
    person = next((p for p in cast.people if p.bot_id == wanted), None)
    if person is None:
        raise SlackError("bot_not_found")
    app = cast.app.id if wanted == cast.app.bot_id else ""
    return {
        "bot": {
            "id": wanted,
            "deleted": person.deleted,
            "name": person.real_name,
            "updated": 0,
            "app_id": app,
            "user_id": person.id,
        }
    }


def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.workspace.cast.team
    shown: Json = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}
    if team.enterprise_id:
        shown["enterprise_id"] = team.enterprise_id
    return {"team": shown}


def users_info(call: Call) -> Json:
    """Describe a person."""
    person = call.workspace.person(call.needed("user", "user_not_found"))
    return {"user": shapes.user(call.workspace, person)}


def users_list(call: Call) -> Json:
    """List the people of the workspace, without those of another team."""
    team = call.workspace.cast.team.id
    ours = [person for person in call.workspace.people.values() if person.team_id == team]
    shown, metadata = call.page(ours, 1_000)
    members = [shapes.user(call.workspace, person) for person in shown]
    return {"members": members, "response_metadata": metadata}


def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    with_users = call.flag("include_users")
    groups = call.workspace.groups.values()
    return {
        "usergroups": [
            shapes.usergroup(call.workspace, group, with_users=with_users) for group in groups
        ]
    }


def usergroups_users_list(call: Call) -> Json:
    """List the members of a user group; those who left are not among them."""
    group = call.workspace.groups.get(call.needed("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": [u for u in group.members if not call.workspace.person(u).deleted]}


METHODS: dict[str, Method] = {
    "api.test": api_test,
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "bots.info": bots_info,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
}
