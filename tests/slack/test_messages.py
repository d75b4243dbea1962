from dataclasses import replace

import pytest

from bot.domain.items import Item, ItemState
from bot.domain.proposals import Status
from bot.domain.rebasing import DRIFTED
from bot.domain.validation import Finding, Severity
from bot.slack import ids
from bot.slack.faces.messages import Message, proposal_message, superseded_message, thread_messages
from bot.workflow.cards import LocaleProgress
from tests.builders import a_card, a_locale_item, a_need, a_proposal, an_item
from tests.slack.limits import elements, message, violations, words


def styled(built: Message, style: str) -> str:
    found = elements(built.blocks, "text")
    return "".join(each["text"] for each in found if each.get("style", {}).get(style))


def buttons(built: Message) -> list[str]:
    return [each["text"]["text"] for each in elements(built.blocks, "button")]


def with_status(status: Status, **values: object) -> Message:
    return proposal_message(a_card(a_proposal(status=status), **values))


def test_the_heading_names_app_version_and_platform() -> None:
    built = proposal_message(a_card())
    assert built.blocks[0]["text"]["text"] == "Notes 2.4.0 for iOS"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.OPEN, "Open"),
        (Status.APPROVED, "Approved"),
        (Status.PUSHING, "Pushing"),
        (Status.PUSHED, "Pushed"),
        (Status.PARTIAL, "Partly pushed"),
        (Status.FAILED, "Failed"),
        (Status.REJECTED, "Rejected"),
        (Status.WITHDRAWN, "Withdrawn"),
        (Status.EXPIRED, "Expired"),
        (Status.SUPERSEDED, "Superseded"),
    ],
)
def test_each_status_is_said_in_its_word(status: Status, said: str) -> None:
    built = with_status(status)
    assert said in words(built.blocks)
    assert said.lower() in built.text
    assert violations(message(built)) == []


def test_the_state_of_the_version_is_said_in_apples_words() -> None:
    assert "Prepare for Submission" in words(proposal_message(a_card()).blocks)


def test_who_proposes_is_named_and_why_is_quoted() -> None:
    built = proposal_message(a_card())
    assert {"type": "user", "user_id": "U0MIA"} in elements(built.blocks, "user")
    assert "People search for a notebook." in words(elements(built.blocks, "rich_text_quote"))


def test_what_goes_is_struck_and_what_comes_is_bold() -> None:
    item = an_item(locale="en-US", before="Write it down", after="Write it all down")
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert "all" in styled(built, "bold")
    assert "Write" not in styled(built, "strike")


def test_each_change_shows_its_count() -> None:
    item = an_item(locale="en-US", before="", after="Twenty-eight letters in here")
    assert "28 of 30" in words(proposal_message(a_card(a_proposal(items=(item,)))).blocks)


def test_an_emptied_field_is_said_to_be_emptied() -> None:
    item = an_item(locale="en-US", before="Write it down", after="")
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert "emptied" in words(built.blocks)
    assert styled(built, "strike") == "Write it down"


def test_a_new_locale_is_said_to_come() -> None:
    items = (a_locale_item("th"), an_item(locale="th", field="name", before="", after="โน้ต"))
    said = words(proposal_message(a_card(a_proposal(items=items))).blocks)
    assert "Thai (th)" in said
    assert "New locale" in said


def test_a_change_of_the_live_version_is_marked_public_at_once() -> None:
    item = an_item(field="promotionalText")
    built = proposal_message(a_card(a_proposal(items=(item,), live=True)))
    assert "public at once" in words(built.blocks)


def test_a_change_of_blanks_alone_is_put_into_words() -> None:
    item = an_item(field="description", before="One.\nTwo.", after="One.\n\nTwo.")
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert "Only blanks or line breaks differ." in words(built.blocks)


