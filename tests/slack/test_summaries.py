"""Summaries of failures: grouped, counted, with Apple's words and what to do."""

from dataclasses import replace

import pytest

from bot.appstore.problems import MEANINGS
from bot.domain.causes import CAUSES, OTHER, cause_of
from bot.domain.fields import FIELDS
from bot.domain.locales import LOCALES
from bot.domain.usage import Jump, Tally
from bot.slack.faces.messages import Message
from bot.slack.faces.summaries import (
    failure_jump,
    failure_summary,
    failures_answer,
    push_failed,
    retry_answer,
)
from bot.workflow.cards import FailureEntry, FailureSummary
from bot.workflow.watch.failing import Retried
from tests.builders import NOON, a_card, a_failure, a_proposal, an_app
from tests.slack.limits import elements, message, violations, words

LONG = "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG"
TAKEN = "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE.DIFFERENT_ACCOUNT"
LINKS = {number: f"https://team.example/p{number}" for number in range(400)}
USED = Tally(
    account="default", requests=1204, refused=3, faults=1, others=0, busiest=310, lowest_left=2310
)


def a_day(*entries: FailureEntry, **values: object) -> FailureSummary:
    return FailureSummary(**{"when": "on 20 Nov 2026", "entries": entries, **values})  # type: ignore[arg-type]


def summary_of(*entries: FailureEntry, **values: object) -> Message:
    built = failure_summary(a_day(*entries, **values), LINKS)
    assert built is not None
    return built


def buttons(built: Message) -> list[str]:
    return [one["text"]["text"] for one in elements(built.blocks, "button")]


def test_a_day_without_failures_has_no_summary() -> None:
    assert failure_summary(a_day()) is None


def test_each_cause_is_counted_once_with_what_to_do() -> None:
    found = [a_failure(locale=locale) for locale in ("ja", "de-DE", "th")]
    said = words(summary_of(*found, a_failure(cause=TAKEN, locale="ko")).blocks)
    assert "3 × Too long.  Shorten it with Propose again." in said
    assert "1 × Name already taken.  Choose another one with Propose again." in said


def test_locales_that_failed_alike_share_a_line_with_their_count() -> None:
    found = [a_failure(locale=locale) for locale in ("ja", "de-DE")]
    said = words(summary_of(*found, a_failure(locale="th", field="subtitle")).blocks)
    assert "Japanese (ja) and German (de-DE):  2 × Too long (Name)." in said
    assert "Thai (th):  1 × Too long (Subtitle)." in said


def test_one_locale_has_a_line_for_each_cause() -> None:
    said = words(summary_of(a_failure(), a_failure(cause=TAKEN)).blocks)
    assert "Japanese (ja):  1 × Too long" in said
    assert "Japanese (ja):  1 × Name already taken" in said


def test_apples_own_words_are_quoted_without_ours_before_them() -> None:
    said = words(summary_of(a_failure(message="Name: too long. Apple says: Keep to 30.")).blocks)
    assert "Apple says: Keep to 30." in said
    assert "Name: too long" not in said


def test_a_summary_has_a_part_for_each_app_with_its_count() -> None:
    other = an_app(id="1002", name="Lists")
    said = words(summary_of(a_failure(), a_failure(app=other), a_failure(app=other)).blocks)
    assert "Notes   1 failure " in said
    assert "Lists   2 failures " in said


def test_a_cause_nobody_has_heard_of_says_what_was_written_down() -> None:
    said = words(summary_of(a_failure(cause="MOON_PHASE", message="Wait.", remedy="Look.")).blocks)
    assert f"1 × {OTHER.words}.  Look." in said
    assert "Wait." in said


def test_retry_stands_where_it_can_help_and_open_leads_to_each_proposal() -> None:
    built = summary_of(a_failure(cause="Unavailable"), a_failure(cause="Unsure", proposal=13))
    assert buttons(built) == ["Retry", "Open proposal 12", "Open proposal 13"]
    retry, opened, _ = elements(built.blocks, "button")
    assert retry["value"] == "12,13"
    assert opened["url"] == LINKS[12]


def test_what_would_be_refused_again_has_no_retry() -> None:
    assert buttons(summary_of(a_failure(), a_failure(cause=TAKEN))) == ["Open proposal 12"]


def test_the_days_requests_are_told_by_account() -> None:
    said = words(summary_of(a_failure(), usage=(USED,)).blocks)
    assert "1,204 requests to Apple; 310 of 3,600 at most in an hour; lowest left 2,310." in said
    assert "4 of them failed." in said


def test_each_account_is_held_against_what_apple_allows_it() -> None:
    two = (USED, replace(USED, account="studio", lowest_left=None))
    limits = {"studio": 1_800}
    said = words(summary_of(a_failure(), usage=two, hour_limits=limits).blocks)
    assert f"{USED.account}: 1,204 requests to Apple; 310 of 3,600 at most in an hour" in said
    assert "studio: 1,204 requests to Apple; 310 of 1,800 at most in an hour" in said


