"""What one person sees, as one JSON document for the page.

Knows the seams of both emulations and of the bot's process; changes nothing anywhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.sandbox.appstore import EmulatedAppStore
from bot.sandbox.child import Child
from bot.sandbox.slack import EmulatedSlack

MESSAGES = 200
LOG_LINES = 200
PARTS = ("slack", "apple", "bot")
# Bodies are fetched one at a time when somebody opens a request.
HEAVY = ("body", "query", "args")


class PageState:
    """Draws the state; `notes` are sentences about what the sandbox made up."""

    def __init__(
        self,
        *,
        slack: EmulatedSlack,
        apple: EmulatedAppStore,
        bot: Callable[[], Child | None],
        notes: Sequence[str],
        session: str,
    ) -> None:
        self._slack = slack
        self._apple = apple
        self._bot = bot
        self._notes = list(notes)
        self._session = session

    def document(self, who: str, parts: Iterable[str]) -> dict[str, Any]:
        """The named parts of `slack`, `apple` and `bot` as the person `who` sees them."""
        drawers = {
            "slack": lambda: self._of_slack(who),
            "apple": self._of_apple,
            "bot": self._of_bot,
        }
        drawn = {part: drawers[part]() for part in PARTS if part in set(parts)}
        return {"session": self._session, "me": who, "notes": self._notes, **drawn}

    def knows(self, who: str) -> bool:
        """Whether somebody of that id exists."""
        return any(person["id"] == who for person in self._slack.people())

    def first_person(self) -> str:
        """Who the page begins as: the first proposer, or simply the first person."""
        people = [person for person in self._slack.people() if not person.get("is_bot")]
        proposers = [person for person in people if person.get("kind") == "proposer"]
        return str((proposers or people)[0]["id"])

    def request(self, number: int) -> dict[str, Any] | None:
        """One request to the emulated App Store Connect with everything in it."""
        row = next((dict(row) for row in self._apple.log if row["n"] == number), None)
        if row is None:
            return None
        answers = (
            answer for asked, answer in self._apple.requests.exchanges() if asked["n"] == number
        )
        return {**row, "answer": next(answers, None)}

    def _of_slack(self, who: str) -> dict[str, Any]:
        seen = [channel for channel in self._slack.channels() if who in channel["members"]]
        messages = {
            channel["id"]: self._slack.messages(channel["id"], who)[-MESSAGES:] for channel in seen
        }
        direct = self._slack.direct_channel(who)
        messages[direct["id"]] = self._slack.direct(who)[-MESSAGES:]
        threads = {
            f"{channel}/{message['ts']}": self._slack.thread(channel, message["ts"], who)
            for channel, shown in messages.items()
            for message in shown
            if message.get("reply_count")
        }
        return {
            "channels": seen,
            "direct": direct,
            "people": self._slack.people(),
            "shortcuts": [
                dataclasses.asdict(one) for one in self._slack.workspace.cast.app.shortcuts
            ],
            "groups": [dataclasses.asdict(group) for group in self._slack.workspace.cast.groups],
            "messages": messages,
            "threads": threads,
            "modals": self._slack.modals(who),
            "home": self._slack.home(who),
            "log": [_light(line) for line in list(self._slack.log)[-LOG_LINES:]],
            "refusals": list(self._slack.refusals)[-LOG_LINES:],
        }

    def _of_apple(self) -> dict[str, Any]:
        return {
            "apps": self._apple.apps(),
            "log": [_light(line) for line in list(self._apple.log)[-LOG_LINES:]],
            "faults": self._apple.faults.list(),
            "speed": self._apple.speed,
            "webhook_trouble": self._apple.webhook_troubles(),
            "conditions": dataclasses.asdict(self._apple.conditions),
        }

    def _of_bot(self) -> dict[str, Any]:
        bot = self._bot()
        if bot is None:
            return {"state": "absent", "running": False, "ready": False, "restarts": 0, "tail": []}
        return bot.status()


def _light(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in HEAVY}
