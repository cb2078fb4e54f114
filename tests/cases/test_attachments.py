"""Files of a case: sealed on disk, whole or not at all, opened by whom they are for."""

from datetime import timedelta
from typing import Any

import pytest

from cases.errors import RoleMayNot
from cases.rules.access import Basis, Level
from cases.rules.attachments import CHUNK, FileKind, Sensitivity, acceptable
from cases.rules.machine import CaseState
from cases.service import attachments, erasure, filestore, grants
from cases.service.access import bar, grant_access
from cases.service.attachments import NewAttachment
from cases.service.erasure import ErasureGround
from cases.service.files import Purpose
from core import audit
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, StaleWrite, WrongState
from core.vault import Erased, Unreadable
from tests.builders.cases import (
    a_caseworker,
    a_person_of_the_country,
    a_person_on_own_cases,
    a_registered_case,
    a_supervisor,
)

PDF = b"%PDF-1.7 the words of a child"
LETTER = NewAttachment(
    FileKind.LETTER, Sensitivity.RESTRICTED, "application/pdf", "Letter of the aunt", "aunt.pdf"
)
MEDICAL = NewAttachment(
    FileKind.MEDICAL, Sensitivity.HIGHLY_SENSITIVE, "application/pdf", "Clinic", "c.pdf"
)


def keep(
    session: Any,
    actor: Any,
    row: Any,
    now: Any,
    folder: Any,
    *parts: Any,
    new: Any = LETTER,
    largest: Any = 10 * CHUNK,
) -> Any:
    """Announce a file and send it in these parts."""
    parts = parts or (PDF,)
    made = attachments.announce_attachment(session, actor, row.id, new, now=now)
    for number, part in enumerate(parts, start=1):
        attachments.receive_chunk(
            session, actor, row.id, made, folder=folder, data=part,
            is_last=number == len(parts), largest=largest, now=now,
        )  # fmt: skip
    return made


def read(
    session: Any, actor: Any, row: Any, made: Any, now: Any, folder: Any, **changes: Any
) -> Any:
    opened = attachments.open_attachment(
        session, actor, row.id, made, folder=folder, now=now, **changes
    )
    return b"".join(attachments.read_chunk(session, opened, n) for n in range(opened.chunks))


def test_a_file_sent_in_parts_reads_back_as_it_was(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    parts = (b"%PDF-" + bytes(CHUNK - 5), bytes(range(256)) * 4096, b"the end")

    made = keep(session, worker, row, now, tmp_path, *parts)

    assert read(session, worker, row, made, now, tmp_path) == b"".join(parts)
    listed = attachments.attachments_of(session, worker, row.id, now=now)
    assert [(a.title, a.file_name, a.size) for a in listed] == [
        ("Letter of the aunt", "aunt.pdf", sum(map(len, parts)))
    ]


@pytest.mark.rule("R49")
def test_neither_words_nor_names_of_a_file_are_on_disk(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)

    made = keep(session, worker, row, now, tmp_path / "files")

    stored = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in stored] == [made]
    assert b"child" not in stored[0].read_bytes()


@pytest.mark.parametrize("harm", ["cut", "flip", "swap", "longer", "gone"])
def test_a_file_that_was_touched_on_disk_does_not_open(session, now, tmp_path, harm):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    parts = (b"%PDF-" + bytes(100), bytes(105))
    made = keep(session, worker, row, now, tmp_path, *parts)
    path = filestore.path_of(tmp_path, made)
    raw = path.read_bytes()
    half = len(raw) // 2
    harmed = {
        "cut": raw[:half],
        "flip": raw[:half] + bytes([raw[half] ^ 1]) + raw[half + 1 :],
        "swap": raw[half:] + raw[:half],
        "longer": raw + b"x",
        "gone": b"",
    }[harm]
    path.write_bytes(harmed)

    with pytest.raises(Unreadable):
        read(session, worker, row, made, now, tmp_path)


