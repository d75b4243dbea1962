"""JSON:API documents in Apple's shape: resources, linkage, paging and includes.

It knows how a record is written down and nothing about who asked. Linkage
(`data` of a relationship) appears where the relationship is included; with
fields[...] a relationship appears only when it is named there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.sandbox.appstore.query import RELATED_LIMIT, Query, cursor
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import SHAPES, SUBMISSIONS, VERSIONS

Json = dict[str, Any]

# Where a limit may cut something off, it is the oldest.
NEWEST_FIRST = frozenset({VERSIONS, SUBMISSIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One read of the records: `base` is the address before /v1, `moment` how late it is.

    `moment` (seconds) is None for the present; an earlier one shows what was then.
    """

    records: Records
    base: str
    query: Query
    moment: float | None = None

    def single(self, record: Record | None, path: str) -> Json:
        """Return the document of one record, or of none behind a to-one relationship."""
        if record is None:
            return {"data": None, "links": {"self": f"{self.base}{path}"}}
        answer: Json = {
            "data": self._resource(record, main=True),
            "links": {"self": f"{self.base}{path}"},
        }
        return self._with_included(answer, [record])

    def listing(
        self, records: Iterable[Record], path: str, pairs: Iterable[tuple[str, str]]
    ) -> Json:
        """Return the document of one page of `records`."""
        everything = [record for record in records if record.as_of(self.moment) is not None]
        start, limit = self.query.offset, self.query.limit
        page = everything[start : start + limit]
        kept = [(name, value) for name, value in pairs if name != "cursor"]
        links = {"self": self._address(path, kept, start)}
        paging: Json = {"total": len(everything), "limit": limit}
        if start + limit < len(everything):
            links["first"] = self._address(path, kept, 0)
            links["next"] = self._address(path, kept, start + limit)
            paging["nextCursor"] = cursor(start + limit)
        answer: Json = {
            "data": [self._resource(record, main=True) for record in page],
            "links": links,
            "meta": {"paging": paging},
        }
        return self._with_included(answer, page)

    def _address(self, path: str, pairs: list[tuple[str, str]], offset: int) -> str:
        told = [*pairs, ("cursor", cursor(offset))] if offset else pairs
        text = "&".join(f"{quote(name)}={quote(value, safe=',')}" for name, value in told)
        return f"{self.base}{path}?{text}" if text else f"{self.base}{path}"

    def _resource(self, record: Record, *, main: bool) -> Json:
        shape = SHAPES[record.type]
        wanted = self.query.fields.get(record.type)
        stored = record.as_of(self.moment) or record.attributes
        told: Json = {"type": record.type, "id": record.id}
        if shape.attributes:
            told["attributes"] = {
                name: stored.get(name)
                for name in shape.attributes
                if wanted is None or name in wanted
            }
        relationships = self._relationships(record, wanted, main=main)
        if relationships:
            told["relationships"] = relationships
        told["links"] = {"self": self._self(record)}
        return told

    def _relationships(self, record: Record, wanted: frozenset[str] | None, *, main: bool) -> Json:
        shape = SHAPES[record.type]
        told: Json = {}
        for name, kind in shape.one.items():
            named = wanted is not None and name in wanted
            shown = main and name in self.query.include and (wanted is None or named)
            # What came along with others names its own relations only when asked to.
            if shown or (named and not main):
                target = record.one.get(name)
                told[name] = {"data": {"type": kind, "id": target} if target else None}
        for name in shape.many:
            if wanted is None or name in wanted:
                told[name] = self._many(record, name, main=main)
        return told

    def _many(self, record: Record, name: str, *, main: bool) -> Json:
        own = self._self(record)
        told: Json = {"links": {"self": f"{own}/relationships/{name}", "related": f"{own}/{name}"}}
        if main and name in self.query.include:
            everyone, shown = self._related(record, name)
            told["meta"] = {"paging": {"total": len(everyone), "limit": self._limit(name)}}
            told["data"] = [{"type": child.type, "id": child.id} for child in shown]
        return told

    def _related(self, record: Record, name: str) -> tuple[list[Record], list[Record]]:
        kind = SHAPES[record.type].many[name]
        everyone = [
            child
            for child in self.records.children(record, name, kind)
            if child.as_of(self.moment) is not None
        ]
        shown = everyone[::-1] if kind in NEWEST_FIRST else everyone
        return everyone, shown[: self._limit(name)]

    def _limit(self, name: str) -> int:
        return self.query.limits.get(name, RELATED_LIMIT)

    def _with_included(self, answer: Json, page: list[Record]) -> Json:
        if not self.query.include:
            return answer
        included: dict[tuple[str, str], Record] = {}
        for record in page:
            for name in self.query.include:
                for child in self._reached(record, name):
                    included[child.type, child.id] = child
        answer["included"] = [self._resource(child, main=False) for child in included.values()]
        return answer

    def _reached(self, record: Record, name: str) -> list[Record]:
        shape = SHAPES[record.type]
        if name in shape.many:
            return self._related(record, name)[1]
        target = self.records.get(shape.one[name], record.one.get(name, ""))
        return [target] if target is not None else []

    def _self(self, record: Record) -> str:
        return f"{self.base}/v1/{record.type}/{record.id}"
