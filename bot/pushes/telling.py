"""What the record is told of the writes of a push."""

from __future__ import annotations

from collections.abc import Iterable

from bot.appstore.callbook import UNSEEN, Call
from bot.appstore.deeds import DEEDS
from bot.domain.acts import Act
from bot.domain.record import NewEntry
from bot.storage.push_rows import Push
from bot.storage.steps import Step, StepVerb


def calls_of(push: Push, calls: Iterable[Call]) -> list[NewEntry]:
    """Return what was answered to a push's calls, as one entry or none."""
    return _entries(push, [call.told() for call in calls])


def cut_off(push: Push, steps: Iterable[Step], acts: Iterable[Act]) -> list[NewEntry]:
    """Return what was under way when an earlier run was cut off, as one entry or none.

    It was written down before it was sent: whether it was, and what was answered, nobody saw.
    """
    asked = [_of_step(step) for step in steps] + [_of_act(act) for act in acts]
    sent: list[dict[str, object]] = [
        {"method": method, "path": f"/v1/{path}", "fault": UNSEEN} for method, path in asked
    ]
    return _entries(push, sent)


def _of_step(step: Step) -> tuple[str, str]:
    if step.verb is StepVerb.DELETE:
        return "DELETE", f"{step.resource}/{step.resource_id}"
    # What was to be made and has an id was found there and changed.
    if step.resource_id:
        return "PATCH", f"{step.resource}/{step.resource_id}"
    return "POST", step.resource


def _of_act(act: Act) -> tuple[str, str]:
    deed = DEEDS[act.verb]
    return deed.method, deed.path_of(act)


def _entries(push: Push, calls: list[dict[str, object]]) -> list[NewEntry]:
    if not calls:
        return []
    return [NewEntry(kind="calls", body={"calls": calls}, proposal=push.proposal_id)]