def test_warnings_are_shown_with_their_place() -> None:
    finding = Finding(
        severity=Severity.WARNING, locale="ja", field="keywords", message="Used twice: メモ."
    )
    said = words(proposal_message(a_card(findings=(finding,))).blocks)
    assert "Japanese (ja), Keywords: " in said
    assert "Used twice: メモ." in said


def test_approvals_say_how_many_of_whom_and_who_already() -> None:
    need = a_need(quorum=2, voted=("U0OMAR",))
    built = proposal_message(a_card(needs=(need,)))
    assert "1 of 2 for the change" in words(built.blocks)
    assert [each["usergroup_id"] for each in elements(built.blocks, "usergroup")] == ["S0ASOLEADS"]
    assert [each["user_id"] for each in elements(built.blocks, "user")] == [
        "U0MIA",
        "U0OMAR",
        "U0BEN",
    ]


def test_a_message_posted_again_counts_approvers_instead_of_calling_them() -> None:
    built = proposal_message(a_card(), notify=False)
    assert elements(built.blocks, "usergroup") == []
    assert "From 1 user group and 1 person." in words(built.blocks)


def test_a_need_without_approvers_says_that_nobody_may() -> None:
    built = proposal_message(a_card(needs=(a_need(approvers=()),)))
    assert "Nobody may approve this yet" in words(built.blocks)


def test_the_emoji_that_decide_are_shown() -> None:
    built = proposal_message(a_card())
    shown = [each["name"] for each in elements(built.blocks, "emoji")]
    assert shown == ["white_check_mark", "+1", "x"]


def test_self_approval_is_noted_while_it_is_on() -> None:
    said = words(proposal_message(a_card(self_approval=True)).blocks)
    assert "Self-approval is on" in said
    assert "Self-approval" not in words(proposal_message(a_card()).blocks)


def test_an_open_proposal_offers_details_edit_and_withdraw() -> None:
    built = proposal_message(a_card())
    assert buttons(built) == ["Details", "Edit", "Withdraw"]
    assert {each["value"] for each in elements(built.blocks, "button")} == {"12"}


def test_withdrawing_is_asked_about_first() -> None:
    (button,) = [
        each
        for each in elements(proposal_message(a_card()).blocks, "button")
        if each["action_id"] == ids.WITHDRAW
    ]
    assert button["confirm"]["confirm"]["text"] == "Withdraw"


def test_a_pushed_proposal_offers_to_revert_and_links_to_apple() -> None:
    built = with_status(Status.PUSHED)
    assert buttons(built) == ["Details", "Revert"]
    assert "appstoreconnect" in elements(built.blocks, "link")[0]["url"]


def test_a_partly_pushed_proposal_offers_retry_and_revert() -> None:
    items = (an_item(state=ItemState.FAILED), an_item(locale="fr-FR", state=ItemState.DONE))
    built = proposal_message(a_card(a_proposal(status=Status.PARTIAL, items=items)))
    assert buttons(built) == ["Details", "Propose again", "Retry failed", "Revert"]


def test_a_proposal_that_ended_offers_to_propose_it_again_unless_another_took_its_place() -> None:
    for status in (Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED):
        assert buttons(with_status(status)) == ["Details", "Propose again"]
    assert buttons(with_status(Status.SUPERSEDED)) == ["Details"]


def test_a_stale_proposal_says_what_apple_holds_and_offers_to_propose_again() -> None:
    card = a_card(
        a_proposal(items=(an_item(state=ItemState.STALE, problem=DRIFTED),)),
        stale_now={("ja", "subtitle"): "毎日の日記"},
    )
    built = proposal_message(card)
    assert "Stale" in words(built.blocks)
    assert "Apple now holds: 毎日の日記" in words(built.blocks)
    assert buttons(built) == ["Details", "Rebase", "Propose again", "Withdraw"]


