"""What many texts at once would change of a listing: by locale, with all that is wrong.

Knows what changes and what fails; refuses to know where the texts came from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.changes import Place, items
from bot.domain.fields import FIELDS
from bot.domain.items import Item, leaving
from bot.domain.listing import Listing
from bot.domain.validation import Finding, Severity, validate

# A push reads what Apple holds, and reads it back in the end; two requests each.
READS = 4
# The same two readings and the votes at Slack, one after the other.
ROUND_TRIPS = 3
# Assumed: Apple promises nothing, and nobody measured it here. What people see says so.
SECONDS_A_REQUEST = 0.4

_ORDER = tuple(one.attribute for one in FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleChange:
    """What would become of a locale; attributes in the table's order.

    `cleared` are those of `changed` that are emptied, `same` were given and are there already.
    `new` where the listing lacks the locale; `lost` are attributes and texts of one that leaves.
    """

    locale: str
    new: bool
    changed: tuple[str, ...]
    cleared: tuple[str, ...]
    same: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    leaves: bool = False
    lost: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def fails(self) -> bool:
        """Whether anything about it keeps the proposal from being made."""
        return any(one.severity is Severity.ERROR for one in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Texts held against a listing; locales in the listing's order, new ones last."""

    items: tuple[Item, ...] = field(repr=False)
    locales: tuple[LocaleChange, ...]

    @property
    def changed(self) -> int:
        """Return how many texts would change, the cleared ones too."""
        return sum(len(one.changed) for one in self.locales)

    @property
    def cleared(self) -> int:
        """Return how many texts would be emptied."""
        return sum(len(one.cleared) for one in self.locales)

    @property
    def same(self) -> int:
        """Return how many texts are there already."""
        return sum(len(one.same) for one in self.locales)

    @property
    def new(self) -> tuple[str, ...]:
        """Return the locales that would be added."""
        return tuple(one.locale for one in self.locales if one.new and one.changed)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Return the locales that would be removed."""
        return tuple(one.locale for one in self.locales if one.leaves)

    @property
    def fails(self) -> bool:
        """Whether anything keeps the proposal from being made."""
        return any(one.fails for one in self.locales)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of all locales with that severity."""
        every = [finding for one in self.locales for finding in one.findings]
        return tuple(finding for finding in every if finding.severity is severity)


def compared(
    live: Listing,
    texts: Mapping[Place, str],
    beside: Iterable[Finding] = (),
    *,
    unwritten: Severity = Severity.WARNING,
) -> Comparison:
    """Hold texts against a listing; "" is a text that shall be emptied.

    `beside` are findings that the listing alone does not tell; `unwritten` as `validate` says.
    """
    changes = items(live, texts, {})
    found = (*validate(changes, live, unwritten=unwritten), *beside)
    gone = leaving(changes)
    after = {(item.locale, item.field): item.after for item in changes}
    given = {code for code, _ in texts}
    known = [code for code in live.locales() if code in given]
    locales = []
    for code in (*known, *sorted(given.difference(known))):
        given_here = after if code in gone else texts
        places = [name for name in _ORDER if (code, name) in given_here]
        changed = tuple(name for name in places if (code, name) in after)
        locales.append(
            LocaleChange(
                locale=code,
                new=not live.has_locale(code),
                changed=changed,
                cleared=tuple(name for name in changed if not after[code, name]),
                same=tuple(name for name in places if name not in changed),
                findings=tuple(one for one in found if one.locale == code),
                leaves=code in gone,
                lost=tuple(
                    (item.field, item.before)
                    for item in changes
                    if code in gone and item.locale == code and item.field
                ),
            )
        )
    return Comparison(items=changes, locales=tuple(locales))


def failing(live: Listing, texts: Mapping[Place, str]) -> dict[Place, str]:
    """Return what has to be left out so that the rest has no mistake, each with its reason.

    A mistake that no single text is to blame for, as a new locale without its name, takes
    all texts of its locale.
    """
    left, out = dict(texts), dict[Place, str]()
    while errors := _errors(live, left):
        for error in errors:
            place = (error.locale, error.field)
            whole = [each for each in left if each[0] == error.locale]
            for each in [place] if place in left else whole:
                out[each] = error.message
        left = {place: text for place, text in left.items() if place not in out}
    return out


def _errors(live: Listing, texts: Mapping[Place, str]) -> list[Finding]:
    found = validate(items(live, texts, {}), live)
    return [one for one in found if one.severity is Severity.ERROR]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a push asks of Apple: requests that read and that write, and `seconds` for all."""

    reads: int
    writes: int
    seconds: int


def cost(chains: Mapping[str, int], *, in_flight: int) -> Cost:
    """Return what it costs to write `chains`: for each locale its writes, one after the other.

    At most `in_flight` of them are under way at once.
    """
    writes = sum(chains.values())
    rounds = max(math.ceil(writes / in_flight), max(chains.values(), default=0))
    seconds = math.ceil((rounds + ROUND_TRIPS) * SECONDS_A_REQUEST)
    return Cost(reads=READS, writes=writes, seconds=seconds)
