"""What was sent to both services, held against their contracts where these lie beside us."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from bot.sandbox.appstore import EmulatedAppStore
from bot.sandbox.slack import EmulatedSlack
from tests.sandbox.appstore.contract import CONTRACT, Contract
from tests.slack.limits import violations

MESSAGES = {"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"}
VIEWS = {"views.open", "views.update", "views.push", "views.publish"}
BROKEN_SERVER = 500


def broken_promises(slack: EmulatedSlack, apple: EmulatedAppStore) -> list[str]:
    """Return every request to Apple and every message and view that its service would refuse."""
    return [*apples(apple), *slacks(slack)]


def apples(apple: EmulatedAppStore) -> Iterator[str]:
    """Yield what Apple's document does not describe in the log of the emulated store."""
    if not CONTRACT.exists():
        return
    for row, answer in apple.requests.exchanges():
        # Troubles on demand are no answers that a document describes.
        if row["status"] < BROKEN_SERVER:
            for problem in _problems(row, answer):
                yield f"{row['method']} {row['path']}: {problem}"


def _problems(row: dict[str, Any], answer: Any) -> list[str]:
    try:
        return _contract().violations(row, answer)
    except KeyError:
        return ["is no operation of Apple's"]


def slacks(slack: EmulatedSlack) -> Iterator[str]:
    """Yield what Block Kit does not allow in everything that was sent to the emulated Slack."""
    for kind, payload in _payloads(slack):
        # A text of Apple's length in one input is what the form tries first, knowingly.
        for problem in violations(payload, long_inputs=True):
            yield f"{kind}: {problem}"


def _payloads(slack: EmulatedSlack) -> Iterator[tuple[str, dict[str, Any]]]:
    for call in slack.log:
        args = call["args"]
        if call["method"] in MESSAGES:
            yield call["method"], {"text": args.get("text"), "blocks": _parsed(args, "blocks", [])}
        elif call["method"] in VIEWS:
            yield call["method"], _parsed(args, "view", {})
    # What came with an acknowledgement is in no call, only before people's eyes.
    for person in slack.people():
        for modal in slack.modals(person["id"]):
            yield "modal", modal["view"]


def _parsed(args: Mapping[str, Any], name: str, empty: Any) -> Any:
    value = args.get(name) or empty
    return json.loads(value) if isinstance(value, str) else value


@cache
def _contract() -> Contract:
    return Contract()