def test_no_failures_is_good_news() -> None:
    built = failures_answer(a_day())
    assert "Nothing failed on 20 Nov 2026." in built.text


def test_a_failed_push_is_told_with_its_proposal_and_ways_out() -> None:
    card = a_card(a_proposal())
    built = push_failed(card, [a_failure(cause="Unavailable")], LINKS)
    assert built is not None
    assert "The push of proposal 12 for Notes 2.4.0 for iOS failed: 1 change" in built.text
    assert buttons(built) == ["Retry", "Open proposal 12"]
    assert push_failed(card, []) is None


def test_a_jump_says_how_much_more_fails_and_in_which_way() -> None:
    now = Tally(
        account="default", requests=40, refused=8, faults=4, others=0, busiest=40, lowest_left=None
    )
    said = words(failure_jump(Jump(hour=NOON, now=now, before=0.02)).blocks)
    assert "12 of 40 requests to Apple failed in the last hour: 30%, after 2%" in said
    assert "8 × over the request limit (429)." in said
    assert "4xx" not in said


def test_a_retry_tells_what_goes_again_and_why_the_rest_does_not() -> None:
    retried = Retried(
        queued=(1, 2), refused=((3, "Name already taken."),), again=((2, "Too long"),)
    )
    said = words(retry_answer(retried).blocks)
    assert "Sent again: proposal 1 and proposal 2." in said
    assert "Proposal 2:  will fail again in part: Too long." in said
    assert "Proposal 3:  Name already taken." in said
    assert "nothing to send again" in words(retry_answer(Retried(queued=(), refused=())).blocks)


def a_very_bad_day() -> FailureSummary:
    apps = [an_app(id=str(number), name=f"App {number} " + "N" * 200) for number in range(6)]
    causes = [*CAUSES, "MOON"]
    return a_day(
        *[
            a_failure(
                app=app,
                locale=locale.code,
                field=field.attribute,
                proposal=place,
                cause=causes[(place + number) % len(causes)],
                message="No. Apple says: " + f"{place} <!channel> " * 200,
                remedy="Do. " * 300,
            )
            for place, app in enumerate(apps)
            for locale in LOCALES
            for number, field in enumerate(FIELDS)
        ],
        usage=(USED,) * 9,
    )


@pytest.mark.parametrize("tell", [failure_summary, failures_answer])
def test_a_very_bad_day_still_fits_one_message(tell: object) -> None:
    built = tell(a_very_bad_day(), LINKS)  # type: ignore[operator]
    assert violations(message(built)) == []
    assert "more: type /aso failures" in words(built.blocks)
    assert "<!channel>" not in built.text


def test_the_largest_failed_push_and_retry_fit_one_message() -> None:
    entries = [one for one in a_very_bad_day().entries if one.proposal == 1]
    built = push_failed(a_card(a_proposal(app_name="N" * 300)), entries, LINKS)
    numbers = tuple(range(300))
    refused = tuple((number, "No. " * 100) for number in numbers)
    answered = retry_answer(Retried(queued=numbers, refused=refused, again=refused))
    for one in (built, answered):
        assert violations(message(one)) == []


def test_retry_carries_as_many_proposals_as_a_button_holds() -> None:
    entries = [a_failure(cause="Unavailable", proposal=number) for number in range(1000, 3000)]
    (retry, *_) = elements(summary_of(*entries).blocks, "button")
    assert len(retry["value"]) <= 2000
    assert retry["value"].startswith("1000,1001,")
    assert not retry["value"].endswith(",")


def test_every_cause_has_words_of_its_own_and_a_remedy() -> None:
    kinds = set(CAUSES.values())
    assert len({one.words for one in kinds}) == len(kinds)
    assert all(one.remedy for one in kinds)


def test_every_code_that_is_put_into_words_has_a_cause() -> None:
    assert [code for code in MEANINGS if cause_of(code) is OTHER] == []


def test_apple_may_refine_a_code_and_is_still_understood() -> None:
    assert cause_of(f"{LONG}.BY_FAR").words == "Too long"
    assert cause_of("STATE_ERROR.ENTITY_STATE_INVALID").words == "Locked in this state"


def test_strange_words_are_shown_as_they_are_and_never_parsed() -> None:
    strange = "<!channel> *bold* :tada: ملاحظات \u202eevil"
    entry = a_failure(app=an_app(name=strange), message=f"Apple says: {strange}", remedy=strange)
    for built in (summary_of(entry), retry_answer(Retried(queued=(), refused=((3, strange),)))):
        assert violations(message(built)) == []
        assert elements(built.blocks, "mrkdwn") == []
        assert "*bold* :tada:" in words(built.blocks)
        assert "<!channel>" not in built.text
