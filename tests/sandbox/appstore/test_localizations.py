"""Writing texts as Apple takes them or not: one refusal each, all of them together."""

from __future__ import annotations

import pytest

VERSION_TEXTS = "appStoreVersionLocalizations"
INFO_TEXTS = "appInfoLocalizations"
INVALID = "ENTITY_ERROR.ATTRIBUTE.INVALID"


async def test_a_text_is_set_and_answered(apple):
    answer = await apple.patch(INFO_TEXTS, apple.info_id(), subtitle="静かなノート")
    assert answer.status == 200
    assert answer.document["data"]["attributes"]["subtitle"] == "静かなノート"
    assert apple.info()["localizations"]["ja"]["subtitle"] == "静かなノート"


async def test_null_clears_a_text(apple):
    record = apple.text_id()
    await apple.patch(VERSION_TEXTS, record, promotionalText=None)
    answer = await apple.get(f"/v1/{VERSION_TEXTS}/{record}")
    assert answer.document["data"]["attributes"]["promotionalText"] is None


@pytest.mark.parametrize(
    ("kind", "attribute", "limit", "label"),
    [
        (INFO_TEXTS, "name", 30, "App Name"),
        (INFO_TEXTS, "subtitle", 30, "Subtitle"),
        (VERSION_TEXTS, "keywords", 100, "Keywords"),
        (VERSION_TEXTS, "promotionalText", 170, "Promotional Text"),
        (VERSION_TEXTS, "description", 4000, "Description"),
        (VERSION_TEXTS, "whatsNew", 4000, "What's New in This Version"),
    ],
)
async def test_a_text_may_reach_its_limit_and_not_pass_it(apple, kind, attribute, limit, label):
    record = apple.info_id() if kind == INFO_TEXTS else apple.text_id()
    assert (await apple.patch(kind, record, **{attribute: "あ" * limit})).status == 200
    answer = await apple.patch(kind, record, **{attribute: "あ" * (limit + 1)})
    assert (answer.status, answer.codes) == (409, [f"{INVALID}.TOO_LONG"])
    assert answer.details == [f"{label} cannot be longer than {limit} characters."]
    assert answer.pointers == [f"/data/attributes/{attribute}"]


async def test_a_character_outside_the_first_plane_counts_twice(apple):
    record = apple.info_id()
    assert (await apple.patch(INFO_TEXTS, record, subtitle="𠮷" * 15)).status == 200
    assert (await apple.patch(INFO_TEXTS, record, subtitle="𠮷" * 16)).status == 409


@pytest.mark.parametrize("name", [None, ""])
async def test_a_name_cannot_be_taken_away(apple, name):
    answer = await apple.patch(INFO_TEXTS, apple.info_id(), name=name)
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.REQUIRED"]


async def test_a_name_has_two_characters_at_least(apple):
    answer = await apple.patch(INFO_TEXTS, apple.info_id(), name="T")
    assert answer.codes == [f"{INVALID}.TOO_SHORT"]


@pytest.mark.parametrize(
    ("kind", "attribute", "text", "found"),
    [
        (VERSION_TEXTS, "whatsNew", "Bubble tea 🧋!", "🧋"),
        (VERSION_TEXTS, "whatsNew", "See <b>here</b>", "<b> </b>"),
        (VERSION_TEXTS, "description", "Heavy \u2764\ufe0f", "\ufe0f"),
        (VERSION_TEXTS, "keywords", "a,b\u200b", "\u200b"),
        (VERSION_TEXTS, "promotionalText", "bell \x07", "\x07"),
        (VERSION_TEXTS, "keywords", "one\ntwo", "\n"),
        (INFO_TEXTS, "name", "Dice ⚄", "⚄"),
        (INFO_TEXTS, "name", "Sky 🪐", "🪐"),
        (INFO_TEXTS, "subtitle", "own \ue001", "\ue001"),
    ],
)
async def test_a_forbidden_character_is_named(apple, kind, attribute, text, found):
    record = apple.info_id() if kind == INFO_TEXTS else apple.text_id()
    answer = await apple.patch(kind, record, **{attribute: text})
    assert answer.codes == [f"{INVALID}.INVALID_CHARACTERS"]
    assert answer.details[0].endswith(f"can't contain the following character(s): {found}.")


async def test_emoji_pass_in_a_description(apple):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), description="Waves 🌊\nand shells")
    assert answer.status == 200


@pytest.mark.parametrize("address", ["tidewell", "ftp://example.com", "https://", "http://a b.com"])
async def test_an_address_that_is_none_is_refused(apple, address):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), supportUrl=address)
    assert (answer.codes, answer.pointers) == ([INVALID], ["/data/attributes/supportUrl"])


async def test_an_unknown_attribute_is_refused(apple):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), title="Tidewell")
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.UNKNOWN"]


async def test_a_field_at_the_wrong_resource_is_unknown_there(apple):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), subtitle="静か")
    assert answer.details == [
        "'subtitle' is not an attribute on the resource 'appStoreVersionLocalizations'"
    ]


async def test_a_text_that_is_no_string_is_refused(apple):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), keywords=["a", "b"])
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.TYPE"]


async def test_the_locale_of_a_localization_cannot_change(apple):
    answer = await apple.patch(VERSION_TEXTS, apple.text_id(), locale="ko")
    assert answer.codes == ["ENTITY_ERROR.ATTRIBUTE.NOT_ALLOWED"]


async def test_every_mistake_comes_back_at_once_and_nothing_is_applied(apple):
    record = apple.text_id()
    answer = await apple.patch(
        VERSION_TEXTS, record, whatsNew="fine", keywords="x" * 101, marketingUrl="nowhere", x=1
    )
    assert answer.pointers == [
        "/data/attributes/keywords",
        "/data/attributes/marketingUrl",
        "/data/attributes/x",
    ]
    assert apple.version()["localizations"]["ja"]["whatsNew"] != "fine"


