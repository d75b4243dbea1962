"""The whole store as plain values, for a page and for tests to look at.

It knows how records hang together and shows them as they are now.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.appstore.reads import PHASE
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.reviewer import VERDICTS
from bot.sandbox.appstore.schema import (
    APPS,
    BUILDS,
    DELIVERIES,
    EVENTS,
    INFO_TEXTS,
    INFOS,
    PHASES,
    SHOT_SETS,
    SHOTS,
    SUBMISSIONS,
    TRAINS,
    VERSION_TEXTS,
    VERSIONS,
    WEBHOOKS,
)
from bot.sandbox.appstore.states import EDITABLE, NEXT
from bot.sandbox.appstore.submissions.folder import Folder
from bot.sandbox.appstore.versions.phases import SHARES

# Deliveries of a webhook that a page shows.
SHOWN = 50

Json = dict[str, Any]


def overview(records: Records) -> list[Json]:
    """Return every app with all it holds; texts by locale and attribute."""
    return [_app(records, app) for app in records.every(APPS)]


def _app(records: Records, app: Record) -> Json:
    return {
        "id": app.id,
        "name": app.attributes["name"],
        "bundle_id": app.attributes["bundleId"],
        "primary_locale": app.attributes["primaryLocale"],
        "infos": [
            {
                "id": info.id,
                "state": info.attributes["state"],
                "editable": info.attributes["state"] in EDITABLE,
                "localizations": _texts(records, info, INFO_TEXTS),
            }
            for info in records.children(app, INFOS, INFOS)
        ],
        "versions": [
            _version(records, version) for version in records.children(app, VERSIONS, VERSIONS)
        ],
        "builds": [_build(records, build) for build in records.children(app, BUILDS, BUILDS)],
        "submissions": [
            _submission(one) for one in records.children(app, SUBMISSIONS, SUBMISSIONS)
        ],
        "webhooks": [_webhook(records, one) for one in records.children(app, WEBHOOKS, WEBHOOKS)],
    }


def _version(records: Records, version: Record) -> Json:
    state = version.attributes["appVersionState"]
    return {
        "id": version.id,
        "platform": version.attributes["platform"],
        "version": version.attributes["versionString"],
        "state": state,
        "next": list(NEXT.get(state, ())),
        "verdicts": [name for name, (states, _) in VERDICTS.items() if state in states],
        "editable": state in EDITABLE,
        "release_type": version.attributes["releaseType"],
        "release_date": version.attributes["earliestReleaseDate"],
        "created": version.attributes["createdDate"],
        "build": _build(records, records.get(BUILDS, version.one.get("build", ""))),
        "phased": _phased(records.get(PHASES, version.one.get(PHASE, ""))),
        "submission": _submission(Folder(records).holding(version)),
        "screenshots": sum(
            len(records.children(shelf, SHOTS, SHOTS))
            for text in records.children(version, VERSION_TEXTS, VERSION_TEXTS)
            for shelf in records.children(text, SHOT_SETS, SHOT_SETS)
        ),
        "localizations": _texts(records, version, VERSION_TEXTS),
    }


def _build(records: Records, build: Record | None) -> Json | None:
    if build is None:
        return None
    train = records.need(TRAINS, build.one["preReleaseVersion"])
    return {
        "id": build.id,
        "platform": train.attributes["platform"],
        "train": train.attributes["version"],
        "number": build.attributes["version"],
        "state": build.attributes["processingState"],
        "expired": build.attributes["expired"],
        "uploaded": build.attributes["uploadedDate"],
        "version_id": build.one.get("appStoreVersion"),
    }


def _phased(phase: Record | None) -> Json | None:
    if phase is None:
        return None
    day = phase.attributes["currentDayNumber"]
    state = phase.attributes["phasedReleaseState"]
    share = 100 if state == "COMPLETE" else SHARES[day - 1] if day else 0
    return {
        "id": phase.id,
        "state": state,
        "day": day,
        "percent": share,
        "paused_days": phase.attributes["totalPauseDuration"],
        "started": phase.attributes["startDate"],
    }


def _submission(submission: Record | None) -> Json | None:
    if submission is None:
        return None
    return {
        "id": submission.id,
        "platform": submission.attributes["platform"],
        "state": submission.attributes["state"],
        "submitted": submission.attributes["submittedDate"],
        "version_id": submission.one.get("appStoreVersionForReview"),
    }


def _webhook(records: Records, webhook: Record) -> Json:
    deliveries = records.children(webhook, "deliveries", DELIVERIES)
    return {
        "id": webhook.id,
        **webhook.attributes,
        "deliveries": [_delivery(records, one) for one in deliveries[-SHOWN:]],
    }


def _delivery(records: Records, delivery: Record) -> Json:
    event = records.need(EVENTS, delivery.one["event"])
    return {
        "id": delivery.id,
        "state": delivery.attributes["deliveryState"],
        "error": delivery.attributes.get("errorMessage"),
        "created": delivery.attributes["createdDate"],
        "sent": delivery.attributes.get("sentDate"),
        "redelivery": delivery.attributes["redelivery"],
        "ping": event.attributes["ping"],
        "event": event.id,
        "payload": event.attributes["payload"],
    }


def _texts(records: Records, parent: Record, kind: str) -> dict[str, Json]:
    return {
        str(text.attributes["locale"]): {
            "id": text.id,
            **{name: value for name, value in text.attributes.items() if name != "locale"},
        }
        for text in records.children(parent, kind, kind)
    }
