"""The App Store's locales as one table, and how people name them.

Fifty codes, as App Store Connect has them since eleven were added to the first 39. A code
that the table lacks is no error: Apple may add one tomorrow.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """A language of a listing; `spaced` is False where words are not divided by spaces."""

    code: str
    name: str
    right_to_left: bool = False
    spaced: bool = True


_NAMES = {
    "ar-SA": "Arabic",
    "bn-BD": "Bangla",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de-DE": "German",
    "el": "Greek",
    "en-AU": "English (Australia)",
    "en-CA": "English (Canada)",
    "en-GB": "English (U.K.)",
    "en-US": "English (U.S.)",
    "es-ES": "Spanish (Spain)",
    "es-MX": "Spanish (Mexico)",
    "fi": "Finnish",
    "fr-CA": "French (Canada)",
    "fr-FR": "French",
    "gu-IN": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "kn-IN": "Kannada",
    "ko": "Korean",
    "ml-IN": "Malayalam",
    "mr-IN": "Marathi",
    "ms": "Malay",
    "nl-NL": "Dutch",
    "no": "Norwegian",
    "or-IN": "Odia",
    "pa-IN": "Punjabi",
    "pl": "Polish",
    "pt-BR": "Portuguese (Brazil)",
    "pt-PT": "Portuguese (Portugal)",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl-SI": "Slovenian",
    "sv": "Swedish",
    "ta-IN": "Tamil",
    "te-IN": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur-PK": "Urdu",
    "vi": "Vietnamese",
    "zh-Hans": "Chinese (Simplified)",
    "zh-Hant": "Chinese (Traditional)",
}

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_UNSPACED = frozenset({"bo", "ja", "km", "lo", "my", "th", "yue", "zh"})

# What people and other stores write for a code of the table.
_ALIASES = {
    "in": "id",
    "iw": "he",
    "nb": "no",
    "zhcn": "zh-Hans",
    "zhsg": "zh-Hans",
    "zhtw": "zh-Hant",
    "zhhk": "zh-Hant",
    "enuk": "en-GB",
    "bengali": "bn-BD",
    "oriya": "or-IN",
    "germangermany": "de-DE",
    "frenchfrance": "fr-FR",
    "dutchnetherlands": "nl-NL",
    "norwegianbokmål": "no",
    "zhhanscn": "zh-Hans",
    "zhhanttw": "zh-Hant",
    "zhhanthk": "zh-Hant",
    "简体中文": "zh-Hans",
    "繁體中文": "zh-Hant",
    "englishgreatbritain": "en-GB",
    "englishunitedkingdom": "en-GB",
    "englishunitedstates": "en-US",
    "españolespaña": "es-ES",
    "españolméxico": "es-MX",
    "françaisfrance": "fr-FR",
    "françaiscanada": "fr-CA",
    "portuguêsbrasil": "pt-BR",
    "portuguêsportugal": "pt-PT",
    "norskbokmål": "no",
    "americanenglish": "en-US",
    "usenglish": "en-US",
    "britishenglish": "en-GB",
    "ukenglish": "en-GB",
    "australianenglish": "en-AU",
    "canadianenglish": "en-CA",
    "canadianfrench": "fr-CA",
    "brazilianportuguese": "pt-BR",
    "europeanportuguese": "pt-PT",
    "europeanspanish": "es-ES",
    "castilianspanish": "es-ES",
    "mexicanspanish": "es-MX",
    "simplifiedchinese": "zh-Hans",
    "traditionalchinese": "zh-Hant",
}

# What is near a locale and not the same, and languages that Apple has none for, whose names are
# like those of others.
_ASKED: dict[str, tuple[str, ...]] = {
    "nn": ("no",),
    "nnno": ("no",),
    "nynorsk": ("no",),
    "norwegiannynorsk": ("no",),
    "norsknynorsk": ("no",),
    "flemish": ("nl-NL",),
    "vlaams": ("nl-NL",),
    "latinamericanspanish": ("es-MX",),
    "castilian": ("es-ES",),
    "mandarin": ("zh-Hans", "zh-Hant"),
    "mandarinchinese": ("zh-Hans", "zh-Hant"),
    "cantonese": ("zh-Hant",),
    "farsi": (),
    "persian": (),
    "estonian": (),
    "galician": (),
    "latvian": (),
    "lithuanian": (),
    "icelandic": (),
    "albanian": (),
    "armenian": (),
    "serbian": (),
    "bosnian": (),
    "bulgarian": (),
    "georgian": (),
}

# The country that other stores add where Apple has the language alone.
_HOMES = {
    "ca": "ES",
    "cs": "CZ",
    "da": "DK",
    "el": "GR",
    "fi": "FI",
    "he": "IL",
    "hi": "IN",
    "hr": "HR",
    "hu": "HU",
    "id": "ID",
    "it": "IT",
    "ja": "JP",
    "ko": "KR",
    "ms": "MY",
    "no": "NO",
    "pl": "PL",
    "ro": "RO",
    "ru": "RU",
    "sk": "SK",
    "sv": "SE",
    "th": "TH",
    "tr": "TR",
    "uk": "UA",
    "vi": "VN",
}
_ALIASES |= {language + home: language for language, home in _HOMES.items()}
_ALIASES |= {"iwIL": "he", "inID": "id", "nbNO": "no"}

# Languages by the name they give themselves; one with several locales stays that.
_OWN_NAMES = {
    "العربية": "ar",
    "বাংলা": "bn",
    "català": "ca",
    "čeština": "cs",
    "dansk": "da",
    "deutsch": "de",
    "ελληνικά": "el",
    "español": "es",
    "suomi": "fi",
    "français": "fr",
    "ગુજરાતી": "gu",
    "עברית": "he",
    "हिन्दी": "hi",
    "hrvatski": "hr",
    "magyar": "hu",
    "bahasa indonesia": "id",
    "italiano": "it",
    "日本語": "ja",
    "ಕನ್ನಡ": "kn",
    "한국어": "ko",
    "മലയാളം": "ml",
    "मराठी": "mr",
    "bahasa melayu": "ms",
    "nederlands": "nl",
    "norsk": "no",
    "ଓଡ଼ିଆ": "or",
    "ਪੰਜਾਬੀ": "pa",
    "polski": "pl",
    "português": "pt",
    "română": "ro",
    "русский": "ru",
    "slovenčina": "sk",
    "slovenščina": "sl",
    "svenska": "sv",
    "தமிழ்": "ta",
    "తెలుగు": "te",
    "ไทย": "th",
    "türkçe": "tr",
    "українська": "uk",
    "اردو": "ur",
    "tiếng việt": "vi",
    "中文": "zh",
}


def language(code: str) -> str:
    """Return the language of a code, in lower case: "pt" of "pt-BR"."""
    return code.replace("_", "-").partition("-")[0].lower()


def _make(code: str, name: str) -> Locale:
    spoken = language(code)
    return Locale(
        code=code,
        name=name,
        right_to_left=spoken in _RIGHT_TO_LEFT,
        spaced=spoken not in _UNSPACED,
    )


LOCALES: tuple[Locale, ...] = tuple(_make(code, name) for code, name in _NAMES.items())

_BY_CODE = {entry.code: entry for entry in LOCALES}


def locale(code: str) -> Locale:
    """Return the locale of a code; one that the table lacks is named by its code."""
    return _BY_CODE.get(code) or _make(code, code)


def is_known(code: str) -> bool:
    """Return whether the table has exactly this code."""
    return code in _BY_CODE


def _key(text: str) -> str:
    """Return what is compared: letters and digits alone, so that "pt_br" is "pt-BR"."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, letters))


