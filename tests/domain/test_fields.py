"""The table of fields, against what Apple publishes."""

from __future__ import annotations

from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Kind, Required, Resource, attributes


def test_nine_texts_make_a_listing() -> None:
    assert [field.label for field in FIELDS] == [
        "Name",
        "Subtitle",
        "Keywords",
        "Promotional text",
        "Description",
        "What's new",
        "Support URL",
        "Marketing URL",
        "Privacy policy URL",
    ]


def test_limits_are_apples() -> None:
    limits = {field.attribute: field.limit for field in FIELDS if field.kind is not Kind.URL}
    assert limits == {
        "name": 30,
        "subtitle": 30,
        "keywords": 100,
        "promotionalText": 170,
        "description": 4000,
        "whatsNew": 4000,
    }


def test_name_subtitle_and_privacy_live_beside_the_version() -> None:
    assert attributes(Resource.APP_INFO) == ("name", "subtitle", "privacyPolicyUrl")
    assert len(attributes(Resource.VERSION)) == 6


def test_only_the_promotional_text_changes_in_public() -> None:
    assert [f.attribute for f in FIELDS if f.editable_when_live] == ["promotionalText"]


def test_whats_new_is_asked_of_updates_alone() -> None:
    assert BY_ATTRIBUTE["whatsNew"].required is Required.UPDATES


def test_every_field_has_a_file_of_its_own() -> None:
    assert len({field.file for field in FIELDS}) == len(FIELDS)
