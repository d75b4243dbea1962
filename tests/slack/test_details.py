from datetime import timedelta

from bot.domain.items import ItemState
from bot.domain.proposals import Timing
from bot.domain.validation import Finding, Severity
from bot.slack import ids
from bot.slack.faces.details import details_view
from tests.builders import NOON, a_card, a_proposal, an_item
from tests.slack.limits import elements, violations, words

LONG = "A quiet place for your notes. " * 130


def test_both_texts_are_there_in_full() -> None:
    item = an_item(locale="en-US", field="description", before=LONG, after=LONG.upper())
    said = words(elements(details_view(a_card(a_proposal(items=(item,)))), "rich_text_quote"))
    assert said.count("A quiet place") == said.count("A QUIET PLACE") == 130


def test_an_empty_side_is_said_to_be_nothing() -> None:
    view = details_view(a_card(a_proposal(items=(an_item(before=""),))))
    assert "nothing" in words(view["blocks"])


def test_what_apple_holds_now_stands_beside_a_stale_text() -> None:
    card = a_card(
        a_proposal(items=(an_item(state=ItemState.STALE),)),
        stale_now={("ja", "subtitle"): "毎日の日記"},
    )
    said = words(details_view(card)["blocks"])
    assert "Apple now holds" in said
    assert "毎日の日記" in said


def test_why_an_item_failed_stands_under_it() -> None:
    item = an_item(state=ItemState.FAILED, problem="The name is taken.")
    assert "The name is taken." in words(details_view(a_card(a_proposal(items=(item,)))))


def test_when_it_begins_and_ends_is_told() -> None:
    timing = Timing(not_before=NOON, ends_at=NOON + timedelta(days=7))
    said = words(details_view(a_card(a_proposal(timing=timing)))["blocks"])
    assert "Not before" in said
    assert "Promotional text returns" in said


def test_a_long_proposal_is_turned_over_page_by_page() -> None:
    items = tuple(
        an_item(locale=locale, field="description", before=LONG, after=LONG.upper())
        for locale in ("en-US", "ja", "de-DE", "fr-FR")
    )
    card = a_card(a_proposal(items=items))
    first = details_view(card)
    buttons = [(one["action_id"], one["value"]) for one in elements(first["blocks"], "button")]
    assert buttons == [(ids.DETAILS_NEXT, "12:1"), (ids.CHECKLIST, "12")]
    turns = {each["action_id"] for each in elements(details_view(card, 1)["blocks"], "button")}
    assert ids.DETAILS_PREVIOUS in turns


def test_a_page_that_is_no_longer_there_is_the_last_one() -> None:
    assert details_view(a_card(), 9) == details_view(a_card(), 0)


def test_every_finding_is_listed() -> None:
    findings = tuple(
        Finding(severity=Severity.WARNING, locale="ja", field="name", message=f"Number {number}.")
        for number in range(90)
    )
    card = a_card(findings=findings)
    view = details_view(card)
    assert all(f"Number {number}." in words(view["blocks"]) for number in range(90))
    assert violations(view) == []