_BY_KEY = {
    **{_key(alias): _BY_CODE[code] for alias, code in _ALIASES.items()},
    **{_key(entry.name): entry for entry in LOCALES},
    **{_key(entry.code): entry for entry in LOCALES},
}


_LANGUAGE_BY_KEY = {_key(name): spoken for name, spoken in _OWN_NAMES.items()}
_BY_LANGUAGE: dict[str, list[Locale]] = {}
for _entry in LOCALES:
    for _said in {language(_entry.code), _key(_entry.name.partition(" (")[0])}:
        _BY_LANGUAGE.setdefault(_said, []).append(_entry)
_OF_HOME = {home: language for language, home in _HOMES.items()} | {"CN": "zh-Hans"}
_CODE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*")
_TWICE = re.compile(r"([^()]+)\(([^()]+)\)")
_WILD = re.compile(r"[*?\[]")
_SEPARATORS = re.compile(r"[\s(\[,/_-]+")


def find(text: str) -> Locale | None:
    """Return the locale that a person means by a code, or by a name in English or its own.

    A language that has several locales ("pt", "english") is no answer: see `suggestions`.
    """
    if exact := _BY_KEY.get(_key(text)):
        return exact
    candidates = _of_language(text)
    if len(candidates) == 1:
        return candidates[0]
    return _said_twice(text)


def _said_twice(text: str) -> Locale | None:
    """Return the locale of "German (de-DE)" or "de-DE (German)", where both say the same."""
    if (both := _TWICE.fullmatch(text.strip())) is None:
        return None
    first, second = find(both[1]), find(both[2])
    if first is None and second is not None:
        return second if second.code in suggestions(both[1]) else None
    return first if first == second else None


def meant(pattern: str) -> tuple[str, ...]:
    """Return the codes likely meant by a code or a pattern of codes that fits no locale."""
    plain = _WILD.split(pattern)[0].strip("-")
    found = find(plain) if plain else None
    return (found.code,) if found else suggestions(plain)


def suggestions(text: str) -> tuple[str, ...]:
    """Return up to five codes that a person may have meant, the likeliest first."""
    if (asked := _ASKED.get(_key(text))) is not None:
        return asked
    for said in (text, _SEPARATORS.split(text.strip())[0]):
        if same := _of_language(said):
            return tuple(entry.code for entry in same)[:5]
    if _CODE.fullmatch(text.strip()):
        home = _OF_HOME.get(text.strip().upper())
        return (home,) if home else ()
    near = difflib.get_close_matches(_key(text), _BY_KEY, n=5, cutoff=0.6)
    return tuple(dict.fromkeys(_BY_KEY[key].code for key in near))


def _of_language(text: str) -> list[Locale]:
    wanted = _key(text)
    return _BY_LANGUAGE.get(_LANGUAGE_BY_KEY.get(wanted, wanted), [])
