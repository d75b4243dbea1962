"""Two real listings go in and come out the same, in all six forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.fields import FIELDS
from bot.domain.text import normalise
from bot.exchange import DEFAULT, Format, read, read_folder, write, write_folder
from tests.sandbox.appstore.contract import LISTINGS

BY_FILE = {field.file: field.attribute for field in FIELDS}
NAMES = sorted(folder.name for folder in LISTINGS.iterdir() if folder.is_dir())


def on_disk(name: str) -> dict[tuple[str, str], str]:
    return {
        (path.parent.name, BY_FILE[path.name]): normalise(path.read_text("utf-8"))
        for path in (LISTINGS / name).glob("*/*.txt")
    }


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_listing_goes_in_and_comes_out_the_same(
    name: str, form: Format, tmp_path: Path
) -> None:
    first = read_folder(LISTINGS / name)
    if form is Format.FOLDER:
        write_folder(tmp_path, first.texts, fallback=first.fallback)
        second = read_folder(tmp_path)
    else:
        second = read(write(first.texts, form, fallback=first.fallback))
    fallback = {(DEFAULT, field): text for field, text in second.fallback.items()}
    assert {**second.texts, **fallback} == on_disk(name)
    assert second.left == ()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_real_listing_is_left_out_but_what_is_no_text_of_a_locale(name: str) -> None:
    assert {left.where for left in read_folder(LISTINGS / name).left} <= {"copyright.txt"}
