"""The modals of many texts keep within Slack's limits, whatever a file holds."""

from __future__ import annotations

import json
from functools import cache

import pytest

from bot.domain.bulk import compared, cost
from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion, edited
from bot.domain.fields import FIELDS
from bot.domain.filling import filling_told
from bot.domain.locales import LOCALES
from bot.domain.matrix import matrix
from bot.domain.mending import mends
from bot.domain.validation import Severity
from bot.errors import Refused
from bot.slack.faces.bulk_edits import FilledEdit, edit_view
from bot.slack.faces.mending import MOST_TEXTS, mend_view, mended_view
from bot.slack.faces.upload_preview import Spot, preview_view
from bot.slack.faces.upload_waiting import Pending, working_view
from bot.slack.faces.uploads import NOTHING, Filled, Origin, file_view
from bot.workflow.upload_cards import UploadCard, UploadTarget
from tests.builders import TEXTS, a_listing, a_version, an_app
from tests.slack.limits import violations

LONG = "שלום 👩‍👩‍👧 " * 400
URL = "https://hooks.slack.com/commands/T0TIDEWELL/" + "1" * 120


def a_card(texts: dict[tuple[str, str], str], **values: object) -> UploadCard:
    live = a_listing()
    defaults: dict[str, object] = {
        "draft": 7,
        "app": live.app,
        "version": live.version,
        "versions": (live.version, a_version(id="v1", number="2.3.0")),
        "name": "texts.csv",
        "form": "csv",
        "empty_clears": False,
        "reason": "",
        "comparison": compared(live, texts),
        "matrix": matrix(compared(live, texts).items, live),
        "cost": cost({"ja": 2}, in_flight=20),
        "failing": 3,
    }
    return UploadCard(**{**defaults, **values})  # type: ignore[arg-type]


WORST = {(one.code, field.attribute): LONG[:200] for one in LOCALES for field in FIELDS}


@cache
def the_worst() -> UploadCard:
    return a_card(
        WORST,
        name=LONG,
        left_out=tuple(f"line {number}: {LONG}" for number in range(300)),
        cleaned=(LONG,) * 9,
        filled=filling_told(list(WORST)),
        dropped=(("ja", "name", LONG),) * 50,
    )


@pytest.mark.parametrize("page", range(12))
def test_every_page_of_the_worst_file_is_within_slacks_limits(page: int) -> None:
    view = preview_view(the_worst(), Spot(draft=7, page=page, url=URL), problem=LONG)

    assert violations(view) == []
    assert len(view["blocks"]) <= 100
    assert len(json.dumps(view)) < 250_000
    assert "submit" not in view


def test_the_form_that_mends_the_worst_texts_is_within_slacks_limits() -> None:
    live = a_listing()
    texts = dict.fromkeys(WORST, LONG[:3000])
    found = compared(live, texts)
    card = a_card(WORST, mends=mends(live, texts, found.of(Severity.ERROR)))
    view = mend_view(card, Spot(draft=7, url=URL).dump())

    assert violations(view) == []
    assert len(json.dumps(view)) < 250_000
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert 3 < len(inputs) < MOST_TEXTS
    assert f"The first {len(inputs)} of {len(card.mends)} texts" in json.dumps(view)
    assert violations(preview_view(card, Spot(draft=7, url=URL))) == []
    assert violations(mended_view(Spot(draft=7, url=URL).dump())) == []


def test_a_line_break_in_a_text_of_one_line_is_shown_as_it_is() -> None:
    live = a_listing()
    texts = {("ja", "name"): "潮汐", ("ja", "subtitle"): "潮の\n満ち引き"}
    card = a_card(texts, mends=mends(live, texts, compared(live, texts).of(Severity.ERROR)))
    (block,) = [one for one in mend_view(card, "")["blocks"] if one["type"] == "input"]

    assert block["element"]["multiline"]
    assert block["element"]["initial_value"] == "潮の\n満ち引き"
    assert "Join the lines" in block["hint"]["text"]


def test_a_page_that_is_not_there_is_the_nearest_one() -> None:
    card = a_card({("en-US", "name"): "Tide"}, failing=0)

    view = preview_view(card, Spot(draft=7, page=99))

    assert json.loads(view["private_metadata"])[1] == 0
    assert view["submit"]["text"] == "Propose"


def test_an_empty_file_has_a_page_too() -> None:
    view = preview_view(a_card({}, failing=0), Spot(draft=7))

    assert violations(view) == []
    assert "submit" not in view