async def test_an_id_that_differs_from_the_path_is_refused(apple):
    body = {"data": {"type": VERSION_TEXTS, "id": "other", "attributes": {}}}
    answer = await apple.ask("PATCH", f"/v1/{VERSION_TEXTS}/{apple.text_id()}", body)
    assert (answer.status, answer.codes) == (409, ["ENTITY_ERROR.ID"])


async def test_a_type_that_differs_from_the_path_is_refused(apple):
    record = apple.text_id()
    body = {"data": {"type": INFO_TEXTS, "id": record, "attributes": {}}}
    answer = await apple.ask("PATCH", f"/v1/{VERSION_TEXTS}/{record}", body)
    assert answer.codes == ["ENTITY_ERROR.TYPE"]


async def test_a_relationship_cannot_be_set_by_an_update(apple):
    record = apple.text_id()
    data = {"type": VERSION_TEXTS, "id": record, "relationships": {"appStoreVersion": {}}}
    answer = await apple.ask("PATCH", f"/v1/{VERSION_TEXTS}/{record}", {"data": data})
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.UNKNOWN"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"data": []}', b'{"data":{"attributes":1}}']
)
async def test_a_body_that_is_no_document_is_refused(apple, body):
    answer = await apple.ask(
        "PATCH",
        f"/v1/{VERSION_TEXTS}/{apple.text_id()}",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status, answer.codes) == (422, ["ENTITY_UNPROCESSABLE"])


async def test_a_body_of_another_type_is_refused(apple):
    path = f"/v1/{VERSION_TEXTS}/{apple.text_id()}"
    answer = await apple.ask("PATCH", path, data=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status == 415


async def test_an_unknown_localization_is_not_found(apple):
    assert (await apple.patch(VERSION_TEXTS, "none", keywords="a")).status == 404


async def test_a_name_of_another_own_app_in_that_locale_is_taken(apple):
    answer = await apple.patch(INFO_TEXTS, apple.info_id("fr-FR"), name="orrery sky")
    assert answer.codes == [f"{INVALID}.DUPLICATE.SAME_ACCOUNT"]
    assert answer.pointers == ["/data/attributes/name"]


async def test_a_name_that_strangers_hold_is_taken(apple):
    answer = await apple.patch(INFO_TEXTS, apple.info_id("fr-FR"), name="Notes")
    assert answer.codes == [f"{INVALID}.DUPLICATE.DIFFERENT_ACCOUNT"]


async def test_a_new_locale_brings_the_locale_of_the_editable_version_along(apple):
    parent = ("appInfo", "appInfos", apple.info()["id"])
    answer = await apple.post(INFO_TEXTS, parent, locale="tr", name="Tidewell Notlar")
    assert answer.status == 201
    assert set(apple.version()["localizations"]["tr"]) == {"id"}
    assert "tr" not in apple.version("2.3.0")["localizations"]


async def test_a_new_locale_comes_alone_when_so_switched(apple):
    apple.emulation.conditions.pairs_locales = False
    parent = ("appInfo", "appInfos", apple.info()["id"])
    await apple.post(INFO_TEXTS, parent, locale="tr", name="Tidewell Notlar")
    assert "tr" not in apple.version()["localizations"]


async def test_a_locale_that_exists_is_refused_with_advice(apple):
    parent = ("appStoreVersion", "appStoreVersions", apple.version()["id"])
    answer = await apple.post(VERSION_TEXTS, parent, locale="th")
    assert (answer.status, answer.codes) == (409, [f"{INVALID}.DUPLICATE"])
    assert answer.details == ["Entity with locale: th already exists. Try updating."]


async def test_an_unknown_locale_is_refused(apple):
    parent = ("appStoreVersion", "appStoreVersions", apple.version()["id"])
    answer = await apple.post(VERSION_TEXTS, parent, locale="tlh")
    assert answer.details == ["'tlh' is not a valid locale"]


async def test_a_new_locale_needs_its_name_and_locale(apple):
    parent = ("appInfo", "appInfos", apple.info()["id"])
    answer = await apple.post(INFO_TEXTS, parent, subtitle="x" * 31)
    assert sorted(answer.pointers) == [
        "/data/attributes/locale",
        "/data/attributes/name",
        "/data/attributes/subtitle",
    ]


async def test_a_localization_needs_a_parent(apple):
    data = {"type": VERSION_TEXTS, "attributes": {"locale": "tr"}}
    answer = await apple.ask("POST", f"/v1/{VERSION_TEXTS}", {"data": data})
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.REQUIRED"]


async def test_a_parent_that_does_not_exist_is_refused(apple):
    parent = ("appStoreVersion", "appStoreVersions", "none")
    answer = await apple.post(VERSION_TEXTS, parent, locale="tr")
    assert answer.codes == ["ENTITY_ERROR.RELATIONSHIP.INVALID"]


async def test_a_locale_can_be_deleted_and_is_gone(apple):
    record = apple.text_id("th")
    assert (await apple.ask("DELETE", f"/v1/{VERSION_TEXTS}/{record}")).status == 204
    assert (await apple.get(f"/v1/{VERSION_TEXTS}/{record}")).status == 404
    assert (await apple.ask("DELETE", f"/v1/{VERSION_TEXTS}/{record}")).status == 404


async def test_the_primary_locale_cannot_be_deleted(apple):
    answer = await apple.ask("DELETE", f"/v1/{VERSION_TEXTS}/{apple.text_id('en-US')}")
    assert (answer.status, answer.codes) == (409, ["STATE_ERROR"])
