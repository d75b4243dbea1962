"""One version's whole road over the API, from its making to the seventh day, in bad weather."""

from __future__ import annotations

from bot.sandbox.seed import TIDEWELL
from tests.sandbox.appstore.receiver import a_receiver, set_up

VERSIONS = "appStoreVersions"
PHASES = "appStoreVersionPhasedReleases"
DAY = 86_400
ROAD = [
    "READY_FOR_REVIEW",
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "PENDING_DEVELOPER_RELEASE",
    "PROCESSING_FOR_DISTRIBUTION",
    "READY_FOR_DISTRIBUTION",
]


async def made(apple):
    """Tidewell 2.5.0 with a build, complete texts and a phased release, in place of 2.4.0."""
    await apple.delete(VERSIONS, apple.version()["id"])
    app = ("app", "apps", TIDEWELL)
    told = {"versionString": "2.5.0", "platform": "IOS", "releaseType": "MANUAL"}
    version = (await apple.post(VERSIONS, app, **told)).document["data"]["id"]
    answer = await apple.ask(
        "GET",
        "/v1/builds",
        params={"filter[app]": TIDEWELL, "filter[preReleaseVersion.version]": "2.5.0"},
    )
    assert (await apple.choose(version, answer.document["data"][0]["id"])).status == 204
    for text in apple.version("2.5.0")["localizations"].values():
        await apple.patch("appStoreVersionLocalizations", text["id"], whatsNew="Calmer.")
    phase = await apple.post(PHASES, ("appStoreVersion", VERSIONS, version))
    return version, phase.document["data"]["id"]


async def released(apple, version):
    """Take `version` through review, by hand, to the store."""
    await apple.submit(TIDEWELL, version)
    apple.emulation.start_review(version)
    apple.emulation.approve(version)
    request = ("appStoreVersion", VERSIONS, version)
    assert (await apple.post("appStoreVersionReleaseRequests", request)).status == 201
    apple.emulation.review(version, "distribute")


async def test_the_whole_road_is_told_whatever_goes_wrong_on_the_way(apple):
    async with a_receiver() as receiver:
        webhook = await set_up(apple, TIDEWELL, receiver.url)
        version, phase = await made(apple)
        apple.emulation.trouble_webhooks(doubled=True, reordered=True, lose_every=3)
        await released(apple, version)
        apple.pass_time(30)
        await apple.emulation.webhooks_settled()
        failed = await apple.get(
            f"/v1/webhooks/{webhook}/deliveries", include="event", filter__deliveryState="FAILED"
        )
        heard = {event["id"]: event["attributes"]["newValue"] for event in receiver.events}
        lost = {one["relationships"]["event"]["data"]["id"] for one in failed.document["data"]}
        assert (len(receiver.got), len(lost)) == (10, 2)
        assert lost.isdisjoint(heard)
        apple.emulation.trouble_webhooks(doubled=False, reordered=False, lose_every=0)
        for delivery in failed.document["data"]:
            parent = ("template", "webhookDeliveries", delivery["id"])
            await apple.post("webhookDeliveries", parent)
        await apple.emulation.webhooks_settled()
        heard = {event["id"]: event["attributes"]["newValue"] for event in receiver.events}
        assert sorted(heard.values()) == sorted([*ROAD, "REPLACED_WITH_NEW_VERSION"])
        apple.pass_time(2 * DAY)
        await apple.patch(PHASES, phase, phasedReleaseState="PAUSED")
        apple.pass_time(5 * DAY)
        await apple.patch(PHASES, phase, phasedReleaseState="ACTIVE")
        apple.pass_time(4 * DAY)
        assert apple.version("2.5.0")["phased"]["percent"] == 100
        assert apple.version("2.5.0")["phased"]["paused_days"] == 5
