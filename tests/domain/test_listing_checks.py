"""What the checks of a listing find: each with its locales, in one line for what is alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklist import Check, Facts, Point
from bot.domain.fields import FIELDS, Resource
from bot.domain.items import Item, ItemKind
from bot.domain.listing import AppInfo, Listing, Reading
from bot.domain.listing_checks import CHECKS, WELL_USED, Subject, count, points, subject
from bot.domain.matrix import NEAR
from bot.domain.validation import Severity
from tests.builders import TEXTS, a_listing, a_version, an_app, an_item

FULL = ",".join(f"writing{number:02}" for number in range(10))
# A listing of which nothing could be better: nobody would find a word to say.
BEST = {**TEXTS, "name": "Tidewell", "subtitle": "Calm and quiet", "keywords": FULL}
GERMAN = {
    **BEST,
    "subtitle": "Ruhig und klar",
    "keywords": FULL.replace("writing", "notizen"),
    "promotionalText": "Jetzt mit Ordnern.",
    "description": "Ein ruhiger Ort.",
    "whatsNew": "Endlich Ordner.",
}
SHOTS = Facts(screenshots={"en-US": 2, "de-DE": 2})


def found(
    texts: Mapping[str, Mapping[str, str]],
    *,
    before: Mapping[str, Mapping[str, str]] | None = None,
    facts: Facts = SHOTS,
    **values: object,
) -> tuple[Point, ...]:
    listing = a_listing(texts, **values)
    earlier = a_listing(before, version=a_version(id="v1", number="2.3.0")) if before else None
    return points(Subject(listing=listing, at_apple=listing, before=earlier, facts=facts))


def said(of: tuple[Point, ...], check: Check) -> list[str]:
    return [f"{one.field}: {one.message()}" for one in of if one.check is check]


def both(**german: str) -> dict[str, Mapping[str, str]]:
    return {"en-US": BEST, "de-DE": {**GERMAN, **german}}


def test_of_a_listing_that_is_as_it_should_be_there_is_nothing_to_say() -> None:
    assert found(both()) == ()
    assert found(both(), before={"en-US": {**BEST, "whatsNew": "Tabs."}}) == ()


def test_what_is_missing_is_a_problem_and_comes_first() -> None:
    first, *rest = found(both(description="", subtitle="Ein Untertitel mit 30 Zeichen."))
    assert (first.check, first.severity) == (Check.COMPLETE, Severity.ERROR)
    assert said((first,), Check.COMPLETE) == ["description: Missing in de-DE."]
    assert first.remedy == "Write it with /aso edit."
    assert [one.check for one in rest] == [Check.LIMITS]
    assert (count((first, *rest), Severity.ERROR), count((first, *rest), Severity.WARNING)) == (
        1,
        1,
    )


def test_close_to_a_limit_is_what_the_table_of_a_proposal_calls_near() -> None:
    room = int(NEAR * 30)
    assert said(found(both(subtitle="s" * room)), Check.LIMITS) == [
        f"subtitle: Close to the 30 characters that are allowed: de-DE ({room})."
    ]
    assert found(both(subtitle="s" * (room - 1))) == ()


def test_keywords_ought_to_be_full_so_full_ones_are_not_close_to_a_limit() -> None:
    assert len(FULL) == 99
    assert found(both()) == ()
    short = ",".join(["notizen", "b" * 66])
    assert len(short) == WELL_USED - 1
    assert said(found(both(keywords=short)), Check.KEYWORDS) == [
        "keywords: Much of the 100 characters is not used: de-DE (74)."
    ]
    assert found(both(keywords=short + "b")) == ()


def test_words_that_the_name_has_already_waste_room_in_keywords() -> None:
    (one,) = found(both(keywords=f"tidewell,{FULL[:79]}"))
    assert "1 word already in the name: tidewell" in one.message()
    assert one.locales == ("de-DE",)


def test_a_text_of_the_primary_locale_is_suspicious_in_another_language_alone() -> None:
    texts = {**both(), "en-GB": BEST, "fr-FR": {**GERMAN, "description": BEST["description"]}}
    facts = Facts(screenshots=dict.fromkeys(texts, 1))
    assert said(found(texts, facts=facts), Check.SAME) == [
        "description: Word for word that of en-US: fr-FR."
    ]


def test_names_and_addresses_may_be_the_same_everywhere() -> None:
    assert said(found(both(name=BEST["name"])), Check.SAME) == []


def test_the_primary_locale_is_the_apps_own() -> None:
    same = both(promotionalText=BEST["promotionalText"])
    (one,) = found(same, app=an_app(primary_locale="de-DE"))
    assert one.locales == ("en-US",)
    assert "that of de-DE" in one.message()


def test_news_that_were_told_with_the_version_before_are_stale() -> None:
    (one,) = found(both(), before={"de-DE": {"whatsNew": f"{GERMAN['whatsNew']}\r\n"}})
    assert said((one,), Check.NEWS) == ["whatsNew: Still what was new in 2.3.0: de-DE."]
    # Nothing was new in a locale that had no news, and none are missing twice.
    assert (
        said(found(both(whatsNew=""), before={"de-DE": BEST | {"whatsNew": ""}}), Check.NEWS) == []
    )


def test_links_and_screenshots_are_told_as_before_a_submission() -> None:
    facts = Facts(screenshots={"en-US": 1}, links={BEST["supportUrl"]: "It answers 404."})
    assert said(found(both(), facts=facts), Check.LINKS) == [
        f"supportUrl: {BEST['supportUrl']} (en-US, de-DE): It answers 404."
    ]
    assert said(found(both(), facts=facts), Check.SCREENSHOTS) == [
        ": de-DE will show the screenshots of en-US."
    ]
    assert found(both(), facts=Facts(screenshots=None)) == ()


def test_a_rule_that_is_broken_is_told_as_of_a_proposal() -> None:
    (one,) = found(both(promotionalText="p" * 171))
    assert one.severity is Severity.ERROR
    assert one.message() == "de-DE: Promotional text has 171 characters, 170 are allowed."
    assert one.remedy == "Take out 1."


def test_an_emoji_that_apple_took_once_is_not_doubted() -> None:
    assert found(both(promotionalText="Jetzt mit Ordnern 🌊")) == ()


def test_what_cannot_be_changed_now_says_so() -> None:
    live = a_version(state="READY_FOR_DISTRIBUTION")
    info = AppInfo(id="i1", app_id="1001", state="READY_FOR_DISTRIBUTION")
    texts = both(promotionalText=BEST["promotionalText"], description=BEST["description"])
    of = found(texts, version=live, app_info=info)
    remedies = {one.field: one.remedy for one in of}
    assert remedies["description"] == "It cannot be changed now: keep it for the next version."
    assert remedies["promotionalText"] == "Translate it with /aso edit."


def test_an_app_that_is_on_sale_with_its_first_version_misses_no_news() -> None:
    live = a_version(state="READY_FOR_DISTRIBUTION")
    assert found(both(whatsNew=""), version=live) == ()


def a_reading(*listings: Listing) -> Reading:
    """What Apple holds: these listings, the newest first, with the first one's app info."""
    newest = listings[0]
    assert newest.app_info is not None
    by_resource = {
        resource: {
            one.version.id: {
                code: text for (kind, code), text in one.localizations.items() if kind is resource
            }
            for one in listings
        }
        for resource in Resource
    }
    return Reading(
        app=newest.app,
        platform="IOS",
        versions=tuple(one.version for one in listings),
        app_infos=(newest.app_info,),
        version_localizations=by_resource[Resource.VERSION],
        info_localizations={newest.app_info.id: by_resource[Resource.APP_INFO][newest.version.id]},
        read_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def test_a_proposal_is_judged_by_what_it_leads_to() -> None:
    sale = a_version(id="v1", number="2.3.0", state="READY_FOR_DISTRIBUTION")
    old = a_listing({"en-US": {**BEST, "whatsNew": "Tabs."}}, version=sale)
    reading = a_reading(a_listing({"en-US": {**BEST, "description": ""}}), old)
    mended = an_item(locale="en-US", field="description", after=BEST["description"])
    stale = an_item(locale="en-US", field="whatsNew", after="Tabs.")
    added = Item(kind=ItemKind.LOCALE, locale="ja", before="", after="present")
    named = an_item(field="name", before="", after="タイドウェル")

    now = points(subject(reading, "v2"))
    assert [one.message() for one in now] == ["Missing in en-US."]
    then = points(subject(reading, "v2", (mended, stale, added, named), SHOTS))
    assert said(then, Check.NEWS) == ["whatsNew: Still what was new in 2.3.0: en-US."]
    assert "description: Missing in ja." in said(then, Check.COMPLETE)
    assert said(then, Check.SCREENSHOTS) == [": ja will show the screenshots of en-US."]


def test_the_listing_on_sale_is_held_against_none_before_it() -> None:
    sale = a_version(id="v1", number="2.3.0", state="READY_FOR_DISTRIBUTION")
    reading = a_reading(a_listing(both()), a_listing(both(), version=sale))
    assert said(points(subject(reading, "v2")), Check.NEWS)
    assert said(points(subject(reading, "v1")), Check.NEWS) == []


def test_every_check_has_its_place_in_the_table() -> None:
    assert set(CHECKS) == set(Check)


TEXT = st.sampled_from(["", "a", "Notes", "x" * 28, "y" * 31, "one,two", "https://a.example", "🌊"])
LISTINGS = st.dictionaries(
    st.sampled_from(["en-US", "en-GB", "de-DE", "ja", "xx"]),
    st.fixed_dictionaries({one.attribute: TEXT for one in FIELDS}),
    min_size=1,
)


FOUND = Facts(screenshots={"en-US": 1}, links={"https://a.example": "It answers 404."})


@given(texts=LISTINGS, before=LISTINGS)
def test_whatever_a_listing_holds_each_point_names_locales_of_it_once_and_in_order(
    texts: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]
) -> None:
    of = found(texts, before=before, facts=FOUND)
    order = [(one.severity is Severity.WARNING, list(CHECKS).index(one.check)) for one in of]
    assert order == sorted(order)
    assert len({(one.check, one.field, one.message(99), one.remedy) for one in of}) == len(of)
    for one in of:
        assert set(one.locales) <= set(texts) | {"en-US"}
        assert len(set(one.locales)) == len(one.locales)
        assert all(code in one.message(99) for code in one.locales)
        assert one.remedy
        assert not one.notes or len(one.notes) == len(one.locales)


@given(texts=LISTINGS)
def test_a_listing_that_breaks_no_rule_and_misses_nothing_has_no_problem_of_text(
    texts: Mapping[str, Mapping[str, str]],
) -> None:
    whole = {code: {**BEST, **{n: t for n, t in of.items() if n == "subtitle" and len(t) < 31}}
             for code, of in texts.items()}  # fmt: skip
    of = found(whole, facts=replace(SHOTS, screenshots=None))
    assert count(of, Severity.ERROR) == 0
