"""What the record is told of writes whose answer nobody saw."""

from __future__ import annotations

from bot.domain.acts import Act, ActVerb
from bot.domain.fields import Resource
from bot.pushes.telling import cut_off
from bot.storage.push_rows import Push, PushState
from bot.storage.steps import Step, StepVerb

PUSH = Push(id=1, proposal_id=7, digest="d", epoch=2, state=PushState.WRITING, approvers=("U0BEN",))


def a_step(verb: StepVerb, id_: str) -> Step:
    resource = Resource.VERSION
    return Step(position=0, chain=0, locale="ja", resource=resource, verb=verb, resource_id=id_)


def test_each_write_that_was_cut_off_is_told_as_apple_would_see_it() -> None:
    steps = [
        a_step(StepVerb.UPDATE, "1"),
        a_step(StepVerb.CREATE, ""),
        # Found there already, and changed.
        a_step(StepVerb.CREATE, "2"),
        a_step(StepVerb.DELETE, "3"),
    ]
    acts = [Act(verb=ActVerb.SUBMIT, subject="4")]
    (entry,) = cut_off(PUSH, steps, acts)
    assert entry.proposal == 7
    calls = entry.body["calls"]
    assert isinstance(calls, list)
    texts = "/v1/appStoreVersionLocalizations"
    assert [(one["method"], one["path"], one["fault"]) for one in calls] == [
        ("PATCH", f"{texts}/1", "unseen"),
        ("POST", texts, "unseen"),
        ("PATCH", f"{texts}/2", "unseen"),
        ("DELETE", f"{texts}/3", "unseen"),
        ("PATCH", "/v1/reviewSubmissions/4", "unseen"),
    ]


def test_nothing_is_told_where_nothing_was_under_way() -> None:
    assert cut_off(PUSH, [], []) == []
