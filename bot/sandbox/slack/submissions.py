"""A modal's end: what the client refuses to send, what it sends, and what the answer does.

An answer that Slack cannot use leaves the modal open with Slack's own sentence of trouble.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.delivery import INTERACTION, Ack, Delivery
from bot.sandbox.slack.views import TROUBLE, View, Views
from bot.sandbox.slack.workspace import SlackError, Workspace

Json = dict[str, Any]


class Submissions:
    """Submits and closes modals."""

    def __init__(self, workspace: Workspace, views: Views, delivery: Delivery) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery

    async def submit(self, view: View) -> Ack:
        """Send `view_submission` and do what the acknowledgement says.

        `invalid_input` when the client's own checks keep it back.
        """
        view.notice, view.errors = "", view.inputs.complaints()
        if view.errors:
            self._workspace.records.changed()
            return Ack(ok=False, error="invalid_input")
        ack = await self._send("view_submission", view)
        if not ack.ok:
            self._trouble(view, str(ack.error), "no acknowledgement")
        elif self._views.is_open(view):
            self._apply(view, ack.body or {})
        return ack

    async def close(self, view: View) -> Ack | None:
        """Take a modal away, and all below it where it asked for that; tell the app if it asked."""
        shown = self._views.shown(view)
        if view.given["clear_on_close"]:
            self._views.clear(view.who)
        else:
            self._views.drop(view)
        if not view.given["notify_on_close"]:
            return None
        act = payloads.Act(who=view.who, trigger_id="")
        payload = payloads.view_act(self._workspace, "view_closed", act, shown)
        payload["is_cleared"] = bool(view.given["clear_on_close"])
        return await self._delivery.send(INTERACTION, payload)

    async def _send(self, kind: str, view: View) -> Ack:
        trigger = self._workspace.new_trigger(view.who, view.id)
        act = payloads.Act(who=view.who, trigger_id=trigger)
        payload = payloads.view_act(self._workspace, kind, act, self._views.shown(view))
        return await self._delivery.send(INTERACTION, payload)

    def _apply(self, view: View, answer: Json) -> None:
        if not answer:
            self._views.drop(view)
            return
        act = _ANSWERS.get(str(answer.get("response_action")))
        if act is None:
            self._trouble(view, "invalid_response", f"{answer.get('response_action')!r}")
            return
        try:
            act(self, view, answer)
        except SlackError as no:
            self._trouble(view, no.error, no.detail)

    def _errors(self, view: View, answer: Json) -> None:
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_response", detail="errors must hold at least one block id")
        unknown = sorted(set(errors) - view.inputs.error_places())
        if unknown:
            raise SlackError("invalid_response", detail=f"no input block {', '.join(unknown)}")
        view.errors = {block_id: str(words) for block_id, words in errors.items()}
        self._workspace.records.changed()

    def _update(self, view: View, answer: Json) -> None:
        self._views.update(view, _given(answer))

    def _push(self, view: View, answer: Json) -> None:
        self._views.push(view.who, _given(answer))

    def _clear(self, view: View, _answer: Json) -> None:
        self._views.clear(view.who)

    def _trouble(self, view: View, error: str, detail: str) -> None:
        view.notice = TROUBLE
        self._workspace.records.refuse("view_submission", error, detail)


def _given(answer: Json) -> Json:
    view = answer.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_response", detail="an update or push needs a view")
    return view


_ANSWERS: Mapping[str, Callable[[Submissions, View, Json], None]] = {
    "errors": Submissions._errors,
    "update": Submissions._update,
    "push": Submissions._push,
    "clear": Submissions._clear,
}
