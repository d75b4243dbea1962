from dataclasses import replace

import pytest

from bot.domain.actions import ACTIONS
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.proposals import Status
from bot.domain.wishes import item
from bot.slack.faces.actions import WORDS
from bot.slack.faces.blocks import MESSAGE_BUDGET, weight
from bot.slack.faces.details import details_view
from bot.slack.faces.messages import Message, proposal_message, thread_messages
from bot.slack.faces.records import push_blocks
from bot.slack.faces.results import result_reply
from bot.slack.faces.wording import items_label, size_of
from bot.workflow.cards import LocaleProgress
from tests.builders import a_card, a_history_entry, a_need, a_proposal, an_item
from tests.slack.limits import elements, message, violations, words

SUBMIT = item(ItemKind.SUBMIT, "2.4.0 (341)", "submitted")
RELEASE = item(ItemKind.RELEASE, "PENDING_DEVELOPER_RELEASE", "released")
BUILD = item(ItemKind.BUILD, "2.4.0 (340)", "2.4.0 (341)")
PAUSE = item(ItemKind.PHASED, "ACTIVE", "PAUSED")
NEW = item(ItemKind.NEW_VERSION, "", "2.5.0")
COPY = item(ItemKind.COPY_TEXTS, "", "2.4.0")


def of(*items: Item, status: Status = Status.OPEN, **values: object) -> Message:
    return proposal_message(a_card(a_proposal(items=items, status=status), **values))


def buttons(built: Message) -> list[str]:
    return [each["text"]["text"] for each in elements(built.blocks, "button")]


def test_every_kind_that_acts_is_put_into_words() -> None:
    assert set(WORDS) == set(ACTIONS)


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        (SUBMIT, "Submit 2.4.0 with build 2.4.0 (341) for review"),
        (RELEASE, "Release 2.4.0 to the App Store: public at once"),
        (BUILD, "Choose build 2.4.0 (341) for 2.4.0 instead of 2.4.0 (340)"),
        (replace(BUILD, after=""), "Take build 2.4.0 (340) out of 2.4.0"),
        (PAUSE, "Pause the phased release of 2.4.0"),
        (replace(PAUSE, after="COMPLETE"), "Release 2.4.0 to everybody now"),
        (replace(PAUSE, after="ODD"), "the phased release: ODD"),
        (NEW, "New version 2.5.0"),
        (COPY, "Take over the texts of 2.4.0, all but what's new"),
        (item(ItemKind.CANCEL, "submitted", "canceled"), "Take 2.4.0 out of review"),
        (item(ItemKind.RELEASE_TYPE, "", "MANUAL"), "2.4.0 is released by hand"),
        (
            item(ItemKind.RELEASE_TYPE, "MANUAL", "SCHEDULED 2026-12-01T09:00:00+00:00"),
            "2.4.0 is released not before",
        ),
    ],
)
def test_each_act_is_said_in_a_sentence_and_without_a_locale(acts: Item, said: str) -> None:
    told = words(of(acts).blocks)
    assert said in told
    assert "locale" not in told
    assert "()" not in told


def test_an_act_is_counted_by_its_name() -> None:
    assert size_of([SUBMIT]) == "the submission for review"
    assert size_of([an_item(), SUBMIT]) == (
        "1 change in Japanese (ja) and the submission for review"
    )
    assert items_label([SUBMIT], 1) == "the submission for review"
    assert items_label([an_item(), SUBMIT], 2) == "all changes"
    assert items_label([SUBMIT], 2) == "the submission for review"
    assert "Proposal 12, open: the submission for review of Notes 2.4.0" in of(SUBMIT).text


def test_a_version_that_is_still_to_be_made_has_no_state() -> None:
    proposal = a_proposal(items=(NEW, COPY), version_state="", version_number="2.5.0")
    assert "not made yet" in words(proposal_message(a_card(proposal)).blocks)


def test_who_proposed_it_is_named_as_who_cannot_approve_it() -> None:
    told = words(of(RELEASE).blocks)
    assert "nobody approves what they proposed" in told
    assert "nobody approves" not in words(of(RELEASE, self_approval=True).blocks)
    assert "nobody approves" not in words(of(an_item()).blocks)


