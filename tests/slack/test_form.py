from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.validation import Finding, Severity
from bot.slack import ids
from bot.slack.faces.form import COUNTED, edit_view, errors_by_block, long_texts, recounted
from bot.slack.faces.form_states import error_view, expired_view, loading_view, too_long_view
from bot.slack.faces.parts import joined, parts
from bot.workflow.cards import EditForm, LocaleChoice
from tests.builders import TEXTS, a_form, a_version
from tests.slack.limits import block, elements, violations, words

LONG = "A quiet place for your notes.\n\n" * 125
WHY_NOT = "It can only be changed while a version is being prepared."


def mistake(locale: str = "en-US", field: str = "name", message: str = "Too long.") -> Finding:
    return Finding(
        severity=Severity.ERROR, locale=locale, field=field, message=message, remedy="Shorten it."
    )


def live_form() -> EditForm:
    form = a_form(live=True, version=a_version(number="2.3.0", state="READY_FOR_DISTRIBUTION"))
    fields = tuple(
        replace(entry, why_not=None if entry.field.editable_when_live else WHY_NOT)
        for entry in form.fields
    )
    return replace(form, fields=fields)


def errors(findings: tuple[Finding, ...], form: EditForm) -> dict[str, str]:
    return errors_by_block(findings, edit_view(form), form.draft)


def labels(view: dict[str, object]) -> list[str]:
    return [each["label"]["text"] for each in elements(view["blocks"], "input")]


def test_the_inputs_have_the_labels_people_know() -> None:
    assert labels(edit_view(a_form())) == [
        "Locale",
        "Name",
        "Subtitle",
        "Keywords",
        "Promotional text",
        "Description",
        "What's new",
        "Support URL",
        "Marketing URL",
        "Privacy policy URL",
        "Why",
        "Not before",
    ]


def test_inputs_hold_what_was_typed_or_what_apple_holds() -> None:
    view = edit_view(a_form({"subtitle": "All your notes"}))
    typed = block(view, ids.field_block("subtitle", "en-US", 7))
    untouched = block(view, ids.field_block("keywords", "en-US", 7))
    assert typed["element"]["initial_value"] == "All your notes"
    assert untouched["element"]["initial_value"] == TEXTS["keywords"]


def test_an_empty_text_has_no_initial_value() -> None:
    view = edit_view(a_form({"subtitle": ""}))
    empty = block(view, ids.field_block("subtitle", "en-US", 7))
    assert "initial_value" not in empty["element"]


def test_no_field_is_required_by_slack_and_none_has_a_longest_length() -> None:
    view = edit_view(a_form())
    for attribute in TEXTS:
        field = block(view, ids.field_block(attribute, "en-US", 7))
        assert field["optional"] is True
        assert "max_length" not in field["element"]


def test_every_hint_states_the_limit_and_the_count() -> None:
    view = edit_view(a_form({"subtitle": "Write it all down and keep it for good"}))
    field = block(view, ids.field_block("subtitle", "en-US", 7))
    assert field["hint"]["text"] == "38 of 30: 8 too many"


def test_short_fields_alone_are_counted_while_typing() -> None:
    view = edit_view(a_form())
    counted = {
        attribute
        for attribute in TEXTS
        if block(view, ids.field_block(attribute, "en-US", 7))["dispatch_action"]
    }
    assert counted == COUNTED == {"name", "subtitle", "keywords", "promotionalText"}


def test_texts_of_several_lines_have_room_for_them() -> None:
    view = edit_view(a_form())
    several = {
        attribute
        for attribute in TEXTS
        if block(view, ids.field_block(attribute, "en-US", 7))["element"]["multiline"]
    }
    assert several == {"promotionalText", "description", "whatsNew"}


def test_the_view_carries_what_it_is_given() -> None:
    view = edit_view(a_form(), carried="[7]")
    assert view["private_metadata"] == "[7]"
    assert view["callback_id"] == ids.EDIT_VIEW


def test_a_new_proposal_is_proposed_and_an_open_one_revised() -> None:
    assert edit_view(a_form())["submit"]["text"] == "Propose"
    assert edit_view(a_form(proposal=12))["submit"]["text"] == "Save revision"


def test_it_says_which_version_is_edited() -> None:
    said = words(edit_view(a_form())["blocks"])
    assert "Notes 2.4.0 for iOS. State: Prepare for Submission." in said