def test_a_file_of_one_case_does_not_open_in_the_place_of_another(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    one = keep(session, worker, row, now, tmp_path)
    other = keep(session, worker, row, now, tmp_path)

    filestore.path_of(tmp_path, one).replace(filestore.path_of(tmp_path, other))

    with pytest.raises(Unreadable):
        read(session, worker, row, other, now, tmp_path)


def test_a_file_sent_twice_at_once_is_kept_once_and_whole(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = attachments.announce_attachment(session, worker, row.id, LETTER, now=now)
    send = {"folder": tmp_path, "largest": 10 * CHUNK, "now": now}
    parts = (b"%PDF-" + bytes(95), bytes(100), b"the end")

    def chunk(number):
        attachments.receive_chunk(
            session, worker, row.id, made, data=parts[number], is_last=number == 2,
            after=number, **send,
        )  # fmt: skip

    attachments.restart_upload(session, worker, row.id, made, now=now)
    chunk(0)
    attachments.restart_upload(session, worker, row.id, made, now=now)  # the line seemed dead
    chunk(0)
    chunk(1)  # the first sending goes on
    with pytest.raises(StaleWrite):
        chunk(1)
    chunk(2)

    assert read(session, worker, row, made, now, tmp_path) == b"".join(parts)


def test_a_file_that_never_arrived_whole_is_not_there(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = attachments.announce_attachment(session, worker, row.id, LETTER, now=now)
    send = {"folder": tmp_path, "largest": CHUNK, "now": now}
    attachments.receive_chunk(session, worker, row.id, made, data=PDF, is_last=False, **send)
    assert attachments.attachments_of(session, worker, row.id, now=now) == ()
    with pytest.raises(NotThere):
        read(session, worker, row, made, now, tmp_path)

    attachments.restart_upload(session, worker, row.id, made, now=now)
    attachments.receive_chunk(session, worker, row.id, made, data=PDF, is_last=True, **send)

    assert read(session, worker, row, made, now, tmp_path) == PDF
    with pytest.raises(WrongState):
        attachments.restart_upload(session, worker, row.id, made, now=now)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((b"MZ is no pdf",), "not_what_it_says"),
        ((b"",), "file_empty"),
        ((PDF, bytes(200)), "file_too_large"),
    ],
)
def test_a_file_too_large_empty_or_of_another_kind_is_refused(session, now, tmp_path, parts, code):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)

    with pytest.raises(BadInput) as refusal:
        keep(session, worker, row, now, tmp_path, *parts, largest=200)

    assert refusal.value.code == code


def test_formats_that_can_run_are_not_taken_and_photos_are_always_highly_sensitive():
    program = acceptable("application/x-msdownload", FileKind.OTHER, Sensitivity.RESTRICTED)
    photo = acceptable("image/jpeg", FileKind.PHOTO, Sensitivity.RESTRICTED)

    assert [gap.code for gap in program.gaps] == ["media_type_not_taken"]
    assert [gap.code for gap in photo.gaps] == ["must_be_highly_sensitive"]


def a_member(session: Any, row: Any, now: Any) -> Any:
    member = a_person_on_own_cases(Role.MEMBER)
    grant_access(session, a_supervisor(), case_id=row.id, person_id=member.person_id,
                 basis=Basis.PANEL_ITEM, level=Level.FULL, ref="item", now=now)  # fmt: skip
    return member


@pytest.mark.rule("R45")
def test_a_member_opens_highly_sensitive_files_only_by_grant(session, now, tmp_path):
    supervisor, worker = a_supervisor(), a_caseworker()
    row = a_registered_case(session, owner=worker, supervisor=supervisor)
    letter = keep(session, worker, row, now, tmp_path)
    medical = keep(session, worker, row, now, tmp_path, new=MEDICAL)
    member = a_member(session, row, now)
    assert read(session, member, row, letter, now, tmp_path) == PDF
    assert [a.id for a in attachments.attachments_of(session, member, row.id, now=now)] == [letter]
    with pytest.raises(NotThere):
        read(session, member, row, medical, now, tmp_path)

    asked = grants.ask_sensitive(
        session, member, row.id, sections=["attachments"], purpose=Purpose.DETERMINATION,
        reason="the item needs it", until=now + timedelta(days=1), now=now,
    )  # fmt: skip
    grants.answer_sensitive(session, supervisor, row.id, asked, approve=True, now=now)

    assert read(session, member, row, medical, now, tmp_path) == PDF


