from bot.domain.items import ItemState
from bot.slack import ids
from bot.slack.faces.home_view import home_view
from bot.workflow.cards import BudgetCard, HomeCard, VersionCard
from tests.builders import NOON, a_card, a_need, a_proposal, a_version, an_app, an_item
from tests.slack.limits import elements, violations, words


def a_home(**values: object) -> HomeCard:
    defaults: dict[str, object] = {
        "proposals": (a_card(),),
        "versions": (VersionCard(app=an_app(), version=a_version(), since=NOON),),
        "budget": BudgetCard(hour_limit=3600, hour_left=3577),
        "page": 0,
        "pages": 1,
    }
    return HomeCard(**{**defaults, **values})  # type: ignore[arg-type]


def turning(home: HomeCard) -> dict[str, str]:
    return {
        each["action_id"]: each["value"]
        for each in elements(home_view(home)["blocks"], "button")
        if each["action_id"] != ids.HOME_DETAILS
    }


def test_an_open_proposal_says_what_it_waits_for() -> None:
    items = (an_item(), an_item(field="name"))
    needs = (a_need(items[:1], voted=("U0BEN",)), a_need(items[1:], quorum=2, voted=("U0BEN",)))
    card = a_card(a_proposal(items=items), needs=needs)
    said = words(home_view(a_home(proposals=(card,)))["blocks"])
    assert "Waits for 1 approval of Name in Japanese (ja)." in said


def test_a_stale_proposal_waits_for_its_author() -> None:
    card = a_card(a_proposal(items=(an_item(state=ItemState.STALE),)))
    said = words(home_view(a_home(proposals=(card,)))["blocks"])
    assert "Stale" in said
    assert "Waits for its author: Apple's text changed." in said


def test_versions_are_shown_with_their_states() -> None:
    said = words(home_view(a_home())["blocks"])
    assert "Notes 2.4.0" in said
    assert "iOS · Prepare for Submission, seen since 20 Nov 2026" in said


def test_the_rate_budget_is_shown() -> None:
    assert "3,577 of 3,600 requests left this hour." in words(home_view(a_home())["blocks"])


def test_a_single_page_needs_no_turning() -> None:
    assert turning(a_home()) == {}


def test_a_page_in_the_middle_turns_both_ways() -> None:
    assert turning(a_home(page=1, pages=3)) == {ids.HOME_PREVIOUS: "0", ids.HOME_NEXT: "2"}


def test_the_last_page_only_turns_back() -> None:
    assert turning(a_home(page=2, pages=3)) == {ids.HOME_PREVIOUS: "1"}


def test_an_empty_home_says_how_to_begin() -> None:
    view = home_view(a_home(proposals=(), versions=()))
    assert "Type /aso edit to change a text." in words(view["blocks"])
    assert violations(view) == []


def test_a_full_page_keeps_within_limits() -> None:
    home = a_home(
        proposals=(a_card(a_proposal(app_name="ملاحظات `<!channel>` " * 40)),) * 10,
        versions=(VersionCard(app=an_app(name="N" * 300), version=a_version()),) * 90,
        page=3,
        pages=9,
    )
    view = home_view(home)
    assert violations(view) == []
    assert len(view["blocks"]) <= 100