def test_platform_and_version_are_asked_only_where_there_is_a_choice() -> None:
    versions = (a_version(), a_version(id="v1", number="2.3.0", state="READY_FOR_DISTRIBUTION"))
    view = edit_view(a_form(platforms=("IOS", "MAC_OS"), versions=versions))
    assert labels(view)[:3] == ["Platform", "Version", "Locale"]
    assert "2.3.0 · Ready for Distribution" in words(block(view, ids.version_block(7)))
    assert violations(view) == []


def test_locales_that_the_app_lacks_are_offered_apart() -> None:
    select = block(edit_view(a_form()), ids.locale_block(7))
    groups = {
        group["label"]["text"]: [each["value"] for each in group["options"]]
        for group in select["element"]["option_groups"]
    }
    assert groups == {"In this app": ["en-US", "ja"], "Add a locale": ["fr-FR"]}
    assert select["element"]["initial_option"]["value"] == "en-US"
    assert select["dispatch_action"] is True


def test_a_locale_with_typed_texts_is_marked() -> None:
    select = block(edit_view(a_form()), ids.locale_block(7))
    assert "Japanese (ja) · changed" in words(select)


def test_the_live_version_leaves_promotional_text_marked_public_at_once() -> None:
    view = edit_view(live_form())
    assert labels(view) == ["Locale", "Promotional text", "Why", "Not before"]
    promotional = block(view, ids.field_block("promotionalText", "en-US", 7))
    assert promotional["hint"]["text"] == "Public at once. 17 of 170"
    assert violations(view) == []


def test_a_field_that_cannot_change_is_shown_with_the_reason() -> None:
    said = words(edit_view(live_form())["blocks"])
    assert WHY_NOT in said
    assert TEXTS["subtitle"] in said


def test_the_same_reason_is_told_at_length_once() -> None:
    said = words(edit_view(live_form())["blocks"])
    assert said.count(WHY_NOT) == 1
    assert said.count("Not now, for the same reason.") == 7


def test_a_text_that_can_no_longer_be_changed_is_shown_all_the_same() -> None:
    form = live_form()
    fields = tuple(
        replace(entry, text="Typed last week") if entry.field.attribute == "subtitle" else entry
        for entry in form.fields
    )
    view = edit_view(replace(form, fields=fields))
    assert "You typed: Typed last week" in " ".join(words(view["blocks"]).split())
    assert violations(view) == []


def test_notes_stand_on_top() -> None:
    view = edit_view(a_form(notes=("Your draft is back.",)))
    assert view["blocks"][1]["text"]["text"] == "Your draft is back."


def test_an_over_long_live_text_can_be_opened() -> None:
    view = edit_view(a_form({"name": "N" * 90, "description": "D" * 4600}))
    field = block(view, ids.field_block("description", "en-US", 7))
    assert field["element"]["initial_value"] == "D" * 4600
    assert field["hint"]["text"] == "4600 of 4000: 600 too many"
    assert violations(view, long_inputs=True) == []


def test_a_long_text_can_be_drawn_as_two_inputs() -> None:
    view = edit_view(a_form({"description": LONG}), halves={"description": LONG})
    first = block(view, ids.field_block("description", "en-US", 7, ids.FIRST))
    second = block(view, ids.field_block("description", "en-US", 7, ids.SECOND))
    assert first["element"]["initial_value"].endswith("notes.")
    assert second["label"]["text"] == "Description, part 2 of 2"
    assert f"{len(LONG.strip())} of 4000" in second["hint"]["text"]
    assert violations(view) == []


def test_a_short_text_is_one_input_even_then() -> None:
    view = edit_view(a_form(), halves={"description": "Short."})
    assert block(view, ids.field_block("description", "en-US", 7))


@settings(max_examples=30)
@example("👍" + "🏽" * 3000, None, None)
@example("a" * 2920 + "\n" + "b" * 3079, None, None)
@given(
    st.text(alphabet="ab \n👍🏽éم", min_size=3001, max_size=6000),
    st.sampled_from([None, "", "start", "start\n"]),
    st.sampled_from([None, "", "end"]),
)
def test_two_inputs_hold_a_text_exactly(text: str, first: str | None, second: str | None) -> None:
    drawn = parts(text)
    assert len(drawn) == 2
    assert max(map(len, drawn)) <= 3000
    assert joined(text, None, None) == joined(text, *drawn) == text
    whole = joined(text, first, second)
    assert whole.startswith(drawn[0] if first is None else first)
    assert whole.endswith(drawn[1] if second is None else second)


