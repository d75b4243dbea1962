"""What approvals, the record, outages, files and the API need beside the first tables."""

from __future__ import annotations

from bot.storage.schema_start import migrations
from bot.storage.sqlite import Database

TRUST = (
    "alter table items add column since integer not null default 0",
    "alter table items add column rule text not null default ''",
    "alter table proposals add column approved_at text",
    "alter table proposals add column stopped_by text not null default ''",
    """create table confirmations (
        proposal_id integer not null, revision integer not null, user_id text not null,
        at text not null, primary key (proposal_id, revision, user_id)
    ) strict""",
)


@migrations()
def trust_tables(db: Database) -> None:
    """Remember since when an item stands like this under which rule, and who pressed Confirm."""
    for statement in TRUST:
        db.conn.execute(statement)


@migrations()
def who_wrote_last(db: Database) -> None:
    """Remember which program wrote the file last, for those that are too old to read it."""
    db.conn.execute(
        "create table program (id integer primary key check (id = 1), version text not null) strict"
    )


PARKED = (
    "alter table proposals add column parked_for text not null default ''",
    "alter table proposals add column parked_at text",
)


@migrations()
def what_parked_proposals_wait_for(db: Database) -> None:
    """Remember what a parked proposal waits for, and since when."""
    for statement in PARKED:
        db.conn.execute(statement)


@migrations()
def who_rejected(db: Database) -> None:
    """Remember who rejected a revision and why, until they take it back."""
    db.conn.execute(
        """create table vetoes (
            proposal_id integer not null, revision integer not null, user_id text not null,
            reason text not null, at text not null,
            primary key (proposal_id, revision, user_id)
        ) strict"""
    )


GLASS = (
    "alter table proposals add column glass_by text not null default ''",
    "alter table pushes add column glass text not null default ''",
    "alter table history add column glass text not null default ''",
    # A button may name one: its number is not given to another.
    """create table breaks (
        id integer primary key autoincrement, proposal_id integer not null,
        revision integer not null, user_id text not null, reason text not null,
        at text not null, reviewed_by text not null default '', reviewed_at text
    ) strict""",
)


@migrations()
def broken_glass(db: Database) -> None:
    """Remember what was pushed without approval: by whom, why, and who reviewed it."""
    for statement in GLASS:
        db.conn.execute(statement)


RECORD = (
    """create table record (
        number integer primary key, at text not null, kind text not null,
        proposal_id integer, actor text not null, body text not null,
        before text not null, hash text not null
    ) strict""",
    "create index record_of_a_proposal on record (proposal_id, number)",
    "create index record_by_kind on record (kind, number)",
    """create trigger record_is_not_changed before update on record
    begin select raise(abort, 'the record is never changed'); end""",
    """create trigger record_is_not_shortened before delete on record
    begin select raise(abort, 'the record is never shortened'); end""",
)


@migrations()
def the_record(db: Database) -> None:
    """Make the record, to which entries are only ever added."""
    for statement in RECORD:
        db.conn.execute(statement)


# What grows for years is found by these; who asks is named where it is not plain.
INDEXES = (
    "create index pushes_of_a_proposal on pushes (proposal_id)",
    "create index revisions_by_end on revisions (ends_at) where ends_at is not null",
    "create index proposals_of_an_app on proposals (app_id)",
    "create index proposals_by_return on proposals (returns) where returns is not null",
    "create index proposals_by_end on proposals (ended_at) where ended_at is not null",
    "create index history_by_app on history (app_id)",
    "create index history_of_a_version on history (version_id)",
    "create index history_by_time on history (pushed_at)",
    "create index failures_of_a_proposal on failures (proposal_id)",
    "create index failures_by_time on failures (at)",
    "create index transitions_of_a_version on transitions (version_id)",
    # Each minute: whether the clock is behind its own stamps, and what may be forgotten.
    "create index revisions_by_time on revisions (created_at)",
    "create index periods_by_time on periods (at)",
    "create index notices_by_time on notices (created_at)",
    "create index notices_by_due on notices (due)",
    "create index drafts_by_time on drafts (updated_at)",
    "create index events_by_time on events (received_at)",
    "create index events_by_due on events (due)",
)


@migrations()
def indexes_for_years(db: Database) -> None:
    """Let what is asked every minute, or while somebody waits, be found without reading on."""
    for statement in INDEXES:
        db.conn.execute(statement)


OUTAGES = (
    "alter table proposals add column outage text not null default ''",
    "alter table proposals add column outage_since text",
    "alter table proposals add column try_at text",
)


@migrations()
def what_pushes_met_at_apple(db: Database) -> None:
    """Remember what kept a push from going on, since when, and when it is tried again."""
    for statement in OUTAGES:
        db.conn.execute(statement)


PARTS = (
    "alter table drafts add column in_parts integer not null default 0",
    "alter table revisions add column in_parts integer not null default 0",
    # The places of the items that a push covers, as a list; "" for all of them.
    "alter table pushes add column covers text not null default ''",
    # What was approved, by the push's own word: its proposal may have other texts since.
    "alter table history add column digest text not null default ''",
    "alter table history add column part integer not null default 0",
)


@migrations()
def proposals_in_parts(db: Database) -> None:
    """Remember which proposals go in parts, and what each push of one covers."""
    for statement in PARTS:
        db.conn.execute(statement)


