"""Messages, forms and their blocks, for tests of the page."""

import struct
import time
import zlib
from typing import Any

import jwt
from playwright.async_api import FilePayload, expect

from tests.sandbox.page_stage import Stage, opens

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(action.title()), **more}


SURE = {
    "title": plain("Sure?"),
    "text": plain("No way back."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "before", "style": {"strike": True}},
                {"type": "text", "text": "after", "style": {"bold": True}},
                {"type": "text", "text": "slanted", "style": {"italic": True}},
                {"type": "text", "text": "fixed", "style": {"code": True}},
                {"type": "link", "url": "https://apps.example/1", "text": "the listing"},
                {"type": "emoji", "name": "tada"},
                {"type": "user", "user_id": "U0BEN"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "an entry"}]}
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quotation"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as  it is"}]},
    ],
}
EVERY_BLOCK = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn("*bold* _slanted_ ~gone~ `code` <https://a.example|a link> <@U0BEN> :tada:"),
        "fields": [mrkdwn("*State*\nopen"), plain("A field")],
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("history")]},
    },
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small print"), plain("more of it")]},
    RICH,
    {"type": "image", "image_url": "https://pictures.example/1.png", "alt_text": "a picture"},
    {"type": "markdown", "text": "## Heading\n\n**strong** words"},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [button("details"), button("withdraw", style="danger", confirm=SURE)],
    },
]


def a_png(width: int = 420, height: int = 180) -> bytes:
    """A picture of bars that a browser can draw."""
    row = bytes(70 + 120 * (x // 30 % 2) for x in range(width))
    rows = b"".join(b"\x00" + row for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


async def asks_apple(stage: Stage, method: str, path: str, body: Json) -> Json:
    """Ask the emulated App Store Connect as the bot would; the answer must be a good one."""
    told, now = stage.sandbox.environment(0), int(time.time())
    claims = {"iss": told["ASC_ISSUER_ID"], "aud": "appstoreconnect-v1", "iat": now}
    token = jwt.encode(
        {**claims, "exp": now + 600},
        told["ASC_PRIVATE_KEY"],
        algorithm="ES256",
        headers={"kid": told["ASC_KEY_ID"]},
    )
    url, headers = f"{stage.sandbox.url}/apple{path}", {"Authorization": f"Bearer {token}"}
    async with stage.bot.session.request(method, url, json=body, headers=headers) as answer:
        said: Json = await answer.json()
        assert answer.status < 300, said
    return said


async def upload(stage: Stage, **shared: Any) -> str:
    """Upload the picture and share it where `shared` says; returns the file's id."""
    content = a_png()
    place = await stage.bot.call(
        "files.getUploadURLExternal",
        filename="week.png",
        length=len(content),
        alt_txt="Nine proposals, seven pushed",
    )
    async with stage.bot.session.post(place["upload_url"], data=content) as answer:
        assert answer.status == 200
    files = [{"id": place["file_id"], "title": "Week 48"}]
    await stage.bot.call("files.completeUploadExternal", files=files, **shared)
    return str(place["file_id"])


def an_input(label: str, *, multiline: bool = False, hint: str = "", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text", "multiline": multiline, **more}
    block = {
        "type": "input",
        "block_id": label.lower(),
        "optional": True,
        "label": plain(label),
        "element": element,
    }
    return {**block, "hint": plain(hint)} if hint else block


def a_modal(*blocks: Json) -> Json:
    texts = {"title": plain("Edit"), "submit": plain("Propose"), "close": plain("Cancel")}
    return {"type": "modal", "callback_id": "edit", **texts, "blocks": list(blocks)}


LOCALES = {
    "type": "actions",
    "block_id": "pick",
    "elements": [
        {
            "type": "static_select",
            "action_id": "locale",
            "initial_option": option("ja"),
            "option_groups": [
                {"label": plain("Has texts"), "options": [option("ja"), option("de")]}
            ],
        }
    ],
}


async def show_modal(stage: Stage, *blocks: Json) -> None:
    stage.bot.hears["/aso"] = opens(lambda: a_modal(*blocks))
    await stage.send("/aso edit")
    await expect(stage.by("modal")).to_be_visible()


async def fill_modal(stage: Stage, *blocks: Json) -> None:
    view_id = stage.sandbox.slack.modals("U0MIA")[-1]["id"]
    await stage.bot.call("views.update", view_id=view_id, view=a_modal(*blocks))


async def a_message(stage: Stage, **message: Any) -> str:
    posted = await stage.bot.call("chat.postMessage", channel="C0ASO", **message)
    return str(posted["ts"])


def a_file_input(label: str = "Texts", **element: Any) -> Json:
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": {"type": "file_input", "action_id": "file", **element},
    }


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}
