"""Bodies of requests: parsed, and the refusals that every kind of write shares.

It knows JSON:API's shape of a write and nothing about what is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, refusal

Json = dict[str, Any]


def parsed(body: bytes, content_type: str) -> Json:
    """Return the `data` of a request body; raises RefusalError when there is none to read."""
    data = _document(body, content_type)["data"]
    if not isinstance(data, dict):
        raise refusal("ENTITY_UNPROCESSABLE", "Unexpected or invalid value at 'data'.")
    for member in ("attributes", "relationships"):
        if not isinstance(data.get(member, {}), dict):
            raise refusal("ENTITY_UNPROCESSABLE", f"Unexpected or invalid value at '{member}'.")
    return data


def linkage(body: bytes, content_type: str, kind: str) -> str | None:
    """Return the id that a to-one linkage names, None for `data: null`; raises RefusalError."""
    data = _document(body, content_type)["data"]
    if data is None:
        return None
    if not isinstance(data, dict) or data.get("type") != kind or not data.get("id"):
        raise refusal("ENTITY_UNPROCESSABLE", "Unexpected or invalid value at 'data'.")
    return str(data["id"])


def _document(body: bytes, content_type: str) -> Json:
    if content_type != "application/json":
        detail = f"The Content-Type '{content_type}' is not supported; use application/json"
        raise refusal("UNSUPPORTED_MEDIA_TYPE", detail)
    try:
        document = json.loads(body)
    except ValueError:
        raise refusal("ENTITY_UNPROCESSABLE", "The request entity is not valid JSON") from None
    if not isinstance(document, dict) or set(document) != {"data"}:
        raise refusal("ENTITY_UNPROCESSABLE", "Unexpected or invalid value at 'data'.")
    return document


def identity(data: Json, kind: str, record_id: str | None) -> Iterator[Problem]:
    """Yield what is wrong with the type, and with the id of an update."""
    if data.get("type") != kind:
        detail = f"The resource type '{data.get('type')}' does not match '{kind}'"
        yield Problem(code="ENTITY_ERROR.TYPE", detail=detail, pointer="/data/type")
    if record_id is not None and data.get("id") != record_id:
        detail = f"The id '{data.get('id')}' does not match the id of the path"
        yield Problem(code="ENTITY_ERROR.ID", detail=detail, pointer="/data/id")


def unknown_relationships(data: Json, *, allowed: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each relationship that this request cannot set."""
    for name in data.get("relationships", {}):
        if name not in allowed:
            yield Problem(
                code="ENTITY_ERROR.RELATIONSHIP.UNKNOWN",
                detail=f"'{name}' is not a relationship that can be set with this request",
                pointer=f"/data/relationships/{name}",
            )


def unknown_attributes(data: Json, *, allowed: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each attribute that this request cannot set."""
    for name in data.get("attributes", {}):
        if name not in allowed:
            yield Problem(
                code="ENTITY_ERROR.ATTRIBUTE.UNKNOWN",
                detail=f"'{name}' is not an attribute on the resource '{data.get('type')}'",
                pointer=f"/data/attributes/{name}",
            )


def missing(data: Json, names: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each attribute that must be there and is not."""
    for name in names:
        value = data.get("attributes", {}).get(name)
        if value is None or value == "":
            yield required(name)


def required(name: str) -> Problem:
    """Return Apple's problem with an attribute that has no value."""
    return Problem(
        code="ENTITY_ERROR.ATTRIBUTE.REQUIRED",
        detail=f"You must provide a value for the attribute '{name}' with this request",
        pointer=f"/data/attributes/{name}",
    )


def invalid(name: str, detail: str) -> Problem:
    """Return a problem with the value of one attribute."""
    code = "ENTITY_ERROR.ATTRIBUTE.INVALID"
    return Problem(code=code, detail=detail, pointer=f"/data/attributes/{name}")


def target(records: Records, data: Json, name: str, kind: str) -> Record:
    """Return the record behind the to-one relationship `name`; raises RefusalError."""
    record = records.get(kind, target_id(data, name))
    if record is None:
        raise refusal(
            "ENTITY_ERROR.RELATIONSHIP.INVALID",
            f"There is no resource of type '{kind}' with id '{target_id(data, name)}'",
            pointer=f"/data/relationships/{name}",
        )
    return record


def target_id(data: Json, name: str) -> str:
    """Return the id behind the to-one relationship `name`, "" when none is given."""
    told = data.get("relationships", {}).get(name)
    linked = told.get("data") if isinstance(told, dict) else None
    return str(linked.get("id", "")) if isinstance(linked, dict) else ""


def moment(text: Any) -> datetime | None:
    """Return an ISO date with its offset as UTC, None when it is none."""
    try:
        told = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return told.astimezone(UTC) if told.tzinfo is not None else None


def written(now: float) -> str:
    """Return `now` (seconds since 1970) as Apple writes a date, in UTC."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
