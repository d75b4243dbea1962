from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.appstore import Gone
from bot.appstore.releases import MOST_TRAINS, Trains
from bot.domain.releases import Build, PhasedRelease
from tests.appstore.told import found, thing, told

VERSIONS = "GET /v1/apps/1/appStoreVersions"
REVIEWS = "GET /v1/apps/1/reviewSubmissions"
BUILDS = "GET /v1/builds"

TRAIN = thing("preReleaseVersions", "p1", version="2.5.0", platform="IOS")
BUILD = thing(
    "builds",
    "b1",
    {"preReleaseVersion": TRAIN},
    version="341",
    processingState="VALID",
    expired=False,
    uploadedDate="2026-03-01T10:00:00-08:00",
)
PHASED = thing(
    "appStoreVersionPhasedReleases",
    "f1",
    phasedReleaseState="ACTIVE",
    currentDayNumber=3,
    totalPauseDuration=2,
    startDate="2026-02-27T00:00:00Z",
)
VERSION = thing(
    "appStoreVersions",
    "v1",
    {"build": BUILD, "appStoreVersionPhasedRelease": PHASED},
    platform="IOS",
    versionString="2.5",
    appVersionState="READY_FOR_DISTRIBUTION",
    createdDate="2026-02-01T00:00:00Z",
    releaseType="SCHEDULED",
    earliestReleaseDate="2026-03-04T09:00:00-08:00",
)
NEXT = thing(
    "appStoreVersions",
    "v2",
    {"build": None, "appStoreVersionPhasedRelease": None},
    platform="IOS",
    versionString="2.6",
    appVersionState="PREPARE_FOR_SUBMISSION",
    createdDate="2026-02-20T00:00:00Z",
)


def a_team(**more: Any) -> dict[str, Any]:
    return {
        VERSIONS: found(VERSION, NEXT, included=[BUILD, PHASED]),
        BUILDS: found(BUILD, included=[TRAIN]),
        **more,
    }


async def test_an_app_stands_in_two_requests_once_its_builds_are_known() -> None:
    async with told(a_team()) as apple:
        first = await apple.store.standing("1", "IOS")
        assert sorted(apple.asked) == [VERSIONS, REVIEWS, BUILDS]
        apple.asked.clear()
        assert await apple.store.standing("1", "IOS") == first
        assert sorted(apple.asked) == [VERSIONS, REVIEWS]
        assert first.read_at == apple.clock.now()


async def test_versions_come_newest_first_with_what_their_release_hangs_on() -> None:
    async with told(a_team()) as apple:
        new, live = (await apple.store.standing("1", "IOS")).releases
        assert (new.version.number, new.build, new.phased) == ("2.6", None, None)
        assert live.version.release_type == "SCHEDULED"
        assert live.version.earliest_release == datetime(2026, 3, 4, 17, tzinfo=UTC)
        assert live.build == Build(
            id="b1",
            platform="IOS",
            train="2.5.0",
            number="341",
            uploaded_at=datetime(2026, 3, 1, 18, tzinfo=UTC),
        )
        assert live.phased == PhasedRelease(
            id="f1",
            version_id="v1",
            state="ACTIVE",
            day=3,
            paused_days=2,
            started_at=datetime(2026, 2, 27, tzinfo=UTC),
        )


async def test_a_chosen_build_has_one_name_however_it_is_read() -> None:
    async with told(a_team()) as with_builds, told(a_team()) as without, told(a_team()) as closer:
        named = [
            (await with_builds.store.standing("1", "IOS", builds=True)).releases[1].build,
            (await without.store.standing("1", "IOS")).releases[1].build,
            (await closer.store.releases("1"))[1].build,
        ]
        assert [build and build.label for build in named] == ["2.5.0 (341)"] * 3


