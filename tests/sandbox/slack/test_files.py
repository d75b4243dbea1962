"""Files: promised, sent, completed, shared, and shown in blocks."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.cast import ASO, BEN, GENERAL, LEADS, MIA
from tests.sandbox.slack.conftest import BOT, World, a_modal, a_section

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


async def promised(world: World, **args: Any) -> dict[str, Any]:
    given = {"filename": "chart.png", "length": len(PNG), "alt_txt": "Nine proposals", **args}
    reply = await world.call("files.getUploadURLExternal", **given)
    assert reply.body["ok"], reply.body
    return reply.body


async def sent(world: World, address: str, content: Any = PNG) -> int:
    async with world.session.post(address, data=content) as response:
        return response.status


async def completed(world: World, **args: Any) -> str:
    place = await promised(world)
    assert await sent(world, place["upload_url"]) == 200
    files = [{"id": place["file_id"], "title": "This week"}]
    reply = await world.call("files.completeUploadExternal", files=files, **args)
    assert reply.body["ok"], reply.body
    return str(place["file_id"])


def picture(file_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A chart", **more}


async def test_a_completed_file_is_a_message_of_the_channel(world: World) -> None:
    file_id = await completed(world, channel_id=ASO, initial_comment="Fish & chips")
    (message,) = world.slack.messages(ASO)
    (file,) = message["files"]
    assert message["text"] == "Fish &amp; chips"
    assert (file["id"], file["title"], file["mimetype"]) == (file_id, "This week", "image/png")
    assert (file["alt_txt"], file["size"]) == ("Nine proposals", len(PNG))
    body = (await world.call("conversations.history", channel=ASO)).body
    assert [f["id"] for f in body["messages"][0]["files"]] == [file_id]


async def test_a_file_goes_into_a_thread_with_blocks_or_to_one_person(world: World) -> None:
    ts = await world.post()
    await completed(world, channel_id=ASO, thread_ts=ts, blocks=[a_section("Numbers")])
    reply = world.slack.thread(ASO, ts)[1]
    assert (reply["blocks"][0]["text"]["text"], len(reply["files"])) == ("Numbers", 1)
    opened = (await world.call("conversations.open", users=BEN)).body["channel"]["id"]
    await completed(world, channel_id=opened)
    assert len(world.slack.direct(BEN)[0]["files"]) == 1


async def test_without_a_channel_the_file_is_kept_and_nothing_is_said(world: World) -> None:
    await completed(world)
    assert world.slack.messages(ASO) == []


async def test_an_initial_comment_makes_blocks_be_ignored(world: World) -> None:
    await completed(world, channel_id=ASO, initial_comment="words", blocks=[a_section()])
    assert world.slack.messages(ASO)[0]["blocks"] == []


async def test_slacks_own_client_uploads(world: World) -> None:
    client = AsyncWebClient(token=BOT, base_url=f"{world.base}/slack/api/")
    answer = await client.files_upload_v2(
        filename="week.png",
        content=PNG,
        title="Week 48",
        alt_txt="Nine",
        channel=ASO,
        initial_comment="This week",
    )
    (file,) = world.slack.messages(ASO)[0]["files"]
    assert answer["file"]["id"] == file["id"]
    assert (file["title"], file["alt_txt"]) == ("Week 48", "Nine")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"length": 0}, "missing_argument"),
        ({"filename": ""}, "invalid_arguments"),
        ({"length": 10_000_001}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1_001}, "alt_txt_too_large"),
        ({"snippet_type": "runes"}, "unknown_snippet_type"),
    ],
)
async def test_a_place_for_a_file_that_cannot_be_is_refused(
    world: World, args: dict[str, Any], error: str
) -> None:
    given = {"filename": "a.png", "length": 3, **args}
    assert (await world.call("files.getUploadURLExternal", **given)).error == error


@pytest.mark.parametrize("content", [PNG[:-1], PNG + b"!", b""])
async def test_bytes_of_another_length_are_refused_and_the_right_ones_taken_after(
    world: World, content: bytes
) -> None:
    place = await promised(world)
    assert await sent(world, place["upload_url"], content) == 400
    assert "wrong_length" in world.refused()
    assert await sent(world, place["upload_url"]) == 200


async def test_bytes_may_come_as_a_form(world: World) -> None:
    place, form = await promised(world), aiohttp.FormData()
    form.add_field("filename", PNG, filename="chart.png")
    assert await sent(world, place["upload_url"], form) == 200


async def test_an_address_takes_bytes_once_and_no_other_address_does(world: World) -> None:
    place = await promised(world)
    await sent(world, place["upload_url"])
    assert await sent(world, place["upload_url"]) == 404
    assert await sent(world, f"{world.base}/slack/upload/v1/guessed") == 404
    assert await sent(world, f"{world.base}/slack/upload/v1/gu%C3%A9ssed") == 404


async def test_only_what_was_sent_can_be_completed_and_only_once(world: World) -> None:
    place = await promised(world)
    files = [{"id": place["file_id"]}]

    async def end() -> str | None:
        reply = await world.call("files.completeUploadExternal", files=files, channel_id=ASO)
        return reply.error

    assert await end() == "file_not_found"
    await sent(world, place["upload_url"])
    twice = [*files, *files]
    assert (await world.call("files.completeUploadExternal", files=twice)).error == (
        "invalid_arguments"
    )
    assert [await end(), await end()] == [None, "file_not_found"]
    assert len(world.slack.messages(ASO)) == 1


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"files": [{"id": "F0NONE"}]}, "file_not_found"),
        ({"files": []}, "invalid_arguments"),
        ({"files": [{"title": "x"}]}, "invalid_arguments"),
        ({"files": "{"}, "invalid_arguments"),
        ({"channel_id": GENERAL}, "not_in_channel"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": ASO, "thread_ts": "1.0"}, "thread_not_found"),
        ({"channel_id": ASO, "channels": LEADS, "thread_ts": "1.0"}, "invalid_arguments"),
        ({"blocks": [{"type": "nothing"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "internal_error"),
    ],
)
async def test_an_end_that_cannot_be_is_refused_and_can_be_tried_again(
    world: World, args: dict[str, Any], error: str
) -> None:
    place = await promised(world)
    await sent(world, place["upload_url"])
    files = [{"id": place["file_id"]}]
    reply = await world.call("files.completeUploadExternal", **{"files": files, **args})
    assert reply.error == error
    assert (await world.call("files.completeUploadExternal", files=files)).body["ok"]


async def test_posting_anywhere_does_not_share_files_anywhere(world: World) -> None:
    world.slack.api.granted.add("chat:write.public")
    place = await promised(world)
    await sent(world, place["upload_url"])
    files = [{"id": place["file_id"]}]
    reply = await world.call("files.completeUploadExternal", files=files, channel_id=GENERAL)
    assert reply.error == "not_in_channel"


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "files.completeUploadExternal", "files.delete"]
)
async def test_uploading_needs_a_scope(world: World, method: str) -> None:
    world.slack.api.granted.discard("files:write")
    reply = await world.call(method)
    assert (reply.error, reply.body["needed"]) == ("missing_scope", "files:write")


async def test_a_completed_picture_can_stand_in_blocks(world: World) -> None:
    file_id = await completed(world)
    await world.post("Numbers", blocks=[picture(file_id)])
    section = {**a_section(), "accessory": picture(file_id)}
    await world.open(section)
    address = world.slack.messages(ASO)[0]["blocks"][0]
    assert address["slack_file"] == {"id": file_id}


async def test_a_picture_that_is_not_there_yet_is_no_picture(world: World) -> None:
    place = await promised(world)
    reply = await world.call(
        "chat.postMessage", channel=ASO, text="x", blocks=[picture(place["file_id"])]
    )
    assert (reply.error, reply.complaints) == (
        "invalid_blocks",
        ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"],
    )
    trigger = world.slack.workspace.new_trigger(MIA)
    view = a_modal(picture(place["file_id"]))
    reply = await world.call("views.open", trigger_id=trigger, view=view)
    assert (reply.error, "invalid slack file" in reply.complaints[0]) == ("invalid_arguments", True)


async def test_a_picture_that_was_deleted_is_no_picture(world: World) -> None:
    file_id = await completed(world, channel_id=ASO)
    world.slack.delete_file(file_id)
    args = {"channel": ASO, "text": "x", "blocks": [picture(file_id)]}
    assert (await world.call("chat.postMessage", **args)).error == "invalid_blocks"


async def test_slack_may_need_a_while_until_a_picture_is_fit_for_blocks(world: World) -> None:
    world.slack.workspace.files.processing_seconds = 3
    file_id = await completed(world)
    args = {"channel": ASO, "text": "x", "blocks": [picture(file_id)]}
    assert (await world.call("chat.postMessage", **args)).error == "invalid_blocks"
    world.pass_time(3)
    assert (await world.call("chat.postMessage", **args)).body["ok"]


@pytest.mark.parametrize(
    "more",
    [
        {"alt_text": ""},
        {"alt_text": None},
        {"slack_file": {}},
        {"slack_file": {"id": "F1", "url": "https://files.slack.com/1"}},
        {"slack_file": {"name": "x"}},
        {"image_url": "https://pictures.example/1.png"},
    ],
)
async def test_a_picture_block_without_words_or_with_two_sources_is_refused(
    world: World, more: dict[str, Any]
) -> None:
    file_id = await completed(world)
    blocks = [picture(file_id, **more)]
    reply = await world.call("chat.postMessage", channel=ASO, text="x", blocks=blocks)
    assert reply.error == "invalid_blocks"


async def test_a_file_is_read_again_with_the_token_and_else_there_is_a_login_page(
    world: World,
) -> None:
    await completed(world, channel_id=ASO)
    address = world.slack.messages(ASO)[0]["files"][0]["url_private"]

    async def got(token: str) -> tuple[str, bytes]:
        headers = {"Authorization": f"Bearer {token}"}
        async with world.session.get(address, headers=headers) as response:
            return response.content_type, await response.read()

    assert await got(BOT) == ("image/png", PNG)
    assert (await got("xoxb-other"))[0] == "text/html"
    world.slack.api.granted.discard("files:read")
    assert (await got(BOT))[0] == "text/html"


async def test_a_picture_is_drawn_for_those_who_can_see_it(world: World) -> None:
    shared = await completed(world, channel_id=LEADS)
    assert world.slack.picture(shared, BEN) == (PNG, "image/png")
    assert world.slack.picture(shared, MIA) is None
    in_block = await completed(world)
    assert world.slack.picture(in_block, MIA) is None
    await world.post("x", blocks=[picture(in_block)])
    assert world.slack.picture(in_block, MIA) == (PNG, "image/png")


async def test_a_picture_in_a_modal_is_seen_by_who_has_the_modal_and_by_nobody_else(
    world: World,
) -> None:
    file_id = await completed(world)
    assert world.slack.picture(file_id, MIA) is None
    view_id = (await world.open(picture(file_id)))["id"]
    assert world.slack.picture(file_id, MIA) == (PNG, "image/png")
    assert world.slack.picture(file_id, BEN) is None
    await world.slack.close_view(MIA, view_id)
    assert world.slack.picture(file_id, MIA) is None


async def test_the_app_deletes_its_own_files_once_and_nobody_elses(world: World) -> None:
    file_id = await completed(world, channel_id=ASO)
    assert (await world.call("files.delete", file=file_id)).body["ok"]
    assert world.slack.picture(file_id, BEN) is None
    assert (await world.call("files.delete", file=file_id)).error == "file_deleted"
    assert (await world.call("files.delete", file="F0NONE")).error == "file_not_found"
    await world.slack.share(BEN, ASO, {"ours.png": PNG})
    (theirs,) = world.slack.messages(ASO)[-1]["files"]
    assert (await world.call("files.delete", file=theirs["id"])).error == "cant_delete_file"
