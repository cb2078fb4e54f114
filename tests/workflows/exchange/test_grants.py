"""What is highly sensitive, or names a child, crosses the border item by item: asked for, granted, fetched, read."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.rules.consent import WithholdReason
from cases.rules.movement import HoldOnMovement
from cases.service import attachments, consents, movement, withholding
from cases.service.files import Purpose as Why
from cases.store import consents as consent_rows
from core.errors import BadInput, NotThere
from core.exchange import grants as wire
from core.exchange.grants import Permission
from core.exchange.manifests import Purpose, Redaction
from core.outbox import OutboxRow
from tests.builders.asking import HEALTH, READER, Scene, reader_of
from tests.builders.disclosure import a_grant, a_medical_paper
from tests.builders.exchange import NAMIBIA, ZAMBIA, signing_key_of
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.transfers import Office
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import document_reading, grants, procedure, retention, summary_views
from transfers.service.document_reading import Opening
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, ReceiptTakenRow
from transfers.tables.disclosure import DocumentInRow, GrantGivenRow, GrantHeldRow
from transfers.tables.evidence import EvidenceRow
from transfers.tables.transfer import MessageRow


def grant(scene: Scene, *items: str, **more: Any) -> str:
    """Zambia gives a grant, and it is brought over."""
    items = items or ("sensitive.health_for_care",)
    made: str = scene.zambia.do(
        lambda office: a_grant(scene.ours_at(office), scene.ours, *items, asked=scene.asked, **more)
    )
    scene.zambia.run()
    return made


def read_all(scene: Scene, **how: Any) -> list[bytes]:
    """An officer of Namibia reads every document that came, words as words."""
    storage = scene.namibia.storage

    def read(office: Office, one: DocumentInRow) -> bytes:
        reader = reader_of(office)
        if one.media in document_reading.WORDS:
            text = document_reading.read_words(
                office.session, reader, one.id, storage=storage, now=NOON, **how
            )
            return text.encode()
        opened = document_reading.open_document(
            office.session, reader, one.id, Opening.VIEW, storage=storage, now=NOON, **how
        )
        with opened.content as file:
            return file.read()

    found = rows(scene.namibia.database, DocumentInRow)
    return [scene.namibia.do(lambda office, one=one: read(office, one)) for one in found]


def types(one: Installation) -> list[str]:
    return [row.type for row in sorted(rows(one.database, EvidenceRow), key=lambda row: row.n)]


@pytest.mark.rule("R45")
@pytest.mark.rule("R50")
def test_what_a_grant_names_is_fetched_read_and_signed_for(scene_on_both: Scene) -> None:
    scene = scene_on_both
    grant(scene)
    assert scene.zambia.do(lambda office: office.state(scene.ours)) == "info_supplied"
    assert scene.held().scope == ["summary", "sensitive.health_for_care"]
    assert rows(scene.namibia.database, DocumentInRow) == []

    scene.redeem_now()
    (said,) = read_all(scene, purpose=Why.CARE)
    scene.exchange()

    assert json.loads(said)["items"] == {"sensitive.health_for_care": HEALTH}
    (document,) = rows(scene.namibia.database, DocumentInRow)
    assert (document.role, document.redaction, document.hs_grant, document.view_only) == (
        "medical", "R3", scene.given().id, True,
    )  # fmt: skip
    assert scene.held().state == "redeemed"
    assert "grant.redeemed" in types(scene.zambia)
    assert "grant.redeemed" in types(scene.namibia)
    content = scene.given().content_id
    (sent,) = [
        row for row in rows(scene.zambia.database, DeliveryOutRow) if row.message_id == content
    ]
    events = {
        row.event for row in rows(scene.zambia.database, ReceiptTakenRow) if row.subject == sent.id
    }
    assert events == {"received", "admitted", "viewed"}
    told = {row.topic for row in rows(scene.namibia.database, OutboxRow)}
    assert "exchange.grant_redeemed" in told


@pytest.mark.rule("R45")
@pytest.mark.threat("TT50")
def test_without_a_grant_nothing_highly_sensitive_and_no_name_is_on_its_way(scene: Scene) -> None:
    scene.exchange()

    assert rows(scene.namibia.database, GrantHeldRow) == []
    assert rows(scene.namibia.database, DocumentInRow) == []
    sealed = [one.manifest_sha256 for one in rows(scene.zambia.database, DeliveryOutRow)]
    assert len(sealed) == 1
    (enquiry,) = [one for one in rows(scene.namibia.database, MessageRow) if one.summary]
    said = scene.namibia.do(
        lambda office: summary_views.read_summary(
            office.session, office.writer, enquiry.transfer_id, now=NOON
        )
    ).body
    assert HEALTH not in str(said)
    assert "Amani" not in str(said)


@pytest.mark.threat("TT52")
def test_a_grant_redeemed_over_a_bad_line_gives_the_same_package_and_is_one_use(
    scene: Scene,
) -> None:
    grant(scene)
    cable = scene.both.back
    lost = iter(["lost", "down"])
    cable.meddle = lambda _method, path: next(lost, None) if "redeem" in path else None

    for _ in range(3):
        scene.redeem_now()
        scene.namibia.later(minutes=5)
        scene.zambia.later(minutes=5)
    text = scene.held().token
    first, second = (scene.wire().post("/grants/redeem", grant=text) for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert scene.given().used == 1
    made = [row for row in rows(scene.zambia.database, MessageRow) if row.type == "SUMMARY"]
    assert len(made) == 1
    assert len(rows(scene.namibia.database, DocumentInRow)) == 1
    assert scene.held().state == "redeemed"


def forged(scene: Scene, signer: str = ZAMBIA, **changes: Any) -> str:
    """A grant like the one that was given, with changes."""
    row = scene.given()
    allowed = Permission(
        NAMIBIA, row.office, row.role, tuple(row.scope), "", row.record_version,
        Redaction(row.redaction), Purpose(row.purpose),
    )  # fmt: skip
    ref = scene.zambia.do(lambda office: transfer_store.find(office.session, scene.ours).ref)  # type: ignore[union-attr]
    made = wire.make(
        replace(allowed, ref=ref, **changes), owner=signer, grant=row.id,
        key=signing_key_of(signer), now=NOON, expires_at=NOON + timedelta(days=14),
    )  # fmt: skip
    return made.token.text


def _expired(scene: Scene) -> str:
    scene.namibia.now = scene.zambia.later(days=15)
    return scene.held().token


def _revoked(scene: Scene) -> str:
    made = scene.given().id
    scene.zambia.do(
        lambda office: grants.revoke(
            office.session, office.second, made, reason="not_needed", now=NOON
        )
    )
    return scene.held().token


def _withdrawn(scene: Scene) -> str:
    def act(office: Office) -> None:
        kept = consent_rows.consents_of(office.session, scene.team.case_id)[0]
        consents.withdraw_consent(
            office.session, scene.team.worker, scene.team.case_id, kept.id, now=NOON
        )

    scene.zambia.do(act)
    return scene.held().token


def _held_back(scene: Scene) -> str:
    scene.zambia.do(
        lambda office: movement.hold(
            office.session, scene.team.case_id, HoldOnMovement.APPEAL, actor=scene.team.worker,
            now=NOON,
        )
    )  # fmt: skip
    return scene.held().token


def _withheld(scene: Scene) -> str:
    scene.zambia.do(
        lambda office: withholding.withhold(
            office.session, scene.team.worker, scene.team.case_id, item="health_for_care",
            from_whom="everybody", reason=WithholdReason.FEAR_OF_HARM, now=NOON,
        )
    )  # fmt: skip
    return scene.held().token


def _corrected(scene: Scene) -> str:
    scene.zambia.do(lambda office: office.say(scene.ours, MessageType.CORRECTION))
    return scene.held().token


ATTACKS: dict[str, Callable[[Scene], Any]] = {
    "expired": _expired,
    "revoked": _revoked,
    "consent_withdrawn": _withdrawn,
    "movement_held": _held_back,
    "item_withheld": _withheld,
    "another_version": _corrected,
    "widened": lambda scene: forged(scene, scope=("summary", "sensitive.hiv_status")),
    "other_version_told": lambda scene: forged(scene, version=2),
    "signed_by_the_partner": lambda scene: forged(scene, signer=NAMIBIA, partner=ZAMBIA),
    "signature_cut": lambda scene: scene.held().token[:-4],
    "no_token": lambda _scene: {"grant": 1},
    "empty": lambda _scene: "",
}


@pytest.mark.rule("R45")
@pytest.mark.rule("R51")
@pytest.mark.threat("TT51")
@pytest.mark.parametrize("attack", ATTACKS)
def test_every_grant_that_does_not_count_gets_the_same_answer_and_tells_nothing(
    scene: Scene, attack: str
) -> None:
    grant(scene)
    text = ATTACKS[attack](scene)
    before = len(rows(scene.zambia.database, MessageRow))

    refused = scene.wire().post("/grants/redeem", grant=text)

    body = refused.json()
    body.pop("instance")
    assert (refused.status_code, body) == (
        403,
        {
            "type": "urn:bidx:problem:grant-refused", "title": "This grant gives nothing",
            "status": 403, "detail": "See the exchange protocol, version 1, under this type.",
        },
    )  # fmt: skip
    assert len(rows(scene.zambia.database, MessageRow)) == before
    assert scene.given().content_id is None
    told = {row.topic for row in rows(scene.zambia.database, OutboxRow)}
    assert "exchange.grant_refused_here" in told


@pytest.mark.threat("TT51")
def test_a_grant_in_other_hands_gives_nothing(scene: Scene) -> None:
    """Another installation, trusted as well, shows a grant that was given to the first."""
    grant(scene)
    ours = forged(scene, partner="ZA.dsd")

    refused = scene.wire().post("/grants/redeem", grant=ours)

    assert refused.json()["type"] == "urn:bidx:problem:grant-refused"


@pytest.mark.threat("TT51")
def test_who_asked_hears_that_a_grant_gives_nothing_any_more_and_no_reason(scene: Scene) -> None:
    grant(scene)
    _revoked(scene)

    scene.redeem_now()
    scene.namibia.later(hours=3)
    scene.namibia.run()

    assert (scene.held().state, scene.held().trouble) == ("refused", "grant-refused")
    assert "grant.refused" in types(scene.namibia)
    asked = [path for _, path in scene.both.back.calls if "redeem" in path]
    assert len(asked) == 1


@pytest.mark.rule("R45")
@pytest.mark.threat("TT53")
def test_revoking_takes_back_what_was_fetched_too(scene: Scene) -> None:
    grant(scene)
    scene.redeem_now()
    (document,) = rows(scene.namibia.database, DocumentInRow)

    _revoked(scene)
    scene.zambia.run()

    with pytest.raises(NotThere):
        read_all(scene, purpose=Why.CARE)
    (came,) = [
        row for row in rows(scene.namibia.database, DeliveryInRow) if row.id == document.delivery_id
    ]
    assert came.state == "recall_pending"
    assert scene.wire().post("/grants/redeem", grant=scene.held().token).status_code == 403


@pytest.mark.rule("R26")
@pytest.mark.rule("R48")
@pytest.mark.parametrize(("change", "reason"), [
    (_withdrawn, "disclosure_without_consent"), (_held_back, "movement_held"),
], ids=["consent", "hold"])  # fmt: skip
def test_the_procedure_ends_grants_that_nothing_carries_any_more(
    scene: Scene, change: Callable[[Scene], str], reason: str
) -> None:
    grant(scene)
    scene.redeem_now()
    change(scene)

    def step(office: Office) -> bool:
        return procedure.end_grants(office.session, scene.team.case_id, now=NOON)

    assert [scene.zambia.do(step), scene.zambia.do(step)] == [True, False]
    given = scene.given()
    assert (given.state, given.revoked_for, given.revoked_by) == ("revoked", reason, "procedure")
    told = {row.topic for row in rows(scene.zambia.database, OutboxRow)}
    assert "exchange.grant_ended_after_use" in told


@pytest.mark.rule("R45")
def test_an_identity_is_read_by_whoever_asked_for_it_and_by_nobody_else(
    scene_on_both: Scene,
) -> None:
    scene = scene_on_both
    zambia = scene.zambia
    made = zambia.do(
        lambda office: a_grant(
            scene.ours_at(office),
            scene.ours,
            "identity.names",
            purpose=Purpose.CROSS_BORDER_SUMMARY,
        )
    )
    zambia.run()
    scene.redeem_now()

    assert [row.expires_at for row in rows(zambia.database, GrantGivenRow)] == [
        NOON + timedelta(hours=72)
    ]
    (said,) = read_all(scene, purpose=Why.CARE)
    assert json.loads(said)["items"] == {"identity.names": {"family": "Mwila", "given": "Amani"}}
    (document,) = rows(scene.namibia.database, DocumentInRow)
    assert (document.role, document.redaction, document.reader) == ("identity", "R1", READER)
    assert scene.given().id == made

    def peek(office: Office) -> None:
        document_reading.read_words(
            office.session, office.second, document.id, purpose=Why.CARE,
            storage=scene.namibia.storage, now=NOON,
        )  # fmt: skip

    with pytest.raises(NotThere):
        scene.namibia.do(peek)
    with pytest.raises(BadInput, match="BadInput"):
        read_all(scene)


@pytest.mark.rule("R45")
def test_a_named_document_comes_and_the_one_beside_it_does_not(scene: Scene) -> None:
    zambia, case_id = scene.zambia, scene.team.case_id
    files = zambia.storage.files
    assert files is not None
    named, other = zambia.do(
        lambda office: [
            a_medical_paper(office.session, scene.team.worker, case_id, files) for _ in range(2)
        ]
    )
    grant(scene, f"attachment.{named}")
    scene.redeem_now()

    (document,) = rows(scene.namibia.database, DocumentInRow)
    assert (document.role, document.media, document.hs_grant) == (
        "medical", "application/pdf", scene.given().id,
    )  # fmt: skip
    assert other not in str(scene.held().scope)
    (data,) = read_all(scene, purpose=Why.CARE)
    assert data.startswith(b"%PDF")

    zambia.do(
        lambda office: attachments.remove_attachment(
            office.session, scene.team.worker, case_id, named, now=NOON
        )
    )
    assert scene.wire().post("/grants/redeem", grant=scene.held().token).status_code == 403


@pytest.mark.threat("TT48")
@pytest.mark.rule("R49")
def test_what_a_grant_gives_is_nowhere_on_its_way_in_clear(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    grant(scene)
    scene.redeem_now()
    scene.exchange()

    seen = [caplog.text, str(scene.both.there.calls), str(scene.both.back.calls)]
    for one in (scene.zambia, scene.namibia):
        tables = (
            OutboxRow,
            DeliveryInRow,
            DeliveryOutRow,
            MessageRow,
            DocumentInRow,
            GrantGivenRow,
        )
        seen += [str(row.model_dump()) for table in tables for row in rows(one.database, table)]
        for path in one.storage.folder.rglob("*"):
            seen.append(str(path))
            if path.is_file():
                seen.append(path.read_bytes().decode("latin-1"))
    assert not [text for text in seen if "asthma" in text or "Amani" in text]


@pytest.mark.threat("TT55")
@pytest.mark.rule("R46")
def test_a_name_is_kept_no_longer_than_its_grant_lasts_and_destroyed_by_a_person(
    scene: Scene,
) -> None:
    scene.zambia.do(
        lambda office: a_grant(
            scene.ours_at(office), scene.ours, "identity.names",
            purpose=Purpose.CROSS_BORDER_SUMMARY,
        )
    )  # fmt: skip
    scene.zambia.run()
    scene.redeem_now()
    (document,) = rows(scene.namibia.database, DocumentInRow)
    later = NOON + timedelta(days=4)

    def over(office: Office, at: Any) -> list[str]:
        found = retention.list_over(office.session, office.writer, now=at)
        return [one.id for one in found]

    assert scene.namibia.do(lambda office: over(office, NOON)) == []
    scene.namibia.now = scene.zambia.now = later
    scene.namibia.run()
    assert len(read_all(scene, purpose=Why.CARE)) == 1, "no timer destroys"
    told = {row.topic for row in rows(scene.namibia.database, OutboxRow)}
    assert "exchange.kept_long_enough" in told

    assert scene.namibia.do(lambda office: over(office, later)) == [document.delivery_id]
    scene.namibia.do(
        lambda office: retention.destroy_content(
            office.session, office.writer, document.delivery_id, now=later
        )
    )
    scene.namibia.run()

    with pytest.raises(NotThere):
        read_all(scene, purpose=Why.CARE)
    content = scene.given().content_id
    (sent,) = [
        one for one in rows(scene.zambia.database, DeliveryOutRow) if one.message_id == content
    ]
    assert sent.state == "deleted"
    assert not scene.namibia.storage.came(document.delivery_id).folder.exists()