async def test_usable_builds_are_a_third_request_of_one_page() -> None:
    status, page = found(BUILD, included=[TRAIN])
    page["links"]["next"] = "http://127.0.0.1:1/never"
    async with told(a_team(**{BUILDS: (status, page)})) as apple:
        standing = await apple.store.standing("1", "IOS", builds=True)
        assert [build.label for build in standing.builds] == ["2.5.0 (341)"]
        assert len(apple.asked) == 3
        query = apple.queries[apple.asked.index(BUILDS)]
        assert query["filter[app]"] == "1"
        assert query["filter[processingState]"] == "VALID"
        assert query["filter[expired]"] == "false"
        assert query["filter[preReleaseVersion.platform]"] == "IOS"
        assert query["sort"] == "-uploadedDate"
        assert query["limit"] == "50"


async def test_the_closer_look_is_one_request_for_all_platforms() -> None:
    async with told(a_team()) as apple:
        await apple.store.releases("1")
        apple.asked.clear()
        assert [one.version.id for one in await apple.store.releases("1")] == ["v2", "v1"]
        assert apple.asked == [VERSIONS]
        assert "filter[platform]" not in apple.queries[-1]


async def test_a_build_that_apple_does_not_explain_goes_by_its_number() -> None:
    async with told(a_team(**{BUILDS: found()})) as apple:
        build = (await apple.store.releases("1"))[1].build
        assert build is not None
        assert build.label == "341"


def item(id_: str, version: str | None, state: str = "READY_FOR_REVIEW", **links: Any) -> Any:
    links = {"appStoreVersion": {"type": "appStoreVersions", "id": version}} if version else links
    return thing("reviewSubmissionItems", id_, links, state=state)


def a_submission(*items: Any, reviewed: Any = None) -> tuple[int, Any]:
    links = {"items": list(items), "appStoreVersionForReview": reviewed}
    said = {"platform": "IOS", "state": "IN_REVIEW", "submittedDate": "2026-03-01T10:00:00Z"}
    return found(thing("reviewSubmissions", "s1", links, **said), included=items)


@pytest.mark.parametrize(
    ("items", "reviewed", "versions", "others"),
    [
        ([item("i1", "v2")], None, ("v2",), 0),
        ([item("i1", "v2")], NEXT, ("v2",), 0),
        ([item("i1", None)], NEXT, ("v2",), 0),
        ([item("i1", "v2"), item("i2", None)], None, ("v2",), 1),
        ([item("i1", None), item("i2", None)], None, (), 2),
        ([item("i1", "v2", state="REMOVED")], NEXT, (), 0),
        ([], None, (), 0),
    ],
)
async def test_an_open_submission_tells_what_it_carries(
    items: list[Any], reviewed: Any, versions: tuple[str, ...], others: int
) -> None:
    async with told(a_team(**{REVIEWS: a_submission(*items, reviewed=reviewed)})) as apple:
        (submission,) = (await apple.store.standing("1", "IOS")).submissions
        assert (submission.id, submission.app_id, submission.state) == ("s1", "1", "IN_REVIEW")
        assert submission.submitted_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
        assert (submission.version_ids, submission.others) == (versions, others)


async def test_one_submission_tells_what_it_carries_also_when_it_is_over() -> None:
    item_of_a_page = item("i1", None)
    links = {"items": [item_of_a_page], "appStoreVersionForReview": None}
    said = {"platform": "IOS", "state": "COMPLETE"}
    answer = found(thing("reviewSubmissions", "s1", links, **said), included=[item_of_a_page])
    async with told({"GET /v1/reviewSubmissions/s1": answer}) as apple:
        submission = await apple.store.submission("1", "s1")
        assert (submission.app_id, submission.state) == ("1", "COMPLETE")
        assert (submission.version_ids, submission.others) == ((), 1)


async def test_an_app_that_is_not_there_stands_nowhere() -> None:
    gone = (404, {"errors": [{"status": "404", "code": "NOT_FOUND"}]})
    async with told({VERSIONS: gone, REVIEWS: gone}) as apple:
        with pytest.raises(Gone):
            await apple.store.standing("1", "IOS")


