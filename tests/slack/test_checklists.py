"""A checklist keeps to Slack's room however much is found, and never hides that more was."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.checklist import Check, Point
from bot.domain.locales import LOCALES
from bot.domain.validation import Severity
from bot.slack import ids
from bot.slack.faces.checklist import (
    TITLES,
    checking_view,
    checklist_answer,
    checklist_message,
    checklist_view,
    late_checklist_message,
    looking_message,
    no_checklist_message,
)
from bot.slack.faces.messages import Message
from bot.workflow.checklist import Checked
from tests.builders import a_listing, a_proposal, an_app
from tests.slack.limits import elements, violations
from tests.workspace import words_of

CODES = tuple(one.code for one in LOCALES)
EVIL = "<!channel> *x* :tada: שלום "


def a_checked(*points: Point, links: int = 0) -> Checked:
    listing = a_listing(app=an_app(name=f"{EVIL}Notes"))
    return Checked(listing=listing, points=points, links=links)


def a_point(check: Check = Check.LINKS, **values: Any) -> Point:
    defaults: dict[str, Any] = {"severity": Severity.WARNING, "head": "Found in ", "locales": CODES}
    return Point(check=check, **{**defaults, **values})


def everything(lines: int) -> Checked:
    """Every check with both severities, in fifty locales, with addresses of 255 characters."""
    address = "https://example.com/" + "ü" * 235
    return a_checked(
        *(
            a_point(
                check,
                severity=severity,
                head=f"{address}{number} (",
                tail=f"): {EVIL * 8}",
                notes=("28 of 30",) * len(CODES),
                field="supportUrl",
                remedy="Write it with /aso edit.",
            )
            for severity in Severity
            for check in Check
            for number in range(lines)
        )
    )


def held(message: Message) -> list[str]:
    return violations({"text": message.text, "blocks": message.blocks})


@pytest.mark.parametrize("lines", [0, 1, 3, 40])
def test_however_much_is_found_it_fits(lines: int) -> None:
    checked = everything(lines)
    assert held(checklist_answer(checked)) == []
    assert held(checklist_message(a_proposal(), checked)) == []
    assert violations(checklist_view(checked, a_proposal())) == []
    assert violations(checklist_view(checked)) == []


@pytest.mark.parametrize("lines", [3, 40])
def test_every_check_is_told_and_what_is_left_out_is_counted(lines: int) -> None:
    answer = checklist_answer(everything(lines))
    told = words_of({"blocks": answer.blocks})
    titles = [f"{mark} {title}" for mark in ("🔴", "🟡") for title in TITLES.values()]
    assert [title for title in titles if title not in told] == []
    assert f"{len(Check) * lines} problems, {len(Check) * lines} remarks" in told
    assert "and " in told
    (button,) = elements(answer.blocks, "button")
    assert (button["action_id"], button["value"]) == (
        ids.CHECKLIST_WHOLE,
        "com.example.notes IOS",
    )


def test_what_fits_has_no_button() -> None:
    message = checklist_answer(a_checked(a_point(locales=("ja", "de-DE"))))
    assert elements(message.blocks, "button") == []
    assert "Found in ja, de-DE." in words_of({"blocks": message.blocks})


def test_a_few_locales_too_many_are_counted_and_are_all_in_the_modal() -> None:
    checked = a_checked(a_point())
    answer = words_of({"blocks": checklist_answer(checked).blocks})
    assert f"and {len(CODES) - 16} more." in answer
    whole = words_of({"blocks": checklist_view(checked)["blocks"]})
    assert all(code in whole for code in CODES)


def test_a_proposals_says_that_it_is_not_there_yet() -> None:
    message = checklist_message(a_proposal(), a_checked(a_point(), links=1))
    told = words_of({"blocks": message.blocks})
    assert "As the listing will be once proposal 12 is pushed. 1 link tried." in told
    assert "All of it: Checklist in Details." in told


def test_nothing_found_is_good_news() -> None:
    message = checklist_answer(a_checked(links=3))
    assert "Nothing to mend" in words_of({"blocks": message.blocks})
    assert message.text.endswith("nothing to remark.")
    assert "3 links tried." in words_of({"blocks": message.blocks})


def test_waiting_and_failing_are_said_within_slacks_limits() -> None:
    assert held(looking_message(EVIL * 200)) == []
    assert held(no_checklist_message(a_proposal(), EVIL)) == []
    assert held(late_checklist_message(a_proposal())) == []
    assert violations(checking_view()) == []
