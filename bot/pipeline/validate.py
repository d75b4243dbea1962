"""`marquee validate`: everything that can be told of files without Apple and without a bot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain import offline
from bot.domain.changes import Place
from bot.domain.validation import Finding
from bot.exchange import DEFAULT, Imported
from bot.pipeline.remarks import Level, Remark, of_reading, place_of
from bot.pipeline.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Strictness:
    """How the caller wants texts judged: see docs/pipelines.md."""

    first_version: bool = False
    base: str = offline.USUAL_BASE
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was said about some paths, errors first, and the texts that were looked at.

    `places` are (file, locale, field) of each text, in order.
    """

    remarks: tuple[Remark, ...]
    places: tuple[tuple[str, str, str], ...]
    strict: bool = False

    def count(self, level: Level) -> int:
        """Return how many remarks are of a level."""
        return sum(remark.level is level for remark in self.remarks)

    def fails(self, remark: Remark) -> bool:
        """Return whether this remark alone would end the command with 1."""
        return remark.level is Level.ERROR or (self.strict and remark.level is Level.WARNING)

    @property
    def ok(self) -> bool:
        """Return whether nothing fails."""
        return not any(map(self.fails, self.remarks))

    @property
    def locales(self) -> int:
        """Return how many locales have a text, in whichever file."""
        return len({locale for _, locale, _ in self.places if locale != DEFAULT})


def report(sources: Iterable[Source], chosen: Strictness) -> Report:
    """Return the report on files and folders that were read; each is looked at on its own."""
    remarks: list[Remark] = []
    places: list[tuple[str, str, str]] = []
    for source in sources:
        remarks += of_reading(source)
        if source.imported is not None:
            remarks += _of_texts(source, source.imported, chosen)
            places += _places(source, source.imported)
    levels = list(Level)
    remarks.sort(key=lambda remark: levels.index(remark.level))
    return Report(remarks=tuple(remarks), places=tuple(places), strict=chosen.strict)


def _of_texts(source: Source, imported: Imported, chosen: Strictness) -> Iterator[Remark]:
    own, fallback, first = imported.texts, imported.fallback, chosen.first_version
    base = chosen.base
    found: dict[str, tuple[Finding, ...]] = {
        "text": offline.texts(own, fallback, first_version=first),
        "untranslated": offline.untranslated(own, fallback, base),
        "incomplete": offline.incomplete(own, fallback, first_version=first),
    }
    for code, findings in found.items():
        for finding in findings:
            yield _remark(source, imported, code, finding)


def _remark(source: Source, imported: Imported, code: str, finding: Finding) -> Remark:
    locale = finding.locale or DEFAULT
    where = place_of(imported, locale, finding.field)
    return Remark(
        level=Level(str(finding.severity)),
        code=code,
        file=source.file(where),
        line=source.line(where),
        where=where,
        locale=locale,
        field=finding.field,
        message=finding.message,
        remedy=finding.remedy,
    )


def _places(source: Source, imported: Imported) -> Iterator[tuple[str, str, str]]:
    defaults: list[Place] = [(DEFAULT, attribute) for attribute in imported.fallback]
    for locale, field in [*defaults, *sorted(imported.texts)]:
        yield source.file(imported.where.get((locale, field), "")), locale, field
