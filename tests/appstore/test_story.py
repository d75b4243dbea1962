"""The way of a version as the emulated store lets it go, asked through our client alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from aiohttp import web

from bot.appstore import AlreadyExists, AppleRefused, AppStore
from bot.domain.acts import Act, ActVerb
from bot.domain.hooks import SIGNATURE_HEADER, VERSION_STATE, event_of, matches
from bot.domain.releases import Release, Standing, newest_build
from tests.appstore.stage import ORRERY, TIDEWELL, Stage, opened, served


async def do(store: AppStore, verb: ActVerb, subject: str, **values: str) -> str:
    return await store.act(Act(verb=verb, subject=subject, values=values))


async def look(stage: Stage, *, builds: bool = False) -> Standing:
    return await stage.store.standing(TIDEWELL.id, "IOS", builds=builds)


def preparing(standing: Standing) -> Release:
    return next(one for one in standing.releases if one.version.number == "2.4.0")


async def hand_in(stage: Stage, version_id: str) -> str:
    """Say everywhere what is new, and submit."""
    reading = await stage.store.read(TIDEWELL, "IOS")
    for text in reading.version_localizations[version_id].values():
        if not text.texts["whatsNew"]:
            await do(stage.store, ActVerb.UPDATE_TEXTS, text.id, whatsNew="Better in many places.")
    draft = await do(stage.store, ActVerb.CREATE_SUBMISSION, TIDEWELL.id, platform="IOS")
    await do(stage.store, ActVerb.ADD_ITEM, draft, version=version_id)
    assert await do(stage.store, ActVerb.SUBMIT, draft) == draft
    return draft


async def test_where_an_app_stands_is_two_requests_and_builds_a_third(stage: Stage) -> None:
    await look(stage)
    before = len(stage.requests())
    plain = await look(stage)
    assert len(stage.requests()) - before == 2
    chosen = preparing(plain).build
    assert chosen is not None
    assert chosen.label == "2.4.0 (2401)"
    before = len(stage.requests())
    standing = await look(stage, builds=True)
    assert len(stage.requests()) - before == 3
    assert standing.releases == plain.releases
    assert "2.4.0 (2404)" not in {one.label for one in standing.builds}
    newest = newest_build(standing.builds, "2.4.0")
    assert newest is not None
    assert newest.number == "2403"


async def test_a_version_goes_from_its_build_to_day_two_of_a_phased_release(stage: Stage) -> None:
    store = stage.store
    standing = await look(stage, builds=True)
    version = preparing(standing).version
    newest = newest_build(standing.builds, "2.4.0")
    assert newest is not None
    assert await do(store, ActVerb.SET_BUILD, version.id, build=newest.id) == version.id
    await do(store, ActVerb.SET_RELEASE, version.id, releaseType="MANUAL")
    await do(store, ActVerb.CREATE_PHASED, version.id, phasedReleaseState="ACTIVE")
    draft = await hand_in(stage, version.id)

    standing = await look(stage)
    release, submission = preparing(standing), standing.submission("")
    assert release.build == newest
    assert release.version.state == "WAITING_FOR_REVIEW"
    assert release.version.release_type == "MANUAL"
    assert submission is not None
    assert (submission.id, submission.state) == (draft, "WAITING_FOR_REVIEW")
    assert (submission.version_ids, submission.others) == ((version.id,), 0)
    assert draft in {one.id for state in await store.overview() for one in state.submissions}

    stage.apple.start_review(version.id)
    stage.apple.approve(version.id)
    await do(store, ActVerb.REQUEST_RELEASE, version.id)
    stage.apple.move(version.id, "READY_FOR_DISTRIBUTION")
    stage.apple.next_phased_day(version.id)
    phased = next(one for one in await store.releases(TIDEWELL.id) if one.phased).phased
    assert phased is not None
    assert (phased.state, phased.day, phased.percent) == ("ACTIVE", 2, 2)
    await do(store, ActVerb.SET_PHASED, phased.id, phasedReleaseState="PAUSED")
    paused = preparing(await look(stage)).phased
    assert paused is not None
    assert paused.state == "PAUSED"


async def test_a_submission_is_taken_back(stage: Stage) -> None:
    version = preparing(await look(stage)).version
    draft = await hand_in(stage, version.id)
    await do(stage.store, ActVerb.CANCEL, draft)
    submission = (await look(stage)).submission("")
    assert submission is not None
    assert submission.state == "CANCELING"
    stage.clock.advance(60)
    standing = await look(stage)
    assert standing.submission("") is None
    assert preparing(standing).version.state == "DEVELOPER_REJECTED"


async def test_a_new_version_is_made_with_texts_of_its_own(stage: Stage) -> None:
    store = stage.store
    made = await do(
        store, ActVerb.CREATE_VERSION, TIDEWELL.id, platform="MAC_OS", versionString="2.4.0"
    )
    reading = await store.read(TIDEWELL, "MAC_OS")
    texts = reading.version_localizations[made]
    await do(store, ActVerb.UPDATE_TEXTS, texts["ja"].id, promotionalText="新しい")
    assert stage.apple_text(texts["ja"].id, "promotionalText") == "新しい"
    id_ = await do(store, ActVerb.CREATE_TEXTS, made, locale="uk", keywords="нотатки")
    assert stage.apple_text(id_, "keywords") == "нотатки"


async def test_what_is_there_already_is_told_apart_from_what_cannot_be(stage: Stage) -> None:
    store = stage.store
    version = preparing(await look(stage)).version
    used = {"platform": "IOS", "versionString": "2.3.0"}
    with pytest.raises(AlreadyExists, match=r"^Apple already has version 2\.3\.0\."):
        await do(store, ActVerb.CREATE_VERSION, TIDEWELL.id, **used)
    with pytest.raises(AppleRefused, match=r"^Apple did not take version 2\.5\.0\."):
        await do(store, ActVerb.CREATE_VERSION, TIDEWELL.id, **{**used, "versionString": "2.5.0"})
    await do(store, ActVerb.CREATE_PHASED, version.id, phasedReleaseState="INACTIVE")
    with pytest.raises(AlreadyExists, match=r"^Apple already has a phased release\."):
        await do(store, ActVerb.CREATE_PHASED, version.id, phasedReleaseState="INACTIVE")
    with pytest.raises(AlreadyExists, match=r"^Apple already has the texts for ja\."):
        await do(store, ActVerb.CREATE_TEXTS, version.id, locale="ja")
    draft = await do(store, ActVerb.CREATE_SUBMISSION, TIDEWELL.id, platform="IOS")
    with pytest.raises(AlreadyExists, match=r"^Apple already has a submission\."):
        await do(store, ActVerb.CREATE_SUBMISSION, TIDEWELL.id, platform="IOS")
    await do(store, ActVerb.ADD_ITEM, draft, version=version.id)
    with pytest.raises(AlreadyExists) as raised:
        await do(store, ActVerb.ADD_ITEM, draft, version=version.id)
    assert raised.value.other_id == draft


async def test_a_submission_that_lacks_texts_names_each_and_where(stage: Stage) -> None:
    version = preparing(await look(stage)).version
    draft = await do(stage.store, ActVerb.CREATE_SUBMISSION, TIDEWELL.id, platform="IOS")
    await do(stage.store, ActVerb.ADD_ITEM, draft, version=version.id)
    with pytest.raises(AppleRefused) as raised:
        await do(stage.store, ActVerb.SUBMIT, draft)
    reading = await stage.store.read(TIDEWELL, "IOS")
    lacking = {
        f"/v1/appStoreVersionLocalizations/{text.id}"
        for text in reading.version_localizations[version.id].values()
        if not text.texts["whatsNew"]
    }
    assert {one.path for one in raised.value.problems if one.attribute == "whatsNew"} == lacking
    assert raised.value.message.count("What's new:") == 1


async def test_a_refused_act_says_what_and_in_apples_words(stage: Stage) -> None:
    version = preparing(await look(stage)).version
    with pytest.raises(AppleRefused) as raised:
        await do(stage.store, ActVerb.REQUEST_RELEASE, version.id)
    assert raised.value.message == (
        "Apple did not take the request to release. "
        "The request to release: not possible in this state. Apple says: "
        "The appStoreVersion cannot be released in the state PREPARE_FOR_SUBMISSION."
    )


async def test_a_phased_release_that_has_not_begun_is_taken_back(stage: Stage) -> None:
    version = preparing(await look(stage)).version
    made = await do(stage.store, ActVerb.CREATE_PHASED, version.id, phasedReleaseState="INACTIVE")
    await do(stage.store, ActVerb.DELETE_PHASED, made)
    await do(stage.store, ActVerb.DELETE_PHASED, made)
    assert preparing(await look(stage)).phased is None


async def test_screenshots_are_counted_in_one_request(stage: Stage) -> None:
    version = preparing(await look(stage)).version
    stage.apple.screenshots(version.id, "ja", 3)
    before = len(stage.requests())
    counts = await stage.store.screenshot_counts(version.id)
    assert len(stage.requests()) - before == 1
    assert counts["ja"] == 1


async def test_a_webhook_tells_what_happened_and_what_got_lost_is_found_again() -> None:
    came: list[tuple[str, bytes]] = []
    works = True

    async def receive(request: web.Request) -> web.Response:
        came.append((request.headers.get(SIGNATURE_HEADER, ""), await request.read()))
        return web.Response(status=200 if works else 500)

    async with opened() as stage, served([web.post("/hook", receive)]) as url:
        store, since = stage.store, stage.clock.now() - timedelta(hours=1)
        hook = await store.create_webhook(
            ORRERY.id, name="Marquee", url=f"{url}/hook", secret="s1", events=[VERSION_STATE]
        )
        assert await store.webhooks(ORRERY.id) == (hook,)
        await store.ping_webhook(hook.id)
        await stage.apple.webhooks_settled()
        ping = event_of(came[-1][1])
        assert ping is not None
        assert ping.ping

        await store.update_webhook(hook.id, secret="s2")
        works = False
        version = (await store.standing(ORRERY.id, "IOS")).releases[0].version
        await do(store, ActVerb.REQUEST_RELEASE, version.id)
        await stage.apple.webhooks_settled()
        header, body = came[-1]
        assert matches(header, secret="s2", body=body)
        assert not matches(header, secret="s1", body=body)
        event = event_of(body)
        assert event is not None
        assert (event.instance_type, event.instance_id) == ("appStoreVersions", version.id)

        lost = await store.failed_deliveries(hook.id, since=since)
        assert event in [event_of(one.payload) for one in lost]
        assert all(json.loads(one.payload) for one in lost)
        await store.delete_webhook(hook.id)
        assert await store.webhooks(ORRERY.id) == ()
