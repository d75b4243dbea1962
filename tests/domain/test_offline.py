"""What texts say of themselves and beside each other, without Apple."""

from __future__ import annotations

from bot.domain import offline

WHOLE = {"name": "Notes", "keywords": "memo", "description": "All of it.", "supportUrl": "u"}


def of(locale: str, **texts: str) -> dict[tuple[str, str], str]:
    return {(locale, attribute): text for attribute, text in texts.items()}


def test_a_locale_lacks_only_what_the_fullest_one_has() -> None:
    texts = {**of("en-US", **WHOLE), **of("de-DE", keywords="memo")}
    [found] = offline.incomplete(texts, {}, first_version=False)
    assert found.message == ("en-US has texts that de-DE lacks: Name, Description, Support URL.")


def test_a_file_without_whole_locales_is_a_change_and_lacks_nothing() -> None:
    texts = {**of("en-US", name="Notes", keywords="memo"), **of("de-DE", keywords="memo")}
    assert offline.incomplete(texts, {}, first_version=False) == ()


def test_a_text_emptied_on_purpose_is_lacking_whatever_stands_for_all() -> None:
    texts = {**of("en-US", **WHOLE), **of("de-DE", **{**WHOLE, "keywords": ""})}
    [found] = offline.incomplete(texts, {"keywords": "memo"}, first_version=False)
    assert found.message.endswith("lacks: Keywords.")


def test_keywords_are_weighed_against_the_subtitle_for_all_locales() -> None:
    texts = of("de-DE", keywords="notizen,memo")
    assert offline.texts(texts, {}, first_version=False) == ()
    [found] = offline.texts(texts, {"subtitle": "Notizen"}, first_version=False)
    assert "1 word already in the subtitle" in found.message


def test_a_text_is_compared_with_the_one_for_all_where_the_base_has_none() -> None:
    texts = of("de-DE", subtitle="Write it down")
    assert offline.untranslated(texts, {}, "en-US") == ()
    [found] = offline.untranslated(texts, {"subtitle": "Write it down"}, "en-US")
    assert (found.locale, found.field) == ("de-DE", "subtitle")


def test_another_country_of_the_same_language_may_have_the_same_text() -> None:
    texts = {**of("en-US", subtitle="Write it down"), **of("en-GB", subtitle="Write it down")}
    assert offline.untranslated(texts, {}, "en-US") == ()
