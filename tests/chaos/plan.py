"""What is proposed in a run, by whom, and who votes on it how: all of it drawn from one number.

Pure. Every text is one proposal's alone and no place is proposed twice, so that each request to
Apple says whose it is, and what Apple holds in the end follows from the plan.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.locales import LOCALES

CODES = tuple(locale.code for locale in LOCALES)
PRIMARY = "en-US"
THERE = 40
ALREADY = (PRIMARY, *(code for code in CODES if code != PRIMARY))[:THERE]
TO_ADD = tuple(code for code in CODES if code not in ALREADY)

# The only field that takes two approvers.
DOUBLE = "keywords"
MOST_OF_DOUBLE = 5
# The only field that somebody has to confirm.
TO_CONFIRM = "whatsNew"
SINGLE = (
    "subtitle",
    "promotionalText",
    "description",
    "supportUrl",
    "marketingUrl",
    "privacyPolicyUrl",
)
ALL = (DOUBLE, TO_CONFIRM, *SINGLE)
OF_A_NEW_LOCALE = ("name", "description")

Place = tuple[str, str]


class Fate(StrEnum):
    """How people vote on a proposal."""

    APPROVED = "approved"
    BY_TWO = "approved by two"
    EDITED = "edited after the first of two votes"
    CONFIRMED = "approved and confirmed"
    UNCONFIRMED = "approved and not confirmed"
    DRIFTED = "approved after somebody else changed the text"
    WAVERING = "approved and taken back"
    HALF = "one vote of two"
    SWAPPED = "one vote of two, taken back, and another one"
    AUTHOR = "the author's vote alone"
    GUEST = "a guest's vote alone"
    REJECTED = "rejected, then approved"
    WITHDRAWN = "withdrawn"
    SILENT = "no vote"


NEEDS_TWO = frozenset({Fate.BY_TWO, Fate.EDITED, Fate.HALF, Fate.SWAPPED})
NEEDS_CONFIRM = frozenset({Fate.CONFIRMED, Fate.UNCONFIRMED})
UNDECIDED = (
    Fate.HALF, Fate.SWAPPED, Fate.AUTHOR, Fate.GUEST, Fate.SILENT, Fate.UNCONFIRMED,
    Fate.DRIFTED,
)  # fmt: skip
# Of each twenty proposals; the first one of a fate comes early, so that a short run has it too.
OF_TWENTY = (
    Fate.APPROVED, Fate.BY_TWO, Fate.AUTHOR, Fate.APPROVED, Fate.REJECTED, Fate.APPROVED,
    Fate.SWAPPED, Fate.APPROVED, Fate.GUEST, Fate.APPROVED, Fate.WAVERING, Fate.EDITED,
    Fate.DRIFTED, Fate.HALF, Fate.CONFIRMED, Fate.WITHDRAWN, Fate.UNCONFIRMED, Fate.BY_TWO,
    Fate.APPROVED, Fate.SILENT,
)  # fmt: skip
# How many locales, again of each twenty.
SIZES = ((1, 3), (2, 6), (1, 2), (12, 40), (1, 4), (1, 1), (1, 5), (2, 9), (1, 2), (6, 20))


@dataclass(slots=True, kw_only=True)
class Case:
    """One proposal: what is typed, in which order, and what becomes of it.

    `edited` are the texts, of those, that were typed otherwise at first: see `typed`.
    `allowed` is when its votes first were enough (seconds since 1970), None while they are not.
    """

    number: int
    app: int
    proposer: str
    fate: Fate
    texts: Mapping[str, Mapping[str, str]] = field(repr=False)
    edited: Mapping[Place, str] = field(default_factory=dict, repr=False)
    adds: tuple[str, ...] = ()
    voters: tuple[str, str] = ("", "")
    # Whether who wrote it takes it back once all is over, so that few stay undecided.
    leaves: bool = False
    allowed: float | None = None
    ts: str = ""

    @property
    def mark(self) -> str:
        """What no other proposal says."""
        return f"chaos-{self.number:03d}"

    @property
    def places(self) -> dict[Place, str]:
        """(locale, attribute) -> text."""
        return {(code, name): text for code, of in self.texts.items() for name, text in of.items()}

    @property
    def drifted(self) -> dict[Place, str]:
        """Return what somebody else writes at those places before the votes, if anybody does."""
        if self.fate is not Fate.DRIFTED:
            return {}
        return {(code, name): text(-self.number, code, name) for code, name in self.places}

    @property
    def typed(self) -> Mapping[str, Mapping[str, str]]:
        """Return the texts as they are first proposed."""
        return {
            code: {
                name: text(-self.number, code, name) if (code, name) in self.edited else words
                for name, words in of.items()
            }
            for code, of in self.texts.items()
        }


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The whole run."""

    seed: int
    apps: int
    cases: tuple[Case, ...]


