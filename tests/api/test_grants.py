"""Documents and grants over HTTP: who chooses, who gives, who reads, and who finds nothing of either."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from cases.rules.attachments import FileKind, Sensitivity
from core.db import Database
from tests.api.transferring import Desk, desk
from tests.builders.asking import with_sensitive
from tests.builders.disclosure import a_paper
from tests.builders.messages import VALUES, a_body
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import record
from transfers.service.bodies import write_message
from transfers.store import transfers as transfer_store
from transfers.tables.transfer import MessageRow, TransferRow

__all__ = ["desk"]
GRANT: dict[str, Any] = {
    "items": ["sensitive.health_for_care"], "purpose": "package", "office": "MGEPESW",
    "role": "A17", "reason": "The clinic over there asks.",
}  # fmt: skip


@pytest.fixture
def files(app: FastAPI, tmp_path: Path) -> Path:
    """Where the files of cases lie."""
    app.state.settings = app.state.settings.model_copy(update={"data_dir": tmp_path})
    found: Path = app.state.settings.files_dir
    return found


def a_question_open(desk: Desk, database: Database) -> str:
    """A transfer in which the other country waits for an answer."""
    path = desk.sent()
    with database.unit_of_work() as session:
        with_sensitive(session, desk.case_id, health_for_care="Asthma.", gbv="Told.")
        row = session.get(TransferRow, path.rpartition("/")[2])
        assert row is not None
        row.state = "info_requested"
        session.add(row)
        asked = MessageRow(
            transfer_id=row.id, seq=transfer_store.next_message(session, row.id), is_ours=False,
            type=MessageType.INFO_REQUEST.value, standing="admitted", written_at=NOON,
            restricted=b"",
        )  # fmt: skip
        body = a_body(MessageType.INFO_REQUEST)
        raw = write_message(MessageType.INFO_REQUEST, body, ref=row.ref, no=asked.no)
        asked.restricted = record.seal_in_message(session, row, asked, "restricted", raw.decode())
        session.add(asked)
    return path


def a_message(desk: Desk, path: str) -> str:
    said = {"type": "INFO_REPLY", "body": VALUES[MessageType.INFO_REPLY]}
    return f"/messages/{desk.done('writer', 'POST', f'{path}/messages', said)['id']}"


def keep(desk: Desk, database: Database, files: Path, **what: Any) -> str:
    with database.unit_of_work() as session:
        return a_paper(session, desk.team.worker, desk.case_id, files, **what)


def test_documents_are_chosen_read_and_signed_by_another(
    desk: Desk, database: Database, files: Path
) -> None:
    path = a_question_open(desk, database)
    report, message = keep(desk, database, files), a_message(desk, path)
    choice = {"documents": [{"attachment_id": report}], "view_only": False}

    chosen = desk.done("writer", "PUT", f"{message}/documents", choice)

    (document,) = chosen["documents"]
    assert (document["name"], document["role"], chosen["redaction"], chosen["view_only"]) == (
        "01-report.pdf", "report", "R2", False,
    )  # fmt: skip
    assert desk.done("head", "GET", f"{message}/documents") == chosen
    assert desk.refused("writer", "POST", f"{message}/signatures") == (403, "one-officer-alone")
    stale = desk.send(
        "head", "POST", f"{message}/signatures", if_match=f'"{chosen["version"] - 1}"'
    )
    assert stale.status_code in {409, 412}
    desk.done("head", "POST", f"{message}/signatures")
    assert desk.refused("writer", "PUT", f"{message}/documents", choice) == (409, "not-our-step")


@pytest.mark.rule("R45")
@pytest.mark.threat("TT50")
def test_a_highly_sensitive_document_is_refused_with_what_to_do(
    desk: Desk, database: Database, files: Path
) -> None:
    path = a_question_open(desk, database)
    medical = keep(
        desk, database, files, kind=FileKind.MEDICAL, sensitivity=Sensitivity.HIGHLY_SENSITIVE
    )
    message = a_message(desk, path)

    answer = desk.send(
        "writer", "PUT", f"{message}/documents", {"documents": [{"attachment_id": medical}]}
    )

    assert answer.status_code == 409
    assert [one["code"] for one in answer.json()["missing"]] == ["document_needs_grant"]
    assert desk.done("writer", "GET", f"{message}/documents")["documents"] == []


@pytest.mark.rule("R45")
@pytest.mark.threat("TT56")
def test_a_grant_is_proposed_by_one_and_given_by_the_head_who_did_not(
    desk: Desk, database: Database
) -> None:
    path = a_question_open(desk, database)
    made = desk.done("writer", "POST", f"{path}/grants", GRANT)["id"]

    for who in ("writer", "second"):
        assert desk.refused(who, "POST", f"/grants/{made}/answers", {"approve": True})[0] == 403
    assert desk.done("head", "GET", f"{path}/grants")["items"][0]["state"] == "proposed"

    given = desk.done("head", "POST", f"/grants/{made}/answers", {"approve": True})

    (grant,) = desk.done("head", "GET", f"{path}/grants")["items"]
    assert (grant["state"], grant["redaction"], grant["reason"]) == (
        "issued", "R3", "The clinic over there asks.",
    )  # fmt: skip
    said = desk.done("head", "GET", f"{path}/messages")["items"]
    (carrier,) = [one for one in said if one["id"] == given["message_id"]]
    assert (carrier["type"], carrier["standing"]) == ("SUMMARY", "signed")
    assert len(carrier["body"]["grants"]) == 1
    assert desk.refused("head", "POST", f"/grants/{made}/answers", {"approve": False})[0] == 409
    desk.done("second", "POST", f"/grants/{made}/revocations", {"reason": "not_needed"})
    assert desk.done("head", "GET", f"{path}/grants")["items"][0]["state"] == "revoked"


@pytest.mark.rule("R45")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"items": ["sensitive.asylum_claim"]}, "grant_item_never_leaves"),
        ({"items": ["names"]}, "grant_item_never_leaves"),
        ({"items": ["identity.names", "sensitive.gbv"]}, "grant_identity_alone"),
    ],
    ids=["protection", "unknown", "mixed"],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_never_leaves_is_named_by_no_grant(
    desk: Desk, change: dict[str, Any], code: str
) -> None:
    path = desk.sent()

    answer = desk.send("writer", "POST", f"{path}/grants", GRANT | change)

    assert answer.status_code == 409, answer.text
    assert code in [one["code"] for one in answer.json()["missing"]]
    assert desk.done("head", "GET", f"{path}/grants") == {"items": []}


def test_no_officer_writes_a_grant_into_a_message(desk: Desk, database: Database) -> None:
    path = a_question_open(desk, database)
    said = {"type": "INFO_REPLY", "body": {"answers": [], "grants": ["aaa.bbb.ccc"]}}

    assert desk.refused("writer", "POST", f"{path}/messages", said)[0] == 422
    assert desk.send("writer", "POST", f"{path}/messages", {
        "type": "SUMMARY", "body": VALUES[MessageType.SUMMARY],
    }).status_code == 422  # fmt: skip


@pytest.mark.threat("TT67")
@pytest.mark.rule("R14")
@pytest.mark.parametrize("who", ["administrator", "abroad", "stranger", "barred"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_it_is_not_for_finds_nothing(
    desk: Desk, database: Database, files: Path, who: str
) -> None:
    path = a_question_open(desk, database)
    message = a_message(desk, path)
    report = keep(desk, database, files)
    made = desk.done("writer", "POST", f"{path}/grants", GRANT)["id"]
    if who == "barred":
        who = "second"
        desk.bar(who)

    tries = [
        ("PUT", f"{message}/documents", {"documents": [{"attachment_id": report}]}),
        ("GET", f"{message}/documents", None), ("GET", f"{path}/documents", None),
        ("POST", f"{path}/grants", GRANT), ("GET", f"{path}/grants", None),
        ("GET", f"{path}/held-grants", None),
        ("POST", f"/grants/{made}/answers", {"approve": True}),
        ("POST", f"/grants/{made}/revocations", {"reason": "not_needed"}),
    ]  # fmt: skip
    answers = {desk.refused(who, *one) for one in tries}

    assert answers == {(404, "not-there")}
    assert desk.done("head", "GET", f"{path}/grants")["items"][0]["state"] == "proposed"


def test_an_office_that_sent_nothing_yet_gives_no_grant(desk: Desk) -> None:
    path = desk.ready()

    assert desk.refused("writer", "POST", f"{path}/grants", GRANT) == (409, "not-our-step")
