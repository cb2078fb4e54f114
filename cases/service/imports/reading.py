"""Reading a file row by row without keeping it, and without trusting it.

JSON in both shapes Primero emits: pages of its API (``{"data": […], "metadata": …}``) and exported arrays, whose items
may keep their fields under ``data``. CSV in UTF-8 with or without a mark, comma or semicolon. XLSX read only.
A row that cannot be read is given with its fault; a file that cannot be read as a whole is refused.
"""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import ijson
import openpyxl

from cases.errors import ImportFileUnusable
from cases.rules.imports import SourceRow

MOST_COLUMNS: Final = 200
LARGEST_FIELD: Final = 32 * 1024 * 1024
LARGEST_SHEET: Final = 1024 * 1024 * 1024
LARGEST_STRINGS: Final = 128 * 1024 * 1024
HIGHEST_RATIO: Final = 150
MOST_ENTRIES: Final = 500
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def rows_of(path: Path) -> Iterator[SourceRow]:
    """Yield the rows of a file by what it is, not by its name.

    Raises:
        ImportFileUnusable: no list of cases, or one that is dangerous to open.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _xlsx(path)
    if start.startswith(_UTF16_MARKS):
        raise ImportFileUnusable(reason="encoding")
    begins = start.removeprefix(_UTF8_MARK).lstrip()
    if not begins:
        raise ImportFileUnusable(reason="empty")
    return _json(path, begins[:1]) if begins[:1] in b"[{" else _csv(path)


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the names of a table's columns, in order; nothing for JSON.

    Raises:
        ImportFileUnusable: as ``rows_of``.
    """
    first = next(iter(rows_of(path)), None)
    return () if first is None or is_json(path) else tuple(name for name in first.values if name)


def is_json(path: Path) -> bool:
    """Whether a file holds JSON, and so comes from Primero unless somebody says otherwise."""
    with path.open("rb") as file:
        return file.read(4096).removeprefix(_UTF8_MARK).lstrip()[:1] in (b"[", b"{")


def _json(path: Path, first: bytes) -> Iterator[SourceRow]:
    prefix = "item" if first == b"[" else "data.item"
    number = 0
    with path.open("rb") as file:
        _skip_mark(file)
        # With whole numbers of Python the parser written in C does not survive one of 4,301 digits.
        items = ijson.items(file, prefix, use_float=True)
        while True:
            number += 1
            try:
                item = next(items)
            except StopIteration:
                break
            except ijson.JSONError:
                yield SourceRow(number, {}, fault="broken_json")
                return
            except (UnicodeDecodeError, ValueError, RecursionError):
                yield SourceRow(number, {}, fault="unreadable")
                return
            yield _json_row(number, item)
    if number == 1 and first == b"{":
        raise ImportFileUnusable(reason="no_data")


def _json_row(number: int, item: Any) -> SourceRow:
    if not isinstance(item, dict):
        return SourceRow(number, {}, fault="not_a_case")
    inner = item.get("data")
    values = {**item, **inner} if isinstance(inner, dict) else item
    return SourceRow(number, values)


def _skip_mark(file: BinaryIO) -> None:
    if file.read(3) != _UTF8_MARK:
        file.seek(0)


def _csv(path: Path) -> Iterator[SourceRow]:
    csv.field_size_limit(LARGEST_FIELD)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        head = file.readline(1_000_000)
        file.seek(0)
        reader = csv.reader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
        names = _header(next(reader, []))
        for number, cells in enumerate(_csv_rows(reader), start=2):
            if cells is None:
                yield SourceRow(number, {}, fault="unreadable")
                return
            if any(cells):
                yield _csv_row(number, names, cells)


def _csv_rows(reader: Any) -> Iterator[list[str] | None]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None


def _csv_row(number: int, names: list[str], cells: list[str]) -> SourceRow:
    if len(cells) != len(names):
        return SourceRow(number, {}, fault="other_number_of_columns")
    if any("\udc80" <= letter <= "\udcff" for cell in cells for letter in cell[:5000]):
        return SourceRow(number, {}, fault="encoding")
    if any("\x00" in cell for cell in cells):
        return SourceRow(number, {}, fault="unreadable")
    return SourceRow(number, dict(zip(names, cells, strict=True)))


def _header(cells: list[Any]) -> list[str]:
    while cells and cells[-1] in (None, ""):
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise ImportFileUnusable(reason="too_many_columns")
    names = ["" if cell is None else str(cell).strip().lower() for cell in cells]
    given = [name for name in names if name]
    if "source_id" not in given:
        raise ImportFileUnusable(reason="no_source_id_column")
    if len(set(given)) != len(given):
        raise ImportFileUnusable(reason="column_twice")
    return names


def _xlsx(path: Path) -> Iterator[SourceRow]:
    _refuse_bomb(path)
    book: Any = None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
        names = _header(_values(next(rows, ())))
    except ImportFileUnusable:
        book.close()
        raise
    except Exception as error:  # whatever a crafted file makes the reader raise
        if book is not None:
            book.close()
        raise ImportFileUnusable(reason="not_a_spreadsheet") from error
    return _sheet_rows(book, rows, names)


def _sheet_rows(book: Any, rows: Iterator[Any], names: list[str]) -> Iterator[SourceRow]:
    number = 1
    try:
        for cells in rows:
            number += 1
            values = _values(cells)
            if any(value not in (None, "") for value in values):
                yield _sheet_row(number, names, cells, values)
    except Exception:  # noqa: BLE001  a crafted file may fail at any row; those before it are kept
        yield SourceRow(number + 1, {}, fault="unreadable")
    finally:
        book.close()


def _sheet_row(number: int, names: list[str], cells: Any, values: list[Any]) -> SourceRow:
    if any(value not in (None, "") for value in values[len(names) :]):
        return SourceRow(number, {}, fault="other_number_of_columns")
    if any(getattr(cell, "data_type", None) == "f" for cell in cells):
        return SourceRow(number, {}, fault="formula")
    padded = [*values, *[None] * (len(names) - len(values))]
    return SourceRow(number, dict(zip(names, padded, strict=False)))


def _values(cells: Any) -> list[Any]:
    values = [cell.value for cell in cells]
    return [v if isinstance(v, (str, int, float, bool, date, datetime)) else None for v in values]


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ImportFileUnusable(reason="not_a_spreadsheet") from error
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    strings = sum(e.file_size for e in entries if e.filename.endswith("sharedStrings.xml"))
    too_large = size > LARGEST_SHEET or strings > LARGEST_STRINGS or len(entries) > MOST_ENTRIES
    if too_large or (size > 10_000_000 and size / packed > HIGHEST_RATIO):  # noqa: PLR2004  small files may pack well
        raise ImportFileUnusable(reason="too_large_inside")
