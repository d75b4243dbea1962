"""The first tables: proposals and pushes, watching, forms, webhooks."""

from __future__ import annotations

from bot.storage.sqlite import Database, Migrations

migrations = Migrations("marquee")

TABLES = (
    """create table apps (
        id text primary key, bundle_id text not null, name text not null,
        primary_locale text not null
    ) strict""",
    """create table versions (
        id text primary key, app_id text not null, platform text not null,
        number text not null, state text not null, since text not null
    ) strict""",
    """create table drafts (
        id integer primary key, user_id text not null, app_id text not null,
        platform text not null, version_id text not null, locale text not null,
        texts text not null, reason text not null, proposal_id integer,
        replaces integer, status text not null, updated_at text not null
    ) strict""",
    "create index drafts_of_a_person on drafts (user_id, app_id, status)",
    """create table readings (
        draft_id integer primary key references drafts (id) on delete cascade,
        body text not null, drawn text not null default '{}'
    ) strict""",
    """create table proposals (
        id integer primary key, app_id text not null, platform text not null,
        version_id text not null, app_name text not null, bundle_id text not null,
        version_number text not null, version_state text not null, live integer not null,
        status text not null, revision integer not null, proposer text not null,
        channel text not null, reverts integer, created_at text not null,
        expires_at text not null
    ) strict""",
    "create index proposals_by_status on proposals (status, app_id)",
    """create table revisions (
        proposal_id integer not null references proposals (id), number integer not null,
        digest text not null, authors text not null, reason text not null,
        findings text not null, message_ts text, created_at text not null,
        primary key (proposal_id, number)
    ) strict""",
    "create index revisions_by_message on revisions (message_ts)",
    """create table items (
        proposal_id integer not null, revision integer not null, position integer not null,
        kind text not null, locale text not null, field text not null,
        before text not null, after text not null, state text not null,
        problem text not null, live_now text,
        primary key (proposal_id, revision, position)
    ) strict""",
    """create table threads (
        proposal_id integer not null, revision integer not null, locale text not null,
        ts text not null, primary key (proposal_id, revision, locale)
    ) strict""",
    """create table votes (
        proposal_id integer not null, revision integer not null, user_id text not null,
        verb text not null, emoji text not null, event_ts text not null,
        given integer not null,
        primary key (proposal_id, revision, user_id, emoji)
    ) strict""",
    """create table pushes (
        id integer primary key, proposal_id integer not null, digest text not null,
        epoch integer not null, state text not null, approvers text not null,
        created_at text not null, finished_at text
    ) strict""",
    "create index pushes_by_state on pushes (state)",
    """create table steps (
        push_id integer not null references pushes (id), position integer not null,
        chain integer not null, locale text not null, resource text not null,
        verb text not null, resource_id text not null, parent_id text not null,
        texts text not null, state text not null, problem text not null,
        primary key (push_id, position)
    ) strict""",
    """create table history (
        id integer primary key, app_id text not null, platform text not null,
        version_id text not null, version_number text not null, locale text not null,
        field text not null, before text not null, after text not null,
        proposal_id integer not null, proposer text not null, approvers text not null,
        pushed_at text not null
    ) strict""",
    "create index history_of_an_app on history (app_id, locale)",
    """create table failures (
        id integer primary key, app_id text not null, locale text not null,
        field text not null, cause text not null, message text not null,
        remedy text not null, proposal_id integer, at text not null
    ) strict""",
    """create table events (
        id text primary key, body text not null, received_at text not null,
        state text not null, tries integer not null, waits integer not null,
        due text not null
    ) strict""",
    "create index events_by_state on events (state, due)",
    """create table notices (
        id integer primary key, key text not null unique, kind text not null,
        channel text not null, body text not null, state text not null, ts text,
        tries integer not null, due text not null, created_at text not null
    ) strict""",
    "create index notices_by_state on notices (state, id)",
    """create table clips (
        id integer primary key, user_id text not null, text text not null,
        created_at text not null
    ) strict""",
    """create table periods (
        job text not null, period text not null, at text not null,
        primary key (job, period)
    ) strict""",
)


@migrations()
def first_tables(db: Database) -> None:
    """Make the tables of the first release."""
    for statement in TABLES:
        db.conn.execute(statement)


