"""All apps at a glance: versions, app infos and submissions without texts.

Knows that Apple sends fifty of each and not which; one request for 200 apps, and more only
for apps that have more and that the caller asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.appstore import resources
from bot.appstore.reading import together
from bot.appstore.releases import read_open, submission
from bot.appstore.resources import AppState, Document, Json
from bot.appstore.wire import Wire
from bot.domain.releases import Submission


async def read_overview(wire: Wire, more_for: Collection[str] | None) -> tuple[AppState, ...]:
    """Return all apps; those in `more_for`, all for None, with what Apple did not send."""
    found = await wire.read("apps", resources.OVERVIEW)
    states = (
        _state(wire, item, found, asked=more_for is None or item["id"] in more_for)
        for item in found.data
    )
    return tuple(await together(*states))


async def read_moving(wire: Wire) -> frozenset[str]:
    """Return the ids of the apps with any version in one of the `MOVING_STATES`."""
    found = await wire.read("apps", resources.MOVING)
    return frozenset(item["id"] for item in found.data)


async def _state(wire: Wire, item: Json, found: Document, *, asked: bool) -> AppState:
    app_id = item["id"]
    versions = resources.related(item, "appStoreVersions", found.included)
    reviews = resources.related(item, "reviewSubmissions", found.included)
    more_versions = resources.has_more(item, "appStoreVersions", len(versions))
    more_reviews = resources.has_more(item, "reviewSubmissions", len(reviews))
    submissions = tuple(submission(one, app_id) for one in reviews)
    if asked and more_versions:
        versions += await _standing(wire, app_id)
    if asked and more_reviews:
        submissions = _merged(submissions, await read_open(wire, app_id))
    infos = resources.related(item, "appInfos", found.included)
    return AppState(
        app=resources.app(item),
        versions=resources.versions(_once(versions), app_id),
        app_infos=tuple(resources.app_info(info, app_id) for info in infos),
        submissions=submissions,
        complete=asked or not (more_versions or more_reviews),
        more=more_versions + more_reviews,
    )


async def _standing(wire: Wire, app_id: str) -> tuple[Json, ...]:
    more = await wire.read(f"apps/{app_id}/appStoreVersions", resources.STANDING_VERSIONS)
    return more.data


def _once(items: Iterable[Json]) -> Iterable[Json]:
    return {one["id"]: one for one in items}.values()


def _merged(sent: tuple[Submission, ...], open_: tuple[Submission, ...]) -> tuple[Submission, ...]:
    # What was read last knows best: one that is no longer open is not among them.
    later = {one.id: one for one in open_}
    kept = (one for one in sent if one.id not in later and not one.open)
    return (*later.values(), *kept)
