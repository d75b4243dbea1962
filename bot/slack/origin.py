"""Whether what Slack sends is about our own workspace and our own app, by what it says of itself.

A signature, or the socket of our app token, proves the app; this is the second lock, and the
only one on the team: Bolt hands on what is of any team.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.checks import Identity


def foreign(body: Mapping[str, Any], identity: Identity) -> str:
    """Return why a payload is none of ours, "" for one that is.

    Events and commands name a `team_id`, everything else a `team`; one of an organisation's
    other workspaces is ours where the organisation is.
    """
    app = body.get("api_app_id")
    if identity.app_id and app != identity.app_id:
        return f"another app ({app!r:.40})"
    team = body.get("team_id") or _id(body.get("team"))
    if team == identity.team_id:
        return ""
    enterprise = body.get("enterprise_id") or _id(body.get("enterprise"))
    if identity.enterprise_id and enterprise == identity.enterprise_id:
        return ""
    return f"another workspace ({team!r:.40})"


def _id(place: object) -> object:
    return place.get("id") if isinstance(place, Mapping) else None