def draw(
    proposals: int,
    *,
    apps: int,
    proposers: tuple[str, ...],
    voters: tuple[str, ...],
    seed: int,
    most: int = THERE,
) -> Plan:
    """Return what so many proposals are about; the same numbers give the same plan."""
    chance = random.Random(f"plan {seed}")
    ground = _Ground(apps, chance)
    cases = []
    for number in range(1, proposals + 1):
        fate = OF_TWENTY[(number - 1) % len(OF_TWENTY)]
        low, high = SIZES[(number - 1) % len(SIZES)]
        size = THERE if number % 80 == 4 else chance.randint(low, high)
        app, adds, places = ground.take(min(size, most), fate)
        texts = _texts(number, places)
        cases.append(
            Case(
                number=number,
                app=app,
                proposer=proposers[number % len(proposers)],
                fate=fate,
                texts=texts,
                edited=_one_of(texts) if fate is Fate.EDITED else {},
                adds=adds,
                voters=tuple(chance.sample(voters, 2)),
                leaves=fate in UNDECIDED and number > 20,
            )
        )
    return Plan(seed=seed, apps=apps, cases=tuple(cases))


class _Ground:
    """Which places of which app nobody has proposed to change yet."""

    def __init__(self, apps: int, chance: random.Random) -> None:
        self._chance = chance
        self._apps = apps
        self._free = {(app, name): set(ALREADY) for app in range(apps) for name in ALL}
        self._to_add = {app: list(TO_ADD) for app in range(apps)}

    def take(
        self, size: int, fate: Fate
    ) -> tuple[int, tuple[str, ...], dict[str, tuple[str, ...]]]:
        """Return app, locales to add, and locale -> attributes; smaller where little is left."""
        names = (DOUBLE,) if fate in NEEDS_TWO else SINGLE
        names = (TO_CONFIRM,) if fate in NEEDS_CONFIRM else names
        size = min(size, MOST_OF_DOUBLE) if fate in NEEDS_TWO else size
        app, name = self._widest([(app, name) for app in range(self._apps) for name in names], size)
        free = sorted(self._free[app, name])
        there = self._chance.sample(free, min(size, len(free)))
        self._free[app, name] -= set(there)
        places: dict[str, tuple[str, ...]] = dict.fromkeys(there, (name,))
        if fate is Fate.APPROVED and size < THERE:
            for code in self._of_a_second_field(app, name, there):
                places[code] = (name, "marketingUrl")
        may_add = fate in (Fate.APPROVED, Fate.REJECTED) and len(there) < THERE
        adds = self._new_locale(app) if may_add else ()
        places |= dict.fromkeys(adds, OF_A_NEW_LOCALE)
        return app, adds, places

    def _widest(self, choice: list[tuple[int, str]], size: int) -> tuple[int, str]:
        """Return one of those that have room, or the one that has most."""
        roomy = [one for one in choice if len(self._free[one]) >= size]
        if roomy:
            return self._chance.choice(roomy)
        return max(choice, key=lambda one: len(self._free[one]))

    def _of_a_second_field(self, app: int, name: str, there: list[str]) -> list[str]:
        if name == "marketingUrl" or self._chance.random() < 0.6:
            return []
        both = [code for code in there[:3] if code in self._free[app, "marketingUrl"]]
        self._free[app, "marketingUrl"] -= set(both)
        return both

    def _new_locale(self, app: int) -> tuple[str, ...]:
        if not self._to_add[app] or self._chance.random() < 0.35:
            return ()
        return (self._to_add[app].pop(),)


def _one_of(texts: Mapping[str, Mapping[str, str]]) -> dict[Place, str]:
    """Return one text of a proposal, with its place."""
    return next({(code, name): words} for code, of in texts.items() for name, words in of.items())


def _texts(number: int, places: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    return {code: {name: text(number, code, name) for name in of} for code, of in places.items()}


def text(number: int, code: str, name: str) -> str:
    """Return the one text that proposal `number` wants there; number 0 is what was there first.

    One below 0 is what was typed there first, or what somebody else wrote there.
    """
    if name.endswith("Url"):
        return f"https://n{number}.example.com/{code}/{name[:3]}"
    if name == DOUBLE:
        return f"tide,chart,n{number},{code}"
    words = {"description": "Charts and tides for small boats", "whatsNew": "New: quiet nights"}
    return f"{words.get(name, name.capitalize()[:5])} n{number} {code}"


def beginning() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each locale with what an app holds before anybody proposes anything."""
    for code in ALREADY:
        yield code, {name: text(0, code, name) for name in ("name", *ALL)}
