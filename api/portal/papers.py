"""One file out of a form: read within its limit, and only from somebody who is here."""

import re
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import Final

from fastapi import Request

from api.portal.door import Form
from transfers.service.guest_answers import LARGEST_PAPER, Paper

ROOM: Final = 64 * 1024
MOST_PIECES: Final = 20
LONGEST_HEAD: Final = 4 * 1024
_FOLDERS: Final = re.compile(r"^.*[\\/]")


async def body_of(request: Request) -> bytes | None:
    """Read the whole form within the limit of one paper; None when it is longer."""
    most = LARGEST_PAPER + ROOM
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > most:
        return None
    blocks, size = [], 0
    async for block in request.stream():
        size += len(block)
        if size > most:
            return None
        blocks.append(block)
    return b"".join(blocks)


def read_form(kind: str, body: bytes) -> tuple[Form, Paper | None]:
    """Return the fields of a form and its file; what cannot be read, or has more pieces than ours, is no form.

    Each piece costs far more time than its bytes: ten megabytes of them would keep the server busy for minutes.
    """
    boundary = _boundary(kind)
    fields: dict[str, str] = {}
    paper = None
    pieces = _pieces(body, boundary)
    for piece in pieces if len(pieces) <= MOST_PIECES else ():
        head, between, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            continue
        about = BytesHeaderParser(policy=HTTP).parsebytes(head)
        name = about.get_param("name", header="content-disposition")
        if not between or not isinstance(name, str):
            continue
        file_name = about.get_filename()
        if file_name is not None:
            paper = Paper(_FOLDERS.sub("", file_name), content)
        else:
            fields[name] = content.decode("utf-8", "replace").strip()
    return fields, paper


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    if not boundary:
        return []
    return (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PIECES + 2)[1:-1]


def _boundary(kind: str) -> bytes:
    about = Message()
    about["Content-Type"] = kind.replace("\r", "").replace("\n", "")
    found = about.get_boundary("") if about.get_content_type() == "multipart/form-data" else ""
    return found.encode("latin-1", "replace")
