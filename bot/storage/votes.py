"""Who reacted with what to which revision; order-free, so that late events do no harm."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.items import Which
from bot.domain.policy import Verb
from bot.domain.record import NewEntry
from bot.storage.owner import Owner
from bot.storage.record import append
from bot.storage.rows import dump, moment
from bot.storage.standing import standing

UPSERT = (
    "insert into votes (proposal_id, revision, user_id, verb, emoji, event_ts, given)"
    " values (?, ?, ?, ?, ?, ?, ?) on conflict (proposal_id, revision, user_id, emoji) do update"
    " set given = excluded.given, verb = excluded.verb, event_ts = excluded.event_ts"
    " where cast(excluded.event_ts as real) >= cast(votes.event_ts as real)"
)

# What was given under a message of its revision that is gone: it is older than the newest one.
_OF_GONE = (
    "cast(votes.event_ts as real) < (select cast(r.message_ts as real) from revisions r"
    " where r.proposal_id = votes.proposal_id and r.number = votes.revision)"
)
# A rejection that counted and that nobody can have taken back in Slack, since its message is gone:
# the newest one, or one before that.
_HOLDS = (
    f"given = 1 and verb = 'reject' and (? or coalesce({_OF_GONE}, 0))"  # noqa: S608 - our own words
    " and exists (select 1 from vetoes v where v.proposal_id = votes.proposal_id"
    " and v.revision = votes.revision and v.user_id = votes.user_id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One person's one emoji on a revision's message; `verb` is what it stands for."""

    user: str
    verb: str
    emoji: str
    revision: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Whose Confirm stands on which revision, and for which of its items."""

    user: str
    revision: int
    items: frozenset[Which]


class Votes:
    """The votes' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def put(
        self, proposal: int, revision: int, reaction: Reaction, *, event_ts: str, given: bool
    ) -> None:
        """Keep that a reaction was added or taken away; an older event changes nothing.

        Whoever says anything about a rejection under the newest message of a revision says it
        of one that they gave under a message that is gone, too.
        """
        row = (
            proposal,
            revision,
            reaction.user,
            reaction.verb,
            reaction.emoji,
            event_ts,
            int(given),
        )

        def run(db: sqlite3.Connection) -> None:
            before = _stands(db, proposal, revision)
            db.execute(UPSERT, row)
            if reaction.verb == Verb.REJECT:
                _forget_gone(db, proposal, revision, [reaction.user], event_ts)
            after = _stands(db, proposal, revision)
            if after != before:
                _lapse_of_takers(db, proposal, before - after)
                told = {"emoji": reaction.emoji, "verb": reaction.verb, "given": given}
                body = {**told, **_about(db, proposal, revision), "event_ts": event_ts}
                vote = NewEntry(kind="vote", body=body, proposal=proposal, actor=reaction.user)
                append(db, vote)

        await self._owner.write(run)

    async def replace(
        self,
        proposal: int,
        revision: int,
        reactions: Iterable[Reaction] | None,
        *,
        read_ts: str,
        current: bool = True,
        holds: bool = False,
    ) -> None:
        """Make the votes what Slack showed when `latest` was `read_ts`; newer events stay.

        On a message that is not asked any more, not `current`, votes are only taken back.
        Where it `holds`, a rejection that counted stays though the message that it was given
        under is gone; None says that the newest message is.
        """
        wanted = list(reactions or ())
        rejecting = [one.user for one in wanted if one.verb == Verb.REJECT]

        def run(db: sqlite3.Connection) -> None:
            before = _stands(db, proposal, revision)
            stood = {(user, emoji) for user, emoji, _verb in before}
            db.execute(
                "update votes set given = 0, event_ts = ?"  # noqa: S608 - our own words
                " where proposal_id = ? and revision = ?"
                f" and cast(event_ts as real) <= cast(? as real) and not (? and {_HOLDS})",
                (read_ts, proposal, revision, read_ts, holds, reactions is None),
            )
            db.executemany(
                UPSERT,
                [
                    (proposal, revision, one.user, one.verb, one.emoji, read_ts, 1)
                    for one in wanted
                    if current or (one.user, one.emoji) in stood
                ],
            )
            _forget_gone(db, proposal, revision, rejecting, read_ts)
            after = _stands(db, proposal, revision)
            if after != before:
                _lapse_of_takers(db, proposal, before - after)
                told = {"given": sorted(after - before), "taken": sorted(before - after)}
                body = {**told, **_about(db, proposal, revision)}
                append(db, NewEntry(kind="votes", body=body, proposal=proposal))

        await self._owner.write(run)

    async def press(
        self, proposal: int, revision: int, user: str, items: Iterable[Which], *, now: datetime
    ) -> None:
        """Keep that a person pressed Confirm on a revision, and for which of its items."""
        meant = _dumped(items)

        def run(db: sqlite3.Connection) -> None:
            done = db.execute(
                "insert into confirmations (proposal_id, revision, user_id, at, items)"
                " values (?, ?, ?, ?, ?) on conflict do update set items = excluded.items"
                " where items <> excluded.items",
                (proposal, revision, user, moment(now), meant),
            )
            if done.rowcount == 1:
                _tell_confirm(db, proposal, revision, user, meant, now=now)

        await self._owner.write(run)

    async def lapse(self, proposal: int, items: Iterable[Which]) -> None:
        """Forget what of these items was confirmed: their votes are not there any more."""
        gone = frozenset(items)

        def run(db: sqlite3.Connection) -> None:
            for row in _pressed(db, proposal):
                left = _loaded(row["items"]) - gone
                if not left:
                    lapse(db, proposal, [row["user_id"]], revision=row["revision"])
                elif (meant := _dumped(left)) != row["items"]:
                    db.execute(
                        "update confirmations set items = ?"
                        " where proposal_id = ? and revision = ? and user_id = ?",
                        (meant, proposal, row["revision"], row["user_id"]),
                    )
                    _tell_confirm(db, proposal, row["revision"], row["user_id"], meant)

        await self._owner.write(run)

    async def lapse_all(self, proposal: int) -> None:
        """Forget who pressed Confirm: what they looked at is gone."""
        await self._owner.write(lambda db: lapse(db, proposal))

    async def pressed(self, proposal: int) -> tuple[Pressed, ...]:
        """Return who pressed Confirm on which revision of a proposal, the first one first."""
        rows = await self._owner.read(lambda db: _pressed(db, proposal))
        return tuple(
            Pressed(user=row["user_id"], revision=row["revision"], items=_loaded(row["items"]))
            for row in rows
        )

    async def latest(self, proposal: int, revision: int) -> str:
        """Return Slack's stamp of the newest event that is known of a revision, "0" if none is.

        That its message was posted is one: nothing under it is older.
        """
        key = (proposal, revision)

        def stamps(db: sqlite3.Connection) -> list[str]:
            rows = db.execute(
                "select event_ts as ts from votes where proposal_id = ? and revision = ?", key
            ).fetchall()
            rows += db.execute(
                "select message_ts as ts from revisions where proposal_id = ? and number = ?"
                " and message_ts is not null",
                key,
            ).fetchall()
            return [row["ts"] for row in rows]

        return max(await self._owner.read(stamps), key=float, default="0")

    async def standing(self, proposal: int) -> str:
        """Return the votes on a proposal as one text, to see later whether they changed."""
        return await self._owner.read(lambda db: standing(db, proposal))

    async def given(self, proposal: int, revision: int | None = None) -> tuple[Reaction, ...]:
        """Return the reactions that stand on a revision, or on all of them, oldest first."""
        return await self._owner.read(lambda db: _given(db, proposal, revision))


