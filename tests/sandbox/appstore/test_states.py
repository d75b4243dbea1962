"""What the state of a version allows, and how versions move and pull others along."""

from __future__ import annotations

import pytest

from bot.sandbox.seed import ORRERY, TIDEWELL

VERSION_TEXTS = "appStoreVersionLocalizations"
INFO_TEXTS = "appInfoLocalizations"
CLOSED = "STATE_ERROR.ENTITY_STATE_INVALID"
FIXED = "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE"


def states(apple, **app):
    return {
        (version["platform"], version["version"]): version["state"]
        for version in apple.app(**app)["versions"]
    }


@pytest.mark.parametrize(
    "state",
    [
        "PREPARE_FOR_SUBMISSION",
        "DEVELOPER_REJECTED",
        "REJECTED",
        "METADATA_REJECTED",
        "INVALID_BINARY",
    ],
)
async def test_every_text_may_change_before_a_review_and_after_a_rejection(apple, state):
    record = apple.text_id()
    apple.emulation.move(apple.version()["id"], state)
    answer = await apple.patch(VERSION_TEXTS, record, keywords="a,b", whatsNew="fine")
    assert answer.status == 200


@pytest.mark.parametrize(
    "state", ["READY_FOR_REVIEW", "IN_REVIEW", "ACCEPTED", "WAITING_FOR_EXPORT_COMPLIANCE"]
)
async def test_nothing_may_change_while_a_version_is_reviewed(apple, state):
    record = apple.text_id()
    apple.emulation.move(apple.version()["id"], state)
    answer = await apple.patch(VERSION_TEXTS, record, promotionalText="now", keywords="a")
    assert (answer.status, answer.codes) == (409, [CLOSED, CLOSED])
    assert answer.pointers == ["/data/attributes/promotionalText", "/data/attributes/keywords"]


@pytest.mark.parametrize("state", ["READY_FOR_DISTRIBUTION", "PENDING_DEVELOPER_RELEASE"])
async def test_an_approved_version_takes_promotional_text_and_nothing_else(apple, state):
    record = apple.text_id()
    apple.emulation.move(apple.version()["id"], state)
    assert (await apple.patch(VERSION_TEXTS, record, promotionalText="now")).status == 200
    answer = await apple.patch(VERSION_TEXTS, record, promotionalText="x", description="y")
    assert answer.codes == [FIXED]
    assert answer.details == ["Attribute 'description' cannot be edited at this time"]


async def test_a_version_that_waits_for_review_takes_release_notes(apple):
    record = apple.text_id()
    apple.emulation.move(apple.version()["id"], "WAITING_FOR_REVIEW")
    assert (await apple.patch(VERSION_TEXTS, record, whatsNew="late")).status == 200
    assert (await apple.patch(VERSION_TEXTS, record, keywords="late")).codes == [FIXED]


async def test_a_replaced_version_takes_nothing(apple):
    record = apple.text_id(version="2.3.0")
    apple.emulation.move(apple.version()["id"], "READY_FOR_DISTRIBUTION")
    answer = await apple.patch(VERSION_TEXTS, record, promotionalText="too late")
    assert answer.codes == [CLOSED]


async def test_release_notes_of_a_first_version_are_refused(apple):
    fresh = apple.emulation.add_version(TIDEWELL, "1.0", "TV_OS")
    parent = ("appStoreVersion", "appStoreVersions", fresh)
    answer = await apple.post(VERSION_TEXTS, parent, locale="ja", whatsNew="hello")
    assert (answer.status, answer.codes) == (409, ["STATE_ERROR"])
    assert answer.details == ["Attribute 'whatsNew' cannot be edited at this time"]
    record = apple.text_id("en-US", version="1.0", platform="TV_OS")
    assert (await apple.patch(VERSION_TEXTS, record, whatsNew="hello")).codes == ["STATE_ERROR"]


async def test_the_app_info_of_a_live_app_is_closed(apple):
    record = apple.info_id(state="READY_FOR_DISTRIBUTION")
    answer = await apple.patch(INFO_TEXTS, record, subtitle="new")
    assert answer.codes == [FIXED]


async def test_a_locale_cannot_join_or_leave_a_closed_version(apple):
    live = apple.version("2.3.0")
    parent = ("appStoreVersion", "appStoreVersions", live["id"])
    joined = await apple.post(VERSION_TEXTS, parent, locale="tr")
    left = await apple.ask("DELETE", f"/v1/{VERSION_TEXTS}/{live['localizations']['ja']['id']}")
    assert (joined.codes, left.codes) == ([CLOSED], [CLOSED])


