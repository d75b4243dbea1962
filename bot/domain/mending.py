"""Which of many texts can be mended one by one, and what is wrong with what somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.changes import Place, items
from bot.domain.editing import why_not
from bot.domain.listing import Listing
from bot.domain.validation import Finding, Severity, validate


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A text that fails, with its mistakes; "" where the mistake is that there is none."""

    locale: str
    attribute: str
    text: str = field(repr=False)
    mistakes: tuple[Finding, ...]

    @property
    def place(self) -> Place:
        """Return the locale and the attribute."""
        return self.locale, self.attribute


def mends(
    live: Listing, texts: Mapping[Place, str], findings: Iterable[Finding]
) -> tuple[Mend, ...]:
    """Return what of `findings` another text at its place could mend, in their order.

    A field that cannot be changed now is none of it, nor is what a locale as a whole does wrong.
    """
    wrong: dict[Place, list[Finding]] = {}
    for one in findings:
        changeable = one.field and why_not(live, one.field) is None
        if one.severity is Severity.ERROR and changeable:
            wrong.setdefault((one.locale, one.field), []).append(one)
    return tuple(
        Mend(locale=code, attribute=name, text=texts.get((code, name), ""), mistakes=tuple(found))
        for (code, name), found in wrong.items()
    )


def mistakes(live: Listing, texts: Mapping[Place, str], codes: Iterable[str]) -> tuple[Mend, ...]:
    """Return what fails of the texts in some locales and another text could mend.

    Looks at these locales alone, so that somebody who waits for it waits little.
    """
    near = set(codes)
    own = {place: text for place, text in texts.items() if place[0] in near}
    return mends(live, own, validate(items(live, own, {}), live))
