"""What a file would change, as a value: the workflow fills it, an edge draws it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.bulk import Comparison, Cost
from bot.domain.bulk_edits import BulkEdit
from bot.domain.listing import App, Version
from bot.domain.matrix import Matrix
from bot.domain.mending import Mend
from bot.domain.spending import Shortage


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTarget:
    """An app on one of its platforms, which a file can be for."""

    app: App
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadCard:
    """All that is shown of a file before anything is proposed.

    `name` and `form` are the file's. `left_out` and `cleaned` are sentences with their places
    in it, `filled` is one of the locales that its default texts fill; `dropped` are texts that
    the person left out, (locale, attribute, reason). `failing` is how many texts have to be left
    out so that the rest can be proposed. With `edit` there is no file: it says what is done to
    all texts instead. `locales` are the listing's; `matrix` has them all and the new ones.
    `shortage` is there while Apple does not leave enough for the `cost`.
    """

    draft: int
    app: App
    version: Version
    versions: tuple[Version, ...]
    name: str
    form: str
    empty_clears: bool
    reason: str
    comparison: Comparison
    matrix: Matrix
    cost: Cost
    failing: int
    mends: tuple[Mend, ...] = ()
    left_out: tuple[str, ...] = field(default=(), repr=False)
    cleaned: tuple[str, ...] = ()
    filled: str = ""
    dropped: tuple[tuple[str, str, str], ...] = ()
    shortage: Shortage | None = None
    edit: BulkEdit | None = None
    locales: tuple[str, ...] = ()
