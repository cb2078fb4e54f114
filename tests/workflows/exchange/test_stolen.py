"""Somebody carries the database, its backup and the storage folder away, but not the master key: nothing is readable."""

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cases.rules.attachments import CHUNK, FileKind, Sensitivity
from cases.service import attachments
from cases.service.attachments import NewAttachment
from cases.service.files import open_file
from cases.tables.case_file import CaseRow
from core.accounts import invitations, tokens
from core.actors import Grant, Role, ScopeKind
from core.backup import write_backup
from core.db import Database
from core.vault import DataKeyRow
from migrations.metadata import load_tables
from tests.builders.accounts import (
    OPERATOR,
    PASSWORD,
    Known,
    an_invited_account,
    signed_in,
    someone,
)
from tests.builders.cases import a_supervisor
from tests.builders.exchange import ZAMBIA, anchor_of, opening_key_of, signing_key_of
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.procedure import Team
from tests.builders.transfers import Office, a_child_to_tell_of, a_draft, checked
from tests.conftest import MASTER_KEYS, NOON
from tests.workflows.exchange.conftest import Both
from transfers.rules.codes import MessageType
from transfers.service import sending, viewing
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.transfer import TransferRow

MARKERS = ("Zzmarkergiven", "Zzmarkerfamily", "Zzmarkerreason", "Zzmarkeraunt", "Zzmarkeranswer")
FILE_MARKERS = ("Zzmarkertitle", "zzmarkerfile.pdf", "Zzmarkerinside")
CHILD = {
    "names": {"given": MARKERS[0], "family": MARKERS[1]},
    "family_links": [{"name": MARKERS[3], "relation": "aunt"}],
}


def a_full_life(both: Both) -> list[bytes]:
    """Everything an installation keeps happens once; returns what must not be readable anywhere."""
    zambia, namibia = both.zambia, both.namibia
    secrets: list[bytes] = []
    zambia.do(lambda office: secrets.extend(_people(office)))
    zambia.do(lambda office: _a_child(office, zambia))
    zambia.run()
    (came,) = rows(namibia.database, DeliveryInRow)

    def answer(office: Office) -> None:
        viewing.note_viewed(office.session, [came.message_id], now=namibia.now)
        office.say(came.transfer_id, MessageType.ACK)
        asked = {"no": 1, "about": "child.languages", "text": f"Does {MARKERS[4]} know?"}
        office.say(came.transfer_id, MessageType.INFO_REQUEST, questions=[asked])

    namibia.do(answer)
    namibia.run()
    zambia.run()
    keys = [anchor_of(ZAMBIA), signing_key_of(ZAMBIA), opening_key_of(ZAMBIA)]
    private = [key.private_bytes() for key in keys]
    return [
        *(word.encode() for word in (*MARKERS, *FILE_MARKERS)),
        *secrets, *private, *_numbers(), *MASTER_KEYS.keys.values(),
        *_data_keys(zambia.database),
    ]  # fmt: skip


