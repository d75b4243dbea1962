"""What came out of people's files: each a draft of its own, with what was not taken beside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from bot.domain.bulk_edits import BulkEdit, bulk_edit_of
from bot.domain.listing import Reading
from bot.storage.draft_rows import Texts, dump_texts
from bot.storage.owner import Owner
from bot.storage.rows import dump, dump_reading, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What is known of a file besides its texts, which are its draft's.

    `form` is the file's; where there is none, `edit` says what was done to all of it instead.
    `left_out` and `cleaned` are sentences, each with its place in the file; `filled` is one of
    the locales that its default texts fill, "" for none. `dropped` are texts that the person
    left out for a mistake: (locale, attribute, reason).
    """

    name: str
    form: str
    empty_clears: bool = False
    left_out: tuple[str, ...] = field(default=(), repr=False)
    cleaned: tuple[str, ...] = field(default=(), repr=False)
    filled: str = ""
    dropped: tuple[tuple[str, str, str], ...] = ()
    edit: BulkEdit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """A file's texts as they are first kept, for a version of an app, read at that moment."""

    user: str
    authors: Sequence[str]
    version_id: str
    reading: Reading
    reason: str
    texts: Texts = field(repr=False)
    about: Upload


class Uploads:
    """The uploads' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def keep(self, new: NewUpload, *, most: int, now: datetime) -> int:
        """Keep a file's texts as an open draft; return its number.

        Of a person's open ones the last `most` stay.
        """

        def run(db: sqlite3.Connection) -> int:
            draft = _write_draft(db, new, now)
            _write_upload(db, draft, new)
            _discard_beyond(db, new.user, most, now)
            return draft

        return await self._owner.write(run)

    async def get(self, draft: int) -> Upload | None:
        """Return what is known of the file of a draft, None for one that was typed."""
        row = await self._owner.read(
            lambda db: db.execute("select * from uploads where draft_id = ?", (draft,)).fetchone()
        )
        return _upload(row) if row else None

    async def drop(self, draft: int, out: Mapping[tuple[str, str], str], *, now: datetime) -> bool:
        """Take texts out of an open draft and remember why, by place; False when it ended."""

        def run(db: sqlite3.Connection) -> bool:
            row = db.execute(
                "select texts, dropped from drafts join uploads on draft_id = id"
                " where id = ? and status = 'open'",
                (draft,),
            ).fetchone()
            if row is None:
                return False
            held = {(code, name): text for code, name, text in json.loads(row["texts"])}
            gone = {place: why for place, why in out.items() if place in held}
            kept = {place: text for place, text in held.items() if place not in gone}
            dropped = [*json.loads(row["dropped"]), *([*place, why] for place, why in gone.items())]
            db.execute(
                "update drafts set texts = ?, updated_at = ? where id = ?",
                (dump_texts(kept), moment(now), draft),
            )
            db.execute("update uploads set dropped = ? where draft_id = ?", (dump(dropped), draft))
            return True

        return await self._owner.write(run)

    async def move(
        self, draft: int, version_id: str, *, texts: Texts | None = None, now: datetime
    ) -> None:
        """Let an open draft be for another version of its reading.

        Its `texts` are these then, if any are given, and none of them is left out.
        """

        def run(db: sqlite3.Connection) -> None:
            done = db.execute(
                "update drafts set version_id = ?, updated_at = ?"
                " where id = ? and status = 'open' and uploaded = 1",
                (version_id, moment(now), draft),
            )
            if done.rowcount and texts is not None:
                db.execute("update drafts set texts = ? where id = ?", (dump_texts(texts), draft))
                db.execute("update uploads set dropped = '[]' where draft_id = ?", (draft,))

        await self._owner.write(run)

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop what nobody has come back to for longer than `age`."""
        await self._owner.write(
            lambda db: db.execute(
                "delete from drafts where uploaded = 1 and status = 'open' and updated_at < ?",
                (moment(now - age),),
            )
        )


def _write_draft(db: sqlite3.Connection, new: NewUpload, now: datetime) -> int:
    reading = new.reading
    row = db.execute(
        "insert into drafts (user_id, app_id, platform, version_id, locale, texts, reason,"
        " authors, uploaded, status, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, 1, 'open', ?)"
        " returning id",
        (
            new.user,
            reading.app.id,
            reading.platform,
            new.version_id,
            reading.app.primary_locale,
            dump_texts(new.texts),
            new.reason,
            dump(list(new.authors)),
            moment(now),
        ),
    ).fetchone()
    return int(row["id"])


def _write_upload(db: sqlite3.Connection, draft: int, new: NewUpload) -> None:
    db.execute(
        "insert into readings (draft_id, body) values (?, ?)", (draft, dump_reading(new.reading))
    )
    about = new.about
    db.execute(
        "insert into uploads (draft_id, name, form, empty_clears, left_out, cleaned, dropped,"
        " edit, filled) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft,
            about.name,
            about.form,
            int(about.empty_clears),
            dump(list(about.left_out)),
            dump(list(about.cleaned)),
            dump([list(one) for one in about.dropped]),
            dump(asdict(about.edit)) if about.edit else "",
            about.filled,
        ),
    )


def _discard_beyond(db: sqlite3.Connection, user: str, most: int, now: datetime) -> None:
    db.execute(
        "update drafts set status = 'discarded', updated_at = ? where user_id = ? and uploaded = 1"
        " and status = 'open' and id not in (select id from drafts where user_id = ?"
        " and uploaded = 1 and status = 'open' order by id desc limit ?)",
        (moment(now), user, user, most),
    )


def _upload(row: sqlite3.Row) -> Upload:
    return Upload(
        name=row["name"],
        form=row["form"],
        empty_clears=bool(row["empty_clears"]),
        left_out=tuple(json.loads(row["left_out"])),
        cleaned=tuple(json.loads(row["cleaned"])),
        dropped=tuple((code, name, why) for code, name, why in json.loads(row["dropped"])),
        edit=_edit(row["edit"]),
        filled=row["filled"],
    )


def _edit(body: str) -> BulkEdit | None:
    return bulk_edit_of(json.loads(body)) if body else None
