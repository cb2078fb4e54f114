"""Office documents (OOXML) a corridor may allow: an archive of moderate size without macros, nor a way to fetch them.

Only the list of contents and the lists of relations are unpacked, each within a limit. Source: EXP-5.2.
"""

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_PREFIX: Final = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS: Final = MappingProxyType({
    f"{_PREFIX}{name}": f"{_PREFIX}{name}.main+xml"
    for name in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
})  # fmt: skip
_MAX_ENTRIES: Final = 2_000
_MAX_DIRECTORY: Final = 512 * 1024
_MAX_UNPACKED: Final = 500 * 1024 * 1024
_MAX_LIST: Final = 1024 * 1024
_END_SIZE: Final = 22
_CONTENTS: Final = "[Content_Types].xml"
_RUNS: Final = re.compile(r"macro|vba|activex|oleobject|/embeddings/|\.exe\Z|\.js\Z", re.IGNORECASE)
_HYPERLINK: Final = "/hyperlink"
_OWN_DISK: Final = re.compile(r"file:///[A-Za-z]:[/\\]")


class _Bad(Exception):
    """A fault with its code; never leaves this module."""


def checker(media: str) -> Callable[[BinaryIO], str | None]:
    """Return the check for documents of one format."""

    def fault(content: BinaryIO) -> str | None:
        try:
            _require_archive(content)
            _require_document(content, MAIN_PARTS[media])
        except _Bad as bad:
            return str(bad)
        except (zipfile.BadZipFile, zlib.error, EOFError, ParseError, DefusedXmlException, ValueError,
                NotImplementedError, RuntimeError, OSError):  # fmt: skip
            return "office_structure"
        return None

    return fault


def _require_archive(content: BinaryIO) -> None:
    """Nothing before or after the archive, and a directory small enough to be read."""
    if content.read(4) != b"PK\x03\x04":
        raise _Bad("not_office")
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _END_SIZE))
    end = content.read()
    entries = int.from_bytes(end[10:12], "little")
    directory, start = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
    whole = end[:4] == b"PK\x05\x06" and start + directory + _END_SIZE == size
    if not whole or not 1 <= entries <= _MAX_ENTRIES or directory > _MAX_DIRECTORY:
        raise _Bad("office_structure")


def _require_document(content: BinaryIO, main: str) -> None:
    with zipfile.ZipFile(content) as archive:
        entries = archive.infolist()
        _require_entries(entries)
        types = _xml(archive, _CONTENTS)
        found = [each.get("ContentType", "") for each in types]
        if found.count(main) != 1:
            raise _Bad("not_office")
        if any(map(_RUNS.search, found)):
            raise _Bad("macro")
        lists = [entry for entry in entries if entry.filename.endswith(".rels")]
        if sum(entry.file_size for entry in lists) > _MAX_LIST:
            raise _Bad("office_size")
        for entry in lists:
            _require_relations(_xml(archive, entry.filename))


def _require_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) < len(names) or any(entry.flag_bits & 0x2041 for entry in entries):
        raise _Bad("office_structure")
    if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise _Bad("office_size")
    if any(map(_RUNS.search, names)):
        raise _Bad("macro")


def _require_relations(relations: Element) -> None:
    """A template or object that is fetched from elsewhere brings its macros along."""
    for relation in _relations(relations):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if _RUNS.search(kind):
            raise _Bad("macro")
        outside = relation.get("TargetMode") == "External" and not kind.endswith(_HYPERLINK)
        if outside and not _OWN_DISK.match(target):
            raise _Bad("outside_link")


def _relations(relations: Element) -> Iterator[Element]:
    return (each for each in relations.iter() if each.tag.endswith("}Relationship"))


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise _Bad("not_office") from None
    with archive.open(entry) as file:
        text = file.read(_MAX_LIST + 1)
    if len(text) > _MAX_LIST:
        raise _Bad("office_size")
    found: Element = fromstring(text)
    return found
