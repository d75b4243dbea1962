"""What is answered, as JSON: a proposal with what it waits for, the texts of a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from bot.domain.awaiting import awaited_words
from bot.domain.checklist import Point
from bot.domain.fields import FIELDS
from bot.domain.items import Item
from bot.domain.listing import Listing
from bot.domain.needs import Need
from bot.web.api.problems import finding
from bot.workflow.cards import ProposalCard
from bot.workflow.checklist import Checked

UNCHANGED: Mapping[str, object] = {"status": "unchanged"}


def answer(body: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Return a body as an answer that nobody on the way keeps: it may not be public yet."""
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode("utf-8"),
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


def proposal(card: ProposalCard, url: str | None) -> dict[str, object]:
    """Return a proposal as it stands; `url` is where its message is, None before that."""
    one = card.proposal
    return {
        "id": one.id,
        "status": one.status,
        "stale": one.stale,
        "revision": one.revision,
        "digest": one.digest,
        "app": {"id": one.target.app_id, "bundle_id": one.bundle_id, "name": one.app_name},
        "platform": one.target.platform,
        "version": {
            "id": one.target.version_id,
            "number": one.version_number,
            "state": one.version_state,
        },
        "waits_for": awaited_words(one) or None,
        "proposer": one.proposer,
        "reason": one.reason,
        "created_at": _moment(one.created_at),
        "expires_at": _moment(one.expires_at),
        "url": url,
        "items": [_item(item) for item in one.items],
        "approvals": [_need(need) for need in card.needs],
        "findings": [finding(each) for each in card.findings],
    }


def checklist(checked: Checked) -> dict[str, object]:
    """Return what was found in a listing, problems first; messages name every locale."""
    return {
        **_place(checked.listing),
        "problems": checked.problems,
        "remarks": checked.remarks,
        "links": checked.links,
        "points": [_point(each) for each in checked.points],
    }


def listing(shown: Listing) -> dict[str, object]:
    """Return every text of a version and of the app information beside it, "" where none is."""
    return {
        **_place(shown),
        "locales": {
            code: {one.attribute: shown.text(code, one.attribute) for one in FIELDS}
            for code in shown.locales()
        },
    }


def _place(shown: Listing) -> dict[str, object]:
    return {
        "app": {"id": shown.app.id, "bundle_id": shown.app.bundle_id, "name": shown.app.name},
        "platform": shown.version.platform,
        "version": {
            "id": shown.version.id,
            "number": shown.version.number,
            "state": shown.version.state,
        },
        "primary_locale": shown.app.primary_locale,
    }


def _point(point: Point) -> dict[str, object]:
    return {
        "severity": point.severity,
        "check": point.check,
        "field": point.field,
        "locales": list(point.locales),
        "message": point.message(len(point.locales)),
        "remedy": point.remedy,
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "kind": item.kind,
        "locale": item.locale,
        "field": item.field,
        "before": item.before,
        "after": item.after,
        "state": item.state,
        "problem": item.problem,
    }


def _need(need: Need) -> dict[str, object]:
    return {
        "items": len(need.items),
        "needed": need.quorum,
        "given": len(need.voted),
        "voters": list(need.voted),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
