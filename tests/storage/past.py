"""Rows as earlier versions of the bot wrote them, one set for all of its tables.

They are kept as literals: what stands in people's files does not change with the code. A
column that a schema does not have yet is left out of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

Row = Mapping[str, object]

T0, T1, T2 = (f"2026-02-{day:02}T09:30:00.250000+00:00" for day in (2, 3, 9))
READING = (
    '{"app":{"id":"647","bundle_id":"com.example.tidewell","name":"Tidewell Notes",'
    '"primary_locale":"en-US"},"platform":"IOS","versions":[{"id":"v9","app_id":"647",'
    '"platform":"IOS","number":"2.4.0","state":"PREPARE_FOR_SUBMISSION","created_at":'
    '"2026-01-30T08:00:00.000000+00:00"}],"app_infos":[{"id":"i1","app_id":"647","state":'
    '"PREPARE_FOR_SUBMISSION"}],"version_localizations":{"v9":{"de-DE":{"id":"l1","resource":'
    '"appStoreVersionLocalizations","texts":{"keywords":"notiz,heft"}}}},'
    '"info_localizations":{},"read_at":"2026-02-02T09:30:00.250000+00:00"}'
)
WISH = (
    '{"number":"2.5.0","build":"","release":"","phased":null,"copy":true,"reason":"Now",'
    '"not_before":"2026-02-09T09:30:00.250000+00:00"}'
)


def _proposal(number: int, status: str, **more: object) -> Row:
    return {
        "id": number,
        "app_id": "647",
        "platform": "IOS",
        "version_id": "v9",
        "app_name": "Tidewell Notes",
        "bundle_id": "com.example.tidewell",
        "version_number": "2.4.0",
        "version_state": "PREPARE_FOR_SUBMISSION",
        "live": 0,
        "status": status,
        "revision": 1,
        "proposer": "U0MIA",
        "channel": "C0ASO",
        "reverts": None,
        "created_at": T0,
        "expires_at": T2,
        **more,
    }


def _revision(proposal: int, number: int, **more: object) -> Row:
    return {
        "proposal_id": proposal,
        "number": number,
        "digest": f"{proposal}{number}" * 8,
        "authors": '["U0MIA"]',
        "reason": "Spring \u2600",
        "findings": "[]",
        "message_ts": f"17700{proposal}{number}.000100",
        "created_at": T0,
        **more,
    }


def _item(proposal: int, revision: int, **more: object) -> Row:
    return {
        "proposal_id": proposal,
        "revision": revision,
        "position": 0,
        "kind": "text",
        "locale": "ja",
        "field": "subtitle",
        "before": "",
        "after": "\u9759\u304b\u306a\u30ce\u30fc\u30c8",
        "state": "waiting",
        "problem": "",
        "live_now": None,
        **more,
    }


ROWS: Mapping[str, tuple[Row, ...]] = {
    "apps": (
        {
            "id": "647",
            "bundle_id": "com.example.tidewell",
            "name": "Tidewell Notes",
            "primary_locale": "en-US",
            "account": "studio-b",
        },
    ),
    "versions": (
        {
            "id": "v9",
            "app_id": "647",
            "platform": "IOS",
            "number": "2.4.0",
            "state": "PREPARE_FOR_SUBMISSION",
            "since": T0,
            "exact": 1,
        },
    ),
    "drafts": (
        {
            "id": 1,
            "user_id": "U0MIA",
            "app_id": "647",
            "platform": "IOS",
            "version_id": "v9",
            "locale": "de-DE",
            "texts": '[["de-DE","keywords","notiz,heft,stift"],["ja","subtitle",""]]',
            "reason": "Spring",
            "proposal_id": None,
            "replaces": None,
            "status": "open",
            "updated_at": T1,
            "not_before": T1,
            "ends_at": T2,
            "submits": 1,
            "in_parts": 1,
            "uploaded": 0,
        },
    ),
    "uploads": (
        {
            "draft_id": 1,
            "name": "texts.csv",
            "form": "csv",
            "empty_clears": 0,
            "left_out": '["line 7: There is no locale \u201cxx\u201d."]',
            "cleaned": "[]",
            "dropped": '[["ja","name","It is 12 characters too long."]]',
            "edit": '{"attributes":["name"],"locales":[],"text":"Ebbe","find":"Flut"}',
        },
    ),
    "readings": ({"draft_id": 1, "body": READING, "drawn": '{"de-DE":{"keywords":"notiz"}}'},),
    "proposals": (
        _proposal(1, "open", revision=2, reverts=None, via="ci", awaited="2.4.0"),
        _proposal(2, "pushing", live=1, outage="silent", outage_since=T0, try_at=T1),
        _proposal(3, "rejected"),
        _proposal(4, "expired"),
        _proposal(5, "partial", reverts=2),
    ),
    "revisions": (
        _revision(1, 1),
        _revision(1, 2, authors='["U0MIA","U0RUTH"]', not_before=T1, ends_at=T2, in_parts=1),
        *(_revision(number, 1) for number in (2, 3, 4, 5)),
    ),
    "items": (
        _item(1, 1, after="\u30ce\u30fc\u30c8"),
        _item(1, 2),
        _item(2, 1),
        _item(3, 1),
        _item(4, 1, creates=1),
        _item(5, 1, state="failed", problem="\u26a0 Apple said no", live_now="x"),
    ),
    "threads": ({"proposal_id": 1, "revision": 2, "locale": "ja", "ts": "1770012.000200"},),
    "votes": (
        {
            "proposal_id": 1,
            "revision": 1,
            "user_id": "U0BEN",
            "verb": "approve",
            "emoji": "white_check_mark",
            "event_ts": "1770012.000300",
            "given": 1,
        },
        {
            "proposal_id": 3,
            "revision": 1,
            "user_id": "U0BEN",
            "verb": "reject",
            "emoji": "x",
            "event_ts": "1770111000.000300",
            "given": 1,
        },
    ),
    "pushes": (
        {
            "id": 1,
            "proposal_id": 2,
            "digest": "21" * 8,
            "epoch": 3,
            "state": "writing",
            "approvers": '["U0BEN"]',
            "covers": "[0]",
            "created_at": T1,
            "finished_at": None,
        },
    ),
    "steps": (
        {
            "push_id": 1,
            "position": 0,
            "chain": 0,
            "locale": "ja",
            "resource": "appInfoLocalizations",
            "verb": "update",
            "resource_id": "l7",
            "parent_id": "",
            "texts": '{"subtitle":"\u9759\u304b"}',
            "state": "doing",
            "problem": "",
        },
    ),
    "history": (
        {
            "id": 1,
            "app_id": "647",
            "platform": "IOS",
            "version_id": "v8",
            "version_number": "2.3.0",
            "locale": "ja",
            "field": "subtitle",
            "before": "",
            "after": "\u30ce\u30fc\u30c8",
            "proposal_id": 5,
            "proposer": "U0MIA",
            "approvers": '["U0BEN","U0AIKO"]',
            "pushed_at": T0,
            "digest": "51" * 8,
            "part": 1,
        },
    ),
    "failures": (
        {
            "id": 1,
            "app_id": "647",
            "locale": "ja",
            "field": "subtitle",
            "cause": "Refused",
            "message": "Apple said no.",
            "remedy": "Shorten it.",
            "proposal_id": 5,
            "at": T1,
        },
    ),
    "events": (
        {
            "id": "Ev01",
            "body": '{"event_id":"Ev01","event":{"type":"reaction_added"}}',
            "received_at": T1,
            "state": "new",
            "tries": 0,
            "waits": 2,
            "due": T1,
            "source": "slack",
        },
    ),
    "notices": (
        {
            "id": 1,
            "key": "proposal:1:2",
            "kind": "proposal",
            "channel": "C0ASO",
            "body": '{"proposal":1,"revision":2}',
            "state": "todo",
            "ts": None,
            "tries": 1,
            "due": T1,
            "created_at": T1,
        },
    ),
    "clips": ({"id": 1, "user_id": "U0MIA", "text": "Viel Neues.", "created_at": T1},),
    "periods": ({"job": "ask", "period": "U0BEN:1:1", "at": T1},),
    "acts": (
        {
            "push_id": 1,
            "position": 0,
            "item": 0,
            "verb": "submit",
            "subject": "s1",
            "body": "{}",
            "state": "doing",
            "made": "",
            "problem": "",
        },
    ),
    "standings": (
        {
            "kind": "account",
            "id": "studio-b",
            "app_id": "",
            "platform": "",
            "version_id": "",
            "state": "well",
            "detail": "{}",
            "since": T0,
        },
    ),
    "transitions": (
        {
            "id": 1,
            "kind": "version",
            "app_id": "647",
            "version_id": "v9",
            "platform": "IOS",
            "number": "2.4.0",
            "old": "WAITING_FOR_REVIEW",
            "new": "PREPARE_FOR_SUBMISSION",
            "old_since": T0,
            "at": T1,
            "exact": 1,
        },
    ),
    "version_threads": ({"version_id": "v9", "channel": "C0ASO", "ts": "1770013.000100"},),
    "subscriptions": ({"app_id": "647", "channel": "C0SUP", "user_id": "U0MIA", "at": T1},),
    "preferences": ({"user_id": "U0MIA", "notice": "results"},),
    "hooks": (
        {
            "app_id": "647",
            "hook_id": "h1",
            "generation": 2,
            "url": "https://bot.example/hooks/appstore/647",
            "rotated_at": T0,
            "last_event_at": T1,
            "last_ping_at": None,
            "confirmed": 2,
            "last_refused_at": None,
        },
    ),
    "dones": ({"key": "reminder:v9:0", "user_id": "U0MIA", "at": T1},),
    "usage": (
        {
            "account": "",
            "hour": "2026-02-03T09:00:00.000000+00:00",
            "requests": 40,
            "refused": 1,
            "faults": 0,
            "others": 2,
            "lowest_left": 3100,
        },
    ),
    "forms": (
        {
            "id": 1,
            "user_id": "U0MIA",
            "deed": "submit",
            "app_id": "647",
            "app_name": "Tidewell Notes",
            "platform": "IOS",
            "version_id": "v9",
            "proposal_id": None,
            "wish": WISH,
            "told": 0,
            "updated_at": T1,
        },
    ),
    "confirmations": ({"proposal_id": 1, "revision": 2, "user_id": "U0BEN", "at": T1},),
    "vetoes": (
        {"proposal_id": 1, "revision": 2, "user_id": "U0BEN", "reason": "Too loud", "at": T1},
    ),
    "breaks": (
        {
            "id": 1,
            "proposal_id": 1,
            "revision": 2,
            "user_id": "U0ANNA",
            "reason": "The old name is somebody else's mark",
            "at": T1,
            "reviewed_by": "U0BEN",
            "reviewed_at": T2,
        },
    ),
    "record": (
        {
            "number": 1,
            "at": T0,
            "kind": "proposal",
            "proposal_id": 1,
            "actor": "U0MIA",
            "body": '{"digest":"11"}',
            "before": "0" * 64,
            "hash": "1" * 64,
        },
    ),
    "program": ({"id": 1, "version": "0.0.1"},),
    "tokens": (
        {
            "id": 1,
            "digest": "2" * 64,
            "name": "ci",
            "owner": "U0MIA",
            "apps": '["com.example.tidewell"]',
            "made_at": T0,
            "expires_at": T2,
            "used_at": T1,
            "revoked_at": None,
        },
    ),
    "replies": ({"token_id": 1, "key": "build-7", "body": "3" * 64, "proposal_id": 1, "at": T1},),
}


def plant(db: sqlite3.Connection) -> None:
    """Write every row that the tables of this schema can hold."""
    for table, rows in ROWS.items():
        columns = {
            row["name"] for row in db.execute("select * from pragma_table_info(?)", (table,))
        }
        for row in rows:
            kept = {name: value for name, value in row.items() if name in columns}
            if kept:
                places = ", ".join("?" * len(kept))
                names = ", ".join(kept)
                statement = f"insert into {table} ({names}) values ({places})"
                db.execute(statement, tuple(kept.values()))