def test_a_push_tells_which_step_waits_for_apple() -> None:
    progress = (
        LocaleProgress(locale="", state="done", item=NEW),
        LocaleProgress(locale="", state="acting", item=COPY),
        LocaleProgress(locale="", state="waiting", item=BUILD),
    )
    told = words(of(NEW, COPY, BUILD, status=Status.PUSHING, progress=progress).blocks)
    assert "1 of 3 steps done, 1 under way, 1 waiting." in told
    assert "✓ New version    Version 2.5.0 is there" in told
    assert "… Copied texts   waiting for Apple" in told


def test_what_failed_says_why_and_what_came_after_it() -> None:
    failed = replace(SUBMIT, state=ItemState.FAILED, problem="Apple says: no build.")
    told = of(failed, status=Status.FAILED)
    assert "✗ Submission   failed. Apple says: no build." in words(told.blocks)
    assert "Retry failed" in buttons(told)


def test_what_came_of_it_is_said_in_the_result() -> None:
    done = replace(SUBMIT, state=ItemState.DONE)
    card = a_card(a_proposal(items=(done,), status=Status.PUSHED))
    assert "✅ Submitted: waiting for review." in result_reply(card, ()).text
    assert "Submitted: waiting for review" in words(proposal_message(card).blocks)


def test_a_stale_act_says_how_it_stands_now() -> None:
    stale = replace(BUILD, state=ItemState.STALE, problem="Another build was chosen.")
    told = of(stale)
    assert "How it stands at Apple changed since" in words(told.blocks)
    assert "Another build was chosen." in words(told.blocks)
    assert "Propose again" in buttons(told)


def test_revert_is_offered_only_where_something_can_be_undone() -> None:
    assert "Revert" in buttons(of(BUILD, status=Status.PUSHED))
    assert "Revert" not in buttons(of(RELEASE, status=Status.PUSHED))


def test_texts_and_acts_stand_in_one_message_and_acts_never_in_a_thread() -> None:
    long = an_item(field="description", before="a " * 900, after="b " * 900)
    card = a_card(a_proposal(items=(long, SUBMIT)))
    told = words(proposal_message(card).blocks)
    assert "Japanese (ja)" in told
    assert "for review" in told
    thread = thread_messages(card)
    assert thread
    assert all("for review" not in words(each.blocks) for each in thread)


def test_the_details_tell_acts_with_their_problem_and_what_apple_has() -> None:
    stale = replace(BUILD, state=ItemState.STALE, problem="Another build was chosen.")
    card = a_card(a_proposal(items=(stale,)), stale_now={("", "build"): "2.4.0 (339)"})
    told = words(details_view(card)["blocks"])
    assert "Choose build 2.4.0 (341)" in told
    assert "Another build was chosen." in told
    assert "At Apple now: 2.4.0 (339)" in told


def test_the_history_tells_what_was_done() -> None:
    entry = a_history_entry(locale="", field="submitted", before="2.4.0 (341)", after="submitted")
    blocks, shown = push_blocks([entry, replace(entry, field="build", after="2.4.0 (341)")])
    assert shown == 2
    assert "Submitted: waiting for review" in words(blocks)
    assert "Build 2.4.0 (341) is chosen" in words(blocks)


@pytest.mark.parametrize("status", Status)
def test_every_kind_together_fits_one_message_in_every_status(status: Status) -> None:
    strange = "<!channel>`x`שלום" * 30
    items = tuple(
        replace(
            item(kind, strange, strange), state=ItemState.FAILED, problem="Apple refused. " * 90
        )
        for kind in ACTIONS
    )
    texts = tuple(
        an_item(locale=code, field="description", before="a " * 900, after="b " * 900)
        for code in ("ja", "de-DE", "fr-FR", "th", "it", "ko")
    )
    every = (*texts, *items)
    needs = (a_need(every),) if status is Status.OPEN else ()
    built = proposal_message(a_card(a_proposal(items=every, status=status), needs=needs))
    assert violations(message(built)) == []
    assert len(built.blocks) <= 50
    assert weight(built.blocks) <= MESSAGE_BUDGET + 500
    assert "<!channel>" not in built.text
