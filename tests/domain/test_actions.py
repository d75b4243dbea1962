"""What is left to do about an item that acts on a version, given where the app stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.actions import ACTIONS, inverse, judge
from bot.domain.acts import MAKING, Act, ActVerb
from bot.domain.changes import digest
from bot.domain.fields import Resource
from bot.domain.items import TEXTUAL, Item, ItemKind, ItemState
from bot.domain.listing import Localization, Reading
from bot.domain.proposals import Target, Timing
from bot.domain.releases import Build, PhasedRelease, Release, Standing, Submission
from bot.domain.scene import Scene, Verdict, scheduled
from tests.builders import NOON, a_version, an_app

BUILD = Build(id="b1", platform="IOS", train="2.4.0", number="341")
OTHER = Build(id="b2", platform="IOS", train="2.4.0", number="342")


def action(kind: ItemKind, before: str = "", after: str = "") -> Item:
    return Item(kind=kind, locale="", before=before, after=after)


def a_release(state: str = "PREPARE_FOR_SUBMISSION", **values: Any) -> Release:
    version = {"state": state, "release_type": "MANUAL", **values.pop("version", {})}
    return Release(**{"version": a_version(**version), "build": BUILD, **values})


def a_submission(state: str, *versions: str, others: int = 0) -> Submission:
    return Submission(
        id="s1", app_id="1001", platform="IOS", state=state, version_ids=versions, others=others
    )


def a_scene(*releases: Release, version_id: str = "v2", **values: Any) -> Scene:
    standing = {
        "app_id": "1001",
        "platform": "IOS",
        "releases": releases,
        "read_at": NOON,
        **{name: values.pop(name) for name in ("submissions", "builds") if name in values},
    }
    return Scene(
        target=Target(app_id="1001", platform="IOS", version_id=version_id),
        number=values.pop("number", "2.4.0"),
        standing=Standing(**standing),
        **values,
    )


def asked(verdict: Verdict) -> list[tuple[ActVerb, str, dict[str, str]]]:
    assert verdict.state is ItemState.WAITING
    return [(act.verb, act.subject, dict(act.values)) for act in verdict.acts]


SUBMIT = action(ItemKind.SUBMIT, "2.4.0 (341)", "submitted")


def test_every_kind_but_texts_and_locales_has_a_row() -> None:
    assert set(ACTIONS) == set(ItemKind) - TEXTUAL


def test_a_submission_is_made_filled_and_handed_in_one_after_the_other() -> None:
    draft, filled = a_submission("READY_FOR_REVIEW"), a_submission("READY_FOR_REVIEW", "v2")
    ready = a_release("READY_FOR_REVIEW")

    assert asked(judge(SUBMIT, a_scene(a_release()))) == [
        (ActVerb.CREATE_SUBMISSION, "1001", {"platform": "IOS"})
    ]
    assert asked(judge(SUBMIT, a_scene(a_release(), submissions=(draft,)))) == [
        (ActVerb.ADD_ITEM, "s1", {"version": "v2"})
    ]
    assert asked(judge(SUBMIT, a_scene(a_release(), submissions=(filled,)))) == []
    assert asked(judge(SUBMIT, a_scene(ready, submissions=(filled,)))) == [
        (ActVerb.SUBMIT, "s1", {})
    ]
    assert judge(SUBMIT, a_scene(a_release("WAITING_FOR_REVIEW"))).state is ItemState.DONE


def test_a_rejected_submission_is_handed_in_again() -> None:
    open_ = a_submission("UNRESOLVED_ISSUES", "v2")
    assert asked(judge(SUBMIT, a_scene(a_release("REJECTED"), submissions=(open_,)))) == [
        (ActVerb.SUBMIT, "s1", {})
    ]


@pytest.mark.parametrize(
    ("submission", "word"),
    [
        (a_submission("READY_FOR_REVIEW", others=2), "other items"),
        (a_submission("READY_FOR_REVIEW", "v9"), "other items"),
        (a_submission("IN_REVIEW", "v9"), "in review"),
    ],
)
def test_somebody_elses_submission_is_not_touched(submission: Submission, word: str) -> None:
    verdict = judge(SUBMIT, a_scene(a_release(), submissions=(submission,)))
    assert verdict.state is ItemState.FAILED
    assert word in verdict.problem


def test_a_submission_of_product_pages_alone_is_in_nobodys_way() -> None:
    pages = a_submission("IN_REVIEW", others=3)
    assert asked(judge(SUBMIT, a_scene(a_release(), submissions=(pages,)))) == [
        (ActVerb.CREATE_SUBMISSION, "1001", {"platform": "IOS"})
    ]


def test_a_submission_waits_while_another_is_being_taken_back() -> None:
    going = a_submission("CANCELING", "v2")
    assert asked(judge(SUBMIT, a_scene(a_release(), submissions=(going,)))) == []


def test_a_submission_of_another_build_than_people_saw_is_stale() -> None:
    verdict = judge(SUBMIT, a_scene(a_release(build=OTHER)))
    assert (verdict.state, verdict.live_now) == (ItemState.STALE, "2.4.0 (342)")


def test_a_release_is_asked_for_once_and_only_while_it_waits() -> None:
    item = action(ItemKind.RELEASE, "PENDING_DEVELOPER_RELEASE", "released")

    assert asked(judge(item, a_scene(a_release("PENDING_DEVELOPER_RELEASE")))) == [
        (ActVerb.REQUEST_RELEASE, "v2", {})
    ]
    for state in ("PENDING_APPLE_RELEASE", "PROCESSING_FOR_DISTRIBUTION", "READY_FOR_DISTRIBUTION"):
        assert judge(item, a_scene(a_release(state))).state is ItemState.DONE
    taken_back = judge(item, a_scene(a_release("DEVELOPER_REJECTED")))
    assert (taken_back.state, taken_back.live_now) == (ItemState.STALE, "DEVELOPER_REJECTED")


def test_a_version_that_somebody_scheduled_meanwhile_is_not_released() -> None:
    item = action(ItemKind.RELEASE, "PENDING_DEVELOPER_RELEASE", "released")
    later = a_release("PENDING_APPLE_RELEASE", version={"release_type": "SCHEDULED"})
    verdict = judge(item, a_scene(later))
    assert (verdict.state, verdict.live_now) == (ItemState.STALE, "PENDING_APPLE_RELEASE")


@pytest.mark.parametrize(
    ("state", "wanted"), [("WAITING_FOR_REVIEW", 1), ("IN_REVIEW", 1), ("CANCELING", 0)]
)
def test_a_submission_is_cancelled_and_waited_for(state: str, wanted: int) -> None:
    item = action(ItemKind.CANCEL, "submitted", "canceled")
    version = a_release("WAITING_FOR_REVIEW")
    scene = a_scene(version, submissions=(a_submission(state, "v2"),))
    assert len(asked(judge(item, scene))) == wanted


def test_what_is_back_in_preparation_is_cancelled_and_what_is_approved_is_too_late() -> None:
    item = action(ItemKind.CANCEL, "submitted", "canceled")
    for state in ("DEVELOPER_REJECTED", "PREPARE_FOR_SUBMISSION"):
        assert judge(item, a_scene(a_release(state))).state is ItemState.DONE
    late = judge(item, a_scene(a_release("PENDING_DEVELOPER_RELEASE")))
    assert late.state is ItemState.STALE


@pytest.mark.parametrize("state", ["REJECTED", "METADATA_REJECTED", "INVALID_BINARY"])
def test_what_apple_rejected_meanwhile_was_not_taken_out_of_review(state: str) -> None:
    item = action(ItemKind.CANCEL, "submitted", "canceled")
    verdict = judge(item, a_scene(a_release(state)))
    assert (verdict.state, verdict.live_now) == (ItemState.STALE, state)


def phased(state: str, day: int = 3) -> Release:
    found = PhasedRelease(id="p1", version_id="v2", state=state, day=day)
    return a_release("READY_FOR_DISTRIBUTION", phased=found)


@pytest.mark.parametrize(
    ("before", "after", "release", "verb"),
    [
        ("", "INACTIVE", a_release(), ActVerb.CREATE_PHASED),
        ("INACTIVE", "", phased("INACTIVE", 0), ActVerb.DELETE_PHASED),
        ("ACTIVE", "PAUSED", phased("ACTIVE"), ActVerb.SET_PHASED),
        ("PAUSED", "ACTIVE", phased("PAUSED"), ActVerb.SET_PHASED),
        ("ACTIVE", "COMPLETE", phased("ACTIVE"), ActVerb.SET_PHASED),
    ],
)
def test_a_phased_release_is_moved_on_by_one_request(
    before: str, after: str, release: Release, verb: ActVerb
) -> None:
    (found,) = asked(judge(action(ItemKind.PHASED, before, after), a_scene(release)))
    assert found[0] is verb


def test_a_phased_release_that_completed_meanwhile_is_not_paused() -> None:
    verdict = judge(action(ItemKind.PHASED, "ACTIVE", "PAUSED"), a_scene(phased("COMPLETE")))
    assert (verdict.state, verdict.live_now) == (ItemState.STALE, "COMPLETE")


def test_a_phased_release_that_began_is_what_was_wished_for() -> None:
    verdict = judge(action(ItemKind.PHASED, "", "INACTIVE"), a_scene(phased("ACTIVE", 1)))
    assert verdict.state is ItemState.DONE


def test_the_share_of_people_follows_the_day() -> None:
    shares = [
        PhasedRelease(id="p", version_id="v", state="ACTIVE", day=d).percent for d in range(8)
    ]
    assert shares == [0, 1, 2, 5, 10, 20, 50, 100]


def test_a_build_is_chosen_by_the_name_people_approved() -> None:
    item = action(ItemKind.BUILD, "2.4.0 (341)", "2.4.0 (342)")
    scene = a_scene(a_release(), builds=(OTHER, BUILD))

    assert asked(judge(item, scene)) == [(ActVerb.SET_BUILD, "v2", {"build": "b2"})]
    assert judge(item, a_scene(a_release(build=OTHER))).state is ItemState.DONE
    assert judge(item, a_scene(a_release())).state is ItemState.FAILED
    assert judge(item, a_scene(a_release(build=None))).state is ItemState.STALE
    assert judge(item, a_scene(a_release("IN_REVIEW"), builds=(OTHER,))).state is ItemState.FAILED


def test_a_scheduled_release_carries_its_moment() -> None:
    moment = datetime(2026, 12, 1, 9, tzinfo=UTC)
    item = action(ItemKind.RELEASE_TYPE, "MANUAL", scheduled(moment))

    assert asked(judge(item, a_scene(a_release()))) == [
        (
            ActVerb.SET_RELEASE,
            "v2",
            {"releaseType": "SCHEDULED", "earliestReleaseDate": "2026-12-01T09:00:00+00:00"},
        )
    ]
    set_ = {"release_type": "SCHEDULED", "earliest_release": moment}
    assert judge(item, a_scene(a_release(version=set_))).state is ItemState.DONE


LIVE = a_release("READY_FOR_DISTRIBUTION", version={"id": "v1", "number": "2.4.0"})


def test_a_new_version_is_made_when_apple_would_take_one() -> None:
    item = action(ItemKind.NEW_VERSION, "", "2.5.0")
    scene = a_scene(LIVE, version_id="", number="2.5.0")

    assert asked(judge(item, scene)) == [
        (ActVerb.CREATE_VERSION, "1001", {"platform": "IOS", "versionString": "2.5.0"})
    ]


@pytest.mark.parametrize("state", ["PREPARE_FOR_SUBMISSION", "IN_REVIEW", "PENDING_APPLE_RELEASE"])
def test_a_new_version_beside_one_that_is_under_way_is_refused(state: str) -> None:
    item = action(ItemKind.NEW_VERSION, "", "2.6.0")
    scene = a_scene(LIVE, a_release(state), version_id="", number="2.6.0")
    assert judge(item, scene).state is ItemState.FAILED


@pytest.mark.parametrize("number", ["2.4.0", "2.3.9", "2.4", "2,5", "2.5.0.1", ""])
def test_a_number_that_apple_would_refuse_is_refused_before(number: str) -> None:
    item = action(ItemKind.NEW_VERSION, "", number)
    verdict = judge(item, a_scene(LIVE, version_id="", number="2.5.0"))
    assert verdict.state is ItemState.FAILED
    assert verdict.problem


def a_reading(new_texts: dict[str, dict[str, str]]) -> Reading:
    def texts(of: dict[str, dict[str, str]], version: str) -> dict[str, Localization]:
        return {
            locale: Localization(
                id=f"{version}-{locale}", resource=Resource.VERSION, locale=locale, texts=found
            )
            for locale, found in of.items()
        }

    live = {"en-US": {"description": "Old", "whatsNew": "Fixes"}, "ja": {"keywords": "メモ"}}
    versions = (a_version(id="v1", state="READY_FOR_DISTRIBUTION"), a_version(number="2.5.0"))
    return Reading(
        app=an_app(),
        platform="IOS",
        versions=versions,
        app_infos=(),
        version_localizations={"v1": texts(live, "v1"), "v2": texts(new_texts, "v2")},
        info_localizations={},
        read_at=NOON,
    )


def copied(new_texts: dict[str, dict[str, str]]) -> Verdict:
    scene = a_scene(
        LIVE,
        a_release(version={"number": "2.5.0"}),
        version_id="",
        number="2.5.0",
        reading=a_reading(new_texts),
    )
    return judge(action(ItemKind.COPY_TEXTS, "", "2.4.0"), scene)


def test_a_new_version_gets_the_texts_that_it_lacks_but_no_old_news() -> None:
    assert asked(copied({"en-US": {"description": ""}})) == [
        (ActVerb.UPDATE_TEXTS, "v2-en-US", {"description": "Old"}),
        (ActVerb.CREATE_TEXTS, "v2", {"locale": "ja", "keywords": "メモ"}),
    ]


def test_texts_that_somebody_wrote_meanwhile_stay() -> None:
    mine = {"en-US": {"description": "Mine"}, "ja": {"keywords": "ノート"}}
    assert copied(mine).state is ItemState.DONE


def test_a_version_that_is_gone_fails_and_one_that_is_to_come_is_waited_for() -> None:
    assert judge(SUBMIT, a_scene(version_id="v9")).state is ItemState.FAILED
    assert asked(judge(SUBMIT, a_scene(version_id="", number="9.9"))) == []


def test_what_makes_something_is_known() -> None:
    makes = [verb for verb in ActVerb if Act(verb=verb, subject="").makes]
    assert set(makes) == MAKING
    assert ActVerb.SUBMIT not in MAKING


@pytest.mark.parametrize(
    ("item", "turned"),
    [
        (action(ItemKind.PHASED, "ACTIVE", "PAUSED"), ("PAUSED", "ACTIVE")),
        (action(ItemKind.BUILD, "1 (1)", "1 (2)"), ("1 (2)", "1 (1)")),
        (SUBMIT, ("submitted", "canceled")),
    ],
)
def test_what_can_be_undone_is(item: Item, turned: tuple[str, str]) -> None:
    found = inverse(item)
    assert isinstance(found, Item)
    assert (found.before, found.after) == turned


@pytest.mark.parametrize(
    "item",
    [
        action(ItemKind.RELEASE, "PENDING_DEVELOPER_RELEASE", "released"),
        action(ItemKind.NEW_VERSION, "", "2.5.0"),
        action(ItemKind.PHASED, "ACTIVE", "COMPLETE"),
        action(ItemKind.CANCEL, "submitted", "canceled"),
        action(ItemKind.BUILD, "", "1 (1)"),
    ],
)
def test_what_cannot_be_undone_says_why(item: Item) -> None:
    reason = inverse(item)
    assert isinstance(reason, str)
    assert reason.endswith(".")


def test_when_it_happens_is_part_of_what_people_approve() -> None:
    target = Target(app_id="1", platform="IOS", version_id="v")
    times = [Timing(), Timing(not_before=NOON), Timing(ends_at=NOON)]
    assert len({digest(target, (SUBMIT,), timing) for timing in times}) == 3