def test_a_push_under_way_counts_its_locales_and_puts_trouble_first() -> None:
    progress = (
        LocaleProgress(locale="ja", state="done"),
        LocaleProgress(locale="de-DE", state="failed", problems=("Too long. Shorten it.",)),
        LocaleProgress(locale="th", state="waiting"),
    )
    built = with_status(Status.PUSHING, progress=progress)
    said = words(built.blocks)
    assert "1 of 3 locales done, 1 failed, 1 waiting." in said
    assert said.index("German (de-DE)") < said.index("Thai (th)") < said.rindex("Japanese (ja)")


def test_a_failure_says_what_to_do_about_it() -> None:
    item = an_item(state=ItemState.FAILED, problem="The name is taken. Choose another one.")
    built = proposal_message(a_card(a_proposal(status=Status.FAILED, items=(item,))))
    assert "The name is taken. Choose another one." in words(built.blocks)


LOCKED = "Name: cannot be changed in this state. Apple says: It is in review."
TAKEN = "Name: already taken. Apple says: The name is used by another app."


@pytest.mark.parametrize(
    ("problem", "advice", "loud"),
    [
        ("Apple answered 500. Apple says: Oops. Try again later.", "sends only", "Retry failed"),
        (TAKEN, "mend it with Propose again", "Propose again"),
        (LOCKED, "When it does again, Retry failed", "Propose again"),
    ],
)
def test_the_advice_fits_why_it_failed(problem: str, advice: str, loud: str) -> None:
    item = an_item(field="name", state=ItemState.FAILED, problem=problem)
    built = proposal_message(a_card(a_proposal(status=Status.FAILED, items=(item,))))
    assert advice in words(built.blocks)
    styled_buttons = [e for e in elements(built.blocks, "button") if e.get("style") == "primary"]
    assert [each["text"]["text"] for each in styled_buttons] == [loud]


def test_a_reason_that_repeats_another_is_left_out() -> None:
    because = f"Not written, because Name was refused in the same request: {TAKEN}"
    items = (
        an_item(field="name", state=ItemState.FAILED, problem=TAKEN),
        an_item(state=ItemState.FAILED, problem=because),
    )
    built = proposal_message(a_card(a_proposal(status=Status.FAILED, items=items)))
    assert words(built.blocks).count("used by another app") == 1


def test_an_approval_that_may_count_for_two_groups_is_not_counted_twice() -> None:
    items = (an_item(), an_item(field="name"))
    card = a_card(a_proposal(items=items), needs=(a_need(items[:1]), a_need(items[1:])))
    assert proposal_message(card).text.endswith(" Waiting for approval.")


def test_an_approved_proposal_promises_no_moment() -> None:
    said = words(with_status(Status.APPROVED).blocks)
    assert "when its turn comes and Apple takes requests" in said


def test_what_ended_was_proposed_and_what_has_not_is() -> None:
    assert " proposes 1 change" in words(proposal_message(a_card()).blocks)
    for status in (Status.PUSHED, Status.REJECTED, Status.FAILED):
        assert " proposed 1 change" in words(with_status(status).blocks)


def test_a_push_of_one_locale_has_no_bar() -> None:
    one = (LocaleProgress(locale="ja", state="writing"),)
    two = (*one, LocaleProgress(locale="th", state="done"))
    assert "▱" not in words(with_status(Status.PUSHING, progress=one).blocks)
    assert "▰" in words(with_status(Status.PUSHING, progress=two).blocks)


def test_a_locales_sign_stands_without_a_bullet() -> None:
    progress = (LocaleProgress(locale="ja", state="done"),)
    built = with_status(Status.PUSHED, progress=progress)
    assert elements(built.blocks, "rich_text_list") == []
    assert "✓ Japanese (ja)" in words(built.blocks)


def test_reverting_is_asked_about_first() -> None:
    (button,) = [
        each
        for each in elements(with_status(Status.PUSHED).blocks, "button")
        if each["action_id"] == ids.REVERT
    ]
    assert button["confirm"]["confirm"]["text"] == "Propose the revert"


