"""A large document of the child's file that travels with the package, where this version can send one."""

import os
from typing import Any, Final

from cli.border.desk import Course
from cli.border.sides import Side

MIB: Final = 1024 * 1024
SIZE: Final = 20 * MIB
CHOOSE: Final = "/messages/{message_id}/documents"


def scanned_report(size: int = SIZE) -> bytes:
    """Return a PDF of about this size, as a scanned report of many pages is."""
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length "
    begin = str(size).encode() + b" >>\nstream\n"
    pages = os.urandom(size).replace(b"PK", b"..").replace(b"<", b".")  # no archive, no web page
    body = head + begin + pages + b"\nendstream\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n"
    return body + table + str(len(body)).encode() + b"\n%%EOF\n"


def can_send(side: Side) -> bool:
    """Whether officers of this installation can choose documents that travel with a message."""
    paths = side.world.line.send("GET", "/openapi.json").json()["paths"]
    return CHOOSE in paths


def put_on_file(course: Course) -> str:
    """Let the worker put the scanned report on the child's file; returns its id."""
    case = course.case
    worker = case.office["worker"]
    body = {
        "kind": "report", "sensitivity": "res", "media_type": "application/pdf",
        "title": "Report of the school and the clinic, scanned", "file_name": "report.pdf",
    }  # fmt: skip
    made = str(worker.post(f"{case.path}/attachments", body)["id"])
    worker.upload(f"{case.path}/attachments/{made}/content", scanned_report())
    return made


def choose(course: Course, message_id: str) -> dict[str, Any]:
    """Let the officer say that it travels with a message nobody has signed yet."""
    writer = course.sender["writer"]
    chosen = {"documents": [{"attachment_id": put_on_file(course)}]}
    found: dict[str, Any] = writer.act("PUT", CHOOSE.format(message_id=message_id), chosen)
    return found
