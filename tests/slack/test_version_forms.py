from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.releases import Build, PhasedRelease, Release, Standing
from bot.domain.validation import Finding, Severity
from bot.domain.wishes import Deed, Seen, Wish, seen
from bot.slack import ids
from bot.slack.faces.kept_forms import kept_message
from bot.slack.faces.version_forms import (
    version_view,
)
from bot.slack.faces.version_states import (
    choose_version_app_view,
    loading_version_view,
    version_error_view,
    version_proposed_view,
)
from bot.slack.version_input import Ask, Carried, read_wish
from bot.workflow.version_cards import ActionForm
from tests.builders import NOON, a_version, an_app
from tests.slack.limits import elements, message, violations, words

BUILDS = tuple(
    Build(
        id=f"b{number}",
        platform="IOS",
        train="2.4.0",
        number=str(number),
        uploaded_at=NOON - timedelta(hours=number),
    )
    for number in range(150)
)
WHEN = ("Release", "Release date", "Hour, Europe/Berlin")


def a_form(deed: Deed, **values: Any) -> ActionForm:
    version = values.pop("version", a_version())
    release = Release(version=version, build=BUILDS[1], phased=values.pop("phased", None))
    standing = Standing(
        app_id="1001",
        platform="IOS",
        releases=(release,),
        builds=values.pop("builds", BUILDS),
        read_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    form = ActionForm(
        deed=deed,
        app=an_app(),
        platform="IOS",
        platforms=("IOS", "MAC_OS") if deed is Deed.VERSION else ("IOS",),
        standing=standing,
        release=None if deed is Deed.VERSION else release,
        seen=Seen(source="2.3.0") if deed is Deed.VERSION else seen(release),
        wish=Wish(release="MANUAL"),
        zone="Europe/Berlin",
        choices=("PAUSED", "COMPLETE") if deed is Deed.PHASED else (),
    )
    return replace(form, **values)


def labels(view: dict[str, Any]) -> list[str]:
    return [one["label"]["text"] for one in view["blocks"] if one["type"] == "input"]


@pytest.mark.parametrize(
    ("deed", "asked"),
    [
        (
            Deed.VERSION,
            ["Platform", "Number", *WHEN, "Texts", "Build", "Why", "Not before"],
        ),
        (Deed.BUILD, ["Build", "Why", "Not before"]),
        (Deed.SUBMIT, ["Why", "Not before"]),
        (Deed.CANCEL, ["Why"]),
        (Deed.RELEASE, [*WHEN, "Why", "Not before"]),
        (Deed.PHASED, ["What should happen?", "Why", "Not before"]),
    ],
)
def test_each_form_asks_for_what_its_deed_needs_and_says_that_nothing_is_sent(
    deed: Deed, asked: list[str]
) -> None:
    view = version_view(a_form(deed))
    assert labels(view) == asked
    assert "Nothing is sent to Apple before the proposal is approved." in words(view["blocks"])
    assert view["submit"]["text"] == "Propose"
    assert violations(view) == []


def test_what_was_typed_is_there_again_with_what_is_wrong() -> None:
    wish = Wish(
        number="2.5.0",
        build="2.4.0 (7)",
        release="SCHEDULED 2026-12-01T08:00:00+00:00",
        copy=False,
        reason="Because.",
        not_before=NOON,
    )
    view = version_view(a_form(Deed.VERSION, wish=wish), problem="Apple does not answer.")
    (picker,) = elements(view, "datetimepicker")
    assert picker["initial_date_time"] == int(NOON.timestamp())
    told = str(view)
    assert "Apple does not answer." in words(view["blocks"])
    for kept in ("2.5.0", "Because.", "2026-12-01"):
        assert kept in told
    chosen = [one["initial_option"]["value"] for one in elements(view, "static_select")]
    assert chosen == ["IOS", "SCHEDULED", "09", "2.4.0 (7)"]
    assert "initial_options" not in elements(view, "checkboxes")[0]


def test_a_version_that_may_be_released_offers_it_first() -> None:
    pending = a_version(state="PENDING_DEVELOPER_RELEASE")
    view = version_view(a_form(Deed.RELEASE, version=pending))
    options = elements(view, "static_select")[0]["options"]
    assert options[0]["text"]["text"] == "Now: public at once"
    assert "What is on the App Store cannot be taken back." in words(view["blocks"])
    others = elements(version_view(a_form(Deed.RELEASE)), "static_select")[0]["options"]
    assert "Now: public at once" not in [one["text"]["text"] for one in others]


def test_a_phased_release_is_shown_with_day_percentage_and_budget() -> None:
    phased = PhasedRelease(id="p", version_id="v2", state="PAUSED", day=4, paused_days=28)
    told = words(version_view(a_form(Deed.PHASED, phased=phased))["blocks"])
    assert (
        "Paused on day 4 of 7: 10 % of automatic updates. Paused for 28 of 30 days, 2 left." in told
    )


@pytest.mark.parametrize(("choices", "chosen"), [(("ACTIVE",), "ACTIVE"), (("PAUSED", "X"), "")])
def test_what_has_no_alternative_is_chosen_already(choices: tuple[str, ...], chosen: str) -> None:
    (radio,) = elements(
        version_view(a_form(Deed.PHASED, choices=choices))["blocks"], "radio_buttons"
    )
    assert radio.get("initial_option", {}).get("value", "") == chosen


def test_without_a_build_the_way_to_one_is_said() -> None:
    told = words(version_view(a_form(Deed.BUILD, builds=()))["blocks"])
    assert "Upload one with Xcode" in told


def test_a_checklist_with_errors_leaves_no_way_to_propose() -> None:
    lacking = Finding(severity=Severity.ERROR, locale="", message="No build is chosen.")
    doubt = Finding(severity=Severity.WARNING, locale="", message="A link is dead.")
    view = version_view(a_form(Deed.SUBMIT, findings=(lacking, doubt)), again="{}")
    assert "submit" not in view
    assert labels(view) == []
    assert [one["text"]["text"] for one in elements(view, "button")] == ["Look again"]
    assert "Worth a look" in words(view["blocks"])


def test_a_form_is_read_as_it_was_filled_in() -> None:
    form = a_form(Deed.VERSION)
    carried = Carried(
        ask=Ask(deed=Deed.VERSION, app="1001"), app=form.app, seen=form.seen, zone=form.zone
    )
    view = version_view(form, carried=carried.dump())
    assert Carried.of(view) == carried

    def state(**held: dict[str, Any]) -> dict[str, Any]:
        names = {"number": ids.VERSION_NUMBER, "kind": ids.VERSION_RELEASE_TYPE}
        names |= {"date": ids.VERSION_DATE, "hour": ids.VERSION_HOUR, "copy": ids.VERSION_COPY}
        names |= {"later": ids.VERSION_NOT_BEFORE}
        return {"values": {name: {names[name]: value} for name, value in held.items()}}

    option = {"selected_option": {"value": "SCHEDULED"}}
    filled = state(
        number={"value": " 2.5.0 "},
        kind=option,
        date={"selected_date": "2026-12-01"},
        hour={"selected_option": {"value": "09"}},
        copy={"selected_options": [{"value": "copy"}]},
        later={"selected_date_time": int(NOON.timestamp())},
    )
    wish, unfinished = read_wish({"state": filled}, carried)
    assert not unfinished
    assert wish.number == "2.5.0"
    assert wish.release == "SCHEDULED 2026-12-01T08:00:00+00:00"
    assert wish.copy
    assert wish.not_before == NOON
    assert read_wish({"state": state(later={"selected_date_time": None})}, carried)[0] == Wish(
        copy=False
    )
    assert read_wish({"state": state(kind=option)}, carried)[1]
    assert read_wish({"state": state(date={"selected_date": "2026-12-01"})}, carried)[1]


@pytest.mark.parametrize("deed", Deed)
def test_the_largest_and_strangest_forms_keep_within_limits(deed: Deed) -> None:
    strange = "<!channel> `x` שלום \u202e" * 200
    findings = tuple(
        Finding(severity=Severity.WARNING, locale="ja", field="name", message=strange)
        for _ in range(300)
    )
    form = a_form(deed, app=an_app(name=strange), findings=findings, kept=7, note=strange)
    view = version_view(form, carried="x" * 3000, again="y" * 2000, problem=strange)
    assert violations(view) == []
    assert len(view["blocks"]) <= 100
    for other in (
        loading_version_view(deed),
        version_error_view(deed, strange, strange, "z" * 2000),
        version_proposed_view(deed, 12, "C0NOTES"),
        choose_version_app_view(deed, [an_app(id=str(n), name=strange) for n in range(300)], ""),
    ):
        assert violations(other) == []


def test_what_a_form_carries_fits_whatever_was_typed() -> None:
    asked = Ask(
        deed=Deed.RELEASE,
        words="ü" * 5000,
        app="6470000101",
        platform="VISION_OS",
        version_id="v" * 40,
        response_url="https://hooks.slack.com/commands/" + "x" * 100,
    )
    assert len(asked.dump()) < 2000
    assert Ask.load(asked.dump()) == replace(asked, words="ü" * 200)


@pytest.mark.parametrize("deed", Deed)
def test_what_is_told_of_a_kept_form_keeps_within_limits(deed: Deed) -> None:
    strange = "<!channel> `x` שלום \u202e" * 200
    told = kept_message(deed, strange, strange, "z" * 2000)
    assert violations(message(told)) == []
    assert "<!channel>" not in told.text