async def test_a_version_that_goes_live_replaces_the_one_before_on_its_platform(apple):
    apple.emulation.move(apple.version()["id"], "READY_FOR_DISTRIBUTION")
    assert states(apple) == {
        ("IOS", "2.3.0"): "REPLACED_WITH_NEW_VERSION",
        ("MAC_OS", "2.3.0"): "READY_FOR_DISTRIBUTION",
        ("IOS", "2.4.0"): "READY_FOR_DISTRIBUTION",
    }
    assert [info["state"] for info in apple.app()["infos"]] == [
        "REPLACED_WITH_NEW_INFO",
        "READY_FOR_DISTRIBUTION",
    ]


async def test_an_app_takes_the_name_that_went_live(apple):
    await apple.patch(INFO_TEXTS, apple.info_id("en-US"), name="Tidewell: Notes")
    assert apple.app()["name"] == "Tidewell Notes"
    apple.emulation.move(apple.version()["id"], "READY_FOR_DISTRIBUTION")
    assert apple.app()["name"] == "Tidewell: Notes"


@pytest.mark.parametrize(
    ("state", "info"),
    [
        ("READY_FOR_REVIEW", "READY_FOR_REVIEW"),
        ("WAITING_FOR_REVIEW", "WAITING_FOR_REVIEW"),
        ("IN_REVIEW", "IN_REVIEW"),
        ("METADATA_REJECTED", "REJECTED"),
        ("PENDING_APPLE_RELEASE", "PENDING_RELEASE"),
    ],
)
async def test_the_app_info_follows_its_version(apple, state, info):
    apple.emulation.move(apple.version()["id"], state)
    assert apple.app()["infos"][1]["state"] == info


async def test_another_version_in_preparation_keeps_an_app_info_to_edit(apple):
    apple.emulation.add_version(TIDEWELL, "2.4.0", "MAC_OS")
    apple.emulation.move(apple.version()["id"], "READY_FOR_DISTRIBUTION")
    assert [info["state"] for info in apple.app()["infos"]] == [
        "REPLACED_WITH_NEW_INFO",
        "READY_FOR_DISTRIBUTION",
        "PREPARE_FOR_SUBMISSION",
    ]


async def test_a_new_version_starts_with_the_texts_before_and_no_release_notes(apple):
    apple.emulation.move(
        apple.version("1.9", bundle_id="com.example.orrery")["id"], "READY_FOR_DISTRIBUTION"
    )
    apple.emulation.add_version(ORRERY, "2.0", "IOS")
    texts = apple.version("2.0", bundle_id="com.example.orrery")["localizations"]["ja"]
    assert texts["keywords"].startswith("天文")
    assert "whatsNew" not in texts
    assert apple.info(bundle_id="com.example.orrery")["localizations"]["ja"]["name"]


async def test_unknown_states_and_versions_are_refused_to_people_too(apple):
    with pytest.raises(ValueError, match="No version state is called ON_SALE"):
        apple.emulation.move(apple.version()["id"], "ON_SALE")
    with pytest.raises(LookupError, match="There is no appStoreVersions with id 7"):
        apple.emulation.move("7", "IN_REVIEW")


async def test_somebody_elses_edit_is_read_at_once(apple):
    apple.emulation.edit(TIDEWELL, "ja", "subtitle", "別の副題")
    apple.emulation.edit(TIDEWELL, "ja", "promotionalText", "公開中", live=True, platform="IOS")
    answer = await apple.get(f"/v1/{INFO_TEXTS}/{apple.info_id()}")
    assert answer.document["data"]["attributes"]["subtitle"] == "別の副題"
    live = apple.version("2.3.0")["localizations"]["ja"]
    assert live["promotionalText"] == "公開中"


@pytest.mark.parametrize(
    ("locale", "field", "more"),
    [
        ("tr", "subtitle", {}),
        ("ja", "title", {}),
        ("ja", "keywords", {"platform": "MAC_OS"}),
        ("ja", "keywords", {"platform": "VISION_OS", "live": True}),
    ],
)
async def test_an_edit_without_a_place_is_refused(apple, locale, field, more):
    with pytest.raises(LookupError):
        apple.emulation.edit(TIDEWELL, locale, field, "text", **more)


async def test_listeners_hear_of_requests_edits_and_moves(apple):
    heard = []
    apple.emulation.listen(lambda: heard.append(len(apple.emulation.log)))
    apple.emulation.edit(TIDEWELL, "ja", "subtitle", "x")
    apple.emulation.move(apple.version()["id"], "IN_REVIEW")
    await apple.get("/v1/apps")
    assert heard == [0, 0, 1]
