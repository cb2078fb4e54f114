"""An enquiry between two countries: what leaves, what arrives, and what nobody can do for the other side."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot
from cases.rules.access import Level
from cases.rules.consent import WithholdReason
from cases.rules.movement import HoldOnMovement
from cases.service import consents, movement, withholding
from cases.service.access import bar, reach_of
from core.audit import recorded
from core.errors import BadInput, Incomplete, NotThere
from core.outbox import OutboxRow
from tests.builders.messages import a_body
from tests.builders.transfers import (
    CHILD,
    Office,
    a_child_to_tell_of,
    a_draft,
    an_enquiry,
    carried,
    checked,
)
from tests.conftest import NOON
from transfers.errors import NotOurStep, NotSent, OneOfficerAlone
from transfers.rules.codes import (
    CorridorStatus,
    MessageType,
)
from transfers.rules.responsibility import faults
from transfers.service import bodies, corridors, drafting, messages, record, saying, sending
from transfers.store import deliveries
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow

NAMES = ("Amani", "Mwila", "Sepiso", "Nyambe")


def codes(error: pytest.ExceptionInfo[NotSent]) -> list[str]:
    return [gap.code for gap in error.value.gaps]


def test_an_enquiry_goes_there_and_comes_back_answered(zambia: Office, namibia: Office) -> None:
    team, ours, message_id = an_enquiry(zambia)
    letter = carried(zambia, message_id)
    theirs = namibia.take(letter)
    assert (zambia.state(ours), namibia.state(theirs)) == ("sent", "delivered")

    ack = namibia.say(theirs, MessageType.ACK)
    assert zambia.take(carried(namibia, ack)) == ours
    question = namibia.say(theirs, MessageType.INFO_REQUEST)
    zambia.take(carried(namibia, question))
    assert zambia.state(ours) == "info_requested"
    no = store.find_message(namibia.session, question)
    assert no is not None
    answer = zambia.say(ours, MessageType.INFO_REPLY, reply_to=no.no)
    namibia.take(carried(zambia, answer))
    yes = namibia.say(theirs, MessageType.ENQUIRY_REPLY)
    zambia.take(carried(namibia, yes))

    assert zambia.state(ours) == namibia.state(theirs) == "answered_positive"
    for office, transfer in ((zambia, ours), (namibia, theirs)):
        row = store.find(office.session, transfer)
        assert row is not None
        assert not row.is_open
        assert faults(store.spans(office.session, transfer)) == ()
        assert saying.open_questions(office.session, row) == []
    assert reach_of(zambia.session, zambia.writer, team.case_id, now=NOON).level < Level.FULL
    sides = [(one.step, one.side) for one in store.history(zambia.session, ours)]
    assert ("X0", "sender") in sides
    assert ("ENQUIRY_YES", "receiver") in sides
    assert all(
        one.person_id == "" for one in store.history(zambia.session, ours) if one.side == "receiver"
    )
    assert store.of_case(zambia.session, team.case_id)[0].id == ours


def test_each_answer_is_to_a_question_they_asked(zambia: Office, namibia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    zambia.take(carried(namibia, namibia.say(theirs, MessageType.ACK)))
    with pytest.raises(NotOurStep):
        zambia.say(ours, MessageType.INFO_REPLY)
    zambia.take(carried(namibia, namibia.say(theirs, MessageType.INFO_REQUEST)))

    told: list[set[str]] = []
    for answers in (
        [{"no": 2, "text": "Silozi."}],
        [{"no": 1, "text": "a"}, {"no": 1, "text": "b"}],
    ):
        with pytest.raises(Incomplete) as refused:
            zambia.say(ours, MessageType.INFO_REPLY, answers=answers)
        told.append({gap.code for gap in refused.value.gaps})
    zambia.say(ours, MessageType.INFO_REPLY)

    assert told == [{"reply_to_another_question"}] * 2
    assert zambia.state(ours) == "info_supplied"


@pytest.mark.rule("R44")
@pytest.mark.rule("R49")
def test_what_leaves_names_nobody(zambia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    letter = carried(zambia, message_id)
    assert letter.summary is not None

    text = letter.raw.decode() + str(letter.summary)

    assert not [name for name in NAMES if name in text]
    child = letter.summary["child"]
    assert (child["age_band"], child["nationality"], child["languages"]) == (
        "10-12",
        ["NAM"],
        ["loz", "en"],
    )
    assert letter.summary["schema"] == "bidx-summary/1"
    row = store.find(zambia.session, ours)
    assert row is not None
    assert letter.summary["ref"] == row.ref
    stored = zambia.session.exec(select(MessageRow)).one()
    assert b"aunt" not in stored.restricted + (stored.summary or b"")
    posted = zambia.session.exec(select(OutboxRow).where(OutboxRow.subject == ours)).all()
    assert posted == []


@pytest.mark.rule("R44")
@pytest.mark.threat("TT56")
def test_nobody_writes_checks_and_signs_alone(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    drafting.submit(zambia.session, zambia.writer, ours, now=NOON)

    with pytest.raises(OneOfficerAlone):
        drafting.check(zambia.session, zambia.writer, ours, now=NOON)
    with pytest.raises(RoleMayNot):
        sending.send(zambia.session, zambia.writer, ours, now=NOON)
    with pytest.raises(NotSent) as refused:
        sending.send(zambia.session, zambia.head, ours, now=NOON)

    assert codes(refused) == ["partner_not_active", "receiver_not_checked", "summary_not_checked"]


def _withdraw_consent(office: Office, case_id: str, worker: Any) -> None:
    from cases.store import consents as rows

    kept = rows.consents_of(office.session, case_id)[0]
    consents.withdraw_consent(office.session, worker, case_id, kept.id, now=NOON)


@pytest.mark.rule("R26")
@pytest.mark.rule("R47")
@pytest.mark.rule("R48")
@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("consent", "disclosure_without_consent"),
        ("fear", "disclosure_to_feared_country"),
        ("danger", "disclosure_dangerous"),
        ("corridor", "corridor_suspended"),
    ],
)
def test_what_changes_after_the_check_keeps_it_here(zambia: Office, what: str, code: str) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team)
    checked(zambia, ours)
    if what == "consent":
        _withdraw_consent(zambia, team.case_id, team.worker)
    elif what == "corridor":
        corridors.set_status(
            zambia.session,
            zambia.head,
            "ZM",
            "NA",
            CorridorStatus.SUSPENDED,
            reason="Flood.",
            now=NOON,
        )
    else:
        reason = HoldOnMovement.FEAR_OF_RETURN if what == "fear" else HoldOnMovement.DANGER
        movement.hold(zambia.session, team.case_id, reason, actor=team.worker, now=NOON)

    with pytest.raises(NotSent) as refused:
        sending.send(zambia.session, zambia.head, ours, now=NOON)

    assert codes(refused) == [code]
    assert zambia.state(ours) == "internal_check"
    assert deliveries.to_seal(zambia.session, limit=10) == []


@pytest.mark.rule("R48")
@pytest.mark.threat("TT50")
@pytest.mark.parametrize(
    ("item", "where"), [("nationalities", "nationality"), ("child.nationality", "nationality")]
)
def test_what_the_child_withholds_does_not_travel(zambia: Office, item: str, where: str) -> None:
    team = a_child_to_tell_of(zambia.session)
    withholding.withhold(
        zambia.session, team.worker, team.case_id, item=item, from_whom="everybody",
        reason=WithholdReason.FEAR_OF_HARM, now=NOON,
    )  # fmt: skip
    ours = a_draft(zambia, team)
    checked(zambia, ours)

    letter = carried(zambia, sending.send(zambia.session, zambia.head, ours, now=NOON))

    assert letter.summary is not None
    assert where not in letter.summary["child"]
    assert letter.summary["withheld"] == [where]


@pytest.mark.rule("R44")
def test_a_name_in_the_free_text_keeps_the_summary_here(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    ours = a_draft(zambia, team, reason="Amani wants to live with Sepiso, 097 1234567.")

    with pytest.raises(NotSent) as refused:
        drafting.submit(zambia.session, zambia.writer, ours, now=NOON)

    assert [(gap.code, gap.facts["kind"]) for gap in refused.value.gaps] == [
        ("summary_text_names", "name"),
        ("summary_text_names", "number"),
    ]


def test_an_age_that_fits_no_common_band_is_listed_before_anything_is_sent(zambia: Office) -> None:
    facts = {"age_years": None, "age_stated_on": None}
    team = a_child_to_tell_of(zambia.session, facts=facts, age_band="5-11")
    ours = a_draft(zambia, team)

    draft = drafting.read_draft(zambia.session, zambia.writer, ours, now=NOON)

    assert draft.unmapped == ("child.age_band: 5-11",)


@pytest.mark.rule("R36")
def test_nobody_answers_for_the_other_country(zambia: Office, namibia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))

    for type_ in (
        MessageType.ACK,
        MessageType.ENQUIRY_REPLY,
        MessageType.ACCEPT,
        MessageType.RECEIPT,
    ):
        with pytest.raises(NotOurStep):
            zambia.say(ours, type_)
    with pytest.raises(NotOurStep):
        namibia.say(theirs, MessageType.WITHDRAW)
    assert (zambia.state(ours), namibia.state(theirs)) == ("sent", "delivered")


@pytest.mark.rule("R36")
@pytest.mark.rule("R51")
def test_a_message_of_the_partner_never_takes_our_step(zambia: Office, namibia: Office) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    raw = bodies.write_message(
        MessageType.WITHDRAW, a_body(MessageType.WITHDRAW), ref=carried(zambia, message_id).summary["ref"],  # type: ignore[index]
        no="22222222-2222-4333-8444-555555555555",
    )  # fmt: skip

    zambia.take(
        replace(
            carried(zambia, message_id), partner=namibia.name, country="NA", raw=raw, summary=None
        )
    )

    assert zambia.state(ours) == "sent"
    kept = [one for one in store.messages(zambia.session, ours) if not one.is_ours]
    assert [one.standing for one in kept] == ["crossed"]
    assert namibia.state(theirs) == "delivered"


@pytest.mark.rule("R51")
@pytest.mark.threat("TT35")
def test_a_stranger_s_message_for_a_reference_that_exists_is_like_one_for_none(
    zambia: Office, namibia: Office
) -> None:
    _, ours, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    ack = namibia.say(theirs, MessageType.ACK)
    letter = replace(carried(namibia, ack), partner="CD.other", country="CD")
    unknown = replace(
        letter,
        raw=letter.raw.replace(carried(zambia, message_id).summary["ref"].encode(), b"TNONE-KNOWN"),
    )  # type: ignore[index]
    before = len(store.messages(zambia.session, ours))

    for one in (letter, unknown):
        with pytest.raises(NotThere):
            zambia.take(one)

    assert len(store.messages(zambia.session, ours)) == before
    assert zambia.state(ours) == "sent"


@pytest.mark.rule("R51")
def test_the_same_message_again_changes_nothing(zambia: Office, namibia: Office) -> None:
    _, _, message_id = an_enquiry(zambia)
    letter = carried(zambia, message_id)
    theirs = namibia.take(letter)
    steps = len(store.history(namibia.session, theirs))

    assert [namibia.take(letter) for _ in range(3)] == [theirs] * 3

    assert len(store.history(namibia.session, theirs)) == steps
    assert len(store.messages(namibia.session, theirs)) == 1
    with pytest.raises(BadInput):
        namibia.take(replace(letter, raw=letter.raw.replace(b'"no":"', b'"no":"0')))


@pytest.mark.rule("R34")
@pytest.mark.threat("TT47")
def test_a_delivery_receipt_is_no_consent(zambia: Office) -> None:
    from transfers.service.receiving import note_delivered

    _, ours, message_id = an_enquiry(zambia)

    assert note_delivered(zambia.session, zambia.machine, message_id, now=NOON)
    assert not note_delivered(zambia.session, zambia.machine, message_id, now=NOON)

    row = store.find(zambia.session, ours)
    assert row is not None
    assert (row.state, row.accepted_until) == ("delivered", None)
    assert saying.open_questions(zambia.session, row) == [message_id]


@pytest.mark.rule("R14")
def test_whoever_is_barred_from_the_child_sees_no_transfer_of_it(zambia: Office) -> None:
    team, ours, _ = an_enquiry(zambia)
    bar(
        zambia.session,
        team.supervisor,
        case_id=team.case_id,
        person_id=zambia.second.person_id,
        ref="item",
        ground="recused",
        now=NOON,
    )

    with pytest.raises(NotThere):
        record.seen(zambia.session, zambia.second, ours, now=NOON)
    assert record.seen(zambia.session, zambia.head, ours, now=NOON).id == ours


@pytest.mark.rule("R36")
def test_an_officer_of_another_country_sees_nothing(zambia: Office) -> None:
    _, ours, _ = an_enquiry(zambia)
    abroad = Office(zambia.session, "NA", "NA.other")

    with pytest.raises(NotThere):
        record.seen(zambia.session, abroad.head, ours, now=NOON)


@pytest.mark.rule("R50")
def test_every_step_and_every_reading_is_on_record(zambia: Office) -> None:
    _, ours, _ = an_enquiry(zambia)
    messages.list_messages(zambia.session, zambia.head, ours, now=NOON + timedelta(hours=1))

    actions = [entry.action for entry in recorded(zambia.session) if entry.thing_id == ours]

    assert actions == [
        "transfer.opened", "transfer.summary_written", "transfer.internal_check",
        "transfer.summary_checked", "transfer.receiver_checked", "transfer.sent", "message.read",
    ]  # fmt: skip


def test_one_enquiry_to_one_country_at_a_time(zambia: Office) -> None:
    team, _, _ = an_enquiry(zambia)

    with pytest.raises(BadInput) as refused:
        a_draft(zambia, team)

    assert refused.value.code == "transfer_open_already"


def test_an_unsigned_message_can_be_taken_back_and_a_signed_one_cannot(
    zambia: Office, namibia: Office, session: Session
) -> None:
    _, _, message_id = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, message_id))
    written = messages.write(
        namibia.session, namibia.writer, theirs, MessageType.ACK, a_body(MessageType.ACK), now=NOON
    )
    messages.discard(namibia.session, namibia.writer, written, now=NOON)
    with pytest.raises(NotOurStep):
        messages.sign(namibia.session, namibia.head, written, now=NOON)
    signed = namibia.say(theirs, MessageType.ACK)

    with pytest.raises(NotOurStep):
        messages.discard(namibia.session, namibia.writer, signed, now=NOON)
    assert namibia.state(theirs) == "acknowledged"
    assert CHILD["names"]["given"] not in str(session.exec(select(TransferRow)).all())
