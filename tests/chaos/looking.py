"""What people see and press: a proposal's message, what it says, the buttons under it."""

from __future__ import annotations

from bot.sandbox.slack.channels import Message
from tests.chaos.plan import Case
from tests.chaos.world import World, channel, words_of

STATUS = {
    "Open": "open",
    "Stale": "open",
    "Parked": "parked",
    "Approved": "approved",
    "Pushing": "pushing",
    "Pushed": "pushed",
    "Partly pushed": "partial",
    "Failed": "failed",
    "Rejected": "rejected",
    "Withdrawn": "withdrawn",
    "Expired": "expired",
    "Superseded": "superseded",
}


def find(world: World, case: Case) -> str:
    """Return the ts of the message that people vote on, "" before it is there."""
    if not case.ts:
        for message in messages_of(world, case):
            case.ts = message.ts
            break
    return case.ts


def newer(world: World, case: Case, before: str) -> str:
    """Go on with the message that came after `before`; return its ts, "" while there is none."""
    for message in messages_of(world, case):
        if float(message.ts) > float(before):
            case.ts = message.ts
            return case.ts
    return ""


def messages_of(world: World, case: Case) -> list[Message]:
    """Return every message of the channel itself that shows this proposal."""
    return [
        one
        for one in world.posted(case.app)
        if not one.is_reply and f'"{case.mark}' in words_of(one)
    ]


def drawn(world: World, case: Case) -> str:
    """Return the status that a proposal's message shows, "" where it shows none that is known."""
    message = world.slack.workspace.channels[channel(case.app)].messages.get(case.ts)
    for block in message.blocks if message else []:
        for part in block.get("elements", []) if block["type"] == "rich_text" else []:
            for element in part.get("elements", []):
                bold = (element.get("style") or {}).get("bold")
                if bold and element.get("text", "").strip() in STATUS:
                    return STATUS[element["text"].strip()]
    return ""


async def press(world: World, case: Case, who: str, label: str) -> bool:
    """Press the button with that label; False where there is none or nobody hears of it."""
    message = world.slack.workspace.channels[channel(case.app)].messages[case.ts]
    for block in message.blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["text"]["text"] == label:
                ack = await world.slack.click(
                    who,
                    block_id=block["block_id"],
                    action_id=element["action_id"],
                    channel=channel(case.app),
                    ts=case.ts,
                    value=element.get("value"),
                )
                return ack.ok
    return False
