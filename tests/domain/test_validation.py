"""All that is wrong with a change, at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import items
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Field
from bot.domain.items import ABSENT, PRESENT, Item, ItemKind
from bot.domain.listing import Listing
from bot.domain.text import length
from bot.domain.validation import Finding, Severity, check_text, hint, validate
from tests.builders import TEXTS, a_listing, a_version

REAL = Path(__file__).parents[2].parent / "shared" / "listings"


def errors(attribute: str, text: str, *, first: bool = False) -> list[str]:
    found = check_text(BY_ATTRIBUTE[attribute], text, first_version=first)
    return [message for severity, message, _ in found if severity is Severity.ERROR]


def warnings(attribute: str, text: str) -> list[str]:
    found = check_text(BY_ATTRIBUTE[attribute], text, first_version=False)
    return [message for severity, message, _ in found if severity is Severity.WARNING]


def check(listing: Listing, texts: dict[tuple[str, str], str]) -> tuple[Finding, ...]:
    return validate(items(listing, texts, {}), listing)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.attribute)
def test_a_text_of_exactly_the_limit_is_taken_and_one_more_is_not(field: Field) -> None:
    start = "https://example.com/" if field.attribute.endswith("Url") else ""
    full = start + "a" * (field.limit - len(start))
    assert errors(field.attribute, full) == []
    assert errors(field.attribute, full + "a") == [
        f"{field.label} has {field.limit + 1} characters, {field.limit} are allowed."
    ]


def test_the_limit_counts_an_emoji_as_two() -> None:
    assert any("31 characters" in said for said in errors("subtitle", "a" * 29 + "🎉"))
    assert errors("subtitle", "a" * 28 + "🎉") == []


def test_outer_blanks_do_not_count() -> None:
    assert errors("name", "  " + "a" * 30 + "\r\n") == []


@pytest.mark.parametrize(("attribute", "text"), [("name", "a"), ("whatsNew", "Fix")])
def test_a_text_can_be_too_short(attribute: str, text: str) -> None:
    assert "of at least" in errors(attribute, text)[0]


@pytest.mark.parametrize(
    "attribute", ["name", "keywords", "description", "whatsNew", "supportUrl", "privacyPolicyUrl"]
)
def test_a_required_field_cannot_be_emptied(attribute: str) -> None:
    assert errors(attribute, " ")[0].endswith("no version is submitted without it.")


@pytest.mark.parametrize("attribute", ["subtitle", "promotionalText", "marketingUrl"])
def test_other_fields_can_be_emptied(attribute: str) -> None:
    assert check_text(BY_ATTRIBUTE[attribute], "", first_version=False) == []


def test_whats_new_is_empty_on_a_first_version() -> None:
    assert errors("whatsNew", "", first=True) == []
    assert errors("whatsNew", "Hello", first=True) == [
        "What's new is refused on an app's first version."
    ]


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\u200d", "U+200D ZERO WIDTH JOINER"),
        ("\u00ad", "U+00AD SOFT HYPHEN"),
        ("\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("\x07", "U+0007 CONTROL CHARACTER"),
        ("\t", "U+0009 TAB"),
        ("\ue000", "U+E000 PRIVATE USE"),
        ("\u2028", "U+2028 LINE SEPARATOR"),
        ("\ud800", "U+D800 HALF A CHARACTER"),
        ("\uffff", "U+FFFF UNNAMED CHARACTER"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
    ],
)
@pytest.mark.parametrize("attribute", ["name", "keywords", "description"])
def test_what_nobody_can_see_is_refused_by_its_name(
    attribute: str, character: str, named: str
) -> None:
    assert f"The App Store refuses {named} (character " in errors(attribute, f"ab{character}c")[0]


def test_a_place_counts_what_people_see_as_characters() -> None:
    (said,) = errors("description", "👍🏽e\u0301x\u200by\u200b")
    assert said == "The App Store refuses U+200B ZERO WIDTH SPACE (characters 4, 6)."


def test_many_bad_characters_are_told_in_one_sentence() -> None:
    (said,) = errors("description", "".join(map(chr, range(0xE000, 0xE008))))
    assert said.count("PRIVATE USE") == 5
    assert said.endswith("and 3 more.")


def test_line_breaks_belong_in_texts_and_not_in_lines() -> None:
    assert errors("description", "One\n\nTwo") == []
    assert errors("name", "One\nTwo") == ["Name is one line, but there is a line break in it."]
    assert errors("keywords", "one,\ntwo") != []


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "سلام \u200fABC"])
def test_joiners_that_a_script_needs_are_only_warned_about(text: str) -> None:
    assert errors("description", text) == []
    assert "may refuse" in warnings("description", text)[0]


def test_direction_marks_are_refused_where_nothing_runs_from_right_to_left() -> None:
    assert "LEFT-TO-RIGHT MARK" in errors("description", "plain\u200e text")[0]


@pytest.mark.parametrize("attribute", ["name", "whatsNew"])
def test_emoji_are_refused_in_the_name_and_in_whats_new(attribute: str) -> None:
    assert "U+1F389 PARTY POPPER (character 6)" in errors(attribute, "Hello🎉")[0]


@pytest.mark.parametrize("attribute", ["subtitle", "keywords", "promotionalText", "description"])
def test_emoji_elsewhere_are_warned_about(attribute: str) -> None:
    assert errors(attribute, "Hello🎉") == []
    assert warnings(attribute, "Hello🎉")[0].endswith(" others: 🎉.")


def test_an_emoji_that_apple_holds_already_is_not_warned_about() -> None:
    there = a_listing({"en-US": {**TEXTS, "subtitle": "Waves 🌊"}})
    assert check(there, {("en-US", "subtitle"): "More waves 🌊"}) == ()
    (found,) = check(there, {("en-US", "subtitle"): "Waves 🌊 and more 🐚"})
    assert found.message.endswith(" others: 🐚.")


@pytest.mark.parametrize("symbol", ["⚄", "⏏", "⌘"])
def test_ornaments_are_refused_in_the_name_alone(symbol: str) -> None:
    assert "no emoji or symbols" in errors("name", f"Dice {symbol}")[0]
    assert errors("subtitle", f"Dice {symbol}") == []


@pytest.mark.parametrize("text", ["Notes™ & Lists – №1 “plain” 100 % ©", "1. • – → ½ €"])
def test_ordinary_signs_are_no_emoji(text: str) -> None:
    assert check_text(BY_ATTRIBUTE["whatsNew"], text, first_version=False) == []


def test_what_reads_as_html_is_refused() -> None:
    assert "<b>" in errors("whatsNew", "Now <b>bold</b>")[0]
    assert errors("whatsNew", "1 < 2 and 4 > 3 is\n2 < 3") != []
    assert errors("whatsNew", "a -> b, 1 < 2") == []


@pytest.mark.parametrize(
    "text", ["Party :tada: time", ":+1:", "Hi :wave::skin-tone-2:", "完成:ok:"]
)
def test_slacks_names_of_emoji_are_noticed(text: str) -> None:
    assert "would be published" in warnings("description", text)[0]


@pytest.mark.parametrize("text", ["At 10:30:45", "Note: this: that", "a::b", "12:mm:34"])
def test_colons_alone_are_no_emoji(text: str) -> None:
    assert warnings("description", text) == []


@pytest.mark.parametrize("attribute", ["description", "whatsNew"])
def test_more_bytes_than_apple_may_count_are_warned_about(attribute: str) -> None:
    assert warnings(attribute, "あ" * 1333) == []
    assert "4002 bytes" in warnings(attribute, "あ" * 1334)[0]
    assert warnings("promotionalText", "あ" * 170) == []


def test_a_letter_lost_on_the_way_is_noticed() -> None:
    assert "REPLACEMENT CHARACTER" in warnings("description", "Caf\ufffd")[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com",
        "http://sub.example.co.uk:8080/a/b?c=d#e",
        "https://例え.jp/ヘルプ",
        "https://example.com/%20",
    ],
)
def test_an_address_that_opens_is_taken(address: str) -> None:
    assert errors("supportUrl", address) == []


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("example.com", "begins with https"),
        ("ftp://example.com", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("https://", "names no site"),
        ("https://localhost", "names no site"),
        ("https://.com", "names no site"),
        ("https://a..com", "names no site"),
        ("https://example.com/a b", "blanks"),
        ("https://example.com\n/a", "line break"),
        ("https://example.com:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("https://me:secret@example.com", "user name"),
        ("https://example.com/\u200b", "invisible"),
        ("https://example.com/<b>", "encoded"),
    ],
)
def test_an_address_that_does_not_open_is_refused(address: str, word: str) -> None:
    assert any(word in said for said in errors("supportUrl", address))


@given(st.sampled_from(FIELDS), st.text(st.characters(codec=None), max_size=60), st.booleans())
def test_any_text_at_all_gets_an_answer(field: Field, text: str, first: bool) -> None:
    for _, message, remedy in check_text(field, text, first_version=first):
        assert message.endswith((".", "!"))
        assert remedy.endswith(".")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 of 30"),
        (" Notes\r\n", "5 of 30"),
        ("a" * 30, "30 of 30"),
        ("a" * 34, "34 of 30: 4 too many"),
    ],
)
def test_a_counter_says_how_much_room_is_left(text: str, said: str) -> None:
    assert hint(BY_ATTRIBUTE["name"], text) == said


def test_a_good_change_has_no_findings() -> None:
    assert check(a_listing(), {("en-US", "subtitle"): "Write it up"}) == ()


def test_all_mistakes_come_back_together_with_errors_first() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": TEXTS})
    texts = {
        ("en-US", "description"): "Hello 🎉",
        ("ja", "subtitle"): "s" * 31,
        ("en-US", "supportUrl"): "nowhere",
        ("en-US", "name"): "",
    }
    found = [(f.severity, f.locale, f.field) for f in check(listing, texts)]
    assert found == [
        (Severity.ERROR, "en-US", "name"),
        (Severity.ERROR, "en-US", "supportUrl"),
        (Severity.ERROR, "ja", "subtitle"),
        (Severity.WARNING, "en-US", "description"),
    ]


def test_every_finding_says_what_to_do() -> None:
    for finding in check(a_listing(), {("en-US", "name"): "", ("en-US", "keywords"): "a, a"}):
        assert finding.remedy


def test_a_field_that_cannot_change_now_says_only_that() -> None:
    live = a_listing(version=a_version(state="READY_FOR_DISTRIBUTION"))
    found = check(live, {("en-US", "description"): "x" * 5000})
    assert [f.field for f in found] == ["description"]
    assert "being prepared" in found[0].message


def test_the_promotional_text_of_a_live_version_can_change() -> None:
    live = a_listing(version=a_version(state="READY_FOR_DISTRIBUTION"))
    assert check(live, {("en-US", "promotionalText"): "Today only."}) == ()


def test_keywords_are_compared_with_the_name_that_will_stand_beside_them() -> None:
    texts = {("en-US", "keywords"): "diary,lists", ("en-US", "name"): "Diary"}
    (finding,) = check(a_listing(), texts)
    assert (finding.severity, finding.field) == (Severity.WARNING, "keywords")
    assert finding.message == "Used 11 of 100, 1 word already in the name: diary."


def test_a_new_name_is_held_against_the_keywords_there_are() -> None:
    (finding,) = check(a_listing(), {("en-US", "name"): "Lists"})
    assert "lists" in finding.message


def test_a_new_subtitle_is_not_blamed_for_what_the_name_repeats() -> None:
    assert check(a_listing(), {("en-US", "subtitle"): "A quiet place"}) == ()


def test_keywords_nobody_touched_are_not_judged() -> None:
    listing = a_listing({"en-US": {**TEXTS, "keywords": "a, a"}})
    assert check(listing, {("en-US", "description"): "Another text."}) == ()


def test_a_new_locale_needs_a_name() -> None:
    first, *_ = check(a_listing(), {("fr-FR", "subtitle"): "Notez"})
    assert (first.severity, first.field) == (Severity.ERROR, "name")


def test_a_new_locale_is_told_what_is_not_written_yet() -> None:
    found = check(a_listing(), {("fr-FR", "name"): "Notes", ("fr-FR", "keywords"): "liste"})
    (finding,) = found
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "Not written yet: Description, What's new, Support URL, Privacy policy URL."
    )


def test_a_locale_that_the_store_may_not_have_is_warned_about() -> None:
    found = check(a_listing(), {("fa-IR", "name"): "Notes"})
    assert any("fa-IR is not among" in f.message for f in found)


def test_a_locale_cannot_be_added_to_a_live_version() -> None:
    live = a_listing(version=a_version(state="READY_FOR_DISTRIBUTION"))
    (finding,) = check(live, {("fr-FR", "promotionalText"): "Bonjour"})
    assert (finding.severity, finding.locale, finding.field) == (Severity.ERROR, "fr-FR", "")


def test_a_locale_that_is_taken_out_may_leave_nothing_behind() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": TEXTS})
    gone = Item(kind=ItemKind.LOCALE, locale="ja", before=PRESENT, after=ABSENT)
    emptied = Item(locale="ja", field="name", before="Notes", after="")
    (finding,) = validate((gone, emptied), listing)
    assert finding.severity is Severity.WARNING
    assert "screenshots" in finding.message
    assert "Name go on every platform" in finding.message


def test_a_locale_is_not_taken_out_and_edited_at_once() -> None:
    listing = a_listing({"en-US": TEXTS, "ja": TEXTS})
    gone = Item(kind=ItemKind.LOCALE, locale="ja", before=PRESENT, after=ABSENT)
    edit = Item(locale="ja", field="subtitle", before="Write it down", after="Write")
    error, *_ = validate((gone, edit), listing)
    assert (error.severity, error.field) == (Severity.ERROR, "subtitle")
    assert "removed in the same proposal" in error.message


def test_the_primary_locale_stays() -> None:
    gone = Item(kind=ItemKind.LOCALE, locale="en-US", before=PRESENT, after=ABSENT)
    (finding,) = validate((gone,), a_listing())
    assert (finding.severity, finding.locale) == (Severity.ERROR, "en-US")


def test_real_listings_are_within_the_limits_that_are_known() -> None:
    by_file = {field.file: field for field in FIELDS}
    for path in sorted(REAL.glob("*/*/*.txt")):
        field = by_file.get(path.name)
        text = path.read_text("utf-8").strip()
        if field and text:
            said = errors(field.attribute, text)
            assert length(text) <= field.limit or said, path