def lapse(
    db: sqlite3.Connection,
    proposal: int,
    users: Collection[str] | None = None,
    *,
    revision: int | None = None,
) -> None:
    """Forget who pressed Confirm, these or everybody, inside the caller's transaction.

    On one revision, or on all of them.
    """
    dropped = db.execute(
        "delete from confirmations where proposal_id = ?"
        " and (? is null or user_id in (select value from json_each(?)))"
        " and revision = coalesce(?, revision) returning user_id, revision",
        (proposal, *[None if users is None else dump(sorted(users))] * 2, revision),
    ).fetchall()
    for row in dropped:
        body = {**_about(db, proposal, row["revision"]), "lapsed": True}
        append(db, NewEntry(kind="confirm", body=body, proposal=proposal, actor=row["user_id"]))


def _pressed(db: sqlite3.Connection, proposal: int) -> list[sqlite3.Row]:
    return db.execute(
        "select * from confirmations where proposal_id = ? order by at, user_id", (proposal,)
    ).fetchall()


def _tell_confirm(
    db: sqlite3.Connection,
    proposal: int,
    revision: int,
    user: str,
    meant: str,
    *,
    now: datetime | None = None,
) -> None:
    """Tell the record what a person confirmed `now`; without, for what that stands on."""
    body = {**_about(db, proposal, revision), "items": json.loads(meant)}
    if now is None:
        body["narrowed"] = True
    append(db, NewEntry(kind="confirm", body=body, proposal=proposal, actor=user), at=now)


