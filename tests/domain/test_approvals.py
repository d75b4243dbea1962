"""Who decides what, and what the votes say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import Confirmed, Decision, Vote, decide, votes_missing
from bot.domain.electorate import (
    Electorate,
    Person,
    able,
    reachable,
    why_not_eligible,
    why_not_vote,
)
from bot.domain.items import Item, ItemKind
from bot.domain.needs import Question, founded
from bot.domain.policy import (
    Policy,
    Requirement,
    Rule,
    Verb,
    emoji_verb,
    requirement,
    requirements,
)
from tests.builders import a_locale_item, an_item

PEOPLE = {
    person.id: person
    for person in (
        Person(id="U0MIA", team_id="T1"),
        Person(id="U0BEN", team_id="T1"),
        Person(id="U0KEI", team_id="T1"),
        Person(id="U0ANN", team_id="T1"),
        Person(id="U0BOT", team_id="T1", is_bot=True),
        Person(id="U0GUEST", team_id="T1", is_guest=True),
        Person(id="U0GONE", team_id="T1", is_deactivated=True),
        Person(id="U0FAR", team_id="T1", is_stranger=True),
    )
}
MEMBERS = {"S0LEADS": frozenset({"U0BEN", "U0MIA", "U0GUEST"}), "S0JAPAN": frozenset({"U0KEI"})}

SUBTITLE = an_item(locale="en-US", field="subtitle")
KEYWORDS = an_item(locale="en-US", field="keywords")
JAPANESE = an_item(locale="ja", field="keywords")


def a_policy(*rules: Rule, approvers: tuple[str, ...] = ("S0LEADS",), **values: Any) -> Policy:
    return Policy(approvers=approvers, rules=rules, **values)


def a_question(
    policy: Policy | None = None, *items: Item, authors: tuple[str, ...] = ("U0MIA",)
) -> Question:
    return Question(
        items=items or (SUBTITLE,),
        policy=policy or a_policy(),
        bundle_id="com.example.notes",
        revision=2,
        authors=frozenset(authors),
    )


ELECTORATE = Electorate(people=PEOPLE, members=MEMBERS, team_id="T1")


def say(question: Question, *said: tuple[str, str], revision: int = 2) -> Decision:
    """Decide `question` by ("U0BEN", "approve") and the like."""
    votes = [Vote(user=user, verb=Verb(verb), revision=revision) for user, verb in said]
    return decide(question, votes, ELECTORATE)


def test_one_approval_is_enough_by_default() -> None:
    decision = say(a_question(), ("U0BEN", "approve"))
    assert decision.approved
    assert [need.voted for need in decision.needs] == [("U0BEN",)]


def test_nobody_has_voted_yet() -> None:
    decision = say(a_question())
    assert not decision.approved
    assert [(need.quorum, need.voted, need.met) for need in decision.needs] == [(1, (), False)]


def test_a_vote_for_another_text_does_not_count() -> None:
    decision = say(a_question(), ("U0BEN", "approve"), revision=1)
    assert not decision.approved
    assert decision.refused == {}


def test_two_signs_of_one_person_are_one_vote() -> None:
    question = a_question(a_policy(quorum=2))
    assert not say(question, ("U0BEN", "approve"), ("U0BEN", "approve")).approved


@pytest.mark.parametrize("first", ["approve", "reject"])
def test_a_person_with_both_signs_rejects(first: str) -> None:
    second = {"approve": "reject", "reject": "approve"}[first]
    decision = say(a_question(), ("U0BEN", first), ("U0BEN", second))
    assert not decision.approved
    assert decision.rejected_by == ("U0BEN",)
    assert decision.approvers == frozenset()


def test_nobody_approves_what_they_wrote() -> None:
    decision = say(a_question(), ("U0MIA", "approve"))
    assert not decision.approved
    assert decision.refused == {
        "U0MIA": "You wrote or edited part of this; someone else has to approve it."
    }


def test_every_author_of_the_revision_is_excluded() -> None:
    question = a_question(authors=("U0MIA", "U0BEN"))
    assert not say(question, ("U0BEN", "approve")).approved


def test_self_approval_must_be_switched_on() -> None:
    assert say(a_question(a_policy(self_approval=True)), ("U0MIA", "approve")).approved


RELEASE = Item(kind=ItemKind.RELEASE, locale="", before="", after="released")


def test_a_release_is_never_approved_by_who_proposed_it() -> None:
    question = a_question(a_policy(self_approval=True), RELEASE)
    decision = say(question, ("U0MIA", "approve"))
    assert not decision.approved
    assert "never approved by who proposed it" in decision.refused["U0MIA"]
    assert say(question, ("U0BEN", "approve")).approved


@pytest.mark.parametrize(
    ("state", "after", "counts"),
    [
        ("PENDING_DEVELOPER_RELEASE", "AFTER_APPROVAL", False),
        ("PENDING_DEVELOPER_RELEASE", "SCHEDULED 2026-12-01T09:00:00+00:00", False),
        ("PENDING_APPLE_RELEASE", "AFTER_APPROVAL", False),
        ("PENDING_APPLE_RELEASE", "MANUAL", True),
        ("PREPARE_FOR_SUBMISSION", "AFTER_APPROVAL", True),
    ],
)
def test_a_release_type_that_lets_go_an_approved_version_is_a_release(
    state: str, after: str, *, counts: bool
) -> None:
    item = Item(kind=ItemKind.RELEASE_TYPE, locale="", before="MANUAL", after=after)
    question = replace(a_question(a_policy(self_approval=True), item), version_state=state)
    assert say(question, ("U0MIA", "approve")).approved is counts


def test_self_approval_makes_nobody_an_approver() -> None:
    question = a_question(a_policy(self_approval=True), authors=("U0ANN",))
    assert not say(question, ("U0ANN", "approve")).approved


def test_one_rejection_by_an_approver_stops_it() -> None:
    question = a_question(a_policy(approvers=("U0BEN", "U0KEI")))
    decision = say(question, ("U0BEN", "approve"), ("U0KEI", "reject"))
    assert not decision.approved
    assert decision.rejected_by == ("U0KEI",)


def test_a_rejection_by_somebody_who_decides_nothing_stops_nothing() -> None:
    decision = say(a_question(), ("U0BEN", "approve"), ("U0ANN", "reject"))
    assert decision.approved
    assert decision.rejected_by == ()
    assert "U0ANN" in decision.refused


def test_who_decides_one_item_may_stop_the_whole_proposal() -> None:
    policy = a_policy(Rule(locale=("ja",), approvers=("S0JAPAN",)))
    decision = say(
        a_question(policy, SUBTITLE, JAPANESE), ("U0BEN", "approve"), ("U0KEI", "reject")
    )
    assert decision.rejected_by == ("U0KEI",)


def test_every_item_needs_its_own_quorum() -> None:
    policy = a_policy(Rule(locale=("ja",), approvers=("S0JAPAN",)))
    question = a_question(policy, SUBTITLE, JAPANESE)
    assert not say(question, ("U0BEN", "approve")).approved
    assert not say(question, ("U0KEI", "approve")).approved
    assert say(question, ("U0BEN", "approve"), ("U0KEI", "approve")).approved


def test_items_that_the_same_people_decide_are_one_need() -> None:
    policy = a_policy(Rule(locale=("ja",), approvers=("S0JAPAN",)))
    decision = say(a_question(policy, SUBTITLE, JAPANESE, KEYWORDS))
    assert [need.items for need in decision.needs] == [(SUBTITLE, KEYWORDS), (JAPANESE,)]


def test_what_is_missing_is_counted_by_person_and_need_without_the_authors() -> None:
    persons = (frozenset({"U0BEN", "U0BEN2"}),)
    policy = a_policy(
        Rule(locale=("ja",), approvers=("S0JAPAN",), quorum=2), quorum=3, persons=persons
    )
    question = a_question(policy, SUBTITLE, JAPANESE)

    def missing(*users: str, revision: int = 2) -> int:
        return votes_missing(
            question,
            [Vote(user=user, verb=Verb.APPROVE, revision=revision) for user in users],
        )

    assert missing() == 5
    assert missing("U0BEN", "U0BEN2") == missing("U0BEN") == 3
    assert missing("U0MIA") == 5
    assert missing("U0BEN", revision=1) == 5
    assert missing("U0BEN", "U0ANN", "U0KEI", "U0FAR") == 0


def test_a_proposal_without_items_is_never_approved() -> None:
    empty = Question(items=(), policy=a_policy(), bundle_id="b", revision=1, authors=frozenset())
    assert not say(empty, ("U0BEN", "approve")).approved


@pytest.mark.parametrize("approvers", [(), ("S0NOBODY",)])
def test_without_approvers_nobody_approves(approvers: tuple[str, ...]) -> None:
    question = a_question(a_policy(approvers=approvers))
    everybody = [(user, "approve") for user in PEOPLE]
    assert not say(question, *everybody).approved


def test_a_quorum_of_nought_still_asks_one_person() -> None:
    assert not say(a_question(a_policy(quorum=0))).approved


@pytest.mark.parametrize(
    ("user", "word"),
    [
        ("U0BOT", "Bots"),
        ("U0GUEST", "Guests"),
        ("U0GONE", "deactivated"),
        ("U0FAR", "another workspace"),
        ("U0UNKNOWN", "could not be found out"),
    ],
)
def test_some_people_may_not_vote_even_when_named(user: str, word: str) -> None:
    decision = say(a_question(a_policy(approvers=(user, "S0LEADS"))), (user, "approve"))
    assert not decision.approved
    assert word in decision.refused[user]


def test_people_of_another_team_vote_only_within_the_same_grid() -> None:
    cousin = Person(id="U1", team_id="T2", enterprise_id="E1")
    assert why_not_eligible(cousin, team_id="T1", enterprise_id="E1") is None
    assert why_not_eligible(cousin, team_id="T1", enterprise_id="E2") is not None
    assert why_not_eligible(cousin, team_id="T1", enterprise_id=None) is not None


def test_two_teams_outside_any_grid_are_not_one_grid() -> None:
    other = Person(id="U1", team_id="T2", enterprise_id=None)
    assert why_not_eligible(other, team_id="T1", enterprise_id=None) is not None


def test_who_is_no_approver_is_told_which_items_need_whom() -> None:
    policy = a_policy(Rule(locale=("ja",), approvers=("U0KEI",)))
    question = a_question(policy, SUBTITLE, KEYWORDS, JAPANESE)
    assert why_not_vote(question, "U0ANN", ELECTORATE) == (
        "You are not among the approvers. Subtitle (en-US) and 1 more need S0LEADS. "
        "Keywords (ja) needs U0KEI."
    )


def test_who_decides_some_items_is_not_told_anything() -> None:
    policy = a_policy(Rule(locale=("ja",), approvers=("U0KEI",)))
    question = a_question(policy, SUBTITLE, JAPANESE)
    assert why_not_vote(question, "U0KEI", ELECTORATE) is None


def test_the_last_matching_rule_wins_for_each_key_it_sets() -> None:
    policy = a_policy(
        Rule(field=("name", "subtitle"), quorum=2),
        Rule(locale=("ja",), approvers=("S0JAPAN",)),
        Rule(locale=("ja",), field=("subtitle",), quorum=3),
    )
    japanese = an_item(locale="ja", field="subtitle")
    bundle = "com.example.notes"
    assert requirement(policy, SUBTITLE, bundle) == Requirement(approvers=("S0LEADS",), quorum=2)
    assert requirement(policy, JAPANESE, bundle) == Requirement(approvers=("S0JAPAN",), quorum=1)
    assert requirement(policy, japanese, bundle) == Requirement(approvers=("S0JAPAN",), quorum=3)


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule(quorum=5), True),
        (Rule(app=("com.example.notes",), quorum=5), True),
        (Rule(app=("com.example.*",), quorum=5), True),
        (Rule(app=("com.other.notes",), quorum=5), False),
        (Rule(locale=("pt-*",), quorum=5), True),
        (Rule(locale=("pt-br",), quorum=5), True),
        (Rule(locale=("pt",), quorum=5), False),
        (Rule(locale=("ja", "pt-PT"), quorum=5), False),
        (Rule(field=("name",), quorum=5), False),
        (Rule(field=("name", "subtitle"), locale=("*-BR",), quorum=5), True),
        (Rule(field=("subtitle",), locale=("ja",), quorum=5), False),
        (Rule(locale=(), quorum=5), False),
    ],
)
def test_a_rule_matches_by_app_field_and_locale_together(*, rule: Rule, matches: bool) -> None:
    item = an_item(locale="pt-BR", field="subtitle")
    assert (requirement(a_policy(rule), item, "com.example.notes").quorum == 5) is matches


def test_who_decides_names_decides_new_locales() -> None:
    policy = a_policy(Rule(field=("name",), quorum=2))
    assert requirement(policy, a_locale_item(), "b").quorum == 2


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("white_check_mark", Verb.APPROVE),
        ("+1", Verb.APPROVE),
        ("+1::skin-tone-4", Verb.APPROVE),
        ("thumbsup", Verb.APPROVE),
        ("thumbsup::skin-tone-2", Verb.APPROVE),
        ("x", Verb.REJECT),
        ("thumbsdown", Verb.REJECT),
        ("white_check_mark_button", None),
        ("White_Check_Mark", None),
        ("tada", None),
        ("", None),
    ],
)
def test_only_the_configured_emoji_say_something(name: str, verb: Verb | None) -> None:
    assert emoji_verb(a_policy(), name) is verb


def test_a_team_may_write_thumbsup_for_its_sign() -> None:
    assert emoji_verb(a_policy(approve=("thumbsup",)), "+1::skin-tone-6") is Verb.APPROVE


def test_an_emoji_that_is_both_signs_rejects() -> None:
    assert emoji_verb(a_policy(approve=("x",), reject=("x",)), "x") is Verb.REJECT


def test_a_quorum_must_be_reachable_without_the_proposer() -> None:
    two = Requirement(approvers=("S0LEADS", "U0BEN"), quorum=3)
    assert able(two, MEMBERS) == {"U0BEN", "U0MIA", "U0GUEST"}
    assert reachable(two, MEMBERS, a_policy())
    assert not reachable(two, MEMBERS, a_policy(), without={"U0MIA"})
    assert reachable(two, MEMBERS, a_policy(), without={"U0ANN"})


def test_a_group_that_slack_does_not_know_can_reach_nothing() -> None:
    assert not reachable(Requirement(approvers=("S0NOBODY",), quorum=1), MEMBERS, a_policy())
    assert reachable(Requirement(approvers=("U0KEI",), quorum=1), {}, a_policy())


def test_all_requirements_of_a_policy_are_found_with_an_example() -> None:
    policy = a_policy(
        Rule(field=("name",), quorum=2),
        Rule(app=("com.other",), locale=("pt-*",), approvers=("U0KEI",)),
    )
    found = requirements(policy, ("com.example.notes", "com.other"))
    assert {(one.approvers, one.quorum) for one in found} == {
        (("S0LEADS",), 2),
        (("S0LEADS",), 1),
        (("U0KEI",), 2),
        (("U0KEI",), 1),
    }
    assert found[Requirement(approvers=("S0LEADS",), quorum=2)] == "Name of com.example.notes"


SAID = st.lists(st.tuples(st.sampled_from(sorted(PEOPLE)), st.sampled_from(["approve", "reject"])))


@given(SAID)
def test_the_order_of_votes_decides_nothing(said: list[tuple[str, str]]) -> None:
    question = a_question(a_policy(quorum=2, approvers=("U0BEN", "U0KEI", "S0LEADS")))
    one, two = say(question, *said), say(question, *reversed(said))
    assert (one.approved, set(one.rejected_by)) == (two.approved, set(two.rejected_by))


@given(SAID)
def test_nothing_is_approved_without_an_approver_who_did_not_write_it(
    said: list[tuple[str, str]],
) -> None:
    decision = say(a_question(), *said)
    assert decision.approved is (("U0BEN", "approve") in said and ("U0BEN", "reject") not in said)


def joined(**values: Any) -> Policy:
    """Return a policy that knows two accounts of one person, who leads."""
    return a_policy(
        approvers=("U0BEN", "U0KEI", "U0ANN"),
        persons=(frozenset({"U0BEN", "U0KEI"}),),
        **values,
    )


def test_two_accounts_of_one_person_are_one_voter() -> None:
    question = a_question(joined(quorum=2))
    assert not say(question, ("U0BEN", "approve"), ("U0KEI", "approve")).approved
    assert say(question, ("U0KEI", "approve"), ("U0ANN", "approve")).approved


def test_nobody_approves_with_another_account_what_they_wrote() -> None:
    decision = say(a_question(joined(), authors=("U0BEN",)), ("U0KEI", "approve"))
    assert "You wrote or edited part of this" in decision.refused["U0KEI"]


def test_who_rejects_with_one_account_does_not_approve_with_the_other() -> None:
    decision = say(a_question(joined()), ("U0KEI", "approve"), ("U0BEN", "reject"))
    assert not decision.approved
    assert decision.rejected_by == ("U0BEN",)
    assert decision.approvers == frozenset()


@pytest.mark.parametrize(("pattern", "quorum"), [("sub*", 2), ("*", 2), ("*Url", 1)])
def test_a_rule_may_name_fields_by_a_pattern(pattern: str, quorum: int) -> None:
    policy = a_policy(Rule(field=(pattern,), quorum=2))
    assert requirement(policy, SUBTITLE, "com.example.notes").quorum == quorum


def revised(policy: Policy, before: tuple[Item, ...], *items: Item) -> Question:
    """Return the question of revision 2, which replaced one with the items `before`."""
    first = [replace(item, since=1) for item in founded(before, policy, "com.example.notes")]
    return a_question(policy, *founded(items, policy, "com.example.notes", before=first))


def test_a_vote_survives_an_edit_for_what_was_left_alone() -> None:
    question = revised(a_policy(), (SUBTITLE, KEYWORDS), SUBTITLE, replace(KEYWORDS, after="b"))
    decision = say(question, ("U0BEN", "approve"), revision=1)
    assert [(need.items[0].field, need.voted) for need in decision.needs] == [
        ("subtitle", ("U0BEN",)),
        ("keywords", ()),
    ]
    assert not decision.approved


def test_a_vote_survives_when_an_edit_only_takes_something_out() -> None:
    assert say(
        revised(a_policy(), (SUBTITLE, KEYWORDS), SUBTITLE), ("U0BEN", "approve"), revision=1
    ).approved


@pytest.mark.parametrize(
    "edited",
    [
        replace(SUBTITLE, after="another"),
        replace(SUBTITLE, before="another"),
        replace(SUBTITLE, locale="en-GB"),
        replace(SUBTITLE, field="keywords"),
    ],
    ids=["text", "baseline", "locale", "field"],
)
def test_no_vote_survives_for_what_was_changed(edited: Item) -> None:
    question = revised(a_policy(), (SUBTITLE,), edited)
    assert not say(question, ("U0BEN", "approve"), revision=1).approved


def test_no_vote_survives_where_the_rule_is_another() -> None:
    question = revised(a_policy(), (SUBTITLE,), SUBTITLE)
    stricter = replace(question, policy=a_policy(Rule(approvers=("U0BEN", "U0KEI"))))
    assert say(question, ("U0BEN", "approve"), revision=1).approved
    assert not say(stricter, ("U0BEN", "approve"), revision=1).approved
    assert say(stricter, ("U0BEN", "approve")).approved


def test_keeping_votes_can_be_switched_off() -> None:
    question = revised(a_policy(keep_votes=False), (SUBTITLE,), SUBTITLE)
    assert not say(question, ("U0BEN", "approve"), revision=1).approved


def test_a_rejection_ends_with_the_revision_it_was_given_to() -> None:
    question = revised(a_policy(), (SUBTITLE,), SUBTITLE)
    assert say(question, ("U0BEN", "reject"), revision=1).rejected_by == ()


def test_an_author_of_the_edit_has_no_vote_left_from_before() -> None:
    question = replace(
        revised(a_policy(), (SUBTITLE,), SUBTITLE), authors=frozenset({"U0MIA", "U0BEN"})
    )
    assert not say(question, ("U0BEN", "approve"), revision=1).approved


CONFIRMED = a_policy(Rule(field=("subtitle",), confirm=True))


def press(user: str = "U0BEN", revision: int = 2, item: Item = SUBTITLE) -> Confirmed:
    """Return a Confirm of one item, which had its votes."""
    return Confirmed(user=user, revision=revision, items=frozenset({item.which}))


def test_where_a_rule_asks_for_it_votes_are_not_enough_without_confirm() -> None:
    question = a_question(CONFIRMED, SUBTITLE)
    votes = [Vote(user="U0BEN", verb=Verb.APPROVE, revision=2)]
    (need,) = decide(question, votes, ELECTORATE).needs
    assert need.unconfirmed
    assert not need.met
    pressed = [press()]
    assert decide(question, votes, ELECTORATE, pressed).approved


@pytest.mark.parametrize(
    ("user", "revision"), [("U0MIA", 2), ("U0GUEST", 2), ("U0KEI", 2), ("U0BEN", 1)]
)
def test_confirm_counts_from_who_may_approve_this_revision(user: str, revision: int) -> None:
    question = a_question(CONFIRMED, SUBTITLE)
    votes = [Vote(user="U0BEN", verb=Verb.APPROVE, revision=2)]
    pressed = [press(user, revision)]
    assert not decide(question, votes, ELECTORATE, pressed).approved


def test_confirm_says_nothing_of_what_does_not_ask_for_it() -> None:
    question = a_question(CONFIRMED, SUBTITLE, KEYWORDS)
    votes = [Vote(user="U0BEN", verb=Verb.APPROVE, revision=2)]
    decision = decide(question, votes, ELECTORATE, [press()])
    assert [need.confirmed_by for need in decision.needs] == [("U0BEN",), ()]


def test_confirm_says_nothing_of_what_had_no_votes_when_it_was_pressed() -> None:
    question = a_question(CONFIRMED, SUBTITLE)
    votes = [Vote(user="U0BEN", verb=Verb.APPROVE, revision=2)]
    assert not decide(question, votes, ELECTORATE, [press(item=KEYWORDS)]).approved


def test_confirm_alone_is_no_vote() -> None:
    question = a_question(CONFIRMED, SUBTITLE)
    assert not decide(question, [], ELECTORATE, [press()]).approved


@pytest.mark.parametrize(("quorum", "short"), [(1, False), (2, True)])
def test_a_need_says_when_too_few_besides_the_author_may_decide_it(
    quorum: int, *, short: bool
) -> None:
    question = a_question(a_policy(approvers=("U0MIA", "U0BEN"), quorum=quorum))
    assert [need.short for need in say(question).needs] == [short]


def test_two_accounts_of_one_person_are_one_of_those_who_may_decide() -> None:
    wanted = Requirement(approvers=("U0BEN", "U0KEI"), quorum=2)
    assert reachable(wanted, {}, a_policy())
    assert not reachable(wanted, {}, joined())


def test_a_requirement_of_locales_in_brackets_is_met_by_some_item() -> None:
    rule = Rule(locale=("[jk]*",), approvers=("S0EMPTY",), quorum=3)
    policy = Policy(approvers=("U0BEN",), rules=(rule,))
    assert 3 in {one.quorum for one in requirements(policy, ["com.example.tidewell"])}