@pytest.mark.rule("R14")
def test_recusal_closes_the_attachments(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = keep(session, worker, row, now, tmp_path)
    member = a_member(session, row, now)

    bar(
        session,
        worker,
        case_id=row.id,
        person_id=member.person_id,
        ref="item",
        ground="arrest",
        now=now,
    )

    with pytest.raises(NotThere):
        read(session, member, row, made, now, tmp_path)
    with pytest.raises(NotThere):
        attachments.attachments_of(session, member, row.id, now=now)


def test_a_supervisor_says_why_before_a_highly_sensitive_file_opens(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = keep(session, worker, row, now, tmp_path, new=MEDICAL)

    with pytest.raises(NotThere):
        read(session, a_supervisor(), row, made, now, tmp_path)
    assert read(session, a_supervisor(), row, made, now, tmp_path, purpose=Purpose.REVIEW) == PDF


@pytest.mark.rule("R50")
def test_reading_and_printing_a_file_are_on_record_apart(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = keep(session, worker, row, now, tmp_path)

    read(session, worker, row, made, now, tmp_path)
    read(session, worker, row, made, now, tmp_path, is_print=True)

    actions = [entry.action for entry in audit.recorded(session) if entry.thing_id == made]
    assert actions[-2:] == ["attachment.read", "attachment.printed"]


def test_only_who_announced_a_file_sends_it_and_a_colleague_cannot(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = attachments.announce_attachment(session, worker, row.id, LETTER, now=now)

    with pytest.raises(NotThere):
        attachments.receive_chunk(
            session, a_supervisor(), row.id, made, folder=tmp_path, data=PDF, is_last=True,
            largest=CHUNK, now=now,
        )  # fmt: skip
    with pytest.raises(NotThere):
        attachments.announce_attachment(session, a_caseworker(), row.id, LETTER, now=now)


def test_a_removed_file_is_gone_from_the_case(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = keep(session, worker, row, now, tmp_path)

    with pytest.raises(RoleMayNot):
        attachments.remove_attachment(session, a_member(session, row, now), row.id, made, now=now)
    attachments.remove_attachment(session, worker, row.id, made, now=now)

    assert attachments.attachments_of(session, worker, row.id, now=now) == ()


def erased(session: Any, row: Any, now: Any) -> None:
    """Two people order that a closed case be erased."""
    officer = a_person_of_the_country(Role.DATA_PROTECTION)
    head = a_person_of_the_country(Role.SECRETARIAT_HEAD)
    row.state, row.is_open = CaseState.CLOSED, False
    ground = ErasureGround.LAWFUL_REQUEST
    erasure.ask_erasure(session, officer, row.child_code, ground, now=now)
    erasure.answer_erasure(session, head, row.child_code, approve=True, now=now)


@pytest.mark.rule("R54")
def test_once_two_people_ordered_it_no_file_opens_and_the_bytes_are_purged(session, now, tmp_path):
    worker = a_caseworker()
    row, other = a_registered_case(session, owner=worker), a_registered_case(session, owner=worker)
    made, kept = (
        keep(session, worker, row, now, tmp_path),
        keep(session, worker, other, now, tmp_path),
    )
    opened = attachments.open_attachment(session, worker, row.id, made, folder=tmp_path, now=now)

    erased(session, row, now)

    with pytest.raises(Erased):
        attachments.read_chunk(session, opened, 0)
    purged = [
        attachments.purge_files(session, folder=tmp_path, now=now, limit=10) for _ in range(2)
    ]
    assert purged == [1, 0]
    assert not filestore.path_of(tmp_path, made).exists()
    assert filestore.path_of(tmp_path, kept).exists()
    assert read(session, worker, other, kept, now, tmp_path) == PDF
    assert "attachment.purged" in str(audit.recorded(session))


@pytest.mark.rule("R54")
def test_bytes_stay_until_the_second_person_has_said_yes(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    made = keep(session, worker, row, now, tmp_path)
    row.state, row.is_open = CaseState.CLOSED, False
    officer = a_person_of_the_country(Role.DATA_PROTECTION)
    erasure.ask_erasure(session, officer, row.child_code, ErasureGround.LAWFUL_REQUEST, now=now)

    assert attachments.purge_files(session, folder=tmp_path, now=now, limit=10) == 0
    assert filestore.path_of(tmp_path, made).exists()


@pytest.mark.rule("R54")
def test_a_machine_that_keeps_no_files_leaves_them_to_one_that_does(session, now, tmp_path):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    keep(session, worker, row, now, tmp_path / "here")
    erased(session, row, now)

    elsewhere = attachments.purge_files(session, folder=tmp_path / "there", now=now, limit=10)

    assert elsewhere == 0
    assert attachments.purge_files(session, folder=tmp_path / "here", now=now, limit=10) == 1


def test_an_unknown_format_is_refused_before_anything_is_sent(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    program = NewAttachment(FileKind.OTHER, Sensitivity.RESTRICTED, "text/html", "page")

    with pytest.raises(Incomplete):
        attachments.announce_attachment(session, worker, row.id, program, now=now)