@pytest.mark.parametrize("count", [1, 3, 150])
@pytest.mark.parametrize("files", [0, 1, 12])
def test_the_form_is_within_slacks_limits(count: int, files: int) -> None:
    targets = tuple(
        UploadTarget(app=an_app(id=str(number), name=LONG), platform="IOS")
        for number in range(count)
    )
    names = tuple((f"F{number:010}", LONG) for number in range(files))
    origin = Origin(words=LONG, files=names, url=URL)
    filled = Filled(reason=LONG[:900], empty_clears=True, target="1 IOS")

    view = file_view(targets, origin, filled, problem=LONG)

    assert violations(view) == []
    assert len(view["private_metadata"]) <= 3000
    assert Origin.of(view).url == URL


@pytest.mark.parametrize("deed", Deed)
def test_the_form_of_a_deed_is_within_slacks_limits(deed: Deed) -> None:
    codes = tuple(one.code for one in LOCALES)
    edit = BulkEdit(
        deed=deed,
        attributes=("name",),
        locales=codes,
        text="Tide",
        find="Ebb",
        from_locale="ja",
        texts=tuple((field.attribute, LONG[:3000]) for field in FIELDS),
    )
    filled = FilledEdit(edit=edit, about=NOTHING)

    target = UploadTarget(app=an_app(), platform="IOS")

    assert violations(edit_view((target,), Origin(url=URL), filled, problem=LONG)) == []


@pytest.mark.parametrize(
    "carried", ["", "{}", "[1]", '["1", 0, "", ""]', "[true, 0, [], 1]", "null"]
)
def test_what_another_time_carried_is_refused_politely(carried: str) -> None:
    with pytest.raises(Refused):
        Spot.load(carried)
    with pytest.raises(Refused):
        Origin.load(carried)
    with pytest.raises(Refused):
        Pending.load(carried)


REASON = "Because “it” is\n" * 66


@pytest.mark.parametrize(
    "edit",
    [
        None,
        BulkEdit(deed=Deed.REPLACE, attributes=("name",), text="Tide", find="Ebb"),
        BulkEdit(deed=Deed.ADD, locales=("sv",), texts=(("name", "Tide"),), from_locale="en-US"),
        BulkEdit(deed=Deed.COPY, locales=("de-DE",), from_version=FromVersion.PUBLIC),
    ],
)
def test_what_waits_for_its_preview_is_carried_whole(edit: BulkEdit | None) -> None:
    files = tuple((f"F{number:010}", LONG) for number in range(12))
    filled = Filled(file="F0123456789", target="6470000909 IOS", reason=REASON, empty_clears=True)
    origin = Origin.load(Origin(words="harbour ios", files=files, url=URL).dump())
    deed = FilledEdit(edit=edit, about=NOTHING) if edit else None
    pending = Pending(origin=origin, filled=filled, edit=deed)

    view = working_view("Fetching…", pending)

    assert violations(view) == []
    back = Pending.load(view["private_metadata"])
    assert back == pending
    assert back.edit is None or isinstance(back.edit.edit.deed, Deed)


def test_more_than_a_view_can_carry_is_told_without_a_button() -> None:
    edit = FilledEdit(edit=BulkEdit(text=LONG), about=NOTHING)
    view = working_view("…", Pending(origin=Origin(), filled=NOTHING, edit=edit))

    assert violations(view) == []
    assert view["private_metadata"] == ""
    assert "close this and type /aso bulk again" in json.dumps(view)


@pytest.mark.parametrize(
    "edit",
    [
        BulkEdit(deed=Deed.REPLACE, find="ש", text="<!channel> *x* "),
        BulkEdit(deed=Deed.REPLACE, find=" ", text="\n"),
        BulkEdit(deed=Deed.COPY, from_locale="en-US"),
    ],
)
def test_the_texts_of_fifty_locales_are_shown_on_pages_within_slacks_limits(
    edit: BulkEdit,
) -> None:
    there = {one.code: dict.fromkeys(TEXTS, one.code + LONG[:260]) for one in LOCALES}
    live = a_listing({**there, "en-US": dict.fromkeys(TEXTS, "Tide " * 52)})
    card = a_card({}, edit=edit, comparison=compared(live, edited(live, edit)))

    for page in (0, 1, 99):
        view = preview_view(card, Spot(draft=7, page=page, url=URL), problem=LONG)
        assert violations(view) == []
        assert len(view["blocks"]) <= 100
        assert len(json.dumps(view)) < 250_000


@pytest.mark.parametrize("page", range(4))
def test_every_page_of_locales_that_leave_is_within_slacks_limits(page: int) -> None:
    live = a_listing({one.code: dict.fromkeys(TEXTS, LONG[:200]) for one in LOCALES})
    edit = BulkEdit(deed=Deed.REMOVE, locales=live.locales())
    card = a_card({}, edit=edit, comparison=compared(live, edited(live, edit)))

    view = preview_view(card, Spot(draft=7, page=page, url=URL), problem=LONG)

    assert violations(view) == []
    assert len(view["blocks"]) <= 100
