"""Writes of localizations: created, changed, deleted, or refused with every reason.

It knows which rules apply to which request and takes the records as they are.
Nothing is applied unless everything is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.appstore.bodies import identity, unknown_relationships
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, RefusalError, refusal
from bot.sandbox.appstore.rules import RULES, problems
from bot.sandbox.appstore.schema import (
    APPS,
    HOMES,
    INFO_TEXTS,
    LOCALES,
    VERSION_TEXTS,
    VERSIONS,
    Home,
)
from bot.sandbox.appstore.states import EDITABLE, STILL_EDITABLE, may_edit

Json = dict[str, Any]

STATE = "STATE_ERROR.ENTITY_STATE_INVALID"
DUPLICATE = "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE"


class Writer:
    """The three writes of localizations; `taken` holds strangers' app names by locale."""

    def __init__(
        self, records: Records, *, taken: Mapping[str, frozenset[str]], conditions: Conditions
    ) -> None:
        self._records = records
        self._taken = taken
        self._conditions = conditions

    def update(self, record: Record, data: Json, now: float) -> Record:
        """Change texts of `record`; raises RefusalError with every reason."""
        attributes: Json = data.get("attributes", {})
        found = [
            *identity(data, record.type, record.id),
            *unknown_relationships(data),
            *_not_updatable(attributes),
            *self._texts(record.type, attributes),
            *self._locked(HOMES[record.type], record, attributes),
            *self._name_taken(record.type, str(record.attributes["locale"]), record, attributes),
        ]
        if found:
            raise RefusalError(found)
        record.change(attributes, now)
        return record

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Add a locale; when so switched a new app info locale brings version locales along."""
        home = HOMES[kind]
        attributes: Json = data.get("attributes", {})
        found = [*identity(data, kind, None), *unknown_relationships(data, allowed=[home.back])]
        parent = self._parent(home, data, found)
        found += [*_required(kind, attributes), *self._texts(kind, attributes, creating=True)]
        found += _locale(attributes)
        if parent is not None:
            found += self._cannot_join(home, parent, attributes)
        if found or parent is None:
            raise RefusalError(found)
        return self._created(home, parent, attributes, now)

    def delete(self, record: Record, _now: float) -> None:
        """Remove a locale; refused for the primary one and where nothing may be edited."""
        home = HOMES[record.type]
        parent = self._records.need(home.parent, record.one[home.back])
        app = self._records.need(APPS, parent.one["app"])
        state = str(parent.attributes[home.state])
        if state not in EDITABLE:
            raise refusal(STATE, f"The localization cannot be deleted in the state {state}.")
        if record.attributes["locale"] == app.attributes["primaryLocale"]:
            detail = "The localization of the primary locale cannot be deleted."
            raise refusal("STATE_ERROR", detail)
        self._records.remove(record, parent, record.type)

    def _created(self, home: Home, parent: Record, attributes: Json, now: float) -> Record:
        record = self._add(home, parent, attributes, now)
        if home.type == INFO_TEXTS and self._conditions.pairs_locales:
            app = self._records.need(APPS, parent.one["app"])
            for version in self._records.children(app, VERSIONS, VERSIONS):
                self._pair(version, str(attributes["locale"]), now)
        return record

    def _pair(self, version: Record, locale: str, now: float) -> None:
        home = HOMES[VERSION_TEXTS]
        editable = version.attributes["appVersionState"] in EDITABLE
        if editable and self._of_locale(home, version, locale) is None:
            self._add(home, version, {"locale": locale}, now)

    def _add(self, home: Home, parent: Record, attributes: Json, now: float) -> Record:
        record = Record(
            type=home.type,
            id=self._records.new_id(home.type),
            attributes=dict(attributes),
            created=now,
        )
        return self._records.add_child(parent, home.type, back=home.back, record=record)

    def _of_locale(self, home: Home, parent: Record, locale: str) -> Record | None:
        for record in self._records.children(parent, home.type, home.type):
            if record.attributes["locale"] == locale:
                return record
        return None

    def _parent(self, home: Home, data: Json, found: list[Problem]) -> Record | None:
        pointer = f"/data/relationships/{home.back}"
        linkage = data.get("relationships", {}).get(home.back)
        target = linkage.get("data") if isinstance(linkage, dict) else None
        if not isinstance(target, dict):
            detail = (
                f"You must provide a value for the relationship '{home.back}' with this request"
            )
            code = "ENTITY_ERROR.RELATIONSHIP.REQUIRED"
            found.append(Problem(code=code, detail=detail, pointer=pointer))
            return None
        kind, target_id = str(target.get("type")), str(target.get("id"))
        parent = self._records.get(home.parent, target_id) if kind == home.parent else None
        if parent is None:
            detail = f"There is no resource of type '{kind}' with id '{target_id}'"
            code = "ENTITY_ERROR.RELATIONSHIP.INVALID"
            found.append(Problem(code=code, detail=detail, pointer=pointer))
        return parent

    def _cannot_join(self, home: Home, parent: Record, attributes: Json) -> Iterator[Problem]:
        locale = str(attributes.get("locale"))
        state = str(parent.attributes[home.state])
        if state not in EDITABLE:
            detail = f"A localization cannot be added in the state {state}."
            yield Problem(code=STATE, detail=detail, pointer=f"/data/relationships/{home.back}")
            return
        if self._of_locale(home, parent, locale) is not None:
            detail = f"Entity with locale: {locale} already exists. Try updating."
            yield Problem(code=DUPLICATE, detail=detail, pointer="/data/attributes/locale")
        yield from self._first_version(parent, attributes)
        yield from self._name_taken(home.type, locale, None, attributes, parent)

    def _texts(self, kind: str, attributes: Json, *, creating: bool = False) -> Iterator[Problem]:
        for name, value in attributes.items():
            if name in RULES[kind]:
                missing = creating and name == "name" and not value
                yield from () if missing else problems(kind, name, value)
            elif name != "locale":
                yield Problem(
                    code="ENTITY_ERROR.ATTRIBUTE.UNKNOWN",
                    detail=f"'{name}' is not an attribute on the resource '{kind}'",
                    pointer=f"/data/attributes/{name}",
                )

    def _locked(self, home: Home, record: Record, attributes: Json) -> Iterator[Problem]:
        parent = self._records.need(home.parent, record.one[home.back])
        state = str(parent.attributes[home.state])
        # Where something may still change, the attribute is at fault; else it is the state.
        code = "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE" if state in STILL_EDITABLE else STATE
        for name in attributes:
            if name in RULES[home.type] and not may_edit(home.type, state, name):
                detail = f"Attribute '{name}' cannot be edited at this time"
                yield Problem(code=code, detail=detail, pointer=f"/data/attributes/{name}")
        if state in EDITABLE:
            yield from self._first_version(parent, attributes)

    def _first_version(self, parent: Record, attributes: Json) -> Iterator[Problem]:
        if parent.type != VERSIONS or not attributes.get("whatsNew"):
            return
        app = self._records.need(APPS, parent.one["app"])
        platform = parent.attributes["platform"]
        versions = self._records.children(app, VERSIONS, VERSIONS)
        if sum(version.attributes["platform"] == platform for version in versions) == 1:
            detail = "Attribute 'whatsNew' cannot be edited at this time"
            pointer = "/data/attributes/whatsNew"
            yield Problem(code="STATE_ERROR", detail=detail, pointer=pointer)

    def _name_taken(
        self,
        kind: str,
        locale: str,
        record: Record | None,
        attributes: Json,
        parent: Record | None = None,
    ) -> Iterator[Problem]:
        name = attributes.get("name")
        if kind != INFO_TEXTS or not isinstance(name, str):
            return
        info = parent.id if parent is not None else (record.one["appInfo"] if record else "")
        owner = self._name_owner(info, locale, name.casefold())
        if owner is not None:
            code = f"{DUPLICATE}.{owner}"
            detail = (
                "The App Name you entered has already been used. If you have trademark rights "
                "to this name and would like it released for your use, submit a claim."
            )
            yield Problem(code=code, detail=detail, pointer="/data/attributes/name")

    def _name_owner(self, info_id: str, locale: str, name: str) -> str | None:
        if name in {taken.casefold() for taken in self._taken.get(locale, ())}:
            return "DIFFERENT_ACCOUNT"
        own = self._records.need("appInfos", info_id).one["app"]
        for record in self._records.every(INFO_TEXTS):
            app = self._records.need("appInfos", record.one["appInfo"]).one["app"]
            stored = str(record.attributes.get("name") or "").casefold()
            if app != own and record.attributes["locale"] == locale and stored == name:
                return "SAME_ACCOUNT"
        return None


def _not_updatable(attributes: Json) -> Iterator[Problem]:
    if "locale" in attributes:
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.NOT_ALLOWED",
            detail="The attribute 'locale' can not be included in a 'UPDATE' request",
            pointer="/data/attributes/locale",
        )


def _required(kind: str, attributes: Json) -> Iterator[Problem]:
    for name in ("name", "locale") if kind == INFO_TEXTS else ("locale",):
        if not attributes.get(name):
            yield Problem(
                code="ENTITY_ERROR.ATTRIBUTE.REQUIRED",
                detail=f"You must provide a value for the attribute '{name}' with this request",
                pointer=f"/data/attributes/{name}",
            )


def _locale(attributes: Json) -> Iterator[Problem]:
    locale = attributes.get("locale")
    if locale and locale not in LOCALES:
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID",
            detail=f"'{locale}' is not a valid locale",
            pointer="/data/attributes/locale",
        )
