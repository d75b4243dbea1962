"""What people filled in to act on versions and what has not become a proposal yet."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from bot.domain.wishes import Deed, Wish
from bot.storage.owner import Owner
from bot.storage.rows import at, at_or_none, dump, moment, moment_or_none

MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """A form as it was sent; `id` is 0 before it was kept.

    `version_id` is "" for a version to be made, `proposal` the one whose place it takes.
    `updated_at` is when it was sent last.
    """

    id: int = 0
    user: str
    deed: Deed
    app_id: str
    app_name: str
    platform: str
    version_id: str
    proposal: int | None
    wish: Wish
    updated_at: datetime


class Forms:
    """The sent forms' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def keep(self, form: KeptForm) -> int:
        """Write a form that was sent, over the one with its number; return its number."""
        values = (
            form.id or None,
            form.user,
            str(form.deed),
            form.app_id,
            form.app_name,
            form.platform,
            form.version_id,
            form.proposal,
            _dump_wish(form.wish),
            moment(form.updated_at),
        )
        row = await self._owner.write(
            lambda db: db.execute(
                "insert or replace into forms (id, user_id, deed, app_id, app_name, platform,"
                " version_id, proposal_id, wish, updated_at, told)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) returning id",
                values,
            ).fetchone()
        )
        return int(row["id"])

    async def get(self, form: int) -> KeptForm | None:
        """Return a form that has not become a proposal, None for any other."""
        row = await self._owner.read(
            lambda db: db.execute("select * from forms where id = ?", (form,)).fetchone()
        )
        return _form(row) if row else None

    async def of(self, user: str, deed: Deed, app_id: str) -> tuple[KeptForm, ...]:
        """Return a person's forms of a deed and an app that they know about, the last first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from forms where user_id = ? and deed = ? and app_id = ? and told = 1"
                " order by updated_at desc, id desc limit ?",
                (user, str(deed), app_id, MOST_LOOKED_AT),
            ).fetchall()
        )
        return tuple(map(_form, rows))

    async def untold(self) -> tuple[KeptForm, ...]:
        """Return the forms whose people do not know that nothing came of them."""
        rows = await self._owner.read(
            lambda db: db.execute("select * from forms where told = 0 order by id").fetchall()
        )
        return tuple(map(_form, rows))

    async def told(self, form: int) -> None:
        """Note that a form's person knows that nothing came of it yet."""
        await self._owner.write(
            lambda db: db.execute("update forms set told = 1 where id = ?", (form,))
        )

    async def drop(self, form: int) -> None:
        """Forget a form that its person does not want any more."""
        await self._owner.write(lambda db: drop_form(db, form))

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop what nobody has come back to for longer than `age`."""
        await self._owner.write(
            lambda db: db.execute("delete from forms where updated_at < ?", (moment(now - age),))
        )


def drop_form(db: sqlite3.Connection, form: int | None) -> None:
    """End a form inside the caller's transaction, which writes what came of it."""
    db.execute("delete from forms where id = ?", (form,))


def _form(row: sqlite3.Row) -> KeptForm:
    return KeptForm(
        id=row["id"],
        user=row["user_id"],
        deed=Deed(row["deed"]),
        app_id=row["app_id"],
        app_name=row["app_name"],
        platform=row["platform"],
        version_id=row["version_id"],
        proposal=row["proposal_id"],
        wish=_load_wish(row["wish"]),
        updated_at=at(row["updated_at"]),
    )


def _dump_wish(wish: Wish) -> str:
    return dump({**asdict(wish), "not_before": moment_or_none(wish.not_before)})


def _load_wish(body: str) -> Wish:
    values = json.loads(body)
    return replace(Wish(), **{**values, "not_before": at_or_none(values["not_before"])})
