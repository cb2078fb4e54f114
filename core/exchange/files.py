"""A sealed package as one file (``.bidx``), and receipts as a text (``.bidr``), for where no line reaches.

The file is an archive in its plainest form. Everything about it that can be known without reading a part – list,
order, flags, modes, sizes, that the entries fill it to the last byte – is checked first, and nothing is ever
extracted by name. What the bytes mean is for ``deliveries`` and ``opening``. Source: EXP-5.4; docs/decisions/0013.
"""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final

from core.exchange.archives import Entry, Span, read_entries
from core.exchange.deliveries import Delivery, Source
from core.exchange.encoding import NotStrict, read_object
from core.exchange.errors import FileRefused
from core.exchange.kinds import MAX_JWE, MAX_JWS, MAX_PARTS, MAX_SEALED_PART
from core.exchange.shelves import BOX, DELIVERY, STATEMENT, part_name

FORMAT: Final = "bidx-file/1"
_FAMILY: Final = "bidx-file/"
_LABEL: Final = "bidx.json"
_MAX_LABEL: Final = 1024
_NEEDED: Final = (_LABEL, DELIVERY, BOX)
_LIMITS: Final[Mapping[str, int]] = {
    _LABEL: _MAX_LABEL, DELIVERY: MAX_JWS, BOX: MAX_JWE, STATEMENT: MAX_JWS,
    **{part_name(number): MAX_SEALED_PART for number in range(1, MAX_PARTS + 1)},
}  # fmt: skip
_SAME_DAY: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = 0o100600 << 16
_BLOCK: Final = 256 * 1024
MAX_RECEIPTS: Final = 5_000
_MAX_RECEIPT_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class SealedFile:
    """A file whose form holds. Nothing in it is verified yet, and no part was read.

    Args:
        delivery: the text of the delivery token.
        box: the sealed box.
        statement: the sender's key statement, when it came along.
        sizes: sealed bytes of the parts, in their order.
    """

    delivery: str
    box: str
    statement: str | None
    sizes: tuple[int, ...]
    _file: BinaryIO = field(repr=False)
    _entries: Mapping[str, Entry] = field(repr=False)

    def open(self, name: str) -> BinaryIO:
        """Open one entry at its beginning; one at a time, as they share the file.

        Raises:
            FileNotFoundError: no such entry.
        """
        if name not in self._entries:
            raise FileNotFoundError(name)
        return Span.buffered(self._file, self._entries[name])

    def require(self, delivery: Delivery) -> None:
        """Refuse a file whose sizes are not those of its verified delivery.

        Raises:
            FileRefused: other parts or sizes than were signed.
        """
        if self.sizes != tuple(part.size for part in delivery.parts):
            raise FileRefused("sizes")
        if len(self.box) != delivery.box.size:
            raise FileRefused("sizes")


def file_name(delivery: str) -> str:
    """Return the name a file gets when it is handed out; on reading a name counts for nothing."""
    return f"{delivery}.bidx"


def write_file(
    out: IO[bytes], delivery: Delivery, source: Source, *, statement: str | None = None
) -> None:
    """Write a package as a file; the same package is always the same bytes.

    Args:
        out: seekable; where it is not, a reader of another make may refuse the file.
        delivery: what is handed out.
        source: its sealed bytes.
        statement: our key statement, for a partner who has an older one.
    """
    texts = {_LABEL: f'{{"format":"{FORMAT}"}}', DELIVERY: delivery.token.text}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, text in texts.items():
            archive.writestr(_info(name), text)
        _copy(archive, BOX, source)
        if statement is not None:
            archive.writestr(_info(STATEMENT), statement)
        for number in range(1, len(delivery.parts) + 1):
            _copy(archive, part_name(number), source)


def read_file(file: BinaryIO) -> SealedFile:
    """Look at a file and read its tokens; parts stay where they are.

    Args:
        file: seekable; kept open by the caller as long as the answer is used.

    Raises:
        FileRefused: not in the one form we take, or made by a newer version (``newer``).
    """
    entries = read_entries(file, limits=_LIMITS)
    numbers = sum(name.startswith("parts/") for name in entries)
    parts = [part_name(number) for number in range(1, numbers + 1)]
    wanted = {*_NEEDED, *parts}
    if not wanted <= entries.keys() <= wanted | {STATEMENT}:
        raise FileRefused("entries")
    _require_label(_read(file, entries[_LABEL]))
    return SealedFile(
        delivery=_text(file, entries[DELIVERY]),
        box=_text(file, entries[BOX]),
        statement=_text(file, entries[STATEMENT]) if STATEMENT in entries else None,
        sizes=tuple(entries[name].size for name in parts),
        _file=file,
        _entries=entries,
    )


def write_receipts(receipts: Iterable[str]) -> bytes:
    """Write receipts to be carried by hand: one token a line."""
    return b"".join(receipt.encode("ascii") + b"\n" for receipt in receipts)


def read_receipts(file: BinaryIO) -> tuple[str, ...]:
    """Read receipts that were carried by hand; whether they hold is asked one by one.

    Empty lines and the line ends of any system are taken: a text may pass through many hands.

    Raises:
        FileRefused: not a text of tokens, or more than is taken at once.
    """
    data = file.read(_MAX_RECEIPT_BYTES + 1)
    if len(data) > _MAX_RECEIPT_BYTES:
        raise FileRefused("size")
    if not data.isascii():
        raise FileRefused("text")
    lines = [line for line in data.decode("ascii").replace("\r\n", "\n").split("\n") if line]
    if not lines or any(len(line) > MAX_JWS or " " in line for line in lines):
        raise FileRefused("text")
    if len(lines) > MAX_RECEIPTS:
        raise FileRefused("size")
    return tuple(lines)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _SAME_DAY)
    info.external_attr = _FILE_MODE
    info.create_system = 3  # modes are those of Unix, wherever it is written
    return info


def _copy(archive: zipfile.ZipFile, name: str, source: Source) -> None:
    with source.open(name) as content, archive.open(_info(name), "w") as entry:
        while block := content.read(_BLOCK):
            entry.write(block)


def _require_label(data: bytes) -> None:
    try:
        label = read_object(data)
    except NotStrict as error:
        raise FileRefused("label") from error
    told = label.get("format")
    if label.keys() != {"format"} or not isinstance(told, str) or not told.startswith(_FAMILY):
        raise FileRefused("label")
    version = told.removeprefix(_FAMILY)
    if told != FORMAT:
        raise FileRefused("newer" if version.isascii() and version.isdecimal() else "label")


def _read(file: BinaryIO, entry: Entry) -> bytes:
    with Span.buffered(file, entry) as span:
        data = span.read()
    if not entry.is_sound(data):
        raise FileRefused("sum")
    return data


def _text(file: BinaryIO, entry: Entry) -> str:
    data = _read(file, entry)
    if not data.isascii():
        raise FileRefused("text")
    return data.decode("ascii")