WATCH = (
    "alter table apps add column account text not null default ''",
    "alter table proposals add column returns integer",
    "alter table revisions add column not_before text",
    "alter table revisions add column ends_at text",
    "alter table drafts add column not_before text",
    "alter table drafts add column ends_at text",
    "alter table events add column source text not null default 'slack'",
    """create table acts (
        push_id integer not null references pushes (id), position integer not null,
        item integer not null, verb text not null, subject text not null,
        body text not null, state text not null, made text not null, problem text not null,
        primary key (push_id, position)
    ) strict""",
    """create table standings (
        kind text not null, id text not null, app_id text not null, platform text not null,
        version_id text not null, state text not null, detail text not null,
        since text not null, primary key (kind, id)
    ) strict""",
    """create table transitions (
        id integer primary key, kind text not null, app_id text not null,
        version_id text not null, platform text not null, number text not null,
        old text not null, new text not null, old_since text not null, at text not null
    ) strict""",
    "create index transitions_of_an_app on transitions (app_id, at)",
    """create table version_threads (
        version_id text not null, channel text not null, ts text not null,
        primary key (version_id, channel)
    ) strict""",
    """create table subscriptions (
        app_id text not null, channel text not null, user_id text not null, at text not null,
        primary key (app_id, channel)
    ) strict""",
    """create table preferences (
        user_id text not null, notice text not null, primary key (user_id, notice)
    ) strict""",
    """create table hooks (
        app_id text primary key, hook_id text not null, generation integer not null,
        url text not null, rotated_at text not null, last_event_at text, last_ping_at text
    ) strict""",
    """create table dones (
        key text primary key, user_id text not null, at text not null
    ) strict""",
    """create table usage (
        account text not null, hour text not null, requests integer not null,
        refused integer not null, faults integer not null, others integer not null,
        lowest_left integer, primary key (account, hour)
    ) strict""",
    "alter table drafts add column submits integer not null default 0",
)

SINCE = (
    "alter table versions add column exact integer not null default 0",
    "alter table transitions add column exact integer not null default 0",
)


@migrations()
def watch_tables(db: Database) -> None:
    """Make what the watch, the scheduler and acting on versions remember."""
    for statement in WATCH:
        db.conn.execute(statement)


@migrations()
def since_when(db: Database) -> None:
    """Remember whether a state was seen to begin, or was there when the bot first looked."""
    for statement in SINCE:
        db.conn.execute(statement)


@migrations()
def sent_forms(db: Database) -> None:
    """Make the table of forms that were sent and have not become proposals."""
    # A button may name a form that is gone: its number is not given to another one.
    db.conn.execute(
        """create table forms (
            id integer primary key autoincrement, user_id text not null, deed text not null,
            app_id text not null, app_name text not null, platform text not null,
            version_id text not null, proposal_id integer, wish text not null,
            told integer not null, updated_at text not null
        ) strict"""
    )
    db.conn.execute("create index forms_of_a_person on forms (user_id, app_id, deed)")


HOOKS = (
    "alter table hooks add column confirmed integer not null default 0",
    "alter table hooks add column last_refused_at text",
    "update hooks set confirmed = generation",
)


@migrations()
def hooks_that_apple_confirmed(db: Database) -> None:
    """Remember which secret Apple is known to have, and when a signature was wrong."""
    for statement in HOOKS:
        db.conn.execute(statement)


ENDED = (
    "alter table proposals add column ended_at text",
    # What was kept of it before: the end of its time, or the last vote that stands against it.
    "update proposals set ended_at = expires_at where status = 'expired'",
    """update proposals set ended_at = (
        select strftime('%Y-%m-%dT%H:%M:%f000+00:00', max(cast(v.event_ts as real)), 'unixepoch')
        from votes v where v.proposal_id = proposals.id and v.revision = proposals.revision
        and v.verb = 'reject' and v.given = 1
    ) where status = 'rejected'""",
)


@migrations()
def when_proposals_ended(db: Database) -> None:
    """Remember when a proposal ended without a push."""
    for statement in ENDED:
        db.conn.execute(statement)


@migrations()
def what_proposals_replace(db: Database) -> None:
    """Remember which proposal another one proposed anew."""
    db.conn.execute("alter table proposals add column replaces integer")


@migrations()
def when_proposals_were_opened_again(db: Database) -> None:
    """Remember when a proposal that was approved went back to people."""
    db.conn.execute("alter table proposals add column opened_at text")
