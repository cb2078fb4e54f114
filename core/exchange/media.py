"""Which formats a part may have, and whether its bytes are of the format they are said to be.

A name or a label proves nothing, so the bytes are looked at when a package is made and again when it is opened.
Nothing here shows, converts or unpacks a file. No parser of documents written in another language runs in the
process that holds the keys: the checks walk the outer structure and refuse what does not fit to the last byte.
Source: EXP-5.2, EXP-TT34; docs/decisions/0013.
"""

import codecs
import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from typing import BinaryIO, Final, NoReturn

from core.exchange import images, office
from core.exchange.encoding import NotStrict, require_shallow
from core.exchange.errors import ContentRefused
from core.exchange.markup import begins_as_markup, holds_script

JSON: Final = "application/json"
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
BASE_MEDIA: Final = frozenset({JSON, PDF, images.JPEG, images.PNG, TEXT})
OFFICE_MEDIA: Final = frozenset(office.MAIN_PARTS)  # what a corridor may add
SHOWN: Final = frozenset({PDF, images.JPEG, images.PNG})
MAX_JSON: Final = 2 * 1024 * 1024
_MAX_BRACKETS: Final = 100_000
_MAX_DEPTH: Final = 64
_BLOCK: Final = 256 * 1024
_TAIL: Final = 1024
_PDF_HEAD: Final = re.compile(rb"%PDF-[12]\.[0-9][\r\n \t%]")
_PDF_END: Final = re.compile(rb"startxref\s+[0-9]+\s+%%EOF[\s\x00]*\Z")
_ZIP_END: Final = b"PK\x05\x06"
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r"})
_PLAIN: Final = bytes(set(range(256)) - set(_CONTROLS))
_HIGH_CONTROLS: Final = re.compile("[\x80-\x9f]")
_OTHER_BEGINNINGS: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"{\\rtf",
)


def media_of_corridor(added: Collection[str]) -> frozenset[str]:
    """Return the formats two countries take from each other.

    Args:
        added: what they agreed on beside the formats everybody takes.

    Raises:
        ContentRefused: an addition that is not among those the protocol knows.
    """
    if not OFFICE_MEDIA.issuperset(added):
        raise ContentRefused("media")
    return BASE_MEDIA | frozenset(added)


def may_be_shown(media: str) -> bool:
    """Whether a viewer may show it inside a page; everything else is only downloaded. Source: EXP-5.2."""
    return media in SHOWN


def require_content(media: str, content: BinaryIO) -> None:
    """Refuse bytes that are not what they are said to be; the content is left at its beginning.

    Args:
        media: the format it is said to have.
        content: seekable, read to its end.

    Raises:
        ContentRefused: with a code for the local log.
    """
    content.seek(0)
    check = _CHECKS.get(media)
    fault = "media" if check is None else check(content)
    content.seek(0)
    if fault is not None:
        raise ContentRefused(fault)


def _pdf_fault(content: BinaryIO) -> str | None:
    """A PDF from its first byte to its last, without a web page or an archive around or in it."""
    if not _PDF_HEAD.match(content.read(_TAIL)):
        return "not_pdf"
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _TAIL))
    if not _PDF_END.search(content.read(_TAIL)):
        return "pdf_end"
    content.seek(max(0, size - 0x10000))
    if _ZIP_END in content.read():
        return "pdf_archive"
    content.seek(0)
    return "script" if holds_script(content) else None


def _text_fault(content: BinaryIO) -> str | None:
    """UTF-8 without control characters that does not begin as something a program would run."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    beginning = content.read(_TAIL)
    if begins_as_markup(beginning) or beginning.startswith(_OTHER_BEGINNINGS):
        return "not_text"
    content.seek(0)
    while True:
        block = content.read(_BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            return "not_utf8"
        if block.translate(None, _PLAIN) or (not block.isascii() and _HIGH_CONTROLS.search(text)):
            return "control"
        if not block:
            return None


def _json_fault(content: BinaryIO) -> str | None:
    """One JSON document in UTF-8, of moderate size and depth."""
    data = content.read(MAX_JSON + 1)
    if len(data) > MAX_JSON or data.count(b"[") + data.count(b"{") > _MAX_BRACKETS:
        return "json_size"
    try:
        text = data.decode("utf-8")
        require_shallow(text, _MAX_DEPTH)
        if not text.lstrip(" \t\r\n").startswith(("{", "[")):
            return "not_json"
        _READER.decode(text)
    except NotStrict:
        return "json_depth"
    except ValueError:
        return "not_json"
    return None


def _no_number(text: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise ValueError(text)


# Numbers stay text: what they mean is not asked, and a long one costs nothing.
_READER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_number)
_CHECKS: Final[Mapping[str, Callable[[BinaryIO], str | None]]] = {
    JSON: _json_fault,
    PDF: _pdf_fault,
    TEXT: _text_fault,
    images.JPEG: images.jpeg_fault,
    images.PNG: images.png_fault,
    **{media: office.checker(media) for media in office.MAIN_PARTS},
}
