"""The table of locales and how people name one."""

from __future__ import annotations

import pytest

from bot.domain.locales import LOCALES, Locale, find, is_known, locale, suggestions

# App Store Connect's shortcodes: 39 and the eleven of 2025.
FIFTY = (
    "ar-SA bn-BD ca cs da de-DE el en-AU en-CA en-GB en-US es-ES es-MX fi fr-CA fr-FR gu-IN he "
    "hi hr hu id it ja kn-IN ko ml-IN mr-IN ms nl-NL no or-IN pa-IN pl pt-BR pt-PT ro ru sk "
    "sl-SI sv ta-IN te-IN th tr uk ur-PK vi zh-Hans zh-Hant"
)


def test_the_table_has_apples_fifty_locales() -> None:
    assert sorted(entry.code for entry in LOCALES) == sorted(FIFTY.split())
    assert len(LOCALES) == 50


def test_no_two_locales_share_a_name() -> None:
    assert len({entry.name for entry in LOCALES}) == 50


def test_three_locales_are_written_from_right_to_left() -> None:
    assert {entry.code for entry in LOCALES if entry.right_to_left} == {"ar-SA", "he", "ur-PK"}


def test_four_locales_have_no_spaces_between_words() -> None:
    assert {entry.code for entry in LOCALES if not entry.spaced} == {
        "ja",
        "th",
        "zh-Hans",
        "zh-Hant",
    }


def test_a_code_that_the_table_lacks_is_taken_and_named_by_itself() -> None:
    unheard = locale("fa-IR")
    assert (unheard.code, unheard.name) == ("fa-IR", "fa-IR")
    assert unheard.right_to_left
    assert not is_known("fa-IR")


@pytest.mark.parametrize("entry", LOCALES, ids=lambda entry: entry.code)
def test_every_locale_is_found_by_its_code_and_its_name(entry: Locale) -> None:
    known = locale(entry.code)
    assert find(known.code.lower()) == known
    assert find(known.code.replace("-", "_").upper()) == known
    assert find(known.name.upper()) == known


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("japanese", "ja"),
        ("de", "de-DE"),
        ("pt_br", "pt-BR"),
        ("english us", "en-US"),
        ("Portuguese Brazil", "pt-BR"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("nb", "no"),
        (" fr-fr ", "fr-FR"),
        ("slovenian", "sl-SI"),
        ("Deutsch", "de-DE"),
        ("日本語", "ja"),
        ("Português (Brasil)", "pt-BR"),
        ("espanol mexico", "es-MX"),
        ("हिन्दी", "hi"),
        ("it-IT", "it"),
        ("ko_kr", "ko"),
        ("iw-IL", "he"),
        ("zh-Hans-CN", "zh-Hans"),
        ("English (UK)", "en-GB"),
        ("German (de-DE)", "de-DE"),
        ("de-DE (Deutsch)", "de-DE"),
        ("English (en-US)", "en-US"),
        ("Chinese (zh-Hant)", "zh-Hant"),
        ("French", "fr-FR"),
        ("Brazilian Portuguese", "pt-BR"),
        ("European Portuguese", "pt-PT"),
        ("Simplified Chinese", "zh-Hans"),
        ("traditional chinese", "zh-Hant"),
        ("British English", "en-GB"),
        ("American English", "en-US"),
        ("Australian English", "en-AU"),
        ("Canadian English", "en-CA"),
        ("Canadian French", "fr-CA"),
        ("Mexican Spanish", "es-MX"),
    ],
)
def test_people_may_say_it_in_their_own_way(said: str, code: str) -> None:
    found = find(said)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "said",
    [
        "pt",
        "english",
        "chinese",
        "español",
        "中文",
        "de-AT",
        "Deutsch (Luxemburg)",
        "German (fr-FR)",
        "German (Austria)",
        "English (fr-FR)",
        "Portuguese (id)",
        "de-DE (copy)",
        "jp",
        "klingon",
        "nn",
        "nn-NO",
        "Nynorsk",
        "Latin American Spanish",
        "Flemish",
        "Castilian",
        "",
        "-",
    ],
)
def test_what_could_be_several_or_none_is_not_guessed(said: str) -> None:
    assert find(said) is None


def test_a_language_with_several_locales_is_answered_with_all_of_them() -> None:
    assert suggestions("pt") == ("pt-BR", "pt-PT")
    assert suggestions("Chinese") == ("zh-Hans", "zh-Hant")


def test_a_language_with_a_country_that_apple_lacks_is_answered_with_what_apple_has() -> None:
    assert suggestions("Deutsch (Luxemburg)") == ("de-DE",)
    assert suggestions("de-AT") == ("de-DE",)
    assert suggestions("es_419") == ("es-ES", "es-MX")


def test_a_country_for_a_language_is_answered_with_the_language() -> None:
    assert suggestions("jp") == ("ja",)
    assert suggestions("CN") == ("zh-Hans",)


def test_a_code_is_not_held_for_a_slip_of_another() -> None:
    assert suggestions("fa-IR") == ()


def test_a_slip_of_the_pen_is_answered_with_what_was_meant() -> None:
    assert suggestions("japanes")[0] == "ja"
    assert suggestions("germna")[0] == "de-DE"


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("nn", ("no",)),
        ("nn_NO", ("no",)),
        ("Norwegian Nynorsk", ("no",)),
        ("Flemish", ("nl-NL",)),
        ("Latin American Spanish", ("es-MX",)),
        ("Mandarin", ("zh-Hans", "zh-Hant")),
        ("Farsi", ()),
        ("Estonian", ()),
    ],
)
def test_what_only_sounds_like_a_locale_is_answered_with_what_is_near_it(
    said: str, codes: tuple[str, ...]
) -> None:
    assert suggestions(said) == codes


def test_nothing_alike_gives_no_suggestion() -> None:
    assert suggestions("qqqqqq") == ()
    assert suggestions("") == ()
