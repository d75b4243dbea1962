"""Values with defaults, for tests that care about one thing at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Resource
from bot.domain.items import Item, ItemKind
from bot.domain.listing import App, AppInfo, Listing, Localization, Version
from bot.domain.needs import Need
from bot.domain.proposals import Proposal, Status, Target
from bot.workflow.cards import (
    EditForm,
    FailureEntry,
    FormField,
    HistoryEntry,
    LocaleChoice,
    ProposalCard,
    ReleaseCard,
    Waiting,
)
from bot.workflow.watch.cards import WaitCard

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

TEXTS: Mapping[str, str] = {
    "name": "Notes",
    "subtitle": "Write it down",
    "keywords": "notes,writing,lists",
    "promotionalText": "Now with folders.",
    "description": "A quiet place for your notes.\n\nNothing else.",
    "whatsNew": "Folders, at last.",
    "supportUrl": "https://notes.example/help",
    "marketingUrl": "https://notes.example",
    "privacyPolicyUrl": "https://notes.example/privacy",
}


def an_app(**values: Any) -> App:
    return App(**{"id": "1001", "bundle_id": "com.example.notes", "name": "Notes", **values})


def a_version(**values: Any) -> Version:
    defaults = {
        "id": "v2",
        "app_id": "1001",
        "platform": "IOS",
        "number": "2.4.0",
        "state": "PREPARE_FOR_SUBMISSION",
    }
    return Version(**{**defaults, **values})


def a_listing(texts: Mapping[str, Mapping[str, str]] | None = None, **values: Any) -> Listing:
    """A listing with `texts` by locale; a locale's missing fields are empty."""
    found = texts if texts is not None else {"en-US": TEXTS}
    localizations = {
        (resource, locale): Localization(
            id=f"{resource}-{locale}",
            resource=resource,
            locale=locale,
            texts={
                field.attribute: fields.get(field.attribute, "")
                for field in FIELDS
                if field.resource is resource
            },
        )
        for locale, fields in found.items()
        for resource in Resource
    }
    defaults = {
        "app": an_app(),
        "version": a_version(),
        "app_info": AppInfo(id="i2", app_id="1001", state="PREPARE_FOR_SUBMISSION"),
        "first_version": False,
        "localizations": localizations,
    }
    return Listing(**{**defaults, **values})


def an_item(**values: Any) -> Item:
    defaults = {
        "locale": "ja",
        "field": "subtitle",
        "before": "毎日のメモ",
        "after": "毎日のノート",
    }
    return Item(**{**defaults, **values})


def a_locale_item(locale: str = "ja") -> Item:
    return Item(kind=ItemKind.LOCALE, locale=locale, before="", after="present")


def a_proposal(**values: Any) -> Proposal:
    defaults = {
        "id": 12,
        "target": Target(app_id="1001", platform="IOS", version_id="v2"),
        "app_name": "Notes",
        "bundle_id": "com.example.notes",
        "version_number": "2.4.0",
        "version_state": "PREPARE_FOR_SUBMISSION",
        "live": False,
        "status": Status.OPEN,
        "revision": 1,
        "digest": "d1",
        "proposer": "U0MIA",
        "authors": ("U0MIA",),
        "reason": "People search for a notebook.",
        "items": (an_item(),),
        "channel": "C0NOTES",
        "message_ts": "1700000000.000100",
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=7),
    }
    return Proposal(**{**defaults, **values})


def a_need(items: Sequence[Item] | None = None, **values: Any) -> Need:
    defaults = {
        "items": tuple(items) if items is not None else (an_item(),),
        "approvers": ("S0ASOLEADS", "U0BEN"),
        "quorum": 1,
        "voted": (),
    }
    return Need(**{**defaults, **values})


def a_card(proposal: Proposal | None = None, **values: Any) -> ProposalCard:
    """A card of `proposal`; while it is open, one approval of all items is needed."""
    proposal = proposal or a_proposal()
    is_open = proposal.status is Status.OPEN
    defaults = {
        "proposal": proposal,
        "current": True,
        "findings": (),
        "needs": (a_need(proposal.items),) if is_open else (),
        "approved_by": () if is_open else ("U0BEN",),
        "rejected_by": (),
        "self_approval": False,
        "approve_emoji": ("white_check_mark", "+1"),
        "reject_emoji": ("x",),
        "link": "https://appstoreconnect.apple.com/apps/1001",
    }
    return ProposalCard(**{**defaults, **values})


def a_page(cards: Sequence[ProposalCard] = (), **values: Any) -> Waiting:
    """A page with these cards, the only one."""
    counts = Counter(card.proposal.status for card in cards)
    return Waiting(**{"cards": tuple(cards), "counts": counts, **values})


def a_form(texts: Mapping[str, str] | None = None, **values: Any) -> EditForm:
    """The form of one locale; a field's text is what Apple holds unless `texts` has it."""
    typed = texts or {}
    fields = tuple(
        FormField(field=BY_ATTRIBUTE[attribute], before=before, text=typed.get(attribute, before))
        for attribute, before in TEXTS.items()
    )
    version = a_version()
    defaults = {
        "draft": 7,
        "app": an_app(),
        "platforms": ("IOS",),
        "platform": "IOS",
        "versions": (version,),
        "version": version,
        "live": False,
        "locale": "en-US",
        "locales": (
            LocaleChoice(code="en-US", name="English (U.S.)", exists=True),
            LocaleChoice(code="ja", name="Japanese", exists=True, changed=True),
            LocaleChoice(code="fr-FR", name="French", exists=False),
        ),
        "fields": fields,
        "reason": "",
    }
    return EditForm(**{**defaults, **values})


def a_history_entry(**values: Any) -> HistoryEntry:
    defaults = {
        "app": an_app(),
        "platform": "IOS",
        "version_number": "2.4.0",
        "locale": "ja",
        "field": "subtitle",
        "before": "毎日のメモ",
        "after": "毎日のノート",
        "proposal": 12,
        "proposer": "U0MIA",
        "approvers": ("U0BEN",),
        "pushed_at": NOON,
    }
    return HistoryEntry(**{**defaults, **values})


def a_failure(**values: Any) -> FailureEntry:
    defaults = {
        "app": an_app(),
        "locale": "ja",
        "field": "name",
        "cause": "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG",
        "message": "Name cannot be longer than 30 characters.",
        "remedy": "Shorten it and propose again.",
        "proposal": 12,
        "at": NOON,
    }
    return FailureEntry(**{**defaults, **values})


def a_release(**values: Any) -> ReleaseCard:
    defaults = {
        "app": an_app(),
        "version": a_version(state="READY_FOR_DISTRIBUTION"),
        "old_state": "PENDING_DEVELOPER_RELEASE",
        "new_state": "READY_FOR_DISTRIBUTION",
        "changes": (a_history_entry(),),
        "link": "https://appstoreconnect.apple.com/apps/1001",
    }
    return ReleaseCard(**{**defaults, **values})


def a_reminder(**values: Any) -> WaitCard:
    defaults = {
        "what": "PENDING_DEVELOPER_RELEASE",
        "subject": "v1",
        "key": "reminder:v1",
        "app": an_app(),
        "version": a_version(state="PENDING_DEVELOPER_RELEASE"),
        "since": NOON,
        "link": "https://appstoreconnect.apple.com/apps/1001",
    }
    return WaitCard(**{**defaults, **values})
