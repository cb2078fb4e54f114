"""Documents of a child's file travel with a message, arrive whole, and are read one by one over there."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from sqlmodel import select

from api.dependencies import acting
from cases.errors import RoleMayNot
from cases.rules.attachments import FileKind, Sensitivity
from cases.rules.consent import WithholdReason
from cases.service import attachments, withholding
from core.actors import Actor, Role
from core.audit import AuditRow
from core.errors import BadInput, NotThere
from core.exchange.errors import ContentRefused
from core.exchange.receipts import Event
from core.ids import new_id
from core.outbox import OutboxRow
from tests.builders.asking import READER, Scene, reader_of
from tests.builders.cases import a_person_of_the_country
from tests.builders.disclosure import PDF, a_grant, a_paper, a_written
from tests.builders.line import rows
from tests.builders.messages import a_body
from tests.builders.transfers import Office
from tests.conftest import NOON
from transfers.errors import DocumentNotKept, NotSent, OneOfficerAlone
from transfers.rules.codes import MessageType
from transfers.service import (
    document_reading,
    documents,
    grants,
    messages,
    retention,
    sealing,
)
from transfers.service.document_reading import Opening
from transfers.service.documents import Choice
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.disclosure import DocumentInRow, GrantHeldRow
from transfers.tables.transfer import MessageRow, TransferRow

M = MessageType


def paper(scene: Scene, **what: Any) -> str:
    """A document on the child's file."""
    files = scene.zambia.storage.files
    assert files is not None
    made: str = scene.zambia.do(
        lambda office: a_paper(office.session, scene.team.worker, scene.team.case_id, files, **what)
    )
    return made


def with_papers(scene: Scene, *papers: str, type_: MessageType = M.INFO_REPLY, **how: Any) -> str:
    """A message with documents, signed by a second officer."""
    files = scene.zambia.storage.files
    assert files is not None

    def say(office: Office) -> str:
        scene.ours_at(office)
        made = a_written(office, scene.ours, type_, a_body(type_))
        choices = [Choice(one) for one in papers]
        documents.choose(office.session, office.writer, made, choices, files=files, now=NOON, **how)
        messages.sign(office.session, office.head, made, now=NOON)
        return made

    made: str = scene.zambia.do(say)
    return made


def gaps(error: pytest.ExceptionInfo[NotSent]) -> list[str]:
    return [gap.code for gap in error.value.gaps]


def opened(scene: Scene, how: Opening = Opening.VIEW, **more: Any) -> bytes:
    (document,) = rows(scene.namibia.database, DocumentInRow)

    def read(office: Office) -> bytes:
        found = document_reading.open_document(
            office.session, reader_of(office), document.id, how,
            storage=scene.namibia.storage, now=NOON, **more,
        )  # fmt: skip
        with found.content as file:
            return file.read()

    data: bytes = scene.namibia.do(read)
    return data


@pytest.mark.rule("R50")
def test_a_document_arrives_whole_and_its_reading_is_signed_for(scene_on_both: Scene) -> None:
    scene = scene_on_both
    data = PDF.replace(b"Catalog", b"Catalog" + b"x" * 3 * 1024 * 1024)
    message = with_papers(scene, paper(scene, data=data))
    scene.zambia.run()
    scene.namibia.run()

    (document,) = rows(scene.namibia.database, DocumentInRow)
    assert (document.role, document.redaction, document.view_only, document.size) == (
        "report", "R2", True, len(data),
    )  # fmt: skip
    (listed,) = scene.namibia.do(
        lambda office: document_reading.list_documents(
            office.session, office.writer, scene.theirs, now=NOON
        )
    )
    assert (listed.name, listed.is_readable, listed.opened_at) == ("01-report.pdf", True, None)
    assert opened(scene) == data
    scene.namibia.run()
    (sent,) = [
        one for one in rows(scene.zambia.database, DeliveryOutRow) if one.message_id == message
    ]
    assert sent.state == "viewed"

    noted = [one for one in rows(scene.namibia.database, AuditRow) if one.thing_id == document.id]
    assert [(one.action, one.person_id) for one in noted] == [("document.viewed", READER)]