# What tells of the record's end and of what has to be in it, beside the record itself.
RECORD_END = (
    """create table record_end (
        id integer primary key check (id = 1), number integer not null, hash text not null
    ) strict""",
    """insert into record_end select 1, ifnull(max(number), 0),
        ifnull((select hash from record order by number desc limit 1), '') from record""",
    "alter table revisions add column recorded integer not null default 0",
    """update revisions set recorded = 1 where exists (
        select 1 from record e where e.proposal_id = revisions.proposal_id
        and e.kind = 'proposal' and revisions.number =
        case when json_valid(e.body) then json_extract(e.body, '$.revision') end)""",
    # REPLACE deletes without asking the triggers that refuse a delete.
    """create trigger record_is_only_added_to before insert on record
    when new.number is not (select ifnull(max(number), 0) + 1 from record)
    begin select raise(abort, 'the record is only added to at its end'); end""",
    """create trigger record_end_is_kept after insert on record
    begin update record_end set number = new.number, hash = new.hash; end""",
    """create trigger record_end_goes_on before update on record_end
    when new.id is not old.id or new.number <= old.number
    begin select raise(abort, 'the record is never shortened'); end""",
    """create trigger record_end_is_not_taken_away before delete on record_end
    begin select raise(abort, 'the record is never shortened'); end""",
    """create trigger record_end_is_one before insert on record_end
    begin select raise(abort, 'the record is never begun anew'); end""",
)


@migrations()
def the_end_of_the_record(db: Database) -> None:
    """Remember which entry is the newest, and which revisions have one."""
    for statement in RECORD_END:
        db.conn.execute(statement)


CARRIED = (
    # What was at Apple before its revision was written: that only carries it.
    "alter table items add column earlier integer not null default 0",
    # Who wrote what was taken over into a draft, as a list of user ids.
    "alter table drafts add column authors text not null default '[]'",
    # Who wrote the message that a text was taken from; "" for nobody who votes.
    "alter table clips add column author text not null default ''",
)


@migrations()
def what_is_carried_over(db: Database) -> None:
    """Remember what a revision only carries, and whose words went into a draft."""
    for statement in CARRIED:
        db.conn.execute(statement)


API = (
    # A record's entry names one: its number is not given to another.
    """create table tokens (
        id integer primary key autoincrement, digest text not null unique, name text not null,
        owner text not null, apps text not null, made_at text not null, expires_at text,
        used_at text, revoked_at text
    ) strict""",
    """create table replies (
        token_id integer not null, key text not null, body text not null,
        proposal_id integer, at text not null, primary key (token_id, key)
    ) strict""",
    "create index replies_by_time on replies (at)",
    # The name of the token by which a proposal came in, "" where a person wrote it in Slack.
    "alter table proposals add column via text not null default ''",
)


@migrations()
def the_proposals_api(db: Database) -> None:
    """Remember who may propose from outside of Slack, and what came of it."""
    for statement in API:
        db.conn.execute(statement)


UPLOADS = (
    # Set for a draft whose texts came from a file: the edit form never shows it.
    "alter table drafts add column uploaded integer not null default 0",
    """create table uploads (
        draft_id integer primary key references drafts (id) on delete cascade,
        name text not null, form text not null, empty_clears integer not null,
        left_out text not null, cleaned text not null, dropped text not null default '[]',
        edit text not null default ''
    ) strict""",
)


@migrations()
def texts_from_files(db: Database) -> None:
    """Remember what came out of files, from the preview until it is proposed."""
    for statement in UPLOADS:
        db.conn.execute(statement)


@migrations()
def the_end_is_that_of_the_record(db: Database) -> None:
    """Let what is kept of the record's end be nothing but its newest entry."""
    db.conn.execute("drop trigger record_end_goes_on")
    db.conn.execute(
        """create trigger record_end_goes_on before update on record_end
        when new.id is not old.id or new.number <= old.number
        or not exists (select 1 from record where number = new.number and hash = new.hash
            and number = (select max(number) from record))
        begin select raise(abort, 'the record is never shortened'); end"""
    )


AWAITED = (
    # The number of a version that was not there yet when it was proposed; "" for any other.
    "alter table proposals add column awaited text not null default ''",
    "create index proposals_awaiting on proposals (version_id) where awaited <> ''",
)


@migrations()
def versions_that_are_awaited(db: Database) -> None:
    """Remember which proposals are about a version that does not exist yet."""
    for statement in AWAITED:
        db.conn.execute(statement)


@migrations()
def texts_that_make_their_localization(db: Database) -> None:
    """Remember which texts Apple had no localization for when they were proposed."""
    db.conn.execute("alter table items add column creates integer not null default 0")


@migrations()
def locales_that_a_file_fills(db: Database) -> None:
    """Remember which locales the default texts of a file fill, as it is told in the preview."""
    db.conn.execute("alter table uploads add column filled text not null default ''")


CONFIRMED_ITEMS = (
    "alter table confirmations add column items text not null default '[]'",
    # Until then a Confirm was for all of its revision.
    """update confirmations set items = (select json_group_array(json_array(kind, locale, field))
        from items i where i.proposal_id = confirmations.proposal_id
        and i.revision = confirmations.revision)""",
)


@migrations()
def what_was_confirmed(db: Database) -> None:
    """Remember for which items of a revision a Confirm stands: those that had their votes."""
    for statement in CONFIRMED_ITEMS:
        db.conn.execute(statement)
