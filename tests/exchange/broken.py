"""Files that are broken, dangerous or careless: what each is answered with.

Nothing of such a file may be taken by accident: `taken` is all that may come out of it.
"""

from __future__ import annotations

import json
import random
import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook

from bot.domain.changes import Place
from bot.exchange import Why
from bot.exchange.limits import ENTRIES, FILE_BYTES, ROWS
from tests.exchange.files import declared, sheet, table, with_part, workbook, zipped

NAME = ("de-DE", "name")
HEADER = ("locale", "name", "subtitle")
GERMAN = ("de-DE", "Notizen", "Schreib auf")
TAKEN = {NAME: "Notizen", ("de-DE", "subtitle"): "Schreib auf"}
GOOD = zipped({"metadata/de-DE/name.txt": "Notizen\n"})
BOOK = sheet([HEADER, GERMAN])


@dataclass(frozen=True)
class Broken:
    """A file and its answer: refused as a whole with these words, or these left out."""

    id: str
    make: Callable[[], bytes]
    refused: str = ""
    left: Mapping[str, Why] = field(default_factory=dict)
    says: str = ""
    taken: Mapping[Place, str] = field(default_factory=dict)


def refused(id_: str, make: Callable[[], bytes], words: str) -> Broken:
    return Broken(id_, make, refused=words)


def left(
    id_: str,
    make: Callable[[], bytes],
    what: Mapping[str, Why],
    *,
    says: str = "",
    taken: Mapping[Place, str] | None = None,
) -> Broken:
    return Broken(id_, make, left=what, says=says, taken=taken or {})


def lines(*rows: str) -> Callable[[], bytes]:
    return lambda: "".join(f"{row}\n" for row in rows).encode()


def cells(*rows: tuple[Any, ...]) -> Callable[[], bytes]:
    return lambda: sheet([HEADER, *rows])


def changed(change: Callable[[Workbook], None], *rows: tuple[Any, ...]) -> Callable[[], bytes]:
    return lambda: workbook([HEADER, *rows], change)