def test_only_texts_with_an_input_are_long() -> None:
    assert long_texts(a_form({"description": LONG})) == {"description": LONG}
    assert long_texts(live_form()) == {}


def test_counting_again_changes_the_hints_of_short_fields_alone() -> None:
    view = edit_view(a_form(), carried="[7]")
    again = recounted({**view, "id": "V1", "hash": "1"}, a_form({"subtitle": "Twelve signs"}))
    subtitle = block(again, ids.field_block("subtitle", "en-US", 7))
    assert subtitle["hint"]["text"] == "12 of 30"
    subtitle["hint"] = block(view, ids.field_block("subtitle", "en-US", 7))["hint"]
    assert again == view


def test_starting_over_is_offered_once_something_is_typed() -> None:
    typed = edit_view(a_form(), carried="[7]")
    (button,) = elements(typed["blocks"], "button")
    assert (button["action_id"], button["value"]) == (ids.START_OVER, "[7]")
    fresh = a_form(locales=(LocaleChoice(code="en-US", name="English", exists=True),))
    assert elements(edit_view(fresh)["blocks"], "button") == []


def test_mistakes_stand_at_their_fields_all_at_once() -> None:
    findings = (mistake(), mistake(message="Not that sign."), mistake(field="keywords"))
    assert errors(findings, a_form()) == {
        ids.field_block("name", "en-US", 7): "Too long. Shorten it. Not that sign. Shorten it.",
        ids.field_block("keywords", "en-US", 7): "Too long. Shorten it.",
    }


def test_mistakes_of_another_locale_stand_at_the_locale_select() -> None:
    assert errors((mistake(locale="ja"),), a_form()) == {
        ids.locale_block(7): "Japanese (ja), Name: Too long. Shorten it."
    }


def test_a_mistake_of_a_field_without_an_input_stands_at_the_locale_select() -> None:
    assert list(errors((mistake(),), live_form())) == [ids.locale_block(7)]


def test_a_mistake_of_a_text_in_two_inputs_stands_at_the_first() -> None:
    form = a_form({"description": LONG})
    view = edit_view(form, halves=long_texts(form))
    found = errors_by_block((mistake(field="description"),), view, form.draft)
    assert list(found) == [ids.field_block("description", "en-US", 7, ids.FIRST)]


def test_errors_are_given_only_to_blocks_that_are_inputs_of_the_view() -> None:
    form = replace(live_form(), locale="ja")
    findings = (mistake(), mistake("ja"), mistake("ja", "promotionalText"), mistake("", ""))
    inputs = {each["block_id"] for each in elements(edit_view(form)["blocks"], "input")}
    assert set(errors(findings, form)) <= inputs


def test_mistakes_elsewhere_can_be_listed_on_top() -> None:
    view = edit_view(a_form(), problems=(mistake(locale="ja"),))
    assert "Japanese (ja), Name: " in words(view["blocks"])
    assert violations(view) == []


def test_an_error_of_apple_shows_with_a_button_that_tries_again() -> None:
    view = error_view("Apple is not answering.", "Wait a minute.", "7")
    (button,) = elements(view["blocks"], "button")
    assert button["action_id"] == ids.TRY_AGAIN
    assert button["value"] == "7"
    assert violations(view) == []


def test_an_error_without_a_draft_has_nothing_to_try_again() -> None:
    assert elements(error_view("No.", "")["blocks"], "button") == []


def test_the_other_views_keep_within_limits() -> None:
    for view in (
        loading_view(),
        loading_view("Checking what a submission needs…"),
        expired_view(),
        too_long_view("ja", ["description"]),
    ):
        assert violations(view) == []


def test_a_hundred_locales_and_more_fit_the_select() -> None:
    choices = tuple(
        LocaleChoice(code=f"x-{number}", name=f"Language {number}", exists=number < 70)
        for number in range(140)
    )
    assert violations(edit_view(a_form(locales=choices, locale="x-3"))) == []