def _numbers() -> Iterator[bytes]:
    """The secret numbers of our private keys, whatever form they are written in."""
    for key in (anchor_of(ZAMBIA), signing_key_of(ZAMBIA)):
        yield key.key.private_numbers().private_value.to_bytes(32, "big")
    numbers = opening_key_of(ZAMBIA).key.private_numbers()
    for number in (numbers.d, numbers.p, numbers.q):
        yield number.to_bytes((number.bit_length() + 7) // 8, "big")


def _data_keys(database: Database) -> list[bytes]:
    """The keys everything is sealed with, as they are once unwrapped."""
    vault = database.vault
    assert vault is not None
    found = [vault._unwrap(row) for row in rows(database, DataKeyRow) if row.wrapped is not None]
    assert len(found) > 5
    return found


def _people(office: Office) -> Iterator[bytes]:
    session, now = office.session, NOON
    counts = Grant(Role.STATISTICIAN, ScopeKind.COUNTRY, "ZM")
    who: Known = someone(session, now, "agnes", counts)
    cookie = signed_in(session, who, now + timedelta(minutes=1)).opened.cookie
    invited = an_invited_account(session, now, "bwalya")
    link = invitations.invite(session, OPERATOR, invited.account_id, now=now).token
    machine = tokens.make_token(
        session, who.actor(counts), name="statistics", now=now, ends_at=now + timedelta(days=9),
        grants=[counts],
    )  # fmt: skip
    texts = [PASSWORD, who.secret, cookie, link, machine.token, *who.recovery_codes]
    texts += ["Thandiwe Zimba", "t.zimba@example.org"]
    for text in (*texts, link.rpartition(".")[2], machine.token.removeprefix(tokens.PREFIX)):
        assert len(text) > 5
        yield text.encode()


def _a_child(office: Office, one: Installation) -> None:
    team, _, _ = an_enquiry_about(office, reason=f"The child {MARKERS[2]} wishes to live there.")
    announced = NewAttachment(
        FileKind.LETTER, Sensitivity.RESTRICTED, "application/pdf", *FILE_MARKERS[:2]
    )
    made = attachments.announce_attachment(
        office.session, team.worker, team.case_id, announced, now=NOON
    )
    attachments.receive_chunk(
        office.session, team.worker, team.case_id, made, folder=one.folder / "files",
        data=b"%PDF-1.7 " + FILE_MARKERS[2].encode(), is_last=True, largest=CHUNK, now=NOON,
    )  # fmt: skip


def an_enquiry_about(office: Office, **written: Any) -> tuple[Team, str, str]:
    """An enquiry about a child whose every name is a marker."""
    team = a_child_to_tell_of(office.session, facts=CHILD)
    transfer_id = a_draft(office, team, **written)
    checked(office, transfer_id)
    return team, transfer_id, sending.send(office.session, office.head, transfer_id, now=NOON)


def of_the_database(database: Database) -> Iterator[bytes]:
    """Every value of every column; of SQLite also the bytes of its files, with what was deleted."""
    with database.engine.connect() as connection:
        for table in load_tables().sorted_tables:
            for row in connection.execute(sa.select(table)):
                for value in row:
                    yield value if isinstance(value, bytes) else _text(value)
    if database.engine.dialect.name == "sqlite":
        path = Path(str(database.engine.url.database))
        for file in path.parent.glob(path.name + "*"):
            yield file.read_bytes()


def of_a_backup(database: Database, files: Path, target: Path) -> Iterator[bytes]:
    """Every entry of a backup, unpacked, and sealed values as bytes."""
    write_backup(
        database.engine, load_tables(), files, target, revision="r", progress=lambda *_: None
    )
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            yield name.encode()
            yield data
            if name.endswith(".jsonl"):
                for line in data.splitlines():
                    yield from _unpacked(json.loads(line))


def of_folders(*folders: Path) -> Iterator[bytes]:
    """Names and bytes of every file."""
    for folder in folders:
        for path in folder.rglob("*"):
            yield path.name.encode()
            if path.is_file():
                yield path.read_bytes()


def _unpacked(row: dict[str, Any]) -> Iterator[bytes]:
    for value in row.values():
        if isinstance(value, dict) and "b" in value:
            yield base64.b64decode(value["b"])


def _text(value: object) -> bytes:
    found = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return found.encode()


def shapes(secret: bytes) -> Iterator[bytes]:
    """A secret as it is, and as it would look inside a text."""
    yield secret
    yield secret.hex().encode()
    yield secret.decode("latin-1").encode("utf-16-le")
    for shift in range(3):
        inside = base64.b64encode(b"\0" * shift + secret)[4 if shift else 0 : -4]
        yield inside
        yield inside.translate(bytes.maketrans(b"+/", b"-_"))


@pytest.mark.threat("TT66")
@pytest.mark.rule("R52")
def test_whoever_steals_database_backup_and_folders_reads_no_name_text_code_or_key(
    both: Both, tmp_path: Path
) -> None:
    secrets = a_full_life(both)
    zambia = both.zambia
    (ref,) = {row.ref for row in rows(zambia.database, TransferRow)}

    stolen = b"\n".join([
        *of_the_database(zambia.database),
        *of_a_backup(zambia.database, zambia.folder / "files", tmp_path / "b.zip"),
        *of_folders(zambia.folder),
    ])  # fmt: skip

    assert ref.encode() in stolen  # the search finds what is kept in clear
    assert signing_key_of(ZAMBIA).kid.encode() in stolen
    readable = {secret for secret in secrets for shape in shapes(secret) if shape in stolen}
    assert readable == set()


@pytest.mark.threat("TT66")
def test_with_the_master_key_everything_is_there(both: Both) -> None:
    """What the thief cannot read is in what was stolen: otherwise the search above would prove nothing."""
    a_full_life(both)
    zambia = both.zambia
    (row,) = rows(zambia.database, CaseRow)

    def opened(office: Office) -> str:
        found = open_file(
            office.session, a_supervisor(office=row.office), row.id, now=zambia.now, fields=None
        )
        return json.dumps(str(found))

    text = zambia.do(opened)
    assert MARKERS[0] in text
    assert MARKERS[1] in text
