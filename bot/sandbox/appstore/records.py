"""The emulated store's memory: records by type and id, tied by relationships.

It knows what is and what was a while ago, and no rule about what may be. An
attribute that was never set is None; attributes are replaced, never changed in place.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Attributes = dict[str, Any]

REMEMBERED = 16
_NAMESPACE = uuid.UUID("6f0a2f0e-8f43-4d8e-9f6b-2f3c1f0f9d11")


@dataclass(slots=True, kw_only=True)
class Record:
    """One resource; `created` is the moment (seconds) from which a read may see it.

    `notes` are what Apple keeps to itself: secrets, moments, counts.
    """

    type: str
    id: str
    attributes: Attributes
    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    created: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)
    past: deque[tuple[float, Attributes]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def change(self, attributes: Mapping[str, Any], now: float) -> None:
        """Set `attributes` and keep what they were until `now`."""
        self.past.append((now, self.attributes))
        self.attributes = {**self.attributes, **attributes}

    def as_of(self, moment: float | None) -> Attributes | None:
        """Return the attributes as they were at `moment`; None when there was no record yet."""
        if moment is None:
            return self.attributes
        if self.created > moment:
            return None
        for ended, attributes in self.past:
            if ended > moment:
                return attributes
        return self.attributes


class Records:
    """All records of the store; stores with another `ids` share no id with this one."""

    def __init__(self, ids: str = "") -> None:
        self._namespace = uuid.uuid5(_NAMESPACE, ids) if ids else _NAMESPACE
        self._all: dict[str, dict[str, Record]] = {}
        self._made = 0

    def get(self, kind: str, record_id: str) -> Record | None:
        """Return the record of type `kind`, or None."""
        return self._all.get(kind, {}).get(record_id)

    def need(self, kind: str, record_id: str) -> Record:
        """Return the record of type `kind`; raises LookupError when there is none."""
        record = self.get(kind, record_id)
        if record is None:
            raise LookupError(f"There is no {kind} with id {record_id}.")
        return record

    def every(self, kind: str) -> Iterator[Record]:
        """Yield the records of type `kind`, oldest first."""
        yield from self._all.get(kind, {}).values()

    def children(self, parent: Record, relationship: str, kind: str) -> list[Record]:
        """Return the records behind a to-many relationship, in the order they were added."""
        shelf = self._all.get(kind, {})
        return [shelf[child] for child in parent.many.get(relationship, ())]

    def add(self, record: Record) -> Record:
        """Put a new record in its place."""
        self._all.setdefault(record.type, {})[record.id] = record
        return record

    def add_child(self, parent: Record, relationship: str, *, back: str, record: Record) -> Record:
        """Add `record` and tie it to `parent` both ways."""
        record.one[back] = parent.id
        parent.many.setdefault(relationship, []).append(record.id)
        return self.add(record)

    def remove(self, record: Record, parent: Record, relationship: str) -> None:
        """Forget `record` and untie it from `parent`."""
        parent.many[relationship].remove(record.id)
        del self._all[record.type][record.id]

    def forget(self, record: Record) -> None:
        """Forget `record`, to which nothing is tied any more."""
        del self._all[record.type][record.id]

    def new_id(self, kind: str) -> str:
        """Return an id no record has; the same one at the same place in every run."""
        self._made += 1
        return str(uuid.uuid5(self._namespace, f"{kind}/{self._made}"))
