"""Messages: posted, changed, deleted, for one person, in threads, and what rings people."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.cast import ASO, BEN, FORMER, GENERAL, LEADS, MIA, NOTES
from tests.sandbox.slack.conftest import World, a_section


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "x"}, "not_in_channel"),
        ({"channel": ASO}, "no_text"),
        ({"channel": ASO, "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ({"channel": ASO, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": ASO, "text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"channel": ASO, "text": "x", "blocks": [{"type": "nothing"}]}, "invalid_blocks"),
        ({"channel": ASO, "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": ASO, "text": "x", "metadata": {"id": 1}}, "invalid_metadata_schema"),
        (
            {
                "channel": ASO,
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"x": "y" * 8_001}},
            },
            "metadata_too_large",
        ),
        ({"channel": ASO, "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"channel": ASO, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": ASO, "markdown_text": "y" * 12_001}, "msg_too_long"),
    ],
)
async def test_a_message_that_cannot_be_posted_is_refused_by_name(
    world: World, args: dict[str, Any], error: str
) -> None:
    assert (await world.call("chat.postMessage", **args)).error == error


async def test_a_private_channel_without_the_app_does_not_exist_for_it(world: World) -> None:
    world.slack.workspace.channels[LEADS].members.remove("U0MARQUEE")
    assert (await world.call("conversations.info", channel=LEADS)).error == "channel_not_found"


async def test_with_the_public_scope_the_app_posts_where_it_is_not(world: World) -> None:
    world.slack.api.granted.add("chat:write.public")
    assert (await world.call("chat.postMessage", channel=GENERAL, text="x")).body["ok"]


async def test_an_archived_channel_takes_no_messages(world: World) -> None:
    world.slack.workspace.channels[NOTES].is_archived = True
    assert (await world.call("chat.postMessage", channel=NOTES, text="x")).error == "is_archived"


async def test_invalid_blocks_come_with_a_pointer_and_a_reason(world: World) -> None:
    reply = await world.call("chat.postMessage", channel=ASO, blocks=[a_section("x" * 3001)])
    assert reply.error == "invalid_blocks"
    wanted = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert reply.body["errors"] == [wanted]
    assert reply.complaints == [f"[ERROR] {wanted}"]


async def test_all_blocks_of_a_message_share_one_budget(world: World) -> None:
    within = [a_section("x" * 2_900) for _ in range(4)]
    assert (await world.call("chat.postMessage", channel=ASO, blocks=within)).body["ok"]
    beyond = [a_section("x" * 2_900) for _ in range(5)]
    reply = await world.call("chat.postMessage", channel=ASO, blocks=beyond)
    assert reply.error == "msg_blocks_too_long"


async def test_text_above_the_limit_is_cut_when_posted_and_refused_when_changed(
    world: World,
) -> None:
    ts = await world.post("x" * 40_010)
    assert len(world.slack.messages(ASO)[0]["text"]) == 40_000
    assert (await world.call("chat.update", channel=ASO, ts=ts, text="y" * 4_001)).error == (
        "msg_too_long"
    )


async def test_a_posted_message_is_answered_and_seen(world: World) -> None:
    reply = await world.call("chat.postMessage", channel="#aso", text="Fish & chips")
    assert reply.body["message"]["text"] == "Fish &amp; chips"
    assert reply.body["message"]["bot_id"] == "B0MARQUEE"
    assert [message["ts"] for message in world.slack.messages(ASO)] == [reply.body["ts"]]


async def test_timestamps_rise_while_the_clock_stands_still(world: World) -> None:
    stamps = [await world.post() for _ in range(5)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("hello <!channel> and <@U0BEN>", ["!channel", "@U0BEN"]),
        ("ask <!subteam^S0ASOLEADS|leads>", ["!subteam^S0ASOLEADS"]),
        ("&lt;!channel&gt; @channel", []),
    ],
)
async def test_a_message_rings_whom_its_markup_names(
    world: World, text: str, rung: list[str]
) -> None:
    await world.post(text)
    await world.post("x", blocks=[a_section(text)])
    assert [message["mentions"] for message in world.slack.messages(ASO)] == [rung, rung]


async def test_with_link_names_a_bare_channel_rings_too(world: World) -> None:
    await world.post("wake up @channel", link_names=True)
    assert world.slack.messages(ASO)[0]["mentions"] == ["!channel"]


async def test_rich_text_rings_by_its_elements_and_not_by_its_words(world: World) -> None:
    words = [{"type": "text", "text": "<!channel>"}, {"type": "user", "user_id": MIA}]
    section = {"type": "rich_text_section", "elements": words}
    await world.post("x", blocks=[{"type": "rich_text", "elements": [section]}])
    assert world.slack.messages(ASO)[0]["mentions"] == [f"@{MIA}"]


async def test_an_update_replaces_what_it_gives_and_keeps_the_rest(world: World) -> None:
    ts = await world.post("one", blocks=[a_section()])
    await world.call("chat.update", channel=ASO, ts=ts, text="two")
    message = world.slack.messages(ASO)[0]
    assert (message["text"], len(message["blocks"]), bool(message["edited"])) == ("two", 1, True)
    await world.call("chat.update", channel=ASO, ts=ts, text="two", blocks=[])
    assert world.slack.messages(ASO)[0]["blocks"] == []


async def test_only_the_apps_own_messages_can_be_changed_or_deleted(world: World) -> None:
    await world.slack.say(MIA, ASO, "mine")
    ts = world.slack.messages(ASO)[0]["ts"]
    assert (await world.call("chat.update", channel=ASO, ts=ts, text="x")).error == (
        "cant_update_message"
    )
    assert (await world.call("chat.delete", channel=ASO, ts=ts)).error == "cant_delete_message"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
async def test_a_message_that_is_not_there_is_not_found(world: World, method: str) -> None:
    reply = await world.call(method, channel=ASO, ts="1.000001", text="x")
    assert reply.error == "message_not_found"


async def test_a_deleted_message_leaves_its_thread_behind(world: World) -> None:
    lone, first = await world.post(), await world.post()
    await world.post("reply", thread_ts=first)
    for ts in (lone, first):
        assert (await world.call("chat.delete", channel=ASO, ts=ts)).body["ok"]
    assert [m["text"] for m in world.slack.thread(ASO, first)] == [
        "This message was deleted.",
        "reply",
    ]
    assert len(world.slack.messages(ASO)) == 1


async def test_an_ephemeral_message_is_seen_by_one_person_and_has_no_history(world: World) -> None:
    reply = await world.call("chat.postEphemeral", channel=ASO, user=MIA, text="psst")
    assert [m["ephemeral"] for m in world.slack.messages(ASO, MIA)] == [True]
    assert world.slack.messages(ASO, BEN) == world.slack.messages(ASO) == []
    ts = reply.body["message_ts"]
    assert (await world.call("chat.update", channel=ASO, ts=ts, text="x")).error == (
        "message_not_found"
    )
    assert (await world.call("conversations.history", channel=ASO)).body["messages"] == []


@pytest.mark.parametrize(
    ("user", "error"), [("U0NOBODY", "user_not_found"), (FORMER, "user_not_in_channel")]
)
async def test_an_ephemeral_message_needs_somebody_who_is_there(
    world: World, user: str, error: str
) -> None:
    reply = await world.call("chat.postEphemeral", channel=ASO, user=user, text="x")
    assert reply.error == error


async def test_replies_stay_in_their_thread(world: World) -> None:
    ts = await world.post("first")
    await world.post("second", thread_ts=ts)
    assert [m["reply_count"] for m in world.slack.messages(ASO)] == [1]
    assert [m["text"] for m in world.slack.thread(ASO, ts)] == ["first", "second"]
    body = (await world.call("conversations.replies", channel=ASO, ts=ts)).body
    assert [m["text"] for m in body["messages"]] == ["first", "second"]
    assert body["messages"][0]["reply_count"] == 1


async def test_a_message_to_a_person_arrives_in_their_direct_messages(world: World) -> None:
    body = (await world.call("chat.postMessage", channel=BEN, text="x")).body
    opened = (await world.call("conversations.open", users=BEN)).body
    assert body["channel"] == opened["channel"]["id"]


async def test_a_permalink_names_channel_message_and_thread(world: World) -> None:
    ts = await world.post()
    reply = await world.post("reply", thread_ts=ts)
    link = (await world.call("chat.getPermalink", channel=ASO, message_ts=reply)).body["permalink"]
    assert link == (
        f"https://tidewell.slack.com/archives/{ASO}/p{reply.replace('.', '')}"
        f"?thread_ts={ts}&cid={ASO}"
    )
    missing = await world.call("chat.getPermalink", channel=ASO, message_ts="1.1")
    assert missing.error == "message_not_found"


async def test_history_comes_newest_first_in_pages_with_metadata_on_request(world: World) -> None:
    metadata = {"event_type": "proposal", "event_payload": {"id": 7}}
    stamps = [await world.post(str(n), metadata=metadata) for n in range(3)]
    first = (await world.call("conversations.history", channel=ASO, limit=2)).body
    cursor = first["response_metadata"]["next_cursor"]
    last = (
        await world.call(
            "conversations.history", channel=ASO, cursor=cursor, include_all_metadata=True
        )
    ).body
    shown = [*first["messages"], *last["messages"]]
    assert [m["ts"] for m in shown] == stamps[::-1]
    assert [m.get("metadata") for m in shown] == [None, None, metadata]
    assert (first["has_more"], last["has_more"]) == (True, False)


async def test_history_is_cut_by_oldest_and_latest(world: World) -> None:
    a, b, c = [await world.post(name) for name in "abc"]
    inner = await world.call("conversations.history", channel=ASO, oldest=a, latest=c)
    both = await world.call(
        "conversations.history", channel=ASO, oldest=a, latest=b, inclusive=True
    )
    assert [m["text"] for m in inner.body["messages"]] == ["b"]
    assert [m["text"] for m in both.body["messages"]] == ["b", "a"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"cursor": "?"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"limit": "many"}, "invalid_arguments"),
    ],
)
async def test_a_page_that_makes_no_sense_is_refused(
    world: World, args: dict[str, Any], error: str
) -> None:
    assert (await world.call("conversations.history", channel=ASO, **args)).error == error