def test_a_rewritten_text_stands_whole_below_the_whole_old_one() -> None:
    before, after = "A quiet home for notes", "Write down all that matters for you"
    item = an_item(locale="en-US", field="promotionalText", before=before, after=after)
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert (styled(built, "strike"), after in styled(built, "bold")) == (before, True)
    drawn = elements(built.blocks, "rich_text_quote")[-1]["elements"]
    assert [each["text"] for each in drawn] == [before, "\n", after]


def test_a_text_that_only_grew_is_no_rewritten_one() -> None:
    item = an_item(locale="en-US", before="Notes", after="Notes that stay where you left them")
    assert styled(proposal_message(a_card(a_proposal(items=(item,)))), "strike") == ""


def test_a_rewritten_long_text_shows_how_it_begins_in_the_channel() -> None:
    before, after = "Früher war hier Text. " * 100, "Jetzt steht da etwas. " * 100
    item = an_item(locale="de-DE", field="description", before=before, after=after)
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert styled(built, "strike").startswith("Früher war hier Text.")
    assert "Jetzt steht da etwas." in styled(built, "bold")
    assert len(styled(built, "strike")) <= 200
    assert "The whole text is in the thread." in words(built.blocks)


def test_many_changes_of_a_long_text_show_the_first_passages() -> None:
    before = "".join(f"{number}: {'as it is now, ' * 9}and was before.\n" for number in range(18))
    after = before.replace("was", "stood")
    item = an_item(locale="en-US", field="description", before=before, after=after)
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert styled(built, "strike").startswith("was")
    assert len(words(built.blocks)) < 2000


def test_a_new_locales_fields_need_not_say_that_they_were_empty() -> None:
    items = (a_locale_item("th"), an_item(locale="th", field="name", before="", after="โน้ต"))
    assert "was empty" not in words(proposal_message(a_card(a_proposal(items=items))).blocks)
    assert "was empty" in words(proposal_message(a_card(a_proposal(items=items[1:]))).blocks)


def test_who_rejected_is_named() -> None:
    built = with_status(Status.REJECTED, rejected_by=("U0BEN",))
    assert {"type": "user", "user_id": "U0BEN"} in elements(built.blocks, "user")


def test_an_older_revision_says_which_one_replaced_it() -> None:
    built = proposal_message(a_card(a_proposal(revision=3), current=False))
    assert "Replaced by revision 3" in words(built.blocks)
    assert buttons(built) == []


def test_an_older_revision_links_to_the_new_one() -> None:
    card = a_card(a_proposal(revision=3), current=False)
    built = superseded_message(card, link="https://team.example/p3")
    assert elements(built.blocks, "link")[0]["url"] == "https://team.example/p3"


def test_the_plain_sentence_says_the_same() -> None:
    assert proposal_message(a_card()).text == (
        "Proposal 12, open: 1 change in Japanese (ja) of Notes 2.4.0 for iOS. "
        "Waiting for 1 approval."
    )


def test_short_texts_need_no_thread() -> None:
    assert thread_messages(a_card()) == ()


def long_item(locale: str = "en-US", field: str = "description") -> Item:
    before = "A quiet place. " * 200
    return an_item(locale=locale, field=field, before=before, after=before.upper())


def test_a_long_text_goes_into_the_thread_with_its_locales_other_changes() -> None:
    items = (an_item(locale="en-US"), long_item(), an_item(locale="ja"))
    (thread,) = thread_messages(a_card(a_proposal(items=items)))
    assert thread.locale == "en-US"
    assert thread.text == "English (U.S., en-US): Subtitle and Description."
    assert "A QUIET PLACE." in words(thread.blocks)


def test_a_small_change_of_a_long_text_shows_its_surroundings_in_the_channel() -> None:
    before = "A quiet place for notes. " * 100
    after = before.replace("quiet", "calm", 1)
    item = an_item(locale="en-US", field="description", before=before, after=after)
    built = proposal_message(a_card(a_proposal(items=(item,))))
    said = words(built.blocks)
    assert styled(built, "strike") == "quiet"
    assert "quiet \u2009 calm  place for notes." in said
    assert len(said) < 1500
    assert "The whole text is in the thread." in said


