"""Open modals, person by person, and Home views: the stack, ids, hashes and what was typed.

Says no by raising SlackError; knows nothing of HTTP.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.blocks import check_view
from bot.sandbox.slack.contents import view_bytes
from bot.sandbox.slack.copies import copied
from bot.sandbox.slack.elements import FAMILIES
from bot.sandbox.slack.inputs import Inputs
from bot.sandbox.slack.workspace import SlackError, Workspace

Json = dict[str, Any]

TROUBLE = "We had some trouble connecting. Try again?"
_GIVEN = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "submit_disabled": False,
    "title": None,
    "submit": None,
    "close": None,
}
_ACTIVE = FAMILIES["actions"] | FAMILIES["input"] | FAMILIES["context_actions"]


@dataclass(slots=True, kw_only=True)
class View:
    """A view as it stands in front of one person.

    `errors` are by block id; `notice` is what Slack itself says when something went wrong.
    """

    id: str
    who: str
    given: Json
    hash: str
    root: str
    previous: str | None = None
    inputs: Inputs = field(default_factory=Inputs)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    @property
    def is_home(self) -> bool:
        """Whether it is a Home tab."""
        return bool(self.given["type"] == "home")


class Views:
    """Every person's stack of modals and Home tab.

    With `prefilled_in_state` off, untouched prefilled inputs are absent from `state.values`.
    `longest_initial` is the most characters an input may begin with; None sets no limit.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.prefilled_in_state = True
        self.longest_initial: int | None = None

    def open(self, who: str, given: Json) -> View:
        """Show a modal in place of whatever modal the person had open."""
        view = self._made(who, self._checked(given, "modal"))
        self.stacks[who] = [view]
        self._workspace.records.changed()
        return view

    def push(self, who: str, given: Json) -> View:
        """Show a modal on top; `push_limit_reached` above three."""
        stack = self.stacks.get(who) or []
        checked = self._checked(given, "modal")
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= limits.MODAL_STACK:
            raise SlackError("push_limit_reached")
        view = self._made(who, checked, below=stack[-1])
        stack.append(view)
        self._workspace.records.changed()
        return view

    def update(self, view: View, given: Json, *, expected: str | None = None) -> View:
        """Replace a view's content under a new hash; `hash_conflict` if `expected` is stale."""
        checked = self._checked(given, "home" if view.is_home else "modal", view)
        if expected is not None and expected != view.hash:
            raise SlackError("hash_conflict", detail=f"{expected} is not {view.hash}")
        view.given = checked
        view.hash = self._new_hash()
        view.inputs.redraw(checked["blocks"])
        view.errors = {}
        view.notice = ""
        self._workspace.records.changed()
        return view

    def publish(self, who: str, given: Json, *, expected: str | None = None) -> View:
        """Show a Home view to a person; its id stays, its hash does not."""
        self._workspace.person(who)
        known = self.homes.get(who)
        if known is not None:
            return self.update(known, given, expected=expected)
        self.homes[who] = self._made(who, self._checked(given, "home"))
        self._workspace.records.changed()
        return self.homes[who]

    def find(self, view_id: str | None, external_id: str | None = None) -> View:
        """Return an open view; `not_found` when it was closed or never was."""
        for view in self._all():
            if view_id is not None and view.id == view_id:
                return view
            if view_id is None and external_id and view.given["external_id"] == external_id:
                return view
        raise SlackError("not_found")

    def is_open(self, view: View) -> bool:
        """Return whether the view still stands in front of its person."""
        return any(view is other for other in self._all())

    def drop(self, view: View) -> None:
        """Take one modal away; the one below it shows again."""
        stack = self.stacks.get(view.who, [])
        self.stacks[view.who] = [other for other in stack if other is not view]
        self._workspace.records.changed()

    def clear(self, who: str) -> None:
        """Take all of a person's modals away."""
        self.stacks[who] = []
        self._workspace.records.changed()

    def shown(self, view: View, *, with_state: bool = True) -> Json:
        """Return a view as Slack gives it in payloads and answers."""
        values = view.inputs.values(prefilled=self.prefilled_in_state) if with_state else {}
        app = self._workspace.cast.app
        team = self._workspace.cast.team.id
        return {
            **copied(view.given),
            "id": view.id,
            "team_id": team,
            "state": {"values": values},
            "hash": view.hash,
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": app.id,
            "app_installed_team_id": team,
            "bot_id": app.bot_id,
        }

    def _all(self) -> list[View]:
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def _made(self, who: str, given: Json, below: View | None = None) -> View:
        view_id = self._workspace.new_id("V")
        view = View(
            id=view_id,
            who=who,
            given=given,
            hash=self._new_hash(),
            root=below.root if below else view_id,
            previous=below.id if below else None,
        )
        view.inputs.redraw(given["blocks"])
        return view

    def _new_hash(self) -> str:
        return f"{int(self._workspace.now())}.{secrets.token_hex(4)}"

    def _checked(self, given: Json, kind: str, itself: View | None = None) -> Json:
        """Return a view with Slack's defaults, after it was held against every limit."""
        problems = [str(p) for p in check_view(given)]
        problems = problems or self._workspace.files.unfit(given["blocks"], "/view/blocks")
        problems += [] if problems else self._too_long(given)
        if not problems and given["type"] != kind:
            problems = [f"must be one of: {kind} [json-pointer:/view/type]"]
        if problems:
            raise SlackError(
                "invalid_arguments",
                detail=problems[0],
                response_metadata={"messages": [f"[ERROR] {words}" for words in problems]},
            )
        if view_bytes(given) > limits.VIEW_BYTES:
            raise SlackError("view_too_large")
        self._refuse_taken_id(given.get("external_id"), itself)
        filled = {**_GIVEN, **copied(given)}
        filled["blocks"] = with_ids(filled["blocks"])
        return filled

    def _too_long(self, given: Json) -> list[str]:
        if self.longest_initial is None:
            return []
        most = self.longest_initial
        return [
            f"must be less than {most + 1} characters [json-pointer:/view/blocks/{place}/element]"
            for place, block in enumerate(given["blocks"])
            if len(str((block.get("element") or {}).get("initial_value") or "")) > most
        ]

    def _refuse_taken_id(self, external_id: str | None, itself: View | None) -> None:
        if external_id and any(
            view is not itself and view.given["external_id"] == external_id for view in self._all()
        ):
            raise SlackError("duplicate_external_id")


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return blocks in which every block and action has an id, as Slack fills them in."""
    named = [
        {**copied(block), "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
        for block in blocks
    ]
    for block in named:
        inner = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
        for element in inner:
            if isinstance(element, dict) and element.get("type") in _ACTIVE:
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return named
