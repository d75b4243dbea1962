from bot.domain.items import ItemState
from bot.domain.proposals import Status
from bot.slack.faces.releases import release_notification
from bot.slack.faces.reminders import reminder
from bot.slack.faces.results import result_reply, vote_refused
from bot.workflow.cards import LocaleProgress, ReleaseCard
from tests.builders import (
    a_card,
    a_history_entry,
    a_proposal,
    a_release,
    a_reminder,
    an_item,
)
from tests.slack.limits import elements, message, violations, words

FAILED = (
    LocaleProgress(locale="ja", state="failed", problems=("The name is taken.", "Choose another.")),
)


def mentioned(built: object) -> list[str]:
    return [each["user_id"] for each in elements(built.blocks, "user")]  # type: ignore[attr-defined]


def test_a_good_end_tells_the_proposer_alone() -> None:
    built = result_reply(a_card(a_proposal(status=Status.PUSHED)), ("U0BEN",))
    assert mentioned(built) == ["U0MIA"]
    assert "Pushed: 1 change in Japanese (ja)" in words(built.blocks)


def test_a_live_change_is_said_to_be_public() -> None:
    built = result_reply(a_card(a_proposal(status=Status.PUSHED, live=True)), ())
    assert "Public now." in built.text


def test_a_failure_tells_the_approvers_too_and_what_to_do() -> None:
    card = a_card(a_proposal(status=Status.PARTIAL), progress=FAILED)
    built = result_reply(card, ("U0BEN", "U0MIA"))
    assert mentioned(built) == ["U0MIA", "U0BEN"]
    assert "The name is taken. Choose another." in words(built.blocks)
    assert "Retry failed" in words(built.blocks)
    assert violations(message(built)) == []


def test_a_refused_vote_names_people_instead_of_their_ids() -> None:
    built = vote_refused("Name (ja) needs S0JAPAN or U0BEN.")
    assert mentioned(built) == ["U0BEN"]
    assert elements(built.blocks, "usergroup")[0]["usergroup_id"] == "S0JAPAN"
    assert "Name (ja) needs <!subteam^S0JAPAN> or <@U0BEN>." in built.text


def test_a_reason_without_ids_is_said_as_it_is() -> None:
    reason = "You wrote or edited part of this; someone else has to approve it."
    assert reason in words(vote_refused(reason).blocks)


def test_a_release_is_announced_with_the_changes_that_went_with_it() -> None:
    built = release_notification(a_release())
    said = words(built.blocks)
    assert "Notes 2.4.0 for iOS: Ready for Distribution" in said
    assert "Japanese (ja): Subtitle. Proposal 12 by " in said
    assert mentioned(built) == ["U0MIA", "U0BEN"]
    assert built.text == (
        "Notes 2.4.0 for iOS is now Ready for Distribution. It is on the App Store."
    )


def test_changes_of_one_proposal_are_one_line_of_the_announcement() -> None:
    changes = (a_history_entry(), a_history_entry(field="name"), a_history_entry(proposal=13))
    built = release_notification(a_release(changes=changes))
    (listed,) = elements(built.blocks, "rich_text_list")
    assert len(listed["elements"]) == 2
    assert "Japanese (ja): Name, Subtitle. Proposal 12" in words(listed)


def test_locales_of_an_announcement_are_told_apart_and_new_ones_named() -> None:
    changes = (
        a_history_entry(field="name", before="", after="Notizen", locale="de-DE"),
        a_history_entry(field="", before="", after="present", locale="de-DE"),
        a_history_entry(),
    )
    said = words(release_notification(a_release(changes=changes)).blocks)
    assert "German (de-DE): new locale, Name; Japanese (ja): Subtitle. Proposal 12" in said


def test_a_part_that_arrived_is_counted() -> None:
    items = (an_item(state=ItemState.DONE), an_item(field="name", state=ItemState.FAILED))
    built = result_reply(a_card(a_proposal(status=Status.PARTIAL, items=items)), ())
    assert "1 of 2 changes did not arrive." in built.text


def test_a_refused_vote_can_be_taken_back() -> None:
    assert "You can take the reaction back." in words(vote_refused("Guests cannot.").blocks)


def test_the_same_reason_is_told_once_for_all_the_locales_it_stopped() -> None:
    progress = tuple(
        LocaleProgress(locale=code, state="failed", problems=("It is in review.",))
        for code in ("ja", "de-DE")
    )
    built = result_reply(a_card(a_proposal(status=Status.FAILED), progress=progress), ())
    assert "Japanese (ja) and German (de-DE)" in words(built.blocks)
    assert words(built.blocks).count("It is in review.") == 1


def test_a_release_without_changes_says_so() -> None:
    built = release_notification(a_release(changes=()))
    assert "No text of this version was changed through Marquee." in words(built.blocks)


def test_a_state_nobody_has_heard_of_is_announced_as_it_is() -> None:
    card: ReleaseCard = a_release(new_state="ON_THE_MOON")
    assert "ON_THE_MOON" in release_notification(card).text


def test_a_reminder_says_since_when_and_what_to_do() -> None:
    built = reminder(a_reminder())
    said = words(built.blocks)
    assert "Pending Developer Release. Seen since" in said
    assert "Release it when ready" in said


def test_a_release_with_changes_in_fifty_locales_fits_one_message() -> None:
    changes = tuple(
        a_history_entry(locale=f"x-{number}", proposal=number, approvers=("U0BEN", "U0OMAR"))
        for number in range(200)
    )
    assert violations(message(release_notification(a_release(changes=changes)))) == []
