"""The invented store is as varied as a real one and within Apple's limits."""

from __future__ import annotations

from bot.sandbox.appstore import EmulatedAppStore
from bot.sandbox.appstore.rules import RULES, problems
from bot.sandbox.seed import demo_seed, new_key

SEED = demo_seed()
TIDEWELL, ORRERY = SEED.apps


def test_every_text_of_the_seed_would_be_taken_by_apple():
    wrong = [
        (app.name, locale, problem.detail)
        for app in SEED.apps
        for kind, holders in (
            ("appInfoLocalizations", app.infos),
            ("appStoreVersionLocalizations", app.versions),
        )
        for holder in holders
        for locale, texts in holder.texts.items()
        for name, text in texts.items()
        for problem in problems(kind, name, text)
    ]
    assert wrong == []
    assert set(RULES) == {"appInfoLocalizations", "appStoreVersionLocalizations"}


def test_both_apps_have_a_dozen_locales_and_one_has_two_platforms():
    assert {len(info.texts) for app in SEED.apps for info in app.infos} == {12}
    assert {version.platform for version in TIDEWELL.versions} == {"IOS", "MAC_OS"}


def test_one_version_is_prepared_and_one_waits_for_its_release():
    assert TIDEWELL.versions[-1].state == "PREPARE_FOR_SUBMISSION"
    assert ORRERY.versions[-1].state == "PENDING_DEVELOPER_RELEASE"


def test_one_description_nearly_fills_what_apple_allows():
    lengths = {locale: len(t["description"]) for locale, t in TIDEWELL.versions[-1].texts.items()}
    assert lengths["de-DE"] == 3990


def test_some_locales_lack_texts_and_some_hold_emoji():
    infos, texts = TIDEWELL.infos[-1].texts, TIDEWELL.versions[-1].texts
    assert {locale for locale in infos if "subtitle" not in infos[locale]} == {"it", "he"}
    assert "promotionalText" not in texts["es-ES"]
    assert "🌊" in texts["en-US"]["description"]


def test_a_new_key_does_not_show_its_secret():
    assert "PRIVATE" not in repr(new_key())


def test_stores_of_two_teams_share_no_id():
    def ids(**team):
        apps = EmulatedAppStore(seed=SEED, keys=[], **team).apps()
        return {version["id"] for app in apps for version in app["versions"]}

    assert ids() == ids()
    assert not ids() & ids(ids="another team")


def test_each_version_has_a_build_and_newer_ones_wait():
    store = EmulatedAppStore(seed=SEED, keys=[])
    app = store.apps()[0]
    assert [version["build"]["number"] for version in app["versions"]] == ["2301", "2302", "2401"]
    spare = [(one["train"], one["state"]) for one in app["builds"] if one["version_id"] is None]
    assert spare == [
        ("2.4.0", "VALID"),
        ("2.4.0", "VALID"),
        ("2.4.0", "PROCESSING"),
        ("2.5.0", "VALID"),
    ]
