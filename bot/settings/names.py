"""Every name that settings know, as data: variables, tables and keys, Apple's words.

The pages of docs/settings.md and the test that holds them rest on these tables.
A name that is not here is refused.
"""

from __future__ import annotations

VARIABLES: tuple[str, ...] = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_API_URL",
    "ASC_KEY_ID",
    "ASC_ISSUER_ID",
    "ASC_PRIVATE_KEY",
    "ASC_PRIVATE_KEY_PASSPHRASE",
    "ASC_API_URL",
    "DATABASE_URL",
    "PORT",
    "PUBLIC_URL",
    "MARQUEE_SECRET",
    "MARQUEE_CONFIG",
    "MARQUEE_URL",
    "MARQUEE_TOKEN",
)

# Other programs read variables too; only names with these beginnings are ours to refuse.
OWN_PREFIXES: tuple[str, ...] = ("MARQUEE_", "ASC_")

TABLES: dict[str, tuple[str, ...]] = {
    "": (
        "timezone",
        "channel",
        "working_hours",
        "working_days",
        "summary_at",
        "weekly",
        "poll",
        "default_reminders",
        "check_links",
        "account",
        "app",
        "approval",
        "reminder",
        "freeze",
        "person",
        "break_glass",
    ),
    "account": ("name", "key_id", "issuer_id", "private_key", "passphrase"),
    "app": ("bundle_id", "channel", "account"),
    "approval": (
        "approvers",
        "quorum",
        "approve",
        "reject",
        "expires",
        "self_approval",
        "escalation",
        "keep_votes",
        "undo_window",
        "rule",
    ),
    "approval.rule": ("app", "field", "locale", "quorum", "approvers", "escalation", "confirm"),
    "reminder": ("state", "condition", "after", "every", "to", "until"),
    "person": ("accounts",),
    "break_glass": ("people",),
    "freeze": ("name", "from", "to", "weekly", "app"),
}

# Monday is 0, as in Python's `date.weekday`. Cron programs count otherwise; names mean one thing.
DAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Apple's attributes, as in AppInfoLocalization and AppStoreVersionLocalization.
FIELDS: tuple[str, ...] = (
    "name",
    "subtitle",
    "keywords",
    "promotionalText",
    "description",
    "whatsNew",
    "supportUrl",
    "marketingUrl",
    "privacyPolicyUrl",
)

# What is done to a version as a whole; a rule names these where it names fields.
ACTIONS: tuple[str, ...] = (
    "version",
    "build",
    "releaseType",
    "submit",
    "cancel",
    "release",
    "phasedRelease",
)

# What a reminder can be about besides the state of a version.
CONDITIONS: tuple[str, ...] = (
    "review_longer_than_usual",
    "pause_near_limit",
    "key_trouble",
    "agreements_missing",
)

# Apple's appVersionState, App Store Connect API 4.4.1.
STATES: tuple[str, ...] = (
    "ACCEPTED",
    "DEVELOPER_REJECTED",
    "IN_REVIEW",
    "INVALID_BINARY",
    "METADATA_REJECTED",
    "PENDING_APPLE_RELEASE",
    "PENDING_DEVELOPER_RELEASE",
    "PREPARE_FOR_SUBMISSION",
    "PROCESSING_FOR_DISTRIBUTION",
    "READY_FOR_DISTRIBUTION",
    "READY_FOR_REVIEW",
    "REJECTED",
    "REPLACED_WITH_NEW_VERSION",
    "WAITING_FOR_EXPORT_COMPLIANCE",
    "WAITING_FOR_REVIEW",
)
