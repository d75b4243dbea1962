"""The steps of a push: what one request does, how far it is, and its row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.fields import Resource
from bot.storage.rows import dump

INSERT_STEP = (
    "insert into steps (push_id, position, chain, locale, resource, verb, resource_id,"
    " parent_id, texts, state, problem) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class StepVerb(StrEnum):
    """What a step does at Apple."""

    UPDATE = "update"
    CREATE = "create"
    DELETE = "delete"


# What may be sent again although nobody knows whether it arrived.
REPEATABLE = frozenset({StepVerb.UPDATE})


class StepState(StrEnum):
    """How far a step is; unsure means that it may have happened."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request that changes one localization resource, with all its fields.

    Steps of one `chain` run one after the other, chains side by side. `resource_id` is ""
    for what does not exist yet; `parent_id` is then where it is made.
    """

    position: int
    chain: int
    locale: str
    resource: Resource
    verb: StepVerb
    resource_id: str = ""
    parent_id: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    state: StepState = StepState.TODO
    problem: str = ""


def step_row(push: int, step: Step) -> tuple[object, ...]:
    """Return a step of `push` as INSERT_STEP takes it."""
    return (
        push,
        step.position,
        step.chain,
        step.locale,
        step.resource,
        step.verb,
        step.resource_id,
        step.parent_id,
        dump(dict(step.texts)),
        step.state,
        step.problem,
    )


def step_of(row: sqlite3.Row) -> Step:
    """Return the step that a row holds."""
    return Step(
        position=row["position"],
        chain=row["chain"],
        locale=row["locale"],
        resource=Resource(row["resource"]),
        verb=StepVerb(row["verb"]),
        resource_id=row["resource_id"],
        parent_id=row["parent_id"],
        texts=json.loads(row["texts"]),
        state=StepState(row["state"]),
        problem=row["problem"],
    )
