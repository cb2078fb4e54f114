"""A grant is redeemed without a line: it goes back to its owner as a file, and what it gives comes as one."""

import io
import json
from typing import Any

import pytest

from cases.service.files import Purpose as Why
from core.actors import Role
from core.errors import BadInput
from core.outbox import OutboxRow
from tests.builders import partners as build
from tests.builders.asking import HEALTH, Scene, reader_of
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.workflows.exchange.test_grants import grant, read_all, types
from transfers.errors import OneOfficerAlone
from transfers.rules.codes import MessageType
from transfers.rules.delivery import TO_SEND
from transfers.service import (
    exchange_files,
    grants,
    grants_carried,
    messages,
    saying,
    sealing,
)
from transfers.service.bodies import InfoRequest
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, ReceiptGivenRow
from transfers.tables.disclosure import GrantHeldRow
from transfers.tables.transfer import MessageRow


def cut(scene: Scene) -> None:
    """No line either way from now on."""
    for cable in (scene.both.there, scene.both.back):
        cable.meddle = lambda _method, _path: "down"


def carry(sender: Installation, receiver: Installation) -> list[str]:
    """Hand out as files what waits, import it over there, and bring the receipts back; where each stands there."""

    def seal(office: Any) -> None:
        for one in sealing.waiting(office.session):
            sealing.seal(office.session, one.message_id, storage=sender.storage, now=sender.now)

    sender.do(seal)
    states = []
    for row in rows(sender.database, DeliveryOutRow):
        if row.state not in set(TO_SEND):
            continue
        file = io.BytesIO()
        with sender.database.unit_of_work() as session:
            exchange_files.hand_out(
                session, build.an_officer(Role.ADMINISTRATOR, sender.country), row.id, file,
                storage=sender.storage, now=sender.now,
            )  # fmt: skip
        file.seek(0)
        found = exchange_files.take_file(
            receiver.database.unit_of_work, build.an_officer(Role.ADMINISTRATOR, receiver.country),
            file, ground=receiver.ground, now=receiver.now,
        )  # fmt: skip
        states.append(found.state)
    texts = [one.text for one in rows(receiver.database, ReceiptGivenRow)]
    exchange_files.take_receipts(
        sender.database.unit_of_work, build.an_officer(Role.ADMINISTRATOR, sender.country),
        io.BytesIO("\n".join(texts).encode()), now=sender.now,
    )  # fmt: skip
    return states


def brought_back(scene: Scene) -> str:
    """An officer over there has the grant brought back, another signs; returns the message."""
    held = scene.held().id

    def act(office: Any) -> str:
        made = grants_carried.ask_by_file(
            office.session, reader_of(office), held, now=scene.namibia.now
        )
        with pytest.raises(OneOfficerAlone):
            messages.sign(office.session, reader_of(office), made, now=scene.namibia.now)
        messages.sign(office.session, office.head, made, now=scene.namibia.now)
        return made

    found: str = scene.namibia.do(act)
    return found


@pytest.mark.rule("R45")
@pytest.mark.rule("R50")
@pytest.mark.threat("TT52")
def test_what_a_grant_gives_comes_as_a_file_and_is_one_use_however_often_it_is_asked_for(
    scene_on_both: Scene,
) -> None:
    scene = scene_on_both
    grant(scene)
    cut(scene)
    before = scene.zambia.do(lambda office: office.state(scene.ours))

    brought_back(scene)
    went = carry(scene.namibia, scene.zambia)
    came = carry(scene.zambia, scene.namibia)
    (said,) = read_all(scene, purpose=Why.CARE)
    brought_back(scene)
    again = carry(scene.namibia, scene.zambia)

    assert json.loads(said)["items"] == {"sensitive.health_for_care": HEALTH}
    assert (went, came, again) == (["admitted"], ["admitted"], ["admitted"])
    assert scene.held().state == "redeemed"
    assert scene.given().used == 1
    assert "grant.redeemed" in types(scene.zambia)
    assert "grant.redeemed" in types(scene.namibia)
    assert scene.zambia.do(lambda office: office.state(scene.ours)) == before
    summaries = [one for one in rows(scene.zambia.database, MessageRow) if one.type == "SUMMARY"]
    assert len(summaries) == 1
    for one, transfer in ((scene.zambia, scene.ours), (scene.namibia, scene.theirs)):
        open_ones = one.do(lambda office, t=transfer: _open(office, t))
        assert open_ones == 0


def _open(office: Any, transfer_id: str) -> int:
    row = store.find(office.session, transfer_id)
    assert row is not None
    asked = saying.open_questions(office.session, row)
    return sum(
        one.type == MessageType.INFO_REQUEST and one.id in asked
        for one in store.messages(office.session, transfer_id)
    )


@pytest.mark.rule("R45")
@pytest.mark.threat("TT51")
def test_a_grant_that_counts_no_more_gives_nothing_by_file_and_says_nothing(scene: Scene) -> None:
    grant(scene)
    cut(scene)
    given = scene.given().id
    scene.zambia.do(
        lambda office: grants.revoke(
            office.session,
            scene.ours_at(office).writer,
            given,
            reason="other",
            now=scene.zambia.now,
        )
    )

    brought_back(scene)
    went = carry(scene.namibia, scene.zambia)

    assert went == ["refused"]
    refused = [one for one in rows(scene.zambia.database, DeliveryInRow) if one.state == "refused"]
    assert [one.why for one in refused] == ["content-not-allowed"]
    assert [one for one in rows(scene.zambia.database, MessageRow) if one.type == "SUMMARY"] == []
    (held,) = rows(scene.namibia.database, GrantHeldRow)
    assert (held.state, held.trouble) == ("held", "grant-refused")
    told = {row.topic for row in rows(scene.namibia.database, OutboxRow)}
    assert "exchange.grant_refused_there" in told


def test_nobody_brings_a_grant_back_past_those_who_keep_it(scene: Scene) -> None:
    grant(scene)
    token = scene.held().token

    def act(office: Any) -> None:
        messages.write(
            office.session, office.writer, scene.theirs, MessageType.INFO_REQUEST,
            InfoRequest(questions=(), redeem=(token,)), now=scene.namibia.now,
        )  # fmt: skip

    with pytest.raises(BadInput):
        scene.namibia.do(act)