async def test_screenshot_sets_are_counted_by_locale_in_one_request() -> None:
    sets = [thing("appScreenshotSets", f"t{number}") for number in range(3)]
    kind = "appStoreVersionLocalizations"
    answer = found(
        thing(kind, "l1", {"appScreenshotSets": sets}, locale="en-US"),
        thing(kind, "l2", {"appScreenshotSets": []}, locale="ja"),
        included=sets,
    )
    async with told({f"GET /v1/appStoreVersions/v1/{kind}": answer}) as apple:
        assert await apple.store.screenshot_counts("v1") == {"en-US": 3, "ja": 0}
        assert len(apple.asked) == 1


def an_app(id_: str, versions: Any, reviews: Any) -> Any:
    links = {"appStoreVersions": versions, "reviewSubmissions": reviews, "appInfos": []}
    return thing("apps", id_, links, name="A", bundleId="com.example.a")


def reviews(*states: str) -> list[Any]:
    return [
        thing("reviewSubmissions", f"s{number}", state=state, platform="IOS")
        for number, state in enumerate(states)
    ]


async def test_an_overview_tells_submissions_and_planned_releases_in_one_request() -> None:
    some = reviews("IN_REVIEW", "COMPLETE")
    answer = found(an_app("1", [VERSION], some), included=[VERSION, *some])
    async with told({"GET /v1/apps": answer}) as apple:
        (state,) = await apple.store.overview()
        assert apple.asked == ["GET /v1/apps"]
        assert state.complete
        assert [(one.id, one.open) for one in state.submissions] == [("s0", True), ("s1", False)]
        assert state.versions[0].release_type == "SCHEDULED"


def two_that_have_more() -> dict[str, Any]:
    stale = reviews("IN_REVIEW", "COMPLETE")
    return {
        "GET /v1/apps": found(
            an_app("1", 60, []), an_app("2", [], stale), an_app("3", 60, 60), included=stale
        ),
        VERSIONS: found(NEXT),
        "GET /v1/apps/3/reviewSubmissions": found(*reviews("WAITING_FOR_REVIEW")),
    }


async def test_apps_that_have_more_are_asked_again_unless_the_caller_says_otherwise() -> None:
    async with told(two_that_have_more()) as apple:
        states = await apple.store.overview()
        assert sorted(apple.asked) == [
            "GET /v1/apps",
            VERSIONS,
            "GET /v1/apps/3/appStoreVersions",
            "GET /v1/apps/3/reviewSubmissions",
        ]
        assert [state.complete for state in states] == [True, True, True]
        assert [version.id for version in states[0].versions] == ["v2"]
        assert [one.state for one in states[2].submissions] == ["WAITING_FOR_REVIEW"]


async def test_only_the_apps_that_are_named_are_asked_again() -> None:
    async with told(two_that_have_more()) as apple:
        states = await apple.store.overview(more_for={"1", "2"})
        assert sorted(apple.asked) == ["GET /v1/apps", VERSIONS]
        assert [state.complete for state in states] == [True, True, False]
        apple.asked.clear()
        states = await apple.store.overview(more_for=())
        assert apple.asked == ["GET /v1/apps"]
        assert [state.complete for state in states] == [False, True, False]


async def test_a_submission_read_closer_replaces_what_the_overview_said_of_it() -> None:
    sent = reviews("IN_REVIEW", "COMPLETE", *["COMPLETE"] * 48)
    answers: dict[str, Any] = {
        "GET /v1/apps": found(an_app("1", [], sent), included=sent),
        REVIEWS: found(thing("reviewSubmissions", "s9x", state="IN_REVIEW", platform="IOS")),
    }
    async with told(answers) as apple:
        (state,) = await apple.store.overview()
        assert [one.id for one in state.submissions if one.open] == ["s9x"]
        assert len(state.submissions) == 50


def test_trains_are_remembered_up_to_a_bound() -> None:
    trains = Trains()
    trains.learn(
        Build(id=str(number), platform="IOS", train="1.0", number="1")
        for number in range(MOST_TRAINS + 5)
    )
    assert repr(trains) == f"<Trains known={MOST_TRAINS}>"
