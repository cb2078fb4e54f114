"""How much memory and time a large document costs on its way from the child's file here to a reader over there."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from api.app import create_app
from benchmarks import grounds
from benchmarks.figures import Figure
from cases.rules.attachments import CHUNK, FileKind, Sensitivity
from cases.service import attachments
from cases.service.attachments import NewAttachment
from core.db import Database
from core.settings import Settings
from tests.builders.asking import Scene, asked, reader_of
from tests.builders.disclosure import a_written
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Installation, join
from tests.builders.line import rows, trust_each
from tests.builders.messages import a_body
from tests.builders.transfers import Office
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import document_reading, documents, messages, sealing
from transfers.service.document_reading import Opening
from transfers.service.documents import Choice
from transfers.tables.disclosure import DocumentInRow

MEBIBYTES: Final = 50
MOST_MIB: Final = 30
HEAD: Final = b"%PDF-1.7\n"
TAIL: Final = b"\nstartxref\n9\n%%EOF\n"


def measure(*, quick: bool) -> list[Figure]:
    """Seal, bring and read one document; memory is what the process needed beyond what it had."""
    size = (3 if quick else MEBIBYTES) * CHUNK
    with (
        grounds.folder() as folder,
        grounds.fresh("sqlite") as ours,
        grounds.fresh("sqlite") as theirs,
    ):
        scene = _scene(folder, ours, theirs)
        made = _kept(scene, size)
        message = scene.zambia.do(lambda office: _signed(scene, office, made))
        steps: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("seal", lambda: _sealed(scene, message)),
            ("bring over", scene.zambia.run),
            ("open and admit", scene.namibia.run),
            ("open again and read", lambda: _read(scene)),
        )
        return [figure for name, act in steps for figure in _measured(name, act, size)]


class _Lines:
    """Two installations with lines between them."""

    def __init__(self, zambia: Installation, namibia: Installation) -> None:
        self.zambia, self.namibia = zambia, namibia
        self.there, self.back = join(zambia, namibia)


def _scene(folder: Path, ours: Database, theirs: Database) -> Scene:
    settings = Settings(secure_cookies=False, procedure_runner="off")
    zambia = Installation(ZAMBIA, ours, create_app(settings, ours), folder / "zm")
    namibia = Installation(NAMIBIA, theirs, create_app(settings, theirs), folder / "na")
    zambia.do(lambda office: trust_each(office, NAMIBIA))
    namibia.do(lambda office: trust_each(office, ZAMBIA))
    return asked(_Lines(zambia, namibia))


def _kept(scene: Scene, size: int) -> str:
    """Keep a document of this size with the case, a mebibyte at a time."""
    files, worker, case_id = scene.zambia.storage.files, scene.team.worker, scene.team.case_id
    new = NewAttachment(FileKind.REPORT, Sensitivity.RESTRICTED, "application/pdf", "Large")
    made: str = scene.zambia.do(
        lambda office: attachments.announce_attachment(
            office.session, worker, case_id, new, now=NOON
        )
    )
    count = size // CHUNK
    for number in range(count):
        piece = bytearray(CHUNK)
        if number == 0:
            piece[: len(HEAD)] = HEAD
        if number == count - 1:
            piece[-len(TAIL) :] = TAIL
        scene.zambia.do(
            lambda office, piece=bytes(piece), last=number == count - 1: attachments.receive_chunk(
                office.session, worker, case_id, made, folder=files, data=piece, is_last=last,
                largest=size, now=NOON,
            )
        )  # fmt: skip
    return made


def _signed(scene: Scene, office: Office, attachment_id: str) -> str:
    files = scene.zambia.storage.files
    if files is None:
        raise TypeError
    scene.ours_at(office)
    said = MessageType.INFO_REPLY
    made = a_written(office, scene.ours, said, a_body(said))
    documents.choose(
        office.session, office.writer, made, [Choice(attachment_id)], files=files, now=NOON
    )
    messages.sign(office.session, office.head, made, now=NOON)
    return made


def _sealed(scene: Scene, message: str) -> None:
    scene.zambia.do(
        lambda office: sealing.seal(office.session, message, storage=scene.zambia.storage, now=NOON)
    )


def _read(scene: Scene) -> None:
    (document,) = rows(scene.namibia.database, DocumentInRow)

    def read(office: Office) -> int:
        opened = document_reading.open_document(
            office.session, reader_of(office), document.id, Opening.VIEW,
            storage=scene.namibia.storage, now=NOON,
        )  # fmt: skip
        with opened.content as file:
            return sum(len(block) for block in iter(lambda: file.read(CHUNK), b""))

    if scene.namibia.do(read) != document.size:
        raise ValueError("a document was read that is not whole")


def _measured(name: str, act: Callable[[], Any], size: int) -> list[Figure]:
    before, begun = _most_memory(), time.perf_counter()
    act()
    took, grew = time.perf_counter() - begun, (_most_memory() - before) / 1024
    told = f"{size // CHUNK} MiB"
    return [
        Figure(f"{name}: time", took, "s", note=told),
        Figure(f"{name}: memory beyond before", grew, "MiB", at_most=MOST_MIB, note=told),
    ]


def _most_memory() -> int:
    """Most memory this process ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