@pytest.fixture
def officer(scene: Scene) -> Iterator[TestClient]:
    """An officer of Namibia at the API; signing in is tested elsewhere."""
    app = scene.namibia.app
    actor = a_person_of_the_country(Role.SECRETARIAT, country="NA")

    def who(request: Request) -> Actor:
        request.state.actor = actor
        return actor

    app.dependency_overrides[acting] = who
    yield TestClient(app)
    app.dependency_overrides.clear()


@pytest.mark.rule("R46")
@pytest.mark.threat("TT34")
def test_a_document_is_shown_in_a_sandbox_of_its_own(scene: Scene, officer: TestClient) -> None:
    with_papers(scene, paper(scene))
    scene.zambia.run()
    (listed,) = officer.get(f"/transfers/{scene.theirs}/documents").json()["items"]
    content = f"/documents/{listed['id']}/content"

    shown = officer.get(content)
    kept = officer.get(f"{content}?how=keep")
    words = officer.get(f"/documents/{listed['id']}/words")

    assert (shown.status_code, shown.content) == (200, PDF)
    told = shown.headers
    assert (told["content-disposition"], told["x-content-type-options"]) == ("inline", "nosniff")
    assert told["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert (kept.status_code, kept.json()["type"]) == (403, "/problems/document-not-kept")
    assert (words.status_code, words.json()["type"]) == (403, "/problems/document-not-kept")
    assert officer.get(f"/documents/{new_id()}/content").status_code == 404


@pytest.mark.rule("R46")
def test_plain_words_are_read_as_words_and_never_as_a_page(
    scene: Scene, officer: TestClient
) -> None:
    with_papers(scene, paper(scene, media="text/plain", data=b"Seen at home & well."))
    scene.zambia.run()
    (listed,) = officer.get(f"/transfers/{scene.theirs}/documents").json()["items"]

    words = officer.get(f"/documents/{listed['id']}/words")
    raw = officer.get(f"/documents/{listed['id']}/content")

    assert words.json() == {"text": "Seen at home & well."}
    assert (raw.status_code, raw.json()["type"]) == (403, "/problems/document-not-kept")


@pytest.mark.rule("R46")
def test_what_may_only_be_read_is_not_kept(scene: Scene) -> None:
    with_papers(scene, paper(scene))
    scene.zambia.run()

    with pytest.raises(DocumentNotKept):
        opened(scene, Opening.KEEP)
    assert opened(scene) == PDF


def test_what_its_sender_allows_is_kept(scene: Scene) -> None:
    with_papers(scene, paper(scene), view_only=False)
    scene.zambia.run()

    assert opened(scene, Opening.KEEP) == PDF


@pytest.mark.rule("R45")
@pytest.mark.threat("TT50")
@pytest.mark.parametrize("type_", [M.INFO_REPLY, M.PACKAGE])
def test_a_highly_sensitive_document_leaves_with_no_message_without_a_grant(
    scene: Scene, type_: MessageType
) -> None:
    accepted(scene, type_)
    medical = paper(scene, kind=FileKind.MEDICAL, sensitivity=Sensitivity.HIGHLY_SENSITIVE)

    with pytest.raises(NotSent) as refused:
        with_papers(scene, medical, type_=type_)

    assert gaps(refused) == ["document_needs_grant"]


def accepted(scene: Scene, type_: MessageType) -> None:
    """Where a package is due, both countries are that far."""
    if type_ is not M.PACKAGE:
        return
    for one in (scene.zambia, scene.namibia):

        def move(office: Office) -> None:
            row = office.session.exec(select(TransferRow)).one()
            row.state, row.round = "accepted", "request"
            office.session.add(row)

        one.do(move)


@pytest.mark.rule("R45")
@pytest.mark.threat("TT51")
def test_a_highly_sensitive_document_leaves_with_the_package_under_its_grant(scene: Scene) -> None:
    accepted(scene, M.PACKAGE)
    medical = paper(scene, kind=FileKind.MEDICAL, sensitivity=Sensitivity.HIGHLY_SENSITIVE)
    made = scene.zambia.do(
        lambda office: a_grant(scene.ours_at(office), scene.ours, f"attachment.{medical}")
    )

    with_papers(scene, medical, paper(scene), type_=M.PACKAGE)
    scene.zambia.run()

    found = {one.role: one.hs_grant for one in rows(scene.namibia.database, DocumentInRow)}
    assert found == {"medical": made, "report": None}
    assert {one.redaction for one in rows(scene.namibia.database, DocumentInRow)} == {"R3"}

    held = [one for one in rows(scene.namibia.database, GrantHeldRow) if one.grant_id == made]
    used = scene.wire().post("/grants/redeem", grant=held[0].token)
    assert used.json()["type"] == "urn:bidx:problem:grant-refused"
    scene.zambia.do(
        lambda office: grants.revoke(
            office.session, office.second, made, reason="not_needed", now=NOON
        )
    )
    scene.zambia.run()
    (came,) = [
        one for one in rows(scene.namibia.database, DeliveryInRow) if one.state == "recall_pending"
    ]
    assert came.id in {one.delivery_id for one in rows(scene.namibia.database, DocumentInRow)}


@pytest.mark.rule("R48")
@pytest.mark.threat("TT50")
@pytest.mark.parametrize("when", ["before_choosing", "before_signing", "before_sealing"])
def test_a_document_the_child_withholds_stays_here_whenever_it_says_so(
    scene: Scene, when: str
) -> None:
    report = paper(scene)
    files = scene.zambia.storage.files
    assert files is not None

    def withhold() -> None:
        scene.zambia.do(
            lambda office: withholding.withhold(
                office.session, scene.team.worker, scene.team.case_id, item="report",
                from_whom="NA", reason=WithholdReason.FEAR_OF_HARM, now=NOON,
            )
        )  # fmt: skip

    if when == "before_choosing":
        withhold()
        with pytest.raises(NotSent) as refused:
            with_papers(scene, report)
        assert gaps(refused) == ["document_withheld"]
        return
    if when == "before_sealing":
        message = with_papers(scene, report)
        withhold()
        scene.zambia.run()
        told = [row for row in rows(scene.zambia.database, OutboxRow) if row.subject == message]
        assert [row.topic for row in told] == ["exchange.needs_attention"]
        assert [
            one for one in rows(scene.zambia.database, DeliveryOutRow) if one.message_id == message
        ] == []
        return

    def write(office: Office) -> str:
        scene.ours_at(office)
        made = a_written(office, scene.ours, M.INFO_REPLY, a_body(M.INFO_REPLY))
        documents.choose(
            office.session, office.writer, made, [Choice(report)], files=files, now=NOON
        )
        return made

    made = scene.zambia.do(write)
    withhold()
    with pytest.raises(NotSent):
        scene.zambia.do(lambda office: messages.sign(office.session, office.head, made, now=NOON))


@pytest.mark.rule("R44")
@pytest.mark.threat("TT56")
def test_whoever_chose_the_documents_does_not_sign_them(scene: Scene) -> None:
    report, files = paper(scene), scene.zambia.storage.files
    assert files is not None

    def alone(office: Office) -> None:
        made = a_written(office, scene.ours, M.INFO_REPLY, a_body(M.INFO_REPLY))
        documents.choose(
            office.session, scene.writer, made, [Choice(report)], files=files, now=NOON
        )
        messages.sign(office.session, scene.writer, made, now=NOON)

    with pytest.raises(OneOfficerAlone):
        scene.zambia.do(alone)


@pytest.mark.threat("TT34")
@pytest.mark.parametrize(
    ("media", "data", "refused"),
    [
        (
            "application/pdf",
            b"%PDF-1.7 <script>alert(1)</script>\nstartxref\n9\n%%EOF\n",
            ContentRefused,
        ),
        ("text/plain", b"<html><script>alert(1)</script>", ContentRefused),
        ("image/tiff", b"II*\x00", NotSent),
    ],
    ids=["polyglot", "markup", "format"],
)
def test_what_is_not_what_it_says_is_not_chosen(
    scene: Scene, media: str, data: bytes, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        with_papers(scene, paper(scene, media=media, data=data))


def test_a_document_that_was_removed_holds_the_message_and_a_person_is_told(scene: Scene) -> None:
    report = paper(scene)
    message = with_papers(scene, report)
    scene.zambia.do(
        lambda office: attachments.remove_attachment(
            office.session, scene.team.worker, scene.team.case_id, report, now=NOON
        )
    )

    scene.zambia.run()

    (kept,) = [one for one in rows(scene.zambia.database, MessageRow) if one.id == message]
    assert (kept.standing, kept.package_id) == ("signed", None)


@pytest.mark.threat("TT55")
@pytest.mark.rule("R46")
def test_what_an_officer_destroys_opens_from_no_later_backup_and_the_sender_has_a_receipt(
    scene: Scene,
) -> None:
    message = with_papers(scene, paper(scene))
    scene.zambia.run()
    before = opened(scene)
    (document,) = rows(scene.namibia.database, DocumentInRow)
    folder = scene.namibia.storage.came(document.delivery_id).folder
    copy = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (came,) = [
        one for one in rows(scene.namibia.database, DeliveryInRow) if one.id == document.delivery_id
    ]
    assert before == PDF
    assert came.retain_until is not None

    def destroy(office: Office, by: Actor, **how: Any) -> None:
        retention.destroy_content(office.session, by, came.id, now=scene.namibia.now, **how)

    early = {"ground": retention.Ground.NATIONAL_RULE}
    with pytest.raises(BadInput):
        scene.namibia.do(lambda office: destroy(office, office.writer))
    with pytest.raises(RoleMayNot):
        scene.namibia.do(lambda office: destroy(office, office.writer, **early))
    scene.namibia.do(lambda office: destroy(office, office.head, **early))
    scene.namibia.do(lambda office: retention.remove_bytes(office.session, scene.namibia.storage))
    assert not folder.exists()

    for path, data in copy.items():  # a later backup of the folder
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with pytest.raises(NotThere):
        opened(scene)
    (gone,) = rows(scene.namibia.database, DocumentInRow)
    assert gone.restricted == b""
    (words,) = [
        one for one in rows(scene.namibia.database, MessageRow) if one.id == document.message_id
    ]
    assert (words.standing, words.restricted) == ("discarded", b"")

    given = [
        one for one in rows(scene.namibia.database, ReceiptGivenRow) if one.event == Event.DELETED
    ]
    assert [one.subject for one in given] == [came.delivery_id]
    scene.namibia.run()
    taken = [
        one for one in rows(scene.zambia.database, ReceiptTakenRow) if one.event == Event.DELETED
    ]
    assert [(one.subject, one.standing) for one in taken] == [(came.delivery_id, "valid")]
    (sent,) = [
        one for one in rows(scene.zambia.database, DeliveryOutRow) if one.message_id == message
    ]
    assert sent.state == "deleted"


def test_a_document_is_sealed_in_less_memory_than_it_has_bytes(scene: Scene) -> None:
    """Fifty megabytes are measured in ``benchmarks/documents.py``."""
    size = 12 * 1024 * 1024
    message = with_papers(
        scene, paper(scene, data=PDF.replace(b"Catalog", b"Catalog" + b"x" * size))
    )
    tracemalloc.start()

    scene.zambia.do(
        lambda office: sealing.seal(office.session, message, storage=scene.zambia.storage, now=NOON)
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 9 * 1024 * 1024 < size
    (sent,) = [
        one for one in rows(scene.zambia.database, DeliveryOutRow) if one.message_id == message
    ]
    assert sent.size > size
