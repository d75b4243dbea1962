"""The emulated store without its sockets: one call in, one reply out.

It knows how a request travels: token, agreements, budget, role, route, rules. It
does no I/O and never waits; faults and delays belong to whoever calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.sandbox.appstore import reads
from bot.sandbox.appstore.bodies import linkage, parsed, target_id
from bot.sandbox.appstore.budgets import Budgets
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.documents import View
from bot.sandbox.appstore.query import Query, Reading, parse
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import AGREEMENT, RefusalError, refusal
from bot.sandbox.appstore.rooms import BUILD_LINK, WRITES, Mail, Rooms
from bot.sandbox.appstore.schema import (
    BUILDS,
    VERSIONS,
)
from bot.sandbox.appstore.seeding import Seed
from bot.sandbox.appstore.settling import must_be_settled
from bot.sandbox.appstore.tokens import Key, KeyRing

Json = dict[str, Any]

READ_METHODS = frozenset({"GET", "HEAD"})
OPERATIONS: Mapping[tuple[str, bool], str] = {
    ("GET", False): "GET_COLLECTION",
    ("GET", True): "GET_INSTANCE",
    ("POST", False): "CREATE",
    ("PATCH", True): "UPDATE",
    ("DELETE", True): "DELETE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `path` begins with /v1, `base` is the address before it.

    `age` is how old (seconds) the state is that a read sees.
    """

    method: str
    path: str
    base: str
    pairs: tuple[tuple[str, str], ...] = ()
    authorization: str = ""
    content_type: str = ""
    body: bytes = b""
    age: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; `document` is None for an answer without a body."""

    status: int
    document: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()


class AppStore:
    """The state of the emulated store and its answers."""

    def __init__(
        self,
        *,
        seed: Seed,
        now: Callable[[], float],
        keys: KeyRing,
        conditions: Conditions,
        mail: Mail | None = None,
        ids: str = "",
    ) -> None:
        self.records = Records(ids)
        self.rooms = Rooms(self.records, seed, conditions, mail or Mail())
        self._now = now
        self._keys = keys
        self._budgets = Budgets()
        self._conditions = conditions

    def handle(self, call: Call) -> Reply:
        """Answer one request."""
        # Seen in Apple's answers, which its support asks for; not documented.
        headers = {"x-apple-request-uuid": str(uuid4())}
        self.rooms.engine.tick(self._now())
        try:
            key = self._keys.holder(call.authorization, self._now())
            self._charge(key, call, headers)
            reply = self._routed(key, call)
        except RefusalError as error:
            return Reply(
                status=error.status,
                document=error.document(),
                headers={**headers, **error.headers},
                codes=error.codes,
            )
        return Reply(status=reply.status, document=reply.document, headers=headers)

    def _charge(self, key: Key, call: Call, headers: dict[str, str]) -> None:
        conditions = self._conditions
        hour, minute = conditions.hour_limit, conditions.minute_limit
        writes = call.method not in READ_METHODS
        try:
            self._budgets.spend(key.key_id, self._now(), writes=writes, hour=hour, minute=minute)
        except RefusalError as error:
            if conditions.retry_after is not None:
                error.headers["Retry-After"] = str(conditions.retry_after)
            raise
        finally:
            headers["X-Rate-Limit"] = self._budgets.header(
                key.key_id,
                writes=writes,
                hour=hour,
                minute=minute,
                joined=conditions.joined_rate_headers,
            )

    def _routed(self, key: Key, call: Call) -> Reply:
        if self._conditions.agreements_missing:
            raise refusal("FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED", AGREEMENT)
        template, ids = template_of(call.path)
        if (call.method, template) not in ROUTES:
            raise _no_route(call.method, template)
        if call.method not in READ_METHODS and not key.may_write:
            raise refusal("FORBIDDEN_ERROR", "The API key in use does not allow this request")
        if call.method == "GET":
            return self._read(reads.READS[template], call, ids)
        return self._write(template, call, ids)

    def _read(self, reading: Reading, call: Call, record_id: str) -> Reply:
        query = parse(reading, call.pairs)
        moment = self._now() - call.age if call.age else None
        view = View(records=self.records, base=call.base, query=query, moment=moment)
        if not reading.listed:
            record = self._one(reading, record_id, moment)
            return Reply(status=200, document=view.single(record, call.path))
        parent = self._found(reading.parent, record_id, moment) if reading.parent else None
        shown = reads.listed(self.records, reading, parent, query)
        return Reply(status=200, document=view.listing(shown, call.path, call.pairs))

    def _one(self, reading: Reading, record_id: str, moment: float | None) -> Record | None:
        if reading.parent is None or reading.relationship is None:
            return self._found(reading.type, record_id, moment)
        parent = self._found(reading.parent, record_id, moment)
        return self.records.get(reading.type, parent.one.get(reading.relationship, ""))

    def _write(self, template: str, call: Call, record_id: str) -> Reply:
        kind = template.split("/")[2]
        if call.pairs:
            parse(Reading(type=kind, listed=False), call.pairs)
        if call.method == "POST":
            return self._create(kind, call)
        record = self._found(kind, record_id)
        if call.method == "DELETE":
            must_be_settled(self.records, record, self._now())
            self.rooms.deletes[kind].delete(record, self._now())
            return Reply(status=204)
        if template == BUILD_LINK:
            chosen = linkage(call.body, call.content_type, BUILDS)
            must_be_settled(self.records, record, self._now())
            self.rooms.builds.choose(record, chosen)
            return Reply(status=204)
        data = parsed(call.body, call.content_type)
        must_be_settled(self.records, record, self._now())
        return self._told(
            call, self.rooms.updates[kind].update(record, data, self._now()), status=200
        )

    def _create(self, kind: str, call: Call) -> Reply:
        data = parsed(call.body, call.content_type)
        version = self.records.get(VERSIONS, target_id(data, "appStoreVersion"))
        if version is not None:
            must_be_settled(self.records, version, self._now())
        return self._told(
            call, self.rooms.creates[kind].create(kind, data, self._now()), status=201
        )

    def _told(self, call: Call, record: Record, *, status: int) -> Reply:
        view = View(records=self.records, base=call.base, query=Query())
        document = view.single(record, f"/v1/{record.type}/{record.id}")
        return Reply(status=status, document=document)

    def _found(self, kind: str, record_id: str, moment: float | None = None) -> Record:
        record = self.records.get(kind, record_id)
        if record is None or record.as_of(moment) is None:
            detail = f"There is no resource of type '{kind}' with id '{record_id}'"
            raise refusal("NOT_FOUND", detail)
        return record


ROUTES: frozenset[tuple[str, str]] = frozenset(
    [("GET", template) for template in reads.READS]
    + [
        (method, f"/v1/{kind}" if method == "POST" else f"/v1/{kind}/{{id}}")
        for kind, methods in WRITES.items()
        for method in methods
    ]
    + [("PATCH", BUILD_LINK)]
)


def template_of(path: str) -> tuple[str, str]:
    """Return the table's form of `path` and the id in it ("" when there is none)."""
    parts = path.strip("/").split("/")
    record_id = parts[2] if len(parts) > 2 else ""
    if record_id:
        parts[2] = "{id}"
    return "/" + "/".join(parts), record_id


def _no_route(method: str, template: str) -> RefusalError:
    parts = template.split("/")
    kind = parts[2] if len(parts) > 2 else ""
    own = {f"/v1/{kind}", f"/v1/{kind}/{{id}}"}
    allowed = sorted(
        OPERATIONS[verb, route.endswith("{id}")] for verb, route in ROUTES if route in own
    )
    if not allowed or template not in own:
        detail = "The path provided does not match a defined resource type."
        return refusal("NOT_FOUND", detail)
    asked = OPERATIONS.get((method, template.endswith("{id}")), method)
    detail = (
        f"The resource '{kind}' does not allow '{asked}'. "
        f"Allowed operations are: {', '.join(allowed)}"
    )
    return refusal("FORBIDDEN_ERROR", detail)
