"""A proposal of forty locales: a message by field, details by locale, all within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.items import Item, ItemState
from bot.domain.locales import LOCALES
from bot.domain.proposals import Status
from bot.domain.validation import Finding, Severity
from bot.slack import ids
from bot.slack.faces.blocks import weight
from bot.slack.faces.details import details_view
from bot.slack.faces.messages import proposal_message, thread_messages
from bot.workflow.cards import LocaleProgress, ProposalCard
from tests.builders import a_card, a_locale_item, a_need, a_proposal, an_item
from tests.slack.limits import elements, message, violations, words

FORTY = tuple(locale.code for locale in LOCALES[:40])
FIELDS = ("name", "subtitle", "keywords", "promotionalText", "description")


def forty(codes: Sequence[str] = FORTY, fields: Sequence[str] = FIELDS) -> tuple[Item, ...]:
    return tuple(
        an_item(locale=code, field=field, before=f"Old {field}", after=f"New {field} {code}")
        for code in codes
        for field in fields
    )


def a_big_card(items: Sequence[Item] = (), **values: Any) -> ProposalCard:
    return a_card(a_proposal(items=tuple(items) or forty()), **values)


def said(card: ProposalCard) -> str:
    return words(proposal_message(card).blocks)


def every_page(card: ProposalCard, **how: Any) -> list[dict[str, Any]]:
    views = [details_view(card, **how)]
    while any(each["text"]["text"] == "Next" for each in elements(views[-1], "button")):
        views.append(details_view(card, len(views), **how))
    return views


def locales_on(view: dict[str, Any]) -> list[str]:
    """Return the locales whose texts are on a page, in order."""
    bold = [each["text"] for each in elements(view["blocks"], "text") if each.get("style")]
    labels = {f"({code})": code for code in FORTY} | {f", {code})": code for code in FORTY}
    return [code for text in bold for end, code in labels.items() if text.endswith(end)]


# -- the message -----------------------------------------------------------------------------


def test_forty_locales_are_told_by_field_and_no_text_is_in_the_message() -> None:
    told = said(a_big_card())
    assert "200 changes in 40 locales" in told
    for label in ("Name", "Subtitle", "Keywords", "Promotional text", "Description"):
        assert f"{label}  in all 40 locales" in told
    assert "by locale in Details, as a .diff and a .csv in the thread" in told
    assert "Old " not in told
    assert "New name" not in told


def test_it_takes_a_tenth_of_what_a_message_holds() -> None:
    built = proposal_message(a_big_card())
    assert violations(message(built)) == []
    assert len(built.blocks) < 14
    assert weight(built.blocks) < 3_500


def test_a_field_in_few_locales_names_them_and_what_is_special_is_counted() -> None:
    items = (
        *forty(fields=("name",)),
        *(an_item(locale=code, field="subtitle", after="") for code in FORTY[:38]),
        *(an_item(locale=code, field="keywords", after="k" * 95) for code in ("ja", "de-DE")),
    )
    told = said(a_big_card(items))
    assert "Subtitle  in 38 locales · emptied in 38 locales" in told
    where = "Japanese (ja) and German (de-DE)"
    assert f"Keywords  in {where} · near the limit in {where}" in told


def test_new_locales_are_named() -> None:
    items = (a_locale_item("ko"), *forty(), a_locale_item("vi"))
    assert "New locales : Korean (ko) and Vietnamese (vi)" in said(a_big_card(items))


def test_what_is_public_at_once_is_said() -> None:
    proposal = a_proposal(items=forty(fields=("promotionalText", "name")), live=True)
    assert said(a_card(proposal)).count("public at once") == 2


def test_each_rules_group_is_a_line_with_what_it_lacks() -> None:
    items = forty()
    japanese = tuple(item for item in items if item.locale == "ja")
    rest = tuple(item for item in items if item.locale != "ja")
    card = a_big_card(
        items,
        needs=(a_need(rest, quorum=2, voted=("U0RUTH",)), a_need(japanese, approvers=("U0AIKO",))),
    )
    told = said(card)
    fields = "Name, Subtitle, Keywords, Promotional text and Description"
    assert f"1 of 2 for {fields} in 39 locales" in told
    assert f"0 of 1 for {fields} in Japanese (ja)" in told


def test_the_same_note_on_many_locales_is_said_once() -> None:
    notes = tuple(
        Finding(severity=Severity.WARNING, locale=code, field="keywords", message="Short.")
        for code in FORTY
    )
    told = said(a_big_card(findings=notes))
    assert told.count("Short.") == 1
    assert "Keywords in Arabic (ar-SA), Bangla (bn-BD), Catalan (ca) and 37 more" in told


def test_many_notes_of_their_own_are_counted_by_field_with_an_example() -> None:
    notes = tuple(
        Finding(severity=Severity.WARNING, locale=code, field=field, message=f"Odd: {code}.")
        for code in FORTY
        for field in ("name", "keywords")
    )
    told = said(a_big_card(findings=notes))
    assert "Keywords, 40 notes in 40 locales, such as:  Odd: ar-SA." in told
    assert told.count("Odd: ") == 2
    pages = every_page(a_big_card(findings=notes))
    assert "".join(words(page["blocks"]) for page in pages).count("Odd: ") == 80


def test_its_thread_holds_no_message_for_each_locale() -> None:
    long = tuple(replace(item, after="Long. " * 600) for item in forty(fields=("description",)))
    assert thread_messages(a_big_card(long)) == ()


@pytest.mark.parametrize(("locales", "fields", "big"), [(20, 2, False), (21, 1, True),
                                                        (9, 5, True), (8, 5, False)])  # fmt: skip
def test_it_is_told_by_field_from_twenty_one_locales_or_forty_one_texts_on(
    locales: int, fields: int, big: bool
) -> None:
    card = a_big_card(forty(FORTY[:locales], FIELDS[:fields]))
    assert ("as a .diff" in said(card)) is big


# -- the details -----------------------------------------------------------------------------


def test_every_text_is_in_the_details_once_twenty_locales_a_page_at_most() -> None:
    short = forty(fields=("subtitle",))
    pages = every_page(a_big_card(short, needs=()))
    assert [len(locales_on(page)) for page in pages] == [20, 20]
    assert [code for page in pages for code in locales_on(page)] == list(FORTY)
    assert all(violations(page) == [] for page in pages)
    told = " ".join(words(page["blocks"]) for page in pages)
    assert all(told.count(f"New subtitle {code} ") == 1 for code in FORTY)


def test_five_fields_of_forty_locales_are_few_pages_and_no_locale_is_cut() -> None:
    pages = every_page(a_big_card())
    assert len(pages) <= 3
    assert sum(len(locales_on(page)) for page in pages) == 40
    assert max(len(page["blocks"]) for page in pages) <= 100


def test_a_locale_can_be_jumped_to_and_the_pages_go_round() -> None:
    card = a_big_card()
    (menu,) = elements(details_view(card)["blocks"], "static_select")
    chosen = {each["text"]["text"]: each["value"] for each in menu["options"]}
    assert len(chosen) == 41
    place = ids.parse_details_value(chosen["Japanese (ja) · 0 of 1 approval"])
    assert place == (12, 0, "ja")
    pages = every_page(card, start="ja")
    turned = [code for page in pages for code in locales_on(page)]
    place_of_ja = FORTY.index("ja")
    assert turned == [*FORTY[place_of_ja:], *FORTY[:place_of_ja]]
    assert words(pages[0]["blocks"]).index("New name ja") < 3_000
    assert pages[0]["private_metadata"] == "12:0:ja"
    assert elements(pages[0], "button")[0]["value"] == "12:1:ja"


def test_a_start_that_is_not_there_begins_as_usual() -> None:
    card = a_big_card()
    assert locales_on(details_view(card, start="vi")) == locales_on(details_view(card))


def test_who_decides_a_locale_sees_it_first() -> None:
    pages = every_page(a_big_card(), own=("ja",))
    assert locales_on(pages[0])[:2] == ["ja", FORTY[0]]
    told = words(pages[0]["blocks"])
    assert "Yours to decide comes first: Japanese (ja)." in told
    assert told.index("New name ja") < told.index("People search for a notebook.")
    assert sum(len(locales_on(page)) for page in pages) == 40


def test_who_decides_most_locales_reads_about_the_whole_first() -> None:
    pages = every_page(a_big_card(), own=FORTY[5:])
    told = words(pages[0]["blocks"])
    assert "Yours to decide comes first: 35 locales." in told
    assert locales_on(pages[0])[0] == FORTY[5]
    assert told.index("People search for a notebook.") < told.index(f"New name {FORTY[5]}")
    assert locales_on(pages[-1])[-5:] == list(FORTY[:5])


def test_votes_are_told_by_locale() -> None:
    items = forty()
    names = tuple(item for item in items if item.field == "name" and item.locale != "ja")
    japanese = tuple(item for item in items if item.locale == "ja")
    others = tuple(item for item in items if item.field != "name" and item.locale != "ja")
    card = a_big_card(
        items,
        needs=(
            a_need(names, quorum=2, voted=("U0BEN",)),
            a_need(others, voted=("U0BEN",)),
            a_need(japanese, voted=("U0BEN",), confirm=True),
        ),
    )
    (menu,) = elements(details_view(card)["blocks"], "static_select")
    labels = [each["text"]["text"] for each in menu["options"]]
    assert "German (de-DE) · 1 of 2 approvals" in labels
    assert "Japanese (ja) · waits for Confirm" in labels
    met = replace(card, needs=(a_need(items, voted=("U0BEN",)),))
    assert "German (de-DE)  · ✓ approved" in words(details_view(met)["blocks"])


def test_stale_and_results_are_told_by_locale() -> None:
    items = tuple(
        replace(item, state=ItemState.STALE) if item.locale == "ja" else item for item in forty()
    )
    stale = a_big_card(items, needs=(), stale_now={("ja", "name"): "Apple's own"})
    pages = every_page(stale, start="ja")
    assert "Japanese (ja)  · ≠ stale" in words(pages[0]["blocks"])
    assert "Apple's own" in words(pages[0]["blocks"])
    progress = tuple(
        LocaleProgress(locale=code, state="failed" if code == "ja" else "done") for code in FORTY
    )
    pushed = a_card(a_proposal(items=forty(), status=Status.PARTIAL), progress=progress)
    (menu,) = elements(details_view(pushed)["blocks"], "static_select")
    labels = [each["text"]["text"] for each in menu["options"]]
    assert "Japanese (ja) · ✗ failed" in labels
    assert "German (de-DE) · ✓ done" in labels


def test_every_group_of_forty_rules_is_in_the_details() -> None:
    items = forty()
    needs = tuple(
        a_need(tuple(item for item in items if item.locale == code), approvers=(f"U0P{place}",))
        for place, code in enumerate(FORTY)
    )
    card = a_big_card(items, needs=needs)
    assert "more groups: see Details." in said(card)
    named = [
        each["user_id"] for page in every_page(card) for each in elements(page["blocks"], "user")
    ]
    assert named == [f"U0P{place}" for place in range(40)]
