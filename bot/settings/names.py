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
    "MARQUEE_CONFIG",
)

# Other programs read variables too; only names with these beginnings are ours to refuse.
OWN_PREFIXES: tuple[str, ...] = ("MARQUEE_", "ASC_")

TABLES: dict[str, tuple[str, ...]] = {
    "": ("timezone", "channel", "app", "approval", "reminder"),
    "app": ("bundle_id", "channel"),
    "approval": (
        "approvers",
        "quorum",
        "approve",
        "reject",
        "expires",
        "self_approval",
        "rule",
    ),
    "approval.rule": ("app", "field", "locale", "quorum", "approvers"),
    "reminder": ("state", "after", "every"),
}

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
