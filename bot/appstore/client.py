"""App Store Connect as verbs on our values: apps, texts, releases and webhooks.

The one place that sends requests. Whether a change is wise, allowed or approved is
decided elsewhere; how often and how fast a request goes out is the transport's.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.appstore import hooks, releases, resources
from bot.appstore.auth import ApiKey
from bot.appstore.budget import Budget
from bot.appstore.deeds import DEEDS
from bot.appstore.errors import Gone
from bot.appstore.overview import read_moving, read_overview
from bot.appstore.reading import localizations, three_together, together
from bot.appstore.resources import HOMES, AppState
from bot.appstore.transport import Observer, both
from bot.appstore.understood import ODD, understood
from bot.appstore.usage import Usage
from bot.appstore.wire import Sent, Wire
from bot.clock import Clock
from bot.domain.acts import Act
from bot.domain.fields import Resource
from bot.domain.hooks import Delivery, Webhook
from bot.domain.listing import App, Localization, Reading
from bot.domain.releases import Build, Declared, Release, Standing, Submission

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
        account: str = "default",
        observer: Observer | None = None,
    ) -> None:
        self._key = key
        self._clock = clock
        self._trains = releases.Trains()
        self._usage = Usage(account, clock)
        self._wire = Wire(
            key,
            base_url=base_url,
            clock=clock,
            chance=chance or random.SystemRandom(),
            observer=both(self._usage.count, observer),
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
    def usage(self) -> Usage:
        """What was asked of Apple, by hour, under the name of `account`."""
        return self._usage

    @property
    def clock_skew(self) -> float:
        """Seconds that Apple's clock is ahead of ours, 0 when they agree within ten."""
        return self._wire.tokens.skew

    async def begin_batch(self) -> None:
        """Renew the token, so that none runs out in the middle of what follows."""
        self._wire.tokens.renew()

    @understood
    async def apps(self) -> tuple[App, ...]:
        """Return the apps the key can see. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps."""
        found = await self._wire.read("apps", resources.APPS)
        return tuple(resources.app(item) for item in found.data)

    @understood
    async def read_app(self, app_id: str) -> App:
        """Return one app. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_."""
        found = await self._wire.read(f"apps/{app_id}", {"fields[apps]": resources.APP_FIELDS})
        return resources.app(found.data[0])

    @understood
    async def overview(self, *, more_for: Collection[str] | None = None) -> tuple[AppState, ...]:
        """Return all apps with the states of their versions, in one request for 200 apps.

        Apple sends 50 versions and 50 submissions of an app and does not say which; an app
        that has more is asked once more for the versions that are not replaced, and once
        for the open submissions. `more_for` limits that to some apps by id; the others come
        as they are, not `complete`.
        """
        return await read_overview(self._wire, more_for)

    @understood
    async def moving(self) -> frozenset[str]:
        """Return the ids of the apps with a version on its way, in one request for 200 apps.

        Apple looks at every version for that, also at those that an overview does not show.
        """
        return await read_moving(self._wire)

    @understood
    async def read(self, app: App, platform: str) -> Reading:
        """Return every text of an app and platform, in two requests at the same time.

        Versions in state REPLACED_WITH_NEW_VERSION are left out: they cannot be edited, each
        would bring all its texts, and that one was replaced can be told from the live one.
        `app` need hold no more than its id; the answer's is what Apple says now. More
        requests follow only for a version or app info with more than 50 localizations.
        """
        path = f"apps/{app.id}"
        versions, infos = await together(
            self._wire.read(f"{path}/appStoreVersions", resources.versions_query(platform)),
            self._wire.read(f"{path}/appInfos", resources.APP_INFOS),
        )
        version_texts, info_texts = await together(
            localizations(self._wire, Resource.VERSION, versions),
            localizations(self._wire, Resource.APP_INFO, infos),
        )
        told = infos.included.get(("apps", app.id))
        return Reading(
            app=resources.app(told) if told else app,
            platform=platform,
            versions=resources.versions(versions.data, app.id),
            app_infos=tuple(
                resources.app_info(item, app.id)
                for item in infos.data
                if item["attributes"].get("state") != resources.REPLACED_INFO
            ),
            version_localizations=version_texts,
            info_localizations=info_texts,
            read_at=self._clock.now(),
        )

    @understood
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
        except ODD as error:
            raise sent.unsure("Its answer could not be read.") from error

    async def delete(self, resource: Resource, id_: str) -> None:
        """Delete a localization; one that is gone already counts as deleted."""
        await self._delete(f"{resource}/{id_}", Sent())

    @understood
    async def releases(self, app_id: str, *, trains: bool = True) -> tuple[Release, ...]:
        """Return an app's standing versions of all platforms with builds and phased releases.

        One request, and with `trains` one more when a build is met for the first time: its
        train is told with builds only. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-appstoreversions.
        """
        found = await releases.read_releases(self._wire, app_id)
        return await self._trains.named(self._wire, found) if trains else found

    @understood
    async def standing(self, app_id: str, platform: str, *, builds: bool = False) -> Standing:
        """Return where an app stands on a platform, in two requests at the same time.

        With `builds` the newest fifty usable ones too, in a third. A version's build has
        its train, and so its label, either way: one that was never met costs one request
        more, once. `Gone` for an unknown app.
        https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-reviewsubmissions,
        https://developer.apple.com/documentation/appstoreconnectapi/get-v1-builds.
        """
        versions, submissions, usable = await three_together(
            releases.read_releases(self._wire, app_id, platform),
            releases.read_open(self._wire, app_id, platform),
            self._usable(app_id, platform, wanted=builds),
        )
        self._trains.learn(usable)
        return Standing(
            app_id=app_id,
            platform=platform,
            releases=await self._trains.named(self._wire, versions),
            submissions=submissions,
            builds=usable,
            read_at=self._clock.now(),
        )

    @understood
    async def submission(self, app_id: str, id_: str) -> Submission:
        """Return one submission with what it carries, also when it is over; `Gone` without one.

        https://developer.apple.com/documentation/appstoreconnectapi/get-v1-reviewsubmissions-_id_.
        """
        return await releases.read_submission(self._wire, app_id, id_)

    @understood
    async def screenshot_counts(self, version_id: str) -> Mapping[str, int]:
        """Return the number of screenshot sets by locale, in one request.

        A locale without sets shows those of the primary one, and screenshots may also stand
        in the app's asset library, which this does not see: 0 is a hint, no fault.
        https://developer.apple.com/documentation/appstoreconnectapi/get-v1-appstoreversions-_id_-appstoreversionlocalizations.
        """
        return await releases.read_screenshot_counts(self._wire, version_id)

    @understood
    async def declared(self, app_id: str) -> Declared:
        """Return an app's primary category and declaration of content rights, in one request.

        https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-appinfos.
        """
        return await releases.read_declared(self._wire, app_id)

    async def act(self, act: Act) -> str:
        """Carry out `act`; return the id of what was made or changed, "" for what is deleted.

        What makes something (`act.makes`) is sent once: `Unsure` when nobody knows whether
        it was made, `AlreadyExists` when it is there or another submission is in the way
        (`other_id`). Everything else is repeated after a fault and may have been carried out
        then, also when Apple refuses the repetition: look before telling that it was not.
        Deleting what is gone counts as done. Apple's pages: `bot.appstore.deeds`.
        """
        deed = DEEDS[act.verb]
        path, sent = deed.path_of(act), deed.sent(act)
        if deed.method == "POST":
            return str((await self._wire.make(path, sent))["id"])
        if deed.method == "DELETE":
            await self._delete(path, sent)
            return ""
        await self._wire.send(deed.method, path, sent)
        return act.subject

    @understood
    async def webhooks(self, app_id: str) -> tuple[Webhook, ...]:
        """Return an app's webhooks. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-webhooks."""
        return await hooks.read_webhooks(self._wire, app_id)

    async def create_webhook(
        self, app_id: str, *, name: str, url: str, secret: str, events: Sequence[str]
    ) -> Webhook:
        """Make a webhook, enabled; `Unsure` when nobody knows whether it was made.

        `events` in the spelling of subscriptions: `APP_STORE_VERSION_APP_VERSION_STATE_UPDATED`.
        https://developer.apple.com/documentation/appstoreconnectapi/post-v1-webhooks.
        """
        given = {"name": name, "url": url, "secret": secret, "eventTypes": list(events)}
        return await hooks.make_webhook(self._wire, app_id, given)

    async def update_webhook(
        self,
        id_: str,
        *,
        url: str | None = None,
        secret: str | None = None,
        enabled: bool | None = None,
        events: Sequence[str] | None = None,
    ) -> None:
        """Set what is given, leave the rest. https://developer.apple.com/documentation/appstoreconnectapi/patch-v1-webhooks-_id_."""
        given = {
            "url": url,
            "secret": secret,
            "enabled": enabled,
            "eventTypes": None if events is None else list(events),
        }
        await hooks.change_webhook(self._wire, id_, given)

    async def delete_webhook(self, id_: str) -> None:
        """Delete a webhook; one that is gone already counts as deleted. https://developer.apple.com/documentation/appstoreconnectapi/delete-v1-webhooks-_id_."""
        await self._delete(f"{hooks.WEBHOOKS}/{id_}", Sent(about="the end of the webhook"))

    async def ping_webhook(self, id_: str) -> None:
        """Let Apple send a ping, which arrives as an event. https://developer.apple.com/documentation/appstoreconnectapi/post-v1-webhookpings."""
        await hooks.ping(self._wire, id_)

    @understood
    async def failed_deliveries(self, webhook_id: str, *, since: datetime) -> tuple[Delivery, ...]:
        """Return the deliveries since then that failed, oldest first. https://developer.apple.com/documentation/appstoreconnectapi/get-v1-webhooks-_id_-deliveries."""
        return await hooks.read_failed(self._wire, webhook_id, since)

    async def _delete(self, path: str, sent: Sent) -> None:
        try:
            await self._wire.send("DELETE", path, sent)
        except Gone:
            log.info("delete.gone path=%s", path)

    async def _usable(self, app_id: str, platform: str, *, wanted: bool) -> tuple[Build, ...]:
        return await releases.read_builds(self._wire, app_id, platform) if wanted else ()
