"""What people have typed and not proposed yet; one row a draft, never lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.listing import Reading
from bot.domain.proposals import AT_ONCE
from bot.storage.draft_rows import (
    NOTHING,
    Draft,
    Texts,
    draft_of,
    dump_people,
    dump_texts,
    end_draft,
    let_go,
    write_draft,
)
from bot.storage.owner import Owner
from bot.storage.rows import dump, dump_reading, load_reading, moment, moment_or_none


class Drafts:
    """The drafts' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def open(
        self,
        user_id: str,
        *,
        app_id: str,
        platform: str,
        version_id: str,
        proposal: int | None,
        now: datetime,
    ) -> Draft:
        """Return the person's open draft of that version (and proposal), made if there is none."""

        def run(db: sqlite3.Connection) -> Draft:
            found = db.execute(
                "select * from drafts where user_id = ? and app_id = ? and platform = ?"
                " and version_id = ? and proposal_id is ? and status = 'open' and uploaded = 0"
                " order by id desc limit 1",
                (user_id, app_id, platform, version_id, proposal),
            ).fetchone()
            if found:
                return draft_of(found)
            made = db.execute(
                "insert into drafts (user_id, app_id, platform, version_id, locale, texts, reason,"
                " proposal_id, status, updated_at) values (?, ?, ?, ?, '', '[]', '', ?, 'open', ?)"
                " returning *",
                (user_id, app_id, platform, version_id, proposal, moment(now)),
            ).fetchone()
            return draft_of(made)

        return await self._owner.write(run)

    async def follow(self, user_id: str, proposal: int, version_id: str) -> None:
        """Let a person's open draft of a proposal be about the version that this is about by now.

        What was typed stays; what Apple held for the earlier version goes.
        """

        def run(db: sqlite3.Connection) -> None:
            moved = db.execute(
                "update drafts set version_id = ? where user_id = ? and proposal_id = ?"
                " and version_id <> ? and status = 'open' and uploaded = 0 returning id",
                (version_id, user_id, proposal, version_id),
            ).fetchall()
            db.executemany(
                "delete from readings where draft_id = ?", [(row["id"],) for row in moved]
            )

        await self._owner.write(run)

    async def of(self, user_id: str, *, most: int) -> tuple[Draft, ...]:
        """Return a person's open drafts, the one worked on last first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from drafts where user_id = ? and status = 'open' and uploaded = 0"
                " order by updated_at desc limit ?",
                (user_id, most),
            ).fetchall()
        )
        return tuple(draft_of(row) for row in rows)

    async def latest(self, user_id: str, *, app_id: str) -> Draft | None:
        """Return the draft of an app that the person typed into last and did not propose."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select * from drafts where user_id = ? and app_id = ? and status = 'open'"
                " and uploaded = 0 and proposal_id is null and texts <> '[]'"
                " order by updated_at desc limit 1",
                (user_id, app_id),
            ).fetchone()
        )
        return draft_of(row) if row else None

    async def get(self, draft: int) -> Draft | None:
        """Return the draft with that number."""
        row = await self._owner.read(
            lambda db: db.execute("select * from drafts where id = ?", (draft,)).fetchone()
        )
        return draft_of(row) if row else None

    async def save(
        self,
        draft: int,
        *,
        now: datetime,
        texts: Texts = NOTHING,
        forget: Collection[tuple[str, str]] = (),
        reason: str | None = None,
        locale: str | None = None,
    ) -> Draft | None:
        """Write what is given into an open draft; return it, None when it is no longer open.

        `texts` are laid over those that the draft holds by then, without the places to
        `forget`: whoever saves another place at the same moment loses nothing.
        """
        given = {"reason": reason, "locale": locale}
        columns = {name: value for name, value in given.items() if value is not None}

        def change(held: Draft) -> dict[str, object]:
            kept = {**held.texts, **texts}
            left = {place: text for place, text in kept.items() if place not in forget}
            return {**columns, "texts": dump_texts(left)}

        return await self._change(draft, change, now=now)

    async def written_by(
        self, draft: int, authors: Collection[str], *, now: datetime
    ) -> Draft | None:
        """Keep who wrote what an open draft takes over, besides those before; None when it ended.

        It is kept before the texts are: whoever wrote them never approves them.
        """
        return await self._change(
            draft, lambda held: {"authors": dump_people(held.authors, authors)}, now=now
        )

    async def tick(
        self,
        draft: int,
        *,
        now: datetime,
        submits: bool | None = None,
        in_parts: bool | None = None,
    ) -> Draft | None:
        """Write which boxes of an open draft are ticked, None leaves one; None when it ended."""
        given = {"submits": submits, "in_parts": in_parts}
        columns: dict[str, object] = {
            name: value for name, value in given.items() if value is not None
        }
        return await self._change(draft, lambda _: columns, now=now)

    async def take_over(
        self,
        draft: int,
        texts: Texts,
        *,
        reason: str,
        locale: str,
        replaces: int | None,
        now: datetime,
    ) -> Draft | None:
        """Lay a proposal's texts and reason beneath what an open draft holds, and show `locale`.

        `replaces` is the proposal whose place it will take. Return it, None when it is no
        longer open.
        """

        def change(held: Draft) -> dict[str, object]:
            return {
                "texts": dump_texts({**texts, **held.texts}),
                "reason": held.reason or reason,
                "locale": locale,
                "replaces": held.replaces if replaces is None else replaces,
            }

        return await self._change(draft, change, now=now)

    async def plan(
        self, draft: int, times: Mapping[str, datetime | None], *, now: datetime
    ) -> Draft | None:
        """Write when an open draft's proposal shall happen, by the names of `Timing`.

        Return it, None when it is no longer open.
        """
        # Only names that a timing has become columns.
        timing = replace(AT_ONCE, **times)
        columns: dict[str, object] = {name: moment_or_none(getattr(timing, name)) for name in times}
        return await self._change(draft, lambda _: columns, now=now)

    async def _change(
        self, draft: int, change: Callable[[Draft], dict[str, object]], *, now: datetime
    ) -> Draft | None:
        def run(db: sqlite3.Connection) -> Draft | None:
            row = db.execute(
                "select * from drafts where id = ? and status = 'open'", (draft,)
            ).fetchone()
            if row is None:
                return None
            return write_draft(db, draft, {**change(draft_of(row)), "updated_at": moment(now)})

        return await self._owner.write(run)

    async def renew(self, draft: int, *, now: datetime) -> Draft | None:
        """End an open draft and return a new one that holds the same; None when it had ended.

        A form that still shows the old one then belongs to nothing.
        """

        def run(db: sqlite3.Connection) -> Draft | None:
            if not end_draft(db, draft, "discarded", now):
                return None
            made = db.execute(
                "insert into drafts (user_id, app_id, platform, version_id, locale, texts, reason,"
                " proposal_id, replaces, submits, not_before, ends_at, in_parts, authors,"
                " status, updated_at)"
                " select user_id, app_id, platform, version_id, locale, texts, reason,"
                " proposal_id, replaces, submits, not_before, ends_at, in_parts, authors, 'open', ?"
                " from drafts where id = ? returning *",
                (moment(now), draft),
            ).fetchone()
            return draft_of(made)

        return await self._owner.write(run)

    async def release(self, user_id: str, *, app_id: str, now: datetime) -> None:
        """Let a person's drafts of proposals that are not edited any more be ordinary ones.

        It becomes one with an ordinary draft of the same version: of two texts for the same
        place that of the draft worked on last stays.
        """

        def run(db: sqlite3.Connection) -> None:
            rows = db.execute(
                "select drafts.* from drafts join proposals on proposals.id = drafts.proposal_id"
                " where drafts.user_id = ? and drafts.app_id = ? and drafts.status = 'open'"
                " and proposals.status not in ('open', 'parked') order by drafts.id",
                (user_id, app_id),
            ).fetchall()
            for row in rows:
                let_go(db, draft_of(row), now)

        await self._owner.write(run)

    async def discard(self, draft: int, *, now: datetime) -> None:
        """End an open draft without proposing it."""
        await self._owner.write(lambda db: end_draft(db, draft, "discarded", now))

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop drafts that ended longer than `age` ago, and what Apple held for them."""
        await self._owner.write(
            lambda db: db.execute(
                "delete from drafts where status <> 'open' and updated_at < ?",
                (moment(now - age),),
            )
        )

    async def keep_reading(self, draft: int, reading: Reading) -> None:
        """Keep what Apple held when the form was filled."""
        body = dump_reading(reading)
        await self._owner.write(
            lambda db: db.execute(
                "insert into readings (draft_id, body) values (?, ?)"
                " on conflict (draft_id) do update set body = excluded.body",
                (draft, body),
            )
        )

    async def reading(self, draft: int) -> Reading | None:
        """Return what Apple held when the form was filled, None before that."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select body from readings where draft_id = ?", (draft,)
            ).fetchone()
        )
        return load_reading(row["body"]) if row else None

    async def keep_drawn(self, draft: int, locale: str, drawn: Mapping[str, str]) -> None:
        """Keep attribute -> text as a locale's inputs were drawn with them."""

        def run(db: sqlite3.Connection) -> None:
            row = db.execute("select drawn from readings where draft_id = ?", (draft,)).fetchone()
            if row is not None:
                body = dump({**json.loads(row["drawn"]), locale: dict(drawn)})
                db.execute("update readings set drawn = ? where draft_id = ?", (body, draft))

        await self._owner.write(run)

    async def drawn(self, draft: int, locale: str) -> Mapping[str, str]:
        """Return what `keep_drawn` kept of a locale."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select drawn from readings where draft_id = ?", (draft,)
            ).fetchone()
        )
        return dict(json.loads(row["drawn"]).get(locale, {})) if row else {}
