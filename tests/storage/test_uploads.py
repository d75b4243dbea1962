"""What came out of a file stays until it is proposed, apart from what people type."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion
from bot.storage.rows import load_reading
from bot.storage.store import Store
from bot.storage.uploads import NewUpload, Upload
from tests.clock import START
from tests.storage.past import READING as KEPT
from tests.storage.proposals import a_new_proposal, a_new_revision

READING = load_reading(KEPT)
ABOUT = Upload(
    name="names.csv",
    form="csv",
    left_out=("line 3: “xx” is no locale.",),
    cleaned=("line 1: a byte-order mark was taken off",),
    filled="“default” fills 1 locale that lacks texts of its own: ja (name)",
)
TEXTS = {("ja", "name"): "ノート", ("de-DE", "subtitle"): ""}


def an_upload(user: str = "U0MIA") -> NewUpload:
    return NewUpload(
        user=user,
        authors=["U0BEN"],
        version_id="v9",
        reading=READING,
        reason="Spring",
        texts=TEXTS,
        about=ABOUT,
    )


async def keep(store: Store, user: str = "U0MIA", *, most: int = 5) -> int:
    return await store.uploads.keep(an_upload(user), most=most, now=START)


async def test_a_file_comes_back_as_it_was_kept(store: Store) -> None:
    number = await keep(store)

    draft = await store.drafts.get(number)
    assert draft is not None
    assert (draft.user_id, draft.texts, draft.reason) == ("U0MIA", TEXTS, "Spring")
    assert draft.authors == ("U0BEN",)
    assert await store.drafts.reading(number) == READING
    assert await store.uploads.get(number) == ABOUT


async def test_the_edit_form_never_finds_a_file_s_draft(store: Store) -> None:
    number = await keep(store)
    draft = await store.drafts.get(number)
    assert draft is not None

    typed = await store.drafts.open(
        "U0MIA",
        app_id=draft.app_id,
        platform=draft.platform,
        version_id=draft.version_id,
        proposal=None,
        now=START,
    )

    assert typed.id != number
    assert await store.drafts.latest("U0MIA", app_id=draft.app_id) is None
    assert [one.id for one in await store.drafts.of("U0MIA", most=9)] == [typed.id]
    assert await store.uploads.get(typed.id) is None


async def test_what_is_left_out_is_gone_from_the_texts_and_remembered(store: Store) -> None:
    number = await keep(store)

    assert await store.uploads.drop(number, {("ja", "name"): "Too long."}, now=START)

    draft, about = await store.drafts.get(number), await store.uploads.get(number)
    assert draft is not None
    assert about is not None
    assert draft.texts == {("de-DE", "subtitle"): ""}
    assert about.dropped == (("ja", "name", "Too long."),)


async def test_of_a_proposed_file_nothing_is_left_out_any_more(store: Store) -> None:
    number = await keep(store)
    new, revision = a_new_proposal(), a_new_revision()
    assert await store.proposals.create(new, revision, now=START, draft=number)

    assert not await store.uploads.drop(number, {("ja", "name"): "Too long."}, now=START)
    await store.uploads.move(number, "v1", now=START)

    draft = await store.drafts.get(number)
    assert draft is not None
    assert (draft.texts, draft.version_id) == (TEXTS, "v9")


async def test_the_last_files_of_each_person_stay(store: Store) -> None:
    others = await keep(store, "U0BEN")
    numbers = [await keep(store, most=2) for _ in range(3)]

    found = [await store.drafts.get(number) for number in [others, *numbers]]

    assert [one.status for one in found if one] == ["open", "discarded", "open", "open"]


async def test_a_file_that_nobody_comes_back_to_is_forgotten_and_what_is_typed_is_not(
    store: Store,
) -> None:
    number = await keep(store)
    typed = await store.drafts.open(
        "U0MIA", app_id="1", platform="IOS", version_id="v9", proposal=None, now=START
    )
    age = timedelta(days=30)

    await store.uploads.forget(now=START + age, age=age)
    assert await store.uploads.get(number) is not None

    await store.uploads.forget(now=START + age + timedelta(seconds=1), age=age)
    assert await store.uploads.get(number) is None
    assert await store.drafts.get(number) is None
    assert await store.drafts.get(typed.id) is not None


async def test_a_deed_comes_back_as_it_was_kept(store: Store) -> None:
    edit = BulkEdit(
        deed=Deed.COPY,
        attributes=("name",),
        locales=("ja",),
        from_locale="de-DE",
        from_version=FromVersion.PUBLIC,
        texts=(("name", "ノート"),),
        keep_names=True,
    )
    new = replace(an_upload(), about=Upload(name="", form="", edit=edit))
    number = await store.uploads.keep(new, most=5, now=START)

    about = await store.uploads.get(number)
    assert about is not None
    assert about.edit == edit


async def test_a_deed_of_before_there_were_others_is_known_by_what_it_finds(
    store: Store, tmp_path: Path
) -> None:
    number = await keep(store)
    old = {"attributes": ["name"], "locales": [], "text": "Ebb", "find": "Tide"}
    for find, deed in (("Tide", Deed.REPLACE), ("", Deed.SPREAD)):
        with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
            db.execute("update uploads set edit = ?", (json.dumps({**old, "find": find}),))
        about = await store.uploads.get(number)
        assert about is not None
        assert about.edit is not None
        assert (about.edit.deed, about.edit.text) == (deed, "Ebb")
