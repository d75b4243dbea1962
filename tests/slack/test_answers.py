from bot.domain.locales import LOCALES
from bot.errors import Refused
from bot.slack.faces import answers
from tests.builders import (
    TEXTS,
    a_card,
    a_history_entry,
    a_listing,
    a_page,
    a_proposal,
    an_app,
)
from tests.slack.limits import elements, message, violations, words


def test_help_lists_each_command_as_it_is_typed() -> None:
    built = answers.help_answer((("/aso edit <app>", "Change texts."), ("/aso help", "This.")))
    typed = [
        each["text"] for each in elements(built.blocks, "text") if each.get("style", {}).get("code")
    ]
    assert typed == ["/aso edit <app>", "/aso help"]
    assert "&lt;app&gt;" in built.text


def test_apps_are_listed_with_all_their_names() -> None:
    said = words(answers.apps_answer((an_app(),)).blocks)
    assert all(name in said for name in ("Notes", "com.example.notes", "1001"))


def test_without_apps_the_way_out_is_said() -> None:
    assert "marquee doctor" in words(answers.apps_answer(()).blocks)


def test_show_gives_every_text_with_its_count() -> None:
    said = words(answers.show_answer(a_listing(), "en-US").blocks)
    assert all(text in said for text in TEXTS.values())
    assert "13 of 30" in said


def test_show_cuts_long_texts_and_says_where_they_are_whole() -> None:
    texts = {"en-US": {**TEXTS, "description": "long " * 800}}
    built = answers.show_answer(a_listing(texts), "en-US")
    assert "Type /aso edit to see long texts whole." in words(built.blocks)
    assert violations(message(built)) == []


def test_show_says_that_a_text_is_empty() -> None:
    built = answers.show_answer(a_listing({"en-US": {"name": "Notes"}}), "en-US")
    assert words(built.blocks).count("empty") == 8


def test_show_of_a_locale_that_the_app_lacks_says_how_to_add_it() -> None:
    said = words(answers.show_answer(a_listing(), "ja").blocks)
    assert "has no Japanese (ja)" in said
    assert "/aso edit" in said


def test_proposals_link_to_their_messages_and_say_what_they_wait_for() -> None:
    built = answers.proposals_answer(a_page((a_card(),)), ("https://team.example/p12",))
    assert elements(built.blocks, "link")[0]["url"] == "https://team.example/p12"
    assert "Waits for 1 approval of the change." in words(built.blocks)


def test_no_open_proposal_is_an_answer_too() -> None:
    assert "No proposal is open." in words(answers.proposals_answer(a_page(())).blocks)


def test_history_shows_before_after_and_everybody_involved() -> None:
    built = answers.history_answer((a_history_entry(),), "Notes", total=1)
    said = words(built.blocks)
    assert "メモ" in said
    assert "ノート" in said
    # Each reader sees it in their own time.
    (moment,) = elements(built.blocks, "date")
    assert moment["fallback"] == "20 Nov 2026, 12:00 UTC"
    assert [each["user_id"] for each in elements(built.blocks, "user")] == ["U0MIA", "U0BEN"]


def test_history_names_the_digest_that_was_approved() -> None:
    built = answers.history_answer((a_history_entry(digest="1a2b3c4d" * 8),), "Notes", total=1)
    assert "Digest 1a2b3c4d ." in words(built.blocks).replace("  ", " ")
    unknown = answers.history_answer((a_history_entry(),), "Notes", total=1)
    assert "Digest" not in words(unknown.blocks)


def test_changes_of_one_push_share_a_heading() -> None:
    entries = (
        a_history_entry(),
        a_history_entry(field="", before="", after="present"),
        a_history_entry(proposal=11),
    )
    built = answers.history_answer(entries, "Notes", total=len(entries))
    said = words(built.blocks)
    assert len(elements(built.blocks, "date")) == 2
    assert "Proposal 12" in said
    assert "New locale" in said
    assert "present" not in said


def test_an_empty_history_says_how_to_begin() -> None:
    assert "/aso edit" in words(answers.history_answer((), "Notes", total=0).blocks)


def test_a_mistyped_command_gets_a_suggestion() -> None:
    built = answers.unknown_command("edti", ("edit",))
    assert built.text == "There is no command “edti”. Did you mean edit?"
    assert "/aso help" in words(built.blocks)


def test_a_vote_typed_as_a_command_is_shown_the_emoji() -> None:
    built = answers.vote_answer("approve", ("white_check_mark", "+1"))
    assert [each["name"] for each in elements(built.blocks, "emoji")] == ["white_check_mark", "+1"]
    assert built.text == "To approve, react with :white_check_mark: or :+1: under the proposal."


def test_a_mistyped_app_gets_suggestions() -> None:
    built = answers.unknown_app("Note", ("Notes", "Notes Pro"))
    assert built.text.endswith("Did you mean Notes or Notes Pro?")


def test_a_mistyped_locale_gets_suggestions() -> None:
    assert "Did you mean pt-BR or pt-PT?" in answers.unknown_locale("pt", ("pt-BR", "pt-PT")).text


def test_what_nobody_could_mean_gets_the_way_to_the_list() -> None:
    built = answers.unknown_app("<!channel>", ())
    assert "/aso apps" in words(built.blocks)
    assert "<!channel>" not in built.text


def test_a_submission_is_answered_with_a_link_to_the_proposal() -> None:
    built = answers.proposed_answer(a_card(), "https://team.example/p12")
    (link,) = elements(built.blocks, "link")
    assert link == {"type": "link", "url": "https://team.example/p12", "text": "Proposal 12"}


def test_a_revision_is_answered_as_one() -> None:
    built = answers.proposed_answer(a_card(a_proposal(revision=3)), "https://team.example/p12")
    assert elements(built.blocks, "link")[0]["text"] == "Revision 3 of proposal 12"


def test_an_error_says_what_happened_and_what_to_do() -> None:
    built = answers.error_answer(Refused("It is pushed.", remedy="Type `/aso edit` again."))
    assert words(built.blocks) == "⚠️  It is pushed. \n Type  /aso edit  again."


def test_a_confirmation_can_lead_somewhere() -> None:
    built = answers.done_answer("Withdrawn.", "https://team.example/p12")
    assert elements(built.blocks, "link")


def test_a_defect_can_be_found_in_the_log() -> None:
    assert "a1b2" in words(answers.defect_answer("a1b2").blocks)


def test_the_longest_answers_fit_one_message() -> None:
    everywhere = {code.code: dict.fromkeys(TEXTS, "ü" * 4000) for code in LOCALES}
    apps = tuple(an_app(id=str(number), name="N" * 200) for number in range(300))
    longest = (
        answers.show_answer(a_listing(everywhere), "ja"),
        answers.apps_answer(apps),
        answers.proposals_answer(a_page((a_card(),) * 200), ("https://team.example/p",) * 200),
        answers.history_answer(
            (a_history_entry(before="a" * 4000, after="b" * 4000),) * 400, "N", total=9_999
        ),
        answers.unknown_app("x" * 4000, ["y" * 4000] * 50),
        answers.error_answer(Refused("m" * 9000, remedy="r" * 9000)),
    )
    for built in longest:
        assert violations(message(built)) == []
