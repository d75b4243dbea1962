"""Files that people choose in a form or share with a message, and what the app can do with them."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.cast import ASO, BEN, GENERAL, LEADS, MIA, STRANGER
from bot.sandbox.slack import files
from bot.sandbox.slack.faults import Fault
from tests.sandbox.slack.conftest import BOT, BareApp, World, a_section, an_input, plain, refused

Json = dict[str, Any]
CSV = b"locale,name\nde-DE,Gezeiten\nja,\xe6\xbd\xae\n"
MEGABYTE = 1_000_000


def a_file_input(**element: Any) -> Json:
    return {
        "type": "input",
        "block_id": "texts",
        "label": plain("Texts"),
        "element": {"type": "file_input", "action_id": "file", **element},
    }


async def a_form(world: World, **element: Any) -> str:
    return str((await world.open(a_file_input(**element)))["id"])


def chosen(world: World) -> list[Json]:
    return list(world.top()["values"]["texts"]["file"]["files"])


async def download(world: World, address: str, token: str = BOT) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with world.session.get(address, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def shared(world: World, channel: str = ASO, who: str = MIA) -> Json:
    await world.slack.share(who, channel, {"texts.csv": CSV}, "Please")
    return dict(world.slack.messages(channel)[-1]["files"][0])


async def test_a_chosen_file_arrives_with_the_submission_and_can_be_read(
    world: World, app: BareApp
) -> None:
    view_id = await a_form(world, filetypes=["csv"], max_files=1)
    assert (await world.slack.attach(MIA, view_id, "texts", "Täxte.csv", CSV)).ok
    assert (await world.slack.submit(MIA, view_id)).ok
    state = app.received[-1].payload["view"]["state"]["values"]["texts"]["file"]
    (file,) = state["files"]
    assert state["type"] == "file_input"
    told = (file["name"], file["size"], file["mimetype"], file["filetype"], file["user"])
    assert told == ("Täxte.csv", len(CSV), "text/csv", "csv", MIA)
    for address in (file["url_private"], file["url_private_download"]):
        assert await download(world, address) == (200, "text/csv", CSV)
    assert (await world.call("files.info", file=file["id"])).body["file"] == file


@pytest.mark.parametrize(
    ("element", "name", "content", "error"),
    [
        ({}, "large.csv", b"x" * (10 * MEGABYTE + 1), "file_too_large"),
        ({}, "empty.csv", b"", "file_empty"),
        ({"filetypes": ["csv", "xlsx"]}, "texts.pdf", CSV, "file_type_not_allowed"),
        ({"filetypes": ["csv"]}, "csv", CSV, "file_type_not_allowed"),
    ],
)
async def test_what_the_client_does_not_take_is_said_at_the_input(
    world: World, element: Json, name: str, content: bytes, error: str
) -> None:
    view_id = await a_form(world, **element)
    assert refused(await world.slack.attach(MIA, view_id, "texts", name, content)) == error
    assert name in world.top()["errors"]["texts"]
    assert chosen(world) == []
    assert (await world.slack.attach(MIA, view_id, "texts", "TEXTS.CSV", CSV)).ok
    assert world.top()["errors"] == {}


async def test_there_are_so_many_files_and_one_taken_out_makes_room(world: World) -> None:
    view_id = await a_form(world, max_files=2)
    for name in ("one.csv", "two.csv"):
        await world.slack.attach(MIA, view_id, "texts", name, CSV)
    more = await world.slack.attach(MIA, view_id, "texts", "three.csv", CSV)
    assert refused(more) == "too_many_files"
    first = chosen(world)[0]["id"]
    assert (await world.slack.detach(MIA, view_id, "texts", first)).ok
    assert refused(await world.slack.detach(MIA, view_id, "texts", first)) == "no_such_file"
    assert [file["name"] for file in chosen(world)] == ["two.csv"]


async def test_a_form_that_needs_a_file_is_kept_back_without_one(
    world: World, app: BareApp
) -> None:
    view_id = await a_form(world)
    assert refused(await world.slack.submit(MIA, view_id)) == "invalid_input"
    assert app.received == []


async def test_a_chosen_file_stays_when_the_form_is_drawn_again(world: World) -> None:
    view_id = await a_form(world)
    await world.slack.attach(MIA, view_id, "texts", "texts.csv", CSV)
    view = {"type": "modal", "title": plain("Again"), "submit": plain("Go")}
    blocks = [a_section(), a_file_input()]
    reply = await world.call("views.update", view_id=view_id, view={**view, "blocks": blocks})
    assert reply.body["ok"], reply.body
    assert [file["name"] for file in chosen(world)] == ["texts.csv"]


async def test_nobody_chooses_files_in_a_form_of_somebody_else_or_by_typing(world: World) -> None:
    view_id = await a_form(world)
    ack = await world.slack.attach(BEN, view_id, "texts", "texts.csv", CSV)
    assert refused(ack) == "no_such_view"
    ack = await world.slack.attach(MIA, view_id, "elsewhere", "texts.csv", CSV)
    assert refused(ack) == "no_such_element"
    assert refused(await world.slack.type(MIA, view_id, "texts", "file", "x")) == "no_such_input"
    ack = await world.slack.click(
        MIA, block_id="texts", action_id="file", value="x", view_id=view_id
    )
    assert refused(ack) == "no_such_option"


async def test_a_form_with_files_needs_the_scope_to_read_them(world: World) -> None:
    world.slack.api.granted.discard("files:read")
    trigger = world.slack.workspace.new_trigger(MIA)
    for block, ok in ((a_file_input(), False), (an_input(), True)):
        view = {"type": "modal", "title": plain("T"), "submit": plain("S"), "blocks": [block]}
        assert (await world.call("views.open", trigger_id=trigger, view=view)).body["ok"] is ok


async def test_a_message_with_files_tells_them_to_everybody_and_to_a_shortcut(
    world: World, app: BareApp
) -> None:
    ts = await world.post()
    await world.slack.share(MIA, ASO, {"texts.csv": CSV, "a.zip": b"PK"}, "Here", thread_ts=ts)
    message = world.slack.thread(ASO, ts)[1]
    assert [file["filetype"] for file in message["files"]] == ["csv", "zip"]
    await world.slack.shortcut(BEN, ASO, message["ts"], "use_text")
    told = app.received[-1].payload["message"]
    assert (told["text"], told["files"]) == ("Here", message["files"])
    assert await download(world, told["files"][0]["url_private_download"]) == (
        200,
        "text/csv",
        CSV,
    )


async def test_the_event_of_a_shared_file_comes_to_those_who_asked_for_messages(
    world: World, app: BareApp
) -> None:
    await shared(world)
    assert app.received == []
    world.slack.events.subscribed.add("message.channels")
    file = await shared(world)
    event = app.received[-1].payload["event"]
    assert (event["subtype"], event["files"]) == ("file_share", [file])


async def test_what_cannot_be_shared_is_not(world: World) -> None:
    share = world.slack.share
    assert refused(await share(MIA, LEADS, {"a.csv": CSV})) == "channel_not_found"
    assert refused(await share(MIA, ASO, {"a.csv": b""})) == "file_empty"
    large = b"x" * (20 * MEGABYTE + 1)
    assert refused(await share(MIA, ASO, {"a.csv": large})) == "file_too_large"
    many = {f"{number}.csv": CSV for number in range(11)}
    assert refused(await share(MIA, ASO, many)) == "too_many_files"
    assert world.slack.messages(ASO) == []


async def test_a_file_shared_where_the_app_is_not_is_closed_to_it(world: World) -> None:
    file = await shared(world, GENERAL)
    assert (await world.call("files.info", file=file["id"])).error == "file_not_found"
    assert (await download(world, file["url_private_download"]))[:2] == (200, "text/html")
    await world.slack.invite(MIA, GENERAL)
    assert (await world.call("files.info", file=file["id"])).body["ok"]
    assert (await download(world, file["url_private_download"]))[2] == CSV


async def test_without_a_token_or_scope_a_download_is_a_login_page(world: World) -> None:
    file = await shared(world)
    assert (await download(world, file["url_private_download"], "xoxb-x"))[:2] == (
        200,
        "text/html",
    )
    world.slack.api.granted.discard("files:read")
    assert (await download(world, file["url_private_download"]))[:2] == (200, "text/html")
    assert (await world.call("files.info", file=file["id"])).error == "missing_scope"


async def test_a_deleted_file_leaves_a_tombstone(world: World) -> None:
    file = await shared(world)
    world.slack.delete_file(file["id"])
    assert (await world.call("files.info", file=file["id"])).error == "file_deleted"
    assert (await download(world, file["url_private_download"]))[0] == 404
    tombstone = {"id": file["id"], "mode": "tombstone"}
    assert world.slack.messages(ASO)[0]["files"] == [tombstone]
    unknown = file["url_private_download"].replace(file["id"], "F0NONE")
    assert (await download(world, unknown))[0] == 404
    assert (await world.call("files.info", file="F0NONE")).error == "file_not_found"


async def test_of_a_file_of_another_workspace_the_app_is_told_the_id_alone(
    world: World, app: BareApp
) -> None:
    file = await shared(world, who=STRANGER)
    ts = world.slack.messages(ASO)[0]["ts"]
    await world.slack.shortcut(MIA, ASO, ts, "use_text")
    (told,) = app.received[-1].payload["message"]["files"]
    assert (told["id"], told["file_access"]) == (file["id"], "check_file_info")
    assert "url_private" not in told
    assert (await world.call("files.info", file=told["id"])).body["file"]["size"] == len(CSV)


async def test_slack_may_keep_every_file_of_people_back(world: World) -> None:
    file = await shared(world)
    world.slack.workspace.files.withheld = True
    (told,) = (await world.call("conversations.history", channel=ASO)).body["messages"]
    assert "url_private" not in told["files"][0]
    assert world.slack.messages(ASO)[0]["files"] == [file]


async def test_so_many_files_are_kept_and_the_oldest_goes_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_KEPT_BYTES", 2 * len(CSV))
    first, *others = [await shared(world) for _ in range(3)]
    assert (await world.call("files.info", file=first["id"])).error == "file_not_found"
    for other in others:
        assert (await world.call("files.info", file=other["id"])).body["ok"]


async def test_a_download_meets_the_troubles_it_is_told_to(world: World) -> None:
    address = (await shared(world))["url_private_download"]

    def trouble(**fault: Any) -> None:
        world.slack.api.faults[:] = [Fault(method="files.download", **fault)]

    trouble(status=500)
    assert (await download(world, address))[0] == 500
    trouble(error="login_page")
    assert (await download(world, address))[:2] == (200, "text/html")
    for kind in ("broken", "lost"):
        # A client asks once more where a connection that it kept was gone.
        trouble(kind=kind, times=2)
        with pytest.raises(aiohttp.ClientError):
            await download(world, address)
    trouble(kind="slow", seconds=30.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await download(world, address)
    assert (await download(world, address))[2] == CSV


async def test_a_text_shows_its_beginning_and_other_files_do_not(world: World) -> None:
    many = "".join(f"line {number}\n" for number in range(40)).encode()
    content = {"a.diff": many, "b.xlsx": b"PK\x03\x04", "c.csv": b"\xff\xfe\x00"}
    await world.slack.share(MIA, ASO, content)
    text, sheet, broken = world.slack.messages(ASO)[0]["files"]
    assert text["preview"].splitlines()[0] == "line 0"
    assert (text["mode"], text["lines"], text["lines_more"]) == ("snippet", 40, 34)
    assert (sheet["mode"], broken["mode"]) == ("hosted", "hosted")
    assert "preview" not in sheet
