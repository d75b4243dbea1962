"""People, user groups and channels: who they are, as Slack tells it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import (
    AIKO,
    ASO,
    BEN,
    FORMER,
    GENERAL,
    GUEST,
    LEADS,
    MIA,
    OTHER_BOT,
    STRANGER,
)
from tests.sandbox.slack.conftest import World


@pytest.mark.parametrize(
    ("who", "flag"),
    [
        (GUEST, "is_restricted"),
        (OTHER_BOT, "is_bot"),
        (STRANGER, "is_stranger"),
        (FORMER, "deleted"),
    ],
)
async def test_those_who_may_not_decide_carry_their_flag(world: World, who: str, flag: str) -> None:
    assert (await world.call("users.info", user=who)).body["user"][flag] is True
    assert not (await world.call("users.info", user=BEN)).body["user"].get(flag)


async def test_a_stranger_belongs_to_another_team_and_is_not_listed(world: World) -> None:
    stranger = (await world.call("users.info", user=STRANGER)).body["user"]
    assert stranger["team_id"] != "T0TIDEWELL"
    members = (await world.call("users.list")).body["members"]
    assert STRANGER not in {member["id"] for member in members}


async def test_a_person_that_is_not_there_is_not_found(world: World) -> None:
    assert (await world.call("users.info", user="U0NOBODY")).error == "user_not_found"


async def test_people_are_listed_in_pages(world: World) -> None:
    first = (await world.call("users.list", limit=3)).body
    cursor = first["response_metadata"]["next_cursor"]
    rest = (await world.call("users.list", cursor=cursor)).body
    ids = [m["id"] for m in [*first["members"], *rest["members"]]]
    assert len(first["members"]) == 3
    assert {MIA, BEN, AIKO} <= set(ids)
    assert len(ids) == len(set(ids))


async def test_a_user_group_lists_its_members(world: World) -> None:
    body = (await world.call("usergroups.users.list", usergroup="S0ASOLEADS")).body
    assert body["users"] == [BEN, AIKO]
    groups = (await world.call("usergroups.list", include_users=True)).body["usergroups"]
    assert {g["id"]: g["users"] for g in groups}["S0JAPAN"] == [AIKO]


async def test_a_user_group_that_is_not_there_is_refused(world: World) -> None:
    reply = await world.call("usergroups.users.list", usergroup="S0NONE")
    assert reply.error == "no_such_subteam"


async def test_a_channel_tells_whether_the_app_is_in_it(world: World) -> None:
    answers = [
        (await world.call("conversations.info", channel=channel)).body["channel"]["is_member"]
        for channel in (ASO, GENERAL)
    ]
    assert answers == [True, False]


async def test_the_app_joins_a_public_channel_and_no_private_one(world: World) -> None:
    assert (await world.call("conversations.join", channel=GENERAL)).body["ok"]
    assert (await world.call("chat.postMessage", channel=GENERAL, text="x")).body["ok"]
    reply = await world.call("conversations.join", channel=LEADS)
    assert reply.error == "method_not_supported_for_channel_type"


async def test_members_and_channels_are_listed(world: World) -> None:
    members = (await world.call("conversations.members", channel=LEADS)).body["members"]
    assert BEN in members
    assert MIA not in members
    body = (await world.call("conversations.list", types="public_channel,private_channel")).body
    assert {ASO, GENERAL, LEADS} <= {channel["id"] for channel in body["channels"]}


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": FORMER}, "user_disabled"),
        ({"users": f"{MIA},{BEN}"}, "method_not_supported_for_channel_type"),
        ({}, "users_not_found"),
    ],
)
async def test_direct_messages_need_one_person_who_is_there(
    world: World, args: dict[str, Any], error: str
) -> None:
    assert (await world.call("conversations.open", **args)).error == error


async def test_bots_and_the_team_describe_themselves(world: World) -> None:
    assert (await world.call("bots.info")).body["bot"]["user_id"] == "U0MARQUEE"
    assert (await world.call("bots.info", bot="B0NONE")).error == "bot_not_found"
    assert (await world.call("team.info")).body["team"]["domain"] == "tidewell"


async def test_the_page_sees_the_same_people_and_channels(world: World) -> None:
    assert {p["id"]: p["kind"] for p in world.slack.people()}[GUEST] == "guest"
    assert {c["name"] for c in world.slack.channels()} >= {"aso", "tidewell-notes"}
