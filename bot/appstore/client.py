"""App Store Connect as verbs on our values: read apps and texts, change, create, delete.

The one place that sends requests. Whether a change is wise, allowed or approved is
decided elsewhere; how often and how fast a request goes out is the transport's.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Coroutine, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.appstore import resources
from bot.appstore.auth import ApiKey
from bot.appstore.budget import Budget
from bot.appstore.errors import Gone
from bot.appstore.resources import HOMES, AppState, Document, Json
from bot.appstore.wire import Sent, Wire
from bot.clock import Clock
from bot.domain.fields import Resource
from bot.domain.listing import App, Localization, Reading, Version

Texts = Mapping[str, Mapping[str, Localization]]
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class AppStore:
    """One API key's view of App Store Connect; use it as an async context manager.

    Every verb raises `Unavailable` when Apple cannot be reached or does not answer in time,
    `NotAuthorized` for a key Apple does not accept, `NotAllowed` for one that may not do this
    (`AgreementsMissing` when a person has to accept an agreement), `Gone` for what is no
    longer there and `AppleRefused` with all of Apple's errors for what it does not take.
    """

    def __init__(
        self,
        key: ApiKey,
        *,
        base_url: str,
        clock: Clock,
        chance: random.Random | None = None,
    ) -> None:
        self._key = key
        self._clock = clock
        self._wire = Wire(
            key, base_url=base_url, clock=clock, chance=chance or random.SystemRandom()
        )

    def __repr__(self) -> str:
        return f"<AppStore key={self._key.key_id} {self._wire!r}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the kept connections; nothing can be asked afterwards."""
        await self._wire.aclose()

    @property
    def budget(self) -> Budget:
        """What Apple still allows this key, as of its last answers."""
        return self._wire.transport.budget

    @property
    def clock_skew(self) -> float:
        """Seconds that Apple's clock is ahead of ours, 0 when they agree within ten."""
        return self._wire.tokens.skew

    async def begin_batch(self) -> None:
        """Renew the token, so that none runs out in the middle of what follows."""
        self._wire.tokens.renew()

    async def apps(self) -> tuple[App, ...]:
        """Return the apps the key can see. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps."""
        found = await self._wire.read("apps", resources.APPS)
        return tuple(resources.app(item) for item in found.data)

    async def read_app(self, app_id: str) -> App:
        """Return one app. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_."""
        found = await self._wire.read(f"apps/{app_id}", {"fields[apps]": resources.APP_FIELDS})
        return resources.app(found.data[0])

    async def overview(self) -> tuple[AppState, ...]:
        """Return all apps with the states of their versions, in one request for 200 apps.

        Apple sends 50 versions of an app and does not say which; an app that has more is
        asked once more for those that are not replaced.
        """
        found = await self._wire.read("apps", resources.OVERVIEW)
        states = (self._app_state(item, found) for item in found.data)
        return tuple(await _together(*states))

    async def read(self, app: App, platform: str) -> Reading:
        """Return every text of an app and platform, in two requests at the same time.

        Versions in state REPLACED_WITH_NEW_VERSION are left out: they cannot be edited, each
        would bring all its texts, and that one was replaced can be told from the live one.
        `app` need hold no more than its id; the answer's is what Apple says now. More
        requests follow only for a version or app info with more than 50 localizations.
        """
        path = f"apps/{app.id}"
        versions, infos = await _together(
            self._wire.read(f"{path}/appStoreVersions", resources.versions_query(platform)),
            self._wire.read(f"{path}/appInfos", resources.APP_INFOS),
        )
        version_texts, info_texts = await _together(
            self._localizations(Resource.VERSION, versions),
            self._localizations(Resource.APP_INFO, infos),
        )
        told = infos.included.get(("apps", app.id))
        return Reading(
            app=resources.app(told) if told else app,
            platform=platform,
            versions=_versions(versions.data, app.id),
            app_infos=tuple(
                resources.app_info(item, app.id)
                for item in infos.data
                if item["attributes"].get("state") != resources.REPLACED_INFO
            ),
            version_localizations=version_texts,
            info_localizations=info_texts,
            read_at=self._clock.now(),
        )

    async def find(self, resource: Resource, *, parent_id: str, locale: str) -> Localization | None:
        """Return the localization of `locale` under a version or app info, None without one."""
        query = {**resources.localization_fields(resource), "filter[locale]": locale}
        found = await self._wire.read(f"{HOMES[resource].collection}/{parent_id}/{resource}", query)
        texts = (resources.localization(item) for item in found.data)
        return next((text for text in texts if text.locale == locale), None)

    async def update(
        self, localization: Localization | tuple[Resource, str], texts: Mapping[str, str]
    ) -> None:
        """Set `texts` by attribute in one PATCH; "" clears a field, others stay as they are.

        Repeating it does no harm, so after `Unavailable` it may have been carried out.
        """
        if isinstance(localization, Localization):
            resource, id_, locale = localization.resource, localization.id, localization.locale
        else:
            (resource, id_), locale = localization, ""
        body = resources.update_body(resource, id_, texts)
        await self._wire.send("PATCH", f"{resource}/{id_}", Sent(body=body, locale=locale))

    async def create(
        self, resource: Resource, *, parent_id: str, locale: str, texts: Mapping[str, str]
    ) -> Localization:
        """Make the localization of `locale` under a version or app info.

        Raises `AlreadyExists` when it is there, and `Unsure` when nobody knows whether it
        was made: `find` it before trying again. Making one on an app info may make that of
        the editable version as well.
        """
        body = resources.create_body(resource, parent_id, locale, texts)
        sent = Sent(body=body, locale=locale)
        made = await self._wire.make(resource.value, sent)
        try:
            return resources.localization(made)
        except (KeyError, TypeError, ValueError) as error:
            raise sent.unsure("Its answer could not be read.") from error

    async def delete(self, resource: Resource, id_: str) -> None:
        """Delete a localization; one that is gone already counts as deleted."""
        try:
            await self._wire.send("DELETE", f"{resource}/{id_}")
        except Gone:
            log.info("delete.gone resource=%s id=%s", resource, id_)

    async def _app_state(self, item: Json, found: Document) -> AppState:
        id_ = item["id"]
        versions = {
            one["id"]: one for one in resources.related(item, "appStoreVersions", found.included)
        }
        if resources.has_more(item, "appStoreVersions", len(versions)):
            more = await self._wire.read(
                f"apps/{id_}/appStoreVersions", resources.STANDING_VERSIONS
            )
            versions.update({one["id"]: one for one in more.data})
        infos = resources.related(item, "appInfos", found.included)
        return AppState(
            app=resources.app(item),
            versions=_versions(versions.values(), id_),
            app_infos=tuple(resources.app_info(info, id_) for info in infos),
        )

    async def _localizations(self, resource: Resource, found: Document) -> Texts:
        work = (self._localizations_of(resource, item, found) for item in found.data)
        texts = await _together(*work)
        return {
            item["id"]: {text.locale: text for text in some}
            for item, some in zip(found.data, texts, strict=True)
        }

    async def _localizations_of(
        self, resource: Resource, parent: Json, found: Document
    ) -> list[Localization]:
        items = resources.related(parent, resource, found.included)
        if resources.has_more(parent, resource, len(items)):
            path = f"{HOMES[resource].collection}/{parent['id']}/{resource}"
            query = {**resources.localization_fields(resource), "limit": resources.PAGE}
            items = (await self._wire.read(path, query)).data
        return [resources.localization(item) for item in items]


def _versions(items: Iterable[Json], app_id: str) -> tuple[Version, ...]:
    return resources.newest_first(resources.version(item, app_id) for item in items)


async def _together(*work: Coroutine[Any, Any, Answer]) -> list[Answer]:
    """Return the answers in order; the first error stops the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