def part(name: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: with_part(BOOK, name, change)


def path(name: str) -> Callable[[], bytes]:
    return lambda: zipped({name: "Notizen", "metadata/de-DE/subtitle.txt": "Schreib"})


def said(document: object) -> Callable[[], bytes]:
    return lambda: json.dumps(document).encode()


def encrypted(data: bytes) -> bytes:
    """The bit that says that a file is encrypted, in both of its heads."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def damaged(data: bytes) -> bytes:
    """Another letter where the packed text is, so that the checksum does not hold."""
    place = data.index(b"Notizen")
    return data[:place] + b"X" + data[place + 1 :]


def merged(book: Workbook) -> None:
    page: Any = book.active
    page.merge_cells("B2:B3")


def hidden_row(book: Workbook) -> None:
    page: Any = book.active
    page.row_dimensions[3].hidden = True


def hidden_column(book: Workbook) -> None:
    page: Any = book.active
    page.column_dimensions["C"].hidden = True


def hidden_sheet(book: Workbook) -> None:
    page: Any = book.create_sheet("Old")
    page.append(HEADER)
    page.append(("ja", "メモ", "書く"))
    page.sheet_state = "hidden"


def only_hidden(book: Workbook) -> None:
    hidden_sheet(book)
    page: Any = book.active
    page.delete_rows(1, 5)


def leading_zeros(book: Workbook) -> None:
    page: Any = book.active
    page["B2"].number_format = "0000"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


DECLARED = b'<!DOCTYPE worksheet [<!ENTITY a "ha">]>'
SAVED = (
    b'<c r="B2" t="inlineStr"><is><t>Notizen</t></is></c>',
    b'<c r="B2" t="str"><f>A1</f><v>Notizen</v></c>',
)


def with_formula(content: bytes) -> bytes:
    """The sheet with a formula in B2 and the value that was saved with it."""
    assert SAVED[0] in content
    return content.replace(*SAVED)


def filled_by(attributes: bytes) -> Callable[[], bytes]:
    """A sheet of three locales with a formula in B2 that says what other cells it fills."""
    book = sheet([HEADER, ("de-DE", "Notizen"), ("ja", "メモ", "書く"), ("ko", "메모")])
    return lambda: with_part(
        book,
        "xl/worksheets/sheet1.xml",
        lambda x: with_formula(x).replace(b"<f>", b"<f %s>" % attributes),
    )


def shaped(old: bytes, new: bytes) -> Callable[[], bytes]:
    """A sheet of two locales with another piece of XML in it."""
    book = sheet([HEADER, GERMAN, ("ja", "メモ", "書く")])
    return lambda: with_part(book, "xl/worksheets/sheet1.xml", lambda x: x.replace(old, new))


# Two million letters that cannot be packed to next to nothing.
NOISE = random.Random(5).randbytes(1_000_000).hex().encode()


def after_declaration(head: bytes) -> Callable[[bytes], bytes]:
    """The head in place of the XML's own."""
    return lambda content: head + (content.split(b"?>", 1)[-1] if b"?>" in content else content)


ENCODINGS = [
    refused(
        "windows-1252",
        lambda: "locale,name\nfr-FR,Notes privées\n".encode("cp1252"),
        "Windows-1252",
    ),
    refused("shift jis", lambda: "locale,name\nja,メモとノート\n".encode("shift_jis"), "Shift JIS"),
    refused(
        "gb 18030", lambda: "locale,name\nzh-Hans,便签笔记应用\n".encode("gb18030"), "GB 18030"
    ),
    refused("euc-kr", lambda: "locale,name\nko,메모장과 노트\n".encode("euc_kr"), "EUC-KR"),
    refused(
        "cyrillic", lambda: "locale,name\nru,Заметки и записи\n".encode("cp1251"), "Windows-1251"
    ),
    refused(
        "utf-16 without a mark",
        lambda: "locale,name\nde-DE,Notizen\n".encode("utf-16-le"),
        "UTF-16 without a byte-order mark",
    ),
    refused(
        "utf-16 that breaks off",
        lambda: "locale,name\nde-DE,Notizen\n".encode("utf-16")[:-1],
        "breaks off",
    ),
    refused("utf-32", lambda: "locale,name\nde-DE,N\n".encode("utf-32"), "UTF-32"),
    refused("utf-8 that breaks off", lambda: "locale,name\nja,メモ".encode()[:-1], "not UTF-8"),
    refused(
        "json in another encoding", lambda: '{"de": {"name": "Ü"}}'.encode("cp1252"), "not UTF-8"
    ),
    left(
        "one file of a folder in another encoding",
        lambda: zipped(
            {"de-DE/name.txt": "Ungenügend".encode("cp1252"), "de-DE/subtitle.txt": "Schreib"}
        ),
        {"de-DE/name.txt": Why.ENCODING},
        says="Windows-1252",
        taken={("de-DE", "subtitle"): "Schreib"},
    ),
    left(
        "characters that are lost already",
        lines("locale,name,subtitle", "fr-FR,Notes priv\ufffdes,Tout noter"),
        {"line 2 (column 2)": Why.LOST},
        taken={("fr-FR", "subtitle"): "Tout noter"},
    ),
    left(
        "half a character",
        lambda: rb'{"ja": {"name": "\ud83d", "subtitle": "ok"}}',
        {"ja.name": Why.LOST},
        taken={("ja", "subtitle"): "ok"},
    ),
]

STRANGERS = [
    refused("nothing", lambda: b"", "empty"),
    refused("blanks", lambda: b"\xef\xbb\xbf \r\n\t", "empty"),
    refused("old excel", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "password"),
    refused("pdf", lambda: b"%PDF-1.7\n", "a PDF"),
    refused("picture", lambda: b"\x89PNG\r\n\x1a\n", "a picture"),
    refused("gzip", lambda: b"\x1f\x8b\x08\x00" + bytes(50), "no zip"),
    refused("rich text", lambda: rb"{\rtf1\ansi locale,name}", "RTF"),
    refused("web page", lambda: b"<html><table><tr><td>locale</td></tr></table>", "web page"),
    refused("xliff", lambda: b'\xef\xbb\xbf<?xml version="1.0"?><xliff/>', "XML"),
    refused(
        "opendocument", lambda: zipped({"mimetype": "x", "content.xml": "<x/>"}), "OpenDocument"
    ),
    refused("binary workbook", lambda: zipped({"xl/workbook.bin": "x"}), "xlsb"),
    refused("word", lambda: zipped({"word/document.xml": "x"}), "Word"),
    refused("prose", lambda: b"Dear all, the new name is Notizen.\n", "what the columns hold"),
    refused("too large", lambda: b"locale,name\n" + b"x" * FILE_BYTES, "larger than 10 MB"),
]

TABLES = [
    refused("no header", lines("de-DE,Notizen", "ja,メモ"), "what the columns hold"),
    refused(
        "a header too far down",
        lines(*["Texts for the release"] * 11, "locale,name", "de-DE,Notizen"),
        "what the columns hold",
    ),
    refused("fields without locales", lines("name,subtitle", "Notizen,Schreib"), "columns hold"),
    refused(
        "two columns of texts",
        lines("locale,field,text,value", "de-DE,name,Notizen,Zettel"),
        "say the same thing",
    ),
    refused(
        "a quotation mark left open", lines("locale,name", 'de-DE,"Notizen', "ja,メモ"), "closed"
    ),
    refused(
        "a quotation mark in between", lines("locale,name", 'de-DE,"Noti"zen'), "closing quotation"
    ),
    refused(
        "an open quotation mark over pages",
        lambda: b'locale,name\nde-DE,"' + b"Notizen\n" * 20_000,
        "one cell",
    ),
    refused(
        "a row without an end",
        lambda: b"locale,name\n" + b'de-DE,"' + b'\n","' * 300_000 + b'"',
        "more than 1,000,000 characters",
    ),
    refused("too many columns", lambda: table(HEADER, ["de-DE"] + ["x"] * 300), "no more than 200"),
    left(
        "an unknown language",
        lines("locale,name", "Klingon,tlhIngan", "de-DE,Notizen"),
        {"line 2": Why.LOCALE},
        taken={NAME: "Notizen"},
    ),
    left(
        "a country that apple has no locale for",
        lines("locale,name", "Deutsch (Luxemburg),Notizen"),
        {"line 2": Why.LOCALE},
        says="Did you mean de-DE?",
    ),
    left(
        "a language with several locales",
        lines("locale,name", "pt,Notas", "zh,便签", "English,Notes"),
        {"line 2": Why.LOCALE, "line 3": Why.LOCALE, "line 4": Why.LOCALE},
        says="pt-BR or pt-PT",
    ),
    left("no locale", lines("locale,name", ",Notizen"), {"line 2": Why.NO_LOCALE}),
    left(
        "a slip in a field's name",
        lines("locale,name,sutbitle", "de-DE,Notizen,Schreib"),
        {"column C": Why.COLUMN},
        says="Did you mean subtitle?",
        taken={NAME: "Notizen"},
    ),
    left(
        "a column without a name",
        lines("locale,name,", "de-DE,Notizen,Schreib"),
        {"column C": Why.COLUMN},
        taken={NAME: "Notizen"},
    ),
    left(
        "an unknown field in a row",
        lines("locale,field,text", "de-DE,sutbitle,Schreib", "de-DE,,Schreib"),
        {"line 2": Why.FIELD, "line 3": Why.NO_FIELD},
        says="Did you mean subtitle?",
    ),
    left(
        "a row without a text",
        lines("locale,field,text", "de-DE,name,"),
        {"line 2 (column 3)": Why.EMPTY},
        says="[clear]",
    ),
    left(
        "an unknown locale across",
        lines("field,de-DE,Klingon", "name,Notizen,QonoS"),
        {"column C": Why.LOCALE},
        taken={NAME: "Notizen"},
    ),
    left(
        "a comma without quotation marks",
        lines("locale,keywords,name", "de-DE,notizen,listen,Notizen", "ja,メモ,メモ"),
        {"line 2": Why.SHIFTED},
        taken={("ja", "keywords"): "メモ", ("ja", "name"): "メモ"},
    ),
    left(
        "line breaks without quotation marks",
        lines(
            "locale,name,description",
            "de-DE,Notizen,First paragraph.",
            "",
            "Second paragraph without quotes.",
            "Third paragraph.",
            "ja,メモ,書く",
        ),
        {"line 2 (column 3)": Why.CUT, "line 4": Why.LOCALE, "line 5": Why.LOCALE},
        says="quotation marks",
        taken={NAME: "Notizen", ("ja", "name"): "メモ", ("ja", "description"): "書く"},
    ),
    left(
        "line breaks without quotation marks in the middle",
        lines(
            "locale,description,name", "de-DE,First.", "Second.", "Third.,Notizen", "ja,書く,メモ"
        ),
        {"line 2 (column 2)": Why.CUT, "line 3": Why.LOCALE, "line 4": Why.LOCALE},
        taken={("ja", "name"): "メモ", ("ja", "description"): "書く"},
    ),
    left(
        "line breaks without quotation marks and commas",
        lines("locale,description", "de-DE,First.", "Second, with, commas.", "ja,書く"),
        {"line 2 (column 2)": Why.CUT, "line 3": Why.SHIFTED},
        taken={("ja", "description"): "書く"},
    ),
    left(
        "a sentence for a locale",
        lines("locale,description", "de-DE,First.", f"{'Go on ' * 12}, with a comma.", "ja,書く"),
        {"line 2 (column 2)": Why.CUT, "line 3": Why.LOCALE},
        taken={("ja", "description"): "書く"},
    ),
    left(
        "line breaks without quotation marks across",
        lines("field,ja,de-DE", "description,書く,First.", "Second.", "name,メモ,Notizen"),
        {"line 2 (column 3)": Why.CUT, "line 3": Why.FIELD},
        taken={("ja", "description"): "書く", ("ja", "name"): "メモ", NAME: "Notizen"},
    ),
    left(
        "line breaks without quotation marks in rows of texts",
        lines("locale,field,text", "de-DE,description,First.", "Second.", "ja,name,メモ"),
        {"line 2 (column 3)": Why.CUT, "line 3": Why.LOCALE},
        taken={("ja", "name"): "メモ"},
    ),
    left(
        "line breaks without quotation marks left of the locale",
        lines("text,locale,field", "メモ,ja,name", "First.", "Second.,de-DE,description"),
        {"line 3": Why.NO_LOCALE, "line 4 (column 1)": Why.CUT},
        taken={("ja", "name"): "メモ"},
    ),
    left(
        "a text that begins with a line break without quotation marks",
        lines("locale,description", "de-DE,", "First."),
        {"line 2": Why.CUT, "line 3": Why.LOCALE},
    ),
    left(
        "a row that is no locale and nothing else",
        lines(
            "locale,name,subtitle",
            "de-DE,Notizen,Schreib auf",
            "Deutsch (Luxemburg),,",
            "ja,,",
            "ko",
        ),
        {"line 3": Why.LOCALE},
        says="Did you mean de-DE?",
        taken=TAKEN,
    ),
    left(
        "a row that is no field and nothing else",
        lines("field,de-DE", "name,Notizen", "sutbitle,", "description,", "subtitle,Schreib auf"),
        {"line 3": Why.FIELD},
        says="Did you mean subtitle?",
        taken=TAKEN,
    ),
    left(
        "the same place twice",
        lines("locale,name", "de-DE,Notizen", "German,Zettel", "ja,メモ"),
        {"line 2 (column 2)": Why.DUPLICATE, "line 3 (column 2)": Why.DUPLICATE},
        taken={("ja", "name"): "メモ"},
    ),
    left(
        "the same field in two columns",
        lines("locale,name,title", "de-DE,Notizen,Zettel"),
        {"line 2 (column 2)": Why.DUPLICATE, "line 2 (column 3)": Why.DUPLICATE},
    ),
    left(
        "a text and its emptying",
        lines("locale,field,text", "de-DE,subtitle,Schreib", "de-DE,subtitle,[clear]"),
        {"line 2 (column 3)": Why.DUPLICATE, "line 3 (column 3)": Why.DUPLICATE},
    ),
    left(
        "nearly the mark that empties",
        lines("locale,name,subtitle", "de-DE,[Clear],[ clear ]"),
        {"line 2 (column 2)": Why.CLEAR, "line 2 (column 3)": Why.CLEAR},
        says="exactly [clear]",
    ),
    left(
        "a title above the header",
        lines("Release 3.2,", "locale,name", "de-DE,Notizen"),
        {"line 1": Why.ABOVE},
        taken={NAME: "Notizen"},
    ),
    left(
        "a line that could be a header above the header",
        lines(",name,due", "locale,keywords,name", "de-DE,liste,Notizen"),
        {"line 1": Why.ABOVE},
        taken={NAME: "Notizen", ("de-DE", "keywords"): "liste"},
    ),
    left(
        "a book in a cell",
        lines("locale,name,subtitle", f"de-DE,{'x' * 17_000},Schreib"),
        {"line 2 (column 2)": Why.LONG},
        taken={("de-DE", "subtitle"): "Schreib"},
    ),
    left(
        "more rows than are read",
        lambda: b"locale,name\n" + b"de-DE,Notizen\n" * (ROWS - 1) + b"\nja,x\nko,y\n",
        {f"line {ROWS + 2} and after": Why.LIMIT},
        taken={NAME: "Notizen"},
    ),
    refused(
        "more texts than a listing has",
        lambda: b"locale,name,subtitle\n" + b"de-DE,Notizen,Schreib\n" * (ROWS - 1),
        "more than 20,000 texts",
    ),
]

WORKBOOKS = [
    left(
        "a row of a sheet that is no locale and nothing else",
        cells(GERMAN, ("Klingon",), ("ja", None, None)),
        {"row 3": Why.LOCALE},
        taken=TAKEN,
    ),
    refused("half a workbook", lambda: BOOK[: len(BOOK) // 2], "cut off"),
    refused("a workbook without a sheet", lambda: sheet([]), "what the columns hold"),
    refused("two sheets of texts", lambda: sheet([HEADER, GERMAN], Two=[HEADER, GERMAN]), "“Two”"),
    refused("texts on a hidden sheet alone", changed(only_hidden, GERMAN), "columns hold"),
    refused(
        "entities that multiply",
        part("xl/workbook.xml", after_declaration(LAUGHS)),
        "or entities",
    ),
    refused(
        "an entity from the disk",
        part("xl/worksheets/sheet1.xml", after_declaration(EXTERNAL)),
        "or entities",
    ),
    refused(
        "entities in a part unheard of", part("xl/odd.bin", lambda _: LAUGHS + b"<x/>"), "entities"
    ),
    refused(
        "a document type",
        part("xl/workbook.xml", after_declaration(b'<?xml version="1.0"?><!DOCTYPE workbook>')),
        "declares a document type",
    ),
    refused("a damaged sheet", part("xl/worksheets/sheet1.xml", lambda x: x[:-40]), "damaged"),
    refused("no styles", part("xl/styles.xml", lambda _: b"<styleSheet"), "damaged"),
    refused("no list of parts", part("[Content_Types].xml", lambda _: b"<Types/>"), "damaged"),
    refused(
        "a row of millions",
        part(
            "xl/worksheets/sheet1.xml",
            lambda x: x.replace(b"</row>", b"<c/>" * 700_000 + b"</row>", 1),
        ),
        "zip bombs",
    ),
    refused(
        "more cells than a listing needs",
        lambda: with_part(
            BOOK,
            "xl/worksheets/sheet1.xml",
            lambda x: x.replace(
                b"</sheetData>",
                b"".join(b'<row r="%d"><c/><c/><c/></row>' % n for n in range(3, 90_000))
                + b"</sheetData>",
            ),
        ),
        "more than 300,000 elements",
    ),
    refused(
        "a tag of megabytes",
        part(
            "xl/worksheets/sheet1.xml",
            lambda x: x.replace(b"<sheetData", b"<x y='%s'/><sheetData" % NOISE),
        ),
        "a tag or comment",
    ),
    refused(
        "a comment of megabytes",
        part("xl/workbook.xml", lambda x: x.replace(b"<sheets", b"<!--%s--><sheets" % NOISE)),
        "a tag or comment",
    ),
    refused(
        "a cell of megabytes",
        part("xl/worksheets/sheet1.xml", lambda x: x.replace(b"Notizen", NOISE)),
        "more than 200,000 characters",
    ),
    refused(
        "thousands of styles",
        part("xl/styles.xml", lambda x: x.replace(b"<fonts", b"<x/>" * 30_000 + b"<fonts", 1)),
        "styles",
    ),
    refused(
        "too many columns in a sheet",
        lambda: sheet([HEADER, ["de-DE"] + ["x"] * 300]),
        "column GS",
    ),
    left(
        "a formula",
        cells(("de-DE", '=HYPERLINK("https://x.example","Notizen")', "Schreib auf")),
        {"B2": Why.FORMULA},
        says="never computed",
        taken={("de-DE", "subtitle"): "Schreib auf"},
    ),
    left(
        "a formula that fills other cells",
        filled_by(b't="array" ref="B2:B3"'),
        {"B2": Why.FORMULA, "B3": Why.FORMULA},
        says="never computed",
        taken={("ja", "subtitle"): "書く", ("ko", "name"): "메모"},
    ),
    left(
        "a table of what a formula gives",
        filled_by(b't="dataTable" ref="B2:C4"'),
        dict.fromkeys(("B2", "B3", "B4", "C3"), Why.FORMULA),
    ),
    left(
        "a formula that fills a column to its end",
        filled_by(b't="array" ref="B2:B1048576"'),
        dict.fromkeys(("B2", "B3", "B4"), Why.FORMULA),
        taken={("ja", "subtitle"): "書く"},
    ),
    refused(
        "a formula that fills every cell",
        filled_by(b't="array" ref="A1:XFD1048576"'),
        "formulas that fill more than 100,000 cells",
    ),
    refused(
        "a formula that fills cells unheard of",
        filled_by(b't="array" ref="B2:there"'),
        "damaged",
    ),
    left(
        "a formula behind many blanks",
        part("xl/worksheets/sheet1.xml", lambda x: b" \r\n\t" * 100 + with_formula(x)),
        {"B2": Why.FORMULA},
        taken={("de-DE", "subtitle"): "Schreib auf"},
    ),
    refused(
        "entities behind many blanks",
        part("xl/worksheets/sheet1.xml", lambda x: b"\n" * 100 + DECLARED + x),
        "or entities",
    ),
    refused(
        "entities behind blanks of two bytes",
        part(
            "xl/worksheets/sheet1.xml",
            lambda x: ("\n" * 100 + (DECLARED + x).decode()).encode("utf-16-le"),
        ),
        "or entities",
    ),
    refused(
        "a sheet that is no sheet within",
        part(
            "xl/worksheets/sheet1.xml",
            lambda x: b"<workbook>" + with_formula(x) + b"</workbook>",
        ),
        "damaged",
    ),
    left("a formula for a locale", cells(("=A1", "Notizen", "Schreib")), {"A2": Why.FORMULA}),
    left(
        "an error",
        cells(("de-DE", "#REF!", "Schreib auf")),
        {"B2": Why.ERROR},
        taken={("de-DE", "subtitle"): "Schreib auf"},
    ),
    left("a date", cells(("de-DE", date(2026, 11, 20), None)), {"B2": Why.DATE}),
    left("a fraction", cells(("de-DE", 3.5, None)), {"B2": Why.NUMBER}),
    left("true", cells(("de-DE", True, None)), {"B2": Why.BOOLEAN}),
    left("zeros in front", changed(leading_zeros, ("de-DE", 7, None)), {"B2": Why.NUMBER}),
    left(
        "merged cells",
        changed(merged, ("de-DE", "Notizen", "Schreib auf"), ("ja", "", "書く")),
        {"B2:B3": Why.MERGED},
        says="B2 alone",
        taken={**TAKEN, ("ja", "subtitle"): "書く"},
    ),
    left(
        "a hidden row",
        changed(hidden_row, GERMAN, ("ja", "メモ", "書く")),
        {"row 3": Why.HIDDEN},
        taken=TAKEN,
    ),
    left(
        "a hidden column",
        changed(hidden_column, GERMAN),
        {"column C": Why.HIDDEN},
        taken={NAME: "Notizen"},
    ),
    left(
        "a row of no height",
        shaped(b'<row r="3"', b'<row r="3" ht="0" customHeight="1"'),
        {"row 3": Why.HIDDEN},
        taken=TAKEN,
    ),
    left(
        "a column of no width",
        shaped(
            b"<sheetData>",
            b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>',
        ),
        {"column C": Why.HIDDEN},
        taken={NAME: "Notizen", ("ja", "name"): "メモ"},
    ),
    left("a hidden sheet", changed(hidden_sheet, GERMAN), {"sheet “Old”": Why.HIDDEN}, taken=TAKEN),
    left(
        "a sheet of something else",
        lambda: sheet([HEADER, GERMAN], Costs=[("month", "sum"), ("May", 3)]),
        {"sheet “Costs”": Why.SHEET},
        taken=TAKEN,
    ),
    left("a locale that is a number", cells((7, "Notizen", None)), {"row 2": Why.LOCALE}),
]

ZIPS = [
    refused("half a zip", lambda: GOOD[: len(GOOD) // 2], "cut off"),
    refused("a zip without its end", lambda: GOOD[:-10], "cut off"),
    refused("the head of a zip", lambda: b"PK\x03\x04" + bytes(30), "cut off"),
    refused("an empty zip", lambda: zipped({}), "empty"),
    refused("a zip of no texts", lambda: zipped({"readme.md": "x", "de-DE/x.png": "x"}), "no text"),
    refused(
        "a damaged file",
        lambda: damaged(zipped({"de-DE/name.txt": "Notizen"}, method=0)),
        "damaged",
    ),
    refused("a zip with a password", lambda: encrypted(GOOD), "encrypted"),
    refused(
        "a bomb",
        lambda: zipped({"de-DE/name.txt": b"0" * 20_000_000}),
        "zip bombs",
    ),
    refused(
        "many small bombs",
        lambda: zipped({f"de-DE/{n}.txt": b"ab" * 450_000 for n in range(50)}),
        "more than 40 MB",
    ),
    refused(
        "a bomb that says it is small",
        lambda: declared(zipped({"de-DE/name.txt": b"0" * 20_000_000}), size=100),
        "damaged",
    ),
    refused(
        "too many files",
        lambda: zipped({f"de-DE/{n}.txt": "" for n in range(ENTRIES + 1)}),
        "more than 2,000 files",
    ),
    refused(
        "far too many files",
        lambda: zipped({f"{n}": "" for n in range(ENTRIES * 3)}, method=0),
        "more than 2,000 files",
    ),
    refused("a zip within a zip", lambda: zipped({"de-DE/a.zip": GOOD}), "packed itself"),
    refused("a path that leads out", path("../de-DE/name.txt"), "leads out"),
    refused("a path that leads out late", path("metadata/de-DE/../../name.txt"), "leads out"),
    refused("a path from the root", path("/de-DE/name.txt"), "root of a disk"),
    refused("a path on a drive", path("C:/de-DE/name.txt"), "root of a disk"),
    refused("a path with backslashes", path("metadata\\de-DE\\name.txt"), "backslash"),
    refused("a path with a line break", path("metadata/de\n-DE/name.txt"), "control character"),
    refused("a path with an empty part", path("metadata//name.txt"), "without a name"),
    refused("a path without an end", path("a" * 500), "longer"),
    refused(
        "a link",
        lambda: zipped(
            {"de-DE/name.txt": "/etc/hostname"},
            change=lambda entry: setattr(entry, "external_attr", (stat.S_IFLNK | 0o777) << 16),
        ),
        "is a link",
    ),
    refused(
        "one file twice",
        lambda: zipped({"de-DE/name.txt": "Notizen", "DE-de/NAME.txt": "Zettel"}),
        "one file on many disks",
    ),
    refused(
        "one file twice, once from here",
        lambda: zipped({"de-DE/name.txt": "Notizen", "./de-DE/name.txt": "Zettel"}),
        "one file on many disks",
    ),
    refused(
        "packed in a rare way",
        lambda: zipped({"de-DE/name.txt": "x"}, method=zipfile.ZIP_LZMA),
        "rare",
    ),
    refused(
        "two folders of texts",
        lambda: zipped({"ios/de-DE/name.txt": "A", "mac/de-DE/name.txt": "B"}),
        "“ios”, “mac”",
    ),
    left(
        "a folder of an unknown language",
        lambda: zipped({"Deutsch (Luxemburg)/name.txt": "x", "de-DE/name.txt": "Notizen"}),
        {"Deutsch (Luxemburg)/": Why.LOCALE},
        says="Did you mean de-DE?",
        taken={NAME: "Notizen"},
    ),
    left(
        "unknown files",
        lambda: zipped(
            {
                "metadata/de-DE/name.txt": "Notizen",
                "metadata/de-DE/whats_new.txt": "Neu",
                "metadata/de-DE/deep/name.txt": "tief",
                "metadata/notes.txt": "x",
                "screenshots/de-DE/1.png": "x",
            }
        ),
        {
            "de-DE/whats_new.txt": Why.FILE,
            "de-DE/deep/name.txt": Why.FILE,
            "notes.txt": Why.FILE,
            "screenshots/de-DE/1.png": Why.FILE,
        },
        says="Did you mean release_notes.txt?",
        taken={NAME: "Notizen"},
    ),
    left(
        "deliver's other files",
        lambda: zipped(
            {
                "de-DE/name.txt": "Notizen",
                "copyright.txt": "2026",
                "review_information/demo_password.txt": "hush",
            }
        ),
        {"copyright.txt": Why.OTHER, "review_information/demo_password.txt": Why.OTHER},
        taken={NAME: "Notizen"},
    ),
    left(
        "an empty file",
        lambda: zipped({"de-DE/name.txt": "Notizen", "de-DE/subtitle.txt": "\n \n"}),
        {"de-DE/subtitle.txt": Why.EMPTY},
        says="[clear]",
        taken={NAME: "Notizen"},
    ),
    left(
        "a file of megabytes",
        lambda: zipped({"de-DE/name.txt": "Notizen", "ja/name.txt": "x" * 1_048_577}, method=0),
        {"ja/name.txt": Why.LONG},
        says="larger than 1 MB",
        taken={NAME: "Notizen"},
    ),
]

JSONS = [
    refused("half a json", lambda: b'{"de-DE": {"name": "Noti', "line 1, character"),
    refused("json with a comment", lambda: b'{"de-DE": {} // none\n}', "cannot be read"),
    refused("json twice", lambda: b'{"de-DE": {"name": "A"}}{"ja": {}}', "cannot be read"),
    refused("json too deep", lambda: b'{"de-DE": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", "deep"),
    refused("json of a million lists", lambda: b"[" + b"[]," * 1_000_000 + b"[]]", "more objects"),
    refused("json of a million numbers", lambda: b"[" + b"1," * 1_200_000 + b"1]", "more objects"),
    refused("json of no locale", said({"version": "3.2"}), "no locale"),
    refused("json with a list of locales", said({"locales": ["de-DE"]}), "a list and no object"),
    left(
        "a key that stands twice",
        lambda: b'{"de-DE": {"name": "Notizen", "name": "Zettel", "subtitle": "Schreib auf"}}',
        {"de-DE.name": Why.DUPLICATE},
        taken={("de-DE", "subtitle"): "Schreib auf"},
    ),
    left(
        "a locale that stands twice",
        lambda: b'{"de-DE": {"name": "Notizen"}, "de": {"name": "Zettel"}}',
        {"de-DE.name": Why.DUPLICATE, "de.name": Why.DUPLICATE},
    ),
    left(
        "values that are no texts",
        said({"de-DE": {"name": 7, "subtitle": True, "keywords": ["a", "b"], "description": {}}}),
        {
            "de-DE.name": Why.TYPE,
            "de-DE.subtitle": Why.TYPE,
            "de-DE.keywords": Why.TYPE,
            "de-DE.description": Why.TYPE,
        },
    ),
    left("a number that is none", lambda: b'{"de-DE": {"name": NaN}}', {"de-DE.name": Why.TYPE}),
    left(
        "an empty text",
        said({"de-DE": {"name": "Notizen", "subtitle": ""}}),
        {"de-DE.subtitle": Why.EMPTY},
        says="null",
        taken={NAME: "Notizen"},
    ),
    left(
        "unknown words",
        said(
            {
                "locales": {"xx": {"name": "x"}, "de-DE": {"name": "Notizen", "icon": "x"}},
                "by": "me",
            }
        ),
        {"locales.xx": Why.LOCALE, "locales.de-DE.icon": Why.FIELD, "by": Why.FIELD},
        taken={NAME: "Notizen"},
    ),
    left(
        "a locale of no fields",
        said({"de-DE": "Notizen", "ja": {"name": "メモ"}}),
        {"de-DE": Why.TYPE},
        taken={("ja", "name"): "メモ"},
    ),
    left(
        "items that say too little",
        said(
            [
                "Notizen",
                {"field": "name", "text": "Notizen"},
                {"locale": "de-DE", "field": "name"},
                {"locale": "de-DE", "field": 3, "text": "Notizen"},
                {"locale": "xx", "field": "name", "text": "x"},
                {"locale": "de-DE", "field": "name", "text": "Notizen", "by": "me"},
            ]
        ),
        {
            "item 1": Why.TYPE,
            "item 2": Why.NO_LOCALE,
            "item 3": Why.EMPTY,
            "item 4": Why.NO_FIELD,
            "item 5": Why.LOCALE,
            "“by”": Why.FIELD,
        },
        taken={NAME: "Notizen"},
    ),
]

BROKEN = [*ENCODINGS, *STRANGERS, *TABLES, *WORKBOOKS, *ZIPS, *JSONS]
