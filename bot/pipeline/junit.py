"""A report as JUnit's XML: a suite for each file or folder, a case for each text."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.sax.saxutils import escape, quoteattr

from bot.exchange import DEFAULT
from bot.pipeline.remarks import Remark
from bot.pipeline.validate import Report

# XML 1.0 has no way to write these.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A case: file, locale, field; what is about no single text is a case of its file.
_Case = tuple[str, str, str]


def document(report: Report) -> str:
    """Return the XML; what fails is a failure, what else was said is the case's output."""
    cases: dict[_Case, list[Remark]] = defaultdict(list)
    for place in report.places:
        cases[place] = []
    for remark in report.remarks:
        cases[(remark.file, remark.locale, remark.field)].append(remark)
    failures = sum(any(map(report.fails, said)) for said in cases.values())
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="0"'
    body = "\n".join(_case(report, case, said) for case, said in cases.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="marquee validate" {counts}>\n'
        f'<testsuite name="marquee validate" {counts}>\n{body}\n</testsuite>\n'
        "</testsuites>"
    )


def _case(report: Report, case: _Case, said: list[Remark]) -> str:
    file, locale, field = case
    name = _attribute(" ".join(filter(None, (locale, field))) or file)
    failing = [remark for remark in said if report.fails(remark)]
    other = [remark for remark in said if not report.fails(remark)]
    inside = ""
    if failing:
        inside += (
            f"<failure type={_attribute(failing[0].code)} message={_attribute(failing[0].message)}>"
            f"{_text(_told(failing))}</failure>"
        )
    if other:
        inside += f"<system-out>{_text(_told(other))}</system-out>"
    classname = _attribute(locale or DEFAULT if field else "file")
    head = f"<testcase name={name} classname={classname} file={_attribute(file)}"
    return f"{head}>{inside}</testcase>" if inside else f"{head}/>"


def _told(said: list[Remark]) -> str:
    return "\n".join(
        f"{remark.level}: {remark.where or remark.file}: {remark.message} {remark.remedy}".strip()
        for remark in said
    )


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("\ufffd", text))