def test_once_the_thread_stands_the_message_links_to_it() -> None:
    card = a_card(a_proposal(items=(long_item(),)), needs=(a_need((long_item(),)),))
    built = proposal_message(card, links={"en-US": "https://team.example/t1"})
    urls = [each["url"] for each in elements(built.blocks, "link")]
    assert urls == ["https://team.example/t1", "https://team.example/t1"]


def test_links_never_push_a_change_out_of_the_message() -> None:
    items = tuple(long_item(locale) for locale in ("en-US", "ja", "de-DE", "fr-FR", "th", "it"))
    card = a_card(a_proposal(items=items))
    links = {item.locale: "https://team.example/" + "x" * 300 for item in items}
    bare, linked = proposal_message(card), proposal_message(card, links=links)
    assert len(bare.blocks) == len(linked.blocks)
    assert violations(message(linked)) == []


def test_a_locale_too_long_for_one_message_has_several_numbered_ones() -> None:
    items = tuple(
        an_item(locale="ja", field=field, before="あ" * 4000, after="い" * 4000)
        for field in ("description", "whatsNew")
    )
    thread = thread_messages(a_card(a_proposal(items=items)))
    assert len(thread) > 1
    assert thread[0].blocks[0]["text"]["text"] == f"Japanese (ja), 1 of {len(thread)}"
    whole = "".join(words(each.blocks) for each in thread)
    assert whole.count("あ") == whole.count("い") == 8000


def test_a_long_text_in_the_thread_is_cut_where_a_line_ends() -> None:
    lines = [f"Line {number} of many, which says a little.\n" for number in range(90)]
    after = "".join([*lines[:40], "Another line.\n", *lines[41:]])
    item = an_item(locale="en-US", field="description", before="".join(lines), after=after)
    (thread,) = thread_messages(a_card(a_proposal(items=(item,))))
    quoted = ["".join(each["text"] for each in quotation["elements"])
              for quotation in elements(thread.blocks, "rich_text_quote")]  # fmt: skip
    assert len(quoted) > 1
    assert all(each.endswith("\n") for each in quoted)


def test_what_does_not_fit_is_counted_and_in_the_thread() -> None:
    items = tuple(
        an_item(locale=locale, field="promotionalText", before="x " * 80, after="y " * 80)
        for locale in ("en-US", "ja", "de-DE", "fr-FR", "th", "it", "sv", "da", "fi", "no", "ko",
                       "pl", "cs", "sk", "hr", "uk", "ru", "tr", "vi", "hi")
    )  # fmt: skip
    card = a_card(a_proposal(items=items))
    said = words(proposal_message(card).blocks)
    in_thread = {each.locale for each in thread_messages(card)}
    assert f"{len(in_thread)} more changes in the thread" in said
    assert 0 < len(in_thread) < len(items)


def test_the_same_changes_are_shown_however_far_the_push_is() -> None:
    items = tuple(
        an_item(locale=locale, field="promotionalText", before="x " * 80, after="y " * 80)
        for locale in ("en-US", "ja", "de-DE", "fr-FR", "th", "it", "sv", "da", "fi", "no", "ko")
    )
    opened = a_card(a_proposal(items=items))
    pushing = a_card(replace(opened.proposal, status=Status.PUSHING))
    assert thread_messages(opened) == thread_messages(pushing)


def test_right_to_left_changes_keep_their_order_in_one_isolate() -> None:
    item = an_item(locale="ar-SA", before="اكتبها الآن", after="اكتب كل شيء الآن")
    built = proposal_message(a_card(a_proposal(items=(item,))))
    quoted = elements(built.blocks, "rich_text_quote")[-1]
    assert quoted["elements"][0]["text"] == "\u2068"
    assert quoted["elements"][-1]["text"] == "\u2069"