def _dumped(items: Iterable[Which]) -> str:
    return dump(sorted(map(list, items)))


def _loaded(items: str) -> frozenset[Which]:
    return frozenset((kind, locale, name) for kind, locale, name in json.loads(items))


def _lapse_of_takers(
    db: sqlite3.Connection, proposal: int, taken: Iterable[tuple[str, str, str]]
) -> None:
    """Let the Confirm of people lapse who took back their last approval."""
    users = {user for user, _emoji, verb in taken if verb == Verb.APPROVE}
    if users:
        left = {one.user for one in _given(db, proposal, None) if one.verb == Verb.APPROVE}
        lapse(db, proposal, users - left)


def _forget_gone(
    db: sqlite3.Connection, proposal: int, revision: int, users: Iterable[str], said_ts: str
) -> None:
    """Drop these people's rejections under messages that are gone, once they spoke after those."""
    db.execute(
        "update votes set given = 0 where proposal_id = ? and revision = ? and given = 1"  # noqa: S608 - our own words
        f" and verb = 'reject' and {_OF_GONE}"
        " and user_id in (select value from json_each(?))"
        " and cast(? as real) >= (select cast(message_ts as real) from revisions"
        " where proposal_id = ? and number = ?)",
        (proposal, revision, dump(sorted(users)), said_ts, proposal, revision),
    )


def _stands(db: sqlite3.Connection, proposal: int, revision: int) -> set[tuple[str, str, str]]:
    return {(one.user, one.emoji, one.verb) for one in _given(db, proposal, revision)}


def _about(db: sqlite3.Connection, proposal: int, revision: int) -> dict[str, object]:
    """Return which text a vote is about, as the record tells it."""
    row = db.execute(
        "select digest from revisions where proposal_id = ? and number = ?", (proposal, revision)
    ).fetchone()
    return {"revision": revision, "digest": row["digest"] if row else ""}


def _given(db: sqlite3.Connection, proposal: int, revision: int | None) -> tuple[Reaction, ...]:
    rows = db.execute(
        "select user_id, verb, emoji, revision from votes where proposal_id = ?"
        " and (? is null or revision = ?) and given = 1"
        " order by revision, cast(event_ts as real), user_id",
        (proposal, revision, revision),
    ).fetchall()
    return tuple(
        Reaction(
            user=row["user_id"], verb=row["verb"], emoji=row["emoji"], revision=row["revision"]
        )
        for row in rows
    )
