"""The process that sets type and draws pages of files: started by ``press``, without database, keys or settings.

It reads one job a time from its input (four bytes of length, then JSON) and writes one answer (a sign, four bytes of
length, the bytes). It has a limit of memory; time is kept by whoever started it. Files people sent are drawn as
pictures here and nowhere else: scripts, forms and links in them end in this process.
"""

import base64
import binascii
import json
import resource
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from PIL import Image

ROOT: Final = Path(__file__).resolve().parents[2]
TEMPLATES: Final = ROOT / "templates" / "papers"
MEMORY: Final = 1536 * 1024 * 1024
PIXELS_AN_INCH: Final = 130
SCAN_PIXELS_AN_INCH: Final = 200
MOST_SIDE: Final = 2400
MOST_WORDS: Final = 1500
MOST_POINTS: Final = 60_000_000
_FILL: Final = 0xFF
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
DONE: Final = b"+"
REFUSED: Final = b"-"


def main() -> None:
    """Work until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (job := _read(source)) is not None:
        try:
            sign, answer = DONE, _do(json.loads(job))
        except MemoryError:
            sign, answer = REFUSED, b"memory"
        except Exception as error:  # noqa: BLE001  whatever a file or a sign does here stays here
            sign, answer = REFUSED, str(error).encode("utf-8", "replace")[:2000]
        target.write(sign + struct.pack(">I", len(answer)) + answer)
        target.flush()


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    if len(head) < len(b"size"):
        return None
    return source.read(struct.unpack(">I", head)[0])


def _do(job: dict[str, Any]) -> bytes:
    if "sheets" in job:
        return json.dumps(_sheet(job)).encode()
    if "pages_of" in job:
        content = base64.b64decode(job["pages_of"])
        draw = _PICTURES.get(job["media"])
        found = (
            _pages(content, job["most"])
            if draw is None
            else [_picture(content, job["media"], draw)]
        )
        return json.dumps(found).encode()
    return _typeset(job)


def _typeset(job: dict[str, Any]) -> bytes:
    import typst  # noqa: PLC0415  only the process that sets type needs it

    done = typst.compile(
        str(TEMPLATES / f"{job['template']}.typ"),
        root=str(TEMPLATES),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(job["paper"])},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=job["at"],
    )
    return done if isinstance(done, bytes) else b""


def _pages(content: bytes, most: int) -> list[dict[str, Any]]:
    """Draw each page of a PDF as a picture, with the words on it for who does not see them."""
    import pypdfium2  # noqa: PLC0415

    found = []
    document = pypdfium2.PdfDocument(content)
    if len(document) > most:
        raise ValueError("too many pages")
    for page in document:
        scale = min(PIXELS_AN_INCH / 72, MOST_SIDE / max(page.get_size()))
        drawn = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
        points = memoryview(drawn.buffer).cast("B")
        starts = range(0, drawn.height * drawn.stride, drawn.stride)
        rows = [points[at : at + drawn.width * 3] for at in starts]
        text = page.get_textpage().get_text_bounded()
        found.append({
            "media": "image/png", "picture": _png(drawn.width, drawn.height, rows), "width": drawn.width,
            "height": drawn.height, "words": " ".join(text.split())[:MOST_WORDS],
        })  # fmt: skip
    return found


def _sheet(job: dict[str, Any]) -> dict[str, Any]:
    """Read a sheet that was filled in by hand; ``fault`` says why none was read."""
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    from core.papers import sheet_reading  # noqa: PLC0415

    content = base64.b64decode(job["filled_in"])
    try:
        is_picture = job["media"] in _PICTURES
        pictures = (
            [sheet_reading.open_picture(content)] if is_picture else _drawn(content, job["most"])
        )
        return sheet_reading.read(pictures, job["sheets"])
    except sheet_reading.NotRead as reason:
        return {"fault": str(reason)}


def _drawn(content: bytes, most: int) -> "list[Image.Image]":
    """Draw the pages of a scan in shades of grey."""
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(content)
    if len(document) > most:
        raise ValueError("too many pages")
    found: list[Image.Image] = []
    for page in document:
        scale = min(SCAN_PIXELS_AN_INCH / 72, MOST_SIDE / max(page.get_size()))
        drawn = page.render(scale=scale, may_draw_forms=False, grayscale=True)
        found.append(drawn.to_pil().convert("L"))
    return found


def _picture(
    content: bytes, media: str, size: Callable[[bytes], tuple[int, int]]
) -> dict[str, Any]:
    width, height = size(content)
    if not 0 < width * height <= MOST_POINTS:
        raise ValueError("too large")
    return {
        "media": media, "picture": base64.b64encode(content).decode("ascii"), "width": width,
        "height": height, "words": "",
    }  # fmt: skip


def _size_of_png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Go from segment to segment to the frame, which says how large the picture is."""
    at = 2
    while content[at] == _FILL:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, length)
    raise ValueError("no frame")


_PICTURES: Final = {"image/png": _size_of_png, "image/jpeg": _size_of_jpeg}


def _png(width: int, height: int, rows: Sequence[bytes | memoryview]) -> str:
    """Return a picture of three bytes a point as a PNG in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + kind
            + data
            + struct.pack(">I", binascii.crc32(kind + data))
        )

    data = zlib.compress(b"".join(part for row in rows for part in (b"\x00", row)), 3)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return base64.b64encode(whole).decode("ascii")


if __name__ == "__main__":
    main()
