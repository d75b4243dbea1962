"""How much of a file is read, as one table: bytes, entries, rows, characters."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

FILE_BYTES = 10 * MEGABYTE
UNPACKED_BYTES = 40 * MEGABYTE
ENTRIES = 2_000
# Deflate can reach 1,032; texts and spreadsheets stay far below this.
RATIO = 100
# Below this a high ratio costs nothing.
RATIO_FROM_BYTES = MEGABYTE

ROWS = 20_000
COLUMNS = 200
CELLS = 500_000
# Of a text file, from the start of a row to its end.
ROW_CHARACTERS = 1_000_000
# Lines above the one that says what the columns hold.
HEADER_ROWS = 10
# As far as a sheet is read, with one row more that tells that there are more.
ROWS_OF_SHEET = ROWS + HEADER_ROWS + 2
# Fifty locales by nine fields are 450.
TEXTS = 20_000
LEFT_OUT = 25_000

# Four times Apple's longest field, and less than a cell of Excel or of the csv module holds.
TEXT_CHARACTERS = 16_000

JSON_DEPTH = 20
JSON_OBJECTS = 100_000
JSON_COMMAS = 200_000

# Four cells in each of the rows that are read, of which each is three elements.
XML_ELEMENTS = 300_000
XML_OTHER_ELEMENTS = 20_000
XML_RUN = 200_000
# Beyond the cells that formulas stand in: those that they fill.
FILLED_CELLS = 100_000
XML_MARK = 50_000
